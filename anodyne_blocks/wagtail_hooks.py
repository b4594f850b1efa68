"""Wagtail hooks: icons and the admin's views."""
