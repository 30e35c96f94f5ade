"""For any program of commands: what is exported and imported into an empty database is the same again."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import Crm
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from dkcrm.session import Session
from dkcrm.store import flat

#: More of them: DKCRM_TEST_EXAMPLES=2000 pytest tests/store/test_export_properties.py
EXAMPLES = int(os.environ.get("DKCRM_TEST_EXAMPLES", "15"))
#: Making a failing program short takes minutes: only where it was asked for.
PHASES = (Phase.generate, Phase.shrink) if "DKCRM_TEST_SHRINK" in os.environ else (Phase.generate,)
PLAN = settings(max_examples=EXAMPLES, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck),
                database=None)  # fmt: skip

PEOPLE, GROUPS, OPEN = ("prospect", "person"), ("target", "organization"), ("suspect", "lead")
#: kind -> the values of a custom field of that kind
VALUES = {
    "text": ("plain", "=1+1", "0012", "a;b,c", "N/A", 'with "quotes"', "two\nlines"),
    "int": ("7", "-3", "0"),
    "decimal": ("1.50", "-0.25"),
    "money": ("1200.50", "0"),
    "date": ("2026-02-01", "1999-12-31"),
    "bool": ("yes", "no"),
    "choice": ("small", "very large"),
    "url": ("https://x.it/a?b=c&d=1,2", "http://y.it"),
}


def pick(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(values)


def words(*parts: Any) -> st.SearchStrategy[list[Any]]:
    """Build a command: text stands for itself, a strategy for a word or a list of words."""
    strategies = [st.just([part]) if isinstance(part, str) else part for part in parts]
    return st.tuples(*strategies).map(
        lambda drawn: [word for part in drawn for word in (part if isinstance(part, list) else [part])]
    )


def maybe(*parts: Any) -> st.SearchStrategy[list[Any]]:
    return st.one_of(st.just([]), words(*parts))


def ref(*types: str) -> st.SearchStrategy[tuple[tuple[str, ...], int]]:
    """Draw the nth of the entities of some types, whichever they are when the command runs."""
    return st.integers(0, 5).map(lambda nth: (types or (*PEOPLE, *GROUPS, *OPEN), nth))


name = pick(
    "Anna Bianchi", "Bruno", "Rossi, Carlo", "D'Angelo Élodie", "=Dario", "'Elena", "Ōno 小野", "Bianchi; Figli"
)
side = pick("", "work:", "home:", "mobile:", "Ufficio di Bari:", "organization:", "organization/billing:", "person:")
email = pick("a@x.it", "B@x.it", "c+d@x.it", "elena@example.org")
phone = pick("02 1234567", "+39 333 1234567", "0039 06 7654321", "+44 20 7946 0000", "(02) 76.54.321 int. 3")
street = pick("Via Roma 1, 20100 Milano", "Via Po 2", "Piazza; Verdi 3\nPalazzo B", "=Via 4")
link = pick("https://x.it/u;1", "https://linkedin.com/in/a", "http://y.it/?a=b,c")
tag = pick("a", "b", "fiera-2026", "vip")
text = pick(
    "one", "two\nlines", "tab\there", "=1+1", "@at", "  blanks  ", "a ::: b", "N/A", "-", 'quo"te', "back\\slash"
)
custom = st.sampled_from([f"f-{kind}={value}" for kind, values in VALUES.items() for value in values])
points = words(
    maybe("--email", st.tuples(side, email).map("".join)),
    maybe("--email", st.tuples(side, email).map("".join)),
    maybe("--phone", st.tuples(side, phone).map("".join)),
    maybe("--phone", st.tuples(side, phone).map("".join)),
    maybe("--address", st.tuples(side, street).map("".join)),
    maybe("--address", st.tuples(side, street).map("".join)),
    maybe("--link", st.tuples(side, link).map("".join)),
)
values = words(
    points,
    maybe("--vat", pick("01234567890", "IT 00012345678")),
    maybe("--tax-code", pick("RSSMRA80A01H501U", "0001")),
    maybe("--source", pick("fair", "+web", "N/A")),
    maybe("--website", pick("https://acme.it", "acme.example")),
    maybe("--tag", tag),
    maybe("--tag", tag),
    maybe("--note", text),
    maybe("--field", custom),
    maybe("--field", custom),
    maybe("--state", pick("inactive", "active")),
)
parts = words("--first", pick("Anna", "Élodie", "-"), "--last", pick("Lo Presti", "D'Angelo", "O, Neil"))
job = maybe("--title", pick("CEO", "=CTO", "Sales, EMEA"))
why = st.just(["--override", "Tested."])
ADDING = [
    words("add", pick(*OPEN), name, maybe("--org", name), values, job),
    words("add", pick(*OPEN), "--org", name, values),
    words("add", pick(*PEOPLE), name, values, job),
    words("add", pick(*PEOPLE), parts, values, maybe("--org", name)),
    words("add", pick(*GROUPS), name, values),
]
COMMANDS = [
    *ADDING,
    words("set", ref(), points), words("set", ref(), "--field", custom), words("set", ref(), "--name", name),
    words("tag", ref(), tag), words("note", ref(), text), words("rm", ref()), words("rm", ref(*GROUPS)),
    words("log", ref(), pick("email", "phone"), text, pick("--in", "--out"), maybe("--subject", text)),
    words("promote", ref("suspect")), words("disqualify", ref("lead"), "--reason", "x"),
    words("assess", ref("lead"), pick("--yes", "--no"), pick("budget", "authority"), maybe("--note", text)),
    words("qualify", ref("lead"), why), words("qualify", ref("lead"), why, "--prospect", ref(*PEOPLE)),
    words("qualify", ref("lead"), why, "--target", ref(*GROUPS), "--prospect", "new"),
    words("purchase", ref(), "Plan", maybe("--amount", pick("1200.50", "3"), "--currency", pick("EUR", "JPY", "KWD")),
          maybe("--also", ref(*GROUPS)), maybe("--on", "2026-01-02"), maybe("--service")),
    words("purchase", "void", ref("person", "organization")),
    words("link", ref(*PEOPLE), ref(*GROUPS), maybe("--role", text), maybe("--primary"), maybe("--mixed"),
          maybe("--since", "2025-05-05")),
    words("unlink", ref(*PEOPLE), ref(*GROUPS)), words("undo"),
    words("distinct", ref(), ref()), words("merge", ref(), ref(), maybe("--prefer", pick("A", "B"))),
    words("merge", ref(*GROUPS), ref(*GROUPS)),
    words("task", "add", maybe(ref()), ref(), text, "--due", pick("2026-01-31", "2026-03-01 9:00"),
          maybe("--remind", pick("1h", "2d")), maybe("--every", pick("month", "2 weeks"))),
    words("task", "add", ref(), "plain", maybe("--priority", pick("h", "l"))),
    words("task", pick("done", "rm"), pick("1", "2", "3")), words("task", "snooze", pick("1", "2"), pick("3d", "2h")),
    words("keep", ref(), pick("90d", "2w")),
    words("privacy", "consent", ref(), ref(), pick("give", "withdraw"), pick("marketing", "news"),
          maybe("--proof", pick("web form", "=1+1", "'x"))),
    words("campaign", "add", pick("Spring; 2026", "Été"), ref(), ref(), maybe("--cost", "1200.50"),
          maybe("--note", text), maybe("--channel", "talk", "--basis", "contract")),
    words("campaign", "join", pick("spring 2026", "été"), ref()), words("campaign", "leave", pick("ete"), ref()),
    words("campaign", "sent", pick("Spring; 2026", "Été"), maybe("--subject", text), maybe("--text", text)),
    words("campaign", "reply", ref()), words("campaign", "rm", "Été"),
    words("product", "add", "Plan", "--amount", pick("9.99", "12.5")),
    words("purchase", ref(), "Plan", "--quantity", pick("2.125", "3", "1000")),
    words("ticket", "open", ref(), pick("one", "=two", "a ::: b"), maybe("--text", text), maybe("--out"),
          maybe("--due", pick("2026-01-31", "2026-03-01 9:00")), maybe("--priority", pick("h", "l"))),
    words("ticket", "reply", pick("1", "2", "3"), text, maybe("--in"), maybe("--channel", "chat")),
    words("ticket", "note", pick("1", "2", "3"), text),
    words("ticket", pick("wait", "close", "reopen"), pick("1", "2", "3"), maybe("--reason", text)),
    words("criteria", "add", "extra", "--side", "both"), words("assess", ref("lead"), "--yes", "extra"),
]  # fmt: skip
#: What is around nobody, and goes out to a directory only.
BESIDE = [
    words("criteria", "add", pick("extra", "more"), "--side", pick("both", "person"), maybe("--rule", "tag:a")),
    words("criteria", "edit", pick("budget", "extra"), "--question", pick("Money?", "Really?"),
          maybe("--side", pick("person", "organization"))),
    words("criteria", "edit", pick("authority", "budget"), "--name", pick("power", "means")),
    words("criteria", "rm", pick("extra", "authority", "budget", "power")),
    words("segment", "save", pick("warm", "cold"), pick("tag:a", "@warm", "f-int:3..", "not email:none", "f-gone:1")),
    words("segment", "rm", pick("warm", "cold")),
    words("product", "add", pick("Gold", "Silver", "=Iron"), maybe("--amount", pick("1.5", "1200.125"), "--currency",
                                                                   pick("EUR", "KWD")), maybe("--note", text)),
    words("product", "rm", pick("Gold", "Silver")), words("product", "edit", "Gold", "--name", "Silver"),
    words("campaign", "add", pick("Alone", "Été"), maybe("--cost", "0.99"), maybe("--note", text)),
    words("campaign", "rm", pick("Alone", "Spring; 2026")),
    words("task", "add", text, "--due", pick("2026-01-31", "2026-03-01 9:00"), maybe("--every", "month")),
    words("field", "add", pick("size", "age"), "--kind", pick("int", "text")), words("field", "rm", "f-int", "--yes"),
    words("config", "types", pick("full", "simple", "customers")),
    words("privacy", "retention", "add", pick("lead inactive 24m", "all inactive 10y")),
    words("privacy", "retention", "rm", "lead inactive 24m"),
]  # fmt: skip
PROGRAMS = st.tuples(
    st.lists(st.one_of(ADDING), min_size=2, max_size=6), st.lists(st.one_of(COMMANDS), max_size=20)
).map(lambda drawn: drawn[0] + drawn[1])


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a second pass with each look at the clock, so that nothing is equal by chance."""
    ticks = iter(range(10**7))
    monkeypatch.setitem(
        Session.__init__.__kwdefaults__, "clock",
        lambda: f"2026-{(t := next(ticks)) // 86400 % 12 + 1:02}-01T{t // 3600 % 24:02}:{t // 60 % 60:02}:{t % 60:02}Z",
    )  # fmt: skip


class Databases:
    """Two databases: the one that commands were run on, and the empty one that an export goes into."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.crm = Crm()
        self.use("first")

    def use(self, which: str) -> None:
        os.environ["DKCRM_DB"] = str(self.home / f"{which}.db")

    def run(self, commands: list[list[Any]]) -> None:
        """Run a program of commands; what is refused is refused."""
        for kind, allowed in VALUES.items():
            choices = ["--choice", ",".join(allowed)] if kind == "choice" else []
            self.crm.ok("field", "add", f"f-{kind}", "--kind", kind, *choices)
        for command in commands:
            entities = self.crm.ok("list", "--all")
            said = [self._named(word, entities) for word in command]
            done = self.crm(*said, "--no-input", "--json")
            assert done.code in (0, 2, 3, 4), (said, done)

    @staticmethod
    def _named(word: Any, entities: list[Any]) -> str:
        if not isinstance(word, tuple):
            return str(word)
        types, nth = word
        numbers = sorted(entity["id"] for entity in entities if entity["type"] in types)
        return str(numbers[nth % len(numbers)] if numbers else nth + 1)

    def export(self, format: str, *words: str) -> Path:
        """Export all there is; return the file."""
        file = self.home / f"{os.path.basename(os.environ['DKCRM_DB'])}.{format}"
        self.crm.ok("export", "--format", format, "-o", file, *words)
        return file

    def load(self, file: Path, *words: str) -> Any:
        """Import a file, in which nothing may be rejected."""
        done = self.crm("import", file, *words, "--no-input", "--json")
        assert done.code == 0, done
        assert done.json["rejected"] == 0, done
        counts = done.json
        assert counts["read"] == counts["created"] + counts["filled"] + counts["unchanged"], counts
        return counts

    def operations(self) -> int:
        return len(self.crm.ok("history", "--limit", 100_000))


@contextmanager
def made_by(commands: list[list[Any]]) -> Iterator[Databases]:
    """Give the database that a program of commands makes."""
    home = Path(tempfile.mkdtemp(prefix="dkcrm-test-"))
    before = os.environ["DKCRM_DB"]
    try:
        databases = Databases(home)
        databases.run(commands)
        yield databases
    finally:
        os.environ["DKCRM_DB"] = before
        shutil.rmtree(home)


def differences(one: list[Any], other: list[Any]) -> list[Any]:
    """Return what differs, entity by entity and key by key, to read a failure by."""
    found: list[Any] = []
    if [entity["uid"] for entity in one] != [entity["uid"] for entity in other]:
        found.append(([entity["name"] for entity in one], [entity["name"] for entity in other]))
    for mine, theirs in zip(one, other, strict=False):
        found += [
            (mine["type"], mine["name"], key, mine.get(key), theirs.get(key))
            for key in {**mine, **theirs}
            if mine.get(key) != theirs.get(key)
        ]
    return found


@pytest.mark.parametrize("format", ["json", "jsonl"])
@PLAN
@given(commands=PROGRAMS)
def test_json_into_an_empty_database_gives_the_same_export(format: str, commands: list[list[Any]]) -> None:
    with made_by(commands) as databases:
        file = databases.export(format, "--all")
        assume(file.stat().st_size)  # nobody was added: JSON lines of nobody are an empty file
        databases.use("second")
        databases.load(file)
        again = databases.export(format, "--all")
        if again.read_bytes() != file.read_bytes():
            mine, theirs = (
                json.loads(f.read_text()) if format == "json" else [json.loads(line) for line in f.open()]
                for f in (file, again)
            )
            raise AssertionError(differences(mine, theirs))
        before = databases.operations()
        assert databases.load(again)["operation"] is None
        assert databases.operations() == before


def row_counts(database: Path) -> dict[str, int]:
    """Return how many rows each table has, but for those that say what was done here: its history."""
    connection = sqlite3.connect(database)
    try:
        tables = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
            " AND name NOT GLOB 'search*' AND name NOT IN ('operation', 'change')"
        ).fetchall()
        return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for (table,) in tables}
    finally:
        connection.close()


def without_times(rest: dict[str, Any]) -> dict[str, Any]:
    """Return what a directory says beside its entities, but for what its history alone decides."""
    return {name: value for name, value in rest.items() if name not in ("made_at", "operations", "privacy")}


@PLAN
@given(commands=PROGRAMS, beside=st.lists(st.one_of(BESIDE), min_size=1, max_size=12), mixed=st.randoms())
def test_all_there_is_into_an_empty_database_gives_all_there_is(
    commands: list[list[Any]], beside: list[list[Any]], mixed: Any
) -> None:
    commands = list(commands)
    for command in beside:
        commands.insert(mixed.randint(0, len(commands)), command)
    with made_by(commands) as databases:
        crm, (out, again) = databases.crm, (databases.home / name for name in ("out", "again"))
        crm.ok("export", "--all", "-o", f"{out}/")
        history = [json.loads(line) for line in (out / "history.jsonl").open()]
        assert [one["id"] for one in history] == sorted(one["operation"] for one in crm.ok("history", "--limit", 0))
        databases.use("second")
        databases.load(out)
        crm.ok("export", "--all", "-o", f"{again}/")
        mine, theirs = (json.loads((path / "entities.json").read_text()) for path in (out, again))
        assert mine == theirs, differences(mine, theirs)
        mine, theirs = (without_times(json.loads((path / "dkcrm.json").read_text())) for path in (out, again))
        assert mine == theirs
        assert row_counts(databases.home / "second.db") == row_counts(databases.home / "first.db")
        assert [one for one in crm("doctor", "--json").json if one["level"] == "wrong"] == []
        before = databases.operations()
        assert databases.load(again)["operation"] is None and databases.load(out)["operation"] is None
        assert databases.operations() == before
        if before:
            crm.ok("undo")
            assert crm.ok("list", "--all") == crm.ok("segment", "list") == crm.ok("product", "list") == []
            crm.ok("redo")
            crm.ok("export", "--all", "-o", f"{again}/")
            assert json.loads((again / "entities.json").read_text()) == json.loads((out / "entities.json").read_text())
            assert without_times(json.loads((again / "dkcrm.json").read_text())) == mine


AROUND = ("interactions", "purchases", "transitions", "assessments", "links_to", "tasks", "campaigns", "consents",
          "tickets", "keeps")  # fmt: skip


@PLAN
@given(commands=PROGRAMS, cut=st.integers(0, 5))
def test_what_waits_for_others_comes_back_once_they_have_come(commands: list[list[Any]], cut: int) -> None:
    with made_by(commands) as databases:
        whole = json.loads(databases.export("json", "--all").read_text())
        parts = [databases.home / f"part{n}.json" for n in (1, 2)]
        databases.use("second")
        for path, entities in zip(parts, (whole[cut:], whole[:cut]), strict=True):
            # By an email that they share, two of one file would be one of two files.
            path.write_text(json.dumps([entity | {"emails": []} for entity in entities]))
        for path in (*parts, *parts):
            databases.load(path)
        again = json.loads(databases.export("json", "--all").read_text())
        mine, theirs = (
            [{"uid": e["uid"], "name": e["name"], "type": e["type"], **{
                key: sorted(json.dumps(row, sort_keys=True) for row in e.get(key) or []) for key in AROUND
            }} for e in sorted(entities, key=lambda e: str(e["uid"]))]
            for entities in (whole, again)
        )  # fmt: skip
        assert not differences(mine, theirs)
        for path in parts:
            assert databases.load(path)["operation"] is None


FORMATS = ("csv", "tsv", "xlsx", "ldif", "vcard", "vcard4")
KEPT = ("uid", "type", "state", "party", "name", "first_name", "last_name", "organization", "job_title", "vat_id",
        "tax_code", "website", "source", "tags", "notes", "fields", "emails", "phones", "links", "addresses",
        "created_at")  # fmt: skip


def seen(crm: Crm) -> list[Any]:
    """Return what the formats that are no JSON keep of entities: all that an entity is."""
    return [{key: entity[key] for key in KEPT} for entity in
            sorted(crm.ok("list"), key=lambda entity: str(entity["uid"]))]  # fmt: skip


@pytest.mark.parametrize("format", FORMATS)
@PLAN
@given(commands=PROGRAMS)
def test_other_formats_into_an_empty_database_keep_what_an_entity_is(format: str, commands: list[list[Any]]) -> None:
    with made_by(commands) as databases:
        before = seen(databases.crm)
        file = databases.export(format)
        assume(file.stat().st_size)  # nobody is left: a file of no cards is an empty one
        databases.use("second")
        databases.load(file)
        after = seen(databases.crm)
        assert not differences(before, after)


@pytest.mark.parametrize("format", ["json", *FORMATS])
@PLAN
@given(commands=PROGRAMS)
def test_an_export_read_by_its_own_database_changes_nothing(format: str, commands: list[list[Any]]) -> None:
    with made_by(commands) as databases:
        before, operations = databases.crm.ok("list", "--all"), databases.operations()
        file = databases.export(format, "--all")
        assume(file.stat().st_size)
        counts = databases.load(file)
        assert (counts["created"], counts["filled"], counts["operation"]) == (0, 0, None), counts
        assert databases.operations() == operations
        assert databases.crm.ok("list", "--all") == before


@PLAN
@given(commands=PROGRAMS, block=st.integers(1, 3), asked=pick("--all", "tag:a", "person", "email:x"))
def test_a_table_written_some_at_a_time_says_what_one_written_at_once_says(
    commands: list[list[Any]], block: int, asked: str
) -> None:
    with made_by(commands) as databases, pytest.MonkeyPatch.context() as patch:
        whole = databases.export("csv", asked).read_text("utf-8")
        patch.setattr(flat, "_BLOCK", block)
        patch.setattr(flat, "_CELLS", 2 * block)
        parts = databases.export("csv", asked).read_text("utf-8")
        # Those that are left out may have more values than those that are not: then a column is blank.
        assert [filled(row) for row in read(parts)] == [filled(row) for row in read(whole)]
        if asked == "--all":
            assert parts == whole


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def filled(row: dict[str, str]) -> dict[str, str]:
    return {header: cell for header, cell in row.items() if cell}
