"""An entity: a person or organization that the user deals with, and what is known of it (SPEC.md sections 1 and 2)."""

from __future__ import annotations

from typing import Any

TYPES = ("suspect", "lead", "prospect", "person", "target", "organization")
STATES = ("active", "disqualified", "lost", "inactive")
#: Types that are always a natural person, always an organization, or either or both.
PERSON_TYPES = ("prospect", "person")
ORGANIZATION_TYPES = ("target", "organization")
OPEN_TYPES = ("suspect", "lead")
CUSTOMER_TYPES = ("person", "organization")

# Plain classes, not dataclasses: every command imports them, and generating four of them takes 5 ms each time.


class Point:
    """An email, phone or link: ``kind`` says which; ``norm`` is the form it is compared by (E.164 for a phone)."""

    __slots__ = ("id", "kind", "label", "norm", "primary", "side", "value")

    def __init__(
        self,
        kind: str,
        value: str,
        label: str | None,
        side: str,
        primary: bool,
        norm: str | None = None,
        id: int = 0,
    ) -> None:
        self.kind = kind
        self.value = value
        self.label = label
        self.side = side
        self.primary = primary
        self.norm = norm
        self.id = id

    def as_json(self) -> dict[str, Any]:
        """Return the value as scripts see it; a phone has its E.164 form beside what was typed."""
        shown: dict[str, Any] = {"value": self.value}
        if self.kind == "phone":
            shown["e164"] = self.norm
        shown |= {"label": self.label, "side": self.side, "primary": self.primary}
        return shown


class Address:
    """A postal address: as one text, in parts, or both."""

    __slots__ = ("city", "country", "id", "label", "postcode", "primary", "region", "side", "street", "value")

    def __init__(
        self,
        value: str | None,
        street: str | None,
        city: str | None,
        region: str | None,
        postcode: str | None,
        country: str | None,
        label: str | None,
        side: str,
        primary: bool,
        id: int = 0,
    ) -> None:
        self.value = value
        self.street = street
        self.city = city
        self.region = region
        self.postcode = postcode
        self.country = country
        self.label = label
        self.side = side
        self.primary = primary
        self.id = id

    def in_parts(self) -> bool:
        """Tell whether some part of it stands by itself."""
        return bool(self.street or self.city or self.region or self.postcode or self.country)

    def text(self) -> str:
        """Return the address on one line."""
        if self.value:
            return self.value
        town = " ".join(part for part in (self.postcode, self.city) if part)
        return ", ".join(part for part in (self.street, town, self.region, self.country) if part)

    def as_json(self) -> dict[str, Any]:
        """Return the address as scripts see it."""
        return {
            "value": self.text(),
            "street": self.street,
            "city": self.city,
            "region": self.region,
            "postcode": self.postcode,
            "country": self.country,
            "label": self.label,
            "side": self.side,
            "primary": self.primary,
        }


class Membership:
    """A link seen from one end: the entity at the other end, and what it is there."""

    __slots__ = ("id", "name", "primary", "role", "since", "type")

    def __init__(
        self, id: int, type: str, name: str, role: str | None, primary: bool, since: str | None = None
    ) -> None:
        self.id = id
        self.type = type
        self.name = name
        self.role = role
        self.primary = primary
        self.since = since

    def as_json(self) -> dict[str, Any]:
        """Return the link as scripts see it."""
        return {
            "id": self.id,
            "type": self.type,
            "name": self.name,
            "role": self.role,
            "since": self.since,
            "primary": self.primary,
        }


class Entity:
    """One entity, whole. ``id`` is its number; ``uid`` the canonical text of a UUIDv7."""

    def __init__(
        self,
        id: int,
        uid: str,
        type: str,
        state: str,
        full_name: str | None,
        first_name: str | None,
        last_name: str | None,
        job_title: str | None,
        org_name: str | None,
        vat_id: str | None,
        tax_code: str | None,
        website: str | None,
        source: str | None,
        notes: str,
        created_at: str,
        updated_at: str,
        removed_at: str | None = None,
        merged_into: int | None = None,
    ) -> None:
        self.id = id
        self.uid = uid
        self.type = type
        self.state = state
        self.full_name = full_name
        self.first_name = first_name
        self.last_name = last_name
        self.job_title = job_title
        self.org_name = org_name
        self.vat_id = vat_id
        self.tax_code = tax_code
        self.website = website
        self.source = source
        self.notes = notes
        self.created_at = created_at
        self.updated_at = updated_at
        self.removed_at = removed_at
        self.merged_into = merged_into
        self.tags: list[str] = []
        self.points: list[Point] = []
        self.addresses: list[Address] = []
        self.fields: dict[str, str] = {}
        self.memberships: list[Membership] = []

    @property
    def person_name(self) -> str | None:
        """The person's name: as given whole, else first and last."""
        return person_name(self.full_name, self.first_name, self.last_name)

    @property
    def name(self) -> str:
        """The name that the entity goes by: the person's, else the organization's."""
        if self.type in ORGANIZATION_TYPES:
            return self.org_name or ""
        return self.person_name or self.org_name or ""

    @property
    def party(self) -> str:
        """What it is in the world: ``person``, ``organization`` or ``both``."""
        return party(self.type, self.person_name, self.org_name)

    def of_kind(self, kind: str) -> list[Point]:
        """Return its emails, phones or links, the primary one first."""
        return [point for point in self.points if point.kind == kind]

    def first(self, kind: str) -> str | None:
        """Return its primary email, phone or link."""
        return next((point.value for point in self.points if point.kind == kind), None)

    def as_json(self) -> dict[str, Any]:
        """Return the entity as SPEC.md section 7 shows it; ``removed_at`` is there only once it is removed."""
        shown: dict[str, Any] = {
            "id": self.id,
            "uid": self.uid,
            "type": self.type,
            "party": self.party,
            "state": self.state,
            "name": self.name,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "organization": self.org_name,
            "job_title": self.job_title,
            "vat_id": self.vat_id,
            "tax_code": self.tax_code,
            "website": self.website,
            "source": self.source,
            "tags": self.tags,
            "emails": [point.as_json() for point in self.of_kind("email")],
            "phones": [point.as_json() for point in self.of_kind("phone")],
            "addresses": [address.as_json() for address in self.addresses],
            "links": [point.as_json() for point in self.of_kind("link")],
            "fields": self.fields,
            "notes": self.notes,
            "memberships": [membership.as_json() for membership in self.memberships],
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }
        if self.removed_at:
            shown["removed_at"] = self.removed_at
        return shown


def person_name(full: str | None, first: str | None, last: str | None) -> str | None:
    """Return a person's name: as given whole, else first and last; None when there is none."""
    return full or " ".join(part for part in (first, last) if part) or None


def type_named(word: str) -> str | None:
    """Return the type that a word names, in the singular or the plural, or None."""
    plain = word.strip().lower()
    singular = {"people": "person", "persons": "person"}.get(plain, plain.removesuffix("s"))
    return next((type for type in (plain, singular) if type in TYPES), None)


def party(type: str, person: str | None, organization: str | None) -> str:
    """Return what an entity is in the world; only suspects and leads may be both."""
    if type in PERSON_TYPES:
        return "person"
    if type in ORGANIZATION_TYPES:
        return "organization"
    if person and organization:
        return "both"
    return "person" if person else "organization"
