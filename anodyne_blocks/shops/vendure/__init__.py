"""Vendure, by its Shop API (GraphQL): prices of any channel, language and currency."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from anodyne_blocks.conf import Market
from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops import api, graphql_client, reading
from anodyne_blocks.shops.back_end import PAGE, Priced, Product, VariantShop
from anodyne_blocks.shops.base import DATA_ERRORS, Answer, ShopError, Unknown
from anodyne_blocks.shops.offer import ShopOffer
from anodyne_blocks.shops.reading import LeftOut
from anodyne_blocks.shops.variants import Known, Variant
from anodyne_blocks.shops.vendure.offer import amount, read_offer, stock

__all__ = ["Vendure"]

# How many products one query asks for one by one, so that a limit on complexity is not met.
_ALONE = 25
# The code of an error inside the shop; its message is in any language.
_INTERNAL = "INTERNAL_SERVER_ERROR"
# Vendure's code for a token that it does not know, and for a currency that it does not sell in.
_NO_CHANNEL = "CHANNEL_NOT_FOUND"
_USER_INPUT = "USER_INPUT_ERROR"
# A product's, or a variant's after that.
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_-]{1,64})?").fullmatch
_FIELD = re.compile(r"[A-Za-z_]\w*").fullmatch
_FIELDS = ("list_price_field", "rating_field", "rating_count_field")


@dataclass(kw_only=True, eq=False, repr=False)
class Vendure(VariantShop):
    """A Vendure shop. A product's id is Vendure's own, a variant's is both: "17:23".

    `url` is the address of the Shop API ("https://shop.example/shop-api"). `channel_token` is ""
    for the default channel. `languages` maps a market's language to Vendure's code where that is
    not just its first part: {"pt-br": "pt_BR"}.

    `tax_included`: whether the card shows the price with tax, as shops for consumers do, or
    without. `list_price_field` is a custom field of variants that holds what the shop strikes
    through, as an integer like the price that is shown. `rating_field` (0 to 5) and
    `rating_count_field` are custom fields of products. `precision` is that of the shop's
    MoneyStrategy. It must be given for currencies that have not two decimals, for Vendure does not
    tell it.
    """

    channel_token: str | Mapping[str, str] = ""
    languages: Mapping[str, str] | None = None
    tax_included: bool | Mapping[str, bool] = True
    list_price_field: str = ""
    rating_field: str = ""
    rating_count_field: str = ""
    precision: int | None = None

    placeholders = ("slug", "id")
    longest_id = 64
    nothing_sold = "The shop's channel sells nothing in market {market!r}: look at the channel."

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in filter(None, (getattr(self, option) for option in _FIELDS)):
            if not _FIELD(name):
                raise ValueError(f"{name!r} is no name of a custom field")
        rating = " ".join(filter(None, (self.rating_field, self.rating_count_field)))
        self._fields = (
            "id languageCode name slug description featuredAsset { preview } "
            + (f"customFields {{ {rating} }} " if rating else "")
            + "variants { id sku currencyCode price priceWithTax stockLevel "
            + "options { languageCode name } "
            + (f"customFields {{ {self.list_price_field} }} " if self.list_price_field else "")
            + "}"
        )

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> list[tuple[str, str]]:
        problems = super().check_options(options)
        for option in _FIELDS:
            if options.get(option) and not _FIELD(str(options[option])):
                hint = "Give the name that the custom field has in Vendure's configuration."
                problems.append((f"{option} is no name of a field.", hint))
        return problems

    def fetch_batch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known]
    ) -> dict[str, Answer]:
        good = [i for i in ids if _ID(i)]
        found = super().fetch_batch(good, market, known) if good else {}
        return {i: found.get(i) or Unknown(i, "This is no product id of Vendure.") for i in ids}

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        if not text.strip():
            return []
        if at := api.values_at(self.url_template, text):
            return self._at(at, market)
        query = (
            "query Search($input: SearchInput!) { search(input: $input) { items { productId } } }"
        )
        given = {"term": text, "groupByProduct": True, "take": min(limit, PAGE)}
        data = self._ask(query, {"input": given}, market)
        with api.readable("The shop's answer to the search cannot be read."):
            ids = [item["productId"] for item in data["search"]["items"]]
            answers = self.fetch_batch(ids, market, {}) if ids else {}
        return api.offers((answers[i] for i in ids), market)

    def variants(self, external_id: str, market: Market) -> list[ShopOffer]:
        return super().variants(external_id, market) if _ID(external_id) else []

    def by_id(self, ids: list[str], market: Market) -> tuple[dict[str, Product], int]:
        options = {"take": len(ids), "filter": {"id": {"in": ids}}}
        return self._list(self._fields, options, market)

    def products(self, ids: list[str], market: Market) -> Mapping[str, Product | Unknown | None]:
        try:
            return super().products(ids, market)
        except graphql_client.GraphQLError as error:
            if _INTERNAL not in error.codes:
                raise
            # One variant without a price in the currency leaves the whole list unanswered.
            return self._one_by_one(ids, market)

    def page(self, skip: int, market: Market) -> tuple[Mapping[str, Product | Unknown | None], int]:
        options = {"take": PAGE, "skip": skip, "sort": {"id": "ASC"}}
        try:
            return self._list(self._fields, options, market)
        except graphql_client.GraphQLError as error:
            if _INTERNAL not in error.codes:
                raise
            named, broken = self._list("id", options, market)
            return self._one_by_one(list(named), market), broken

    def sells(self, market: Market) -> bool:
        return any(self._list("id", {"take": 1}, market))

    def read_variant(self, node: Product, number: str, market: Market) -> Variant:
        field = "priceWithTax" if api.of_market(self.tax_included, market, True) else "price"
        price = amount(node[field], node["currencyCode"], self.precision)
        known = LeftOut().read("availability", lambda: stock(node), Stock.UNKNOWN)
        return Variant(number, price, known is not Stock.OUT_OF_STOCK, node)

    def offer(self, priced: Priced, market: Market) -> ShopOffer:
        return read_offer(
            priced,
            language=self._language(market),
            tax_included=bool(api.of_market(self.tax_included, market, True)),
            fields=(self.list_price_field, self.rating_field, self.rating_count_field),
            precision=self.precision,
        )

    def _one_by_one(
        self, ids: Sequence[str], market: Market
    ) -> dict[str, Product | Unknown | None]:
        """Products that cannot spoil each other, for `product` may be null where a list may not."""
        products: dict[str, Product | Unknown | None] = {}
        for start in range(0, len(ids), _ALONE):
            part = ids[start : start + _ALONE]
            names = range(len(part))
            declared = ", ".join(f"$i{n}: ID!" for n in names)
            asked = " ".join(f"p{n}: product(id: $i{n}) {{ {self._fields} }}" for n in names)
            variables = {f"i{n}": i for n, i in enumerate(part)}
            failed: graphql_client.GraphQLError | None = None
            try:
                data = self._ask(f"query Products({declared}) {{ {asked} }}", variables, market)
            except graphql_client.GraphQLError as error:
                if error.data is None or _INTERNAL not in error.codes:
                    raise
                failed, data = error, error.data
            for n, i in enumerate(part):
                products[i] = data.get(f"p{n}")
                if products[i] is None and failed and failed.touches(f"p{n}"):
                    reason = f"The shop cannot say a price in {market.currency or 'its currency'}"
                    products[i] = Unknown(i, f"{reason} for every variant of this product.")
        return products

    def _at(self, at: Mapping[str, str], market: Market) -> list[ShopOffer]:
        """The product at an address of the storefront, by what its template names there."""
        if not (slug := at.get("slug")):
            return api.offers(self.fetch([at["id"]], market).values(), market)
        options = {"take": 1, "filter": {"slug": {"eq": slug}}}
        found, _ = self._list("id", options, market)
        return api.offers(self.fetch(list(found), market).values(), market)

    def _list(
        self, fields: str, options: dict[str, Any], market: Market
    ) -> tuple[dict[str, Product], int]:
        """Products by their ids, and how many have none that can be read."""
        query = (
            "query Products($options: ProductListOptions) {"
            f" products(options: $options) {{ items {{ {fields} }} }} activeChannel {{ token }} }}"
        )
        data = self._ask(query, {"options": options}, market)
        with api.readable("The shop's answer is no list of products."):
            token, answering = self._token(market), data["activeChannel"]["token"]
            found = reading.identified(data["products"]["items"])
        if token and token != answering:
            # A shop with one channel answers for that, whatever it is asked.
            raise ShopError(_no_channel(market))
        return found

    def _ask(self, query: str, variables: dict[str, Any], market: Market) -> dict[str, Any]:
        params = {"languageCode": self._language(market)}
        if market.currency:
            params["currencyCode"] = market.currency
        try:
            return self._send(query, variables, params, market)
        except graphql_client.GraphQLError as error:
            if _NO_CHANNEL in error.codes:
                raise ShopError(_no_channel(market)) from None
            if _USER_INPUT in error.codes and market.currency:
                self._check_currency(market)
            raise

    def _check_currency(self, market: Market) -> None:
        """`OtherCurrency` where the channel does not sell in the market's."""
        query = "query { activeChannel { defaultCurrencyCode availableCurrencyCodes } }"
        data = self._send(query, {}, {}, market)
        try:
            channel = data["activeChannel"]
            if market.currency in channel["availableCurrencyCodes"]:
                return
            own = str(channel["defaultCurrencyCode"])
        except DATA_ERRORS:
            return
        raise api.OtherCurrency(own, market)

    def _send(
        self, query: str, variables: dict[str, Any], params: dict[str, str], market: Market
    ) -> dict[str, Any]:
        token = self._token(market)
        headers = {"vendure-token": token} if token else None
        url = f"{api.filled(self.url, market)}?{urlencode(params)}"
        return graphql_client.ask(self.client, url, query, variables, headers)

    def _token(self, market: Market) -> str:
        token = api.of_market(self.channel_token, market, None)
        if token is None:
            # The default channel may sell other things, at other prices.
            raise ShopError(f"The shop's options name no channel token for market {market.key!r}.")
        return token

    def _language(self, market: Market) -> str:
        return (self.languages or {}).get(market.language, market.language.split("-")[0])


def _no_channel(market: Market) -> str:
    return f"The shop knows no channel with the token of market {market.key!r}."
