"""GraphQL's view with bounds: how deep a query may go, and how much it may ask for."""

from __future__ import annotations

from typing import Any

from graphene_django.views import GraphQLView
from graphql import GraphQLError
from graphql.language import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    IntValueNode,
    OperationDefinitionNode,
    VariableNode,
)
from graphql.validation import ValidationContext, ValidationRule, specified_rules
from grapple.settings import grapple_settings

from anodyne_blocks import conf

__all__ = ["BoundedGraphQLView", "Bounds"]


class Bounds(ValidationRule):
    """Refuses what is deeper than `GRAPHQL_DEPTH`, or costs more than `GRAPHQL_COST`.

    A query costs one for each field, times the `limit` of each list around it.
    """

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._known: dict[str, tuple[int, int]] = {}
        self._open: set[str] = set()
        self._fragments = _fragments(context.document)

    def enter_operation_definition(self, node: OperationDefinitionNode, *_args: Any) -> None:
        depth, cost = self._measured(node.selection_set)
        for found, setting, what in (
            (depth, "GRAPHQL_DEPTH", "levels deep"),
            (cost, "GRAPHQL_COST", "fields in all"),
        ):
            most = conf.get(setting)
            if found > most:
                said = f"The query is {found} {what}; at most {most} may be asked for at once."
                self.report_error(GraphQLError(said, node))

    def _measured(self, selection: Any) -> tuple[int, int]:
        """(depth, cost) of a selection; what describes the schema itself is free."""
        depth = cost = 0
        for node in selection.selections if selection else ():
            if isinstance(node, FieldNode):
                if node.name.value.startswith("__"):
                    continue
                below, each = self._measured(node.selection_set)
                found = below + 1, 1 + each * _times(node)
            elif isinstance(node, FragmentSpreadNode):
                found = self._of_fragment(node.name.value)
            else:
                found = self._measured(node.selection_set)
            depth, cost = max(depth, found[0]), cost + found[1]
        return depth, cost

    def _of_fragment(self, name: str) -> tuple[int, int]:
        """Each is measured once. One that holds itself is refused by another rule."""
        if name not in self._known:
            if name in self._open or name not in self._fragments:
                return 0, 0
            self._open.add(name)
            self._known[name] = self._measured(self._fragments[name].selection_set)
            self._open.discard(name)
        return self._known[name]


class BoundedGraphQLView(GraphQLView):
    """Graphene's view with these bounds beside GraphQL's own rules."""

    validation_rules = (*specified_rules, Bounds)


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    found = (node for node in document.definitions if isinstance(node, FragmentDefinitionNode))
    return {node.name.value: node for node in found}


def _times(node: FieldNode) -> int:
    """How many things a field gives at most, as far as its arguments say."""
    for argument in node.arguments:
        if argument.name.value == "limit":
            if isinstance(argument.value, IntValueNode):
                return max(int(argument.value.value), 1)
            if isinstance(argument.value, VariableNode):
                return int(grapple_settings.MAX_PAGE_SIZE)
    # Grapple's lists of pages and the like, by their names.
    return int(grapple_settings.PAGE_SIZE) if node.name.value in _LISTS else 1


_LISTS = frozenset(
    "pages children siblings nextSiblings previousSiblings descendants ancestors images documents"
    " snippets redirects search tag".split()
)
