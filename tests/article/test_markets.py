"""Markets of sites: one language, several currencies, and everything agrees on which is meant."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, Site

from anodyne_blocks import conf
from anodyne_blocks.article import Article
from anodyne_blocks.article.markets import markets_of_pages
from anodyne_blocks.blocks.base import ElementBlock
from anodyne_blocks.catalogue.attention import Kind, concerns_on, needs_attention
from anodyne_blocks.catalogue.purging import purge_pages
from anodyne_blocks.json_ld import JsonLdMixin, page_json_ld
from anodyne_blocks.models import Offer, Product
from tests import factories
from tests.json_ld import house_rules
from tests.testapp.models import ArticlePage

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning"),
]

# {market: (its currency, its site)}; "world" has the pages of all others.
SITES = {
    "uk": ("GBP", "uk.example"),
    "us": ("USD", "us.example:8000"),
    "world": ("AUD", None),
}
NOW = timezone.now()


@pytest.fixture(autouse=True)
def markets(settings: Any) -> None:
    own = {
        key: {"LOCALES": ["en"], "CURRENCY": currency, **({"SITES": [site]} if site else {})}
        for key, (currency, site) in SITES.items()
    }
    own["dutch"] = {"LOCALES": ["nl"], "CURRENCY": "EUR"}
    factories.setting(settings, MARKETS=own)


@pytest.fixture
def cushion() -> Product:
    """A product with an offer in each market, of another price."""
    made = factories.from_shop(image=factories.image(width=24, height=18))
    for number, (key, (currency, _site)) in enumerate(SITES.items(), start=1):
        factories.offer(made, "en", price=Decimal(number))
        Offer.objects.filter(product=made, market="en").update(market=key, currency=currency)
    return made


def root(title: str) -> Page:
    """A page at the top of the tree, beside the front page of the default site."""
    top = Page.get_first_root_node()
    return top.add_child(instance=Page(title=title, slug=title, locale=factories.locale("en")))


def site(hostname: str, port: int = 80, at: Page | None = None) -> Page:
    """The front page of a site."""
    front = at or root(f"front-{hostname}-{port}".replace(".", "-"))
    Site.objects.create(hostname=hostname, port=port, root_page=front)
    return front


def article(front: Page, product: Product, **fields: Any) -> ArticlePage:
    """An article with a card and share links below a page."""
    blocks = [("product_card", {"product": product.pk}), ("share", {})]
    body = [{"type": kind, "value": value, "id": str(n)} for n, (kind, value) in enumerate(blocks)]
    values = {"title": "Cushions", "slug": "cushions", "locale": front.locale, "body": body}
    made = front.add_child(instance=ArticlePage(**{**values, **fields}))
    return ArticlePage.objects.get(pk=made.pk)


def currency(page: Any, request: Any = None) -> str | None:
    """The currency of the card on a page."""
    card = factories.elements(page, Article.for_page(page, request))[0]
    return card.price.currency if card and card.price else None


def request(host: str) -> Any:
    return RequestFactory().get("/", HTTP_HOST=host)


def currency_in(graph: Any) -> str:
    (offer,) = [node for node in house_rules.nodes(graph) if node.get("@type") == "Offer"]
    return offer["priceCurrency"]


class TestTwoSites:
    def test_each_page_sells_in_its_sites_market(self, cushion: Product) -> None:
        assert currency(article(site("uk.example"), cushion)) == "GBP"
        assert currency(article(site("us.example", 8000), cushion)) == "USD"
        assert currency(article(site("us.example", 443), cushion)) == "AUD"
        assert currency(article(factories.home(), cushion)) == "AUD"

    def test_the_languages_of_a_site_are_found_too(self, cushion: Product) -> None:
        front = site("uk.example")
        dutch = front.copy_for_translation(factories.locale("nl"))
        english = front.copy_for_translation(factories.locale("en-gb"))
        assert Article.for_page(article(dutch, cushion)).market.key == "dutch"
        assert Article.for_page(article(english, cushion)).market.key == "uk"
        german = front.copy_for_translation(factories.locale("de"))
        assert Article.for_page(article(german, cushion)).market is None

    def test_a_page_that_moves_sells_where_it_is(self, cushion: Product) -> None:
        page = article(site("uk.example"), cushion)
        page.move(site("us.example", 8000), pos="last-child")
        assert currency(ArticlePage.objects.get(pk=page.pk)) == "USD"

    def test_html_apis_and_structured_data_agree(
        self, client: Client, cushion: Product, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ArticlePage, "json_ld", JsonLdMixin.json_ld, raising=False)
        monkeypatch.setattr(ArticlePage, "api_fields", [*ArticlePage.api_fields, "json_ld"])
        page = article(site("us.example", 8000), cushion)
        html = client.get("/cushions/", HTTP_HOST="us.example:8000").content.decode()
        assert "$2.00" in html and "£" not in html
        answer = client.get(f"/api/v2/pages/{page.pk}/", HTTP_HOST="us.example:8000").json()
        assert answer["body"][0]["value"]["resolved"]["market"] == "us"
        assert answer["body"][0]["value"]["resolved"]["price"]["currency"] == "USD"
        assert currency_in(page_json_ld(page)) == "USD"

    def test_the_endpoint_of_products_goes_by_market_or_by_its_own_site(
        self, client: Client, cushion: Product
    ) -> None:
        article(site("uk.example"), cushion)

        def ask(host: str, **parameters: str) -> str:
            query = {"ids": cushion.pk, **parameters}
            answer = client.get("/anodyne/products/", query, HTTP_HOST=host).json()
            return answer["products"][0]["price"]["currency"]

        assert ask("localhost", market="us") == "USD"
        assert ask("uk.example", language="en") == "GBP"
        assert ask("localhost", language="en") == "AUD"

    def test_a_snippet_is_of_the_requests_site(self) -> None:
        site("uk.example")
        assert Article.for_page(None, request("uk.example")).market.key == "uk"
        assert Article.for_page(None, request("localhost")).market.key == "world"
        # Nobody says for whom: it might be another's price.
        assert Article.for_page(None).market is None

    def test_the_body_of_a_snippet_too(self, cushion: Product) -> None:
        site("us.example", 8000)
        snippet = factories.person()
        stored = [{"type": "product_card", "value": {"product": cushion.pk}}]
        for host, money in (("us.example:8000", "USD"), ("localhost", "AUD")):
            body = ArticlePage._meta.get_field("body").to_python(stored)
            body.page = snippet
            article = Article.for_page(snippet, request(host))
            assert article.element(body[0].block, body[0].value).price.currency == money

    def test_examples_have_a_market_though_all_are_of_sites(self, settings: Any) -> None:
        kept = settings.ANODYNE_BLOCKS["MARKETS"]
        factories.setting(settings, MARKETS={key: kept[key] for key in ("us", "uk")})
        context = ElementBlock().get_preview_context({}, {})
        assert context["article_context"].market.key == "us"
        assert conf.market_to_show("fi").key == "us"


class TestSitesOfOnePage:
    @pytest.fixture
    def page(self, cushion: Product) -> ArticlePage:
        """An article below one root that is the front page of two sites."""
        front = site("uk.example")
        site("us.example", 8000, at=front)
        return article(front, cushion)

    @pytest.mark.parametrize(
        ("host", "money", "address"),
        [
            ("uk.example", "GBP", "http://uk.example/cushions/"),
            ("us.example:8000", "USD", "http://us.example:8000/cushions/"),
            # Wagtail's own choice for the request of another site: the first.
            ("localhost", "GBP", "http://uk.example/cushions/"),
        ],
    )
    def test_the_request_decides_on_market_and_address(self, page, host, money, address) -> None:
        asked = request(host)
        assert currency(page, asked) == money
        share = factories.elements(page, Article.for_page(page, asked))[1]
        graph = page_json_ld(page, asked)
        assert share.url == graph["@graph"][0]["@id"] == graph["@graph"][0]["url"] == address
        assert currency_in(graph) == money

    def test_the_api_says_one_address_and_one_market(
        self, client: Client, page: ArticlePage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ArticlePage, "json_ld", JsonLdMixin.json_ld, raising=False)
        monkeypatch.setattr(ArticlePage, "api_fields", [*ArticlePage.api_fields, "json_ld"])
        answer = client.get(f"/api/v2/pages/{page.pk}/", HTTP_HOST="us.example:8000").json()
        card, share = (block["value"]["resolved"] for block in answer["body"])
        assert card["price"]["currency"] == currency_in(answer["json_ld"]) == "USD"
        assert share["url"] == answer["json_ld"]["@graph"][0]["@id"]
        assert share["url"] == "http://us.example:8000/cushions/"

    def test_without_a_request_it_is_the_first(self, page: ArticlePage) -> None:
        assert currency(page) == "GBP"
        assert page_json_ld(page)["@graph"][0]["@id"] == page.full_url

    def test_all_its_markets_are_reported_and_purged(
        self, page, cushion, settings, django_capture_on_commit_callbacks
    ) -> None:
        assert markets_of_pages([page.pk, 0]) == {page.pk: ["uk", "us"]}
        cushion.offers.filter(market="us").delete()
        ((_product, faults),) = concerns_on(page, NOW)
        assert [concern.text for concern in faults] == ["us: It is not offered in this market."]


class TestAttention:
    def told(self, **arguments: Any) -> set[int]:
        wanted = needs_attention(NOW, [Kind.MISSING], **arguments)
        return set(Product.objects.filter(wanted).values_list("pk", flat=True))

    @pytest.mark.parametrize("missing", ["uk", "us", "world"])
    def test_a_fault_counts_on_the_sites_that_show_it(self, cushion, missing) -> None:
        pages = {
            "uk": article(site("uk.example"), cushion),
            "us": article(site("us.example", 8000), cushion),
            "world": article(factories.home(), cushion),
        }
        assert self.told() == set()
        cushion.offers.filter(market=missing).delete()
        assert self.told() == self.told(market=missing) == {cushion.pk}
        for key, page in pages.items():
            assert bool(concerns_on(page, NOW)) == (key == missing)
            assert bool(self.told(market=key)) == (key == missing)
        pages[missing].unpublish()
        assert self.told() == set()

    def test_a_page_outside_any_site_is_of_the_markets_without_sites(self, cushion) -> None:
        site("uk.example")
        page = article(root("nowhere"), cushion)
        cushion.offers.filter(market="uk").delete()
        assert self.told() == set() == set(concerns_on(page, NOW))
        cushion.offers.filter(market="world").delete()
        assert self.told() == {cushion.pk}
        assert concerns_on(factories.again(page), NOW)

    def test_one_site_within_another_belongs_to_both(self, cushion) -> None:
        front = site("uk.example")
        section = front.add_child(instance=Page(title="Section", slug="section"))
        page = article(site("us.example", 8000, at=section), cushion)
        assert currency(page) == "USD"
        assert currency(page, request("uk.example")) == "GBP"
        for key in ("uk", "us"):
            offer = cushion.offers.filter(market=key)
            kept = offer.get()
            offer.delete()
            assert self.told() == self.told(market=key) == {cushion.pk}
            kept.save(force_insert=True)


@pytest.mark.usefixtures("purged")
class TestPurging:
    @pytest.fixture
    def purged(self, settings: Any) -> Any:
        from tests.catalogue import front_end_cache

        settings.WAGTAILFRONTENDCACHE = {
            "default": {"BACKEND": f"{front_end_cache.__name__}.Recorder"}
        }
        front_end_cache.purged.clear()
        yield front_end_cache.purged
        front_end_cache.purged.clear()

    def test_a_change_purges_the_pages_of_its_market(
        self, cushion, purged, django_capture_on_commit_callbacks
    ) -> None:
        pages = {
            "uk": article(site("uk.example"), cushion),
            "us": article(site("us.example", 8000), cushion),
        }
        for key, page in pages.items():
            purged.clear()
            with django_capture_on_commit_callbacks(execute=True):
                purge_pages({(cushion.pk, key)})
            assert purged == [[page.full_url]]


class TestCost:
    def test_markets_of_sites_take_no_query_of_a_page(
        self, client: Client, cushion: Product, settings: Any
    ) -> None:
        front = site("uk.example")
        site("us.example", 8000, at=front)
        article(front, cushion)

        def cost() -> int:
            client.get("/cushions/", HTTP_HOST="uk.example")
            with CaptureQueriesContext(connection) as captured:
                response = client.get("/cushions/", HTTP_HOST="uk.example")
            assert response.status_code == 200
            return len(captured)

        of_sites = cost()
        everywhere = {"all": {"LOCALES": ["en"], "CURRENCY": "GBP"}}
        factories.setting(settings, MARKETS=everywhere)
        cushion.offers.filter(market="uk").update(market="all")
        assert cost() == of_sites

    def test_a_site_without_them_looks_up_no_site(self, cushion, settings) -> None:
        factories.setting(settings, MARKETS={"all": {"LOCALES": ["en"], "CURRENCY": "GBP"}})
        page = article(factories.home(), cushion)
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            Article.for_page(ArticlePage.objects.select_related("locale").get(pk=page.pk))
            markets_of_pages([page.pk])
        assert not any("wagtailcore_site" in query["sql"] for query in captured.captured_queries)
