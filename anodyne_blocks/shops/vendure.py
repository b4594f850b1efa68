"""Vendure, by its Shop API (GraphQL): prices of any channel, language and currency."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops import api, graphql
from anodyne_blocks.shops.base import (
    DATA_ERRORS,
    Answer,
    Gone,
    Remember,
    Shop,
    ShopError,
    Skipped,
    Unknown,
    WebhookHint,
    nothing_known,
)
from anodyne_blocks.shops.http import HttpClient
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer
from anodyne_blocks.shops.variants import Known

if TYPE_CHECKING:
    from anodyne_blocks.conf import Market

# The Shop API's limit for lists (its option apiOptions.shopListQueryLimit).
TAKE = 100
# How many products one query asks for one by one, so that a limit on complexity is not met.
_ALONE = 25
# The code of an error inside the shop; its message is in any language.
_INTERNAL = "INTERNAL_SERVER_ERROR"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}").fullmatch
_FIELD = re.compile(r"[A-Za-z_]\w*").fullmatch
_FIELDS = ("list_price_field", "rating_field", "rating_count_field")
_AVAILABILITY = {
    "IN_STOCK": Stock.IN_STOCK,
    "LOW_STOCK": Stock.LOW_STOCK,
    "OUT_OF_STOCK": Stock.OUT_OF_STOCK,
}

Product = dict[str, Any]


class Vendure(Shop):
    """A Vendure shop. A product's id is Vendure's own.

    `url` is the address of the Shop API ("https://shop.example/shop-api"), `url_template` that of a
    product's page: {slug} and {id} stand for the product. `{market}`, `{country}`, `{language}` and
    `{currency}` stand for the market's in both. `channel_token` is one token, or {market key:
    token} with "" for the default channel. `languages` maps a market's language to Vendure's code
    where that is not just its first part: {"pt-br": "pt_BR"}.

    `tax_included`: whether the card shows the price with tax, as shops for consumers do, or
    without; one value, or {market key: value}. `list_price_field` is a custom field of variants
    that holds what the shop strikes through, as an integer like the price that is shown.
    `rating_field` (0 to 5) and `rating_count_field` are custom fields of products.
    `precision` is that of the shop's MoneyStrategy. It must be given for currencies that have not
    two decimals, for Vendure does not tell it.

    A product's price is that of its first variant, so that a size that sells out looks like no
    reduction. `webhook_secret` signs notifications, see `anodyne_blocks.shops.api.notification`.
    """

    batch_size = TAKE

    def __init__(
        self,
        alias: str,
        *,
        url: str,
        url_template: str,
        channel_token: str | Mapping[str, str] = "",
        languages: Mapping[str, str] | None = None,
        tax_included: bool | Mapping[str, bool] = True,
        list_price_field: str = "",
        rating_field: str = "",
        rating_count_field: str = "",
        precision: int | None = None,
        webhook_secret: str = "",
        allow_private: bool = False,
    ) -> None:
        super().__init__(alias)
        for name in filter(None, (list_price_field, rating_field, rating_count_field)):
            if not _FIELD(name):
                raise ValueError(f"{name!r} is no name of a custom field")
        self.url = url
        self.url_template = url_template
        self.channel_token = channel_token
        self.languages = dict(languages or {})
        self.tax_included = tax_included
        self.list_price_field = list_price_field
        self.rating_field = rating_field
        self.rating_count_field = rating_count_field
        self.precision = precision
        self.webhook_secret = webhook_secret
        self.client = HttpClient(allow_private=allow_private)
        rating = " ".join(filter(None, (rating_field, rating_count_field)))
        self._fields = (
            "id name slug description featuredAsset { preview } "
            + (f"customFields {{ {rating} }} " if rating else "")
            + "variants { currencyCode price priceWithTax stockLevel "
            + (f"customFields {{ {list_price_field} }} " if list_price_field else "")
            + "}"
        )

    def close(self) -> None:
        self.client.close()

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> list[tuple[str, str]]:
        problems = super().check_options(options) + api.check_address(options, "url")
        problems += api.check_secret(options)
        problems += api.check_address(options, "url_template", "slug", "id")
        for option in _FIELDS:
            if options.get(option) and not _FIELD(str(options[option])):
                hint = "Give the name that the custom field has in Vendure's configuration."
                problems.append((f"{option} is no name of a field.", hint))
        return problems

    def fetch_batch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known]
    ) -> dict[str, Answer]:
        answers: dict[str, Answer] = {
            i: Unknown(i, "This is no product id of Vendure.") for i in ids
        }
        wanted = [i for i in ids if _ID(i)]
        if not wanted:
            return answers
        options = {"take": len(wanted), "filter": {"id": {"in": wanted}}}
        try:
            found = self._list(self._fields, options, market)
        except graphql.GraphQLError as error:
            if _INTERNAL not in error.codes:
                raise
            # One variant without a price in the currency leaves the whole list unanswered.
            return answers | self._one_by_one(wanted, market)
        read = {product["id"]: self._read(product, market) for product in found}
        return answers | {i: Gone(i) for i in wanted} | read

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        if not text.strip():
            return []
        query = (
            "query Search($input: SearchInput!) { search(input: $input) { items { productId } } }"
        )
        given = {"term": text, "groupByProduct": True, "take": min(limit, TAKE)}
        data = self._ask(query, {"input": given}, market)
        ids = [item["productId"] for item in _items(data, "search")]
        answers = self.fetch_batch(ids, market) if ids else {}
        return api.offers((answers[i] for i in ids), market)

    def catalogue(
        self, market: Market, known: Remember = nothing_known
    ) -> Iterator[ShopOffer | Skipped]:
        return api.listed(self._pages(market), market)

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookHint:
        return api.notification(headers, body, self.webhook_secret)

    def _pages(self, market: Market) -> Iterator[Answer]:
        skip = 0
        while True:
            options = {"take": TAKE, "skip": skip, "sort": {"id": "ASC"}}
            try:
                page = self._list(self._fields, options, market)
                answers = [self._read(product, market) for product in page]
            except graphql.GraphQLError as error:
                if _INTERNAL not in error.codes:
                    raise
                ids = [product["id"] for product in self._list("id", options, market)]
                answers = list(self._one_by_one(ids, market).values())
            yield from answers
            if len(answers) < TAKE:
                return
            skip += TAKE

    def _one_by_one(self, ids: Sequence[str], market: Market) -> dict[str, Answer]:
        """Answers that cannot spoil each other, for `product` may be null where a list may not."""
        answers: dict[str, Answer] = {}
        for start in range(0, len(ids), _ALONE):
            part = ids[start : start + _ALONE]
            names = range(len(part))
            declared = ", ".join(f"$i{n}: ID!" for n in names)
            asked = " ".join(f"p{n}: product(id: $i{n}) {{ {self._fields} }}" for n in names)
            variables = {f"i{n}": i for n, i in enumerate(part)}
            failed: graphql.GraphQLError | None = None
            try:
                data = self._ask(f"query Products({declared}) {{ {asked} }}", variables, market)
            except graphql.GraphQLError as error:
                if error.data is None or _INTERNAL not in error.codes:
                    raise
                failed, data = error, error.data
            for n, i in enumerate(part):
                product = data.get(f"p{n}")
                if isinstance(product, dict):
                    answers[i] = self._read(product, market)
                elif failed and failed.touches(f"p{n}"):
                    reason = f"The shop cannot say a price in {market.currency or 'its currency'}"
                    answers[i] = Unknown(i, f"{reason} for every variant of this product.")
                else:
                    answers[i] = Gone(i)
        return answers

    def _list(self, fields: str, options: dict[str, Any], market: Market) -> list[Product]:
        query = (
            "query Products($options: ProductListOptions) {"
            f" products(options: $options) {{ items {{ {fields} }} }} }}"
        )
        return _items(self._ask(query, {"options": options}, market), "products")

    def _ask(self, query: str, variables: dict[str, Any], market: Market) -> dict[str, Any]:
        language = market.language
        params = {"languageCode": self.languages.get(language, language.split("-")[0])}
        if market.currency:
            params["currencyCode"] = market.currency
        token = api.of_market(self.channel_token, market, None)
        if token is None:
            # The default channel may sell other things, at other prices.
            raise ShopError(f"The shop's options name no channel token for market {market.key!r}.")
        headers = {"vendure-token": token} if token else None
        url = f"{api.filled(self.url, market)}?{urlencode(params)}"
        return graphql.ask(self.client, url, query, variables, headers)

    def _read(self, product: Product, market: Market) -> Answer:
        return self.read(product["id"], lambda: self._offer(product, market))

    def _offer(self, product: Product, market: Market) -> ShopOffer:
        if not product["variants"]:
            raise InvalidOffer("the product has no variants, so no price")
        with_tax = api.of_market(self.tax_included, market, True)
        field = "priceWithTax" if with_tax else "price"
        variant = product["variants"][0]
        at_price = [v for v in product["variants"] if v[field] == variant[field]]
        currency = variant["currencyCode"]
        list_price = None
        if self.list_price_field:
            struck = variant["customFields"][self.list_price_field]
            list_price = self._amount(struck, currency) if struck else None
        custom = product.get("customFields") or {}
        rating = custom.get(self.rating_field)
        values = {"slug": product["slug"], "id": product["id"]}
        return ShopOffer(
            external_id=product["id"],
            title=product["name"],
            description=product["description"],
            url=api.filled(self.url_template, market, **values),
            price=self._amount(variant[field], currency),
            list_price=list_price,
            currency=currency,
            tax_included=with_tax,
            availability=_availability(at_price),
            rating=Decimal(rating) if rating else None,
            rating_count=custom.get(self.rating_count_field) if rating else None,
            image_url=(product["featuredAsset"] or {}).get("preview") or "",
        )

    def _amount(self, minor: Any, currency: str) -> Decimal:
        if isinstance(minor, bool) or not isinstance(minor, int):
            raise InvalidOffer(f"price {minor!r} is no integer")
        places = self.precision
        if places is None:
            places = api.decimals(currency)
            if places != 2:
                raise InvalidOffer(f"prices in {currency} need the option precision")
        return Decimal(minor).scaleb(-places)


def _items(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    try:
        items = data[name]["items"]
        if all(isinstance(item.get("productId" if name == "search" else "id"), str)
               for item in items):  # fmt: skip
            return items
    except DATA_ERRORS:
        pass
    raise ShopError("The shop's answer is no list of products.")


def _availability(variants: list[dict[str, Any]]) -> Stock:
    """The best of the variants that have one price."""
    levels = {_AVAILABILITY.get(variant["stockLevel"]) for variant in variants}
    for level in _AVAILABILITY.values():
        if level in levels:
            return level
    return Stock.UNKNOWN
