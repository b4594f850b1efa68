"""Fills a fresh site's article with every block and checks the page; run by test_fresh_site.py.

It is a script of that site: it sees the installed package and nothing of this repository.
"""

from __future__ import annotations

import os
from decimal import Decimal
from io import BytesIO
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "magazine.settings.dev")
django.setup()

from django.core.files.images import ImageFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from home.models import ArticlePage  # noqa: E402
from PIL import Image as Picture  # noqa: E402
from wagtail import VERSION, blocks  # noqa: E402
from wagtail.images.blocks import ImageBlock  # noqa: E402
from wagtail.images.models import Image  # noqa: E402
from wagtail.models import Page  # noqa: E402

from anodyne_blocks import conf  # noqa: E402
from anodyne_blocks.article import Article  # noqa: E402
from anodyne_blocks.models import Offer, Person, Product, ShopRating  # noqa: E402


def stored_things() -> dict[type, Any]:
    """One stored instance of each model that a block chooses: {model: instance}."""
    file = BytesIO()
    Picture.new("RGB", (1200, 900), "teal").save(file, "PNG")
    image = Image.objects.create(title="A picture", file=ImageFile(file, "picture.png"))
    image.contextual_alt_text, image.decorative = "A picture", False
    product = Product.objects.create(name="Lumbar brace", image=image)
    Offer.objects.create(
        product=product,
        market=next(iter(conf.markets())),
        title="Lumbar brace",
        url="https://shop.example/brace",
        price=Decimal("39.75"),
        currency="EUR",
        availability="in_stock",
    )
    person = Person.objects.create(name="Ada Holm", job_title="Physiotherapist", photo=image)
    rating = ShopRating.objects.create(
        name="The shop",
        source="Reviews",
        url="https://reviews.example/shop",
        rating=Decimal("4.6"),
        count=3312,
        verification="Every review belongs to an order.",
    )
    return {Image: image, Product: product, Person: person, ShopRating: rating}


def with_stored(block: blocks.Block, value: Any, things: dict[type, Any]) -> Any:
    """The value with a stored instance wherever an editor would choose one."""
    if isinstance(block, ImageBlock):
        return things[Image]
    if isinstance(block, blocks.ChooserBlock):
        return things.get(block.target_model)
    if isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            value[name] = with_stored(child, value.get(name), things)
    elif isinstance(block, blocks.ListBlock):
        for index, item in enumerate(value):
            value[index] = with_stored(block.child_block, item, things)
    elif isinstance(block, blocks.StreamBlock):
        for index, item in enumerate(value):
            value[index] = (item.block.name, with_stored(item.block, item.value, things))
    return value


def main() -> None:
    call_command("makemigrations", check_changes=True)
    call_command("check", fail_level="WARNING")
    things = stored_things()
    page = ArticlePage.objects.get()
    body = page.body.stream_block
    other = page.get_parent().add_child(instance=Page(title="Another page", slug="another-page"))
    values = {
        name: with_stored(block, block.get_preview_value(), things)
        for name, block in body.child_blocks.items()
    }
    # Of other things on the page, and of other pages.
    values["product_card"]["relationship"] = "affiliate"
    values["related_articles"]["pages"] = [other]
    page.body = list(values.items())
    page.save_revision().publish()

    page = ArticlePage.objects.get()
    context = Article.for_page(page)
    elements = {item.block_type: item.block.element(item.value, context) for item in page.body}
    assert set(elements) == set(body.child_blocks), "a block was not stored"

    response = Client().get(page.url)
    html = response.content.decode()
    assert response.status_code == 200, html
    for name, element in elements.items():
        assert element is not None, f"{name}: shows nothing"
        assert f"anodyne-{element.type.replace('_', '-')}" in html, f"{name}: not on the page"
    assert "anodyne_blocks/" in html and ".css" in html, "no stylesheet"

    client = Client()
    assert client.login(username="ada", password="secret")
    assert client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
    print(f"Wagtail {VERSION[0]}.{VERSION[1]}: {len(elements)} elements")


if __name__ == "__main__":
    main()
