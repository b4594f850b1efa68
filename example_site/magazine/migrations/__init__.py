"""Migrations of the magazine."""
