"""Tasks: added in words, listed, done, put off, changed; with the clock and the zone given."""

from __future__ import annotations

from typing import Any

import pytest

from dkcrm.session import Session

#: A Sunday, ten in the morning in Rome.
NOW = "2026-11-22T09:00:00Z"


pytestmark = pytest.mark.usefixtures("rome")


@pytest.fixture
def two(crm: Any) -> Any:
    """Return the program with a person and an organization."""
    crm.add("person", "Anna Bianchi", "--email", "anna@bianchi.it")
    crm.add("organization", "Acme")
    return crm


def added(crm: Any, *words: Any) -> Any:
    return crm.ok("task", "add", *words)["tasks"][0]


def test_a_task_has_a_text_a_date_an_urgency_and_whom_it_is_about(two: Any) -> None:
    task = added(two, "Anna Bianchi", "Call about the offer", "--for", "Acme", "--due", "tomorrow 9am", "--remind",
                 "1h", "--remind", "2d", "--priority", "high")  # fmt: skip
    assert {**task, "uid": None} == {
        "id": 1, "uid": None, "text": "Call about the offer", "state": "open", "due": "2026-11-23T08:00:00Z",
        "priority": "h", "every": None, "remind": ["1h", "2d"], "created_at": NOW, "done_at": None,
        "entities": [{"id": 1, "type": "person", "name": "Anna Bianchi"},
                     {"id": 2, "type": "organization", "name": "Acme"}],
    }  # fmt: skip
    assert two.ok("task", "show", 1) == two.ok("task", "show", task["uid"]) == task
    assert two.ok("task", "show", 1, 1) == [task, task]
    assert two("task", "list").out == "1\topen\t2026-11-23 09:00\th\tCall about the offer\tAnna Bianchi, Acme\t\n"


def test_one_word_is_the_text_and_those_before_the_last_are_references(two: Any) -> None:
    assert added(two, "Water the plants")["entities"] == []
    assert [e["id"] for e in added(two, 1, "Acme", "Introduce them")["entities"]] == [1, 2]
    assert [e["id"] for e in two.ok("task", "add", "-", "Greet", input="1\n2\n")["tasks"][0]["entities"]] == [1, 2]
    error = two.refused(3, "task", "add", "call", "Anna", "tomorrow")
    assert "call" in error["message"]


@pytest.mark.parametrize(
    "words",
    [
        ["x", "--due", "31 february"], ["x", "--due", "2026-02-30"], ["x", "--due", "soon"], ["x", "--due", "1/12"],
        ["x", "--due", ""], ["x\x1b[31m"], ["two\nlines"], [""], [" "], ["x" * 1001], ["x\udc80"],
        ["x", "--remind", "1h"], ["x", "--every", "day"], ["x", "--due", "today", "--every", "often"],
        ["x", "--due", "today", "--every", "FREQ=SECONDLY"], ["x", "--due", "today", "--remind", "soon"],
        ["x", "--due", "today", "--remind", "99999w"], ["x", "--priority", "very"],
        ["x", "--due", "today", "--every", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"], [],
    ],
)  # fmt: skip
def test_bad_input_is_wrong_usage(two: Any, words: list[str]) -> None:
    error = two.refused(2, "task", "add", *words)
    assert error["error"] == "usage"
    assert two.ok("task", "list", "--all") == []


def test_tasks_and_entities_that_are_not_there(two: Any) -> None:
    two.ok("rm", 2)
    assert two.refused(4, "task", "add", 2, "x")["error"] == "removed"
    assert two.refused(3, "task", "add", 9, "x")["error"] == "not_found"
    for words in (["done", 1], ["show", "x"], ["snooze", 7, "tomorrow"], ["edit", 7, "--text", "x"], ["rm", 10**30]):
        assert two.refused(3, "task", *words)["error"] == "not_found"


def test_lists_are_by_day_and_urgency_and_what_has_no_date_comes_last(two: Any) -> None:
    added(two, "no date")
    added(two, 1, "late", "--due", "yesterday")
    added(two, "noon", "--due", "noon")
    added(two, 2, "urgent", "--due", "today", "--priority", "h")
    added(two, "far", "--due", "2027-03-01")

    def texts(*words: Any) -> list[str]:
        return [task["text"] for task in two.ok("task", "list", *words)]

    assert texts() == ["late", "urgent", "noon", "far", "no date"]
    assert texts("--overdue") == ["late"]
    assert texts("--due", "today") == ["urgent", "noon"]
    assert texts("--due", "..today") == ["late", "urgent", "noon"]
    assert texts("--due", "2027") == texts("--due", "next-year..") == ["far"]
    assert texts("--of", "Acme") == ["urgent"]
    assert texts("--priority", "h") == ["urgent"]
    assert texts("BIANCHI") == texts("lat") == ["late"]
    assert texts("--limit", 1) == ["late"]
    two.refused(2, "task", "list", "--due", "..")
    two.refused(2, "task", "list", "--due", "31 feb")
    two.ok("task", "done", 1, 2)
    two.ok("task", "rm", 3)
    assert sorted(texts("--done")) == ["late", "no date"]
    assert len(texts("--all")) == 5


def test_a_task_of_those_whom_standard_input_names_is_none_where_it_names_nobody(two: Any) -> None:
    assert [party["id"] for party in added(two, 1, "x")["entities"]] == [1]
    for words in (["-", "Call them"], ["-", "Call them", "--due", "today", "--every", "day"]):
        assert two("task", "add", *words, input="").err == "nothing changed\n"
        answer = two.ok("task", "add", *words, input="\n")
        assert (answer["operation"], answer["tasks"]) == (None, [])
    assert len(two.ok("task", "list", "--all")) == 1
    two.ok("task", "add", "-", "Call them", input="1\n2\n")
    two.ok("task", "add", "Nobody's")
    told = {task["text"]: [party["id"] for party in task["entities"]] for task in two.ok("task", "list")}
    assert told == {"x": [1], "Call them": [1, 2], "Nobody's": []}


def test_a_task_is_done_once_and_can_be_opened_again(two: Any, rome: Any) -> None:
    added(two, "x")
    rome("2026-11-22T10:00:00Z")
    done = two.ok("task", "done", 1)["tasks"][0]
    assert (done["state"], done["done_at"]) == ("done", "2026-11-22T10:00:00Z")
    assert two.refused(4, "task", "done", 1)["hint"].endswith("dkcrm task edit 1 --reopen")
    again = two.ok("task", "edit", 1, "--reopen")["tasks"][0]
    assert (again["state"], again["done_at"]) == ("open", None)


def test_one_that_comes_back_gives_the_next(two: Any, rome: Any) -> None:
    rome("2026-01-20T09:00:00Z")
    first = added(two, 1, "Invoice", "--due", "2026-01-31", "--every", "month", "--remind", "1d", "--priority", "h")
    assert first["every"] == "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"
    dues = []
    for number in range(1, 4):
        done, following = two.ok("task", "done", number)["tasks"]
        assert (done["state"], following["state"]) == ("done", "open")
        same = ("text", "priority", "every", "remind", "entities")
        assert [following[key] for key in same] == [first[key] for key in same]
        dues.append(following["due"])
    assert dues == ["2026-02-28", "2026-03-31", "2026-04-30"]
    assert len(two.ok("task", "list")) == 1
    two.ok("task", "rm", 4)
    assert two.ok("task", "list") == []


def test_one_of_an_hour_that_a_night_leaves_out_comes_back_the_night_after(two: Any, rome: Any) -> None:
    added(two, "Night check", "--due", "2027-03-27 02:30", "--every", "day")
    dues = [two.ok("task", "done", number)["tasks"][1]["due"] for number in (1, 2, 3)]
    assert dues == ["2027-03-28T01:30:00Z", "2027-03-29T00:30:00Z", "2027-03-30T00:30:00Z"]


def test_the_last_of_a_number_gives_none(two: Any) -> None:
    added(two, "x", "--due", "today", "--every", "FREQ=DAILY;COUNT=2")
    assert len(two.ok("task", "done", 1)["tasks"]) == 2
    assert len(two.ok("task", "done", 2)["tasks"]) == 1


def test_putting_off_keeps_the_hour_and_the_days_of_what_comes_back(two: Any) -> None:
    added(two, "x", "--due", "monday 9am", "--every", "week", "--remind", "1h")
    assert two.ok("task", "snooze", 1, "wednesday")["tasks"][0]["due"] == "2026-11-25T08:00:00Z"
    assert two.ok("task", "snooze", 1, "2h")["tasks"][0]["due"] == "2026-11-22T11:00:00Z"
    assert two.ok("task", "snooze", 1, "in 3 days")["tasks"][0]["due"] == "2026-11-25T11:00:00Z"
    assert two.ok("task", "done", 1)["tasks"][1]["due"] == "2026-11-30T08:00:00Z"
    two.refused(2, "task", "snooze", 2, "31 feb")
    two.refused(4, "task", "snooze", 1, "tomorrow")


def test_edit_changes_what_is_said_and_nothing_else(two: Any) -> None:
    added(two, 1, "x", "--due", "2026-12-31 9:00", "--every", "month", "--remind", "1h", "--priority", "h")
    task = two.ok("task", "edit", 1, "--text", "y", "--for", 2, "--not-for", 1, "--priority", "none")["tasks"][0]
    assert (task["text"], task["priority"], [e["id"] for e in task["entities"]]) == ("y", None, [2])
    assert (task["due"], task["remind"]) == ("2026-12-31T08:00:00Z", ["1h"])
    # Moved for good, so monthly is of the new day.
    assert two.ok("task", "edit", 1, "--due", "2026-12-15")["tasks"][0]["every"] == "FREQ=MONTHLY"
    assert two.ok("task", "edit", 1, "--remind", "none", "--every", "none")["tasks"][0]["remind"] == []
    task = two.ok("task", "edit", 1, "--due", "none")["tasks"][0]
    assert (task["due"], task["every"]) == (None, None)
    two.refused(2, "task", "edit", 1)
    assert two.ok("task", "edit", 1, "--text", "y")["operation"] is None


def test_all_of_it_can_be_undone_and_redone(two: Any) -> None:
    added(two, 1, "x", "--due", "today", "--every", "week", "--remind", "0")
    for words in (["done", 1], ["snooze", 1, "friday"], ["edit", 1, "--not-for", 1, "--due", "none"], ["rm", 1]):
        before = two.ok("task", "list", "--all")
        two.ok("task", *words)
        after = two.ok("task", "list", "--all")
        two.ok("undo")
        assert two.ok("task", "list", "--all") == before
        two.ok("redo")
        assert two.ok("task", "list", "--all") == after
        two.ok("undo")
    two.ok("task", "done", 1)
    names = [operation["name"] for operation in two.ok("history", 1) if operation["kind"] == "do"]
    assert {"task add", "task done", "task rm"} <= set(names)
    assert "task done" not in [operation["name"] for operation in two.ok("history", 2)]


def test_who_is_merged_or_folded_takes_the_tasks_along(two: Any) -> None:
    two.add("person", "Anna B.")
    added(two, 1, 3, "both")
    added(two, 3, "other's")
    two.ok("keep", 3, "30d")
    two.ok("merge", 1, 3)
    assert [t["text"] for t in two.ok("task", "list", "--of", 1)] == ["both", "other's"]
    assert [e["id"] for e in two.ok("task", "show", 1)["entities"]] == [1]
    assert [(k["id"], k["days"]) for k in two.ok("keep", "list")] == [(1, 30)]
    two.ok("undo")
    assert [t["text"] for t in two.ok("task", "list", "--of", 1)] == ["both"]
    lead = two.add("lead", "Anna Bianchi", "--email", "anna@bianchi.it")
    added(two, lead, "of the lead")
    two.ok("qualify", lead, "--override", "known", "--prospect", 1)
    assert "of the lead" in [t["text"] for t in two.ok("task", "list", "--of", 1)]


def test_filters_know_tasks(two: Any) -> None:
    two.add("person", "Carla")
    added(two, 1, "Call about the offer", "--due", "yesterday")
    added(two, 1, 2, "Send minutes", "--due", "tomorrow 9am")
    two.ok("keep", 2, "90d")

    def found(*terms: str) -> list[int]:
        return sorted(entity["id"] for entity in two.ok("list", *terms))

    assert found("task:any") == [1, 2]
    assert found("task:none") == [3]
    assert found("tasks:2..") == [1]
    assert found("tasks=0") == [3]
    assert found("task:OFFER") == [1]
    assert found("due:..yesterday") == [1]
    assert found("due:tomorrow") == found("due:2026-11-23") == [1, 2]
    assert found("due:none") == [3]
    assert found("keep:30..") == [2]
    assert [row["due"] for row in two.ok("list", "sort:due", "--columns", "name,due")][:1] == ["2026-11-21"]
    two.refused(2, "list", "due:soon")
    two.ok("task", "done", 1, 2)
    assert found("task:any") == found("due:..2030") == []


def test_show_prints_open_tasks(two: Any) -> None:
    added(two, 1, "Call", "--due", "tomorrow 9am")
    assert "1\ttask\t1 2026-11-23 09:00 Call\n" in two("show", 1).out
    assert "Call" in two("show", 1, "--format", "table").out
    two.ok("task", "done", 1)
    assert "Call" not in two("show", 1).out


def test_tasks_and_keeps_go_with_the_export(two: Any, tmp_path: Any, monkeypatch: Any) -> None:
    added(two, "about nobody")
    added(two, 1, 2, "Call", "--due", "monday 9am", "--every", "week", "--remind", "1h", "--remind", "1d")
    added(two, 2, "Send", "--priority", "l")
    two.ok("task", "done", 2)
    two.ok("keep", 1, "90d")
    two.ok("export", "--all", "--format", "json", "-o", tmp_path / "a.json")
    tasks = [task for task in two.ok("task", "list", "--all") if task["entities"]]
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "second.db"))
    assert two.ok("import", tmp_path / "a.json")["rejected"] == 0
    assert two.ok("task", "list", "--all") == tasks
    assert two.ok("keep", "list")[0]["days"] == 90
    two.ok("export", "--all", "--format", "json", "-o", tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert two.ok("import", tmp_path / "b.json")["operation"] is None


def test_a_dry_run_writes_nothing(two: Any) -> None:
    assert two.ok("task", "add", 1, "x", "--due", "today", "--dry-run")["operation"] is None
    assert two.ok("keep", 1, "90d", "--dry-run")["operation"] is None
    assert two.ok("task", "list") == two.ok("keep", "list") == []


def test_a_calendar_goes_to_a_file_or_to_standard_output(two: Any, tmp_path: Any) -> None:
    icalendar = pytest.importorskip("icalendar")
    added(two, 1, "Call", "--due", "tomorrow 9am", "--remind", "1h")
    added(two, "no date")
    added(two, 2, "gone", "--due", "today")
    two.ok("task", "done", 3)
    file = tmp_path / "tasks.ics"
    assert two.ok("task", "export", "-o", file) == {"exported": 2, "format": "ics", "file": str(file)}
    assert file.stat().st_mode & 0o777 == 0o600
    text = two("task", "export", "--format", "ics").out
    assert text.encode() == file.read_bytes()
    assert [str(t["SUMMARY"]) for t in icalendar.Calendar.from_ical(text).walk("VTODO")] == ["Call", "no date"]
    assert two.ok("task", "export", "-o", file, "--events")["exported"] == 1
    assert two.ok("task", "export", "-o", file, "--all", "--of", "Acme")["exported"] == 1
    two.refused(2, "task", "export", "--format", "xls")
    for words in ([], ["-o", "-"]):
        assert two.refused(2, "task", "export", *words)["hint"].endswith("dkcrm task list --json")
    assert two("--format", "jsonl", "task", "export").out == ""
    two.refused(2, "task", "export", "-o", tmp_path / "test.db")
    two.refused(1, "task", "export", "-o", tmp_path / "none" / "tasks.ics")


def test_ten_thousand_tasks(two: Any, tmp_path: Any) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "test.db") as database:
        database.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
            " INSERT INTO task (uid, text, due, created_at) SELECT randomblob(16), 'Task ' || i,"
            " date('2026-11-01', (i % 60) || ' days'), '2026-11-01T00:00:00Z' FROM n"
        )
        database.execute("INSERT INTO task_entity (task_id, entity_id) SELECT id, 1 FROM task")
        database.execute("INSERT INTO reminder (task_id, ahead, at) SELECT id, 0, due || 'T08:00:00Z' FROM task")
    assert len(two.ok("task", "list")) == 10_000
    due = sum(number % 60 < 22 for number in range(1, 10_001))
    assert len(two.ok("agenda", "today")) == due
    assert len(two.ok("remind")) == due
    assert two.ok("remind") == []
    assert two("task", "export").out.count("BEGIN:VTODO") == 10_000


def test_what_the_agenda_costs_does_not_hang_on_how_many_entities_there_are(two: Any) -> None:
    import os

    from dkcrm.services.agenda import agenda
    from dkcrm.store import connection as opening

    session = Session(os.environ["DKCRM_DB"])
    added(two, 1, "x", "--due", "today")
    two.ok("keep", 2, "90d")
    asked: list[str] = []
    connection = opening.open_reading(session)
    connection.set_trace_callback(asked.append)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dkcrm.services.agenda.open_reading", lambda session: connection)
        agenda(session)
    connection = opening.open_reading(session)
    plan = [row[3] for sql in asked for row in connection.execute("EXPLAIN QUERY PLAN " + sql)]
    walked = [step.split()[1] for step in plan if step.startswith("SCAN")]
    assert plan and set(walked) <= {"k", "kept"}  # who is to be kept in touch with, and nobody else
