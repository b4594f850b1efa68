"""Building the demonstration: languages, images, people, products and pages, once."""

from __future__ import annotations

import csv
import datetime
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.images import ImageFile
from django.core.management import call_command
from django.utils import timezone
from wagtail.images.models import Image
from wagtail.models import Locale, Page, Site
from wagtail.rich_text import RichText

from anodyne_blocks import conf
from anodyne_blocks.catalogue.history import HistoricPrice, import_history
from anodyne_blocks.catalogue.importing import import_catalogue
from anodyne_blocks.models import Person, PriceChange, Product, ShopRating
from anodyne_blocks.shops import get_shop
from example_site.magazine import passages
from example_site.magazine.content import ARTICLES, has_article, load
from example_site.magazine.models import ArticlePage, FrontPage

SHOP = "atlas"
FEEDS = settings.BASE_DIR / "feeds"
IMAGES = settings.BASE_DIR / "images"
MAIN = "en"
LANGUAGES = settings.LANGUAGES

PEOPLE: dict[str, dict[str, Any]] = {
    "ingrid": {
        "name": "Ingrid Vestergaard",
        "working_since": 2012,
        "profile_url": "https://clinic.example/ingrid-vestergaard",
        "licence_number": "0714-2286",
    },
    "farid": {
        "name": "Farid Mansour",
        "working_since": 2007,
        "profile_url": "https://hospital.example/farid-mansour",
        "licence_number": "SE-481920",
    },
    "joost": {"name": "Joost van Aalst"},
    "meike": {"name": "Meike Brandt"},
}


def build() -> None:
    """Everything, in an empty database."""
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code, _ in LANGUAGES}
    images = _images()
    import_shop()
    _pictures_for_products(images)
    people = {key: _person(key, locales, images) for key in PEOPLE}
    rating = _rating(locales)
    fronts = _front_pages(locales)
    for key in ARTICLES:
        _article(key, locales, fronts, images, people, rating)


def import_shop() -> None:
    """The shop's year: last season's catalogue, this season's, and its price history."""
    now = timezone.now()
    _put_feeds(FEEDS / "last-season")
    with get_shop(SHOP) as shop:
        for market in conf.markets().values():
            import_catalogue(shop, market, now - datetime.timedelta(days=300))
    _put_feeds(FEEDS)
    call_command("import_products", verbosity=0)
    with (FEEDS / "price_history.csv").open(encoding="utf-8") as lines:
        prices = [
            HistoricPrice(
                external_id=row["external_id"],
                market=row["market"],
                price=Decimal(row["price"]),
                list_price=Decimal(row["list_price"]) if row["list_price"] else None,
                effective_from=now - datetime.timedelta(days=int(row["days_ago"])),
            )
            for row in csv.DictReader(lines)
        ]
    # What it asked last season, and between the two: then nothing is unknown.
    prices += [
        HistoricPrice(
            change.offer.product.external_id,
            change.offer.market,
            change.price,
            change.list_price,
            change.effective_from,
        )
        for change in PriceChange.objects.filter(gap="").select_related("offer__product")
    ]
    # A real site saw this season's prices itself; this one is made in a moment.
    import_history(SHOP, prices, now, only_unseen=False)


def _put_feeds(source: Path) -> None:
    """Put feeds where the shop publishes them."""
    target = settings.VAR_DIR / "feeds"
    target.mkdir(parents=True, exist_ok=True)
    for feed in source.glob("*.xml"):
        shutil.copy(feed, target / feed.name)


def _images() -> dict[str, Image]:
    images = {}
    for path in sorted(IMAGES.glob("*.webp")):
        with path.open("rb") as file:
            image = Image(title=path.stem.replace("-", " ").capitalize())
            image.file = ImageFile(file, name=path.name)
            image.save()
        images[path.stem] = image
    return images


def _pictures_for_products(images: dict[str, Image]) -> None:
    products = list(Product.objects.filter(shop=SHOP))
    texts = load("products")
    for product in products:
        product.image = images.get(product.external_id)
        # What the admin calls it; an import takes the first market's title.
        product.name = texts[product.external_id][MAIN]["title"]
    Product.objects.bulk_update(products, ["image", "name"])


def _person(key: str, locales: dict[str, Locale], images: dict[str, Image]) -> Person:
    versions: list[Person] = []
    for code, locale in locales.items():
        texts = load(f"{code}/site")["persons"][key]
        version = Person(
            **{**PEOPLE[key], "name": texts.get("name", PEOPLE[key]["name"])},
            locale=locale,
            photo=images.get(f"portrait-{key}"),
            credentials=texts.get("credentials") or "",
            job_title=texts["job_title"],
            organisation=texts.get("organisation") or "",
            bio=texts["bio"],
        )
        if versions:
            version.translation_key = versions[0].translation_key
        version.save()
        versions.append(version)
    return versions[0]


def _rating(locales: dict[str, Locale]) -> ShopRating:
    versions: list[ShopRating] = []
    for code, locale in locales.items():
        version = ShopRating(
            locale=locale,
            name=settings.WAGTAIL_SITE_NAME,
            source="Reviews.example",
            url="https://reviews.example/atlas-axis",
            rating=Decimal("4.7"),
            count=3312,
            as_of=timezone.localdate() - datetime.timedelta(days=9),
            verification=load(f"{code}/site")["shop_rating"]["verification"],
        )
        if versions:
            version.translation_key = versions[0].translation_key
        version.save()
        versions.append(version)
    return versions[0]


def _front_pages(locales: dict[str, Locale]) -> dict[str, FrontPage]:
    root = Page.get_first_root_node()
    first = FrontPage(title=settings.WAGTAIL_SITE_NAME, slug=MAIN, locale=locales[MAIN])
    root.add_child(instance=first)
    site = Site.objects.get(is_default_site=True)
    welcome, site.root_page = site.root_page, first
    site.site_name = settings.WAGTAIL_SITE_NAME
    site.save()
    # Wagtail's own welcome page.
    welcome.delete()
    fronts = {}
    for code, locale in locales.items():
        front = first if code == MAIN else first.copy_for_translation(locale)
        texts = load(f"{code}/site")["front"]
        front.slug = code
        front.title = texts["title"]
        front.tagline = texts["tagline"]
        front.intro = texts["intro"]
        front.search_description = texts["search_description"]
        front.save_revision().publish()
        fronts[code] = FrontPage.objects.get(pk=front.pk)
    return fronts


def _article(
    key: str,
    locales: dict[str, Locale],
    fronts: dict[str, FrontPage],
    images: dict[str, Image],
    people: dict[str, Person],
    rating: ShopRating,
) -> None:
    main = ArticlePage(title="…", slug=key, locale=locales[MAIN])
    fronts[MAIN].add_child(instance=main)
    for code, locale in locales.items():
        if not has_article(code, key):
            continue
        texts = load(f"{code}/{key}")
        page = main if code == MAIN else main.copy_for_translation(locale)
        page.title, page.slug = texts["title"], texts["slug"]
        page.kicker = texts["kicker"]
        page.search_description = texts["search_description"]
        page.lead_image = images.get(texts["lead_image"]["drawing"])
        page.lead_image_alt = texts["lead_image"]["alt"]
        page.body = _body(texts, images, people, rating)
        page.save_revision().publish()
        moment = timezone.make_aware(
            datetime.datetime.combine(texts["published"], datetime.time(7, 30))
        )
        ArticlePage.objects.filter(pk=page.pk).update(
            first_published_at=moment, last_published_at=moment
        )


def _body(
    texts: dict[str, Any], images: dict[str, Image], people: dict[str, Person], rating: ShopRating
) -> list[tuple[str, Any]]:
    """The body as `ArticleBody` takes it; the site places byline, contents, reviewer and share."""
    stream_block = ArticlePage._meta.get_field("body").stream_block
    authors = [{"person": people[name], "organisation": ""} for name in texts["authors"]]
    reviewer = texts["reviewer"]
    pieces: list[tuple[str, dict[str, Any]]] = [
        ("standfirst", {"text": texts["standfirst"]}),
        ("byline", {"authors": authors, "show_portraits": True}),
        ("contents", {}),
        *(
            _piece(name, given or {}, images, people, rating)
            for item in texts["body"]
            for name, given in item.items()
        ),
        (
            "reviewer",
            {
                "person": people[reviewer["person"]],
                "reviewed": reviewer["reviewed"],
                "next_review": reviewer["next_review"],
                "scope": reviewer["scope"],
            },
        ),
        ("share", {}),
    ]
    return [(name, _complete(stream_block.child_blocks[name], given)) for name, given in pieces]


def _piece(
    name: str,
    given: Any,
    images: dict[str, Image],
    people: dict[str, Person],
    rating: ShopRating,
) -> tuple[str, dict[str, Any]]:
    """One entry of a content file as (block name, children's values)."""
    if name == "heading":
        return name, {"text": given}
    if name == "paragraph":
        return name, {"text": RichText(given)}
    if name == "image":
        return name, {
            "image": images.get(given["drawing"]),
            "alt_text": given["alt"],
            "caption": given.get("caption", ""),
        }
    # A page with one advertisement says of each card that it is one: all are of the same shop.
    sponsored = "ad" if isinstance(given, dict) and given.get("sponsored") else ""
    if name == "product_card":
        card = {key: value for key, value in given.items() if key not in ("sponsored", "product")}
        return name, {**card, "product": _product(given["product"]), "relationship": sponsored}
    if name == "product_grid":
        cards = [
            {"product": _product(external_id), "relationship": sponsored}
            for external_id in given["products"]
        ]
        return name, {"heading": given.get("heading", ""), "cards": cards}
    if name == "product_comparison":
        return name, {**given, "products": [_compared(one) for one in given["products"]]}
    if name == "product_verdict":
        said = {"product": _product(given["product"]), "tester": people[given["tester"]]}
        return name, {**given, **said, "score": Decimal(given["score"])}
    if name == "picks":
        return name, {}
    if name == "shop_rating":
        return name, {"rating": rating}
    if name == "faq":
        questions = [
            {"question": item["question"], "answer": RichText(item["answer"])}
            for item in given["items"]
        ]
        words = given.get("introduction")
        introduction = RichText(f"<p>{words.strip()}</p>") if words else None
        faq = {"heading": given.get("heading", ""), "questions": questions}
        return name, faq | ({"introduction": introduction} if introduction else {})
    if name == "sources":
        entries = load("sources")
        # Texts cite them by these names.
        return name, {"sources": [{**entries[key], "key": key} for key in given["entries"]]}
    if name in passages.NAMES:
        return name, passages.children_of(name, given, images)
    raise ValueError(f"No block is called {name!r}.")


def _compared(given: dict[str, Any]) -> dict[str, Any]:
    """A compared product, whose values are written as {criterion: value}."""
    values = [{"criterion": key, "value": value} for key, value in given["values"].items()]
    return {**given, "product": _product(given["product"]), "values": values}


def _product(external_id: str) -> Product:
    return Product.objects.get(shop=SHOP, external_id=external_id)


def _complete(block: Any, given: dict[str, Any]) -> dict[str, Any]:
    """`given` with the defaults of all children that it leaves out, at every depth."""
    complete = {}
    for name, child in block.child_blocks.items():
        value = given.get(name, child.get_default())
        items = getattr(child, "child_block", None)
        if name in given and hasattr(items, "child_blocks") and isinstance(value, list):
            value = [_complete(items, item) for item in value]
        complete[name] = value
    return complete
