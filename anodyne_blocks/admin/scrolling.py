"""Tables that scroll in a phone's width, where Wagtail's break words and cut columns off."""

from __future__ import annotations

from typing import Any

from django import forms

STYLE = forms.Media(css={"all": ["anodyne_blocks/admin.css"]})


class ScrollingMixin:
    """A listing or report whose columns keep their widths on a phone."""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)  # type: ignore[misc]
        context["media"] += STYLE
        return context
