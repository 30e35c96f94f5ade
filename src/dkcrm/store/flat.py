"""Entities as rows of text, a row each, as an import reads them again: for CSV, TSV and workbooks.

They are read column by column, a great many at a time: a query gives a column by number, and a dictionary puts it in
the order of the entities. Most of the time goes to SQLite, and a table read from its start to its end is the cheapest.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import Any, NamedTuple

from dkcrm.domain.entity import ORGANIZATION_TYPES

_BLOCK = 1 << 17
_CELLS = 1 << 15
_KINDS = ("email", "phone", "link")
_COLUMNS = tuple(
    "full_name first_name last_name org_name job_title vat_id tax_code website source notes created_at".split()
)
_HEAD = tuple(
    """uid type state name first_name last_name organization job_title vat_id tax_code website source tags note
    created_at""".split()
)
_TAGS = _HEAD.index("tags")
_ADDRESS = ("street", "city", "region", "postcode", "country", "address")
_ORGANIZATION = "(e.type IN ('target', 'organization') OR coalesce(e.full_name, e.first_name, e.last_name) IS NULL)"

Column = Sequence[str]
#: What entities have of one thing: number -> row, the number, the value or its parts, where wanted label and side, and
#: what the row was sorted by.
Place = dict[int, tuple[Any, ...]]


class Known(NamedTuple):
    """What there is at all in a database, which says what columns there are; what there is none of is not read."""

    fields: list[tuple[int, str]]
    point_labels: bool
    address_labels: bool
    parts: list[str]


def look(connection: sqlite3.Connection) -> Known:
    """Look what there is in a database."""
    fields = connection.execute(
        "SELECT id, name FROM field f WHERE EXISTS (SELECT 1 FROM field_value v WHERE v.field_id = f.id) ORDER BY id"
    ).fetchall()
    parts = [part for part in _ADDRESS if _has(connection, "address", "value" if part == "address" else part)]
    organizations = connection.execute(f"SELECT 1 FROM entity e WHERE {_ORGANIZATION} LIMIT 1").fetchone() is not None
    points, addresses = (_want_labels(connection, table, organizations) for table in ("contact_point", "address"))
    return Known(fields, points, addresses, parts)


def _has(connection: sqlite3.Connection, table: str, column: str) -> bool:
    """Tell whether a column has a value anywhere."""
    return connection.execute(f"SELECT 1 FROM {table} WHERE {column} IS NOT NULL LIMIT 1").fetchone() is not None


def _want_labels(connection: sqlite3.Connection, table: str, organizations: bool) -> bool:
    """Tell whether values want a label beside them: one has it, or belongs to the other side of its entity."""
    other = f"p.side = 'organization' AND NOT (SELECT {_ORGANIZATION} FROM entity e WHERE e.id = p.entity_id)"
    values = f"SELECT 1 FROM {table} p WHERE p.label IS NOT NULL OR ({other}) LIMIT 1"
    # From the rarer side: organizations.
    owned = f"SELECT 1 FROM {table} p WHERE p.entity_id = e.id AND p.side = 'person'"
    persons = f"SELECT 1 FROM entity e WHERE {_ORGANIZATION} AND EXISTS ({owned}) LIMIT 1"
    return any(connection.execute(sql).fetchone() for sql in (values, persons)[: 1 + organizations])


class Flat:
    """Entities as text: ``headers``, and their values in ``columns`` (of some at a time) or in ``rows``; once."""

    def __init__(self, connection: sqlite3.Connection, numbers: Sequence[int], known: Known | None = None) -> None:
        self._connection = connection
        self.fields, self.point_labels, self.address_labels, self.parts = known or look(connection)
        count = connection.execute("SELECT coalesce(max(id), 0) FROM entity").fetchone()[0]
        spans = [_Span(numbers[start : start + _BLOCK], count) for start in range(0, len(numbers), _BLOCK)]
        self._around: Iterable[_Around] = map(self._read, spans)
        if len(spans) > 1:
            self.widths = self._count()
        else:
            # What is read at once says itself how much there is of everything: counting would take as long again.
            self._around = list(self._around)
            self.widths = {kind: len(places) for around in self._around for kind, places in around.places.items()}

    @property
    def headers(self) -> list[str]:
        """The names of the columns, as an import reads them again."""
        names = list(_HEAD)
        for kind in _KINDS:
            for place in range(1, self.widths.get(kind, 0) + 1):
                name = kind if place == 1 else f"{kind} {place}"
                names += [name, f"{name} label"] if self.point_labels else [name]
        for place in range(1, self.widths.get("address", 0) + 1):
            before = "" if place == 1 else f"address {place} "
            names += [before + part for part in self.parts]
            if self.address_labels:
                names.append(f"address {place} label")
        return names + [f"field:{name}" for _id, name in self.fields]

    def rows(self) -> Iterator[Sequence[str]]:
        """Yield a row an entity, in the order of their numbers."""
        for columns in self.columns():
            yield from zip(*columns, strict=True)

    def columns(self) -> Iterator[list[Column]]:
        """Yield the columns of some entities after the others, in the order of their numbers."""
        step = max(1, _CELLS // len(self.headers))
        for around in self._around:
            for start in range(0, len(around.numbers), step):
                yield list(self._columns(around, around.numbers[start : start + step]))

    def _columns(self, around: _Around, numbers: Sequence[int]) -> Iterator[Column]:
        """Yield the columns of some entities."""
        block = _Block(self._entities(numbers))
        yield from block.columns[:_TAGS]
        yield list(map(around.tags.get, numbers, repeat("")))
        yield from block.columns[_TAGS:]
        for kind, places in around.places.items():
            labels = self.address_labels if kind == "address" else self.point_labels
            values = len(self.parts) if kind == "address" else 1
            nothing = (0, *("",) * (values + 2 * labels + 1))
            for place in [*places, *repeat({}, self.widths[kind] - len(places))]:
                _numbers, *columns = zip(*map(place.get, numbers, repeat(nothing)), strict=True)
                yield from columns[:values]
                if labels:
                    yield list(map(_label, columns[values], columns[values + 1], block.sides))
        for found in around.fields:
            yield list(map(found.get, numbers, repeat("")))

    def _entities(self, numbers: Sequence[int]) -> list[tuple[Any, ...]]:
        """Return the rows of some entities, which there are."""
        where, values = _among(numbers, len(numbers))
        sql = f"SELECT uid, type, state, {', '.join(_COLUMNS)} FROM entity WHERE id {where} ORDER BY id"
        return self._connection.execute(sql, values).fetchall()

    def _count(self) -> dict[str, int]:
        """Return how many values of each kind an entity has at most."""
        sums = ", ".join(f"sum(kind = '{kind}') AS {kind}" for kind in _KINDS)
        most = ", ".join(f"max({kind})" for kind in _KINDS)
        points = f"SELECT {most} FROM (SELECT {sums} FROM contact_point GROUP BY entity_id)"
        addresses = "SELECT max(n) FROM (SELECT count(*) AS n FROM address GROUP BY entity_id)"
        counts = [*self._connection.execute(points).fetchone(), *self._connection.execute(addresses).fetchone()]
        return {kind: count or 0 for kind, count in zip((*_KINDS, "address"), counts, strict=True)}

    def _read(self, span: _Span) -> _Around:
        """Read what belongs to the entities of a span."""
        labels = ["coalesce(label, '')", "side"]
        # Which kind a value is of, and whether it is the primary one: one reading of a table sorts all of them.
        sort = "CASE kind WHEN 'email' THEN 0 WHEN 'phone' THEN 2 ELSE 4 END + is_primary"
        points = self._sorted(span, "contact_point", ["value", *labels * self.point_labels], sort)
        places = {kind: _places(points[2 * at + 1], points[2 * at]) for at, kind in enumerate(_KINDS)}
        parts = [f"coalesce({'value' if part == 'address' else part}, '')" for part in self.parts]
        rest, first, *_none = self._sorted(span, "address", [*parts, *labels * self.address_labels], "is_primary")
        places["address"] = _places(first, rest)
        fields = [
            dict(span.ask(self._connection, f"SELECT entity_id, value FROM field_value WHERE field_id = {field}"))
            for field, _name in self.fields
        ]
        tags: dict[int, str] = {}
        for number, tag in span.ask(self._connection, "SELECT entity_id, tag FROM tag WHERE 1", "tag"):
            tags[number] = f"{tags[number]};{tag}" if number in tags else tag
        return _Around(span.numbers, tags, places, fields)

    def _sorted(self, span: _Span, table: str, columns: list[str], sort: str) -> list[list[tuple[Any, ...]]]:
        """Return the rows of a table, by the number from 0 to 5 that an expression gives them."""
        found: list[list[tuple[Any, ...]]] = [[] for _sort in range(6)]
        sql = f"SELECT {', '.join(['entity_id', *columns, sort])} FROM {table} WHERE 1"
        for row in span.ask(self._connection, sql):
            found[row[-1]].append(row)
        return found


def _among(numbers: Sequence[int], most: int) -> tuple[str, tuple[Any, ...]]:
    """Return the condition that a number is among some, and its values: a range where it has no more than so many."""
    if numbers[-1] - numbers[0] < most:
        return "BETWEEN ? AND ?", (numbers[0], numbers[-1])
    return "IN (SELECT value FROM json_each(?))", (json.dumps(numbers),)


class _Span:
    """Some entities in a row, as a condition on their numbers."""

    def __init__(self, numbers: Sequence[int], count: int) -> None:
        self.numbers = numbers
        self.where, self.values = _among(numbers, 2 * len(numbers))
        #: a good part of a table is read fastest from its start to its end, past the index: that is what + says
        self.entity = "+entity_id" if len(numbers) * 8 > count else "entity_id"

    def ask(self, connection: sqlite3.Connection, sql: str, order: str = "") -> sqlite3.Cursor:
        """Ask for what belongs to the entities, of each entity in the order in which it came."""
        order = order or ("id" if self.entity[0] == "+" else "entity_id, id")
        return connection.execute(f"{sql} AND {self.entity} {self.where} ORDER BY {order}", self.values)


class _Around(NamedTuple):
    """What belongs to the entities of a span, by number."""

    numbers: Sequence[int]
    tags: dict[int, str]
    places: dict[str, list[Place]]
    fields: list[dict[int, str]]


class _Block:
    """Some entities as they were read: what each has one of, in columns."""

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        uids, types, states, *others = zip(*rows, strict=True)
        said: dict[str, Column] = {
            name: [value or "" for value in column] if None in column else column
            for name, column in zip(_COLUMNS, others, strict=True)
        }
        names, self.sides = _names(types, said)
        whole = b"".join(uids).hex()
        texts = [
            f"{whole[at : at + 8]}-{whole[at + 8 : at + 12]}-{whole[at + 12 : at + 16]}"
            f"-{whole[at + 16 : at + 20]}-{whole[at + 20 : at + 32]}"
            for at in range(0, len(whole), 32)
        ]
        self.columns: list[Column] = [
            texts, types, states, names, said["first_name"], said["last_name"], said["org_name"], said["job_title"],
            said["vat_id"], said["tax_code"], said["website"], said["source"], said["notes"], said["created_at"],
        ]  # fmt: skip


def _places(first: list[tuple[Any, ...]], rest: list[tuple[Any, ...]]) -> list[Place]:
    """Return the values of a kind: the primary one of each entity (``first``), its second one, and so on."""
    places: list[Place] = [{row[0]: row for row in first}]
    if len(places[0]) < len(first):  # two that are primary, one of either side
        places, rest = [{}], first + rest
    taken: dict[int, int] = {}
    for row in rest:
        number = row[0]
        place = taken.get(number) or int(number in places[0])
        taken[number] = place + 1
        if place == len(places):
            places.append({})
        places[place][number] = row
    return places if places[0] else []


def _names(types: Sequence[str], said: dict[str, Column]) -> tuple[Column, Column]:
    """Return the names of entities, and the side that their values belong to where nothing else is said."""
    full, first, last, organization = (said[name] for name in ("full_name", "first_name", "last_name", "org_name"))
    persons = [f or (f"{a} {b}" if a and b else a or b) for f, a, b in zip(full, first, last, strict=True)]
    if "" not in persons and set(types).isdisjoint(ORGANIZATION_TYPES):
        return persons, ("person",) * len(persons)
    of_type = [type in ORGANIZATION_TYPES for type in types]
    names = [org if of else person for org, of, person in zip(organization, of_type, persons, strict=True)]
    sides = ["organization" if of or not person else "person" for of, person in zip(of_type, persons, strict=True)]
    return names, sides


def _label(label: str, owner: str, side: str) -> str:
    """Return a label with the side before it where that is not the entity's own: ``organization/billing``."""
    return f"{owner}/{label}" if owner and owner != side else label
