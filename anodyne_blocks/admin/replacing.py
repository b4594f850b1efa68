"""One product in another's place on a page: who may, what becomes of the page, and the deed."""

from __future__ import annotations

import logging
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogContext, LogFormatter, log
from wagtail.models import PageLogEntry
from wagtail.permission_policies.pages import PagePermissionPolicy

from anodyne_blocks.admin.pages import PageLinks
from anodyne_blocks.catalogue.replacing import replace_in
from anodyne_blocks.conf import page_model
from anodyne_blocks.models import AbstractProduct
from anodyne_blocks.signals import fetch_pictures

ACTION = "anodyne_blocks.replace_product"
logger = logging.getLogger(__name__)


class Refused(Exception):
    """A page is left as it is; the text says why."""


class Outcome(NamedTuple):
    """What became of a page: `is_live`, a draft, or what `failed`."""

    page: Any
    is_live: bool = False
    failed: Any = ""


def may_replace(user: Any) -> bool:
    """Whether a user may edit any page."""
    return bool(PagePermissionPolicy().user_has_permission(user, "change"))


def replace_url(product: AbstractProduct, user: Any) -> str:
    """Where a user replaces a product on pages; "" for who may edit none."""
    if not may_replace(user):
        return ""
    return reverse(product.snippet_viewset.get_url_name("replace"), args=[product.pk])


def reason_against(page: Any, user: Any) -> Any:
    """Why a user may not change a specific page now, in words or safe HTML; "" if they may."""
    if page.alias_of_id:
        return gettext("It is an alias: it follows its original when that is published.")
    permissions = page.permissions_for_user(user)
    if not permissions.can_edit():
        return PageLinks([], 1).others
    if permissions.page_locked():
        lock = page.get_lock()
        return lock.get_message(user) or lock.get_description(user)
    return ""


def goes_live(page: Any, user: Any) -> bool:
    """Whether a change is published at once: nothing else would be published with it."""
    is_later = page.go_live_at is not None and page.go_live_at > timezone.now()
    return bool(
        page.live
        and not page.has_unpublished_changes
        and not page.workflow_in_progress
        and not is_later
        and page.permissions_for_user(user).can_publish()
    )


def seen(page: Any) -> str:
    """What a form sends of a page: its id, and which revision was looked at."""
    return f"{page.pk}-{page.latest_revision_id or 0}"


def replace_on(key: str, old: AbstractProduct, new: AbstractProduct, user: Any) -> Outcome | None:
    """Replace a product on the page of a key made by `seen`, as a whole or not at all.

    None for a key that names no page.
    """
    pk = key.partition("-")[0]
    page = page_model().objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
    if page is None:
        return None
    try:
        # Histories show one entry for what has one id: in each page's stands what was done there.
        with LogContext(user=user), transaction.atomic():
            return _replace(key, page, old, new, user)
    except Refused as refused:
        return Outcome(page, failed=refused.args[0])
    except ValidationError as error:
        return Outcome(page, failed=" ".join(error.messages))
    except Exception:
        # The site's own code and its receivers are part of it.
        logger.exception("A product could not be replaced on page %s.", pk)
        return Outcome(page, failed=gettext("This did not work. Try it again."))


def _replace(key: str, page: Any, old: Any, new: Any, user: Any) -> Outcome:
    page = page_model().objects.select_for_update().get(pk=page.pk).specific
    if reason := reason_against(page, user):
        raise Refused(reason)
    changed = gettext("It was changed since you looked at it.")
    if seen(page) != key:
        raise Refused(changed)
    is_published = goes_live(page, user)
    draft = page.get_latest_revision_as_object()
    if not _can_be_brought_back(page):
        draft.save_revision(user=user, log_action=True)
    if not replace_in(draft, old, new):
        raise Refused(changed)
    revision = draft.save_revision(user=user)
    names = {"old": old.name, "new": new.name}
    log(draft, ACTION, user=user, revision=revision, content_changed=True, data=names)
    if is_published:
        revision.publish(user=user)
    else:
        fetch_pictures(draft)
    return Outcome(draft, is_live=is_published)


def _can_be_brought_back(page: Any) -> bool:
    """Whether a page's history offers its latest revision: what scripts save, it may not know."""
    entries = PageLogEntry.objects.filter(page=page.pk, content_changed=True)
    known = entries.filter(revision=page.latest_revision_id).exclude(action="wagtail.publish")
    return page.latest_revision_id is not None and known.exists()


class ReplacedFormatter(LogFormatter):
    """What a page's history says of it."""

    label = _("Replace a product")

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data or {}
        return gettext("Replaced “%(old)s” with “%(new)s”") % {
            "old": data.get("old", ""),
            "new": data.get("new", ""),
        }
