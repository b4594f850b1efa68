"""Render every drawing in this folder to a WebP file in ``example_site/images/``.

How to run, from the root of the repository (needs the PyPI packages ``resvg-py`` and ``Pillow``)::

    pip install resvg-py Pillow
    python example_site/drawings/render.py              # all drawings
    python example_site/drawings/render.py desk sleep   # only these

Scenes become 1200 px wide, products 1000 px, portraits 600 px; the wordmark stays a vector file.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import resvg_py
from PIL import Image

DRAWINGS = Path(__file__).resolve().parent
IMAGES = DRAWINGS.parent / "images"
QUALITY = 82
# The wordmark takes its colour from the page, so a raster copy would be of no use.
VECTOR_ONLY = {"wordmark"}


def target_width(name: str, view_box: list[float]) -> int:
    """Width in pixels of the rendered file, from the drawing's kind and proportions."""
    if name.startswith("portrait-"):
        return 600
    return 1000 if view_box[2] == view_box[3] else 1200


def render(source: Path, target: Path) -> Image.Image:
    """Write ``source`` (SVG) to ``target`` (lossy WebP, opaque) and return the picture."""
    svg = source.read_text(encoding="utf-8")
    view_box = [float(part) for part in svg.split('viewBox="', 1)[1].split('"', 1)[0].split()]
    png = resvg_py.svg_to_bytes(svg_string=svg, width=target_width(source.stem, view_box))
    picture = Image.open(io.BytesIO(bytes(png))).convert("RGB")
    picture.save(target, "WEBP", quality=QUALITY, method=6)
    return picture


def main(names: list[str]) -> None:
    """Render the named drawings, or all of them, and print the size of each file."""
    IMAGES.mkdir(exist_ok=True)
    total = 0
    for source in sorted(DRAWINGS.glob("*.svg")):
        if source.stem in VECTOR_ONLY or (names and source.stem not in names):
            continue
        target = IMAGES / f"{source.stem}.webp"
        picture = render(source, target)
        total += target.stat().st_size
        size = target.stat().st_size / 1000
        print(f"{target.name:28} {picture.width} x {picture.height}  {size:5.1f} kB")
    print(f"{'total':28} {total / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
