"""Files of ours beside each other: made for their owner alone, brought to the disk, and named as nothing else is."""

from __future__ import annotations

import os


def new_file(path: str) -> int:
    """Make an empty file that was not there before, for its owner alone, and return a handle to read and write it.

    Raises OSError, FileExistsError too.
    """
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)


def new_empty_file(path: str) -> None:
    """Make an empty file that was not there before, for its owner alone. Raises OSError, FileExistsError too."""
    os.close(new_file(path))


def free_name(path: str, ending: str = "") -> str:
    """Return a path, with its ending, at which there is nothing yet: a number is added where there is."""
    names = (f"{path}{more}{ending}" for more in ("", *(f"-{number}" for number in range(2, 10_000))))
    return next(name for name in names if not os.path.lexists(name))


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
    _sync(path)
    sync_name(path)


def sync_name(path: str) -> None:
    """Bring a name in a directory to the disk: a file that is new or was renamed survives a power cut (POSIX)."""
    _sync(os.path.dirname(os.path.abspath(path)))


def _sync(path: str) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
