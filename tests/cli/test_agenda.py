"""The agenda, keeping in touch, and reminders: each is given once."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest

NOW = "2026-11-22T09:00:00Z"


pytestmark = pytest.mark.usefixtures("rome")


@pytest.fixture
def busy(crm: Any) -> Any:
    """Return the program with tasks of every day."""
    crm.add("person", "Anna Bianchi")
    for due in ("2026-11-20", "2026-11-22 09:30", "today", "18:00", "friday", "2026-12-24"):
        crm.ok("task", "add", 1, due, "--due", due)
    crm.ok("task", "add", "no date")
    return crm


def parts(crm: Any, *words: Any) -> list[tuple[str, str]]:
    return [(entry["part"], entry["text"]) for entry in crm.ok("agenda", *words)]


OVERDUE = [("overdue", "2026-11-20"), ("overdue", "2026-11-22 09:30")]
TODAY = [("today", "today"), ("today", "18:00")]


def test_the_agenda_has_what_is_overdue_due_today_and_coming(busy: Any) -> None:
    assert parts(busy) == [*OVERDUE, *TODAY, ("coming", "friday")]
    assert parts(busy, "today") == parts(busy, "oggi") == [*OVERDUE, *TODAY]
    assert parts(busy, "week") == [*OVERDUE, *TODAY]  # it is Sunday
    assert parts(busy, "overdue") == OVERDUE
    assert parts(busy, "2026-12-24") == parts(busy, "24 dicembre") == [("coming", "2026-12-24")]
    assert parts(busy, "next-month") == [("coming", "2026-12-24")]
    busy.refused(2, "agenda", "31 feb")
    assert busy("agenda", "today").out.splitlines()[3] == "today\t2026-11-22 18:00\t4\t\t18:00\tAnna Bianchi"


def test_an_agenda_with_nothing_in_it_is_quiet(crm: Any) -> None:
    for words in ([], ["--format", "table"], ["--format", "csv"], ["--format", "tsv"]):
        done = crm("agenda", "--quiet", *words)
        assert (done.code, done.out, done.err) == (0, "", "")
    assert crm.ok("agenda", "--quiet") == []
    assert "nothing is due" in crm("agenda").err
    crm.ok("task", "add", "x", "--due", "today")
    assert "x" in crm("agenda", "--quiet", "--format", "table").out


def test_who_was_not_contacted_for_so_long_is_in_it(crm: Any, rome: Any) -> None:
    rome("2026-01-01T09:00:00Z")
    for name in ("Anna", "Bruno", "Carla", "Dario"):
        crm.add("person", name)
    crm.add("organization", "Acme")
    crm.ok("link", 3, 5)
    crm.ok("keep", 1, 2, 5, "90d")
    crm.ok("keep", 4, "10d")
    assert crm.ok("agenda") == []
    crm.ok("log", 2, "call", "x", "--at", "2026-11-01T09:00:00Z")
    crm.ok("log", 3, "email", "x", "--in", "--at", "2026-08-25T09:00:00Z")
    crm.ok("set", 4, "--state", "inactive")
    rome(NOW)
    first, second = crm.ok("agenda")
    assert (first["part"], first["entities"][0]["name"], first["due"]) == ("contact", "Anna", "2026-04-01")
    assert first["text"] == "never contacted, every 90 days"
    # With a member of the organization somebody spoke in August: its day is coming.
    assert (second["entities"][0]["name"], second["due"]) == ("Acme", "2026-11-23")
    assert [entry["entities"][0]["name"] for entry in crm.ok("agenda", "overdue")] == ["Anna"]
    assert [row["name"] for row in crm.ok("keep", "list")] == ["Dario", "Anna", "Acme", "Bruno"]
    crm.ok("log", 1, "call", "x")
    crm.ok("keep", 5, "none")
    assert crm.ok("agenda") == []
    assert [row["name"] for row in crm.ok("keep", "list")] == ["Dario", "Bruno", "Anna"]


@pytest.mark.parametrize("every", ["", "soon", "0d", "-3d", "9999999d", "2 hours", "1.5d", "٣d"])
def test_days_that_are_none_are_wrong_usage(crm: Any, every: str) -> None:
    crm.add("person", "Anna")
    crm.refused(2, "keep", 1, every)
    crm.refused(2, "keep", 1)


@pytest.mark.parametrize(("every", "days"), [("90d", 90), ("90", 90), ("2 weeks", 14), ("3m", 90), ("un anno", 365)])
def test_days_in_words(crm: Any, every: str, days: int) -> None:
    crm.add("person", "Anna")
    assert crm.ok("keep", 1, every)["keeps"][0]["days"] == days


def test_what_is_of_the_removed_alone_is_left_out_until_they_are_back(crm: Any) -> None:
    crm.add("person", "Anna")
    crm.add("person", "Bruno")
    for words in ([1, "Anna's"], [1, 2, "of both"], ["nobody's"]):
        crm.ok("task", "add", *words, "--due", "yesterday", "--remind", "0")

    def told() -> list[list[str]]:
        calendar = [line[8:] for line in crm("task", "export").out.splitlines() if line.startswith("SUMMARY:")]
        listed = [task["text"] for task in crm.ok("task", "list")]
        reminded = [one["text"] for one in crm.ok("remind", "--dry-run")]
        return [[text for _part, text in parts(crm)], listed, reminded, calendar]

    assert told() == [["Anna's", "of both", "nobody's"]] * 4
    crm.ok("rm", 1)
    assert told() == [["of both", "nobody's"]] * 4
    assert len(crm.ok("task", "list", "--all")) == 3
    assert crm("task", "export", "--all").out.count("SUMMARY:") == 3
    assert len(crm.ok("task", "list", "--of", 1)) == 2
    crm.ok("task", "done", 1)
    assert crm.ok("task", "list", "--done") == []
    crm.ok("undo")
    crm.ok("restore", 1)
    assert told() == [["Anna's", "of both", "nobody's"]] * 4


# Reminders


@pytest.fixture
def call(crm: Any) -> Any:
    """Return the program with a task that is due at ten, of which to remind an hour before."""
    crm.add("person", "Anna Bianchi")
    crm.ok("task", "add", 1, "Call {due}; $(touch x) -n", "--due", "2026-11-22 10:30", "--remind", "1h")
    return crm


def test_a_reminder_is_printed_once(call: Any, rome: Any) -> None:
    rome("2026-11-22T08:29:59Z")
    assert call.ok("remind") == []
    rome("2026-11-22T08:30:00Z")
    assert call.ok("remind", "--dry-run")[0]["task"] == 1
    (one,) = call.ok("remind")
    assert (one["task"], one["at"], one["due"]) == (1, "2026-11-22T08:30:00Z", "2026-11-22T09:30:00Z")
    assert call.ok("remind") == []
    for words in ([], ["--format", "table"], ["--format", "csv"]):
        done = call("remind", *words)
        assert (done.code, done.out, done.err) == (0, "", "")


def test_neither_undo_nor_redo_makes_it_sound_again(call: Any) -> None:
    assert len(call.ok("remind")) == 1
    call.ok("task", "edit", 1, "--text", "x")
    call.ok("undo")
    call.ok("undo")
    call.ok("redo")
    assert call.ok("remind") == []
    assert "remind" not in [operation["name"] for operation in call.ok("history")]


def test_one_that_was_put_off_sounds_again_and_one_that_is_done_never(call: Any, rome: Any) -> None:
    assert len(call.ok("remind")) == 1
    call.ok("task", "snooze", 1, "tomorrow")
    assert call.ok("remind") == []
    rome("2026-11-23T09:00:00Z")
    assert len(call.ok("remind")) == 1
    call.ok("task", "snooze", 1, "tomorrow")
    call.ok("task", "done", 1)
    rome("2026-11-25T09:00:00Z")
    assert call.ok("remind") == []


def test_several_that_were_missed_are_one(crm: Any) -> None:
    crm.ok("task", "add", "x", "--due", "today", "--remind", "0", "--remind", "1d", "--remind", "1w")
    assert [one["at"] for one in crm.ok("remind")] == ["2026-11-22T08:00:00Z"]  # nine in Rome
    assert crm.ok("remind") == []


def test_whole_days_ahead_are_days_of_the_clock(crm: Any, tmp_path: Path) -> None:
    # On the night between them Rome goes from +01:00 to +02:00.
    crm.ok("task", "add", "x", "--due", "2027-03-28 12:00", "--remind", "1d", "--remind", "24h", "--remind", "25h")
    with sqlite3.connect(tmp_path / "test.db") as database:
        found = dict(database.execute("SELECT ahead, at FROM reminder"))
    assert found == {86400: "2027-03-27T11:00:00Z", 90000: "2027-03-27T09:00:00Z"}


class FullDisk:
    """A standard output that takes nothing."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")

    def flush(self) -> None:
        raise OSError(28, "No space left on device")

    def isatty(self) -> bool:
        return False


def test_what_could_not_be_printed_is_given_at_the_next_run(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from dkcrm.cli import app

    monkeypatch.setattr(app, "_give_up_stdout", lambda: None)
    with monkeypatch.context() as full:
        full.setattr(sys, "stdout", FullDisk())
        assert app.run(["remind"]) == 1
    assert len(call.ok("remind")) == 1


def script(directory: Path, text: str) -> Path:
    """Write a program that a shell runs."""
    path = directory / "run"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_a_command_gets_the_text_as_an_argument(call: Any, tmp_path: Path) -> None:
    log = tmp_path / "log"
    run = script(tmp_path, f'printf "%s|" "$@" "$DKCRM_TEXT" "$DKCRM_WHO" "$DKCRM_ID" >> {log}')
    assert len(call.ok("remind", "--exec", f"{run} --at={{due}} {{text}}")) == 1
    text = "Call {due}; $(touch x) -n"
    assert log.read_text() == f"--at=2026-11-22 10:30|{text}|{text}|Anna Bianchi|1|"
    assert call.ok("remind", "--exec", str(run)) == []
    assert not (tmp_path / "x").exists()


def test_what_a_command_was_given_is_printed_only_where_a_format_is_asked_for(crm: Any) -> None:
    def due(text: str) -> None:
        crm.ok("task", "add", text, "--due", "today", "--remind", "0")

    due("a")
    assert crm("remind", "--exec", "true", "--dry-run").out == "2026-11-22\t1\ta\t\n"
    assert crm("remind", "--exec", "true") == (0, "", "")
    assert crm.ok("remind") == []
    due("b")
    assert crm("remind", "--exec", "true", "--quiet") == (0, "", "")
    due("c")
    assert [one["text"] for one in crm.ok("remind", "--exec", "true")] == ["c"]
    due("d")
    assert crm("remind", "--exec", "true", "--format", "csv").out.splitlines()[1] == "2026-11-22,4,d,"


def test_without_a_mark_the_text_comes_last(call: Any, tmp_path: Path) -> None:
    log = tmp_path / "log"
    run = script(tmp_path, f'echo "$1/$2" > {log}')
    call.ok("remind", "--exec", f"{run} -u")
    assert log.read_text() == "-u/Call {due}; $(touch x) -n\n"


def test_a_command_that_fails_is_tried_again(call: Any, tmp_path: Path) -> None:
    call.ok("task", "add", "Second", "--due", "2026-11-22 09:00", "--remind", "0")
    flag = tmp_path / "flag"
    run = script(tmp_path, f'test "$1" = Second || test -e {flag} || {{ echo not yet; exit 3; }}')
    done = call("remind", "--exec", f"{run} {{text}}", "--json")
    assert (done.code, [one["text"] for one in done.json]) == (1, ["Second"])
    assert "not yet" in done.err and "tried again" in done.err
    flag.touch()
    assert [one["task"] for one in call.ok("remind", "--exec", f"{run} {{text}}")] == [1]
    assert call.ok("remind", "--exec", f"{run} {{text}}") == []


@pytest.mark.parametrize(
    "command",
    ["", "'open", "no-such-command-at-all {text}", "sh -c 'echo {text}'", "/bin/bash -lc 'echo {who}'"],
)
def test_a_command_that_cannot_be_or_would_let_a_shell_read_the_text_is_refused(call: Any, command: str) -> None:
    call.refused(2, "remind", "--exec", command)
    assert len(call.ok("remind")) == 1


def test_a_shell_may_read_the_environment(call: Any, tmp_path: Path) -> None:
    log = tmp_path / "log"
    call.ok("remind", "--exec", f"sh -c 'echo \"$DKCRM_TEXT\" > {log}'")
    assert log.read_text() == "Call {due}; $(touch x) -n\n"


def test_runs_take_turns(call: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl = pytest.importorskip("fcntl")
    monkeypatch.setenv("DKCRM_WAIT", "0.1")
    with open(tmp_path / "test.db.remind-lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert call.refused(75, "remind")["error"] == "busy"
    assert len(call.ok("remind")) == 1


def test_of_many_runs_at_once_one_gives_the_reminder(crm: Any) -> None:
    import os
    import subprocess
    import sys

    crm.ok("task", "add", "x", "--due", "2020-01-01", "--remind", "0")
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "dkcrm", "remind"], stdout=subprocess.PIPE, text=True,
            env={**os.environ, "DKCRM_WAIT": "60"},
        )
        for _n in range(6)
    ]  # fmt: skip
    printed = [child.communicate()[0] for child in children]
    assert [child.returncode for child in children] == [0] * 6
    assert sorted(printed) == [""] * 5 + ["2020-01-01\t1\tx\t\n"]


def test_a_run_that_dies_before_it_is_done_gives_it_again(crm: Any, tmp_path: Path) -> None:
    """Rather twice than never: the command kills the run that called it."""
    import subprocess
    import sys

    crm.ok("task", "add", "x", "--due", "2020-01-01", "--remind", "0")
    run = script(tmp_path, f"echo given >> {tmp_path / 'log'}; kill -9 $PPID")
    done = subprocess.run([sys.executable, "-m", "dkcrm", "remind", "--exec", str(run)], check=False)
    assert done.returncode == -9
    assert len(crm.ok("remind")) == 1
    assert crm.ok("remind") == []
