"""Related articles: chosen or by tag, in the page's language, at a constant number of queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from anodyne_blocks.article import Article
from anodyne_blocks.article.related import minutes_to_read
from anodyne_blocks.blocks import ProductCardBlock
from anodyne_blocks.blocks.related import TagBlock
from anodyne_blocks.elements import RelatedArticles
from tests import factories
from tests.testapp.models import ArticlePage, TaggedPage

pytestmark = pytest.mark.django_db

LONG = ("paragraph", {"text": f"<p>{'word ' * 700}</p>"})


def related(page: Any) -> RelatedArticles | None:
    (found,) = [
        child.block.element(child.value, Article.for_page(page))
        for child in page.body
        if child.block_type == "related_articles"
    ]
    return found


def titles(page: Any) -> list[str]:
    found = related(page)
    return [article.title for article in found.articles] if found else []


def leading_to(*pages: Any, language: str = "nl", **fields: Any) -> Any:
    value = {"pages": [page.pk for page in pages], **fields}
    return factories.page(("related_articles", value), language=language)


def tagged(title: str, *tags: str, language: str = "nl", **fields: Any) -> Any:
    page = factories.page(LONG, language=language, model=TaggedPage, title=title, **fields)
    page.tags.add(*tags)
    page.save()
    return page


def test_a_chosen_article_shows_in_the_pages_language() -> None:
    english = factories.page(LONG, title="Sleep", search_description="How to lie.")
    dutch = english.copy_for_translation(factories.locale("nl"), copy_parents=True)
    dutch.title, dutch.slug = "Slaap", "slaap"
    dutch.save_revision().publish()
    dutch = factories.again(dutch)
    (shown,) = related(leading_to(english)).articles
    assert (shown.title, shown.url) == ("Slaap", dutch.url)
    assert shown.reading_time.minutes == Article.for_page(dutch).minutes == 4
    assert titles(leading_to(english, language="en")) == ["Sleep"]
    # In no language of theirs there is one.
    assert related(leading_to(english, language="da")) is None


def test_what_nobody_can_read_is_left_out_and_none_is_shown_twice() -> None:
    live = factories.page(LONG, language="nl", title="Live")
    draft = factories.page(LONG, language="nl", title="Draft", live=False)
    gone = factories.page(LONG, language="nl", title="Gone")
    page = leading_to(live, draft, gone, live)
    gone.delete()
    assert titles(factories.again(page)) == ["Live"]
    itself = leading_to()
    itself.body[0].value["pages"] = [itself, live]
    itself.save()
    assert titles(factories.again(itself)) == ["Live"]


def test_the_newest_with_a_tag_follow_the_chosen_ones() -> None:
    for number in range(4):
        tagged(f"Knee {number}", "knee", first_published_at=f"2026-01-0{number + 1}T00:00Z")
    tagged("Other", "neck")
    tagged("English", "knee", language="en")
    tagged("Draft", "knee", live=False)
    private = tagged("Private", "knee", first_published_at="2026-02-01T00:00Z")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    chosen = ArticlePage.objects.get(pk=factories.page(LONG, language="nl", title="Chosen").pk)
    page = leading_to(chosen, tag="knee", most=4)
    assert titles(page) == ["Chosen", "Knee 3", "Knee 2", "Knee 1"]
    assert titles(leading_to(tag="unknown")) == []


def test_a_tag_is_written_as_pages_have_it_or_refused() -> None:
    tagged("Knee", "Knee")
    block = TagBlock(required=False)
    assert block.clean(" knee ") == "Knee" and block.clean("") == ""
    with pytest.raises(ValidationError):
        block.clean("elbow")


def test_a_preview_of_what_is_not_saved_shows_the_same() -> None:
    other = tagged("Knee", "knee")
    page = leading_to(other, tag="knee")
    block = page.body.stream_block.child_blocks["related_articles"]
    page.body = [("related_articles", block.normalize({"pages": [other], "tag": "knee"}))]
    assert titles(page) == ["Knee"]


def queries(page: Any) -> int:
    for _ in range(2):
        factories.render("{% include_block page.body %}", page=factories.again(page))
    fresh = factories.again(page)
    with CaptureQueriesContext(connection) as captured:
        factories.render("{% include_block page.body %}", page=fresh)
    return len(captured)


def test_any_number_of_articles_in_any_number_of_blocks_takes_the_same_queries() -> None:
    """The pages, each of their types, and those with tags: none for what they hold."""
    product = factories.product("nl")
    card = ("product_card", {"product": product.pk})
    image = ("image", {"image": factories.image().pk, "alt_text": "A picture"})
    pages = [factories.page(LONG, card, image, language="nl") for _ in range(10)]
    for number in range(10):
        tagged(f"Knee {number}", "knee")
    empty = factories.page(language="nl")
    block = ("related_articles", {"pages": [page.pk for page in pages[:1]]})
    assert queries(factories.page(block, language="nl")) - queries(empty) == 2
    block = ("related_articles", {"pages": [p.pk for p in pages], "tag": "knee", "most": 12})
    for count in (1, 4):
        page = factories.page(*[block] * count, language="nl")
        assert queries(page) - queries(empty) == 3


def test_a_block_that_reads_what_it_chooses_is_counted_too(monkeypatch: Any) -> None:
    product = factories.product("nl", name="Kussen")
    page = factories.page(("product_card", {"product": product.pk}), language="nl")
    assert minutes_to_read(page, "nl") == 1
    monkeypatch.setattr(
        ProductCardBlock, "reading_text", lambda self, value: [f"{value['product'].name} " * 700]
    )
    assert minutes_to_read(factories.again(page), "nl") == 4
