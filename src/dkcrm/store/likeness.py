"""Entities as parties, for comparison, and the pairs that are not to be compared."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dkcrm.domain.entity import ORGANIZATION_TYPES, PERSON_TYPES, Entity
from dkcrm.domain.matching.party import EITHER, ORGANIZATION, PERSON, Address, Party, party
from dkcrm.store.exporting import chunks

_BLOCK = 2_000
_ENTITY = "id, type, full_name, first_name, last_name, org_name, vat_id, tax_code, website"
_ADDRESS = "entity_id, street, city, postcode, region, country, value"


def parties(connection: sqlite3.Connection, numbers: Sequence[int]) -> Iterator[Party]:
    """Yield entities, prepared for comparison, in the order of their numbers."""
    ask = connection.execute
    names = dict(ask("SELECT id, name FROM field").fetchall())
    for block in chunks(numbers, _BLOCK):
        if block[-1] - block[0] == len(block) - 1:
            where, values = "BETWEEN ? AND ?", [block[0], block[-1]]
        else:
            where, values = f"IN ({', '.join('?' * len(block))})", list(block)
        emails: dict[int, list[str]] = {}
        phones: dict[int, list[str]] = {}
        sql = f"SELECT entity_id, kind, value, norm FROM contact_point WHERE entity_id {where} AND kind <> 'link'"
        for number, kind, value, norm in ask(sql, values):
            (emails if kind == "email" else phones).setdefault(number, []).append(norm or value)
        addresses: dict[int, list[Address]] = {}
        for number, *parts in ask(f"SELECT {_ADDRESS} FROM address WHERE entity_id {where}", values):
            addresses.setdefault(number, []).append(Address(*parts))
        fields: dict[int, dict[str, str]] = {}
        sql = f"SELECT entity_id, field_id, value FROM field_value WHERE entity_id {where}"
        for number, field, value in ask(sql, values) if names else ():
            fields.setdefault(number, {})[names[field]] = value
        for row in ask(f"SELECT {_ENTITY} FROM entity WHERE id {where} ORDER BY id", values):
            number = row[0]
            yield _party(
                row, emails.get(number, ()), phones.get(number, ()), addresses.get(number, ()), fields.get(number)
            )


def party_of(entity: Entity) -> Party:
    """Return an entity that is loaded, prepared for comparison."""
    row = (
        entity.id, entity.type, entity.full_name, entity.first_name, entity.last_name, entity.org_name, entity.vat_id,
        entity.tax_code, entity.website,
    )  # fmt: skip
    addresses = [
        Address(one.street, one.city, one.postcode, one.region, one.country, one.value) for one in entity.addresses
    ]
    emails, phones = ([point.norm or point.value for point in entity.of_kind(kind)] for kind in ("email", "phone"))
    return _party(row, emails, phones, addresses, entity.fields)


def _party(
    row: Sequence[Any],
    emails: Iterable[str],
    phones: Iterable[str],
    addresses: Iterable[Address],
    fields: dict[str, str] | None,
) -> Party:
    number, type, full, first, last, organization, vat_id, tax_code, website = row
    person = full or first or last
    if type in ORGANIZATION_TYPES or not person:
        side = ORGANIZATION
        full = first = last = None
    else:
        # Who has an organization beside the name is a person; a name alone may be that of an organization.
        side = PERSON if type in PERSON_TYPES or organization else EITHER
    return party(
        number, side=side, name=full, first=first, last=last, organization=organization, emails=emails, phones=phones,
        addresses=addresses, vat_id=vat_id, tax_code=tax_code, website=website, fields=fields,
    )  # fmt: skip


def apart(connection: sqlite3.Connection) -> set[tuple[int, int]]:
    """Return the pairs that were said not to be the same, the lesser number first."""
    return set(connection.execute("SELECT entity_id, other_id FROM apart").fetchall())
