"""Reviews that are due, overdue or of another text: the report, the editor, and "Still right"."""

from __future__ import annotations

import csv
import datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page

from anodyne_blocks.article import reviews
from anodyne_blocks.models import Review
from tests import factories
from tests.testapp.models import ArticlePage, PlainPage

REPORT = reverse("anodyne_blocks_reviews")
RECORDS = reverse("anodyne_blocks_review_records")
DAY = "2025-10-25"
TODAY = timezone.localdate()


def day(days: int) -> str:
    return (TODAY + datetime.timedelta(days=days)).isoformat()


def article(title: str, text: str = "Rest is bad.", **box: Any) -> Any:
    ada = factories.person()
    return factories.page(
        ("paragraph", {"text": f"<p>{text}</p>"}),
        ("reviewer", {"person": ada.pk, "reviewed": DAY, **box}),
        title=title,
    )


def reword(page: Any, text: str = "Rest is good.", publish: bool = True) -> Any:
    page = factories.again(page)
    page.body[0].value["text"].source = f"<p>{text}</p>"
    revision = page.save_revision()
    if publish:
        revision.publish()
    return factories.again(page)


def rows(page: BeautifulSoup) -> dict[str, str]:
    """{page: text of its row}."""
    return {
        row.select_one("td.title").get_text(strip=True): " ".join(row.get_text(" ").split())
        for row in page.select("table.listing tbody tr")
    }


def edit(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def press(client: Any, form: Any) -> str:
    """Press a form's button; the text of the page that follows."""
    fields = {field["name"]: field["value"] for field in form.select("input")}
    return client.post(form["action"], fields, follow=True).content.decode()


def test_each_fault_is_reported_and_found_by_its_filter(soup) -> None:
    reword(article("Changed"))
    article("Over", next_review=day(-1))
    article("Soon", next_review=day(29))
    article("Fine", next_review=day(31))
    hidden = reword(article("Unpublished"))
    hidden.unpublish()
    found = rows(soup(REPORT))
    assert set(found) == {"Changed", "Over", "Soon"}
    assert "The text has changed since the review." in found["Changed"]
    assert "The next review was due on" in found["Over"]
    assert "The next review is due on" in found["Soon"]
    for kind, title in (("outdated", "Changed"), ("overdue", "Over"), ("due", "Soon")):
        assert list(rows(soup(REPORT, kind=kind))) == [title]
    assert rows(soup(REPORT, kind="nonsense")) == {}


def test_the_days_before_are_a_setting(soup, settings) -> None:
    article("Soon", next_review=day(29))
    factories.setting(settings, REVIEW_DUE_DAYS=10)
    assert rows(soup(REPORT)) == {}


def test_the_report_can_be_exported(admin) -> None:
    page = reword(article("Changed", next_review=day(-1)))
    response = admin.get(REPORT, {"export": "csv"})
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    (line,) = csv.DictReader(content.splitlines())
    assert line["Page"] == "Changed" and line["Reviewer"] == "Ada Holm"
    assert line["Address"] == page.full_url and line["Next review due"] == day(-1)
    assert "The text has changed since the review." in line["What is wrong"]


def test_a_new_day_in_the_box_ends_the_report(soup) -> None:
    page = reword(article("Changed"))
    page.body[1].value["reviewed"] = TODAY
    page.save_revision().publish()
    assert rows(soup(REPORT)) == {}
    assert len(soup(RECORDS).select("table.listing tbody tr")) == 2, "the old record stays"


def test_still_right_is_one_press_and_kept(admin, soup) -> None:
    page = reword(article("Changed"))
    (form,) = soup(REPORT).select("form[action*=confirm]")
    assert "The review is confirmed." in press(admin, form)
    assert rows(soup(REPORT)) == {}
    assert not factories.elements(factories.again(page))[1].is_outdated
    record = Review.objects.first()
    assert (record.confirmed, record.recorded_by.username) == (TODAY, "admin")
    first = soup(RECORDS).select_one("table.listing tbody tr")
    assert "admin" in first.get_text()


def test_an_overdue_review_is_done_by_a_confirmation(admin, soup) -> None:
    article("Over", next_review=day(-1))
    press(admin, soup(REPORT).select_one("form[action*=confirm]"))
    assert rows(soup(REPORT)) == {}


def test_only_the_text_on_the_screen_is_confirmed(admin, soup) -> None:
    page = reword(article("Changed"))
    form = soup(REPORT).select_one("form[action*=confirm]")
    reword(page, "Rest is best.")
    assert "The text is another now." in press(admin, form)
    assert Review.objects.count() == 1


def test_the_editor_is_told_and_confirms_the_draft_that_is_seen(admin, soup) -> None:
    page = article("Draft")
    assert not soup(edit(page)).select("form[action*=confirm]")
    reword(page, publish=False)
    told = soup(edit(page))
    assert "Ada Holm: The text has changed since the review." in told.get_text()
    press(admin, told.select_one("form[action*=confirm]"))
    factories.again(page).get_latest_revision().publish()
    assert not factories.elements(factories.again(page))[1].is_outdated
    assert rows(soup(REPORT)) == {}


def test_confirming_needs_its_permission_and_the_page(client, django_user_model) -> None:
    page = reword(article("Changed"))
    group = Group.objects.create(name="Reviewers")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user = django_user_model.objects.create_user("eve", "e@example.com", "pw")
    user.groups.add(group)
    client.force_login(user)
    address = reverse("anodyne_blocks_confirm_review", args=[page.pk])
    fields = {
        "person": str(page.body[1].value["person"].translation_key),
        "day": DAY,
        "text": reviews.digest_of(page),
        "next": "https://elsewhere.example/",
    }
    change = Permission.objects.get(codename="change_page")
    GroupPagePermission.objects.create(
        group=group, page=Page.objects.get(depth=1), permission=change
    )
    listed = BeautifulSoup(client.get(REPORT).content, "html.parser")
    assert list(rows(listed)) == ["Changed"] and not listed.select("form[action*=confirm]")
    assert client.post(address, fields)["Location"] == reverse("wagtailadmin_home")
    assert Review.objects.count() == 1
    group.permissions.add(Permission.objects.get(codename="confirm_review"))
    assert client.post(address, fields)["Location"] == REPORT
    assert Review.objects.count() == 2
    GroupPagePermission.objects.filter(group=group).delete()
    assert client.post(address, fields).status_code in (302, 404)
    assert Review.objects.count() == 2


def test_the_permission_can_be_given_to_a_group(soup) -> None:
    page = soup(reverse("wagtailusers_groups:add"))
    assert "Can confirm that a reviewed text is still right" in page.get_text()


def test_existing_pages_are_recorded_by_a_command(soup, capsys) -> None:
    page = article("Old")
    Review.objects.all().delete()
    call_command("record_reviews")
    assert capsys.readouterr().out.strip() == "Pages with a recorded review: 1"
    reword(page)
    assert list(rows(soup(REPORT))) == ["Old"]
    call_command("record_reviews")
    assert Review.objects.count() == 1


@pytest.mark.parametrize("model", [ArticlePage, PlainPage])
def test_a_regulated_product_beside_a_reviewer_is_told_or_refused(soup, settings, model) -> None:
    balm = factories.product("en", name="Pain balm", regulated="medicine")
    ada = factories.person()
    page = factories.page(
        ("product_card", {"product": balm.pk}),
        ("reviewer", {"person": ada.pk, "reviewed": DAY}),
        model=model,
    )
    told = soup(edit(page)).get_text()
    assert "Pain balm" in told and "2001/83/EC" in told
    page.full_clean()
    factories.setting(settings, REVIEWED_REGULATED_PRODUCTS="error")
    with pytest.raises(ValidationError, match="2001/83/EC"):
        factories.again(page).full_clean()
    block = page.body.stream_block
    block.defer_required_validation()
    try:
        page.full_clean()  # a draft
    finally:
        block.restore_deferred_validation()
    balm.regulated = ""
    balm.save()
    factories.again(page).full_clean()


def test_a_regulated_product_alone_is_no_trouble(soup) -> None:
    balm = factories.product("en", name="Pain balm", regulated="medicine")
    page = factories.page(("product_card", {"product": balm.pk}))
    assert "2001/83/EC" not in soup(edit(page)).get_text()
