"""Open LDIF as records: people and organizations of a directory or an address book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO

from dkcrm.errors import InvalidInput
from dkcrm.formats.encoding import open_text
from dkcrm.formats.inputs import display_name, read_error
from dkcrm.formats.ldif.entries import BadEntry, attributes, entries
from dkcrm.formats.ldif.persons import read_person
from dkcrm.formats.peeking import peeking
from dkcrm.formats.record import Record, Records, Reject, Rejects
from dkcrm.i18n import _

_HEAD_LINES = 200
_HEAD_CHARS = 1 << 16


def open_ldif(path: str, *, encoding: str | None = None) -> Records:
    """Open an LDIF file (``-`` is standard input) as records (RFC 2849); what a URL in it names is never fetched.

    Raises ``InvalidInput`` when the file is no text or no LDIF, ``DkcrmError`` (code ``io``) when it cannot be read.
    """
    hint = _("an entry of LDIF begins with a line 'dn: …'")
    stream, codec = open_text(path, encoding, hint=hint, folded=True)
    with peeking(stream, path):
        begin = _read_begin(stream)
        if not any(_begins_entry(line) for line in begin):
            raise InvalidInput(_("{name} is not LDIF").format(name=display_name(path)), hint=hint)
    rejects = Rejects()
    return Records(
        format="ldif",
        records=_records(begin, stream, rejects, path),
        rejects=rejects,
        encoding=codec,
        scope="ldif",
        suffix=".ldif",
        write_rejects=write_ldif_rejects,
        close=stream.close,
    )


def write_ldif_rejects(file: TextIO, rejects: Iterable[Reject]) -> None:
    """Write rejected entries as they stood, each under a comment with its line and the reason."""
    for reject in rejects:
        reason = " ".join(reject.reason.split())
        file.write(f"# dkcrm:line {reject.line}\n# dkcrm:reason {reason}\n")
        file.write("\n".join(reject.row).rstrip("\n") + "\n\n")


def _read_begin(stream: TextIO) -> list[str]:
    """Return the first lines, to be read again."""
    lines: list[str] = []
    room = _HEAD_CHARS
    while len(lines) < _HEAD_LINES and room > 0:
        line = stream.readline(_HEAD_CHARS)
        if not line:
            break
        lines.append(line)
        room -= len(line)
    return lines


def _begins_entry(line: str) -> bool:
    """Tell whether a line is one that only LDIF has."""
    start = line.lstrip("\ufeff")[:8].lower()
    return start.startswith("dn:") or start == "version:"


def _records(begin: list[str], stream: TextIO, rejects: Rejects, path: str) -> Iterator[Record]:
    """Yield the entries as records, and close the file after them; trouble with the disk is an error of ours."""
    waiting = iter(begin)

    def readline(size: int) -> str:
        return next(waiting, "") or stream.readline(size)

    try:
        for start, lines in entries(readline, rejects):
            first = next(
                at for at, line in enumerate(lines) if not line.startswith("#") and line[:8].lower() != "version:"
            )
            raw = "\n".join(line for line in lines if not line.startswith("# dkcrm:"))
            record = Record(start + first, raw)
            try:
                read_person(record, attributes(lines))
            except BadEntry as error:
                rejects.append(Reject(record.line, str(error), [raw]))
            else:
                yield record
    except (OSError, UnicodeError) as error:
        raise read_error(path, error) from error
    finally:
        stream.close()
