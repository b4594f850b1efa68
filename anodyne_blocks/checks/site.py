"""Checks of Django's and Wagtail's own settings and sites, where something of ours needs them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.db import connections, router
from wagtail.models import Site

from anodyne_blocks import conf
from anodyne_blocks.article.walking import ArticleBlock, block_definitions
from anodyne_blocks.checks.markets import named_sites
from anodyne_blocks.checks.messages import Messages, error, warning, where

# Django's default, which few sites with a StreamField can keep.
FEW_FIELDS = 1000
# As `wagtail start` makes one.
LOCAL = ("localhost", "127.0.0.1")


@register("anodyne_blocks")
def check_django(**kwargs: Any) -> list[CheckMessage]:
    """What Django is to be told for price histories and for long articles."""
    return [*_time_zones(), *_form_fields()]


def _time_zones() -> Messages:
    if not settings.USE_TZ:
        yield error(
            31,
            "anodyne_blocks needs USE_TZ = True.",
            "Set USE_TZ = True and TIME_ZONE; see “Time” in the reference of the settings. A price"
            " history is made of moments, and without time zones an hour of each autumn comes"
            " twice.",
        )


def _form_fields() -> Messages:
    allowed = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    if allowed is None or allowed > FEW_FIELDS or not _has_articles():
        return
    yield warning(
        31,
        f"DATA_UPLOAD_MAX_NUMBER_FIELDS is {allowed}: a long article cannot be saved.",
        "Each field of each block counts. Set DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000, as new"
        " Wagtail sites have it.",
    )


def _has_articles() -> bool:
    return any(
        isinstance(block, ArticleBlock)
        for model in apps.get_models()
        for block in block_definitions(model)
    )


@register(Tags.database, "anodyne_blocks")
def check_sites(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Markets of sites that Wagtail does not have: with `check --database`, and by `migrate`."""
    named = named_sites()
    return list(_unknown_sites(named, _sites(databases))) if named else []


def _unknown_sites(named: Iterable[tuple[str, str]], sites: list[Any]) -> Messages:
    known = ", ".join(f"{site.hostname}:{site.port}" for site in sites)
    for key, name in named:
        if sites and not any(conf.is_address(name, site.root_url) for site in sites):
            yield warning(
                30,
                f"{where('MARKETS', key, 'SITES')} holds {name!r}, and no site has this address.",
                f"No page sells in it there. Wagtail's sites are: {known}.",
            )


@register(Tags.database, "anodyne_blocks", deploy=True)
def check_addresses(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Sites without an address of their own: with `check --deploy --database`."""
    if not _has_articles():
        return []
    return [
        warning(
            32,
            f"A site of Wagtail has the hostname {site.hostname!r}, and readers get that address:"
            " share links and structured data name it.",
            "Write the site's own hostname and port (443 for https) under Settings → Sites.",
        )
        for site in _sites(databases)
        if site.hostname in LOCAL
    ]


def _sites(databases: Sequence[str] | None) -> list[Any]:
    """All sites, if their database is to be asked and was migrated."""
    alias = router.db_for_read(Site)
    if alias not in (databases or ()):
        return []
    if Site._meta.db_table not in connections[alias].introspection.table_names():
        return []
    return list(Site.objects.using(alias).all())
