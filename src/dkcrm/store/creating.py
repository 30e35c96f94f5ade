"""A database that is not there yet: read as an empty one, or made, with its directory.

It is built whole under a temporary name and then linked into place, so that nobody ever sees half of one, however many
processes create it at once.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3

from dkcrm.durable import make_directory, sync_name
from dkcrm.errors import StorageError
from dkcrm.i18n import _
from dkcrm.session import Session
from dkcrm.store import engine
from dkcrm.store.explaining import explain, unreachable
from dkcrm.store.files import put_in_place
from dkcrm.store.trust import new_file


def check_directory(path: str, session: Session, *, create: bool = False) -> None:
    """Check that the database's directory is there; the user data dir itself is made (0700) when asked for."""
    from dkcrm import config

    directory = os.path.dirname(os.path.abspath(path))
    if os.path.isdir(directory):
        return
    if os.path.abspath(path) == os.path.abspath(config.default_db()):
        if create:
            try:
                make_directory(directory)
            except OSError as error:
                raise unreachable(path, error) from error
        return
    raise StorageError(
        _("the directory of the database does not exist: {path}").format(path=directory),
        code="unreachable_database",
        hint=_("make it first: mkdir -p {path}").format(path=directory),
    )


def empty(*, writable: bool = False) -> sqlite3.Connection:
    """Return a database of the present schema with nothing in it, and in no file."""
    from dkcrm.store.migrations import build

    connection = engine.memory()
    build(connection)
    if not writable:
        connection.execute("PRAGMA query_only=ON")
    return connection


def create(path: str, session: Session) -> None:
    """Build a new database beside its place, mode 0600, and link it in; whoever comes second uses the first one's.

    It is encrypted where the settings say where keys come from.
    """
    from dkcrm.store.keysource import key_of, named
    from dkcrm.store.migrations import build

    check_directory(path, session, create=True)
    key = key_of(session, path) if named() else None
    fresh = f"{path}.new-{os.getpid()}-{session.entropy(4).hex()}"
    try:
        new_file(fresh)
        try:
            connection = engine.connect(fresh, key=key)
            try:
                connection.execute("PRAGMA synchronous=FULL")
                # Only the file is linked: nothing may be left in a log, which closing would not say.
                connection.execute("PRAGMA journal_mode=MEMORY")
                build(connection)
                connection.execute("PRAGMA journal_mode=WAL")
            finally:
                connection.close()
            with contextlib.suppress(FileExistsError):
                put_in_place(fresh, path)
            sync_name(path)
        finally:
            for suffix in ("", "-wal", "-shm", "-journal"):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(fresh + suffix)
    except OSError as error:
        raise unreachable(path, error) from error
    except engine.Error as error:
        raise explain(error, path) from error
