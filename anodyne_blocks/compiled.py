"""Queries of plain columns for some ids, put into SQL once: Django takes longer for that than the
database for the answer, and does it anew each time.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any
from weakref import WeakKeyDictionary, ref

from django.db import connections
from django.db.models import IntegerField, Model, QuerySet

# Converted values that may be shared, because nobody can change them.
_CONSTANT = frozenset({Decimal, bool, datetime.datetime, str, int, type(None)})
_KEPT = 4096


class Compiled:
    """The rows of a `values_list` whose `column` is among some ids, which are keys of `model`.

    SQL is kept for 1, 2, 4, 8 … ids of each connection; shorter lists repeat their last id.
    """

    def __init__(self, rows: QuerySet[Any], column: str, model: type[Model]) -> None:
        self._rows, self._lookup = rows, f"{column}__in"
        # Keys of a site's own model may be of another type.
        self._has_numbers = isinstance(model._meta.pk, IntegerField)
        # By connection, because its converters belong to it, and it belongs to one thread.
        self._made: WeakKeyDictionary[Any, dict[int, _Statement]] = WeakKeyDictionary()

    @property
    def db(self) -> str:
        """The alias of the database that is read."""
        return self._rows.db

    def rows(self, ids: Collection[int]) -> Iterator[Any]:
        """What is found, in no order; nothing for no ids."""
        if not self._has_numbers:
            return iter(self._rows.filter(**{self._lookup: ids}))
        # Stored content that no form has checked may hold anything.
        ids = [pk for pk in ids if type(pk) is int]
        if not ids:
            return iter(())
        room = 1 << (len(ids) - 1).bit_length()
        connection = connections[self.db]
        made = self._made.setdefault(connection, {})
        if room not in made:
            made[room] = _Statement(self._rows, self._lookup, room, connection)
        return made[room].rows(ids, connection)


class _Statement:
    """The SQL for a fixed number of ids."""

    def __init__(self, rows: QuerySet[Any], lookup: str, room: int, connection: Any) -> None:
        # In the place of the ids while the SQL is made: numbers that are no keys.
        standing = range(-room, 0)
        self._query = rows.filter(**{lookup: standing}).query
        compiler = self._query.get_compiler(connection=connection)
        self._sql, params = compiler.as_sql()
        self._room, self._params = room, list(params)
        self._places = [place for place, value in enumerate(params) if value in standing]
        converters = compiler.get_converters([column for column, _, _ in compiler.select])
        self._converted = [
            (column, _Converted(steps, expression, connection))
            for column, (steps, expression) in converters.items()
        ]

    def rows(self, ids: list[int], connection: Any) -> Iterator[Any]:
        params = list(self._params)
        ids += ids[-1:] * (self._room - len(ids))
        for place, pk in zip(self._places, ids, strict=True):
            params[place] = pk
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            found = cursor.fetchall()
        return map(self._convert, found) if self._converted else iter(found)

    def _convert(self, row: Any) -> Any:
        row = list(row)
        for column, converted in self._converted:
            row[column] = converted[row[column]]
        return row


class _Converted(dict[Any, Any]):
    """{what a database gives for a column: what Django makes of it}, for the latest values.

    Rows of a catalogue were confirmed at the same moments, and cost the same.
    """

    def __init__(self, steps: list[Any], expression: Any, connection: Any) -> None:
        self._steps, self._expression = steps, expression
        # The connection holds this; the other way round it would never be freed.
        self._connection = ref(connection)

    def __missing__(self, value: Any) -> Any:
        made = value
        for step in self._steps:
            made = step(made, self._expression, self._connection())
        if type(made) in _CONSTANT:
            if len(self) >= _KEPT:
                self.clear()
            self[value] = made
        return made
