"""What the columns of a file mean beside each other: one id, one name, the lines of an address, a type or a country."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dkcrm.domain.entity import STATES, TYPES
from dkcrm.domain.phone import region_of
from dkcrm.domain.text import fold
from dkcrm.formats.cells import is_blank, unguard
from dkcrm.formats.headers import OWNERS, field_for, id_rank, label_for, squeezed, words_of
from dkcrm.formats.looks import are_honorifics

if TYPE_CHECKING:
    from dkcrm.formats.mapping import Mapping, Place

# An entity has one of each; a second column that feeds it would be lost.
_SINGLE = (
    "name", "first_name", "last_name", "job_title", "organization", "vat_id", "tax_code", "source", "created_at", "uid",
    "type", "state", "party",
)  # fmt: skip
_PARTS = ("street", "city", "region", "postcode", "country")
_YES_NO = frozenset("yes no y n true false 1 0 sì si s vero falso x".split())
#: Headers, squeezed, that mean one of ours only where all values are its words.
_BY_VALUES = {
    "type": ("type", frozenset(TYPES)),
    "tipo": ("type", frozenset(TYPES)),
    "state": ("state", frozenset(STATES)),
    "stato": ("state", frozenset(STATES)),
    "party": ("party", frozenset(["person", "organization", "both"])),
    **dict.fromkeys(
        ("iscompany", "isacompany", "isorganization", "isanorganization", "eunazienda"), ("party", _YES_NO)
    ),
}
# Whoever buys: an organization, where another column has the person.
_CUSTOMERS = frozenset(["customername", "clientname", "customer", "client", "cliente"])
_PEOPLE = frozenset(["name", "first_name", "last_name"])
#: "Referente" or "riferimento": only the values tell a person from a number.
_REFERENCES = frozenset(["ref", "rif"])
_PERSON = re.compile(r"[^\W\d_]+[.']?(?:[ '-]+[^\W\d_]+[.']?){1,4}")
_TAX_CODE = re.compile(r"[A-Za-z]{6}[A-Za-z0-9]{10}")
_HOUSE_NUMBERS = frozenset(
    ["streetnumber", "housenumber", "houseno", "numerocivico", "civico", "ncivico", "nrcivico", "numcivico"]
)
_SECOND_LINES = frozenset(
    "street2 streetaddress2 streetline2 address2 addressline2 addresssecondline indirizzo2 via2 street3 address3 "
    "addressline3 indirizzo3 indirizzoriga2 apartment aptsuite suite".split()
)
#: Parts of a town, where another column has the town.
_PLACES = frozenset(["localita", "frazione", "suburb", "locality"])
_FIRST_LINES = frozenset(["street1", "address1", "addressline1", "indirizzo1", "via1"])
_PROVINCES = frozenset(["provincia", "prov", "province", "state"])
_NUMBERS = re.compile(r"[0-9]{1,3}")
_WEIGHT = {"map": 0, "rules": 1, "layout": 2, "header": 3}
_SAID = ("map", "rules")


def settle(
    mapping: Mapping,
    headers: Sequence[str],
    sample: Sequence[Sequence[str]],
    ranks: list[int],
    ids: list[tuple[int, int]],
) -> None:
    """Settle, in place, what only all columns and their values together tell.

    ``ranks`` are the places of the columns in the table of their layout; ``ids`` the columns that it says hold ids, as
    (rank, position).
    """
    _types(mapping, headers, sample)
    _names(mapping, headers, sample)
    _codes(mapping, sample)
    _further(mapping, headers)
    _hamlets(mapping, headers)
    _countries(mapping, headers, sample)
    _addresses(mapping, headers)
    _formatted(mapping)
    _singles(mapping, headers, ranks)
    _ids(mapping, headers, sample, ids)


def _types(mapping: Mapping, headers: Sequence[str], sample: Sequence[Sequence[str]]) -> None:
    """Take a column "type" or "state" for ours where all its values are our words."""
    for at, header in enumerate(headers):
        if mapping.how[at] not in (None, "header") or len(header) > 20:
            continue
        field, words = _BY_VALUES.get(squeezed(header), (None, frozenset()))
        said = {cell.casefold() for cell in _cells(sample, at)} if field else set()
        if said and said <= words:
            mapping.fields[at], mapping.labels[at], mapping.how[at] = field, None, "header"


def _names(mapping: Mapping, headers: Sequence[str], sample: Sequence[Sequence[str]]) -> None:
    """Take a lone "Nome" for the whole name, a customer beside a contact for an organization, "Mr" for a prefix."""
    people = {
        field for field, header in zip(mapping.fields, headers, strict=True) if squeezed(header) not in _CUSTOMERS
    }
    for at, header in enumerate(headers):
        if mapping.how[at] is None and squeezed(header) in _REFERENCES and not _PEOPLE & people:
            said = [cell for cell in _cells(sample, at) if not is_blank(cell, "name")]
            if said and all(map(_PERSON.fullmatch, said)):
                mapping.fields[at], mapping.how[at] = "name", "header"
    have = set(mapping.fields)
    for at, header in enumerate(headers):
        if mapping.how[at] != "header":
            continue
        field, key = mapping.fields[at], squeezed(header)
        if field == "first_name" and key.startswith("nome") and not have & {"last_name", "name"}:
            mapping.fields[at] = "name"
        elif field == "name" and set(words_of(header)) - OWNERS == {"name"} and (half := _half(mapping, sample, at)):
            mapping.fields[at] = half
        elif field == "name" and key in _CUSTOMERS and "organization" not in have:
            others = {mapping.fields[other] for other in range(len(headers)) if other != at}
            if _PEOPLE & others:
                mapping.fields[at] = "organization"
        elif field == "job_title" and key in ("title", "titolo") and are_honorifics(_cells(sample, at)):
            mapping.fields[at] = "field:name-prefix"


def _half(mapping: Mapping, sample: Sequence[Sequence[str]], at: int) -> str | None:
    """Return which half of the name a column "Name" has beside one of the other half, or None for the whole name.

    It is whole where it has the other half in it.
    """
    halves = [half for half in ("first_name", "last_name") if half in mapping.fields]
    if len(halves) != 1:
        return None
    other = mapping.fields.index(halves[0])
    rows = [row for row in sample if max(at, other) < len(row) and row[at].strip() and row[other].strip()]
    whole = sum(set(fold(row[other]).split()) <= set(fold(row[at]).split()) for row in rows)
    if whole * 2 >= len(rows):
        return None
    return "first_name" if halves == ["last_name"] else "last_name"


def _codes(mapping: Mapping, sample: Sequence[Sequence[str]]) -> None:
    """Take a column of both codes (``P.IVA/C.F.``) for tax codes where its values are those of persons."""
    for at, field in enumerate(mapping.fields):
        if field == "vat_id" and mapping.how[at] == "header" and "tax_code" not in mapping.fields:
            said = [cell for cell in _cells(sample, at) if not is_blank(cell, "vat_id")]
            if said and all(map(_TAX_CODE.fullmatch, said)):
                mapping.fields[at] = "tax_code"


def _countries(mapping: Mapping, headers: Sequence[str], sample: Sequence[Sequence[str]]) -> None:
    """Take "Stato" for a country, and "Customer state" for a region, only where that is what is meant.

    Both may say how far a deal is: then no value is a country, and no other column is of that customer's address.
    """
    words = [set(words_of(header)) if len(header) <= 60 else set() for header in headers]
    for at, header in enumerate(headers):
        rest, owners = words[at] - OWNERS, words[at] & OWNERS
        if mapping.fields[at] == "country" and mapping.how[at] == "header" and squeezed(header) == "stato":
            said = any(not is_blank(cell, "country") for cell in _cells(sample, at))
            if said and not _has_country(sample, at):
                mapping.fields[at] = mapping.labels[at] = mapping.how[at] = None
        elif mapping.fields[at] == "country" and mapping.how[at] == "layout" and squeezed(header) == "stato":
            if mapping.fields.count("country") > 1 and not _has_country(sample, at):
                mapping.fields[at] = "region"
        elif owners and mapping.how[at] is None and rest == {"stato"}:
            if _has_country(sample, at):
                mapping.fields[at], mapping.how[at] = "country", "header"
        elif owners and mapping.how[at] is None and rest == {"state"}:
            others = zip(mapping.fields, words, strict=True)
            if any(field in ("street", "city", "postcode") and owners & other for field, other in others):
                mapping.fields[at], mapping.how[at] = "region", "header"


def _has_country(sample: Sequence[Sequence[str]], at: int) -> bool:
    """Tell whether some value of a column is a country."""
    return any(region_of(cell) for cell in set(_cells(sample, at)) if not is_blank(cell, "country"))


def _further(mapping: Mapping, headers: Sequence[str]) -> None:
    """Take ``City 2`` and what has the same number for the parts of a second address, not for lines of the first."""
    found: dict[int, list[tuple[int, str]]] = {}
    for at, header in enumerate(headers):
        if mapping.how[at] not in (None, "header") or len(header) > 60:
            continue
        numbers = _NUMBERS.findall(header)
        part = field_for(_NUMBERS.sub("", header)) if len(numbers) == 1 and 1 < int(numbers[0]) < 10 else None
        if part in _PARTS or part == "address":
            found.setdefault(int(numbers[0]), []).append((at, str(part)))
    for number, columns in found.items():
        if {"city", "postcode"}.intersection(part for _at, part in columns):
            for at, part in columns:
                mapping.fields[at], mapping.labels[at] = part, label_for(headers[at])
                mapping.how[at], mapping.numbers[at] = "header", number


def _hamlets(mapping: Mapping, headers: Sequence[str]) -> None:
    """Take a place beside the town of the same address (``Località`` beside ``Comune``) for a line of its street."""
    groups: dict[Place, dict[str, list[int]]] = {}
    for at, field in enumerate(mapping.fields):
        if field in _PARTS or field == "address":
            groups.setdefault(mapping.place(at), {}).setdefault(str(field), []).append(at)
    for group in groups.values():
        towns = group.get("city", [])
        places = [at for at in towns if mapping.how[at] == "header" and squeezed(headers[at]) in _PLACES]
        once = all(len(group.get(part, [])) <= 1 for part in ("street", "address", "postcode"))
        if len(towns) == 2 and len(places) == 1 and once:
            for at in (*places, *group.get("address", [])):
                mapping.fields[at] = "street"


def _addresses(mapping: Mapping, headers: Sequence[str]) -> None:
    """Take an address beside a city for its street, and what follows a street for its next line."""
    groups: dict[Place, set[str]] = {}
    for at, field in enumerate(mapping.fields):
        if field in _PARTS or field == "address":
            groups.setdefault(mapping.place(at), set()).add(field)
    for at, header in enumerate(headers):
        if mapping.how[at] not in (None, "header") or len(header) > 60:
            continue
        field, key = mapping.fields[at], squeezed(header)
        label = mapping.labels[at] if field else label_for(header)
        parts = groups.get((label, mapping.label_at[at], mapping.numbers[at]), set())
        placed = bool(parts & {"city", "postcode"})
        line = field == "address" and placed and "street" not in parts
        plain = "".join(word for word in words_of(header) if label_for(word) is None)
        more = key in _SECOND_LINES or key in _HOUSE_NUMBERS or plain + key[-1:] in _SECOND_LINES
        first = key in _FIRST_LINES and placed
        if line or first or (more and placed and bool(parts & {"street", "address"})):
            mapping.fields[at], mapping.labels[at], mapping.how[at] = "street", label, "header"


def _formatted(mapping: Mapping) -> None:
    """Take one whole address of each place; it stands beside the parts, for not every row has been taken apart."""
    taken: set[Place] = set()
    for at, field in enumerate(mapping.fields):
        if field == "formatted":
            place = mapping.place(at)
            mapping.fields[at] = "address"
            if place in taken:
                mapping.fields[at], mapping.labels[at], mapping.label_at[at] = "-", None, None
            taken.add(place)


def _singles(mapping: Mapping, headers: Sequence[str], ranks: list[int]) -> None:
    """Keep one column for what an entity has once; the others are fields of their own, and a second website a link."""
    strength = sorted(range(len(headers)), key=lambda at: (_WEIGHT.get(mapping.how[at] or "", 9), ranks[at], at))
    taken: dict[str, int] = {}
    for at in strength:
        field = mapping.fields[at]
        if field == "website":
            if field in taken and mapping.how[at] not in _SAID:
                mapping.fields[at] = "link"
            taken.setdefault(field, at)
        elif field in _SINGLE:
            first = taken.setdefault(field, at)
            # The same header twice is the same thing twice: the reader takes the one that says something.
            if first != at and mapping.how[at] not in _SAID and squeezed(headers[first]) != squeezed(headers[at]):
                mapping.fields[at] = None
    _regions(mapping, headers)


def _regions(mapping: Mapping, headers: Sequence[str]) -> None:
    """Keep one region and one country an address; with a whole second address nothing is to be told apart."""
    groups: dict[Place, dict[str, list[int]]] = {}
    for at, field in enumerate(mapping.fields):
        if field in _PARTS:
            group = groups.setdefault(mapping.place(at), {})
            group.setdefault(field, []).append(at)
    for group in groups.values():
        if len(group.get("city", [])) > 1:
            continue
        for field in ("region", "country", "postcode"):
            places = [at for at in group.get(field, []) if mapping.how[at] not in _SAID]
            if len(group.get(field, [])) < 2 or not places:
                continue
            keep = next((at for at in places if _PROVINCES & set(words_of(headers[at]))), places[0])
            for at in places:
                if at != keep or len(places) < len(group[field]):
                    mapping.fields[at] = mapping.labels[at] = None


def _ids(mapping: Mapping, headers: Sequence[str], sample: Sequence[Sequence[str]], ids: list[tuple[int, int]]) -> None:
    """Find the one column of ids: the one that was said to be, the layout's, or the first whose values differ."""
    said = [at for at, field in enumerate(mapping.fields) if field == "external_id" and mapping.how[at] in _SAID]
    laid = [at for _rank, at in sorted(ids) if mapping.fields[at] != "-"]
    if said or laid:
        mapping.external_id = said[0] if said else laid[0]
    else:
        named = [(rank, at) for at, rank in enumerate(map(id_rank, headers)) if rank is not None]
        open_ones = [(rank, at) for rank, at in named if mapping.how[at] is None]
        own = [at for rank, at in sorted(open_ones) if _differ(_cells(sample, at))]
        rest = [at for rank, at in open_ones if rank == 0]
        mapping.external_id = next(iter(own + rest), None)
    for at, field in enumerate(mapping.fields):
        if field == "external_id" and at != mapping.external_id:
            mapping.fields[at] = None
    at_last = mapping.external_id
    if at_last is not None and mapping.fields[at_last] is None:
        mapping.fields[at_last] = "external_id"
        mapping.how[at_last] = mapping.how[at_last] or "header"


def _differ(cells: Sequence[str]) -> bool:
    """Tell whether nine in ten values are not there before; an id that half the rows share is somebody else's."""
    return len(set(cells)) * 10 >= len(cells) * 9


def _cells(sample: Sequence[Sequence[str]], at: int) -> list[str]:
    """Return what the sample says in a column, without outer blanks and blank cells."""
    return [cell for row in sample if at < len(row) and (cell := unguard(row[at].strip()))]
