"""Forms of models that a site may have extended."""

from __future__ import annotations

from typing import Any

from wagtail.admin.forms import WagtailAdminModelForm


def own_form(form: type[WagtailAdminModelForm], model: Any) -> type[WagtailAdminModelForm]:
    """`form`, with what the model's `base_form_class` adds, if it has one."""
    own = getattr(model, "base_form_class", WagtailAdminModelForm)
    return type(form.__name__, (form, own), {})
