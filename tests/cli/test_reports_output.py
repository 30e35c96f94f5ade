"""report: what is asked and refused, and the same figures in tables, pipes, JSON, charts and pages."""

from __future__ import annotations

import csv
import io
import itertools
import re
import sqlite3
import stat
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from reportbook import Book

from dkcrm.reports import REPORTS

GROUPED = {"funnel": "source", "pipeline": "type", "sources": "tag", "activity": "channel", "sales": "product",
           "service": "priority", "growth": "source"}  # fmt: skip


@pytest.fixture
def book(crm: Any, rome: Any, tmp_path: Path) -> Book:
    made = Book(7)
    crm.ok("field", "add", "owner")
    made.save(tmp_path / "test.db")
    return made


class Screen(io.TextIOWrapper):
    """A terminal of some encoding."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding, newline="")

    def isatty(self) -> bool:
        return True

    def text(self) -> str:
        self.flush()
        raw: bytes = self.buffer.getvalue()  # type: ignore[attr-defined]
        return raw.decode(self.encoding)


def on_screen(
    monkeypatch: pytest.MonkeyPatch, *words: object, width: int = 80, encoding: str = "utf-8", **env: str
) -> str:
    """Run a command at a terminal, and return what it shows."""
    import sys

    from dkcrm.cli.app import run

    for name, value in {"TERM": "xterm-256color", "COLUMNS": str(width), **env}.items():
        monkeypatch.setenv(name, value)
    screen = Screen(encoding)
    monkeypatch.setattr(sys, "stdout", screen)
    assert run([str(word) for word in words]) == 0
    return screen.text()


class Page(HTMLParser):
    """A page as a reader without scripts has it: its table, its pictures, its text, and what is wrong with it."""

    VOID = ("meta", "line", "rect", "path")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.rows: list[list[str]] = []
        self.values: list[str] = []
        self.tips: list[str] = []
        self.facts: list[str] = []
        self.links: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.links += [value for name, value in given.items() if name in ("src", "href", "xlink:href", "onload")]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "text" and given.get("class") == "value":
            self.values.append("")
            tag = "value"
        if tag == "title" and self.open[-1] in ("rect", "path"):
            self.tips.append("")
        if tag in ("dt", "dd"):
            self.facts.append("")
        if tag not in ("meta", "line"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() in (tag, "value")

    def handle_data(self, data: str) -> None:
        here = self.open[-1] if self.open else ""
        if here in ("td", "th"):
            self.rows[-1][-1] += data
        elif here == "value":
            self.values[-1] += data
        elif here == "title" and self.open[-2] in ("rect", "path"):
            self.tips[-1] += data
        elif here in ("dt", "dd"):
            self.facts[-1] += data


# What is asked


def test_reports_are_listed(crm: Any) -> None:
    names = [row["name"] for row in crm.ok("report")]
    assert names == list(REPORTS) == [row["name"] for row in crm.ok("report", "list")]
    assert crm("report").out.startswith("funnel\t")
    assert all(crm(*row["use"].split()[1:]).code == 0 for row in crm.ok("report"))


def test_options_may_come_before_the_name(crm: Any, book: Book) -> None:
    assert crm.ok("report", "--by", "product", "sales") == crm.ok("report", "sales", "--by", "product") != []


def test_a_report_that_is_none_is_told_the_nearest(crm: Any) -> None:
    error = crm.refused(2, "report", "sale")
    assert "sale" in error["message"] and "sales" in error["hint"]
    assert "funnel, pipeline" in crm.refused(2, "report", "x" * 500)["hint"]


@pytest.mark.parametrize("name", REPORTS)
def test_an_empty_database_has_empty_reports(crm: Any, name: str, tmp_path: Path) -> None:
    rows = crm.ok("report", name)
    assert rows == [] or (name == "funnel" and {row["entered"] for row in rows} == {0})
    assert crm.ok("report", name, "tag:vip", "--since", "2026", "--limit", 3) is not None
    assert crm("report", name, "--html", tmp_path / "page.html").code == 0
    assert not (tmp_path / "test.db").exists()


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["--by", "weather"], "group"),
        (["--by", "owner"], "owner"),
        (["--since", "31 February"], "31 February"),
        (["--since", "2026-02-31"], "2026-02-31"),
        (["--until", ""], "''"),
        (["--since", "2026-10", "--until", "2026-09"], "2026-10"),
        (["sort:name"], "order"),
        (["nmae:x"], "nmae"),
        (["(name:x"], "bracket"),
        (["--html", ""], "blank"),
        (["--limit", "-1"], "-1"),
    ],
)
def test_what_makes_no_sense_is_refused(crm: Any, name: str, words: list[str], what: str) -> None:
    error = crm.refused(2, "report", name, *words)
    assert what in error["message"] + str(error["hint"])


def test_sources_are_by_source_anyway(crm: Any) -> None:
    crm.add("suspect", "Anna", "--source", "web")
    assert crm.ok("report", "sources", "--by", "source") == crm.ok("report", "sources") != []


def test_owner_is_a_custom_field_that_has_to_be_there(crm: Any) -> None:
    assert "dkcrm field add owner" in crm.refused(2, "report", "sales", "--by", "owner")["hint"]
    error = crm.refused(2, "report", "sales", "--by", "week")
    assert "month, customer, product, source, tag or a custom field" in error["message"]
    crm.ok("field", "add", "owner")
    crm.ok("field", "add", "count")
    crm.add("person", "Anna", "--field", "owner=Bob", "--field", "count=3")
    crm.ok("purchase", 1, "Plan", "--amount", "10")
    assert crm.ok("report", "sales", "--by", "OWNER")[0]["owner"] == "Bob"
    assert "owner" in crm.refused(2, "report", "sales", "--by", "region")["hint"]
    # A field that is called as a figure is told apart from it.
    row = crm.ok("report", "sales", "--by", "count")[0]
    assert (row["field.count"], row["count"]) == ("3", 1)


@pytest.mark.parametrize("profile", ["customers", "simple", "lead,prospect,person"])
def test_types_that_are_off_are_absent(crm: Any, tmp_path: Path, profile: str) -> None:
    crm.ok("config", "types", profile)
    crm.add("person", "Anna")
    crm.ok("log", 1, "call", "Hello", "--in")
    off = {"suspect", "lead", "prospect", "person", "target", "organization"} - set(crm.ok("config", "types")["types"])
    for name in REPORTS:
        rows = crm.ok("report", name)
        assert not off & {row.get("type") for row in rows}
        assert not off & set(rows[0] if rows else {})
        heading = crm("report", name, "--format", "csv").out.splitlines()[0].split(",")
        absent = {f"{type}s" for type in off} | ({"qualified"} if {"prospect", "target"} <= off else set())
        assert not absent & set(heading)
    checks = {row["check"] for row in crm.ok("report", "hygiene")}
    assert "customers-without-purchase" in checks and "suspects-in-contact" not in checks


def test_limit_cuts_and_says_so(crm: Any, book: Book) -> None:
    every = crm.ok("report", "pipeline", "--limit", 0)
    assert crm.ok("report", "pipeline", "--limit", 2) == every[:2]
    assert f"{len(every) - 2} more" in crm("report", "pipeline", "--limit", 2).err
    assert (
        crm.ok("report", "sales", "--by", "customer", "--limit", 3) == crm.ok("report", "sales", "--by", "customer")[:3]
    )


def test_the_pipeline_lists_the_stuck_first_and_the_next_task(crm: Any, rome: Any) -> None:
    rome("2026-08-01T08:00:00Z")
    crm.add("lead", "Old")
    rome("2026-11-20T08:00:00Z")
    crm.add("lead", "New")
    crm.add("lead", "Called")
    rome("2026-11-22T09:00:00Z")
    crm.ok("task", "add", 2, "Later", "--due", "2026-12-24")
    crm.ok("task", "add", 2, "First", "--due", "2026-12-01")
    rows = crm.ok("report", "pipeline")
    assert [(row["id"], row["days"], row["stuck"], row["why"]) for row in rows] == [
        (1, 113, True, "never contacted"), (2, 2, False, None), (3, 2, False, None)
    ]  # fmt: skip
    assert (rows[1]["task"], rows[1]["task_text"], rows[1]["due"]) == (2, "First", "2026-12-01")
    done = crm("report", "pipeline")
    assert done.err == "lead 3; 1 stuck\n"
    crm.ok("log", 1, "call", "Hello", "--at", "2026-10-20")
    assert crm.ok("report", "pipeline")[0]["why"] == "no contact for 33 days"
    crm.ok("undo")
    crm.ok("disqualify", 1, "--reason", "Gone.")
    assert [row["id"] for row in crm.ok("report", "pipeline")] == [2, 3]


def test_a_ticket_is_overdue_after_its_day_and_a_fresh_lead_is_not_stale(crm: Any, rome: Any, tmp_path: Path) -> None:
    crm.add("lead", "Fresh")
    connection = sqlite3.connect(tmp_path / "test.db")
    for number, due in enumerate(("2026-11-22", "2026-11-21", "2026-11-22T08:59:00Z", "2026-11-22T09:01:00Z"), start=1):
        connection.execute(
            "INSERT INTO ticket (id, uid, entity_id, subject, due, opened_at) VALUES (?, x'00', 1, 'X', ?, ?)",
            (number, due, "2026-11-01T00:00:00Z"),
        )
    connection.commit()
    connection.close()
    assert [row["overdue"] for row in crm.ok("report", "service")] == [2]
    assert {row["check"]: row["count"] for row in crm.ok("report", "hygiene")}["stale-leads"] == 0
    rome("2027-03-01T09:00:00Z")
    assert {row["check"]: row["count"] for row in crm.ok("report", "hygiene")}["stale-leads"] == 1


def test_undo_and_redo_change_what_is_counted(crm: Any, rome: Any) -> None:
    crm.add("prospect", "Anna", "--source", "fair")
    crm.ok("purchase", 1, "Plan", "--amount", "1200.50")

    def told() -> list[Any]:
        return [crm.ok("report", name) for name in ("sales", "sources", "growth", "pipeline")]

    bought = told()
    assert bought[0][0]["revenue"] == "1200.50" and bought[1][0]["conversion"] == 1 and bought[2][0]["won"] == 1
    crm.ok("undo")
    assert told()[0] == [] and told()[2][0]["won"] == 0 and len(told()[3]) == 1
    crm.ok("redo")
    assert told() == bought
    crm.ok("set", 1, "--state", "inactive")
    rome("2027-01-10T09:00:00Z")
    crm.ok("set", 1, "--state", "lost")
    assert [(row["month"], row["lost"]) for row in crm.ok("report", "growth")] == [
        ("2026-11", 0), ("2026-12", 0), ("2027-01", 1)
    ]  # fmt: skip
    crm.ok("rm", 1)
    assert [row["total"] for row in crm.ok("report", "growth")] == [1, 1, 0]
    assert told()[0] == []


def test_months_without_anything_are_there_unless_they_are_very_many(crm: Any, rome: Any) -> None:
    crm.add("person", "Anna")
    for day in ("2026-01-31", "2026-04-01"):
        crm.ok("purchase", 1, "Plan", "--amount", 5, "--on", day)
    rows = crm.ok("report", "sales")
    assert [(row["month"], row["revenue"], row["count"]) for row in rows] == [
        ("2026-01", "5.00", 1), ("2026-02", "0.00", 0), ("2026-03", "0.00", 0), ("2026-04", "5.00", 1)
    ]  # fmt: skip
    crm.ok("purchase", 1, "Plan", "--amount", 5, "--on", "1925-01-01")
    assert [row["month"] for row in crm.ok("report", "sales")] == ["1925-01", "2026-01", "2026-04"]


def test_the_unit_of_activity_follows_the_period(crm: Any, rome: Any) -> None:
    crm.add("person", "Anna")
    crm.ok("log", 1, "call", "Hello", "--at", "2026-11-21T23:30")
    for words, key, value in (
        ([], "month", "2026-11"), (["--since", "30d"], "day", "2026-11-21"),
        (["--since", "2026-06"], "week", "2026-W47"),
        (["--since", "2026-01"], "month", "2026-11"), (["--since", "30d", "--by", "week"], "week", "2026-W47"),
    ):  # fmt: skip
        assert [(row[key], row["out"]) for row in crm.ok("report", "activity", *words)] == [(value, 1)]


# How it looks


@pytest.mark.parametrize("name", REPORTS)
def test_pipe_csv_and_json_say_the_same_and_draw_nothing(crm: Any, book: Book, name: str) -> None:
    by = ["--by", GROUPED[name]] if name in GROUPED and name != "pipeline" else []
    data = crm.ok("report", name, *by)
    table = list(csv.DictReader(io.StringIO(crm("report", name, *by, "--format", "csv").out)))
    piped = crm("report", name, *by).out
    assert not re.search("[█▁▓]", piped) and piped == crm("report", name, *by, "--format", "tsv").out.partition("\n")[2]
    assert len(table) == len(data) == len(piped.splitlines()) > 0
    for row, cells in zip(data, table, strict=True):
        for key, cell in cells.items():
            value = row[key]
            if key == "revenue" and isinstance(value, list):
                value = ", ".join(f"{one['amount']} {one['currency']}" for one in value)
            if isinstance(value, list):
                value = ", ".join(map(str, value))
            if key != "due":  # a table has the user's clock
                assert cell == ("" if value is None else str(value).lower() if isinstance(value, bool) else str(value))


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("width", [80, 200])
def test_a_terminal_shows_a_table_and_a_chart_that_fit(
    crm: Any, book: Book, monkeypatch: pytest.MonkeyPatch, name: str, width: int
) -> None:
    shown = on_screen(monkeypatch, "report", name, width=width)
    assert re.search("[█▁▂▃▄▅▆▇]", shown)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert max(map(len, plain.splitlines())) <= width
    assert "\x1b[" in shown
    assert "\x1b[" not in on_screen(monkeypatch, "report", name, NO_COLOR="1", width=width)
    for env in ({"encoding": "ascii"}, {"TERM": "dumb"}):
        degraded = on_screen(monkeypatch, "report", name, width=width, **env)  # type: ignore[arg-type]
        assert not re.search("[█▓▁▂▃▄▅▆▇─]", degraded) and re.search(r"#|[_.:\-=+*#]{3}", degraded)
        assert max(map(len, degraded.splitlines())) <= width


@pytest.mark.parametrize("width", [1, 20, 40])
def test_narrow_terminals_do_not_break_it(crm: Any, book: Book, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    for name in REPORTS:
        assert on_screen(monkeypatch, "report", name, width=width)


def test_bars_are_as_long_as_their_figures(crm: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, count in ((1, 4), (2, 2), (3, 1)):
        crm.add("person", f"P{number}")
        for _nth in range(count):
            crm.ok("purchase", number, f"Product{number}", "--amount", 100)
    shown = on_screen(monkeypatch, "report", "sales", "--by", "product", NO_COLOR="1", encoding="ascii")
    bars = {line.split()[0]: line.count("#") for line in shown.splitlines() if "#" in line}
    assert bars["Product1"] > 40
    assert bars["Product2"] == pytest.approx(bars["Product1"] / 2, abs=1)
    assert bars["Product3"] == pytest.approx(bars["Product1"] / 4, abs=1)


# Pages


@pytest.mark.parametrize("name", REPORTS)
def test_a_page_has_the_figures_of_the_table_and_the_chart(crm: Any, book: Book, tmp_path: Path, name: str) -> None:
    file = tmp_path / "page.html"
    told = crm.ok("report", name, "--html", file)
    table = list(csv.reader(io.StringIO(crm("report", name, "--format", "csv").out)))
    data = crm.ok("report", name)
    assert told == {"report": name, "rows": len(data), "file": str(file)}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    page = Page(file.read_text("utf-8"))
    shares = [nth for nth, key in enumerate(table[0]) if key in ("share", "conversion")]
    times = [nth for nth, key in enumerate(table[0]) if key == "last_contact"]
    assert len(page.rows) == len(table)
    for cells, row in itertools.islice(zip(page.rows, table, strict=True), 1, None):
        for nth, (cell, value) in enumerate(zip(cells, row, strict=True)):
            if nth in shares and value:
                value = f"{float(value):.1%}"
            if nth not in times:
                assert cell == value
    # Each bar says its figure, which is the row's.
    flat = {str(value) for row in data for value in row.values()} | {
        str(value) for row in crm.ok("report", "pipeline", "--by", "type") for value in row.values()
    }
    assert page.tips and all(tip.rpartition(": ")[2] in flat for tip in page.tips)
    assert set(page.values) <= flat
    assert page.tags.count("svg") == page.tags.count("desc") > 0
    assert not {"script", "link", "img", "iframe", "object", "use", "image", "style"} & set(page.tags) - {"style"}
    assert page.links == []
    text = file.read_text("utf-8")
    assert "prefers-color-scheme:dark" in text and "@media print" in text
    assert not re.search(r"(?i)https?://|url\(|@import", text)


def test_a_page_states_filter_period_group_and_when_it_was_made(crm: Any, book: Book, tmp_path: Path) -> None:
    words = [
        "report",
        "sales",
        "tag:vip",
        "not",
        "source:web",
        "--since",
        "2026-Q1",
        "--until",
        "yesterday",
        "--by",
        "product",
    ]
    page = Page(crm(*words, "--html", "-").out)
    assert dict(zip(page.facts[::2], page.facts[1::2], strict=True)) == {
        "Filter": "tag:vip not source:web", "Period": "2026-01-01 – 2026-11-21", "By": "Product",
        "Made": "2026-11-22 10:00",
    }  # fmt: skip


HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</title></svg><svg onload=alert(1)>",
    "a&amp;b &lt;",
    "[red]Rossi[/red]", "x" * 3000, "\u202egnp.exe", "'; DROP TABLE entity; --", "日本 🎉 é",
]  # fmt: skip


def test_hostile_names_stay_text(crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crm.ok("field", "add", "owner")
    for name in HOSTILE:
        made = crm("add", "person", name[:500], "--source", name[:200], "--field", f"owner={name[:200]}", "--json")
        if made.code == 0:
            crm.ok("purchase", made.json["id"], name[:200], "--amount", 10)
            crm.ok("log", made.json["id"], name[:50], "Hello")
    numbers = len(crm.ok("list"))
    assert numbers >= 7
    for words in (["sales", "--by", "customer"], ["sales", "--by", "product"], ["sources"],
                  ["activity", "--by", "channel"], ["growth", "--by", "owner"],
                  ["funnel", "--by", "source"]):  # fmt: skip
        rows = crm.ok("report", *words)
        page = Page(crm("report", *words, "--html", "-").out)
        assert not {"script", "img"} & set(page.tags) and page.links == []
        assert len(page.rows) == len(rows) + 1
        text = on_screen(monkeypatch, "report", *words, NO_COLOR="1")
        assert "\x1b" not in text and "\u202e" not in text
    assert "<script>alert(1)</script>" in [
        cell for row in Page(crm("report", "sources", "--html", "-").out).rows for cell in row
    ]
    page = Page(crm("report", "sources", "--html", "-").out)
    assert Page(crm("report", "sources", "name:<script>", "--html", "-").out).facts[1] == "name:<script>"
    assert page.tags.count("title") > 2


def test_a_page_is_written_whole_or_not_at_all(crm: Any, book: Book, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("before")
    assert crm.refused(2, "report", "sales", "nmae:x", "--html", file)["error"] == "unknown_field"
    assert file.read_text() == "before"
    assert crm("report", "sales", "--html", file).err == f"wrote report sales to {file}\n"
    assert file.read_text().startswith("<!DOCTYPE html>")
    assert "database itself" in crm.refused(2, "report", "sales", "--html", tmp_path / "test.db")["message"]
    assert "directory" in crm.refused(2, "report", "sales", "--html", tmp_path)["message"]
    assert crm.refused(1, "report", "sales", "--html", tmp_path / "no" / "page.html")["error"] == "io"
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".dkcrm")) == []


def test_reports_write_nothing(crm: Any, book: Book, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "test.db")
    before = list(connection.iterdump())
    for name in REPORTS:
        crm.ok("report", name, "--since", "2026-01")
    assert list(connection.iterdump()) == before
    connection.close()
