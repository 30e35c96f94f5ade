"""An entry of a directory as a record: which attribute feeds what."""

from __future__ import annotations

import json
from collections import deque
from typing import Any

from dkcrm.formats.headers import field_for
from dkcrm.formats.ldif.entries import BASE64, URL, BadEntry, Value
from dkcrm.formats.ldif.schema import ADDRESSES, LEFT_OUT, LISTS, MOZILLA, NOTES, PEOPLE, POINTS, SINGLE, UNIT
from dkcrm.formats.record import AddressParts, Record
from dkcrm.i18n import _

#: A value that is no text, or is longer than so many characters of base64, is not kept as a field.
MAX_BINARY = 1024
_PARTS = ("street", "city", "region", "postcode", "country")
_IDS = ("uid", "userid", "entryuuid", "dn")
_BORN = ("birthyear", "birthmonth", "birthday")
_SIDES = ("person", "organization")
_FIELDS = frozenset(["vat_id", "tax_code", "website", "source", "tag"])


def read_person(record: Record, values: list[Value]) -> None:
    """Fill a record from the attributes of an entry; raises BadEntry for one that is no person and no organization."""
    classes = {value.raw.strip().lower() for value in values if value.name == "objectclass"}
    if classes & LISTS and not classes & PEOPLE:
        raise BadEntry(_("a mailing list, not a person"))
    if UNIT in classes and not classes & PEOPLE:
        raise BadEntry(_("a unit of the directory, not a person"))
    if all(value.name in ("dn", *LEFT_OUT) for value in values):
        raise BadEntry(_("the entry says nothing"))
    entry = _Entry(record)
    # Values in a language of their own come after those that are for everybody.
    for value in sorted(values, key=lambda value: value.options.startswith("lang-")):
        entry.take(value)
    entry.end(bool(classes & MOZILLA))


class _Entry:
    """Fills a record, value by value."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._ids: dict[str, str] = {}
        self._born: dict[str, str] = {}
        self._addresses: dict[str, dict[str, str]] = {}
        self._order: list[str | AddressParts] = []
        self._labels: dict[tuple[str, str], deque[tuple[str | None, str | None]]] = {}
        self._main_mail: tuple[str, str, str | None, str | None] | None = None
        self._display: str | None = None
        self._party: str | None = None

    def take(self, value: Value) -> None:
        """Take one value of an attribute."""
        name, text = value.name, value.text
        if name in LEFT_OUT or "binary" in value.options.split(";") or "password" in name or not value.raw.strip():
            return
        if text is None:
            text = _as_cp1252(value) if name in SINGLE or name in POINTS or name in ADDRESSES or name in NOTES else None
        if text is None or value.how == URL or "\0" in text:
            if len(value.raw) <= MAX_BINARY:
                self._field(value, value.raw)
        elif name in _IDS:
            if name in self._ids:
                self._field(value, text)
            self._ids.setdefault(name, text)
        elif name.startswith("dkcrm") and name not in SINGLE:
            self._own(name, text)
        elif name in SINGLE:
            self._single(value, SINGLE[name], text)
        elif name in POINTS:
            self._point(name, text)
        elif name in ADDRESSES:
            self._part(value, text)
        elif name in NOTES:
            self._record.notes.append(text)
        elif name == "categories":
            self._record.tags += [tag.strip() for tag in text.replace(";", ",").split(",") if tag.strip()]
        elif name in _BORN:
            self._born[name] = text.strip()
        elif name == "displayname":
            self._display = text
        elif (field := field_for(name)) in _FIELDS and field and not name.startswith("mozilla"):
            if field == "tag":
                self._record.tags.append(text)
            else:
                self._single(value, field, text)
        else:
            self._field(value, text)

    def end(self, mozilla: bool) -> None:
        """Put together what was said in pieces, and decide what the entry is."""
        record, values = self._record, self._record.values
        self._label_points()
        if self._main_mail in record.points:
            record.points.remove(self._main_mail)
            record.points.insert(0, self._main_mail)
        for slot in self._order:
            address = self._address(slot) if isinstance(slot, str) else slot
            if address:
                record.addresses.append(address)
        if self._display and "name" not in values:
            values["name"] = self._display
        elif self._display and self._display != values.get("name"):
            record.fields.append(("displayName", self._display))
        self._settle_name()
        if mozilla and "," not in self._ids.get("dn", ""):
            self._ids.pop("dn", None)  # a bare name: two namesakes of an address book share it
        key = next((name for name in _IDS if name in self._ids), None)
        if key and "uid" not in values:
            values["external_id"] = self._ids[key]
        born = [self._born.get(part, "") for part in _BORN]
        if all(part.isascii() and part.isdigit() for part in born):
            record.fields.append(("birthday", f"{born[0]:0>4}-{born[1]:0>2}-{born[2]:0>2}"))
        else:
            record.fields += self._born.items()

    def _settle_name(self) -> None:
        """Take a name that the others say already away, and give an organization's to the organization."""
        values = self._record.values
        named = any(part in values for part in ("name", "first_name", "last_name"))
        party = self._party or ("organization" if "organization" in values and not named else None)
        if party in ("person", "organization"):
            self._record.party = party
        name = values.get("name")
        joined = " ".join(values[part] for part in ("first_name", "last_name") if part in values)
        if party == "organization" and name:
            values.setdefault("organization", name)
        if name == joined or (party == "organization" and name == values.get("organization")):
            values.pop("name", None)

    def _single(self, value: Value, field: str, text: str) -> None:
        """Take a value of which there is one; a second, different one goes to the fields."""
        values = self._record.values
        if values.setdefault(field, text) != text:
            self._field(value, text)

    def _field(self, value: Value, text: str) -> None:
        """Take what is none of our own, under the attribute's name; a binary one as its base64."""
        if value.text is None and value.how == BASE64 and len(value.raw) > MAX_BINARY:
            return
        self._record.fields.append((value.header, text))

    def _point(self, name: str, text: str) -> None:
        """Take an email, phone or link."""
        kind, label = POINTS[name]
        if name == "labeleduri":
            # RFC 2079: the label stands after the first blank.
            text, _blank, said = text.strip().partition(" ")
            label = said.strip() or None
        point = (kind, text, label, None)
        if name == "mail" and self._main_mail is None:
            self._main_mail = point
        self._record.points.append(point)

    def _part(self, value: Value, text: str) -> None:
        """Take a part of the address at work or at home."""
        slot, part = ADDRESSES[value.name]
        if slot not in self._addresses:
            self._order.append(slot)
        parts = self._addresses.setdefault(slot, {})
        if part == "whole":
            lines = [_unescaped(line).strip() for line in text.split("$")]
            text = ", ".join(line for line in lines if line)
        if part == "more":
            parts["street"] = f"{parts['street']}, {text}" if "street" in parts else text
        elif parts.setdefault(part, text) != text:
            self._field(value, text)

    def _address(self, slot: str) -> AddressParts | None:
        """Return the address at work or at home; the whole of it counts where its street is not said, or in our own."""
        parts = self._addresses[slot]
        street, city, region, postcode, country = (parts.get(part) for part in _PARTS)
        whole = parts.get("whole") if "uid" in self._record.values or not street else None
        label, side = self._said(("address", slot), slot)
        return (street, city, region, postcode, country or parts.get("code"), whole, label, side)

    def _own(self, name: str, text: str) -> None:
        """Take an attribute that only our own export has."""
        record = self._record
        if name == "dkcrmparty":
            self._party = text
        elif name == "dkcrmtag":
            record.tags.append(text)
        elif name == "dkcrmfield":
            field, _equals, value = text.partition("=")
            record.fields.append((field, value))
        elif name == "dkcrmlabel" and (parts := _sided(text, 4)) and parts[0] and parts[1]:
            self._labels.setdefault((parts[0], parts[1]), deque()).append((parts[2], parts[3]))
        elif name == "dkcrmaddress" and (parts := _sided(text, 8)):
            self._order.append((*parts,))
        else:
            record.fields.append((name, text))

    def _label_points(self) -> None:
        """Give each point the label that our own export says it has."""
        points = []
        for point in self._record.points:
            label, side = self._said((point[0], point[1]), point[2])
            points.append((point[0], point[1], label, side))
            if point is self._main_mail:
                self._main_mail = points[-1]
        self._record.points = points

    def _said(self, key: tuple[str, str], usual: str | None) -> tuple[str | None, str | None]:
        """Return the next label and side that are said of a value, or the usual ones."""
        said = self._labels.get(key)
        return said.popleft() if said else (usual, self._party if self._party in _SIDES else None)


def _sided(text: str, count: int) -> list[Any] | None:
    """Return a JSON array of so many texts or nulls, the last of them a side, or None where it is none."""
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError):
        return None
    right = isinstance(parts, list) and len(parts) == count and parts[-1] in (None, *_SIDES)
    return parts if right and all(part is None or isinstance(part, str) for part in parts) else None


def _as_cp1252(value: Value) -> str | None:
    """Return a value of old programs that wrote no UTF-8, or None for one that is no text at all."""
    import base64

    data = base64.b64decode(value.raw + "=" * (-len(value.raw) % 4))
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return text if text.replace("\n", "").replace("\r", "").isprintable() else None


def _unescaped(text: str) -> str:
    """Return a line of a postal address as it is meant (RFC 4517, 3.3.28)."""
    return text.replace("\\24", "$").replace("\\5C", "\\").replace("\\5c", "\\")
