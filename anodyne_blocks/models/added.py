"""What a site's own model has besides the package's abstract one."""

from __future__ import annotations

from typing import Any

from django.db import models


def added_fields(model: type[models.Model], base: type[models.Model]) -> list[Any]:
    """The columns of a model that `base` has not, without the primary key."""
    given = {field.name for field in base._meta.concrete_fields}
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in given and not field.primary_key
    ]
