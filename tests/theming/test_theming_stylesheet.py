"""The stylesheets' and the script's promises: small, in one layer, right in both directions."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

import anodyne_blocks
from anodyne_blocks.templatetags.anodyne_blocks import PARTS, STYLESHEET

STATIC = Path(anodyne_blocks.__file__).parent / "static" / "anodyne_blocks"
# The one of every page, and the parts that some elements need.
SHEETS = {
    path.removeprefix("anodyne_blocks/"): (STATIC.parent / path).read_text()
    for path in (STYLESHEET, *PARTS)
}
RULES = {
    name: re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).strip() for name, css in SHEETS.items()
}
TOKENS = (
    "accent",
    "accent-contrast",
    "surface",
    "border",
    "muted",
    "radius",
    "space",
    "shadow",
    "ground",
)

# What names a side of the screen, and not of the text.
PHYSICAL = re.compile(
    r"""(?:^|[\s;{])(?:
        (?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[\w-]*
        |border-(?:top|bottom)-(?:left|right)-radius
        |left|right|top|bottom|width|height|(?:min|max)-(?:width|height)
        )\s*:
        |(?:text-align|float|clear)\s*:\s*(?:left|right)""",
    re.VERBOSE,
)


def test_the_stylesheets_are_small() -> None:
    sizes = {name: len(gzip.compress(css.encode(), 9)) for name, css in SHEETS.items()}
    assert sizes["anodyne.css"] < 6 * 1024
    assert sum(sizes.values()) < 9 * 1024


def test_the_script_is_small() -> None:
    assert (STATIC / "anodyne.js").stat().st_size < 1.5 * 1024


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_rule_names_a_side_of_the_screen(sheet: str) -> None:
    """Arabic pages would have margins on the wrong side."""
    assert PHYSICAL.findall(RULES[sheet]) == []


@pytest.mark.parametrize("rule", ["a{margin-left:1em}", "a { float: right }", "a{\n  top: 0}"])
def test_the_search_for_sides_finds_them(rule: str) -> None:
    assert PHYSICAL.search(rule)


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_rule_is_in_the_layer(sheet: str) -> None:
    """So that any rule of a site wins, however plain its selector."""
    opening, _, rest = RULES[sheet].partition("{")
    assert opening.strip() == "@layer anodyne"
    depth = 1
    for position, character in enumerate(rest):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            assert rest[position + 1 :].strip() == ""
    assert depth == 0


@pytest.mark.parametrize("sheet", sorted(STATIC.glob("*.css")), ids=lambda path: path.name)
def test_nothing_is_important(sheet: Path) -> None:
    """In a layer it would beat every rule of the site."""
    assert not re.search(r"!\s*important", sheet.read_text())


@pytest.mark.parametrize("token", (*TOKENS, "sale"))
def test_every_token_is_read_with_a_default(token: str) -> None:
    uses = re.findall(rf"var\(\s*--anodyne-{token}\s*([,)])", "".join(RULES.values()))
    assert uses and set(uses) == {","}


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_token_is_set(sheet: str) -> None:
    """A value set here would hide what a theme sets further up the page."""
    assert not re.findall(r"--anodyne-[\w-]+\s*:", RULES[sheet])


@pytest.mark.parametrize("sheet", SHEETS)
def test_what_templates_name_is_styled_and_the_reverse(sheet: str) -> None:
    """A class in a selector that no template prints is a typing error."""
    package = STATIC.parents[1]
    templates = (package / "templates" / "anodyne_blocks").glob("*.html")
    # A citation stands in rich text, which no template makes.
    in_texts = package / "article" / "citations.py"
    absent = package / "blocks" / "absent.py"
    printed = {
        name
        for path in (*templates, in_texts, absent)
        for name in re.findall(r"anodyne-[\w-]+", path.read_text())
    }
    styled = set(re.findall(r"\.(anodyne-[\w-]+)", RULES[sheet]))
    assert styled <= printed
