"""For editors of comparisons and verdicts: saved criteria, and the report of old tests."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.blocks import StructBlockValidationError

from anodyne_blocks import clock
from anodyne_blocks.blocks import ProductComparisonBlock
from anodyne_blocks.blocks.criteria import CriterionBlock
from anodyne_blocks.models import CriteriaSet, SavedCriterion
from tests import factories
from tests.json_ld.pages import verdict

REPORT = reverse("anodyne_blocks_old_tests")

pytestmark = pytest.mark.django_db


@pytest.fixture
def saved() -> CriteriaSet:
    made = CriteriaSet(name="Cushions")
    made.criteria = [
        SavedCriterion(name="Weight", kind="number", unit="kg", better="less"),
        SavedCriterion(name="Washable", kind="yes_no", better="more"),
    ]
    made.save()
    return made


def test_a_comparison_starts_from_saved_criteria_and_then_has_its_own(saved: CriteriaSet) -> None:
    block = ProductComparisonBlock()
    value = block.to_python(
        {
            "start_from": saved.pk,
            "criteria": [{"name": "weight", "kind": "text"}],
            "products": [{"product": factories.product("nl").pk}],
        }
    )
    value = block.clean_deferred(value)
    # What is there already stays as it is.
    assert [(one["name"], one["kind"], one["unit"]) for one in value["criteria"]] == [
        ("weight", "text", ""),
        ("Washable", "yes_no", ""),
    ]
    assert [one["criterion"] for one in value["products"][0]["values"]] == ["weight", "washable"]
    assert value["start_from"] is None
    saved.delete()
    assert block.to_python(block.get_prep_value(value))["criteria"][1]["name"] == "Washable"


def test_sets_are_edited_among_the_article_elements(admin_client: Client, saved: Any) -> None:
    viewset = CriteriaSet.snippet_viewset
    listing = admin_client.get(reverse(viewset.get_url_name("list")))
    assert "Cushions" in listing.content.decode()
    form = admin_client.get(reverse(viewset.get_url_name("edit"), args=[saved.pk]))
    assert 'value="Washable"' in form.content.decode()


def aged(days: int, title: str, **fields: Any) -> Any:
    day = (clock.today() - datetime.timedelta(days=days)).isoformat()
    product = factories.product("en", name=f"Product of {title}")
    value = verdict(product, tested=day)
    return factories.page(("product_verdict", value), title=title, **fields)


def listed(client: Client) -> dict[str, str]:
    soup = BeautifulSoup(client.get(REPORT).content, "html.parser")
    return {
        row.select_one("td.title").get_text(strip=True): row.get_text(" ", strip=True)
        for row in soup.select("table.listing tbody tr")
    }


def test_old_tests_are_reported_with_their_product_and_day(
    admin_client: Client, settings: Any
) -> None:
    factories.setting(settings, TEST_MAX_AGE_DAYS=100)
    aged(100, "Recent")
    aged(101, "Old")
    aged(101, "Draft", live=False)
    factories.page(("product_card", {"product": factories.product("en").pk}), title="A card")
    rows = listed(admin_client)
    assert list(rows) == ["Old"]
    assert "Product of Old: " in rows["Old"]
    assert admin_client.get(f"{REPORT}?export=csv").status_code == 200


def test_the_report_costs_the_same_for_any_number_of_pages(
    admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        aged(2000, f"Old {number}")
    with django_assert_max_num_queries(40):
        assert len(listed(admin_client)) == 12


def test_the_report_is_for_those_who_work_on_pages(client: Client) -> None:
    nobody = User.objects.create_user("nobody", password="nobody")
    nobody.groups.add(Group.objects.create(name="Visitors"))
    client.force_login(nobody)
    assert client.get(REPORT).status_code == 302


@pytest.mark.parametrize(
    ("odd", "field", "said"),
    [
        ({"kind": "stars", "unit": "kg"}, "unit", "Only a number has a unit."),
        ({"kind": "text", "better": "more"}, "better", "Nobody can say which of two texts"),
    ],
)
def test_a_criterion_that_says_nothing_is_refused(odd: Any, field: str, said: str) -> None:
    """In a set, and in a comparison."""
    made = SavedCriterion(name="Weight", **odd)
    with pytest.raises(ValidationError) as refused:
        made.clean()
    assert said in refused.value.message_dict[field][0]
    block = CriterionBlock()
    with pytest.raises(StructBlockValidationError) as in_block:
        block.clean(block.to_python({"name": "Weight", **odd}))
    assert said in str(in_block.value.block_errors["kind"])
    SavedCriterion(name="Weight", kind="number", unit="kg", better="less").clean()
