"""A step of Wagtail's workflows for texts that somebody is said to have reviewed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState

from anodyne_blocks.article import reviews

__all__ = ["AbstractReviewTask"]


class AbstractReviewTask(AbstractGroupApprovalTask):
    """Approved by its groups, and only when each reviewer box is confirmed for this very text.

    A page without such a box is approved as with Wagtail's own task. Subclass it in the site's
    models; it has the fields of `AbstractGroupApprovalTask`.
    """

    class Meta:
        abstract = True
        verbose_name = _("Review task")
        verbose_name_plural = _("Review tasks")

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        """Wagtail's, without approval while a box is not confirmed."""
        actions = super().get_actions(obj, user)
        if actions and reviews.unconfirmed(obj.get_latest_revision_as_object()):
            return [action for action in actions if action[0] != "approve"]
        return actions

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Wagtail's; a text that was changed as it was approved stays where it is."""
        page = task_state.workflow_state.content_object
        if action_name == "approve" and reviews.unconfirmed(page.get_latest_revision_as_object()):
            return None
        return super().on_action(task_state, user, action_name, **kwargs)

    @classmethod
    def get_description(cls) -> Any:
        """What Wagtail says of this kind of task."""
        return _("Members of the chosen groups approve a page whose reviewers confirmed its text")
