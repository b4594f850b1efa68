"""Sites with models of their own: what they have, and how a site with content comes by them."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "how-to" / "own-models.md"
MANAGE = [sys.executable, "-m", "django"]
# A product on a page, and a group that may change products.
CONTENT = """
from django.contrib.auth.models import Group, Permission
from tests import factories
product = factories.product("nl")
factories.page(("product_card", {"product": product.pk}), language="nl")
group = Group.objects.create(name="Shop")
group.permissions.add(Permission.objects.get(codename="change_product"))
"""
SHOWN = """
from django.contrib.auth.models import Permission
from anodyne_blocks.catalogue.usage import pages_showing
from anodyne_blocks.models import get_product_model
from tests import factories
from tests.testapp.models import ArticlePage
page, product = ArticlePage.objects.get(), get_product_model().objects.get()
assert factories.TITLES["nl"] in str(page.body.render_as_block())
assert pages_showing([product.pk]) == {product.pk: {page.pk}}
permission = Permission.objects.get(group__name="Shop")
print(product._meta.label, permission.content_type.app_label)
"""


def run(command: Sequence[str], site: str, migrations: Path, **environment: str) -> str:
    """The output of a command that must succeed, with the site's settings and own database."""
    result = subprocess.run(
        command,
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": f"tests.sites.{site}.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(migrations)]),
            "ANODYNE_TEST_DB_NAME": f"anodyne_{site}_{os.getpid()}",
            **environment,
        },
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def migrations_of(site: str, folder: Path) -> None:
    """A package for what `makemigrations` writes for a site."""
    package = folder / f"migrations_of_{site}"
    package.mkdir()
    (package / "__init__.py").touch()


@pytest.mark.once
def test_a_site_with_its_own_models_has_all_that_the_package_does(tmp_path: Path) -> None:
    migrations_of("own_models", tmp_path)
    run([*MANAGE, "makemigrations", "own_models"], "own_models", tmp_path)
    checks = str(Path(__file__).parent / "own_models" / "checks.py")
    pytest_ = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    run([*pytest_, checks], "own_models", tmp_path)


@pytest.mark.matrix
def test_a_site_with_content_changes_over_as_the_guide_says(tmp_path: Path) -> None:
    blocks = GUIDE.read_text().split("```")
    (hand_over,) = (block for block in blocks if "ContentType.objects" in block)
    hand_over = textwrap.dedent(hand_over.removeprefix("python")).replace('"shop"', '"taken_over"')
    migrations_of("taken_over", tmp_path)

    def manage(step: str, *command: str) -> str:
        database = str(tmp_path / "db.sqlite3")
        return run([*MANAGE, *command], "taken_over", tmp_path, STEP=step, DATABASE=database)

    manage("before", "migrate")
    manage("before", "shell", "-c", CONTENT)
    assert manage("before", "shell", "-c", SHOWN).endswith(
        "anodyne_blocks.Product anodyne_blocks\n"
    )
    manage("made", "makemigrations", "taken_over", "--skip-checks")
    manage("made", "migrate", "taken_over", "--fake", "--skip-checks")
    manage("set", "shell", "-c", hand_over)
    manage("set", "check", "--database", "default")
    manage("set", "makemigrations", "--check", "anodyne_blocks", "taken_over")
    manage("set", "migrate")
    assert manage("set", "shell", "-c", SHOWN).endswith("taken_over.Product taken_over\n")
