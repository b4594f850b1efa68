"""The HTML of elements, by the templates that themes override; kept where that is provably right.

An element is a value: in a template that reads nothing else, equal elements have equal HTML. Such a
template is told from its source (`reads_only_element`), and its HTML is kept in the process, a
bounded number of elements for each template. A template that reads more (the page, the request, a
tag of the site's own) is rendered every time, with all variables.
"""

from __future__ import annotations

import re
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from django.template.base import Lexer, Template, TokenType
from django.template.loader import get_template
from django.utils import translation
from django.utils.safestring import SafeString

from anodyne_blocks.context import ArticleContext
from anodyne_blocks.elements import Element

# Elements kept for each template: some megabytes at most.
KEPT = 1024

_TAGS = frozenset(
    "if elif else endif for empty endfor block endblock extends include with endwith comment"
    " endcomment spaceless endspaceless firstof".split()
)
_FILTERS = frozenset(
    "safe escape default default_if_none length lower upper title capfirst join first last"
    " linebreaks linebreaksbr striptags truncatechars truncatewords stringformat yesno urlencode"
    " add slice".split()
)
_WORDS = frozenset(
    "element forloop block and or not in is as with only True False None reversed super".split()
)
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
# A name that stands for a variable: not an attribute, not a filter, not the target of name=value.
_NAME = re.compile(r"(?<![\w.|])[A-Za-z_]\w*(?!\w)(?!\s*=(?!=))")
_FILTER = re.compile(r"\|\s*(\w+)")


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
    """An element through a template that reads nothing else; None for a template that does."""
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


def reads_only_element(template: Template) -> bool:
    """Whether a template, with all that it extends and includes, depends on its element alone."""
    known = set(_WORDS)
    for token in Lexer(template.source).tokenize():
        if token.token_type not in (TokenType.VAR, TokenType.BLOCK):
            continue
        content = token.contents
        if token.token_type is TokenType.BLOCK:
            tag, _, content = content.partition(" ")
            if tag not in _TAGS:
                return False
            if tag in ("extends", "include") and not _is_pure_file(content, template):
                return False
            if tag in ("block", "endblock", "comment"):
                continue
            if tag == "for":
                known.update(re.findall(r"\w+", content.split(" in ")[0]))
            if tag in ("with", "include"):
                known.update(re.findall(r"(\w+)\s*=", content))
        bare = _STRING.sub("", content)
        if not set(_FILTER.findall(bare)) <= _FILTERS or not set(_NAME.findall(bare)) <= known:
            return False
    return True


def _is_pure_file(content: str, template: Template) -> bool:
    """Whether the template that a tag names by a string is pure; one named by a variable is not."""
    name = _STRING.match(content.strip())
    if name is None:
        return False
    # A template may extend the next one of its own name, as Django's extends tag does.
    skip = [template.origin] if template.origin.loader else None
    other, _ = template.engine.find_template(name.group()[1:-1], skip=skip)
    return reads_only_element(other)
