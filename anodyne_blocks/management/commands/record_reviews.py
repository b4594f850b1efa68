"""`manage.py record_reviews`: takes the texts of live pages as those that were reviewed."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from anodyne_blocks.article import reviews
from anodyne_blocks.article.walking import block_definitions
from anodyne_blocks.conf import page_model
from anodyne_blocks.models import Review


class Command(BaseCommand):
    """Once, for pages that were published before the package kept such records."""

    help = (
        "Records the text of each live page with a reviewer box as the one that was reviewed."
        " What is recorded already stays."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for model in apps.get_models():
            if issubclass(model, page_model()) and any(
                map(reviews.tells_of_reviews, block_definitions(model))
            ):
                for page in model._default_manager.filter(live=True, alias_of=None).iterator():
                    reviews.record(page)
        count = Review.objects.filter(is_shown=True).values("page").distinct().count()
        self.stdout.write(f"Pages with a recorded review: {count}")
