"""Forms for a chooser's dialog: what is needed to make a thing on the spot, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Field, Model
from django.forms.models import modelform_factory
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import BaseChooser

from anodyne_blocks.admin.own_forms import own_form

# Set by whoever makes the thing.
_GIVEN = ("locale", "translation_key")


class NewForm(WagtailAdminModelForm):
    """A form in a dialog, where Wagtail has no room for another chooser: that is a plain choice."""

    # The dialog's script would not send it, and tell no one else what is missing.
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and isinstance(field.widget, BaseChooser):
                field.widget = forms.Select()
                field.widget.choices = field.choices


def new_form(
    form: type[WagtailAdminModelForm], model: type[Model], names: Sequence[str]
) -> type[WagtailAdminModelForm]:
    """`form` with the fields `names` of a model, and with all that it cannot be without.

    Also what its `base_form_class` adds, as in the model's other forms.
    """
    fields: list[Any] = [*model._meta.concrete_fields, *model._meta.many_to_many]
    needed = [field.name for field in fields if field.name not in names and _is_needed(field)]
    made: type[WagtailAdminModelForm] = modelform_factory(
        model, form=own_form(form, model), fields=[*names, *needed]
    )
    return made


def _is_needed(field: Field[Any, Any]) -> bool:
    return (
        field.editable
        and not field.blank
        and not field.has_default()
        and not field.primary_key
        and field.name not in _GIVEN
    )
