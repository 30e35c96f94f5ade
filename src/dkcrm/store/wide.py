"""Rows staged wide: what hangs on an entity stands in the columns of its own row, and views read it from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

#: The parts of an address, as the columns of ``address`` have them.
PARTS = ("street", "city", "region", "postcode", "country", "value")


class Wide(NamedTuple):
    """What the rows of one plan have beside the columns of an entity, staged in the same row: a row is one row.

    ``points`` are the kind and label of each column of emails, phones and links, in their order: the columns ``p0``
    and ``k0`` have the first one's value and compared form. ``addresses`` are the label and the parts of each address,
    in columns such as ``a0_city``. ``side`` is whose all that is, or None where it is the person's if there is one.
    """

    points: tuple[tuple[str, str | None], ...]
    addresses: tuple[tuple[str | None, tuple[str, ...]], ...]
    side: str | None

    def columns(self) -> list[str]:
        """Return the names of the columns, in their order."""
        names = [f"{letter}{place}" for place in range(len(self.points)) for letter in "pk"]
        return names + [f"a{place}_{part}" for place, (_label, parts) in enumerate(self.addresses) for part in parts]


NOTHING_WIDE = Wide((), (), None)


def views(wide: Wide, staged: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the views of what hangs on the staged rows: those of their own, and those in the columns of a plan.

    ``staged`` has the columns of each table of rows of their own.
    """
    side = f"'{wide.side}'" if wide.side else f"CASE WHEN {person_in('e')} THEN 'person' ELSE 'organization' END"
    points, emails, before = [], [], {kind: "1" for kind, _label in wide.points}
    for place, (kind, label) in enumerate(wide.points):
        norm = f"nullif(k{place}, '')" if kind == "phone" else f"nullif(k{place}, p{place})"
        there = f"FROM staged_entity e WHERE p{place} <> ''"
        points.append(
            f"SELECT n, '{kind}' AS kind, p{place} AS value, {norm} AS norm, {_quoted(label)} AS label, {side} AS side,"
            f" {before[kind]} AS is_primary {there}"
        )
        before[kind] = f"({before[kind]} AND p{place} = '')"
        if kind == "email":
            emails.append(f"SELECT n, k{place} AS key {there}")
    addresses = []
    first = "1"
    for place, (label, parts) in enumerate(wide.addresses):
        said = {part: f"nullif(a{place}_{part}, '')" for part in parts}
        blank = " AND ".join(f"a{place}_{part} = ''" for part in parts)
        listed = ", ".join(f"{said.get(part, 'NULL')} AS {part}" for part in PARTS)
        addresses.append(
            f"SELECT n, {listed}, {_quoted(label)} AS label, {side} AS side, {first} AS is_primary FROM staged_entity e"
            f" WHERE NOT ({blank})"
        )
        first = f"({first} AND {blank})"
    own = {table: f"SELECT {', '.join(names)} FROM staged_{table}" for table, names in staged.items()}
    own["contact_point"] = " UNION ALL ".join([*points, own["contact_point"]])
    own["address"] = " UNION ALL ".join([*addresses, own["address"]])
    own["email"] = " UNION ALL ".join(
        [*emails, "SELECT n, coalesce(norm, value) AS key FROM staged_contact_point WHERE kind = 'email'"]
    )
    return own


def _quoted(text: str | None) -> str:
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def person_in(alias: str) -> str:
    """Return the condition that a staged row has a person's name."""
    return " OR ".join(f"coalesce({alias}.{name}, '') <> ''" for name in ("full_name", "first_name", "last_name"))
