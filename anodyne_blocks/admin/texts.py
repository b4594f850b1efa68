"""Bring in a text: paste or upload it, see what becomes what, then have it in a new draft."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import Button
from wagtail.models import UploadedFile

from anodyne_blocks.admin.telling import warn
from anodyne_blocks.admin.uploads import collection_for
from anodyne_blocks.conf import page_model
from anodyne_blocks.texts import LONGEST, Draft, Note, UnreadableText, guess_format, read_text
from anodyne_blocks.texts.importing import ENDINGS
from anodyne_blocks.texts.pictures import WAITING_SECONDS, pictures_of, shown_address
from anodyne_blocks.texts.placing import body_field, bring_in, placed
from anodyne_blocks.texts.reading import too_long

NAME = "anodyne_blocks_bring_in_text"
# How what waits between preview and confirmation is called.
_WAITING = "anodyne-text-"
_SHOWN = 300


class TextForm(forms.Form):
    """A text: pasted, or a file."""

    text = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "data-anodyne-paste": ""}),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=", ".join(sorted(ENDINGS)),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        file, text = cleaned.get("file"), cleaned.get("text") or ""
        if file and file.size > LONGEST:
            raise forms.ValidationError(str(too_long()))
        if not (file or text.strip()) and not self.errors:
            raise forms.ValidationError(_("Paste a text, or choose a file."))
        if not self.errors:
            content = file.read() if file else text.encode("utf-8", "replace")
            cleaned["content"] = content
            cleaned["format"] = guess_format(file.name if file else "", content)
            try:
                cleaned["draft"] = read_text(content, cleaned["format"])
            except UnreadableText as error:
                raise forms.ValidationError(str(error)) from None
        return cleaned


class ConfirmForm(forms.Form):
    """What becomes of a text that was read."""

    waiting = forms.IntegerField(widget=forms.HiddenInput)
    replace = forms.BooleanField(
        label=_("In place of what the page says now"),
        required=False,
        help_text=_("Else it is put below."),
    )
    take_title = forms.BooleanField(label=_("Take over the title, too"), required=False)


class Row(NamedTuple):
    """A block in the preview."""

    label: str
    words: list[str]
    address: str


class BringInView(WagtailAdminTemplateMixin, View):
    """For one page: whoever may edit it, and its body, may bring a text into it."""

    page_title = _("Bring in a text")
    header_icon = "upload"
    template_name = "anodyne_blocks/admin/bring_in.html"

    def dispatch(self, request: HttpRequest, pk: int) -> Any:
        live = get_object_or_404(page_model(), pk=pk).specific
        if not may_bring_in(live, request.user):
            raise PermissionDenied
        self.page = live.get_latest_revision_as_object()
        form_class = self.page.get_edit_handler().get_form_class()
        if self.field.name not in form_class(instance=self.page, for_user=request.user).fields:
            raise PermissionDenied
        return super().dispatch(request, pk)

    @cached_property
    def field(self) -> Any:
        return body_field(type(self.page))

    def get_page_subtitle(self) -> str:
        return str(self.page.get_admin_display_title())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        edit = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        return [
            *self.breadcrumbs_items,
            {"url": edit, "label": self.get_page_subtitle()},
            {"url": "", "label": self.page_title},
        ]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=TextForm()))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if "waiting" in request.POST:
            return self.confirmed(request)
        form = TextForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        draft = form.cleaned_data["draft"]
        waiting = self.keep(form.cleaned_data["content"], form.cleaned_data["format"])
        body = getattr(self.page, self.field.name).get_prep_value()
        confirm = ConfirmForm(initial={"waiting": waiting.pk})
        if not body:
            del confirm.fields["replace"]
        if not draft.title or draft.title == self.page.title:
            del confirm.fields["take_title"]
        return self.render_to_response(
            self.get_context_data(
                confirm=confirm,
                draft=draft,
                rows=list(self.rows(draft, body)),
                notes=[*draft.notes, *self.picture_notes(draft)],
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        script = forms.Media(js=[versioned_static("anodyne_blocks/bring-in.js")])
        back = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        return super().get_context_data(media=script, back=back, **kwargs)

    def rows(self, draft: Draft, body: list[Any]) -> Iterator[Row]:
        blocks = self.field.stream_block.child_blocks
        for name, _value, words, src in placed(draft, self.field.stream_block, body):
            parts = strip_tags(words.replace("</p>", " </p>").replace("</li>", " </li>"))
            lines = [Truncator(line).chars(_SHOWN) for line in parts.split("\n")]
            yield Row(blocks[name].label, lines, shown_address(src))

    def picture_notes(self, draft: Draft) -> list[Note]:
        """What is to be known of the pictures before they are fetched."""
        if draft.pictures and self.collection is None:
            return [Note(gettext("You may not add images: pictures are left out."))]
        reason = gettext("Say what the image shows, or mark it as decorative in the settings.")
        lacking = [picture for picture in draft.pictures if not picture.alt]
        return [Note(reason, shown_address(picture.src)) for picture in lacking]

    @cached_property
    def collection(self) -> Any:
        return collection_for(self.request.user)

    def keep(self, content: bytes, format: str) -> Any:
        """The text in Wagtail's place for uploads; what the user left there before is deleted."""
        for old in self.uploads().filter(file__contains=_WAITING):
            _delete(old)
        return UploadedFile.objects.create(
            for_content_type=self.kind,
            uploaded_by_user=self.request.user,
            file=ContentFile(content, name=f"{_WAITING}{uuid.uuid4().hex}.{format}"),
        )

    @cached_property
    def kind(self) -> ContentType:
        return ContentType.objects.get_for_model(type(self.page))

    def uploads(self) -> Any:
        return UploadedFile.objects.filter(
            uploaded_by_user=self.request.user, for_content_type=self.kind
        )

    def confirmed(self, request: HttpRequest) -> HttpResponse:
        here = redirect(NAME, self.page.pk)
        form = ConfirmForm(request.POST)
        found = form.is_valid() and self.uploads().filter(
            pk=form.cleaned_data["waiting"], file__contains=_WAITING
        )
        waiting = found.first() if found else None
        if waiting is None:
            messages.error(request, gettext("This text is gone. Bring it in once more."))
            return here
        with waiting.file.open("rb") as file:
            draft = read_text(file.read(), waiting.file.name.rpartition(".")[2])
        images: dict[str, Any] = {}
        notes: list[Note] = []
        if self.collection is not None:
            images, notes = pictures_of(
                draft,
                seconds=WAITING_SECONDS,
                uploaded_by_user=request.user,
                collection=self.collection,
            )
        bring_in(self.page, self.field, draft, images, replace=bool(form.cleaned_data["replace"]))
        if form.cleaned_data["take_title"] and draft.title:
            self.take_title(draft.title)
        self.page.save_revision(user=request.user, log_action=True)
        _delete(waiting)
        messages.success(request, gettext("The text is in a new draft."))
        if every := [*draft.notes, *notes]:
            rows = [(note.reason, note.words) for note in every[:100]]
            warn(request, gettext("Not all of it could be kept as it was."), "{} {}", rows)
        return redirect("wagtailadmin_pages:edit", self.page.pk)

    def take_title(self, title: str) -> None:
        """As in Wagtail's form, the slug of a page that is not live follows, if nobody chose it."""
        page = self.page
        follows = not page.live and page.slug == _slug_of(page.title)
        page.title = Truncator(title).chars(page._meta.get_field("title").max_length)
        if follows and _slug_of(page.title):
            # Wagtail makes one that is free.
            page.slug = ""


def _slug_of(title: str) -> str:
    unicode = getattr(settings, "WAGTAIL_ALLOW_UNICODE_SLUGS", True)
    return slugify(title, allow_unicode=unicode)


def may_bring_in(page: Any, user: Any) -> bool:
    """Whether a user may change a page, and it has a body for texts."""
    if page.alias_of_id or body_field(page.specific_class or type(page)) is None:
        return False
    permissions = page.permissions_for_user(user)
    return bool(permissions.can_edit() and not permissions.page_locked())


def button(page: Any, user: Any, view_name: str) -> Iterator[Button]:
    """The menu item in a page's editor."""
    if view_name == "edit" and may_bring_in(page, user):
        url = reverse(NAME, args=[page.pk])
        yield Button(gettext("Bring in a text"), url, icon_name="upload", priority=25)


def urls() -> list[Any]:
    """The address of the view, below the admin's."""
    return [path("anodyne_blocks/texts/<int:pk>/", BringInView.as_view(), name=NAME)]


def _delete(upload: Any) -> None:
    upload.file.delete(save=False)
    upload.delete()
