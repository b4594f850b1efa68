"""All sizes of a picture are made before the first reader asks for them."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from wagtail.blocks import ListBlock, StreamBlock
from wagtail.images.rect import Rect

from anodyne_blocks import conf
from anodyne_blocks.article.images import image_element
from anodyne_blocks.blocks import ProductCardBlock
from tests import factories
from tests.testapp.models import ArticlePage

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]


class Cards(StreamBlock):
    """A site's body, whose cards stand inside another block."""

    cards = ListBlock(ProductCardBlock())


@pytest.mark.parametrize("is_inside", [False, True])
def test_publishing_makes_those_of_a_page(
    is_inside: bool, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    product = factories.product("nl", image=factories.image())
    card = {"product": product.pk}
    if is_inside:
        monkeypatch.setitem(ArticlePage._meta.get_field("body").__dict__, "stream_block", Cards())
    placed = ("cards", [card]) if is_inside else ("product_card", card)
    page = factories.page(placed, language="nl")
    assert not product.image.renditions.exists()
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    assert product.image.renditions.count() == len(conf.image_sizes("product"))


def test_another_picture_of_a_product_or_person(django_capture_on_commit_callbacks: Any) -> None:
    product, person = factories.product("nl"), factories.person()
    product.image, person.photo = factories.image(), factories.image()
    with django_capture_on_commit_callbacks(execute=True):
        product.save(update_fields=["name"])
    assert not product.image.renditions.exists()
    with django_capture_on_commit_callbacks(execute=True):
        product.save()
        person.save()
    assert product.image.renditions.count() == len(conf.image_sizes("product"))
    assert person.photo.renditions.count() == len(conf.image_sizes("portrait"))


def test_a_copy_with_another_focal_point_changes_nothing_of_the_original() -> None:
    """A theme may take a copy of a picture to show it cut in another way."""
    image = factories.image()
    assert image_element(image, "figure", "") is not None
    twin = copy.copy(image)
    twin.set_focal_point(Rect(0, 0, 100, 100))
    cut, plain = (image_element(shown, "portrait", "") for shown in (twin, image))
    assert cut is not None and plain is not None
    assert cut.url != plain.url
    assert plain == image_element(factories.again(image), "portrait", "")


def test_a_picture_in_two_roles_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """An article shows its picture, and names it to search engines in other shapes."""
    image, roles = factories.image(), ("figure", "search", "product")
    made = [image_element(image, role, "") for role in roles]
    assert None not in made
    image = factories.again(image)
    # Else each request would make the second role's again, and throw them away.
    monkeypatch.delattr("wagtail.images.models.AbstractImage.generate_rendition_instance")
    assert [image_element(image, role, "") for role in roles] == made


def test_a_setting_of_sizes_leaves_no_trace(settings: Any) -> None:
    def names() -> list[str]:
        shown = image_element(factories.image(width=40, height=30), "product", "")
        assert shown is not None
        return [size.name for size in shown.sizes]

    packaged = names()
    conf.image_sizes("product")["asked"] = "width-20"
    assert names() == packaged
    factories.setting(settings, IMAGE_SIZES={"product": {"tiny": "max-16x16|format-webp"}})
    assert sorted(names()) == sorted([*packaged, "tiny"])
    factories.setting(settings, IMAGE_SIZES={})
    assert names() == packaged
