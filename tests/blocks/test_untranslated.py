"""What a page shows of words that nobody has translated: nothing, or marked."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from anodyne_blocks.json_ld import page_json_ld
from anodyne_blocks.languages import other_than
from tests import factories
from tests.json_ld.house_rules import nodes

pytestmark = pytest.mark.django_db

# Words of the Arabic person, rating and offer.
FOREIGN = {
    "credentials": "دكتوراه",
    "job_title": "أخصائية علاج طبيعي",
    "organisation": "عيادة الظهر",
    "bio": "تعمل مع الظهور.",
    "link": "السجل",
    "verification": "كل تقييم من مشترٍ.",
    "description": "تدعم أسفل الظهر.",
    "image_alt": "وسادة على كرسي",
}
TITLE = "وسادة قطنية"


@pytest.fixture
def page(settings: Any) -> Any:
    """A German page: its market is one whose shop speaks Arabic."""
    market = {**settings.ANODYNE_BLOCKS["MARKETS"]["de"], "LOCALES": ["ar", "de"]}
    factories.setting(settings, MARKETS={"de": market})
    link = {"text": FOREIGN["link"], "url": "https://www.register.example/ada"}
    person = factories.person(
        language="ar",
        bio=f"<p>{FOREIGN['bio']}</p>",
        working_since=2001,
        licence_number="0F3K2",
        links=[{"type": "link", "value": link}],
        **{name: FOREIGN[name] for name in ("credentials", "job_title", "organisation")},
    )
    rating = factories.rating(language="ar", verification=FOREIGN["verification"])
    product = factories.product(image=factories.image(width=60, height=45))
    said = {name: FOREIGN[name] for name in ("description", "image_alt")}
    factories.offer(product, "de", title=TITLE, **said)
    return factories.page(
        ("byline", {"authors": [{"person": person.pk, "organisation": ""}]}),
        ("product_card", {"product": product.pk}),
        ("product_card", {"product": product.pk, "title": "Kissen", "text": "Stützt."}),
        ("shop_rating", {"rating": rating.pk}),
        ("reviewer", {"person": person.pk, "reviewed": "2025-10-25", "scope": "Alles."}),
        language="de",
    )


def outputs(page: Any) -> tuple[Any, list[Any], Any]:
    """HTML, the elements as the API gives them, and the structured data."""
    html = factories.render("{% include_block page.body %}", page=factories.again(page))
    answer = Client().get(f"/api/v2/pages/{page.pk}/?fields=body").json()
    graph = page_json_ld(factories.again(page))
    return (
        BeautifulSoup(html, "html.parser"),
        [b["value"]["resolved"] for b in answer["body"]],
        graph,
    )


def test_what_has_no_language_is_shown_alone(page: Any) -> None:
    html, elements, graph = outputs(page)
    for words in FOREIGN.values():
        assert words not in f"{html}{elements}{graph}"
    assert "Ada Holm" in html.select_one(".anodyne-byline").get_text()
    box = html.select_one(".anodyne-reviewer")
    assert box.select_one("[class$=name]").get_text() == "Ada Holm"
    assert "Jahre" in box.select_one("[class$=role]").get_text()
    assert "0F3K2" in box.get_text()
    link = box.select_one("[class$=links] a")
    assert (link.get_text(), link["href"]) == (
        "register.example",
        "https://www.register.example/ada",
    )
    assert "4,6" in html.select_one(".anodyne-shop-rating").get_text()
    # A product's title is its name.
    card, own = html.select(".anodyne-product-card")
    title = card.select_one("[class$=title]")
    assert (title.get_text(), title["lang"], title["dir"]) == (TITLE, "ar", "rtl")
    _byline, said, own_said, rating, reviewer = elements
    assert said["other_language"] == {"code": "ar", "direction": "rtl", "fields": ["title"]}
    assert own_said["other_language"] is rating["other_language"] is None
    assert reviewer["other_language"] is None and not own.select("[lang]")


def test_or_each_word_says_its_language(settings: Any, page: Any) -> None:
    factories.setting(settings, UNTRANSLATED_TEXTS="mark")
    html, elements, graph = outputs(page)
    shown = str(html)
    for words in FOREIGN.values():
        assert words in shown
    spoken = [
        words for tag in html.select('[lang="ar"][dir="rtl"]') for words in tag.stripped_strings
    ]
    spoken += [image["alt"] for image in html.select('img[lang="ar"]')]
    position = f"{FOREIGN['job_title']} · {FOREIGN['organisation']}"
    assert sorted(spoken) == sorted(
        [
            *[TITLE, TITLE, FOREIGN["description"], FOREIGN["image_alt"], FOREIGN["image_alt"]],
            *[FOREIGN["verification"], f"Ada Holm, {FOREIGN['credentials']}", position],
            *[FOREIGN["bio"], FOREIGN["link"]],
        ]
    )
    # The box's own words are in the page's language.
    for tag in html.select("[lang]"):
        tag.decompose()
    assert not any(words in str(html) for words in FOREIGN.values())
    assert "Jahre" in html.select_one(".anodyne-reviewer__role").get_text()
    _byline, card, own, rating, reviewer = elements
    assert card["other_language"]["fields"] == ["title", "text", "image"]
    assert own["other_language"]["fields"] == ["image"]
    assert rating["other_language"]["fields"] == ["verification"]
    assert reviewer["other_language"]["fields"] == [
        *["credentials", "job_title", "organisation", "bio", "links"]
    ]
    # Structured data have no way to say so that all readers know: they name names.
    assert not any(words in str(graph) for words in FOREIGN.values())
    (person,) = (node for node in nodes(graph) if node["@type"] == "Person")
    assert (person["name"], person["sameAs"]) == ("Ada Holm", ["https://www.register.example/ada"])


@pytest.fixture
def deciding(page: Any) -> Any:
    """A German page with a shared notice in Arabic, and two ways to weigh Arabic products."""
    product = page.body[1].value["product"].pk
    words = {"heading": FOREIGN["link"], "text": f"<p>{FOREIGN['bio']}</p>"}
    compared = {"product": product, "values": []}
    return factories.page(
        ("picks", {}),
        ("notice", {"notice": factories.notice(language="ar", kind="doctor", **words).pk}),
        ("product_verdict", {"product": product, "verdict": "Gut.", "tested": "2025-10-25"}),
        (
            "product_comparison",
            {"heading": "Zwei", "products": [compared, {**compared, "title": "Kissen"}]},
        ),
        language="de",
    )


def test_a_shared_notice_that_nobody_has_translated_is_hidden(deciding: Any) -> None:
    html, elements, graph = outputs(deciding)
    assert elements[1] is None and not html.select(".anodyne-notice")
    for words in FOREIGN.values():
        assert words not in f"{html}{elements}{graph}"


def test_or_a_shared_notice_says_its_language(settings: Any, deciding: Any) -> None:
    factories.setting(settings, UNTRANSLATED_TEXTS="mark")
    html, elements, graph = outputs(deciding)
    box = html.select_one(".anodyne-notice")
    assert elements[1]["other_language"]["fields"] == ["heading", "html"]
    marked = [one.get_text() for one in box.select('[lang="ar"][dir="rtl"]')]
    assert marked == [FOREIGN["link"], FOREIGN["bio"]]
    assert box.select_one("[class$=label]").get_text() == elements[1]["label"] != ""
    assert FOREIGN["bio"] not in str(graph)
    shared = deciding.body[1].value["notice"]
    factories.translation(shared, "de", heading="Vorab", text="<p>Frag nach.</p>")
    box = outputs(deciding)[1][1]
    assert (box["heading"], box["other_language"]) == ("Vorab", None)


@pytest.mark.parametrize("shown", ["hide", "mark"])
def test_names_of_products_say_their_language_wherever_they_stand(
    settings: Any, deciding: Any, shown: str
) -> None:
    factories.setting(settings, UNTRANSLATED_TEXTS=shown)
    html, elements, _graph = outputs(deciding)
    for kind, times in (("picks", 3), ("product-verdict", 2), ("product-comparison", 2)):
        part = html.select_one(f".anodyne-{kind}")
        named = [one.get_text().strip() for one in part.select('[lang="ar"][dir="rtl"]')]
        assert [name for name in named if name] == [TITLE] * times, kind
        alts = [image["alt"] for image in part.select("img[alt]:not([lang])")]
        assert not any(alts)
        for tag in part.select("[lang]"):
            tag.decompose()
        assert TITLE not in part.get_text(), kind
    fields = ["title", "image"] if shown == "mark" else ["title"]
    for card in (elements[2]["product"], elements[3]["products"][0]):
        assert card["other_language"]["fields"] == fields
    verdict, comparison = elements[0]["picks"]
    assert verdict["other_language"]["fields"] == ["text"]
    assert comparison["other_language"] is None
    said = [product["other_language"] for product in comparison["products"]]
    assert said == [{"code": "ar", "direction": "rtl", "fields": ["title"]}, None]


def test_a_translation_says_all_again(page: Any) -> None:
    reviewer = page.body[4].value["person"]
    link = {"text": "Register", "url": "https://register.example/ada"}
    factories.translation(
        reviewer,
        "de",
        job_title="Ärztin",
        bio="<p>Text.</p>",
        links=[{"type": "link", "value": link}],
    )
    box = outputs(page)[1][4]
    assert (box["job_title"], box["bio"], box["links"][0]["text"]) == (
        "Ärztin",
        "<p>Text.</p>",
        "Register",
    )
    assert box["other_language"] is None


def test_a_copy_is_in_the_words_of_the_original(page: Any) -> None:
    """So begins whoever translates a person or rating, also with wagtail-localize."""
    ada, rating = page.body[4].value["person"], page.body[3].value["rating"]
    copies = [factories.translation(one, "de") for one in (ada, rating)]
    box, shown = (outputs(page)[1][place] for place in (4, 3))
    assert (box["job_title"], box["bio"], shown["verification"]) == ("", "", "")
    copies[0].bio = "<p>Arbeitet mit Rücken.</p>"
    copies[1].verification = "Nur Käufer."
    for copy in copies:
        copy.save()
    box, shown = (outputs(page)[1][place] for place in (4, 3))
    assert box["bio"] == "<p>Arbeitet mit Rücken.</p>"
    assert (box["job_title"], shown["verification"]) == (FOREIGN["job_title"], "Nur Käufer.")


@pytest.mark.parametrize(
    ("language", "own", "other"),
    [
        ("de", "de", ""),
        ("de-ch", "de", ""),
        ("en-gb", "en-us", ""),
        ("de", "en", "en"),
        ("nn", "nb", "nb"),
        ("zh-hans", "zh-hant", "zh-hant"),
    ],
)
def test_regions_of_a_language_are_one_and_scripts_are_not(
    language: str, own: str, other: str
) -> None:
    assert other_than(language, own) == other


def test_on_a_site_of_one_language_nothing_is_of_another(settings: Any, page: Any) -> None:
    settings.WAGTAIL_I18N_ENABLED = False
    settings.LANGUAGE_CODE = "ar"
    box = factories.elements(factories.again(page))[4]
    assert (box.job_title, box.other_language) == (FOREIGN["job_title"], None)
