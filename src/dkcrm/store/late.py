"""Indexes made once the rows are there: sorting them all is a third of the work of finding a place for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from dkcrm.store.journal import UnitOfWork

#: From so many entities on it is worth it.
WORTH = 5_000
#: One row in so many is to be written when the indexes are there. They are made full to the last byte, so that each row
#: that comes later divides a page and moves what is in its neighbours; these few leave room almost everywhere, for one
#: page in thirty more (measured: 1,000 rows after 1,000,000 change 11,000 pages instead of 25,000).
LOOSE = 100


@contextmanager
def late_indexes(uow: UnitOfWork, tables: Sequence[str], count: int) -> Iterator[bool]:
    """Fill tables without their indexes, which are made again at the end; those that hold rows apart stay.

    Tells whether there are such indexes: then the last rows (see ``LOOSE``) are to be written after it.

    It is part of the unit of work's transaction: nobody ever sees a table without them. Only where it is worth it:
    where ``count`` entities or more come in, and into tables that never had as many rows.
    """
    ask = uow.connection.execute
    small = [table for table in tables if count >= WORTH and uow.next_id(table) - 1 <= count]
    marks = ", ".join("?" * len(small))
    sql = (
        f"SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name IN ({marks})"
        " AND sql LIKE 'CREATE INDEX%' ORDER BY rowid"
    )
    indexes = ask(sql, small).fetchall() if small else []
    for name, _sql in indexes:
        ask(f'DROP INDEX "{name}"')
    yield bool(indexes)
    for _name, sql in indexes:
        ask(sql)
