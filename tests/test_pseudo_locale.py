"""Every word that a reader or an editor sees comes from gettext.

The pages are asked for in a language whose catalogues put ⟦brackets⟧ around each message of
Django, Wagtail and the package; what the tests store is in brackets, too. A word outside is one
that no translator was given.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import django
import pytest
import wagtail
from babel import Locale as Cldr
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.blocks import ChooserBlock

import anodyne_blocks
from anodyne_blocks import conf
from anodyne_blocks.article import CONTEXT_KEY, Article
from anodyne_blocks.article.walking import definitions
from anodyne_blocks.blocks import ArticleBody
from anodyne_blocks.blocks.sources import KeyBlock
from anodyne_blocks.models import Offer, Person, Product, ShopRating
from tests import factories
from tests.test_languages import card_in, variants
from tests.testapp.models import ArticlePage

pytestmark = pytest.mark.django_db

PACKAGE = Path(anodyne_blocks.__file__).parent
# English to Babel, and to nobody else.
PSEUDO = "en-nz"
BLOCKS = ArticleBody().child_blocks
# Names, and codes that are the same in all languages.
NAMES = """
    Hartvigsen Hancock Kongsted Lancet doi PubMed WhatsApp Facebook LinkedIn Bluesky Telegram
    Nora Lind Lumbar support DOI BibTeX RIS CSL JSON EUR GBP DKK SEK USD AED
""".split()
# What examples say in the language of what they are examples of.
DATA = ("What low back pain is and why we need to pay attention", "The Lancet")
# Whole texts that are none of the package's: what Wagtail's modules have said already when they
# were imported, in whatever language that was, and names on the test site.
OTHERS = re.compile(
    r"Create|Locale|Supported formats: .*|(: )?- Wagtail|[Ww]ebshop|sku-\d+|English|Article page"
    r"|Body( →)?|Root|Home|Welcome to your new Wagtail site!"
)
# Words that Wagtail has said so and the package says, too: where they are Wagtail's.
WAGTAILS = {
    "Choose": "#header-title",
    "Search": "#tab-label-search",
    "Actions": "#w-slim-header-buttons",
}
_CLDR = Cldr("en", "NZ")
_DAYS = {
    word
    for width in ("wide", "abbreviated")
    for names in (_CLDR.months["format"][width], _CLDR.days["format"][width])
    for name in names.values()
    for word in name.split()
}
_DAYS |= {"min", "mins", "sec", "secs"}
_WORD = re.compile(r"[^\W\d_]{3,}")
_SAID = ("aria-label", "alt", "title", "placeholder", "label", "data-w-tooltip-content-value")


def in_brackets(text: str) -> str:
    return f"⟦{text}⟧"


def _messages(*packages: Any) -> Iterator[Any]:
    """All messages of these packages: their English catalogues have each."""
    for package in packages:
        for path in Path(package.__file__).parent.rglob("locale/en/LC_MESSAGES/django.po"):
            # Wagtail's name no language, which old Babels do not read.
            said = path.read_bytes().replace(b'"Language: \\n"', b'"Language: en\\n"')
            yield from (message for message in read_po(BytesIO(said)) if message.id)


@pytest.fixture(scope="session")
def catalogues(tmp_path_factory: Any) -> Path:
    """A folder with catalogues in brackets: of Django and Wagtail, and of the package."""
    folder = tmp_path_factory.mktemp("pseudo")
    target = folder / translation.to_locale(PSEUDO) / "LC_MESSAGES"
    target.mkdir(parents=True)
    catalogue = Catalog(locale="en_NZ")
    for message in _messages(django, wagtail, anodyne_blocks):
        single = isinstance(message.id, str)
        string = in_brackets(message.id) if single else tuple(map(in_brackets, message.id))
        catalogue.add(message.id, string, context=message.context)
    with (target / "django.mo").open("wb") as file:
        write_mo(file, catalogue)
    return folder


@pytest.fixture
def pseudo(settings: Any, catalogues: Path) -> Iterator[None]:
    settings.LOCALE_PATHS = [str(catalogues), *settings.LOCALE_PATHS]
    settings.LANGUAGES = [(PSEUDO, in_brackets("Pseudo"))]
    settings.WAGTAIL_CONTENT_LANGUAGES = settings.LANGUAGES
    settings.LANGUAGE_CODE = PSEUDO
    with translation.override(PSEUDO):
        yield


def outside(html: str) -> list[str]:
    """The words in a page that are in no brackets."""
    return [word for text in texts_in(html) for word in words_outside(text)]


def lines_outside(html: str) -> set[str]:
    """The pieces of text in a page that hold such words: whole, without what is in brackets."""
    lines = [line for text in texts_in(html) for line in without_brackets(text).split("\n")]
    return {" ".join(line.split()) for line in lines if words_outside(line)}


def texts_in(html: str) -> list[str]:
    """What a page says: its text, and what attributes say."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup(["script", "style", "template", "svg"]):
        tag.decompose()
    texts = [soup.get_text("\n")]
    for tag in soup.find_all(True):
        names = [name for name in tag.attrs if name in _SAID or name.startswith("data-anodyne")]
        # An anchor is made of words.
        names = [name for name in names if name != "data-anodyne-list"]
        if tag.name == "input" and tag.get("type") in ("submit", "button"):
            names.append("value")
        texts += [str(tag[name]) for name in names if name in tag.attrs]
    return texts


def without_brackets(text: str) -> str:
    for said in DATA:
        text = text.replace(said, " ")
    previous = None
    while previous != text:
        # Messages stand in messages.
        previous, text = text, re.sub("⟦[^⟦⟧]*⟧", " ", text)
    return re.sub(r"\S+@\S+|https?:\S+|\S+\.(?:example|png)\S*", " ", text)


def words_outside(text: str) -> list[str]:
    words = _WORD.findall(without_brackets(text))
    return [word for word in words if word not in NAMES and word not in _DAYS]


def test_brackets_are_seen_and_what_is_outside_is_found(pseudo: None) -> None:
    with translation.override(PSEUDO):
        assert translation.gettext("Product") == in_brackets("Product")
    assert words_outside("⟦In ⟦it⟧⟧ 7 outside") == ["outside"]
    assert outside('<p title="Told">⟦a⟧ 5<b>Bold</b></p><script>no</script>') == ["Bold", "Told"]


@pytest.mark.parametrize("name", BLOCKS)
def test_elements_for_readers(pseudo: None, name: str) -> None:
    block = BLOCKS[name]
    for change in variants(block):
        value = block.get_preview_value()
        value.update(change)
        market = conf.market_to_show("nl")
        html = block.render(value, {CONTEXT_KEY: Article(PSEUDO, market, is_preview=True)})
        assert html
        assert outside(html) == []


@pytest.mark.parametrize("state", ["out_of_stock", "low_stock", "preorder", "gone", "old"])
def test_cards_in_each_state(pseudo: None, state: str) -> None:
    assert outside(card_in(PSEUDO, state)) == []


def test_blocks_for_editors(pseudo: None) -> None:
    found = []
    for block in BLOCKS.values():
        for below in definitions(block):
            if isinstance(below, KeyBlock):
                # It is hidden.
                continue
            texts = [below.label, below.get_description(), below.meta.group]
            field = getattr(below, "field", None)
            if field is not None:
                texts.append(field.help_text)
                # What can be chosen of a site's own things is in its own words.
                if not isinstance(below, ChooserBlock):
                    texts += [choice[1] for choice in getattr(field, "choices", ())]
            found += [
                (below.name, str(text)) for text in texts if text and words_outside(str(text))
            ]
    assert not found, found


def test_models_for_editors(pseudo: None) -> None:
    found = []
    for model in (Product, Offer, Person, ShopRating):
        meta = model._meta
        texts = [meta.verbose_name, meta.verbose_name_plural]
        for field in meta.get_fields():
            if field.concrete and not field.auto_created and field.editable:
                texts += [field.verbose_name, field.help_text]
                texts += [label for _key, label in field.choices or ()]
        found += [(meta.model_name, str(text)) for text in texts if words_outside(str(text))]
    assert not found, found


@pytest.fixture
def things() -> dict[str, Any]:
    """One of each, with words in brackets alone."""
    said = in_brackets("said")
    image = factories.image(title=said)
    product = factories.from_shop("nl", "da", name=said, image=image)
    product.offers.update(title=said, description=said, withdrawn_at=timezone.now())
    person = factories.person(said, PSEUDO, job_title=said, photo=image)
    rating = factories.rating(said, PSEUDO, source=said, verification=said)
    page = factories.page(
        ("heading", {"text": said}),
        ("product_card", {"product": product.pk, "badge": said}),
        ("reviewer", {"person": person.pk, "reviewed": "2020-10-25"}),
        ("shop_rating", {"rating": rating.pk}),
        ("sources", {"sources": [{"title": said}]}),
        language=PSEUDO,
        title=said,
    )
    assert isinstance(page, ArticlePage)
    return {"product": product, "person": person, "shoprating": rating, "page": page}


SNIPPETS = ("product", "person", "shoprating")
VIEWS = [
    *(
        f"wagtailsnippets_anodyne_blocks_{name}:{view}"
        for name in SNIPPETS
        for view in ("list", "add", "edit", "delete", "usage", "history")
    ),
    "wagtailsnippets_anodyne_blocks_product:inspect",
    *(f"wagtailsnippetchoosers_anodyne_blocks_{name}:choose" for name in SNIPPETS),
    "anodyne_blocks_attention",
    "anodyne_blocks_reviews",
    "anodyne_blocks_review_records",
    "wagtailadmin_pages:edit",
]


@pytest.mark.parametrize("view", VIEWS)
def test_pages_for_editors(
    pseudo: None, things: dict[str, Any], admin_client: Any, view: str
) -> None:
    args = []
    if view.rpartition(":")[2] in ("edit", "inspect", "delete", "usage", "history"):
        name = view.partition(":")[0].rpartition("_")[2]
        args = [things["page" if name == "pages" else name].pk]
    response = admin_client.get(reverse(view, args=args))
    assert response.status_code == 200
    html = response.content.decode()
    if response["Content-Type"].startswith("application/json"):
        html = json.loads(html)["html"]
    main = BeautifulSoup(html, "html.parser")
    for around in main.select("[data-sprite], [data-wagtail-sidebar], .skiplink"):
        around.decompose()
    for word, place in WAGTAILS.items():
        for tag in main.select(place):
            if tag.get("aria-label") == word:
                del tag["aria-label"]
            for text in tag.find_all(string=re.compile(rf"^\s*{word}\s*$"), recursive=False):
                text.extract()
    found = {line for line in lines_outside(str(main)) if not OTHERS.fullmatch(line)}
    assert not found, found


def test_no_message_of_the_package_is_taken_for_another_ones() -> None:
    messages = [message.id for message in _messages(anodyne_blocks)]
    texts = [text for said in messages for text in ((said,) if isinstance(said, str) else said)]
    assert len(texts) > 500
    assert [text for text in texts if OTHERS.fullmatch(text)] == []


# What a template may hold between its tags: names that are the same in all languages.
_TEMPLATE = re.compile(
    r"{%\s*comment.*?endcomment\s*%}|{%\s*blocktrans.*?{%\s*endblocktrans\w*\s*%}"
    r"|{%\s*fragment.*?endfragment\s*%}|{#.*?#}|{%.*?%}|{{.*?}}|<script.*?</script>|<style.*?</style>|<!--.*?-->",
    re.DOTALL,
)


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("templates/**/*.html")), ids=lambda path: path.name
)
def test_templates_hold_no_words(path: Path) -> None:
    found = outside(_TEMPLATE.sub(" ", path.read_text()))
    assert not found, found


# Keywords and attributes whose values are seen, and calls whose first argument is.
_SEEN = {"label", "help_text", "verbose_name", "verbose_name_plural", "description", "heading"}
_TELLING = {"ValidationError", "success", "warning", "info"}


@pytest.mark.parametrize("room", ["blocks", "models", "admin", "."])
def test_code_gives_no_bare_words(room: str) -> None:
    found = []
    for path in (PACKAGE / room).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            seen: list[ast.expr] = []
            if isinstance(node, ast.Call):
                seen = [word.value for word in node.keywords if word.arg in _SEEN]
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in _TELLING and getattr(node.func, "value", None) is None:
                    seen += node.args[:1]
                elif name in _TELLING and getattr(node.func.value, "id", "") == "messages":
                    seen += node.args[:2]
            elif isinstance(node, ast.Assign):
                names = [getattr(target, "id", "") for target in node.targets]
                seen = [node.value] if _SEEN & set(names) else []
            found += [
                (path.name, text.lineno, text.value)
                for text in seen
                if isinstance(text, ast.Constant)
                and text.value != "anodyne_blocks"
                and _WORD.search(str(text.value))
            ]
    assert not found, found
