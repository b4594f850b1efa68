"""API v3 over HTTP: the example site's articles can be read and written back unchanged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.api.test_v3 import settled, without_keys
from tests.e2e.site import ARTICLE_ADDRESSES, MANAGE

if TYPE_CHECKING:
    from tests.api.conftest import Site

pytestmark = pytest.mark.browser  # It needs the served example site, not the browser.

_TOKEN = """
from django.contrib.auth import get_user_model
from wagtail.models import APIToken
print("token:" + APIToken.create_token(user=get_user_model().objects.get(), name="tests")[1])
"""


@pytest.fixture(scope="module")
def token(site: Site) -> str:
    """A token of the demonstration's editor."""
    environment = {key: value for key, value in os.environ.items() if key[:7] != "DJANGO_"}
    made = subprocess.run(
        [sys.executable, str(MANAGE), "shell", "-c", _TOKEN],
        env={**environment, "EXAMPLE_VAR": str(site.folder)},
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    return made.stdout.partition("token:")[2].strip()


def ask(site: Site, token: str, path: str, body: Any = None) -> Any:
    request = urllib.request.Request(
        f"{site.origin}/api/v3/pages/{path}",
        data=None if body is None else json.dumps({"body": body}).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        method="GET" if body is None else "PATCH",
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def test_writing_what_was_read_changes_no_article(site: Site, token: str) -> None:
    """Ids, values and elements with their anchors, of all articles in all languages."""
    pages = ask(site, token, "?type=magazine.ArticlePage&limit=20")["items"]
    written = [page["id"] for page in pages]
    for number in written:
        before = ask(site, token, f"{number}/?version=draft")["body"]
        ask(site, token, f"{number}/", before)
        after = ask(site, token, f"{number}/?version=draft")["body"]
        assert after != before, "nothing was written"
        for old, new in zip(without_keys(before), without_keys(after), strict=True):
            assert (new["id"], new["type"]) == (old["id"], old["type"])
            assert new["value"].pop("resolved") == old["value"].pop("resolved")
            assert settled(new["value"]) == settled(old["value"])
        ask(site, token, f"{number}/", after)
        again = ask(site, token, f"{number}/?version=draft")["body"]
        assert without_keys(again) == without_keys(after)
    assert len(written) >= len(ARTICLE_ADDRESSES)


class Staying(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """Goes nowhere: the host is that of Wagtail's `Site`."""


def sent_to(address: str) -> str:
    """The path that an address redirects to."""
    with pytest.raises(urllib.error.HTTPError) as redirect:
        urllib.request.build_opener(Staying).open(address)
    with redirect.value as answer:
        return urlsplit(answer.headers["Location"]).path


def path_of(article: Any) -> str:
    return urlsplit(article["html_url"]).path


def test_each_api_gives_elements_without_stored_values_and_structured_data(site: Site) -> None:
    """As the table of docs/how-to/headless.md says it, of all articles in all languages."""

    def get(path: str) -> Any:
        with urllib.request.urlopen(f"{site.origin}/api/{path}") as response:
            return json.load(response)

    by_v3 = get("v3/elements/articles/?show=elements&limit=50")["items"]
    assert len(by_v3) >= len(ARTICLE_ADDRESSES)
    for article in by_v3:
        asked = f"v2/pages/{article['id']}/?fields=-json_ld"
        by_v2, whole = get(f"{asked}&show=elements"), get(asked)
        assert "json_ld" not in article and "json_ld" not in by_v2
        assert {tuple(block["value"]) for block in by_v2["body"]} == {("resolved",)}
        shown = [block["value"]["resolved"] for block in by_v2["body"]]
        assert shown == [block["value"]["resolved"] for block in whole["body"]]
        assert [element for element in shown if element] == article["elements"]
        assert get(f"v3/elements/articles/{article['id']}/") == article
        found = sent_to(f"{site.origin}/api/v2/pages/find/?html_path={path_of(article)}")
        assert found == f"/api/v2/pages/{article['id']}/"
    listed = get("v2/pages/?type=magazine.ArticlePage&fields=*,-json_ld&show=elements")["items"]
    assert all("json_ld" not in page and page["body"] for page in listed)
