"""Taking those who are to be erased and those who stay apart, in a copy in which they are one.

A backup may be of a time at which two were merged who were taken apart since. There the rows of the one stand with the
other, and its number is an alias. They are given back first, by what the history of the copy says of the merge,
whatever came later; then the erasure finds all that is of whom it is about, and nothing else.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from dkcrm.store.erasing import change_row, insert_row, row_of
from dkcrm.store.images import TABLES, Row, columns, decode
from dkcrm.store.indexing import bring_in, take_out
from dkcrm.store.keys import fill_keys
from dkcrm.store.partners import COPIED

#: What a merge changes of an entity's row beside what it copies to it.
_STANDING = ("type", "state", "created_at")


def part_from_others(connection: sqlite3.Connection, operation_id: int, numbers: Iterable[int]) -> None:
    """Part some entities, who go, from those with whom they are one; the operation records what becomes of these."""
    mine = set(numbers)
    for number in sorted(mine):
        others = [one for one in _way(connection, number) if one not in mine]
        if others:
            _Parting(connection, operation_id, number, stays=False).part(others)
    for (number,) in connection.execute("SELECT id FROM entity WHERE merged_into IS NOT NULL ORDER BY id").fetchall():
        others = [one for one in _way(connection, number) if one in mine]
        if number not in mine and others:
            _Parting(connection, operation_id, number, stays=True).part(others)


def _way(connection: sqlite3.Connection, number: int) -> list[int]:
    """Return those whom an entity has become, one after the other."""
    rows = connection.execute(
        "WITH RECURSIVE way(id) AS (SELECT merged_into FROM entity WHERE id = ?"
        " UNION SELECT e.merged_into FROM way JOIN entity e ON e.id = way.id) SELECT id FROM way WHERE id NOT NULL",
        (number,),
    )
    return [row[0] for row in rows]


class _Parting:
    """Parts an entity from those whom it has become; one that stays is an entity of its own again."""

    def __init__(self, connection: sqlite3.Connection, operation_id: int, number: int, *, stays: bool) -> None:
        self.connection = connection
        self.operation_id = operation_id
        self.number = number
        self.stays = stays

    def part(self, others: list[int]) -> None:
        merge = self.connection.execute(
            "SELECT max(operation_id) FROM change WHERE tbl = 'entity' AND row_id = ? AND last_id IS NULL"
            " AND json_type(before, '$.merged_into') = 'null' AND json_type(after, '$.merged_into') = 'integer'",
            (self.number,),
        ).fetchone()[0]
        if merge is None:
            return  # it came as an alias
        # The organization of a lead that was folded went to another one.
        others = sorted({*others, *self._partners(merge)})
        self.connection.execute("PRAGMA defer_foreign_keys=ON")
        for other in others:
            take_out(self.connection, "id = ?", (other,))
        self._take_back(merge)
        self._give_back(merge)
        for other in others:
            self._as_it_was(other, merge)
            self._appoint(other)
            fill_keys(self.connection, other, other)
            bring_in(self.connection, "id = ?", (other,))
        if self.stays:
            self._change("entity", self.number, {"merged_into": None})
            fill_keys(self.connection, self.number, self.number)
            bring_in(self.connection, "id = ?", (self.number,))

    def _partners(self, merge: int) -> list[int]:
        rows = self.connection.execute(
            "SELECT DISTINCT c.entity_id FROM change c JOIN entity e ON e.id = c.entity_id WHERE c.operation_id = ?"
            " AND c.entity_id <> ? AND e.merged_into IS NULL AND c.tbl IN ('entity', 'contact_point', 'field_value')",
            (merge, self.number),
        )
        return [row[0] for row in rows]

    def _take_back(self, merge: int) -> None:
        """Take the rows that went to the other by the merge and are still there, and who stays, those that went."""
        for table, row_id, text in self.connection.execute(
            "SELECT tbl, row_id, before FROM change WHERE operation_id = ? AND last_id IS NULL AND before IS NOT NULL"
            " AND (after IS NULL OR tbl IN ('purchase', 'membership')) AND tbl <> 'entity' ORDER BY id",
            (merge,),
        ).fetchall():
            image = decode(text)
            names = [name for name in (TABLES[table].owner, TABLES[table].other) if name]
            values = {name: self.number for name in names if image.get(name) == self.number}
            if values and self.stays and "is_primary" in image:
                values["is_primary"] = image["is_primary"]
            if values and row_of(self.connection, table, row_id):
                self._change(table, row_id, values)
            elif values and self.stays and "id" in image:
                insert_row(self.connection, self.operation_id, table, image)

    def _give_back(self, merge: int) -> None:
        """Let the other have what came to this one by the merge: its own way through the life cycle."""
        for table, row_id, text in self.connection.execute(
            "SELECT tbl, row_id, before FROM change WHERE operation_id = ? AND last_id IS NULL AND after IS NULL"
            " AND tbl <> 'entity' AND entity_id <> ? ORDER BY id",
            (merge, self.number),
        ).fetchall():
            owner, image = TABLES[table].owner, decode(text)
            if owner and self._owner(table, owner, row_id) == self.number != image[owner]:
                self._change(table, row_id, {owner: image[owner]})

    def _owner(self, table: str, owner: str, row_id: int) -> int | None:
        found = self.connection.execute(f"SELECT {owner} FROM {table} WHERE id = ?", (row_id,)).fetchone()
        return found[0] if found else None

    def _as_it_was(self, other: int, merge: int) -> None:
        """Give the other's row the values again that it had before theirs came, where those are still there."""
        mine = self._values()
        for table, row_id, before, after in self.connection.execute(
            "SELECT tbl, row_id, before, after FROM change WHERE entity_id = ? AND operation_id >= ?"
            " AND last_id IS NULL AND before IS NOT NULL AND after IS NOT NULL AND tbl IN ('entity', 'field_value')"
            " AND operation_id IN (SELECT operation_id FROM change WHERE tbl = 'entity' AND operation_id >= ?"
            " AND json_type(after, '$.merged_into') = 'integer') ORDER BY id DESC",
            (other, merge, merge),
        ).fetchall():
            was, came = decode(before), decode(after)
            now = row_of(self.connection, table, row_id)
            if not now:
                continue
            names = COPIED["entity"] if table == "entity" else ("value", "num")
            back = {
                name: was.get(name)
                for name in names
                if name in came and now[name] == came[name] and (name == "num" or came[name] in mine)
            }
            if table == "entity":
                back |= {name: was[name] for name in _STANDING if name in came and now[name] == came[name]}
            self._change(table, row_id, back)
        self._forget_copies(other, merge, mine)
        self._forget_notes(other)

    def _forget_copies(self, other: int, merge: int, mine: set[str]) -> None:
        """Delete the values of fields, and cards, that the other got as copies of theirs."""
        for table, row_id, text in self.connection.execute(
            "SELECT tbl, row_id, after FROM change c WHERE operation_id = ? AND entity_id = ?"
            " AND tbl IN ('field_value', 'card')"
            " AND before IS NULL AND last_id IS NULL AND NOT EXISTS (SELECT 1 FROM change o WHERE o.operation_id ="
            " c.operation_id AND o.tbl = c.tbl AND o.row_id = c.row_id AND o.before IS NOT NULL)",
            (merge, other),
        ).fetchall():
            now = row_of(self.connection, table, row_id)
            name = "text" if table == "card" else "value"
            if now and now[name] == decode(text).get(name) and now[name] in mine:
                self.connection.execute(f"DELETE FROM {table} WHERE id = ?", (row_id,))
                self.connection.execute(
                    "INSERT INTO change (operation_id, entity_id, tbl, row_id) VALUES (?, ?, ?, ?)",
                    (self.operation_id, other, table, row_id),
                )

    def _values(self) -> set[str]:
        """Return the values that they had, present and past."""
        images = self._images("entity", "field_value", "card")
        return {value for image in images for value in image.values() if isinstance(value, str)}

    def _images(self, *tables: str) -> list[Row]:
        """Return their row as it is, and the images of all their rows of some tables in the history."""
        rows = self.connection.execute(
            "SELECT tbl, before, after FROM change WHERE entity_id = ? AND last_id IS NULL", (self.number,)
        )
        past = [decode(text) for table, *images in rows if table in tables for text in images if text]
        return [row_of(self.connection, "entity", self.number), *past]

    def _forget_notes(self, other: int) -> None:
        """Take their notes out of the other's, where they stand in one piece."""
        said = {image.get("notes") for image in self._images("entity")}
        notes = row_of(self.connection, "entity", other)["notes"]
        for text in sorted((one for one in said if one), key=len, reverse=True):
            notes = f"\n{notes}\n".replace(f"\n{text}\n", "\n", 1).strip("\n")
        self._change("entity", other, {"notes": notes})

    def _appoint(self, other: int) -> None:
        """Make a value of each kind the primary one again, where the primary one was theirs."""
        for table, kind in (("contact_point", "kind"), ("address", "entity_id")):
            for (row_id,) in self.connection.execute(
                f"SELECT min(id) FROM {table} WHERE entity_id = ? GROUP BY {kind} HAVING sum(is_primary) = 0", (other,)
            ).fetchall():
                self._change(table, row_id, {"is_primary": 1})

    def _change(self, table: str, row_id: int, values: Row) -> None:
        known = {name: value for name, value in values.items() if name in columns(self.connection, table)}
        if known:
            change_row(self.connection, self.operation_id, table, row_of(self.connection, table, row_id), known)
