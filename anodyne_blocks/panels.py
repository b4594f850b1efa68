"""Panels for a site's own page models."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel
from wagtail.permission_policies import ModelPermissionPolicy

from anodyne_blocks import conf

__all__ = ["ArticlePanel", "ProductsAttentionPanel"]


class ArticlePanel(Panel):
    """What the article comes to: reading time, contents, products with price and badge, messages.

    It follows the form of a page as Wagtail's preview does, without saving; a snippet has none.
    """

    def __init__(self, heading: Any = "", icon: str = "list-ul", **kwargs: Any) -> None:
        super().__init__(heading=heading or _("Overview"), icon=icon, **kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "anodyne_blocks/admin/article_panel.html"

        class Media:
            css = {"all": ["anodyne_blocks/admin.css", "anodyne_blocks/admin-overview.css"]}
            js = ["anodyne_blocks/admin-overview.js"]

        def is_shown(self) -> bool:
            return super().is_shown() and isinstance(self.instance, conf.page_model())


class ProductsAttentionPanel(Panel):
    """Says in the page editor which products of the page need attention; else it is not there."""

    def __init__(self, heading: Any = "", icon: str = "warning", **kwargs: Any) -> None:
        heading = heading or _("Products that need attention")
        super().__init__(heading=heading, icon=icon, **kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "anodyne_blocks/admin/attention_panel.html"

        @cached_property
        def concerns(self) -> list[Any]:
            from anodyne_blocks.catalogue.attention import concerns_on
            from anodyne_blocks.models import get_product_model

            if self.request is None or self.instance.pk is None:
                return []
            policy = ModelPermissionPolicy(get_product_model())
            diagnostics = policy.user_has_permission(self.request.user, "change")
            return concerns_on(self.instance, timezone.now(), diagnostics=diagnostics)

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.concerns)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "concerns": self.concerns}
