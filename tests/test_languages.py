"""No reader meets a word of another language: every element in every language, all catalogues."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from django.conf import settings
from django.utils import translation

import anodyne_blocks
from anodyne_blocks import conf
from anodyne_blocks.article import CONTEXT_KEY, Article
from anodyne_blocks.blocks import ArticleBody, ElementBlock

LOCALE = Path(anodyne_blocks.__file__).parent / "locale"
LANGUAGES = [code for code, _ in settings.LANGUAGES]
BLOCKS = ArticleBody().child_blocks
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|<[^>]+>")


@cache
def catalogue(language: str) -> Any:
    """The package's message catalogue of a language."""
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def words(language: str, readers_only: bool) -> frozenset[str]:
    """The texts of a catalogue, cut at placeholders and tags, of three letters at least."""
    found = set()
    for message in catalogue(language):
        if not message.id or (readers_only and message.context != "reader"):
            continue
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in texts:
            found.update(piece.strip(" .,:;·()") for piece in _PLACEHOLDER.split(text))
    return frozenset(piece for piece in found if len(re.findall(r"\w", piece)) >= 3)


def visible(html: str) -> str:
    """What a reader sees or hears: text, and the texts in attributes."""
    soup = BeautifulSoup(html, "html.parser")
    attributes = [
        str(tag[name])
        for tag in soup.find_all(True)
        for name in ("aria-label", "alt", "title", "data-anodyne-copied")
        if tag.get(name)
    ]
    return " ".join([soup.get_text(" "), *attributes])


def foreign(text: str, language: str) -> dict[str, str]:
    """Words of other languages' catalogues in a text, that this language's own lacks."""
    own = " ".join(words(language, False)).casefold()
    return {
        piece: other
        for other in LANGUAGES
        if other != language
        for piece in words(other, True)
        if piece.casefold() not in own and re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", text)
    }


def variants(block: ElementBlock) -> list[dict[str, Any]]:
    """Changes to the preview's value that bring further words to light."""
    children = block.child_blocks
    changes: list[dict[str, Any]] = [{}]
    if "relationship" in children:
        changes += [{"relationship": "ad"}, {"relationship": "affiliate"}]
        changes += [{"layout": layout} for layout in ("card", "compact")]
    return changes


def article_context(language: str) -> Article:
    """A context in a language; the test settings' markets do not cover all languages."""
    market = conf.market_for_language(language) or conf.markets()["nl"]
    return Article(language, market, is_preview=True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BLOCKS)
def test_an_element_shows_no_word_of_another_language(name: str, language: str, rf, settings):
    block = BLOCKS[name]
    for change in variants(block):
        with translation.override(language):
            value = block.get_preview_value()
        value.update(change)
        # The request has another language than the page.
        with translation.override("da" if language != "da" else "nl"):
            html = block.render(value, {CONTEXT_KEY: article_context(language)})
        assert html
        assert foreign(visible(html), language) == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "state", ["out_of_stock", "low_stock", "preorder", "backorder", "gone", "old"]
)
def test_a_card_in_every_state_speaks_one_language(language: str, state: str):
    block = BLOCKS["product_card"]
    with translation.override(language):
        value = block.get_preview_value()
    context = article_context(language)
    product = value["product"]
    offer = product.fetched_offers[context.market.key]
    offer.unit_price, offer.unit_measure = offer.price, "100 ml"
    offer.tax_included = False
    if state == "gone":
        offer.withdrawn_at = offer.checked_at
    elif state == "old":
        product.shop = "webshop"
        offer.checked_at = offer.checked_at.replace(year=2020)
    else:
        offer.availability = state
    html = block.render(value, {CONTEXT_KEY: context})
    assert html
    assert foreign(visible(html), language) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated(language: str):
    missing = [
        message.id
        for message in catalogue(language)
        if message.id
        and (
            message.fuzzy
            or not all(message.string if isinstance(message.string, tuple) else (message.string,))
        )
    ]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_those_of_the_language(language: str):
    forms = {len(m.string) for m in catalogue(language) if isinstance(m.string, tuple)}
    assert forms == {catalogue(language).num_plurals}


def test_a_planted_foreign_word_is_found():
    with translation.override("da"):
        danish = next(iter(sorted(words("da", True) - words("nl", False), key=len, reverse=True)))
    assert danish in foreign(f"De prijs {danish} is goed", "nl")


def test_english_says_what_the_source_says():
    different = [
        message.id for message in catalogue("en") if message.id and message.string != message.id
    ]
    assert different == []
