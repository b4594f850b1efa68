"""The package's middleware: who asks for JSON gets 404 and 405 in JSON, others as ever."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db

JSON = {"accept": "application/json"}


@pytest.mark.usefixtures("middleware")
@pytest.mark.parametrize("accepted", ["application/json", "text/plain, application/ld+json;q=0.9"])
def test_who_asks_for_json_is_told_in_json(client: Client, accepted: str) -> None:
    missing = client.get("/nothing/", headers={"accept": accepted})
    assert (missing.status_code, missing["Content-Type"]) == (404, "application/json")
    assert missing.json() == {"message": "There is nothing at this address."}
    unknown = client.post("/anodyne/products/", headers={"accept": accepted})
    assert (unknown.status_code, unknown["Content-Type"]) == (405, "application/json")
    assert "GET" in unknown["Allow"]


@pytest.mark.usefixtures("middleware")
@pytest.mark.parametrize("accepted", ["text/html,application/json", "*/*", ""])
def test_browsers_get_a_page(client: Client, accepted: str) -> None:
    missing = client.get("/nothing/", headers={"accept": accepted})
    assert missing.status_code == 404
    assert missing["Content-Type"].startswith("text/html")


@pytest.mark.usefixtures("middleware")
def test_an_answer_of_an_api_stays_its_own(client: Client) -> None:
    missing = client.get("/api/v2/pages/999999/", headers=JSON)
    assert missing.status_code == 404
    assert missing.json() != {"message": "There is nothing at this address."}


@pytest.mark.urls("tests.api.urls_languages")
def test_only_readers_are_sent_to_a_language(client: Client, middleware: str) -> None:
    page = factories.page(("standfirst", {"text": "Sit, stand, move."}))
    asked = client.get(f"/{page.slug}/", headers=JSON)
    assert (asked.status_code, asked["Content-Type"]) == (404, "application/json")
    read = client.get(f"/{page.slug}/", headers={"accept": "text/html"})
    if middleware == "LocaleMiddleware":
        assert (read.status_code, read["Location"]) == (302, f"/en/{page.slug}/")
    else:
        assert read.status_code == 404
