"""Names that survive a power cut: syncing a file keeps what it holds, and its directory the name (POSIX)."""

from __future__ import annotations

import contextlib
import os


def sync_name(path: str) -> None:
    """Bring what stands under a path's name in its directory to the disk: that it is there, is new, or is gone."""
    handle = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_directory(path: str) -> None:
    """Make a directory for its owner alone (as the XDG rule has it), those above it first, where it is not there yet.

    Those that are there keep their mode; all are on the disk when this returns. Raises OSError.
    """
    if os.path.isdir(path):
        return
    make_directory(os.path.dirname(os.path.abspath(path)))
    with contextlib.suppress(FileExistsError):
        os.mkdir(path, 0o700)
    sync_name(path)
