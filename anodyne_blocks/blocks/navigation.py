"""Ways around the page and out of it: table of contents and share links."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from anodyne_blocks import conf
from anodyne_blocks.article import Article
from anodyne_blocks.blocks.base import ElementBlock, common, level_of
from anodyne_blocks.elements import Contents, ContentsEntry, Share, ShareLink
from anodyne_blocks.words import pgettext

if TYPE_CHECKING:
    from anodyne_blocks.article.outline import Outline

# network: (its own name, address); {url} and {title} come percent-encoded.
NETWORKS = {
    "email": ("", "mailto:?subject={title}&body={url}"),
    "whatsapp": ("WhatsApp", "https://wa.me/?text={title}%20{url}"),
    "facebook": ("Facebook", "https://www.facebook.com/sharer/sharer.php?u={url}"),
    "linkedin": ("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?url={url}"),
    "bluesky": ("Bluesky", "https://bsky.app/intent/compose?text={title}%20{url}"),
    "x": ("X", "https://x.com/intent/post?text={title}&url={url}"),
    "telegram": ("Telegram", "https://t.me/share/url?url={url}&text={title}"),
}


class ShareBlock(ElementBlock):
    """Links that share the page; no script of others, no tracker."""

    label = blocks.CharBlock(
        label=_("Label"),
        required=False,
        max_length=80,
        help_text=_("Empty: “Share” in the page's language."),
    )

    class Meta:
        label = _("Share")
        icon = "anodyne-share"
        group = _("Navigation")
        description = _("Links to share the page, and the device's own share sheet.")
        template = "anodyne_blocks/share.html"
        settings = ("label",)

    def words(self, value: Any) -> Iterable[str]:
        return ()

    def resolve(self, value: Any, article: Article) -> Share | None:
        url = article.address
        if not url and not article.is_preview:
            # A page outside any site: there is nothing that anybody could read.
            return None
        title = getattr(article.page, "title", "") or ""
        links = []
        for network in conf.get("SHARE_NETWORKS"):
            name, pattern = NETWORKS[network]
            text = pgettext("reader", "E-mail")
            if name:
                text = pgettext("reader", "Share on %(network)s") % {"network": name} or name
            if not text:
                continue
            address = pattern.format(url=quote(url, safe=""), title=quote(title, safe=""))
            links.append(ShareLink(network=network, name=name or text, text=text, url=address))
        native_label = pgettext("reader", "Share …")
        copy_label = pgettext("reader", "Copy link")
        if not (links or native_label or copy_label):
            return None
        return Share(
            **common(article),
            label=value.get("label") or pgettext("reader", "Share"),
            url=url,
            title=title,
            native_label=native_label,
            copy_label=copy_label,
            copied_label=pgettext("reader", "Link copied") or copy_label,
            links=tuple(links),
        )


# Each names every heading: hundreds of both would make a page of megabytes.
MOST_CONTENTS = 5


class TableOfContentsBlock(ElementBlock):
    """The page's headings as links; a page shows the first five of its tables."""

    label = blocks.CharBlock(
        label=_("Label"),
        required=False,
        max_length=80,
        help_text=_("Empty: “Contents” in the page's language."),
    )
    depth = blocks.ChoiceBlock(
        label=_("Depth"),
        choices=[("2", _("Sections")), ("3", _("Sections and subsections"))],
        default="2",
    )

    class Meta:
        label = _("Table of contents")
        icon = "anodyne-contents"
        group = _("Navigation")
        description = _("The page's headings as links. It follows the page by itself.")
        template = "anodyne_blocks/contents.html"
        settings = ("label", "depth")

    def words(self, value: Any) -> Iterable[str]:
        return ()

    def outline(self, value: Any, outline: Outline) -> None:
        outline.note_first("contents", value, MOST_CONTENTS)

    def resolve(self, value: Any, article: Article) -> Contents | None:
        if not article.outline.is_first("contents", value):
            return None
        depth = level_of(value.get("depth"))
        entries = tuple(
            ContentsEntry(level=entry.level, text=entry.text, anchor=entry.anchor)
            for entry in article.outline.entries
            if entry.level <= depth
        )
        if article.is_preview:
            samples = (
                gettext("What hurts, and why"),
                gettext("What helps"),
                gettext("Sources"),
            )
            entries = tuple(
                ContentsEntry(level=2, text=text, anchor=f"section-{number}")
                for number, text in enumerate(samples, start=1)
            )
        if not entries:
            return None
        label = value.get("label") or pgettext("reader", "Contents")
        place = article.outline.place("contents", value)
        return Contents(
            **common(article),
            label=label,
            entries=entries,
            name=f"{label} {place}" if label and place > 1 else label,
        )
