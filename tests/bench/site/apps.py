"""The app of the baselines."""

from django.apps import AppConfig


class BenchSite(AppConfig):
    """Has no migrations: its database is made anew for each run."""

    name = "tests.bench.site"
    label = "bench_site"
    default_auto_field = "django.db.models.BigAutoField"
