"""privacy erase: nothing of somebody is left in any byte of any file, and nothing brings them back."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

#: More of them: DKCRM_TEST_CHURN=20000 pytest tests/cli/test_privacy_erase.py
CHURN = int(os.environ.get("DKCRM_TEST_CHURN", "60"))


class Tokens:
    """Words that are nowhere else: each is asked for once, and looked for in every file afterwards."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def __call__(self, kind: str = "") -> str:
        word = f"zq{len(self.words):02}{kind}xk"
        self.words.append(word)
        return word

    def phone(self) -> str:
        digits = f"347{len(self.words):02}61{len(self.words):02}9"
        self.words.append(digits)
        return digits


def left(directory: Path, words: list[str]) -> dict[str, list[str]]:
    """Return the words that the bytes of a directory's files still have, by file."""
    found: dict[str, list[str]] = {}
    for path in sorted(directory.rglob("*")):
        if path.is_file() and not path.name.endswith((".csv", ".vcf", ".json")):
            data = path.read_bytes().lower()
            there = [word for word in words if word.lower().encode() in data]
            if there:
                found[str(path.relative_to(directory))] = there
    return found


def plant(crm: Any, directory: Path, t: Tokens) -> int:
    """Write tokens through every command that takes a text, about one lead; return its number."""
    crm.ok("field", "add", "hobby")
    number: int = crm.add(
        "lead", f"{t('first')} {t('last')}", "--org", f"{t('org')} Srl", "--email", f"work:{t('mail')}@{t('dom')}.it",
        "--phone", t.phone(), "--address", f"home:{t('street')} 7", "--link", f"https://{t('link')}.it",
        "--source", t("source"), "--tag", t("tag"), "--note", t("note"), "--website", f"https://{t('web')}.it",
        "--vat", "IT 00743110157", "--tax-code", "RSSMRA85T10A562S", "--field", f"hobby={t('hobby')}",
    )  # fmt: skip
    t.words += ["00743110157", "rssmra85t10a562s"]
    crm.ok("set", number, "--title", t("title"), "--email", f"{t('gone')}@x.it")
    crm.ok("set", number, "--remove", f"{t.words[-1]}@x.it", "--title", t("newtitle"))
    crm.ok("note", number, t("second"))
    crm.ok("tag", number, t("brief"))
    crm.ok("untag", number, t.words[-1])
    crm.ok("tag", number, t("undone"))
    crm.ok("undo")
    crm.ok("set", number, "--last", t("redone"))
    crm.ok("undo")
    crm.ok("redo")
    crm.ok("log", number, "email", t("text"), "--subject", t("subject"), "--in")
    crm.ok("assess", number, "--yes", "budget", "--note", t("assessed"))
    crm.ok("task", "add", number, t("task"), "--due", "2026-12-01 9:00", "--remind", "1h")
    crm.ok("task", "edit", 1, "--text", t("retold"))
    crm.ok("task", "add", number, t("untask"))
    crm.ok("undo")
    crm.ok("keep", number, "90d")
    crm.ok("disqualify", number, "--reason", t("reason"))
    crm.ok("reopen", number)
    database = sqlite3.connect(directory / "test.db")
    with database:
        database.execute(
            "INSERT INTO ticket (uid, entity_id, subject, opened_at) VALUES (randomblob(16), ?, ?, '2026-01-01')",
            (number, t("ticket")),
        )
        database.execute(
            "INSERT INTO ticket_event (ticket_id, at, kind, text) VALUES (1, '2026-01-01', 'note', ?)", (t("event"),)
        )
        database.execute(
            "INSERT INTO consent (uid, entity_id, purpose, state, at, proof)"
            " VALUES (randomblob(16), ?, ?, 'given', '2026-01-01', ?)",
            (number, t("purpose"), t("proof")),
        )
    database.close()
    return number


def merged_loser(crm: Any, directory: Path, t: Tokens) -> int:
    """Merge somebody full of tokens into another, who is erased."""
    number: int = crm.add("lead", f"{t('keeper')} Verdi", "--email", f"{t('keptmail')}@x.it")
    loser = plant(crm, directory, t)
    crm.ok("merge", number, loser, "--into", number)
    return number


def split_again(crm: Any, directory: Path, t: Tokens) -> int:
    """Merge somebody into another who stays, and undo it: the tokens stood in the other's rows for a while."""
    number = plant(crm, directory, t)
    other = crm.add("lead", "Stays Here", "--email", "stays@here.it", "--field", "hobby=chess", "--note", "mine")
    crm.ok("merge", number, other, "--into", other, "--prefer", number)
    crm.ok("undo")
    crm.ok("redo")
    crm.ok("undo")
    return number


def one_in_a_backup(crm: Any, directory: Path, t: Tokens, *options: str, into_them: bool = False) -> int:
    """Merge somebody and another who stays, take a backup and change more, and undo the merge after it."""
    number = plant(crm, directory, t)
    other = crm.add("lead", "Stays Here", "--email", "stays@here.it", "--field", "hobby=chess", "--note", "mine")
    crm.ok("merge", number, other, "--into", number if into_them else other, *options)
    crm.ok("backup")
    crm.ok("set", other, "--email", "later@here.it")
    crm.ok("backup", directory / "backups" / "second.db")
    crm.ok("undo")
    crm.ok("undo")
    return number


def preferred_in_a_backup(crm: Any, directory: Path, t: Tokens) -> int:
    """Let their values stand in the other's place meanwhile."""
    return one_in_a_backup(crm, directory, t, "--prefer", "A")


def survivor_in_a_backup(crm: Any, directory: Path, t: Tokens) -> int:
    """Let the other one be a part of them meanwhile."""
    return one_in_a_backup(crm, directory, t, into_them=True)


def folded_in_a_backup(crm: Any, directory: Path, t: Tokens) -> int:
    """Fold them into a person and an organization who stay, back up, and undo that."""
    number = plant(crm, directory, t)
    crm.add("person", "Stays Here", "--email", "stays@here.it")
    crm.add("target", "Acme")
    crm.ok("qualify", number, "--override", "x", "--prospect", number + 1, "--target", number + 2)
    crm.ok("backup")
    crm.ok("undo")
    return number


def bought(crm: Any, directory: Path, t: Tokens) -> int:
    """Turn a lead into a customer, with a purchase that is theirs alone."""
    number = plant(crm, directory, t)
    crm.ok("assess", number, "--yes", "budget,market-fit,authority,market-interest")
    crm.ok("qualify", number, "--override", t("override"))
    crm.ok("purchase", number, t("product"), "--amount", "12", "--currency", "EUR")
    target = crm.ok("list", "target")[0]["id"]
    crm.ok("unlink", number, target)
    crm.ok("link", number, target, "--mixed", "--role", t("role"))
    # What the organization has is the organization's own, and goes with it.
    crm.ok("privacy", "erase", target, "--yes")
    return number


def folded(crm: Any, directory: Path, t: Tokens) -> int:
    """Fold a lead into a customer who has the same email."""
    lead = plant(crm, directory, t)
    email = crm.ok("show", lead)["emails"][0]["value"]
    name = crm.ok("show", lead)["name"]
    person: int = crm.add("person", name, "--email", email, "--force")
    crm.ok("set", lead, "--org", "", "--vat", "")
    crm.ok("qualify", lead, "--override", t("override"), "--prospect", person)
    return person


def imported(crm: Any, directory: Path, t: Tokens) -> int:
    """Bring somebody in with a vCard and a CSV file, among others, and fill them in with a second one."""
    card = directory / "people.vcf"
    card.write_text(
        f"BEGIN:VCARD\nVERSION:3.0\nFN:{t('fn')} {t('family')}\nEMAIL:{t('vmail')}@x.it\n"
        f"X-ODD;X-P={t('param')}:{t('odd')}\n"
        f"NOTE:{t('vnote')}\nUID:{t('vuid')}\nBDAY:1980-01-01\nADR:;;{t('adr')};{t('city')};;;\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nFN:Somebody Else\nEND:VCARD\n"
    )
    crm.ok("import", card, "--type", "person")
    number: int = crm.ok("list", f"name:{t.words[0]}")[0]["id"]
    table = directory / "more.csv"
    table.write_text(f"Name,Email,Shoe\n{t.words[0]} {t.words[1]},{t.words[2]}@x.it,{t('shoe')}\nThird One,t@x.it,44\n")
    crm.ok("import", table, "--type", "person", "--on-match", "update")
    crm.ok("undo")
    crm.ok("redo")
    return number


def whole_import_undone(crm: Any, directory: Path, t: Tokens) -> int:
    """Undo the import by which somebody came: only the history has them."""
    number = imported(crm, directory, t)
    crm.ok("undo")
    crm.ok("undo")
    return number


ROADS: list[Callable[[Any, Path, Tokens], int]] = [
    plant, merged_loser, split_again, one_in_a_backup, preferred_in_a_backup, survivor_in_a_backup, folded_in_a_backup,
    bought, folded, imported, whole_import_undone,
]  # fmt: skip


def churn(crm: Any, count: int) -> None:
    """Do what has nothing to do with them: pages are written, freed and used again, words merged in full text."""
    others = [
        # The history has a note whole each time: nobody gets more than some.
        crm.add("person", f"Other {n}", "--email", f"other{n}@y.it", "--note", "filler " * 20)
        for n in range(max(4, count // 50))
    ]
    for n in range(count):
        which = others[n % len(others)]
        words: tuple[tuple[object, ...], ...] = (
            ("note", which, f"word{n} " * 30),
            ("tag", which, f"tag{n}"),
            ("undo",),
            ("set", which, "--title", f"Title {n}"),
            ("log", which, "call", f"spoke {n} " * 20),
        )
        crm.ok(*words[n % len(words)])


@pytest.fixture
def without_secure_delete(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let SQLite leave what is deleted where it is, as most builds do; Debian's writes zeros over it."""
    connect = sqlite3.connect

    def open_(*given: Any, **named: Any) -> sqlite3.Connection:
        connection = connect(*given, **named)
        connection.execute("PRAGMA secure_delete=OFF")
        return connection

    monkeypatch.setattr(sqlite3, "connect", open_)


@pytest.mark.parametrize("road", ROADS, ids=lambda road: road.__name__)
@pytest.mark.parametrize("statistics", [False, True], ids=["", "statistics"])
def test_no_byte_of_somebody_erased_is_left(
    crm: Any, tmp_path: Path, road: Any, statistics: bool, without_secure_delete: None
) -> None:
    t = Tokens()
    number = road(crm, tmp_path, t)
    before = Path(crm.ok("backup")["backup"])
    churn(crm, CHURN)
    if statistics:
        database = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
        database.execute("ANALYZE")
        # SQLite may have been built to keep samples of the indexed values; it leaves those of another build alone.
        database.execute("PRAGMA writable_schema=ON")
        database.execute("CREATE TABLE IF NOT EXISTS sqlite_stat4 (tbl, idx, neq, nlt, ndlt, sample)")
        database.execute("INSERT INTO sqlite_stat4 VALUES ('entity', 'entity_name_key', 1, 1, 1, ?)", (t.words[0],))
        database.close()
    assert left(tmp_path, t.words), "the tokens were never there"
    assert "test.db" in left(tmp_path, t.words)
    told = crm.ok("privacy", "erase", number, "--reason", "asked by letter", "--yes")
    assert told["pending"] is False
    assert left(tmp_path, t.words) == {}
    assert {one["state"] for one in told["backups"]} == {"rewritten"}
    backups = sorted(str(path) for path in (tmp_path / "backups").glob("*.db"))
    assert sorted(one["path"] for one in told["backups"]) == backups and str(before) in backups
    for backup in backups:
        assert crm.ok("backup", "check", backup)[0]["checksum"] == "ok"
    # The skeleton is sound: the rows are what the history says, in the backup too.
    wrong = [found for found in crm("doctor", "--json").json if found["level"] == "wrong"]
    # Tickets and consents were put in behind the history's back, and have gone with the person.
    assert wrong == []
    for backup in backups:
        crm.ok("restore", backup)
        assert left(tmp_path, t.words) == {}
        assert crm.refused(3, "show", number)["error"] == "erased"
        assert [found for found in crm("doctor", "--json").json if found["level"] == "wrong"] == []


def test_with_a_reader_it_is_pending_and_the_next_command_finishes(crm: Any, tmp_path: Path) -> None:
    t = Tokens()
    number = plant(crm, tmp_path, t)
    reader = subprocess.Popen(
        [
            sys.executable, "-c",
            "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1], isolation_level=None)\nc.execute('BEGIN')\n"
            "print(c.execute('SELECT count(*) FROM entity').fetchone(), flush=True)\nsys.stdin.read()",
            str(tmp_path / "test.db"),
        ],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert reader.stdin is not None and reader.stdout is not None
    try:
        assert reader.stdout.readline()
        done = crm("privacy", "erase", number, "--yes", "--json")
        assert (done.code, done.json["pending"]) == (75, True)
        assert (tmp_path / "test.db.erasing").exists()
        assert left(tmp_path, t.words) != {}, "the reader still sees what was there"
        # The rows are gone for everybody else, and while the reader stays every command works.
        assert crm.ok("list", "--all") == [] and crm.refused(3, "show", number)
        assert crm.refused(75, "backup")["error"] == "busy"
        assert "erasure" in {found["check"] for found in crm.ok("doctor")}
    finally:
        reader.communicate()
    crm.ok("list")
    assert left(tmp_path, t.words) == {} and not (tmp_path / "test.db.erasing").exists()
    assert "erasure" not in {found["check"] for found in crm.ok("doctor")}


def test_who_is_erased_while_a_backup_is_made_is_not_in_it(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dkcrm.services import backup

    crm.add("lead", "Zqone Person")
    verify, erasures = backup.verify, []

    def verified(*given: Any) -> Any:
        if not erasures:
            erasures.append(crm("privacy", "erase", 1, "--yes", "--json"))
        return verify(*given)

    monkeypatch.setattr(backup, "verify", verified)
    made = crm.ok("backup")
    assert made["entities"] == 0 and crm.ok("backup", "check", made["backup"])[0]["checksum"] == "ok"
    assert erasures[0].code == 75 and "making a copy" in erasures[0].json["warnings"][0]
    assert left(tmp_path, ["Zqone"]) == {} and not (tmp_path / "test.db.erasing").exists()
    assert len(list((tmp_path / "backups").iterdir())) == 2


@pytest.mark.parametrize("ends", ["named", "killed", "its number was given again"])
def test_a_copy_at_which_a_command_is_at_work_is_cleaned_by_the_next_one(crm: Any, tmp_path: Path, ends: str) -> None:
    crm.add("lead", "Zqone Person")
    (tmp_path / "backups").mkdir(0o700)
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        working = tmp_path / "backups" / f".dkcrm-{process.pid}-0123abcd"
        crm.ok("backup", working)
        Path(f"{working}.sha256").unlink()
        done = crm("privacy", "erase", 1, "--yes", "--json")
        assert (done.code, done.json["pending"]) == (75, True)
        assert crm.ok("list", "--all") == []
        assert set(left(tmp_path, ["Zqone"])) == {str(working.relative_to(tmp_path))}
        if ends == "named":
            working.rename(tmp_path / "backups" / "named.db")
        elif ends == "killed":
            process.kill()
            process.wait()
        else:
            os.utime(working, (0, 0))
        crm.ok("list")
        assert left(tmp_path, ["Zqone"]) == {} and not (tmp_path / "test.db.erasing").exists()
        assert not working.exists()
    finally:
        process.kill()
        process.communicate()


def test_where_the_disk_fails_it_says_so_and_the_next_command_cleans(crm: Any, tmp_path: Path) -> None:
    crm.add("lead", "Zqone Person")

    def fails(_connection: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("dkcrm.store.cleaning.squeeze", fails)
        done = crm("privacy", "erase", 1, "--yes", "--json")
    assert (done.code, done.json["pending"]) == (1, True)
    assert "disk I/O error" in done.json["warnings"][0] and "reading" not in done.json["warnings"][0]
    assert crm.ok("list", "--all") == []
    assert left(tmp_path, ["Zqone"]) == {} and not (tmp_path / "test.db.erasing").exists()


@pytest.mark.parametrize("words", [("show", "2"), ("tag", "2", "x"), ("mailquery", "other"), ("undo", "2")])
def test_whatever_comes_next_finishes(crm: Any, program: Any, tmp_path: Path, words: tuple[str, ...]) -> None:
    """A run that was killed after its rows were gone has left the rest; every kind of opening does it."""
    from dkcrm.store import cleaning

    crm.add("lead", "Zqone Person")
    crm.add("lead", "Other Person", "--email", "other@x.it")
    backup = str(Path(crm.ok("backup")["backup"]).relative_to(tmp_path))

    def killed(*_given: Any) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("dkcrm.services.erasure.finish", killed)
        assert crm("privacy", "erase", 1, "--yes").code == 130
    assert cleaning.pending(str(tmp_path / "test.db"))
    assert {"test.db", backup} <= set(left(tmp_path, ["Zqone"]))
    assert program(*words).code == 0
    assert left(tmp_path, ["Zqone"]) == {} and not cleaning.pending(str(tmp_path / "test.db"))


def test_an_erasure_that_was_interrupted_says_so_and_no_undo(crm: Any, tmp_path: Path) -> None:
    crm.add("lead", "Zqone Person")

    def interrupted(*_given: Any, **_named: Any) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("dkcrm.services.erasure.finish", interrupted)
        told = crm.refused(130, "privacy", "erase", 1, "--yes")
    assert told["message"] == (
        "interrupted after the erasure was written (operation 2); the next command finishes cleaning the files"
    )
    crm.add("lead", "Zqtwo Person")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("dkcrm.services.erasure._told", interrupted)
        told = crm.refused(130, "privacy", "erase", 2, "--yes")
    assert told["message"] == "interrupted after the erasure was written (operation 4)"


@pytest.mark.parametrize("stage", ["all", "copies", "log"])
@pytest.mark.parametrize("words", [("show", "2"), ("tag", "2", "x", "--json"), ("backup",), ("mailquery", "other")])
def test_who_finishes_an_erasure_says_which_backups_cannot_be_read(
    crm: Any, program: Any, tmp_path: Path, stage: str, words: tuple[str, ...]
) -> None:
    crm.add("lead", "Zqone Person")
    crm.add("lead", "Other Person", "--email", "other@x.it")
    crm.ok("backup")
    secret = tmp_path / "backups" / "test-20260101T000000Z.db.age"
    secret.write_bytes(b"age-encryption.org/v1\n...")
    crm.ok("privacy", "erase", 1, "--yes")
    (tmp_path / "test.db.erasing").write_text(f"{stage}\n")
    done = program(*words)
    assert done.code == 0 and f"{secret} may still hold who was erased (encrypted)" in done.err
    assert "may still hold" not in program(*words).err


def test_what_a_killed_erasure_left_of_the_file_beside_is_taken_away(crm: Any, tmp_path: Path) -> None:
    two(crm)
    ended = subprocess.Popen(["true"])
    ended.wait()
    left_over = tmp_path / f"test.db.erased-{ended.pid}"
    at_work = tmp_path / f"test.db.erased-{os.getppid()}"
    others = tmp_path / "test.db.erased-mine"
    for path in (left_over, at_work, others):
        path.write_text("")
    crm.ok("privacy", "erase", 1, "--yes")
    assert [path.exists() for path in (left_over, at_work, others)] == [False, True, True]


def two(crm: Any) -> None:
    """Add two leads, and do something with each, with both, and with the one that stays."""
    crm.add("lead", "Anna Bianchi", "--email", "anna@bianchi.it")
    crm.add("lead", "Bruno Neri", "--email", "bruno@neri.it")
    crm.ok("tag", 2, "early")
    crm.ok("tag", 1, "vip")
    crm.ok("set", 1, 2, "--source", "fair")


def test_a_dry_run_says_what_would_go_and_leaves_all_as_it_was(crm: Any, rome: Any, tmp_path: Path) -> None:
    two(crm)
    backup = crm.ok("backup")["backup"]
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.name.endswith((".db", ".sha256"))}
    told = crm.ok("privacy", "erase", "anna@bianchi.it", "--dry-run")
    assert (told["operation"], told["rows"]) == (None, {"entity": 1, "contact_point": 1, "tag": 1})
    assert told["values"] == 4  # the two rows at first, the tag, the source
    assert told["backups"] == [{"path": backup, "state": "rewritten", "why": None}]
    assert {path: path.read_bytes() for path in before} == before
    assert crm.ok("show", 1)["name"] == "Anna Bianchi"
    rows = crm("privacy", "erase", 1, "--dry-run").out.splitlines()
    assert rows == ["entity\t1", "contact_point\t1", "tag\t1"]


def test_who_was_erased_is_told_by_number_and_uid_and_by_nothing_else(crm: Any) -> None:
    two(crm)
    uid = crm.ok("show", 1)["uid"]
    crm.ok("privacy", "erase", "Anna Bianchi", "--reason", "asked by letter", "--yes")
    for reference in (1, uid, uid.replace("-", "").upper()):
        error = crm.refused(3, "show", reference)
        assert error["error"] == "erased" and error["message"].startswith("1 was erased on 20")
        assert error["message"].endswith("(asked by letter)")
    for reference in ("anna@bianchi.it", "Anna Bianchi"):
        assert crm.refused(3, "show", reference)["error"] == "not_found"
    assert crm.refused(3, "privacy", "erase", 1)["error"] == "erased"
    assert crm.refused(3, "privacy", "erase", 99)["error"] == "not_found"
    # The number is never given again.
    assert crm.add("lead", "Carla") == 3


def test_the_history_keeps_its_skeleton(crm: Any) -> None:
    two(crm)
    crm.ok("privacy", "erase", "anna@bianchi.it", "--reason", "asked", "--yes")
    skeleton = crm.ok("history", 1)
    assert [(one["operation"], one["name"]) for one in skeleton] == [
        (6, "privacy erase"), (5, "set"), (4, "tag"), (1, "add lead"),
    ]  # fmt: skip
    assert [one["command"] for one in skeleton] == ["dkcrm privacy erase 1 --reason asked", None, None, None]
    assert {change["field"] for one in skeleton for change in one["changes"]} == {"erased"}
    # Of the operation that touched both, the other's values are whole.
    changed = crm.ok("history", "--operation", 5)["changes"]
    assert {"entity": 2, "table": "entity", "field": "source", "before": None, "after": "fair"} in changed
    assert crm.ok("history", 2)[-1]["command"] == "dkcrm add lead 'Bruno Neri' --email bruno@neri.it --json"
    assert "anna" not in crm("history").out.lower() and "values erased" in crm("history", 1).out


def test_undo_refuses_across_it(crm: Any) -> None:
    two(crm)
    crm.ok("tag", 2, "late")
    crm.ok("privacy", "erase", 1, "--yes")
    error = crm.refused(4, "undo")
    assert error["error"] == "erased" and "name it" in error["hint"]
    crm.refused(4, "undo", 7)
    crm.refused(4, "redo")
    for operation in (1, 4, 5):
        error = crm.refused(4, "undo", operation)
        assert error["error"] == "erased"
        assert [one["operation"] for one in error["candidates"]] == [7]
    assert crm.ok("undo", 3)["reversed"] == 3 and crm.ok("undo", 6)["reversed"] == 6
    assert crm.ok("show", 2)["tags"] == []
    assert crm.ok("redo")["reversed"] == 6
    assert crm("doctor").code == 0


def test_an_undo_before_it_cannot_be_redone(crm: Any) -> None:
    two(crm)
    crm.ok("undo")
    crm.ok("privacy", "erase", 1, "--yes")
    assert crm.refused(4, "redo")["error"] == "nothing_to_redo"
    assert crm.refused(4, "undo", 6)["error"] == "erased"


def test_an_older_backup_does_not_bring_them_back(crm: Any, tmp_path: Path) -> None:
    two(crm)
    elsewhere = tmp_path / "elsewhere" / "old.db"
    elsewhere.parent.mkdir()
    crm.ok("backup", elsewhere)
    crm.ok("privacy", "erase", 1, "--reason", "asked", "--yes")
    told = crm.ok("restore", elsewhere)
    assert told["erased"] == [1] and "not brought back" in told["warnings"][0]
    assert [one["id"] for one in crm.ok("list", "--all")] == [2]
    assert crm.refused(3, "show", 1)["message"].endswith("(asked)")
    assert set(left(tmp_path, ["bianchi"])) == {"elsewhere/old.db"}
    assert crm("doctor").code == 0
    assert crm.refused(4, "undo", 1)["error"] == "erased"


def test_a_database_that_was_lost_does_not_bring_them_back_either(crm: Any, tmp_path: Path) -> None:
    two(crm)
    elsewhere = tmp_path / "elsewhere" / "old.db"
    elsewhere.parent.mkdir()
    crm.ok("backup", elsewhere)
    crm.ok("privacy", "erase", 1, "--yes")
    assert (tmp_path / "test.db.erased").stat().st_mode & 0o777 == 0o600
    for name in ("test.db", "test.db-wal", "test.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    assert crm.ok("restore", elsewhere)["erased"] == [1]
    assert [one["id"] for one in crm.ok("list", "--all")] == [2]
    assert crm.refused(3, "show", 1)["error"] == "erased"
    # A file that is no ledger is read as an empty one.
    (tmp_path / "test.db.erased").write_bytes(b"\xff\x00 nonsense\n1 2 3 4\n" + b"z" * 200)
    assert crm.ok("restore", elsewhere)["erased"] == [1]


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_an_export_does_not_bring_them_back(crm: Any, program: Any, tmp_path: Path, ending: str) -> None:
    two(crm)
    file = tmp_path / f"all.{ending}"
    assert program("export", "-o", file).code == 0
    crm.ok("privacy", "erase", 1, "--yes")
    done = crm("import", file, "--json")
    assert (done.code, done.json["rejected"], done.json["unchanged"]) == (5, 1, 1), done
    assert "1 was erased on" in str(done.json)
    assert [one["id"] for one in crm.ok("list", "--all")] == [2]


def test_a_merged_number_goes_too_and_an_export_does_not_make_it_an_alias_again(crm: Any, tmp_path: Path) -> None:
    crm.add("lead", "Anna Bianchi")
    crm.add("lead", "Anna Bianchi", "--force")
    crm.ok("merge", 1, 2)
    told = crm.ok("privacy", "erase", 2, "--yes")
    assert [one["id"] for one in told["erased"]] == [1, 2]
    assert crm.refused(3, "show", 1)["error"] == crm.refused(3, "show", 2)["error"] == "erased"


@pytest.mark.parametrize("into", [1, 2])
def test_a_backup_in_which_two_are_one_gives_the_other_back_alone(crm: Any, tmp_path: Path, into: int) -> None:
    crm.add("person", "Ann One", "--email", "ann@one.it", "--note", "hers", "--title", "Chief", "--tag", "both")
    crm.add(
        "prospect", "Bob Two", "--email", "bob@two.it", "--note", "his\n\nown", "--vat", "00743110157",
        "--tag", "both", "--phone", "02 1234567", "--address", "Via Po 1",
    )  # fmt: skip
    crm.ok("log", 1, "call", "spoke to Ann", "--in")
    crm.ok("log", 2, "call", "spoke to Bob", "--in")
    there = {number: crm.ok("show", number) for number in (1, 2)}
    crm.ok("merge", 1, 2, "--into", into)
    elsewhere, file = tmp_path / "elsewhere" / "old.db", tmp_path / "all.json"
    elsewhere.parent.mkdir()
    crm.ok("backup", elsewhere)
    crm.ok("export", "--all", "--format", "json", "-o", file)
    crm.ok("undo")
    crm.ok("privacy", "erase", 2, "--yes")
    for _time in range(2):
        assert crm.ok("show", 1) == {**there[1], "updated_at": crm.ok("show", 1)["updated_at"]}
        assert [one["id"] for one in crm.ok("list", "--all")] == [1]
        said = [one["text"] for one in crm.ok("timeline", 1) if one["kind"] == "interaction"]
        assert said == ["call: spoke to Ann"]
        assert all(finding["level"] == "note" for finding in crm.ok("doctor"))
        assert crm.ok("restore", elsewhere)["erased"] == [2]
    done = crm("import", file, "--json")
    assert (done.code, done.json["rejected"]) == (5, 1) and "2 was erased on" in str(done.json)
    assert crm.ok("show", 1)["emails"] == there[1]["emails"]


def test_others_keep_what_is_theirs(crm: Any, program: Any) -> None:
    crm.add("person", "Anna Bianchi")
    crm.add("organization", "Acme")
    crm.add("organization", "Zeta")
    crm.add("person", "Bruno Neri")
    crm.ok("link", 1, 2)
    crm.ok("link", 4, 2)
    crm.ok("link", 4, 3)
    crm.ok("purchase", 1, "Plan", "--amount", "10", "--currency", "EUR", "--also", 2)
    crm.add("organization", "Owns")
    crm.ok("purchase", 5, "Visit", "--also", 1)
    crm.ok("task", "add", 1, 4, "Meet")
    crm.ok("distinct", 1, 4)
    crm.ok("privacy", "erase", 1, "--yes")
    assert [one["name"] for one in crm.ok("show", 4)["memberships"]] == ["Acme", "Zeta"]
    assert [task["entities"] for task in crm.ok("task", "list")] == [
        [{"id": 4, "type": "person", "name": "Bruno Neri"}]
    ]
    around = {one["id"]: one for one in json_export(program)}
    assert [p["product"] for p in around[2]["purchases"]] == ["Plan"]
    assert [(p["product"], p["also"]) for p in around[5]["purchases"]] == [("Visit", None)]
    crm.ok("privacy", "erase", 2, "--yes")
    # The other organization is the primary one now.
    assert [(one["name"], one["primary"]) for one in crm.ok("show", 4)["memberships"]] == [("Zeta", True)]
    assert crm("doctor").code == 0


def json_export(program: Any) -> Any:
    done = program("export", "--format", "json")
    assert done.code == 0
    return done.json


def test_it_says_where_a_name_still_stands(crm: Any) -> None:
    two(crm)
    crm.ok("note", 2, "knows anna@bianchi.it")
    crm.ok("task", "add", 2, "Thank Anna Bianchi")
    crm.ok("segment", "save", "hers", "email=anna@bianchi.it")
    told = crm.ok("privacy", "erase", 1, "--yes")
    found = {one["where"]: one["numbers"] for one in told["mentions"]}
    assert (found["notes"], found["task"], found["segment"]) == ([2], [1], ["hers"])
    assert set(found["operation"]) == {6, 7, 8} and any("still stands in notes 2" in text for text in told["warnings"])


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Émile Zolan", "brother of Émile Zolan"), ("Сергей Иванов", "знает: сергей ИВАНОВ"),
        ("Émile Zolan", "brother of Emile ZOLAN"), ("Anna D'Amico", "brother of Anna D'Amico"),
    ],
)  # fmt: skip
def test_a_name_in_any_alphabet_is_found_where_it_still_stands(crm: Any, name: str, written: str) -> None:
    crm.add("person", name)
    crm.add("person", "Ivo")
    crm.ok("note", 2, written)
    told = crm.ok("privacy", "erase", 1, "--yes")
    found = {one["where"]: one["numbers"] for one in told["mentions"]}
    assert found == {"notes": [2], "operation": [3], "history": [3]}


def test_every_text_of_others_is_looked_through_for_a_name(crm: Any) -> None:
    two(crm)
    crm.ok("field", "add", "referrer")
    crm.ok("set", 2, "--title", "Assistant of Anna Bianchi", "--field", "referrer=ANNA BIANCHI")
    crm.ok("set", 2, "--source", "sent by Anna Bianchi", "--address", "c/o Anna Bianchi, Via Roma 1")
    crm.ok("set", 2, "--website", "https://x.it/anna@bianchi.it")
    crm.ok("tag", 2, "friend-of-anna@bianchi.it")
    crm.ok("privacy", "consent", 2, "give", "mail", "--proof", "told Anna Bianchi")
    crm.add("organization", "Studio Anna Bianchi")
    crm.ok("product", "add", "The Anna Bianchi plan")
    told = crm.ok("privacy", "erase", 1, "--yes")
    found = {one["where"]: one["numbers"] for one in told["mentions"]}
    assert found.keys() == {
        "name", "title", "source", "website", "address", "tag", "field_value", "consent", "product", "operation",
        "history",
    }  # fmt: skip
    assert (found["name"], found["product"]) == ([3], ["The Anna Bianchi plan"])
    assert {tuple(numbers) for where, numbers in found.items() if where not in ("name", "product")} >= {(2,)}


def test_it_says_how_many_more_places_there_are(crm: Any) -> None:
    two(crm)
    for _time in range(23):
        crm.ok("task", "add", 2, "Thank Anna Bianchi")
    done = crm("privacy", "erase", 1, "--yes", "--json")
    (tasks,) = [one for one in done.json["mentions"] if one["where"] == "task"]
    assert (len(tasks["numbers"]), tasks["more"]) == (20, 3)
    assert any("in task 1, 2, 3" in text and text.endswith("20 and 3 more") for text in done.json["warnings"])


def test_a_reason_that_names_them_is_refused(crm: Any) -> None:
    two(crm)
    for reason in ("Anna Bianchi asked", "mail from ANNA@bianchi.it", "", "two\nlines", "\x1b[31m", "x" * 2000):
        crm.refused(2, "privacy", "erase", 1, "--reason", reason, "--yes")
    assert crm.ok("show", 1)["name"] == "Anna Bianchi"


def test_what_cannot_be_read_is_listed(crm: Any, tmp_path: Path) -> None:
    two(crm)
    kept = crm.ok("backup")["backup"]
    secret = tmp_path / "backups" / "test-20260101T000000Z.db.age"
    secret.write_bytes(b"age-encryption.org/v1\n...")
    bad = tmp_path / "backups" / "test-20260102T000000Z.db"
    bad.write_bytes(Path(kept).read_bytes())
    Path(f"{bad}.sha256").write_text(f"{'0' * 64}  {bad.name}\n")
    ruined = tmp_path / "test.db.before-v3-20260101T000000Z"
    ruined.write_bytes(b"not a database at all")
    told = crm.ok("privacy", "erase", 1, "--yes")
    states = {Path(one["path"]).name: (one["state"], one["why"]) for one in told["backups"]}
    assert states == {
        Path(kept).name: ("rewritten", None), secret.name: ("unread", "encrypted"), bad.name: ("unread", "damaged"),
        ruined.name: ("unread", "no database"),
    }  # fmt: skip
    assert sum("delete it" in text for text in told["warnings"]) == 3
    assert os.stat(kept).st_mode & 0o777 == 0o600 and crm.ok("backup", "check", kept)[0]["checksum"] == "ok"
    assert sorted(path.name for path in (tmp_path / "backups").iterdir() if path.name.startswith(".")) == []


def test_a_backup_is_cleaned_whatever_its_name(crm: Any, tmp_path: Path) -> None:
    two(crm)
    backups = tmp_path / "backups"
    (backups / "2026").mkdir(parents=True)
    os.chmod(backups, 0o700)
    made = [crm.ok("backup", backups / name)["backup"] for name in ("friday.sqlite", "plain", "UP.DB", "2026/x.sha256")]
    made.append(crm.ok("backup")["backup"])
    secret = backups / "secret"
    secret.write_bytes(b"age-encryption.org/v1\n...")
    theirs = {backups / "notes.txt": b"Bianchi", backups / "other.sqlite": b""}
    (backups / "notes.txt").write_bytes(b"Bianchi")
    with sqlite3.connect(backups / "other.sqlite") as other:
        other.execute("CREATE TABLE entity AS SELECT 'Bianchi' AS name")
    other.close()
    theirs[backups / "other.sqlite"] = (backups / "other.sqlite").read_bytes()
    (backups / "link.db").symlink_to(backups / "other.sqlite")
    os.mkfifo(backups / "pipe.db")
    told = crm.ok("privacy", "erase", 1, "--yes")
    states = {one["path"]: one["state"] for one in told["backups"]}
    assert states == {**dict.fromkeys(made, "rewritten"), str(secret): "unread"}
    assert all(path.read_bytes() == data for path, data in theirs.items())
    os.unlink(backups / "pipe.db")
    assert set(left(tmp_path, ["bianchi"])) == {"backups/notes.txt", "backups/other.sqlite", "backups/link.db"}
    assert [one["checksum"] for one in crm.ok("backup", "check", *made)] == ["ok"] * 5


def test_a_backup_with_a_log_beside_it_is_listed(crm: Any, tmp_path: Path) -> None:
    two(crm)
    backup = crm.ok("backup")["backup"]
    Path(f"{backup}-wal").write_bytes(b"Bianchi")
    told = crm.ok("privacy", "erase", 1, "--yes")
    assert [(one["path"], one["state"], one["why"]) for one in told["backups"]] == [
        (backup, "unread", "a log is beside it")
    ]


def test_many_at_once_from_standard_input(crm: Any) -> None:
    for n in range(30):
        crm.add("lead", f"Person {n}")
    told = crm.ok("privacy", "erase", "-", "--yes", input="".join(f"{n}\n" for n in range(1, 21)))
    assert len(told["erased"]) == 20 and told["rows"] == {"entity": 20}
    assert len(crm.ok("list", "--all")) == 10 and crm("doctor").code == 0


def test_an_import_that_brought_somebody_erased_stays(crm: Any, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("Name,Email\n" + "".join(f"Person {n},p{n}@x.it\n" for n in range(5)))
    crm.ok("import", file, "--type", "lead")
    crm.ok("tag", 4, "other")
    crm.ok("privacy", "erase", 2, "--yes")
    assert crm.refused(4, "undo", 1)["candidates"][0]["operation"] == 3
    done = crm.ok("history", "--operation", 1)
    assert (done["file"], done["record"]["created"], done["command"] is not None) == (str(file), 5, True)
    crm.ok("undo", 2)
    assert crm("doctor").code == 0
    # The row itself is no export of ours: who comes in anew from elsewhere is somebody new.
    assert crm.ok("import", file, "--type", "lead")["created"] == 1


def test_the_history_of_somebody_they_once_were_one_with_says_so(crm: Any, tmp_path: Path) -> None:
    crm.add("lead", "Anna Bianchi", "--title", "Chief of Surprises")
    crm.add("lead", "Stays Here", "--title", "Clerk")
    crm.ok("merge", 1, 2, "--into", 2, "--prefer", 1)
    crm.ok("undo")
    crm.ok("privacy", "erase", 1, "--yes")
    values = [change for one in crm.ok("history", 2) for change in one["changes"] if change["field"] == "job_title"]
    assert [(one["before"], one["after"]) for one in values] == [
        ("(erased)", "Clerk"), ("Clerk", "(erased)"), (None, "Clerk"),
    ]  # fmt: skip
    assert crm.ok("show", 2)["job_title"] == crm.ok("show", 2, "--as-of", "today")["job_title"] == "Clerk"
    assert {one["field"]: one["operation"] for one in crm.ok("blame", 2)}["job_title"] == 2
    for operation in (3, 4):
        assert crm.refused(4, "undo", operation)["error"] in ("erased", "already")
    assert crm("doctor").code == 0


def test_what_others_lost_in_the_same_operation_stays_in_its_record(crm: Any) -> None:
    for name in ("Anna Bianchi", "Bruno Neri"):
        for title in ("Chief", "Clerk"):
            crm.add("lead", name, "--email", f"{name.split()[0]}@x.it", "--title", f"{title} {name[0]}", "--force")
    crm.ok("duplicates", "--auto", "0.5")
    (merge,) = [one for one in crm.ok("history") if one["record"].get("kept")]
    assert {one["value"] for one in merge["record"]["kept"]} == {"Clerk A", "Clerk B"}
    crm.ok("privacy", "erase", 1, "--yes")
    after = crm.ok("history", "--operation", merge["operation"])
    assert [one["value"] for one in after["record"]["kept"]] == ["Clerk B"]


def test_it_asks_at_a_terminal(crm: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    two(crm)
    asked: list[str] = []
    monkeypatch.setattr("dkcrm.cli.shared._asker", lambda values: None if values.get("yes") else answer)

    def answer(question: str) -> str | None:
        asked.append(question)
        return answers.pop()

    answers = ["y", None, "", "n"]
    for _time in range(3):
        crm.refused(2, "privacy", "erase", 1)
    assert "1 Anna Bianchi" in asked[0] and "3 rows" in asked[0] and "cannot be undone" in asked[0]
    assert crm.ok("privacy", "erase", 1)["erased"][0]["id"] == 1


#: More of them: DKCRM_TEST_KILLS=200 pytest tests/cli/test_privacy_erase.py -k killed
KILLS = int(os.environ.get("DKCRM_TEST_KILLS", "6"))


def rows_of(directory: Path) -> list[str]:
    """Return every row of a database as text, those of full text and statistics left out."""
    database = sqlite3.connect(f"file:{directory / 'test.db'}?mode=ro", uri=True)
    try:
        lines = [line for line in database.iterdump() if line.startswith("INSERT INTO")]
        return sorted(line for line in lines if not line.startswith(('INSERT INTO "search', 'INSERT INTO "sqlite')))
    finally:
        database.close()


def test_killed_at_any_moment_it_is_done_or_not_begun(crm: Any, program: Any, tmp_path: Path) -> None:
    t = Tokens()
    number = plant(crm, tmp_path, t)
    crm.ok("backup")
    churn(crm, 20)
    crm.ok("list")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    kept = {path: path.read_bytes() for path in files}
    before = rows_of(tmp_path)
    begun = time.monotonic()
    assert program("privacy", "erase", number, "--yes").code == 0
    whole = time.monotonic() - begun
    moments = random.Random(7)
    for _time in range(KILLS):
        for path in tmp_path.rglob("*"):
            if path.is_file() and path not in kept:
                path.unlink()
        for path, data in kept.items():
            path.write_bytes(data)
        process = subprocess.Popen(
            [sys.executable, "-m", "dkcrm", "privacy", "erase", str(number), "--yes"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(moments.uniform(0.2, 1.1) * whole)
        process.kill()
        process.wait()
        there = program("show", number).code == 0
        if there:
            assert rows_of(tmp_path) == before
            assert program("privacy", "erase", number, "--yes").code == 0
        assert left(tmp_path, t.words) == {} and not (tmp_path / "test.db.erasing").exists()
        assert program("doctor").code == 0
        assert [path.name for path in tmp_path.rglob(".dkcrm-*")] == []
        (backup,) = (tmp_path / "backups").glob("*.db")
        assert program("backup", "check", backup).code == 0
