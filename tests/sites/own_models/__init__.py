"""A site with products, people and shop ratings of its own; see `checks.py` for what is checked."""
