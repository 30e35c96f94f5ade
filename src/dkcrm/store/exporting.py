"""Entities on their way out: whole, with all that happened around them, or flat, a row each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from dkcrm.domain.money import format_amount
from dkcrm.store.entities import load_many, uid_text
from dkcrm.store.filters import compile_filter

_CHUNK = 500


def picked(
    connection: sqlite3.Connection, types: Sequence[str], arguments: Sequence[str], *, everything: bool
) -> list[int]:
    """Return the numbers of the entities that a filter lets through, in the order of their numbers."""
    where, values = compile_filter(connection, *arguments)
    parts = ["e.merged_into IS NULL"] + ([] if everything else ["e.removed_at IS NULL"])
    if types:
        parts.append(f"e.type IN ({', '.join('?' * len(types))})")
    if where != "1":
        parts.append(where)
    sql = f"SELECT e.id FROM entity e WHERE {' AND '.join(parts)} ORDER BY e.id"
    return [row[0] for row in connection.execute(sql, [*types, *values])]


def chunks(numbers: Sequence[int], size: int = _CHUNK) -> Iterator[Sequence[int]]:
    """Yield numbers some at a time."""
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


#: key -> (SQL with {marks} for the entities' numbers: the first column is the entity, the others the object's)
_AROUND: dict[str, tuple[str, tuple[str, ...]]] = {
    "interactions": (
        "SELECT entity_id, uid, at, direction, channel, subject, text, key FROM interaction"
        " WHERE entity_id IN ({marks}) ORDER BY entity_id, id",
        ("uid", "at", "direction", "channel", "subject", "text", "key"),
    ),
    "purchases": (
        "SELECT p.entity_id, p.uid, a.uid, p.product, p.is_service, p.amount_minor, p.currency, p.bought_on,"
        " p.voided_at FROM purchase p LEFT JOIN entity a ON a.id = p.also_id WHERE p.entity_id IN ({marks})"
        " ORDER BY p.entity_id, p.id",
        ("uid", "also", "product", "service", "amount", "currency", "on", "voided_at"),
    ),
    "transitions": (
        "SELECT coalesce(e.merged_into, e.id) AS whose, e.uid, i.uid, t.from_type, t.to_type, t.at, t.cause, p.uid,"
        " t.voided_at FROM entity e JOIN transition t ON t.entity_id = e.id LEFT JOIN entity i ON i.id = t.into_id"
        " LEFT JOIN purchase p ON p.id = t.purchase_id WHERE e.id IN ({marks}) OR e.merged_into IN ({marks})"
        " ORDER BY whose, t.id",
        ("entity", "into", "from", "to", "at", "cause", "purchase", "voided_at"),
    ),
    "assessments": (
        "SELECT a.entity_id, c.name, c.side, a.answer, a.note, a.at FROM assessment a JOIN criterion c"
        " ON c.id = a.criterion_id WHERE a.entity_id IN ({marks}) ORDER BY a.entity_id, a.id",
        ("criterion", "side", "answer", "note", "at"),
    ),
    "links_to": (
        "SELECT m.member_id, o.uid, m.role, m.since, m.is_primary FROM membership m JOIN entity o"
        " ON o.id = m.organization_id WHERE m.member_id IN ({marks}) ORDER BY m.member_id, m.id",
        ("uid", "role", "since", "primary"),
    ),
    "identities": (
        "SELECT entity_id, scope, value FROM identity WHERE entity_id IN ({marks}) ORDER BY entity_id, id",
        ("scope", "value"),
    ),
    "cards": ("SELECT entity_id, text FROM card WHERE entity_id IN ({marks}) ORDER BY entity_id, id", ("text",)),
    "aliases": (
        "SELECT merged_into, id, uid, type, created_at, updated_at FROM entity WHERE merged_into IN ({marks})"
        " ORDER BY merged_into, id",
        ("id", "uid", "type", "created_at", "updated_at"),
    ),
}
_UIDS = frozenset(("uid", "entity", "also", "into", "purchase"))
_TRUTHS = frozenset(("service", "primary"))


def whole(connection: sqlite3.Connection, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Yield entities as JSON objects with all that there is around them, in the order of their numbers.

    Beside the keys of an entity (SPEC.md section 7): ``whole_name`` (a name given in one piece), ``interactions``,
    ``purchases``, ``transitions``, ``assessments``, ``links_to`` (the organizations it belongs to, by uid),
    ``identities``, ``cards``, ``aliases`` and ``field_types``; those with nothing in them are left out.
    """
    kinds = {
        name: {"kind": kind, "side": side, "choices": choices}
        for name, kind, side, choices in connection.execute("SELECT name, kind, side, choices FROM field")
    }
    for block in chunks(numbers):
        marks = ", ".join("?" * len(block))
        around: dict[int, dict[str, list[Any]]] = {number: {} for number in block}
        for key, (sql, names) in _AROUND.items():
            for row in connection.execute(sql.format(marks=marks), list(block) * sql.count("{marks}")):
                around[row[0]].setdefault(key, []).append(_object(key, names, row[1:]))
        for entity in load_many(connection, block):
            shown = entity.as_json()
            shown["whole_name"] = entity.full_name
            shown |= around[entity.id]
            if entity.fields:
                shown["field_types"] = {name: kinds[name] for name in entity.fields}
            yield shown


def _object(key: str, names: Sequence[str], values: Sequence[Any]) -> Any:
    if key == "cards":
        return values[0]
    found: dict[str, Any] = {
        name: uid_text(value) if name in _UIDS and value is not None else bool(value) if name in _TRUTHS else value
        for name, value in zip(names, values, strict=True)
    }
    if key == "purchases" and found["amount"] is not None and found["currency"]:
        found["amount"] = format_amount(found["amount"], found["currency"])
    return found


def with_cards(connection: sqlite3.Connection, numbers: Sequence[int]) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Yield entities as JSON objects, each with the cards that it came in with."""
    for entity in whole(connection, numbers):
        cards = entity.get("cards", [])
        yield entity, list(cards)


# Flat: a row each

_KINDS = ("email", "phone", "link")
_HEAD = tuple(
    """uid type state name first_name last_name organization job_title vat_id tax_code website source tags note
    created_at""".split()
)
_ADDRESS = ("street", "city", "region", "postcode", "country", "address")


class Flat:
    """Entities as rows of text: ``headers``, and ``rows`` as they are read."""

    def __init__(self, connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
        self.connection = connection
        self.numbers = numbers
        self.fields = [
            (row[0], row[1])
            for row in connection.execute(
                "SELECT id, name FROM field f WHERE EXISTS (SELECT 1 FROM field_value v WHERE v.field_id = f.id)"
                " ORDER BY id"
            )
        ]
        self.points = self._most(
            "SELECT kind, max(c), max(l) FROM (SELECT kind, count(*) AS c, max(label IS NOT NULL) AS l"
            " FROM contact_point GROUP BY entity_id, kind) GROUP BY kind",
            "contact_point",
        )
        self.addresses = self._most(
            "SELECT 'address', max(c), max(l) FROM (SELECT count(*) AS c, max(label IS NOT NULL) AS l"
            " FROM address GROUP BY entity_id)",
            "address",
        ).get("address", (0, False))
        self.address_parts = [
            part
            for part in _ADDRESS
            if connection.execute(
                f"SELECT 1 FROM address WHERE {'value' if part == 'address' else part} IS NOT NULL LIMIT 1"
            ).fetchone()
        ]

    def _most(self, sql: str, table: str) -> dict[str, tuple[int, bool]]:
        """Return how many values an entity has at most, and whether labels are needed: for one, or a foreign side."""
        foreign = self.connection.execute(
            f"SELECT 1 FROM {table} p JOIN entity e ON e.id = p.entity_id WHERE (p.side = 'organization')"
            " <> (e.type IN ('target', 'organization') OR coalesce(e.full_name, e.first_name, e.last_name) IS NULL)"
            " LIMIT 1"
        ).fetchone()
        return {row[0]: (row[1], bool(row[2] or foreign)) for row in self.connection.execute(sql) if row[1]}

    @property
    def headers(self) -> list[str]:
        """The names of the columns, as an import reads them again."""
        names = list(_HEAD)
        for kind in _KINDS:
            count, labelled = self.points.get(kind, (0, False))
            for place in range(1, count + 1):
                name = kind if place == 1 else f"{kind} {place}"
                names += [name, f"{name} label"] if labelled else [name]
        count, labelled = self.addresses
        for place in range(1, count + 1):
            before = "" if place == 1 else f"address {place} "
            names += [before + part if part != "address" or place > 1 else "address" for part in self.address_parts]
            if labelled:
                names.append(f"address {place} label")
        return names + [f"field:{name}" for _id, name in self.fields]

    def rows(self) -> Iterator[list[str]]:
        """Yield a row an entity, in the order of the numbers."""
        for block in chunks(self.numbers, 2_000):
            yield from self._rows(block)

    def _rows(self, block: Sequence[int]) -> Iterator[list[str]]:
        marks = ", ".join("?" * len(block))
        ask = self.connection.execute
        tags = _joined(
            ask(f"SELECT entity_id, tag FROM tag WHERE entity_id IN ({marks}) ORDER BY entity_id, tag", block)
        )
        points = _grouped(
            ask(
                "SELECT entity_id, kind, value, label, side FROM contact_point"
                f" WHERE entity_id IN ({marks}) ORDER BY entity_id, kind, is_primary DESC, id",
                block,
            )
        )
        addresses = (
            _grouped(
                ask(
                    "SELECT entity_id, street, city, region, postcode, country, value, label, side FROM address"
                    f" WHERE entity_id IN ({marks}) ORDER BY entity_id, is_primary DESC, id",
                    block,
                )
            )
            if self.addresses[0]
            else {}
        )
        values = (
            _grouped(ask(f"SELECT entity_id, field_id, value FROM field_value WHERE entity_id IN ({marks})"
                         " ORDER BY entity_id", block))
            if self.fields
            else {}
        )  # fmt: skip
        shape = [(kind, *self.points[kind]) for kind in _KINDS if kind in self.points]
        for row in ask(
            "SELECT id, uid, type, state, full_name, first_name, last_name, org_name, job_title, vat_id, tax_code,"
            f" website, source, notes, created_at FROM entity WHERE id IN ({marks}) ORDER BY id",
            block,
        ):
            number, uid, type, state, full, first, last, org, title, vat, tax, site, source, notes, created = row
            of_organization = type in ("target", "organization") or not (full or first or last)
            name = (org if type in ("target", "organization") else full) or ""
            if not name and (first or last):
                name = f"{first} {last}" if first and last else first or last
            cells = [
                uid_text(uid), type, state, name, first or "", last or "", org or "", title or "", vat or "",
                tax or "", site or "", source or "", tags.get(number, ""), notes, created,
            ]  # fmt: skip
            mine = points.get(number, ())
            for kind, count, labelled in shape:
                of_kind = [point for point in mine if point[1] == kind]
                for point in of_kind:
                    cells.append(point[2])
                    if labelled:
                        cells.append(_label(point[3], point[4], of_organization))
                cells += [""] * ((count - len(of_kind)) * (2 if labelled else 1))
            count, labelled = self.addresses
            if count:
                cells += self._address_cells(addresses.get(number, ()), count, labelled, of_organization)
            if self.fields:
                said = {value[1]: value[2] for value in values.get(number, ())}
                cells += [said.get(field_id, "") for field_id, _name in self.fields]
            yield cells

    def _address_cells(
        self, addresses: Sequence[tuple[Any, ...]], count: int, labelled: bool, of_organization: bool
    ) -> list[str]:
        cells: list[str] = []
        for address in addresses:
            parts = dict(zip(_ADDRESS, address[1:7], strict=True))
            cells += [parts[name] or "" for name in self.address_parts]
            if labelled:
                cells.append(_label(address[7], address[8], of_organization))
        return cells + [""] * ((count - len(addresses)) * (len(self.address_parts) + labelled))


def _label(label: str | None, side: str, of_organization: bool) -> str:
    """Return a label with the side before it where that is not the entity's own: ``organization/billing``."""
    if (side == "organization") != of_organization:
        return f"{side}/{label or ''}"
    return label or ""


def _joined(rows: Iterable[tuple[int, str]]) -> dict[int, str]:
    return {number: ";".join([row[1] for row in group]) for number, group in groupby(rows, key=itemgetter(0))}


def _grouped(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    return {number: list(group) for number, group in groupby(rows, key=itemgetter(0))}
