"""The page editor's overview: what the article comes to while it is written, in one place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import ngettext, npgettext
from django.views.generic import View
from wagtail.admin.views.pages import preview

from anodyne_blocks import conf
from anodyne_blocks.admin import (
    attention,
    citing,
    pieces,
    repeats,
    reviews,
    source_report,
    unread,
    untranslated,
)
from anodyne_blocks.admin.columns import THUMBNAIL, OfferLine, with_picture
from anodyne_blocks.admin.editing import editor_of
from anodyne_blocks.admin.places import urls_of
from anodyne_blocks.admin.report import (
    ANY_PERMISSION,
    POLICY,
    inspect_url,
    may_see_diagnostics,
)
from anodyne_blocks.admin.summaries import said_of
from anodyne_blocks.article import Article
from anodyne_blocks.article.images import thumbnail
from anodyne_blocks.article.markets import markets_of
from anodyne_blocks.article.minutes import read_in
from anodyne_blocks.article.reading_time import count_words
from anodyne_blocks.article.walking import stream_fields, walk_page
from anodyne_blocks.fields import ArticleStreamValue
from anodyne_blocks.models import AbstractProduct, get_product_model

# Wagtail 8.0 has renamed them.
_ON_EDIT, _ON_CREATE = (
    getattr(preview, f"{name}View", None) or getattr(preview, name)
    for name in ("PreviewOnEdit", "PreviewOnCreate")
)
# Wagtail's own views of what an editor's form holds, by the editor.
_PREVIEWS = {"wagtailadmin_pages:edit": _ON_EDIT, "wagtailadmin_pages:add": _ON_CREATE}


def tell(request: HttpRequest, page: Any, *, is_saved: bool = True) -> None:
    """Say what cannot be read, lacks, needs attention or stands twice on a page in memory.

    Of a page `is_saved` nothing that a panel of its editor says.
    """
    unread.tell(request, page)
    pieces.tell(request, page)
    if not (is_saved and attention.has_panel(page)):
        attention.tell(request, page)
    repeats.tell(request, page)
    reviews.tell(request, page, is_saved=is_saved)
    citing.tell_of_gone(request, page)
    source_report.tell(request, page)
    untranslated.tell(request, page)


class _Told(list[str]):
    """Messages that are shown at once, and wait for no other answer."""

    def add(self, level: int, message: str, extra_tags: str = "") -> None:
        """As a storage of Django's messages takes one."""
        self.append(message)


def _told_of(request: Any, page: Any) -> list[str]:
    kept, told = request._messages, _Told()
    request._messages = told
    try:
        tell(request, page, is_saved=False)
    finally:
        request._messages = kept
    return told


@dataclass(frozen=True)
class MarketLine:
    """What a product's card shows in a market; without a line it is not offered there."""

    market: str
    line: OfferLine | None = None
    reason: str = ""


@dataclass(frozen=True)
class ProductLine:
    """A product of the page: in the page's own markets, and in the others of the site."""

    product: AbstractProduct
    url: str
    picture: Any
    titles: list[tuple[str, str]]
    here: list[MarketLine]
    elsewhere: list[MarketLine]


class OverviewView(View):
    """POST of a page editor's form: the overview of what it holds, as HTML; nothing is stored.

    204 where the form has errors that keep Wagtail's preview from being made, too. 403 for who may
    not edit the page, 404 where it is asked from no page's editor.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        page = self.page()
        if page is None:
            return HttpResponse(status=204)
        article = Article.for_page(page, request)
        words = count_words(read_in(article)[0])
        urls, outline = urls_of(page), article.outline
        owners = zip(outline.entries, outline.owners, strict=True)
        context = {
            "minutes": npgettext(
                "reader",
                "Reading time: %(minutes)d minute",
                "Reading time: %(minutes)d minutes",
                article.minutes,
            )
            % {"minutes": article.minutes},
            "words": ngettext("%(count)d word", "%(count)d words", words) % {"count": words},
            "contents": [(entry, urls.get(id(owner), "")) for entry, owner in owners],
            "products": list(self.products(page, article.language)),
            "messages": _told_of(request, page),
        }
        return render(request, "anodyne_blocks/admin/overview.html", context)

    def page(self) -> Any:
        """The page as the form has it, as Wagtail's preview makes it; None where it cannot."""
        editor = editor_of(self.request)
        if editor is None:
            raise Http404
        view = _PREVIEWS[editor.view_name]()
        view.setup(self.request, **editor.kwargs)
        form = view.get_form(self.request.POST)
        if not view.validate_form(form):
            return None
        form.save(commit=False)
        page = view.object
        for field in stream_fields(page):
            body = getattr(page, field.name)
            if isinstance(body, ArticleStreamValue):
                # As it would be stored: then all that it shows is fetched in one pass.
                setattr(page, field.name, body.copy())
        return page

    def products(self, page: Any, language: str) -> Iterator[ProductLine]:
        """The products of a page, each once, in the page's order."""
        chosen = [value for _block, value in walk_page(page) if isinstance(value, AbstractProduct)]
        ids = list(dict.fromkeys(product.pk for product in chosen if product.pk))
        rows = with_picture(get_product_model().objects.filter(pk__in=ids), "image")
        rows = rows.prefetch_related("offers__price_changes")
        by_id = {product.pk: product for product in rows}
        own = markets_of(page, language)
        others = [key for key in conf.markets() if key not in own]
        is_linked = POLICY.user_has_any_permission(self.request.user, ANY_PERMISSION)
        diagnostics = may_see_diagnostics(self.request)
        for product in (by_id[pk] for pk in ids if pk in by_id):
            offers = {offer.market: offer for offer in product.offers.all()}
            lines = {key: MarketLine(key) for key in (*own, *others)}
            for key in lines.keys() & offers.keys():
                offers[key].product = product
                lines[key] = MarketLine(key, *said_of(offers[key], diagnostics))
            titles = {
                (conf.markets()[key].language, offers[key].title) for key in own if key in offers
            }
            yield ProductLine(
                product,
                inspect_url(product) if is_linked else "",
                product.image and thumbnail(product.image, THUMBNAIL),
                sorted(title for title in titles if title[1] not in ("", product.name)),
                [lines[key] for key in own],
                [lines[key] for key in others],
            )


def urls() -> list[Any]:
    """The address that the panel asks."""
    view = OverviewView.as_view()
    return [path("anodyne_blocks/overview/", view, name="anodyne_blocks_overview")]
