"""Which rows of an import are entities that are there already, or people that an earlier row has brought.

A row is known by its uid, else by the id that its program gives it, else because it came in before as it is, else by
email; and one that has none of these by an entity of its name that says all that it says. An email alone does not do
where the names plainly differ: that is a shared mailbox (SPEC.md section 3). Who was removed stays known, so that a
nightly import does not bring back what somebody has taken away.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from dkcrm.domain.matching import names_differ
from dkcrm.i18n import _
from dkcrm.store.entities import survivor
from dkcrm.store.journal import UnitOfWork
from dkcrm.store.keys import CODE
from dkcrm.store.wide import person_in

#: Ids of files of no known program: the same id may mean two people in two files, so the names have a say.
ANY_FILE = "file"
#: So many people who share a key in one file are compared with one another; more are compared with these.
_COMPARED = 50


def _person(alias: str) -> str:
    """Return what tells whether there is a person: none where an email stands for the name that nobody said."""
    parts = " AND ".join(f"coalesce({alias}.{name}, '') = ''" for name in ("first_name", "last_name"))
    shown = f"coalesce(nullif({alias}.full_name, ''), {alias}.org_name, '')"
    return (
        f"CASE WHEN {parts} AND instr({shown}, '@') AND NOT instr({shown}, ' ') THEN NULL ELSE ({person_in(alias)}) END"
    )


_STAGED = f"s.n, {_person('s')}, s.name_key, s.org_key"
_THERE = f"e.id, e.merged_into, {_person('e')}, e.name_key, e.org_key"


def _same_code(column: str) -> str:
    """Return the condition that a staged row and an entity have a code in common."""
    return f"(s.{column} <> '' AND {CODE.format(column=f's.{column}')} = {CODE.format(column=f'e.{column}')})"


class Names(NamedTuple):
    """By what two parties are told apart: is there a person (None: nobody said a name), and the folded names."""

    person: bool | None
    name: str | None
    organization: str | None

    def differ(self, other: Names) -> bool:
        """Tell whether these are plainly two: a person and an organization, or names without a common ground."""
        if self.person is None or other.person is None:
            return False
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

    def __init__(
        self,
        uow: UnitOfWork,
        says_no_more: Callable[[list[tuple[int, int]]], dict[int, int]],
        *,
        by_email_alone: bool = False,
        claimed: Iterable[int] = (),
    ) -> None:
        self.uow = uow
        #: Tells of pairs of a row and an entity in which the entity says all that the row says: row -> entity.
        self.says_no_more = says_no_more
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
            self._by_all_it_says()
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
            same = [row for row in rows if self._agree(n, row)]
            if same:
                self._take(n, same[0][4], same[0][5])

    def _agree(self, n: int, row: tuple[Any, ...]) -> bool:
        """Tell whether a row and an entity that have an id of no known program in common are one by more than that."""
        mine, theirs = Names(*row[1:4]), Names(*row[6:9])
        named = mine.person is not None and theirs.person is not None
        return (named and not mine.differ(theirs)) or self._share(n, row[4])

    def _share(self, n: int, entity_id: int) -> bool:
        """Tell whether a row and an entity have an email, a phone, a VAT number or a tax code in common."""
        return bool(
            self.uow.query(
                "SELECT 1 FROM said_contact_point s JOIN contact_point p ON p.kind = s.kind"
                " AND coalesce(p.norm, p.value) = coalesce(s.norm, s.value)"
                " WHERE s.n = ?1 AND s.kind <> 'link' AND p.entity_id = ?2"
                f" UNION ALL SELECT 1 FROM staged_entity s JOIN entity e ON {_same_code('vat_id')}"
                f" OR {_same_code('tax_code')} WHERE s.n = ?1 AND e.id = ?2 LIMIT 1",
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
        #: Entities without a name -> the one that they get by this import: who differs from that is somebody else.
        named: dict[int, Names] = {}
        for n, rows in sorted(self._candidates(joined).items()):
            mine = Names(*rows[0][1:4])
            if rows[0][-1]:
                # A row with a uid is not somebody whose uid another row has.
                rows = [row for row in rows if row[4] not in claimed]
                if not rows:
                    continue
            theirs = {row[4]: named.get(row[4], Names(*row[6:9])) for row in rows}
            same = rows if self.by_email_alone else [row for row in rows if not mine.differ(theirs[row[4]])]
            if len(same) > 1:
                same = [row for row in same if theirs[row[4]].name == mine.name] or same
            if self.by_email_alone:
                same = same[:1]
            if len(same) == 1:
                self._take(n, same[0][4], same[0][5])
                if mine.person is not None and theirs[same[0][4]].person is None:
                    named[same[0][4]] = mine
            elif same:
                numbers = ", ".join(str(row[4]) for row in same[:5])
                self.doubtful[n] = _("the email is that of several entities: {numbers}").format(numbers=numbers)

    def _by_all_it_says(self) -> None:
        """Recognise rows without an id and an email: with another header or column than before they say no more."""
        ask = self.uow.connection.execute
        pairs = [
            (n, number)
            for n, key in ask(
                "SELECT n, name_key FROM staged_entity WHERE name_key <> '' AND NOT given"
                " AND n NOT IN (SELECT n FROM staged_identity) AND n NOT IN (SELECT n FROM said_email)"
            ).fetchall()
            if n not in self.known and n not in self.doubtful
            for (number,) in ask(
                "SELECT id FROM entity WHERE name_key = ? AND merged_into IS NULL LIMIT ?", (key, _COMPARED)
            )
        ]
        if pairs:
            self.known |= self.says_no_more(pairs)

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
            place = next((place for place, other in enumerate(first) if self._same(kind, row, other)), None)
            if place is None:
                if kind == "uid" and first and n not in self.known:
                    self.doubtful[n] = _("the uid is that of line {line}").format(line=first[0][5])
                elif len(first) < _COMPARED:
                    first.append(row)
                continue
            leader = first[place]
            if n not in self.known and leader[0] != n:
                self.known[n] = self.known.get(leader[0], -leader[0])
            if leader[1] is None and row[1] is not None:
                # Who had no name has one now: who differs from that is somebody else.
                first[place] = (leader[0], *row[1:4], *leader[4:])

    def _same(self, kind: str, row: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
        """Tell whether two rows with a key in common are one party; two ids of one program are two."""
        if kind == "row" or (kind == "email" and self.by_email_alone):
            return True
        if kind == "email" and any(row[at] and other[at] and row[at] != other[at] for at in (4, 6)):
            return False
        return not Names(*row[1:4]).differ(Names(*other[1:4]))
