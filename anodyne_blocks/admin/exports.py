"""Tables that can be downloaded: no cell is a formula, and none ends the download."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

from anodyne_blocks.sources.characters import storable

# What spreadsheets take for the beginning of a formula, in full width too (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class SafeExportMixin(SpreadsheetExportMixin):
    """What strangers wrote stays text in whatever program opens the table."""

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        value = super().preprocess_field_value(field, value, export_format)
        if not isinstance(value, str):
            return value
        text = storable(value)
        # A cell of XLSX says itself that it is text, see below.
        if export_format == self.FORMAT_CSV and text.lstrip(" \xa0").startswith(_FORMULA):
            text = f"'{text}"
        return text

    def generate_xlsx_row(
        self, worksheet: Any, row_dict: dict[str, Any], date_format: str | None = None
    ) -> Iterator[Any]:
        # Wagtail 7.4 leaves what begins with "=" the formula that openpyxl takes it for.
        for cell in super().generate_xlsx_row(worksheet, row_dict, date_format):
            if cell.data_type == "f":
                cell.data_type = "s"
            yield cell
