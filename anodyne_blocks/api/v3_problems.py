"""What API v3 answers where it refuses, for the OpenAPI document: Wagtail describes none of it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from wagtail.api.v3.errors import PROBLEM_JSON, ProblemDetail

# In each place, and without its name: ninja keeps by name only what it describes as plain JSON.
_SCHEMA = {key: of for key, of in ProblemDetail.model_json_schema().items() if key != "title"}


def problems(*statuses: HTTPStatus) -> dict[str, Any]:
    """`openapi_extra` of an operation that may answer these."""
    content = {PROBLEM_JSON: {"schema": _SCHEMA}}
    return {
        "responses": {
            status.value: {"description": status.phrase, "content": content} for status in statuses
        }
    }
