"""Files of ours beside each other: brought to the disk, and named as nothing else is."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from dkcrm.durable import sync_name

_CHUNK = 1 << 20


def free_name(path: str, ending: str = "") -> str:
    """Return a path, with its ending, at which there is nothing yet: a number is added where there is."""
    names = (f"{path}{more}{ending}" for more in ("", *(f"-{number}" for number in range(2, 10_000))))
    return next(name for name in names if not os.path.lexists(name))


def unfinished(path: str) -> bool:
    """Tell whether an import or another command has something beside a database that is not finished, or was killed."""
    base = os.path.basename(path)
    try:
        with os.scandir(os.path.dirname(os.path.abspath(path))) as entries:
            return any(entry.name.startswith((f"{base}.new-", f"{base}.numbers")) for entry in entries)
    except OSError:
        return False


def runs(process: int) -> bool:
    """Tell whether a process is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def copy_file(path: str, copy: str) -> None:
    """Copy the bytes of a file into another one, which is there. Raises OSError."""
    with open(path, "rb") as source, open(copy, "wb") as target:
        while data := source.read(_CHUNK):
            target.write(data)


@contextlib.contextmanager
def naming_in(directory: str) -> Iterator[None]:
    """Keep other commands from naming files in a directory at the same time, where the system has such locks."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        with contextlib.suppress(ImportError, OSError):
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def put_in_place(fresh: str, path: str) -> None:
    """Give a finished file a name at which there is nothing. Raises OSError, FileExistsError where somebody was first.

    On a file system with hard links the first name stays too, for the caller to take away.
    """
    try:
        os.link(fresh, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        os.rename(fresh, path)


def sync(path: str) -> None:
    """Bring a file, and its name in the directory, to the disk.

    Not for a database that is open: closing a file lets go of all locks that the process has on it (POSIX).
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    sync_name(path)


def remove(path: str) -> None:
    """Take away a database that was not finished, and what SQLite put beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(OSError):
            os.unlink(path + suffix)
