"""What a content file says of key points, notices, steps, quotes and related articles."""

from __future__ import annotations

from typing import Any

from wagtail.images.models import Image
from wagtail.models import Page
from wagtail.rich_text import RichText

NAMES = ("key_points", "notice", "steps", "quote", "related_articles", "disclosure")


def children_of(name: str, given: Any, images: dict[str, Image]) -> dict[str, Any]:
    """The children's values of one of `NAMES`.

    Pages are named by their slug in the main language; those that are not made yet are left out.
    """
    if name == "key_points":
        heading, points = given.get("heading", ""), given["points"]
        return {"heading": heading, "points": [RichText(f"<p>{point}</p>") for point in points]}
    if name == "notice":
        return {**given, "text": RichText(given["text"])}
    if name == "quote":
        return {key: RichText(f"<p>{text}</p>") for key, text in given.items()}
    if name == "steps":
        steps = [
            {
                **{
                    key: step[key]
                    for key in ("title", "minutes", "seconds", "alt_text")
                    if key in step
                },
                "text": RichText(f"<p>{step['text']}</p>"),
                "image": images.get(step.get("drawing", "")),
            }
            for step in given["steps"]
        ]
        return {"heading": given.get("heading", ""), "steps": steps}
    if name == "related_articles":
        pages = Page.objects.filter(slug__in=given["pages"])
        by_slug = {page.slug: page for page in pages}
        return {"pages": [by_slug[slug] for slug in given["pages"] if slug in by_slug]}
    return dict(given)
