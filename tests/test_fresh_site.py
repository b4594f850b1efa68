"""The wheel in the site that `wagtail start` makes, on each supported Wagtail."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("render_every_block.py")
REQUIREMENTS = Path(__file__).parents[1] / "requirements"
MODELS = """
from anodyne_blocks.blocks import ArticleBody
from anodyne_blocks.fields import ArticleField
from wagtail.models import Page


class HomePage(Page):
    body = ArticleField(ArticleBody(), blank=True)
"""
TEMPLATE = """{% extends "base.html" %}{% load wagtailcore_tags anodyne_blocks %}
{% block extra_css %}{% anodyne_css %}{% endblock %}
{% block content %}{% include_block page.body %}{% endblock %}
"""

pytestmark = pytest.mark.matrix


def run(command: Sequence[object], cwd: Path) -> str:
    """The output of a command that must succeed, with no setting of this test run around it."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DJANGO_", "PYTHON", "ANODYNE_"))
    }
    result = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def constraints(lock: str, folder: Path) -> Path:
    """The versions of a lock; without the hashes, as pip would want one of the wheel too."""
    text = (REQUIREMENTS / f"{lock}.txt").read_text()
    path = folder / "constraints.txt"
    path.write_text("\n".join(re.findall(r"^[^\s#].*?(?= \\$)", text, re.MULTILINE)))
    return path


@pytest.mark.parametrize(("wagtail", "lock"), [("7.4", "wagtail-7.4"), ("8.0", "test")])
def test_one_app_and_one_field_render_every_element(
    wagtail: str, lock: str, wheel_path: Path, tmp_path: Path
) -> None:
    environment, site = tmp_path / "venv", tmp_path / "site"
    python = environment / "bin" / "python"
    run([sys.executable, "-m", "venv", environment], cwd=tmp_path)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    locked = ["--only-binary", ":all:", "--constraint", constraints(lock, tmp_path)]
    run([*pip, *locked, wheel_path, f"wagtail~={wagtail}.0"], cwd=tmp_path)
    site.mkdir()
    run([environment / "bin" / "wagtail", "start", "mysite", site], cwd=tmp_path)

    settings = site / "mysite" / "settings" / "base.py"
    before = settings.read_text()
    after = before.replace('    "search",\n', '    "search",\n    "anodyne_blocks",\n', 1)
    assert after != before
    settings.write_text(after)
    (site / "home" / "models.py").write_text(MODELS)
    (site / "home" / "templates" / "home" / "home_page.html").write_text(TEMPLATE)

    manage = [python, "-W", "error::DeprecationWarning:anodyne_blocks", "manage.py"]
    run([*manage, "makemigrations", "home"], cwd=site)
    run([*manage, "migrate", "--verbosity", "0"], cwd=site)
    run([*manage, "makemigrations", "--check"], cwd=site)
    run([*manage, "check", "--fail-level", "WARNING"], cwd=site)
    (site / SCRIPT.name).write_text(SCRIPT.read_text())
    output = run([python, SCRIPT.name], cwd=site)
    assert f"Wagtail {wagtail}" in output
