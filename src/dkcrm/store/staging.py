"""Bulk import: rows are staged in TEMP tables outside the lock, then written set-wise in one short transaction.

Others who write wait for the last step only (measured: .5 s of 3 for 100,000 rows), and it is all or nothing. Which
staged rows are entities that are there already is decided under the lock (``recognition``): those are not written here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from dkcrm.store.indexing import SEARCHED
from dkcrm.store.journal import UnitOfWork
from dkcrm.store.late import LOOSE, late_indexes
from dkcrm.store.wide import NOTHING_WIDE, PARTS, Wide, person_in, views

#: Table -> the columns that are staged; ``n`` is the entity's place in the import, rising from 1; ``given`` says that
#: the uid is the file's.
STAGED: dict[str, tuple[str, ...]] = {
    "entity": tuple(
        """n line uid given type state fingerprint full_name first_name last_name job_title org_name vat_id tax_code
        website source notes created_at updated_at removed_at around name_key org_key contact tags place fields
        """.split()
    ),
    "contact_point": ("n", "kind", "value", "norm", "label", "side", "is_primary"),
    "address": tuple("n street city region postcode country value label side is_primary".split()),
    "tag": ("n", "tag"),
    "field_value": ("n", "field_id", "value", "num"),
    "identity": ("n", "scope", "value"),
    "interaction": tuple("n uid at direction channel subject text key".split()),
    "card": ("n", "text"),
    "imported_row": ("n", "fingerprint", "plan"),
}
#: The tables whose rows hang on an entity.
CHILDREN = tuple(table for table in STAGED if table != "entity")
_TEXTS = tuple(
    """full_name first_name last_name job_title org_name vat_id tax_code website source created_at updated_at removed_at
    org_key""".split()
)
#: The tables that an import fills.
_WRITTEN = ("entity", *CHILDREN)
_BLOCK = 2_000
_TOGETHER = 100
_HEAVY = 4 << 20

#: The rows of one block, by table, as they are staged.
Rows = dict[str, list[Sequence[Any]]]


class Stage:
    """The TEMP tables of one import, filled in blocks.

    What is read of them stands in views: ``said_contact_point`` and the like, whichever way a row was staged. A blank
    text in a staged row is none.
    """

    def __init__(self, connection: sqlite3.Connection, wide: Wide = NOTHING_WIDE) -> None:
        self.connection = connection
        self.rows: Rows = {table: [] for table in STAGED}
        self._wide_rows: list[Sequence[Any]] = []
        self._wide_columns: tuple[str, ...] = ()
        self._weight = 0
        connection.execute("PRAGMA cache_size=-65536")
        for table, names in STAGED.items():
            key = "n INTEGER PRIMARY KEY" if table == "entity" else "n INTEGER"
            more = wide.columns() if table == "entity" else []
            connection.execute(f"CREATE TEMP TABLE staged_{table} ({', '.join((key, *names[1:], *more))})")
        for name, sql in views(wide, {table: STAGED[table] for table in CHILDREN}).items():
            connection.execute(f"CREATE TEMP VIEW said_{name} AS {sql}")
        #: Rows that are an entity already, or follow an earlier row: they are filled in, not written.
        connection.execute("CREATE TEMP TABLE known (n INTEGER PRIMARY KEY, entity_id INTEGER NOT NULL)")
        connection.execute("PRAGMA temp.journal_mode=OFF")
        # A transaction that writes nothing but TEMP tables takes no lock on the database.
        connection.execute("BEGIN")

    def weigh(self, size: int) -> None:
        """Count a heavy record (a card with its photo): a block is as much as memory likes, whatever its rows."""
        self._weight += size
        if self._weight > _HEAVY:
            self.flush()

    def flush(self, at_least: int = 1) -> None:
        """Write the rows gathered so far into the TEMP tables, where there are enough of them.

        Many rows go in one statement: half of the cost of a row is the call that writes it.
        """
        if len(self.rows["entity"]) + len(self._wide_rows) < at_least:
            return
        self._weight = 0
        for table, rows in self.rows.items():
            self._insert(table, STAGED[table], rows)
        self._insert("entity", self._wide_columns, self._wide_rows)

    def _insert(self, table: str, names: Sequence[str], rows: list[Sequence[Any]]) -> None:
        if not rows:
            return
        into = f"INSERT INTO staged_{table} ({', '.join(names)}) VALUES "
        one = f"({', '.join('?' * len(names))})"
        whole = len(rows) - len(rows) % _TOGETHER
        together = into + ", ".join([one] * _TOGETHER)
        for start in range(0, whole, _TOGETHER):
            self.connection.execute(together, list(chain.from_iterable(rows[start : start + _TOGETHER])))
        self.connection.executemany(into + one, rows[whole:])
        rows.clear()

    def stage_wide(self, columns: dict[str, Iterable[Any]]) -> None:
        """Stage entities column by column; the columns are the same ones each time, and the others stay blank."""
        self._wide_columns = tuple(columns)
        self._wide_rows += zip(*columns.values(), strict=True)

    def maybe_flush(self) -> None:
        """Write the rows gathered so far once they fill a block."""
        self.flush(_BLOCK)

    def end(self) -> None:
        """Write the last rows."""
        self.flush()
        self.connection.execute("COMMIT")


def take_out(uow: UnitOfWork, numbers: Iterable[int]) -> None:
    """Take staged rows out again, with all that hangs on them."""
    ask = uow.connection.execute
    ask("CREATE TEMP TABLE IF NOT EXISTS taken (n INTEGER PRIMARY KEY)")
    ask("DELETE FROM taken")
    uow.connection.executemany("INSERT OR IGNORE INTO taken VALUES (?)", [(n,) for n in numbers])
    for table in STAGED:
        ask(f"DELETE FROM staged_{table} WHERE n IN (SELECT n FROM taken)")
    ask("DELETE FROM known WHERE n IN (SELECT n FROM taken)")


def lines_of(uow: UnitOfWork, numbers: Iterable[int]) -> dict[int, int]:
    """Return the lines of staged rows: place in the import -> line of the file."""
    return {
        n: uow.query("SELECT line FROM staged_entity WHERE n=?", (n,))[0][0] for n in numbers
    }  # few: those in conflict


def given_uids(uow: UnitOfWork) -> list[tuple[int, bytes]]:
    """Return the staged rows whose uid is the file's: place in the import, uid."""
    return uow.query("SELECT n, uid FROM staged_entity WHERE given ORDER BY n")


def counted(uow: UnitOfWork) -> tuple[dict[str, int], dict[str, int]]:
    """Return how many staged rows that are new there are of each type, and of leads and suspects of each party."""
    types: dict[str, int] = {}
    parties: dict[str, int] = {}
    some_known = uow.query("SELECT 1 FROM known LIMIT 1")
    for type, party, count in uow.query(
        f"SELECT type, CASE WHEN type NOT IN ('suspect', 'lead') THEN '' WHEN ({person_in('e')})"
        f" AND coalesce(org_name, '') <> '' THEN 'both' WHEN {person_in('e')} THEN 'person' ELSE 'organization' END"
        f" AS p, count(*) FROM staged_entity e{' WHERE n NOT IN (SELECT n FROM known)' if some_known else ''}"
        " GROUP BY type, p ORDER BY type, p"
    ):
        types[type] = types.get(type, 0) + count
        if party:
            parties[party] = parties.get(party, 0) + count
    return types, parties


def new_rows(uow: UnitOfWork, limit: int) -> list[tuple[int, str, str]]:
    """Return the line, the type and the name of the first staged rows that are not known."""
    person = "nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), '')"
    return uow.query(
        f"SELECT line, type, coalesce(nullif(full_name, ''), {person}, org_name, '') FROM staged_entity"
        " WHERE n NOT IN (SELECT n FROM known) ORDER BY n LIMIT ?",
        (limit,),
    )


def new_lines(uow: UnitOfWork) -> list[tuple[int, int]]:
    """Return the place in the import and the line of the staged rows that are not known."""
    return uow.query("SELECT n, line FROM staged_entity WHERE n NOT IN (SELECT n FROM known) ORDER BY n")


def used_fields(uow: UnitOfWork) -> list[int]:
    """Return the provisional numbers (below 0) of the custom fields that staged values have."""
    return [row[0] for row in uow.query("SELECT DISTINCT field_id FROM staged_field_value WHERE field_id < 0")]


def declare(uow: UnitOfWork, numbers: dict[int, int]) -> None:
    """Give staged values of provisional fields the fields' true numbers."""
    for provisional, number in numbers.items():
        uow.connection.execute("UPDATE staged_field_value SET field_id = ? WHERE field_id = ?", (number, provisional))


def write_staged(uow: UnitOfWork, plan: int | None, count: int, wide: Wide = NOTHING_WIDE) -> None:
    """Write what is staged and not known: ``count`` entities. The caller holds the write lock.

    ``plan`` is remembered beside each row's fingerprint: what was made of it. Without one no row is noted as come in.
    """
    if not count:
        return
    ask = uow.connection.execute
    some_known = ask("SELECT 1 FROM known LIMIT 1").fetchone()
    new = " AND n NOT IN (SELECT n FROM known)" if some_known else ""
    before = uow.next_id("entity") - 1
    place = "n"
    if some_known:
        # Known rows leave no gaps in the numbers of the new ones.
        ask("CREATE TEMP TABLE placed (n INTEGER PRIMARY KEY, place INTEGER)")
        ask(f"INSERT INTO placed SELECT n, row_number() OVER (ORDER BY n) FROM staged_entity WHERE 1{new}")
        place = "(SELECT p.place FROM placed p WHERE p.n = said.n)"
    first = {table: uow.next_id(table) for table in _WRITTEN}
    first["entity"] = before + ask(f"SELECT min({place}) FROM staged_entity said WHERE 1{new}").fetchone()[0]
    last = ask("SELECT max(n) FROM staged_entity").fetchone()[0]
    with late_indexes(uow, _WRITTEN, count) as late:
        most = last - last // LOOSE if late else last
        _write_rows(uow, plan, before, place, f" WHERE n <= {most}{new}")
    if most < last:
        _write_rows(uow, plan, before, place, f" WHERE n > {most}{new}")
    for table in _WRITTEN:
        uow.insert_range(table, first[table], uow.next_id(table) - 1)
    _index(uow, place, f" WHERE 1{new}", before, wide)
    # Rows that follow a new one are filled into the entity that it has become.
    if some_known:
        ask(
            "UPDATE known SET entity_id = ? + (SELECT place FROM placed WHERE placed.n = -known.entity_id)"
            " WHERE entity_id < 0",
            (before,),
        )


def _write_rows(uow: UnitOfWork, plan: int | None, before: int, place: str, which: str) -> None:
    """Write the rows of new entities, those that a condition names."""
    ask = uow.connection.execute
    said = {name: f"nullif({name}, '')" for name in _TEXTS}
    ask(
        "INSERT INTO entity (id, uid, type, state, full_name, first_name, last_name, job_title, org_name, vat_id,"
        " tax_code, website, source, notes, created_at, updated_at, removed_at, name_key, org_key)"
        f" SELECT {place} + ?1, uid, type,"
        " coalesce(state, 'active'), {full_name}, {first_name}, {last_name}, {job_title},"
        " {org_name}, {vat_id}, {tax_code}, {website}, {source}, notes, coalesce({created_at}, ?2),"
        " coalesce({updated_at}, ?2), {removed_at}, name_key, {org_key}".format(**said)
        + f" FROM staged_entity said{which} ORDER BY n",
        (before, uow.now),
    )
    for table in CHILDREN:
        names = ", ".join(STAGED[table][1:])
        ask(
            f"INSERT INTO {table} (entity_id, {names}) SELECT {place} + ?, {names} FROM said_{table} said{which}",
            (before,),
        )
    if plan is not None:
        ask(
            "INSERT INTO imported_row (entity_id, fingerprint, plan)"
            f" SELECT {place} + ?, fingerprint, ? FROM staged_entity said{which} ORDER BY n",
            (before, plan),
        )


def _index(uow: UnitOfWork, number: str, which: str, before: int, wide: Wide) -> None:
    """Give new entities their full text: what search_text says, from the staged values instead of four look-ups each.

    Blanks more or fewer make no difference to the words.
    """
    parts = "nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), '')"
    name = f"coalesce(nullif(full_name, ''), {parts}, org_name, '')"
    contact = " || ' ' || ".join(["coalesce(contact, '')", *(f"coalesce(p{n}, '')" for n in range(len(wide.points)))])
    places = [
        f"coalesce(a{place}_{part}, '')"
        for place, (_label, parts_of) in enumerate(wide.addresses)
        for part in ("value", *PARTS[:-1])
        if part in parts_of
    ]
    place = " || ' ' || ".join(["coalesce(place, '')", *places])
    uow.connection.execute(
        f"INSERT INTO search (rowid, {SEARCHED}) SELECT {number} + ?,"
        f" {name} || CASE WHEN lower({name}) <> name_key THEN ' ' || name_key ELSE '' END,"
        " coalesce(org_name, '') || CASE WHEN org_name GLOB '*[^ -&(-~]*' THEN ' ' || org_key ELSE '' END"
        " || CASE WHEN instr(org_name, '.') > 0 THEN ' ' || replace(org_name, '.', '') ELSE '' END,"
        f" {contact}, coalesce(job_title, '') || ' ' || coalesce(vat_id, '') || ' ' || coalesce(tax_code, '') || ' '"
        " || coalesce(website, '') || ' ' || coalesce(source, '') || ' ' || notes, tags,"
        f" {place}, fields"
        f" FROM staged_entity said{which} ORDER BY n",
        (before,),
    )


def known_rows(uow: UnitOfWork) -> list[tuple[int, int, str]]:
    """Return the staged rows that are known: place in the import, the entity's number, and the row's type."""
    return uow.query("SELECT k.n, k.entity_id, s.type FROM known k JOIN staged_entity s ON s.n = k.n ORDER BY k.n")


def staged(uow: UnitOfWork, numbers: Sequence[int]) -> dict[int, dict[str, list[dict[str, Any]]]]:
    """Return staged rows with all that hangs on them: place in the import -> table -> rows."""
    marks = ", ".join("?" * len(numbers))
    found: dict[int, dict[str, list[dict[str, Any]]]] = {n: {table: [] for table in STAGED} for n in numbers}
    for table, names in STAGED.items():
        source = "staged_entity" if table == "entity" else f"said_{table}"
        for row in uow.query(f"SELECT {', '.join(names)} FROM {source} WHERE n IN ({marks})", numbers):
            found[row[0]][table].append(dict(zip(names, row, strict=True)))
    for said in found.values():
        for entity in said["entity"]:
            entity.update({name: entity[name] or None for name in _TEXTS})
    return found


def index_known(uow: UnitOfWork) -> None:
    """Make what hangs on the known rows quick to find, where there are enough of them to be worth it."""
    index_staged(uow, uow.query("SELECT count(*) FROM known")[0][0])


def index_staged(uow: UnitOfWork, wanted: int) -> None:
    """Make what hangs on staged rows quick to find, where so many are wanted that it is worth it."""
    if wanted > _BLOCK // 10:
        for table in CHILDREN:
            uow.connection.execute(f"CREATE INDEX IF NOT EXISTS temp.staged_{table}_n ON staged_{table}(n)")
