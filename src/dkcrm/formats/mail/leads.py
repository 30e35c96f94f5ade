"""A message to the records that it makes: who wrote, whom the user wrote to, or who filled in a form."""

from __future__ import annotations

from dkcrm.formats.mail.addresses import Mailbox
from dkcrm.formats.mail.automatic import is_form_mailer, is_nobody, why_automatic
from dkcrm.formats.mail.boxes import LARGEST, Letter
from dkcrm.formats.mail.charsets import decode
from dkcrm.formats.mail.forms import fill_from_form
from dkcrm.formats.mail.message import MailMessage
from dkcrm.formats.record import Message, Record
from dkcrm.i18n import _

# What a record and a reject keep of the raw message; the file of rejects gets the whole from where it came.
RAW_OF_RECORD = 32_768
RAW_OF_REJECT = 2_000


def records_of(letter: Letter, mine: frozenset[str], given: str | None) -> list[Record] | str:
    """Return the records that a message makes, or the reason why it makes none.

    A message to the user makes one, of its sender or of the person of a form; a message of the user's one for each
    recipient. ``mine`` are the user's own addresses, casefolded.
    """
    if letter.trouble:
        return letter.trouble
    if letter.too_large:
        return _("larger than {limit} MB").format(limit=LARGEST >> 20)
    try:
        message = MailMessage(letter, given)
        return _records(message, letter, mine)
    except (ValueError, LookupError, ArithmeticError, RecursionError):
        # Nothing is known to come here; what does shall cost one message, not the import.
        return _("cannot be read as a message")


def raw_text(raw: bytes, limit: int) -> str:
    """Return the beginning of a raw message as text."""
    return decode(raw[:limit], cut=len(raw) > limit)


def _records(message: MailMessage, letter: Letter, mine: frozenset[str]) -> list[Record] | str:
    """Return the records of a message that could be read, or the reason why there are none."""
    if message.deleted:
        return _("deleted in the mail program")
    automatic = why_automatic(message, form=True)
    if automatic:
        return automatic  # whatever it says: its text need not be read
    senders = message.senders
    own = bool(senders) and senders[0].address.casefold() in mine
    others = [person for person in message.recipients() if person.address.casefold() not in mine]
    replies = [person for person in message.reply_to if person.address.casefold() not in mine]
    # A user's site sends its forms from the user's own address; what goes on to others is no form but the user's mail.
    record = Record(letter.line, raw_text(letter.raw, RAW_OF_RECORD))
    form = (not own or not others or bool(replies)) and fill_from_form(
        record, message.text, trusted=own or is_form_mailer(message)
    )
    if form:
        if record.points[0][0] != "email":
            said = (one.address for one in replies if not is_nobody(one.address))
            record.points[:0] = [("email", address, None, None) for address in list(said)[:1]]
        if record.points[0][1].casefold() in mine:
            return _("from the user to the user")
        _name_from_senders(record, [*senders, *message.reply_to])
        record.messages = [_message(message, "in", "web form")]
        return [record]
    automatic = why_automatic(message, form=False)
    if automatic:
        return automatic
    if own:
        people = [person for person in others if not is_nobody(person.address)]
        if not people:
            return _("no recipient but the user")
        return [_record_of(person, message, letter, "out") for person in people]
    person = _writer(message, mine)
    if person is None:
        if not senders and not message.reply_to:
            return _("no sender's address")
        return _("an automatic message")
    return [_record_of(person, message, letter, "in")]


def _writer(message: MailMessage, mine: frozenset[str]) -> Mailbox | None:
    """Return who wrote a message: its sender, or whom to reply to where a program sent it; None where nobody did."""
    people = [*message.senders[:1], *message.reply_to]
    if is_form_mailer(message):
        people = [*message.reply_to, *message.senders[:1]]
    return next((one for one in people if not is_nobody(one.address) and one.address.casefold() not in mine), None)


def _name_from_senders(record: Record, senders: list[Mailbox]) -> None:
    """Name the person of a form that has no name: as the message's sender where that is the same address."""
    address = record.points[0][1]
    if not record.values.keys() & {"name", "first_name", "last_name", "organization"}:
        same = (one.name for one in senders if one.name and one.address.casefold() == address.casefold())
        record.values["name"] = next(same, address)


def _record_of(person: Mailbox, message: MailMessage, letter: Letter, direction: str) -> Record:
    """Return the record of somebody who wrote, or was written to."""
    record = Record(letter.line, raw_text(letter.raw, RAW_OF_RECORD))
    record.values["name"] = person.called
    record.points.append(("email", person.address, None, None))
    record.messages = [_message(message, direction, "email")]
    return record


def _message(message: MailMessage, direction: str, channel: str) -> Message:
    """Return what passed."""
    return Message(message.at, direction, channel, message.subject, message.text, key=message.key)
