"""Takes the documentation's screenshots of the example site; `make screenshots` runs it.

`python -m scripts.screenshots pages in_all` takes only these of `PARTS`.

Needs Chromium (scripts/install-browser.sh). The site is built into a folder of its own and served
on a free port, so that nothing anybody edited in the demonstration is seen or changed.
"""

from __future__ import annotations

import io
import sys
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
LARGEST = 200_000  # bytes
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
# Elements that are shown on both screens, in both directions and schemes.
IN_ALL = {
    "comparison": ".anodyne-product-comparison",
    "verdict": ".anodyne-product-verdict",
    "key-points": ".anodyne-key-points",
    "notice": ".anodyne-notice",
    "steps": ".anodyne-steps",
}
# Not every article that compares has them: these are of the style guide.
OF_GUIDE = {"picks": ".anodyne-picks"}
IN_A_ROW = {PHONE: 4, DESKTOP: 2}
# The example site's two brands, and what of the style guide is shown of each.
BRANDS = ("atlas", "thirtythree")
STATE = "#state-product-card-sold-out"
# Gives it some of the page around it, and waits for its pictures.
FRAMED = f"""(node) => {{
    node.style.cssText = "border: 0; padding: {MARGIN}px";
    return Promise.all([...node.querySelectorAll("img")].map((image) => image.decode()));
}}"""


def save(name: str, png: bytes) -> None:
    """Writes a screenshot as WebP."""
    write(name, opened(png))


def write(name: str, image: Image.Image) -> None:
    """Writes a picture as WebP, as good as it may be; one that is too large ends the program."""
    path = TARGET / f"{name}.webp"
    for quality in (82, 70):
        image.save(path, "WEBP", quality=quality, method=6)
        size = path.stat().st_size
        if size <= LARGEST:
            break
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
        save(name, shot_of(page, selector))
    page.close()


def shot_of(page: Page, selector: str, above: int = MARGIN) -> bytes:
    """The first such element with some of the page around it."""
    box = page.locator(selector).first.evaluate(
        "node => { const { x, y, width, height } = node.getBoundingClientRect();"
        " return { x, y: y + scrollY, width, height }; }"
    )
    margin = min(MARGIN, box["x"])
    clip = {
        "x": box["x"] - margin,
        "y": box["y"] - above,
        "width": box["width"] + 2 * margin,
        "height": box["height"] + above + MARGIN,
    }
    return page.screenshot(full_page=True, clip=clip)


def shoot_in_all(browser: Browser, origin: str) -> None:
    """Elements of the article that compares: each screen's four ways in one picture."""
    for width, in_a_row in IN_A_ROW.items():
        shots: dict[str, list[Image.Image]] = {name: [] for name in (*IN_ALL, *OF_GUIDE)}
        for language in ("nl", "ar"):
            for scheme in ("light", "dark"):
                options: dict[str, Any] = {"color_scheme": scheme, "reduced_motion": "reduce"}
                page = browser.new_page(viewport={"width": width, "height": 900}, **options)
                article = address_of(language, "fidget").path
                for path, found in ((article, IN_ALL), (f"/{language}/styleguide/", OF_GUIDE)):
                    page.goto(origin + path)
                    settle(page)
                    for name, selector in found.items():
                        shots[name].append(opened(shot_of(page, selector, MARGIN // 2)))
                page.close()
        for name, images in shots.items():
            write(f"{name}-{width}", side_by_side(images, in_a_row))


def side_by_side(images: list[Image.Image], in_a_row: int) -> Image.Image:
    """Pictures in rows; a shorter or narrower one is continued in the colour of its corner."""
    rows = [images[first : first + in_a_row] for first in range(0, len(images), in_a_row)]
    column = max(image.width for image in images)
    heights = [max(image.height for image in row) for row in rows]
    sheet = Image.new("RGB", (column * in_a_row, sum(heights)))
    for number, row in enumerate(rows):
        top = sum(heights[:number])
        for place, image in enumerate(row):
            ground = Image.new("RGB", (column, heights[number]), image.getpixel((0, 0)))
            ground.paste(image, ((column - image.width) // 2, 0))
            sheet.paste(ground, (column * place, top))
    return sheet


def shoot_brands(browser: Browser, origin: str) -> None:
    """The same pages as two brands, and a state of the style guide in both."""
    with tempfile.TemporaryDirectory() as folder, example_site(Path(folder), BRANDS[1]) as other:
        origins = (origin, other)
        for width in (PHONE, DESKTOP):
            fronts, guides = [], []
            for language in ("nl", "ar"):
                for scheme in ("light", "dark"):
                    for site in origins:
                        options: dict[str, Any] = {
                            "color_scheme": scheme,
                            "reduced_motion": "reduce",
                        }
                        page = browser.new_page(viewport={"width": width, "height": 900}, **options)
                        page.goto(f"{site}{address_of(language, 'fidget').path}")
                        settle(page)
                        clip = {"x": 0, "y": 0, "width": width, "height": 900}
                        fronts.append(opened(page.screenshot(clip=clip)))
                        page.goto(f"{site}/{language}/styleguide/")
                        state = page.locator(STATE)
                        state.scroll_into_view_if_needed()
                        state.evaluate(FRAMED)
                        shot = opened(state.screenshot())
                        # Its first line of pixels may be shared with what is above.
                        guides.append(shot.crop((0, 2, *shot.size)))
                        page.close()
            write(f"brands-{width}", half(side_by_side(fronts, IN_A_ROW[width])))
            write(f"styleguide-{width}", half(side_by_side(guides, IN_A_ROW[width])))


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def half(image: Image.Image) -> Image.Image:
    """At half its size: what counts is the look of a page, not its words."""
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)


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


PARTS = {
    "pages": shoot_pages,
    "elements": shoot_elements,
    "in_all": shoot_in_all,
    "brands": shoot_brands,
    "editor": shoot_editor,
}


def main(parts: list[str]) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        example_site(Path(folder)) as origin,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        for part in parts or PARTS:
            PARTS[part](browser, origin)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
