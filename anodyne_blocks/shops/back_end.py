"""What the package's own shops behind an API have in common: their options are fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from anodyne_blocks.conf import Market
from anodyne_blocks.shops import api, reading
from anodyne_blocks.shops.base import Answer, Gone, Remember, ShopError, Unknown, WebhookHint
from anodyne_blocks.shops.http import HttpClient
from anodyne_blocks.shops.offer import InvalidOffer, ShopOffer
from anodyne_blocks.shops.reading import LeftOut
from anodyne_blocks.shops.variants import Known, Variant


# Compared by identity, and never printed: options hold credentials.
@dataclass(kw_only=True, eq=False, repr=False)
class BackEnd(api.ApiShop):
    """An `ApiShop` whose options are its fields; each subclass is such a dataclass too.

    `url` is where the shop is asked, and `url_template`, where there is one, a product's address:
    `placeholders` stand for the product, {market}, {country}, {language} and {currency} in both for
    the market's. What differs between markets is one value, or {market key: value}.
    `webhook_secret` is what the shop signs its webhooks with. A shop on a private network needs
    `allow_private`.
    """

    alias: str = field(kw_only=False)
    url: str
    webhook_secret: str = ""
    allow_private: bool = False

    # What stands for the product in the option `url_template`.
    placeholders: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        self.client = HttpClient(allow_private=self.allow_private)

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> list[tuple[str, str]]:
        problems = super().check_options(options) + api.check_address(options, "url")
        if cls.placeholders:
            problems += api.check_address(options, "url_template", *cls.placeholders)
        return problems


Product = dict[str, Any]

# Vendure lists no more at once (its option apiOptions.shopListQueryLimit).
PAGE = 100


@dataclass(frozen=True)
class Priced:
    """What of a product a card prices: `variant`, which the title names if it is `only` of that.

    `is_from`: it is the lowest of several prices. `out` reads what an offer may lack.
    """

    external_id: str
    product: Product
    variant: Variant
    is_from: bool
    only: bool
    url: str
    out: LeftOut


@dataclass(kw_only=True, eq=False, repr=False)
class VariantShop(BackEnd):
    """A shop whose products come with all their variants, listed by their place from 0.

    A product's id is the shop's own, a variant's is both: "17:23". A product's price is that of the
    variant that was priced before, see `variants.choose`. `webhook_secret` signs notifications, see
    `api.notification`. `placeholders` are fields of products, which are texts.
    """

    url_template: str

    batch_size = PAGE
    longest_id: ClassVar[int] = 100
    # What is wrong with a shop that sells nothing in {market}.
    nothing_sold: ClassVar[str]

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> list[tuple[str, str]]:
        return super().check_options(options) + api.check_secret(options)

    def by_id(self, ids: list[str], market: Market) -> tuple[dict[str, Product], int]:
        """The products with these ids, and how many came without one that can be read."""
        raise NotImplementedError

    def page(self, skip: int, market: Market) -> tuple[Mapping[str, Product | Unknown | None], int]:
        """The same of at most `PAGE` products from a place in the catalogue on."""
        raise NotImplementedError

    def sells(self, market: Market) -> bool:
        """Whether the shop sells anything at all."""
        raise NotImplementedError

    def read_variant(self, node: Product, number: str, market: Market) -> Variant | None:
        """A variant with its price; None for one that is not sold in the market."""
        raise NotImplementedError

    def offer(self, priced: Priced, market: Market) -> ShopOffer:
        raise NotImplementedError

    def fetch_batch(
        self, ids: Sequence[str], market: Market, known: Mapping[str, Known]
    ) -> dict[str, Answer]:
        own = {i: product_id(i) for i in ids}
        found = self.products(list(dict.fromkeys(own.values())), market)
        if all(product is None for product in found.values()) and not self.sells(market):
            # Then no product is gone.
            raise ShopError(self.nothing_sold.format(market=market.key))
        return {i: self.answer(found[own[i]], market, i, known.get(i)) for i in ids}

    def products(self, ids: list[str], market: Market) -> Mapping[str, Product | Unknown | None]:
        """Each product; None if the shop has none, `Unknown` if its answer leaves that open."""
        found, broken = self.by_id(ids, market)
        is_doubtful = broken or found.keys() - set(ids)
        reason = "The shop's answer holds another product than was asked for."
        return {i: found.get(i) or (Unknown(i, reason) if is_doubtful else None) for i in ids}

    def variants(self, external_id: str, market: Market) -> list[ShopOffer]:
        own = product_id(external_id)
        product = self.products([own], market)[own]
        if isinstance(product, Unknown):
            raise ShopError(product.reason, product.retry_after)
        with api.readable("The shop's answer about the variants cannot be read."):
            found = self.sold_variants(product, market, "", LeftOut()) if product else []
        ids = [reading.variant_id(own, variant.number) for variant in found]
        answers = [self.answer(product, market, i) for i in ids]
        return api.offers(answers, market) if len(found) > 1 else []

    def sold_variants(
        self, product: Product, market: Market, kept: str, out: LeftOut
    ) -> list[Variant]:
        """The variants that are sold in the market; `kept` is the one that must be readable."""
        return reading.sold_variants(
            reading.entries(product["variants"]),
            self._number,
            lambda node, number: self.read_variant(node, number, market),
            kept,
            out,
        )

    def _number(self, node: Product) -> str:
        own = node["id"]
        if not isinstance(own, str) or not own or len(own) > self.longest_id:
            raise InvalidOffer(f"{str(own)[:80]!r} is no id of a variant")
        return own

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> WebhookHint:
        return api.notification(headers, body, self.webhook_secret)

    def list_products(self, market: Market, known: Remember) -> Iterator[Answer]:
        skip = 0
        while True:
            found, broken = self.page(skip, market)
            if not (skip or found or broken):
                raise ShopError(self.nothing_sold.format(market=market.key))
            remembered = known(list(found))
            for i, product in found.items():
                yield self.answer(product, market, i, remembered.get(i))
            yield from [Unknown("", api.NAMELESS)] * broken
            if len(found) + broken < PAGE:
                return
            skip += PAGE

    def answer(
        self,
        product: Product | Unknown | None,
        market: Market,
        external_id: str,
        known: Known | None = None,
    ) -> Answer:
        if isinstance(product, Unknown):
            return Unknown(external_id, product.reason)
        if product is None:
            return Gone(external_id)
        return self.read(external_id, lambda: self._offer(product, market, external_id, known))

    def _offer(
        self, product: Product, market: Market, external_id: str, known: Known | None
    ) -> ShopOffer | None:
        out = LeftOut()
        own = external_id.partition(":")[2]
        variant, is_from = reading.priced(
            own, known, lambda kept: self.sold_variants(product, market, kept, out)
        )
        if variant is None:
            return None
        values = {name: reading.text_of(product[name]) for name in self.placeholders}
        url = api.filled(self.url_template, market, encode=True, **values)
        priced = Priced(external_id, product, variant, is_from, bool(own), url, out)
        return self.offer(priced, market)


def product_id(external_id: str) -> str:
    """The product's id in its own, or in one of its variants'."""
    product, _, variant = external_id.partition(":")
    return product if variant else external_id
