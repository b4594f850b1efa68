"""Saleor (3.21 or later), by its public GraphQL API; its prior prices are the law's."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops import api, graphql
from anodyne_blocks.shops.base import (
    DATA_ERRORS,
    Answer,
    Gone,
    InvalidWebhook,
    Remember,
    Shop,
    ShopError,
    Skipped,
    Unknown,
    WebhookHint,
    nothing_known,
)
from anodyne_blocks.shops.http import HttpClient
from anodyne_blocks.shops.jws import check_jws_options, verify_detached_jws
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer
from anodyne_blocks.shops.variants import Known
from anodyne_blocks.shops.webhooks import header, hmac_sha256, require_signature

if TYPE_CHECKING:
    from anodyne_blocks.conf import Market

# The API refuses longer pages.
PAGE = 100
_VARIABLES = "$channel: String!, $language: LanguageCodeEnum!, $address: AddressInput"
_FRAGMENTS = """
fragment Product on Product {
  id name slug description rating isAvailable
  translation(languageCode: $language) { name slug description }
  thumbnail(size: 1024) { url alt }
  pricing(address: $address) {
    displayGrossPrices
    priceRange { start { ...Taxed } stop { ...Taxed } }
    priceRangeUndiscounted { start { ...Taxed } }
    priceRangePrior { start { ...Taxed } }
  }
  defaultVariant {
    quantityAvailable(address: $address)
    pricing(address: $address) {
      price { ...Taxed } priceUndiscounted { ...Taxed } pricePrior { ...Taxed }
    }
  }
}
fragment Taxed on TaxedMoney {
  currency
  gross { fractionalAmount fractionDigits }
  net { fractionalAmount fractionDigits }
}
"""
LIST = f"""
query Catalogue($first: Int!, $after: String, $search: String, {_VARIABLES}) {{
  products(first: $first, after: $after, search: $search, channel: $channel) {{
    edges {{ node {{ ...Product }} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
{_FRAGMENTS}"""


class Saleor(Shop):
    """A Saleor shop. `url` is its GraphQL address: "https://atlas-axis.saleor.cloud/graphql/".

    `channel` is the slug of the channel that sells in a market; one, or {market key: slug}.
    `language` is that of the products' own texts ("en"), which Saleor does not tell. A market in
    another language has the texts that are translated into it, and no others.
    `url_template` is a product's address, which Saleor does not know: {slug} and {id} stand for the
    product, {market}, {country}, {language} and {currency} for the market's.
    Webhooks are signed with the shop's own key, published at `jwks_url`
    ("https://atlas-axis.saleor.cloud/.well-known/jwks.json"; needs the extra "saleor"), or, if
    they were made with a secret, as Saleor did before, with that `webhook_secret`.
    A shop on a private network needs `allow_private`.

    An id is Saleor's global id of a product, or its slug; catalogue and search give ids. A
    product's price is that of its default variant, gross where the channel displays gross prices.
    """

    batch_size = 50

    def __init__(
        self,
        alias: str,
        *,
        url: str,
        channel: str | Mapping[str, str],
        language: str,
        url_template: str = "",
        webhook_secret: str = "",
        jwks_url: str = "",
        allow_private: bool = False,
    ) -> None:
        super().__init__(alias)
        self.url = url
        self.channel = channel
        self.language = language
        self.url_template = url_template
        self.webhook_secret = webhook_secret
        self.jwks_url = jwks_url
        self.allow_private = allow_private
        self.client = HttpClient(allow_private=allow_private)

    def close(self) -> None:
        self.client.close()

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> list[tuple[str, str]]:
        problems = super().check_options(options) + api.check_address(options, "url")
        problems += api.check_address(options, "url_template", "slug", "id")
        return problems + check_jws_options(options, "jwks_url", "saleor")

    def fetch_batch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known]
    ) -> dict[str, Answer]:
        kinds = ["id" if _is_global_id(i) else "slug" for i in ids]
        variables = {f"p{n}": i for n, i in enumerate(ids)} | self._variables(market)
        query = by_id(kinds)
        data, error = graphql.ask_partly(self.client, self.url, query, variables)
        nodes = {i: graphql.pick(i, data, error, f"p{n}") for n, i in enumerate(ids)}
        answers = {i: self._read(node, market, i) for i, node in nodes.items()}
        sold = graphql.pick("", data, error, "sold")
        if all(isinstance(a, Gone) for a in answers.values()) and not (sold and sold["edges"]):
            # Saleor answers so about a channel that does not exist.
            raise ShopError(f"Channel {variables['channel']!r} sells nothing: is it spelt so?")
        return answers

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        if not text.strip():
            return []
        page = self._page(market, search=text, first=min(limit, PAGE))
        return api.offers(page[0], market)[:limit]

    def catalogue(
        self, market: Market, known: Remember = nothing_known
    ) -> Iterator[ShopOffer | Skipped]:
        return api.listed(self._listed(market), market)

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookHint:
        signature = header(headers, "Saleor-Signature") or header(headers, "X-Saleor-Signature")
        if self.webhook_secret or not self.jwks_url:
            require_signature(hmac_sha256(self.webhook_secret, body).hex(), signature)
        else:
            verify_detached_jws(signature, body, self.jwks_url, self.allow_private)
        try:
            objects = list(_objects(json.loads(body)))
        except DATA_ERRORS as error:
            raise InvalidWebhook("The body is no event of Saleor.") from error
        if not any("issuedAt" in one or "issued_at" in one for one in objects):
            # Saleor numbers no deliveries: without a time, two changes would look like one.
            raise InvalidWebhook("The webhook's subscription query must ask for issuedAt.")
        products = [one for one in objects if _is_global_id(one.get("id"))]
        names = [str(one.get(name) or "") for one in products for name in ("id", "slug")]
        known = tuple(dict.fromkeys(filter(None, names)))
        delivery_id = hashlib.sha256(body).hexdigest()
        return WebhookHint(delivery_id, known, header(headers, "Saleor-Event"), ping=not known)

    def _listed(self, market: Market) -> Iterator[Answer]:
        after = None
        while True:
            answers, info = self._page(market, first=PAGE, after=after)
            yield from answers
            if not info["hasNextPage"]:
                return
            if info["endCursor"] == after:
                raise ShopError("The shop gives the same page of its catalogue again and again.")
            after = info["endCursor"]

    def _page(self, market: Market, **variables: Any) -> tuple[list[Answer], dict[str, Any]]:
        variables |= self._variables(market)
        data = graphql.ask(self.client, self.url, LIST, variables)
        try:
            found = data["products"]
            answers = [self._read(edge["node"], market) for edge in found["edges"]]
            info = {name: found["pageInfo"][name] for name in ("hasNextPage", "endCursor")}
        except DATA_ERRORS as error:
            raise ShopError("The shop's list of products cannot be read.") from error
        return answers, info

    def _variables(self, market: Market) -> dict[str, Any]:
        channel = api.of_market(self.channel, market, "")
        if not channel:
            raise ShopError(f"The shop's options name no channel for market {market.key!r}.")
        return {
            "channel": channel,
            "language": market.language.upper().replace("-", "_"),
            "address": {"country": market.country.upper()} if market.country else None,
        }

    def _read(self, node: Any, market: Market, external_id: str = "") -> Answer:
        if isinstance(node, Unknown):
            return node
        external_id = external_id or str(node["id"])
        return self.read(external_id, lambda: self._offer(node, market, external_id))

    def _offer(
        self, product: dict[str, Any] | None, market: Market, external_id: str
    ) -> ShopOffer | None:
        if product is None:
            return None
        slug = (product["translation"] or {}).get("slug") or product["slug"]
        url = api.filled(self.url_template, market, slug=slug, id=product["id"])
        speaks = _base(self.language) == _base(market.language)
        return read_offer(external_id, product, url, speaks)


def by_id(kinds: Sequence[str]) -> str:
    """The query for as many products, each by its "id" or its "slug".

    Not by a filter of the list, which leaves out what is hidden from listings. `sold` says whether
    the channel sells anything.
    """
    types = {"id": "ID!", "slug": "String!"}
    declared = "".join(f"$p{n}: {types[kind]}, " for n, kind in enumerate(kinds))
    asked = "\n".join(
        f"  p{n}: product({kind}: $p{n}, channel: $channel) {{ ...Product }}"
        for n, kind in enumerate(kinds)
    )
    return f"""
query Products({declared}{_VARIABLES}) {{
{asked}
  sold: products(first: 1, channel: $channel) {{ edges {{ node {{ id }} }} }}
}}
{_FRAGMENTS}"""


def read_offer(
    external_id: str, product: dict[str, Any], url: str = "", speaks: bool = True
) -> ShopOffer:
    """A product of Saleor's API as an offer in the language that its `translation` was asked for.

    `speaks`: whether that is the language of the product's own texts, which then stand in for it.
    """
    pricing = product["pricing"] or {}
    ranges = {
        "price": pricing.get("priceRange"),
        "list_price": pricing.get("priceRangeUndiscounted"),
        "shop_prior_price": pricing.get("priceRangePrior"),
    }
    money = {name: (found or {}).get("start") for name, found in ranges.items()}
    if own := (product["defaultVariant"] or {}).get("pricing"):
        names = ("price", "priceUndiscounted", "pricePrior")
        money = {name: own[key] for name, key in zip(money, names, strict=True)}
    if not money["price"]:
        raise InvalidOffer("the product has no price in this channel")
    gross = pricing["displayGrossPrices"]
    translation, original = product["translation"] or {}, product if speaks else {}
    title, description = (
        translation.get(field) or original.get(field) or "" for field in ("name", "description")
    )
    image = product["thumbnail"] or {}
    rating = Decimal(product["rating"] or 0)
    return ShopOffer(
        external_id=external_id,
        title=title,
        name=title or product["name"],
        description=_text(description),
        url=url,
        currency=money["price"]["currency"],
        tax_included=gross,
        availability=_availability(product),
        # Saleor takes any number for a rating.
        rating=rating if 0 < rating <= 5 else None,
        image_url=image.get("url") or "",
        image_alt=(image.get("alt") or "") if speaks else "",
        **{name: _amount(taxed, gross) for name, taxed in money.items()},
    )


def _amount(taxed: dict[str, Any] | None, gross: bool) -> Decimal | None:
    if taxed is None:
        return None
    money = taxed["gross" if gross else "net"]
    return Decimal(money["fractionalAmount"]).scaleb(-money["fractionDigits"])


def _availability(product: dict[str, Any]) -> Stock:
    """Whether one gets it for this price; another variant counts if all cost the same."""
    prices = product["pricing"]["priceRange"] or {}
    variant = product["defaultVariant"]
    # Null: the stock of this variant is not counted.
    sold_out = variant is not None and variant["quantityAvailable"] == 0
    if not product["isAvailable"] or (sold_out and prices.get("start") != prices.get("stop")):
        return Stock.OUT_OF_STOCK
    return Stock.IN_STOCK


def _text(document: str | None) -> str:
    """The words of a text of Editor.js, which is JSON in a string; empty if it is none."""
    try:
        blocks = [block["data"] for block in json.loads(document or "")["blocks"]]
    except DATA_ERRORS:
        return ""
    texts = [[data.get("text"), *data.get("items", [])] for data in blocks]
    return " ".join(text for some in texts for text in some if isinstance(text, str))


def _is_global_id(external_id: object) -> bool:
    """Whether it is the global id of a product: base64 of "Product:" and a number.

    Saleor answers an error to any other, and to a number that its database cannot hold.
    """
    try:
        name = base64.b64decode(str(external_id), validate=True).decode()
    except ValueError:
        return False
    return bool(re.fullmatch("Product:[0-9]{1,9}", name))


def _base(language: str) -> str:
    """The language without its region: "pt" of "pt-BR"."""
    return language.lower().replace("_", "-").partition("-")[0]


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within a JSON value, itself included."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _objects(one)
