"""Objects that other programs write of people and organizations: address books, other CRMs, hand-made lists."""

from __future__ import annotations

import re
from typing import Any

from dkcrm.domain.entity import STATES, TYPES
from dkcrm.formats.cells import split_values
from dkcrm.formats.objects.keys import (
    ADDRESS_PARTS,
    LABELS,
    NAME_PARTS,
    POINT_VALUES,
    PREFERRED,
    SIDES,
    TEXT_VALUES,
    WRAPPERS,
    is_noise,
    label_of,
    letters,
    meaning,
)
from dkcrm.formats.objects.pieces import about, each, first_of, inner_text, pairs
from dkcrm.formats.objects.values import as_text, compact, is_blank, is_scalar
from dkcrm.formats.record import Record

POINT_KINDS = ("email", "phone", "link")
_PARTS = ("street", "city", "region", "postcode", "country")
_DEEPEST = 4
_TAG_ENDS = re.compile(r"[,;]")

Path = tuple[str, ...]


def read_object(record: Record, value: dict[str, Any]) -> None:
    """Fill a record from an object of any program; what is none of ours goes to its fields."""
    walk = Walk(record)
    walk.members((), value)
    walk.end()
    values = record.values
    website = values.get("website")
    record.points = [point for point in record.points if point[0] != "link" or point[1] != website]
    name = " ".join(values[part] for part in ("first_name", "last_name") if part in values)
    if name and values.get("name") == name:
        del values["name"]  # first and last name say it already


class Walk:
    """Walks over the members of an object and fills a record; ``end`` is called once, after all of them.

    ``own`` says that the object is an entity of ours: what an address has as ``formatted`` stands beside its parts.
    """

    def __init__(self, record: Record, *, own: bool = False) -> None:
        self._record = record
        self._own = own
        self._side: str | None = None
        self._first: list[bool] = []
        self._first_addresses: list[bool] = []
        self._parts: dict[tuple[str | None, str | None], dict[str, str]] = {}

    def members(self, path: Path, value: dict[str, Any]) -> None:
        """Take every member of an object that stands under a path."""
        for key, item in value.items():
            if not is_noise(key) and not is_blank(item):
                self.member(path, key, item)

    def member(self, path: Path, key: str, item: Any) -> None:
        """Take one member: as a field of ours, or as one of the record's own."""
        if not path and self._taken(key, item):
            return
        if isinstance(item, dict) and len(path) < _DEEPEST and letters(key) in WRAPPERS:
            self.members(path, item)
            return
        here = (*path, key)
        field, label = meaning(" ".join(here))
        if field == "external_id" and not is_scalar(item):
            field = None
        if isinstance(item, dict) and letters(key) == "orgid":
            field = "organization"  # Pipedrive's is the organization itself, or its number alone
        if field in POINT_KINDS:
            self.points(field, item, label)
        elif field == "address":
            self.addresses(item, label, here)
        elif field == "tag":
            self._tags(item)
        elif field == "note":
            self._record.notes += [text for one in each(item) if (text := inner_text(one))]
        elif isinstance(item, dict):
            self._object(here, field, item)
        elif isinstance(item, list) and not all(is_scalar(one) for one in item):
            self._list(here, field, item)
        elif field in _PARTS:
            self._part(here, label, field, as_text(item))
        else:
            self._single(here, field, as_text(item))

    def points(self, kind: str, item: Any, label: str | None) -> None:
        """Take emails, phones or links: one or a list, each as text or as an object with its type."""
        for one in each(item):
            if is_scalar(one):
                self._point(kind, as_text(one), label)
            elif isinstance(one, dict):
                value = first_of(one, POINT_VALUES)
                if value is not None:
                    said, side, preferred = about(one)
                    self._point(kind, value, said or label, side, preferred)
                else:
                    self._by_label(kind, one)

    def addresses(self, item: Any, label: str | None, path: Path) -> None:
        """Take addresses: one or a list, each as text or in parts; an object of objects names each by its label."""
        for one in each(item):
            if is_scalar(one):
                self._address({"whole": as_text(one)}, label, None)
            elif isinstance(one, dict):
                if all(isinstance(below, dict) for below in one.values()):
                    for key, below in one.items():
                        self._postal(below, label_of(key), path)
                else:
                    self._postal(one, label, path)
            elif not is_blank(one):
                self._field(path, compact(one))

    def end(self) -> None:
        """Put together what was said in pieces, and the preferred points before the others of their kind."""
        for (label, side), parts in self._parts.items():
            self._address(parts, label, side)
        record = self._record
        if any(self._first):
            by_kind = [[at for at, point in enumerate(record.points) if point[0] == kind] for kind in POINT_KINDS]
            order = [at for kind in by_kind for at in sorted(kind, key=lambda at: not self._first[at])]
            record.points = [record.points[at] for at in order]
        order = sorted(range(len(record.addresses)), key=lambda at: not self._first_addresses[at])
        record.addresses = [record.addresses[at] for at in order]

    def _taken(self, key: str, item: Any) -> bool:
        """Take the members that say what the object is as a whole; tell whether this was one."""
        values = self._record.values
        if key == "_id" and isinstance(item, dict) and is_scalar(item.get("$oid")):
            values.setdefault("external_id", as_text(item["$oid"]))
        elif key == "type" and item in TYPES:
            values["type"] = item
        elif key == "state" and item in STATES:
            values["state"] = item
        elif key in ("party", "@type") and isinstance(item, str) and item.lower() in SIDES:
            self._record.party = item.lower()
        else:
            return False
        return True

    def _object(self, path: Path, field: str | None, item: dict[str, Any]) -> None:
        """Take an object: a name in parts, an organization with what is known of it, or anything else by its path."""
        if field == "name":
            for key, below in item.items():
                part = NAME_PARTS.get(letters(key))
                if part != "skip" and not is_noise(key) and not is_blank(below):
                    self._single((*path, key), part, as_text(below))
        elif field == "organization":
            self._organization(path, item)
        elif field and (value := first_of(item, TEXT_VALUES)) is not None:
            self._single(path, field, value)
        elif len(path) >= _DEEPEST:
            self._field(path, compact(item))
        else:
            self.members(path, item)

    def _organization(self, path: Path, item: dict[str, Any]) -> None:
        """Take the organization beside a person; its emails and phones are the organization's."""
        before, self._side = self._side, "organization"
        for key, below in item.items():
            if is_noise(key) or is_blank(below):
                continue
            field, label = meaning(key)
            if field in ("name", "organization"):
                self._single((*path, key), "organization", as_text(below))
            elif field in POINT_KINDS:
                self.points(field, below, label)
            elif field == "address":
                self.addresses(below, label, (*path, key))
            elif is_scalar(below) and field in ("vat_id", "tax_code", "website", "job_title"):
                self._single((*path, key), field, as_text(below))
            elif is_scalar(below) and field in _PARTS:
                self._part((*path, key), label, field, as_text(below))
            elif isinstance(below, dict) and len(path) < _DEEPEST:
                self.members((*path, key), below)
            else:
                self._field((*path, key), as_text(below))
        self._side = before

    def _list(self, path: Path, field: str | None, items: list[Any]) -> None:
        """Take a list that has objects in it: of names and organizations the first, of pairs each as a field."""
        if field in ("name", "organization") and isinstance(items[0], dict):
            self._object(path, field, items[0])
            items = items[1:]
        elif field and isinstance(items[0], dict) and (value := first_of(items[0], TEXT_VALUES)) is not None:
            self._single(path, field, value)
            items = items[1:]
        elif found := pairs(items):
            self._record.fields += found
            return
        if items:
            self._field(path, compact(items))

    def _tags(self, item: Any) -> None:
        """Take tags: a list of names or of objects with a name, or one text that commas or semicolons divide."""
        if isinstance(item, str):
            item = _TAG_ENDS.split(item)
        self._record.tags += [text.strip() for one in each(item) if (text := inner_text(one))]

    def _single(self, path: Path, field: str | None, text: str) -> None:
        """Take a value of which there is one; a second one is not lost, but goes to the fields."""
        values = self._record.values
        if field is None or not text.strip() or field in values:
            if field == "website" and text != values["website"]:
                self._point("link", text, None)
            elif field is None or values.get(field) != text:
                self._field(path, text)
        else:
            values[field] = text

    def _part(self, path: Path, label: str | None, field: str, text: str) -> None:
        """Take a part of an address whose parts stand one by one."""
        parts = self._parts.setdefault((label, self._side), {})
        if field in parts:
            self._field(path, text)
        else:
            parts[field] = text

    def _postal(self, item: dict[str, Any], label: str | None, path: Path) -> None:
        """Take an address that is an object."""
        said, side, preferred = about(item)
        parts: dict[str, str] = {}
        for key, below in item.items():
            plain = letters(key)
            if is_blank(below) or is_noise(key) or plain in LABELS or plain in (*PREFERRED, "side"):
                continue
            part = ADDRESS_PARTS.get(plain)
            text = inner_text(below) if isinstance(below, dict) else ""
            if isinstance(below, list) and all(is_scalar(one) for one in below):
                text = ", ".join(as_text(one) for one in below if not is_blank(one))
            text = text or as_text(below)
            if part == "skip":
                continue
            if part is None:
                self._field((*path, key), text)
            elif part == "more" or (part == "street" and part in parts):
                parts["street"] = f"{parts['street']}, {text}" if "street" in parts else text
            else:
                parts.setdefault(part, text)
        beside = self._own and "formatted" in item
        self._address(parts, said or label, side or self._side, preferred, beside)

    def _address(
        self, parts: dict[str, str], label: str | None, side: str | None, preferred: bool = False, beside: bool = False
    ) -> None:
        """Take an address; the whole of it counts where it is not said in parts, or stands ``beside`` them."""
        street, city, region, postcode, country = (parts.get(part) for part in _PARTS)
        country = country or parts.get("code")
        divided = street or city or region or postcode or country
        whole = parts.get("whole") if beside or not divided else None
        if whole or divided:
            address = (street, city, region, postcode, country, whole, label, side or self._side)
            self._record.addresses.append(address)
            self._first_addresses.append(preferred)

    def _by_label(self, kind: str, item: dict[str, Any]) -> None:
        """Take the points of an object such as ``{"work": …, "home": …}``."""
        for key, below in item.items():
            if not is_noise(key) and letters(key) not in LABELS:
                for one in each(below):
                    if is_scalar(one):
                        self._point(kind, as_text(one), label_of(key))

    def _point(
        self, kind: str, value: str, label: str | None, side: str | None = None, preferred: bool = False
    ) -> None:  # fmt: skip
        """Take one email, phone or link; a text of another program may hold several, as a cell of a table may."""
        for one in [value] if self._own else split_values(value, kind):
            if one.strip():
                self._record.points.append((kind, one, label, side or self._side))
                self._first.append(preferred)

    def _field(self, path: Path, text: str) -> None:
        """Take what is none of our own fields, under its path."""
        if text.strip():
            self._record.fields.append((" ".join(path), text))
