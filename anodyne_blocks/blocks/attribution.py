"""What links to shops say of where they stand: the `UTM` setting, for the shop's own statistics."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from anodyne_blocks import conf

# What `UTM` can say of a place: ("page", "sore-backs"), ("element", "product_grid") …
Place = tuple[tuple[str, str], ...]


@conf.remembered(maxsize=1)
def asks_for_place() -> bool:
    """Whether the `UTM` setting says more of a link than which product it sells where."""
    names = {name for value in conf.get("UTM").values() for name in conf.PLACEHOLDER.findall(value)}
    return bool(names - {"product", "market"})


def with_utm(url: str, known: Mapping[str, str] = MappingProxyType({})) -> str:
    """`url` with the parameters of the `UTM` setting; those that it has already are kept.

    Placeholders in them get what is `known`; a parameter of which something is not is left out.
    """
    utm = conf.get("UTM")
    if not utm or not url:
        return url
    parts = urlsplit(url)
    present = {name for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
    added = urlencode(
        {
            name: conf.PLACEHOLDER.sub(lambda match: known[match[1]], value)
            for name, value in utm.items()
            if name not in present and all(map(known.get, conf.PLACEHOLDER.findall(value)))
        }
    )
    query = "&".join(part for part in (parts.query, added) if part)
    return urlunsplit(parts._replace(query=query))


def without_utm(url: str) -> str:
    """`url` without the parameters of campaigns: those of the `UTM` setting, and other utm_…."""
    if "?" not in url:
        return url
    parts = urlsplit(url)
    own = set(conf.get("UTM") or ())
    kept = [
        part
        for part in parts.query.split("&")
        if (name := part.partition("=")[0]) not in own and not name.startswith("utm_")
    ]
    return urlunsplit(parts._replace(query="&".join(kept)))
