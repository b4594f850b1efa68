"""How long a page takes to read: its article counts, what stands around it does not."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page

from anodyne_blocks.article import Article
from anodyne_blocks.blocks import FAQBlock, ParagraphBlock, ProductCardBlock
from tests import factories

pytestmark = pytest.mark.django_db

# English is read at 238 words a minute: this takes four minutes and a quarter.
TEXT = "word " * 1010
FOUR = ("paragraph", {"text": f"<p>{'word ' * 945}</p>"})  # a little less than four minutes


def page_minutes(page: Any, language: str) -> int:
    return Article(language, None, page).minutes


def minutes(*blocks: Any, language: str = "en") -> int:
    return page_minutes(factories.page(*blocks, language=language), language)


class PageOf:
    """A page whose body is a StreamField of a site's own blocks."""

    def __init__(self, block_types: Any, raw: Any) -> None:
        from wagtail.fields import StreamField

        field = StreamField(block_types, name="body")
        field.name = "body"
        self._meta = type("Meta", (), {"get_fields": staticmethod(lambda: [field])})
        self.body = field.to_python(raw)


@pytest.mark.parametrize(
    "block",
    [
        ("paragraph", {"text": f"<p>{TEXT}</p>"}),
        ("heading", {"text": TEXT}),
        ("standfirst", {"text": TEXT}),
        ("faq", {"questions": [{"question": "Why?", "answer": f"<p>{TEXT}</p>"}]}),
        ("faq", {"introduction": TEXT, "questions": [{"question": "Why?", "answer": ""}]}),
    ],
)
def test_the_article_counts(block: Any) -> None:
    assert minutes(block) == 5


def test_what_stands_around_the_article_does_not_count() -> None:
    product = factories.product("en")
    product.offers.update(description=TEXT, title=TEXT[:250])
    ada = factories.person(bio=TEXT)
    rating = factories.rating(verification=TEXT)
    around = [
        ("product_card", {"product": product.pk, "text": TEXT, "title": TEXT}),
        ("product_grid", {"heading": TEXT, "cards": [{"product": product.pk, "text": TEXT}]}),
        ("reviewer", {"person": ada.pk, "reviewed": "2025-10-25", "scope": TEXT}),
        ("byline", {"authors": [{"organisation": TEXT}]}),
        ("sources", {"heading": TEXT, "sources": [{"title": TEXT, "authors": TEXT}]}),
        ("shop_rating", {"rating": rating.pk}),
        ("contents", {"label": TEXT}),
        ("share", {"label": TEXT}),
        ("reading_time", {}),
        ("image", {"image": None, "caption": TEXT, "credit": TEXT, "alt_text": TEXT}),
    ]
    assert minutes(*around) == 1
    assert minutes(FOUR, *around) == 4


def test_an_unfinished_question_does_not_count() -> None:
    assert minutes(("faq", {"questions": [{"question": "", "answer": f"<p>{TEXT}</p>"}]})) == 1


def test_images_count_and_decoration_does_not() -> None:
    image = factories.image().pk
    assert minutes(FOUR, ("image", {"image": image, "alt_text": "A chair"})) == 5
    assert minutes(FOUR, ("image", {"image": image, "decorative": True})) == 4


def test_a_page_takes_a_minute_at_least() -> None:
    assert minutes() == 1
    assert minutes(("paragraph", {"text": ""})) == 1
    assert page_minutes(None, "en") == 1
    assert page_minutes(Page.objects.get(pk=factories.home().pk), "en") == 1


def test_an_editors_minutes_are_those_of_the_whole_page() -> None:
    page = factories.page(
        ("byline", {"authors": [{"organisation": "A"}]}), FOUR, ("reading_time", {"minutes": 9})
    )
    byline, _paragraph, reading_time = factories.elements(page)
    assert byline.reading_time.minutes == reading_time.minutes == page_minutes(page, "en") == 9


def test_chinese_is_counted_by_characters() -> None:
    page = factories.page(("paragraph", {"text": f"<p>{'背' * 2400}</p>"}))
    assert page_minutes(page, "zh-hans") == 5


def test_arabic_has_its_own_speed() -> None:
    text = "كلمة " * 1010
    assert minutes(("paragraph", {"text": f"<p>{text}</p>"}), language="ar") == 6


def test_a_site_may_set_the_speed(settings: Any) -> None:
    speeds = {"en": 505}
    settings.ANODYNE_BLOCKS = {**settings.ANODYNE_BLOCKS, "READING_SPEEDS": speeds}
    assert minutes(("paragraph", {"text": f"<p>{TEXT}</p>"})) == 2


@pytest.mark.parametrize(
    ("block", "raw"),
    [
        (blocks.CharBlock(), TEXT),
        (blocks.TextBlock(), TEXT),
        (blocks.RichTextBlock(), f"<p>{TEXT}</p>"),
        (blocks.BlockQuoteBlock(), TEXT),
        (blocks.ListBlock(blocks.CharBlock()), ["word"] * 1010),
        (blocks.StructBlock([("text", blocks.TextBlock())]), {"text": TEXT}),
        (blocks.StructBlock([("text", ParagraphBlock())]), {"text": {"text": f"<p>{TEXT}</p>"}}),
        (
            blocks.StreamBlock([("faq", FAQBlock())]),
            [{"type": "faq", "value": {"questions": [{"question": "A", "answer": TEXT}]}}],
        ),
    ],
)
def test_a_sites_own_texts_count(block: Any, raw: Any) -> None:
    assert page_minutes(PageOf([("own", block)], [{"type": "own", "value": raw}]), "en") == 5


@pytest.mark.parametrize(
    ("block", "raw"),
    [
        (blocks.URLBlock(), "https://a.example/" + "a" * 100),
        (blocks.IntegerBlock(), 7),
        (blocks.TextBlock(search_index=False), TEXT),
        (blocks.StaticBlock(), None),
        (ImageChooserBlock(), 999),
    ],
)
def test_a_sites_other_blocks_do_not(block: Any, raw: Any) -> None:
    assert page_minutes(PageOf([("own", block)], [{"type": "own", "value": raw}]), "en") == 1


def test_a_sites_own_images_count() -> None:
    raw = [
        {"type": "text", "value": FOUR[1]["text"]},
        {"type": "image", "value": factories.image().pk},
    ]
    types = [("text", blocks.RichTextBlock()), ("image", ImageChooserBlock())]
    assert page_minutes(PageOf(types, raw), "en") == 5


def test_nothing_is_rendered_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    page = factories.page(FOUR)

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("rendered")

    monkeypatch.setattr(blocks.Block, "render", refuse)
    assert page_minutes(page, "en") == 4


def test_templates_have_a_tag_for_it() -> None:
    page = factories.page(("paragraph", {"text": f"<p>{TEXT}</p>"}), language="nl")
    front = factories.home()
    source = "{% load anodyne_blocks %}{% reading_time article as time %}{{ time.text }}"
    html = Template(source).render(Context({"article": page, "page": front}))
    assert html == "Leestijd: 5 minuten"
    source = "{% load anodyne_blocks %}{% reading_time as time %}{{ time.minutes }}"
    assert Template(source).render(Context({"page": page})) == "5"
    assert Template(source).render(Context({})) == ""


def test_a_table_counts_its_texts_and_not_the_cards_in_it() -> None:
    table = TypedTableBlock([("text", blocks.RichTextBlock()), ("card", ProductCardBlock())])
    product = factories.product("en", name=TEXT[:200])
    card = {"product": product.pk, "text": "word " * 80, "badge": "word " * 5}
    raw = {
        "columns": [{"type": "text", "heading": "word"}, {"type": "card", "heading": "word"}],
        "rows": [{"values": [f"<p>{'word ' * 940}</p>", card]} for _ in range(1)],
        "caption": "word",
    }
    page = PageOf([("table", table)], [{"type": "table", "value": raw}])
    assert page_minutes(page, "en") == 4
    raw["rows"].append(
        {"values": ["<p>word word word word word word word word word word</p>", card]}
    )
    page = PageOf([("table", table)], [{"type": "table", "value": raw}])
    assert page_minutes(page, "en") == 5
