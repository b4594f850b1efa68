"""Language codes, and which of them stand for one another."""

from __future__ import annotations

from functools import lru_cache

from django.conf.locale import LANG_INFO

# Django has no fallback for these: Chinese is told by its script, Norwegian is Bokmål.
_USUAL = {"no": "nb", "zh": "zh-hans"}


@lru_cache(maxsize=256)
def variants(language: str) -> tuple[str, ...]:
    """A language code and those whose words stand for it: "de-ch", "de"; "zh-cn", "zh-hans".

    Never a code of another script: "sr-latn" is not read by readers of "sr".
    """
    found: list[str] = []
    code = language.replace("_", "-").lower()
    while code and code not in found:
        found.append(code)
        known = LANG_INFO.get(code, {}).get("fallback") or [_USUAL.get(code) or _shorter(code)]
        code = known[0]
    return tuple(found)


@lru_cache(maxsize=1024)
def other_than(language: str, own: str) -> str:
    """`own`, where it is another language than `language`; "" for regions of one ("en-us", "en").

    Two scripts are two languages, as in `variants`.
    """
    return own if set(variants(language)).isdisjoint(variants(own)) else ""


def _shorter(code: str) -> str:
    """A code without its region; "" for one that ends in a script, or is a bare language."""
    rest, _, last = code.rpartition("-")
    return "" if len(last) == 4 and last.isalpha() else rest
