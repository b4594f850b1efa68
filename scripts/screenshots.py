"""Takes the documentation's screenshots of the example site; `make screenshots` runs it.

Needs Chromium (scripts/install-browser.sh). The site is built into a folder of its own and served
on a free port, so that nothing anybody edited in the demonstration is seen or changed.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.site import (
    DESKTOP,
    PHONE,
    ROOT,
    address_of,
    edit_path,
    example_site,
    launch,
    log_in,
    settle,
)

TARGET = ROOT / "docs" / "images"
HEIGHT = 2000  # CSS pixels: the opening of a page
MARGIN = 24  # CSS pixels around an element
LARGEST = 250_000  # bytes
# Language, page, width and colour scheme.
PAGES = [
    ("nl", "front", DESKTOP, "light"),
    ("nl", "sleep", PHONE, "light"),
    ("nl", "sleep", PHONE, "dark"),
    ("nl", "sleep", DESKTOP, "light"),
    ("nl", "sleep", DESKTOP, "dark"),
    ("ar", "sleep", PHONE, "light"),
    ("ar", "sleep", DESKTOP, "light"),
]
# Elements that an article's opening does not show.
ELEMENTS = {
    "product-card": ".anodyne-product-card",
    "product-grid": ".anodyne-product-grid",
    "reviewer": ".anodyne-reviewer",
    "faq": ".anodyne-faq",
    "shop-rating": ".anodyne-shop-rating",
}


def save(name: str, png: bytes) -> None:
    """Writes a screenshot as WebP."""
    path = TARGET / f"{name}.webp"
    Image.open(io.BytesIO(png)).save(path, "WEBP", quality=82, method=6)
    size = path.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{path.name} has {size} bytes, more than {LARGEST}.")
    print(f"{path.relative_to(ROOT)}  {size / 1000:.0f} kB")


def shoot_pages(browser: Browser, origin: str) -> None:
    """The opening of a front page and of articles."""
    for language, key, width, scheme in PAGES:
        options: dict[str, Any] = {"color_scheme": scheme, "reduced_motion": "reduce"}
        page = browser.new_page(viewport={"width": width, "height": 900}, **options)
        page.goto(origin + address_of(language, key).path)
        settle(page)
        clip = {"x": 0, "y": 0, "width": width, "height": HEIGHT}
        dark = "-dark" if scheme == "dark" else ""
        save(f"{key}-{language}-{width}{dark}", page.screenshot(full_page=True, clip=clip))
        page.close()


def shoot_elements(browser: Browser, origin: str) -> None:
    """Elements of an English article, the first question open."""
    page = browser.new_page(
        viewport={"width": DESKTOP, "height": 900}, device_scale_factor=1.5, reduced_motion="reduce"
    )
    page.goto(origin + address_of("en", "sleep").path)
    settle(page)
    page.locator(".anodyne-faq__summary").first.click()
    page.mouse.move(0, 0)
    for name, selector in ELEMENTS.items():
        box = page.locator(selector).first.evaluate(
            "node => { const { x, y, width, height } = node.getBoundingClientRect();"
            " return { x, y: y + scrollY, width, height }; }"
        )
        clip = {
            "x": box["x"] - MARGIN,
            "y": box["y"] - MARGIN,
            "width": box["width"] + 2 * MARGIN,
            "height": box["height"] + 2 * MARGIN,
        }
        save(name, page.screenshot(full_page=True, clip=clip))
    page.close()


def shoot_editor(browser: Browser, origin: str) -> None:
    """The block picker with a preview, and the product chooser."""
    page = browser.new_page(viewport={"width": DESKTOP, "height": 900})
    log_in(page, origin)
    page.goto(origin + edit_path(origin, address_of("en", "sleep")))
    show_preview(page, "Product card")
    # Wagtail's page scrolls inside an element of its own.
    page.locator(".c-sf-add-button").first.evaluate(
        "node => { for (let at = node; at; at = at.parentElement) at.scrollTop = 0; }"
    )
    page.wait_for_timeout(500)  # The picker has moved along, and the preview is painted.
    save("block-picker", page.screenshot())
    page.locator(".w-combobox__option").filter(has_text="Product card").click()
    card = page.locator("[data-streamfield-child]").first
    card.get_by_role("button", name="Choose").first.click()
    page.locator(".modal-content tbody tr").first.wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)  # The modal has slid in.
    save("product-chooser", page.screenshot())
    page.close()


def show_preview(page: Page, label: str) -> None:
    """Opens the editor's block picker with the preview of one block."""
    page.locator(".c-sf-add-button").first.click()
    row = page.locator(".w-combobox__option-row").filter(has_text=label)
    row.get_by_role("button", name="Preview").click()
    frame = page.frame_locator(".w-combobox-preview__iframe")
    frame.locator("[class^=anodyne-]").first.wait_for()
    page.wait_for_load_state("networkidle")


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        example_site(Path(folder)) as origin,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        shoot_pages(browser, origin)
        shoot_elements(browser, origin)
        shoot_editor(browser, origin)
        browser.close()


if __name__ == "__main__":
    main()
