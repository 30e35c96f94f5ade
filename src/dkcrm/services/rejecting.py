"""Rejected rows: counted, shown, and written to a file from which they can be mended and imported."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from typing import IO

from dkcrm.errors import DkcrmError
from dkcrm.formats.outfile import whole_file
from dkcrm.formats.record import Records, Rejects, Table
from dkcrm.i18n import _

#: So many are told; the file has them all.
SHOWN = 1_000


def default_path(path: str, suffix: str) -> str | None:
    """Return where the rejects of a file go: beside it, as ``leads.rejects.csv``.

    None for standard input and for a pipe: ``/dev/fd/63`` of a shell's ``<(…)`` has no place beside it.
    """
    if path == "-" or not (os.path.isfile(path) or os.path.isdir(path)):
        return None
    stem = path.rstrip("/")
    known = os.path.splitext(stem)
    return f"{known[0] if known[1] and not os.path.isdir(path) else stem}.rejects{suffix}"


def write(path: str, source: Table | Records, rejects: Rejects) -> None:
    """Write the rejects to a file (mode 0600), whole or not at all. Raises DkcrmError (code ``io``)."""
    if _is_database(path):
        raise DkcrmError(
            _("the rejected rows are not written over a database: {path}").format(path=path),
            code="io",
            hint=_("name another file with --rejects FILE"),
        )
    try:
        with tempfile.TemporaryFile() as made:
            text = io.TextIOWrapper(made, encoding="utf-8", errors="surrogateescape", newline="")
            source.write_rejects(text, rejects)
            text.flush()
            text.detach()
            if _put_aside(path, made):
                made.seek(0)
                with whole_file(path) as file:
                    shutil.copyfileobj(made, file)
    except OSError as error:
        raise DkcrmError(
            _("cannot write the rejected rows to {path}: {why}").format(path=path, why=error.strerror or error),
            code="io",
            hint=_("name another file with --rejects FILE"),
        ) from error


def _put_aside(path: str, made: IO[bytes]) -> bool:
    """Keep a file of rejects that somebody may be mending under its name with a ``~``; return whether to write at all.

    One that says the same as what is to be written stays as it is.
    """
    if not os.path.isfile(path) or os.path.islink(path):
        return True
    made.seek(0)
    with open(path, "rb") as there:
        while True:
            one, other = there.read(1 << 16), made.read(1 << 16)
            if one != other:
                break
            if not one:
                return False
    os.replace(path, f"{path}~")
    return True


def _is_database(path: str) -> bool:
    """Tell whether a file is an SQLite database: whoever names one has mixed up two options."""
    try:
        if not os.path.isfile(path):
            return False
        with open(path, "rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError:
        return False
