"""Questions and answers: anchors that last, headings that fit, drafts that may be unfinished."""

from __future__ import annotations

from typing import Any

import pytest

from anodyne_blocks.article import Article
from anodyne_blocks.blocks import FAQBlock, HeadingBlock
from anodyne_blocks.elements import FAQ
from tests import factories

LONG = "Can I " + "really " * 12 + "sleep on my stomach when my back hurts?"


def stored(*questions: Any, **fields: Any) -> dict[str, Any]:
    """A stored FAQ of questions, or of (question, anchor) pairs."""
    pairs = [(q, "") if isinstance(q, str) else q for q in questions]
    return {
        "questions": [
            {"question": question, "answer": "<p>It depends.</p>", "anchor": anchor}
            for question, anchor in pairs
        ],
        **fields,
    }


def cleaned(*questions: Any, **fields: Any) -> Any:
    block = FAQBlock()
    return block.clean(block.to_python(stored(*questions, **fields)))


def anchors(value: Any) -> list[str]:
    return [item["anchor"] for item in value["questions"]]


def published(*questions: Any, **fields: Any) -> Any:
    """A live page with an FAQ."""
    return factories.page(("faq", stored(*questions, **fields)))


def publish(page: Any) -> Any:
    """Publish a page as it is in memory, and read it again."""
    page.save_revision().publish()
    return factories.again(page)


def kept(page: Any) -> list[str]:
    """The anchors of the page's first FAQ as they are stored, which are those that readers get."""
    (faq, *_) = [child for child in page.body if child.block_type == "faq"]
    shown = faq.block.element(faq.value, Article.for_page(page))
    assert [item.anchor for item in shown.items] == anchors(faq.value)
    return anchors(faq.value)


def test_a_typed_anchor_is_made_one_and_no_other_is_made() -> None:
    assert anchors(cleaned(("Should I rest?", "My Rest"), "Is heat better?")) == ["my-rest", ""]


@pytest.mark.django_db
class TestPublished:
    def test_each_question_has_an_anchor(self) -> None:
        page = published("Should I rest?", "Is heat better than cold?")
        assert kept(page) == ["should-i-rest", "is-heat-better-than-cold"]

    def test_it_stays_when_the_question_is_reworded(self) -> None:
        page = published("Should I rest?")
        page.body[0].value["questions"][0]["question"] = "Is bed rest any good?"
        assert kept(publish(page)) == ["should-i-rest"]

    @pytest.mark.parametrize("pair", [("Should I rest?", "Is heat better?"), (LONG, LONG)])
    def test_it_stays_when_questions_change_places(self, pair: Any) -> None:
        page = published(*pair)
        one, two = kept(page)
        assert one != two
        page.body[0].value["questions"].append(page.body[0].value["questions"].pop(0))
        assert kept(publish(page)) == [two, one]

    def test_it_stays_when_the_first_of_its_kind_is_deleted(self) -> None:
        page = published(LONG, LONG)
        two = kept(page)[1]
        del page.body[0].value["questions"][0]
        assert kept(publish(page)) == [two]

    def test_a_copy_of_a_question_gets_a_number(self) -> None:
        page = published("Should I rest?", ("Should I rest?", "should-i-rest"), "Should I rest?")
        assert kept(page) == ["should-i-rest-2", "should-i-rest", "should-i-rest-3"]
        assert kept(publish(page)) == kept(page)

    def test_a_number_that_another_question_has_already_is_left_to_it(self) -> None:
        found = kept(published(("A", "rest"), ("B", "rest"), ("C", "rest-2")))
        assert len(set(found)) == 3
        assert found[2] == "rest-2"

    def test_a_long_question_makes_an_anchor_of_bearable_length(self) -> None:
        (anchor,) = kept(published(LONG))
        assert len(anchor) <= 60
        assert not anchor.endswith("-")

    def test_a_typed_anchor_is_kept_whole(self) -> None:
        typed = "a" * 75
        assert kept(published(("Should I rest?", typed))) == [typed]

    def test_an_arabic_question_has_an_arabic_anchor(self) -> None:
        assert kept(published("هل أحتاج إلى الراحة؟")) == ["هل-أحتاج-إلى-الراحة"]

    def test_a_question_of_signs_only_still_has_an_anchor(self) -> None:
        first, second = kept(published("???", "!!!"))
        assert first and second and first != second


def test_a_draft_may_hold_an_unfinished_question() -> None:
    block = FAQBlock()
    value = block.to_python(stored("Should I rest?", ""))
    block.defer_required_validation()
    try:
        value = block.clean(value)
    finally:
        block.restore_deferred_validation()
    assert anchors(value) == ["", ""]
    faq = block.element(value, factories.context_of("en"))
    assert [item.question for item in faq.items] == ["Should I rest?"]


def test_nothing_shows_without_a_question() -> None:
    block = FAQBlock()
    value = block.to_python(stored("", heading="Questions"))
    assert block.element(value, factories.context_of("en")) is None
    assert block.render(value, {}) == ""


def test_an_answer_has_its_links_resolved(db: None) -> None:
    target = factories.home()
    value = FAQBlock().to_python(stored("Where?"))
    value["questions"][0]["answer"].source = f'<p><a linktype="page" id="{target.pk}">Here</a></p>'
    (item,) = FAQBlock().element(value, factories.context_of("en")).items
    assert item.answer == '<p><a href="/">Here</a></p>'


@pytest.mark.django_db
class TestOnAPage:
    def faqs(self, page: Any) -> list[FAQ]:
        return [element for element in factories.elements(page) if isinstance(element, FAQ)]

    def test_content_that_no_form_has_cleaned_has_anchors(self) -> None:
        page = factories.page(("faq", stored("Should I rest?", "Should I rest?")))
        (faq,) = self.faqs(page)
        assert [item.anchor for item in faq.items] == ["should-i-rest", "should-i-rest-2"]

    def test_two_faqs_with_the_same_question_have_different_anchors(self) -> None:
        faq = stored(("Should I rest?", "should-i-rest"), heading="Questions")
        first, second = self.faqs(factories.page(("faq", faq), ("faq", faq)))
        assert first.anchor != second.anchor
        assert first.items[0].anchor == "should-i-rest"
        assert second.items[0].anchor == "should-i-rest-2"

    def test_a_heading_with_the_same_words_does_not_take_the_anchor(self) -> None:
        page = factories.page(
            ("heading", {"text": "Should I rest?"}),
            ("faq", stored(("Is bed rest any good?", "should-i-rest"))),
        )
        heading, faq = factories.elements(page)
        assert faq.items[0].anchor == "should-i-rest"
        assert heading.anchor == "should-i-rest-2"

    def test_a_copied_page_keeps_its_anchors(self) -> None:
        page = factories.page(("faq", stored(("Is bed rest any good?", "should-i-rest"))))
        copy = page.copy(update_attrs={"slug": "copy", "title": "Copy"})
        (faq,) = self.faqs(type(page).objects.get(pk=copy.pk))
        assert faq.items[0].anchor == "should-i-rest"

    @pytest.mark.parametrize(
        ("before", "fields", "heading_level", "question_level"),
        [
            ([], {}, 2, 2),
            (["2"], {}, 2, 3),
            (["2", "3"], {}, 2, 4),
            (["2", "3"], {"heading": "Questions"}, 2, 3),
            (["2"], {"heading": "Questions", "heading_level": "3"}, 3, 4),
            (["2", "3"], {"heading": "Questions", "heading_level": "4"}, 4, 5),
        ],
    )
    def test_questions_are_headings_one_below_their_section(
        self, before: list[str], fields: Any, heading_level: int, question_level: int
    ) -> None:
        headings = [("heading", {"text": f"Part {level}", "level": level}) for level in before]
        (faq,) = self.faqs(factories.page(*headings, ("faq", stored("Why?", **fields))))
        assert (faq.heading_level, faq.question_level) == (heading_level, question_level)

    def test_one_open_at_a_time_is_a_group_of_its_own_for_each_faq(self) -> None:
        one = stored("Why?", one_at_a_time=True)
        page = factories.page(("faq", one), ("faq", one), ("faq", stored("How?")))
        first, second, third = self.faqs(page)
        assert first.group and second.group and first.group != second.group
        assert third.group == ""

    def test_an_faq_that_is_printed_alone_is_like_the_one_on_its_page(self) -> None:
        one = stored("Why?", one_at_a_time=True)
        page = factories.page(("faq", one), ("faq", one))
        alone = [factories.elements(page)[index] for index in (1,)]
        context = factories.context_of("en", page)
        second = page.body[1]
        assert [second.block.element(second.value, context)] == alone


def test_a_context_serves_many_values_that_are_on_no_page() -> None:
    context, block = factories.context_of("en"), HeadingBlock()
    anchors = []
    for number in range(50):
        # Each value is gone before the next is made, so that Python may reuse its identity.
        value = block.to_python({"text": f"Part {number}"})
        anchors.append(block.element(value, context).anchor)
        del value
    assert anchors == [f"part-{number}" for number in range(50)]
