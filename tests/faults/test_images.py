"""Image files of all kinds of damage: they cost themselves, and never what shows them."""

from __future__ import annotations

import random
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.images import ImageFile
from PIL import Image as Picture
from wagtail.images import get_image_model

from anodyne_blocks.admin.columns import PictureColumn
from anodyne_blocks.article.images import image_element, thumbnail
from anodyne_blocks.catalogue.pictures import UnusableImage, in_library
from tests import factories

pytestmark = [
    pytest.mark.django_db,
    # Wagtail and Pillow leave the files of what they cannot read to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    # What Pillow says of odd metadata.
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

KINDS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}
TIMES = 130
GPS, LATITUDE = 0x8825, 2
ENTITIES = b"""<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>
<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&b;</text></svg>"""
FOREIGN = {
    "page.jpg": b"<!DOCTYPE html><h1>Not found</h1>",
    "empty.png": b"",
    "drawing.svg": ENTITIES,
    "half.svg": b"<svg xmlns='http://www.w3.org/2000/svg'",
    "sizeless.svg": b"<svg xmlns='http://www.w3.org/2000/svg' width='a' height='-1'/>",
    "page.svg": b"<html/>",
    "text.webp": b"Hello",
    "zip.gif": b"PK\x03\x04" + bytes(99),
}


def picture(kind: str, **options: Any) -> bytes:
    file = BytesIO()
    Picture.effect_noise((64, 48), 60).convert("RGB").save(file, kind, **options)
    return file.getvalue()


SOUND = picture("PNG")


def stored(name: str, content: bytes) -> Any:
    """An image of the library with this file, as a copy of other storage may hold it."""
    sound = ImageFile(BytesIO(SOUND), name=name)
    image = get_image_model().objects.create(title=name, file=sound, width=64, height=48)
    Path(image.file.path).write_bytes(content)
    return get_image_model().objects.get(pk=image.pk)


def corrupted(content: bytes, dice: random.Random) -> bytes:
    """Some bytes changed, the end cut off, a piece doubled, or a piece of zeros."""
    way, at = dice.randrange(4), dice.randrange(len(content))
    if way == 0:
        changed = bytearray(content)
        for _ in range(dice.randint(1, 12)):
            changed[dice.randrange(min(len(content), 200))] = dice.randrange(256)
        return bytes(changed)
    if way == 1:
        return content[:at]
    if way == 2:
        return content[:at] + content[at // 2 :]
    return content[:at] + bytes(dice.randint(1, 400)) + content[at + 40 :]


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_image_costs_no_page(kind: str) -> None:
    dice, whole = random.Random(kind), picture(kind)
    without = 0
    for number in range(TIMES):
        image = stored(f"{number}.{KINDS[kind]}", corrupted(whole, dice))
        element = image_element(image, "product", "Brace")
        without += element is None
    # Some damage is none that can be seen, and some is all.
    assert 0 < without < TIMES


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_image_is_left_out_and_named(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    image = stored(name, FOREIGN[name])
    if image_element(image, "product", "Brace") is None:
        assert name in caplog.text
    product = factories.from_shop("nl", name="Brace", image=image)
    page = factories.page(("product_card", {"product": product.pk}), language="nl")
    assert "anodyne-product-card" in page.body.render_as_block()
    if thumbnail(image, "max-96x96") is None:
        cell = PictureColumn("image").get_cell_context_data(product, {"row": None, "table": None})
        assert "url" not in cell


def test_an_image_without_a_file() -> None:
    image = stored("a.png", picture("PNG"))
    get_image_model().objects.filter(pk=image.pk).update(file="")
    image.refresh_from_db()
    assert image_element(image, "product", "Brace") is None
    assert thumbnail(image, "max-96x96") is None


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says to be so large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1000))
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize("size", [(6000, 6000), (12_000, 12_000), (40_000, 40_000), (2**31, 1)])
def test_a_few_bytes_of_many_pixels_are_refused_unread(size: tuple[int, int]) -> None:
    with pytest.raises(UnusableImage, match="too many pixels"):
        in_library(BytesIO(bomb(*size)), "Brace")
    assert get_image_model().objects.count() == 0


def test_frames_count_too() -> None:
    file = BytesIO()
    frames = [Picture.new("L", (900, 900), shade) for shade in range(60)]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(UnusableImage, match="too many pixels"):
        in_library(BytesIO(file.getvalue()), "Brace")


def test_the_setting_allows_more_or_less(settings: Any) -> None:
    settings.ANODYNE_BLOCKS = {**settings.ANODYNE_BLOCKS, "IMPORTED_PIXELS": 64 * 48 - 1}
    with pytest.raises(UnusableImage, match="too many pixels"):
        in_library(BytesIO(picture("PNG")), "Brace")
    settings.ANODYNE_BLOCKS = {**settings.ANODYNE_BLOCKS, "IMPORTED_PIXELS": 64 * 48}
    assert in_library(BytesIO(picture("PNG")), "Brace").width == 64


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_where_a_picture_was_taken_is_removed(kind: str) -> None:
    exif = Picture.Exif()
    exif[0x0112] = 6
    exif.get_ifd(GPS)[LATITUDE] = (52.0, 22.0, 12.0)
    image = in_library(BytesIO(picture(kind, exif=exif)), "Brace")
    with image.file.open() as file, Picture.open(file) as kept:
        assert GPS not in kept.getexif()
        # How it is to be turned stays.
        assert kept.getexif()[0x0112] == 6
        assert kept.size == (64, 48)


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_picture_of_a_shop_is_refused_or_taken(kind: str) -> None:
    dice, whole = random.Random(kind), picture(kind)
    for _ in range(TIMES):
        try:
            in_library(BytesIO(corrupted(whole, dice)), "Brace")
        except UnusableImage as error:
            assert str(error)
