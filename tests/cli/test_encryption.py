"""An encrypted database: all works on it, nothing of it is on the disk in plain, and without its key it is shut."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from smalldisk import a_small_disk

cipher = pytest.importorskip("sqlcipher3.dbapi2", reason="no SQLCipher here")

KEY, OTHER = "5f" * 32, "a7" * 32
PLAIN = b"SQLite format 3\0"
STRACE = shutil.which("strace")


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the file with the key, which the key command prints."""
    path = tmp_path / "key"
    path.write_text(KEY + "\n")
    monkeypatch.setenv("DKCRM_KEY_COMMAND", f"cat {path}")
    return path


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Return the path of the database."""
    return tmp_path / "test.db"


@pytest.fixture
def book(crm: Any, db: Path) -> Any:
    """Give a database in plain with some of everything in it."""
    crm.add("lead", "Anna Plantedname", "--email", "anna@plantedmail.it", "--org", "Plantedfirm S.r.l.", "--tag", "vip")
    crm.ok("log", 1, "email", "plantedtext", "--in")
    crm.add("person", "Bruno Neri", "--phone", "02 1234567", "--note", "plantednote")
    crm.ok("segment", "save", "vips", "tag:vip")
    crm.ok("set", 2, "--source", "plantedsource")
    assert db.read_bytes().startswith(PLAIN)
    return crm


@pytest.fixture
def locked(book: Any, key: Path) -> Any:
    """Give the same, encrypted."""
    book.ok("encrypt")
    return book


def planted(directory: Path) -> set[str]:
    """Return the files under a directory in which something stands that was planted, whatever its case.

    Four letters alone would stand in one encrypted file in a thousand by chance.
    """
    found = set()
    for path in directory.rglob("*"):
        if path.is_file() and re.search(rb"planted|bruno", path.read_bytes(), re.IGNORECASE):
            found.add(path.name)
    return found


def beside(db: Path) -> list[str]:
    """Return the names of the database's files, those of the log left out."""
    return sorted(p.name for p in db.parent.glob("test.db*") if not p.name.endswith(("-wal", "-shm", ".import-lock")))


def exported(crm: Any) -> Any:
    return crm.ok("export", "--all")


# There and back


def test_the_same_data_is_there_encrypted_and_in_plain_again(book: Any, key: Path, db: Path, tmp_path: Path) -> None:
    before, history = exported(book), book.ok("history")
    told = book.ok("encrypt")
    assert told == {
        "database": str(db), "encrypted": True, "bytes": db.stat().st_size, "kept": None, "backups": [],
        "in_plain": [], "warnings": told["warnings"],
    }  # fmt: skip
    assert not db.read_bytes().startswith(PLAIN) and planted(tmp_path) == set()
    assert stat.S_IMODE(db.stat().st_mode) == 0o600 and beside(db) == ["test.db"]
    assert exported(book) == before and book.ok("history") == history
    assert [one["level"] for one in book.ok("doctor")] == ["note"]
    # The key is the raw one: SQLCipher itself opens the file with it.
    raw = cipher.connect(str(db))
    raw.execute(f"PRAGMA key = \"x'{KEY}'\"")
    assert raw.execute("SELECT count(*) FROM entity").fetchone() == (2,)
    raw.close()
    told = book.ok("decrypt")
    assert (told["encrypted"], told["bytes"]) == (False, db.stat().st_size)
    assert db.read_bytes().startswith(PLAIN) and beside(db) == ["test.db"]
    assert exported(book) == before and book.ok("history") == history
    assert stat.S_IMODE(db.stat().st_mode) == 0o600
    # The log is a log again, as in a database that was never encrypted.
    assert db.read_bytes()[18:20] == b"\2\2"


def test_a_path_that_is_no_text_is_encrypted_as_any(book: Any, key: Path, tmp_path: Path) -> None:
    there = tmp_path / "b\udce9" / "x.db"
    there.parent.mkdir(0o700)
    with pytest.MonkeyPatch.context() as without:
        without.delenv("DKCRM_KEY_COMMAND")
        book.ok("add", "person", "Planted There", "--db", there)
    backup = book.ok("backup", "--db", there)["backup"]
    assert book.ok("encrypt", "--backups", "--db", there)["backups"] == [backup] and planted(there.parent) == set()
    assert book.ok("backup", "check", backup)[0]["checksum"] == "ok"
    assert not book.ok("decrypt", "--db", there)["encrypted"] and planted(there.parent) == {"x.db"}


def test_what_was_done_before_is_undone_after_and_redone_in_plain(book: Any, key: Path) -> None:
    states = [exported(book)]
    book.ok("tag", 2, "late")
    states.append(exported(book))
    book.ok("encrypt")
    book.ok("undo")
    assert exported(book) == states[0]
    book.ok("decrypt")
    book.ok("redo")
    assert exported(book) == states[1]


def test_a_dry_run_changes_nothing(book: Any, key: Path, db: Path) -> None:
    before = db.read_bytes()
    assert book.ok("encrypt", "--dry-run")["bytes"] is None
    assert db.read_bytes() == before and beside(db) == ["test.db"]
    assert "dry run, nothing encrypted" in book("encrypt", "--dry-run").err
    book.ok("backup")
    book.ok("encrypt")
    assert "dry run, still encrypted" in book("decrypt", "--dry-run").err
    assert "dry run, nothing encrypted: 1 backup" in book("encrypt", "--backups", "--dry-run").err


def test_the_old_file_is_kept_where_it_is_asked_for(book: Any, key: Path, db: Path) -> None:
    told = book.ok("encrypt", "--keep")
    kept = Path(told["kept"])
    assert kept.name.startswith("test.db.before-encrypt-") and stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert planted(db.parent) == {kept.name} and told["in_plain"] == [str(kept)]
    # It is whole: a database like any other.
    assert book.ok("list", "--db", kept, "--json") == book.ok("list")
    assert [one["check"] for one in book.ok("doctor") if one["check"] == "in_plain"] == ["in_plain"]


def test_the_old_file_is_overwritten_before_it_goes(book: Any, key: Path, db: Path) -> None:
    with open(db, "rb") as old:  # read by no lock: only its bytes
        assert b"Plantedname" in old.read()
        book.ok("encrypt")
        old.seek(0)
        assert set(old.read()) == {0}


def test_a_link_is_refused_and_stays_one_as_what_it_leads_to(book: Any, key: Path, db: Path, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere"
    real.mkdir()
    for suffix in ("", "-wal", "-shm"):
        if (tmp_path / f"test.db{suffix}").exists():
            (tmp_path / f"test.db{suffix}").rename(real / f"real.db{suffix}")
    db.symlink_to(real / "real.db")
    before = (real / "real.db").read_bytes()
    for words in (["encrypt"], ["encrypt", "--backups"], ["decrypt"]):
        told = book.refused(4, *words)
        assert told["error"] == "unsafe_place" and str(real / "real.db") in told["hint"]
    assert db.is_symlink() and (real / "real.db").read_bytes() == before
    # Links among the directories are as good as any other way to the file.
    (tmp_path / "road").symlink_to(real)
    book.ok("encrypt", "--db", tmp_path / "road" / "real.db")
    assert db.is_symlink() and not (real / "real.db").read_bytes().startswith(PLAIN)
    assert planted(tmp_path) == set() and len(book.ok("list", "--db", real / "real.db")) == 2


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [(["encrypt"], 4, "refused"), (["encrypt", "--keyring", "--key-fd", "0"], 4, "refused")],
)
def test_what_is_encrypted_is_not_encrypted_again(locked: Any, words: list[str], code: int, error: str) -> None:
    assert locked.refused(code, *words)["error"] == error


def test_what_is_in_plain_is_not_decrypted(book: Any, key: Path) -> None:
    assert book.refused(4, "decrypt")["error"] == "refused"


def test_there_must_be_a_database_and_a_key(crm: Any, db: Path) -> None:
    assert crm.refused(1, "encrypt")["error"] == "unreachable_database"
    crm.add("person", "Anna")
    told = crm.refused(2, "encrypt")
    assert "DKCRM_KEY_COMMAND" in told["hint"] and db.read_bytes().startswith(PLAIN)


# Every family of commands


def test_every_family_works_and_nothing_reaches_the_disk_in_plain(locked: Any, tmp_path: Path) -> None:
    crm = locked
    people = tmp_path / "in.csv"
    people.write_text("name,email\n" + "".join(f"Planted Row{n},row{n}@planted.it\n" for n in range(500)))
    crm.ok("import", people, "--type", "person")
    people.unlink()
    assert len(crm.ok("list", "--limit", 0)) == 502
    assert [one["id"] for one in crm.ok("find", "plantednote")] == [2]
    assert crm.ok("show", "anna@plantedmail.it")["name"] == "Anna Plantedname"
    crm.ok("undo")
    crm.ok("redo")
    crm.ok("task", "add", 1, "plantedtask")
    crm.ok("ticket", "open", 2, "plantedticket")
    crm.ok("campaign", "add", "planted", 2)
    crm.ok("purchase", 2, "plantedproduct", "--amount", 3)
    crm.ok("merge", 3, 4)
    assert crm.ok("report", "funnel") and crm.ok("timeline", 2) and crm.ok("blame", 2)
    assert crm("mailquery", "plantedmail").out.splitlines()[1].startswith("anna@plantedmail.it\t")
    backup = crm.ok("backup")
    assert backup["encrypted"] and [one["encrypted"] for one in crm.ok("backup", "list")] == [True]
    assert crm.ok("backup", "check", backup["backup"])[0]["entities"] == 501
    crm.ok("add", "person", "Planted Afterwards")
    crm.ok("backup", "restore", backup["backup"], "--yes")
    assert crm.refused(3, "show", "Planted Afterwards")["error"] == "not_found"
    erased = crm.ok("privacy", "erase", 1, "--yes")
    assert [one["state"] for one in erased["backups"]] == ["rewritten", "rewritten"] and not erased["pending"]
    assert [one["check"] for one in crm.ok("doctor")] == ["customer_without_purchase"]
    assert planted(tmp_path) == set()
    whole = crm.ok("export", "--all")
    assert len(whole) == 500 and "plantedmail" not in json.dumps(whole)


def test_nobody_who_was_erased_is_in_an_encrypted_backup(locked: Any, tmp_path: Path) -> None:
    path = Path(locked.ok("backup")["backup"])
    locked.ok("privacy", "erase", 1, "--yes")
    raw = cipher.connect(str(path))
    raw.execute(f"PRAGMA key = \"x'{KEY}'\"")
    assert raw.execute("SELECT count(*), max(name) FROM entity").fetchone() == (1, "Bruno Neri")
    raw.close()
    assert locked.ok("backup", "check", path)[0]["checksum"] == "ok"


def test_a_backup_with_another_key_is_listed_by_an_erasure(locked: Any, key: Path, tmp_path: Path) -> None:
    path = Path(locked.ok("backup")["backup"])
    other = tmp_path / "backups" / "older.db"
    shutil.copy(path, other)
    _rekey(other, KEY, OTHER)
    told = locked.ok("privacy", "erase", 1, "--yes")["backups"]
    assert {Path(one["path"]).name: (one["state"], one["why"]) for one in told} == {
        path.name: ("rewritten", None),
        "older.db": ("unread", "encrypted"),
    }


def _rekey(path: Path, old: str, new: str) -> None:
    raw = cipher.connect(str(path))
    raw.execute(f"PRAGMA key = \"x'{old}'\"")
    raw.execute("PRAGMA journal_mode=DELETE").fetchone()
    raw.execute(f"PRAGMA rekey = \"x'{new}'\"")
    raw.close()


@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
def test_an_import_and_an_erasure_write_no_other_file(key: Path, program: Any, db: Path, tmp_path: Path) -> None:
    rows = "".join(f"Planted Row{n},row{n}@planted.it,{'x' * 300}\n" for n in range(3_000))
    (tmp_path / "in.csv").write_text("name,email,note\n" + rows)
    for words in (["import", "in.csv", "--type", "person"], ["privacy", "erase", "5", "--yes"]):
        trace = [str(STRACE), "-f", "-qq", "-etrace=openat,memfd_create", "-o", "trace"]
        command = [sys.executable, "-B", "-m", "dkcrm", *words]
        subprocess.run([*trace, *command], cwd=tmp_path, check=True, capture_output=True)
        text = (tmp_path / "trace").read_text()
        written = set(re.findall(r'openat\(\w+, "([^"]+)", [^)]*O_(?:CREAT|TMPFILE)', text))
        assert written and all(name.startswith(str(db)) for name in written), written
        assert "memfd_create" not in text


def test_halves_of_an_export_are_read_by_two_processes(
    locked: Any, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dkcrm.services import halves

    for n in range(8):
        locked.add("person", f"Planted {n}")
    alone = locked("export", "--format", "csv").out
    monkeypatch.setattr(halves, "SMALLEST", 1)
    monkeypatch.setattr(halves, "FEWEST", 1)
    counted = tmp_path / "count"
    monkeypatch.setenv("DKCRM_KEY_COMMAND", f"sh -c 'echo asked >> {counted}; cat {key}'")
    assert locked("export", "--format", "csv").out == alone
    assert counted.read_text() == "asked\n"  # once for both


# Without the key


def test_without_a_key_nothing_is_read_or_changed(locked: Any, db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DKCRM_KEY_COMMAND")
    before = db.read_bytes()
    for words in (["list"], ["add", "person", "X"], ["backup"], ["doctor"], ["decrypt"], ["mailquery", "anna"]):
        told = locked.refused(1, *words)
        assert told["error"] == "no_key" and "DKCRM_KEY_COMMAND" in told["hint"], words
    done = locked("list")
    assert done.err.count("\n") == 2 and done.out == ""  # what is wrong, and what to do
    assert db.read_bytes() == before and beside(db) == ["test.db"]


def test_with_another_key_nothing_is_read_or_changed(locked: Any, key: Path, db: Path, capfd: Any) -> None:
    key.write_text(OTHER)
    before = db.read_bytes()
    for words in (["list"], ["add", "person", "X"], ["backup"], ["doctor", "--fix"], ["decrypt"], ["undo"]):
        assert locked.refused(1, *words)["error"] == "wrong_key", words
    assert db.read_bytes() == before and beside(db) == ["test.db"]
    assert capfd.readouterr() == ("", "")  # SQLCipher itself says nothing


def test_without_the_extra_it_is_named(locked: Any, db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = db.read_bytes()
    monkeypatch.setitem(sys.modules, "sqlcipher3", None)
    for words in (["list"], ["add", "person", "X"], ["decrypt"]):
        told = locked.refused(1, *words)
        assert told["error"] == "no_encryption" and "dkcrm[encryption]" in told["hint"]
    assert db.read_bytes() == before


def test_without_the_extra_nothing_is_encrypted(
    book: Any, key: Path, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sqlcipher3", None)
    before = db.read_bytes()
    assert "dkcrm[encryption]" in book.refused(1, "encrypt")["hint"]
    assert db.read_bytes() == before and beside(db) == ["test.db"] and len(book.ok("list")) == 2


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("false", "exit 1"),
        ("sh -c 'echo locked out >&2; exit 3'", "exit 3: locked out"),
        ("/nowhere/pass show dkcrm", "cannot be run"),
        ("echo my secret word", "printed no key"),
        (f"echo {KEY}00", "printed no key"),
        ("true", "printed no key"),
        ("yes", "printed no key"),
        ("sleep 60", "did not end"),
        ("sh -c 'exec >&- 2>&-; sleep 60'", "did not end"),
        ("sh -c 'sleep 60 & exit 0'", "did not end"),
    ],
)
def test_a_key_command_that_gives_no_key(
    locked: Any, db: Path, command: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dkcrm.store import keysource

    monkeypatch.setattr(keysource, "PATIENCE", 0.4)
    monkeypatch.setenv("DKCRM_KEY_COMMAND", command)
    begun = time.monotonic()
    done = locked("list", "--json")
    assert (done.code, done.error["error"], done.out) == (1, "no_key", "")
    assert says in done.error["message"] and time.monotonic() - begun < 5
    assert "secret" not in done.error["message"] and len(done.err.splitlines()) == 1


def test_what_the_key_command_says_is_no_terminal_control(locked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DKCRM_KEY_COMMAND", "sh -c 'printf \"\\033]52;c;x\\007\\033[31mred\" >&2; exit 1'")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", locked("list").err)


def test_a_command_is_run_without_a_shell(locked: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DKCRM_KEY_COMMAND", f"echo $(touch {tmp_path}/made) ; touch {tmp_path}/made2")
    assert locked("list").code == 1
    assert not (tmp_path / "made").exists() and not (tmp_path / "made2").exists()


@pytest.mark.parametrize("value", ["'unclosed", " "])
def test_a_key_command_that_is_none_is_refused(crm: Any, value: str) -> None:
    assert crm.refused(2, "config", "set", "key_command", value)["error"] == "usage"


def test_the_key_command_leaves_the_input_alone(locked: Any, key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DKCRM_KEY_COMMAND", f"sh -c 'cat > /dev/null; cat {key}'")
    locked.ok("tag", "-", "many", input="1\n2\n")
    assert len(locked.ok("list", "tag:many")) == 2


def test_the_setting_names_the_command_too(locked: Any, key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DKCRM_KEY_COMMAND")
    locked.ok("config", "set", "key_command", f"cat {key}")
    assert len(locked.ok("list")) == 2


def test_a_key_comes_on_a_file_descriptor(book: Any, db: Path) -> None:
    def on_pipe(text: str) -> int:
        here, there = os.pipe()
        os.write(there, text.encode())
        os.close(there)
        return here

    for text in ("too short\n", "", KEY[:-1] + "g\n"):
        told = book.refused(1, "encrypt", "--key-fd", on_pipe(text))
        assert told["error"] == "no_key" and "64" in told["message"]
        assert not text or text.strip() not in told["message"]
    assert book.refused(2, "encrypt", "--key-fd", 999)["error"] == "usage"
    assert db.read_bytes().startswith(PLAIN)
    told = book.ok("encrypt", "--key-fd", on_pipe(KEY.upper() + "\r\n"))
    assert any("key_command" in warning for warning in told["warnings"])
    assert book.refused(1, "list")["error"] == "no_key"
    assert book.refused(1, "decrypt", "--key-fd", on_pipe(OTHER))["error"] == "wrong_key"
    book.ok("decrypt", "--key-fd", on_pipe(KEY))
    assert len(book.ok("list")) == 2


@pytest.mark.parametrize("command", ["encrypt", "decrypt"])
def test_a_full_disk_is_said_to_be_full_and_the_database_lives_on(
    crm: Any, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    with a_small_disk(tmp_path, "1m") as place:
        monkeypatch.setenv("DKCRM_DB", str(place / "test.db"))
        if command == "encrypt":
            monkeypatch.delenv("DKCRM_KEY_COMMAND")
        crm.add("person", "Anna")
        monkeypatch.setenv("DKCRM_KEY_COMMAND", f"cat {key}")
        before, head = exported(crm), (place / "test.db").read_bytes()[:16]
        for room in (8192, 100_000, 300_000):
            (place / "filler").unlink(missing_ok=True)
            (place / "filler").write_bytes(bytes(shutil.disk_usage(place).free - room))
            told = crm.refused(1, command)
            assert (told["error"], "full" in told["message"]) == ("disk_full", True), (room, told)
            assert (place / "test.db").read_bytes()[:16] == head
        (place / "filler").unlink()
        assert exported(crm) == before and crm("doctor").code == 0
        crm.ok(command)
        assert (place / "test.db").read_bytes()[:16] != head and exported(crm) == before


# The keyring


@pytest.fixture
def ring() -> Iterator[dict[tuple[str, str], str]]:
    """Give a keyring of the test's own."""
    keyring = pytest.importorskip("keyring")
    from keyring.backend import KeyringBackend

    kept: dict[tuple[str, str], str] = {}

    class Ring(KeyringBackend):
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            return kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            kept[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            del kept[service, username]

    before = keyring.get_keyring()
    keyring.set_keyring(Ring())
    yield kept
    keyring.set_keyring(before)


def test_the_keyring_keeps_one_key_for_all(book: Any, ring: dict[tuple[str, str], str], db: Path) -> None:
    done = book("encrypt", "--keyring")
    assert done.code == 0 and re.fullmatch(r"[0-9a-f]{64}", ring["dkcrm", "database"])
    assert ring["dkcrm", "database"] not in done.out + done.err
    assert len(book.ok("list")) == 2 and not db.read_bytes().startswith(PLAIN)
    before = dict(ring)
    book.ok("decrypt")
    book.ok("encrypt", "--keyring")
    assert ring == before and len(book.ok("list")) == 2
    ring.clear()
    assert book.refused(1, "list")["error"] == "no_key"
    ring["dkcrm", "database"] = OTHER
    assert book.refused(1, "list")["error"] == "wrong_key"


def test_a_dry_run_puts_no_key_into_the_keyring_and_says_none(book: Any, ring: dict[tuple[str, str], str]) -> None:
    done = book("encrypt", "--keyring", "--dry-run")
    assert done.code == 0 and ring == {}
    assert "nothing encrypted" in done.err and "the key is in" not in done.err


def test_a_keyring_that_does_not_work_changes_nothing(book: Any, db: Path, ring: Any) -> None:
    import keyring
    from keyring.backends.fail import Keyring
    from keyring.backends.null import Keyring as Null

    for backend in (Keyring(), Null()):
        keyring.set_keyring(backend)
        assert book.refused(1, "encrypt", "--keyring")["error"] == "no_key"
        assert db.read_bytes().startswith(PLAIN) and beside(db) == ["test.db"]
        assert book.ok("config", "show")["keyring"]["value"] == ""


# Backups, copies and what is made anew


def test_a_new_database_is_encrypted_where_a_key_is_named(crm: Any, key: Path, db: Path) -> None:
    crm.add("person", "Anna")
    assert not db.read_bytes().startswith(PLAIN) and len(crm.ok("list")) == 1


def test_a_lost_database_comes_back_encrypted(locked: Any, db: Path) -> None:
    path, before = locked.ok("backup")["backup"], exported(locked)
    for file in db.parent.glob("test.db*"):
        file.unlink()
    locked.ok("restore", path, "--yes")
    assert exported(locked) == before and planted(db.parent) == set()


def test_backups_go_from_plain_to_encrypted_and_back(book: Any, key: Path, db: Path) -> None:
    before, in_plain = exported(book), book.ok("backup")["backup"]
    told = book.ok("encrypt")
    assert told["in_plain"] == [in_plain] and any("in plain" in warning for warning in told["warnings"])
    encrypted = book.ok("backup")["backup"]
    book.ok("rm", 2)
    book.ok("restore", in_plain, "--yes")
    assert exported(book) == before and planted(db.parent) == {Path(in_plain).name}
    book.ok("rm", 1)
    book.ok("decrypt")
    told = book.ok("restore", encrypted, "--yes")
    assert exported(book) == before and any("dkcrm encrypt" in warning for warning in told["warnings"])


def test_backups_in_plain_are_encrypted_where_it_is_asked_for(book: Any, key: Path, tmp_path: Path) -> None:
    paths = [Path(book.ok("backup")["backup"])]
    paths.append(Path(book.ok("backup", paths[0].parent / "second.db")["backup"]))
    told = book.ok("encrypt", "--backups")
    assert told["backups"] == sorted(map(str, paths)) and told["in_plain"] == []
    assert planted(tmp_path) == set()
    assert [one["checksum"] for one in book.ok("backup", "check", *paths)] == ["ok", "ok"]
    assert stat.S_IMODE(paths[0].stat().st_mode) == 0o600
    book.ok("decrypt")
    later = book.ok("backup")["backup"]
    book.ok("encrypt")
    assert book.ok("encrypt", "--backups")["backups"] == [later] and planted(tmp_path) == set()


def test_a_backup_is_encrypted_and_cleaned_whatever_its_name(book: Any, key: Path, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir(0o700)
    paths = [book.ok("backup", tmp_path / "backups" / name)["backup"] for name in ("friday.sqlite", "plain", "z.age")]
    assert book.ok("encrypt")["in_plain"] == paths
    (note,) = (one for one in book.ok("doctor") if one["check"] == "in_plain")
    assert note["count"] == 3
    assert book.ok("encrypt", "--backups")["backups"] == paths
    assert planted(tmp_path) == set()
    erased = book.ok("privacy", "erase", 1, "--yes")["backups"]
    assert [(one["path"], one["state"]) for one in erased] == [(path, "rewritten") for path in paths]
    assert [one["entities"] for one in book.ok("backup", "check", *paths)] == [1, 1, 1]


def test_backups_of_another_database_are_left_alone(book: Any, key: Path, db: Path, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir(0o700)
    other, copied = tmp_path / "other.db", tmp_path / "copied.db"
    book.ok("backup", copied)
    book.ok("add", "person", "Planted Elsewhere", "--db", copied)
    theirs = [book.ok("backup", "--db", copied)["backup"]]
    with pytest.MonkeyPatch.context() as without:
        without.delenv("DKCRM_KEY_COMMAND")
        book.ok("add", "person", "Planted Other", "--db", other)
    foreign = book.ok("backup", "--db", other)["backup"]
    mine = book.ok("backup")["backup"]
    before = {path: Path(path).read_bytes() for path in (*theirs, foreign)}
    told = book.ok("encrypt", "--backups")
    assert told["backups"] == [mine] and told["in_plain"] == theirs
    assert any("not an earlier state" in warning for warning in told["warnings"])
    assert {path: Path(path).read_bytes() for path in before} == before
    (note,) = (one for one in book.ok("doctor") if one["check"] == "in_plain")
    assert theirs[0] in note["message"] and foreign not in note["message"]


def test_a_backup_that_is_not_what_its_sum_says_is_left_as_it_is(book: Any, key: Path) -> None:
    path = Path(book.ok("backup")["backup"])
    path.write_bytes(path.read_bytes().replace(b"plantednote", b"plantedn0te"))
    before = path.read_bytes()
    told = book.ok("encrypt", "--backups")
    assert told["backups"] == [] and told["in_plain"] == [str(path)]
    assert any("SHA-256" in warning for warning in told["warnings"]) and path.read_bytes() == before


def test_a_backup_that_cannot_be_read_keeps_no_other_from_being_encrypted(book: Any, key: Path) -> None:
    path = Path(book.ok("backup")["backup"])
    broken = path.with_name("broken.db")
    broken.write_bytes(PLAIN + bytes(5000))
    told = book.ok("encrypt", "--backups")
    assert told["backups"] == [str(path)] and told["in_plain"] == [str(broken)]
    assert broken.read_bytes() == PLAIN + bytes(5000)


@pytest.mark.parametrize("rewritten", [False, True])
def test_a_backup_whose_encryption_was_killed_gets_its_sum_the_next_time(book: Any, key: Path, rewritten: bool) -> None:
    path = Path(book.ok("backup")["backup"])
    of_sum, of_before = Path(f"{path}.sha256"), Path(f"{path}.sha256.old")
    sum_before = of_sum.read_bytes()
    book.ok("encrypt", *["--backups"] * rewritten)
    # The old sum has another name before the new file comes, and goes once the new one is there.
    of_sum.unlink(missing_ok=True)
    of_before.write_bytes(sum_before)
    book.ok("encrypt", "--backups")
    assert not path.read_bytes().startswith(PLAIN) and not of_before.exists()
    assert [one["checksum"] for one in book.ok("backup", "check", path)] == ["ok"]


def test_an_interruption_after_the_new_file_has_its_place_says_so(
    book: Any, key: Path, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dkcrm.store import journal, recovery, swapping

    sleep = time.sleep

    def interrupt(seconds: float) -> None:
        # Others sleep too: who waits for the key command, for one.
        if seconds == swapping._LINGER:
            raise KeyboardInterrupt
        sleep(seconds)

    monkeypatch.setattr(journal, "written", [])
    monkeypatch.setattr(recovery, "restored", [])
    monkeypatch.setattr(swapping, "swapped", [])
    monkeypatch.setattr(swapping.time, "sleep", interrupt)
    told = book.refused(130, "encrypt")
    assert told["error"] == "interrupted" and str(db) in told["message"]
    assert not db.read_bytes().startswith(PLAIN) and beside(db) == ["test.db"]


def test_a_backup_with_another_key_is_refused(locked: Any, key: Path, db: Path) -> None:
    path = Path(locked.ok("backup")["backup"])
    Path(f"{path}.sha256").unlink()
    _rekey(path, KEY, OTHER)
    before = exported(locked)
    assert locked.refused(1, "restore", path, "--yes")["error"] == "wrong_key"
    assert locked.refused(1, "backup", "check", path)["error"] == "wrong_key"
    assert exported(locked) == before and beside(db) == ["test.db"]


def test_every_flipped_bit_of_an_encrypted_backup_is_seen_without_its_sum(locked: Any) -> None:
    path = Path(locked.ok("backup")["backup"])
    Path(f"{path}.sha256").unlink()
    whole = path.read_bytes()
    chance = random.Random(11)
    seen = 0
    for _ in range(40):
        broken = bytearray(whole)
        broken[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        path.write_bytes(broken)
        seen += locked.refused(1, "backup", "check", path)["error"] in ("wrong_key", "damaged_backup")
    assert seen == 40


def test_damage_of_an_encrypted_database_is_found(locked: Any, db: Path) -> None:
    locked.ok("backup")
    data = bytearray(db.read_bytes())
    for place in range(5 * 4096, len(data), 4096):
        data[place + 100] ^= 1
    db.write_bytes(data)
    for words in (["list"], ["doctor"]):
        done = locked(*words, "--json")
        assert done.code == 1 and "Traceback" not in done.err
        assert "damage" in done.out + done.err or "integrity" in done.out, done


def test_an_older_database_is_brought_up_to_date_encrypted(crm: Any, key: Path, db: Path, tmp_path: Path) -> None:
    import sqlite3

    from dkcrm.store import migrations
    from dkcrm.store.connection import APPLICATION_ID

    old = tmp_path / "old.db"
    plain = sqlite3.connect(old, isolation_level=None)
    plain.execute(f"PRAGMA application_id={APPLICATION_ID}")
    for number in (1, 2, 3):
        migrations._apply(plain, number, migrations.MIGRATIONS[number - 1])
    plain.execute(
        "INSERT INTO entity (id, uid, type, full_name, created_at, updated_at) VALUES"
        " (1, x'00112233445566778899aabbccddeeff', 'person', 'Anna Planted', '2026', '2026')"
    )
    plain.close()
    raw = cipher.connect(str(old), isolation_level=None)
    raw.execute(f"ATTACH '{db}' AS new KEY \"x'{KEY}'\"")
    raw.execute("SELECT sqlcipher_export('new')")
    raw.execute(f"PRAGMA new.application_id={APPLICATION_ID}")
    raw.execute("PRAGMA new.user_version=3")
    raw.close()
    old.unlink()
    assert [one["name"] for one in crm.ok("list")] == ["Anna Planted"]
    copies = [name for name in beside(db) if ".before-v" in name]
    assert len(copies) == 1 and planted(tmp_path) == set()
    assert crm.ok("backup", "check", tmp_path / copies[0])[0]["schema"] == 3
    crm.ok("restore", tmp_path / copies[0], "--yes")
    assert [one["name"] for one in crm.ok("list")] == ["Anna Planted"] and planted(tmp_path) == set()


# Others at work


_OPEN = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute(sys.argv[2]).fetchone()
print("open", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("sql", ["SELECT count(*) FROM entity", "BEGIN IMMEDIATE"])
def test_somebody_who_has_it_open_is_exit_75_and_nothing_changed(
    book: Any, key: Path, db: Path, sql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DKCRM_WAIT", "0.2")
    names, before = beside(db), exported(book)
    other = subprocess.Popen(
        [sys.executable, "-c", _OPEN, str(db), sql], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None and other.stdout.readline() == "open\n"
    data = db.read_bytes()
    try:
        assert book.refused(75, "encrypt")["error"] == "busy"
        assert db.read_bytes() == data and beside(db) == names
    finally:
        other.communicate("")
    assert exported(book) == before
    book.ok("encrypt")
    assert exported(book) == before


def test_writers_beside_it_lose_nothing(book: Any, key: Path, db: Path) -> None:
    """Four processes write while the file is replaced three times: what each was told is written is there."""
    environment = {**os.environ, "DKCRM_WAIT": "60"}
    loop = (
        "import subprocess, sys\n"
        "for n in range(4):\n"
        "    done = subprocess.run([sys.executable, '-m', 'dkcrm', 'add', 'person', f'W{sys.argv[1]}x{n}', '-q'],"
        " capture_output=True, text=True)\n"
        "    print(done.returncode, done.stderr.strip())\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", loop, str(n)], stdout=subprocess.PIPE, text=True, env=environment)
        for n in range(4)
    ]
    swapped = []
    for words in (["encrypt"], ["decrypt"], ["encrypt"]):
        done = subprocess.run(
            [sys.executable, "-m", "dkcrm", *words], capture_output=True, text=True, env=environment, check=False
        )
        swapped.append((done.returncode, done.stderr))
    said = [line for writer in writers for line in writer.communicate()[0].splitlines()]
    assert [code for code, _err in swapped] == [0, 0, 0], swapped
    assert [line.strip() for line in said] == ["0"] * 16, said
    names = {one["name"] for one in book.ok("list", "person", "--limit", 0)}
    assert {f"W{n}x{m}" for n in range(4) for m in range(4)} <= names
    assert all(one["level"] == "note" for one in book.ok("doctor"))
