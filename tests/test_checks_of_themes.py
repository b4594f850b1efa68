"""System checks of a theme: which contract an override names, and what has changed since."""

from __future__ import annotations

from pathlib import Path

import pytest

from anodyne_blocks.article.rendering import Contract
from anodyne_blocks.checks import contracts
from tests.test_checks import messages


@pytest.fixture
def theme(settings, tmp_path: Path) -> Path:
    """A folder of template overrides; whatever is in it comes before the package's own."""
    folder = tmp_path / "theme" / "anodyne_blocks"
    folder.mkdir(parents=True)
    engine = {**settings.TEMPLATES[0], "DIRS": [str(folder.parent)]}
    settings.TEMPLATES = [engine]
    return folder


def test_an_override_for_the_present_contract_raises_nothing(theme):
    line = "{# anodyne_blocks: faq, contract 1.0 #}"
    (theme / "faq.html").write_text(line + '\n{% extends "anodyne_blocks/faq.html" %}')
    assert messages() == {}


def test_an_override_without_its_contract_is_told_which_to_name(theme):
    (theme / "faq.html").write_text("<details></details>")
    found = messages()
    assert list(found) == ["W011"]
    assert str(theme / "faq.html") in found["W011"].msg
    assert "{# anodyne_blocks: faq, contract 1.0 #}" in found["W011"].hint


def test_an_override_that_is_found_too_late_is_told(settings, tmp_path):
    late = tmp_path / "anodyne_blocks" / "faq.html"
    late.parent.mkdir()
    late.write_text("<details></details>")
    loaders = [
        "django.template.loaders.app_directories.Loader",
        ("django.template.loaders.filesystem.Loader", [str(tmp_path)]),
    ]
    options = {**settings.TEMPLATES[0]["OPTIONS"], "loaders": loaders}
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "APP_DIRS": False, "OPTIONS": options}]
    found = messages()
    assert list(found) == ["W014"]
    assert str(late) in found["W014"].msg
    assert "before anodyne_blocks" in found["W014"].hint


def test_an_override_for_an_older_contract_is_told_what_changed(theme, monkeypatch):
    changes = {
        "0.8": {"faq": "An older change."},
        "0.10": {"faq": "Print element.summary.", "share": "Of another template."},
        "1.0": {"faq": "Print element.anchor."},
    }
    monkeypatch.setattr(contracts, "CHANGES", changes)
    (theme / "faq.html").write_text("{# anodyne_blocks: faq, contract 0.9 #}\n")
    found = messages()
    assert list(found) == ["W010"]
    assert "contract 0.9; now it is 1.0" in found["W010"].msg
    assert found["W010"].hint.startswith("Print element.summary. Print element.anchor. Then")


def test_a_broken_override_is_left_to_django(theme):
    (theme / "faq.html").write_text("{# anodyne_blocks: faq, contract 1.0 #}{% if %}")
    assert messages() == {}


@pytest.mark.parametrize(
    "path", sorted(contracts.TEMPLATES.glob("*.html")), ids=lambda path: path.stem
)
def test_each_template_of_an_element_names_its_contract_and_each_change_is_told(path):
    if path.stem == "preview":
        return
    source = path.read_text(encoding="utf-8")
    contract = Contract.of(source)
    assert contract is not None and source.startswith(f"{{# anodyne_blocks: {path.stem}, ")
    if contract.version != (1, 0):
        told = {version for version, texts in contracts.CHANGES.items() if path.stem in texts}
        assert ".".join(map(str, contract.version)) in told
