"""How long an article takes to read, by the reading speed of its language."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from anodyne_blocks.languages import variants

# Words per minute, silent reading of non-fiction: Brysbaert 2019, doi 10.1016/j.jml.2019.104047.
_SILENT = {
    "ar": 181,
    "de": 260,
    "en": 238,
    "es": 278,
    "fi": 195,
    "fr": 214,
    "he": 224,
    "it": 285,
    "ko": 226,
    "nl": 228,
    "sv": 218,
}
# Words per minute, aloud: IReST, Trauzettel-Klosinski & Dietz 2012, doi 10.1167/iovs.11-8284.
_ALOUD = {"pl": 166, "pt": 181, "ru": 184, "sl": 180, "tr": 166}
# Nobody has measured these; close enough to Swedish in word length to share its speed.
_ASSUMED = {"da": 218, "nb": 218, "nn": 218, "no": 218}

_WORDS_PER_MINUTE = {**_ASSUMED, **_ALOUD, **_SILENT}
# IReST, mean of 14 alphabetic languages: 68 ms for each character that is not a space.
_CHARACTERS_PER_MINUTE = 60 / 0.068
# Words of a spaced script within a text of a script without spaces (a brand in a Chinese text).
_FOREIGN_WORDS_PER_MINUTE = _SILENT["en"]
# Japanese: IReST. Chinese: no study counts characters silently; Medium and Hugo both use 500.
_HAN_PER_MINUTE = {"ja": 357}
_HAN_PER_MINUTE_DEFAULT = 500
# Written without spaces: a site's own speed for one of these is of characters.
_UNSPACED = frozenset(("zh", "ja", "th", "lo", "km", "my", "yue"))

# Chinese characters and kana; then Thai, Lao, Burmese and Khmer. Hangul is written with spaces.
_HAN = re.compile(
    "[\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
_SOUTH_EAST_ASIAN = re.compile("[\u0e01-\u0e4e\u0e81-\u0ece\u1000-\u1049\u1780-\u17d3]")
# From a letter or digit to the next space or dash: "don't" and "53,10" are one, "a—b" is two.
_WORD = re.compile(r"\w[^\s\u200b–—…/]*")

_UNREAD = re.compile(
    r"<(script|style|template)(?=[\s/>]).*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL | re.I
)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span"
    r"|strong|sub|sup|time|u|var|wbr)(?=[\s/>])[^<>]*>",
    re.I,
)
_TAG = re.compile(r"<[/!?]?[a-z][^<>]*>", re.I)
_SPACES = re.compile(r"[ \t\r\n\f]+")


def strip_html(html_text: str) -> str:
    """The plain text of `html_text`: no markup, entities resolved, runs of spaces made one.

    Words of neighbouring blocks stay apart ("<p>a</p><p>b</p>" is "a b"), a word with markup inside
    stays whole, and what a browser does not print (script, style, template, comments) is left out.
    The result is text, not safe HTML: escape it before printing.
    """
    return _SPACES.sub(" ", _without_markup(html_text)).strip()


def _without_markup(text: str) -> str:
    if "<" in text:
        text = _UNREAD.sub(" ", text)
        text = _INLINE.sub("", text)
        text = _TAG.sub(" ", text)
    return html.unescape(text)


def _text_minutes(text: str, language: str, speeds: Mapping[str, int]) -> float:
    base = language.replace("_", "-").split("-")[0].lower()
    own = next((speeds[code] for code in (*variants(language), base) if code in speeds), None)
    speed = own or _WORDS_PER_MINUTE.get(base)
    han: float = _HAN_PER_MINUTE.get(base, _HAN_PER_MINUTE_DEFAULT)
    south_east_asian = _CHARACTERS_PER_MINUTE
    if base in _UNSPACED:
        speed = _FOREIGN_WORDS_PER_MINUTE
        han, south_east_asian = own or han, own or south_east_asian
    minutes = 0.0
    if not text.isascii():
        text, characters = _HAN.subn(" ", text)
        minutes += characters / han
        text, characters = _SOUTH_EAST_ASIAN.subn(" ", text)
        minutes += characters / south_east_asian
    if speed:
        return minutes + len(_WORD.findall(text)) / speed
    return minutes + len("".join(text.split())) / _CHARACTERS_PER_MINUTE


def reading_minutes(
    text_or_texts: str | Iterable[str],
    language: str,
    images: int = 0,
    speeds: Mapping[str, int] = MappingProxyType({}),
) -> int:
    """Whole minutes, rounded up and at least 1, to read HTML or plain text in `language`.

    `language` is a Django code. Words are counted at the speed of the language; scripts without
    spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) by characters, wherever they occur; a
    language that nobody has measured by characters too. `images` are those that belong to the
    content: the first adds 12 seconds, each further one a second less, down to 3 (Medium's rule).
    `speeds`, in words per minute by language code (characters for languages without spaces), come
    before the package's own.
    """
    texts = (text_or_texts,) if isinstance(text_or_texts, str) else text_or_texts
    minutes = _text_minutes("\n".join(map(_without_markup, texts)), language, speeds)
    minutes += sum(max(12 - position, 3) for position in range(images)) / 60
    return max(1, math.ceil(minutes))


def count_words(texts: Iterable[str]) -> int:
    """The words of HTML or plain texts; a Chinese character or kana counts as one."""
    text, characters = _HAN.subn(" ", "\n".join(map(_without_markup, texts)))
    return characters + len(_WORD.findall(text))


def iso_duration(minutes: int, seconds: int = 0) -> str:
    """Minutes as an ISO 8601 duration, for schema.org's `timeRequired`: 6 is "PT6M".

    With seconds, as of a step that takes less than whole minutes: "PT1M30S", "PT30S".
    """
    if minutes < 0 or seconds < 0:
        raise ValueError(f"A duration cannot be negative: {minutes}, {seconds}.")
    if not seconds:
        return f"PT{minutes}M"
    return f"PT{minutes}M{seconds}S" if minutes else f"PT{seconds}S"
