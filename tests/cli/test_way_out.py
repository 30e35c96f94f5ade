"""export --all to a directory: all that a user entered as plain text, and all of it back from there."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def book(crm: Any) -> Any:
    """Give a database that has something of all that is around nobody, and somebody."""
    crm.ok("field", "add", "size", "--kind", "choice", "--choice", "small,very large")
    crm.ok("field", "add", "age", "--kind", "int")
    crm.add("lead", "Anna Élodie", "--org", "Élodie S.r.l.", "--source", "fair", "--tag", "vip", "--field", "age=7")
    crm.ok("log", 1, "email", "hello", "--in")
    crm.ok("segment", "save", "warm", "lead", "tag:vip")
    crm.ok("segment", "save", "warmer", "@warm", "age:5..")
    crm.ok("product", "add", "Gold plan", "--amount", "12.5", "--currency", "EUR", "--note", "never sold")
    crm.ok("product", "add", "Old plan")
    crm.ok("product", "rm", "Old plan")
    crm.ok("campaign", "add", "Alone; 2026", "--cost", "99.90", "--basis", "contract")
    crm.ok("criteria", "edit", "budget", "--side", "person", "--question", "Money?", "--rule", "age:5..")
    crm.ok("criteria", "rm", "authority")
    crm.ok("criteria", "add", "extra", "--side", "both")
    crm.ok("privacy", "retention", "add", "lead inactive 24m")
    crm.ok("task", "add", "Check the invoices", "--due", "2026-12-31", "--every", "month", "--remind", "2d")
    crm.ok("config", "types", "simple")
    return crm


@pytest.fixture
def out(book: Any, tmp_path: Path) -> Path:
    book.ok("export", "--all", "-o", f"{tmp_path / 'out'}/")
    return tmp_path / "out"


def rest(directory: Path) -> Any:
    """Return what a directory says beside its entities and its history."""
    return json.loads((directory / "dkcrm.json").read_text("utf-8"))


def asked(crm: Any) -> dict[str, Any]:
    """Return what the lists of a database say of all that is around nobody."""
    return {
        "fields": crm.ok("field", "list"), "segments": crm.ok("segment", "list"), "types": crm.ok("config", "types"),
        "products": crm.ok("product", "list", "--all"), "campaigns": crm.ok("campaign", "list"),
        "criteria": crm.ok("criteria", "list"), "retention": crm.ok("privacy", "retention", "list"),
        "tasks": crm.ok("task", "list"),
    }  # fmt: skip


def test_all_of_it_comes_back_in_one_operation(book: Any, out: Path, tmp_path: Path) -> None:
    there, people = asked(book), book.ok("list", "--all")
    other = ("--db", tmp_path / "other.db")

    def crm(*words: Any) -> Any:
        return book(*words, *other)

    crm.ok = lambda *words: book.ok(*words, *other)  # type: ignore[attr-defined]
    done = crm.ok("import", out)
    assert done["beside"] == {
        "field": 2, "criterion": 4, "campaign": 1, "task": 1, "segment": 2, "product": 2, "setting": 2,
    }  # fmt: skip
    assert asked(crm) == there and crm.ok("list", "--all") == people
    assert crm.ok("import", out)["operation"] is None
    assert "unchanged" in crm("import", out).err and crm("doctor").code == 0
    crm.ok("undo")
    empty = asked(crm)
    assert not any(empty[name] for name in ("fields", "segments", "products", "campaigns", "retention", "tasks"))
    assert empty["types"]["profile"] == "full" and len(empty["criteria"]) == 5 and crm.ok("list", "--all") == []
    crm.ok("redo")
    assert asked(crm) == there and crm.ok("list", "--all") == people


def test_the_files_are_for_their_owner_alone(book: Any, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        done = book.ok("export", "--all", "-o", f"{tmp_path / 'out'}/")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    files = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in (tmp_path / "out").iterdir()}
    assert files == dict.fromkeys(("dkcrm.json", "entities.json", "history.jsonl"), "0o600")
    assert done["exported"] == 1 and sorted(Path(file).name for file in done["files"]) == sorted(files)
    # Again, into what it wrote itself; and what was there is replaced.
    book.add("lead", "Bruno", "--source", "web")
    run = book("export", "--all", "-o", tmp_path / "out", "--format", "json")
    assert run.code == 0 and "2 entities" in run.err and len(run.out.splitlines()) == 3
    assert [one["name"] for one in json.loads((tmp_path / "out/entities.json").read_text())][1:] == ["Bruno"]


def test_the_history_is_readable_and_whole(book: Any, out: Path) -> None:
    lines = [json.loads(line) for line in (out / "history.jsonl").read_text("utf-8").splitlines()]
    told = book.ok("history", "--limit", 0)
    assert [one["id"] for one in lines] == sorted(one["operation"] for one in told)
    edit = next(one for one in lines if one["name"] == "criteria edit")
    assert edit["changes"] == [
        {"table": "criterion", "row": 2, "before": {"question": "Do they have the means to buy our product or service?",
                                                    "rule": None}, "after": {"question": "Money?", "rule": "age:5.."}}
    ]  # fmt: skip
    added = next(change for one in lines for change in one["changes"] if change["table"] == "entity")
    assert added["after"]["uid"] == book.ok("show", 1)["uid"] and added["after"]["full_name"] == "Anna Élodie"


def test_nothing_of_who_was_erased_goes_out(book: Any, tmp_path: Path) -> None:
    number = book.add("lead", "Zenobia Quux", "--email", "zenobia@quux.it", "--source", "web", "--note", "hush-hush")
    book.ok("log", number, "phone", "secretword", "--in")
    book.ok("privacy", "consent", number, "give", "marketing", "--proof", "proofword")
    book.ok("privacy", "erase", number, "--reason", "asked by mail", "--yes")
    book.ok("export", "--all", "-o", f"{tmp_path / 'out'}/")
    text = "".join(path.read_text("utf-8") for path in (tmp_path / "out").iterdir())
    for token in ("enobia", "quux", "hush", "secretword", "proofword", "\\u001a"):
        assert token not in text, token
    (event,) = rest(tmp_path / "out")["privacy"]
    assert (event["event"], event["id"], event["what"]) == ("erased", number, "asked by mail")
    assert book.ok("import", tmp_path / "out")["operation"] is None


def test_it_is_one_state_of_the_database_and_only_all_of_it(book: Any, tmp_path: Path) -> None:
    for words in (["lead"], ["tag:vip"], ["--format", "csv"], ["--format", "vcard"]):
        run = book("export", "--all", "-o", f"{tmp_path / 'out'}/", *words)
        assert run.code == 2 and "all there is" in run.err and not (tmp_path / "out").exists()
    run = book("export", "-o", f"{tmp_path}/")
    assert run.code == 2 and "--all" in run.err
    run = book("export", "--all", "-o", tmp_path)  # the database lies in it
    assert run.code == 4 and "other files" in run.err
    assert not (tmp_path / "dkcrm.json").exists()
    run = book("export", "--all", "-o", f"{tmp_path}/no/such/")
    assert run.code == 1 and "Traceback" not in run.err


def test_an_empty_database_goes_out_and_comes_back(crm: Any, tmp_path: Path) -> None:
    crm.ok("export", "--all", "-o", f"{tmp_path / 'out'}/", "--db", tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()
    assert crm.ok("import", tmp_path / "out")["operation"] is None
    crm.ok("product", "add", "Alone")
    crm.ok("export", "--all", "-o", f"{tmp_path / 'out'}/")
    assert crm.ok("import", tmp_path / "out", "--db", tmp_path / "other.db")["beside"] == {"product": 1}
    assert [one["name"] for one in crm.ok("product", "list", "--db", tmp_path / "other.db")] == ["Alone"]


def test_what_is_there_stays_as_it_is(book: Any, out: Path, tmp_path: Path) -> None:
    db = ("--db", tmp_path / "other.db")
    book.ok("segment", "save", "warm", "person", *db)
    book.ok("product", "add", "GOLD PLAN", "--amount", "1", *db)
    book.ok("criteria", "edit", "market-fit", "--question", "Mine?", *db)
    book.ok("campaign", "add", "alone; 2026", *db)
    book.ok("config", "types", "lead,person,organization,target", *db)
    book.ok("field", "add", "age", "--kind", "text", *db)
    done = book.ok("import", out, *db)
    assert done["beside"] == {"field": 1, "criterion": 3, "task": 1, "segment": 1, "product": 1, "setting": 1}
    assert {one["name"]: one["filter"] for one in book.ok("segment", "list", *db)}["warm"] == "type=person"
    assert [one["name"] for one in book.ok("product", "list", *db)] == ["GOLD PLAN"]
    questions = {(one["name"], one["side"]): one["question"] for one in book.ok("criteria", "list", *db)}
    assert questions["market-fit", "person"] == "Mine?" and ("extra", "organization") in questions
    assert book.ok("config", "types", *db)["types"] == ["lead", "person", "target", "organization"]
    assert {one["name"]: one["kind"] for one in book.ok("field", "list", *db)}["age"] == "text"
    assert book.ok("import", out, *db)["operation"] is None


def test_types_of_which_others_are_there_stay_in_use(book: Any, out: Path, tmp_path: Path) -> None:
    db = ("--db", tmp_path / "other.db")
    book.ok("add", "suspect", "Sue", *db)
    run = book("import", out, *db)
    assert run.code == 0 and "types" in run.err and "suspect" in run.err
    assert book.ok("config", "types", *db)["profile"] == "full" and len(book.ok("list", *db)) == 2


def test_a_dry_run_says_what_would_come_and_writes_nothing(book: Any, out: Path, tmp_path: Path) -> None:
    run = book("import", out, "--dry-run", "--db", tmp_path / "other.db")
    assert run.code == 0 and "2 segments" in run.err and not (tmp_path / "other.db").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("segments", [{"name": "x", "filter": "nosuch((("}]),
        ("segments", [{"name": "a b", "filter": "lead"}]),
        ("segments", [{"name": "x", "filter": "tag:a\x1b[31m"}]),
        ("segments", {"x": "lead"}),
        ("segments", [7]),
        ("products", [{"name": "P"}]),
        ("products", [{"uid": "'; DROP TABLE product; --", "name": "P", "service": False, "amount": None,
                       "currency": None, "notes": "", "removed_at": None}]),
        ("fields", [{"name": "email", "kind": "text", "side": "both", "choices": None}]),
        ("fields", [{"name": "f", "kind": "choice", "side": "both", "choices": None}]),
        ("fields", [{"name": "f", "kind": "blob", "side": "both", "choices": None}]),
        ("criteria", [{"name": "c", "side": "both", "question": "?", "rule": None, "removed_at": None}]),
        ("settings", ["types"]),
        ("settings", {"types": 7}),
        ("dkcrm", 99),
        ("dkcrm", "1"),
    ],
)  # fmt: skip
def test_what_no_export_writes_is_refused_whole(book: Any, out: Path, tmp_path: Path, name: str, value: Any) -> None:
    said = rest(out) | {name: value}
    (out / "dkcrm.json").write_text(json.dumps(said))
    run = book("import", out, "--json", "--db", tmp_path / "other.db")
    assert run.code == 2 and "Traceback" not in run.err, run
    assert json.loads(run.err)["message"] and "\x1b" not in run.err
    assert not (tmp_path / "other.db").exists() or book.ok("list", "--db", tmp_path / "other.db") == []


@pytest.mark.parametrize("text", ["", "[]", "7", "{", '{"a":' * 100_000, "\xff", "null"])
def test_a_file_that_is_no_json_is_refused(book: Any, out: Path, tmp_path: Path, text: str) -> None:
    (out / "dkcrm.json").write_bytes(text.encode("latin-1"))
    run = book("import", out, "--db", tmp_path / "other.db")
    assert run.code == 2 and "dkcrm.json" in run.err and "Traceback" not in run.err
    # The people are to be had all the same.
    assert book.ok("import", out / "entities.json", "--db", tmp_path / "other.db")["created"] == 1


def test_settings_that_this_program_does_not_know_are_left_out(book: Any, out: Path, tmp_path: Path) -> None:
    said = rest(out)
    said["settings"] = {"types": "no,such", "retention": "[7]", "colour": "red"}
    said["later"] = [{"anything": 1}]
    (out / "dkcrm.json").write_text(json.dumps(said))
    done = book.ok("import", out, "--db", tmp_path / "other.db")
    assert "setting" not in done["beside"] and done["created"] == 1
    assert book.ok("config", "types", "--db", tmp_path / "other.db")["profile"] == "full"


def test_an_export_of_the_first_kind_still_reads(crm: Any, tmp_path: Path) -> None:
    """A JSON file from before there were directories, campaigns, tickets and consents."""
    uid = "0199c0de-0000-7000-8000-00000000000{}".format
    first = {
        "id": 4, "uid": uid(1), "type": "person", "party": "person", "state": "active", "name": "Anna Bianchi",
        "first_name": None, "last_name": None, "organization": None, "job_title": None, "vat_id": None,
        "tax_code": None, "source": "web", "tags": ["vip"], "emails": [], "phones": [], "addresses": [], "links": [],
        "fields": {"budget": "5000"}, "field_types": {"budget": {"kind": "money", "side": "both", "choices": None}},
        "notes": "", "memberships": [], "created_at": "2025-01-01T09:00:00Z", "updated_at": "2025-02-01T09:00:00Z",
        "interactions": [{"uid": uid(2), "at": "2025-01-02T09:00:00Z", "direction": "in", "channel": "email",
                          "subject": None, "text": "hi", "key": None}],
        "purchases": [{"uid": uid(3), "also": None, "product": "Plan", "service": False, "amount": "10.00",
                       "currency": "EUR", "on": "2025-01-03", "voided_at": None}],
    }  # fmt: skip
    (tmp_path / "old.json").write_text(json.dumps([first]))
    crm.ok("import", tmp_path / "old.json")
    assert crm.ok("show", 4)["name"] == "Anna Bianchi" and crm.ok("show", 4)["fields"] == {"budget": "5000"}
    assert crm.ok("import", tmp_path / "old.json")["operation"] is None
    (again,) = crm.ok("export", "--all")
    assert [one["text"] for one in again["interactions"]] == ["hi"] and again["purchases"][0]["product"] == "Plan"


def test_a_number_between_others_that_leads_to_one_of_them_comes_back_sound(crm: Any, tmp_path: Path) -> None:
    for name in ("Anna", "Anna B.", "Luca"):
        crm.add("lead", name, "--source", "web")
    crm.ok("merge", 1, 2)
    file, other = tmp_path / "all.json", ("--db", tmp_path / "other.db")
    crm.ok("export", "--all", "--format", "json", "-o", file)
    crm.ok("import", file, *other)
    for command in (None, "undo", "redo"):
        if command:
            crm.ok(command, *other)
        assert crm.ok("doctor", *other) == []
    assert [crm.ok("show", number, *other)["id"] for number in (1, 2, 3)] == [1, 1, 3]
    assert crm.ok("history", 1, *other)[-1]["name"] == "import"


def count(database: Path, table: str) -> int:
    connection = sqlite3.connect(database)
    try:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    finally:
        connection.close()


def test_what_came_in_by_a_file_is_known_where_it_comes_back(crm: Any, tmp_path: Path) -> None:
    people, cards = tmp_path / "people.csv", tmp_path / "cards.vcf"
    people.write_text("Name,Phone,City\nAnn Lee,02 1234567,Rome\nBob Lee,,Milan\nR. Lee,,Turin\nAnn Lee,,Rome\n")
    cards.write_text(
        "".join(f"BEGIN:VCARD\nVERSION:3.0\nUID:u{n}\nFN:Maria Bianchi\nNOTE:{n}\nEND:VCARD\n" for n in (1, 2, 3))
    )
    for file, created in ((people, 4), (cards, 3)):
        assert crm.ok("import", file, "--type", "person")["created"] == created
    crm.ok("merge", 2, 3)
    crm.ok("merge", 6, 7)
    crm.ok("merge", 5, 6)
    crm.ok("export", "--all", "-o", f"{tmp_path / 'out'}/")
    before = (tmp_path / "out" / "entities.json").read_bytes()
    other = ("--db", tmp_path / "other.db")
    crm.ok(*other, "import", tmp_path / "out")
    for file, rows in ((people, 4), (cards, 3)):
        again = crm.ok(*other, "import", file, "--type", "person")
        assert (again["unchanged"], again["operation"]) == (rows, None)
    cards.write_text(cards.read_text().replace("FN:Maria Bianchi\nNOTE:2", "FN:Maria Bianchi\nROLE:Boss\nNOTE:2"))
    changed = crm.ok(*other, "import", cards, "--type", "person")
    assert (changed["created"], changed["filled"], changed["unchanged"]) == (0, 1, 2)
    crm.ok(*other, "undo")
    crm.ok(*other, "export", "--all", "-o", f"{tmp_path / 'again'}/")
    assert (tmp_path / "again" / "entities.json").read_bytes() == before
    for table in ("identity", "imported_row", "card"):
        assert count(tmp_path / "other.db", table) == count(tmp_path / "test.db", table) > 0
    for database in ((), other):
        for directory in ("out", "again"):
            assert crm.ok(*database, "import", tmp_path / directory)["operation"] is None


def test_the_rows_of_a_directory_come_to_who_is_there_already(crm: Any, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("Name,Phone\nAnn Lee,02 1234567\n")
    crm.ok("import", tmp_path / "in.csv", "--type", "person")
    crm.ok("export", "--format", "json", "-o", tmp_path / "one.json")
    crm.ok("export", "--all", "-o", f"{tmp_path / 'out'}/")
    other = ("--db", tmp_path / "other.db")
    crm.ok(*other, "import", tmp_path / "one.json")
    crm.ok(*other, "import", tmp_path / "out")
    assert crm.ok(*other, "import", tmp_path / "in.csv", "--type", "person")["unchanged"] == 1
    assert crm.ok(*other, "import", tmp_path / "out")["operation"] is None
