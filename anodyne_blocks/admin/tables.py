"""Tables that fit a phone: a row is a block there, each value beside its column's name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.admin.ui.tables import BaseColumn, Table

STYLE = forms.Media(css={"all": ["anodyne_blocks/admin.css"]})


class LabelledCell(BaseColumn.Cell):
    """A cell that carries its column's name, for the style sheet to show."""

    def render_html(self, parent_context: Any) -> SafeString:
        html = super().render_html(parent_context)
        label = format_html('<td data-label="{}"', self.column.label)
        return mark_safe(html.replace("<td", label, 1))  # noqa: S308  safe before, and so is the label


class PhoneTable(Table):
    """Wagtail's table with labelled cells."""

    classname = "listing anodyne-rows"

    class Row(Table.Row):
        def __getitem__(self, key: str) -> LabelledCell:
            return LabelledCell(self.columns[key], self.instance)

    @property
    def rows(self) -> Any:
        for index, instance in enumerate(self.data):
            yield self.Row(self, instance, index)


class PhoneTableMixin:
    """A listing or report with such a table."""

    table_class = PhoneTable

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)  # type: ignore[misc]
        context["media"] += STYLE
        return context
