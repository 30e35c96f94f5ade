"""Opening vCard files, and directories of them: from bytes to records, one at a time."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator, Iterable, Sequence
from typing import TextIO

from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.formats.encoding import open_text
from dkcrm.formats.inputs import display_name, read_error
from dkcrm.formats.peeking import peeking
from dkcrm.formats.record import Record, Records, Reject, Rejects
from dkcrm.formats.vcard.cards import Block, Blocks, mark_of
from dkcrm.formats.vcard.content import codec_of, cut
from dkcrm.formats.vcard.lines import physical_lines
from dkcrm.formats.vcard.mapping import DROPPED, has_name, is_empty, read_card
from dkcrm.formats.vcard.own import is_own
from dkcrm.formats.vcard.unfold import unfold
from dkcrm.i18n import _

SUFFIXES = (".vcf", ".vcard")
_PEEKED = 1 << 20


def open_vcard(path: str, *, encoding: str | None = None) -> Records:
    """Open a vCard file (``-`` is standard input) and return its cards as ``Records``.

    Raises ``InvalidInput`` when the file is no text or a short one without a card, and ``DkcrmError`` (code ``io``)
    when it cannot be read.
    """
    stream, codec = _open(path, encoding)
    rejects = Rejects()
    return Records(
        format="vcard",
        records=_records(stream, path, rejects, "" if encoding else codec),
        rejects=rejects,
        encoding=codec,
        scope="vcard",
        suffix=".vcf",
        write_rejects=write_rejects,
        close=stream.close,
    )


def open_vcard_directory(path: str, *, encoding: str | None = None) -> Records:
    """Open the vCard files of a directory, in the order of their names, as one source.

    A file that cannot be read, or is no vCard, is one reject that names it. ``line`` counts within each file. Raises
    ``InvalidInput`` when the directory has no such file, and ``DkcrmError`` (code ``io``) when it cannot be read.
    """
    try:
        names = sorted(name for name in os.listdir(path) if name.lower().endswith(SUFFIXES))
    except (OSError, ValueError) as error:
        raise read_error(path, error) from error
    if not names:
        raise InvalidInput(
            _("{name} has no vCard files").format(name=path), hint=_("their names end in .vcf or .vcard")
        )
    rejects = Rejects()
    records = _of_directory(path, names, encoding, rejects)
    return Records(
        format="vcard",
        records=records,
        rejects=rejects,
        encoding=encoding or "utf-8",
        scope="vcard",
        suffix=".vcf",
        write_rejects=write_rejects,
        close=records.close,
    )


def _of_directory(
    path: str, names: Sequence[str], encoding: str | None, rejects: Rejects
) -> Generator[Record, None, None]:
    """Yield the records of one file after the other, and put the name of its file before the reason of a reject."""
    for name in names:
        full = os.path.join(path, name)
        shown = name.encode("utf-8", "replace").decode()
        own = _OfFile(shown, rejects)
        try:
            if not stat.S_ISREG(os.stat(full).st_mode):
                # Reading a pipe could wait forever.
                raise InvalidInput(_("not a regular file"))
            stream, codec = _open(full, encoding)
            with stream:
                yield from _records(stream, full, own, "" if encoding else codec)
        except DkcrmError as error:
            own.append(Reject(1, error.message, [""]))
        except (OSError, ValueError) as error:
            own.append(Reject(1, read_error(full, error).message, [""]))


class _OfFile(Rejects):
    """The rejects of one file of a directory: they go among all the others, with its name before the reason."""

    def __init__(self, name: str, others: Rejects) -> None:
        super().__init__()
        self.name = name
        self.others = others

    def append(self, reject: Reject) -> None:
        """Pass a reject on."""
        self.others.append(Reject(reject.line, f"{self.name}: {reject.reason}", reject.row))


def _open(path: str, encoding: str | None) -> tuple[TextIO, str]:
    """Open as text; refuse what is no vCard as far as its beginning tells."""
    hint = _("a vCard begins with a line BEGIN:VCARD")
    stream, codec = open_text(path, encoding, hint=hint, folded=True)
    with peeking(stream, path):
        head = stream.read(_PEEKED)
        if len(head) < _PEEKED and not _has_card(head):
            raise InvalidInput(_("{name} has no vCard").format(name=display_name(path)), hint=hint)
        stream.seek(0)
    return stream, codec


def _has_card(text: str) -> bool:
    upper = text.upper()
    at = upper.find("VCARD")
    if at < 0:
        return False
    lines = text.replace("\r", "\n").split("\n")
    return any(mark_of(line.strip()) in ("begin", "both") for line in lines)


def _records(stream: TextIO, path: str, rejects: Rejects, codec: str) -> Generator[Record, None, None]:
    """Yield the records of an opened file and close it; trouble with the disk comes out as an error of ours."""
    try:
        for block in Blocks(physical_lines(stream), rejects):
            record = _record(block, rejects, codec)
            if record is not None:
                yield record
    except (OSError, UnicodeError) as error:
        raise read_error(path, error) from error
    finally:
        stream.close()


def _record(block: Block, rejects: Rejects, codec: str) -> Record | None:
    """Return the record of a card, or reject the card."""
    body = "\n".join(block.lines)
    raw = f"BEGIN:VCARD\n{body}\nEND:VCARD" if block.ended else f"BEGIN:VCARD\n{body}"
    lines, version = unfold(block.lines)
    if codec in _GUESSED and "CHARSET" in raw.upper():
        lines = [_recoded(line, codec) for line in lines]
    record = read_card(lines, version, block.line, raw)
    named = has_name(record)
    if not named and is_empty(lines):
        reason = _("the card is empty")
    elif not named and not block.ended:
        reason = _("the card has no END:VCARD and no name")
    else:
        if "X-DKCRM-" in raw:
            lines = [line for line in lines if line.partition(":")[0].upper() not in DROPPED]
            if is_own(record, lines):
                return record
        body = "\n".join(lines)
        record.card = f"BEGIN:VCARD\n{body}\nEND:VCARD"
        return record
    rejects.append(Reject(block.line, reason, [raw]))
    return None


#: What a file without a mark is read as where it is not UTF-8: no more than the likeliest.
_GUESSED = frozenset(["cp1252", "mac-roman", "mac_roman"])


def _recoded(line: str, read_as: str) -> str:
    """Return a line of a file in no single encoding, its value read in the character set that its CHARSET names."""
    if line.isascii():
        return line
    found = cut(line)
    if not found or not found[0].charset:
        return line
    head, value = found
    codec = codec_of(head.charset)
    if not codec or codec == "ascii" or (codec in ("cp1252", "iso8859-1") and read_as == "cp1252"):
        return line
    try:
        return f"{head.text}:{b''.join([_byte(c, read_as) for c in value]).decode(codec)}"
    except (UnicodeError, ValueError):
        return line


def _byte(c: str, codec: str) -> bytes:
    """Return the byte that a character was; what the codec leaves undefined was read as Latin-1."""
    try:
        return c.encode(codec)
    except UnicodeError:
        return c.encode("latin-1", "replace")


def write_rejects(file: TextIO, rejects: Iterable[Reject]) -> None:
    """Write rejected cards as they were, each with its line and the reason; mended, the file can be imported."""
    from dkcrm.formats.vcard.content import escape

    for reject in rejects:
        text = "\n".join(reject.row)
        lines = text.split("\n") if text else []
        lines = [line for line in lines if line.partition(":")[0].upper() not in DROPPED]
        said = [f"X-DKCRM-LINE:{reject.line}", f"X-DKCRM-REASON:{escape(reject.reason)}"]
        if lines and mark_of(lines[-1].strip()) == "end":
            lines[-1:] = [*said, lines[-1]]
        elif lines and mark_of(lines[0].strip()) == "begin":
            lines += [*said, "END:VCARD"]
        else:
            lines += said
        file.write("\n".join(lines) + "\n")
