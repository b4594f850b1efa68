"""Blocks as they are written without this package: Wagtail's own, templates, and their JSON."""

from __future__ import annotations

from typing import Any

from django.utils.text import slugify
from wagtail import blocks
from wagtail.rich_text import expand_db_html
from wagtail.snippets.blocks import SnippetChooserBlock

PRODUCT = ("max-240x240|format-webp", "max-480x480|format-webp", "max-960x960|format-webp")
PORTRAIT = ("fill-96x96|format-webp", "fill-192x192|format-webp", "fill-384x384|format-webp")
NAMES = ("small", "medium", "large")


def image_json(image: Any, specs: tuple[str, ...], alt: str) -> dict[str, Any]:
    """An image in its sizes."""
    made = image.get_renditions(*specs)
    found = [made[spec] for spec in specs]
    middle = found[1]
    return {
        "alt": alt,
        "url": middle.url,
        "width": middle.width,
        "height": middle.height,
        "srcset": ", ".join(f"{size.url} {size.width}w" for size in found),
        "sizes": [
            {"name": name, "url": size.url, "width": size.width, "height": size.height}
            for name, size in zip(NAMES, found, strict=True)
        ],
    }


def link_json(text: str, url: str) -> dict[str, str]:
    """A link without a relationship."""
    return {"text": text, "url": url, "rel": ""}


class HeadingBlock(blocks.StructBlock):
    """A heading with an anchor."""

    text = blocks.CharBlock()
    level = blocks.ChoiceBlock(choices=[("2", "2"), ("3", "3")])

    class Meta:
        template = "naive/heading.html"

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        level, text = int(value["level"]), value["text"]
        return {"level": level, "text": text, "anchor": slugify(text)}


class ParagraphBlock(blocks.StructBlock):
    """Running text."""

    text = blocks.RichTextBlock()

    class Meta:
        template = "naive/paragraph.html"

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        return {"html": expand_db_html(value["text"].source)}


class CardBlock(blocks.StructBlock):
    """A product."""

    product = SnippetChooserBlock("bench_site.NaiveProduct")
    layout = blocks.CharBlock()

    class Meta:
        template = "naive/card.html"

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        product = value["product"]
        percent = f"−{product.percent}%"
        prior = {
            "amount": str(product.prior_amount),
            "currency": product.currency,
            "formatted": product.prior_price,
        }
        return {
            "layout": value["layout"],
            "heading_level": 3,
            "title": product.title,
            "text": product.description,
            "link": link_json(product.title, product.url),
            "image": image_json(product.image, PRODUCT, product.image_alt),
            "badges": [
                {
                    "kind": "reduction",
                    "text": percent,
                    "spoken": f"Reduced by {product.percent}%",
                }
            ],
            "price": {
                "amount": str(product.amount),
                "currency": product.currency,
                "formatted": product.price,
            },
            "price_label": "Price:",
            "reduction": {
                "prior": prior,
                "percent": product.percent,
                "percent_text": percent,
                "prior_label": "Previous price:",
                "prior_text": "Lowest price of the 30 days before the reduction: "
                f"{product.prior_price}",
            },
            "availability": {"state": product.state, "text": product.availability},
            "button": link_json("View in the shop", product.url),
        }


class QuestionBlock(blocks.StructBlock):
    """A question and its answer."""

    question = blocks.CharBlock()
    answer = blocks.RichTextBlock()
    anchor = blocks.CharBlock()

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        answer = expand_db_html(value["answer"].source)
        return {"anchor": value["anchor"], "question": value["question"], "answer": answer}


class FAQBlock(blocks.StructBlock):
    """Questions and answers."""

    heading = blocks.CharBlock()
    questions = blocks.ListBlock(QuestionBlock())

    class Meta:
        template = "naive/faq.html"

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        items = self.child_blocks["questions"].get_api_representation(value["questions"], context)
        heading = value["heading"]
        return {"anchor": slugify(heading), "heading": heading, "items": items}


class SourceBlock(blocks.StructBlock):
    """A source with a DOI."""

    kind = blocks.CharBlock()
    authors = blocks.CharBlock()
    title = blocks.CharBlock()
    container = blocks.CharBlock()
    year = blocks.IntegerBlock()
    doi = blocks.CharBlock()

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        url = f"https://doi.org/{value['doi']}"
        return {
            "kind": value["kind"],
            "authors": value["authors"],
            "title": value["title"],
            "container": value["container"],
            "year": str(value["year"]),
            "url": url,
            "before": f"{value['authors']}.",
            "after": f". {value['container']}. {value['year']}.",
            "links": [link_json(f"doi:{value['doi']}", url)],
        }


class SourceListBlock(blocks.StructBlock):
    """Numbered sources."""

    heading = blocks.CharBlock()
    sources = blocks.ListBlock(SourceBlock())

    class Meta:
        template = "naive/sources.html"

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        entries = self.child_blocks["sources"].get_api_representation(value["sources"], context)
        heading = value["heading"]
        return {"anchor": slugify(heading), "heading": heading, "entries": entries}


class ReviewerBlock(blocks.StructBlock):
    """Who checked the article."""

    person = SnippetChooserBlock("bench_site.NaivePerson")
    reviewed = blocks.DateBlock()
    scope = blocks.CharBlock()

    class Meta:
        template = "naive/reviewer.html"

    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        person = value["person"]
        return {
            "label": "Reviewed by",
            "name_line": f"{person.name}, {person.credentials}",
            "role": f"{person.job_title} · {person.organisation}",
            "bio": expand_db_html(person.bio),
            "photo": image_json(person.photo, PORTRAIT, person.name),
            "scope": value["scope"],
            "reviewed_text": f"Reviewed {value['reviewed']:%B\N{NO-BREAK SPACE}%-d, %Y}",
        }


class NaiveBody(blocks.StreamBlock):
    """The same types as those of `ArticleBody` that the benchmark's article has."""

    heading = HeadingBlock()
    paragraph = ParagraphBlock()
    product_card = CardBlock()
    faq = FAQBlock()
    sources = SourceListBlock()
    reviewer = ReviewerBlock()
