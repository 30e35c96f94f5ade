"""A large import written beside the database, into a copy whose pages then become the database's.

Written where it belongs it would hold the write lock for as long as it takes: ten seconds for two hundred thousand
rows, of which full text alone has two. So it goes into a copy; under the lock, what others have written meanwhile
(``since``) is brought into that, and the pages of the copy become those of the database in one transaction: a quarter
of a second for a hundred megabytes. Who reads, with whatever program, sees the old state or the new one, and a kill at
any moment leaves one of them.

It is for small databases that take in many rows. Whatever stands in its way is no error: the import is then written as
every other one is, under the lock (``Overtaken``).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import time
from types import TracebackType

from dkcrm.session import Session
from dkcrm.store import cleaning, copies, engine, journal, keysource
from dkcrm.store.backup import copy_database
from dkcrm.store.cipher import looks_encrypted
from dkcrm.store.connection import open_again, open_reading, open_writing
from dkcrm.store.files import copy_file, remove
from dkcrm.store.journal import UnitOfWork
from dkcrm.store.numbers import Numbers, give_back, go_on_from, last_numbers
from dkcrm.store.since import Overtaken, carry, check_apart, since
from dkcrm.store.swapping import wipe
from dkcrm.store.trust import new_file

#: A database with more bytes is not copied.
LARGEST = 32 << 20
#: So many times the bytes of a file come of it: rows, indexes, full text. They are written twice, and into the log.
_GROWS = 25
#: So many pages are copied at a time.
_PAGES = 4_000


def worth_it(session: Session, size: int) -> bool:
    """Tell whether there is room, and the database such, that an import of ``size`` bytes can be written beside it."""
    path = os.path.realpath(session.db)
    if keysource.named() and not os.path.lexists(path):
        return False  # it is going to be encrypted
    try:
        if looks_encrypted(path):
            return False
        there = sum(os.path.getsize(name) for name in (path, f"{path}-wal") if os.path.exists(name))
        free = shutil.disk_usage(os.path.dirname(path)).free
    except OSError:
        return False
    return there <= LARGEST and free > 4 * there + 3 * _GROWS * size and not cleaning.pending(session.db)


class Aside:
    """The copy that an import is written into, beside one that stays as it is: by it is known what others wrote."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._path = os.path.realpath(session.db)
        name = f"{self._path}.new-{os.getpid()}-{session.entropy(4).hex()}"
        self._before, self._fresh = f"{name}-before", name
        self.numbers = Numbers(session)
        #: Whether the import has happened.
        self.in_place = False

    def __enter__(self) -> UnitOfWork:
        """Return a unit of work on the copy, which has not begun."""
        with contextlib.ExitStack() as undone:
            undone.callback(self._clear)
            self._copy()
            connection = engine.connect(self._fresh)
            self.uow = undone.enter_context(UnitOfWork(self.session, "import", connection, aside=True))
            connection.execute("PRAGMA journal_mode=MEMORY")
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("PRAGMA foreign_keys=ON")
            if connection.execute("SELECT 1 FROM sqlite_schema WHERE type = 'trigger'").fetchone():
                raise Overtaken  # somebody else's: it would hear of what others wrote a second time
            self._ended = undone.pop_all()
        return self.uow

    def _copy(self) -> None:
        open_writing(self.session).close()  # where there is none yet
        # While this reads, no erasure comes to its end: what it has not cleaned yet would come back with the copy.
        reader = open_reading(self.session)
        try:
            reader.execute("SELECT 1 FROM operation LIMIT 1").fetchone()
            copy_database(self.session, self._before)
            if cleaning.pending(self.session.db):
                raise Overtaken
        finally:
            reader.close()
        new_file(self._fresh, like=self._path)
        copy_file(self._before, self._fresh)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.close()

    def _clear(self) -> None:
        for path in (self._before, self._fresh):
            with contextlib.suppress(OSError):
                if looks_encrypted(self._path):  # meanwhile: no copy in plain is to be left of it
                    with open(path, "r+b") as file:
                        os.unlink(path)
                        wipe(file)
            remove(path)
        give_back(self.session)

    def keep_numbers(self, count: int) -> None:
        """Keep numbers of the database for ``count`` new entities and what hangs on them; others get later ones."""
        go_on_from(self.uow.connection, self.numbers.keep(count))

    def put_in_place(self, known: set[int], new: tuple[int, int]) -> None:
        """Let what the copy holds be in the database, with what others have written meanwhile: the import happens.

        ``known`` are the entities that the import fills in, ``new`` is the range of those that it brings. Raises
        Overtaken where others were at work on the same.
        """
        uow, session = self.uow, self.session
        if not uow.changed:
            uow.commit()
            return
        uow.settle()
        uow.connection.execute("COMMIT")
        (pages,) = uow.connection.execute("PRAGMA page_count").fetchone()
        until = time.monotonic() + session.wait
        target = open_again(session, session.wait)

        def step(_status: int, left: int, _pages: int) -> None:
            if left and uow.operation_id is None:
                # Some pages are written: the lock is ours. Those that change in the copy now are written once more.
                uow.connection.execute("BEGIN IMMEDIATE")
                self._catch_up(known, new)
                uow.now = session.clock()
                journal.written.append(uow.commit() or 0)
            elif uow.operation_id is None and time.monotonic() > until:
                raise Overtaken

        try:
            if not isinstance(target, sqlite3.Connection):
                raise Overtaken  # it has been encrypted meanwhile
            target.execute("PRAGMA synchronous=FULL")
            # It is never done at the first step.
            uow.connection.backup(target, pages=min(_PAGES, max(1, pages // 2)), progress=step, sleep=0.01)
            self.in_place = True
            # Whoever wrote next would have to.
            with contextlib.suppress(*engine.Error):
                target.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except BaseException:
            self.in_place = self.in_place or self._happened()
            if not self.in_place:
                journal.written.clear()
            raise
        finally:
            target.close()

    def _happened(self) -> bool:
        """Tell, after an interruption, whether the pages had all been written."""
        if self.uow.operation_id is None:
            return False
        ask = "SELECT uid FROM operation WHERE id = ?"
        connection = open_again(self.session, self.session.wait)
        try:
            there = connection.execute(ask, (self.uow.operation_id,)).fetchone()
        finally:
            connection.close()
        return bool(there == self.uow.connection.execute(ask, (self.uow.operation_id,)).fetchone())

    def _catch_up(self, known: set[int], new: tuple[int, int]) -> None:
        """Bring into the copy what others have written meanwhile. Raises Overtaken where it does not go together."""
        # Who was erased is still in free pages of the copy.
        if cleaning.pending(self.session.db):
            raise Overtaken
        source = open_reading(self.session)
        try:
            source.execute("COMMIT")  # to attach a file; nobody else writes now
            changed = since(source, self._before)
            check_apart(self.uow, changed, known, new)
            theirs = last_numbers(source)
        finally:
            source.close()
        carry(self.uow.connection, changed)
        self._count_on(theirs)

    def _count_on(self, theirs: dict[str, int]) -> None:
        """Let numbers go on from the last one given, here or there; those kept and not needed are free again."""
        mine = last_numbers(self.uow.connection)
        later = {table: last for table, last in theirs.items() if not self.numbers.is_last(table, last)}
        go_on_from(self.uow.connection, {table: max(mine.get(table, 0), last) for table, last in later.items()})


def tidy(session: Session) -> None:
    """Take away what a killed import has left beside the database; the caller holds the turn of imports."""
    copies.tidy(os.path.realpath(session.db))
    give_back(session)
