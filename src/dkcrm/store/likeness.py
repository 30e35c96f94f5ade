"""Entities as parties, for comparison, and the pairs that are not to be compared."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from itertools import combinations
from typing import TYPE_CHECKING, Any

from dkcrm.domain.entity import ORGANIZATION_TYPES, PERSON_TYPES, Entity
from dkcrm.domain.matching import organization_key, web_domain
from dkcrm.domain.matching.nicknames import NICKNAMES
from dkcrm.domain.matching.spelling import spellings
from dkcrm.domain.values import code_key
from dkcrm.store.entities import load_many
from dkcrm.store.exporting import chunks
from dkcrm.store.fulltext import quoted
from dkcrm.store.keys import CODE

if TYPE_CHECKING:
    from dkcrm.domain.matching.likeness import Likeness
    from dkcrm.domain.matching.party import Party

_BLOCK = 2_000
_ENTITY = "id, type, full_name, first_name, last_name, org_name, vat_id, tax_code, website"
_PARTS = ("street", "city", "postcode", "region", "country", "value")


def parties(connection: sqlite3.Connection, numbers: Sequence[int]) -> Iterator[Party]:
    """Yield entities, prepared for comparison, in the order of their numbers."""
    from dkcrm.domain.matching import party as made

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
        addresses: dict[int, list[Any]] = {}
        for number, *parts in ask(
            f"SELECT entity_id, {', '.join(_PARTS)} FROM address WHERE entity_id {where}", values
        ):
            addresses.setdefault(number, []).append(made.Address(*parts))
        fields: dict[int, dict[str, str]] = {}
        sql = f"SELECT entity_id, field_id, value FROM field_value WHERE entity_id {where}"
        for number, field, value in ask(sql, values) if names else ():
            fields.setdefault(number, {})[names[field]] = value
        for row in ask(f"SELECT {_ENTITY} FROM entity WHERE id {where} ORDER BY id", values):
            number = row[0]
            yield _party(
                made, row, emails.get(number, ()), phones.get(number, ()), addresses.get(number, ()), fields.get(number)
            )


def party_of(entity: Entity) -> Party:
    """Return an entity that is loaded, prepared for comparison."""
    from dkcrm.domain.matching import party as made

    row = (
        entity.id, entity.type, entity.full_name, entity.first_name, entity.last_name, entity.org_name, entity.vat_id,
        entity.tax_code, entity.website,
    )  # fmt: skip
    addresses = [
        made.Address(one.street, one.city, one.postcode, one.region, one.country, one.value) for one in entity.addresses
    ]
    emails, phones = ([point.norm or point.value for point in entity.of_kind(kind)] for kind in ("email", "phone"))
    return _party(made, row, emails, phones, addresses, entity.fields)


def party_of_row(
    entity: Mapping[str, Any], around: Mapping[str, Iterable[Mapping[str, Any]]], fields: dict[str, str]
) -> Party:
    """Return a row of ``entity`` with those of ``contact_point`` and ``address``, prepared for comparison."""
    from dkcrm.domain.matching import party as made

    emails, phones = (
        [point["norm"] or point["value"] for point in around["contact_point"] if point["kind"] == kind]
        for kind in ("email", "phone")
    )
    addresses = [made.Address(*(one[part] for part in _PARTS)) for one in around["address"]]
    return _party(made, [entity[name] for name in _ENTITY.split(", ")], emails, phones, addresses, fields)


def _party(
    made: Any,
    row: Sequence[Any],
    emails: Iterable[str],
    phones: Iterable[str],
    addresses: Iterable[Any],
    fields: dict[str, str] | None,
) -> Party:
    """Prepare a row; ``made`` is the module that does it, imported by who calls this very often."""
    number, type, full, first, last, organization, vat_id, tax_code, website = row
    person = full or first or last
    if type in ORGANIZATION_TYPES or not person:
        side = made.ORGANIZATION
        full = first = last = None
    else:
        # Who has an organization beside the name is a person; a name alone may be that of an organization.
        side = made.PERSON if type in PERSON_TYPES or organization else made.EITHER
    found: Party = made.party(
        number, side=side, name=full, first=first, last=last, organization=organization, emails=emails, phones=phones,
        addresses=addresses, vat_id=vat_id, tax_code=tax_code, website=website, fields=fields,
    )  # fmt: skip
    return found


def apart(connection: sqlite3.Connection) -> set[tuple[int, int]]:
    """Return the pairs that were said not to be the same, the lesser number first."""
    return set(connection.execute("SELECT entity_id, other_id FROM apart").fetchall())


def are_apart(connection: sqlite3.Connection, one: int, other: int) -> bool:
    """Tell whether two were said not to be the same."""
    pair = (min(one, other), max(one, other))
    return connection.execute("SELECT 1 FROM apart WHERE entity_id = ? AND other_id = ?", pair).fetchone() is not None


#: The score from which two are likely one, where nobody says another.
LIKELY = 0.8
#: So many are looked at of those who share one thing with somebody.
_MOST = 100


def near(connection: sqlite3.Connection, entity: Entity) -> list[int]:
    """Return the numbers of those who may be one with an entity, by what the indexes find: a superset, bounded.

    They share an email, a phone, a code, the words of a name (diminutives stand for their names) or a web domain.
    """
    found: dict[int, None] = {}

    def look(sql: str, values: Sequence[Any]) -> None:
        rows = connection.execute(f"{sql} AND e.merged_into IS NULL AND e.id <> ? LIMIT {_MOST}", [*values, entity.id])
        found.update((row[0], None) for row in rows)

    points = "SELECT e.id FROM contact_point p JOIN entity e ON e.id = p.entity_id"
    for point in entity.points:
        if point.kind != "link":
            look(
                f"{points} WHERE p.kind = ? AND coalesce(p.norm, p.value) = ?", (point.kind, point.norm or point.value)
            )
    for column in ("vat_id", "tax_code"):
        code = getattr(entity, column)
        if code:
            key = code_key(code)
            indexed = CODE.format(column=f"e.{column}")
            spelled = (key, key[2:] if key[:2].isalpha() else f"IT{key}")
            look(f"SELECT e.id FROM entity e WHERE e.{column} IS NOT NULL AND {indexed} IN (?, ?)", spelled)
    for match in _matches(entity):
        look("SELECT e.id FROM search JOIN entity e ON e.id = search.rowid WHERE search MATCH ?", (match,))
    return list(found)


def _matches(entity: Entity) -> Iterator[str]:
    """Yield the searches of full text for those who share two words of a person's name, or an organization's name."""
    own = spellings(entity.person_name or "")[:4]
    for one, other in combinations(own, 2):
        yield f"name : ({_spelled(one)}) AND name : ({_spelled(other)})"
    firm = organization_key(entity.org_name or "").split()
    if firm and not own:
        yield "{name org} : (" + " AND ".join(map(quoted, firm)) + ")"
        texts = [entity.website or "", *(point.value for point in entity.of_kind("email"))]
        for domain in sorted({web_domain(text) or "" for text in texts} - {""}):
            yield "{contact about} : " + quoted(domain)


def _spelled(words: set[str]) -> str:
    """Return a search for a word of a name as it may be written, or for the names that it stands for."""
    names = words.union(*(NICKNAMES.get(word, ()) for word in words))
    return " OR ".join(map(quoted, sorted(names)))


def lookalikes(connection: sqlite3.Connection, entity: Entity, minimum: float) -> list[tuple[Entity, Likeness]]:
    """Return who is likely one with an entity, the likeliest first; those said to be apart are left out."""
    numbers = near(connection, entity)
    if not numbers:
        return []
    from dkcrm.domain.matching.likeness import likeness

    barred = {number for pair in _apart_from(connection, entity.id) for number in pair}
    mine = party_of(entity)
    found = []
    for other in load_many(connection, [number for number in numbers if number not in barred]):
        told = likeness(mine, party_of(other))
        if told.score >= minimum:
            found.append((other, told))
    return sorted(found, key=lambda pair: (-pair[1].score, pair[0].id))


def side_alone(lead: Entity, *, person: bool) -> Entity:
    """Return one side of a lead that is a person and an organization, as an entity of its own; others as they are."""
    if lead.party != "both":
        return lead
    side = copy(lead)
    own = "person" if person else "organization"
    side.points = [point for point in lead.points if point.side == own]
    side.addresses = [address for address in lead.addresses if address.side == own]
    if person:
        side.vat_id = side.website = None
    else:
        side.full_name = side.first_name = side.last_name = None
    return side


def _apart_from(connection: sqlite3.Connection, number: int) -> list[tuple[int, int]]:
    sql = "SELECT entity_id, other_id FROM apart WHERE entity_id = ?1 OR other_id = ?1"
    return connection.execute(sql, (number,)).fetchall()
