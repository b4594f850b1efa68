"""People in the admin: listing and chooser."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, LocaleColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from anodyne_blocks.admin.choosers import (
    ElementChoice,
    ElementChooseResultsView,
    ElementChooserViewSet,
    ElementChooseView,
)
from anodyne_blocks.admin.columns import PictureColumn, UsageColumn, with_picture
from anodyne_blocks.admin.new_forms import new_form
from anodyne_blocks.admin.search import SearchedListing
from anodyne_blocks.admin.translated import (
    VersionDeleteView,
    VersionEditView,
    VersionUsageView,
)
from anodyne_blocks.admin.uploads import PictureForm
from anodyne_blocks.catalogue.usage import with_version_usage
from anodyne_blocks.models import AbstractPerson, get_person_model

SEARCHED = ("name", "credentials", "job_title", "organisation")


class PersonListing(SearchedListing):
    @cached_property
    def columns(self) -> list[Any]:
        checkbox, title, *others = super().columns
        return [checkbox, PictureColumn("photo", label=_("Photo")), title, *others]


class PersonChoice(ElementChoice):
    search_fields = SEARCHED

    def get_object_list(self) -> QuerySet[AbstractPerson]:
        return with_picture(get_person_model().objects.all(), "photo")

    @property
    def columns(self) -> list[Column]:
        return [
            PictureColumn("photo", label=_("Photo"), longest=80),
            *super().columns,
            Column("job_title", label=_("Job title")),
            Column("organisation", label=_("Organisation")),
        ]


class PersonChooseView(PersonChoice, ElementChooseView):
    pass


class PersonChooseResultsView(PersonChoice, ElementChooseResultsView):
    pass


class NewPersonForm(PictureForm):
    """A name and a role; the rest can follow."""

    picture_field = "photo"


class PersonChooserViewSet(ElementChooserViewSet):
    """The chooser's dialog, with photo and role."""

    choose_view_class = PersonChooseView
    choose_results_view_class = PersonChooseResultsView
    creation_form_class = new_form(
        NewPersonForm, get_person_model(), ["name", "credentials", "job_title"]
    )


class PersonViewSet(SnippetViewSet):
    """Authors and reviewers, in each language of the site."""

    model = get_person_model()
    icon = "anodyne-reviewer"
    menu_order = 200
    index_view_class = PersonListing
    edit_view_class = VersionEditView
    delete_view_class = VersionDeleteView
    usage_view_class = VersionUsageView
    chooser_viewset_class = PersonChooserViewSet
    search_fields = SEARCHED
    search_backend_name = None
    list_display = [
        "name",
        Column("credentials", label=_("Credentials")),
        Column("job_title", label=_("Job title"), sort_key="job_title"),
        Column("organisation", label=_("Organisation"), sort_key="organisation"),
        LocaleColumn(),
        UsageColumn(),
    ]

    def get_queryset(self, request: Any) -> QuerySet[AbstractPerson]:
        return with_version_usage(with_picture(get_person_model().objects.all(), "photo"))
