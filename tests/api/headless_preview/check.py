"""Previews an unsaved draft as its editor does, and reads it as the front end does."""

from __future__ import annotations

import html
import os
import re

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.api.headless_preview.settings"
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield  # noqa: E402

from tests import factories  # noqa: E402
from tests.api.headless_preview.models import PreviewedPage  # noqa: E402


def main() -> None:
    call_command("migrate", verbosity=0)
    product = factories.product("nl")
    page = factories.page(
        ("paragraph", {"text": "<p>Published.</p>"}), language="nl", model=PreviewedPage
    )
    editor = Client()
    editor.force_login(get_user_model().objects.create_superuser("editor", "e@example.org", "x"))

    typed = [
        ("heading", {"text": "Unsaved", "level": "2", "anchor": ""}),
        ("paragraph", {"text": rich_text("<p>Draft.</p>")}),
        (
            "product_card",
            {
                "product": str(product.pk),
                **dict.fromkeys(("relationship", "title", "text", "badge", "button_text"), ""),
                "layout": "wide",
            },
        ),
    ]
    form = nested_form_data({"title": "A draft", "slug": page.slug, "body": streamfield(typed)})
    address = f"/admin/pages/{page.pk}/edit/preview/"
    assert editor.post(address, form).json()["is_valid"]
    frame = editor.get(address).content.decode()
    front_end = html.unescape(re.search(r'<iframe src="([^"]+)"', frame)[1])
    assert front_end.startswith("https://front.example/preview/?content_type=")

    # The front end has the token and no login.
    query = front_end.partition("?")[2]
    answer = Client().get(f"/api/preview/page_preview/?{query}")
    assert "no-store" in answer["Cache-Control"] and "public" not in answer["Cache-Control"]
    draft = answer.json()
    elements = [block["value"]["resolved"] for block in draft["body"]]
    assert draft["title"] == "A draft"
    assert [element["type"] for element in elements] == ["heading", "paragraph", "product_card"]
    assert "Draft." in elements[1]["html"]
    assert elements[2]["title"] == factories.TITLES["nl"]
    assert elements[2]["price"]["formatted"] == factories.written("39.75", "nl")
    assert {element["language"] for element in elements} == {"nl"}

    kind, _, token = query.partition("&")
    for wrong in ("", kind, token, f"{kind}&token=", f"content_type=nonsense&{token}", f"{query}0"):
        answer = Client().get(f"/api/preview/page_preview/?{wrong}")
        assert answer.status_code == 404, wrong
        assert list(answer.json()) == ["message"] and "no-store" in answer["Cache-Control"]

    published = Client().get(f"/api/v2/pages/{page.pk}/").json()
    assert "Published." in published["body"][0]["value"]["resolved"]["html"]
    print("previewed")


if __name__ == "__main__":
    main()
