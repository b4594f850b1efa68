"""No reader meets a word of another language: every element in every language, all catalogues."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from django.conf import settings
from django.utils import translation
from django.utils.autoreload import file_changed
from django.utils.translation import to_locale

import anodyne_blocks
from anodyne_blocks import conf
from anodyne_blocks.article import CONTEXT_KEY, Article
from anodyne_blocks.blocks import ArticleBody, ElementBlock
from tests import factories

LOCALE = Path(anodyne_blocks.__file__).parent / "locale"
LANGUAGES = [code for code, _ in settings.LANGUAGES]
BLOCKS = ArticleBody().child_blocks
OWN_LETTERS = {
    "ar": "[\u0600-\u06ff]",
    "el": "[\u0370-\u03ff]",
    "ja": "[\u3040-\u30ff\u4e00-\u9fff]",
    "uk": "[\u0400-\u04ff]",
    "zh-hans": "[\u4e00-\u9fff]",
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|<[^>]+>")


@cache
def catalogue(language: str) -> Any:
    """The package's message catalogue of a language."""
    locale = to_locale(language)
    with (LOCALE / locale / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=locale)


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


@cache
def _words_of_others(language: str) -> re.Pattern[str]:
    """Finds the words for readers of all other languages that this language's own lacks."""
    own = " ".join(words(language, False)).casefold() if language in LANGUAGES else ""
    pieces = {
        piece
        for other in LANGUAGES
        for piece in words(other, True)
        if other != language and piece.casefold() not in own
    }
    longest_first = sorted(pieces, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def foreign(text: str, language: str) -> list[str]:
    """Words of other languages' catalogues in a text, that this language's own lacks."""
    return _words_of_others(language).findall(text)


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
def test_elements_show_no_word_of_another_language(language: str):
    for name, block in BLOCKS.items():
        for change in variants(block):
            with translation.override(language):
                value = block.get_preview_value()
            value.update(change)
            # The request has another language than the page.
            with translation.override("da" if language != "da" else "nl"):
                html = block.render(value, {CONTEXT_KEY: article_context(language)})
            assert html, name
            assert foreign(visible(html), language) == [], name


@pytest.mark.django_db
def test_snippets_that_nobody_has_translated_show_no_foreign_word(settings: Any) -> None:
    """People, ratings and offers whose words are those of another language's catalogue."""
    for language in LANGUAGES:
        other = "da" if language != "da" else "nl"
        own = " ".join(words(language, False)).casefold()
        said = " ".join(sorted(w for w in words(other, True) if w.casefold() not in own))[:120]
        market = {"LOCALES": [other, language], "COUNTRY": "DK", "CURRENCY": "DKK"}
        factories.setting(settings, MARKETS={other: market})
        link = {"type": "link", "value": {"text": said, "url": "https://register.example/"}}
        texts = dict.fromkeys(("credentials", "job_title", "organisation"), said[:90])
        person = factories.person("Ada", other, bio=f"<p>{said}</p>", links=[link], **texts)
        product = factories.product(other)
        factories.change_offer(product, other, title="Ada 7", description=said, image_alt=said)
        shown = factories.page(
            ("reviewer", {"person": person.pk, "reviewed": "2025-10-25"}),
            ("byline", {"authors": [{"person": person.pk, "organisation": ""}]}),
            ("shop_rating", {"rating": factories.rating("Ada", other, verification=said).pk}),
            ("product_card", {"product": product.pk}),
            language=language,
        )
        html = visible(factories.render("{% include_block page.body %}", page=shown))
        # Name, byline, rating, and the title of the card and of its button.
        assert html.count("Ada") >= 5, language
        assert foreign(said, language) and foreign(html, language) == [], language


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_in_every_state_speaks_one_language(language: str):
    for state in ("out_of_stock", "low_stock", "preorder", "backorder", "gone", "old"):
        html = card_in(language, state)
        assert html, state
        assert foreign(visible(html), language) == [], state


def card_in(language: str, state: str) -> str:
    """The card of a product that is used, taxed apart, sold by measure, and in this state."""
    block = BLOCKS["product_card"]
    with translation.override(language):
        value = block.get_preview_value()
    context = article_context(language)
    product = value["product"]
    offer = product.fetched_offers[context.market.key]
    offer.unit_price, offer.unit_measure = offer.price, "100 sheet"
    offer.tax_included, offer.condition, offer.is_from = False, "used", True
    if state == "gone":
        offer.withdrawn_at = offer.checked_at
    elif state == "old":
        product.shop = "webshop"
        offer.checked_at = offer.checked_at.replace(year=2020)
    else:
        offer.availability = state
    return block.render(value, {CONTEXT_KEY: context})


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
def test_placeholders_and_markup_are_those_of_the_text(language: str):
    """A form for one number only may leave the number out ("one day")."""
    wrong = []
    for message in catalogue(language):
        if isinstance(message.id, str):
            if message.id and placed(message.string) != placed(message.id):
                wrong.append(message.string)
        else:
            most = set(placed(message.id[1]))
            wrong += [text for text in message.string if not set(placed(text)) <= most]
    assert wrong == []


def placed(text: str) -> list[str]:
    """The placeholders and tags of a text, sorted."""
    return sorted(_PLACEHOLDER.findall(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_those_of_the_language(language: str):
    forms = {len(m.string) for m in catalogue(language) if isinstance(m.string, tuple)}
    assert forms == {catalogue(language).num_plurals}


def test_a_planted_foreign_word_is_found():
    with translation.override("da"):
        danish = next(iter(sorted(words("da", True) - words("nl", False), key=len, reverse=True)))
    assert danish in foreign(f"De prijs {danish} is goed", "nl")


def test_no_language_is_written_in_the_letters_of_another():
    """A text that was left in English is none of a language with letters of its own."""
    for language, letters in OWN_LETTERS.items():
        if language in LANGUAGES:
            silent = [
                text
                for text in words(language, True)
                if not re.search(letters, text)
                and re.search("[A-Za-z]{4}", text)
                and text != "Email"
            ]
            assert silent == []


def test_english_says_what_the_source_says():
    different = [
        message.id for message in catalogue("en") if message.id and message.string != message.id
    ]
    assert different == []


@pytest.mark.django_db
def test_a_developer_sees_the_messages_that_were_just_compiled(
    settings: Any, tmp_path: Path
) -> None:
    """The development server goes on where only a catalogue has changed."""
    settings.LOCALE_PATHS = [tmp_path]
    page = factories.page(("product_card", {"product": factories.product("nl").pk}), language="nl")

    def shown() -> str:
        return factories.render("{% include_block page.body %}", page=factories.again(page))

    _, before = factories.words("nl")
    assert before in shown()
    compiled = tmp_path / "nl" / "LC_MESSAGES" / "django.mo"
    compiled.parent.mkdir(parents=True)
    messages = Catalog(locale="nl")
    messages.add("In stock", "Ligt klaar", context="reader")
    with compiled.open("wb") as file:
        write_mo(file, messages)
    file_changed.send(sender=None, file_path=compiled)
    assert "Ligt klaar" in (html := shown())
    assert before not in html
