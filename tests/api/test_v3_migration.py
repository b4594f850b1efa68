"""The how-to's script: a folder of Markdown files becomes articles, with products by their SKU."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from wagtail.models import APIToken, Locale, Page, Site

from tests import factories
from tests.testapp.models import ArticlePage

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-articles.md"


@pytest.fixture
def parent(transactional_db: None) -> Page:
    """A site whose tree an earlier test may have emptied, as a new one has it."""
    locale = Locale.objects.get_or_create(language_code="en")[0]
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=locale)
    home = root.get_children().first()
    if home is None:
        home = root.add_child(title="Home", slug="home", locale=locale)
    Site.objects.update_or_create(is_default_site=True, defaults={"root_page": home})
    return home


def test_a_folder_of_markdown_becomes_articles(
    live_server: Any, parent: Page, tmp_path: Path
) -> None:
    """Two files are drafts; the one that names what there is not is told of, at its place."""
    (script,) = re.findall(r"```python\n(\"\"\"Usage.*?)```", PAGE.read_text(), re.DOTALL)
    (tmp_path / "migrate.py").write_text(script)
    product = factories.product("en", shop="webshop", external_id="1")
    product.offers.update(sku="SKU-7")
    texts = {
        "a": "# Sitting\n\nMove *often*.\n\n## What helps\n\n{product SKU-7}\n\nThat is all.",
        "b": "# Lost\n\n{product SKU-8}",
        "c": f"# Long\n\n## {'long ' * 60}",
        "d": "# Standing\n\nStand up.",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.md").write_text(text)
    user = get_user_model().objects.create_superuser("editor", "e@example.org", "s")
    run = subprocess.run(
        [sys.executable, str(tmp_path / "migrate.py"), str(tmp_path)],
        env={
            **os.environ,
            "API": f"{live_server.url}/api/v3",
            "TOKEN": APIToken.create_token(user=user, name="tests")[1],
            "PARENT": str(parent.pk),
            "PAGE_TYPE": "testapp.ArticlePage",
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 1, run.stderr
    told = run.stdout.splitlines()
    assert told[1] == "b.md 0 products have the number SKU-8."
    assert told[2].startswith("c.md ['body', 0, 'value', 'text'] ")
    assert [page.title for page in ArticlePage.objects.order_by("pk")] == ["Sitting", "Standing"]
    sitting = ArticlePage.objects.get(title="Sitting").get_latest_revision_as_object()
    assert [child.block_type for child in sitting.body] == [
        "paragraph",
        "heading",
        "product_card",
        "paragraph",
    ]
    assert "<i>often</i>" in sitting.body[0].value["text"].source
    assert sitting.body[2].value["product"].pk == product.pk
