"""Sphinx configuration of the documentation."""

import ast
from pathlib import Path

import django
from django.conf import settings

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
# Wagtail's methods are documented by Wagtail.
autodoc_inherit_docstrings = False
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"Anodyne Blocks {release}"

# The reference is made of docstrings, and models can be read only when their apps are there.
settings.configure(
    INSTALLED_APPS=[
        "anodyne_blocks",
        *(f"wagtail.{app}" for app in ("snippets", "documents", "images", "admin", "users")),
        "wagtail",
        "modelcluster",
        "taggit",
        *(f"django.contrib.{app}" for app in ("auth", "contenttypes", "messages", "sessions")),
    ],
    STATIC_URL="/static/",
    USE_TZ=True,
)
django.setup()
