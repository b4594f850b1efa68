"""What the package uses of others' that they do not document, one test for each.

A test that fails with new versions names what is gone; docs/explanation/private-apis.md says what
it is for and what breaks.
"""

from __future__ import annotations

import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.base import ModelState
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor
from django.http import HttpResponse
from django.template import Engine, engines
from django.template.loader import get_template
from django.utils.autoreload import file_changed
from django.utils.cache import get_conditional_response, set_response_etag
from wagtail import blocks
from wagtail.blocks import StreamValue
from wagtail.fields import Creator
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex, Site

from tests import factories
from tests.testapp.models import ArticlePage, PlainPage

PACKAGE = Path(__file__).parent.parent / "anodyne_blocks"
STORED = [{"type": "heading", "value": {"text": "A"}}, {"type": "paragraph", "value": {"text": ""}}]


def test_wagtail_stream_value_makes_children_in_private_methods() -> None:
    made: list[Any] = []

    class Watched(StreamValue):
        def _prefetch_blocks(self, type_name: str) -> None:
            made.append(type_name)
            super()._prefetch_blocks(type_name)

        def _construct_stream_child(self, item: Any) -> Any:
            made.append(item)
            return super()._construct_stream_child(item)

    field = PlainPage._meta.get_field("body")
    value = Watched(field.stream_block, list(STORED), is_lazy=True)
    assert value._bound_blocks == [None, None]
    assert value.raw_data[:] == list(STORED)
    assert value[1].block_type == "paragraph"
    assert value._bound_blocks[0] is None
    value[0] = value[1]
    value.append(("heading", {"text": "B"}))
    assert made == ["paragraph", value[1], ("heading", {"text": "B"})]
    assert field.to_python(STORED)._stream_field is field
    child = StreamValue.StreamChild(value[1].block, value[1].value, id="x")
    assert (child.block, child.id) == (value[1].block, "x")


@pytest.mark.django_db
def test_wagtail_creator_is_the_descriptor_of_stream_fields() -> None:
    creator = vars(PlainPage)["body"]
    assert isinstance(creator, Creator)
    assert creator.field is PlainPage._meta.get_field("body")
    page = PlainPage(body=STORED)
    assert creator.__get__(page) is page.__dict__["body"]


def test_wagtail_blocks_convert_stored_values_in_bulk() -> None:
    block = blocks.StructBlock([("text", blocks.CharBlock(default="B"))])
    (first, second) = block.bulk_to_python([{"text": "A"}, {}])
    assert (first["text"], second["text"]) == ("A", "B")
    assert type(first) is block.meta.value_class
    assert blocks.ListBlock(block).bulk_to_python([[{"text": "A"}]])[0][0] == first
    assert {"bulk_to_python", "model_class"} <= set(vars(blocks.ChooserBlock))
    assert block.deconstruct()[0] == "wagtail.blocks.StructBlock"


def test_wagtail_blocks_defer_required_validation_below_them() -> None:
    block = blocks.StructBlock([("text", blocks.CharBlock())])
    block.defer_required_validation()
    assert block.child_blocks["text"].is_deferred_validation
    block.restore_deferred_validation()
    assert not block.child_blocks["text"].is_deferred_validation


def test_wagtail_typed_tables_have_rows_of_cells() -> None:
    from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock, TypedTableBlock

    block = TypedTableBlock([("text", blocks.CharBlock())])
    raw = {"columns": [{"type": "text", "heading": ""}], "rows": [{"values": ["A"]}]}
    (cell,) = next(iter(block.to_python(raw).rows))
    assert (cell.block, cell.value) == (block.child_blocks["text"], "A")
    assert isinstance(block, BaseTypedTableBlock)


@pytest.mark.django_db
def test_wagtail_renditions_by_filter() -> None:
    from wagtail.images.exceptions import InvalidFilterSpecError
    from wagtail.images.models import Filter, SourceImageIOError
    from wagtail.images.shortcuts import get_rendition_or_not_found
    from wagtail.images.utils import to_svg_safe_spec

    image, fill = factories.image(width=40, height=30), Filter(spec="fill-9x9")
    made = get_rendition_or_not_found(image, fill)
    assert type(made) is get_image_model().get_rendition_model()
    assert (made.filter_spec, made.focal_point_key) == (fill.spec, fill.get_cache_key(image))
    assert any(operation.vary_fields for operation in fill.operations)
    assert to_svg_safe_spec("fill-9x9|format-webp") == "fill-9x9"
    with pytest.raises(InvalidFilterSpecError):
        assert Filter(spec="no-such").operations
    # Those that are laid on the image are taken, and no others are looked for.
    image.prefetched_renditions = [made]
    assert image.get_renditions(fill)[fill.spec] is made
    assert issubclass(SourceImageIOError, Exception)


@pytest.mark.django_db
def test_wagtail_finds_an_uploaded_file_by_its_hash() -> None:
    from wagtail.images.fields import WagtailImageField
    from wagtail.utils.file import hash_filelike

    image = factories.image()
    with image.file.open() as file:
        assert hash_filelike(file) == image.get_file_hash() == image.file_hash
        assert WagtailImageField().clean(file).image.format_name == "png"


@pytest.mark.django_db
def test_wagtail_rewrites_links_of_rich_text_by_type() -> None:
    from wagtail.rich_text import features
    from wagtail.rich_text.pages import PageLinkHandler
    from wagtail.rich_text.rewriters import LinkRewriter

    class Links(LinkRewriter):
        def get_tag_replacements(self, tag_type: str, attrs_list: Any) -> list[str]:
            return [f"<a {tag_type}={attrs['id']}>" for attrs in attrs_list]

    assert Links()('<a linktype="page" id="3">x</a>') == "<a page=3>x</a>"
    assert features.get_link_types()["page"] is PageLinkHandler
    assert PageLinkHandler.get_model() is Page


@pytest.mark.django_db
def test_wagtail_keeps_site_root_paths_on_a_page() -> None:
    page, paths = factories.page(), Site.get_site_root_paths()
    assert page._get_site_root_paths() == paths
    page._wagtail_cached_site_root_paths = []
    assert page.url is None
    page._wagtail_cached_site_root_paths = paths
    assert page.url == page.specific.url


def test_wagtail_gives_the_back_ends_of_front_end_caches(settings: Any) -> None:
    from wagtail.contrib.frontend_cache.utils import get_backends

    backend = "wagtail.contrib.frontend_cache.backends.HTTPBackend"
    options = {"BACKEND": backend, "LOCATION": "http://127.0.0.1:8000"}
    settings.WAGTAILFRONTENDCACHE = {"varnish": options}
    assert [type(one).__name__ for one in get_backends().values()] == ["HTTPBackend"]


def test_wagtail_names_the_languages_of_content(settings: Any) -> None:
    from wagtail.coreutils import get_content_languages

    settings.WAGTAIL_CONTENT_LANGUAGES = [("nl", "Dutch"), ("en", "English")]
    get_content_languages.cache_clear()
    try:
        assert list(get_content_languages()) == ["nl", "en"]
    finally:
        get_content_languages.cache_clear()


@pytest.mark.django_db
def test_wagtail_reference_index_goes_by_ids_as_text() -> None:
    person = factories.person()
    page = factories.page(("reviewer", {"person": person.pk, "reviewed": "2025-10-25"}))
    found = ReferenceIndex.objects.get(
        to_content_type__model="person", to_object_id=str(person.pk), object_id=str(page.pk)
    )
    assert (found.base_content_type.model_class(), found.model_path) == (
        Page,
        "body.reviewer.person",
    )
    assert ReferenceIndex.usage_count_subquery(type(person)) is not None


def test_django_model_state_caches_related_objects() -> None:
    product = ArticlePage.__new__(ArticlePage)
    product._state = ModelState()
    product._state.fields_cache = {"locale": "there"}
    assert product.locale == "there"


def test_django_foreign_keys_fetch_by_their_descriptor() -> None:
    class Asked(ForwardManyToOneDescriptor):
        def get_object(self, instance: Any) -> Any:
            return ContentType(model="asked")

    descriptor = Asked(ReferenceIndex._meta.get_field("content_type"))
    instance = ReferenceIndex(content_type_id=1)
    assert descriptor.__get__(instance).model == "asked"


def test_django_adds_messages_to_the_request_s_own(rf: Any) -> None:
    request, told = rf.get("/"), []
    request._messages = SimpleNamespace(add=lambda *said: told.append(said))
    messages.warning(request, "Look")
    assert told == [(messages.WARNING, "Look", "")]


def test_django_tells_of_changed_files() -> None:
    assert callable(file_changed.connect)


def test_django_answers_conditions_by_an_etag(rf: Any) -> None:
    response = HttpResponse("A")
    set_response_etag(response)
    request = rf.get("/", headers={"If-None-Match": response["ETag"]})
    answer = get_conditional_response(request, response["ETag"], response=response)
    assert answer is not None and answer.status_code == 304


def test_django_templates_know_their_source_and_loaders() -> None:
    assert get_template("anodyne_blocks/faq.html").template.source.startswith("{# anodyne_blocks")
    engine: Engine = engines["django"].engine
    assert all(callable(loader.get_contents) for loader in engine.template_loaders)


def test_django_queries_know_whether_they_filter() -> None:
    assert not Page.objects.all().query.has_filters()
    assert Page.objects.filter(pk=1).query.has_filters()


def test_django_file_fields_know_the_class_of_their_files() -> None:
    file = get_image_model()._meta.get_field("file")
    assert file.attr_class.url is models.fields.files.FieldFile.url
    assert isinstance(file.storage.base_url, str)


def test_localize_asks_blocks_for_their_words_and_models_for_their_fields() -> None:
    import wagtail_localize
    from wagtail_localize.fields import SynchronizedField
    from wagtail_localize.segments import StringSegmentValue

    package = Path(wagtail_localize.__file__).parent
    asked = {
        "segments/extract.py": "block_type.get_translatable_segments(block_value)",
        "segments/ingest.py": "block_type.restore_translated_segments(block_value, segments)",
        "fields.py": 'getattr(model, "override_translatable_fields", [])',
    }
    for name, words in asked.items():
        assert words in (package / name).read_text()
    segment = StringSegmentValue("", "Cotton & wool")
    assert (segment.path, segment.render_text()) == ("", "Cotton & wool")
    assert SynchronizedField("name").field_name == "name"


def test_urllib3_connections_are_made_in_new_conn() -> None:
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool

    for kind in (HTTPConnection, HTTPSConnection):
        asked = type("Asked", (kind,), {"_new_conn": lambda self: 1 / 0})
        with pytest.raises(ZeroDivisionError):
            asked("example.org", port=1).connect()
    connection = HTTPConnection("example.org")
    assert connection.sock is None
    assert list(connection.socket_options)[0] == (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    assert issubclass(HTTPConnectionPool.ConnectionCls, HTTPConnection)
    assert set(HTTPAdapter().poolmanager.pool_classes_by_scheme) == {"http", "https"}


def test_urllib3_logs_its_requests_under_its_modules_names() -> None:
    from urllib3 import connection, connectionpool

    assert connection.log.name == "urllib3.connection"
    assert connectionpool.log.name == "urllib3.connectionpool"
