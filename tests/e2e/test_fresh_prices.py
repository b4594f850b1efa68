"""A page that was built before, and a shop that changes: the overlay shows what the server shows.

The built page is plain HTML on another origin. example_site/headless made it; the documentation's
script runs in it: the overlay of the npm package asks the products endpoint.
"""

from __future__ import annotations

import datetime
import functools
import json
import re
import threading
import urllib.request
from collections.abc import Callable, Iterator
from decimal import Decimal
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from tests import factories
from tests.api.test_headless_site import compile_front_end
from tests.conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

HOUR = datetime.timedelta(hours=1)
MAKE = """<!DOCTYPE html><meta charset="utf-8"><title>Built</title><main></main>
<script type="module">
import {{ renderArticle }} from "./example_site/headless/render.js";
document.querySelector("main").replaceChildren(renderArticle({article}));
document.body.dataset.made = "";
</script>"""
BUILT = """<!DOCTYPE html><html lang="nl"><meta charset="utf-8"><title>Built</title>{mains}
<script type="importmap">
{{"imports": {{"anodyne-blocks-elements": "./packages/elements/src/index.js"}}}}
</script>
<script type="module">{script}
document.body.dataset.fresh = "";
</script></html>"""
GUIDE = ROOT / "docs" / "how-to" / "fresh-prices.md"
# Of each part of the document: each card's words as a reader has them, and where it leads; and the
# headings over cards.
READ = """([part, cards]) => [...document.querySelectorAll(part)].map((part) => {
    const read = (card) => {
        const texts = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
        const words = [];
        while (texts.nextNode()) words.push(...texts.currentNode.data.split(/\\s+/));
        const links = [...card.querySelectorAll("a")].map((a) => [a.href, a.rel]);
        return { words: words.filter(Boolean), links };
    };
    const headings = [...part.querySelectorAll("h2, h3")].filter((node) => !node.closest(cards));
    return {
        cards: [...part.querySelectorAll(cards)].map(read),
        headings: headings.map((node) => [node.tagName, node.textContent.trim()]),
    };
})"""

OFFER: dict[str, Any] = {
    "title": "Lendenkussen",
    "description": "Steunt de onderrug.",
    "url": "https://shop.example/nl/cushion",
    "price": Decimal("39.75"),
    "tax_included": True,
    "unit_price": None,
    "unit_measure": "",
    "availability": "in_stock",
    "available_from": None,
    "condition": "",
    "rating": Decimal("4.6"),
    "rating_count": 212,
    "is_from": False,
    "withdrawn_at": None,
    "gap": "",
    "price_until": None,
    "prior_price": None,
    "prior_status": "",
    "announce_until": None,
}
IN_A_WEEK = timezone.now() + 168 * HOUR
GONE = {"withdrawn_at": timezone.now()}
NINE_DAYS_AGO = {"checked_at": timezone.now() - 216 * HOUR}
REDUCED = lambda **more: factories.reduction("nl", **more)  # noqa: E731 (settings are read late)
# {what happened in the shop: (what the offer says then, what the site's settings say)}
STATES: dict[str, tuple[Callable[[], dict[str, Any]], dict[str, Any]]] = {
    "nothing": (dict, {}),
    "another price": (lambda: {"price": Decimal("1234.5")}, {}),
    "a reduction": (REDUCED, {}),
    "a reduction that ran out": (lambda: REDUCED(announce_until=timezone.now() - HOUR), {}),
    "of another rule": (lambda: REDUCED(rule="of yesterday"), {}),
    "a unit price": (
        lambda: {"unit_price": Decimal("7.95"), "unit_measure": "100 g", **REDUCED()},
        {},
    ),
    "a price before tax": (lambda: {"tax_included": False}, {}),
    "the lowest of several prices": (lambda: {"is_from": True}, {}),
    "free": (lambda: {"price": Decimal(0)}, {}),
    "no price": (lambda: {"price": None}, {}),
    "sold out": (lambda: {"availability": "out_of_stock", **REDUCED()}, {}),
    "few left": (lambda: {"availability": "low_stock"}, {}),
    "for pre-order": (lambda: {"availability": "preorder", "available_from": IN_A_WEEK}, {}),
    "not sold yet": (lambda: {"availability": "later", "available_from": IN_A_WEEK}, {}),
    "stale": (lambda: {**NINE_DAYS_AGO, **REDUCED()}, {}),
    "stale and hidden": (lambda: NINE_DAYS_AGO, {"STALE_PRICE": "hide"}),
    "taken back by the shop": (lambda: {"gap": "currency"}, {}),
    "ended by the shop's word": (lambda: {"price_until": timezone.now() - HOUR}, {}),
    "withdrawn": (lambda: {**GONE, **REDUCED()}, {}),
    "withdrawn and hidden": (lambda: GONE, {"WITHDRAWN_PRODUCT": "hide"}),
    "used": (lambda: {"condition": "used"}, {}),
    "used and hidden": (lambda: {"condition": "used"}, {"USED_PRODUCTS": "hide"}),
    "moved": (lambda: {"url": "https://shop.example/nl/new-address"}, {}),
    "without an address": (lambda: {"url": ""}, {}),
    "another title and text": (lambda: {"title": "Rugkussen", "description": ""}, {}),
    "without a title": (lambda: {"title": ""}, {}),
    "other ratings": (lambda: {"rating": Decimal("3.9"), "rating_count": 5}, {}),
    "another currency": (lambda: {"currency": "DKK"}, {}),
    "in another market only": (lambda: {"market": "da"}, {}),
}
# In which a page is built: what was not there then must come with the overlay too.
BUILT_IN = ["nothing", "a unit price", "withdrawn", "without an address"]


@pytest.fixture(scope="module", autouse=True)
def beside_a_loop(django_db_setup: None) -> Iterator[None]:
    """Playwright's event loop runs in this thread; the database is used between its steps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The front end as its compiler makes it, beside the package that it imports."""
    compile_front_end(tmp_path)
    return tmp_path


@pytest.fixture
def origin(folder: Path) -> Iterator[str]:
    """Where the built page is served: another origin than the site's."""
    handler = functools.partial(Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def shop_page(settings: Any, origin: str, live_server: Any) -> Any:
    """A Dutch page with a product four times: plain, in the editor's words, and in two grids."""
    factories.home("nl").save_revision().publish()
    factories.setting(settings, PRICES_FOR_ORIGINS=[origin])
    card = {"product": factories.from_shop("nl").pk}
    own = {
        "title": "Ons kussen",
        "text": "Al jaren onze keuze.",
        "badge": "Bestseller",
        "button_text": "Bekijk het kussen",
        "relationship": "ad",
    }
    return factories.page(
        ("heading", {"text": "Kussens"}),
        ("product_card", card),
        ("product_card", {**card, **own, "layout": "compact"}),
        ("product_grid", {"heading": "Samen", "cards": [card, {**card, **own}]}),
        ("product_grid", {"heading": "Alleen", "cards": [card]}),
        language="nl",
    )


@pytest.fixture
def happens(shop_page: Any, settings: Any) -> Callable[[str], None]:
    """Makes the shop and the settings be in one of the `STATES`."""
    product = shop_page.body[1].value["product"]
    before = settings.ANODYNE_BLOCKS

    def happen(state: str) -> None:
        offer, options = STATES[state]
        fields = {**OFFER, "market": "nl", "currency": "EUR", "checked_at": timezone.now()}
        product.offers.update(**{**fields, **offer()})
        settings.ANODYNE_BLOCKS = {**before, **options}

    return happen


def opened(browser: Browser, address: str, done: str = "body", **options: Any) -> Page:
    """A page in a browser that has kept nothing."""
    page = browser.new_context(locale="nl-NL", **options).new_page()
    page.goto(address)
    page.wait_for_selector(done, state="attached")
    return page


def read(page: Page, cards: str) -> Any:
    """What stands in each `main` of a page, which is closed then."""
    found = page.evaluate(READ, ["main", cards])
    page.context.close()
    return found


def fresh(browser: Browser, address: str) -> Any:
    return read(opened(browser, address, "[data-fresh]"), "[data-card]")


def documented_script(site: str) -> str:
    """The documentation's, with the addresses that hold here."""
    (script,) = re.findall(r'<script type="module">(.*?)</script>', GUIDE.read_text(), re.DOTALL)
    return script.replace("https://cms.example", site).replace(
        "./render.js", "./example_site/headless/render.js"
    )


class Builder:
    """Builds the page, as it is at each call, into one HTML with what was built before."""

    def __init__(self, browser: Browser, site: str, origin: str, folder: Path) -> None:
        self.browser, self.site, self.origin, self.folder = browser, site, origin, folder
        self.mains: list[str] = []

    def build(self, page: Any) -> str:
        """The address of the HTML, whose last `main` is the page."""
        with urllib.request.urlopen(f"{self.site}/api/v2/pages/{page.pk}/") as response:
            article = {"kicker": "", "lead": None, **json.load(response)}
        given = json.dumps(article).replace("</", "<\\/")
        (self.folder / "make.html").write_text(MAKE.format(article=given), encoding="utf-8")
        made = opened(self.browser, f"{self.origin}/make.html", "[data-made]")
        self.mains.append(made.evaluate("() => document.querySelector('main').outerHTML"))
        made.context.close()
        html = BUILT.format(mains="".join(self.mains), script=documented_script(self.site))
        (self.folder / "built.html").write_text(html, encoding="utf-8")
        return f"{self.origin}/built.html"


@pytest.fixture
def builder(browser: Browser, live_server: Any, origin: str, folder: Path) -> Builder:
    return Builder(browser, live_server.url, origin, folder)


@pytest.mark.django_db(transaction=True)
def test_the_overlay_shows_what_the_server_shows(
    browser: Browser,
    builder: Builder,
    live_server: Any,
    shop_page: Any,
    happens: Callable[[str], None],
    settings: Any,
) -> None:
    """Word for word and link for link, in every state, whichever the page was built in."""
    built = ""
    for state in BUILT_IN:
        happens(state)
        built = builder.build(shop_page)

    def served() -> Page:
        return opened(browser, live_server.url + shop_page.get_url())

    shown = {}
    for state in STATES:
        happens(state)
        (server,) = read(served(), ".anodyne-product-card")
        shown[state] = [" ".join(card["words"]) for card in server["cards"]]
        assert fresh(browser, built) == [server] * len(BUILT_IN), state
    # The states differ, so that each was worth a look.
    assert len({json.dumps(cards) for cards in shown.values()}) >= 20
    assert len(shown["nothing"]) == 5 and shown["used and hidden"] == []
    assert all("Laagste prijs" in card for card in shown["a unit price"])
    assert all("per 100 g" in card for card in shown["a unit price"])
    assert all("Prijs op" in card for card in shown["stale"])
    print(f"{len(STATES)} states × {len(BUILT_IN)} built pages: the same words and links")

    # Where the site does not let this origin read, a browser refuses the answer: nothing is
    # claimed, and nothing else goes.
    happens("a unit price")
    (server,) = read(served(), ".anodyne-product-card")
    factories.setting(settings, PRICES_FOR_ORIGINS=["https://other.example"])
    for main in fresh(browser, built):
        assert main["headings"] == server["headings"] and len(main["cards"]) == 5
        for card in main["cards"]:
            text = " ".join(card["words"])
            assert not re.search(r"€|%|[0-9],[0-9]{2}|voorraad|Laagste", text), text
            assert card["links"] == []

    product = shop_page.body[1].value["product"]
    happens("nothing")
    for goes in (shop_page.unpublish, product.delete):
        goes()
        assert [main["cards"] for main in fresh(browser, built)] == [[]] * len(BUILT_IN)
