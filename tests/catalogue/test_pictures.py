"""Pictures of products: fetched once, when a product is placed, and never inside a request."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from PIL import Image as Picture
from wagtail.images import get_image_model
from wagtail.utils.file import hash_filelike

from anodyne_blocks import conf, tasks
from anodyne_blocks.catalogue import pictures
from anodyne_blocks.models import Product
from tests import factories
from tests.shops.conftest import Server

pytestmark = pytest.mark.django_db


def picture(kind: str = "PNG", colour: str = "teal", size: int = 40) -> bytes:
    file = BytesIO()
    Picture.new("RGB", (size, size), colour).save(file, kind)
    return file.getvalue()


@pytest.fixture
def server() -> Iterator[Server]:
    """Where the shop's pictures are."""
    made = Server()
    made.says("/brace.png", picture(), Content_Type="image/png")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def shop(settings) -> None:
    """A shop on a private network, which its options allow."""
    settings.ANODYNE_BLOCKS = {
        **settings.ANODYNE_BLOCKS,
        "SHOPS": {
            "webshop": {
                "BACKEND": "anodyne_blocks.shops.product_page.ProductPage",
                "OPTIONS": {"allow_hosts": ["127.0.0.1"]},
            }
        },
    }


@pytest.fixture
def background(settings) -> Any:
    """The site has a background; its queue is what enqueued tasks are kept in."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    return tasks.import_images.get_backend()


def brace(server: Server, path: str = "/brace.png", **fields: Any) -> Product:
    return factories.from_shop("nl", name="Brace", image_url=server.url + path, **fields)


def place(product: Product, **fields: Any) -> Any:
    """A page with the product, published as an editor publishes it."""
    page = factories.page(("product_card", {"product": product.pk}), language="nl", **fields)
    page.save_revision().publish()
    return page


def queued(background: Any) -> list[list[int]]:
    """The products whose pictures are waiting to be imported."""
    return [result.args[0] for result in background.results if result.task.name == "import_images"]


def test_a_picture_comes_into_the_library_under_the_products_name(server):
    product = brace(server)
    assert pictures.import_image(product.pk)
    product.refresh_from_db()
    image = product.image
    assert (image.title, image.width, image.height, product.image_error) == ("Brace", 40, 40, "")
    name = f"brace-{product.pk}-{image.file_hash[:8]}.png"
    assert image.file.name.endswith(name) and image.file_size


def test_what_a_worker_left_that_died_is_not_left_over(server):
    """Its file was there, and its image was not stored."""
    product = brace(server)
    stem = f"original_images/brace-{product.pk}-"
    storage = get_image_model()._meta.get_field("file").storage
    left = f"{stem}{hash_filelike(BytesIO(picture()))[:8]}.png"
    storage.save(left, BytesIO(picture()))
    assert pictures.import_image(product.pk)
    product.refresh_from_db()
    assert product.image.file.name == left
    names = storage.listdir("original_images")[1]
    assert len([name for name in names if f"original_images/{name}".startswith(stem)]) == 1


def test_all_its_sizes_are_made_before_a_page_shows_it(server):
    """What waits for the end of the transaction has not begun yet: tasks, and purged pages."""
    product = brace(server)
    assert pictures.import_image(product.pk)
    product.refresh_from_db()
    assert product.image.renditions.count() == len(conf.image_sizes("product"))


def test_the_same_picture_is_kept_once(server):
    server.says("/again.png", picture())
    first, second = brace(server), brace(server, "/again.png")
    assert pictures.import_image(first.pk) and pictures.import_image(second.pk)
    first.refresh_from_db(), second.refresh_from_db()
    assert first.image == second.image
    assert get_image_model().objects.count() == 1


def test_a_product_with_a_picture_asks_for_none(server):
    product = brace(server, image=factories.image())
    assert not pictures.import_image(product.pk)
    assert server.requests == []


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"<html>", 200, "This address answers with a web page, not with an image."),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><p>", 200, "with a web page"),
        (b"<p>gone</p>", 200, "with a web page"),
        (b"gone", 200, "There is no image at this address."),
        (b"", 404, "answered 404"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", 200, "SVG"),
        (picture("TIFF"), 200, "Not a supported image format"),
        (b"\x89PNG" + bytes(pictures.MAX_BYTES), 200, "sent more than 10485760 bytes"),
        (picture()[:60], 200, "There is no image at this address."),
    ],
)
def test_what_is_no_image_is_noted_and_breaks_nothing(server, body, status, reason):
    server.says("/brace.png", body, status)
    product = brace(server)
    assert not pictures.import_image(product.pk)
    product.refresh_from_db()
    assert reason in product.image_error and product.image is None
    assert get_image_model().objects.count() == 0


def test_a_private_address_is_not_asked(server, settings):
    settings.ANODYNE_BLOCKS = {**settings.ANODYNE_BLOCKS, "SHOPS": {}}
    product = brace(server)
    assert not pictures.import_image(product.pk)
    assert server.requests == []
    product.refresh_from_db()
    assert "public" in product.image_error


def test_publishing_asks_for_the_picture_in_the_background(
    server, background, django_capture_on_commit_callbacks
):
    product = brace(server)
    other = factories.from_shop("nl", image_url=server.url + "/brace.png")
    with django_capture_on_commit_callbacks(execute=True):
        place(product)
    assert queued(background) == [[product.pk]]
    assert server.requests == []
    tasks.import_images.call([product.pk])
    product.refresh_from_db(), other.refresh_from_db()
    assert product.image is not None and other.image is None


def test_a_second_save_does_not_ask_again(server, background, django_capture_on_commit_callbacks):
    product = brace(server)
    with django_capture_on_commit_callbacks(execute=True):
        place(product)
        place(product)
    for ids in queued(background):
        tasks.import_images.call(ids)
    assert len(server.requests) == 1


def test_what_a_killed_worker_had_not_begun_is_imported_by_the_next(server, monkeypatch):
    class Killed(BaseException):
        """The process ends here."""

    def kill(product):
        raise Killed

    products = [brace(server) for _ in range(3)]
    for product in products:
        place(product)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(pictures, "_download", kill)
        pictures.import_placed()
    assert pictures.import_placed() == 2


def test_what_never_came_to_the_queue_is_left_to_cron(server, monkeypatch):
    """Publishing asks for the picture, but the commit never brings the task to the queue."""
    monkeypatch.setattr(tasks, "has_background", lambda: True)
    place(brace(server))
    assert pictures.import_placed() == 1


def test_a_run_ends_in_time_and_the_next_goes_on(server, monkeypatch):
    for _ in range(3):
        place(brace(server))
    with monkeypatch.context() as patch:
        patch.setattr(pictures, "BUDGET_SECONDS", 0)
        assert pictures.import_placed() == 0
    assert pictures.import_placed() == 3


def test_a_storage_that_fails_is_noted_and_keeps_no_other_picture(server, monkeypatch):
    def full(file, title, **fields):
        if title == "First":
            raise OSError(28, "No space left on device")
        return in_library(file, title, **fields)

    in_library = pictures.in_library
    monkeypatch.setattr(pictures, "in_library", full)
    first, second = brace(server), brace(server)
    Product.objects.filter(pk=first.pk).update(name="First")
    assert pictures.import_images([first.pk, second.pk]) == 1
    first.refresh_from_db()
    assert "No space left on device" in first.image_error


def test_a_picture_that_an_editor_chose_meanwhile_stays(server, monkeypatch):
    product, own = brace(server), factories.image()
    download = pictures._download

    def choose(asked):
        Product.objects.filter(pk=product.pk).update(image=own)
        return download(asked)

    monkeypatch.setattr(pictures, "_download", choose)
    assert not pictures.import_image(product.pk)
    product.refresh_from_db()
    assert product.image == own


def test_a_failure_is_tried_again_a_day_later(
    server, background, django_capture_on_commit_callbacks
):
    server.says("/brace.png", b"", 500)
    product = brace(server)
    with django_capture_on_commit_callbacks(execute=True):
        place(product)
        pictures.import_image(product.pk)
        place(product)
        assert not queued(background)[1:]
        yesterday = timezone.now() - datetime.timedelta(hours=25)
        Product.objects.update(image_tried_at=yesterday)
        place(product)
    assert queued(background) == [[product.pk], [product.pk]]


def test_without_a_background_the_next_run_of_cron_imports_it(
    server, django_capture_on_commit_callbacks
):
    product, unplaced = brace(server), brace(server)
    with django_capture_on_commit_callbacks(execute=True):
        place(product)
    assert server.requests == []
    call_command("refresh_products", limit=0, verbosity=0)
    product.refresh_from_db(), unplaced.refresh_from_db()
    assert product.image is not None and unplaced.image is None
    assert len(server.requests) == 1
