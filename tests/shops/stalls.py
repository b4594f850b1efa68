"""Each back end before a loopback server that sells one product: what test_goods.py tries on all.

A stall says in its shop's own words what is sold, so that one list of scenarios serves all shops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from anodyne_blocks.pricing.history import Gap
from anodyne_blocks.shops.base import Shop
from anodyne_blocks.shops.medusa import Medusa
from anodyne_blocks.shops.merchant_feed import MerchantFeed
from anodyne_blocks.shops.product_page import ProductPage
from anodyne_blocks.shops.saleor import Saleor
from anodyne_blocks.shops.shopify import Shopify
from anodyne_blocks.shops.shopware import Shopware
from anodyne_blocks.shops.vendure import Vendure
from anodyne_blocks.shops.woocommerce import WooCommerce
from tests.shops import (
    saleor_server,
    shopware_server,
    test_medusa,
    test_product_page,
    test_shopify,
    test_vendure,
    woocommerce_server,
)
from tests.shops.conftest import END, RSS, Server, item

IN, OUT = "https://schema.org/InStock", "https://schema.org/OutOfStock"


@dataclass(frozen=True)
class Size:
    """A variant at a price in whole euro."""

    number: int
    price: int
    sold: bool = True
    sku: str = ""

    @property
    def own_sku(self) -> str:
        return self.sku or f"AX-{self.number}"


class Stall:
    """`external_id` is that of the product on the card, where size `priced` is priced first.

    `outcomes` are the gaps that differ from those of the scenarios, None for no gap: the card stays
    with what it sold. `gone` names the scenarios after which the shop says that the product is
    gone, and `lacks` those that it cannot have, and why.
    """

    backend: type[Shop]
    # Whether the product on the card is in the catalogue.
    lists = True
    outcomes: dict[str, Gap | None] = {}
    gone: tuple[str, ...] = ()
    lacks: dict[str, str] = {}
    alone = "The shop has no product that holds other products."

    def __init__(self, server: Server) -> None:
        self.server = server

    def options(self, taxed: bool) -> dict[str, Any]:
        """The back end's options, of a shop whose prices are with tax or without."""
        raise NotImplementedError

    def shop(self, taxed: bool) -> Shop:
        return self.backend("stall", allow_private=True, **self.options(taxed))

    def external_id(self, priced: int) -> str:
        raise NotImplementedError

    def sell(self, sizes: Sequence[Size], taxed: bool) -> None:
        raise NotImplementedError

    def group(self, sizes: Sequence[Size], taxed: bool) -> None:
        """Sell a product that holds these as products of their own, or a range of their prices."""
        raise NotImplementedError

    def variant(self, number: int) -> str:
        """What the offer calls that size."""
        return str(number)


class AtShopify(Stall):
    backend = Shopify
    lacks = {"child added to a group": Stall.alone}

    def options(self, taxed: bool) -> dict[str, Any]:
        return {"url": self.server.url, "public_token": "hush", "tax_included": taxed}

    def external_id(self, priced: int) -> str:
        return test_shopify.BALM

    def sell(self, sizes: Sequence[Size], taxed: bool) -> None:
        node = test_shopify.changed(test_shopify.BALM)["variants"]["nodes"][0]
        nodes = [
            node
            | {
                "id": f"gid://shopify/ProductVariant/{size.number}",
                "title": f"Maat {size.number}",
                "sku": size.own_sku,
                "price": {"amount": f"{size.price}.0", "currencyCode": "EUR"},
                "availableForSale": size.sold,
            }
            for size in sizes
        ]
        variants = test_shopify.listed(*nodes)
        test_shopify.answering(
            self.server, test_shopify.changed(test_shopify.BALM, variants=variants)
        )


class AtVendure(Stall):
    backend = Vendure
    lacks = {"child added to a group": Stall.alone}

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.fake = test_vendure.FakeShop(server, test_vendure.product("7", "Knee brace"))

    def options(self, taxed: bool) -> dict[str, Any]:
        url = f"{self.server.url}/shop-api"
        return {"url": url, "url_template": test_vendure.URL_TEMPLATE, "tax_included": taxed}

    def external_id(self, priced: int) -> str:
        return "7"

    def sell(self, sizes: Sequence[Size], taxed: bool) -> None:
        self.fake.products["7"]["variants"] = [
            test_vendure.variant(
                size.price * 100,
                str(size.number),
                sku=size.own_sku,
                price=size.price * 100,
                stockLevel="IN_STOCK" if size.sold else "OUT_OF_STOCK",
            )
            for size in sizes
        ]


class AtMedusa(Stall):
    backend = Medusa
    lacks = {"child added to a group": Stall.alone}

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.fake = test_medusa.FakeShop(server, test_medusa.product("prod_7", "Knee brace"))

    def options(self, taxed: bool) -> dict[str, Any]:
        template, key = test_medusa.URL_TEMPLATE, test_medusa.KEY
        return {"url": self.server.url, "url_template": template, "publishable_key": key}

    def external_id(self, priced: int) -> str:
        return "prod_7"

    def sell(self, sizes: Sequence[Size], taxed: bool) -> None:
        self.fake.products[0]["variants"] = [
            test_medusa.variant(
                test_medusa.price(str(size.price), is_calculated_price_tax_inclusive=taxed),
                size.number,
                sku=size.own_sku,
                inventory_quantity=4 if size.sold else 0,
            )
            for size in sizes
        ]

    def variant(self, number: int) -> str:
        return f"variant_{number}"


class AtSaleor(Stall):
    backend = Saleor
    lacks = {"child added to a group": Stall.alone}

    def options(self, taxed: bool) -> dict[str, Any]:
        return {"url": self.server.url + saleor_server.PATH, "channel": "eu", "language": "nl"}

    def external_id(self, priced: int) -> str:
        return saleor_server.BRACE

    def sell(self, sizes: Sequence[Size], taxed: bool) -> None:
        variants = [
            saleor_server.variant(
                size.number,
                str(size.number),
                saleor_server.taxed(size.price * 100, size.price * 100),
                sku=size.own_sku,
                quantityAvailable=5 if size.sold else 0,
            )
            for size in sizes
        ]
        shown = {"displayGrossPrices": taxed}
        product = saleor_server.product(1, "brace", "Kniebrace", variants=variants, pricing=shown)
        saleor_server.answering(self.server, product)

    def variant(self, number: int) -> str:
        return saleor_server.global_id("ProductVariant", number)


class AtShopware(Stall):
    backend = Shopware
    # What holds variants is not: they are listed themselves.
    lists = False
    outcomes = {"child added to a group": Gap.VARIANT}

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.store = shopware_server.Store(server)

    def options(self, taxed: bool) -> dict[str, Any]:
        return {"url": self.server.url, "access_key": shopware_server.KEY}

    def external_id(self, priced: int) -> str:
        return shopware_server.SLEEVES

    def sell(self, sizes: Sequence[Size], taxed: bool) -> None:
        self.store.context = {"taxState": "gross" if taxed else "net"}
        own, product = shopware_server.SLEEVES, shopware_server.product
        self.store.products = [product(own, "AX", "Kniebrace", childCount=len(sizes))] + [
            product(
                shopware_server.uuid(size.number),
                size.own_sku,
                "Kniebrace",
                parentId=own,
                calculatedPrice=shopware_server.price(size.price),
                available=size.sold,
            )
            for size in sizes
        ]

    def group(self, sizes: Sequence[Size], taxed: bool) -> None:
        """A product of its own, which then gets variants."""
        if len(sizes) > 2:
            return self.sell(sizes, taxed)
        price = shopware_server.price(sizes[0].price)
        own = shopware_server.SLEEVES
        alone = shopware_server.product(own, "AX", "Kniebrace", calculatedPrice=price)
        self.store.products = [alone]
        return None

    def variant(self, number: int) -> str:
        return shopware_server.uuid(number)


class AtWooCommerce(Stall):
    backend = WooCommerce
    outcomes = {"child added to a group": None}

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.woo = woocommerce_server.Woo(server)

    def options(self, taxed: bool) -> dict[str, Any]:
        return {"url": self.server.url, "tax_included": taxed}

    def external_id(self, priced: int) -> str:
        return "14"

    def sell(self, sizes: Sequence[Size], taxed: bool) -> None:
        prices = sorted(f"{size.price}00" for size in sizes)
        spread = woocommerce_server.prices(prices[0], between=(min(prices), max(prices)))
        numbers = [size.number for size in sizes]
        self.woo.products = [
            woocommerce_server.variable(14, "Knee brace", numbers, prices=spread)
        ] + [
            woocommerce_server.variation(
                size.number, 14, "?", f"{size.price}00", is_in_stock=size.sold, sku=size.own_sku
            )
            for size in sizes
        ]

    def group(self, sizes: Sequence[Size], taxed: bool) -> None:
        product, prices = woocommerce_server.product, woocommerce_server.prices
        numbers = [size.number for size in sizes]
        own = {"type": "grouped", "grouped_products": numbers, "is_purchasable": False}
        between = (f"{min(s.price for s in sizes)}00", f"{max(s.price for s in sizes)}00")
        group = product(14, "Knee set", prices=prices("0", between=between), **own)
        members = [product(s.number, "Brace", prices=prices(f"{s.price}00")) for s in sizes]
        self.woo.products = [group, *members]


class AtFeed(Stall):
    backend = MerchantFeed
    lacks = {"child added to a group": "Each item of a feed stands for itself."}
    gone = ("first variant replaced", "variant deleted")

    def options(self, taxed: bool) -> dict[str, Any]:
        return {"location": f"{self.server.url}/feed.xml", "tax_included": taxed}

    def external_id(self, priced: int) -> str:
        return str(priced)

    def sell(self, sizes: Sequence[Size], taxed: bool) -> None:
        items = [
            item(
                id=str(size.number),
                title="Knee brace",
                item_group_id="brace",
                mpn=size.own_sku,
                price=f"{size.price}.00 EUR",
                availability="in stock" if size.sold else "out of stock",
            )
            for size in sizes
        ]
        self.server.says("/feed.xml", (RSS + "".join(items) + END).encode())


class AtPage(Stall):
    backend = ProductPage
    lists = False
    # A product with one offer is known by its own article number.
    outcomes = {"id reused for other goods": Gap.VARIANT, "child added to a group": Gap.VARIANT}

    def options(self, taxed: bool) -> dict[str, Any]:
        return {}

    def external_id(self, priced: int) -> str:
        return f"{self.server.url}/mat"

    def sell(self, sizes: Sequence[Size], taxed: bool) -> None:
        offers: list[dict[str, Any]] = [
            test_product_page.OFFER
            | {
                "name": str(size.number),
                "sku": size.own_sku,
                "price": size.price,
                "availability": IN if size.sold else OUT,
                "valueAddedTaxIncluded": taxed,
            }
            for size in sizes
        ]
        self._show(offers)

    def group(self, sizes: Sequence[Size], taxed: bool) -> None:
        prices = [size.price for size in sizes]
        spread = {"lowPrice": min(prices), "highPrice": max(prices), "priceCurrency": "EUR"}
        self._show({"@type": "AggregateOffer", "offerCount": len(sizes)} | spread)

    def _show(self, offers: Any) -> None:
        page = test_product_page.page(test_product_page.mat(sku="AX", offers=offers))
        self.server.says("/mat", page)

    def variant(self, number: int) -> str:
        return f"AX-{number}"


STALLS: dict[str, type[Stall]] = {
    "Shopify": AtShopify,
    "Vendure": AtVendure,
    "Medusa": AtMedusa,
    "Saleor": AtSaleor,
    "Shopware": AtShopware,
    "WooCommerce": AtWooCommerce,
    "feed": AtFeed,
    "page": AtPage,
}
