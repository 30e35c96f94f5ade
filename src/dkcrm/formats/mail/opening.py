"""Open mail wherever it lies, and write what was rejected as a mailbox of its own."""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterable
from typing import TextIO

from dkcrm.errors import InvalidInput
from dkcrm.formats.inputs import display_name, read_error, read_head
from dkcrm.formats.mail.boxes import Box, DirectoryBox, FileBox
from dkcrm.formats.mail.charsets import charset_named, clean_line
from dkcrm.formats.mail.leads import RAW_OF_REJECT, raw_text, records_of
from dkcrm.formats.mail.rejected import write_rejected
from dkcrm.formats.mail.sniffing import BOM, is_maildir, looks_like_mail
from dkcrm.formats.record import Record, Records, Reject, Rejects
from dkcrm.i18n import _

_MBOX_NAMES = (".mbox", ".mbx", "mbox")
_ANY_FIELD = re.compile(rb"(?:From \S|[A-Za-z][A-Za-z0-9-]{0,99}[ \t]*:)")


def open_mail(path: str, *, encoding: str | None = None, mine: frozenset[str] = frozenset()) -> Records:
    """Open a message, an mbox (``-`` is standard input), a Maildir or a directory of ``.eml`` files.

    Each message is a record of who wrote it, or of the person in the web form that it carries; where the sender is one
    of ``mine`` (the user's own addresses, casefolded), a record for each recipient. What machines and mailing lists
    sent is rejected. ``encoding`` is the charset of text that declares none. Of the lines, a message's is the one
    where it starts in an mbox, 1 for a single message, and in a directory the running number of its file.

    Raises ``InvalidInput`` when there is no mail, or the encoding is unknown, and ``DkcrmError`` (code ``io``) when it
    cannot be read, also while the records are read.
    """
    given = _charset(encoding)
    box = _box(path)
    rejects = Rejects()
    records = _records(box, rejects, mine, given)

    def write_rejects(file: TextIO, rejected: Iterable[Reject]) -> None:
        """Write rejected messages whole, as they are in the box, with line and reason in header fields."""
        write_rejected(box, file, rejected)

    return Records(
        format=box.format,
        records=records,
        rejects=rejects,
        encoding=given or "utf-8",
        scope="mail",
        suffix=".mbox",
        write_rejects=write_rejects,
        close=records.close,
    )


def _records(box: Box, rejects: Rejects, mine: frozenset[str], given: str | None) -> Generator[Record, None, None]:
    """Yield the records of all messages; one that makes none goes to the rejects."""
    for letter in box.letters():
        found = records_of(letter, mine, given)
        if isinstance(found, str):
            reason = f"{letter.name}: {found}" if letter.name and letter.name not in found else found
            rejects.append(Reject(letter.line, clean_line(reason, 1_000), [raw_text(letter.raw, RAW_OF_REJECT)]))
        else:
            yield from found


def _charset(encoding: str | None) -> str | None:
    """Return Python's name of an encoding that a user named, or refuse it."""
    codec = charset_named(encoding) if encoding else None
    if encoding and codec is None:
        hint = _("for example utf-8, cp1252, latin-1, utf-16, mac-roman")
        raise InvalidInput(_("unknown encoding '{name}'").format(name=encoding), hint=hint)
    return codec


def _box(path: str) -> Box:
    """Return what lies at a path, opened once to see that it can be."""
    name = display_name(path)
    if path != "-" and os.path.isdir(path):
        return _directory(path, name)
    head, place = read_head(path)
    start = head.removeprefix(BOM).lstrip(b"\r\n")
    if not start:
        raise InvalidInput(_("{name} is empty").format(name=name), hint=_("there is no message in it"))
    kind = looks_like_mail(head)
    if kind is None and not _ANY_FIELD.match(start):
        message = _("{name} holds no mail: it does not begin with the header of a message").format(name=name)
        raise InvalidInput(message, hint=_("mail is a message (.eml), an mbox, a Maildir or a directory of .eml files"))
    many = kind == "mbox" or start.startswith(b"From ") or path.lower().endswith(_MBOX_NAMES)
    return FileBox(place, many=many)


def _directory(path: str, name: str) -> DirectoryBox:
    """Return a directory's messages, or refuse one that has none."""
    maildir = is_maildir(path)
    try:
        box = DirectoryBox(path, maildir=maildir)
    except OSError as error:
        raise read_error(path, error) from error
    if not box.files and not maildir:
        hint = _("name a Maildir (with cur and new in it), a directory of .eml files, or a file")
        raise InvalidInput(_("{name} is a directory without messages").format(name=name), hint=hint)
    return box
