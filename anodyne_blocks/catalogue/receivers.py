"""Who is told of changes: the receivers of the setting `CHANGE_EVENTS`."""

from __future__ import annotations

from dataclasses import dataclass

from anodyne_blocks import conf


@dataclass(frozen=True)
class Receiver:
    """Where events are sent, and the secret that signs them.

    `allow_private` lets the address be of this machine or its network. With `every_seconds` all
    that happens in such a time is one message.
    """

    name: str
    url: str
    secret: str
    allow_private: bool = False
    every_seconds: int = 0


def receivers() -> list[Receiver]:
    """All receivers, in the order of the setting."""
    return [
        Receiver(
            name,
            options["URL"],
            options["SECRET"],
            options.get("ALLOW_PRIVATE", False),
            options.get("EVERY_SECONDS", 0),
        )
        for name, options in conf.get("CHANGE_EVENTS").items()
    ]


def has_receivers() -> bool:
    """Whether anybody is to be told."""
    return bool(conf.get("CHANGE_EVENTS"))
