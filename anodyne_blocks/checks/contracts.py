"""The contract between templates and elements, and a check of overrides that break it.

The first line of each packaged template names it: `{# anodyne_blocks: faq, contract 1.0 #}`. It
changes with what a template must print or may use: an element's field, a block, a class. See
`article.rendering` for what else the line may say. An override may be one of Jinja2, whose comments
look the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.core.checks import CheckMessage, Tags, register
from django.template import TemplateDoesNotExist, engines
from django.template.backends.django import DjangoTemplates

from anodyne_blocks.article.rendering import Contract
from anodyne_blocks.checks.messages import Messages, warning

_MARK = (
    "Where element.other_language is set, give what its fields name the attributes lang and dir."
)
_MARK_CARDS = f"{_MARK} Its products have it."
# {contract: {template: what a theme must change to fulfil it}}
CHANGES: dict[str, dict[str, str]] = {
    "1.1": {
        "product_card": (
            "Print element.price_text in place of element.price.formatted, which does not say"
            ' "from", and element.condition.text where element.condition is set.'
        ),
    },
    "1.2": {
        "sources": (
            "Print each source's number (it need not be its place in the list) and its mentions,"
            " the links back to where the text cites it."
        ),
    },
    "1.3": {
        "sources": "Print source.printed in place of source.title: a citation style may quote it.",
        "product_card": (
            f"{_MARK} Give the card data-anodyne-item, data-market, data-price and data-currency,"
            " and its links data-anodyne-link, for the events of anodyne-events.js. Print both"
            " parts of element.folded_text where it has them: the stylesheet cuts no text."
        ),
        "reviewer": (
            "Where element.other_language is set, give what its fields name the attributes lang"
            " and dir: print element.position so, and element.experience after it, in place of"
            " element.role. Give the box the id element.anchor, to which the byline leads."
        ),
        "shop_rating": _MARK,
        "notice": _MARK,
        "product_comparison": _MARK_CARDS,
        "product_verdict": _MARK_CARDS,
        "picks": f"{_MARK} Picks and their products have it.",
        "byline": "Print element.disclosure, element.reviewer and element.portraits where set.",
        "contents": "Print element.name as the aria-label: each table of a page has its own.",
        "product_grid": "Give the section data-anodyne-list, the anchor of the grid.",
    },
}

TEMPLATES = Path(__file__).parent.parent / "templates" / "anodyne_blocks"

Version = tuple[int, int]


@register(Tags.templates, "anodyne_blocks")
def check_overrides(**kwargs: Any) -> list[CheckMessage]:
    """A warning for each override that names an older contract, or none, or is never used."""
    return [found for path in sorted(TEMPLATES.glob("*.html")) for found in _check(path)]


def _check(path: Path) -> Messages:
    packaged = path.read_text(encoding="utf-8")
    present = Contract.of(packaged)
    found = list(_found(f"anodyne_blocks/{path.name}"))
    if present is None or not found:
        return
    origin, source, _engine = found[0]
    if Path(origin).is_relative_to(TEMPLATES):
        for shadowed in found[1:]:
            yield warning(
                14,
                f"The template {shadowed.origin} is never used: the package's own is found before"
                " it.",
                "In INSTALLED_APPS, put your own apps before anodyne_blocks."
                if shadowed.engine == found[0].engine
                else f"In TEMPLATES, put the engine {shadowed.engine!r} before"
                f" {found[0].engine!r}.",
            )
        return
    written = Contract.of(source)
    new = "{}.{}".format(*present.version)
    line = f"{{# anodyne_blocks: {path.stem}, contract {new} #}}"
    if written is None:
        yield warning(
            11,
            f"The template {origin} does not say for which contract it was written.",
            f"Compare it with the package's own and make this its first line: {line}",
        )
    elif written.version < present.version:
        changes = " ".join(_changes(path.stem, written.version, present.version))
        old = "{}.{}".format(*written.version)
        yield warning(
            10,
            f"The template {origin} was written for contract {old}; now it is {new}.",
            f"{changes} Then make this its first line: {line}".lstrip(),
        )


def _changes(template: str, after: Version, up_to: Version) -> Iterator[str]:
    for contract, texts in CHANGES.items():
        major, minor = contract.split(".")
        if after < (int(major), int(minor)) <= up_to and template in texts:
            yield texts[template]


class Found(NamedTuple):
    """A template of a name: where it is, what it says, and whose it is (see `TEMPLATES`)."""

    origin: str
    source: str
    engine: str


def _found(name: str) -> Iterator[Found]:
    """The templates of a name, the one that Django takes first."""
    for engine in engines.all():
        sources = _of_django if isinstance(engine, DjangoTemplates) else _of_jinja2
        for origin, source in sources(engine, name):
            yield Found(origin, source, engine.name)


def _of_django(engine: Any, name: str) -> Iterator[tuple[str, str]]:
    for loader in engine.engine.template_loaders:
        for origin in loader.get_template_sources(name):
            try:
                yield origin.name, loader.get_contents(origin)
            except TemplateDoesNotExist:
                continue


def _of_jinja2(engine: Any, name: str) -> Iterator[tuple[str, str]]:
    """None of an engine that is neither; Jinja2 need not be installed."""
    environment = getattr(engine, "env", None)
    loader = getattr(environment, "loader", None)
    if loader is None:
        return
    try:
        source, path, _is_current = loader.get_source(environment, name)
    except LookupError:
        return
    yield path or name, source
