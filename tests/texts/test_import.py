"""Folders of texts and WordPress exports become draft pages, each text once."""

from __future__ import annotations

import datetime
import re
from io import StringIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from django.core.management import CommandError, call_command
from wagtail.images import get_image_model
from wagtail.models import Page

from anodyne_blocks.models import Person
from anodyne_blocks.texts import importing
from tests import factories
from tests.shops.conftest import Server
from tests.testapp.models import ArticlePage
from tests.texts.documents import MARKDOWN, WEB_PAGE, picture, word

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three texts with pictures, two that cannot be read, and what is none."""
    made = tmp_path / "articles"
    (made / "below").mkdir(parents=True)
    (made / "back.md").write_text(MARKDOWN)
    (made / "desk.png").write_bytes(picture())
    (made / "below" / "page.html").write_text(WEB_PAGE)
    (made / "below" / "word.docx").write_bytes(word())
    (made / "broken.docx").write_bytes(b"PK no document")
    (made / "hostile.html").write_text('<p>A<img src="../secret.png" alt="B"><img src="/etc/x">')
    (made / "notes.txt").write_text("None of the formats.")
    (tmp_path / "secret.png").write_bytes(picture(colour=b"\xff\x00\x00"))
    return made


def run(source: Path, **options: Any) -> tuple[str, bool]:
    """What the command says, and whether each text is a page."""
    given = {"parent": str(factories.home().pk), "page_type": "testapp.ArticlePage", **options}
    out = StringIO()
    try:
        call_command("import_articles", str(source), stdout=out, **given)
    except CommandError as error:
        if "Not every text is a page" not in str(error):
            raise
        return out.getvalue(), False
    return out.getvalue(), True


def kinds(page: Any) -> list[str]:
    return [item["type"] for item in page.body.get_prep_value()]


def test_a_folder_becomes_drafts_once(folder: Path, web: Server) -> None:
    told, is_whole = run(folder, dry_run=True)
    assert not is_whole and "4 new, 0 there already, 1 left out. Nothing was stored." in told
    assert not ArticlePage.objects.exists() and not get_image_model().objects.exists()

    told, _is_whole = run(folder)
    assert "4 new, 0 there already, 1 left out." in told
    assert "broken.docx: left out\n  This file is damaged" in told
    first = ArticlePage.objects.get(slug="a-back-that-moves")
    assert kinds(first) == [
        "standfirst", "heading", "paragraph", "heading", "paragraph", "image", "faq", "sources",
    ]  # fmt: skip
    assert not first.live and first.has_unpublished_changes
    revised = first.get_latest_revision_as_object()
    assert kinds(revised) == kinds(first)
    # The same desk twice; below/desk.png is not there, and nothing outside of the folder is read.
    assert get_image_model().objects.count() == 1
    assert told.count("This picture is left out") == 3

    told, _is_whole = run(folder)
    assert "0 new, 4 there already, 1 left out." in told
    assert ArticlePage.objects.count() == 4 and get_image_model().objects.count() == 1
    # A page that was renamed and moved is known; one that was deleted is made again.
    first.title, first.slug = "Renamed", "renamed"
    first.save()
    ArticlePage.objects.filter(title="hostile").delete()
    assert "1 new, 3 there already" in run(folder)[0]


def test_a_run_that_is_stopped_goes_on(
    folder: Path, web: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = ArticlePage.save_revision

    def stopped(page: Any, *args: Any, **kwargs: Any) -> Any:
        if ArticlePage.objects.count() == 2:
            raise KeyboardInterrupt
        return real(page, *args, **kwargs)

    monkeypatch.setattr(ArticlePage, "save_revision", stopped)
    with pytest.raises(CommandError, match="run it again to go on"):
        call_command(
            "import_articles", str(folder), parent=str(factories.home().pk),
            page_type="testapp.ArticlePage", stdout=StringIO(),
        )  # fmt: skip
    # No page without its draft.
    assert [page.latest_revision is not None for page in ArticlePage.objects.all()] == [True]
    monkeypatch.undo()
    assert "3 new, 1 there already" in run(folder)[0]
    assert ArticlePage.objects.count() == 4


def item(kind: str, number: int, **fields: str) -> str:
    names = {"content": "content:encoded", "excerpt": "excerpt:encoded", "creator": "dc:creator"}
    given = {
        "title": f"Post {number}",
        "guid": f"https://old.example/?p={number}",
        "link": f"https://old.example/post-{number}/",
        "wp:post_id": str(number),
        "wp:post_type": kind,
        "wp:status": "publish",
        **{re.sub("^wp_", "wp:", name): value for name, value in fields.items()},
    }
    meta = "".join(
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{given.pop(key)}"
        "</wp:meta_value></wp:postmeta>"
        for key in ("_thumbnail_id", "_wp_attachment_image_alt")
        if key in given
    )
    inner = "".join(
        f"<{names.get(name, name)}>{escape(value)}</{names.get(name, name)}>"
        for name, value in given.items()
    )
    return f"<item>{inner}{meta}</item>"


def export(*items: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" ?><rss version="2.0"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">'
        "<channel><title>Old site</title><wp:wxr_version>1.2</wp:wxr_version><wp:author>"
        "<wp:author_login>ada</wp:author_login>"
        "<wp:author_display_name>Ada Holm</wp:author_display_name></wp:author>"
        f"{''.join(items)}</channel></rss>"
    )


def test_a_wordpress_export_with_images_dates_and_authors(tmp_path: Path, web: Server) -> None:
    for number, name in enumerate(("lead", "desk", "chair")):
        content = picture(colour=bytes((number, 0, 0)))
        web.says(f"/{name}.png", content, Content_Type="image/png")
    old = (
        "Sit well & often.\nSecond line.\n\n"
        '[caption id="a" width="3"]<img class="wp-image-11" src="/desk-300x200.png" alt="" />'
        ' At work[/caption]\n\n[gallery ids="12"]\n\n[contact-form id="7"]\n\nThe end [sic].'
    )
    new = "<!-- wp:paragraph --><p>Blocks.</p><!-- /wp:paragraph --><h2>FAQ</h2><h3>So?</h3><p>Yes."
    attached = {10: ("lead", "Lead"), 11: ("desk", "A desk"), 12: ("chair", "A chair")}
    file = tmp_path / "export.xml"
    file.write_text(
        export(
            item("post", 1, content=old, creator="ada", excerpt="In <b>short</b>.",
                 wp_post_date_gmt="2019-03-02 10:00:00", wp_post_name="sit-well",
                 _thumbnail_id="10"),
            item("page", 2, content=new, creator="ada", wp_status="draft",
                 wp_post_date_gmt="0000-00-00 00:00:00"),
            item("post", 3, content="Gone", wp_status="trash"),
            item("nav_menu_item", 4),
            *(item("attachment", number, wp_attachment_url=f"{web.url}/{name}.png",
                   _wp_attachment_image_alt=alt) for number, (name, alt) in attached.items()),
        )
    )  # fmt: skip
    told, is_whole = run(file)
    assert "2 new, 0 there already, 1 left out." in told and not is_whole
    assert 'Embedded content is left out. [contact-form id="7"]' in told
    assert "Post 3: left out\n  It is in the trash of WordPress." in told

    first, second = ArticlePage.objects.order_by("pk")
    assert (first.title, first.slug) == ("Post 1", "sit-well")
    assert first.first_published_at == datetime.datetime(
        2019, 3, 2, 10, tzinfo=datetime.timezone.utc
    )
    assert kinds(first) == [
        "standfirst", "byline", "image", "paragraph", "image", "image", "paragraph",
    ]  # fmt: skip
    assert first.body[0].value["text"] == "In short."
    images = [child.value for child in first.body if child.block_type == "image"]
    assert [(value["alt_text"], value["caption"]) for value in images] == [
        ("Lead", ""), ("A desk", "At work"), ("A chair", ""),
    ]  # fmt: skip
    assert first.body[3].value["text"].source == "<p>Sit well &amp; often.<br/>Second line.</p>"
    assert first.body[6].value["text"].source == "<p>The end [sic].</p>"
    assert kinds(second) == ["byline", "paragraph", "faq"] and second.first_published_at is None
    (ada,) = Person.objects.all()
    assert first.body[1].value["authors"][0]["person"] == ada and ada.name == "Ada Holm"
    # Its date is kept when it is published.
    first.get_latest_revision().publish()
    assert factories.again(first).first_published_at.year == 2019

    asked = len(web.requests)
    assert "0 new, 2 there already, 1 left out." in run(file)[0]
    assert len(web.requests) == asked and get_image_model().objects.count() == 3


@pytest.mark.parametrize(
    "content",
    [
        "<rss><channel></channel></rss>",
        export(item("post", 1))[:-40],
        '<!DOCTYPE a [<!ENTITY b "c">]>' + export(item("post", 1, content="Text")),
        export(item("post", 1, content="x" * 4_000_001)),
    ],
    ids=["another file", "cut off", "entities", "too long"],
)
def test_what_is_no_export_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "export.xml"
    file.write_text(content)
    with pytest.raises(CommandError, match=r"export\.xml: "):
        run(file)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"parent": "99999"}, "is no page, or several"),
        ({"parent": "/nowhere/"}, "is no page, or several"),
        ({"page_type": "testapp.Other"}, "Known: testapp.ArticlePage"),
        ({"page_type": None}, "Name the --page-type"),
        ({"language": "ja"}, "has no translation"),
        ({"source": "nowhere"}, "no folder or file"),
    ],
)
def test_wrong_options_say_what_is_right(
    tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    source = tmp_path / options.pop("source", ".")
    with pytest.raises(CommandError, match=message):
        run(source, **options)


def test_the_parents_translation_and_its_path(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Eén\n\nTekst")
    front, dutch = factories.home(), factories.home("nl")
    run(tmp_path, parent=front.url_path, language="nl")
    (page,) = ArticlePage.objects.all()
    assert page.get_parent() == Page.objects.get(pk=dutch.pk)
    assert page.locale.language_code == "nl"
    # In another language under the same name: its translation.
    run(tmp_path, parent=str(front.pk))
    assert page.get_translations().count() == 1


def test_the_key_of_a_page_is_for_good() -> None:
    """Another way to make it would import each text once more."""
    assert str(importing.key_of("articles/back.md")) == "748443e1-2b80-5a92-89f0-c6028cdafafa"


def test_what_one_text_lacks_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is too long, and an author whose name no person can have."""
    (tmp_path / "long.md").write_text("# Long\n\n" + "word " * 200)
    (tmp_path / "short.md").write_text(f"---\nauthor: {'A' * 300}\n---\n# Short\n\nText")
    monkeypatch.setattr(importing, "LONGEST", 500)
    told, is_whole = run(tmp_path)
    assert not is_whole
    assert "long.md: left out" in told
    (page,) = ArticlePage.objects.all()
    assert (page.title, kinds(page)) == ("Short", ["paragraph"])
    assert not Person.objects.exists()
    assert "at most" in told
    assert "long.md" not in run(tmp_path, verbosity=0)[0]
