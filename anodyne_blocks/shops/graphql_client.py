"""GraphQL over the shops' HTTP client: an answer without errors, or a `ShopError`.

A GraphQL server reports errors with status 200, with or without a part of the data beside them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from anodyne_blocks.shops.base import DATA_ERRORS, ShopError, Unknown
from anodyne_blocks.shops.http import HttpClient, HttpError

THROTTLED = "THROTTLED"
_MAX_NAMED = 3


class GraphQLError(ShopError):
    """The server answered with errors.

    `codes` are the errors' `extensions.code`, the only thing to decide by: a message is in any
    language and may hold a credential, so none is kept. `data` is the part of the data that came
    nevertheless, or None.
    """

    def __init__(self, reason: str, errors: list[Any], data: Any, wait: float | None) -> None:
        super().__init__(reason, wait)
        self.codes = tuple(_code(error) for error in errors)
        self.data = data if isinstance(data, dict) else None
        self._paths = [_path(error) for error in errors]

    def touches(self, *path: str | int) -> bool:
        """Whether an error lies at, above or below `path` in the data, or says no path at all."""
        return any(_begins(path, given) or _begins(given, path) for given in self._paths)


def ask(
    client: HttpClient,
    url: str,
    query: str,
    variables: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The `data` of the answer to `query`, numbers with a point as `Decimal`.

    `GraphQLError` when the answer has any errors, with whatever status; then its `data` may be
    used where `touches` says that no error lies. `HttpError` when there is no GraphQL answer.
    """
    try:
        answer = client.post_json(url, {"query": query, "variables": variables or {}}, headers)
    except HttpError as error:
        answer = _refusal(error.body)
        if not answer:
            raise
        raise _error(answer, error.retry_after, error.reason) from None
    if not isinstance(answer, dict):
        raise ShopError("The shop's answer is no GraphQL answer.")
    if answer.get("errors"):
        raise _error(answer, _seconds_to_wait(answer), "The shop answered with an error.")
    if not isinstance(answer.get("data"), dict):
        raise ShopError("The shop's answer holds no data.")
    return answer["data"]


def ask_partly(
    client: HttpClient,
    url: str,
    query: str,
    variables: Mapping[str, Any],
) -> tuple[dict[str, Any], GraphQLError | None]:
    """What `ask` gives, and the error beside it if a part is missing; `pick` reads both."""
    try:
        return ask(client, url, query, variables), None
    except GraphQLError as error:
        if error.data is None:
            raise
        return error.data, error


def pick(
    external_id: str, data: Mapping[str, Any], error: GraphQLError | None, *path: str | int
) -> Any:
    """What `data` holds at `path`; `Unknown` with this id when `error` lies there."""
    if error and error.touches(*path):
        return Unknown(external_id, error.reason, error.retry_after)
    found: Any = data
    for step in path:
        found = found[step]
    return found


def _refusal(body: bytes) -> dict[str, Any]:
    """An answer with errors below the status of an error; empty when `body` is something else."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) and isinstance(answer.get("errors"), list) else {}


def _error(answer: dict[str, Any], wait: float | None, reason: str) -> GraphQLError:
    errors = answer["errors"] if isinstance(answer["errors"], list) else [answer["errors"]]
    if any(_code(error) == THROTTLED for error in errors):
        reason = "The shop asks for fewer requests."
    named = list(dict.fromkeys(filter(None, (_code(error) for error in errors))))[:_MAX_NAMED]
    if named:
        reason = f"{reason.rstrip('.')} ({', '.join(named)})."
    return GraphQLError(reason, errors, answer.get("data"), wait)


def _code(error: Any) -> str:
    try:
        extensions = error["extensions"]
        # Saleor names the class of its exception there, and has no code of its own.
        code = extensions.get("code") or extensions["exception"]["code"]
    except DATA_ERRORS:
        return ""
    return code if isinstance(code, str) and re.fullmatch(r"\w{1,60}", code) else ""


def _path(error: Any) -> tuple[Any, ...]:
    path = error.get("path") if isinstance(error, dict) else None
    return tuple(path) if isinstance(path, list) else ()


def _begins(path: tuple[Any, ...], start: tuple[Any, ...]) -> bool:
    return path[: len(start)] == start


def _seconds_to_wait(answer: dict[str, Any]) -> float | None:
    """Seconds until a cost-limited server has refilled what this query costs, if it says so."""
    try:
        cost = answer["extensions"]["cost"]
        bucket = cost["throttleStatus"]
        missing = cost["requestedQueryCost"] - bucket["currentlyAvailable"]
        return max(0.0, float(missing / bucket["restoreRate"]))
    except DATA_ERRORS:
        return None
