"""The page editor's message about products that need attention."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from wagtail.admin import messages

from anodyne_blocks.admin.places import urls_of
from anodyne_blocks.admin.report import ANY_PERMISSION, POLICY, may_see_diagnostics
from anodyne_blocks.admin.telling import linked, warn
from anodyne_blocks.catalogue.attention import concerns_on
from anodyne_blocks.panels import ProductsAttentionPanel


def tell(request: HttpRequest, page: Any) -> None:
    """A warning for a page with such products, which leads to the first place of each."""
    found = concerns_on(page, timezone.now(), diagnostics=may_see_diagnostics(request))
    if not found:
        return
    title = ngettext(
        "A product on this page needs attention.",
        "%(count)d products on this page need attention.",
        len(found),
    ) % {"count": len(found)}
    urls = urls_of(page)
    rows = (
        (linked(product.name, urls.get(id(product))), " ".join(concern.text for concern in faults))
        for product, faults in found
    )
    buttons = []
    if POLICY.user_has_any_permission(request.user, ANY_PERMISSION):
        buttons.append(messages.button(reverse("anodyne_blocks_attention"), gettext("Report")))
    warn(request, title, "{}: {}", rows, buttons)


def has_panel(page: Any) -> bool:
    """Whether the page's editor has the panel that says the same."""
    return _has_panel(type(page).get_edit_handler())


def _has_panel(panel: Any) -> bool:
    if isinstance(panel, ProductsAttentionPanel):
        return True
    return any(_has_panel(child) for child in getattr(panel, "children", ()))
