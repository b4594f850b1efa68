"""coderedcms (Wagtail CRX): a card with its own fields, and an accordion that is a snippet."""

from __future__ import annotations

from typing import Any

REQUIREMENT = "coderedcms"
# The apps and the context processor of its project template.
APPS = [
    "coderedcms",
    "django_bootstrap5",
    "wagtailcache",
    "wagtailseo",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.embeds",
]
CONTEXT_PROCESSORS = ["wagtail.contrib.settings.context_processors.settings"]
# What its base template links.
ASSETS = [
    "coderedcms/vendor/bootstrap/dist/css/bootstrap.min.css",
    "coderedcms/css/crx-front.min.css",
    "coderedcms/vendor/bootstrap/dist/js/bootstrap.bundle.min.js",
    "coderedcms/js/crx-front.min.js",
]


def blocks() -> dict[str, Any]:
    """Its card and its accordion."""
    from coderedcms.blocks.content_blocks import AccordionBlock, CardBlock

    return {"peer_card": CardBlock(), "peer_faq": AccordionBlock()}


def card(image: int, title: str, text: str, url: str) -> dict[str, Any]:
    """What a card stores."""
    link = {"other_link": url, "button_title": title, "button_style": "btn-primary"}
    links = [{"type": "Links", "value": link}]
    return {"image": image, "title": title, "description": text, "links": links}


def faq(heading: str, questions: list[dict[str, str]]) -> dict[str, Any]:
    """What an accordion block stores, for a new snippet with a panel for each question."""
    from coderedcms.models import Accordion, AccordionPanel

    accordion = Accordion.objects.create(name=heading)
    AccordionPanel.objects.bulk_create(
        AccordionPanel(
            accordion=accordion,
            name=item["question"],
            content=[{"type": "text", "value": item["answer"]}],
            sort_order=number,
        )
        for number, item in enumerate(questions)
    )
    return {"accordion": accordion.pk}
