"""Open a file as bytes: what cannot be read twice (standard input, a pipe) goes to a temporary file first."""

from __future__ import annotations

import os
import sys
from typing import IO

from dkcrm.errors import DkcrmError
from dkcrm.i18n import _

CHUNK = 1 << 20
HEAD = 1 << 16
#: The temporary files that stand for standard input or a pipe.
_SPOOLED: dict[str, str] = {}


def read_head(path: str, size: int = HEAD) -> tuple[bytes, str]:
    """Return the first bytes of a file (none of an empty one), and a path under which all of it can be opened.

    That is the same one, but for standard input (``-``) and pipes, which are copied to a temporary file that only the
    user may read and that is deleted at exit. Raises ``DkcrmError`` (code ``io``) when it cannot be read.
    """
    path = rereadable(path)
    with open_bytes(path) as raw:
        try:
            return raw.read(size), path
        except OSError as error:
            raise read_error(path, error) from error


def rereadable(path: str) -> str:
    """Return a path under which a file can be opened as often as one likes; see ``read_head``."""
    if path == "-":
        if sys.stdin is None:
            raise io_error(display_name(path), OSError(_("there is no standard input")))
        return _spool(sys.stdin.buffer, path)
    with open_bytes(path) as raw:
        return path if raw.seekable() else _spool(raw, path)


def display_name(path: str) -> str:
    """Return how messages call the file, whatever temporary file its bytes are in."""
    path = _SPOOLED.get(path, path)
    return _("standard input") if path == "-" else path


def read_error(path: str, error: OSError | ValueError) -> DkcrmError:
    """Return what to raise when a file that opened well fails later, for example on a bad disk."""
    return io_error(display_name(path), error)


def io_error(name: str, error: OSError | ValueError) -> DkcrmError:
    """Return what to tell of a file that cannot be read."""
    hint = _("check the path and the rights of the file")
    if isinstance(error, FileNotFoundError):
        return DkcrmError(_("no such file: {name}").format(name=name), code="io", hint=_("check the path"))
    if isinstance(error, IsADirectoryError):
        hint = _("name a file in it")
        return DkcrmError(_("{name} is a directory, not a file").format(name=name), code="io", hint=hint)
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return DkcrmError(_("cannot read {name}: {reason}").format(name=name, reason=reason), code="io", hint=hint)


def open_bytes(path: str) -> IO[bytes]:
    """Open a file; one that cannot be opened is refused in a user's words."""
    try:
        if os.path.isdir(path):
            raise IsADirectoryError(path)
        return open(path, "rb")
    except (OSError, ValueError) as error:  # a ValueError is a path with a NUL in it
        raise io_error(display_name(path), error) from error


def _spool(stream: IO[bytes], path: str) -> str:
    """Copy what was opened under a path to a temporary file that goes with the process; return where it is read.

    Where the system names open files (Linux), the file's own name is taken away at once: even a process that is killed
    leaves no copy behind.
    """
    import atexit
    import contextlib
    import shutil
    import tempfile

    spool = ""
    try:
        descriptor, spool = tempfile.mkstemp(prefix="dkcrm-")  # made for its owner alone (0600)
        named = f"/proc/self/fd/{descriptor}"
        stays = os.path.exists(named)
        if stays:
            os.unlink(spool)
        with open(descriptor, "wb", closefd=not stays) as copy:
            shutil.copyfileobj(stream, copy, CHUNK)
        if stays:
            _SPOOLED[named] = path
            return named
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(spool)
        if isinstance(error, (OSError, ValueError)):  # a ValueError is a closed standard input
            raise io_error(display_name(path), error) from error
        raise

    def forget() -> None:
        with contextlib.suppress(OSError):
            os.unlink(spool)

    atexit.register(forget)
    _SPOOLED[spool] = path
    return spool
