"""The same passage twice: told at its place before it is published, never in the way of a draft."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from wagtail.blocks import StreamBlockValidationError
from wagtail.models import Page

from anodyne_blocks.blocks import ArticleBody
from anodyne_blocks.blocks.repeats import repeats, title_again
from tests.testapp.models import ArticlePage, PlainPage

LEAD = "Sitting is not the enemy; sitting still is, all day long."
OTHER = "What helps is to stand up every half hour and walk to the window."


def stream(*blocks: tuple[str, str]) -> Any:
    stored = [
        {"type": name, "value": {"text": text}, "id": str(n)}
        for n, (name, text) in enumerate(blocks)
    ]
    return ArticleBody().to_python(stored)


@pytest.mark.parametrize(
    ("blocks", "found"),
    [
        ([("standfirst", LEAD), ("paragraph", f"<p>{LEAD}</p><p>{OTHER}</p>")], [1]),
        (
            [("paragraph", f"<p>{OTHER}</p>"), ("heading", "A"), ("paragraph", f"<p>{OTHER}</p>")],
            [2],
        ),
        ([("paragraph", f"<p>{OTHER}</p><p>{OTHER}</p>")], [0]),
        # Neither case, nor markup, nor spaces make another text of it.
        ([("standfirst", LEAD), ("paragraph", f"<p><b>{LEAD.upper()}</b>\n </p>")], [1]),
        ([("paragraph", "<p>Salt &amp; pepper, stirred for a quarter of an hour.</p>")] * 2, [1]),
        ([("standfirst", LEAD), ("paragraph", f"<p>{OTHER}</p>")], []),
        ([("paragraph", "<p>Read more below.</p>")] * 2, []),
        ([("heading", OTHER)] * 2, []),
        ([("paragraph", "")] * 2, []),
    ],
)
def test_what_stands_twice_is_found(blocks, found):
    assert list(repeats(stream(*blocks))) == found


def test_publishing_is_refused_at_the_place_and_a_draft_is_not():
    body, block = stream(("standfirst", LEAD), ("paragraph", f"<p>{LEAD}</p>")), ArticleBody()
    with pytest.raises(StreamBlockValidationError) as refusal:
        block.clean(body)
    (index,) = refusal.value.block_errors
    (message,) = refusal.value.block_errors[index].block_errors["text"].messages
    assert index == 1
    assert message == f"This stands further up already: “{LEAD}”"
    block.defer_required_validation()
    try:
        assert len(block.clean(body)) == 2
    finally:
        block.restore_deferred_validation()


def test_other_faults_are_told_with_it():
    faulty = [("standfirst", LEAD), ("standfirst", LEAD), ("heading", "")]
    with pytest.raises(StreamBlockValidationError) as refusal:
        ArticleBody().clean(stream(*faulty))
    assert set(refusal.value.block_errors) == {1, 2}
    assert refusal.value.non_block_errors


def test_the_title_as_first_heading_is_found():
    body = stream(
        ("paragraph", f"<p>{OTHER}</p>"), ("heading", " The best  chair"), ("heading", "B")
    )
    assert list(title_again(body, "The Best chair")) == [1]
    assert not title_again(body, "B") and not title_again(stream(), "B")


@pytest.mark.django_db
@pytest.mark.parametrize("model", [ArticlePage, PlainPage])
def test_the_editor_is_led_to_each_place(admin_client, model):
    blocks = [("heading", "Chairs"), ("standfirst", LEAD), ("paragraph", f"<p>{LEAD}</p>")]
    body = [{"type": n, "value": {"text": t}, "id": f"b{i}"} for i, (n, t) in enumerate(blocks)]
    page = model(title="Chairs", body=body)
    Page.objects.get(depth=1).add_child(instance=page)
    html = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert '<a href="#block-b0-section">The first heading repeats the title.</a>' in html
    assert '<a href="#block-b2-section">This stands further up already' in html
