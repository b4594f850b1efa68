"""The Django app."""

from typing import Any

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _

from anodyne_blocks import conf


class AnodyneBlocksConfig(AppConfig):
    """`anodyne_blocks` in INSTALLED_APPS is all that a site needs."""

    name = "anodyne_blocks"
    label = "anodyne_blocks"
    verbose_name = _("Article elements")
    default_auto_field = "django.db.models.BigAutoField"
    # False where another app had API v3 read the page models before this one was ready.
    is_known_to_apis = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # Before any app's models are imported, which may refer to ours by these settings.
        conf.name_models()

    def ready(self) -> None:
        """Register what needs the app registry: checks, fields, API serialisation."""
        from anodyne_blocks import checks  # noqa: F401
        from anodyne_blocks.api import register
        from anodyne_blocks.fields import adopt
        from anodyne_blocks.signals import connect

        adopt(apps.get_models())
        self.is_known_to_apis = register()
        connect()
