"""The page of the style guide, in each of the site's languages."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, get_language_info

from example_site.magazine.content import labels
from example_site.magazine.models import SHOP_URL
from example_site.styleguide.states import STATES, article_in


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every state of every element, with a word on what it shows."""
    language = get_language() or settings.LANGUAGE_CODE
    article = article_in(language, request)
    groups = [
        (
            "FAQ" if block == "faq" else block.replace("_", " ").capitalize(),
            [(state, [shown.html for shown in state.shown(article)]) for state in states],
        )
        for block, states in groupby(STATES, attrgetter("block"))
    ]
    return render(
        request,
        "magazine/styleguide.html",
        {
            "groups": groups,
            "language": language,
            "direction": article.direction,
            "labels": labels(language),
            "home_url": f"/{language}/",
            "shop_url": f"{SHOP_URL}{language}",
            "canonical_url": request.build_absolute_uri(request.path),
            "languages": [
                {
                    "code": code,
                    "name": name,
                    "url": f"/{code}/styleguide/",
                    "direction": "rtl" if get_language_info(code)["bidi"] else "ltr",
                    "current": code == language,
                    "is_home": False,
                }
                for code, name in settings.LANGUAGES
            ],
        },
    )
