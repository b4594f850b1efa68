"""Search in listings and choosers: in the database itself, so that no index can lag behind it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from wagtail.admin.forms.choosers import BaseFilterForm, LocaleFilterMixin, SearchFilterMixin
from wagtail.admin.views.generic.chooser import BaseChooseView
from wagtail.snippets.views.snippets import IndexView


def matching(rows: QuerySet, text: str, fields: Iterable[str]) -> QuerySet:
    """Those `rows` in which every word of `text` stands in one of `fields`, in either case."""
    fields = tuple(fields)
    found = rows.model._default_manager.order_by()
    for word in text.split():
        found = found.filter(reduce(or_, (Q(**{f"{field}__icontains": word}) for field in fields)))
    # A subquery: a word found in two offers must not show their product twice.
    return rows.filter(pk__in=found.values("pk"))


class SearchedListing(IndexView):
    """A listing that looks for words in `search_fields`."""

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
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

    def filter(self, objects: QuerySet) -> QuerySet:
        # Past SearchFilterMixin's own filter, which asks the backend.
        objects = super(SearchFilterMixin, self).filter(objects)
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        return matching(objects, self.search_query, self.search_fields)
