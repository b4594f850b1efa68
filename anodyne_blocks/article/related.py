"""Other articles that a page leads to: those that an editor chose, and those with a tag.

All that one pass finds takes a query for the chosen pages, one for each of their types, and one for
the pages with tags. How long they take to read is counted without any.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from taggit.managers import TaggableManager
from wagtail.models import PageViewRestriction

from anodyne_blocks import conf
from anodyne_blocks.article.article import Article
from anodyne_blocks.article.fetching import NotFetched, Scope, build_unread
from anodyne_blocks.article.minutes import minutes_of
from anodyne_blocks.article.walking import loaded_streams

# As many pages of a tag as an element may show, and the page itself.
MOST = 12


class TagName(str):
    """A tag, with the newest pages that have it: `fetched_pages`, {language code: pages}."""

    fetched_pages: dict[str, list[Any]]


def chosen_pages(ids: Iterable[Any], scope: Scope) -> dict[Any, Any]:
    """{id: page}, each with its live versions as `fetched_versions`, {language code: page}."""
    model = conf.page_model()
    chosen = model.objects.filter(pk__in=set(ids))
    wanted = Q(pk__in=set(ids))
    if conf.is_multilingual():
        keys = chosen.order_by().values("translation_key")
        wanted |= Q(translation_key__in=keys, **_of_languages(scope), live=True)
    rows = model.objects.filter(wanted).order_by().specific()
    # An address depends on the locale.
    pages = list(rows.select_related("locale", for_specific_subqueries=True))
    versions: dict[Any, dict[str, Any]] = {}
    for page in pages:
        # An alias is in the language of the page whose text it shows, which is there itself.
        if page.live and page.alias_of_id is None:
            language = _language(page)
            versions.setdefault(page.translation_key, {})[language] = page
    for page in pages:
        page.fetched_versions = versions.get(page.translation_key, {})
    return {page.pk: page for page in pages if page.pk in ids}


def pages_with_tags(tags: Iterable[str], scope: Scope) -> dict[str, TagName]:
    """{tag: itself with its pages}: live and for everybody, the newest first."""
    found = {tag: TagName(tag) for tag in tags}
    for tag in found.values():
        tag.fetched_pages = {}
    for model, field in _tagged():
        path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
        private = PageViewRestriction.objects.annotate(path=path)
        name, newest = f"{field}__name", (F("first_published_at").desc(), F("pk").desc())
        ranked = (
            model.objects.live()
            .filter(alias_of=None)
            .exclude(Exists(private.filter(path__startswith=F("page__path"))))
            .annotate(fetched_tag=F(name))
            .select_related("locale")
            .filter(fetched_tag__in=found, **_of_languages(scope))
            .annotate(
                rank=Window(RowNumber(), partition_by=["fetched_tag", "locale"], order_by=newest)
            )
        )
        for page in ranked.filter(rank__lte=MOST + 1).order_by("rank"):
            pages = found[page.fetched_tag].fetched_pages
            pages.setdefault(_language(page), []).append(page)
    return found


def _language(page: Any) -> str:
    return conf.language_of(page.locale.language_code)


def _of_languages(scope: Scope) -> dict[str, Any]:
    known = scope.languages is not None and conf.is_multilingual()
    return {"locale__language_code__in": scope.languages} if known else {}


def _tagged() -> Iterator[tuple[Any, str]]:
    """(model of pages, name of its tags) of the site."""
    for model in apps.get_models():
        if issubclass(model, conf.page_model()):
            for field in model._meta.get_fields():
                if isinstance(field, TaggableManager) and field.model is model:
                    yield model, field.name


def has_tag(name: str) -> str:
    """The tag of a page as it is written, whatever its capitals; "" for one that no page has."""
    for model, field in _tagged():
        tags = model._meta.get_field(field).related_model.objects
        found = tags.filter(name=name).first() or tags.filter(name__iexact=name).first()
        if found is not None:
            return str(found.name)
    return ""


def minutes_to_read(page: Any, language: str) -> int:
    """Whole minutes that another page takes to read; none of what it chooses is fetched."""
    unread = copy.copy(page)
    build_unread(loaded_streams(unread))
    try:
        return minutes_of(Article(language, None, unread))
    except NotFetched:
        # A site's own block reads something of what it chooses.
        return minutes_of(Article(language, None, page))
