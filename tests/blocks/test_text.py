"""Heading, paragraph, image and standfirst."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import translation
from wagtail.images import get_image_model
from wagtail.rich_text import expand_db_html

from anodyne_blocks.blocks import HeadingBlock, ImageBlock, ParagraphBlock
from tests import factories
from tests.testapp.models import PlainPage

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"><path d="M0 0"/></svg>'


def figure(image: Any, **fields: Any) -> Any:
    block = ImageBlock()
    stored = {"image": image.pk, "alt_text": "A chair", **fields}
    return block.element(block.to_python(stored), factories.context_of("en"))


def test_a_heading_has_an_anchor_of_its_words() -> None:
    block, context = HeadingBlock(), factories.context_of("en")
    element = block.element(block.to_python({"text": "What helps", "level": "3"}), context)
    assert (element.level, element.text, element.anchor) == (3, "What helps", "what-helps")


def test_a_heading_may_have_an_anchor_of_its_own() -> None:
    block, context = HeadingBlock(), factories.context_of("en")
    value = block.to_python({"text": "What helps", "anchor": "Help!"})
    assert block.element(value, context).anchor == "help"


def test_an_empty_heading_shows_nothing() -> None:
    block = HeadingBlock()
    assert block.element(block.to_python({"text": ""}), factories.context_of("en")) is None


def test_an_empty_paragraph_shows_nothing() -> None:
    block = ParagraphBlock()
    assert block.element(block.to_python({"text": ""}), factories.context_of("en")) is None


@pytest.mark.django_db
class TestParagraph:
    def test_has_its_links_resolved(self) -> None:
        page = factories.page(title="Chairs", slug="chairs")
        block = ParagraphBlock()
        value = block.to_python({"text": f'<p><a linktype="page" id="{page.pk}">Chairs</a></p>'})
        element = block.element(value, factories.context_of("en"))
        assert element.html == '<p><a href="/chairs/">Chairs</a></p>'

    def test_links_are_those_that_wagtail_makes(self) -> None:
        english, draft = factories.page(), factories.page()
        for page, live in ((english, True), (draft, False)):
            factories.page(language="nl", translation_key=page.translation_key, live=live)
        pages = [english, draft, factories.page(model=PlainPage)]
        source = "".join(f'<p><a linktype="page" id="{page.pk}">x</a></p>' for page in pages)
        source += '<p><a linktype="page" id="9999">y</a> <a href="https://a.example/">z</a></p>'
        with translation.override("nl"):
            expected = expand_db_html(source)
        value = ParagraphBlock().to_python({"text": source})
        assert ParagraphBlock().element(value, factories.context_of("nl")).html == expected

    def test_a_link_to_a_deleted_page_does_not_break_it(self) -> None:
        block = ParagraphBlock()
        value = block.to_python({"text": '<p><a linktype="page" id="9999">Chairs</a></p>'})
        assert "Chairs" in block.element(value, factories.context_of("en")).html


@pytest.mark.django_db
class TestImage:
    def test_comes_in_all_sizes_of_its_role(self) -> None:
        element = figure(factories.image(width=2000, height=1000), caption="Oak", credit="Ada")
        assert [(size.name, size.width) for size in element.image.sizes] == [
            ("small", 480),
            ("medium", 800),
            ("large", 1200),
            ("xlarge", 1800),
        ]
        assert element.image.alt == "A chair"
        assert (element.caption, element.credit) == ("Oak", "Ada")
        assert element.image.srcset.count("w") >= 4

    def test_loads_at_once_on_the_first_screen_and_late_below(self) -> None:
        image = ("image", {"image": factories.image().pk, "alt_text": "A chair"})
        text = ("paragraph", {"text": "<p>Sit.</p>"})
        page = factories.page(image, text, text, image)
        first, *_, last = factories.elements(page)
        assert (first.image.loading, last.image.loading) == ("eager", "lazy")
        html = factories.render("{% include_block page.body %}", page=page)
        assert html.count('loading="eager"') == html.count('loading="lazy"') == 1
        # Only a lazy image may leave its size to the browser.
        assert html.count('sizes="auto, ') == 1

    def test_a_small_image_names_each_width_once(self) -> None:
        element = figure(factories.image(width=300, height=200))
        assert element.image.srcset.endswith(" 300w")
        assert element.image.srcset.count("300w") == 1

    def test_a_site_may_add_sizes(self, settings: Any) -> None:
        sizes = {"figure": {"tiny": "width-64"}}
        settings.ANODYNE_BLOCKS = {**settings.ANODYNE_BLOCKS, "IMAGE_SIZES": sizes}
        names = [size.name for size in figure(factories.image()).image.sizes]
        assert names[0] == "tiny"
        assert {"small", "medium", "large", "xlarge"} < set(names)

    def test_a_decorative_image_is_silent(self) -> None:
        assert figure(factories.image(), decorative=True).image.alt == ""

    def test_the_same_image_in_two_places_keeps_each_alternative_text(self) -> None:
        image = factories.image()
        page = factories.page(
            ("image", {"image": image.pk, "alt_text": "A chair"}),
            ("image", {"image": image.pk, "alt_text": "An oak chair"}),
        )
        for _attempt in ("renditions are made", "renditions are found"):
            first, second = factories.elements(type(page).objects.get(pk=page.pk))
            assert (first.image.alt, second.image.alt) == ("A chair", "An oak chair")

    def test_a_deleted_image_shows_nothing(self) -> None:
        image = factories.image()
        stored = {"image": image.pk, "alt_text": "A chair"}
        image.delete()
        block = ImageBlock()
        assert block.element(block.to_python(stored), factories.context_of("en")) is None

    @pytest.mark.parametrize("content", [None, b"", b"not a picture"])
    def test_a_file_that_is_no_picture_shows_nothing(self, content: bytes | None) -> None:
        image = factories.image()
        storage, name = image.file.storage, image.file.name
        storage.delete(name)
        if content is not None:
            storage.save(name, ContentFile(content))
        assert figure(image) is None

    def test_a_drawing_in_svg_shows_as_it_is(self) -> None:
        file = ContentFile(SVG, name="drawing.svg")
        image = get_image_model().objects.create(title="Drawing", file=file)
        element = figure(image)
        assert element.image.url.endswith(".svg")
        page = factories.page(("image", {"image": image.pk, "alt_text": "A drawing"}))
        (again,) = factories.elements(page)
        assert again.image.sizes == element.image.sizes

    def test_alternative_text_is_asked_for(self) -> None:
        block = ImageBlock()
        value = block.normalize({"image": factories.image(), "alt_text": ""})
        with pytest.raises(ValidationError) as refused:
            block.clean(value)
        assert list(refused.value.block_errors) == ["alt_text"]
        value["decorative"] = True
        assert block.clean(value)["decorative"]

    def test_a_draft_may_lack_its_alternative_text(self) -> None:
        block = ImageBlock()
        value = block.normalize({"image": factories.image(), "alt_text": ""})
        block.defer_required_validation()
        try:
            assert block.clean(value)["alt_text"] == ""
        finally:
            block.restore_deferred_validation()


@pytest.mark.django_db
class TestStandfirst:
    def test_only_the_first_of_a_page_shows(self) -> None:
        page = factories.page(("standfirst", {"text": "One."}), ("standfirst", {"text": "Two."}))
        first, second = factories.elements(page)
        assert first.text == "One."
        assert second is None

    def test_an_empty_one_does_not_hide_the_next(self) -> None:
        page = factories.page(("standfirst", {"text": ""}), ("standfirst", {"text": "Two."}))
        first, second = factories.elements(page)
        assert first is None
        assert second.text == "Two."
