"""What a timeline has from the history alone: the reasons that were given, who was merged, and what was edited."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from dkcrm.store.history import SHOWN_AS, changes

_STANDS = "o.kind = 'do' AND o.undone_by IS NULL AND o.at BETWEEN ? AND ?"
_LATELY = "ORDER BY o.id DESC LIMIT ?"
#: What is told of an edit: so many values, each so long.
_MOST, _LONG = 6, 40
#: Columns that follow from something that the timeline has anyway, or that are no values.
_HIDDEN = frozenset(
    """id uid entity_id updated_at created_at type merged_into removed_at norm is_primary num field_id kind side label
    name_key org_key""".split()
)
_VALUES = ("contact_point", "address", "tag", "field_value")


class Asked(Protocol):
    """What is asked: from when to when, and how many (0: all)."""

    @property
    def limit(self) -> int:
        """At most so many."""

    @property
    def since(self) -> str:
        """The first moment."""

    @property
    def until(self) -> str:
        """The last moment."""


Told = Iterator[tuple[str, int, str]]


def reasons(connection: sqlite3.Connection, own: Sequence[int], asked: Asked) -> Told:
    """Yield (moment, operation, text) of the operations on an entity for which somebody gave a reason."""
    reason = "coalesce(json_extract(o.record, '$.reason'), json_extract(o.record, '$.override'))"
    rows = connection.execute(
        f"SELECT o.at, o.id, o.name, {reason} FROM operation o WHERE {_STANDS} AND o.record IS NOT NULL AND o.id IN"
        f" (SELECT operation_id FROM change WHERE entity_id IN ({_listed(own)})) AND {reason} IS NOT NULL {_LATELY}",
        _bounds(asked),
    )
    for at, number, name, why in rows:
        yield at, number, f"{name}: {why}"


def merges(connection: sqlite3.Connection, own: Sequence[int], asked: Asked) -> Told:
    """Yield (moment, operation, text) of what made an entity, or one of its aliases, one with another."""
    rows = connection.execute(
        "SELECT o.at, o.id, o.name, e.id, e.name FROM change c JOIN operation o ON o.id = c.operation_id"
        f" JOIN entity e ON e.id = c.row_id WHERE c.other_id IN ({_listed(own)}) AND c.tbl = 'entity'"
        f" AND json_extract(c.after, '$.merged_into') NOT NULL AND {_STANDS} {_LATELY}",
        _bounds(asked),
    )
    for at, number, name, other, who in rows:
        yield at, number, f"{f'{other} {who or str()}'.strip()} became one with it ({name})"


def edits(connection: sqlite3.Connection, own: Sequence[int], asked: Asked) -> Told:
    """Yield (moment, operation, text) of the operations that changed values of an entity."""
    marks = ", ".join(f"'{table}'" for table in _VALUES)
    hidden = ", ".join(f"'{name}'" for name in sorted(_HIDDEN))
    rows = connection.execute(
        f"SELECT o.at, o.id, o.name, o.file FROM operation o WHERE {_STANDS} AND o.id IN (SELECT c.operation_id"
        f" FROM change c WHERE c.entity_id IN ({_listed(own)}) AND (c.tbl IN ({marks}) OR (c.tbl = 'entity' AND EXISTS"
        f" (SELECT 1 FROM json_each(c.after) WHERE key NOT IN ({hidden}))))"
        " UNION SELECT c.operation_id FROM change c WHERE c.tbl = 'entity' AND c.last_id IS NOT NULL"
        f" AND c.row_id <= {int(own[0])} AND c.last_id >= {int(own[0])}) {_LATELY}",
        _bounds(asked),
    ).fetchall()
    for at, number, name, file in rows:
        said = [
            text
            for entity in own
            for change in changes(connection, number, entity)
            if change.table in ("entity", *_VALUES)
            for text in _values(change.table, change.before, change.after)
        ]
        more = f" … +{len(said) - _MOST}" if len(said) > _MOST else ""
        told = ", ".join(said[:_MOST]) + more
        yield at, number, f"{name}: {told or file}" if told or file else name


def _values(table: str, before: str | None, after: str | None) -> Iterator[str]:
    """Yield the values that one change set, in words."""
    old: dict[str, Any] = json.loads(before) if before else {}
    new: dict[str, Any] = json.loads(after) if after else {}
    for name in dict.fromkeys((*old, *new)):
        if name in _HIDDEN or (old.get(name) or "") == (new.get(name) or "") or (before is None and name == "state"):
            continue
        shown = (
            SHOWN_AS.get(name, name) if table == "entity" else (old | new).get("kind") or table.removesuffix("_value")
        )
        was = f"{_brief(old[name])} → " if old.get(name) not in (None, "") else ""
        yield f"{shown}: {was}{_brief(new.get(name))}"


def _brief(value: Any) -> str:
    text = "-" if value is None or value == "" else str(value)
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(str(int(number)) for number in numbers)


def _bounds(asked: Asked) -> tuple[str, str, int]:
    return asked.since, asked.until, asked.limit or -1
