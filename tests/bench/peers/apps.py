"""The app of a peer's site."""

from django.apps import AppConfig


class Peers(AppConfig):
    """Carries the label of the benchmark's own site, by which naive blocks name their models."""

    name = "tests.bench.peers"
    label = "bench_site"
    default_auto_field = "django.db.models.BigAutoField"
