"""What tests with images need."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    # Wagtail leaves the temporary file of each rendition that it makes to the garbage collector.
    config.addinivalue_line(
        "filterwarnings", "ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning"
    )
