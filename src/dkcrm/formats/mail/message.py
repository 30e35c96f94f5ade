"""One message as dkcrm keeps it: who, when (UTC), under which key, about what."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from dkcrm.formats.mail.addresses import Mailbox, mailboxes
from dkcrm.formats.mail.body import body_text
from dkcrm.formats.mail.charsets import clean_line, clean_text
from dkcrm.formats.mail.header_fields import decode_words
from dkcrm.formats.mail.parts import read_parts

if TYPE_CHECKING:
    from dkcrm.formats.mail.boxes import Letter

FIRST_YEAR, LAST_YEAR = 1970, 2100
LONGEST_SUBJECT = 900
_LONGEST_KEY = 500
_BRACKETED = re.compile(r"<([^<>]+)>")
_BLANKS = re.compile(r"\s+")
_HEX = re.compile(r"[0-9a-fA-F]{1,8}")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
# asctime, as envelope lines have it, with the zones that programs add before or after the year; no zone is UTC.
_ENVELOPE_DATE = re.compile(
    r"\b([A-Z][a-z]{2}) {1,3}(\d{1,2}) (\d{1,2}):(\d\d)(?::(\d\d))?"
    r"(?: ([+-]\d{4})| [A-Z]{1,5})? (\d{4})(?: ([+-]\d{4}))?"
)


class MailMessage:
    """A message read: its parts, and of its header fields what dkcrm keeps.

    ``at`` is ISO 8601 in UTC; ``key`` the Message-ID without brackets, or ``sha256:`` and the digest of the message;
    ``subject`` None where there is none; ``text`` the whole text, read when it is asked for.
    """

    def __init__(self, letter: Letter, given: str | None = None) -> None:
        raw = letter.raw
        self.raw = raw if b"\n" in raw else raw.replace(b"\r", b"\n")  # old Macs ended lines so
        self.root = read_parts(self.raw, given)
        self.fields = self.root.fields
        self.senders = mailboxes(self.fields.first("from")) or mailboxes(self.fields.first("sender"))
        self.reply_to = mailboxes(self.fields.first("reply-to"))
        subject = clean_line(decode_words(self.fields.first("subject")), LONGEST_SUBJECT)
        self.subject = subject or None
        self.at = _when(self.fields.first("date"), self.fields.last("received"), letter)
        self.key = self._key()
        self._text: str | None = None

    @property
    def text(self) -> str:
        """The text of the message, its attachments named at the end."""
        if self._text is None:
            self._text = body_text(self.raw, self.root)
        return self._text

    @property
    def deleted(self) -> bool:
        """Whether Mozilla's programs show it no more: deleted messages stay in their mbox until it is compacted."""
        status = self.fields.first("x-mozilla-status")
        return bool(_HEX.fullmatch(status)) and bool(int(status, 16) & 0x0008)

    def recipients(self) -> list[Mailbox]:
        """Return who the message went to, each once."""
        people: dict[str, Mailbox] = {}
        for person in mailboxes(self.fields.first("to")) + mailboxes(self.fields.first("cc")):
            people.setdefault(person.address.casefold(), person)
        return list(people.values())

    def _key(self) -> str:
        """Return the Message-ID, or a digest where it is missing or too long to be one."""
        said = clean_text(self.fields.first("message-id"))
        bracketed = _BRACKETED.search(said)
        key = _BLANKS.sub("", bracketed[1] if bracketed else said.strip("<> "))
        if key and len(key) <= _LONGEST_KEY:
            return key
        import hashlib

        digest = hashlib.sha256()
        who = ",".join(sender.address.casefold() for sender in self.senders)
        for part in (who, _BLANKS.sub(" ", self.fields.first("date")), self.subject or ""):
            digest.update(part.encode("utf-8", "replace") + b"\n")
        digest.update(self.raw[self.root.start :].replace(b"\r\n", b"\n").strip())
        return "sha256:" + digest.hexdigest()


def _when(date: str, received: str, letter: Letter) -> str:
    """Return when the message was sent, as well as it can be known: its date, else the road that it came by."""
    for read, said in (
        (_mail_date, date),
        (_mail_date, received.rpartition(";")[2]),
        (_envelope_date, letter.envelope.decode("latin-1")),
    ):
        moment = read(said[:200]) if said else None
        if moment:
            return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return datetime.fromtimestamp(letter.modified, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _mail_date(said: str) -> datetime | None:
    """Return a date as mail has it (RFC 5322 3.3, its obsolete zones too) or ISO 8601, or None."""
    from email.utils import parsedate_tz

    try:
        found = parsedate_tz(said)
    except (ValueError, TypeError, LookupError, AttributeError):
        found = None
    if found:
        return _moment(found[0], found[1], found[2], found[3], found[4], found[5], found[9] or 0)
    try:
        iso = datetime.fromisoformat(said.strip())
    except ValueError:
        return None
    shift = iso.utcoffset() or timedelta()
    return _moment(iso.year, iso.month, iso.day, iso.hour, iso.minute, iso.second, int(shift.total_seconds()))


def _envelope_date(said: str) -> datetime | None:
    """Return the date of an mbox's ``From `` line, or None."""
    found = _ENVELOPE_DATE.search(said)
    if not found or found[1].lower() not in _MONTHS:
        return None
    zone = found[6] or found[8] or "+0000"
    shift = (int(zone[1:3]) * 60 + int(zone[3:])) * 60 * (-1 if zone[0] == "-" else 1)
    month = _MONTHS.index(found[1].lower()) + 1
    return _moment(int(found[7]), month, int(found[2]), int(found[3]), int(found[4]), int(found[5] or 0), shift)


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: int, shift: int) -> datetime | None:
    """Return a moment in UTC, or None when there is no such moment or nobody would believe it."""
    if not FIRST_YEAR <= year <= LAST_YEAR or abs(shift) > 86_400:
        return None
    try:
        moment = datetime(year, month, day, hour, minute, min(second, 59)) - timedelta(seconds=shift)  # 60 is a leap
    except (ValueError, OverflowError):
        return None
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None
