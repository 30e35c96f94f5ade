"""Reading the history: operations, what each changed, an entity as it was, and who set each value."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any, NamedTuple

from dkcrm.domain.entity import Entity, Membership
from dkcrm.i18n import _
from dkcrm.store.entities import ADDRESS_COLUMNS, POINT_COLUMNS, add_address, add_point, order_values, uid_text
from dkcrm.store.images import ERASED, TABLES, columns, decode, encode
from dkcrm.store.ranges import came_in_bulk, in_bulk

Row = dict[str, Any]

_OPERATION = "id, kind, name, at, actor, command, file, record, reverses, undone_by"


class Operation(NamedTuple):
    """The skeleton of one operation."""

    id: int
    kind: str
    name: str
    at: str
    actor: str
    command: str | None
    file: str | None
    record: str | None
    reverses: int | None
    undone_by: int | None

    def as_json(self) -> dict[str, Any]:
        """Return the operation as scripts see it."""
        return {
            "operation": self.id,
            "kind": self.kind,
            "name": self.name,
            "at": self.at,
            "actor": self.actor,
            "command": self.command,
            "file": self.file,
            "record": json.loads(self.record) if self.record else {},
            "reverses": self.reverses,
            "undone_by": self.undone_by,
        }


class Change(NamedTuple):
    """One row's change; ``last_id`` marks a range of rows inserted in bulk."""

    id: int
    operation_id: int
    entity_id: int | None
    other_id: int | None
    table: str
    row_id: int
    last_id: int | None
    before: str | None
    after: str | None


def operation(connection: sqlite3.Connection, number: int) -> Operation | None:
    """Return one operation, or None."""
    row = connection.execute(f"SELECT {_OPERATION} FROM operation WHERE id=?", (number,)).fetchone()
    return Operation(*row) if row else None


def latest_operation(connection: sqlite3.Connection) -> int:
    """Return the number of the last operation, or 0: nothing changes without one."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM operation").fetchone()[0])


def operations(connection: sqlite3.Connection, limit: int) -> list[Operation]:
    """Return the newest operations, newest first."""
    rows = connection.execute(f"SELECT {_OPERATION} FROM operation ORDER BY id DESC LIMIT ?", (limit,))
    return [Operation(*row) for row in rows]


def came_with(connection: sqlite3.Connection, entity: int, purchase: int) -> bool:
    """Tell whether an entity was made by the operation that recorded a purchase."""
    row = connection.execute(
        "SELECT 1 FROM change e JOIN change p ON p.operation_id = e.operation_id WHERE e.entity_id = ?"
        " AND e.tbl = 'entity' AND e.row_id = ? AND e.before IS NULL AND e.last_id IS NULL"
        " AND p.tbl = 'purchase' AND p.row_id = ? AND p.before IS NULL",
        (entity, entity, purchase),
    ).fetchone()
    return row is not None


def operations_of(connection: sqlite3.Connection, number: int, limit: int) -> list[Operation]:
    """Return the newest operations on an entity, its tasks and tickets, or one that became it, newest first."""
    rows = connection.execute(
        "WITH RECURSIVE mine(id) AS (SELECT ? UNION SELECT e.id FROM entity e JOIN mine ON e.merged_into = mine.id)"
        f" SELECT {_OPERATION} FROM operation WHERE id IN ("
        "  SELECT operation_id FROM change WHERE entity_id IN (SELECT id FROM mine)"
        "  UNION SELECT operation_id FROM change WHERE other_id IN (SELECT id FROM mine)"
        "  UNION SELECT c.operation_id FROM task_entity l JOIN change c ON c.tbl = 'task' AND c.row_id = l.task_id"
        "   WHERE l.entity_id IN (SELECT id FROM mine)"
        "  UNION SELECT c.operation_id FROM ticket t JOIN ticket_event v ON v.ticket_id = t.id"
        "   JOIN change c ON c.tbl = 'ticket_event' AND c.row_id = v.id WHERE t.entity_id IN (SELECT id FROM mine)"
        f"  UNION {in_bulk('SELECT id FROM mine')}"
        "  UNION SELECT c.operation_id FROM change c JOIN mine ON c.row_id <= mine.id AND c.last_id >= mine.id"
        "   WHERE c.tbl = 'entity' AND c.last_id IS NOT NULL"
        " ) ORDER BY id DESC LIMIT ?",
        (number, limit),
    )
    return [Operation(*row) for row in rows]


CHANGE = "id, operation_id, entity_id, other_id, tbl, row_id, last_id, before, after"


def changes(connection: sqlite3.Connection, operation_id: int, number: int | None = None) -> Iterator[Change]:
    """Yield an operation's changes in order, all or those that concern one entity.

    Of one entity the rows that came in bulk are among them, each as it was when it came.
    """
    if number is not None:
        for range_id, table, row_id, image in came_in_bulk(connection, operation_id, number):
            yield Change(range_id, operation_id, number, None, table, row_id, None, None, encode(image))
    where, values = "operation_id = ?1", (operation_id,) if number is None else (operation_id, number)
    if number is not None:
        # By the index of the entity: the operation may have changed very many others.
        where = (
            "id IN (SELECT id FROM change WHERE entity_id = ?2 AND +operation_id = ?1 UNION ALL"
            " SELECT id FROM change WHERE other_id = ?2 AND +operation_id = ?1)"
        )
    for row in connection.execute(f"SELECT {CHANGE} FROM change WHERE {where} ORDER BY id", values):
        yield Change(*row)


def last_operation_before(connection: sqlite3.Connection, moment: str) -> int:
    """Return the number of the last operation at or before a moment (0 where there is none)."""
    row = connection.execute("SELECT max(id) FROM operation WHERE at <= ?", (moment,)).fetchone()
    return row[0] or 0


#: The columns of an entity that are values of it, or say how it stands.
ATTRIBUTES = tuple(
    """type state full_name first_name last_name job_title org_name vat_id tax_code website source
    created_at updated_at removed_at merged_into""".split()
)
_CHILDREN = ("contact_point", "address", "tag", "field_value", "membership")


def rows_now(connection: sqlite3.Connection, number: int) -> dict[tuple[str, int], Row]:
    """Return all rows that make up an entity today: (table, id) -> row."""
    rows: dict[tuple[str, int], Row] = {}
    for table in ("entity", *_CHILDREN):
        owner, other, _searchable = TABLES[table]
        names = columns(connection, table)
        where = f"{owner} = ?1" + (f" OR {other} = ?1" if table == "membership" else "")
        for row in connection.execute(f"SELECT {', '.join(names)} FROM {table} WHERE {where}", (number,)):
            image = dict(zip(names, row, strict=True))
            rows[table, image["id"]] = image
    return rows


def _changes_of(connection: sqlite3.Connection, number: int, after: int) -> Iterator[Change]:
    """Yield the changes that concern an entity in operations after a given one, newest first."""
    marks = ",".join(f"'{table}'" for table in ("entity", *_CHILDREN))
    for row in connection.execute(
        f"SELECT {CHANGE} FROM change WHERE id IN (SELECT id FROM change WHERE entity_id = ?1 UNION ALL"
        f" SELECT id FROM change WHERE other_id = ?1 UNION ALL SELECT id FROM change WHERE last_id IS NOT NULL"
        f" AND tbl = 'entity' AND row_id <= ?1 AND last_id >= ?1)"
        f" AND operation_id > ?2 AND tbl IN ({marks}) ORDER BY id DESC",
        (number, after),
    ):
        yield Change(*row)


def shown(value: Any) -> Any:
    """Return a value of an image as it is shown: one that went with somebody who was erased says so."""
    return _("(erased)") if value == ERASED else value


def _take_back(rows: dict[tuple[str, int], Row], change: Change, number: int) -> None:
    """Apply the inverse of one change to an entity's rows."""
    key = (change.table, change.row_id)
    if change.last_id is not None:
        rows.clear()
    elif change.before is None:
        rows.pop(key, None)
    elif change.after is None:
        rows[key] = {name: shown(value) for name, value in decode(change.before).items()}
    elif key in rows:
        rows[key].update({name: shown(value) for name, value in decode(change.before).items()})


def entity_as_of(connection: sqlite3.Connection, number: int, operation_id: int) -> Entity | None:
    """Return an entity as it stood after a given operation, or None where it was not there."""
    rows = rows_now(connection, number)
    for change in _changes_of(connection, number, operation_id):
        _take_back(rows, change, number)
    head = rows.get(("entity", number))
    if head is None:
        return None
    attributes: dict[str, Any] = {name: head.get(name) for name in ATTRIBUTES}
    entity = Entity(id=number, uid=uid_text(head["uid"]), notes=head.get("notes") or "", **attributes)
    names = field_names(connection)
    for (table, _row_id), row in sorted(rows.items()):
        if table == "contact_point":
            add_point(entity, [row.get(name) for name in POINT_COLUMNS])
        elif table == "address":
            add_address(entity, [row.get(name) for name in ADDRESS_COLUMNS])
        elif table == "tag":
            entity.tags.append(row["tag"])
        elif table == "field_value":
            entity.fields[names.get(row["field_id"], str(row["field_id"]))] = row["value"]
        elif table == "membership":
            other = row["organization_id"] if row["member_id"] == number else row["member_id"]
            there = entity_head(connection, other, operation_id)
            if there:
                entity.memberships.append(
                    Membership(other, there[0], there[1], row.get("role"), bool(row["is_primary"]), row.get("since"))
                )
    entity.tags.sort()
    order_values(entity)
    return entity


def field_names(connection: sqlite3.Connection) -> dict[int, str]:
    """Return the names of all custom fields that ever were (removed ones from the history)."""
    names: dict[int, str] = {}
    for row_id, before in connection.execute(
        "SELECT row_id, before FROM change WHERE tbl='field' AND before IS NOT NULL"
    ):
        names[row_id] = json.loads(before).get("name", str(row_id))
    names.update(connection.execute("SELECT id, name FROM field"))
    return names


def entity_head(connection: sqlite3.Connection, number: int, operation_id: int) -> tuple[str, str] | None:
    """Return the type and name that an entity had after an operation; None where it was not there, or removed."""
    names = ("type", "full_name", "first_name", "last_name", "org_name", "removed_at", "merged_into")
    row = connection.execute(f"SELECT {', '.join(names)} FROM entity WHERE id=?", (number,)).fetchone()
    rows = {("entity", number): dict(zip(names, row, strict=True))} if row else {}
    for change in _changes_of(connection, number, operation_id):
        if (change.table == "entity" and change.row_id == number) or change.last_id is not None:
            _take_back(rows, change, number)
    head = rows.get(("entity", number))
    if head is None or head.get("removed_at") or head.get("merged_into"):
        return None
    from dkcrm.domain.entity import person_name

    person = person_name(head.get("full_name"), head.get("first_name"), head.get("last_name"))
    return head["type"], person or head.get("org_name") or ""


#: The names of attributes as scripts see them, where the column has another.
SHOWN_AS = {"org_name": "organization", "full_name": "name"}
