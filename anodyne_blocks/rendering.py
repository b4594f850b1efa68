"""The HTML of elements, by the templates that themes override; kept where that is provably right.

An element is a value: in a template that reads nothing else, equal elements have equal HTML. Such a
template is told from its source (`purity`), and its HTML is kept in the process, a bounded number
of elements for each template. A template that reads more (the page, the request, a tag of the
site's own) is rendered every time, with all variables.
"""

from __future__ import annotations

from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from django.template.base import Template
from django.template.loader import get_template
from django.utils import translation
from django.utils.safestring import SafeString

from anodyne_blocks.context import ArticleContext
from anodyne_blocks.elements import ELEMENTS, Element
from anodyne_blocks.purity import reads_only_element

# Elements kept for each template.
KEPT = 1024
# Longer HTML is made each time: so a template keeps some megabytes at most.
LONGEST = 8_000

_OURS = frozenset(ELEMENTS)


class _Kept:
    """The HTML of one template's latest elements."""

    def __init__(self) -> None:
        self._html: dict[Element, SafeString] = {}
        # A shortcut for an element that is the very same object: its hash need not be made.
        self._by_identity: dict[int, tuple[Element, SafeString]] = {}
        self._lock = Lock()

    def get(self, element: Element) -> SafeString | None:
        same = self._by_identity.get(id(element))
        # Held and compared, because the identity of an object that is gone goes to another.
        if same is not None and same[0] is element:
            return same[1]
        with self._lock:
            html = self._html.get(element)
            if html is not None:
                self._note(element, html)
            return html

    def put(self, element: Element, html: SafeString) -> None:
        with self._lock:
            self._html[element] = html
            if len(self._html) > KEPT:
                # The oldest.
                del self._html[next(iter(self._html))]
            self._note(element, html)

    def _note(self, element: Element, html: SafeString) -> None:
        if len(self._by_identity) >= KEPT:
            self._by_identity.clear()
        self._by_identity[id(element)] = element, html


# By template object: when templates are loaded anew, what the old ones made is forgotten. None for
# a template that reads more than its element.
_kept: WeakKeyDictionary[Template, _Kept | None] = WeakKeyDictionary()


def html_of_element(
    template_name: str, element: Element, context: ArticleContext
) -> SafeString | None:
    """An element through a template that reads nothing else; None for a template that does.

    None also for an element of the site's own that does not say `keeps_html`: what it prints may
    depend on the clock or the time zone.
    """
    kind = type(element)
    if kind not in _OURS and not vars(kind).get("keeps_html"):
        return None
    if template_name not in context.templates:
        context.templates[template_name] = _pure(template_name)
    found = context.templates[template_name]
    if found is None:
        return None
    loaded, kept = found
    html = kept.get(element)
    if html is None:
        with translation.override(context.language):
            html = loaded.render({"element": element})
        if len(html) <= LONGEST:
            kept.put(element, html)
    return html


def _pure(template_name: str) -> tuple[Any, _Kept] | None:
    """A template that reads nothing but its element, with what it made before; else None."""
    loaded = get_template(template_name)
    template = getattr(loaded, "template", None)
    if not isinstance(template, Template):
        # Another engine's (Jinja2): only Django's language can be read here.
        return None
    if template not in _kept:
        _kept[template] = _Kept() if reads_only_element(template) else None
    kept = _kept[template]
    return None if kept is None else (loaded, kept)
