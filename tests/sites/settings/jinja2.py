"""Pages by Jinja2."""

from tests.sites.settings.base import *  # noqa: F403
from tests.sites.settings.base import ROOT, TEMPLATES

TEMPLATES = [
    {
        "NAME": "jinja2",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [ROOT / "tests" / "sites" / "jinja2"],
        "OPTIONS": {"extensions": ["wagtail.jinja2tags.core", "anodyne_blocks.jinja2tags.core"]},
    },
    *TEMPLATES,
]
