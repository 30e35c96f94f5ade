"""report funnel: the numbers of random life cycles, against an account of them kept by the test itself."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import pytest

from dkcrm.session import Session

TYPES = ("suspect", "lead", "prospect", "person", "target", "organization")
CUSTOMERS = ("person", "organization")
SOURCES = ("fair", "web", None)
WHY = ("--override", "Tested elsewhere.")


class Clock:
    """A clock that stands until it is told to go on."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 1, 9, tzinfo=UTC)

    def __call__(self) -> str:
        return self.time.strftime("%Y-%m-%dT%H:%M:%SZ")

    def on(self, **step: float) -> None:
        self.time += timedelta(**step)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    own = Clock()
    monkeypatch.setitem(Session.__init__.__kwdefaults__, "clock", own)
    return own


class Account:
    """The stays of each entity: [type, source, entered, left]; the last one is where it is, unless it was folded."""

    def __init__(self) -> None:
        self.stays: dict[int, list[list[Any]]] = {}
        self.folded: set[int] = set()

    def enter(self, number: int, type: str, source: str | None, at: datetime) -> None:
        stays = self.stays.setdefault(number, [])
        if stays:
            stays[-1][3] = at
        stays.append([type, source, at, None])

    def rows(self, key: Callable[[list[Any]], Any] | None = None) -> dict[tuple[Any, str], list[Any]]:
        """Return (group, type) -> entered, there, moved on, conversion, median of days."""
        found = {}
        every = [(number, stay) for number, stays in self.stays.items() for stay in stays]
        for group in {key(stay) for _n, stay in every} if key else {None}:
            for type in TYPES:
                mine = [(n, s) for n, s in every if s[0] == type and (key is None or key(s) == group)]
                days = [(s[3] - s[2]).total_seconds() / 86400 for _n, s in mine if s[3]]
                if mine or not key:
                    last = type in CUSTOMERS
                    found[group, type] = [
                        len(mine), sum(s is self.stays[n][-1] and n not in self.folded for n, s in mine),
                        None if last else len(days), None if last or not mine else round(len(days) / len(mine), 4),
                        None if last or not days else pytest.approx(median(days), abs=0.006),
                    ]  # fmt: skip
        return found


def told(crm: Any, *by: str) -> dict[tuple[Any, str], list[Any]]:
    names = ("entered", "there", "moved_on", "conversion", "median_days")
    rows = crm.ok("report", "funnel", *(("--by", *by) if by else ()))
    return {(row[by[0]] if by else None, row["type"]): [row[name] for name in names] for row in rows}


def live(crm: Any, clock: Clock, chance: random.Random, steps: int) -> Account:
    """Live random life cycles, and keep account of them."""
    account = Account()
    for step in range(steps):
        clock.on(days=chance.randrange(9), hours=chance.randrange(24), minutes=chance.randrange(60))
        if step < 6 or chance.random() < 0.3:
            type, source = chance.choice(TYPES), chance.choice(SOURCES)
            words = (type, f"N{step}x", *(("--source", source) if source else ()))
            if type == "lead" and account.stays and chance.random() < 0.5:
                words = (*words, "--email", "same@x.it")
            account.enter(crm.add(*words), type, source, clock.time)
            continue
        number = chance.choice([n for n in account.stays if n not in account.folded])
        type, source = account.stays[number][-1][:2]
        if type == "suspect":
            crm.ok("log", number, "email", "Hi", "--in")
            account.enter(number, "lead", source, clock.time)
        elif type == "lead":
            people = [n for n, s in account.stays.items() if s[-1][0] in ("prospect", "person")
                      and n not in account.folded]  # fmt: skip
            into = chance.choice(people) if people and chance.random() < 0.4 else None
            crm.ok("qualify", number, *WHY, "--prospect", into or "new")
            if into:
                account.stays[number][-1][3] = clock.time
                account.folded.add(number)
                for stay in account.stays[into]:
                    stay[1] = stay[1] or source  # a blank is filled by the lead that is folded in
            else:
                account.enter(number, "prospect", source, clock.time)
        elif type in ("prospect", "target"):
            crm.ok("purchase", number, "Plan")
            account.enter(number, "person" if type == "prospect" else "organization", source, clock.time)
        elif len(account.stays[number]) > 1 and chance.random() < 0.6:
            crm.ok("purchase", "void", number)
            account.stays[number].pop()
            account.stays[number][-1][3] = None
    return account


@pytest.mark.parametrize("seed", range(6))
def test_the_funnel_of_random_life_cycles(crm: Any, clock: Clock, seed: int) -> None:
    account = live(crm, clock, random.Random(seed), 60)
    assert told(crm) == account.rows()
    assert told(crm, "month") == account.rows(lambda stay: stay[2].strftime("%Y-%m"))
    assert told(crm, "source") == account.rows(lambda stay: stay[1])


def test_a_lead_with_both_enters_twice(crm: Any, clock: Clock) -> None:
    crm.add("lead", "Anna", "--org", "Acme", "--source", "fair")
    clock.on(days=3)
    crm.ok("qualify", 1, *WHY)
    clock.on(days=2)
    crm.ok("purchase", 1, "Plan", "--also", 2)
    numbers = told(crm)
    assert numbers[None, "lead"] == [1, 0, 1, 1, 3]
    assert numbers[None, "prospect"] == numbers[None, "target"] == [1, 0, 1, 1, 2]
    assert numbers[None, "person"] == numbers[None, "organization"] == [1, 1, None, None, None]
    assert told(crm, "source")["fair", "organization"][0] == 1


def test_removed_entities_are_left_out_and_undo_goes_back(crm: Any, clock: Clock) -> None:
    for name in ("Anna", "Luca"):
        crm.add("lead", name)
    clock.on(days=1)
    crm.ok("qualify", 1, *WHY)
    crm.ok("rm", 2)
    assert told(crm)[None, "lead"] == [1, 0, 1, 1, 1]
    crm.ok("undo")
    crm.ok("undo")
    assert told(crm)[None, "lead"] == [2, 2, 0, 0, None]


@pytest.mark.parametrize("profile", ["full", "simple", "customers", "lead,prospect,person"])
def test_only_types_in_use_are_counted(crm: Any, profile: str) -> None:
    types = crm.ok("config", "types", profile)["types"]
    crm.add("person", "Anna")
    assert [row["type"] for row in crm.ok("report", "funnel")] == [type for type in TYPES if type in types]


def test_a_lead_that_buys_in_a_short_cycle(crm: Any, clock: Clock) -> None:
    crm.ok("config", "types", "simple")
    crm.add("lead", "Anna", "--org", "Acme")
    clock.on(days=4)
    crm.ok("purchase", 1, "Plan")
    assert told(crm) == {
        (None, "lead"): [1, 0, 1, 1, 4], (None, "person"): [1, 1, None, None, None],
        (None, "organization"): [1, 1, None, None, None],
    }  # fmt: skip


def test_an_import_counts_from_when_they_were_created(crm: Any, clock: Clock, tmp_path: Any) -> None:
    (tmp_path / "in.csv").write_text("name,created_at\nAnna,2025-03-04T00:00:00Z\nLuca,\n")
    crm.ok("import", tmp_path / "in.csv", "--type", "lead")
    assert {key: row[0] for key, row in told(crm, "month").items()} == {("2025-03", "lead"): 1, ("2026-01", "lead"): 1}


@pytest.mark.parametrize("by", [(), ("--by", "month"), ("--by", "source")])
def test_json_and_tsv_and_csv_say_the_same(crm: Any, clock: Clock, by: tuple[str, ...]) -> None:
    live(crm, clock, random.Random(9), 25)
    rows = [["" if value is None else str(value) for value in row.values()]
            for row in crm.ok("report", "funnel", *by)]  # fmt: skip
    tsv = [line.split("\t") for line in crm("report", "funnel", *by).out.splitlines()]
    table = list(csv.reader(io.StringIO(crm("report", "funnel", *by, "--format", "csv").out)))

    def alike(text: list[str]) -> list[Any]:
        return [float(cell) if cell.replace(".", "", 1).isdigit() else cell for cell in text]

    assert [alike(line) for line in tsv] == [alike(row) for row in rows]
    assert [alike(line) for line in table[1:]] == [alike(row) for row in rows]
    assert table[0][-6:] == ["type", "entered", "there", "moved_on", "conversion", "median_days"]


def test_an_empty_database_has_an_empty_funnel_and_a_wrong_group_is_told(crm: Any, tmp_path: Any) -> None:
    assert [row["entered"] for row in crm.ok("report", "funnel")] == [0] * 6
    assert crm.ok("report", "funnel", "--by", "month") == []
    assert "month" in crm.refused(2, "report", "funnel", "--by", "week")["message"]
    assert not (tmp_path / "test.db").exists()


def test_a_filter_says_who_is_counted(crm: Any, clock: Clock) -> None:
    crm.add("lead", "Anna", "--tag", "fair", "--email", "a@x.it")
    crm.add("lead", "Luca", "--email", "l@x.it")
    crm.ok("qualify", 1, "--override", "Known.")
    counts = {row["type"]: (row["entered"], row["there"]) for row in crm.ok("report", "funnel", "tag:fair")}
    assert (counts["lead"], counts["prospect"]) == ((1, 0), (1, 1))
    assert crm.ok("report", "funnel", "not", "tag:fair")[1]["entered"] == 1
    # A lead that was folded into somebody is counted with who it has become.
    crm.add("lead", "Anna", "--email", "a@x.it")
    crm.ok("qualify", 3, "--override", "Known.")
    assert crm.ok("report", "funnel", "tag:fair")[1]["entered"] == 2
    assert crm.refused(2, "report", "funnel", "sort:name")["error"] == "usage"
    assert crm.refused(2, "report", "funnel", "nmae:x")["error"] == "unknown_field"
