"""Full text follows the rows: entities are taken out of it before they change, and brought in again after."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

#: The columns of full text.
SEARCHED = "name, org, contact, about, tags, place, fields"


def take_out(connection: sqlite3.Connection, which: str, values: Iterable[int] = ()) -> None:
    """Take entities out of full text; what is read of them must still be as it was when they came in.

    ``which`` is a condition on ``id``, with ``?`` for each of ``values``.
    """
    connection.execute(
        f"INSERT INTO search (search, rowid, {SEARCHED}) SELECT 'delete', id, {SEARCHED} FROM search_text"
        f" WHERE {which}",
        tuple(values),
    )


def bring_in(connection: sqlite3.Connection, which: str, values: Iterable[int] = ()) -> None:
    """Bring entities into full text that are not in it; ``which`` is a condition on ``id``."""
    connection.execute(
        f"INSERT INTO search (rowid, {SEARCHED}) SELECT id, {SEARCHED} FROM search_text WHERE {which}", tuple(values)
    )


def make_anew(connection: sqlite3.Connection) -> None:
    """Make all of full text anew from the rows."""
    connection.execute("INSERT INTO search(search) VALUES ('rebuild')")
