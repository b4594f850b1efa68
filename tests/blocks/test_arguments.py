"""Blocks that sites have stored in their migrations keep their arguments."""

from __future__ import annotations

import json

from tests.blocks.arguments import STORED, arguments


def test_no_block_changes_its_arguments_unsaid() -> None:
    """Where one must: say it in docs/how-to/upgrade.md, and take it out of the list first."""
    stored, now = json.loads(STORED.read_text()), arguments()
    changed = [name for name, said in stored.items() if now.get(name) != said]
    assert changed == []
    missing = now.keys() - stored.keys()
    assert not missing, f"Run python -m tests.blocks.arguments: {sorted(missing)} are new."
