"""Pieces of a page that are damaged or deleted: the page stands, and its editor is told where."""

from __future__ import annotations

from itertools import product as combinations
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.images import get_image_model

from anodyne_blocks.admin import pieces
from anodyne_blocks.article import damage
from anodyne_blocks.models import DamagedImage
from tests import factories
from tests.blocks.test_odd_content import store
from tests.faults.test_images import picture, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("editor", "e@example.org", "s"))
    return client


def told(client: Client, page: Any) -> list[str]:
    """What the editor says of missing pieces, with its links."""
    answer = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert answer.status_code == 200
    soup = BeautifulSoup(answer.content, "html.parser")
    return [
        item.get_text(" ", strip=True)
        for message in soup.select(".messages li.warning")
        if "is missing" in message.get_text()
        for item in message.select("ul li")
    ]


def figure(image: Any) -> tuple[str, dict[str, Any]]:
    return "image", {"image": image.pk, "alt_text": "A desk"}


def shown_in_preview(page: Any) -> str:
    return str(factories.again(page).make_preview_request().content.decode())


def test_a_damaged_image_is_named_at_its_place_and_tried_once(
    editor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    image = stored("desk.png", b"<html>")
    product = factories.from_shop("en", name="Brace", image=image)
    page = factories.page(
        ("heading", {"text": "A"}),
        figure(image),
        ("product_card", {"product": product.pk}),
    )
    assert told(editor, page) == []
    assert editor.get(page.url).status_code == 200
    damaged = DamagedImage.objects.get()
    assert (damaged.image, damaged.file) == (image, image.file.name)
    caplog.clear()
    # It is known: no file is opened again.
    assert editor.get(page.url).status_code == 200
    assert "no usable file" not in caplog.text
    text = "The file of the image “desk.png” is missing or damaged."
    assert told(editor, page) == [f"2. Image : {text}", f"3. Product card : {text}"]
    listing = editor.get(reverse("wagtailsnippets_anodyne_blocks_product:list")).content.decode()
    assert text in listing
    # The file comes back, as from a backup: the editor who looks has it tried.
    Path(image.file.path).write_bytes(picture("PNG"))
    assert told(editor, page) == []
    assert b"<img" in editor.get(page.url).content
    assert not DamagedImage.objects.exists()


def test_another_file_is_tried_at_once() -> None:
    image = stored("desk.png", b"<html>")
    page = factories.page(figure(image))
    assert "<img" not in page.body.render_as_block()
    assert damage.is_noted(get_image_model().objects.get())
    image.file = stored("other.png", picture("PNG")).file
    image.save()
    assert "<img" in factories.again(page).body.render_as_block()


def test_one_question_for_all_damaged_images() -> None:
    def queries(count: int) -> int:
        page = factories.page(*(figure(stored(f"{n}.png", b"x")) for n in range(count)))
        factories.again(page).body.render_as_block()
        again = factories.again(page)
        with CaptureQueriesContext(connection) as asked:
            again.body.render_as_block()
        return len(asked)

    assert queries(1) == queries(7)


def test_a_preview_says_what_lacks_and_a_page_does_not(editor: Client) -> None:
    image = stored("desk.png", b"<html>")
    page = factories.page(figure(image), ("product_card", {"product": 4711}))
    said = shown_in_preview(page)
    assert said.count("anodyne-absent") == 2
    assert "“desk.png” is missing or damaged" in said
    assert "Product: nothing is chosen, or it was deleted." in said
    assert b"anodyne-absent" not in editor.get(page.url).content


PIECES = ("image", "person", "photo", "rating", "product", "picture")


def lines_for(page: Any) -> int:
    """How many lines the editor is told, without the form around them."""
    request = RequestFactory().get("/")
    request._messages = CookieStorage(request)
    pieces.tell(request, page)
    return sum(str(message).count("<li>") for message in get_messages(request))


@pytest.mark.once
def test_every_combination_of_lacking_pieces(editor: Client) -> None:
    """Each of six pieces there or not: pages and previews answer, and the editor is told which."""
    sound, broken = stored("sound.png", picture("PNG")), stored("broken.png", b"")
    people = {photo: factories.person(photo=photo).pk for photo in (sound, broken)}
    products = {image: factories.from_shop("en", image=image).pk for image in (sound, broken)}
    rating = factories.rating().pk
    tried = 0
    for lacking in combinations((False, True), repeat=len(PIECES)):
        gone = {name for name, lacks in zip(PIECES, lacking, strict=True) if lacks}
        person = 4711 if "person" in gone else people[broken if "photo" in gone else sound]
        product = 4711 if "product" in gone else products[broken if "picture" in gone else sound]
        page = factories.page()
        body = [
            ("image", {"image": 4711 if "image" in gone else sound.pk, "alt_text": "A desk"}),
            ("reviewer", {"person": person, "reviewed": "2026-01-01"}),
            ("shop_rating", {"rating": 4711 if "rating" in gone else rating}),
            ("product_card", {"product": product}),
        ]
        stored_body = [
            {"type": name, "value": value, "id": f"{tried}-{name}"} for name, value in body
        ]
        store(page, stored_body)
        page = factories.again(page)
        answer = editor.get(page.url)
        assert answer.status_code == 200
        assert b"anodyne-absent" not in answer.content
        hidden = ({"photo"} if "person" in gone else set()) | (
            {"picture"} if "product" in gone else set()
        )
        assert shown_in_preview(page).count("anodyne-absent") == len(gone - hidden), gone
        # Of products that were deleted another message tells.
        assert lines_for(factories.again(page)) == len(gone - hidden - {"product"}), gone
        tried += 1
    answer = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert "The product of this card was deleted." in answer.content.decode()
    assert len(told(editor, page)) == 3
    print(f"{tried} combinations of lacking pieces: 0 without an answer, 0 untold")
