"""Reading a shop's answer datum by datum: a bad one that a card may lack costs only itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from anodyne_blocks.shops.base import DATA_ERRORS
from anodyne_blocks.shops.offer import InvalidOffer, check_url

T = TypeVar("T")
_SHOWN = 60


class LeftOut:
    """Reads the data that an offer may lack; `notes` names those left out, one sentence each."""

    def __init__(self) -> None:
        self._notes: list[str] = []

    @property
    def notes(self) -> str:
        return " ".join(self._notes)

    def read(self, name: str, make: Callable[[], T], otherwise: T) -> T:
        """What `make` gives; `otherwise`, and a note on `name`, where the data are bad."""
        try:
            return make()
        except InvalidOffer as error:
            self.note(name, str(error))
        except DATA_ERRORS:
            self.note(name, "its data have an unexpected shape")
        return otherwise

    def text(self, name: str, value: Any) -> str:
        """A text that may be missing."""
        return self.read(name, lambda: text_of(value), "")

    def url(self, name: str, value: Any) -> str:
        """An address that may be missing, or be no text where the shop has none."""
        if value is None or value is False:
            return ""

        def make() -> str:
            url = text_of(value)
            check_url(name, url)
            return url

        return self.read(name, make, "")

    def note(self, name: str, reason: str) -> None:
        self.say(f"The {name} is left out: {reason}.")

    def say(self, sentence: str) -> None:
        if sentence not in self._notes:
            self._notes.append(sentence)


def text_of(value: Any) -> str:
    """A text, empty for null; `InvalidOffer` for anything else."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidOffer(f"{shown(value)} is no text")
    return value


def number_of(value: Any) -> Decimal:
    """A JSON number; `InvalidOffer` for anything else, also for true and false."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise InvalidOffer(f"{shown(value)} is no number")
    return Decimal(value)


def moment_of(value: Any) -> datetime | None:
    """An ISO 8601 moment with its time zone, None for null; `InvalidOffer` for anything else."""
    text = text_of(value)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        moment = None
    if moment is None or moment.utcoffset() is None:
        raise InvalidOffer(f"{shown(value)} is no moment")
    return moment


def shown(value: Any) -> str:
    """A datum in a reason, cut."""
    return repr(value)[:_SHOWN]
