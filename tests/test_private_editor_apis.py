"""As `test_private_apis`: what Wagtail's editor does not document, and citing needs."""

from __future__ import annotations

from pathlib import Path

import wagtail.admin
from wagtail.admin.rich_text.converters import html_to_contentstate as editor

SCRIPTS = Path(wagtail.admin.__file__).parent / "static" / "wagtailadmin" / "js"


def test_wagtail_reads_entities_into_the_current_block() -> None:
    state = editor.HandlerState()
    assert state.current_block is None and state.leading_whitespace == editor.STRIP_WHITESPACE
    assert editor.KEEP_WHITESPACE != editor.STRIP_WHITESPACE


def test_wagtail_scripts_have_what_the_dialogs_for_sources_use() -> None:
    blocks_js = (SCRIPTS / "telepath" / "blocks.js").read_text()
    names = "childBlocks initialChildState initialChildStates titleElement getTextLabel insert("
    assert not [name for name in names.split() if name not in blocks_js]
    assert "rootBlock" in (SCRIPTS / "core.js").read_text() + blocks_js
    assert "TooltipEntity" in (SCRIPTS / "draftail.js").read_text()
