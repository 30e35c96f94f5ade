"""Erasing people: their rows, and the values of their history; what remains is a skeleton without values.

It works on any database of ours, of an older schema too (a backup), inside the caller's transaction. Whose rows they
are is gathered first, in TEMP tables, so that a look at it (a dry run) and the deed are of one mind:

- ``gone``: the entities, and all that were merged into them;
- ``gone_row``: their rows, those that are there (``there``) and those of which only the history knows.

A change keeps operation, number, table and row, and loses its values (both images NULL); a row that goes gets such a
change in the operation of the erasure. Where a value of theirs stands in the history of somebody whom they were merged
with, or came from, it is replaced by ``ERASED``.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from dkcrm.store.images import ERASED, SEARCHED, TABLES, Row, change_rows, columns

#: Tables whose rows are whose number they have, children before what they hang on.
_OWNED = (
    "contact_point", "address", "tag", "field_value", "interaction", "assessment", "identity", "imported_row", "card",
    "keep", "campaign_member", "consent", "task_entity",
)  # fmt: skip
#: Rows that hang on a row of theirs: child -> (parent, column).
_HANGING = {"ticket_event": ("ticket", "ticket_id"), "reminder": ("task", "task_id")}


class Erasing:
    """One erasure: who goes with whom, what there is of theirs, and the deed."""

    def __init__(self, connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
        self.connection = connection
        self.tables = {
            row[0] for row in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")
        } & set(TABLES)
        self._gather(numbers)

    def ask(self, sql: str, values: Iterable[object] = ()) -> list[tuple[int | str | bytes | None, ...]]:
        """Return the rows of a statement."""
        return self.connection.execute(sql, tuple(values)).fetchall()

    # Who, and what is theirs

    def _gather(self, numbers: Iterable[int]) -> None:
        ask = self.connection.execute
        for name in ("gone", "gone_row", "gone_op"):
            ask(f"DROP TABLE IF EXISTS temp.{name}")
        ask("CREATE TEMP TABLE gone (id INTEGER PRIMARY KEY)")
        ask("CREATE TEMP TABLE gone_op (id INTEGER PRIMARY KEY)")
        ask(
            "CREATE TEMP TABLE gone_row (tbl TEXT, row_id INTEGER, there INTEGER, PRIMARY KEY (tbl, row_id))"
            " WITHOUT ROWID"
        )
        ask(
            "INSERT INTO gone WITH RECURSIVE one(id) AS (SELECT value FROM json_each(?) UNION"
            " SELECT e.id FROM entity e JOIN one ON e.merged_into = one.id) SELECT id FROM one",
            (json.dumps(list(numbers)),),
        )
        self._gather_rows()
        self._gather_past()
        ask(
            "INSERT OR IGNORE INTO gone_op SELECT operation_id FROM change WHERE entity_id IN (SELECT id FROM gone)"
            " UNION SELECT operation_id FROM change WHERE other_id IN (SELECT id FROM gone)"
            " UNION SELECT c.operation_id FROM gone_row g JOIN change c ON c.tbl = g.tbl AND c.row_id = g.row_id"
            " UNION SELECT c.operation_id FROM change c JOIN gone g ON g.id BETWEEN c.row_id AND c.last_id"
            " WHERE c.tbl = 'entity' AND c.last_id IS NOT NULL"
        )

    def _take(self, table: str, where: str) -> None:
        if table in self.tables:
            self.connection.execute(
                f"INSERT OR IGNORE INTO gone_row SELECT '{table}', t.id, 1 FROM main.{table} t WHERE {where}"
            )

    def _gather_rows(self) -> None:
        """Gather the rows that are there."""
        gone = "IN (SELECT id FROM gone)"
        for table in _OWNED:
            self._take(table, f"t.entity_id {gone}")
        self._take("ticket", f"t.entity_id {gone}")
        self._take("purchase", f"t.entity_id {gone} AND (t.also_id IS NULL OR t.also_id {gone})")
        # How another came from them tells of them; how they came from another tells of them too.
        self._take("transition", f"t.entity_id {gone} OR t.into_id {gone}")
        self._take("membership", f"t.member_id {gone} OR t.organization_id {gone}")
        self._take("apart", f"t.entity_id {gone} OR t.other_id {gone}")
        self._take("entity", f"t.id {gone}")
        if "task" in self.tables:
            self._take(
                "task",
                f"t.id IN (SELECT task_id FROM task_entity WHERE entity_id {gone}) AND NOT EXISTS (SELECT 1 FROM"
                f" task_entity l WHERE l.task_id = t.id AND l.entity_id NOT {gone})",
            )
        for child, (parent, column) in _HANGING.items():
            self._take(child, f"t.{column} IN (SELECT row_id FROM gone_row WHERE tbl = '{parent}')")

    def _gather_past(self) -> None:
        """Gather the rows that were theirs and are no more, of which the history has the values."""
        ask = self.connection.execute
        ask(
            "INSERT OR IGNORE INTO gone_row SELECT tbl, row_id, 0 FROM change"
            " WHERE entity_id IN (SELECT id FROM gone) AND last_id IS NULL"
            " UNION SELECT tbl, row_id, 0 FROM change WHERE other_id IN (SELECT id FROM gone) AND last_id IS NULL"
            " AND tbl IN ('membership', 'apart', 'transition')"
        )
        # A task, a reminder and what happened to a ticket name nobody; the rows that they hang on do.
        for table, link, column in (
            ("task", "task_entity", "task_id"),
            ("reminder", "task", "task_id"),
            ("ticket_event", "ticket", "ticket_id"),
        ):
            if table == "task":
                ask(
                    f"INSERT OR IGNORE INTO gone_row SELECT 'task',"
                    f" json_extract(coalesce(after, before), '$.{column}'), 0 FROM change"
                    f" WHERE tbl = '{link}' AND entity_id IN (SELECT id FROM gone)"
                    " AND coalesce(after, before) IS NOT NULL AND last_id IS NULL"
                )
                # One that others are about, or were, is theirs.
                ask(
                    "DELETE FROM gone_row WHERE tbl = 'task' AND there = 0 AND row_id IN (SELECT"
                    " json_extract(coalesce(after, before), '$.task_id') FROM change WHERE tbl = 'task_entity'"
                    " AND entity_id NOT IN (SELECT id FROM gone) AND coalesce(after, before) IS NOT NULL)"
                )
            else:
                ask(
                    f"INSERT OR IGNORE INTO gone_row SELECT '{table}', c.row_id, 0 FROM change c"
                    f" WHERE c.tbl = '{table}' AND json_extract(coalesce(c.after, c.before), '$.{column}') IN"
                    f" (SELECT row_id FROM gone_row WHERE tbl = '{link}')"
                )
        for table in self.tables:
            # A row that is there, and not among theirs above, has come to somebody else.
            ask(f"DELETE FROM gone_row WHERE tbl = '{table}' AND there = 0 AND row_id IN (SELECT id FROM main.{table})")

    def numbers(self) -> list[int]:
        """Return the numbers of all who go, those who were merged into them among them."""
        return [row[0] for row in self.connection.execute("SELECT id FROM gone ORDER BY id")]

    def uids(self) -> list[tuple[int, bytes]]:
        """Return the number and uid of all who go; of those who are in the history alone, from there."""
        found: dict[int, bytes] = dict(
            self.connection.execute("SELECT id, uid FROM entity WHERE id IN (SELECT id FROM gone) ORDER BY id")
        )
        for number, uid in self.connection.execute(
            "SELECT row_id, json_extract(coalesce(before, after), '$.uid') FROM change WHERE tbl = 'entity'"
            " AND last_id IS NULL AND row_id IN (SELECT id FROM gone)"
        ):
            if uid:
                found.setdefault(number, bytes.fromhex(uid))
        return sorted(found.items())

    def counts(self) -> dict[str, int]:
        """Return how many rows go, by table."""
        rows = self.connection.execute("SELECT tbl, count(*) FROM gone_row WHERE there GROUP BY tbl")
        found = dict(rows.fetchall())
        return {table: found[table] for table in TABLES if table in found}

    def values(self) -> int:
        """Return how many changes of the history lose their values."""
        return int(self.connection.execute(f"SELECT count(*) FROM change WHERE {_THEIRS}").fetchone()[0])

    def names(self) -> list[str]:
        """Return what names them: names, emails, phones and codes, present and past."""
        found: dict[str, None] = {}
        for table, names in (("entity", _NAMING), ("contact_point", ("value", "norm"))):
            members = ", ".join(f"'{name}', {name}" for name in names)
            past = (
                f" UNION ALL SELECT {{}} FROM change c JOIN gone_row g ON g.tbl = c.tbl AND g.row_id = c.row_id"
                f" WHERE c.tbl = '{table}' AND {{}} IS NOT NULL"
            )
            for (image,) in self.connection.execute(
                f"SELECT json_object({members}) FROM {table}"
                f" WHERE id IN (SELECT row_id FROM gone_row WHERE tbl = '{table}' AND there)"
                + past.format("before", "before")
                + past.format("after", "after")
            ):
                said = json.loads(image)
                said = {name: said.get(name) for name in names}
                said["both"] = " ".join(said.pop(name, None) or "" for name in ("first_name", "last_name")).strip()
                found.update(dict.fromkeys(text for text in said.values() if isinstance(text, str)))
        return [text for text in found if len(text) >= _SHORTEST]

    # The deed

    def erase(self, operation_id: int, now: str, words: Iterable[str]) -> None:
        """Erase what was gathered, in an operation; ``words`` are what names them, which no operation keeps.

        Full text is the caller's to make small again, once this is committed.
        """
        self.connection.execute("PRAGMA defer_foreign_keys=ON")
        self._leave_full_text()
        self._redact_partners()
        self._let_go(operation_id, now)
        self._blank()
        self._delete(operation_id)
        self._forget_commands(operation_id, [word for word in words if word])

    def _leave_full_text(self) -> None:
        self.connection.execute(
            f"INSERT INTO search (search, rowid, {SEARCHED})"
            f" SELECT 'delete', id, {SEARCHED} FROM search_text WHERE id IN (SELECT id FROM gone)"
        )

    def _let_go(self, operation_id: int, now: str) -> None:
        """Let others' rows point at them no more; a purchase of two is the other's from now on."""
        gone = "IN (SELECT id FROM gone)"
        touched: set[int] = set()
        rows = self.connection.execute(f"SELECT id FROM purchase WHERE entity_id {gone} AND also_id NOT {gone}")
        for (number,) in rows.fetchall():
            row = self._row("purchase", number)
            touched.add(row["also_id"])
            self._change(operation_id, "purchase", row, {"entity_id": row["also_id"], "also_id": None})
        for table, where, changed in (
            ("purchase", f"also_id {gone} AND entity_id NOT {gone}", "also_id"),
            ("interaction", "ticket_id IN (SELECT row_id FROM gone_row WHERE tbl = 'ticket' AND there)", "ticket_id"),
            (
                "transition",
                "purchase_id IN (SELECT row_id FROM gone_row WHERE tbl = 'purchase' AND there)",
                "purchase_id",
            ),
        ):
            if changed not in columns(self.connection, table):
                continue
            for (number,) in self.connection.execute(
                f"SELECT id FROM {table} WHERE {where}"
                f" AND id NOT IN (SELECT row_id FROM gone_row WHERE tbl = '{table}')"
            ).fetchall():
                row = self._row(table, number)
                touched.add(row["entity_id"])
                self._change(operation_id, table, row, {changed: None})
        self._appoint(operation_id)
        for number in sorted(touched):
            self._change(operation_id, "entity", self._row("entity", number), {"updated_at": now})

    def _appoint(self, operation_id: int) -> None:
        """Make another organization of a member its primary one, where the one that goes was."""
        for (number,) in self.connection.execute(
            "SELECT min(m.id) FROM membership m WHERE m.id NOT IN (SELECT row_id FROM gone_row WHERE tbl ="
            " 'membership') AND m.member_id IN (SELECT l.member_id FROM membership l JOIN gone_row g ON g.row_id = l.id"
            " AND g.tbl = 'membership' WHERE l.is_primary) AND m.member_id NOT IN (SELECT id FROM gone)"
            " GROUP BY m.member_id HAVING sum(m.is_primary) = 0"
        ).fetchall():
            self._change(operation_id, "membership", self._row("membership", number), {"is_primary": 1})

    def _row(self, table: str, number: int) -> Row:
        names = columns(self.connection, table)
        found = self.connection.execute(f"SELECT {', '.join(names)} FROM {table} WHERE id = ?", (number,)).fetchone()
        return dict(zip(names, found, strict=True))

    def _change(self, operation_id: int, table: str, before: Row, values: Row) -> None:
        """Change a row of somebody else's, and record it; an owner that goes leaves no image."""
        after = {**before, **values}
        if before == after:
            return
        self.connection.execute(
            f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in values)} WHERE id = ?",
            [*values.values(), before["id"]],
        )
        self.connection.executemany(
            "INSERT INTO change (operation_id, entity_id, other_id, tbl, row_id, last_id, before, after)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            change_rows(operation_id, table, before["id"], before, after),
        )

    def _blank(self) -> None:
        self.connection.execute(f"UPDATE change SET before = NULL, after = NULL WHERE {_THEIRS}")

    def _delete(self, operation_id: int) -> None:
        """Delete their rows, a change without values for each."""
        ask = self.connection.execute
        if "task" in self.tables:
            ask(
                "DELETE FROM told WHERE uid IN (SELECT uid FROM task WHERE id IN"
                " (SELECT row_id FROM gone_row WHERE tbl = 'task' AND there))"
            )
        for table, (owner, other, _searchable) in TABLES.items():
            if table not in self.tables:
                continue
            which = f"id IN (SELECT row_id FROM gone_row WHERE tbl = '{table}' AND there)"
            # Who it was linked to is told by the row's own other column; that they are merged, by nothing.
            ask(
                "INSERT INTO change (operation_id, entity_id, other_id, tbl, row_id)"
                f" SELECT ?, {owner or 'NULL'}, {other or 'NULL'}, '{table}', id FROM {table} WHERE {which}",
                (operation_id,),
            )
            ask(f"DELETE FROM {table} WHERE {which}")

    def _forget_commands(self, operation_id: int, words: list[str]) -> None:
        """Take from the operations that touched them what names them; an import keeps its file and its counts."""
        ask = self.connection.execute
        # An import that touched nobody else is theirs alone.
        ask(
            "UPDATE operation SET command = NULL, record = NULL, file = NULL"
            " WHERE id IN (SELECT id FROM gone_op) AND id <> ? AND (name <> 'import' OR NOT EXISTS (SELECT 1 FROM"
            " change c WHERE c.operation_id = operation.id AND (c.entity_id NOT IN (SELECT id FROM gone) OR"
            " (c.tbl = 'entity' AND c.last_id - c.row_id >= (SELECT count(*) FROM gone WHERE id BETWEEN c.row_id AND"
            " c.last_id)))))",
            (operation_id,),
        )
        for number, command, file in ask(
            "SELECT id, command, file FROM operation WHERE id IN (SELECT id FROM gone_op) AND id <> ?", (operation_id,)
        ).fetchall():
            kept = [None if text and _names(text, words) else text for text in (command, file)]
            if kept != [command, file]:
                ask("UPDATE operation SET command = ?, file = ? WHERE id = ?", (*kept, number))

    # Those whom they were merged with, or came from

    def _redact_partners(self) -> None:
        """Take their values out of the history of those with whom they once were one, or from whom they came."""
        mine = self._texts()
        long = [text for text in mine if len(text) >= 6]
        for partner in self._partners():
            there = self.connection.execute(
                f"SELECT {', '.join(_COPIED['entity'])} FROM entity WHERE id = ?", (partner,)
            ).fetchone()
            row: Row = dict(zip(_COPIED["entity"], there or (), strict=False))
            for number, table, row_id, *images in self.connection.execute(
                "SELECT id, tbl, row_id, before, after FROM change WHERE entity_id = ? AND last_id IS NULL"
                " AND tbl IN ('entity', 'field_value', 'membership')",
                (partner,),
            ).fetchall():
                present = row if table == "entity" else self._present(table, row_id)
                redacted = [_redact(image, table, present, mine, long) for image in images]
                if redacted != images:
                    self.connection.execute("UPDATE change SET before = ?, after = ? WHERE id = ?", (*redacted, number))

    def _present(self, table: str, row_id: int) -> Row:
        names = _COPIED[table]
        found = self.connection.execute(f"SELECT {', '.join(names)} FROM {table} WHERE id = ?", (row_id,)).fetchone()
        return dict(zip(names, found or (), strict=False))

    def _partners(self) -> list[int]:
        gone = "IN (SELECT id FROM gone)"
        rows = self.connection.execute(
            f"SELECT other_id FROM change WHERE entity_id {gone} AND tbl IN ('entity', 'transition')"
            f" UNION SELECT entity_id FROM change WHERE other_id {gone} AND tbl IN ('entity', 'transition')"
            f" UNION SELECT into_id FROM transition WHERE entity_id {gone}"
            f" UNION SELECT entity_id FROM transition WHERE into_id {gone}"
            " UNION SELECT b.entity_id FROM change a JOIN change b ON b.operation_id = a.operation_id AND b.tbl = a.tbl"
            f" AND b.row_id = a.row_id WHERE a.entity_id {gone} AND a.last_id IS NULL AND a.tbl <> 'entity'"
        )
        gone_now = set(self.numbers())
        return sorted(row[0] for row in rows if row[0] is not None and row[0] not in gone_now)

    def _texts(self) -> set[str]:
        """Return the texts of theirs that may have been given to another's row: values, and lines of notes."""
        found: set[str] = set()
        for table, names in _COPIED.items():
            members = ", ".join(f"'{name}', {name}" for name in names)
            for image in self.connection.execute(
                f"SELECT json_object({members}) FROM {table}"
                f" WHERE id IN (SELECT row_id FROM gone_row WHERE tbl = '{table}' AND there)"
                " UNION ALL SELECT before FROM change c JOIN gone_row g ON g.tbl = c.tbl AND g.row_id = c.row_id"
                f" WHERE c.tbl = '{table}' AND c.before IS NOT NULL"
                " UNION ALL SELECT after FROM change c JOIN gone_row g ON g.tbl = c.tbl AND g.row_id = c.row_id"
                f" WHERE c.tbl = '{table}' AND c.after IS NOT NULL"
            ):
                said = json.loads(image[0])
                for name in names:
                    if isinstance(said.get(name), str):
                        found.update(line.strip() for line in (said[name], *said[name].split("\n")))
        found.discard("")
        return found


#: The columns whose values a merge or a qualification copies from one row to another's.
_COPIED = {
    "entity": tuple("full_name first_name last_name job_title org_name vat_id tax_code website source notes".split()),
    "field_value": ("value",),
    "membership": ("role", "since"),
}
_NAMING = ("full_name", "first_name", "last_name", "org_name", "vat_id", "tax_code")
#: Shorter words are in too many others.
_SHORTEST = 4
_THEIRS = (
    "last_id IS NULL AND (before IS NOT NULL OR after IS NOT NULL) AND id IN ("
    "SELECT id FROM change WHERE entity_id IN (SELECT id FROM gone) UNION"
    " SELECT c.id FROM gone_row g JOIN change c ON c.tbl = g.tbl AND c.row_id = g.row_id)"
)


def _redact(image: str | None, table: str, present: Row, mine: set[str], long: list[str]) -> str | None:
    """Return an image without the texts of somebody who goes, but for what the row still has."""
    if image is None:
        return None
    said = json.loads(image)
    changed = False
    for name in _COPIED[table]:
        value = said.get(name)
        if not isinstance(value, str) or value == present.get(name):
            continue
        if value in mine or any(text in value for text in long):
            said[name] = ERASED
            changed = True
    return json.dumps(said, ensure_ascii=False) if changed else image


def _names(text: str, words: Iterable[str]) -> bool:
    """Tell whether a command or a path has one of some names in it, however it is written."""
    plain = _letters(text)
    return any(_letters(word) in plain for word in words)


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
