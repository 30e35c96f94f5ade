"""Where messages lie: one file, an mbox, a Maildir, a directory of files; each read as bytes, one message at a time."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import IO, Protocol

from dkcrm.formats.inputs import read_error
from dkcrm.formats.mail.sniffing import BOM, is_field_line
from dkcrm.i18n import _

LARGEST = 64 << 20
# Of a message that is larger this much is kept, to be named among the rejects.
KEPT_OF_LARGER = 65_536
# The longest piece of a line that is read at once; a longer line comes in pieces.
LINE = 65_536

# asctime's date stands in nearly every envelope line; prose that begins with "From" has none.
_ENVELOPE = re.compile(
    rb"From [^\r\n]{0,300}?\b[A-Z][a-z]{2},? [A-Z][a-z]{2} {1,2}\d{1,2} \d{1,2}:\d\d(?::\d\d)?"
    rb"(?: [+-]\d{4}| [A-Z]{1,5})? \d{4}(?: [+-]\d{4}| [A-Z]{1,5})?(?: remote from \S{1,100})?[ \t]*\r?\n?"
)
_OTHER_ENVELOPE = re.compile(rb"From (?:[^\s@]{0,100}@\S{0,300}|-|MAILER-DAEMON)(?:[ \t][^\r\n]{0,200})?\r?\n?")
_QUOTED = re.compile(rb">+From ")
# Where a mark is to be put in a message before it is written to an mbox.
QUOTABLE = re.compile(rb"^(?=>*From )", re.MULTILINE)


class Letter:
    """One message as bytes: the line where it starts (or its number in a directory), and what the box says of it.

    ``envelope`` is an mbox's ``From `` line, ``modified`` when its file was written (seconds since 1970), ``name`` its
    file's name in a directory. ``trouble`` says why it could not be read at all.
    """

    __slots__ = ("envelope", "line", "modified", "name", "raw", "too_large", "trouble")

    def __init__(self, line: int, raw: bytes, modified: float, *, envelope: bytes = b"", name: str = "") -> None:
        self.line = line
        self.raw = raw
        self.modified = modified
        self.envelope = envelope
        self.name = name
        self.too_large = False
        self.trouble: str | None = None


class Box(Protocol):
    """A place with messages, which can be read more than once."""

    format: str

    def letters(self) -> Iterator[Letter]:
        """Yield the messages, in their order."""


class FileBox:
    """A file with a message, or with many (mbox)."""

    def __init__(self, path: str, *, many: bool) -> None:
        self.path = path
        self.format = "mbox" if many else "eml"

    def letters(self) -> Iterator[Letter]:
        """Yield the messages; raise ``DkcrmError`` (code ``io``) when the file cannot be read."""
        try:
            with open(self.path, "rb") as stream:
                modified = _believable(os.fstat(stream.fileno()).st_mtime)
                if stream.read(len(BOM)) != BOM:
                    stream.seek(0)
                yield from _mbox(stream, modified) if self.format == "mbox" else _single(stream, modified)
        except OSError as error:
            raise read_error(self.path, error) from error


class DirectoryBox:
    """A directory with a message in each file: a Maildir (``cur`` and ``new``), or any with ``.eml`` files."""

    def __init__(self, path: str, *, maildir: bool) -> None:
        self.path = path
        self.format = "maildir" if maildir else "eml"
        folders = ("cur", "new") if maildir else ("",)
        found = [(name, folder) for folder in folders for name in _files(os.path.join(path, folder), maildir)]
        self.files = [os.path.join(folder, name) for name, folder in sorted(found)]

    def letters(self) -> Iterator[Letter]:
        """Yield the messages by the names of their files, which in a Maildir is by their time."""
        for number, name in enumerate(self.files, start=1):
            letter = Letter(number, b"", 0.0, name=os.path.basename(name))
            path = os.path.join(self.path, name)
            try:
                with open(path, "rb") as stream:
                    letter.raw = stream.read(LARGEST + 1).removeprefix(BOM)
                    letter.modified = _believable(os.fstat(stream.fileno()).st_mtime)
            except (OSError, ValueError) as error:  # another program moved or renamed it meanwhile, as Maildirs allow
                letter.trouble = read_error(path, error).message
            _limit(letter)
            letter.trouble = letter.trouble or (_set_aside(letter.name) if self.format == "maildir" else None)
            yield letter


def _files(folder: str, maildir: bool) -> list[str]:
    """Return the names of the messages in a folder; what cannot be listed has none."""
    try:
        with os.scandir(folder) as entries:
            return [
                entry.name
                for entry in entries
                if not entry.name.startswith(".")
                and (maildir or entry.name.lower().endswith(".eml"))
                and entry.is_file()
            ]
    except FileNotFoundError:
        return []


def _set_aside(name: str) -> str | None:
    """Return what the flags in the name of a Maildir's file say against it: it was deleted, or never sent."""
    flags = name.rpartition(":2,")[2] if ":2," in name else ""
    return _("deleted in the mail program") if "T" in flags else _("a draft") if "D" in flags else None


def _believable(moment: float) -> float:
    """Return a time as it is where it can be written down, else the beginning of 1970."""
    return moment if 0 <= moment < 4_102_444_800 else 0.0


def _limit(letter: Letter) -> None:
    """Mark a letter that is too large and keep only its beginning."""
    if len(letter.raw) > LARGEST:
        letter.too_large = True
        letter.raw = letter.raw[:KEPT_OF_LARGER]


def _single(stream: IO[bytes], modified: float) -> Iterator[Letter]:
    """Yield the message that a file is."""
    letter = Letter(1, stream.read(LARGEST + 1), modified)
    _limit(letter)
    yield letter


def _mbox(stream: IO[bytes], modified: float) -> Iterator[Letter]:
    """Yield the messages of an mbox (mboxo, mboxrd, mboxcl alike: RFC 4155, qmail's mbox(5)).

    A line begins a message that looks like an envelope and stands after a blank line, or before header fields; the
    length that a message claims (mboxcl) is not believed. Quoted lines (``>From``) lose one mark.
    """
    kept, size = bytearray(), 0
    start, envelope = 1, b""
    number = 0
    blank, at_start = True, True  # whether the line before is blank, and whether this piece begins a line
    line = stream.readline(LINE)
    while line:
        following = stream.readline(LINE)
        number += at_start
        inside = bool(kept or envelope)
        if at_start and line.startswith(b"From ") and (not inside or _begins(line, following, blank)):
            if inside:
                yield _letter(start, kept, size, modified, envelope)
            kept, size, start, envelope = bytearray(), 0, number, line
        elif inside or line.strip():
            if not inside:
                start = number
            if at_start and line.startswith(b">") and _QUOTED.match(line):
                line = line[1:]
            size += len(line)
            if size <= LARGEST:
                kept += line
            elif len(kept) > KEPT_OF_LARGER:
                del kept[KEPT_OF_LARGER:]
        blank = at_start and line in (b"\n", b"\r\n")
        at_start = line.endswith(b"\n")
        line = following
    if kept or envelope:
        yield _letter(start, kept, size, modified, envelope)


def _begins(line: bytes, following: bytes, blank: bool) -> bool:
    """Say whether a ``From `` line begins a message."""
    if _ENVELOPE.fullmatch(line):
        return blank or is_field_line(following)
    return blank and bool(_OTHER_ENVELOPE.fullmatch(line)) and is_field_line(following)


def _letter(start: int, kept: bytearray, size: int, modified: float, envelope: bytes) -> Letter:
    """Return a message of an mbox."""
    letter = Letter(start, bytes(kept), modified, envelope=envelope[:300])
    letter.too_large = size > LARGEST
    return letter
