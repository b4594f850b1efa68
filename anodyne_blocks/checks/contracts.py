"""The contract between templates and elements, and a check of overrides that break it.

The first line of each packaged template names it: `{# anodyne_blocks: faq, contract 1.0 #}`. It
changes with what a template must print or may use: an element's field, a block, a class. See
`article.rendering` for what else the line may say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.checks import Tags, Warning, register
from django.template import TemplateDoesNotExist, engines
from django.template.backends.django import DjangoTemplates

from anodyne_blocks.article.rendering import Contract

# {contract: {template: what a theme must change to fulfil it}}
CHANGES: dict[str, dict[str, str]] = {
    "1.1": {
        "product_card": (
            "Print element.price_text in place of element.price.formatted, which does not say"
            ' "from", and element.condition.text where element.condition is set.'
        ),
    },
}

TEMPLATES = Path(__file__).parent.parent / "templates" / "anodyne_blocks"

Version = tuple[int, int]


@register(Tags.templates, "anodyne_blocks")
def check_overrides(**kwargs: Any) -> list[Warning]:
    """A warning for each override that names an older contract, or none, or is never used."""
    return [warning for path in sorted(TEMPLATES.glob("*.html")) for warning in _check(path)]


def _check(path: Path) -> Iterator[Warning]:
    packaged = path.read_text(encoding="utf-8")
    present = Contract.of(packaged)
    found = list(_found(f"anodyne_blocks/{path.name}"))
    if present is None or not found:
        return
    origin, source = found[0]
    if Path(origin).is_relative_to(TEMPLATES):
        for shadowed, _source in found[1:]:
            yield Warning(
                f"The template {shadowed} is never used: the package's own is found before it.",
                hint="In INSTALLED_APPS, put your own apps before anodyne_blocks.",
                id="anodyne_blocks.W014",
            )
        return
    written = Contract.of(source)
    new = "{}.{}".format(*present.version)
    line = f"{{# anodyne_blocks: {path.stem}, contract {new} #}}"
    if written is None:
        yield Warning(
            f"The template {origin} does not say for which contract it was written.",
            hint=f"Compare it with the package's own and make this its first line: {line}",
            id="anodyne_blocks.W011",
        )
    elif written.version < present.version:
        changes = " ".join(_changes(path.stem, written.version, present.version))
        old = "{}.{}".format(*written.version)
        yield Warning(
            f"The template {origin} was written for contract {old}; now it is {new}.",
            hint=f"{changes} Then make this its first line: {line}".lstrip(),
            id="anodyne_blocks.W010",
        )


def _changes(template: str, after: Version, up_to: Version) -> Iterator[str]:
    for contract, texts in CHANGES.items():
        major, minor = contract.split(".")
        if after < (int(major), int(minor)) <= up_to and template in texts:
            yield texts[template]


def _found(name: str) -> Iterator[tuple[str, str]]:
    """(origin, source) of each template of a name, the one that Django takes first."""
    for engine in engines.all():
        if not isinstance(engine, DjangoTemplates):
            continue
        # Every loader has `get_contents`, but their common base class.
        loaders: Iterable[Any] = engine.engine.template_loaders
        for loader in loaders:
            for origin in loader.get_template_sources(name):
                try:
                    yield origin.name, loader.get_contents(origin)
                except TemplateDoesNotExist:
                    continue
