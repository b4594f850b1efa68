"""The small site that the tests run in."""
