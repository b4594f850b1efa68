"""Saleor (3.21 or later), by its public GraphQL API; its prior prices are the law's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anodyne_blocks.conf import Market
from anodyne_blocks.shops import api, graphql_client
from anodyne_blocks.shops.back_end import BackEnd
from anodyne_blocks.shops.base import (
    Answer,
    Gone,
    InvalidWebhook,
    Remember,
    ShopError,
    Unknown,
    WebhookHint,
    nothing_known,
)
from anodyne_blocks.shops.jws import check_jws_options, verify_detached_jws
from anodyne_blocks.shops.languages import is_language_of
from anodyne_blocks.shops.offer import ShopOffer
from anodyne_blocks.shops.saleor.offer import Node, kind_of, read_offer
from anodyne_blocks.shops.saleor.queries import LIST, by_id
from anodyne_blocks.shops.variants import Known
from anodyne_blocks.shops.webhooks import header, hmac_sha256, require_signature

__all__ = ["Saleor"]

# The API refuses longer pages.
PAGE = 100


@dataclass(kw_only=True, eq=False, repr=False)
class Saleor(BackEnd):
    """A Saleor shop. `url` is its GraphQL address: "https://atlas-axis.saleor.cloud/graphql/".

    `channel` is the slug of the channel that sells in a market.
    `language` is that of the products' own texts ("en"), which Saleor does not tell. A market in
    another language has the texts that are translated into it, and no others.
    `url_template` says what Saleor does not know; {id} and {variant} are ids.
    Webhooks are signed with the shop's own key, published at `jwks_url`
    ("https://atlas-axis.saleor.cloud/.well-known/jwks.json"; needs the extra "saleor"), or, if
    they were made with a secret, as Saleor did before, with that `webhook_secret`.

    An id is Saleor's global id of a product, or its slug, or the global id of a variant, which then
    stands for itself alone; catalogue and search give products. A product has the price and stock
    of one of its variants, which is then kept to. Prices are gross.
    """

    batch_size = 50

    channel: str | Mapping[str, str]
    language: str
    url_template: str = ""
    jwks_url: str = ""

    placeholders = ("slug", "id", "variant")

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> list[tuple[str, str]]:
        return super().check_options(options) + check_jws_options(options, "jwks_url", "saleor")

    def fetch_batch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known]
    ) -> dict[str, Answer]:
        kinds = {f"p{n}": _kind(i) for n, i in enumerate(ids)}
        variables = dict(zip(kinds, ids, strict=True)) | self._variables(market)
        data, error = graphql_client.ask_partly(self.client, self.url, by_id(kinds), variables)
        answers: dict[str, Answer] = {}
        for i, (alias, kind) in zip(ids, kinds.items(), strict=True):
            if alias not in data and not error:
                # An id without an answer is none that is gone.
                continue
            node = graphql_client.pick(i, data, error, alias)
            answers[i] = self._read(node, market, i, known.get(i), kind == "variant")
        if answers and all(isinstance(answer, Gone) for answer in answers.values()):
            self._require_sales(data, market)
        return answers

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        if not text.strip():
            return []
        page = self._page(market, search=text, first=min(limit, PAGE))
        return api.offers(page[0], market)[:limit]

    def variants(self, external_id: str, market: Market) -> list[ShopOffer]:
        if _kind(external_id) == "variant":
            return []
        variables = {"p0": external_id} | self._variables(market)
        query = by_id({"p0": _kind(external_id)})
        data = graphql_client.ask(self.client, self.url, query, variables)
        with api.readable("The shop's list of variants cannot be read."):
            product = data["p0"] or {}
            nodes = [one | {"product": product} for one in product.get("variants") or []]
            answers = [self._read(one, market, one["id"], None, True) for one in nodes]
        return api.offers(answers, market) if len(answers) > 1 else []

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookHint:
        signature = header(headers, "Saleor-Signature") or header(headers, "X-Saleor-Signature")
        if self.webhook_secret or not self.jwks_url:
            require_signature(hmac_sha256(self.webhook_secret, body).hex(), signature)
        else:
            verify_detached_jws(signature, body, self.jwks_url, self.allow_private)
        with api.readable("The body is no event of Saleor.", InvalidWebhook):
            objects = list(_objects(json.loads(body)))
        if not any("issuedAt" in one or "issued_at" in one for one in objects):
            # Saleor numbers no deliveries: without a time, two changes would look like one.
            raise InvalidWebhook("The webhook's subscription query must ask for issuedAt.")
        names = [name for one in objects for name in _names(one)]
        known = tuple(dict.fromkeys(names))
        delivery_id = hashlib.sha256(body).hexdigest()
        return WebhookHint(delivery_id, known, header(headers, "Saleor-Event"), ping=not known)

    def list_products(self, market: Market, known: Remember) -> Iterator[Answer]:
        after = None
        while True:
            answers, info = self._page(market, known, first=PAGE, after=after)
            yield from answers
            if not info["hasNextPage"]:
                return
            if info["endCursor"] == after:
                raise ShopError("The shop gives the same page of its catalogue again and again.")
            after = info["endCursor"]

    def _page(
        self, market: Market, known: Remember = nothing_known, **variables: Any
    ) -> tuple[list[Answer], dict[str, Any]]:
        variables |= self._variables(market)
        data = graphql_client.ask(self.client, self.url, LIST, variables)
        with api.readable("The shop's list of products cannot be read."):
            found = data["products"]
            nodes = [
                edge.get("node") if isinstance(edge, dict) else edge for edge in found["edges"]
            ]
            info = {name: found["pageInfo"][name] for name in ("hasNextPage", "endCursor")}
        if not nodes and not variables.get("after"):
            self._require_sales(data, market)
        ids = [_id(node) for node in nodes]
        remembered = known([i for i in ids if i])
        return [
            self._read(node, market, i, remembered.get(i)) if i else Unknown("", api.NAMELESS)
            for i, node in zip(ids, nodes, strict=True)
        ], info

    def _require_sales(self, data: Node, market: Market) -> None:
        """`ShopError` where the market's channel sells nothing: then no product is gone."""
        sold = data.get("sold")
        if isinstance(sold, dict) and sold.get("edges"):
            return
        channel = f"Channel {self._channel(market)!r} of market {market.key!r}"
        if data.get("open", True) is None:
            raise ShopError(f"{channel} does not exist, or is switched off: is it spelt so?")
        raise ShopError(f"{channel} sells nothing: is it spelt so?")

    def _channel(self, market: Market) -> str:
        channel = api.of_market(self.channel, market, "")
        if not channel:
            raise ShopError(f"The shop's options name no channel for market {market.key!r}.")
        return channel

    def _variables(self, market: Market) -> dict[str, Any]:
        return {
            "channel": self._channel(market),
            "language": market.language.upper().replace("-", "_"),
            "address": {"country": market.country.upper()} if market.country else None,
        }

    def _read(
        self,
        node: Any,
        market: Market,
        external_id: str,
        known: Known | None,
        is_variant: bool = False,
    ) -> Answer:
        if isinstance(node, Unknown):
            return node
        if node is None:
            return Gone(external_id)

        def offer() -> ShopOffer:
            product = node["product"] if is_variant else node
            nodes = [node] if is_variant else list(product["variants"])
            return read_offer(
                external_id,
                product,
                nodes,
                address=lambda variant: self._url(product, variant, market),
                speaks=is_language_of(self.language, market),
                known=known,
                names_variant=is_variant,
            )

        return self.read(external_id, offer)

    def _url(self, product: Node, variant: str, market: Market) -> str:
        translation = product.get("translation")
        translated = translation.get("slug") if isinstance(translation, dict) else None
        slug, own = translated or product.get("slug"), product.get("id")
        if not isinstance(slug, str) or not isinstance(own, str):
            return ""
        return api.filled(self.url_template, market, variant=variant, slug=slug, id=own)


def _kind(external_id: str) -> str:
    """What an id is one of: "id" of a product, "variant", or else "slug"."""
    return {"Product": "id", "ProductVariant": "variant"}.get(kind_of(external_id), "slug")


def _id(node: Any) -> str:
    found: Any = node.get("id") if isinstance(node, dict) else None
    return found if kind_of(found) == "Product" else ""


def _names(event: Node) -> Iterator[str]:
    """The ids and slugs of products and variants in an object of an event."""
    for name in ("id", "productId", "productVariantId"):
        found = event.get(name)
        if kind := kind_of(found):
            yield str(found)
            if kind == "Product" and name == "id" and isinstance(event.get("slug"), str):
                yield event["slug"]


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within a JSON value, itself included."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _objects(one)
