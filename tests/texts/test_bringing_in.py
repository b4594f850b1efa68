"""A text is brought into a page in the admin: shown first, then a draft that can be published."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.models import GroupPagePermission, UploadedFile

from tests import factories
from tests.shops.conftest import Server
from tests.texts.documents import WEB_PAGE, picture, word

pytestmark = pytest.mark.django_db


def signed_in(*codenames: str, images: bool = False) -> Client:
    """Someone who has these permissions for all pages, and may add images or not."""
    group = Group.objects.create(name="Writers")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in codenames:
        permission = Permission.objects.get(codename=codename)
        GroupPagePermission.objects.create(
            group=group, page=factories.home(), permission=permission
        )
    user = get_user_model().objects.create_user("writer", "w@example.com", "pw")
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


def address(page: Any) -> str:
    return reverse("anodyne_blocks_bring_in_text", args=[page.pk])


def shown(answer: Any) -> BeautifulSoup:
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser").find("main")


def preview(client: Client, page: Any, **posted: Any) -> tuple[BeautifulSoup, str]:
    """What is shown before anything is stored, and the id of what waits."""
    main = shown(client.post(address(page), posted))
    return main, main.select_one("[name=waiting]")["value"]


def body_of(page: Any) -> list[Any]:
    return factories.again(page).get_latest_revision_as_object().body.get_prep_value()


def test_a_pasted_page_is_shown_then_a_draft_and_then_published(
    admin_client: Client, web: Server
) -> None:
    web.says("/desk.png", picture(), Content_Type="image/png")
    html = WEB_PAGE.replace('"desk.png"', f'"{web.url}/desk.png"')
    page = factories.page(title="Untitled")
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert address(page) in admin_client.get(edit).content.decode()
    assert "data-anodyne-paste" in admin_client.get(address(page)).content.decode()

    main, waiting = preview(admin_client, page, text=html)
    rows = [row.get_text(" ", strip=True) for row in main.select("tbody tr")]
    kinds = "Standfirst Heading Text Heading Text Image Quote Questions Sources"
    assert [row.split(" ")[0] for row in rows] == kinds.split()
    assert "Should I rest?" in rows[7] and "Prevention of low back pain" in rows[8]
    assert "This stands outside of the text" in main.get_text()
    assert not body_of(page) and not get_image_model().objects.exists()
    assert web.requests == []

    answer = admin_client.post(address(page), {"waiting": waiting, "take_title": "on"}, follow=True)
    assert answer.redirect_chain == [(edit, 302)]
    assert "Embedded content is left out." in answer.content.decode()
    assert not UploadedFile.objects.exists()
    page.refresh_from_db()
    assert page.title == "Untitled" and not page.body
    draft = page.get_latest_revision_as_object()
    assert draft.title == "A back that moves" and draft.latest_revision.user is not None
    draft.full_clean()
    # It is complete: Wagtail's check before publishing refuses nothing.
    for child in draft.body:
        child.block.clean(child.value)
    draft.save_revision().publish()
    page.refresh_from_db()
    printed = factories.render("{{ page.body }}", page=page)
    for words in (
        "Sitting is not the enemy",
        "Lying in bed",
        "Should I rest?",
        "At work",
        "Lancet",
    ):
        assert words in printed
    assert get_image_model().objects.get().title == "A desk"


def test_a_word_file_goes_below_or_in_place_of_what_is_there(admin_client: Client) -> None:
    page = factories.page(
        ("standfirst", {"text": "There is one."}),
        ("sources", {"sources": [{"title": "A book"}]}),
    )
    for replace, kinds in ((False, ["standfirst", "sources", "paragraph"]), (True, ["standfirst"])):
        file = SimpleUploadedFile("a.docx", word())
        main, waiting = preview(admin_client, page, file=file)
        assert main.select_one("[name=replace]")
        confirm = {"waiting": waiting, **({"replace": "on"} if replace else {})}
        admin_client.post(address(page), confirm)
        stored = [item["type"] for item in body_of(page)]
        assert stored[: len(kinds)] == kinds
        # What a body has once stays once: the second list of sources is a text.
        assert stored.count("sources") == stored.count("standfirst") == 1
    assert get_image_model().objects.count() == 1


def test_marks_become_citations_of_the_list_that_came_with_them(admin_client: Client) -> None:
    text = (
        "# New\n\nLate [2].\n\n## FAQ\n\n### Why?\n\nSo [1, 2].\n\n## Sources\n\n"
        "1. One. 2001.\n2. Two. 2002.\n3. Three. 2003."
    )
    page = factories.page()
    main, waiting = preview(admin_client, page, text=text)
    assert "Late [2]." in main.get_text()
    admin_client.post(address(page), {"waiting": waiting})
    draft = factories.again(page).get_latest_revision_as_object()
    draft.save_revision().publish()
    page.refresh_from_db()
    printed = BeautifulSoup(factories.render("{{ page.body }}", page=page), "html.parser")
    links = printed.select(".anodyne-citation a")
    assert [link.get_text() for link in links] == ["[1]", "[2]", "[1]"]
    titles = [printed.find(id=link["href"][1:]).get_text() for link in links]
    assert [title.split()[0].strip(".") for title in titles] == ["Two", "One", "Two"]
    assert [part.get_text() for part in printed.select("p")][0] == "Late [1]."
    # Below a list that is there already, the marks stay words.
    _main, waiting = preview(admin_client, page, text=text)
    admin_client.post(address(page), {"waiting": waiting})
    *_others, late, _questions, _heading, _list = body_of(page)
    assert late["value"]["text"] == "<p>Late [2].</p>"


def test_the_slug_follows_the_title_of_a_page_that_is_not_live(admin_client: Client) -> None:
    factories.page(title="Taken", slug="taken")
    for slug, live, expected in (
        ("old", False, "taken-2"),
        ("mine", False, "mine"),
        ("old", True, "old"),
    ):
        page = factories.page(title="Old", slug=slug, live=live)
        _main, waiting = preview(admin_client, page, text="# Taken\n\nText")
        admin_client.post(address(page), {"waiting": waiting, "take_title": "on"})
        draft = factories.again(page).get_latest_revision_as_object()
        assert (draft.title, draft.slug) == ("Taken", expected)
        page.delete()


def test_a_picture_that_does_not_come_is_told_of(admin_client: Client, web: Server) -> None:
    web.says("/gone.png", status=404)
    web.says("/page.png", b"<html>")
    html = f'<p>Text<img src="{web.url}/gone.png"><img src="{web.url}/page.png">'
    html += '<img src="data:image/png;base64,eA=="><img src="//other.example/relative.png">'
    page = factories.page()
    main, waiting = preview(admin_client, page, text=html)
    assert main.get_text().count("Say what the image shows") == 4
    answer = admin_client.post(address(page), {"waiting": waiting}, follow=True)
    assert answer.content.decode().count("This picture is left out") == 4
    assert [item["type"] for item in body_of(page)] == ["paragraph"]


def test_who_may_not_add_images_brings_in_the_words(web: Server) -> None:
    client, page = signed_in("change_page"), factories.page()
    main, waiting = preview(client, page, text=f'<p>Text<img src="{web.url}/a.png" alt="A"></p>')
    assert "You may not add images" in main.get_text()
    client.post(address(page), {"waiting": waiting})
    assert [item["type"] for item in body_of(page)] == ["paragraph"]
    assert web.requests == []


def test_who_may_not_edit_the_page_is_refused(admin_client: Client) -> None:
    page = factories.page()
    _main, waiting = preview(admin_client, page, text="# One\n\nTwo")
    client = signed_in("add_page")
    for answer in (client.get(address(page)), client.post(address(page), {"waiting": waiting})):
        assert answer.status_code in (302, 403)
    assert not body_of(page)
    # Nor does anybody confirm what somebody else has uploaded.
    other = get_user_model().objects.create_superuser("other", "o@example.com", "pw")
    client.force_login(other)
    assert (
        "This text is gone"
        in client.post(address(page), {"waiting": waiting}, follow=True).content.decode()
    )
    page.locked, page.locked_by = True, other
    page.save()
    assert admin_client.get(address(page)).status_code in (302, 403)


@pytest.mark.parametrize(
    ("posted", "message"),
    [
        ({"text": " "}, "Paste a text, or choose a file."),
        ({"text": "<script>1</script><p>"}, "No text can be read in this."),
        ({"file": b"PK no document"}, "This file is damaged, or of another kind: .docx"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(
    admin_client: Client, posted: dict[str, Any], message: str
) -> None:
    page = factories.page()
    if "file" in posted:
        posted = {"file": SimpleUploadedFile("a.docx", posted["file"])}
    assert message in shown(admin_client.post(address(page), posted)).get_text()
    assert not UploadedFile.objects.exists()


def test_a_text_that_is_too_long_for_its_fields_is_cut_and_hostile_html_is_cleaned(
    admin_client: Client,
) -> None:
    page = factories.page()
    html = f"<p>A<h2>{'word ' * 100}</h2><p><a href='javascript:a()'>Link</a><b onclick=a()>b</b>"
    _main, waiting = preview(admin_client, page, text=html)
    admin_client.post(address(page), {"waiting": waiting})
    _first, heading, text = body_of(page)
    assert len(heading["value"]["text"]) <= 200 and heading["value"]["text"].endswith("…")
    assert text["value"]["text"] == "<p>Link<b>b</b></p>"
