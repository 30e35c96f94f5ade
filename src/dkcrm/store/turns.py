"""Imports take turns: the second waits until the first is done, and then finds its rows known."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from dkcrm.errors import Busy
from dkcrm.i18n import _
from dkcrm.session import Session
from dkcrm.store.trust import open_private


def hold(session: Session, what: str) -> Callable[[], None]:
    """Take the lock of a name, waiting as long as for the database; return what gives it back. Raises Busy."""
    held = ExitStack()
    held.enter_context(turn(session, what=what))
    return held.close


@contextmanager
def turn(session: Session, waiting: Callable[[], None] | None = None, *, what: str = "import") -> Iterator[bool]:
    """Hold the lock of imports, or of another name, for this database; ``waiting`` is called once where another has it.

    Gives whether it is held: a dry run holds none, nor does a system without such locks.

    The lock is a file beside the database (SQLite's own file is not to be opened a second time: closing it would drop
    SQLite's locks). An import may take long, so the wait has no end, unless ``DKCRM_WAIT`` gives it one: then Busy.
    Others wait as long as for a locked database.
    """
    path = session.db
    if session.dry_run or not os.path.isdir(os.path.dirname(os.path.abspath(path))):
        yield False
        return
    try:
        import fcntl

        handle = open_private(f"{path}.{what}-lock", os.O_RDWR, like=path)
    except (ImportError, OSError):
        # A directory that cannot be written, or a system without such locks: SQLite's own lock must do.
        yield False
        return
    try:
        told = False
        end = time.monotonic() + session.wait if what != "import" or os.environ.get("DKCRM_WAIT") else None
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if waiting is not None and not told:
                    waiting()
                told = True
                if end is not None and time.monotonic() > end:
                    raise Busy(
                        _("another {what} is at work on {path}").format(what=what, path=path),
                        hint=_("nothing was written; try again, or wait longer with DKCRM_WAIT=600"),
                    ) from None
                time.sleep(0.05)
        yield True
    finally:
        os.close(handle)
