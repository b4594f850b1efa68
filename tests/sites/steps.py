"""What is tried on each site, one function for each step; each raises where something is wrong."""

from __future__ import annotations

import csv
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from django.core import checks
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail import VERSION

from anodyne_blocks.elements import ELEMENTS
from anodyne_blocks.models import Person, PriceChange, Product, ShopRating
from tests.admin.test_admin_forms import form_data
from tests.catalogue.test_webhooks import signed
from tests.sites.forms import form_of
from tests.sites.site import Site
from tests.sites.words import english_in, translations

# What a step says that does not concern this site.
NOT_HERE = "–"
# Those that stand inside others, or are of Wagtail's admin.
TYPES = [model.model_fields["type"].default for model in ELEMENTS]
CARD = "title language price { formatted currency }"


def check(refused: list[str]) -> None:
    """Django's checks find nothing to say, the package's own included, but these."""
    messages = checks.run_checks(include_deployment_checks=False)
    ours = [m for m in messages if (m.id or "").startswith("anodyne_blocks")]
    assert [m.id for m in ours] == refused, [str(m) for m in ours]
    assert all(m.hint for m in ours)
    assert [str(m) for m in messages if m.level >= checks.ERROR and m not in ours] == []


def migrations(site: Site) -> None:
    """No migration is missing."""
    out = StringIO()
    try:
        call_command("makemigrations", check_changes=True, dry_run=True, stdout=out)
    except SystemExit:
        raise AssertionError(" ".join(out.getvalue().split())) from None


def serve(site: Site, page: Any) -> None:
    html = site.web.html(page.full_url)
    _has_every_element(html)
    own = "Sit &lt; stand|&lt;(your|firm)&gt;|Take &lt; care"
    assert "&lt;" not in re.sub(own, "", html), "escaped twice"
    assert site.probe["host"] in page.full_url


def _has_every_element(html: str) -> None:
    classes = set(re.findall(r'class="(anodyne-[a-z-]+)', html))
    missing = {kind for kind in TYPES if f"anodyne-{kind.replace('_', '-')}" not in classes}
    assert missing == set(), missing


def one_language(site: Site, page: Any) -> None:
    """Every word of ours is in the language that the elements name, which is the expected one."""
    (language,) = {element["language"] for element in _elements(site, page)}
    expected = site.probe["language"]
    assert expected in (None, language), f"{type(page).__name__} is {language}"
    text = BeautifulSoup(site.web.html(page.full_url), "html.parser").get_text(" ", strip=True)
    words = translations(language)
    if words:
        assert words["In stock"] in text, f"{language}: {words['In stock']!r} is missing"
    if language.partition("-")[0] != "en":
        content = [site.stored.full(), str(vars(site.stored.person))]
        english = english_in(text, content)
        assert not english, f"{language} with {sorted(english)}"


def same_elements(site: Site) -> None:
    """In a plain StreamField each element is what it is in an ArticleField."""
    ours, plain = (
        json.dumps(_elements(site, page)).replace(page.slug, "slug") for page in site.pages
    )
    for one, other in zip(json.loads(ours), json.loads(plain), strict=True):
        differing = {key: (one[key], other[key]) for key in one if one[key] != other[key]}
        assert not differing, f"{one['type']}: {differing}"


def _elements(site: Site, page: Any, path: str = "/api/v2/pages/{}/?fields=body") -> list[Any]:
    body = site.web.get(path.format(page.pk)).json()["body"]
    assert len(body) == len(page.body)
    unresolved = [item["type"] for item in body if item["value"]["resolved"] is None]
    assert not unresolved, f"{type(page).__name__} lacks {unresolved}"
    return [item["value"]["resolved"] for item in body]


def api_v2(site: Site, page: Any) -> None:
    _has_a_price(site, _elements(site, page))


def api_v3(site: Site, page: Any) -> str | None:
    if VERSION < (8, 0):
        return NOT_HERE
    _has_a_price(site, _elements(site, page, "/api/v3/pages/{}/"))
    return None


def api_v3_writes(site: Site, page: Any) -> str | None:
    """What was read may be written back, and is then the same."""
    if VERSION < (8, 0):
        return NOT_HERE
    from wagtail.models import APIToken

    _, token = APIToken.create_token(user=site.user, name="probe")
    headers = {"authorization": f"Bearer {token}"}
    body = site.web.get(f"/api/v3/pages/{page.pk}/").json()["body"]
    answer = site.web.patch(
        f"/api/v3/pages/{page.pk}/",
        json.dumps({"body": body}),
        content_type="application/json",
        headers=headers,
    )
    assert answer.status_code == 200, answer.content[:300]
    for one, other in zip(answer.json()["body"], body, strict=True):
        assert _stored(one) == _stored(other), f"{type(page).__name__}: {one} {other}"
    return None


def _stored(item: Any) -> Any:
    """A block, its element by language alone: a draft may say other things of the page than the
    published one. Wagtail gives the paragraphs that it writes new keys."""
    resolved = item["value"]["resolved"] or {}
    shown = {**item, "value": {**item["value"], "resolved": resolved.get("language")}}
    return re.sub(r' data-block-key=\\"\w+\\"', "", json.dumps(shown))


def _has_a_price(site: Site, elements: list[Any]) -> None:
    card = _first_card(elements)
    assert card["price"]["amount"] == "39.75"
    assert card["price"]["currency"] == site.currency


def _first_card(elements: list[Any]) -> Any:
    return next(element for element in elements if element["type"] == "product_card")


def graphql(site: Site, page: Any) -> None:
    kind = type(page).__name__
    query = f"""{{ page(id: {page.pk}) {{ ... on {kind} {{ body {{ blockType
        ... on AnodyneProductCardBlock {{ resolved {{ {CARD} }} }} }} }} }} }}"""
    data = json.dumps({"query": query})
    answer = site.web.post("/api/graphql/", data, content_type="application/json").json()
    assert "errors" not in answer, answer["errors"]
    body = answer["data"]["page"]["body"]
    card = next(item["resolved"] for item in body if "resolved" in item)
    same = _first_card(_elements(site, page))
    assert card["title"] == same["title"] and card["language"] == same["language"]
    assert card["price"]["formatted"] == same["price"]["formatted"]


def json_ld(site: Site, page: Any) -> None:
    """One graph, of this page at its own address, with what is sold and asked on it."""
    html = site.web.html(page.full_url)
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    nodes = json.loads(script)["@graph"]
    assert nodes[0]["url"] == page.full_url, nodes[0]["url"]
    kinds = {kind for node in nodes for kind in _kinds(node)}
    assert {"WebPage", "Article", "Product", "Question", "Person"} <= kinds, kinds
    assert f'"priceCurrency":"{site.currency}"' in script


def _kinds(node: Any) -> set[str]:
    if isinstance(node, list):
        return {kind for part in node for kind in _kinds(part)}
    if not isinstance(node, dict):
        return set()
    own = {node["@type"]} if isinstance(node.get("@type"), str) else set()
    return own | _kinds(list(node.values()))


def edit(site: Site, page: Any) -> None:
    html = site.admin.html(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert "data-block" in html


def save(site: Site, page: Any) -> None:
    """A draft is what was posted."""
    before = page.body.get_prep_value()
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answer = site.admin.post(url, form_of(page, title="A draft"))
    assert answer.status_code == 302, _mistakes(answer)
    draft = type(page).objects.get(pk=page.pk).get_latest_revision_as_object()
    assert draft.title == "A draft"
    assert [item["type"] for item in draft.body.get_prep_value()] == [
        item["type"] for item in before
    ]


def publish(site: Site, page: Any) -> None:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = form_of(page, title="Published", **{"action-publish": "yes"})
    answer = site.admin.post(url, data)
    assert answer.status_code == 302, _mistakes(answer)
    html = site.web.html(page.full_url)
    assert "<title>Published</title>" in html
    _has_every_element(html)


def preview(site: Site, page: Any) -> None:
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    answer = site.admin.post(url, form_of(page, title="A preview"))
    assert answer.json()["is_valid"], answer.content
    html = site.admin.html(url)
    assert "<title>A preview</title>" in html
    _has_every_element(html)


def _mistakes(answer: Any) -> str:
    page = BeautifulSoup(answer.content, "html.parser")
    return " | ".join(m.get_text(" ", strip=True) for m in page.select(".error-message, .messages"))


def choosers(site: Site) -> None:
    for model, name in ((Product, "Brace"), (Person, "Ada Holm"), (ShopRating, "The shop")):
        prefix = f"wagtailsnippetchoosers_anodyne_blocks_{model._meta.model_name}"
        everything = site.admin.get(reverse(f"{prefix}:choose")).json()["html"]
        assert name in everything
        results = site.admin.html(reverse(f"{prefix}:choose_results"), q=name.lower())
        assert name in results
        chosen = model.objects.filter(name=name).first()
        assert chosen is not None
        answer = site.admin.get(reverse(f"{prefix}:chosen", args=[chosen.pk])).json()
        assert answer["result"]["id"] == str(chosen.pk)


def report(site: Site) -> None:
    """Products that need attention, as a page and as a file."""
    url = reverse("anodyne_blocks_attention")
    assert site.stored.withdrawn_product.name in site.admin.html(url)
    rows = list(csv.reader(StringIO(_text(site.admin.get(url, export="csv")))))
    assert len(rows) > 1


def _text(response: Any) -> str:
    if not response.streaming:
        return response.content.decode()
    parts = response.streaming_content
    if response.is_async:
        from asgiref.sync import async_to_sync

        async def read() -> list[bytes]:
            return [part async for part in parts]

        parts = async_to_sync(read)()
    return b"".join(parts).decode()


def listings(site: Site) -> None:
    for model, thing in (
        (Product, site.stored.product),
        (Person, site.stored.person),
        (ShopRating, site.stored.rating),
    ):
        prefix = f"wagtailsnippets_anodyne_blocks_{model._meta.model_name}"
        assert thing.name in site.admin.html(reverse(f"{prefix}:list"))
        site.admin.get(reverse(f"{prefix}:edit", args=[thing.pk]))
    site.admin.get(
        reverse("wagtailsnippets_anodyne_blocks_product:inspect", args=[site.stored.product.pk])
    )


def product_form(site: Site) -> None:
    offer = {"market": site.probe["market"], "price": "53", "currency": site.currency}
    data = form_data(offer, name="By hand")
    answer = site.admin.post(reverse("wagtailsnippets_anodyne_blocks_product:add"), data)
    assert answer.status_code == 302, _mistakes(answer)
    made = Product.objects.get(name="By hand")
    assert made.offers.get().price == 53
    assert PriceChange.objects.filter(offer__product=made).count() == 1


def commands(site: Site) -> None:
    market = site.probe["market"]
    _run("import_products", shop="store", market=market)
    product = Product.objects.get(external_id="mat")
    assert product.offers.get(market=market).price == 12.5
    Product.objects.filter(pk=product.pk).update(next_refresh_at=timezone.now())
    _run("refresh_products", shop="store")
    product.refresh_from_db()
    assert product.next_refresh_at > timezone.now()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.csv"
        path.write_text(f"market,external_id,effective_from,price\n{market},mat,2020-01-01,14.00\n")
        assert "1 prices appended" in _run("import_price_history", path, shop="store")
    _run("prune_price_changes", older_than=3000)
    assert json.loads(_run("anodyne_schema"))


def _run(name: str, *args: Any, **options: Any) -> str:
    out = StringIO()
    call_command(name, *args, stdout=out, stderr=out, **options)
    return out.getvalue()


def products_endpoint(site: Site) -> None:
    url = reverse("anodyne_blocks:products")
    product = site.stored.product
    answer = site.web.get(url, ids=product.pk, market=site.probe["market"]).json()
    (fresh,) = answer["products"]
    assert fresh["price"]["amount"] == "39.75"


def webhook(site: Site) -> None:
    body = b'{"ids": ["mat"]}'
    url = reverse("anodyne_blocks:webhook", args=["store"])
    answer = site.web.post(url, body, content_type="application/json", headers=signed(body))
    assert answer.status_code == 200
    product = Product.objects.get(external_id="mat")
    assert product.next_refresh_at <= timezone.now()


Step = Callable[..., str | None]

# In this order: later ones see what earlier ones made.
BEFORE: tuple[Step, ...] = (migrations, same_elements)
# Once for a page with the package's field, and once for one with Wagtail's.
OF_PAGES: tuple[Step, ...] = (
    serve,
    one_language,
    api_v2,
    api_v3,
    graphql,
    json_ld,
    edit,
    preview,
    save,
    publish,
    api_v3_writes,
)
AFTER: tuple[Step, ...] = (
    choosers,
    report,
    listings,
    product_form,
    commands,
    products_endpoint,
    webhook,
)


def steps(site: Site) -> Iterator[tuple[str, Callable[[], str | None]]]:
    """(name, what is to be tried) of all."""
    for step in BEFORE:
        yield step.__name__, partial(step, site)
    for step in OF_PAGES:
        yield step.__name__, partial(step, site, site.article)
        yield f"{step.__name__} (plain)", partial(step, site, site.plain)
    for step in AFTER:
        yield step.__name__, partial(step, site)
