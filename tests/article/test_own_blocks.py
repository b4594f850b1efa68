"""A site's own blocks belong to the article: headings, levels, reading time, images.

The site is as many are: its own StreamBlock with a heading block of text and size, a plain
StreamField, and `{{ page.body }}` in the template.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from anodyne_blocks.article import Article
from anodyne_blocks.article.outline import OutlineEntry
from anodyne_blocks.article.own_blocks import with_anchors
from anodyne_blocks.blocks import FAQBlock, ImageBlock, ReadingTimeBlock, TableOfContentsBlock
from tests import factories
from tests.testapp.models import PlainPage

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

BODY = "{{ page.body }}"
WAYS = {
    "variable": BODY,
    "include_block": "{% include_block page.body %}",
    "loop": "{% for block in page.body %}{% include_block block %}{% endfor %}",
}
SIZES = [("h2", "H2"), ("h3", "H3"), ("h4", "H4")]


class HeadingBlock(blocks.StructBlock):
    """As in Wagtail's bakerydemo."""

    heading_text = blocks.CharBlock()
    size = blocks.ChoiceBlock(choices=SIZES, blank=True, required=False)

    class Meta:
        template = "testapp/blocks/heading.html"


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock()
    caption = blocks.CharBlock(required=False)

    class Meta:
        template = "testapp/blocks/image.html"


class SpokenHeadingBlock(HeadingBlock):
    """The same, after its author has read the docs."""

    class Meta:
        in_article = {"heading": "heading_text", "level": "size"}


class SpokenPictureBlock(PictureBlock):
    class Meta:
        in_article = {"images": True, "read": ["image", "caption"]}


class ColumnsBlock(blocks.StructBlock):
    left = blocks.StreamBlock([("heading_block", HeadingBlock()), ("faq", FAQBlock())])
    note = blocks.TextBlock(required=False)


class SiteBody(blocks.StreamBlock):
    """As the site was before; and blocks of the package beside."""

    title = blocks.CharBlock(form_classname="title")
    heading_block = HeadingBlock()
    paragraph_block = blocks.RichTextBlock()
    picture = PictureBlock()
    columns = ColumnsBlock()
    contents = TableOfContentsBlock()
    reading_time = ReadingTimeBlock()
    faq = FAQBlock()
    image = ImageBlock()


class SpokenBody(SiteBody):
    heading_block = SpokenHeadingBlock()
    picture = SpokenPictureBlock()


HEADING = {"heading": "heading_text", "level": "size"}
NAMED = {
    f"{__name__}.HeadingBlock": HEADING,
    f"{__name__}.PictureBlock": {"images": True, "read": ["image", "caption"]},
    "title": {"heading": True},
}
CONTENTS = ("contents", {"depth": "3"})
FAQ = ("faq", {"questions": [{"question": "Why?", "answer": "<p>So.</p>"}]})


def heading(text: str, size: str = "") -> tuple[str, Any]:
    return "heading_block", {"heading_text": text, "size": size}


@pytest.fixture
def use_body(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`use_body(class)` makes it the body of the test site's plain pages."""

    def use(body: type[blocks.StreamBlock]) -> None:
        monkeypatch.setitem(PlainPage._meta.get_field("body").__dict__, "stream_block", body())

    use(SiteBody)
    return use


@pytest.fixture(params=["by itself", "by the setting"])
def told(request: Any, use_body: Any, settings: Any) -> None:
    """The site's blocks say what they are, or the setting says it of them."""
    if request.param == "by itself":
        use_body(SpokenBody)
    else:
        factories.setting(settings, OWN_BLOCKS=NAMED)


def soup_of(page: Any, template: str = BODY) -> Any:
    return BeautifulSoup(factories.render(template, page=factories.again(page)), "html.parser")


def links(soup: Any) -> list[tuple[str, str]]:
    """(text, anchor) of the contents."""
    return [
        (tag.get_text(), tag["href"][1:])
        for tag in soup.select(".anodyne-contents__entry a[href^='#']")
    ]


def leads_to(soup: Any, anchor: str) -> str:
    """The text of the heading at, or around, an anchor that is there once."""
    (place,) = soup.find_all(id=anchor)
    around = (
        place if re.fullmatch("h[1-6]", place.name) else place.find_parent(re.compile("h[1-6]"))
    )
    return around.get_text()


def written(*more: tuple[str, Any]) -> Any:
    return factories.page(
        CONTENTS, heading("What helps"), heading("In bed", "h3"), FAQ, *more, model=PlainPage
    )


def test_before_anybody_says_so_they_are_printed_as_they_were(use_body: Any) -> None:
    page = written()
    soup = soup_of(page)
    assert links(soup) == []
    assert [str(tag) for tag in soup.find_all(["h2", "h3"], id=False, class_=False)] == [
        "<h2>What helps</h2>",
        "<h3>In bed</h3>",
    ]


@pytest.mark.parametrize("way", WAYS)
def test_their_headings_stand_in_the_contents_and_links_lead_there(told: Any, way: str) -> None:
    soup = soup_of(written(heading("What helps"), FAQ), WAYS[way])
    assert links(soup) == [
        ("What helps", "what-helps"),
        ("In bed", "in-bed"),
        ("What helps", "what-helps-2"),
    ]
    for text, anchor in links(soup):
        assert leads_to(soup, anchor) == text
    # The questions are one level below the heading before.
    questions = [tag.find(re.compile("h[1-6]")).name for tag in soup.select("summary")[1:]]
    assert questions == ["h4", "h3"]


def test_a_text_alone_may_be_a_heading_in_a_template_s_loop(use_body: Any, settings: Any) -> None:
    """As in Wagtail's own tutorial; a letter is one object in Python, wherever it is."""
    factories.setting(settings, OWN_BLOCKS=NAMED)
    page = factories.page(
        CONTENTS, ("title", "A"), FAQ, ("title", "B"), ("title", "A"), model=PlainPage
    )
    soup = soup_of(
        page,
        """{% for block in page.body %}{% if block.block_type == "title" %}
        <h2 id="{% anchor block %}">{{ block.value }}</h2>
        {% else %}{% include_block block %}{% endif %}{% endfor %}""",
    )
    assert links(soup) == [("A", "a"), ("B", "b"), ("A", "a-2")]
    assert [leads_to(soup, anchor) for _text, anchor in links(soup)] == ["A", "B", "A"]
    assert soup.select_one(".anodyne-faq__question").name == "h3"


def test_a_template_may_place_the_anchor_itself(use_body: Any, monkeypatch: Any) -> None:
    class Placed(SpokenHeadingBlock):
        def render(self, value: Any, context: Any = None) -> Any:
            tag = '{% load anodyne_blocks %}<p id="{% anchor self %}">{{ self.heading_text }}</p>'
            return factories.render(tag, **{**context, "self": value})

    class Body(SiteBody):
        heading_block = Placed()

    use_body(Body)
    soup = soup_of(written())
    assert [tag["id"] for tag in soup.find_all("p", id=True)] == ["what-helps", "in-bed"]
    assert len(soup.find_all(id="what-helps")) == 1


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<h2 class="big">A &amp; <b>b</b></h2>', '<h2 id="a-b" class="big">A &amp; <b>b</b></h2>'),
        ('<h2 id="own">A &amp; b</h2>', '<h2 id="own"><span id="a-b"></span>A &amp; b</h2>'),
        ("<h2>Other</h2>", '<span id="a-b"></span><h2>Other</h2>'),
        ('<i id="a-b"></i><h2>A &amp; b</h2>', '<i id="a-b"></i><h2>A &amp; b</h2>'),
    ],
)
def test_an_anchor_goes_where_the_heading_is(html: str, expected: str) -> None:
    assert with_anchors(html, [OutlineEntry(2, "A & b", "a-b")]) == expected


def test_anchors_of_equal_headings_go_to_each() -> None:
    html = "<h2>A</h2><p>B</p><h2>A</h2><h3 id='own'>A</h3>"
    entries = [OutlineEntry(2, "A", anchor) for anchor in ("a", "a-2", "a-3")]
    assert with_anchors(html, entries) == (
        '<h2 id="a">A</h2><p>B</p><h2 id="a-2">A</h2><h3 id=\'own\'><span id="a-3"></span>A</h3>'
    )


def test_the_headings_in_a_rich_text(use_body: Any, settings: Any) -> None:
    factories.setting(settings, OWN_BLOCKS={"paragraph_block": {"heading": True}})
    text = (
        '<p>One.</p><h2 data-block-key="a">Sit &amp; <b>stand</b></h2><h3>At night</h3><p>So.</p>'
    )
    page = factories.page(CONTENTS, ("paragraph_block", text), FAQ, model=PlainPage)
    soup = soup_of(page)
    assert links(soup) == [("Sit & stand", "sit-stand"), ("At night", "at-night")]
    assert [leads_to(soup, anchor) for _text, anchor in links(soup)] == ["Sit & stand", "At night"]
    assert soup.select_one(".anodyne-faq__question").name == "h4"


def test_headings_inside_other_blocks(use_body: Any, settings: Any) -> None:
    factories.setting(settings, OWN_BLOCKS=NAMED)
    parts = [
        {"type": kind, "value": value}
        for kind, value in (heading("Sit", "h3"), FAQ, heading("Stand", "h4"), FAQ)
    ]
    page = factories.page(CONTENTS, ("columns", {"left": parts, "note": ""}), model=PlainPage)
    soup = soup_of(page)
    assert links(soup) == [("Sit", "sit")]
    outline = Article.for_page(page).outline
    assert [(entry.level, entry.anchor) for entry in outline.entries] == [(3, "sit"), (4, "stand")]
    for entry in outline.entries:
        assert leads_to(soup, entry.anchor) == entry.text
    assert [tag.name for tag in soup.select(".anodyne-faq__question")] == ["h4", "h5"]


def test_images_load_as_those_of_the_package_do(told: Any) -> None:
    pk = factories.image(width=60, height=40).pk
    picture, ours = ("picture", {"image": pk}), ("image", {"image": pk, "alt_text": "A chair"})
    page = factories.page(picture, ours, picture, ours, picture, model=PlainPage)
    expected = ["eager", "eager", "eager", "lazy", "lazy"]
    assert [tag["loading"] for tag in soup_of(page).find_all("img")] == expected
    loop = """{% load wagtailimages_tags %}{% for block in page.body %}{% loading block as how %}
    {% image block.value.image width-40 loading=how %}{% endfor %}"""
    assert [tag["loading"] for tag in soup_of(page, loop).find_all("img")] == expected


def test_whatever_stands_above_takes_room_on_the_first_screen(use_body: Any) -> None:
    text = ("paragraph_block", "<p>Change.</p>")
    image = ("image", {"image": factories.image(width=60, height=40).pk, "alt_text": "A chair"})
    for count, expected in ((2, "eager"), (3, "lazy")):
        page = factories.page(*[text] * count, image, model=PlainPage)
        assert soup_of(page).find("img")["loading"] == expected


def test_their_texts_are_read(use_body: Any, settings: Any) -> None:
    long = {"left": [], "note": "word " * 700}
    pages = [
        factories.page(("reading_time", {}), block, model=PlainPage)
        for block in (("columns", long), ("paragraph_block", f"<p>{long['note']}</p>"))
    ]
    for said, expected in ((None, [3, 3]), (["left"], [1, 3]), (["note", "left"], [3, 3])):
        own = {} if said is None else {"columns": {"read": said}}
        factories.setting(settings, OWN_BLOCKS=own)
        assert [Article.for_page(factories.again(page)).minutes for page in pages] == expected


def test_an_editor_s_blank_heading_is_none(told: Any) -> None:
    page = factories.page(CONTENTS, heading(""), heading("  "), model=PlainPage)
    assert links(soup_of(page)) == []


class LastingHeadingBlock(HeadingBlock):
    anchor = blocks.CharBlock(required=False)

    class Meta:
        in_article = {"heading": "heading_text", "level": "size", "anchor": "anchor"}


@pytest.mark.parametrize("name", ["heading_block", "paragraph_block"])
def test_their_published_anchors_last_where_there_is_a_place_for_them(
    use_body: Any, settings: Any, name: str
) -> None:
    class Body(SiteBody):
        heading_block = LastingHeadingBlock()

    use_body(Body)
    factories.setting(settings, OWN_BLOCKS={"paragraph_block": {"heading": True}})

    def stored(text: str) -> list[dict[str, Any]]:
        html = f'<h2 data-block-key="abcde">{text}</h2>'
        value = html if name == "paragraph_block" else {"heading_text": text, "size": "h2"}
        return [{"type": name, "value": value, "id": "a"}]

    page = factories.page(model=PlainPage)
    for text in ("Sit", "Stand"):
        page = factories.again(page)
        page.body = [*stored(text), {"type": "contents", "value": {}, "id": "b"}]
        page.save_revision().publish()
    soup = soup_of(page)
    assert links(soup) == [("Stand", "sit")]
    assert leads_to(soup, "sit") == "Stand"
