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
from django.db.models import CharField, Field, IntegerField, QuerySet

# Converted values that may be shared, because nobody can change them.
_CONSTANT = frozenset({Decimal, bool, datetime.datetime, str, int, type(None)})
_KEPT = 4096


class Compiled:
    """The rows of a `values_list` whose `column` is among some ids, which are values of `field`.

    SQL is kept for 1, 2, 4, 8 … ids of each connection; shorter lists repeat their last id.
    """

    def __init__(self, rows: QuerySet[Any], column: str, field: Field[Any, Any]) -> None:
        self._rows, self._lookup = rows, f"{column}__in"
        # Keys of a site's own model may be of another type, or written in another way.
        is_text = type(field) is CharField
        self._type = int if isinstance(field, IntegerField) else str if is_text else None
        # By connection, because its converters belong to it, and it belongs to one thread.
        self._made: WeakKeyDictionary[Any, dict[int, _Statement]] = WeakKeyDictionary()

    @property
    def db(self) -> str:
        """The alias of the database that is read."""
        return self._rows.db

    def rows(self, ids: Collection[int | str]) -> Iterator[tuple[Any, ...]]:
        """What is found, in no order; nothing for no ids."""
        if not self._type:
            return iter(self._rows.filter(**{self._lookup: ids}))
        # Stored content that no form has checked may hold anything.
        ids = [value for value in ids if isinstance(value, self._type) and type(value) is not bool]
        if not ids:
            return iter(())
        room = 1 << (len(ids) - 1).bit_length()
        connection = connections[self.db]
        made = self._made.setdefault(connection, {})
        if room not in made:
            made[room] = _Statement(self._rows, self._lookup, self._type, room, connection)
        return made[room].rows(ids, connection)


class _Statement:
    """The SQL for a fixed number of ids."""

    def __init__(
        self, rows: QuerySet[Any], lookup: str, ids: type, room: int, connection: Any
    ) -> None:
        # In the place of the ids while the SQL is made: what no row has.
        standing = {number if ids is int else f"\0{number}" for number in range(-room, 0)}
        compiler = rows.filter(**{lookup: standing}).query.get_compiler(connection=connection)
        self._sql, params = compiler.as_sql()
        self._room, self._params = room, list(params)
        self._places = [place for place, value in enumerate(params) if value in standing]
        converters = compiler.get_converters([column for column, _, _ in compiler.select])
        self._converted = {
            place: _Converted(steps, expression, connection)
            for place, (steps, expression) in converters.items()
        }

    def rows(self, ids: list[Any], connection: Any) -> Iterator[tuple[Any, ...]]:
        params = list(self._params)
        ids += ids[-1:] * (self._room - len(ids))
        for place, value in zip(self._places, ids, strict=True):
            params[place] = value
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            found = cursor.fetchall()
        if not found or not self._converted:
            return iter(found)
        columns: list[Any] = list(zip(*found, strict=True))
        for place, converted in self._converted.items():
            columns[place] = map(converted.__getitem__, columns[place])
        return zip(*columns, strict=True)


class _Converted(dict[Any, Any]):
    """{what a database gives for a column: what Django makes of it}, for the latest values.

    Many rows of a catalogue were confirmed at one moment, and cost the same.
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
