"""The choosers' dialog: search, say what a filter hides, and make what is missing on the spot."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.telepath import register
from wagtail.log_actions import log
from wagtail.models import Locale, TranslatableMixin
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
    SnippetCreateView,
)
from wagtail.snippets.widgets import AdminSnippetChooser, SnippetChooserAdapter

from anodyne_blocks.admin.paginator import MOST_ROWS
from anodyne_blocks.admin.search import SearchedChooser
from anodyne_blocks.admin.tables import STYLE, PhoneTable

CREATE = "tab-create"
OURS = STYLE + forms.Media(
    js=["anodyne_blocks/admin-choosers.js", "anodyne_blocks/admin-summaries.js"]
)


class ElementChooser(AdminSnippetChooser):
    """Wagtail's widget, with what the dialog needs of ours; `model` is a subclass's.

    `summary_url_name` is of the view that says more of what was chosen.
    """

    template_name = "anodyne_blocks/admin/chooser_widget.html"
    summary_url_name = ""

    def __init__(self, model: Any = None, **kwargs: Any) -> None:
        super().__init__(model or self.model, **kwargs)

    def get_context(self, name: str, value_data: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value_data, attrs)
        url = reverse(self.summary_url_name) if self.summary_url_name else ""
        return {**context, "summary_url": url}

    @cached_property
    def media(self) -> forms.Media:
        return super().media + OURS


class ElementChooserAdapter(SnippetChooserAdapter):
    """The same in a StreamField."""

    @cached_property
    def media(self) -> forms.Media:
        return super().media + OURS


register(ElementChooserAdapter(), ElementChooser)


def at_least(count: int, most: int = MOST_ROWS) -> str:
    """A number of rows, which were counted up to `most`; "" for none."""
    return (f"{count}+" if count >= most else str(count)) if count > 0 else ""


class ElementChoice(SearchedChooser):
    """The results, and how many more a filter hides."""

    results_template_name = "anodyne_blocks/admin/chooser_results.html"
    # The field of the filter form that says for which pages a result is.
    narrowing = "locale"

    more_elsewhere: Any = _("In other languages: %(number)s more.")

    def hidden_note(self) -> str:
        """What the filter hides, in words; empty where it hides nothing."""
        form = self.filter_form
        if not (form.is_valid() and form.cleaned_data.get(self.narrowing)):
            return ""
        form = self.get_filter_form_class()({**form.data.dict(), self.narrowing: ""})
        number = self.hidden_number(form.filter(self.get_object_list())) if form.is_valid() else ""
        return str(self.more_elsewhere) % {"number": number} if number else ""

    def hidden_number(self, rows: QuerySet[Any]) -> str:
        """How many of all these rows the filter hides, each with its translations; "" for none."""
        here = self.model.objects.filter(
            locale__language_code=self.filter_form.cleaned_data["locale"]
        )
        rows = rows.exclude(translation_key__in=here.order_by().values("translation_key"))
        return at_least(rows.order_by().values("translation_key").distinct()[:MOST_ROWS].count())

    def other_ways(self) -> list[tuple[str, str]]:
        """(id, label) of the tabs that bring what the search does not find."""
        return [(CREATE, str(self.create_action_label))] if self.can_create() else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "table": PhoneTable(self.table.columns.values(), self.results),
            "narrowing": self.narrowing,
            "hidden_note": self.hidden_note(),
            "other_ways": self.other_ways(),
        }


class MakesElement:
    """Who makes it, and in which language; `model` and `request` are the view's."""

    creation_form_template_name = "anodyne_blocks/admin/chooser_create.html"
    model: Any
    request: Any

    def get_creation_form_kwargs(self) -> dict[str, Any]:
        kwargs = {**super().get_creation_form_kwargs(), "for_user": self.request.user}  # type: ignore[misc]
        code = self.request.GET.get("locale")
        if code and issubclass(self.model, TranslatableMixin):
            locale = Locale.objects.filter(language_code=code).first()
            kwargs["instance"] = self.model(locale=locale) if locale else None
        return kwargs


class ElementChooseView(MakesElement, ElementChoice, ChooseView):
    """The dialog as it opens."""

    template_name = "anodyne_blocks/admin/chooser.html"
    active_tab = ""

    def get_creation_form_kwargs(self) -> dict[str, Any]:
        """Nothing that was sent: a search in a shop is sent here, too."""
        kwargs = super().get_creation_form_kwargs()
        return {key: value for key, value in kwargs.items() if key not in ("data", "files")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "active_tab": self.active_tab}


class ElementChooseResultsView(ElementChoice, ChooseResultsView):
    """Its results while one types."""


class ElementCreateView(MakesElement, SnippetCreateView):
    """What is sent to make a thing; errors stay in the dialog."""

    def save_form(self, form: Any) -> Any:
        with transaction.atomic():
            made = super().save_form(form)
            log(instance=made, action="wagtail.create")
        return made


class ElementChooserViewSet(SnippetChooserViewSet):
    """A chooser in whose dialog a new thing can be made, in the language of the page."""

    choose_view_class = ElementChooseView
    choose_results_view_class = ElementChooseResultsView
    create_view_class = ElementCreateView
    base_widget_class = ElementChooser
    preserve_url_parameters = ["multiple", "locale"]
    # The name of a view of this set, or none.
    summary_view = ""

    @cached_property
    def widget_class(self) -> type[ElementChooser]:
        """As Wagtail 8.0 makes it; in 7.4 it is an instance without our class."""
        name = f"{self.model_name}ChooserWidget"
        attributes = {
            "model": self.model,
            "icon": self.icon,
            "summary_url_name": self.summary_view and self.get_url_name(self.summary_view),
        }
        return type(name, (self.base_widget_class,), attributes)
