"""The page editor's message about a page that is in another tree, and not translated yet."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from wagtail.admin import messages

from anodyne_blocks import conf
from anodyne_blocks.article.fetching import fetch
from anodyne_blocks.article.reviews import words_of
from anodyne_blocks.article.walking import loaded_streams
from anodyne_blocks.fields import ArticleStreamValue
from anodyne_blocks.languages import other_than


def tell(request: HttpRequest, page: Any) -> None:
    """A warning for a page whose words are still those of an older translation.

    An alias is known to be one; of a copy a page's row says nothing, so readers are told its tree's
    language.
    """
    if not conf.is_multilingual() or page.alias_of_id or page.pk is None:
        return
    rows = type(page)._default_manager.filter(translation_key=page.translation_key, pk__lt=page.pk)
    older = list(rows.filter(alias_of=None).select_related("locale").order_by("pk"))
    words = words_of(page) if older else ""
    if not words:
        return
    bodies = (body for other in older for body in loaded_streams(other))
    fetch(body for body in bodies if isinstance(body, ArticleStreamValue))
    own = page.locale.language_code
    for other in older:
        if other_than(own, other.locale.language_code) and words_of(other) == words:
            message = gettext(
                "The text of this page is still that of its translation in %(other)s. Readers are"
                " told that it is in %(language)s."
            )
            names = {"other": str(other.locale), "language": str(page.locale)}
            messages.warning(request, message % names)
            return
