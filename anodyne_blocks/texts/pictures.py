"""The pictures that a draft names, brought into the library."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from django.utils.translation import gettext

from anodyne_blocks.catalogue.pictures import MAX_BYTES, TOTAL_SECONDS, UnusableImage, in_library
from anodyne_blocks.shops import ShopError
from anodyne_blocks.shops.http import HttpClient
from anodyne_blocks.texts.draft import Draft, Note

MOST_PICTURES = 100
# For who waits for the answer; the pictures that are then still missing are told of.
WAITING_SECONDS = 45.0

Reader = Callable[[str], bytes | None]


def client() -> HttpClient:
    """For pictures of the web: public addresses alone."""
    accept = {"Accept": "image/*"}
    return HttpClient(
        headers=accept, max_redirects=3, max_bytes=MAX_BYTES, total=TOTAL_SECONDS, retries=0
    )


def pictures_of(
    draft: Draft,
    *,
    read: Reader = lambda src: None,
    seconds: float = float("inf"),
    **fields: Any,
) -> tuple[dict[str, Any], list[Note]]:
    """The images of the library by `Picture.src`, made with `fields`; and what did not come.

    `read` gives the bytes of a file beside the text, None where there is none.
    """
    images: dict[str, Any] = {}
    notes: list[Note] = []
    wanted = {picture.src: picture for picture in draft.pictures}
    with client() as http:
        http.end_by = time.monotonic() + seconds
        for number, (src, picture) in enumerate(wanted.items()):
            try:
                if number >= MOST_PICTURES:
                    raise UnusableImage(gettext("The text is too long: its end is left out."))
                content = _content(src, http, read)
                images[src] = in_library(content, picture.alt or _file_name(src), **fields)
            except (ShopError, UnusableImage, OSError) as error:
                reason = gettext("This picture is left out: %(reason)s") % {"reason": error}
                notes.append(Note(reason, shown_address(src)))
    return images, notes


def shown_address(src: str) -> str:
    """A picture's address for people; that which is its content says nothing."""
    return "" if src.startswith("data:") else src[:200]


def _content(src: str, http: HttpClient, read: Reader) -> BytesIO:
    if src.startswith("data:"):
        return BytesIO(_of_data(src))
    if urlsplit(src).scheme in ("http", "https"):
        return BytesIO(http.get(src).body)
    content = read(unquote(src.partition("?")[0]))
    if content is None:
        raise UnusableImage(gettext("There is no image at this address."))
    return BytesIO(content)


def _of_data(src: str) -> bytes:
    head, _, data = src.partition(",")
    if len(data) > 2 * MAX_BYTES:
        raise UnusableImage(gettext("The image has too many pixels."))
    try:
        plain = unquote_to_bytes(data)
        return base64.b64decode(plain) if head.endswith(";base64") else plain
    except (binascii.Error, ValueError):
        raise UnusableImage(gettext("There is no image at this address.")) from None


def _file_name(src: str) -> str:
    path = "" if src.startswith("data:") else urlsplit(src).path
    return PurePosixPath(unquote(path)).stem or gettext("Image")
