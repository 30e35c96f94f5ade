"""For any program of commands: undo gives back every row of every table, and redo what was undone."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import Crm
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from dkcrm.session import Session
from dkcrm.store.connection import open_writing

#: More of them: DKCRM_TEST_EXAMPLES=2000 pytest tests/store/test_history_properties.py
EXAMPLES = int(os.environ.get("DKCRM_TEST_EXAMPLES", "30"))
STEPS = int(os.environ.get("DKCRM_TEST_STEPS", "25"))
#: Making a failing program short takes minutes: only where it was asked for.
PHASES = (Phase.generate, Phase.shrink) if "DKCRM_TEST_SHRINK" in os.environ else (Phase.generate,)

ALL = ("suspect", "lead", "prospect", "person", "target", "organization")
PEOPLE, GROUPS, LEADS = ("prospect", "person"), ("target", "organization"), ("suspect", "lead")
#: No name is the beginning of another, so that a search for one finds those that have it.
NAMES = ("Qanna", "Qbruno", "Qchiara", "Qdario", "Qelena", "Qfabio", "Qgiulia")
CSV = {
    "people.csv": "Name,Email,Tags,City,note\nQhugo,h@x.it,a;z,Roma,one\nQanna,a@x.it,,,\nQirene,,b,Bari,two\n",
    "both.csv": "nome e cognome;azienda;p.iva;email\nQlara;Qmarte;01234567890;a@x.it\n;Qnova;;c@x.it\n;;;bad\n",
}
EDITS = ("s/Qanna/Qoscar/", "s/Qbruno/Qpiero/", 's/^title = .*/title = "Boss"/',
         's/^tags = .*/tags = ["a", "w"]/', 's/^notes = .*/notes = "new"/',
         "s/a@x.it/b@x.it/", 's/^state = .*/state = "inactive"/')  # fmt: skip
FOUND = (*NAMES, "Qhugo", "Qirene", "Qlara", "Qmarte", "Qnova", "Qoscar", "Qpiero")
OWN = ("operation", "change")


class Ref(NamedTuple):
    """The nth of the entities of some types, whichever they are when the command runs."""

    types: tuple[str, ...]
    nth: int


def ref(*types: str) -> st.SearchStrategy[Ref]:
    return st.integers(0, 6).map(lambda nth: Ref(types, nth))


def words(*parts: Any) -> st.SearchStrategy[list[Any]]:
    """Build a command: text stands for itself, a strategy for a word or a list of words."""
    strategies = [st.just([part]) if isinstance(part, str) else part for part in parts]
    return st.tuples(*strategies).map(
        lambda drawn: [word for part in drawn for word in (part if isinstance(part, list) else [part])]
    )


def maybe(*parts: Any) -> st.SearchStrategy[list[Any]]:
    return st.one_of(st.just([]), words(*parts))


def pick(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(values)


name, tag, field = pick(*NAMES), pick("a", "b", "c"), pick("f1=1", "f1=2", "f2=x", "f3=y", "f3=", "f1=")
email = pick("a@x.it", "A@x.it", "b@x.it", "organization:c@x.it", "home:d@x.it")
values = words(
    maybe("--email", email),
    maybe("--email", email),
    maybe("--phone", pick("02 1234567", "+39 02 1234567", "333")),
    maybe("--vat", pick("01234567890", "IT 01234567890", "")),
    maybe("--tax-code", pick("RSSMRA80A01H501U", "")),
    maybe("--address", pick("Via Roma 1", "work:Via Po 2")),
    maybe("--link", pick("https://x.it", "https://y.it")),
    maybe("--source", pick("fair", "web")),
    maybe("--tag", tag),
    maybe("--website", "https://acme.it"),
)
own = words(maybe("--title", pick("CEO", "CTO", "")), maybe("--field", field))  # fmt: skip
why = st.just(["--override", "Tested."])
choice = words(maybe("--prospect", st.one_of(pick("new"), ref(*PEOPLE))),
               maybe("--target", st.one_of(pick("new"), ref(*GROUPS))))  # fmt: skip
number = st.integers(1, 6).map(str)
when = st.one_of(words("--due", pick("2026-01-31", "2026-03-01 9:00", "today")), words("--due", "1 dec"))
campaign = pick("c1", "c2")
criterion = pick("budget", "authority", "market-fit", "market-interest", "extra")
COMMANDS = [
    words("add", pick("suspect", "lead"), name, maybe("--org", name), values),
    words("add", "lead", "--org", name, values),
    words("add", pick(*PEOPLE, *GROUPS), name, values, maybe(own)),
    words("set", ref(*ALL), values, maybe(own), maybe("--name", name)),
    words("set", ref(*ALL), "--remove", pick("a@x.it", "b@x.it", "c@x.it", "02 1234567", "Via Roma 1")),
    words("set", ref(*LEADS), "--org", name), words("set", ref(*ALL), ref(*ALL), "--source", pick("mail", "")),
    words("tag", ref(*ALL), tag, tag), words("untag", ref(*ALL), tag), words("note", ref(*ALL), pick("n1", "n2")),
    words("rm", ref(*ALL)), words("restore", ref("removed")), words("edit", ref(*ALL), pick(*EDITS)),
    words("log", ref(*ALL), "email", "text", pick("--in", "--out")), words("promote", ref("suspect")),
    words("assess", ref(*LEADS), pick("--yes", "--no", "--unknown"), criterion),
    words("assess", ref("lead"), "--yes", pick("market-fit,budget,authority", "market-interest,budget")),
    words("qualify", ref("lead"), why), words("qualify", ref("lead"), choice, maybe(why)),
    words("qualify", ref("lead"), why, "--prospect", ref(*PEOPLE)),
    words("qualify", ref("lead"), why, "--target", ref(*GROUPS)),
    words("disqualify", ref("lead"), "--reason", "x"), words("lose", ref("prospect", "target"), "--reason", "x"),
    words("reopen", ref(*ALL)), words("purchase", ref(*ALL), "Plan", maybe("--also", ref(*GROUPS)), choice),
    words("purchase", ref("person", "organization"), pick("p1", "P1", "p2"), maybe("--quantity", pick("2.5", "3"))),
    words("product", "add", pick("p1", "p2"), maybe("--amount", pick("9.99", "100")), maybe("--service")),
    words("product", "edit", pick("p1", "p2"), maybe("--name", pick("p1", "p2", "p3")), "--amount", pick("1", "none")),
    words("product", "rm", pick("p1", "p2", "p3")),
    words("ticket", "open", ref(*ALL), pick("s1", "s2"), maybe("--out"), maybe("--due", pick("today", "2026-05-05"))),
    words("ticket", "open", ref("suspect"), "s3", "--text", "t"),
    words("ticket", "reply", number, "r", maybe("--in"), maybe("--channel", "chat")),
    words("ticket", "note", number, "n"),
    words("ticket", pick("wait", "close", "reopen"), number, maybe("--reason", "x")),
    words("ticket", "close", number, number),
    words("ticket", "edit", number, maybe("--subject", "s4"), "--priority", pick("h", "none"), maybe("--due", "none")),
    words("purchase", "void", ref("person", "organization")),
    words("link", ref(*PEOPLE), ref(*GROUPS), maybe("--role", pick("buyer", "boss")), maybe("--primary"),
          maybe("--mixed")),
    words("unlink", ref(*PEOPLE), ref(*GROUPS)),
    words("merge", ref(*ALL), ref(*ALL), maybe("--prefer", pick("A", "B", "newest")), maybe("--into", pick("A", "B"))),
    words("merge", ref(*PEOPLE), ref(*PEOPLE), maybe("--into", "B")), words("merge", ref(*GROUPS), ref(*GROUPS)),
    words("distinct", ref(*ALL), ref(*ALL), maybe("--forget")),
    words("task", "add", maybe(ref(*ALL)), ref(*ALL), pick("t1", "t2"), when, maybe("--remind", pick("1h", "2d")),
          maybe("--every", pick("month", "2 weeks")), maybe("--priority", pick("h", "l"))),
    words("task", "add", "t3", maybe("--for", ref(*ALL))),
    words("task", "done", number), words("task", "rm", number), words("task", "snooze", number, pick("3d", "2h")),
    words("task", "edit", number, maybe("--text", "t4"), maybe("--due", pick("none", "2026-05-05 10:00")),
          maybe("--for", ref(*ALL)), maybe("--not-for", ref(*ALL)), maybe("--remind", pick("none", "1d", "1h"))),
    words("task", "edit", number, "--reopen"), words("keep", ref(*ALL), ref(*ALL), pick("90d", "2w", "none")),
    words("privacy", "consent", ref(*ALL), pick("give", "withdraw"), pick("marketing", "news")),
    words("privacy", "consent", ref(*ALL), ref(*ALL), "give", "marketing", "--at", pick("2026-01-01T00:00:01Z")),
    words("campaign", "add", campaign, maybe(ref(*ALL), ref(*ALL)), maybe("--basis", "contract")),
    words("campaign", "add", campaign, "--filter", pick("lead", "tag:a", "consent:marketing"), "--channel", "letter"),
    words("campaign", "edit", campaign, maybe("--name", campaign), maybe("--cost", "5"), "--purpose", "news"),
    words("campaign", "join", campaign, ref(*ALL), ref(*ALL)), words("campaign", "leave", campaign, ref(*ALL)),
    words("campaign", "join", campaign, "--filter", pick("id:1..9", "person or prospect")),
    words("campaign", "edit", campaign, "--channel", "talk", "--basis", "contract"),
    words("campaign", "sent", campaign, maybe("--again")), words("campaign", "sent", campaign),
    words("campaign", "reply", ref(*ALL), maybe("--campaign", campaign)), words("campaign", "rm", campaign),
    words("field", "add", "f1", "--kind", "int", "--side", "person"),
    words("field", "add", "f2", "--side", "organization"), words("field", "add", "f3"),
    words("field", "rm", pick("f1", "f2", "f3"), maybe("--yes")),
    words("criteria", "add", pick("extra", "budget"), "--side", pick("person", "both")),
    words("criteria", "edit", criterion, maybe("--question", "Why?"), maybe("--name", pick("extra", "fit")),
          maybe("--rule", pick("source=fair", "f1:1..", "@s1", ""))),
    words("segment", "save", pick("s1", "s2"), pick("tag:a", "f1:1..", "not f3:y", "@s1", "@s2")),
    words("segment", "rm", pick("s1", "s2")),
    words("criteria", "rm", criterion), words("config", "types", pick("full", "simple", "customers")),
    words("import", pick(*CSV), "--type", pick("lead", "person", "suspect"), maybe("--tag", tag)),
]  # fmt: skip


class Programs(RuleBasedStateMachine):
    """A user who writes, undoes and redoes; ``past`` has what every table held after each operation that stands."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="dkcrm-test-"))
        self.db = str(self.home / "test.db")
        os.environ["DKCRM_DB"] = self.db
        for file, text in CSV.items():
            (self.home / file).write_text(text)
        self.crm = Crm()
        open_writing(Session()).close()
        self.connection = sqlite3.connect(self.db, isolation_level=None)
        self.past = [self.digest()]
        self.future: list[Any] = []

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is not None:
                return
            self.check_search()
            self.check_health()
            while len(self.past) > 1:
                self.undo()
            self.undo()
            self.check_health()
        finally:
            self.connection.close()
            shutil.rmtree(self.home)

    # What is there

    def rows(self, sql: str, *given: Any) -> list[Any]:
        return self.connection.execute(sql, given).fetchall()

    def digest(self) -> dict[str, list[Any]]:
        tables = [table for (table,) in self.rows(
            "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'search%'"
        ) if table not in OWN]  # fmt: skip
        return {table: sorted(self.rows(f"SELECT * FROM {table}"), key=repr) for table in tables}

    def newest(self) -> int:
        return int(self.rows("SELECT coalesce(max(id), 0) FROM operation")[0][0])

    def named(self, word: Any) -> str:
        if not isinstance(word, Ref):
            return str(word)
        if word.types == ("removed",):
            found = self.rows("SELECT id FROM entity WHERE removed_at IS NOT NULL ORDER BY id")
        else:
            found = [(n,) for n, type in self.rows("SELECT id, type FROM entity WHERE merged_into IS NULL ORDER BY id")
                     if type in word.types]  # fmt: skip
        return str(found[word.nth % len(found)][0] if found else word.nth + 1)

    # What the user does

    @initialize(names=st.lists(words("add", pick("lead", "prospect", "target"), name, values), min_size=1, max_size=4))
    def begin(self, names: list[list[Any]]) -> None:
        self.write(["field", "add", "f1", "--kind", "int"])
        self.write(["field", "add", "f3"])
        for command in names:
            self.write(command)

    @rule(command=st.one_of(COMMANDS))
    def write(self, command: list[Any]) -> None:
        said = [self.named(word) for word in command]
        if said[0] == "import":
            said[1] = str(self.home / said[1])
        if said[0] == "edit":
            os.environ["EDITOR"] = f"sed -i '{said.pop()}'"
        before = self.newest()
        done = self.crm(*said, "--no-input", "--json")
        assert done.code in (0, 2, 3, 4, 5), (said, done)
        self.last = said
        if self.newest() == before:
            assert self.digest() == self.past[-1], said
            return
        assert done.code in (0, 5), (said, done)
        operation = self.crm.ok("history", "--limit", 1)[0]
        assert (operation["operation"], operation["kind"]) == (before + 1, "do")
        assert all(word in operation["command"] for word in said)
        self.past.append(self.digest())
        self.future = []

    @rule()
    def undo(self) -> None:
        if len(self.past) == 1:
            self.crm.refused(4, "undo")
            return
        self.crm.ok("undo")
        self.future.append(self.past.pop())
        assert self.digest() == self.past[-1]
        assert self.crm.ok("history", "--limit", 1)[0]["kind"] == "undo"

    @rule()
    def redo(self) -> None:
        if not self.future:
            self.crm.refused(4, "redo")
            return
        self.crm.ok("redo")
        self.past.append(self.future.pop())
        assert self.digest() == self.past[-1]
        assert self.crm.ok("history", "--limit", 1)[0]["kind"] == "redo"

    # What holds always

    @invariant()
    def check_index(self) -> None:
        self.rows("BEGIN IMMEDIATE")
        self.rows("INSERT INTO search(search, rank) VALUES ('integrity-check', 1)")
        self.rows("ROLLBACK")

    @invariant()
    def check_rows(self) -> None:
        assert self.rows("PRAGMA foreign_key_check") == []
        assert self.rows("PRAGMA integrity_check") == [("ok",)]
        for table, owner in (
            ("contact_point", "entity_id, kind"),
            ("address", "entity_id"),
            ("membership", "member_id"),
        ):
            assert self.rows(f"SELECT {owner} FROM {table} GROUP BY {owner} HAVING sum(is_primary) <> 1") == []

    def check_health(self) -> None:
        run = self.crm("doctor", "--json")
        assert [found for found in run.json if found["level"] == "wrong"] == [] and run.code == 0

    def check_search(self) -> None:
        texts = self.rows("SELECT id, coalesce(full_name, '') || ' ' || coalesce(org_name, '') FROM entity"
                          " WHERE merged_into IS NULL")  # fmt: skip
        for word in FOUND:
            found = {entity["id"] for entity in self.crm.ok("find", word, "--all")}
            assert found == {number for number, text in texts if word in text}, word


class NamedToo(Programs):
    """A user who undoes operations in the middle as well; what is redone at once is as it was."""

    @precondition(lambda self: len(self.past) > 2)
    @rule(nth=st.integers(0, 20))
    def undo_one_in_the_middle(self, nth: int) -> None:
        standing = [n for (n,) in self.rows("SELECT id FROM operation WHERE kind='do' AND undone_by IS NULL")]
        chosen = standing[-1 - nth % min(8, len(standing))]
        done = self.crm("undo", chosen, "--json")
        if done.code == 4:
            listed = {candidate["operation"] for candidate in done.error["candidates"]}
            assert listed, done
            assert all(number in standing and number > chosen for number in listed), done
            assert self.digest() == self.past[-1]
            return
        assert done.code == 0, done
        self.check_rows()
        self.check_index()
        self.crm.ok("redo")
        assert self.digest() == self.past[-1]


class ErasingToo(Programs):
    """A user who erases people as well: what they were part of is sound, and what came before stays as it is."""

    @precondition(lambda self: len(self.past) > 3)
    @rule(who=ref(*ALL), more=ref(*ALL))
    def erase(self, who: Ref, more: Ref) -> None:
        gone = self.crm.ok("privacy", "erase", *{self.named(who), self.named(more)}, "--yes") if self.there() else None
        if gone is None:
            return
        numbers = [one["id"] for one in gone["erased"]]
        marks = ", ".join(map(str, numbers))
        assert self.rows(f"SELECT id FROM entity WHERE id IN ({marks})") == []
        assert (
            self.rows(f"SELECT id FROM change WHERE entity_id IN ({marks}) AND (before NOT NULL OR after NOT NULL)")
            == []
        )
        self.check_health()
        self.past, self.future = [self.digest()], []
        standing = [n for (n,) in self.rows("SELECT id FROM operation WHERE kind='do' AND undone_by IS NULL")]
        # Whatever else is undone by its number leaves a sound database, and can be redone.
        for number in standing[-6:-1]:
            done = self.crm("undo", number, "--json")
            assert done.code in (0, 4), done
            if done.code == 0:
                assert self.rows(f"SELECT id FROM entity WHERE id IN ({marks})") == []
                self.check_health()
                self.crm.ok("redo")
                assert self.digest() == self.past[-1]
        self.crm.refused(4, "undo", standing[-1])

    def there(self) -> bool:
        return len(self.rows("SELECT id FROM entity WHERE merged_into IS NULL")) > 1


def run_programs(user: type[Programs], examples: int) -> None:
    run_state_machine_as_test(user, settings=settings(
        max_examples=examples, stateful_step_count=STEPS, deadline=None, phases=PHASES,
        suppress_health_check=list(HealthCheck), database=None,
    ))  # fmt: skip


@pytest.mark.parametrize("user", [Programs, NamedToo, ErasingToo])
def test_every_program_can_be_undone_and_redone(user: type[Programs], monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(10**6))
    monkeypatch.setitem(
        Session.__init__.__kwdefaults__, "clock",
        lambda: f"2026-{(t := next(ticks)) // 86400 % 12 + 1:02}-01T{t // 3600 % 24:02}:{t // 60 % 60:02}:{t % 60:02}Z",
    )  # fmt: skip
    monkeypatch.setenv("EDITOR", "true")
    run_programs(user, EXAMPLES)


def test_so_it_can_with_a_clock_that_is_set_back_and_forth(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)
    told = ["2026-05-05T10:00:00Z"]

    def clock() -> str:
        # It jumps at about every third reading: within a command, between two, and now and then to where it was.
        if chance.random() < 0.3:
            told.append(
                chance.choice(told[-5:])
                if chance.random() < 0.2
                else f"20{chance.randrange(10, 40)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}T10:00:00Z"
            )
        return told[-1]

    monkeypatch.setitem(Session.__init__.__kwdefaults__, "clock", clock)
    monkeypatch.setattr("time.time", lambda: datetime.fromisoformat(told[-1]).timestamp())
    monkeypatch.setenv("EDITOR", "true")
    run_programs(NamedToo, max(1, EXAMPLES // 3))
