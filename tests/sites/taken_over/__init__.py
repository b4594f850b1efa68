"""A site whose own products took the package's table over: see `test_own_models.py`."""
