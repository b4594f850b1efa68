"""WooCommerce, by the Store API that every WooCommerce site has open: no key is needed."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anodyne_blocks.conf import Market
from anodyne_blocks.shops import api
from anodyne_blocks.shops.back_end import BackEnd
from anodyne_blocks.shops.base import (
    Answer,
    Gone,
    InvalidWebhook,
    Remember,
    ShopError,
    Unknown,
    WebhookHint,
)
from anodyne_blocks.shops.languages import is_language_of
from anodyne_blocks.shops.offer import ShopOffer
from anodyne_blocks.shops.variants import Known
from anodyne_blocks.shops.webhooks import header, hmac_sha256, require_signature
from anodyne_blocks.shops.woocommerce.offer import (
    Product,
    as_number,
    children,
    is_grouped,
    is_range,
    number,
    read_offer,
)

__all__ = ["WooCommerce"]

# The Store API refuses more.
PER_PAGE = 100
_PATH = "/wp-json/wc/store/v1/products"
_NUMBER = re.compile("[1-9][0-9]{0,17}").fullmatch
_FIELDS = (
    "id,name,type,parent,variation,sku,short_description,description,permalink,on_sale,prices,"
    "average_rating,review_count,images,brands,variations,grouped_products,is_purchasable,"
    "is_in_stock,is_on_backorder,is_password_protected,low_stock_remaining,stock_availability"
)


@dataclass(kw_only=True, eq=False, repr=False)
class WooCommerce(BackEnd):
    """A WooCommerce site. A product's id is WooCommerce's own number.

    `url` is the site's address, `params` are added to every question, for sites whose plugins
    choose language and currency by them: {"lang": "{language}", "currency": "{currency}"}.
    `tax_included`: whether the shop displays prices with tax, which it does not tell. `language` is
    that of the shop's texts, and markets in others have none; leave it empty where `params` or
    `url` choose the language.

    A product with variations has the price and stock of one of them, which is then kept to; so has
    a grouped product. A variation has a number of its own too, and then stands for itself alone.
    """

    batch_size = PER_PAGE

    params: Mapping[str, str] | None = None
    tax_included: bool | Mapping[str, bool] | None = None
    language: str | Mapping[str, str] = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.url = self.url.rstrip("/") + _PATH

    def fetch_batch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known]
    ) -> dict[str, Answer]:
        answers: dict[str, Answer] = {
            i: Unknown(i, "This is no product number of WooCommerce.") for i in ids
        }
        numbers = [i for i in ids if _NUMBER(i)]
        if not numbers:
            return answers
        found = self._by_number(numbers, market)
        parts: dict[str, Product] = {}
        failed: ShopError | None = None
        try:
            found |= self._hidden(numbers, found, market)
            parts = self._parts(found, [i for i in numbers if i not in found], market, known)
            if not found and not parts:
                self._require_products(market)
        except ShopError as error:
            failed = error
        for i in numbers:
            if failed and (i not in found or is_range(found[i])):
                answers[i] = Unknown(i, failed.reason, failed.retry_after)
            elif i in found:
                answers[i] = self._read(found[i], market, parts, known)
            else:
                answers[i] = self._variation(i, market, parts, found)
        return answers

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        if not text.strip():
            return []
        found = self._ask(market, search=text, per_page=min(limit, PER_PAGE))
        parts = self._parts(_numbered(found), [], market, {})
        return api.offers((self._read(p, market, parts, {}) for p in found), market)[:limit]

    def variants(self, external_id: str, market: Market) -> list[ShopOffer]:
        if not _NUMBER(external_id):
            return []
        found = self._by_number([external_id], market)
        product = found.get(external_id)
        if product is None or len(children(product)) < 2:
            return []
        parts = self._parts(found, [], market, {}) | found
        answers = (
            self._read(parts[i], market, {}, {}) if is_grouped(product)
            else self._variation(i, market, parts, found)
            for i in children(product) if i in parts
        )  # fmt: skip
        return api.offers(answers, market)

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookHint:
        if re.fullmatch(rb"webhook_id=[0-9]{1,20}", body):
            # WooCommerce tries a new address without a signature, and wants a 200.
            return WebhookHint("", ping=True)
        digest = base64.b64encode(hmac_sha256(self.webhook_secret, body)).decode()
        require_signature(digest, header(headers, "X-WC-Webhook-Signature"))
        with api.readable("The body is no product.", InvalidWebhook):
            product = json.loads(body)
            # A variation is shown as the product that it belongs to, or as itself.
            ids = [str(product["id"]), str(product.get("parent_id") or "")]
        topic = header(headers, "X-WC-Webhook-Topic")
        # The delivery's own number is not signed: whoever caught a delivery could renumber it.
        return WebhookHint(digest, tuple(filter(None, ids)), topic)

    def list_products(self, market: Market, known: Remember) -> Iterator[Answer]:
        page = 1
        before: list[str] = []
        while found := self._ask(market, page=page, per_page=PER_PAGE, orderby="id", order="asc"):
            products = _numbered(found)
            if list(products) == before:
                raise ShopError("The shop gives the same page of its catalogue again and again.")
            page, before = page + 1, list(products)
            remembered = known(before)
            parts = self._parts(products, [], market, remembered)
            yield from (self._read(product, market, parts, remembered) for product in found)
        if page == 1:
            self._require_products(market)

    def _require_products(self, market: Market) -> None:
        """`ShopError` where the shop sells nothing at all, as where a plug-in hides everything."""
        if not self._ask(market, per_page=1):
            raise ShopError(f"The shop lists no product for market {market.key!r}.")

    def _parts(
        self,
        products: Mapping[str, Product],
        strangers: list[str],
        market: Market,
        known: Mapping[str, Known],
    ) -> dict[str, Product]:
        """Variations and grouped products by number, with the products that they belong to.

        Of a product whose variation was priced before only that one, and all where it is gone.
        `strangers` are numbers that are no product's, and may be variations'.
        """
        variations = list(strangers)
        grouped: list[str] = []
        before: dict[str, str] = {}
        for key, product in products.items():
            if not key or not is_range(product):
                continue
            own = children(product)
            last = known[key].goods.variant if key in known else ""
            if last in own or (last not in ("", key) and not is_grouped(product)):
                before[key] = last
                own = [last]
            (grouped if is_grouped(product) else variations).extend(own)
        found = self._by_number(variations, market, type="variation")
        wanted = [*strangers, *before.values()]
        found |= self._hidden([i for i in wanted if i in variations], found, market, "variation")
        found |= self._by_number(grouped, market)
        found |= self._hidden([i for i in wanted if i in grouped], found, market)
        if lost := [products[key] for key, last in before.items() if last not in found]:
            own = [i for product in lost if not is_grouped(product) for i in children(product)]
            found |= self._by_number(own, market, type="variation")
            own = [i for product in lost if is_grouped(product) for i in children(product)]
            found |= self._by_number(own, market)
        parents = [as_number(found[i].get("parent")) for i in strangers if i in found]
        parents = [i for i in dict.fromkeys(parents) if i and i not in products]
        found |= self._by_number(parents, market)
        return found | self._hidden(parents, found, market)

    def _hidden(
        self, numbers: list[str], found: Mapping[str, Product], market: Market, kind: str = ""
    ) -> dict[str, Product]:
        """Those that the shop hides because they are sold out: asked for just that, it has them."""
        missing = [i for i in numbers if i not in found]
        own = {"type": kind} if kind else {}
        return self._by_number(missing, market, stock_status="outofstock", **own)

    def _by_number(self, numbers: list[str], market: Market, **params: str) -> dict[str, Product]:
        """Those of these products that exist. Under "", one that came without its number."""
        found: dict[str, Product] = {}
        for start in range(0, len(numbers), PER_PAGE):
            include = ",".join(numbers[start : start + PER_PAGE])
            for product in self._ask(market, include=include, per_page=PER_PAGE, **params):
                found[number(product)] = product
        return found

    def _ask(self, market: Market, **params: Any) -> list[Any]:
        own = {k: api.filled(v, market, encode=False) for k, v in (self.params or {}).items()}
        url = api.filled(self.url, market)
        answer = self.client.get_json(url, {"_fields": _FIELDS} | own | params)
        if isinstance(answer, list) and (not answer or _numbered(answer)):
            return answer
        raise ShopError("The shop's answer is no list of products.")

    def _read(
        self,
        product: Any,
        market: Market,
        parts: Mapping[str, Product],
        known: Mapping[str, Known],
    ) -> Answer:
        key = number(product)
        if not key:
            return Unknown("", api.NAMELESS)
        return self.read(key, lambda: self._offer(product, market, parts, known=known.get(key)))

    def _variation(
        self, key: str, market: Market, parts: Mapping[str, Product], found: Mapping[str, Product]
    ) -> Answer:
        """A variation by its own number. It is gone with the product that it belongs to."""
        product = parts.get(key)
        parent_key = as_number(product.get("parent")) if product else ""
        parent = parts.get(parent_key) or found.get(parent_key)
        if product is None or (parent_key and parent is None):
            # What came without its number may be this one.
            nameless = "" in parts or "" in found
            return Unknown(key, api.NAMELESS) if nameless else Gone(key)
        return self.read(key, lambda: self._offer(product, market, {}, parent=parent))

    def _offer(
        self, product: Product, market: Market, parts: Mapping[str, Product], **more: Any
    ) -> ShopOffer:
        language = api.of_market(self.language, market, "")
        speaks = not language or is_language_of(language, market)
        tax_included = api.of_market(self.tax_included, market, None)
        return read_offer(product, parts, tax_included=tax_included, speaks=speaks, **more)


def _numbered(products: list[Any]) -> dict[str, Product]:
    return {key: product for product in products if (key := number(product))}
