"""No more bytes than needed: formats, sizes and what may be kept, on the served example site."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.site import address_of, settle

if TYPE_CHECKING:
    from tests.e2e.conftest import OpenPage

pytestmark = pytest.mark.browser

ARTICLE = address_of("nl", "sleep")
ACCEPT = {"Accept-Encoding": "gzip"}

# What each picture needs (pixels of the device), what it got, and what else there was to choose.
_CHOICES = """() => [...document.images].filter((image) => image.srcset).map((image) => {
    const { width, height } = image.getBoundingClientRect();
    const contained = getComputedStyle(image).objectFit === "contain";
    const ratio = image.getAttribute("width") / image.getAttribute("height");
    const files = image.srcset.split(", ").map((file) => file.split(" "));
    return {
        name: image.className,
        needs: (contained ? Math.min(width, height * ratio) : width) * devicePixelRatio,
        got: parseInt(files.find(([url]) => image.currentSrc.endsWith(url))[1]),
        widths: files.map(([, width]) => parseInt(width)),
    };
})"""


def get(url: str, **headers: str) -> tuple[bytes, Any]:
    """An answer's body and headers."""
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request) as response:
        return response.read(), response.headers


@pytest.mark.parametrize(("width", "scale"), [(390, 3), (1280, 1)])
def test_pictures_are_sharp_and_little_larger_than_shown(
    width: int, scale: int, open_page: OpenPage
) -> None:
    """Each is the smallest file that is large enough, or one size beside it."""
    page = open_page(ARTICLE.path, width=width, device_scale_factor=scale)
    settle(page)
    choices = page.evaluate(_CHOICES)
    assert {choice["name"] for choice in choices} >= {
        "plate",
        "anodyne-figure__image",
        "anodyne-product-card__image",
        "anodyne-reviewer__photo",
    }
    for choice in choices:
        enough = [size for size in choice["widths"] if size >= choice["needs"] - 1]
        best = choice["widths"].index(enough[0] if enough else choice["widths"][-1])
        assert choice["got"] in choice["widths"][max(best, 0) : best + 2], choice


def test_one_setting_changes_the_format_everywhere(origin: str, open_page: OpenPage) -> None:
    """The example site's figures are AVIF, and shown; so say HTML, API and JSON-LD alike."""
    page = open_page(ARTICLE.path)
    settle(page)
    figures = page.locator(".anodyne-figure__image")
    shown = figures.evaluate_all("(images) => images.map((image) => image.currentSrc)")
    sources = figures.evaluate_all("(images) => images.map((image) => image.srcset)")
    slug = ARTICLE.path.strip("/").split("/")[-1]
    listing = get(f"{origin}/api/v2/pages/?type=magazine.ArticlePage&slug={slug}")[0]
    (item,) = json.loads(listing)["items"]
    detail = json.loads(get(f"{origin}/api/v2/pages/{item['id']}/")[0])
    told = [
        block["value"]["resolved"]["image"]["srcset"]
        for block in detail["body"]
        if block["type"] == "image"
    ]
    assert told == sources
    assert len(shown) == 2
    for url in [*shown, *re.findall(r"\S+(?= \d+w)", " ".join(sources))]:
        assert url.endswith(".avif")
    graph = json.loads(page.locator("script[type='application/ld+json']").inner_text())["@graph"]
    (article,) = [node for node in graph if node["@type"] == "Article"]
    assert ".avif" in json.dumps(article["image"])
    # But whoever shows a shared link gets a JPEG.
    shared = page.locator("meta[property='og:image']").get_attribute("content")
    assert get(shared)[0][:3] == b"\xff\xd8\xff"


def test_text_is_compressed_and_files_may_be_kept(origin: str) -> None:
    for path in ("/static/anodyne_blocks/anodyne.css", ARTICLE.path):
        assert get(origin + path, **ACCEPT)[1]["Content-Encoding"] == "gzip"
    font, headers = get(f"{origin}/static/magazine/fonts/commissioner.woff2", **ACCEPT)
    assert headers["Content-Encoding"] is None
    assert int(headers["Content-Length"]) == len(font)
    assert headers["Cache-Control"] == "public, max-age=86400"
