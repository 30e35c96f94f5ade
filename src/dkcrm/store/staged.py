"""What is asked of the staged rows of an import while they are written."""

from __future__ import annotations

from collections.abc import Iterable

from dkcrm.store.journal import UnitOfWork

#: The plan that stands beside a row's fingerprint while something of it waits for an entity that is not here: it is of
#: no import, so that the row is looked at again.
WAITING = -1


def known_twice(uow: UnitOfWork) -> list[int]:
    """Return the numbers of the entities that several staged rows are."""
    return [row[0] for row in uow.query("SELECT entity_id FROM known GROUP BY entity_id HAVING count(*) > 1")]


def any_around(uow: UnitOfWork) -> bool:
    """Tell whether our own export says something around a staged entity."""
    return bool(uow.query("SELECT 1 FROM staged_entity WHERE around IS NOT NULL LIMIT 1"))


def known_before(uow: UnitOfWork, before: int) -> set[int]:
    """Return the numbers of the entities that staged rows are, of those up to ``before``."""
    return {row[0] for row in uow.query("SELECT DISTINCT entity_id FROM known WHERE entity_id <= ?", (before,))}


def _number(uow: UnitOfWork) -> str:
    """Return an expression for the number of a staged row's entity; its parameter is the last one before the import."""
    placed = uow.query("SELECT 1 FROM temp.sqlite_master WHERE name = 'placed'")
    place = "(SELECT p.place FROM placed p WHERE p.n = s.n)" if placed else "s.n"
    return f"coalesce(k.entity_id, {place} + ?)"


def said_around(uow: UnitOfWork, before: int) -> list[tuple[int, int, str]]:
    """Return what our own export says around entities: the row's place, the entity's number, and the text.

    ``before`` is the last number of an entity before this import.
    """
    return uow.query(
        f"SELECT s.n, {_number(uow)}, s.around FROM staged_entity s LEFT JOIN known k ON k.n = s.n"
        " WHERE s.around IS NOT NULL ORDER BY s.n",
        (before,),
    )


def given_aliases(uow: UnitOfWork) -> list[tuple[int, str]]:
    """Return the uids of those who, an export says, had become the entity of a row: place in the import, uid."""
    return uow.query(
        "SELECT s.n, json_extract(a.value, '$.uid') FROM staged_entity s, json_each(s.around, '$.aliases') a"
        " WHERE s.around IS NOT NULL ORDER BY s.n"
    )


def staged_as(uow: UnitOfWork, uid: bytes, before: int) -> int | None:
    """Return the number of the entity that the staged row with a uid has turned out to be: one with another uid."""
    uow.connection.execute("CREATE INDEX IF NOT EXISTS temp.staged_entity_uid ON staged_entity(uid)")
    found = uow.query(
        f"SELECT {_number(uow)} FROM staged_entity s LEFT JOIN known k ON k.n = s.n WHERE s.uid = ? AND s.given",
        (before, uid),
    )
    return int(found[0][0]) if found else None


def note_waiting(uow: UnitOfWork, numbers: Iterable[int], plan: int) -> None:
    """Note of new entities that their rows of this plan are to be looked at again when they come again."""
    ask = uow.connection.execute
    ask("CREATE TEMP TABLE waiting (number INTEGER PRIMARY KEY)")
    uow.connection.executemany("INSERT OR IGNORE INTO waiting VALUES (?)", [(number,) for number in numbers])
    for table, first, last in uow.ranges:
        if table == "imported_row":
            ask(
                "UPDATE imported_row SET plan = ? WHERE id BETWEEN ? AND ?"
                " AND plan = ? AND entity_id IN (SELECT number FROM waiting)",
                (WAITING, first, last, plan),
            )
