"""Search in listings and choosers: in the database itself, so that no index can lag behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db import connections
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.db.models.lookups import IContains
from wagtail.admin.forms.choosers import BaseFilterForm, LocaleFilterMixin, SearchFilterMixin
from wagtail.admin.views.generic.chooser import BaseChooseView
from wagtail.snippets.views.snippets import IndexView

from anodyne_blocks.admin.paginator import MOST_ROWS
from anodyne_blocks.admin.tables import PhoneTableMixin

# SQLite refuses a pattern that is far longer, and nobody types one.
LONGEST = 200


def matching(rows: QuerySet[Any], text: str, fields: Iterable[str]) -> QuerySet[Any]:
    """Those `rows` with every word of `text` in their own `fields`, or in those of one related row.

    A field of a related model is written "offers__title". Case does not matter. Where there is such
    a field, the first thousand matches of either kind are found by a short query each, which stops
    there: a condition over both tables would have the database read all of them. Only the first
    `LONGEST` characters count.
    """
    words = text[:LONGEST].split()
    if not words:
        return rows
    related = [field for field in fields if "__" in field]
    holds = _holds_on_mysql if connections[rows.db].vendor == "mysql" else _holds
    own = rows.filter(_with_all(words, [f for f in fields if f not in related], holds))
    if not related:
        return own
    (relation,) = {field.partition("__")[0] for field in related}
    link = rows.model._meta.get_field(relation).remote_field
    others = link.model._default_manager.order_by().filter(
        _with_all(words, [field.partition("__")[2] for field in related], holds)
    )
    if rows.query.has_filters():
        others = others.filter(**{f"{link.name}__in": rows.order_by().values("pk")})
    found = own.values_list("pk", flat=True)[:MOST_ROWS]
    found_beside = others.values_list(link.attname, flat=True)[:MOST_ROWS]
    return rows.filter(pk__in={*found, *found_beside})


def _with_all(words: Iterable[str], fields: Iterable[str], holds: Callable[[str, str], Q]) -> Q:
    """That each word stands in one of the fields."""
    fields = tuple(fields)
    return reduce(and_, (reduce(or_, (holds(field, word) for field in fields)) for word in words))


def _holds(field: str, word: str) -> Q:
    return Q(**{f"{field}__icontains": word})


def _holds_on_mysql(field: str, word: str) -> Q:
    """There "icontains" knows case where the column does: see migration 0006."""
    return Q(IContains(Lower(field), word.lower()))


class SearchedListing(PhoneTableMixin, IndexView):
    """A listing that looks for words in `search_fields`."""

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.is_searching:
            return queryset
        return matching(queryset, self.search_query, self.search_fields)


class SearchedChooser(BaseChooseView):
    """The same for a chooser's modal; subclasses set `search_fields`."""

    search_fields: tuple[str, ...] = ()

    def get_filter_form_class(self) -> type[BaseFilterForm]:
        locale = (LocaleFilterMixin,) if self.i18n_enabled else ()
        bases = (*locale, WordsForm, BaseFilterForm)
        return type("FilterForm", bases, {"search_fields": self.search_fields})


class WordsForm(SearchFilterMixin):
    """Wagtail's search field over `search_fields`, without its search backend."""

    search_fields: tuple[str, ...] = ()

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        # Past SearchFilterMixin's own filter, which asks the backend.
        objects = super(SearchFilterMixin, self).filter(objects)
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        return matching(objects, self.search_query, self.search_fields)
