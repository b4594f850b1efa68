"""A site's migrations name Wagtail's blocks alone, so that they load without the package."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.migrations.writer import MigrationWriter
from wagtail import blocks
from wagtail.fields import StreamField

from anodyne_blocks.blocks import ArticleBody, choosers
from anodyne_blocks.blocks.products import refuse_claim
from anodyne_blocks.fields import ArticleField

ROOT = Path(__file__).parents[2]
# As migrations made before the first release name them.
OLD = "anodyne_blocks.blocks.choosers."


def test_a_migration_imports_nothing_of_the_package() -> None:
    text, imports = MigrationWriter.serialize(ArticleField(ArticleBody(), blank=True))
    assert not [line for line in imports if "anodyne" in line]
    named = set(re.findall(r"anodyne[\w.]*", text))
    models = {"CriteriaSet", "Notice", "Person", "Product", "ShopRating"}
    assert named == {f"anodyne_blocks.{name}" for name in models}
    assert set(re.findall(r"'target_model': '(\w+\.\w+)'", text)) == named


def test_an_article_field_and_a_stream_field_are_one_to_migrations() -> None:
    """So that changing one for the other makes none."""
    article, plain = ArticleField(ArticleBody()), StreamField(ArticleBody())
    assert article.deconstruct() == plain.deconstruct()
    assert type(article.clone()) is ArticleField


@pytest.mark.once
@pytest.mark.django_db
def test_the_migrations_here_are_up_to_date() -> None:
    """Those of the tests' own site, and the package's; the example site's are beside it."""
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    line = [sys.executable, "example_site/manage.py", "makemigrations", "--check", "--dry-run"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_a_field_from_a_migration_is_the_same_to_the_next_one() -> None:
    field = ArticleField(ArticleBody(), blank=True)
    _name, _path, arguments, options = field.deconstruct()
    assert StreamField(*arguments, **options).deconstruct() == field.deconstruct()


@pytest.mark.parametrize(
    "name", ["ProductChooserBlock", "PersonChooserBlock", "ShopRatingChooserBlock"]
)
def test_choosers_in_older_migrations_need_no_new_one(name: str) -> None:
    written: dict[int, Any] = {0: (OLD + name, (), {"label": "It", "required": False})}
    old = ArticleField([("it", 0)], block_lookup=written)
    new = ArticleField([("it", getattr(choosers, name)(label="It", required=False))])
    assert old.deconstruct() == new.deconstruct()


def test_images_in_older_migrations_need_no_new_one() -> None:
    old = ArticleField([("it", 0)], block_lookup={0: (OLD + "FigureChooserBlock", (), {})})
    assert old.deconstruct() == ArticleField([("it", choosers.FigureChooserBlock())]).deconstruct()


def test_badges_in_older_migrations_still_load() -> None:
    """These named a function that refuses claims; a product card gets one new migration."""
    old = blocks.CharBlock(validators=[refuse_claim])
    assert ArticleField([("badge", old)]).stream_block.child_blocks["badge"] is old
