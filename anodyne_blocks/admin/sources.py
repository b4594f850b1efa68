"""The editor's form of a source list: pasted lists are read, and texts may cite what is in it."""

from __future__ import annotations

import json
from typing import Any

from django.forms import Media
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_POST
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.blocks.struct_block import StructBlockAdapter

from anodyne_blocks.admin.source_lookup import NothingKnown, look_up
from anodyne_blocks.blocks import SourceListBlock
from anodyne_blocks.blocks.sources import repeats_in
from anodyne_blocks.shops.base import ShopError
from anodyne_blocks.sources.fields import source_fields
from anodyne_blocks.sources.reading import LONGEST, MOST, TooLong, read


class SourceListAdapter(StructBlockAdapter):
    """The form of a source list, which the dialogs know."""

    js_constructor = "anodyne_blocks.blocks.SourceListBlock"

    @property
    def media(self) -> Media:
        scripts = ("sources.js", "paste.js")
        return super().media + Media(
            js=[versioned_static(f"anodyne_blocks/{name}") for name in scripts],
            css={"all": [versioned_static("anodyne_blocks/sources.css")]},
        )


register(SourceListAdapter(), SourceListBlock)


def dialogs() -> SafeString:
    """The dialogs of the editor, in the user's language; a script takes them from the template."""
    return render_to_string("anodyne_blocks/admin/source_dialogs.html")


def urls() -> list[Any]:
    """The addresses that the dialogs ask."""
    folder = "anodyne_blocks/sources"
    return [
        path(f"{folder}/read/", read_view, name="anodyne_blocks_read_sources"),
        path(f"{folder}/repeats/", repeats_view, name="anodyne_blocks_repeated_sources"),
        path(f"{folder}/fill-in/", fill_in_view, name="anodyne_blocks_fill_in_source"),
    ]


@require_POST
def read_view(request: HttpRequest) -> JsonResponse:
    """What `text` holds, row by row; `listed` are the sources in the form, as JSON."""
    try:
        listed = [source_fields(item) for item in json.loads(request.POST.get("listed") or "[]")]
        rows = read(request.POST.get("text") or "", listed)
    except TooLong:
        message = gettext("This is too long: at most %(count)d characters.") % {"count": LONGEST}
        return JsonResponse({"error": message}, status=400)
    except (ValueError, AttributeError, TypeError):
        rows = []
    if not rows:
        return JsonResponse({"error": gettext("No source can be read in this.")}, status=400)
    return JsonResponse(
        {
            "rows": [
                {"pasted": row.pasted, "fields": row.fields, "same_as": row.same_as} for row in rows
            ]
        }
    )


@require_POST
def repeats_view(request: HttpRequest) -> JsonResponse:
    """{place: sentence} of what stands twice among `listed`, the sources of one list, as JSON."""
    try:
        listed = [source_fields(item) for item in json.loads(request.POST.get("listed") or "[]")]
    except (ValueError, AttributeError, TypeError):
        listed = []
    return JsonResponse({"repeats": repeats_in(listed[:MOST])})


@require_POST
def fill_in_view(request: HttpRequest) -> JsonResponse:
    """The fields of what a DOI, a PubMed ID or an address names."""
    try:
        found = look_up(source_fields(request.POST.dict()))
    except NothingKnown:
        return JsonResponse({"error": gettext("Nothing is known of this source.")}, status=404)
    except ShopError:
        message = gettext("There is no answer. Try it again later, or fill it in yourself.")
        return JsonResponse({"error": message}, status=502)
    return JsonResponse({"fields": found})
