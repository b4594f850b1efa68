"""Languages that the package has no words for, variants of those it has, and sites without any."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone, translation

from anodyne_blocks import conf
from anodyne_blocks.article import Article
from anodyne_blocks.article.dates import date_of
from anodyne_blocks.blocks import ProductCardBlock
from anodyne_blocks.json_ld import page_json_ld
from anodyne_blocks.languages import variants
from anodyne_blocks.models import Offer
from anodyne_blocks.words import messages, npgettext, pgettext, unsaid
from tests import factories
from tests.api.values import Stored
from tests.test_languages import foreign, visible, words

KRONA = {"LOCALES": ["is"], "COUNTRY": "IS", "CURRENCY": "ISK"}
EMPTY = re.compile(r'aria-label(ledby)?="\s*"|<(h\d|summary|button|a|li)\b[^>]*>\s*</\2>')


@pytest.fixture
def icelandic(settings: Any) -> Any:
    """A site in Icelandic and Danish; it falls back to Danish, as Django does."""
    languages = [("is", "Íslenska"), ("da", "Dansk")]
    settings.LANGUAGE_CODE = "da"
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = languages
    danish = settings.ANODYNE_BLOCKS["MARKETS"]["da"]
    settings.ANODYNE_BLOCKS = {"MARKETS": {"is": KRONA, "da": danish}}
    return settings


@pytest.fixture
def without_i18n(settings: Any) -> Iterator[Any]:
    """`USE_I18N` off, which Django reads once in a process."""
    backend = translation._trans
    known = dict(vars(backend))
    vars(backend).clear()
    settings.USE_I18N = False
    yield settings
    vars(backend).clear()
    vars(backend).update(known)


def article(language: str = "is") -> Any:
    """A page with every block, as an editor fills it in and with no more than must be."""
    stored = Stored.make(language, language, KRONA["CURRENCY"])
    blocks = [
        (name, value)
        for name, full in stored.full().items()
        for missing, value in stored.variants(name)
        if missing in ("nothing", "all", "scope", "label", "heading", "relationship")
    ]
    return factories.page(*blocks, language=language)


@pytest.mark.django_db
def test_a_page_has_no_word_of_another_language(icelandic: Any, client: Client) -> None:
    page = article()
    html = "".join(child.render() for child in page.body)
    answer = client.get(f"/api/v2/pages/{page.pk}/").json()["body"]
    resolved = json.dumps([item["value"]["resolved"] for item in answer], ensure_ascii=False)
    told = json.dumps(page_json_ld(page), ensure_ascii=False)
    written = json.dumps([[child["type"], child["value"]] for child in page.body.raw_data])
    for text in (visible(html), resolved, told):
        # The editor of this page writes English; the reviews are at reviews.example.
        text = text.replace("reviews.example", "")
        assert [word for word in foreign(text, "is") if word not in written] == []
    assert EMPTY.findall(html) == []
    # What needs no words is there.
    shown = " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())
    assert "25. október 2025" in shown and "7 mín." in shown
    assert {"WhatsApp", "Facebook"} <= set(shown.split()) and "4,6 / 5" in visible(html)


@pytest.mark.django_db
def test_a_planted_word_is_found(icelandic: Any) -> None:
    with translation.override("da"):
        assert foreign(pgettext("reader", "Sold out"), "is")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"tax_included": False},
        {"is_from": True},
        {"availability": "out_of_stock"},
        {"availability": "preorder"},
        {"availability": "backorder"},
        {"availability": "later"},
    ],
)
def test_no_price_is_shown_without_what_must_be_said_beside_it(icelandic: Any, fields: Any) -> None:
    assert icelandic_card().price_text
    card = icelandic_card(**fields)
    assert (card.price, card.price_text, card.tax_note) == (None, "", "")


@pytest.mark.django_db
def test_no_claim_and_no_advertisement_without_words(icelandic: Any) -> None:
    assert icelandic_card(condition="used") is None
    assert icelandic_card(withdrawn_at=timezone.now()) is None
    assert factories.card(sold(), "is", relationship="ad") is None
    reduced = icelandic_card(**factories.reduction("is"))
    assert reduced.price_text and reduced.reduction is None and reduced.badges == ()
    assert icelandic_card().button is None
    assert factories.card(sold(), "is", button_text="Skoða").button.text == "Skoða"


def sold(**fields: Any) -> Any:
    """A product that is sold in Iceland, with these fields of its offer."""
    product = factories.product()
    values = {"title": "Bakpúði", "url": "https://shop.example/is", "price": "5990"}
    values |= {"market": "is", "currency": "ISK", "availability": "in_stock", **fields}
    Offer.objects.create(product=product, **values)
    return product


def icelandic_card(**fields: Any) -> Any:
    return factories.card(sold(**fields), "is")


@pytest.mark.django_db
def test_a_language_unknown_to_everyone_has_digits_and_signs(icelandic: Any) -> None:
    """Klingon has neither a catalogue nor a place in CLDR."""
    block = ProductCardBlock()
    context = Article("tlh", conf.markets()["is"])
    card = block.element(block.to_python({"product": sold(price="5990.5").pk}), context)
    assert card.price.formatted == "ISK\xa05,990.5"
    day = datetime.date(2025, 10, 25)
    assert date_of(day, "tlh").formatted == "2025-10-25"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de-ch", ("de-ch", "de")),
        ("en-gb", ("en-gb", "en")),
        ("es-mx", ("es-mx", "es")),
        ("es-419", ("es-419", "es")),
        ("pt-br", ("pt-br", "pt")),
        ("zh-hans-cn", ("zh-hans-cn", "zh-hans")),
        ("zh-cn", ("zh-cn", "zh-hans")),
        ("zh", ("zh", "zh-hans")),
        ("no", ("no", "nb")),
        ("nb-no", ("nb-no", "nb")),
        # Another script, another language.
        ("zh-tw", ("zh-tw", "zh-hant")),
        ("zh-hant", ("zh-hant",)),
        ("sr-latn", ("sr-latn",)),
        ("nn", ("nn",)),
        ("", ()),
    ],
)
def test_variants(language: str, expected: tuple[str, ...]) -> None:
    assert variants(language) == expected


@pytest.mark.parametrize(
    ("language", "base"),
    [("de-ch", "de"), ("en-gb", "en"), ("es-mx", "es"), ("pt-ao", "pt"), ("nb-no", "nb")]
    + [("no", "nb"), ("zh-hans-cn", "zh-hans"), ("zh-cn", "zh-hans")],
)
def test_a_regional_variant_says_all_that_its_language_says(
    language: str, base: str, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "da"
    assert unsaid(language) == [] and said(language) == said(base)
    if language != "de-ch":
        assert said(language) != said("de")


@pytest.mark.parametrize("language", ["zh-hant", "zh-tw", "sr-latn", "nn", "is", "tlh"])
def test_another_language_says_nothing(language: str) -> None:
    assert set(said(language)) == {""}


def test_brazil_and_portugal_have_words_of_their_own() -> None:
    assert said("pt-br") != said("pt")


def said(language: str) -> list[str]:
    """All that elements say in a language."""
    with translation.override(language):
        return [
            pgettext("reader", message.id)
            if isinstance(message.id, str)
            else npgettext("reader", *message.id, 5)
            for message in messages()
        ]


@pytest.mark.django_db
def test_a_site_without_translations_is_in_its_language(without_i18n: Any) -> None:
    """Pages were created under English; `USE_I18N` off says that all is Dutch."""
    assert_dutch(without_i18n)


@pytest.mark.django_db
def test_a_site_of_one_language_is_in_it_whatever_its_pages_locale(settings: Any) -> None:
    settings.WAGTAIL_I18N_ENABLED = False
    with translation.override("da"):
        assert_dutch(settings)


def assert_dutch(settings: Any) -> None:
    product = factories.product("nl", "en")
    page = factories.page(
        ("product_card", {"product": product.pk, "relationship": "ad"}),
        ("reading_time", {"minutes": 6}),
        ("sources", {"sources": [{"title": "Rug", "accessed": "2025-10-01"}]}),
        language="en",
    )
    settings.LANGUAGE_CODE = "nl"
    page = factories.again(page)
    card, reading_time, sources = Article.for_page(page).elements()
    assert (card.language, card.title, card.disclosure) == ("nl", "Lendenkussen", "Advertentie")
    assert (reading_time.text, sources.heading) == ("Leestijd: 6 minuten", "Bronnen")
    html = visible("".join(child.render() for child in page.body))
    assert "1\N{NO-BREAK SPACE}oktober 2025" in html and "€" in html
    assert foreign(html, "nl") == []


def warnings() -> list[Any]:
    return [found for found in run_checks() if found.id == "anodyne_blocks.W015"]


def test_the_check_says_what_to_translate_and_how(icelandic: Any, tmp_path: Path) -> None:
    (found,) = warnings()
    total = len(messages())
    assert f"into 'is' of {total} of their {total} texts: “" in found.msg
    named = re.findall("“(.+?)”", found.msg)
    assert len(named) == 3 and set(named) <= {message.id for message in messages()}
    assert "LOCALE_PATHS = [BASE_DIR" in found.hint
    assert "manage.py anodyne_messages is”, translate locale/is/LC_MESSAGES" in found.hint
    icelandic.LOCALE_PATHS = [tmp_path]
    (found,) = warnings()
    assert "LOCALE_PATHS" not in found.hint and str(tmp_path / "is") in found.hint
    icelandic.WAGTAIL_CONTENT_LANGUAGES = [("da", "Dansk"), ("de-ch", "Schweiz"), ("pt-br", "")]
    assert warnings() == []
    # Pages are in no other language than this.
    icelandic.WAGTAIL_I18N_ENABLED, icelandic.LANGUAGE_CODE = False, "is"
    assert len(warnings()) == 1


@pytest.mark.django_db
def test_the_command_writes_what_to_translate_and_compiles_it(
    icelandic: Any, tmp_path: Path
) -> None:
    icelandic.LOCALE_PATHS = [tmp_path]
    call_command("anodyne_messages", "is", stdout=(told := Told()))
    source = tmp_path / "is" / "LC_MESSAGES" / "anodyne_blocks.po"
    assert f"{source}: 0 of {len(messages())} texts are translated." in told.text
    # Empty plurals are not compiled as English.
    assert len(unsaid("is")) == len(messages())
    translate(source, "Sold out", "Uppselt")
    call_command("anodyne_messages", "is", stdout=told)
    assert len(unsaid("is")) == len(messages()) - 1
    card = icelandic_card(availability="out_of_stock")
    assert (card.availability.text, bool(card.price_text)) == ("Uppselt", True)
    (found,) = warnings()
    assert f"{len(messages()) - 1} of their" in found.msg
    with source.open("rb") as file:
        assert read_po(file).get("Sold out", "reader").string == "Uppselt"


def test_a_wrong_placeholder_is_refused(icelandic: Any, tmp_path: Path) -> None:
    icelandic.LOCALE_PATHS = [tmp_path]
    call_command("anodyne_messages", "is", stdout=Told())
    source = tmp_path / "is" / "LC_MESSAGES" / "anodyne_blocks.po"
    translate(source, "Reviewed %(date)s", "Yfirfarið %(dagur)s")
    with pytest.raises(CommandError, match="Yfirfarið"):
        call_command("anodyne_messages", "is", stdout=Told())
    assert len(unsaid("is")) == len(messages())


def test_a_language_of_one_form_is_compiled(icelandic: Any, tmp_path: Path) -> None:
    icelandic.LOCALE_PATHS = [tmp_path]
    call_command("anodyne_messages", "ko", stdout=Told())
    source = tmp_path / "ko" / "LC_MESSAGES" / "anodyne_blocks.po"
    text = source.read_text()
    plural = 'msgid_plural "Lowest price of the %(days)d days before the reduction: %(price)s"\n'
    assert f'{plural}msgstr[0] ""' in text
    korean = "할인 전 %(days)d일간 최저가: %(price)s"
    source.write_text(text.replace(f'{plural}msgstr[0] ""', f'{plural}msgstr[0] "{korean}"'))
    call_command("anodyne_messages", "ko", stdout=Told())
    assert korean in said("ko")


def test_without_a_folder_the_command_says_what_to_set(icelandic: Any) -> None:
    with pytest.raises(CommandError, match="LOCALE_PATHS"):
        call_command("anodyne_messages", "is")


class Told:
    """What a command prints."""

    text = ""

    def write(self, text: str) -> None:
        self.text += text


def translate(source: Path, text: str, translated: str) -> None:
    """Fill in one translation, as somebody does in an editor."""
    before = f'msgid "{text}"\nmsgstr ""'
    assert before in source.read_text()
    source.write_text(source.read_text().replace(before, f'msgid "{text}"\nmsgstr "{translated}"'))


@pytest.mark.parametrize("words_of", ["da", "nl"])
def test_sites_may_say_it_otherwise(words_of: str, settings: Any, tmp_path: Path) -> None:
    """A site's file overrides single words of a language that is shipped."""
    settings.LOCALE_PATHS = [tmp_path]
    call_command("anodyne_messages", words_of, stdout=Told())
    source = tmp_path / words_of / "LC_MESSAGES" / "anodyne_blocks.po"
    translate(source, "Sold out", "Weg")
    call_command("anodyne_messages", words_of, stdout=Told())
    assert "Weg" in said(words_of) and unsaid(words_of) == []
    assert words(words_of, True) & set(said(words_of))
