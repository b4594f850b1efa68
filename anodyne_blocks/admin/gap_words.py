"""Why a price history begins anew, in plain words for the editor."""

from __future__ import annotations

from django.utils.translation import gettext

from anodyne_blocks.pricing.history import Gap


def gap_words(gap: Gap, day: str) -> str:
    """One sentence on a gap that ends on a day, as `DayWriter` writes it."""
    sentences = {
        Gap.VARIANT: gettext("Since %(date)s the price is of another variant."),
        Gap.GOODS: gettext("Since %(date)s the shop sells other goods under this number."),
        Gap.CONDITION: gettext("Since %(date)s the goods are in another condition."),
        Gap.PACK: gettext("Since %(date)s a pack holds another number of pieces."),
        Gap.SELLER: gettext("Since %(date)s the price is another seller's."),
        Gap.TAX: gettext("Since %(date)s tax is counted into the price in another way."),
        Gap.CURRENCY: gettext("Before %(date)s the price was in another currency."),
        Gap.NO_PRICE: gettext("Before %(date)s there was no price."),
        Gap.WITHDRAWN: gettext("Before %(date)s the shop did not sell it."),
        Gap.SILENCE: gettext("Before %(date)s the shop was not heard for too long."),
        Gap.MISTAKE: gettext("Before %(date)s the price was a mistake."),
        Gap.UNKNOWN: gettext("Before %(date)s the price is not known."),
    }
    return sentences[gap] % {"date": day}
