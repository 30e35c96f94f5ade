"""What a timeline has from the history alone: the reasons that were given, who was merged, and what was edited."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from dkcrm.store.asked import Asked
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


#: (moment, operation, the number of whom it is of, text)
Told = Iterator[tuple[str, int, int, str]]


def reasons(connection: sqlite3.Connection, whose: Sequence[int], asked: Asked) -> Told:
    """Yield the operations on some entities for which somebody gave a reason, each once."""
    reason = "coalesce(json_extract(o.record, '$.reason'), json_extract(o.record, '$.override'))"
    # Of several entities it is of the one that stands first.
    rows = connection.execute(
        f"SELECT o.at, o.id, o.name, {reason}, (SELECT w.value FROM json_each(?) w WHERE EXISTS (SELECT 1 FROM change c"
        " WHERE c.entity_id = w.value AND c.operation_id = o.id) ORDER BY w.key LIMIT 1)"
        f" FROM operation o WHERE {_STANDS} AND o.record IS NOT NULL AND o.id IN (SELECT operation_id FROM change"
        f" WHERE entity_id IN (SELECT value FROM json_each(?))) AND {reason} IS NOT NULL {_LATELY}",
        _values_of(asked, json.dumps(whose), first=True),
    )
    for at, number, name, why, entity in rows:
        yield at, number, entity, f"{name}: {why}"


def merges(connection: sqlite3.Connection, whose: Sequence[int], asked: Asked) -> Told:
    """Yield what made some entities one with others."""
    # The plus: of all changes of entities there are many, of those that name another one few.
    rows = connection.execute(
        "SELECT o.at, o.id, c.other_id, o.name, e.id, e.name FROM change c JOIN operation o ON o.id = c.operation_id"
        " JOIN entity e ON e.id = c.row_id WHERE c.other_id IN (SELECT value FROM json_each(?)) AND +c.tbl = 'entity'"
        f" AND json_extract(c.after, '$.merged_into') NOT NULL AND {_STANDS} {_LATELY}",
        _values_of(asked, json.dumps(whose)),
    )
    for at, number, entity, name, other, who in rows:
        said = f"{other} {who}" if who else str(other)
        yield at, number, entity, f"{said} became one with it ({name})"


def edits(connection: sqlite3.Connection, whose: Sequence[int], asked: Asked) -> Told:
    """Yield the operations that changed values of some entities, once for each entity."""
    marks = ", ".join(f"'{table}'" for table in _VALUES)
    hidden = ", ".join(f"'{name}'" for name in sorted(_HIDDEN))
    rows = connection.execute(
        "SELECT o.at, o.id, x.entity_id, o.name, o.file FROM (SELECT c.operation_id, c.entity_id FROM change c"
        f" WHERE c.entity_id IN (SELECT value FROM json_each(?1)) AND (+c.tbl IN ({marks}) OR (+c.tbl = 'entity'"
        f" AND EXISTS (SELECT 1 FROM json_each(c.after) WHERE key NOT IN ({hidden}))))"
        " UNION SELECT c.operation_id, w.value FROM json_each(?1) w JOIN change c INDEXED BY change_range"
        " ON c.last_id NOT NULL AND c.tbl = 'entity' AND c.row_id <= w.value AND c.last_id >= w.value) x"
        " JOIN operation o ON o.id = x.operation_id"
        f" WHERE {_STANDS} {_LATELY}",
        _values_of(asked, json.dumps(whose)),
    ).fetchall()
    for at, number, entity, name, file in rows:
        said = [
            text
            for change in changes(connection, number, entity)
            if change.table in ("entity", *_VALUES)
            for text in _values(change.table, change.before, change.after)
        ]
        more = f" … +{len(said) - _MOST}" if len(said) > _MOST else ""
        told = ", ".join(said[:_MOST]) + more
        yield at, number, entity, f"{name}: {told or file}" if told or file else name


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


def _values_of(asked: Asked, whose: str, *, first: bool = False) -> list[Any]:
    """Return the parameters of a query: whose it is, from when to when, how many; ``first`` has whose once more."""
    bounds = [asked.since, asked.until]
    return [whose, *bounds, whose, asked.limit or -1] if first else [whose, *bounds, asked.limit or -1]
