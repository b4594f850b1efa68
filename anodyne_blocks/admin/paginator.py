"""Pages of listings whose rows nobody counts to the end."""

from __future__ import annotations

from django.utils.functional import cached_property
from wagtail.admin.paginator import WagtailPaginator

# Fifty pages: past that, people search and filter.
MOST_ROWS = 1000


class BoundedPaginator(WagtailPaginator):
    """Counts, and leads to, the first thousand rows: counting 100,000 costs more than a page.

    Of more rows it says "1000+".
    """

    @cached_property
    def count(self) -> int:
        # Whichever rows are found first: their order does not matter to a count.
        return self.object_list.order_by().values("pk")[:MOST_ROWS].count()

    @cached_property
    def items_count_label(self) -> str:
        if self.count < MOST_ROWS:
            return super().items_count_label
        return f"{MOST_ROWS}+ {self.verbose_name_plural}"
