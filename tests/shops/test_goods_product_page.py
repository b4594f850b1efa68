"""Product pages: what is priced stays the same goods, or the history gets a gap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops.base import Answer, Found, Gone, Unknown
from anodyne_blocks.shops.offer import ShopOffer
from anodyne_blocks.shops.product_page import ProductPage
from anodyne_blocks.shops.variants import Known
from tests.shops.conftest import Server
from tests.shops.test_product_page import OFFER, mat, page


@pytest.fixture
def shop() -> Iterator[ProductPage]:
    with ProductPage("pages", allow_private=True) as shop:
        yield shop


Days = Callable[..., tuple[ShopOffer, Answer]]


@pytest.fixture
def days(server: Server, shop: ProductPage, market: Market) -> Days:
    """The offer of one day, and the answer of the next day's page to who knows it."""

    def ask(first: Any, second: Any, path: str = "/mat") -> tuple[ShopOffer, Answer]:
        url = server.url + path
        known: dict[str, Known] = {}
        for product in (first, second):
            server.says(path.partition("?")[0], page(product))
            shop.close()
            answer = shop.fetch([url], market, known)[url]
            if not known:
                assert isinstance(answer, Found), answer
                offer = answer.offer
                known[url] = Known(offer.goods, offer.name, offer.price)
        return offer, answer

    return ask


def gap(earlier: ShopOffer, answer: Answer) -> Gap | None:
    assert isinstance(answer, Found), answer
    same_price = answer.offer.price == earlier.price
    return answer.offer.goods.gap_after(earlier.goods, same_price=same_price)


def size(name: str, price: int, **fields: Any) -> dict[str, Any]:
    return OFFER | {"name": name, "sku": f"MAT-{name}", "price": price} | fields


IN, OUT = "https://schema.org/InStock", "https://schema.org/OutOfStock"
S, M, L = size("S", 60), size("M", 80), size("L", 100)


class TestTheVariantStays:
    @pytest.mark.parametrize("price", [45, 90])
    def test_also_at_another_price(self, days: Days, price: int) -> None:
        cheaper = size("XS", 20)
        before, answer = days(mat(offers=[S, M]), mat(offers=[M, cheaper, S | {"price": price}]))
        assert (answer.offer.price, gap(before, answer)) == (price, None)
        assert not answer.offer.is_from

    def test_also_when_one_loses_its_number(self, days: Days) -> None:
        coded = S | {"gtin13": "4006381333931"}
        bare = {name: value for name, value in coded.items() if name != "sku"}
        before, answer = days(mat(offers=[coded, M]), mat(offers=[M, bare]))
        assert (answer.offer.variant, gap(before, answer)) == ("MAT-S", None)

    def test_a_single_product_that_gets_sizes(self, days: Days) -> None:
        """Nobody knows which size it was: the price stays, and its history begins anew."""
        sizes = [S, M | {"price": 53}, L]
        before, answer = days(mat(sku="MAT", offers=OFFER), mat(sku="MAT", offers=sizes))
        assert (answer.offer.price, gap(before, answer)) == (53, Gap.VARIANT)


class TestTheHistoryBreaks:
    @pytest.mark.parametrize(
        ("first", "second", "expected"),
        [
            ([S, M], [M], Gap.VARIANT),
            ([OFFER | {"price": 100}, OFFER | {"price": 60}], [OFFER | {"price": 40}], Gap.VARIANT),
            ([OFFER | {"price": 60}, OFFER | {"price": 90}],
             [OFFER | {"price": 40}, OFFER | {"price": 90}], Gap.VARIANT),
            ([OFFER | {"price": 100}, OFFER | {"price": 60, "availability": OUT}],
             [OFFER | {"price": 60, "availability": IN}], Gap.GOODS),
            ([S], [S | {"itemCondition": "UsedCondition", "price": 30}], Gap.CONDITION),
            ([OFFER | {"seller": {"name": "Atlas"}}],
             [OFFER | {"price": 30, "seller": {"name": "Axis"}}], Gap.SELLER),
            ([OFFER | {"price": "121"}],
             [OFFER | {"price": 100, "valueAddedTaxIncluded": False}], Gap.TAX),
        ],
        ids=["deleted", "unnamed, deleted", "unnamed, another child",
             "unnamed, restocked", "condition", "seller",
             "tax unknown to net"],
    )  # fmt: skip
    def test_of_a_product(self, days: Days, first: Any, second: Any, expected: Gap) -> None:
        before, answer = days(mat(offers=first), mat(offers=second))
        assert gap(before, answer) is expected

    def test_when_an_address_is_given_to_other_goods(self, days: Days) -> None:
        for number in ("sku", "gtin13"):
            codes = ("4006381333931", "4003994155486")
            first, second = (mat(**{number: code}) for code in codes)
            before, answer = days(first, second | {"offers": OFFER | {"price": 20}})
            assert gap(before, answer) is Gap.VARIANT

    @pytest.mark.parametrize("kind", ["AggregateOffer", "Offer"])
    def test_when_a_child_is_added_to_a_range(self, days: Days, kind: str) -> None:
        group = {"@type": kind, "lowPrice": 100, "highPrice": 150, "priceCurrency": "EUR"}
        before, answer = days(
            mat(sku="DESK", offers=group), mat(sku="DESK", offers=group | {"lowPrice": 40})
        )
        assert before.is_from
        assert gap(before, answer) is Gap.VARIANT

    def test_the_first_size_is_removed(self, days: Days) -> None:
        large, small = OFFER | {"price": 100}, OFFER | {"price": 60}
        before, answer = days(mat(offers=[large, small]), mat(offers=[small]))
        assert (before.price, before.is_from) == (60, True)
        assert (answer.offer.price, gap(before, answer)) == (60, None)


class TestAnAddressOfAVariant:
    offers = [OFFER | {"url": f"/desk?variant={n}", "price": p} for n, p in ((1, 70), (2, 120))]

    def test_that_is_gone_has_no_offer(self, days: Days) -> None:
        for left in (self.offers[:1], [OFFER | {"url": "/desk", "price": 70}]):
            before, answer = days(mat(offers=self.offers), mat(offers=left), "/desk?variant=2")
            assert (before.price, before.variant) == (120, "?variant=2")
            assert isinstance(answer, Unknown) and answer.gap is Gap.NO_PRICE
            assert "variant that this address stands for" in answer.reason

    def test_of_a_page_that_shows_the_chosen_one_only(self, days: Days) -> None:
        before, answer = days(
            mat(sku="D-2", offers=OFFER | {"price": 120}),
            mat(sku="D-1", offers=OFFER | {"price": 70}),
            "/desk?variant=2",
        )
        assert (before.variant, type(answer)) == ("D-2", Unknown)

    def test_of_the_default_one_to_which_a_product_s_address_leads(
        self, shop: ProductPage, server: Server, market: Market
    ) -> None:
        url = f"{server.url}/desk"
        server.says("/desk/sizes", page(mat(offers=self.offers)))
        for default in (1, 2):
            server.says("/desk", b"", 302, Location=f"/desk/sizes?variant={default}")
            offers = [o | {"url": o["url"].replace("/desk", "/desk/sizes")} for o in self.offers]
            server.says("/desk/sizes", page(mat(offers=offers)))
            shop.close()
            found = shop.fetch([url], market)[url].offer
            assert (found.price, found.variant, found.is_from) == (70, "?variant=1", True)

    def test_an_index_page_s_query_is_the_product_itself(self, days: Days) -> None:
        path = "/index.php?product=4"
        first, second = (mat(url=path, sku=s, offers=OFFER | {"url": path}) for s in ("A", "B"))
        before, answer = days(first, second, path)
        assert gap(before, answer) is Gap.VARIANT

    def test_editors_choose_among_them(
        self, shop: ProductPage, server: Server, market: Market
    ) -> None:
        variants = [
            {"@type": "Product", "name": name, "sku": name, "offers": OFFER | {"price": price,
             "url": f"/sleeve?size={name}"}} for name, price in (("M", 80), ("S", 60))
        ]  # fmt: skip
        group = {"@type": "ProductGroup", "name": "Knee sleeve", "hasVariant": variants}
        server.says("/sleeve", page(group))
        found = shop.variants(f"{server.url}/sleeve", market)
        assert [(o.title, o.price) for o in found] == [
            ("Knee sleeve – M", 80), ("Knee sleeve – S", 60),
        ]  # fmt: skip
        fetched = shop.fetch([offer.external_id for offer in found], market)
        assert [a.offer.variant for a in fetched.values()] == ["M", "S"]
        server.says("/mat", page(mat()))
        assert shop.variants(f"{server.url}/mat", market) == []

    def test_on_the_page_s_version_in_another_language(
        self, shop: ProductPage, server: Server, market: Market
    ) -> None:
        for path, names in (("/sleeve", ("S", "M")), ("/nl/sleeve", ("M", "S"))):
            offers = [size(n, {"S": 60, "M": 80}[n], url=f"{path}?size={n}") for n in names]
            head = '<link rel="alternate" hreflang="nl" href="/nl/sleeve">'
            server.says(path, page(mat(offers=offers), head=head))
        url = f"{server.url}/sleeve?size=M"
        offer = shop.fetch([url], market)[url].offer
        assert (offer.price, offer.url) == (80, f"{server.url}/nl/sleeve")
        server.says("/nl/sleeve", page(mat(offers=[size("S", 60)])))
        shop.close()
        assert isinstance(shop.fetch([url], market)[url], Unknown)


class TestAnotherPageAnswers:
    """A redirect is believed only when what answers is the same goods."""

    @pytest.fixture
    def moved(self, server: Server, shop: ProductPage, market: Market) -> Callable[..., Answer]:
        def ask(first: Any, second: Any, to: str = "/new", *, by: str = "redirect") -> Answer:
            url = f"{server.url}/mat"
            shop.close()
            server.says("/mat", page(first))
            offer = shop.fetch([url], market)[url].offer
            shop.close()
            server.says(to, page(second))
            if by == "redirect":
                server.says("/mat", b"", 301, Location=to)
            else:
                server.says("/mat", page(second, head=f'<link rel="canonical" href="{to}">'))
            known = {url: Known(offer.goods, offer.name, offer.price)}
            return shop.fetch([url], market, known)[url]

        return ask

    @pytest.mark.parametrize("by", ["redirect", "canonical"])
    def test_a_successor(self, moved: Callable[..., Answer], by: str) -> None:
        lite = mat(name="Mat Lite", url="/new", offers=OFFER | {"price": 30})
        answer = moved(mat(url="/mat"), lite, by=by)
        assert isinstance(answer, Unknown) and "'Mat Lite' is sold, and not" in answer.reason

    def test_the_home_page(self, moved: Callable[..., Answer]) -> None:
        deal = mat(name="Lamp", url="/lamp", offers=OFFER | {"price": 19})
        for product in (deal, mat(name="Lamp", offers=OFFER | {"price": 19})):
            assert isinstance(moved(mat(), product, "/"), Unknown)

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            (mat(), mat(name="BALANCE MAT ")),
            (mat(sku="EM1"), mat(sku="EM1", name="Balance mat, new name")),
            (mat(gtin="4006381333931"), mat(gtin13="4006381333931", name="Mat")),
        ],
        ids=["name", "article number", "barcode"],
    )
    def test_the_same_goods(
        self, moved: Callable[..., Answer], server: Server, first: Any, second: Any
    ) -> None:
        answer = moved(first, second)
        assert isinstance(answer, Found) and answer.offer.source == f"{server.url}/new"

    def test_other_goods_of_the_same_name(self, moved: Callable[..., Answer]) -> None:
        assert isinstance(moved(mat(sku="EM1"), mat(sku="EM2")), Unknown)

    def test_not_found_is_gone(self, days: Days, server: Server, shop, market: Market) -> None:
        server.says("/old", b"", 302, Location="/nowhere")
        server.says("/nowhere", b"", 404)
        url = f"{server.url}/old"
        assert shop.fetch([url], market) == {url: Gone(url)}


def test_what_the_page_says_is_the_price(days: Days) -> None:
    """A page that leaves the cents out now may have changed the price as well."""
    first = mat(sku="EM1", offers=OFFER | {"price": "53.95"})
    _, answer = days(first, mat(sku="EM1", offers=OFFER | {"price": "54"}))
    assert str(answer.offer.price) == "54" and not answer.offer.notes
