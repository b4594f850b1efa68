"""Replace a product: choose another one, see every page and placement, tick pages, confirm."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import ReferenceIndex
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy

from anodyne_blocks.admin.pages import PageLinks
from anodyne_blocks.admin.replacing import (
    Outcome,
    goes_live,
    may_replace,
    reason_against,
    replace_on,
    seen,
)
from anodyne_blocks.article.article import page_language
from anodyne_blocks.article.markets import markets_of_pages
from anodyne_blocks.article.walking import stream_fields
from anodyne_blocks.catalogue.attention import concerns, grouped
from anodyne_blocks.catalogue.replacing import (
    Placement,
    drafts_naming,
    placements_of,
)
from anodyne_blocks.catalogue.usage import pages_using, references_outside_pages
from anodyne_blocks.conf import page_model
from anodyne_blocks.models import AbstractProduct, get_product_model

# Pages that are shown, and so replaced on, at a time.
MOST = 25
# Other things that are named.
MOST_OTHERS = 20


class ReplaceForm(forms.Form):
    """Which product stands there from now on."""

    def __init__(self, *args: Any, old: AbstractProduct, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new"] = forms.ModelChoiceField(
            get_product_model().objects.prefetch_related("offers"),
            label=_("Replace with"),
            widget=old.snippet_viewset.chooser_viewset.widget_class(),
        )
        self.old = old

    def clean_new(self) -> AbstractProduct:
        new: AbstractProduct = self.cleaned_data["new"]
        if new.pk == self.old.pk:
            raise forms.ValidationError(_("Choose another product."))
        return new


@dataclass(frozen=True)
class Row:
    """A page: where it names the product, what becomes of it, and what an editor should know.

    `reason` says why nothing can be replaced there; of a page with `doubts` or words beside a
    product it is for the editor to tick it.
    """

    page: Any
    language: str
    edit_url: str
    key: str
    placements: list[Placement]
    doubts: list[str]
    reason: Any
    is_live: bool

    @property
    def is_ticked(self) -> bool:
        return not self.doubts and not any(placed.words for placed in self.placements)


class ReplaceView(PermissionCheckedMixin, WagtailAdminTemplateMixin, View):
    """GET shows, POST replaces on the ticked pages: for who sees products and may edit pages."""

    model = get_product_model()
    permission_policy = ModelPermissionPolicy(get_product_model())
    any_permission_required = ["add", "change", "delete", "view"]
    page_title = _("Replace a product")
    header_icon = "resubmit"
    template_name = "anodyne_blocks/admin/replace_product.html"
    inspect_url_name = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_replace(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def old(self) -> AbstractProduct:
        found: AbstractProduct = get_object_or_404(self.model, pk=unquote(str(self.kwargs["pk"])))
        return found

    def get_page_subtitle(self) -> str:
        return self.old.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        product = reverse(self.inspect_url_name, args=[self.old.pk])
        return [
            *self.breadcrumbs_items,
            {"url": product, "label": self.old.name},
            {"url": "", "label": self.page_title, "sublabel": self.old.name},
        ]

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        form = ReplaceForm(request.GET if "new" in request.GET else None, old=self.old)
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        form, keys = ReplaceForm(request.POST, old=self.old), request.POST.getlist("pages")
        if not form.is_valid() or not keys:
            error = gettext("Choose pages.") if form.is_valid() else ""
            return self.render_to_response(self.get_context_data(form=form, error=error))
        new = form.cleaned_data["new"]
        found = (replace_on(key, self.old, new, request.user) for key in dict.fromkeys(keys[:MOST]))
        outcomes = [outcome for outcome in found if outcome is not None]
        return self.render_to_response(
            self.get_context_data(form=form, new=new, groups=list(_groups(outcomes)))
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            media=kwargs["form"].media,
            old=self.old,
            back=reverse(self.inspect_url_name, args=[self.old.pk]),
            **kwargs,
        )
        if "groups" in kwargs:
            return context
        form = kwargs["form"]
        context["others"] = self.others()
        ids, mine = pages_using(self.old.pk), self.my_pages()
        context["private"] = PageLinks([], len(ids) - mine.filter(pk__in=ids).count()).others
        ids |= drafts_naming(mine, self.old)
        context["is_used"] = bool(ids)
        if form.is_bound and form.is_valid():
            pages = mine.filter(pk__in=ids).order_by("path")
            shown = Paginator(pages, MOST).get_page(self.request.GET.get("p"))
            context["new"], context["shown"] = form.cleaned_data["new"], shown
            found: Any = shown.object_list
            context["rows"] = list(self.rows(list(found.specific()), context["new"]))
            context["can_replace"] = any(not row.reason for row in context["rows"])
        return context

    def my_pages(self) -> Any:
        policy = PagePermissionPolicy()
        return policy.instances_user_has_any_permission_for(self.request.user, {"change"})

    def rows(self, pages: list[Any], new: AbstractProduct) -> Iterable[Row]:
        markets, now = markets_of_pages([page.pk for page in pages]), timezone.now()
        outside = self.outside(pages)
        for page in pages:
            draft = page.get_latest_revision_as_object()
            placements = placements_of(draft, self.old)
            elsewhere = gettext("It is named outside of the texts, where it is not replaced.")
            doubts = [elsewhere] * (page.pk in outside)
            reason = reason_against(page, self.request.user)
            if not placements and not reason:
                if not page.live and not doubts:
                    # Wagtail's index knows the draft as it was when the page was made.
                    continue
                is_published = bool(placements_of(page, self.old))
                published = gettext("Only the published version shows it: publish the draft.")
                reason, doubts = published if is_published else elsewhere, []
            if not reason:
                if placements_of(draft, new):
                    doubts.append(gettext("The other product stands there already."))
                faults = concerns(new, markets.get(page.pk, ()), now)
                doubts += [" ".join(filter(None, [keys, text])) for keys, text in grouped(faults)]
            yield Row(
                page=draft,
                language=page_language(page),
                edit_url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
                key=seen(page),
                placements=placements,
                doubts=doubts,
                reason=reason,
                is_live=goes_live(page, self.request.user),
            )

    def outside(self, pages: list[Any]) -> set[int]:
        """The ids of those pages that refer to the product otherwise than in a StreamField."""
        by_id = {str(page.pk): page for page in pages}
        paths = ReferenceIndex.get_references_to(self.old).filter(
            object_id__in=by_id,
            base_content_type=ContentType.objects.get_for_model(page_model()),
        )
        return {
            int(pk)
            for pk, path in paths.values_list("object_id", "model_path")
            if path.split(".")[0] not in {field.name for field in stream_fields(by_id[pk])}
        }

    def others(self) -> list[tuple[str, str]]:
        """(name, address) of what else refers to the product; it stays as it is."""
        references = references_outside_pages(self.old.pk)
        keys = references.values_list("base_content_type", "object_id").order_by().distinct()
        finder, found = AdminURLFinder(self.request.user), []
        for kind, pk in keys[:MOST_OTHERS]:
            content_type = ContentType.objects.get_for_id(kind)
            model = content_type.model_class()
            thing = model._default_manager.filter(pk=pk).first() if model else None
            url = finder.get_edit_url(thing) if thing is not None else None
            # What someone may not edit is not named.
            name = f"{content_type.name}: {thing}" if url else content_type.name
            found.append((name, url or ""))
        return found


def _groups(outcomes: list[Outcome]) -> Iterable[tuple[str, list[Outcome]]]:
    """(heading, pages) of what became of them."""
    published = [one for one in outcomes if one.is_live]
    failed = [one for one in outcomes if one.failed]
    drafts = [one for one in outcomes if not one.is_live and not one.failed]
    for heading, group in (
        (gettext("Published"), published),
        (gettext("Saved as drafts: readers see the change when you publish them"), drafts),
        (gettext("Not replaced"), failed),
    ):
        if group:
            yield heading, group
