"""A step of a workflow that a page passes when its reviewers have confirmed the very text."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from wagtail.models import Workflow, WorkflowTask

from tests import factories
from tests.admin.conftest import Soup
from tests.testapp.models import ReviewTask

WAITS = "The page can be approved when this text is confirmed."


@pytest.fixture
def workflow(db: None) -> Workflow:
    made = Workflow.objects.create(name="Medical")
    WorkflowTask.objects.create(workflow=made, task=ReviewTask.objects.create(name="Review"))
    return made


def submitted(workflow: Workflow, *more: tuple[str, Any]) -> Any:
    """A draft that its author has submitted."""
    blocks = [("paragraph", {"text": "<p>Rest is bad.</p>"}), *more]
    page = factories.page(*blocks, live=False)
    page.save_revision()
    workflow.start(page, get_user_model().objects.get())
    return factories.again(page)


def box() -> tuple[str, Any]:
    return "reviewer", {"person": factories.person().pk, "reviewed": "2025-10-25"}


def approve(admin: Any, page: Any) -> Any:
    """Press "Approve", whether it is offered or not; the page as it is then."""
    state = page.current_workflow_task_state
    admin.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]))
    return factories.again(page)


def offers(soup: Soup, page: Any) -> set[str]:
    """The workflow's buttons in the page's editor."""
    edit = soup(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    return {
        button["data-workflow-action-name"] for button in edit.select("[data-workflow-action-name]")
    }


def test_a_page_waits_until_its_text_is_confirmed(
    admin: Any, soup: Soup, workflow: Workflow
) -> None:
    page = submitted(workflow, box())
    assert offers(soup, page) == {"reject"}
    assert not approve(admin, page).live
    told = soup(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert WAITS in told.get_text()
    form = told.select_one("form[action*=confirm]")
    admin.post(form["action"], {field["name"]: field["value"] for field in form.select("input")})
    assert offers(soup, page) == {"reject", "approve"}
    assert WAITS not in soup(reverse("wagtailadmin_pages:edit", args=[page.pk])).get_text()
    page = approve(admin, page)
    assert page.live and not factories.elements(page)[1].is_outdated


def test_a_text_that_changes_as_it_is_approved_stays(
    admin: Any, soup: Soup, workflow: Workflow
) -> None:
    page = submitted(workflow, box())
    edit = soup(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    form = edit.select_one("form[action*=confirm]")
    admin.post(form["action"], {field["name"]: field["value"] for field in form.select("input")})
    task, state = page.current_workflow_task, page.current_workflow_task_state
    page.body[0].value["text"].source = "<p>Rest is good.</p>"
    page.save_revision()
    task.on_action(state, get_user_model().objects.get(), "approve")
    assert not factories.again(page).live
    assert offers(soup, page) == {"reject"}
    task.on_action(state, get_user_model().objects.get(), "reject")
    assert factories.again(page).current_workflow_state.status == "needs_changes"


def test_a_page_without_a_box_passes_as_usual(admin: Any, soup: Soup, workflow: Workflow) -> None:
    page = submitted(workflow)
    assert offers(soup, page) == {"reject", "approve"}
    assert approve(admin, page).live
