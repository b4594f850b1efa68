"""The HTML of elements, by the templates that themes override; kept where a template declares it.

An element is a value: in a template that reads nothing else, equal elements have equal HTML. Such a
template says so in its first line (`reads element`). It is given its element alone, so that whoever
says so wrongly sees it at once, and its HTML is kept in the process. Any other template is rendered
every time, with all variables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from anodyne_blocks.article.article import Article
from anodyne_blocks.elements.base import Element

# Elements kept for each template.
KEPT = 1024
# Longer HTML is made each time: so a template keeps some megabytes at most.
LONGEST = 8_000

_LINE = re.compile(r"{#\s*anodyne_blocks: (\w+), contract (\d+)\.(\d+)(, reads element)?\s*#}")

# By template: when templates are loaded anew, what the old ones made is forgotten. None for one
# that reads more than its element.
_kept: WeakKeyDictionary[Any, dict[Element, SafeString] | None] = WeakKeyDictionary()


class Contract(NamedTuple):
    """The first line of a template: `{# anodyne_blocks: faq, contract 1.0, reads element #}`."""

    version: tuple[int, int]
    reads_element: bool

    @classmethod
    def of(cls, source: str) -> Contract | None:
        """What a template's first line says; None without one."""
        match = _LINE.match(source)
        return match and cls((int(match[2]), int(match[3])), bool(match[4]))


def html_of_element(
    template_name: str, article: Article, variables: Mapping[str, Any]
) -> SafeString:
    """The variable `element` through a template, in the active language.

    The article keeps the template, which Django looks for anew each time.
    """
    known = article.templates
    if template_name not in known:
        known[template_name] = get_template(template_name)
    template = known[template_name]
    kept = _kept_by(template)
    if kept is None:
        # That of another engine (Jinja2) says of no HTML that it is some.
        return mark_safe(template.render(dict(variables)))  # noqa: S308
    element: Any = variables.get("element")
    try:
        html = kept.get(element)
    except TypeError:
        # An element of the site's own that holds a list, or the like.
        return template.render({"element": element})
    if html is None:
        html = template.render({"element": element})
        if len(html) <= LONGEST:
            if len(kept) >= KEPT:
                kept.clear()
            kept[element] = html
    return html


def _kept_by(loaded: Any) -> dict[Element, SafeString] | None:
    """What a template has made; None for one that does not declare that it reads its element alone.

    Only Django's own have a source to say it in.
    """
    template = getattr(loaded, "template", loaded)
    try:
        return _kept[template]
    except KeyError:
        contract = Contract.of(getattr(template, "source", ""))
        _kept[template] = {} if contract and contract.reads_element else None
        return _kept[template]
