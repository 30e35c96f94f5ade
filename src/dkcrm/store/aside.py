"""A large import written beside the database, into a copy that then takes its place.

Written where it belongs it would hold the write lock for as long as it takes: seconds for a hundred thousand rows, of
which full text alone has one. So it goes into a copy; what others have written meanwhile (``since``) is brought into
that at the end, while nobody else has the database open, for some tenths of a second; and the copy gets the name. Who
reads, with whatever program, sees the old state or the new one, and a kill at any moment leaves one of them.

It is for small databases that take in many rows. Whatever stands in its way is no error: the import is then written as
every other one is, under the lock (``Overtaken``).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from types import TracebackType

from dkcrm.durable import sync_name
from dkcrm.errors import Busy
from dkcrm.session import Session
from dkcrm.store import cleaning, engine, journal
from dkcrm.store.backup import copy_database
from dkcrm.store.cipher import looks_encrypted
from dkcrm.store.copies import left_behind
from dkcrm.store.files import copy_file, sync
from dkcrm.store.journal import UnitOfWork
from dkcrm.store.numbers import Numbers, give_back, last_numbers
from dkcrm.store.since import Changed, Overtaken, carry, entities, since
from dkcrm.store.swapping import alone, remove
from dkcrm.store.trust import new_file

#: A file with fewer bytes (some 10,000 rows) is written under the lock before anybody would notice.
SMALLEST = 1 << 20
#: A database with more bytes is not copied.
LARGEST = 32 << 20
#: So many times the bytes of a file come of it: rows, indexes, full text, and the log of them.
_GROWS = 30
#: The byte of SQLite's header that says which version of the format is needed to write, and one that there is not yet.
_WRITE_VERSION, _LATER_FORMAT = 18, b"\x03"


def worth_it(session: Session, size: int) -> bool:
    """Tell whether an import of ``size`` bytes is to be written beside the database; the caller holds the turn."""
    path = os.path.realpath(session.db)
    try:
        if session.dry_run or size < SMALLEST or os.stat(path).st_nlink > 1 or looks_encrypted(path):
            return False
        there = sum(os.path.getsize(name) for name in (path, f"{path}-wal") if os.path.exists(name))
        free = shutil.disk_usage(os.path.dirname(path)).free
    except OSError:
        return False
    return there <= LARGEST and free > 3 * there + _GROWS * size and not cleaning.pending(session.db)


class Aside:
    """The copy that an import is written into, beside one that stays as it is: by it is known what others wrote."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._path = os.path.realpath(session.db)
        name = f"{self._path}.new-{os.getpid()}-{session.entropy(4).hex()}"
        self._before, self._fresh = f"{name}-before", name
        self.numbers = Numbers(session)
        self._closed = False
        #: Whether the copy has taken the database's place.
        self.in_place = False

    def __enter__(self) -> UnitOfWork:
        """Return a unit of work on the copy, which has not begun."""
        try:
            copy_database(self.session, self._before)
            new_file(self._fresh, like=self._path)
            copy_file(self._before, self._fresh)
            connection = engine.connect(self._fresh)
        except BaseException:
            self._clear()
            raise
        connection.execute("PRAGMA journal_mode=MEMORY")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA foreign_keys=ON")
        self.uow = UnitOfWork(self.session, "import", connection, aside=True)
        return self.uow

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        self._clear()

    def _close(self) -> None:
        if not self._closed:
            self._closed = True
            self.uow.__exit__(None, None, None)

    def _clear(self) -> None:
        for path in (self._before, self._fresh):
            remove(path)
        give_back(self.session)

    def keep_numbers(self, count: int) -> None:
        """Keep numbers of the database for ``count`` new entities and what hangs on them; others get later ones."""
        _let_follow(self.uow.connection, self.numbers.keep(count))

    def put_in_place(self, known: set[int], new: tuple[int, int]) -> None:
        """Let the copy take the database's place, with what others have written meanwhile; commit the operation.

        ``known`` are the entities that the import fills in, ``new`` is the range of those that it brings. Raises
        Overtaken where others were at work on the same, or have the database open all the time.
        """
        uow, session = self.uow, self.session
        if not uow.changed:
            uow.commit()
            return
        # What is large is on the disk before anybody has to wait for it.
        uow.connection.execute("COMMIT")
        sync(self._fresh)
        uow.connection.execute("BEGIN IMMEDIATE")
        try:
            with open(self._path, "r+b") as old, alone(session, self._path) as source:
                try:
                    if not os.path.samestat(os.fstat(old.fileno()), os.stat(self._path)):
                        raise Overtaken
                    self._catch_up(source, known, new)
                    uow.now = session.clock()
                    operation = uow.commit()
                    uow.connection.execute("PRAGMA journal_mode=WAL")
                    self._close()
                    sync(self._fresh)
                    journal.written.append(operation or 0)
                    os.rename(self._fresh, self._path)
                    self.in_place = True
                except BaseException:
                    if not self.in_place and os.path.lexists(self._fresh):
                        journal.written.clear()
                        source.execute("PRAGMA main.journal_mode=WAL")
                    raise
                sync_name(self._path)
                _close_for_good(old.fileno())
        except Busy as error:
            raise Overtaken from error

    def _catch_up(self, source: sqlite3.Connection, known: set[int], new: tuple[int, int]) -> None:
        """Bring into the copy what others have written meanwhile. Raises Overtaken where it does not go together."""
        # Who was erased is still in free pages of the copy.
        if cleaning.pending(self.session.db):
            raise Overtaken
        changed = since(source, self._before)
        self._check(changed, known, new)
        carry(self.uow.connection, changed)
        self._count_on(source)

    def _check(self, changed: list[Changed], known: set[int], new: tuple[int, int]) -> None:
        """Raise Overtaken where others have written what this import is about too."""
        ask = self.uow.connection.execute
        for one in changed:
            mine = {(row_id,) for table, row_id in self.uow.pending() if table == one.table}
            if one.table in ("erased", "imported_row") or mine & one.keys():
                raise Overtaken
        if known & entities(changed):
            raise Overtaken
        for one in changed:
            for row in (dict(zip(one.names, row, strict=True)) for row in one.now):
                found = None
                if one.table == "entity":
                    found = ask("SELECT id FROM entity WHERE uid = ? AND id <> ?", (row["uid"], row["id"])).fetchone()
                elif one.table == "contact_point" and row["kind"] == "email":
                    found = ask(
                        "SELECT 1 FROM contact_point WHERE coalesce(norm, value) = ? AND entity_id BETWEEN ? AND ?",
                        (row["norm"] or row["value"], *new),
                    ).fetchone()
                elif one.table == "identity":
                    found = ask(
                        "SELECT 1 FROM identity WHERE value = ? AND scope = ? AND entity_id BETWEEN ? AND ?",
                        (row["value"], row["scope"], *new),
                    ).fetchone()
                if found:
                    raise Overtaken

    def _count_on(self, source: sqlite3.Connection) -> None:
        """Let numbers go on from the last one given, here or there; those kept and not needed are free again."""
        mine = last_numbers(self.uow.connection)
        for table, last in last_numbers(source).items():
            if not self.numbers.is_last(table, last):
                mine[table] = max(mine.get(table, 0), last)
        _let_follow(self.uow.connection, mine)


def _let_follow(connection: sqlite3.Connection, numbers: dict[str, int]) -> None:
    """Let the next number of each table be the one after these."""
    connection.execute("DELETE FROM sqlite_sequence")
    connection.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", numbers.items())


def tidy(session: Session) -> None:
    """Take away what a killed import has left beside the database; the caller holds the turn of imports."""
    with contextlib.suppress(OSError):
        for name in left_behind(os.path.realpath(session.db)):
            remove(name)
    give_back(session)


def _close_for_good(handle: int) -> None:
    """See that nobody can write to a database that has lost its name: another program may be waiting for its lock.

    It can be read on. SQLite writes to no file whose header asks for a later version of its format to do so.
    """
    if os.fstat(handle).st_nlink == 0:
        os.pwrite(handle, _LATER_FORMAT, _WRITE_VERSION)
