"""Shopify, by its Storefront API (GraphQL): prices of any market, in its language and currency."""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from anodyne_blocks.conf import Market
from anodyne_blocks.shops import api, graphql_client, reading
from anodyne_blocks.shops.back_end import BackEnd
from anodyne_blocks.shops.base import (
    DATA_ERRORS,
    Answer,
    Gone,
    InvalidWebhook,
    Remember,
    ShopError,
    Unknown,
    WebhookHint,
)
from anodyne_blocks.shops.http import HttpClient
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer
from anodyne_blocks.shops.reading import LeftOut
from anodyne_blocks.shops.shopify import queries
from anodyne_blocks.shops.shopify.offer import (
    PRODUCT,
    VARIANT,
    ids_in,
    number,
    read_offer,
    read_variant,
)
from anodyne_blocks.shops.variants import Known, Variant
from anodyne_blocks.shops.webhooks import header, hmac_sha256, require_signature

__all__ = ["Shopify"]

logger = logging.getLogger(__name__)

API_VERSION = "2026-04"
# A page's products come with all their variants, so it holds fewer than the API would list.
PAGE = 50
# After so many objects the API ends a list.
MAX_LISTED = 25_000

_ID = "[0-9]{1,19}"


@dataclass(kw_only=True, eq=False, repr=False)
class Shopify(BackEnd):
    """A Shopify shop. `url` is its own address: "https://atlas-axis.myshopify.com".

    `public_token` or `private_token` is the Storefront API token of a sales channel (Headless, or
    an app); what that channel does not publish is gone. `url_template` is for a shop that has no
    online store. `tax_included`: whether prices include tax, which the API does not tell.

    An id is the product's number as in the address of its admin page, or its global id
    (gid://shopify/Product/…), or its handle; catalogue and search give numbers. A product's price
    is that of the variant that was priced before, see `variants.choose`. A variant's own id is
    "8107:9172", the numbers of both, or its global id (gid://shopify/ProductVariant/…). Where the
    shop does not publish the market's language, offers have a price and no texts.
    """

    batch_size = 50

    public_token: str = ""
    private_token: str = ""
    url_template: str = ""
    tax_included: bool | Mapping[str, bool] | None = None
    api_version: str = API_VERSION

    placeholders = ("handle",)

    def __post_init__(self) -> None:
        self.url = f"{self.url.rstrip('/')}/api/{self.api_version}/graphql.json"
        token = (
            {"Shopify-Storefront-Private-Token": self.private_token}
            if self.private_token
            else {"X-Shopify-Storefront-Access-Token": self.public_token}
        )
        self.client = HttpClient(headers=token, allow_private=self.allow_private)

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> list[tuple[str, str]]:
        problems = super().check_options(options)
        if not options.get("public_token") and not options.get("private_token"):
            hint = "Shopify shows a Storefront API token in the Headless sales channel."
            problems.append(("Option 'public_token' or 'private_token' is missing.", hint))
        return problems

    def fetch_batch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known]
    ) -> dict[str, Answer]:
        nodes, spoken, sold = self._nodes(ids, market)
        answers = {i: self._read(n, market, spoken, i, known.get(i)) for i, n in nodes.items()}
        if not sold and all(isinstance(answer, Gone) for answer in answers.values()):
            raise ShopError(_nothing_sold(market))
        return answers

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        if not text.strip():
            return []
        if re.match("https?://", text.strip()):
            return self._at(text.strip(), market)[:limit]
        asked = {"text": text, "first": min(limit, PAGE)}
        found = self._ask(queries.SEARCH, market, asked)
        with api.readable("The shop's answer to the search cannot be read."):
            nodes, spoken = list(found["search"]["nodes"]), queries.speaks(found, market)
            answers = [self._read(node, market, spoken) for node in nodes]
        return api.offers(answers, market)[:limit]

    def variants(self, external_id: str, market: Market) -> list[ShopOffer]:
        nodes, spoken, _ = self._nodes([external_id], market)
        node = nodes[external_id]
        if isinstance(node, Unknown):
            raise ShopError(node.reason, node.retry_after)
        with api.readable("The shop's answer about the variants cannot be read."):
            if node and "product" in node:
                return self.variants(number(node["product"], PRODUCT), market)
            found = self._variants(node, market, "", LeftOut()) if node else []
            own = number(node, PRODUCT) if node else ""
        answers = [
            self._read(
                variant.data | {"product": node},
                market,
                spoken,
                reading.variant_id(own, variant.number),
            )
            for variant in found
        ]
        return api.offers(answers, market) if len(found) > 1 else []

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookHint:
        digest = base64.b64encode(hmac_sha256(self.webhook_secret, body)).decode()
        require_signature(digest, header(headers, "X-Shopify-Hmac-SHA256"))
        topic = header(headers, "X-Shopify-Topic")
        with api.readable("The body is no object of Shopify.", InvalidWebhook):
            ids = ids_in(json.loads(body))
        # The delivery's own id is not signed: whoever caught a delivery could change it.
        return WebhookHint(digest, ids, topic, ping=not ids)

    def _ask(self, query: str, market: Market, variables: dict[str, Any]) -> dict[str, Any]:
        variables |= queries.context(market)
        return graphql_client.ask(self.client, self.url, query, variables)

    def _nodes(self, ids: Sequence[str], market: Market) -> tuple[dict[str, Any], bool, bool]:
        """What each id is; whether that is in the market's language; whether anything is sold."""
        global_ids = {i: _global_id(i) for i in ids if _global_id(i)}
        handles = [i for i in ids if i not in global_ids]
        paths: dict[str, tuple[str | int, ...]] = {
            i: ("nodes", n) for n, i in enumerate(global_ids)
        } | {i: (f"h{n}",) for n, i in enumerate(handles)}
        variables: dict[str, Any] = {f"h{n}": handle for n, handle in enumerate(handles)}
        variables |= {"ids": list(global_ids.values())} | queries.context(market)
        query = queries.by_id(len(handles))
        data, error = graphql_client.ask_partly(self.client, self.url, query, variables)
        with api.readable("The shop's answer about its products cannot be read."):
            sold = graphql_client.pick("", data, error, "sold")
            is_sold = isinstance(sold, Unknown) or bool(sold["nodes"])
            nodes = {i: graphql_client.pick(i, data, error, *path) for i, path in paths.items()}
            return nodes, queries.speaks(data, market), is_sold

    def _at(self, address: str, market: Market) -> list[ShopOffer]:
        """The product, or the variant, that an address of the shop shows."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return []
        handle = api.values_at(self.url_template, address).get("handle", "")
        if not handle and (found := re.search(r"/products/([^/]+)/?$", parts.path)):
            handle = unquote(found[1])
        nodes, spoken, _ = self._nodes([handle], market) if handle else ({}, False, True)
        read = [self._read(node, market, spoken) for node in nodes.values() if node is not None]
        offers = api.offers(read, market)
        # Another site may have a product of this name as well.
        ours = {urlsplit(url).hostname for url in (self.url, *(offer.url for offer in offers))}
        if parts.hostname not in ours:
            return []
        if variant := re.fullmatch(_ID, parse_qs(parts.query).get("variant", [""])[0]):
            ids = [reading.variant_id(offer.external_id, variant[0]) for offer in offers]
            return api.offers(self.fetch(ids, market).values(), market)
        return offers

    def list_products(self, market: Market, known: Remember) -> Iterator[Answer]:
        after, since, listed, begun = None, "", 0, False
        while True:
            query = f"created_at:>='{since}'" if since else None
            asked = {"first": PAGE, "after": after, "query": query}
            page = self._ask(queries.LIST, market, asked)
            with api.readable("The shop's catalogue cannot be read."):
                nodes, info = page["products"]["nodes"], page["products"]["pageInfo"]
                has_more = reading.flag(info["hasNextPage"])
                spoken = queries.speaks(page, market)
                if not isinstance(nodes, list):
                    raise InvalidOffer("nodes is no list")
                ids = [_number(node) for node in nodes]
            if not begun and not nodes:
                raise ShopError(_nothing_sold(market))
            if not begun and not spoken:
                logger.warning(
                    "Shop %r does not publish the language of market %r: its offers there have"
                    " no title.",
                    self.alias,
                    market.key,
                )
            remembered = known([i for i in ids if i])
            for i, node in zip(ids, nodes, strict=True):
                yield self._read(node, market, spoken, known=remembered.get(i))
            begun, listed = True, listed + len(nodes)
            if not has_more:
                return
            after = self._next(after, info)
            if listed + PAGE > MAX_LISTED:
                after, since, listed = None, self._since(since, nodes), 0

    def _next(self, after: str | None, info: dict[str, Any]) -> str:
        """Where the next page begins; never where this one began, for that would have no end."""
        following = info.get("endCursor")
        if not isinstance(following, str) or following == after:
            raise ShopError("The shop gives the same page of a list again and again.")
        return following

    def _since(self, since: str, nodes: list[Any]) -> str:
        last = nodes[-1].get("createdAt") if nodes and isinstance(nodes[-1], dict) else None
        if not isinstance(last, str) or last == since:
            raise ShopError("Shopify does not list so many products of one moment.")
        return last

    def _variants(
        self, product: dict[str, Any], market: Market, kept: str, out: LeftOut
    ) -> list[Variant]:
        """All variants of a product; `kept` is the one that must be readable."""
        found = product["variants"]
        nodes = reading.entries(found["nodes"])
        after = None
        while reading.flag(found["pageInfo"]["hasNextPage"]):
            after = self._next(after, found["pageInfo"])
            answer = self._ask(queries.MORE_VARIANTS, market, {"id": product["id"], "after": after})
            found = answer["product"]["variants"]
            nodes = nodes + reading.entries(found["nodes"])
        return reading.sold_variants(nodes, number, read_variant, kept, out)

    def _read(
        self,
        node: Any,
        market: Market,
        spoken: bool,
        external_id: str = "",
        known: Known | None = None,
    ) -> Answer:
        if isinstance(node, Unknown):
            return node
        external_id = external_id or _number(node)
        if not external_id:
            return Unknown("", api.NAMELESS)
        return self.read(external_id, lambda: self._offer(node, market, spoken, external_id, known))

    def _offer(
        self, node: Any, market: Market, spoken: bool, external_id: str, known: Known | None
    ) -> ShopOffer | None:
        if node is None:
            return None
        if node["id"] != (_global_id(external_id) or node["id"]):
            raise InvalidOffer("the shop answered for another id than was asked")
        out, product = LeftOut(), node
        if "product" in node:
            product = node["product"]
            own = number(product, PRODUCT)
            if re.fullmatch(f"(?!{own}:){_ID}:{_ID}", external_id):
                return None
            variants = [read_variant(node, number(node))]
        else:
            kept = known.goods.variant if known else ""
            variants = self._variants(node, market, kept, out)
        only = bool(re.fullmatch(f"{_ID}:{_ID}|{VARIANT}{_ID}", external_id))

        def url(variant: str) -> str:
            address = reading.text_of(product["onlineStoreUrl"])
            if self.url_template:
                handle = reading.text_of(product["handle"])
                address = api.filled(self.url_template, market, handle=handle)
            separator = "&" if "?" in address else "?"
            return f"{address}{separator}variant={variant}" if only and address else address

        return read_offer(
            external_id,
            product,
            variants,
            known,
            only=only,
            url=url,
            tax_included=api.of_market(self.tax_included, market, None),
            speaks=spoken,
            out=out,
        )


def _nothing_sold(market: Market) -> str:
    return (
        f"The token's sales channel publishes nothing for market {market.key!r}:"
        " publish products to it, and look at the market in Shopify."
    )


def _number(node: Any) -> str:
    """The number of a product; "" where it cannot be read."""
    try:
        return number(node, PRODUCT)
    except DATA_ERRORS:
        return ""


def _global_id(external_id: str) -> str:
    if re.fullmatch(_ID, external_id):
        return PRODUCT + external_id
    if found := re.fullmatch(f"{_ID}:({_ID})", external_id):
        return VARIANT + found[1]
    good = re.fullmatch(f"({PRODUCT}|{VARIANT}){_ID}", external_id)
    return external_id if good else ""
