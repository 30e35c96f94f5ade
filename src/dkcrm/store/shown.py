"""Chosen columns of entities: the fields of the filter language, read without the rest of the entity."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.store.entities import uid_text
from dkcrm.store.fields import PLURAL, UNSHOWN, Field
from dkcrm.store.filters import field_named
from dkcrm.store.settings import fields

_CHUNK = 500
_MOST_COLUMNS = 200


def fields_shown(connection: sqlite3.Connection, names: Sequence[str]) -> list[Field]:
    """Return the fields of some names, or raise InvalidInput for a name that none has."""
    if not names or len(names) > _MOST_COLUMNS:
        raise InvalidInput(_("name from 1 to {most} columns").format(most=_MOST_COLUMNS))
    custom = fields(connection)
    found = [field_named(custom, name) for name in names]
    for name, field in zip(names, found, strict=True):
        if field.kind in UNSHOWN:
            raise InvalidInput(_("{name} is to filter by: it has no value to show").format(name=name))
    return found


def read_columns(
    connection: sqlite3.Connection, names: Sequence[str], shown: Sequence[Field], numbers: Iterable[int]
) -> Iterator[dict[str, Any]]:
    """Yield a row of the named columns for each number, in their order."""
    values = ", ".join(_value(name, field) for name, field in zip(names, shown, strict=True))
    lists = [place for place, (name, field) in enumerate(zip(names, shown, strict=True)) if _many(name, field)]
    uids = [place for place, field in enumerate(shown) if field.kind == "uid"]
    source = iter(numbers)
    while chunk := list(islice(source, _CHUNK)):
        sql = f"SELECT e.id, {values} FROM entity e WHERE e.id IN ({', '.join('?' * len(chunk))})"
        rows = {row[0]: list(row[1:]) for row in connection.execute(sql, chunk)}
        for number in chunk:
            row = rows[number]
            for place in lists:
                row[place] = json.loads(row[place])
            for place in uids:
                row[place] = uid_text(row[place])
            yield dict(zip(names, row, strict=True))


def _many(name: str, field: Field) -> bool:
    return name in PLURAL and field.source is not None


def _value(name: str, field: Field) -> str:
    value = field.shown or field.sql
    if not field.source:
        return f"nullif({value}, '')" if field.kind == "text" else value
    order = field.first or "1"
    if _many(name, field):
        return f"(SELECT json_group_array(x) FROM (SELECT {value} AS x FROM {field.source} ORDER BY {order}))"
    return f"(SELECT {value} FROM {field.source} ORDER BY {order} LIMIT 1)"
