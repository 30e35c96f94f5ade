"""privacy export, log and retention: all that is held is given out, what was done is listed, and rules are kept."""

from __future__ import annotations

import json
import sqlite3
import stat
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

EVIL = "<script>alert('x')</script> & \"q\""


@pytest.fixture
def book(crm: Any, rome: Any, tmp_path: Path) -> Any:
    """Give a person with something of each kind around them, and a second one."""
    file = tmp_path / "people.csv"
    file.write_text("Name,Email,City\nAnna Bianchi,anna@bianchi.it,Roma\nBruno Neri,bruno@neri.it,Bari\n")
    crm.ok("import", file, "--type", "person", "--source", "fair")
    rome("2026-11-23T09:00:00Z")
    crm.ok("set", 1, "--title", "Chief", "--note", EVIL)
    crm.ok("set", 1, "--title", "Owner")
    crm.ok("log", 1, "email", "asked the price", "--in")
    crm.ok("purchase", 1, "Plan", "--amount", "10", "--currency", "EUR")
    crm.ok("task", "add", 1, "Call her", "--due", "2026-12-01")
    crm.add("person", "Anna B.", "--email", "ab@x.it")
    crm.ok("merge", 1, 3)
    database = sqlite3.connect(tmp_path / "test.db")
    with database:
        for sql in (
            "INSERT INTO campaign (uid, name, channel, purpose, basis, created_at)"
            " VALUES (randomblob(16), 'Spring', 'email', 'newsletter', 'contract', '2026-01-01')",
            "INSERT INTO campaign_member (campaign_id, entity_id, added_at) VALUES (1, 1, '2026-02-01')",
            "INSERT INTO consent (uid, entity_id, purpose, state, at, proof)"
            " VALUES (randomblob(16), 1, 'newsletter', 'given', '2026-01-05T00:00:00Z', 'web form')",
            "INSERT INTO consent (uid, entity_id, purpose, state, at, proof)"
            " VALUES (randomblob(16), 1, 'newsletter', 'withdrawn', '2026-06-05T00:00:00Z', NULL)",
            "INSERT INTO ticket (uid, entity_id, subject, opened_at)"
            " VALUES (randomblob(16), 1, 'Broken', '2026-03-01')",
            "INSERT INTO ticket_event (ticket_id, at, kind, text)"
            " VALUES (1, '2026-03-02', 'note', 'waiting for parts')",
            "INSERT INTO interaction (uid, entity_id, at, direction, channel, text, ticket_id)"
            " VALUES (randomblob(16), 1, '2026-03-01T10:00:00Z', 'in', 'email', 'it broke', 1)",
        ):
            database.execute(sql)
    database.close()
    return crm


def test_all_that_is_held_is_in_the_json(book: Any, tmp_path: Path) -> None:
    data = book.ok("privacy", "export", "anna@bianchi.it")
    assert (data["person"]["name"], data["made_at"], data["made_by"]) == (
        "Anna Bianchi",
        "2026-11-23T09:00:00Z",
        "tester",
    )
    assert {one["value"] for one in data["person"]["emails"]} == {"anna@bianchi.it", "ab@x.it"}
    assert [one["product"] for one in data["person"]["purchases"]] == ["Plan"]
    assert {one["text"] for one in data["person"]["interactions"]} == {"asked the price", "it broke"}
    assert [one["text"] for one in data["person"]["tasks"]] == ["Call her"]
    assert data["merged"] == [3]
    assert data["purposes"] == [
        {"purpose": "newsletter", "consent": "withdrawn", "since": "2026-06-05T00:00:00Z", "basis": "contract"}
    ]
    assert [one["proof"] for one in data["consents"]] == ["web form", None]
    (ticket,) = data["tickets"]
    assert (ticket["subject"], ticket["messages"][0]["text"], ticket["events"][0]["text"]) == (
        "Broken", "it broke", "waiting for parts",
    )  # fmt: skip
    assert data["campaigns"][0]["name"] == "Spring"
    source = {one["field"]: one for one in data["sources"] if one["value"] != "ab@x.it"}
    assert (source["email"]["file"], source["job_title"]["operation"]) == (str(tmp_path / "people.csv"), "3 set")
    titles = [
        (value["before"], value["after"])
        for one in data["history"]
        for value in one["values"]
        if value["field"] == "job_title"
    ]
    assert titles == [(None, "Chief"), ("Chief", "Owner")]
    # Nothing of the other one, not even in a command.
    assert "bruno" not in json.dumps(data).lower() and "neri" not in json.dumps(data).lower()


class Page(HTMLParser):
    """Reads a page: its tags, their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _value in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_nothing_of_somebody_is_given_out_with_whom_they_were_one_by_mistake(crm: Any) -> None:
    crm.add("person", "Ann One", "--note", "herself", "--title", "Chief")
    crm.add("person", "Bob Two", "--email", "bob@two.it", "--phone", "3339876543", "--note", "bob has debts")
    crm.ok("log", 2, "call", "bob called", "--in")
    crm.ok("merge", "bob@two.it", 1, "--into", 1)
    assert "bob has debts" in json.dumps(crm.ok("privacy", "export", 1))
    crm.ok("undo")
    held = [json.dumps(crm.ok("privacy", "export", number)).lower() for number in (1, 2)]
    assert "bob" not in held[0] and "9876543" not in held[0] and "herself" in held[0]
    assert "herself" not in held[1] and "chief" not in held[1] and held[1].count("bob has debts") >= 2
    assert [one["name"] for one in crm.ok("privacy", "export", 1)["history"]] == ["add person", "merge", "undo"]


def test_the_files_are_whole_private_and_say_the_same(book: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    told = book.ok("privacy", "export", 1, "-o", out)
    assert [Path(path).name for path in told["files"]] == ["person-1.json", "person-1.html"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600} and len(list(out.iterdir())) == 2
    assert json.loads((out / "person-1.json").read_text())["person"]["name"] == "Anna Bianchi"
    text = (out / "person-1.html").read_text()
    page = Page(text)
    assert not {"script", "img", "link", "a", "iframe", "form"} & set(page.tags)
    assert not {"src", "href"} & set(page.attributes) and "http" not in text.replace("http-equiv", "")
    shown = "\n".join(page.text)
    for word in (
        "Anna Bianchi", EVIL, "newsletter", "withdrawn", "web form", "Broken", "it broke", "Spring", "Plan", "Call her",
        "Chief → Owner", "people.csv",
    ):  # fmt: skip
        assert word in shown, word


@pytest.mark.parametrize("name", ["her.json", "her.html"])
def test_a_file_gets_what_its_ending_says(book: Any, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert book.ok("privacy", "export", 1, "-o", path)["files"] == [str(path)]
    assert path.read_text().startswith("{" if name.endswith("json") else "<!doctype html>")


def test_bad_targets_and_references_write_nothing(book: Any, tmp_path: Path) -> None:
    for target in (tmp_path / "her.pdf", tmp_path / "nowhere" / "", tmp_path / "nowhere", "", tmp_path / "test.db"):
        book.refused(2, "privacy", "export", 1, "-o", target)
    book.refused(1, "privacy", "export", 1, "-o", tmp_path / "nowhere" / "her.json")
    book.refused(3, "privacy", "export", 99)
    assert book.ok("privacy", "log", "--limit", 0)[0]["event"] == "consent withdrawn"


def test_controls_in_data_do_not_reach_the_page(book: Any, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "test.db") as database:
        database.execute("UPDATE interaction SET text = ?", ("a\x1b[31mb\u202ec\x00d",))
    path = tmp_path / "her.html"
    book.ok("privacy", "export", 1, "-o", path)
    text = path.read_text()
    assert not {"\x1b", "\u202e", "\x00"} & set(text) and "a\ufffd[31mb" in text


def test_a_table_says_where_each_value_came_from_and_gives_nothing_out(book: Any) -> None:
    rows = [line.split("\t") for line in book("privacy", "export", 1).out.splitlines()]
    assert ["email", "anna@bianchi.it", "2026-11-22T09:00:00Z", "1 import"] in [row[:4] for row in rows]
    assert "exported" not in {one["event"] for one in book.ok("privacy", "log")}


def test_the_log_has_erasures_exports_and_consents_newest_first(book: Any, rome: Any, tmp_path: Path) -> None:
    rome("2026-11-24T09:00:00Z")
    book.ok("privacy", "export", 2)
    rome("2026-11-25T09:00:00Z")
    book.ok("privacy", "export", 1, "-o", tmp_path)
    rome("2026-11-26T09:00:00Z")
    book.ok("privacy", "erase", 2, "--reason", "asked", "--yes")
    assert [(one["event"], one["id"], one["what"], one["actor"]) for one in book.ok("privacy", "log")] == [
        ("erased", 2, "asked", "tester"), ("exported", 1, None, "tester"), ("exported", 2, None, "tester"),
        ("consent withdrawn", 1, "newsletter", None), ("consent given", 1, "newsletter", None),
    ]  # fmt: skip
    assert len(book.ok("privacy", "log", "-n", 2)) == 2
    # What has happened cannot be undone: an undo goes past an export.
    book.refused(4, "undo")
    book.ok("privacy", "erase", 1, "--yes")
    assert [one["event"] for one in book.ok("privacy", "log")] == ["erased", "erased", "erased", "exported", "exported"]


def test_nothing_was_done_yet(crm: Any) -> None:
    assert crm.ok("privacy", "log") == [] and "nothing yet" in crm("privacy", "log").err


# Retention


def test_rules_are_kept_undone_and_taken_away(crm: Any) -> None:
    assert crm.ok("privacy", "retention", "list") == [] and crm.ok("privacy", "retention") == []
    told = crm.ok("privacy", "retention", "add", "Lead inactive 24m")
    assert (told["operation"], told["rule"]["rule"]) == (1, "lead inactive 24m")
    crm.ok("privacy", "retention", "add", "all inactive 10y")
    assert crm.refused(4, "privacy", "retention", "add", "lead  inactive 24m")["error"] == "already"
    crm.refused(2, "privacy", "retention", "add", "lead")
    crm.refused(3, "privacy", "retention", "rm", "lead inactive 2y")
    assert [one["rule"] for one in crm.ok("privacy", "retention", "list")] == ["lead inactive 24m", "all inactive 10y"]
    crm.ok("privacy", "retention", "rm", "lead inactive 24m")
    crm.ok("undo")
    crm.ok("undo")
    assert crm("privacy", "retention", "list").out == "lead inactive 24m\n"
    crm.ok("redo")
    crm.ok("privacy", "retention", "add", "person inactive 2d", "--dry-run")
    assert [one["inactive"] for one in crm.ok("privacy", "retention", "list")] == ["24m", "10y"]
    assert crm("doctor").code == 0


@pytest.fixture
def aged(crm: Any, rome: Any) -> Any:
    """Give leads and a person who were last heard of at different times; it is 22 November 2026."""
    rome("2023-01-10T09:00:00Z")
    for name in ("Silent", "Wrote", "Bought", "Changed", "Removed"):
        crm.add("lead", name)
    crm.add("person", "Customer")
    rome("2023-02-10T09:00:00Z")
    crm.ok("rm", 5)
    rome("2026-06-01T09:00:00Z")
    crm.ok("log", 2, "email", "hello", "--in")
    crm.ok("set", 4, "--source", "web")
    rome("2026-11-22T09:00:00Z")
    return crm


def test_who_is_over_is_reported_the_longest_first(aged: Any, tmp_path: Path) -> None:
    # What was entered later may have happened earlier, and the other way round.
    with sqlite3.connect(tmp_path / "test.db") as database:
        database.execute(
            "INSERT INTO purchase (uid, entity_id, product, bought_on) VALUES (randomblob(16), 3, 'Plan', '2026-01-01')"
        )
    aged.ok("privacy", "retention", "add", "lead inactive 24m")
    assert [(row["id"], row["last"], row["rule"]) for row in aged.ok("privacy", "retention")] == [
        (1, "2023-01-10T09:00:00Z", "lead inactive 24m"), (5, "2023-02-10T09:00:00Z", "lead inactive 24m"),
    ]  # fmt: skip
    aged.ok("privacy", "retention", "add", "all inactive 1m")
    rows = aged.ok("privacy", "retention")
    assert [row["id"] for row in rows] == [1, 6, 5, 3, 2, 4] and len({row["id"] for row in rows}) == 6
    assert "6 are over" in aged("privacy", "retention").err


def test_they_are_erased_when_it_is_said_twice(aged: Any, tmp_path: Path) -> None:
    aged.ok("privacy", "retention", "add", "lead inactive 24m")
    error = aged.refused(4, "privacy", "retention", "--erase")
    assert (error["error"], "--yes" in error["hint"]) == ("not_sure", True)
    assert aged.ok("privacy", "retention", "--erase", "--dry-run")["rows"] == {"entity": 3}
    assert len(aged.ok("list", "--all")) == 6
    told = aged.ok("privacy", "retention", "--erase", "--yes")
    assert [one["id"] for one in told["erased"]] == [1, 3, 5]
    assert told["erased"][0]["reason"] == "retention: lead inactive 24m"
    assert sorted(row["id"] for row in aged.ok("list", "--all")) == [2, 4, 6]
    assert aged.refused(3, "show", 5)["message"].endswith("(retention: lead inactive 24m)")
    assert aged.ok("privacy", "retention", "--erase", "--yes")["erased"] == []
    assert aged.refused(4, "undo")["error"] == "erased"
    assert aged("doctor").code == 0
    assert b"Silent" not in (tmp_path / "test.db").read_bytes()


def test_rules_that_are_none_any_more_are_passed_over(aged: Any, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "test.db") as database:
        database.execute(
            "INSERT INTO setting (name, value) VALUES ('retention', '[\"nonsense\", \"all inactive 3y\"]')"
        )
    assert [row["id"] for row in aged.ok("privacy", "retention")] == [1, 3, 6, 5]
