"""Whose rows are to go when people are erased, gathered in TEMP tables, so that a look at it and the deed are one.

- ``gone``: the entities, and all that were merged into them;
- ``gone_row``: their rows, those that are there (``there``) and those of which only the history knows;
- ``gone_op``: the operations that touched them.

It works on any database of ours, of an older schema too (a backup), inside the caller's transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from dkcrm.store.images import TABLES

#: Tables whose rows are whose number they have, children before what they hang on.
_OWNED = (
    "contact_point", "address", "tag", "field_value", "interaction", "assessment", "identity", "imported_row", "card",
    "keep", "campaign_member", "consent", "task_entity",
)  # fmt: skip
#: Rows that hang on a row of theirs: child -> (parent, column).
_HANGING = {"ticket_event": ("ticket", "ticket_id"), "reminder": ("task", "task_id")}
_NAMING = ("full_name", "first_name", "last_name", "org_name", "vat_id", "tax_code")
#: Shorter words are in too many others.
_SHORTEST = 4
#: The changes of theirs that have values.
THEIRS = (
    "last_id IS NULL AND (before IS NOT NULL OR after IS NOT NULL) AND id IN ("
    "SELECT id FROM change WHERE entity_id IN (SELECT id FROM gone) UNION"
    " SELECT c.id FROM gone_row g JOIN change c ON c.tbl = g.tbl AND c.row_id = g.row_id)"
)


class Gone:
    """Who goes, with whom, and what there is of theirs."""

    def __init__(self, connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
        self.connection = connection
        self.tables = {
            row[0] for row in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")
        } & set(TABLES)
        self._gather(numbers)

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
        return int(self.connection.execute(f"SELECT count(*) FROM change WHERE {THEIRS}").fetchone()[0])

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
