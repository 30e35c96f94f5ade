"""Entities as rows of text, a row each, as an import reads them again: for CSV, TSV and workbooks.

Blocks of entities are read column by column: a hundred thousand rows take a second, most of it in the database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from dkcrm.domain.entity import ORGANIZATION_TYPES

_BLOCK = 2_000
_KINDS = ("email", "phone", "link")
_COLUMNS = tuple(
    "full_name first_name last_name org_name job_title vat_id tax_code website source notes created_at".split()
)
_READ = ", ".join(f"coalesce({name}, '')" for name in _COLUMNS)
_HEAD = tuple(
    """uid type state name first_name last_name organization job_title vat_id tax_code website source tags note
    created_at""".split()
)
_ADDRESS = ("street", "city", "region", "postcode", "country", "address")

Column = Sequence[str]


class Flat:
    """Entities as rows of text: ``headers``, and ``rows`` as they are read."""

    def __init__(self, connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
        self.connection = connection
        self.numbers = numbers
        ask = connection.execute
        self.fields = ask(
            "SELECT id, name FROM field f WHERE EXISTS (SELECT 1 FROM field_value v WHERE v.field_id = f.id)"
            " ORDER BY id"
        ).fetchall()
        counts = ask(
            "SELECT max(e), max(p), max(l), max(labels) FROM (SELECT sum(kind = 'email') AS e,"
            " sum(kind = 'phone') AS p, sum(kind = 'link') AS l, max(label IS NOT NULL) AS labels"
            " FROM contact_point GROUP BY entity_id)"
        ).fetchone()
        #: (kind, how many an entity has at most)
        self.points = [(kind, count) for kind, count in zip(_KINDS, counts, strict=False) if count]
        self.point_labels = bool(counts[3]) or self._foreign("contact_point")
        most, labels = ask(
            "SELECT max(c), max(l) FROM (SELECT count(*) AS c, max(label IS NOT NULL) AS l FROM address"
            " GROUP BY entity_id)"
        ).fetchone()
        self.addresses = most or 0
        self.address_labels = bool(labels) or self._foreign("address")
        self.parts = [part for part in _ADDRESS if self._has("address", "value" if part == "address" else part)]

    def _has(self, table: str, column: str) -> bool:
        """Tell whether a column has a value anywhere: what has none is not read."""
        sql = f"SELECT 1 FROM {table} WHERE {column} IS NOT NULL LIMIT 1"
        return self.connection.execute(sql).fetchone() is not None

    def _foreign(self, table: str) -> bool:
        """Tell whether something belongs to the other side of its entity than what is not marked does."""
        organization = (
            "(e.type IN ('target', 'organization') OR coalesce(e.full_name, e.first_name, e.last_name) IS NULL)"
        )
        # From the rarer side each time: values of organizations, and organizations.
        return any(
            self.connection.execute(sql).fetchone()
            for sql in (
                f"SELECT 1 FROM {table} p JOIN entity e ON e.id = p.entity_id WHERE p.side = 'organization'"
                f" AND NOT {organization} LIMIT 1",
                f"SELECT 1 FROM entity e JOIN {table} p ON p.entity_id = e.id WHERE {organization}"
                " AND p.side = 'person' LIMIT 1",
            )
        )

    @property
    def headers(self) -> list[str]:
        """The names of the columns, as an import reads them again."""
        names = list(_HEAD)
        for kind, count in self.points:
            for place in range(1, count + 1):
                name = kind if place == 1 else f"{kind} {place}"
                names += [name, f"{name} label"] if self.point_labels else [name]
        for place in range(1, self.addresses + 1):
            before = "" if place == 1 else f"address {place} "
            names += [before + part for part in self.parts]
            if self.address_labels:
                names.append(f"address {place} label")
        return names + [f"field:{name}" for _id, name in self.fields]

    def rows(self) -> Iterator[Sequence[str]]:
        """Yield a row an entity, in the order of the numbers."""
        for start in range(0, len(self.numbers), _BLOCK):
            yield from self._rows(self.numbers[start : start + _BLOCK])

    def _rows(self, block: Sequence[int]) -> Iterator[Sequence[str]]:
        if block[-1] - block[0] == len(block) - 1:
            where, values = "BETWEEN ? AND ?", [block[0], block[-1]]
        else:
            where, values = f"IN ({', '.join('?' * len(block))})", list(block)
        rows = self.connection.execute(
            f"SELECT id, lower(hex(uid)), type, state, {_READ} FROM entity WHERE id {where} ORDER BY id", values
        ).fetchall()
        if not rows:
            return iter(())
        ids, uids, types, states, *others = zip(*rows, strict=True)
        blank = ("",) * len(rows)
        said: dict[str, Column] = dict(zip(_COLUMNS, others, strict=True))
        names, sides = _names(types, said)
        columns: list[Column] = [
            [f"{uid[:8]}-{uid[8:12]}-{uid[12:16]}-{uid[16:20]}-{uid[20:]}" for uid in uids],
            types, states, names, said["first_name"], said["last_name"], said["org_name"], said["job_title"],
            said["vat_id"], said["tax_code"], said["website"], said["source"],
            self._tags(where, values, ids), said["notes"], said["created_at"],
        ]  # fmt: skip
        columns += self._points(where, values, ids, sides)
        if self.addresses:
            columns += self._addresses(where, values, ids, sides)
        for field_id, _name in self.fields:
            found = dict(
                self.connection.execute(
                    f"SELECT entity_id, value FROM field_value WHERE field_id = ? AND entity_id {where}",
                    [field_id, *values],
                ).fetchall()
            )
            columns.append([found.get(number, "") for number in ids] if found else blank)
        return zip(*columns, strict=True)

    def _tags(self, where: str, values: list[int], ids: Sequence[int]) -> Column:
        found = dict(
            self.connection.execute(
                "SELECT entity_id, group_concat(tag, ';') FROM (SELECT entity_id, tag FROM tag"
                f" WHERE entity_id {where} ORDER BY entity_id, tag) GROUP BY entity_id",
                values,
            ).fetchall()
        )
        return [found.get(number, "") for number in ids]

    def _points(self, where: str, values: list[int], ids: Sequence[int], sides: Sequence[str]) -> Iterator[Column]:
        """Yield the columns of emails, phones and links, the primary one first, each with its label where needed."""
        more = ", coalesce(label, ''), side" if self.point_labels else ""
        found: dict[str, list[dict[int, tuple[Any, ...]]]] = {
            kind: [{} for _place in range(count)] for kind, count in self.points
        }
        late: dict[tuple[int, str], tuple[Any, ...]] = {}
        # In the order of the index: of each entity, as they came. The primary one is almost always the first.
        for row in self.connection.execute(
            f"SELECT entity_id, kind, value, is_primary{more} FROM contact_point WHERE entity_id {where}"
            " ORDER BY entity_id, id",
            values,
        ):
            for place in found[row[1]]:
                if row[0] not in place:
                    if row[3] and place is not found[row[1]][0]:
                        late[row[0], row[1]] = row
                    place[row[0]] = row
                    break
        for (number, kind), primary in late.items():
            there = [place[number] for place in found[kind] if number in place]
            there.sort(key=lambda row, primary=primary: row is not primary)  # type: ignore[misc]
            for place, row in zip(found[kind], there, strict=False):
                place[number] = row
        nothing = (0, "", "", 0, "", "")
        for kind, _count in self.points:
            for place in found[kind]:
                get = place.get
                mine = [get(number, nothing) for number in ids]
                yield [row[2] for row in mine]
                if self.point_labels:
                    yield [_label(row[4], row[5], side) for row, side in zip(mine, sides, strict=True)]

    def _addresses(self, where: str, values: list[int], ids: Sequence[int], sides: Sequence[str]) -> Iterator[Column]:
        """Yield the columns of addresses, the primary one first."""
        rows = self.connection.execute(
            "SELECT entity_id, coalesce(street, ''), coalesce(city, ''), coalesce(region, ''), coalesce(postcode, ''),"
            " coalesce(country, ''), coalesce(value, ''), coalesce(label, ''), side FROM address"
            f" WHERE entity_id {where} ORDER BY entity_id, is_primary DESC, id",
            values,
        ).fetchall()
        places: list[dict[int, tuple[str, ...]]] = [{} for _place in range(self.addresses)]
        for row in rows:
            next(place for place in places if row[0] not in place)[row[0]] = row
        nothing = ("",) * 9
        for place in places:
            mine = [place.get(number, nothing) for number in ids]
            for part in self.parts:
                at = _ADDRESS.index(part) + 1
                yield [row[at] for row in mine]
            if self.address_labels:
                yield [_label(row[7], row[8], side) for row, side in zip(mine, sides, strict=True)]


def _names(types: Sequence[str], said: dict[str, Column]) -> tuple[Column, Sequence[str]]:
    """Return the names of entities, and the side that their values belong to where nothing else is said."""
    full, first, last, organization = (said[name] for name in ("full_name", "first_name", "last_name", "org_name"))
    persons = [f or (f"{a} {b}" if a and b else a or b) for f, a, b in zip(full, first, last, strict=True)]
    of_type = [type in ORGANIZATION_TYPES for type in types]
    names = [org if of else person for org, of, person in zip(organization, of_type, persons, strict=True)]
    sides = ["organization" if of or not person else "person" for of, person in zip(of_type, persons, strict=True)]
    return names, sides


def _label(label: str, owner: str, side: str) -> str:
    """Return a label with the side before it where that is not the entity's own: ``organization/billing``."""
    return f"{owner}/{label}" if owner and owner != side else label
