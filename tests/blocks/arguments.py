"""The arguments of the blocks of `ArticleBody`, as a site's migrations hold them.

`python -m tests.blocks.arguments` writes those of new blocks into arguments.json. A block that is
in there stays as it is: other arguments make a migration in every site.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

STORED = Path(__file__).with_suffix(".json")


def arguments() -> dict[str, Any]:
    """{block: its arguments and those of all below it}."""
    from anodyne_blocks.blocks import ArticleBody

    return {name: _of(block) for name, block in ArticleBody().child_blocks.items()}


def _of(block: Any) -> Any:
    path, given, options = block.deconstruct()
    children = getattr(block, "child_blocks", None)
    if children:
        return [path, {name: _of(child) for name, child in children.items()}]
    if hasattr(block, "child_block"):
        return [path, _of(block.child_block), _plain(options)]
    return [path, _plain(list(given)), _plain(options)]


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str, sort_keys=True))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    known = json.loads(STORED.read_text()) if STORED.exists() else {}
    text = json.dumps({**arguments(), **known}, indent=1, ensure_ascii=False, sort_keys=True)
    STORED.write_text(f"{text}\n")
