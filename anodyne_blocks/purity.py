"""Whether a template reads nothing but its element: told from its source, never by rendering it.

Whatever is not understood here counts as reading more, and costs only time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.base import Lexer, Template, Token, TokenType
from django.template.loader_tags import construct_relative_path
from django.template.loaders.cached import Loader

Names = frozenset[str]

_ELEMENT: Names = frozenset({"element"})
# Tags that name nothing, and read nothing.
_PLAIN = frozenset({"else", "endif", "spaceless", "endspaceless"})
_ENDS = frozenset({"endfor", "endwith", "endblock"})
_FILTERS = frozenset(
    "safe escape default default_if_none length lower upper title capfirst join first last"
    " linebreaks linebreaksbr striptags truncatechars truncatewords stringformat yesno urlencode"
    " add slice".split()
)
_LITERALS = frozenset({"True", "False", "None"})
_OPERATORS = frozenset("and or not in is".split())
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
# A name that stands for a variable: not an attribute, not a filter.
_NAME = re.compile(r"(?<![\w.|])[^\W\d]\w*")
_FILTER = re.compile(r"\|\s*(\w+)")
_ASSIGNMENT = re.compile(r"(\w+)=(.+)", re.DOTALL)


class _ReadsMore(Exception):
    """The template reads more than its element, or is not understood."""


def reads_only_element(template: Template) -> bool:
    """Whether a template, with all that it extends and includes, depends on its element alone."""
    loaders = template.engine.template_loaders
    if len(loaders) != 1 or not isinstance(loaders[0], Loader):
        # A loader that is asked each time may have another file for each site.
        return False
    try:
        _File(template, _ELEMENT, ()).check()
    except _ReadsMore:
        return False
    return True


class _File:
    """One template file, in which the names in `given` depend on the element alone.

    `opened` are the files that led to it. `heirs` are those that extend it, which Django's extends
    tag passes over: a template may extend the next one of its own name.
    """

    def __init__(
        self,
        template: Template,
        given: Names,
        opened: tuple[Template, ...],
        heirs: tuple[Template, ...] = (),
    ) -> None:
        if any(other is template for other in opened):
            raise _ReadsMore
        self.template = template
        self.opened = (*opened, template)
        self.heirs = (*heirs, template)
        # The names that are known, with those of each open tag added.
        self.known = [given]

    def check(self) -> None:
        is_comment = False
        for token in Lexer(self.template.source).tokenize():
            is_tag = token.token_type is TokenType.BLOCK
            if is_comment or (is_tag and token.split_contents()[0] == "comment"):
                is_comment = not (is_tag and token.contents == "endcomment")
            elif token.token_type is TokenType.VAR:
                self._reads(token.contents)
            elif is_tag:
                self._tag(token)

    def _tag(self, token: Token) -> None:
        tag, *parts = token.split_contents()
        if tag in _ENDS:
            self._close()
        elif tag in ("if", "elif"):
            self._reads(token.contents.partition(" ")[2], _OPERATORS)
        elif tag == "firstof":
            for part in parts:
                self._reads(part)
        elif tag == "block":
            self._open({"block"})
        elif tag == "for":
            names, _, values = token.contents.partition(" ")[2].partition(" in ")
            self._reads(values.removesuffix(" reversed"))
            self._open({"forloop", *re.findall(r"\w+", names)})
        elif tag == "empty":
            self._close()
            self._open(())
        elif tag == "with":
            self._open(self._assigned(parts))
        elif tag == "include":
            self._include(parts)
        elif tag == "extends":
            _File(self._named(parts, self.heirs), self.known[-1], self.opened, self.heirs).check()
        elif tag not in _PLAIN:
            raise _ReadsMore

    def _include(self, parts: list[str]) -> None:
        name, *rest = parts or [""]
        is_alone = "only" in rest
        rest = [part for part in rest if part != "only"]
        given = self._assigned(rest[1:]) if rest[:1] == ["with"] else frozenset(rest)
        if given and rest[0] != "with":
            raise _ReadsMore
        _File(
            self._named([name]), given if is_alone else self.known[-1] | given, self.opened
        ).check()

    def _named(self, parts: list[str], heirs: tuple[Template, ...] = ()) -> Template:
        """The template that a tag names by a plain string."""
        if len(parts) != 1 or not _STRING.fullmatch(parts[0]):
            raise _ReadsMore
        try:
            name = construct_relative_path(self.template.name, parts[0]).strip("\"'")
            skip = [heir.origin for heir in heirs]
            return self.template.engine.find_template(name, skip=skip or None)[0]
        except (TemplateDoesNotExist, TemplateSyntaxError):
            raise _ReadsMore from None

    def _assigned(self, parts: list[str]) -> Names:
        """The names that "name=value" gives."""
        found = [_ASSIGNMENT.fullmatch(part) for part in parts]
        if not all(found):
            raise _ReadsMore
        for match in found:
            self._reads(match[2])
        return frozenset(match[1] for match in found)

    def _reads(self, expression: str, words: Names = frozenset()) -> None:
        bare = _STRING.sub("", expression)
        known = self.known[-1] | _LITERALS | words
        if not set(_FILTER.findall(bare)) <= _FILTERS or not set(_NAME.findall(bare)) <= known:
            raise _ReadsMore

    def _open(self, names: Iterable[str]) -> None:
        self.known.append(self.known[-1] | frozenset(names))

    def _close(self) -> None:
        self.known.pop()
