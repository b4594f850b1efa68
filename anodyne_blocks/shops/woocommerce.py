"""WooCommerce, by the Store API that every WooCommerce site has open: no key is needed."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from anodyne_blocks.pricing.goods import Stock
from anodyne_blocks.shops import api
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
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer
from anodyne_blocks.shops.variants import Known
from anodyne_blocks.shops.webhooks import header, hmac_sha256, require_signature

if TYPE_CHECKING:
    from anodyne_blocks.conf import Market

# The Store API refuses more.
PER_PAGE = 100
_PATH = "/wp-json/wc/store/v1/products"
_FIELDS = (
    "id,name,variation,short_description,description,permalink,on_sale,prices,average_rating,"
    "review_count,images,is_purchasable,is_in_stock,is_on_backorder,low_stock_remaining"
)

Product = dict[str, Any]


class WooCommerce(Shop):
    """A WooCommerce site. A product's id is WooCommerce's own number.

    `url` is the site's address, `params` are added to every question, for sites whose plugins
    choose language and currency by them: {"lang": "{language}", "currency": "{currency}"}. In both,
    `{market}`, `{country}`, `{language}` and `{currency}` stand for the market's.
    `tax_included`: whether the shop displays prices with tax, which it does not tell; one value, or
    {market key: value}. `webhook_secret` is the secret that the webhooks were made with.
    A site on a private network needs `allow_private`.

    The price of a product with variations is the lowest, and so is its list price.
    """

    batch_size = PER_PAGE

    def __init__(
        self,
        alias: str,
        *,
        url: str,
        params: Mapping[str, str] | None = None,
        tax_included: bool | Mapping[str, bool] | None = None,
        webhook_secret: str = "",
        allow_private: bool = False,
    ) -> None:
        super().__init__(alias)
        self.url = url.rstrip("/") + _PATH
        self.params = dict(params or {})
        self.tax_included = tax_included
        self.webhook_secret = webhook_secret
        self.client = HttpClient(allow_private=allow_private)

    def close(self) -> None:
        self.client.close()

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> list[tuple[str, str]]:
        return super().check_options(options) + api.check_address(options, "url")

    def fetch_batch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known]
    ) -> dict[str, Answer]:
        numbers = [i for i in ids if re.fullmatch("[1-9][0-9]{0,17}", i)]
        answers: dict[str, Answer] = {
            i: Unknown(i, "This is no product number of WooCommerce.") for i in ids
        }
        if not numbers:
            return answers
        found = self._by_number(numbers, market)
        if left_out := [i for i in numbers if i not in found]:
            # A shop may hide what is sold out; it then shows it only to who asks for just that.
            try:
                hidden = self._by_number(left_out, market, stock_status="outofstock")
                found |= {i: Gone(i) for i in left_out} | hidden
            except ShopError as error:
                found |= {i: Unknown(i, error.reason, error.retry_after) for i in left_out}
        return answers | found

    def search(self, text: str, market: Market, limit: int = 20) -> list[ShopOffer]:
        if not text.strip():
            return []
        found = self._ask(market, search=text, per_page=min(limit, PER_PAGE))
        return api.offers((self._read(p, market) for p in found), market)[:limit]

    def catalogue(
        self, market: Market, known: Remember = nothing_known
    ) -> Iterator[ShopOffer | Skipped]:
        return api.listed((self._read(p, market) for p in self._pages(market)), market)

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookHint:
        if re.fullmatch(rb"webhook_id=[0-9]{1,20}", body):
            # WooCommerce tries a new address without a signature, and wants a 200.
            return WebhookHint("", ping=True)
        digest = base64.b64encode(hmac_sha256(self.webhook_secret, body)).decode()
        require_signature(digest, header(headers, "X-WC-Webhook-Signature"))
        try:
            product = json.loads(body)
            # A variation is shown as the product that it belongs to.
            ids = [str(product["id"]), str(product.get("parent_id") or "")]
        except DATA_ERRORS as error:
            raise InvalidWebhook("The body is no product.") from error
        topic = header(headers, "X-WC-Webhook-Topic")
        # The delivery's own number is not signed: whoever caught a delivery could renumber it.
        return WebhookHint(digest, tuple(filter(None, ids)), topic)

    def _by_number(self, numbers: list[str], market: Market, **params: str) -> dict[str, Answer]:
        found = self._ask(market, include=",".join(numbers), per_page=PER_PAGE, **params)
        answers = [self._read(product, market) for product in found]
        return {answer.external_id: answer for answer in answers}

    def _pages(self, market: Market) -> Iterator[Product]:
        page, last = 1, ""
        while found := self._ask(market, page=page, per_page=PER_PAGE, orderby="id", order="asc"):
            if str(found[-1]["id"]) == last:
                raise ShopError("The shop gives the same page of its catalogue again and again.")
            page, last = page + 1, str(found[-1]["id"])
            yield from found

    def _ask(self, market: Market, **params: Any) -> list[Product]:
        own = {k: api.filled(v, market, encode=False) for k, v in self.params.items()}
        url = api.filled(self.url, market)
        answer = self.client.get_json(url, {"_fields": _FIELDS} | own | params)
        if isinstance(answer, list) and all(isinstance(p, dict) and "id" in p for p in answer):
            return answer
        raise ShopError("The shop's answer is no list of products.")

    def _read(self, product: Product, market: Market) -> Answer:
        tax_included = api.of_market(self.tax_included, market, None)
        return self.read(str(product["id"]), lambda: read_offer(product, tax_included))


def read_offer(product: Product, tax_included: bool | None = None) -> ShopOffer:
    """A product of the Store API as an offer. Amounts are digits in the shop's own minor unit."""
    prices = product["prices"]
    places = prices["currency_minor_unit"]
    price: Decimal | None = _amount(prices["price"], places)
    if not price and not product["is_purchasable"]:
        # A product without a price has the price "0".
        price = None
    image = (product["images"] or [{}])[0]
    title = product["name"]
    if product.get("variation"):
        title = f"{title} – {product['variation']}"
    rating = Decimal(product["average_rating"])
    return ShopOffer(
        external_id=str(product["id"]),
        title=title,
        description=product["short_description"] or product["description"],
        url=product["permalink"],
        price=price,
        # Not on sale, the sale price repeats the price.
        list_price=_amount(prices["regular_price"], places) if product["on_sale"] else None,
        currency=prices["currency_code"],
        tax_included=tax_included,
        availability=_availability(product),
        rating=rating or None,
        rating_count=product["review_count"] if rating else None,
        image_url=image.get("src", ""),
        image_alt=image.get("alt", ""),
    )


def _amount(digits: str, places: int) -> Decimal:
    if not re.fullmatch("[0-9]{1,18}", digits) or places not in range(10):
        raise InvalidOffer(f"price {digits!r} with {places!r} decimals is no amount")
    return Decimal(digits).scaleb(-places)


def _availability(product: Product) -> Stock:
    if not product["is_in_stock"]:
        return Stock.OUT_OF_STOCK
    if product["is_on_backorder"]:
        return Stock.BACKORDER
    return Stock.LOW_STOCK if product["low_stock_remaining"] else Stock.IN_STOCK
