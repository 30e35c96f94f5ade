"""Which reminders are due, and which were given."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from dkcrm.session import Session
from dkcrm.store.connection import open_writing
from dkcrm.store.tasks import PRESENT


class Reminder(NamedTuple):
    """A reminder that is due: of which task, and the moment (UTC) at which it was to come."""

    task: int
    uid: bytes
    at: str


def due_reminders(connection: sqlite3.Connection, now: str) -> list[Reminder]:
    """Return the reminders of open tasks that were to come by now and were not given, in the order of their moments.

    Tasks of removed entities alone are left out.
    """
    rows = connection.execute(
        "SELECT t.id, t.uid, r.at FROM reminder r JOIN task t ON t.id = r.task_id WHERE r.at <= ? AND t.state = 'open'"
        f" AND {PRESENT} AND NOT EXISTS (SELECT 1 FROM told d WHERE d.uid = t.uid AND d.at = r.at) GROUP BY t.id, r.at"
        " ORDER BY r.at, t.id",
        (now,),
    )
    return [Reminder(*row) for row in rows]


def mark_told(session: Session, reminders: Sequence[Reminder]) -> None:
    """Remember that reminders were given, in one transaction.

    This is no operation: nobody wants ``undo`` to take back what cron said meanwhile, and what was heard stays heard.
    """
    connection = open_writing(session)
    now = session.clock()
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT OR IGNORE INTO told (uid, at, told_at) VALUES (?, ?, ?)",
            [(reminder.uid, reminder.at, now) for reminder in reminders],
        )
        connection.execute("COMMIT")
    finally:
        connection.close()
