"""From a row of a file to the rows of an entity: checked value by value, nothing bent, nothing dropped silently."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from dkcrm.domain.dates import parse_time
from dkcrm.domain.entity import ORGANIZATION_TYPES, PERSON_TYPES
from dkcrm.domain.matching import organization_key
from dkcrm.domain.phone import e164, region_of
from dkcrm.domain.text import LINE_LIMIT, check_line, check_text, fold
from dkcrm.domain.values import check_email, check_field_value, check_link, check_phone, email_key
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.services.attributes import check_tag
from dkcrm.store.entities import parse_uid

#: Field of a file -> column of ``entity``.
_SCALARS = {
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
#: In the order of the staged columns.
_PARTS = ("street", "city", "region", "postcode", "country", "address")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

CustomField = tuple[int, str, str, str | None]


class RowReader:
    """Turns cells into rows to stage, by a plan made once from the columns of the file."""

    def __init__(
        self,
        columns: Sequence[str | None],
        headers: Sequence[str],
        labels: Sequence[str | None],
        *,
        type: str,
        custom: dict[str, CustomField],
        region: str,
        now: str,
        tags: Sequence[str] = (),
        source: str | None = None,
        new_uid: Callable[[], bytes],
    ) -> None:
        self.type = type
        self.region = region
        self.now = now
        self.new_uid = new_uid
        self.source = source
        self.tags = list(tags)
        plan = [(at, name) for at, name in enumerate(columns) if name]
        self.headers = headers
        self.unused = [at for at, name in enumerate(columns) if not name]
        self.known_tags: dict[str, str] = {}
        self.scalars = [(at, _SCALARS[name]) for at, name in plan if name in _SCALARS]
        self.notes = [at for at, name in plan if name == "note"]
        # Kind by kind: the first of each is the primary one.
        kinds = ("email", "phone", "link")
        self.points = [(at, name, labels[at]) for kind in kinds for at, name in plan if name == kind]
        self.tag_cells = [at for at, name in plan if name == "tag"]
        self.uid = next((at for at, name in plan if name == "uid"), None)
        self.created = next((at for at, name in plan if name == "created_at"), None)
        self.countries = [at for at, name in plan if name == "country"]
        self.custom = [
            (at, name[6:], custom[name[6:]]) for at, name in plan if name.startswith("field:") and name[6:] in custom
        ]
        # The parts of one address stand under one label; repeated parts of a label begin another address.
        groups: list[tuple[str | None, dict[str, int]]] = []
        for at, name in plan:
            if name in _PARTS:
                group = next((g for g in groups if g[0] == labels[at] and name not in g[1]), None)
                if group is None:
                    group = (labels[at], {})
                    groups.append(group)
                group[1][name] = at
        self.addresses = [(label, [parts.get(name) for name in _PARTS]) for label, parts in groups]

    def read(self, n: int, line: int, cells: list[str], rows: dict[str, list[Sequence[Any]]]) -> None:
        """Append the rows of one entity to ``rows``, or raise InvalidInput and append nothing."""
        cells = [cell.strip() for cell in cells]
        whole = "".join(cells)
        if len(whole) > LINE_LIMIT or not whole.isprintable():
            self._check_cells(cells)
        entity, notes = self._scalars(cells)
        side = self._shape(entity, notes)
        points = self._points(n, cells, side)
        addresses = self._addresses(n, cells, side)
        tags = self._tags(n, cells)
        fields = self._fields(n, cells, entity)
        uid = self._uid(cells)
        created = self._created(cells)
        name = entity.get("full_name") or " ".join(
            part for part in (entity.get("first_name"), entity.get("last_name")) if part
        )
        organization = entity.get("org_name")
        rows["entity"].append(
            (
                n,
                line,
                uid or self.new_uid(),
                entity.get("full_name"),
                entity.get("first_name"),
                entity.get("last_name"),
                entity.get("job_title"),
                organization,
                entity.get("vat_id"),
                entity.get("tax_code"),
                entity.get("website"),
                entity.get("source") or self.source,
                "\n".join(notes),
                created,
                fold(name or organization or ""),
                organization_key(organization) if organization else None,
                " ".join([point[2] for point in points]) or None,
                " ".join([tag[1] for tag in tags]) or None,
                " ".join([" ".join([part or "" for part in _spoken(row)]) for row in addresses]) or None,
                " ".join([field[2] for field in fields]) or None,
            )
        )
        rows["contact_point"] += points
        rows["address"] += addresses
        rows["tag"] += tags
        rows["field_value"] += fields

    def _check_cells(self, cells: list[str]) -> None:
        several_lines: set[int | None] = {*self.notes, *self.unused}
        several_lines |= {at for at, _name, field in self.custom if field[1] == "text"}
        for _label, places in self.addresses:
            several_lines |= {places[_PARTS.index(name)] for name in ("street", "address")}
        for at, cell in enumerate(cells):
            if cell:
                check = check_text if at in several_lines else check_line
                check(cell, self.headers[at] or str(at + 1))

    def _scalars(self, cells: list[str]) -> tuple[dict[str, str], list[str]]:
        """Return the single values, and the notes; a second value for one attribute is kept as a note."""
        entity: dict[str, str] = {}
        notes = [cells[at] for at in self.notes if cells[at]]
        for at, column in self.scalars:
            value = cells[at]
            if not value:
                continue
            if column not in entity:
                entity[column] = value
            elif entity[column] != value:
                notes.append(f"{self.headers[at]}: {value}")
        return entity, notes

    def _shape(self, entity: dict[str, str], notes: list[str]) -> str:
        """Put the name on the side that the type asks for; return the side that values belong to."""
        person = "full_name" in entity or "first_name" in entity or "last_name" in entity
        if self.type in ORGANIZATION_TYPES:
            if "first_name" in entity or "last_name" in entity:
                raise InvalidInput(
                    _("a {type} is an organization and has no first or last name").format(type=self.type)
                )
            if "full_name" in entity:
                if entity.get("org_name", entity["full_name"]) != entity["full_name"]:
                    raise InvalidInput(_("a {type} has one name, and the row has two").format(type=self.type))
                entity["org_name"] = entity.pop("full_name")
            if "org_name" not in entity:
                raise InvalidInput(_("a {type} needs a name").format(type=self.type))
            if "job_title" in entity:
                notes.append(f"{_('job title')}: {entity.pop('job_title')}")
            return "organization"
        if not person and (self.type in PERSON_TYPES or "org_name" not in entity):
            raise InvalidInput(_("a {type} needs a name").format(type=self.type))
        return "person" if person else "organization"

    def _points(self, n: int, cells: list[str], side: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        seen: set[str] = set()
        last = None
        for at, kind, label in self.points:
            value = cells[at]
            if not value:
                continue
            norm: str | None
            if kind == "email":
                norm = email_key(check_email(value))
                stored = norm if norm != value else None
            elif kind == "phone":
                norm = stored = e164(check_phone(value), self._country(cells))
            else:
                norm = check_link(value).casefold()
                stored = norm if norm != value else None
            key = norm or value
            if key not in seen:
                seen.add(key)
                found.append((n, kind, value, stored, label, side, int(kind != last)))
                last = kind
        return found

    def _country(self, cells: list[str]) -> str:
        """Return the country of a row's phones: the one of its address, where it says one, else the setting.

        A country that is not understood gives none: its national numbers are kept as typed, and stay without E.164.
        """
        for at in self.countries:
            if cells[at]:
                return region_of(cells[at])
        return self.region

    def _addresses(self, n: int, cells: list[str], side: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        for label, places in self.addresses:
            values = [cells[at] or None if at is not None else None for at in places]
            if any(values):
                found.append((n, *values, label, side, int(not found)))
        return found

    def _tags(self, n: int, cells: list[str]) -> list[tuple[int, str]]:
        tags = dict.fromkeys(self.tags)
        for at in self.tag_cells:
            if cells[at]:
                for word in cells[at].replace(",", ";").split(";"):
                    if word.strip():
                        tags[self._tag(word)] = None
        return [(n, tag) for tag in tags]

    def _tag(self, word: str) -> str:
        """Return a tag, checked once: a file has few, and many times."""
        if word not in self.known_tags:
            self.known_tags[word] = check_tag(word)
        return self.known_tags[word]

    def _fields(self, n: int, cells: list[str], entity: dict[str, str]) -> list[tuple[Any, ...]]:
        found: dict[int, tuple[Any, ...]] = {}
        for at, name, (field_id, kind, side, choices) in self.custom:
            if not cells[at] or field_id in found:
                continue
            if side != "both" and not self._has_side(side, entity):
                raise InvalidInput(
                    _("the field {name} is for a {side}, and the row has none").format(name=name, side=side)
                )
            found[field_id] = (n, field_id, *check_field_value(name, kind, cells[at], choices))
        return list(found.values())

    def _has_side(self, side: str, entity: dict[str, str]) -> bool:
        if self.type in ORGANIZATION_TYPES or self.type in PERSON_TYPES:
            return (side == "organization") == (self.type in ORGANIZATION_TYPES)
        if side == "organization":
            return "org_name" in entity
        return any(name in entity for name in ("full_name", "first_name", "last_name"))

    def _uid(self, cells: list[str]) -> bytes | None:
        if self.uid is None or not cells[self.uid]:
            return None
        uid = parse_uid(cells[self.uid])
        if uid is None:
            raise InvalidInput(_("not a uid: {value}").format(value=cells[self.uid][:60]))
        return uid

    def _created(self, cells: list[str]) -> str | None:
        if self.created is None or not cells[self.created]:
            return None
        value = cells[self.created]
        if _STAMP.fullmatch(value):
            try:
                datetime.fromisoformat(value[:-1])
            except ValueError:
                raise InvalidInput(_("no such date: {text}").format(text=value)) from None
            return value
        return parse_time(value, self.now)


def _spoken(address: tuple[Any, ...]) -> tuple[str | None, ...]:
    """Return the parts of a staged address in the order in which full text reads them."""
    _n, street, city, region, postcode, country, value, *_rest = address
    return value, street, city, region, postcode, country
