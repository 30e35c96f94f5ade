"""From a record of a file to the rows of an entity: checked value by value, nothing bent, nothing dropped silently."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from dkcrm.domain.dates import parse_time
from dkcrm.domain.entity import OPEN_TYPES, ORGANIZATION_TYPES, PERSON_TYPES
from dkcrm.domain.lifecycle import check_state, check_type
from dkcrm.domain.matching import organization_key
from dkcrm.domain.phone import e164, region_of
from dkcrm.domain.text import check_line, check_text, fold
from dkcrm.domain.values import check_email, check_link, check_phone, email_key
from dkcrm.errors import USAGE, DkcrmError, InvalidInput
from dkcrm.formats.record import AddressParts, Record
from dkcrm.i18n import _, a_
from dkcrm.services.around import check as check_around
from dkcrm.services.attributes import check_tag
from dkcrm.services.declaring import Fields
from dkcrm.services.seen import Seen
from dkcrm.store.entities import parse_uid
from dkcrm.store.staging import Rows, Stage

#: Field of a file -> column of ``entity``.
SCALARS = {
    "name": "full_name",
    "first_name": "first_name",
    "last_name": "last_name",
    "job_title": "job_title",
    "organization": "org_name",
    "vat_id": "vat_id",
    "tax_code": "tax_code",
    "website": "website",
    "source": "source",
}
#: A person's type and the organization's at the same point of the life cycle.
COUNTERPARTS = {"prospect": "target", "target": "prospect", "person": "organization", "organization": "person"}
P = ParamSpec("P")
T = TypeVar("T")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
#: The columns of a staged entity before the values and after them.
_ORDER = tuple(SCALARS.values())


class _Elsewhere(InvalidInput):
    """A value that means nothing outside of the program that wrote it: it is kept as a note."""

    def __init__(self) -> None:
        super().__init__("")


class Drafts:
    """Turns records into rows to stage.

    ``types`` is the type of the records, or a pair (a person's and an organization's). ``lenient`` is for files that
    are written by address books and not by people: a phone without digits is kept as it is, an email that is none
    becomes a note, instead of a rejected record. ``of_program`` says that a program wrote the file, or that it is a
    list of emails: whom it knows by email alone goes by it. In any other table a row without a name is only of use
    where its email says who it is.
    """

    def __init__(
        self,
        types: Sequence[str],
        fields: Fields,
        *,
        in_use: Sequence[str],
        region: str,
        now: str,
        new_uid: Callable[[], bytes],
        tags: Sequence[str] = (),
        source: str | None = None,
        scope: str | None = None,
        lenient: bool = False,
        of_program: bool = False,
    ) -> None:
        self.types = tuple(types)
        self.fields = fields
        self.in_use = in_use
        self.region = region
        self.now = now
        self.new_uid = new_uid
        self.tags = list(tags)
        self.source = source
        self.scope = scope
        self.lenient = lenient
        self.of_program = of_program
        program = (scope or "").partition(":")[0]
        #: Programs that write something in a way of their own.
        self.of_salesforce = program == "salesforce"
        self.of_brevo = program == "brevo"
        self.peculiar = self.of_salesforce or self.of_brevo
        self.uids = self.ids = False
        #: place in the import -> why it cannot be anybody new: a person who wrote a table left the name out
        self.nameless: dict[int, str] = {}
        #: Whether some record said its type itself.
        self.typed = False
        self._seen = Seen()
        self.see = self._seen.see
        self._known_tags: dict[str, str] = {}

    @property
    def repeated(self) -> list[tuple[str, Any]]:
        """Keys by which rows may be one party and that seem to have come twice."""
        return self._seen.repeated

    def add(self, n: int, record: Record, fingerprint: int, stage: Stage) -> None:
        """Stage the rows of one entity, or raise InvalidInput, which tells all that is wrong, and stage nothing."""
        rows = stage.rows
        faults: list[str] = []
        if record.kept is not None:
            self.fields.types(record.kept.get("field_types"))
            if "whole_name" in record.kept:
                record.values.pop("name", None)
                if record.kept["whole_name"]:
                    record.values["name"] = record.kept["whole_name"]
        values = record.values
        notes = record.notes
        entity = {SCALARS[name]: value for name, value in values.items() if name in SCALARS}
        nameless = not any(name in entity for name in ("full_name", "first_name", "last_name", "org_name"))
        if nameless and (email := self._stand_in(record)):
            entity["full_name"] = email
        type, side = _or_fault(faults, self._shape, entity, notes, values, record.party) or ("", "person")
        country = self._country(record.addresses)
        points = self._points(record, side, country, faults)
        addresses = [
            (n, *parts[:6], parts[6], parts[7] or side, int(not place)) for place, parts in enumerate(record.addresses)
        ]
        tags = [(n, tag) for tag in _or_fault(faults, self._tags, record.tags) or ()]
        fields = self.fields.values(n, record.fields, type, entity, notes, faults) if record.fields else []
        uid = _or_fault(faults, self._uid, values)
        created = _or_fault(faults, self._created, values)
        state = _or_fault(faults, check_state, values["state"]) if "state" in values else None
        messages = [
            (n, self.new_uid(), m.at, m.direction, m.channel, m.subject, m.text, m.key) for m in record.messages
        ]
        full_name, first_name, last_name, organization = map(
            entity.get, ("full_name", "first_name", "last_name", "org_name")
        )
        if full_name and full_name == f"{first_name} {last_name}" and record.kept is None:
            full_name = None  # it says no more than the parts
        name = full_name or (f"{first_name} {last_name}" if first_name and last_name else first_name or last_name)
        times = _or_fault(faults, self._kept, record) or (None, None, None)
        if faults:
            raise InvalidInput("; ".join(dict.fromkeys(faults)))
        # From here on nothing can be wrong with the record any more.
        if nameless and not self.of_program:
            self.nameless[n] = _("{type} needs a name").format(type=a_(type))
        identity = values.get("external_id")
        if identity is not None:
            if self.of_salesforce and len(identity) == 18:
                identity = identity[:15]  # reports write 15 characters, the API three more to check them by
            self.ids = True
            rows["identity"].append((n, self.scope, identity))
            self.see("id", f"{self.scope}\n{identity}")
        if uid is not None:
            self.see("uid", uid)
        keyed = identity is not None
        for point in points:
            if point[0] == "email":
                keyed = True
                self.see("email", point[2] or point[1])
        if not keyed:
            self.see("row", fingerprint)
        rows["entity"].append(
            (
                n, record.line, uid or self.new_uid(), int(uid is not None), type, state, fingerprint, full_name,
                first_name, last_name,
                entity.get("job_title"), organization, entity.get("vat_id"), entity.get("tax_code"),
                entity.get("website"), entity.get("source") or self.source, "\n".join(notes), created,
                *times,
                fold(name or organization or ""),
                organization_key(organization) if organization else None,
                " ".join([point[1] for point in points]) or None,
                " ".join([tag[1] for tag in tags]) or None,
                " ".join([" ".join([part or "" for part in _spoken(row)]) for row in addresses]) or None,
                " ".join([field[2] for field in fields]) or None,
            )
        )  # fmt: skip
        if record.kept is not None:
            self._keep(n, record.kept, rows)
        rows["contact_point"] += [(n, *point) for point in points]
        rows["address"] += addresses
        rows["tag"] += tags
        rows["field_value"] += fields
        rows["interaction"] += messages
        if record.card is not None:
            rows["card"].append((n, record.card))

    def _stand_in(self, record: Record) -> str | None:
        """Return the email by which somebody goes who comes without a name."""
        emails = (value for kind, value, *_rest in record.points if kind == "email")
        return next((email for email in emails if self.of_program or _is_email(email)), None)

    def _kept(self, record: Record) -> tuple[str | None, str | None, str | None]:
        """Return when an entity of our own export was changed and removed, and what the export says around it."""
        kept = record.kept
        if kept is None:
            return None, None, None
        around = check_around(kept, self.now)
        return kept.get("updated_at"), kept.get("removed_at"), around

    def _keep(self, n: int, kept: dict[str, Any], rows: Rows) -> None:
        """Stage the ids and cards of our own export, and the rows that its entity came in with."""
        for identity in kept.get("identities") or ():
            rows["identity"].append((n, str(identity["scope"]), str(identity["value"])))
            self.ids = True
        for card in kept.get("cards") or ():
            rows["card"].append((n, str(card)))
        for row in kept.get("rows") or ():
            rows["imported_row"].append((n, int(row["fingerprint"]), row["plan"]))

    def _shape(
        self, entity: dict[str, str], notes: list[str], values: dict[str, str], party: str | None
    ) -> tuple[str, str]:
        """Put the name on the side that the type asks for; return the type, and the side that values belong to."""
        person = "full_name" in entity or "first_name" in entity or "last_name" in entity
        if party == "organization" and person and "org_name" not in entity and "full_name" in entity:
            entity["org_name"] = entity.pop("full_name")
            person = "first_name" in entity or "last_name" in entity
        type = self._type(values.get("type"), person, party)
        if type in ORGANIZATION_TYPES:
            if "first_name" in entity or "last_name" in entity:
                raise InvalidInput(_("{type} is an organization and has no first or last name").format(type=a_(type)))
            if "full_name" in entity:
                if entity.get("org_name", entity["full_name"]) != entity["full_name"]:
                    raise InvalidInput(_("{type} has one name, and the row has two").format(type=a_(type)))
                entity["org_name"] = entity.pop("full_name")
            if "org_name" not in entity:
                raise InvalidInput(_("{type} needs a name").format(type=a_(type)))
            if "job_title" in entity:
                notes.append(f"{_('job title')}: {entity.pop('job_title')}")
            return type, "organization"
        if not person and (type in PERSON_TYPES or "org_name" not in entity):
            raise InvalidInput(_("{type} needs a name").format(type=a_(type)))
        return type, "person" if person else "organization"

    def _type(self, said: str | None, person: bool, party: str | None) -> str:
        """Return the type of a record: what it says itself, else the one of its side."""
        if said is not None:
            self.typed = True
            return check_type(said, self.in_use)
        if not self.types:
            if self.typed:
                raise InvalidInput(_("the record does not say its type"))
            error = DkcrmError(_("say what the records are"), code="usage", hint=f"--type {'|'.join(self.in_use)}")
            error.exit_status = USAGE
            raise error
        if len(self.types) > 1:
            return self.types[0] if person else self.types[1]
        type = self.types[0]
        wrong = type not in OPEN_TYPES and party is not None and (party == "person") != (type in PERSON_TYPES)
        # A company among the people of an address book is no mistake of the file.
        return check_type(COUNTERPARTS[type], self.in_use) if wrong and self.lenient else type

    def _points(self, record: Record, side: str, country: str, faults: list[str]) -> list[tuple[Any, ...]]:
        """Return what to stage of emails, phones and links: kind, value, norm, label, side, is it the first.

        What is wrong with them is added to the faults.
        """
        found: list[tuple[Any, ...]] = []
        seen: set[str] = set()
        primaries: set[str] = set()
        known = _known_phones(record.kept)
        for kind, value, label, own_side in record.points:
            try:
                norm: str | None
                if kind == "email" and value[:3].casefold() == "/o=":
                    raise _Elsewhere  # an address inside of an Exchange server
                if kind == "email":
                    norm = email_key(check_email(value))
                    stored = norm if norm != value else None
                elif kind == "phone":
                    said = value if self.lenient else check_phone(value)
                    norm = stored = known[value] if value in known else self._e164(said, country)
                else:
                    norm = check_link(value).casefold()
                    stored = norm if norm != value else None
            except InvalidInput as error:
                if not self.lenient and not isinstance(error, _Elsewhere):
                    faults.append(error.message)
                else:
                    note = f"{label or kind}: {value}"
                    # Our own export says it beside the value.
                    if not any(note in said.split("\n") for said in record.notes):
                        record.notes.append(note)
                continue
            key = norm or value
            if key not in seen:
                seen.add(key)
                found.append((kind, value, stored, label, own_side or side, int(kind not in primaries)))
                primaries.add(kind)
        return found

    def _e164(self, value: str, country: str) -> str | None:
        """Return a phone's E.164 form; Brevo writes numbers with their country, but without the plus."""
        abroad = e164(f"+{value}", country) if self.of_brevo and value.isdigit() and len(value) > 9 else None
        return abroad or e164(value, country)

    def _country(self, addresses: Sequence[AddressParts]) -> str:
        """Return the country of a record's phones: the one of its address, where it says one, else the setting.

        A country that is not understood gives none: its national numbers are kept as typed, and stay without E.164.
        """
        for parts in addresses:
            if parts[4]:
                return region_of(parts[4])
        return self.region

    def _tags(self, words: Sequence[str]) -> list[str]:
        """Return the tags of a record, checked; each word is checked once: a file has few, and many times."""
        return list(dict.fromkeys([*self.tags, *self.check_tags(words)])) if words else self.tags

    def check_tags(self, words: Sequence[str]) -> list[str]:
        """Return tags, checked, or raise InvalidInput."""
        for word in words:
            if word not in self._known_tags:
                self._known_tags[word] = check_tag(word)
        return [self._known_tags[word] for word in words]

    def _uid(self, values: dict[str, str]) -> bytes | None:
        if "uid" not in values:
            return None
        uid = parse_uid(values["uid"])
        if uid is None:
            raise InvalidInput(_("not a uid: {value}").format(value=values["uid"][:60]))
        self.uids = True
        return uid

    def _created(self, values: dict[str, str]) -> str | None:
        value = values.get("created_at")
        return self.moment(value) if value is not None else None

    def moment(self, value: str) -> str:
        """Return a time as ISO 8601 UTC, or raise InvalidInput."""
        if _STAMP.fullmatch(value):
            try:
                datetime.fromisoformat(value[:-1])
            except ValueError:
                raise InvalidInput(_("no such date: {text}").format(text=value)) from None
            return value
        return parse_time(value, self.now)


def _is_email(text: str) -> bool:
    try:
        return bool(check_email(text))
    except InvalidInput:
        return False


def _or_fault(faults: list[str], make: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """Return what a function makes of its arguments; or None, and what is wrong with them is added to the faults."""
    try:
        return make(*args, **kwargs)
    except InvalidInput as error:
        faults.append(error.message)
        return None


def _known_phones(kept: dict[str, Any] | None) -> dict[str, str | None]:
    """Return the phones of our own export with the form that they had there, which another setting would not give."""
    phones = kept.get("phones") if kept else None
    return {
        phone["value"]: phone["e164"]
        for phone in (phones if isinstance(phones, list) else ())
        if isinstance(phone, dict)
        and isinstance(phone.get("value"), str)
        and (phone.get("e164") is None or re.fullmatch(r"\+\d{3,18}", str(phone["e164"])))
        and "e164" in phone
    }


def check_texts(record: Record) -> None:
    """Check every text of a record for what cannot be stored: lines too long, control characters.

    Rows of a table are checked cell by cell, and only where something may be wrong.
    """
    for name, value in record.values.items():
        check_line(value, name)
    for kind, value, label, _side in record.points:
        check_line(value, kind)
        if label:
            check_line(label, "label")
    for parts in record.addresses:
        for part in parts[:7]:
            if part:
                check_text(part, "address")
    for note in record.notes:
        check_text(note, "note")
    for name, value in record.fields:
        check_text(value, name)
    for message in record.messages:
        check_text(message.text, "text")


def _spoken(address: tuple[Any, ...]) -> tuple[str | None, ...]:
    """Return the parts of a staged address in the order in which full text reads them."""
    _n, street, city, region, postcode, country, value, *_rest = address
    return value, street, city, region, postcode, country
