"""Encrypted databases: SQLCipher's engine, loaded for an encrypted file alone, and how such a file is known.

A file is encrypted as a whole (AES-256, a keyed sum for every page), the log beside it too. The key is 256 bits, given
as they are, so that opening costs no derivation.
"""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING, Any, cast

from dkcrm.errors import StorageError
from dkcrm.i18n import _
from dkcrm.store import engine

if TYPE_CHECKING:
    from dkcrm.session import Session

PLAIN = b"SQLite format 3\0"
_PAGE = 4096
#: Of 4,096 random bytes fewer than so many different ones are not to be expected in the life of the universe.
_VALUES = 240


def looks_encrypted(path: str) -> bool:
    """Tell by its first page whether a file is encrypted: whole pages, nothing of SQLite's head, and no order in them.

    It must not be called while this process has the file open: to close it here would take the locks away.
    """
    if not os.path.isfile(path):
        return False  # what is a pipe would be waited for
    try:
        with open(path, "rb") as file:
            page = file.read(_PAGE)
            size = os.fstat(file.fileno()).st_size
    except OSError:
        return False
    return size >= _PAGE and size % _PAGE == 0 and page[: len(PLAIN)] != PLAIN and len(set(page)) >= _VALUES


def key_for(path: str, session: Session) -> str | None:
    """Return the key for a file that this process has not open, None for one that is not encrypted.

    Raises StorageError where there is no key.
    """
    if not looks_encrypted(path):
        return None
    from dkcrm.store.keysource import key_of

    return key_of(session, path)


def open_uri(uri: str, key: str | None, timeout: float) -> sqlite3.Connection:
    """Open a database by SQLCipher's engine; nothing that it does goes to a file in plain, nor to standard error."""
    connection = _engine().connect(
        uri, uri=True, timeout=timeout, isolation_level=None, cached_statements=256, factory=_factory()
    )
    connection.execute("PRAGMA cipher_log_level=NONE")
    if key is not None:
        connection.execute(f"PRAGMA key = {key_literal(key)}")
    connection.key = key
    # Sorting, staging and VACUUM would put rows into files that nobody encrypts.
    connection.execute("PRAGMA temp_store=MEMORY")
    return cast(sqlite3.Connection, connection)


def key_literal(key: str | None) -> str:
    """Return a key as SQL has it: the raw key of an encrypted file, or none for a plain one."""
    return f"\"x'{key}'\"" if key is not None else "''"


_made: list[Any] = []


def _factory() -> Any:
    """Return the class of connections that remember their key."""
    if not _made:

        class Keyed(_engine().Connection):  # type: ignore[misc]
            """A connection that can be opened once more."""

            key: str | None = None

        _made.append(Keyed)
    return _made[0]


def _engine() -> Any:
    """Return SQLCipher's module, whose errors are caught as SQLite's are from now on. Raises StorageError."""
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        raise StorageError(
            _("an encrypted database needs SQLCipher, which is not installed"),
            code="no_encryption",
            hint=_("install it: pip install 'dkcrm[encryption]'"),
        ) from error
    if dbapi2.Error not in engine.Error:
        engine.Error = (*engine.Error, dbapi2.Error)
        engine.DatabaseError = (*engine.DatabaseError, dbapi2.DatabaseError)
        engine.IntegrityError = (*engine.IntegrityError, dbapi2.IntegrityError)
    return dbapi2


def wrong_key(path: str) -> StorageError:
    """Return the error for a file that the key at hand does not open."""
    return StorageError(
        _("{path} cannot be read with this key: it is encrypted with another one, or damaged").format(path=path),
        code="wrong_key",
        hint=_("nothing was changed; the key comes from DKCRM_KEY_COMMAND or the keyring: see dkcrm config show"),
    )
