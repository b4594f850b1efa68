"""System checks of a site's own models, and of databases that were made for others."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.migrations.writer import MigrationWriter
from django.test.utils import isolate_apps

from anodyne_blocks import conf
from anodyne_blocks.checks.models import check_models, check_tables
from anodyne_blocks.models import AbstractProduct
from tests.testapp.models import ArticlePage


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`use(setting, model)` makes it the model of a setting."""

    def replace(setting: str, model: Any) -> None:
        stored = conf.stored_model
        monkeypatch.setattr(
            conf, "stored_model", lambda name: model if name == setting else stored(name)
        )

    return replace


def told(messages: list[CheckMessage]) -> dict[str, str]:
    """{id without the app's name: message and hint}."""
    return {
        str(message.id).partition(".")[2]: f"{message.msg} {message.hint}" for message in messages
    }


def test_a_model_that_is_not_made_of_the_package_s_is_refused(use):
    use(conf.PERSON_MODEL, ArticlePage)
    found = told(check_models())
    assert list(found) == ["E041"]
    assert "AbstractPerson" in found["E041"]


@isolate_apps("tests.testapp")
def test_a_product_that_a_shop_could_not_send_is_refused(use):
    class Sized(AbstractProduct):
        number = models.UUIDField(primary_key=True)
        size = models.IntegerField()
        code = models.CharField(max_length=9, unique=True)
        note = models.CharField(max_length=9, blank=True)
        ean = models.BigIntegerField(unique=True, null=True)

        class Meta:
            app_label = "testapp"

    use(conf.PRODUCT_MODEL, Sized)
    messages = [message for message in check_models() if message.id != "anodyne_blocks.W041"]
    assert [message.msg.split(" cannot ")[0] for message in messages] == [
        "The primary key of testapp.Sized is no whole number.",
        "testapp.Sized has no unique constraint on shop and external_id.",
        "testapp.Sized.size",
        "testapp.Sized.code",
    ]


@pytest.mark.django_db
def test_a_database_that_was_made_before_the_setting_is_told(use):
    assert check_tables(["default"]) == []
    use(conf.SHOP_RATING_MODEL, ArticlePage)
    found = told(check_tables(["default"]))
    assert list(found) == ["E046"]
    assert "anodyne_blocks_shoprating" in found["E046"]


def test_a_setting_that_names_no_model_is_told_at_once(settings):
    settings.ANODYNE_BLOCKS_PERSON_MODEL = "people"
    with pytest.raises(ImproperlyConfigured, match="ANODYNE_BLOCKS_PERSON_MODEL is 'people'"):
        conf.stored_model(conf.PERSON_MODEL)


def test_a_site_that_sets_nothing_can_migrate_what_refers_to_a_person(settings):
    key = models.ForeignKey("anodyne_blocks.Person", on_delete=models.CASCADE)
    written, _imports = MigrationWriter.serialize(key)
    assert "to=settings.ANODYNE_BLOCKS_PERSON_MODEL" in written
    assert settings.ANODYNE_BLOCKS_PERSON_MODEL == "anodyne_blocks.Person"
