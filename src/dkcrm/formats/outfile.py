"""A file that is written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from typing import IO

from dkcrm.durable import sync_name


@contextlib.contextmanager
def whole_file(path: str) -> Iterator[IO[bytes]]:
    """Give a file to write to that stands at a path, readable by its owner alone, once the block ends without an error.

    Until then a file that was there stays as it is. A link of the user's own is followed, and one that somebody else
    laid is refused. What is no regular file, as ``/dev/null`` or a pipe, is written to and never replaced. What root
    replaces keeps its owner. Raises OSError.
    """
    _refuse_foreign_link(path)
    try:
        there = os.stat(path)
    except FileNotFoundError:
        there = None
    if there is not None and not stat.S_ISREG(there.st_mode):
        if stat.S_ISDIR(there.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        with open(path, "wb") as device:
            yield device
        return
    if there is not None and not os.access(path, os.W_OK):
        # Renaming asks for the directory's rights alone, and the file says that it is not to be written.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
    import tempfile

    target = os.path.realpath(path)
    handle, fresh = tempfile.mkstemp(prefix=".dkcrm-", dir=os.path.dirname(target))  # made with mode 0600
    try:
        with open(handle, "wb") as file:
            if there is not None and there.st_uid != os.fstat(handle).st_uid:
                with contextlib.suppress(OSError):
                    os.fchown(handle, there.st_uid, there.st_gid)
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, target)
        sync_name(target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(fresh)
        raise


def _refuse_foreign_link(path: str) -> None:
    """Raise PermissionError for a link that is neither the user's nor root's: it leads where somebody else wants."""
    try:
        found = os.lstat(path)
    except OSError:
        return
    if stat.S_ISLNK(found.st_mode) and hasattr(os, "geteuid") and found.st_uid not in (os.geteuid(), 0):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
