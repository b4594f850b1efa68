"""What the APIs use of others' that they do not document, one test for each.

See test_private_apis.py.
"""

from __future__ import annotations

import inspect
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.urls import resolve
from wagtail import VERSION, blocks
from wagtail.fields import StreamField
from wagtail.models import Page

from tests import factories
from tests.testapp.models import ArticlePage, PlainPage


def has_v3() -> bool:
    """Whether this Wagtail has API v3, which came with 8.0."""
    assert (find_spec("wagtail.api.v3") is not None) == (VERSION >= (8, 0))
    return VERSION >= (8, 0)


def test_wagtail_api_v2_maps_fields_to_serializers() -> None:
    from wagtail.api.v2.serializers import BaseSerializer, StreamField
    from wagtail.api.v2.views import PagesAPIViewSet

    mapping = BaseSerializer.serializer_field_mapping
    for page in (PlainPage, ArticlePage):
        assert issubclass(mapping[type(page._meta.get_field("body"))], StreamField)
    methods = "check_query_parameters find_object get_base_queryset get_renderer_context"
    methods += " get_serializer get_serializer_context"
    for name in methods.split():
        assert callable(getattr(PagesAPIViewSet, name))
    assert {"fields", "type"} <= PagesAPIViewSet.known_query_parameters
    assert "body" in PagesAPIViewSet.get_body_fields_names(ArticlePage)
    assert "slug" in PagesAPIViewSet.get_meta_fields_names(ArticlePage)
    assert {*PagesAPIViewSet.body_fields, *PagesAPIViewSet.meta_fields} >= {"id", "slug"}


@pytest.mark.django_db
def test_wagtail_pages_have_the_paths_of_those_above_in_their_own() -> None:
    page = factories.page()
    above = [page.path[:end] for end in range(page.steplen, len(page.path), page.steplen)]
    assert above == list(page.get_ancestors().values_list("path", flat=True))


def test_wagtail_names_the_address_that_serves_pages() -> None:
    match = resolve("/an-article/")
    assert (match.url_name, match.args) == ("wagtail_serve", ("an-article/",))


def test_django_sends_to_a_language_in_a_method_of_its_middleware(rf: Any) -> None:
    response = HttpResponse(status=404)
    request = rf.get("/")
    assert LocaleMiddleware(lambda _: response).process_response(request, response) is response


def test_wagtail_api_v3_generators_take_field_schemas() -> None:
    if not has_v3():
        return
    from wagtail.api.v3.schemas import create_generator, patch_generator, read_generator

    for generator in (create_generator, patch_generator, read_generator):
        assert callable(generator.register_field_schema)
        assert StreamField in generator.field_schemas


def test_wagtail_api_v3_writes_blocks_by_a_form() -> None:
    chooser = blocks.PageChooserBlock(required=False)
    assert chooser._required is False
    assert blocks.TextBlock(max_length=5).field_options["max_length"] == 5
    stream = blocks.StreamBlock([("text", blocks.CharBlock())])
    assert len(stream.clean_deferred(stream.to_python([{"type": "text", "value": ""}]))) == 1
    if not has_v3():
        return
    from wagtail.api.v3.form_data import flatten_block_value
    from wagtail.utils.forms import FormValidationError

    data: dict[str, Any] = {}
    flatten_block_value(stream, [{"type": "text", "value": "A", "id": "a"}], "body", data)
    assert stream.value_from_datadict(data, {}, "body")[0].value == "A"
    error = FormValidationError({("body", 0, "value"): [("Wrong.", "wrong")]})
    assert error.loc_errors == [(("body", 0, "value"), [("Wrong.", "wrong")])]


@pytest.mark.django_db
def test_wagtail_api_v3_has_querysets_permissions_and_problems(rf: Any) -> None:
    if not has_v3():
        return
    from wagtail.api.v3.auth import AllowAnonymous, BearerTokenAuth
    from wagtail.api.v3.errors import PROBLEM_JSON, ProblemDetail, problem_response
    from wagtail.api.v3.permissions import require_any_permission
    from wagtail.api.v3.querysets import get_pages_queryset

    page, request = factories.page(), rf.get("/")
    assert BearerTokenAuth()(request) is None
    assert AllowAnonymous()(request) == AnonymousUser()
    assert page.pk in get_pages_queryset(request).values_list("pk", flat=True)

    @require_any_permission(lambda request: Page, ("add", "change"))
    def view(request: Any) -> None:
        raise AssertionError

    with pytest.raises(PermissionDenied):
        view(request)
    answer = problem_response(status=412, detail="Late.")
    assert (answer.status_code, answer["Content-Type"]) == (412, PROBLEM_JSON)
    assert ProblemDetail.model_validate_json(answer.content).detail == "Late."


def test_wagtail_api_v3_writes_pages_in_a_view_of_its_own() -> None:
    if not has_v3():
        return
    from wagtail.api.v3.registry import registry
    from wagtail.api.v3.routers.pages import update_page

    assert list(inspect.signature(update_page).parameters)[:3] == ["request", "page_id", "data"]
    fields = registry.get("testapp.ArticlePage").patch_schema.model_fields
    assert {"meta", "body"} <= set(fields)
    match = resolve("/api/v3/pages/7/")
    assert (match.namespace, match.kwargs) == ("wagtailapi_v3", {"page_id": "7"})


def test_rest_framework_fields_know_the_listing_that_they_are_in() -> None:
    from rest_framework.serializers import CharField, ListSerializer, Serializer

    serializer = type("Rows", (Serializer,), {"title": CharField()})(["row"], many=True)
    assert isinstance(serializer, ListSerializer)
    assert serializer.instance == ["row"]
    assert serializer.child.fields["title"].parent.parent is serializer


def test_grapple_looks_up_the_types_of_blocks_in_its_registry() -> None:
    import graphene
    from grapple.registry import registry
    from grapple.types.interfaces import StreamFieldInterface

    block = type("Heading", (blocks.CharBlock,), {})
    registry.streamfield_blocks[block] = "its type"
    try:
        child = SimpleNamespace(block=block())
        assert StreamFieldInterface.resolve_type(child, None) == "its type"
    finally:
        del registry.streamfield_blocks[block]
    assert {"id", "block_type", "field", "raw_value"} <= set(vars(StreamFieldInterface))
    from graphene.types.generic import GenericScalar

    assert issubclass(GenericScalar, graphene.Scalar)


def test_grapple_names_its_lists_and_bounds_them() -> None:
    from grapple.models import GraphQLField
    from grapple.settings import grapple_settings
    from grapple.types.interfaces import PageInterface

    assert 0 < grapple_settings.PAGE_SIZE <= grapple_settings.MAX_PAGE_SIZE
    lists = {"children", "siblings", "next_siblings", "descendants", "ancestors", "parent"}
    assert lists <= set(PageInterface._meta.fields)
    assert GraphQLField("lead", str, source="its_lead").field_source == "its_lead"
