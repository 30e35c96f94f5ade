"""Web forms that come as mail: lines of label and value, as form mailers write them, and the person they tell of."""

from __future__ import annotations

import re

from dkcrm.formats.headers import field_for, label_for
from dkcrm.formats.mail.addresses import address_in, display_name, mailboxes
from dkcrm.formats.record import Record

_MOST_LINES = 300
_LONGEST_LINE = 2_000
_LONGEST_VALUE = 1_000
_MOST_FIELDS = 50
# Lines of greeting before a form; where more come first, the labels are those of a signature.
_GREETING = 4

_BLANKS = re.compile(r" {2,}")
_LINE = re.compile(r"(?:[-*•·]{1,3}[ \t]+|\*{1,2}(?=\w))?([^\W\d_][^:\t]{0,59}?)[ \t]*\*{0,2}(?::\*{0,2}|\t)(.*)")
_COURTESY = re.compile(
    r"\b(?:your|please enter your|il tuo|la tua|il suo|la sua|il vostro|la vostra|il|la|obbligatorio|required)\b|[*()]"
)
_MESSAGES = frozenset(
    "message|your message|message body|body|messaggio|il tuo messaggio|corpo del messaggio|testo|testo del messaggio|"
    "richiesta|la tua richiesta|request|enquiry|inquiry|your enquiry|your inquiry|comments|comment|comment or message|"
    "commento|commenti|commento o messaggio|note|notes|question|domanda|details|dettagli|description|descrizione".split(
        "|"
    )
)
_SUBJECTS = frozenset(["subject", "oggetto"])
_SENDERS = frozenset(["from", "da"])
# Beside "From:" these say that the lines are the header of a message that is quoted.
_OF_QUOTED = frozenset("to a sent inviato cc date data".split())
_SINGLE = frozenset("name first_name last_name job_title organization vat_id tax_code website".split())
_OF_ADDRESS = ("street", "city", "region", "postcode", "country", "address")
# A signature has no label before the name.
_TELLING = frozenset(["name", "first_name", "last_name", "message", "from"])
_PEOPLE = _SINGLE | {"email", "phone", "link", *_OF_ADDRESS}
_BLANK_VALUES = frozenset(["", "-", "--", "n/a", "none", "nessuno", "/"])


class Entry:
    """A label of a form, what stands beside it, and the field that it means (``message``, ``from``, None …)."""

    __slots__ = ("field", "label", "value")

    def __init__(self, label: str, value: str, field: str | None) -> None:
        self.label = label
        self.value = value
        self.field = field


def fill_from_form(record: Record, text: str, *, trusted: bool) -> bool:
    """Fill a record with the person of a web form; False, and nothing filled, where the text is no form.

    A form has three lines ``Label: value`` or more, among them an email address (or, where a form's mailer sent it, a
    name and a phone number) and what else tells of a person or what they wrote. It stands at the beginning of the
    message and asks for a name or a message, unless a form's mailer sent it (``trusted``): at the end of a letter the
    same lines are a signature.
    """
    entries, greeting = _entries(text, None if trusted else _GREETING)
    known = {entry.field for entry in entries if entry.field}
    if len(entries) < 3 or len(known) < 2:
        return False
    if "from" in known and any(entry.label.casefold() in _OF_QUOTED for entry in entries):
        return False
    if not (trusted or greeting == 0 or known & _TELLING):
        return False
    emails: dict[str, str | None] = {}
    for entry in entries:
        found = _email_of(entry)
        if found:
            emails.setdefault(*found)
    # Who leaves a phone number wants to be called.
    said = {entry.field for entry in entries if entry.value.casefold() not in _BLANK_VALUES}
    if not emails and not (trusted and "phone" in said and said & {"name", "first_name", "last_name"}):
        return False
    record.points += [("email", address, label, None) for address, label in emails.items()]
    _fill(record, entries)
    return True


def _entries(text: str, most_greeting: int | None) -> tuple[list[Entry], int]:
    """Return the labels and values of a text, as far as the message in it, and how many lines of greeting come first.

    With more lines of greeting than ``most_greeting``, or as many lines of prose between the labels, the rest of the
    text is not looked at.
    """
    entries: list[Entry] = []
    greeting, prose, known = 0, 0, False
    lines = [_BLANKS.sub(" ", line[:_LONGEST_LINE]).strip() for line in text.split("\n", _MOST_LINES)[:_MOST_LINES]]
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not line:
            continue
        if known and set(line) <= {"-", "_", "="}:
            break
        entry = _entry(line)
        following = next((place for place in range(at, min(at + 3, len(lines))) if lines[place]), None)
        if entry is None and following is not None and field_of(line) and not _entry(lines[following]):
            entry = Entry(line, "", field_of(line))  # a label above its value, without a colon
        prose = 0 if entry else prose + 1
        known = known or bool(entry and entry.field)
        greeting += not known and (entry is None or bool(entries))
        if most_greeting is not None and (greeting > most_greeting or prose > most_greeting):
            break
        if entry is None:
            continue
        if not entry.value and entry.field != "message" and following is not None:
            below = lines[following]
            if not _entry(below) and not field_of(below):
                entry.value, at = below[:_LONGEST_VALUE], following + 1
        entries.append(entry)
        if entry.field == "message" and any(_email_of(other) for other in entries):
            break
    return entries, greeting


def _entry(line: str) -> Entry | None:
    """Return a line as label and value, or None; a web address, a time and a sentence have colons too."""
    found = _LINE.fullmatch(line)
    if not found or found[2].startswith("//"):
        return None
    label, value = found[1].strip().strip("*").strip(), found[2].strip()
    field = field_of(label)
    if field is None and len(label.split()) > 8:
        return None
    return Entry(label, value[:_LONGEST_VALUE].replace("\t", " "), field)


def field_of(label: str) -> str | None:
    """Return what a label of a form means: a field of a person, ``message``, ``subject``, ``from``, or None.

    Fields that say which record it is, or how the user files it, are not for a stranger to set.
    """
    if len(label) > 60:
        return None
    plain = " ".join(label.casefold().rstrip(":").split())
    bare = " ".join(_COURTESY.sub(" ", plain).split())
    for words in (plain, bare):
        if words in _MESSAGES:
            return "message"
        if words in _SUBJECTS:
            return "subject"
        if words in _SENDERS:
            return "from"
    field = field_for(plain) or field_for(bare)
    return field if field in _PEOPLE else None


def _email_of(entry: Entry) -> tuple[str, str | None] | None:
    """Return the email address of an entry and its label, or None: of an email's field, or a value that is no more."""
    if entry.field in ("message", "subject", "website", "link"):
        return None
    address = address_in(entry.value.replace("mailto:", " "))
    if not address:
        return None
    if entry.field in ("email", "from") or len(entry.value) <= len(address) + 2:
        return address, label_for(entry.label) if entry.field == "email" else None
    return None


def _fill(record: Record, entries: list[Entry]) -> None:
    """Put a form's values where they belong; what is none of ours becomes a field of the record."""
    values = record.values
    place: dict[str, str] = {}
    for entry in entries:
        field, value = entry.field, entry.value
        if field in ("message", "subject") or value.casefold() in _BLANK_VALUES or _email_of(entry):
            if field == "from" and "name" not in values:
                name = next((person.name for person in mailboxes(value)), "")
                values.update({"name": name} if name else {})
            continue
        if field in _SINGLE and field not in values:
            values[field] = display_name(value) or value if field == "name" else value
        elif field == "phone":
            record.points.append(("phone", value, label_for(entry.label), None))
        elif field == "link":
            record.points.append(("link", value, label_for(entry.label), None))
        elif field in _OF_ADDRESS and field not in place:
            place[field] = value
        elif len(record.fields) < _MOST_FIELDS:
            record.fields.append((entry.label, value))
    # "Nome" and "Name" ask for the first name where the last has a line of its own, else for the whole.
    if "last_name" in values and "first_name" not in values and "name" in values:
        values["first_name"] = values.pop("name")
    elif "first_name" in values and not {"last_name", "name"} & values.keys():
        values["name"] = values.pop("first_name")
    if place:
        street, city, region, postcode, country, whole = (place.get(name) for name in _OF_ADDRESS)
        record.addresses.append((street, city, region, postcode, country, whole, None, None))
