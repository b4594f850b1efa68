"""`manage.py demo`: the whole demonstration in one command."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from wagtail.models import Site

from example_site.magazine.build import build
from example_site.magazine.models import ArticlePage, FrontPage

USER = PASSWORD = "editor"  # noqa: S105 (for a demonstration on one's own machine)


class Command(BaseCommand):
    """The first run builds everything; later runs keep what was edited."""

    help = "Migrates, imports the shop's products, builds the magazine if need be, and serves it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="Build only.")

    def handle(self, *args: Any, **options: Any) -> None:
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0, interactive=False)
        if FrontPage.objects.exists():
            # The shop confirms its prices, as cron would do it.
            call_command("import_products", verbosity=0)
        else:
            self.stdout.write("Building the magazine, once …")
            build()
        users = get_user_model().objects
        if not users.exists():
            users.create_superuser(USER, "editor@atlas-axis.example", PASSWORD)
        # Wagtail makes full addresses of this, and forgets those of before when a site is saved.
        for site in Site.objects.all():
            site.hostname, site.port = "127.0.0.1", options["port"]
            site.save()
        self._print_addresses(options["port"])
        if not options["no_serve"]:
            call_command("runserver", f"127.0.0.1:{options['port']}", use_reloader=False)

    def _print_addresses(self, port: int) -> None:
        base = f"http://127.0.0.1:{port}"
        self.stdout.write(
            f"\n{settings.WAGTAIL_SITE_NAME}, a magazine for people with sore backs\n"
        )
        for code, name in settings.LANGUAGES:
            self.stdout.write(f"  {base}/{code}/  {name}")
        newest = ArticlePage.objects.live().order_by("-first_published_at").first()
        self.stdout.write(f"  {base}/api/v2/pages/  the API; also /api/v3/docs, /api/graphql/")
        if newest is not None:
            shown = f"{base}/headless/?page={newest.url}"
            self.stdout.write(f"  {shown}  a front end of its own, once it is built")
            self.stdout.write(f"  {base}{newest.url}  {newest.title}")
        self.stdout.write(f"  {base}/admin/  user “{USER}”, password “{PASSWORD}”\n")
