"""Numbers kept for an import that is written beside the database: whoever adds meanwhile gets later ones.

Numbers are told to people, and so each is given once: those that the import is going to need are taken out of the
sequence of the database, in a transaction of its own. A file beside it says which, so that where the import is killed
the next one gives them back.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3

from dkcrm.durable import sync_name
from dkcrm.errors import DkcrmError
from dkcrm.session import Session
from dkcrm.store import engine
from dkcrm.store.connection import begin, open_again
from dkcrm.store.staging import CHILDREN
from dkcrm.store.trust import open_private

#: The tables whose rows hang on entities, or are as many; nobody is told their numbers.
_HANGING = (*CHILDREN, "field")
#: So many are kept of each.
_MANY = 1 << 32
#: Seconds for which others are waited for at the least: to give numbers back is nothing that can be done by hand.
_WAIT = 5.0


class Numbers:
    """The numbers that one import keeps: table -> the last one before them, and the last one of them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._kept: dict[str, tuple[int, int]] = {}

    def keep(self, count: int) -> dict[str, int]:
        """Keep numbers for ``count`` entities and what hangs on them; return the last ones before. Raises Busy."""
        connection = open_again(self.session, self.session.wait)
        try:
            begin(connection, self.session)
            last = last_numbers(connection)
            wanted = {"entity": count, **dict.fromkeys(_HANGING, _MANY)}
            self._kept = {table: (last.get(table, 0), last.get(table, 0) + many) for table, many in wanted.items()}
            self._note()
            go_on_from(connection, {table: end for table, (_start, end) in self._kept.items()})
            connection.execute("COMMIT")
        finally:
            connection.close()
        return last

    def is_last(self, table: str, number: int) -> bool:
        """Tell whether a number is the last one kept of a table: then nobody has come after."""
        return table in self._kept and self._kept[table][1] == number

    def _note(self) -> None:
        path = _notes(self.session)
        handle = open_private(path, os.O_WRONLY | os.O_TRUNC, like=self.session.db)
        with os.fdopen(handle, "w") as file:
            json.dump(self._kept, file)
            file.flush()
            os.fsync(file.fileno())
        sync_name(path)


def last_numbers(connection: sqlite3.Connection) -> dict[str, int]:
    """Return the last number that was given in each table."""
    return dict(connection.execute("SELECT name, seq FROM sqlite_sequence"))


def go_on_from(connection: sqlite3.Connection, numbers: dict[str, int]) -> None:
    """Let the next number of some tables be the one after these."""
    for table, number in numbers.items():
        if not connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (number, table)).rowcount:
            connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, number))


def give_back(session: Session) -> None:
    """Let numbers that were kept, and are nobody's, be given to others. The caller holds the turn of imports."""
    path = _notes(session)
    if not os.path.exists(path):
        return
    # Where it cannot be done now, the next import does it.
    with contextlib.suppress(OSError, DkcrmError, *engine.Error):
        connection = open_again(session, max(session.wait, _WAIT))
        try:
            begin(connection, session)
            for table, (start, end) in _noted(path).items():
                # Those that rows have, or had, as the history knows, are not given twice.
                connection.execute(
                    f"UPDATE sqlite_sequence SET seq = max(?1, (SELECT coalesce(max(id), 0) FROM {table}),"
                    " (SELECT coalesce(max(row_id), 0) FROM change WHERE tbl = ?2),"
                    " (SELECT coalesce(max(last_id), 0) FROM change WHERE tbl = ?2 AND last_id IS NOT NULL))"
                    " WHERE name = ?2 AND seq = ?3",
                    (start, table, end),
                )
            connection.execute("COMMIT")
        finally:
            connection.close()
        os.unlink(path)


def _noted(path: str) -> dict[str, tuple[int, int]]:
    """Return what the file says; one that was not written to its end says that no number was kept."""
    try:
        with open(path, encoding="utf-8") as file:
            said = json.load(file)
        return {table: (int(said[table][0]), int(said[table][1])) for table in ("entity", *_HANGING) if table in said}
    except (ValueError, TypeError, LookupError):
        return {}


def _notes(session: Session) -> str:
    return f"{session.db}.numbers"
