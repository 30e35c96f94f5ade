"""The file of rejected messages: an mbox whose messages say where they stood and why they were not taken."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TextIO

from dkcrm.errors import DkcrmError
from dkcrm.formats.mail.boxes import QUOTABLE, Box, Letter
from dkcrm.formats.mail.charsets import clean_line
from dkcrm.formats.record import Reject

_OWN = (b"x-dkcrm-line:", b"x-dkcrm-reason:")
_COMPARED = 200


def write_rejected(box: Box, file: TextIO, rejected: Iterable[Reject]) -> None:
    """Write the messages that were rejected as an mbox (mboxrd), whole and byte for byte where the file takes bytes.

    They are read again from where they came: kept in memory they might be a whole mailbox. What has gone meanwhile is
    written as far as the reject has it. Each message is written once, with all the reasons, in ``X-Dkcrm-Line`` and
    ``X-Dkcrm-Reason``, which an import passes over.
    """
    left: dict[int, _Rejected] = {}
    for reject in rejected:
        left.setdefault(reject.line, _Rejected(reject)).reasons.append(reject.reason)
    binary = getattr(file, "buffer", None)
    file.flush()
    for letter, reasons in _found(box, left, rejected):
        octets = _as_mbox(letter, reasons)
        if binary is not None:
            binary.write(octets)
        else:
            file.write(_readable(octets))
    if binary is not None:
        binary.flush()


class _Rejected:
    """What is to be known of a rejected message until it is found: how it begins, and why it was rejected."""

    __slots__ = ("beginning", "reasons")

    def __init__(self, reject: Reject) -> None:
        self.beginning = "".join(reject.row[:1])[:_COMPARED]
        self.reasons: list[str] = []


def _found(box: Box, left: dict[int, _Rejected], rejected: Iterable[Reject]) -> Iterator[tuple[Letter, list[str]]]:
    """Yield each rejected message with the reasons, in the order of the box, and then what is not there any more."""
    try:
        for letter in box.letters() if left else ():
            if letter.line in left and _is_of(letter, left[letter.line].beginning):
                yield letter, left.pop(letter.line).reasons
            if not left:
                return
    except DkcrmError:
        pass  # the box has gone; what was kept of the messages is written
    for reject in rejected if left else ():
        gone = left.pop(reject.line, None)
        if gone:
            raw = "\n".join(reject.row).encode("utf-8", "replace")
            yield Letter(reject.line, raw, 0.0), gone.reasons


def _is_of(letter: Letter, beginning: str) -> bool:
    """Say whether it is the message that was rejected, and not another in a box that changed."""
    return _ascii(_readable(letter.raw[: _COMPARED * 4])).startswith(_ascii(beginning))


def _ascii(text: str) -> str:
    """Return the characters that are the same in every charset that text may have been read in."""
    return "".join(char for char in text.partition("\n\n")[0] if char.isascii())


def _readable(octets: bytes) -> str:
    """Return bytes as text without loss."""
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def _as_mbox(letter: Letter, reasons: list[str]) -> bytes:
    """Return a message as an mbox has it: envelope line, our two fields, the message quoted, a blank line."""
    moment = time.asctime(time.gmtime(letter.modified))
    envelope = letter.envelope.strip() or f"From MAILER-DAEMON {moment}".encode()
    why = clean_line("; ".join(dict.fromkeys(reasons)), 900)
    ours = f"X-Dkcrm-Line: {letter.line}\nX-Dkcrm-Reason: {why}\n".encode("utf-8", "replace")
    return b"%b\n%b%b\n\n" % (envelope, ours, QUOTABLE.sub(b">", _without_ours(letter.raw)).rstrip(b"\r\n"))


def _without_ours(raw: bytes) -> bytes:
    """Return a message without the fields that an earlier file of rejects gave it."""
    at = 0
    while raw[at : at + 15].lower().startswith(_OWN):
        at = raw.find(b"\n", at) + 1 or len(raw)
    return raw[at:]
