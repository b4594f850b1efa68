"""The steps of docs/how-to/uninstall.md on a site with content, each in a process of its own."""

import sys
from decimal import Decimal

import django
from django.core.management import call_command


def come() -> None:
    """Install; content as editors make it, with traces in all of Wagtail's logs."""
    call_command("makemigrations", "pages", verbosity=0)
    call_command("migrate", verbosity=0)
    from django.contrib.auth.models import Group, Permission, User
    from django.utils import timezone
    from pages.models import ArticlePage
    from wagtail.log_actions import log
    from wagtail.models import ModelLogEntry, Page, ReferenceIndex

    from anodyne_blocks.models import Offer, Person, Product

    user = User.objects.create_superuser("editor", "editor@example.org", "secret")
    sellers = Group.objects.create(name="Sellers")
    sellers.permissions.add(*Permission.objects.filter(content_type__app_label="anodyne_blocks"))
    person = Person.objects.create(name="Ada Holm")
    log(person, "wagtail.create", user=user)
    product = Product.objects.create(name="Lumbar cushion")
    Offer.objects.create(
        product=product,
        market="en",
        title="Lumbar cushion",
        url="https://example.org/cushion",
        price=Decimal("53.00"),
        currency="GBP",
        checked_at=timezone.now(),
    )
    page = ArticlePage(
        title="Sitting",
        slug="sitting",
        body=[
            ("heading", {"text": "What helps"}),
            ("paragraph", {"text": "<p>Move often.</p>"}),
            ("product_card", {"product": product}),
            ("reviewer", {"person": person, "reviewed": timezone.localdate()}),
        ],
    )
    Page.objects.get(depth=2).add_child(instance=page)
    page.save_revision(user=user, log_action=True).publish()
    assert "Lumbar cushion" in str(page.body)
    assert ReferenceIndex.get_references_to(product).exists()
    assert ModelLogEntry.objects.filter(content_type__app_label="anodyne_blocks").exists()


def leave() -> None:
    """The body becomes plain, without cards; the log entries and the package's tables go."""
    call_command("makemigrations", "pages", verbosity=0)
    call_command("migrate", verbosity=0)
    from wagtail.models import ModelLogEntry

    ModelLogEntry.objects.filter(content_type__app_label="anodyne_blocks").delete()
    call_command("migrate", "anodyne_blocks", "zero", verbosity=0)


def clear() -> None:
    """The package cannot be imported any more: nothing of it remains, and the site works."""
    call_command("check")
    call_command("makemigrations", check_changes=True)
    call_command("remove_stale_contenttypes", include_stale_apps=True, interactive=False)
    call_command("rebuild_references_index", verbosity=0)
    assert "anodyne_blocks" not in {name.partition(".")[0] for name, m in sys.modules.items() if m}
    assert remains() == []
    show()


def come_back() -> None:
    """Install again: the texts are shown by the package's blocks, and nothing else is left."""
    call_command("makemigrations", "pages", verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("makemigrations", check_changes=True)
    show()
    from pages.models import ArticlePage

    from anodyne_blocks.models import Person, Product

    assert not Product.objects.exists() and not Person.objects.exists()
    page = ArticlePage.objects.get()
    page.body.append(("product_card", {"product": Product.objects.create(name="New")}))
    page.save_revision().publish()
    assert '<h2 class="anodyne-heading"' in str(page.body)


def remains() -> list[str]:
    """What is left of the package in the database."""
    from django.contrib.auth.models import Permission
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection
    from wagtail.models import ModelLogEntry, ReferenceIndex, Revision

    found = [name for name in connection.introspection.table_names() if "anodyne" in name]
    found += map(str, ContentType.objects.filter(app_label="anodyne_blocks"))
    known = set(ContentType.objects.values_list("pk", flat=True))
    for model, name in (
        (Permission, "content_type"),
        (Revision, "content_type"),
        (Revision, "base_content_type"),
        (ReferenceIndex, "content_type"),
        (ReferenceIndex, "to_content_type"),
        (ModelLogEntry, "content_type"),
    ):
        found += map(str, model.objects.exclude(**{f"{name}__in": known}))
    return found


def show() -> None:
    """The page, its last revision and what the admin shows of them."""
    from django.contrib.auth.models import User
    from django.test import Client
    from pages.models import ArticlePage

    page = ArticlePage.objects.get()
    for body in (page.body, page.latest_revision.as_object().body):
        assert [child.block_type for child in body] == ["heading", "paragraph"]
        assert "What helps" in str(body) and "Move often." in str(body)
    client = Client()
    client.force_login(User.objects.get())
    edit = f"/admin/pages/{page.pk}/"
    for path in (f"{edit}edit/", f"{edit}history/", "/admin/reports/site-history/"):
        assert client.get(path).status_code == 200, path


if __name__ == "__main__":
    django.setup()
    globals()[sys.argv[1]]()
