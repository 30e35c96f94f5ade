"""Which rows of an import are entities that are there already, or people that an earlier row has brought.

A row is known by its uid, else by the id that its program gives it, else because it came in before as it is, else by
email. An email alone does not do where the names plainly differ: that is a shared mailbox (SPEC.md section 3). Who
was removed stays known, so that a nightly import does not bring back what somebody has taken away.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from dkcrm.domain.matching import names_differ
from dkcrm.i18n import _
from dkcrm.store.entities import survivor
from dkcrm.store.journal import UnitOfWork
from dkcrm.store.wide import person_in

#: Ids of files of no known program: the same id may mean two people in two files, so the names have a say.
ANY_FILE = "file"
#: So many people who share a key in one file are compared with one another; more are compared with these.
_COMPARED = 50

_PERSON = "e.full_name IS NOT NULL OR e.first_name IS NOT NULL OR e.last_name IS NOT NULL"
_STAGED = f"s.n, ({person_in('s')}), s.name_key, s.org_key"
_THERE = f"e.id, e.merged_into, ({_PERSON}), e.name_key, e.org_key"


class Names(NamedTuple):
    """By what two parties are told apart: is there a person, and the folded names."""

    person: bool
    name: str | None
    organization: str | None

    def differ(self, other: Names) -> bool:
        """Tell whether these are plainly two: a person and an organization, or names without a common ground."""
        if bool(self.person) != bool(other.person):
            return True
        if self.person:
            return names_differ(self.name, other.name)
        return names_differ(self.organization or self.name, other.organization or other.name)


def came_before(
    connection: sqlite3.Connection, fingerprints: Sequence[int], plans: Sequence[int]
) -> dict[int, tuple[str, int]]:
    """Return which rows came in before, just as they are and by one of the plans: fingerprint -> type, number."""
    marks, numbers = (", ".join("?" * len(values)) for values in (fingerprints, plans))
    rows = connection.execute(
        "SELECT r.fingerprint, e.type, e.id, e.merged_into FROM imported_row r JOIN entity e ON e.id = r.entity_id"
        f" WHERE r.fingerprint IN ({marks}) AND r.plan IN ({numbers})",
        (*fingerprints, *plans),
    )
    found = {}
    for mark, type, number, merged_into in rows:
        if merged_into is not None:
            number = survivor(connection, number)
            (type,) = connection.execute("SELECT type FROM entity WHERE id = ?", (number,)).fetchone()
        found[mark] = (type, number)
    return found


def any_came_before(connection: sqlite3.Connection) -> bool:
    """Tell whether anything was ever imported."""
    return connection.execute("SELECT 1 FROM imported_row LIMIT 1").fetchone() is not None


class Recognition:
    """Finds the known rows of a stage, under the write lock, and notes them in the TEMP table ``known``."""

    def __init__(self, uow: UnitOfWork, *, by_email_alone: bool = False, claimed: Iterable[int] = ()) -> None:
        self.uow = uow
        #: Entities that rows of this import are already, which did not have to be staged.
        self.claimed = claimed
        self.by_email_alone = by_email_alone
        self.known: dict[int, int] = {}
        #: place in the import -> why the row cannot be told to be anybody
        self.doubtful: dict[int, str] = {}

    def find(self, repeated: Iterable[tuple[str, Any]], *, uids: bool, ids: bool) -> None:
        """Find what is known; ``repeated`` are the keys (kind, value) that several rows of the import have."""
        if self.uow.query("SELECT 1 FROM entity LIMIT 1"):
            if uids:
                self._by_uid()
            if ids:
                self._by_id()
            self._by_row()
            self._by_email()
        self._in_file(list(repeated))
        self.uow.connection.executemany("INSERT INTO known VALUES (?, ?)", sorted(self.known.items()))

    def forget(self) -> None:
        """Forget what was found: it was only to ask about it."""
        self.known.clear()
        self.uow.connection.execute("DELETE FROM known")

    def _candidates(self, joined: str) -> dict[int, list[tuple[Any, ...]]]:
        """Return the entities that a way of recognition finds for each row that is not known yet."""
        found: dict[int, list[tuple[Any, ...]]] = {}
        glue = "" if joined.startswith(",") else " "
        for row in self.uow.connection.execute(f"SELECT DISTINCT {_STAGED}, {_THERE}{glue}{joined}"):
            if row[0] not in self.known and row[0] not in self.doubtful:
                found.setdefault(row[0], []).append(row)
        return found

    def _take(self, n: int, entity_id: int, merged_into: int | None) -> None:
        self.known[n] = survivor(self.uow.connection, entity_id) if merged_into is not None else entity_id

    def _by_uid(self) -> None:
        for n, rows in self._candidates("FROM staged_entity s JOIN entity e ON e.uid = s.uid").items():
            self._take(n, rows[0][4], rows[0][5])

    def _by_id(self) -> None:
        joined = (
            "FROM staged_identity i JOIN identity k ON k.value = i.value AND k.scope = i.scope"
            f" JOIN staged_entity s ON s.n = i.n JOIN entity e ON e.id = k.entity_id"
            f" WHERE substr(i.scope, 1, {len(ANY_FILE)}) {{}} '{ANY_FILE}'"
        )
        for n, rows in self._candidates(joined.format("<>")).items():
            same = [row for row in rows if not Names(*row[1:4]).differ(Names(*row[6:9]))] or rows
            self._take(n, same[0][4], same[0][5])
        for n, rows in self._candidates(joined.format("=")).items():
            same = [
                row for row in rows if not Names(*row[1:4]).differ(Names(*row[6:9])) or self._share_email(n, row[4])
            ]
            if same:
                self._take(n, same[0][4], same[0][5])

    def _share_email(self, n: int, entity_id: int) -> bool:
        return bool(
            self.uow.query(
                "SELECT 1 FROM said_email s JOIN contact_point p ON p.kind = 'email'"
                " AND coalesce(p.norm, p.value) = s.key WHERE s.n = ?"
                " AND p.entity_id = ? LIMIT 1",
                (n, entity_id),
            )
        )

    def _by_row(self) -> None:
        joined = (
            "FROM staged_entity s JOIN imported_row r ON r.fingerprint = s.fingerprint"
            " JOIN entity e ON e.id = r.entity_id"
        )
        for n, rows in self._candidates(joined).items():
            self._take(n, rows[0][4], rows[0][5])

    def _by_email(self) -> None:
        """Recognise by email: the one entity that has it, whose name does not differ, and no other id of the source."""
        joined = (
            ", s.given FROM said_email c JOIN contact_point p ON p.kind = 'email'"
            " AND coalesce(p.norm, p.value) = c.key JOIN staged_entity s ON s.n = c.n"
            " JOIN entity e ON e.id = p.entity_id WHERE NOT EXISTS (SELECT 1 FROM"
            " staged_identity i JOIN identity k ON k.entity_id = e.id AND k.scope = i.scope AND k.value <> i.value"
            " WHERE i.n = s.n)"
        )
        claimed = {*self.known.values(), *self.claimed}
        for n, rows in self._candidates(joined).items():
            mine = Names(*rows[0][1:4])
            if rows[0][-1]:
                # A row with a uid is not somebody whose uid another row has.
                rows = [row for row in rows if row[4] not in claimed]
                if not rows:
                    continue
            same = rows if self.by_email_alone else [row for row in rows if not mine.differ(Names(*row[6:9]))]
            if len(same) > 1:
                same = [row for row in same if row[7] == mine.name] or same
            if self.by_email_alone:
                same = same[:1]
            if len(same) == 1:
                self._take(n, same[0][4], same[0][5])
            elif same:
                numbers = ", ".join(str(row[4]) for row in same[:5])
                self.doubtful[n] = _("the email is that of several entities: {numbers}").format(numbers=numbers)

    def _in_file(self, repeated: list[tuple[str, Any]]) -> None:
        """Let rows follow the first row of the same party in the file."""
        if not repeated:
            return
        ask = self.uow.connection
        ask.execute("CREATE TEMP TABLE IF NOT EXISTS repeated (kind TEXT, key, PRIMARY KEY (kind, key))")
        ask.executemany("INSERT OR IGNORE INTO repeated VALUES (?, ?)", repeated)
        kinds = {kind for kind, _key in repeated}
        for kind, sql in (
            ("uid", "SELECT uid AS key, n FROM staged_entity"),
            ("id", "SELECT scope || char(10) || value AS key, n FROM staged_identity"),
            ("row", "SELECT fingerprint AS key, n FROM staged_entity"),
            ("email", "SELECT key, n FROM said_email"),
        ):
            if kind not in kinds:
                continue
            groups: dict[Any, list[tuple[Any, ...]]] = {}
            for key, *row in ask.execute(
                f"SELECT t.key, {_STAGED}, (SELECT value FROM staged_identity i WHERE i.n = t.n), s.line,"
                f" CASE WHEN s.given THEN s.uid END FROM ({sql}) t"
                " JOIN repeated r ON r.kind = ? AND r.key = t.key JOIN staged_entity s ON s.n = t.n"
                " ORDER BY t.key, t.n",
                (kind,),
            ):
                groups.setdefault(key, []).append(tuple(row))
            for rows in groups.values():
                self._follow(kind, rows)

    def _follow(self, kind: str, rows: list[tuple[Any, ...]]) -> None:
        """Let each row of a group that has a key in common follow the first one that it does not differ from."""
        first: list[tuple[Any, ...]] = []
        for row in rows:
            n = row[0]
            if n in self.doubtful:
                continue
            leader = next((other for other in first if self._same(kind, row, other)), None)
            if leader is None:
                if kind == "uid" and first and n not in self.known:
                    self.doubtful[n] = _("the uid is that of line {line}").format(line=first[0][5])
                elif len(first) < _COMPARED:
                    first.append(row)
            elif n not in self.known and leader[0] != n:
                self.known[n] = self.known.get(leader[0], -leader[0])

    def _same(self, kind: str, row: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
        """Tell whether two rows with a key in common are one party; two ids of one program are two."""
        if kind == "row" or (kind == "email" and self.by_email_alone):
            return True
        if kind == "email" and any(row[at] and other[at] and row[at] != other[at] for at in (4, 6)):
            return False
        return not Names(*row[1:4]).differ(Names(*other[1:4]))
