"""The feature `cite` of rich texts: what Wagtail's editor makes of a stored citation, and back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.editor_html import LinkTypeRule
from wagtail.admin.rich_text.converters.html_to_contentstate import (
    KEEP_WHITESPACE,
    InlineEntityElementHandler,
)
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature

from anodyne_blocks.admin.places import urls_of
from anodyne_blocks.admin.telling import linked, warn
from anodyne_blocks.article.citations import CitationHandler, gone_from
from anodyne_blocks.article.reading_time import strip_html
from anodyne_blocks.article.texts import LINK_TYPE

FEATURE = "cite"
TYPE = "ANODYNE_SOURCE"
# An entity is of some text; the editor's script shows the source in its place.
TEXT = "[*]"


class CitationElementHandler(InlineEntityElementHandler):
    """A stored citation as an entity that the editor can move and delete, but not write in."""

    mutability = "IMMUTABLE"

    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, str]:
        return {"id": attrs.get("id", "")}

    def handle_starttag(self, name: str, attrs: Any, state: Any, contentstate: Any) -> None:
        super().handle_starttag(name, attrs, state, contentstate)
        state.current_block.text += TEXT
        state.leading_whitespace = KEEP_WHITESPACE


class WrittenCitation:
    """A citation that a client of API v3 writes: kept as it is stored, by its key."""

    @staticmethod
    def get_db_attributes(tag: Any) -> dict[str, str]:
        return {"id": tag["data-id"]}

    @staticmethod
    def expand_db_attributes(attrs: dict[str, str]) -> str:
        key = attrs.get("id", "")
        return format_html('<a data-linktype="{}" data-id="{}">', LINK_TYPE, key)


def citation_entity(props: dict[str, Any]) -> Any:
    """An entity as it is stored: the key alone."""
    return DOM.create_element("a", {"linktype": LINK_TYPE, "id": props.get("id", "")})


def register(features: Any) -> None:
    """Teach a registry of features to cite."""
    features.register_link_type(CitationHandler)
    features.register_editor_plugin(
        "draftail",
        FEATURE,
        EntityFeature(
            {
                "type": TYPE,
                "icon": "anodyne-cite",
                "description": _("Cite a source"),
                "attributes": ["id"],
            },
            js=["anodyne_blocks/sources.js", "anodyne_blocks/cite.js"],
            css={"all": ["anodyne_blocks/sources.css"]},
        ),
    )
    features.register_converter_rule(
        "editorhtml", FEATURE, [LinkTypeRule(LINK_TYPE, WrittenCitation)]
    )
    features.register_converter_rule(
        "contentstate",
        FEATURE,
        {
            "from_database_format": {f'a[linktype="{LINK_TYPE}"]': CitationElementHandler(TYPE)},
            "to_database_format": {"entity_decorators": {TYPE: citation_entity}},
        },
    )


def tell_of_gone(request: HttpRequest, page: Any) -> None:
    """A warning of the texts on a page that cite a source which is not in its list."""
    gone = gone_from(page)
    if not gone:
        return
    title = ngettext(
        "A citation on this page shows nothing: its source is gone from the list.",
        "%(count)d citations on this page show nothing: their sources are gone from the list.",
        sum(count for _text, count in gone),
    ) % {"count": sum(count for _text, count in gone)}
    urls = urls_of(page)
    beginnings = (
        (linked(Truncator(strip_html(text.source)).chars(80), urls.get(id(text))),)
        for text, _count in gone
    )
    warn(request, title, "{}", beginnings)
