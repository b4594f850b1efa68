"""Fixtures of the API's tests."""

from __future__ import annotations

from wagtail import VERSION

# API v3 came with Wagtail 8.0.
collect_ignore_glob = [] if VERSION >= (8, 0) else ["test_v3*.py"]
