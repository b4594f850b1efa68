"""Checks of a site's own models, and of the database that was made for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Tags, register
from django.db import connections, models, router

from anodyne_blocks import conf
from anodyne_blocks.checks.messages import Messages, error, warning
from anodyne_blocks.models import (
    AbstractPerson,
    AbstractProduct,
    AbstractShopRating,
    Offer,
    get_product_model,
)
from anodyne_blocks.models.added import added_fields

BASES: dict[str, type[models.Model]] = {
    conf.PRODUCT_MODEL: AbstractProduct,
    conf.PERSON_MODEL: AbstractPerson,
    conf.SHOP_RATING_MODEL: AbstractShopRating,
}
HOW_TO = "See “Models of your own” in the how-to guides."


@register(Tags.models, "anodyne_blocks")
def check_models(**kwargs: Any) -> list[CheckMessage]:
    """That each model is made of the package's abstract one, and products can be imported."""
    wrong = [message for setting in BASES for message in _base(setting)]
    return wrong or [*_product(get_product_model()), *_forgotten()]


def _base(setting: str) -> Messages:
    base = BASES[setting]
    if not issubclass(conf.stored_model(setting), base):
        yield error(
            41,
            f"{setting} is {conf.model_label(setting)!r}, which is no {base.__name__}.",
            f"Derive it from anodyne_blocks.models.{base.__name__}.",
        )


def _forgotten() -> Messages:
    for setting, base in BASES.items():
        stored = conf.stored_model(setting)
        for model in apps.get_models():
            if issubclass(model, base) and not issubclass(model, stored):
                yield warning(
                    41,
                    f"{model._meta.label} is made of {base.__name__}, but nothing uses it.",
                    f"Write {setting} = “{model._meta.label}” in the settings. {HOW_TO}",
                )


def _product(model: type[AbstractProduct]) -> Messages:
    label = model._meta.label
    if not isinstance(model._meta.pk, models.IntegerField):
        yield error(
            42,
            f"The primary key of {label} is no whole number.",
            "Offers and pages refer to products by numbers: leave the key to Django.",
        )
    unique = [{*constraint.fields} for constraint in model._meta.total_unique_constraints]
    if {"shop", "external_id"} not in unique:
        yield error(
            43,
            f"{label} has no unique constraint on shop and external_id.",
            "Write `class Meta(AbstractProduct.Meta)`, or add the constraint to your own.",
        )
    for field in added_fields(model, AbstractProduct):
        if (field.get_default() is None and not field.null) or (field.unique and not field.null):
            yield error(
                44,
                f"{label}.{field.name} cannot be left out of a product that a shop sends.",
                "Give it a default, or null=True; what is unique, null=True.",
            )


@register(Tags.database, "anodyne_blocks")
def check_tables(databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """That the settings name the models for which the database was made."""
    return [message for alias in databases or () for message in _tables(alias)]


def _tables(alias: str) -> Messages:
    tables = set(connections[alias].introspection.table_names())
    if Offer._meta.db_table not in tables or not router.allow_migrate_model(alias, Offer):
        return
    for setting, label in conf.MODELS.items():
        ours, model = apps.get_model(label), conf.stored_model(setting)
        table = ours._meta.db_table
        if model is ours and table not in tables:
            yield error(
                45,
                f"{setting} is not set, and the database {alias!r} was made with another model.",
                f"Set it as it was before. {HOW_TO}",
            )
        elif table in tables and table != model._meta.db_table:
            yield error(
                46,
                f"{setting} is {model._meta.label!r}, but the database {alias!r} has the table"
                f" {table}: it was made before that was set.",
                f"Let your model take the table over. {HOW_TO}",
            )
