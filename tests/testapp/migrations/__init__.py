"""Migrations of the test site."""
