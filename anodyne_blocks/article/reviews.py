"""What a reviewer box may claim: it is of the words that stood on the page, and of no others.

A record (`models.Review`) keeps the digest of the words with which a box (a person and a day) was
first published, and of each text that the person confirmed afterwards. A box whose text has no such
record is outdated; one without any record is believed, as nothing is known.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from wagtail.blocks import Block

from anodyne_blocks import clock, conf
from anodyne_blocks.article.pieces import Piece, pieces_of
from anodyne_blocks.article.reading_time import strip_html
from anodyne_blocks.article.walking import (
    ArticleBlock,
    Placed,
    Reviewed,
    definitions,
    placements,
    stored_in,
    walk_page,
)

if TYPE_CHECKING:
    from anodyne_blocks.models import Review

# Stands before each digest. Raise it where blocks come to say other words for the same value:
# texts of different versions cannot be compared, and nothing is claimed of them.
VERSION = "1:"


@dataclass(frozen=True)
class Standing:
    """How the claim of a box stands: the day of the review, and whether the text is another now."""

    day: datetime.date
    is_outdated: bool = False


def digest_of(page: Any, pieces: Iterable[Piece] | None = None) -> str:
    """Stands for the words of a page's article: no markup, prices, layout or snippets.

    A translation is a text of its own, also while its words are still those of the original.
    """
    text = f"{original(page).locale.language_code} {words_of(page, pieces)}".rstrip()
    return VERSION + hashlib.sha256(text.encode()).hexdigest()


def words_of(page: Any, pieces: Iterable[Piece] | None = None) -> str:
    """The words of a page's article, in one line."""
    texts: list[str] = []
    for block, piece in pieces_of(page) if pieces is None else pieces:
        if block is not None:
            texts.extend(block.words(piece))
        elif isinstance(piece, str):
            texts.append(piece)
    return " ".join(filter(None, map(_words, texts)))


@lru_cache(maxsize=1024)
def _words(text: str) -> str:
    """The words of a text, plain or HTML: a listing of articles asks for each of its texts."""
    return " ".join(strip_html(text).split())


def original(page: Any) -> Any:
    """The page whose text an alias shows; else the page itself."""
    return page.alias_of if getattr(page, "alias_of_id", None) else page


def text_key(page: Any) -> Any:
    """The id of the page whose text this is: an alias shows another's. None for what is no page."""
    if not isinstance(page, conf.page_model()):
        return None
    return page.alias_of_id or page.pk


def standing(
    records: Iterable[Review], reviewed: datetime.date, digest: Callable[[], str]
) -> Standing:
    """How a box of this day stands, by the records of its person on its page."""
    of_box = [record for record in records if record.reviewed == reviewed]
    latest = max([reviewed, *(record.day for record in of_box)])
    if not of_box or not all(record.digest.startswith(VERSION) for record in of_box):
        return Standing(latest)
    now = digest()
    right = [record.day for record in of_box if record.digest == now]
    return Standing(max(right)) if right else Standing(latest, is_outdated=True)


def records_of(person: Any, page: Any) -> Iterable[Review]:
    """The records of a person, in whatever translation, on a page; fetched with the page."""
    key = text_key(page)
    if key is None:
        return ()
    if person.fetched_reviews is not None and key in person.fetched_reviews:
        return person.fetched_reviews[key]
    from anodyne_blocks.models import Review

    return Review.objects.filter(page=key, person__translation_key=person.translation_key)


@dataclass(frozen=True)
class Box:
    """A reviewer box of a page with how its claim stands."""

    said: Reviewed
    standing: Standing

    @property
    def due(self) -> datetime.date | None:
        """When the next review is due; a later confirmation has done it."""
        following = self.said.next_review
        return following if following and following > self.standing.day else None


def boxes_on(page: Any) -> list[Box]:
    """The reviewer boxes of a page, as it is in memory."""
    said = list(said_on(placements(page))) if _has_boxes(page) else []
    digest = digest_of(page) if said else ""
    return [
        Box(one, standing(records_of(one.person, page), one.reviewed, lambda: digest))
        for one in said
    ]


def unconfirmed(page: Any) -> list[Box]:
    """The reviewer boxes of a page of whose text, as it is in memory, nothing is recorded."""
    boxes = boxes_on(page)
    digest = digest_of(page) if boxes else ""
    return [
        box
        for box in boxes
        if all(record.digest != digest for record in records_of(box.said.person, page))
    ]


def tells_of_reviews(block: Block) -> bool:
    """Whether a block is a reviewer box."""
    return isinstance(block, ArticleBlock) and type(block).review is not ArticleBlock.review


def _has_boxes(page: Any) -> bool:
    """Whether one may stand on a page."""
    return stored_in(page, lambda block: any(map(tells_of_reviews, definitions(block))))


def said_on(placed: Iterable[Placed]) -> Iterator[Reviewed]:
    """What reviewer boxes say, each person and day once."""
    seen = set()
    for block, value, _is_inside in placed:
        said = block.review(value)
        if said and (said.person.translation_key, said.reviewed) not in seen:
            seen.add((said.person.translation_key, said.reviewed))
            yield said


def record(page: Any, user: Any = None) -> None:
    """Keep which text a page's boxes were published with, and note how they stand now.

    Of a page that is not live only what a copy brings with it: the review of the same words.
    """
    from anodyne_blocks.models import Review

    if page.alias_of_id:
        return
    known: dict[Any, list[Review]] = {}
    for old in Review.objects.filter(page=page.pk).select_related("person"):
        if old.person is not None:
            known.setdefault((old.person.translation_key, old.reviewed), []).append(old)
    said = list(said_on(placements(page))) if _has_boxes(page) else []
    digest = digest_of(page) if said else ""
    shown = []
    for one in said:
        key = one.person.translation_key, one.reviewed
        records = known.get(key) or []
        if not records and (page.live or _is_copied(one, digest)):
            records = [_made(page, one, digest, recorded_by=user)]
        if records and page.live:
            newest = max(records, key=lambda record: (record.recorded_at, record.pk))
            newest.is_outdated = standing(records, one.reviewed, lambda: digest).is_outdated
            newest.next_review = Box(one, standing(records, one.reviewed, lambda: digest)).due
            newest.is_shown = True
            newest.save(update_fields=["is_shown", "is_outdated", "next_review"])
            shown.append(newest.pk)
    Review.objects.filter(page=page.pk, is_shown=True).exclude(pk__in=shown).update(is_shown=False)


def _is_copied(said: Reviewed, digest: str) -> bool:
    from anodyne_blocks.models import Review

    return Review.objects.filter(
        digest=digest,
        reviewed=said.reviewed,
        person__translation_key=said.person.translation_key,
    ).exists()


def _made(page: Any, said: Reviewed, digest: str, **fields: Any) -> Review:
    from anodyne_blocks.models import Review

    return Review.objects.create(
        page_id=page.pk,
        person=said.person,
        name=said.person.name,
        reviewed=said.reviewed,
        digest=digest,
        **{"revision_id": page.live_revision_id, **fields},
    )


def confirm(page: Any, said: Reviewed, user: Any) -> Review:
    """Keep that the text of a page, as it is in memory, was found right today."""
    return _made(
        page,
        said,
        digest_of(page),
        confirmed=clock.today(),
        recorded_by=user,
        revision_id=page.latest_revision_id,
    )


def regulated_beside_box(page: Any) -> list[Any]:
    """The products of a regulated kind that stand on a page with a reviewer box."""
    from anodyne_blocks.models import AbstractProduct

    if not _has_boxes(page) or not any(said_on(placements(page))):
        return []
    products = (value for _, value in walk_page(page) if isinstance(value, AbstractProduct))
    return list({product.pk: product for product in products if product.regulated}.values())


def regulated_words(products: Iterable[Any]) -> str:
    """Why these products and a reviewer box may not stand on one page."""
    text = gettext(
        "This page has a reviewer box and shows regulated products: %(products)s. A reviewer beside"
        " them can be an unlawful recommendation. In the EU, medicines are not advertised with"
        " recommendations by health professionals (Directive 2001/83/EC, article 90), nor food"
        " supplements by health claims that name one (Regulation 1924/2006, article 12). For"
        " medical devices national law decides."
    )
    return text % {"products": ", ".join(product.name for product in products)}


def refuse_regulated(body: Any) -> None:
    """A validator of fields that know their page: `ValidationError` where the setting says so.

    A draft may hold both.
    """
    page = getattr(body, "page", None)
    if (
        conf.get("REVIEWED_REGULATED_PRODUCTS") == "error"
        and isinstance(page, conf.page_model())
        and not body.stream_block.is_deferred_validation
        and (products := regulated_beside_box(page))
    ):
        raise ValidationError(regulated_words(products))
