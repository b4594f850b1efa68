"""API v2 and v3 answer 304 to who has the answer, and never to who has an older one."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from wagtail import VERSION
from wagtail.models import PageViewRestriction

from anodyne_blocks.models import Offer, Person, Product, ShopRating
from tests import factories
from tests.api.test_queries import article

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.api.urls_conditional"),
    pytest.mark.usefixtures("conditional_site"),
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

VERSIONS = ["v2", "v3"] if VERSION >= (8, 0) else ["v2"]
LISTING = "/api/v2/pages/?type=testapp.ArticlePage&fields=body"


def address(page: Any, version: str = "v2") -> str:
    return f"/api/{version}/pages/{page.pk}/"


def known(client: Client, path: str) -> Any:
    """The answer to a request whose renditions are made."""
    client.get(path)
    response = client.get(path)
    assert response.status_code == 200, response.content
    return response


def again(client: Client, path: str, etag: str) -> Any:
    return client.get(path, headers={"If-None-Match": etag})


@pytest.fixture
def page() -> Any:
    """An article with everything: a reduced product of a shop, people, a rating, linked texts."""
    linked = factories.page(language="nl", title="Elsewhere")
    made = article("nl", 1)
    links = f'<p><a linktype="page" id="{linked.pk}">there</a></p>'
    made.body.append(("paragraph", {"text": links}))
    product = factories.from_shop(image=factories.image(width=24, height=18))
    factories.offer(product, "nl", **factories.reduction("nl", announce_until=in_days(1)))
    Person.objects.update(working_since=2001, profile_page=factories.home("nl"))
    made.body.append(("product_card", {"product": product}))
    made.save()
    made.linked, made.card = linked, product
    return made


def in_days(days: float) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=days)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let some days pass."""

    def pass_by(days: float) -> None:
        then = in_days(days)
        monkeypatch.setattr("django.utils.timezone.now", lambda: then)

    return pass_by


def rename(page: Any) -> None:
    page.slug = "moved"
    page.save()


CHANGES: dict[str, Callable[[Any], Any]] = {
    "price": lambda page: Offer.objects.update(price=Decimal("12.00")),
    "availability": lambda page: Offer.objects.update(availability="out_of_stock"),
    "withdrawn": lambda page: Product.objects.update(status="withdrawn"),
    "offer gone": lambda page: Offer.objects.all().delete(),
    "product gone": lambda page: page.card.delete(),
    "price not confirmed": lambda page: Offer.objects.update(checked_at=in_days(-9)),
    "picture": lambda page: Product.objects.update(image=factories.image(width=30, height=20)),
    "job": lambda page: Person.objects.update(job_title="physician"),
    "rating": lambda page: ShopRating.objects.update(count=9),
    "linked page": lambda page: rename(page.linked),
    "title": lambda page: type(page).objects.filter(pk=page.pk).update(title="Another"),
    "text": lambda page: type(page).objects.filter(pk=page.pk).update(body="[]"),
    "slug": rename,
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_the_answer_changes_its_etag(
    client: Client, page: Any, change: str, version: str
) -> None:
    path = address(page, version)
    before = known(client, path)
    assert again(client, path, before["ETag"]).status_code == 304
    CHANGES[change](page)
    after = again(client, path, before["ETag"])
    assert after.status_code == 200
    assert after.content != before.content
    assert after["ETag"] != before["ETag"]


def test_two_products_that_change_their_pictures_change_the_answer(client: Client) -> None:
    """All pictures are as they were, but each beside another title."""
    products = [factories.product("nl", image=factories.image(width=24)) for _ in range(2)]
    cards = [("product_card", {"product": product.pk}) for product in products]
    path = address(factories.page(*cards, language="nl"))
    before = known(client, path)
    first, second = (product.image for product in products)
    Product.objects.filter(pk=products[0].pk).update(image=second)
    Product.objects.filter(pk=products[1].pk).update(image=first)
    after = again(client, path, before["ETag"])
    assert after.status_code == 200
    assert after.json()["body"] != before.json()["body"]


@pytest.mark.parametrize("days", [1.1, 2.1, 370])
def test_time_changes_the_answer(client: Client, page: Any, later: Any, days: float) -> None:
    """A reduction may be announced no longer, a price grows stale, a reviewer gains a year."""
    before = known(client, address(page))
    later(days)
    after = again(client, address(page), before["ETag"])
    assert after.status_code == 200
    assert after.content != before.content


def test_settings_change_the_answer(client: Client, page: Any, settings: Any) -> None:
    etags = {known(client, address(page))["ETag"]}
    factories.setting(settings, UTM={"utm_source": "api"})
    etags.add(known(client, address(page))["ETag"])
    settings.MEDIA_URL = "https://media.example/"
    etags.add(known(client, address(page))["ETag"])
    assert len(etags) == 3


@pytest.mark.parametrize("version", VERSIONS)
def test_what_readers_do_not_see_changes_no_etag(client: Client, page: Any, version: str) -> None:
    """A shop confirms the same price, a refresh is planned, an editor saves a draft."""
    etag = known(client, address(page, version))["ETag"]
    Offer.objects.update(checked_at=timezone.now())
    Product.objects.update(next_refresh_at=in_days(1), lease_until=in_days(1))
    page.title = "A draft"
    page.save_revision()
    assert again(client, address(page, version), etag).status_code == 304


def test_a_listing_has_an_etag_of_all_its_pages(client: Client, page: Any) -> None:
    other = article("da", 1)
    etag = known(client, LISTING)["ETag"]
    assert again(client, LISTING, etag).status_code == 304
    type(other).objects.filter(pk=other.pk).update(body="[]")
    after = again(client, LISTING, etag)
    assert after.status_code == 200
    etag = after["ETag"]
    article("en", 1)
    assert again(client, LISTING, etag).status_code == 200


@pytest.mark.parametrize("version", VERSIONS)
def test_conditions_as_http_has_them(client: Client, page: Any, version: str) -> None:
    path = address(page, version)
    etag = known(client, path)["ETag"]
    for condition in (etag, f"W/{etag}", f'"other", W/{etag}', "*"):
        response = again(client, path, condition)
        assert (response.status_code, response["ETag"], response.content) == (304, etag, b"")
        if version == "v2":
            assert "Cookie" in response["Vary"]
            assert response["Cache-Control"] == "public, no-cache"
    assert again(client, path, '"other"').status_code == 200
    assert client.get(path, headers={"If-Match": '"other"'}).status_code == 412
    if version == "v2":
        head = client.head(path)
        assert (head.status_code, head["ETag"], head.content) == (200, etag, b"")


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_not_for_all_is_kept_by_no_cache(client: Client, page: Any, version: str) -> None:
    """Neither for who signed in, nor for who gave a page's password; and its body is there."""
    path = address(page, version)
    client.force_login(get_user_model().objects.create_superuser("editor", "e@example.org", "s"))
    answers = [known(client, path)]
    visitor = Client()
    restriction = PageViewRestriction.objects.create(
        page=page, restriction_type="password", password="sesame"
    )
    assert visitor.get(path).status_code == 404
    session = visitor.session
    session[restriction.passed_view_restrictions_session_key] = [restriction.pk]
    session.save()
    answers.append(known(visitor, path))
    for answer in answers:
        assert "public" not in answer.get("Cache-Control", "")
        assert answer.json()["body"][0]["value"]["resolved"]
