"""How rows stand in the history: which tables there are, whose their rows are, and rows as JSON."""

from __future__ import annotations

import json
import sqlite3
from typing import Any, NamedTuple

Row = dict[str, Any]


class Table(NamedTuple):
    """How the journal sees a table: the columns that name the entities concerned, and whether full text reads it."""

    owner: str | None
    other: str | None = None
    searchable: bool = False


TABLES: dict[str, Table] = {
    "entity": Table("id", "merged_into", True),
    "contact_point": Table("entity_id", None, True),
    "address": Table("entity_id", None, True),
    "tag": Table("entity_id", None, True),
    "field": Table(None),
    "field_value": Table("entity_id", None, True),
    "interaction": Table("entity_id"),
    "purchase": Table("entity_id", "also_id"),
    "transition": Table("entity_id", "into_id"),
    "criterion": Table(None),
    "assessment": Table("entity_id"),
    "membership": Table("member_id", "organization_id"),
    "identity": Table("entity_id"),
    "imported_row": Table("entity_id"),
    "card": Table("entity_id"),
    "apart": Table("entity_id", "other_id"),
    "segment": Table(None),
    "task": Table(None),
    "task_entity": Table("entity_id"),
    "reminder": Table(None),
    "keep": Table("entity_id"),
    "campaign": Table(None),
    "campaign_member": Table("entity_id"),
    "consent": Table("entity_id"),
    "product": Table(None),
    "ticket": Table("entity_id"),
    "ticket_event": Table(None),
    "setting": Table(None),
}
#: Tables of which an operation may write rows in bulk that belong to entities that were there before.
RANGED = ("campaign_member", "interaction")
#: What stands in an image in the place of a value that was of somebody who was erased; no value can be it, because
#: values hold no control characters.
ERASED = "\x1a"
#: Columns that follow from the others; the history does not record them.
DERIVED = frozenset(("name_key", "org_key"))


def columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """Return the columns of a table that the history records (generated ones are not among them)."""
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] not in DERIVED]


def encode(row: Row) -> str:
    """Return a row's image as JSON; uids are written in hexadecimal, absent values left out."""
    return json.dumps(
        {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items() if value is not None},
        ensure_ascii=False,
    )


def decode(text: str) -> Row:
    """Return the row that an image holds."""
    row: Row = json.loads(text)
    if "uid" in row:
        row["uid"] = bytes.fromhex(row["uid"])
    return row


def change_rows(
    operation_id: int, table: str, row_id: int, before: Row | None, after: Row | None
) -> list[tuple[Any, ...]]:
    """Return the history of one row: one change, or two (gone here, come there) where it moved to another entity."""
    owner, other, _searchable = TABLES[table]

    def change(image: Row, old: Row | None, new: Row | None) -> tuple[Any, ...]:
        return (
            operation_id,
            image[owner] if owner else None,
            image[other] if other else None,
            table,
            row_id,
            None,
            encode(old) if old is not None else None,
            encode(new) if new is not None else None,
        )

    if before is None or after is None:
        image = before or after
        assert image is not None
        return [change(image, before, after)]
    if owner and before[owner] != after[owner]:
        return [change(before, before, None), change(after, None, after)]
    names = [name for name in after if before[name] != after[name]]
    # JSON null must be told apart from "was not there", so a differing column is written even when it is null.
    old, new = ({name: image[name] for name in names} for image in (before, after))
    row = list(change(after, None, None))
    if other and row[2] is None:
        row[2] = before[other]
    row[6], row[7] = (json.dumps(part, ensure_ascii=False) for part in (old, new))
    return [tuple(row)]
