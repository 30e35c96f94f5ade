"""Tasks in the store: rows to domain."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from dkcrm.domain.task import Party, Task
from dkcrm.errors import NotFound
from dkcrm.i18n import _
from dkcrm.store.entities import numbered, uid_text

_TASK = "t.id, t.uid, t.text, t.due, t.priority, t.state, t.every, t.start, t.created_at, t.done_at"
_CHUNK = 500
#: The condition that a task ``t`` is of nobody, or of somebody who was not removed.
PRESENT = (
    "(NOT EXISTS (SELECT 1 FROM task_entity l WHERE l.task_id = t.id) OR EXISTS (SELECT 1 FROM task_entity l"
    " CROSS JOIN entity e ON e.id = l.entity_id WHERE l.task_id = t.id AND e.removed_at IS NULL))"
)


def load_tasks(connection: sqlite3.Connection, numbers: Iterable[int]) -> list[Task]:
    """Return tasks, whole, in the order of their numbers given; those that do not exist are left out."""
    wanted = list(numbers)
    found: dict[int, Task] = {}
    for start in range(0, len(wanted), _CHUNK):
        block = wanted[start : start + _CHUNK]
        marks = ", ".join("?" * len(block))
        parties: dict[int, list[Party]] = {}
        for number, *party in connection.execute(
            "SELECT l.task_id, e.id, e.type, coalesce(e.name, '') FROM task_entity l JOIN entity e"
            f" ON e.id = l.entity_id WHERE l.task_id IN ({marks}) ORDER BY e.id",
            block,
        ):
            parties.setdefault(number, []).append(Party(*party))
        ahead: dict[int, list[int]] = {}
        for number, seconds in connection.execute(
            f"SELECT task_id, ahead FROM reminder WHERE task_id IN ({marks}) ORDER BY ahead", block
        ):
            ahead.setdefault(number, []).append(seconds)
        for row in connection.execute(f"SELECT {_TASK} FROM task t WHERE t.id IN ({marks})", block):
            number = row[0]
            task = Task(number, uid_text(row[1]), *row[2:])
            found[number] = task._replace(remind=tuple(ahead.get(number, ())), entities=tuple(parties.get(number, ())))
    return [found[number] for number in wanted if number in found]


def resolve_task(connection: sqlite3.Connection, reference: str) -> int:
    """Return the number of a task by its number or uid. Raises NotFound."""
    number = numbered(connection, "task", reference)
    if number is None:
        from dkcrm.domain.values import shorten

        raise NotFound(_("no task {reference}").format(reference=shorten(reference)), hint=_("see: dkcrm task list"))
    return number


def due_numbers(connection: sqlite3.Connection, until: str) -> list[int]:
    """Return the numbers of the tasks that are open and due before a text that dates are compared with.

    Those of removed entities alone are left out.
    """
    rows = connection.execute(
        f"SELECT t.id FROM task t WHERE t.state = 'open' AND t.due < ? AND {PRESENT} ORDER BY t.due, t.id", (until,)
    )
    return [row[0] for row in rows]


def listed_numbers(
    connection: sqlite3.Connection,
    states: Sequence[str],
    entities: Sequence[int] = (),
    priority: str | None = None,
    *,
    removed: bool = False,
) -> list[int]:
    """Return the numbers of the tasks in some states, of some entities (all of them) and of a priority.

    Those of removed entities alone only with ``removed``, or where entities are named.
    """
    parts = [f"t.state IN ({', '.join('?' * len(states))})"]
    values: list[Any] = list(states)
    for entity in entities:
        parts.append("t.id IN (SELECT task_id FROM task_entity WHERE entity_id = ?)")
        values.append(entity)
    if not entities and not removed:
        parts.append(PRESENT)
    if priority is not None:
        parts.append("t.priority = ?")
        values.append(priority)
    rows = connection.execute(f"SELECT t.id FROM task t WHERE {' AND '.join(parts)} ORDER BY t.id", values)
    return [row[0] for row in rows]


def open_of(connection: sqlite3.Connection, number: int) -> list[Task]:
    """Return the open tasks of an entity, by due date."""
    rows = connection.execute("SELECT id FROM open_task WHERE entity_id = ? ORDER BY due IS NULL, due, id", (number,))
    return load_tasks(connection, [row[0] for row in rows])
