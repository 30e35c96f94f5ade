"""Entities in the store: rows to domain, and from a reference to a number."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dkcrm.domain.entity import Address, Entity, Membership, Point
from dkcrm.domain.text import fold
from dkcrm.errors import Ambiguous, NotFound
from dkcrm.i18n import _

Row = dict[str, Any]

_ENTITY = (
    "id, uid, type, state, full_name, first_name, last_name, job_title, org_name, vat_id, tax_code, website, source,"
    " notes, created_at, updated_at, removed_at, merged_into"
)
POINT_COLUMNS = ("id", "entity_id", "kind", "value", "norm", "label", "side", "is_primary")
ADDRESS_COLUMNS = tuple("id entity_id value street city region postcode country label side is_primary".split())
_UID = re.compile(r"[0-9A-Fa-f]{8}-?(?:[0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}")
_CHUNK = 500
_MEMBER_LIMIT = 1_000


def uid_text(uid: bytes) -> str:
    """Return the canonical text of a uid."""
    digits = uid.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def parse_uid(text: str) -> bytes | None:
    """Return the 16 bytes of a uid, or None where the text is none."""
    if len(text) in (32, 36) and _UID.fullmatch(text):
        digits = text.replace("-", "")
        return bytes.fromhex(digits) if len(digits) == 32 else None
    return None


def parse_number(text: str) -> int | None:
    """Return the number that a text is, or None; more digits than a number of ours can have are none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def numbered(connection: sqlite3.Connection, table: str, reference: str) -> int | None:
    """Return the number of a row of a table by its number or uid, or None where there is no such row."""
    text = reference.strip()
    column, value = ("uid", uid) if (uid := parse_uid(text)) else ("id", parse_number(text))
    row = connection.execute(f"SELECT id FROM {table} WHERE {column} = ?", (value,)).fetchone()
    return int(row[0]) if row else None


def load(connection: sqlite3.Connection, number: int) -> Entity:
    """Return one entity, whole. Raises NotFound."""
    for entity in load_many(connection, [number]):
        return entity
    raise not_found(str(number))


def load_many(connection: sqlite3.Connection, numbers: Iterable[int]) -> Iterator[Entity]:
    """Yield entities, whole, in the order of their numbers given; those that do not exist are left out."""
    pending: list[int] = []
    for number in numbers:
        pending.append(number)
        if len(pending) == _CHUNK:
            yield from _load_chunk(connection, pending)
            pending = []
    if pending:
        yield from _load_chunk(connection, pending)


def _load_chunk(connection: sqlite3.Connection, numbers: Sequence[int]) -> Iterator[Entity]:
    marks = ",".join("?" * len(numbers))
    ask = connection.execute
    entities = {
        row[0]: Entity(row[0], uid_text(row[1]), *row[2:])
        for row in ask(f"SELECT {_ENTITY} FROM entity WHERE id IN ({marks})", numbers)
    }
    # Only those that are there: an operation may want to show what it has taken away.
    numbers = [number for number in numbers if number in entities]
    marks = ",".join("?" * len(numbers))
    for row in ask(
        f"SELECT {', '.join(POINT_COLUMNS)} FROM contact_point WHERE entity_id IN ({marks}) ORDER BY id", numbers
    ):
        add_point(entities[row[1]], row)
    for row in ask(
        f"SELECT {', '.join(ADDRESS_COLUMNS)} FROM address WHERE entity_id IN ({marks}) ORDER BY id", numbers
    ):
        add_address(entities[row[1]], row)
    for number, tag in ask(f"SELECT entity_id, tag FROM tag WHERE entity_id IN ({marks}) ORDER BY tag", numbers):
        entities[number].tags.append(tag)
    for number, name, value in ask(
        "SELECT v.entity_id, f.name, v.value FROM field_value v JOIN field f ON f.id = v.field_id"
        f" WHERE v.entity_id IN ({marks}) ORDER BY f.id",
        numbers,
    ):
        entities[number].fields[name] = value
    for number, membership in _memberships(connection, marks, numbers):
        entities[number].memberships.append(membership)
    for entity in entities.values():
        order_values(entity)
    for number in numbers:
        yield entities[number]


def _memberships(
    connection: sqlite3.Connection, marks: str, numbers: Sequence[int]
) -> Iterator[tuple[int, Membership]]:
    """Yield links from both ends; of an organization with very many members the first thousand."""
    for here, there in (("member_id", "organization_id"), ("organization_id", "member_id")):
        for row in connection.execute(
            f"SELECT m.{here}, e.id, e.type, e.name, m.role, m.is_primary, m.since FROM membership m"
            f" JOIN entity e ON e.id = m.{there} WHERE m.{here} IN ({marks}) AND e.removed_at IS NULL"
            " AND e.merged_into IS NULL"
            f" ORDER BY m.is_primary DESC, m.id LIMIT {_MEMBER_LIMIT * len(numbers)}",
            numbers,
        ):
            yield row[0], Membership(row[1], row[2], row[3] or "", row[4], bool(row[5]), row[6])


def add_point(entity: Entity, row: Sequence[Any]) -> None:
    """Add a row of contact_point (columns as ``POINT_COLUMNS`` has them) to an entity."""
    entity.points.append(Point(row[2], row[3], row[5], row[6], bool(row[7]), row[4], row[0]))


def add_address(entity: Entity, row: Sequence[Any]) -> None:
    """Add a row of address (columns as ``ADDRESS_COLUMNS`` has them) to an entity."""
    number, _owner, value, street, city, region, postcode, country, label, side, primary = row
    entity.addresses.append(Address(value, street, city, region, postcode, country, label, side, bool(primary), number))


def order_values(entity: Entity) -> None:
    """Put the primary value of each kind first; the others stay in the order in which they came."""
    entity.points.sort(key=lambda point: (not point.primary, point.id))
    entity.addresses.sort(key=lambda address: (not address.primary, address.id))


# References


def not_found(reference: str) -> NotFound:
    """Return the error for a reference that nothing answers to."""
    from dkcrm.domain.values import shorten

    return NotFound(
        _("no entity answers to {reference}").format(reference=shorten(reference)),
        hint=_("look for it with: dkcrm find TEXT; a reference is a number, a uid, an email or a name"),
    )


def resolve(
    connection: sqlite3.Connection, reference: str, *, removed: bool | None = False, follow: bool = True
) -> int:
    """Return the number that a reference (number, uid, email, name) stands for; aliases lead to who they became.

    ``removed`` False looks only among those that are there when the reference is an email or a name, True only among
    the removed ones, None among both; a number or uid finds either. ``follow`` False stops at an alias. Raises NotFound
    or Ambiguous.
    """
    text = reference.strip()
    if text.isascii() and text.isdigit():
        found = _by("id", int(text), connection) if len(text) <= 18 else []
    else:
        uid = parse_uid(text)
        found = _by("uid", uid, connection) if uid else []
    if not found and text:
        found = _by_email(connection, text) if "@" in text else []
        found = [row for row in found if removed is None or bool(row[4]) == removed]
        found = found or _by_name(connection, text, removed)
    if not found:
        from dkcrm.store.ledger import erased_error, tombstone

        gone = tombstone(connection, reference)
        raise erased_error(gone) if gone else not_found(reference)
    if len(found) > 1:
        raise _ambiguous(connection, reference, found)
    number, merged_into = found[0][0], found[0][5]
    return survivor(connection, number) if follow and merged_into is not None else int(number)


def survivor(connection: sqlite3.Connection, number: int) -> int:
    """Return who an entity has become, however often it was merged or folded since; itself where it never was."""
    found = connection.execute(
        "WITH RECURSIVE way(id, next) AS (SELECT id, merged_into FROM entity WHERE id = ?"
        " UNION SELECT e.id, e.merged_into FROM way CROSS JOIN entity e ON e.id = way.next)"
        " SELECT id FROM way WHERE next IS NULL",
        (number,),
    ).fetchone()
    return int(found[0]) if found else number


def known_as(connection: sqlite3.Connection, number: int) -> list[int]:
    """Return the numbers of all who became this entity, in the order of their numbers."""
    rows = connection.execute(
        "WITH RECURSIVE mine(id) AS (SELECT ? UNION SELECT e.id FROM entity e JOIN mine ON e.merged_into = mine.id)"
        " SELECT id FROM mine ORDER BY id",
        (number,),
    )
    return [row[0] for row in rows if row[0] != number]


_FOUND = "SELECT e.id, e.type, e.name, e.org_name, e.removed_at, e.merged_into FROM entity e"


def _by(column: str, value: Any, connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    return connection.execute(f"{_FOUND} WHERE e.{column}=?", (value,)).fetchall()


def _by_email(connection: sqlite3.Connection, text: str) -> list[tuple[Any, ...]]:
    return connection.execute(
        f"{_FOUND} WHERE e.merged_into IS NULL AND e.id IN (SELECT entity_id FROM contact_point"
        " WHERE kind='email' AND coalesce(norm, value)=?) ORDER BY e.id",
        (text.casefold(),),
    ).fetchall()


def _by_name(connection: sqlite3.Connection, text: str, removed: bool | None) -> list[tuple[Any, ...]]:
    there = "" if removed is None else f" AND e.removed_at IS {'NOT ' if removed else ''}NULL"
    asked = f"{_FOUND} WHERE e.merged_into IS NULL AND e.{{key}}=?{there} ORDER BY e.id LIMIT 50"
    found, name = connection.execute(asked.format(key="name_key"), (fold(text),)).fetchall(), 2
    if not found:
        from dkcrm.store.keys import org_key

        # A person together with their organization goes by its name too, where nobody has it as their own.
        alike = connection.execute(asked.format(key="org_key"), (org_key(text),)).fetchall()
        found, name = [row for row in alike if fold(row[3]) == fold(text)], 3
    exact = [row for row in found if (row[name] or "") == text]
    return exact if len(exact) == 1 and len(found) > 1 else found


def named(connection: sqlite3.Connection, type: str, name: str) -> list[int]:
    """Return the numbers of the entities of a type that go by a name (two are enough to know that it is not one)."""
    rows = connection.execute(
        "SELECT id FROM entity WHERE type=? AND name_key=? AND removed_at IS NULL AND merged_into IS NULL LIMIT 2",
        (type, fold(name)),
    )
    return [row[0] for row in rows]


def _ambiguous(connection: sqlite3.Connection, reference: str, found: list[tuple[Any, ...]]) -> Ambiguous:
    candidates = []
    for row in found[:20]:
        email = connection.execute(
            "SELECT value FROM contact_point WHERE entity_id=? AND kind='email' ORDER BY is_primary DESC, id LIMIT 1",
            (row[0],),
        ).fetchone()
        candidates.append(
            {
                "id": row[0],
                "type": row[1],
                "name": row[2],
                "organization": row[3],
                "email": email[0] if email else None,
                "use": str(row[0]),
            }
        )
    return Ambiguous(
        _("{count} entities answer to {reference}").format(count=len(found), reference=reference),
        hint=_("name one by its number, as in: {number}").format(number=found[0][0]),
        candidates=candidates,
    )
