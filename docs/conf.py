"""Sphinx configuration of the documentation."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent


def _version() -> str:
    """`__version__` of the package, read without importing it: that would need Django settings."""
    tree = ast.parse((ROOT / "anodyne_blocks" / "__init__.py").read_text())
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__version__":
            return ast.literal_eval(node.value)
    raise LookupError("anodyne_blocks has no __version__")


project = "Anodyne Blocks"
author = "The Anodyne Blocks authors"
release = version = _version()

extensions = ["myst_parser", "sphinx.ext.autodoc"]
autodoc_typehints = "none"
autodoc_member_order = "bysource"
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"Anodyne Blocks {release}"
