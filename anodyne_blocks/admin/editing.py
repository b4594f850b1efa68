"""For which page an editor chooses something: its language and market."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, get_script_prefix, resolve
from django.utils.translation import get_language

from anodyne_blocks import conf
from anodyne_blocks.article.markets import market_of
from anodyne_blocks.conf import Market, page_model

# The page itself in Wagtail's editor, or the one below which a new one is written.
_KEYS = {"wagtailadmin_pages:edit": "page_id", "wagtailadmin_pages:add": "parent_page_id"}


def editor_of(request: HttpRequest) -> ResolverMatch | None:
    """The editor of a page in which something is asked, by the request's Referer; else None."""
    path = urlsplit(request.headers.get("Referer", "")).path
    prefix = get_script_prefix()
    if not path.startswith(prefix):
        return None
    try:
        match = resolve("/" + path.removeprefix(prefix))
    except Resolver404:
        return None
    if match.view_name not in _KEYS:
        return None
    return match if "page_id" in match.kwargs or model_of(match) else None


def model_of(editor: ResolverMatch) -> Any:
    """The model of the page in an editor; None where it is no page's."""
    given = editor.kwargs
    if "page_id" in given:
        page = page_model().objects.filter(pk=given["page_id"]).first()
        return page.specific_class if page is not None else None
    models = apps.all_models.get(given["content_type_app_name"], {})
    model = models.get(given["content_type_model_name"])
    return model if model is not None and issubclass(model, page_model()) else None


def edited_page(request: HttpRequest) -> Any:
    """The page in whose editor a dialog is open; else None.

    For a new page it is the parent, which has the same language and site.
    """
    editor = editor_of(request)
    if editor is None:
        return None
    return page_model().objects.filter(pk=editor.kwargs[_KEYS[editor.view_name]]).first()


def edited_market(request: HttpRequest) -> Market | None:
    """The market in which the edited page is shown; None where it sells nothing, or none is known.

    Wagtail's choosers send the page's `locale` along; a snippet has no other.
    """
    code = request.GET.get("locale", "")
    page = edited_page(request) if conf.have_sites() or not code else None
    code = code or (page.locale.language_code if page is not None else "")
    return market_of(page, conf.language_of(code)) if code else None


def has_place(request: HttpRequest) -> bool:
    """Whether it is known for which page or language the editor works."""
    return bool(request.GET.get("locale")) or edited_page(request) is not None


def likely_market(request: HttpRequest) -> Market:
    """The edited page's market, or one in whose language the editor most likely searches."""
    return edited_market(request) or conf.market_to_show(get_language() or "")
