"""Measure one peer, with the Python of its environment.

python -m tests.bench.peers.measure <module of the peer> <file for the numbers>

Every page is asked for once before it is measured. `naive` is the naive block of the benchmark:
for a card, a product with prices and three picture sizes, which no peer's card has. `plain` is a
naive card that says what the peer's says.
"""

from __future__ import annotations

import gzip
import importlib
import itertools
import json
import sys
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings

from tests.bench.peers.settings import values
from tests.bench.site.pages import bench_site, stored

ROUNDS = 15
# What is compared: how many on the smaller and the larger page, and the naive blocks beside.
ELEMENTS = {
    "card": (10, 50, {"naive": "product_card", "plain": "plain_card"}),
    "faq": (1, 5, {"naive": "faq"}),
}


def measure(peer: ModuleType) -> dict[str, Any]:
    """The peer's numbers by name; versions and the HTML of one element as text."""
    settings.configure(**values(peer))
    with bench_site():
        pages = Pages(peer)
        found: dict[str, Any] = {
            "version": version(peer.REQUIREMENT),
            "wagtail": version("wagtail"),
            "assets.gzip_bytes": _gzip_bytes(peer.ASSETS),
        }
        for element in ELEMENTS:
            if hasattr(peer, element):
                found |= {f"{element}.{name}": value for name, value in pages.compare(element)}
        return {name: value for name, value in found.items() if value is not None}


class Pages:
    """Pages of one kind of block each, and how they are asked for."""

    def __init__(self, peer: ModuleType) -> None:
        from django.test import Client

        self.peer = peer
        self.client = Client()
        self.number = itertools.count(1)
        self.cards = [_card(number) for number in range(ELEMENTS["card"][1])]

    def compare(self, element: str) -> Any:
        """(name, number) of all that is measured of cards, or of questions."""
        from tests.bench.measuring import calls_of, fastest, per_added, queries_of

        few, many, baselines = ELEMENTS[element]
        kinds = {"peer": f"peer_{element}", **baselines}
        pages = {
            (name, count): self._page(kind, count)
            for name, kind in kinds.items()
            for count in (few, many)
        }
        blocks = [child.render() for child in pages["peer", many].body]
        yield "html", blocks[0]
        ready = self._publish("ReadyPage", strings=blocks)
        work = {key: self._warm(page) for key, page in pages.items()}
        for name in kinds:
            less, more = work[name, few], work[name, many]
            mark = "" if name == "peer" else f"{name}_"
            yield f"{mark}calls", per_added(calls_of(more), calls_of(less), many - few)
            yield f"{mark}queries", (queries_of(more) - queries_of(less)) / (many - few)
        works = [work[name, many] for name in kinds]
        peer, *others, floor = fastest([*works, self._warm(ready)], ROUNDS)
        yield "time_over_floor", peer / floor
        for name, least in zip(baselines, others, strict=True):
            yield f"time_over_{name}", peer / least

    def _page(self, kind: str, count: int) -> Any:
        from tests.bench.peers.models import BlocksPage

        stream = BlocksPage.body.field.stream_block
        body = stream.to_python(stored((kind, self._value(kind, n)) for n in range(count)))
        # Converted, so that each block is saved with all its fields, as from the editor.
        list(body)
        return self._publish("BlocksPage", body=body)

    def _value(self, kind: str, number: int) -> Any:
        """What a block of this kind stores."""
        from tests.bench.site import article

        if kind.endswith("faq"):
            heading, questions = f"Questions, part {number + 1}", article.questions()
            if kind == "faq":
                return {"heading": heading, "questions": questions}
            return self.peer.faq(heading, questions)
        product, card = self.cards[number]
        if kind == "product_card":
            return {"product": product, "layout": "wide"}
        return self.peer.card(**card) if kind == "peer_card" else card

    def _publish(self, model: str, **fields: Any) -> Any:
        from django.apps import apps
        from wagtail.models import Site

        kind, slug = apps.get_model("bench_site", model), f"page-{next(self.number)}"
        page = kind(title="On sitting", slug=slug, **fields)
        Site.objects.get().root_page.add_child(instance=page)
        return kind.objects.get(pk=page.pk)

    def _warm(self, page: Any) -> Any:
        url = page.url

        def get() -> None:
            response = self.client.get(url)
            assert response.status_code == 200, response.content

        get()
        return get


def _card(number: int) -> tuple[int, dict[str, Any]]:
    """A naive product's primary key, and what a card without a product says of it."""
    from django.core.files.base import ContentFile
    from PIL import Image as Picture
    from wagtail.images import get_image_model

    from tests.bench.peers.models import NaiveProduct

    file = BytesIO()
    Picture.new("RGB", (1200, 900), "teal").save(file, "PNG")
    content = ContentFile(file.getvalue(), name=f"picture-{number}.png")
    title, url = f"Lumbar cushion no. {number}", f"https://shop.example/en/item-{number}"
    text = f"Keeps its shape for {number % 9 + 2} years, and its cover can be washed."
    image = get_image_model().objects.create(title=f"{title}, from the side", file=content)
    product = NaiveProduct.objects.create(
        title=title, description=text, url=url, image=image, image_alt=image.title
    )
    return product.pk, {"image": image.pk, "title": title, "text": f"<p>{text}</p>", "url": url}


def _gzip_bytes(assets: list[str]) -> int | None:
    """Compressed size of static files; `None` if one is not here."""
    from django.contrib.staticfiles import finders

    paths = [finders.find(asset) for asset in assets]
    if not all(paths):
        return None
    return sum(len(gzip.compress(Path(path).read_bytes(), 9)) for path in paths)


if __name__ == "__main__":
    _, module, out = sys.argv
    numbers = measure(importlib.import_module(f"tests.bench.peers.{module}"))
    Path(out).write_text(json.dumps(numbers))
