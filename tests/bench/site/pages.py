"""The benchmark's database, and the same article as each kind of page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SETTINGS = "tests.bench.site.settings"


@contextmanager
def bench_site() -> Iterator[None]:
    """The site on an empty database of its own; models are imported inside only."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    import django
    from django.conf import settings
    from django.db import connection

    settings.FOLDER.mkdir(parents=True)
    try:
        django.setup()
        _begin()
        yield
    finally:
        connection.close()
        shutil.rmtree(settings.FOLDER)


def _begin() -> None:
    """Tables straight from the models, and the rows that Wagtail's migrations would have made.

    Running all migrations would take longer than some measurements.
    """
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command
    from wagtail.models import Collection, Locale, Page, Site

    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)
    Collection.add_root(name="Root")
    locale = Locale.objects.create(language_code="en")
    root = Page.add_root(title="Root", slug="root", locale=locale)
    home = root.add_child(title="Home", slug="home", locale=locale)
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)


def make(model: Any, name: str, parent: Any = None, **fields: Any) -> Any:
    """A published page below `parent`, or else below the site's front page, read afresh."""
    from tests import factories

    made = model(title="On sitting", slug=name, locale=factories.locale("en"), **fields)
    (parent or factories.home()).add_child(instance=made)
    return model.objects.get(pk=made.pk)


def stored(body: Any) -> list[dict[str, Any]]:
    """(type, value) pairs as a StreamField stores them."""
    return [
        {"type": kind, "value": value, "id": f"00000000-0000-4000-8000-{number:012d}"}
        for number, (kind, value) in enumerate(body)
    ]


class Library:
    """Products and a reviewer, in the package's models and in the naive ones, by the same keys."""

    def __init__(self, products: int) -> None:
        from anodyne_blocks import conf
        from tests import factories
        from tests.bench.site import stock

        self.products = stock.products(products)
        photo = factories.image(width=400, height=400)
        self.reviewer = factories.person(
            "Nora Lind",
            credentials="MSc",
            job_title="physiotherapist",
            organisation="The Back Clinic",
            bio="<p>Works with people whose <b>backs</b> have hurt for years.</p>",
            photo=photo,
        ).pk
        photo.get_renditions(*conf.image_sizes("portrait").values())
        self._make_naive()

    def body(self, cards: int, first: int = 0, links: Any = (), compared: int = 0) -> Any:
        """What an article with so many cards stores, from the product at `first` on.

        Of the products behind these, so many are `compared` at the top.
        """
        from tests.bench.site import article

        last = first + cards
        table = article.comparison(self.products[last : last + compared]) if compared else []
        return stored([*table, *article.body(self.products[first:last], self.reviewer, links)])

    def _make_naive(self) -> None:
        """The naive snippets say what the elements say: not a word is typed twice."""
        from anodyne_blocks.models import Person, Product
        from tests import factories
        from tests.bench.site.models import NaivePerson, NaiveProduct

        person = Person.objects.get(pk=self.reviewer)
        texts = ("name", "credentials", "job_title", "organisation", "bio", "photo")
        NaivePerson.objects.create(pk=person.pk, **{name: getattr(person, name) for name in texts})
        rows = []
        for product in Product.objects.select_related("image").prefetch_related("offers"):
            card = factories.card(product, "en")
            rows.append(
                NaiveProduct(
                    pk=product.pk,
                    title=card.title,
                    description=card.text,
                    url=card.link.url,
                    image=product.image,
                    image_alt=card.image.alt,
                    state=card.availability.state,
                    availability=card.availability.text,
                    amount=card.price.amount,
                    prior_amount=card.reduction.prior.amount,
                    currency=card.price.currency,
                    price=card.price.formatted,
                    prior_price=card.reduction.prior.formatted,
                    percent=card.reduction.percent,
                )
            )
        NaiveProduct.objects.bulk_create(rows)
