"""Migrations of the previewing site."""
