import pytest
from wagtail_localize.models import Translation, TranslationSource
from wagtail_localize.segments.extract import extract_segments

from tests import factories

pytestmark = pytest.mark.django_db


def test_x():
    ada = factories.person(job_title="Physio", organisation="Org", bio="<p>x</p>")
    prod = factories.product("en", "de")
    rating = factories.rating()
    img = factories.image()
    page = factories.page(
        ("standfirst", {"text": "Stand"}),
        (
            "byline",
            {
                "authors": [
                    {"type": "item", "id": "a1", "value": {"person": ada.pk, "organisation": ""}},
                    {"type": "item", "id": "a2", "value": {"person": None, "organisation": "Org"}},
                ]
            },
        ),
        ("heading", {"text": "Head", "anchor": "head", "level": "2"}),
        (
            "paragraph",
            {
                "text": '<h3>sub</h3><p>Some <b>bold</b> text<a linktype="anodyne-source" key="k1">x</a> more <a href="https://example.org/x">link</a>.</p>'
            },
        ),
        (
            "image",
            {
                "image": img.pk,
                "alt_text": "Alt",
                "caption": "Cap",
                "credit": "Cred",
                "decorative": False,
            },
        ),
        (
            "product_card",
            {
                "product": prod.pk,
                "title": "Own",
                "text": "t",
                "badge": "Best",
                "button_text": "Buy",
                "relationship": "ad",
                "layout": "wide",
            },
        ),
        (
            "product_grid",
            {
                "heading": "Grid",
                "cards": [
                    {
                        "type": "item",
                        "id": "c1",
                        "value": {
                            "product": prod.pk,
                            "title": "Own2",
                            "text": "",
                            "badge": "",
                            "button_text": "",
                            "relationship": "",
                        },
                    }
                ],
            },
        ),
        ("shop_rating", {"rating": rating.pk}),
        (
            "faq",
            {
                "heading": "FAQ",
                "introduction": "<p>Intro</p>",
                "questions": [
                    {
                        "type": "item",
                        "id": "q1",
                        "value": {"question": "Q?", "answer": "<p>A</p>", "anchor": "q"},
                    }
                ],
            },
        ),
        (
            "sources",
            {
                "heading": "Src",
                "sources": [
                    {
                        "type": "item",
                        "id": "s1",
                        "value": {
                            "kind": "article",
                            "authors": "Foster",
                            "title": "T",
                            "container": "Lancet",
                            "year": 2018,
                            "url": "https://x.example/",
                            "doi": "10.1016/x",
                            "pubmed_id": "123",
                            "accessed": "2025-01-01",
                            "key": "k1",
                        },
                    }
                ],
            },
        ),
        (
            "reviewer",
            {"person": ada.pk, "reviewed": "2025-10-25", "next_review": None, "scope": "Scope"},
        ),
        ("share", {"label": "Share"}),
        ("contents", {"label": "Contents", "depth": "2"}),
        ("reading_time", {"minutes": 3}),
    )
    for s in extract_segments(page):
        print(
            type(s).__name__,
            s.path,
            getattr(s, "string", None)
            or getattr(s, "data", None)
            or getattr(s, "template", None)
            or vars(s),
        )
    for s in extract_segments(ada):
        print(type(s).__name__, s.path, getattr(s, "string", None) or getattr(s, "data", None))
    for s in extract_segments(rating):
        print(type(s).__name__, s.path, getattr(s, "string", None) or getattr(s, "data", None))
    src, _ = TranslationSource.get_or_create_from_instance(page)
    factories.home("de")
    de = factories.locale("de")
    tr = Translation.objects.create(source=src, target_locale=de)

    print("submit")
    tr.save_target(publish=True)
    t = page.get_translation(de)
    print(t.live, t.body.raw_data)
    assert 0
