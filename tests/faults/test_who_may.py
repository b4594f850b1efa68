"""Every address of ours in the admin × eight kinds of user: who may not gets nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from wagtail.models import GroupPagePermission, Page

from anodyne_blocks.models import get_person_model, get_product_model, get_shop_rating_model
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

KINDS = (
    "anonymous", "nobody", "inactive", "editor", "moderator", "of products", "of people", "all",
)  # fmt: skip
# What each user of the admin may, besides entering it.
PERMISSIONS = {
    "of products": ("add_product", "change_product", "delete_product", "view_product"),
    "of people": ("add_person", "change_person", "delete_person", "view_person"),
}
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


def addresses(rows: dict[Any, Any], patterns: Any = None, before: str = "/") -> Iterator[Any]:
    """(address, model or None) of each view of ours, its parameters filled in."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern).lstrip("^").removesuffix("$").removesuffix(r"\Z")
        if not isinstance(pattern, URLPattern):
            yield from addresses(rows, pattern.url_patterns, route)
            continue
        view = getattr(pattern.callback, "view_class", None)
        model = getattr(pattern.callback, "view_initkwargs", {}).get("model")
        is_ours = model in rows or (view and view.__module__.startswith("anodyne_blocks."))
        if not is_ours or not route.startswith("/admin/"):
            continue
        model = model or getattr(view, "model", None)
        row = rows.get(model)

        def filled(match: re.Match[str], row: Any = row) -> str:
            return str(row.pk if row is not None else 1)

        yield PARAMETER.sub(filled, route), model


@pytest.fixture
def rows(db: None) -> dict[Any, Any]:
    return {
        get_product_model(): factories.product("en"),
        get_person_model(): factories.person(),
        get_shop_rating_model(): factories.rating(),
    }


def client_of(kind: str) -> Client:
    client = Client(raise_request_exception=False)
    if kind == "anonymous":
        return client
    user = get_user_model().objects.create_user(kind, f"{len(kind)}@example.org", "s")
    if kind == "all":
        user.is_superuser = True
    elif kind not in ("nobody", "inactive"):
        name = {"editor": "Editors", "moderator": "Moderators"}.get(kind, kind)
        group = Group.objects.get_or_create(name=name)[0]
        named = ("access_admin", *PERMISSIONS.get(kind, ()))
        group.permissions.add(*Permission.objects.filter(codename__in=named))
        if kind in ("editor", "moderator"):
            change = Permission.objects.get(codename="change_page")
            root = Page.objects.get(depth=1)
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=change)
        user.groups.add(group)
    user.is_active = kind != "inactive"
    user.save()
    client.force_login(user)
    return client


# Wagtail's own widgets start by scripts within the page; its inline panels do so, too.
OF_WAGTAIL = re.compile(
    r"new \w+Chooser\(|initDate(?:Time)?Chooser\(|\(function\(\) \{\s*var panel = new InlinePanel\("
)
DATA = re.compile(r"application/(?:ld\+)?json|text/(?:x-|django-form-)?template")


def inline(html: str) -> list[str]:
    """What a strict Content-Security-Policy refuses in a page, but for Wagtail's own widgets."""
    found = []
    for tag in BeautifulSoup(html, "html.parser").find_all(True):
        found += [
            f"{tag.name} {name}={value}"
            for name, value in tag.attrs.items()
            if name.startswith("on") or name == "style" or str(value).startswith("javascript:")
        ]
        text = tag.get_text().strip()
        is_data = DATA.fullmatch(tag.get("type", "")) or tag.get("src")
        is_script = tag.name == "script" and not is_data and not OF_WAGTAIL.match(text)
        if is_script or tag.name == "style":
            found.append(f"{tag.name}: {text[:80]}")
    return found


def test_nothing_of_ours_needs_inline_scripts_or_styles(rows: dict[Any, Any]) -> None:
    """So that the admin keeps working under as strict a policy as Wagtail's own pages do."""
    client, page = client_of("all"), factories.page()
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    answers = {address: client.get(address) for address in (edit, *dict(addresses(rows)))}
    found = {}
    for address, answer in answers.items():
        if answer.status_code == 200:
            is_json = answer["Content-Type"] == "application/json"
            html = answer.json().get("html", "") if is_json else answer.content.decode()
            found[address] = inline(html)
    assert len(found) > 40
    assert {address: lines for address, lines in found.items() if lines} == {}
    print(f"{len(found)} pages and dialogs of the admin: inline scripts and styles 0")


def test_who_may_what(rows: dict[Any, Any]) -> None:
    product, person, _rating = rows
    seen: Counter[str] = Counter()
    found = list(dict.fromkeys(addresses(rows)))
    assert len(found) > 45
    for kind in KINDS:
        client = client_of(kind)
        may = {"all": set(rows), "of products": {product}, "of people": {person}}.get(kind, set())
        for address, model in found:
            # Who may is asked for forms alone: Wagtail's own take no empty answer.
            for method in ("get",) if model in may or kind == "all" else ("get", "post"):
                status = getattr(client, method)(address).status_code
                seen[kind] += 1
                assert status < 500, (kind, method, address)
                if kind in ("anonymous", "nobody", "inactive"):
                    assert status in (302, 403, 404, 405), (kind, method, address, status)
                elif model in rows and model not in may and "choose" not in address:
                    # Wagtail's choosers are for all who write pages.
                    assert status in (302, 403, 404, 405), (kind, method, address, status)
                elif model in may and method == "get" and address.endswith(("/edit/", "/add/")):
                    assert status == 200, (kind, address, status)
    assert set(seen) == set(KINDS)
    print(f"{len(found)} addresses, {len(KINDS)} kinds of user: {seen.total()} answers, 5xx 0")
