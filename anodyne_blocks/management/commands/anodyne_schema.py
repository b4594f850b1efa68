"""`manage.py anodyne_schema`: what headless clients may rely on, as JSON Schema or TypeScript."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from anodyne_blocks.api.published import FILES, published


class Command(BaseCommand):
    """Prints to standard output, so that a front end's build can keep its own copy."""

    help = "Prints the elements' schema, with the version of the contract."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=list(FILES), default="json-schema")

    def handle(self, *args: Any, format: str, **options: Any) -> None:
        self.stdout.write(published(format), ending="")
