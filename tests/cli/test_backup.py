"""backup and restore: whole, verified, while others write; what is no sound backup changes nothing."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

#: So many bits are flipped, one in each copy: DKCRM_TEST_BITS=300 for a long run.
BITS = int(os.environ.get("DKCRM_TEST_BITS", "40"))
CHECKSUMS = shutil.which("sha256sum")


@pytest.fixture
def book(crm: Any, tmp_path: Path) -> Any:
    """Give a database with some of everything in it."""
    crm.add("lead", "Anna Bianchi", "--email", "anna@bianchi.it", "--org", "Bianchi S.r.l.", "--tag", "vip")
    crm.ok("log", 1, "email", "hello", "--in")
    crm.add("person", "Bruno Neri", "--phone", "02 1234567")
    crm.ok("purchase", 2, "Plan", "--amount", "10", "--currency", "EUR")
    crm.ok("segment", "save", "vips", "tag:vip")
    return crm


def state(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of a database, those of full text left out."""
    database = sqlite3.connect(path)
    names = [
        row[0]
        for row in database.execute(
            "SELECT name FROM sqlite_master WHERE type='table' AND name NOT GLOB 'search*' AND name NOT GLOB 'sqlite*'"
        )
    ]
    try:
        return {name: database.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in names}
    finally:
        database.close()


def test_a_backup_is_the_database_with_its_sum_beside_it(book: Any, tmp_path: Path) -> None:
    told = book.ok("backup")
    path = Path(told["backup"])
    assert path.parent == tmp_path / "backups" and path.name.startswith("test-20")
    assert (told["entities"], told["bytes"], told["encrypted"], told["removed"]) == (2, path.stat().st_size, False, [])
    assert told["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    sums = Path(f"{path}.sha256")
    assert sums.read_text() == f"{told['sha256']}  {path.name}\n"
    assert state(path) == state(tmp_path / "test.db")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (path, sums)} == {0o600}
    assert sorted(file.name for file in path.parent.iterdir()) == sorted([path.name, sums.name])
    assert book.ok("backup", "check", path) == [
        {
            "backup": str(path), "ok": True, "checksum": "ok", "schema": 6, "entities": 2,
            "last_operation_at": told["last_operation_at"],
        }
    ]  # fmt: skip


def test_backups_are_listed_and_thinned_out(book: Any, rome: Any, tmp_path: Path) -> None:
    for day in range(1, 6):
        rome(f"2026-11-0{day}T03:00:00Z")
        book.ok("backup")
    listed = book.ok("backup", "list")
    assert [row["at"][:10] for row in listed] == [f"2026-11-0{day}" for day in (5, 4, 3, 2, 1)]
    stranger = tmp_path / "backups" / "holiday.db"
    stranger.write_text("not ours")
    rome("2026-11-06T03:00:00Z")
    would = book.ok("backup", "--keep", "2d,2w", "--dry-run")
    assert len(book.ok("backup", "list")) == 5 and would["bytes"] is None
    told = book.ok("backup", "--keep", "2d,2w")
    assert told["removed"] == would["removed"] and len(told["removed"]) == 3
    # The 1st is a Sunday, the newest of the week before.
    assert [row["at"][:10] for row in book.ok("backup", "list")] == ["2026-11-06", "2026-11-05", "2026-11-01"]
    assert stranger.exists() and len(list((tmp_path / "backups").iterdir())) == 7


@pytest.mark.parametrize("encrypted", [False, True])
@pytest.mark.parametrize("alike", ["another", "a copy that went its own way"])
def test_backups_of_another_database_of_that_name_are_not_thinned_out(
    book: Any, rome: Any, tmp_path: Path, alike: str, encrypted: bool
) -> None:
    import pyrage

    words = ["--recipient", str(pyrage.x25519.Identity.generate().to_public())] * encrypted
    stick, other = tmp_path / "stick", tmp_path / "other" / "test.db"
    stick.mkdir(0o700)
    other.parent.mkdir(0o700)
    if alike != "another":
        book.ok("backup", other)
    book.ok("add", "person", "Only There", "--db", other)
    rome("2026-11-20T03:00:00Z")
    theirs = book.ok("backup", stick, *words, "--db", other)["backup"]
    book.ok("tag", 1, "later")
    kept = []
    for day in (21, 22, 23):
        rome(f"2026-11-{day}T03:00:00Z")
        kept.append(book.ok("backup", stick, *words)["backup"])
    rome("2026-11-24T03:00:00Z")
    would = book.ok("backup", stick, *words, "--keep", "2d", "--dry-run")
    told = book.ok("backup", stick, *words, "--keep", "2d")
    assert (told["removed"], told["left"]) == ([kept[1], kept[0]], [theirs]) == (would["removed"], would["left"])
    assert Path(theirs).exists() and not Path(kept[0]).exists()
    told = book.ok("backup", stick, *words, "--keep", "1d", "--db", other)
    assert told["removed"] == [theirs] and len(told["left"]) == 2
    if encrypted and CHECKSUMS:
        done = subprocess.run([CHECKSUMS, "-c", f"{kept[2]}.sha256"], cwd=stick, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")


def test_backups_that_were_rewritten_are_thinned_out_as_others_are(book: Any, rome: Any) -> None:
    rome("2026-11-20T03:00:00Z")
    old = book.ok("backup")["backup"]
    assert book.ok("privacy", "erase", 1, "--yes")["backups"][0]["state"] == "rewritten"
    rome("2026-11-21T03:00:00Z")
    assert book.ok("backup", "--keep", "1d")["removed"] == [old]


def test_what_a_restore_has_left_is_not_thinned_out(book: Any, rome: Any) -> None:
    rome("2026-11-20T03:00:00Z")
    first = book.ok("backup")["backup"]
    book.ok("tag", 1, "later")
    rome("2026-11-21T03:00:00Z")
    second = book.ok("backup")["backup"]
    book.ok("restore", first, "--yes")
    rome("2026-11-22T03:00:00Z")
    told = book("backup", "--keep", "1d", "--json")
    assert (told.json["removed"], told.json["left"]) == ([first], [second])
    assert "(1 stays that is not an earlier state of this database)" in book("backup", "--keep", "1d").err


def test_nothing_to_back_up_and_names_that_are_taken_are_refused(crm: Any, tmp_path: Path) -> None:
    assert crm.refused(1, "backup")["error"] == "unreachable_database"
    assert not (tmp_path / "backups").exists() and not (tmp_path / "test.db").exists()
    assert crm.ok("backup", "list") == []
    crm.add("lead", "Anna")
    taken = tmp_path / "taken.db"
    taken.write_text("mine")
    assert "there already" in crm.refused(2, "backup", taken)["message"]
    assert taken.read_text() == "mine"
    crm.refused(2, "backup", tmp_path / "nowhere" / "b.db")
    crm.refused(2, "backup", tmp_path / "b.db", "--keep", "7d")
    crm.refused(2, "backup", "--keep", "7")
    crm.refused(3, "backup", "list", tmp_path / "nowhere")
    assert crm.ok("backup", tmp_path / "b.db")["entities"] == 1


@pytest.mark.parametrize("command", [("restore",), ("backup", "restore")])
def test_restore_gives_the_rows_back_and_keeps_what_was_there(
    book: Any, tmp_path: Path, command: tuple[str, ...]
) -> None:
    path = Path(book.ok("backup", tmp_path / "b.db")["backup"])
    before = state(tmp_path / "test.db")
    bytes_before = path.read_bytes()
    book.ok("rm", 1)
    third = book.add("lead", "Carla")
    after = state(tmp_path / "test.db")
    told = book.ok(*command, path)
    assert (told["entities"], told["warnings"]) == (2, [])
    assert state(tmp_path / "test.db") == before and path.read_bytes() == bytes_before
    assert [row["id"] for row in book.ok("find", "bianchi")] == [1] and book.ok("find", "carla") == []
    kept = Path(told["kept"])
    assert state(kept) == after and stat.S_IMODE(kept.stat().st_mode) == 0o600
    # A number that was given is not given again, and undo goes on where the backup stood.
    assert book.add("lead", "Dario") == third + 1
    book.ok("undo")
    book.ok("undo")
    book.ok(*command, kept)
    assert [row["name"] for row in book.ok("list", "sort:name")] == ["Bruno Neri", "Carla"]


@pytest.mark.parametrize("name", ["b\udce9", "50%?#&=", "two\nlines", "back\\slash", "\u00e8 \u65e5\u672c"])
def test_a_backup_is_restored_from_and_to_any_path(book: Any, tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    place.mkdir(0o700)
    path = book.ok("backup", place)["backup"]
    assert book.ok("restore", path)["entities"] == 2
    there = place / f"{name}.db"
    book.ok("restore", path, "--db", there)
    copy = Path(book.ok("backup", "--db", there)["backup"])
    assert book.ok("backup", "check", copy)[0]["checksum"] == "ok"
    book.ok("rm", 1, "--db", there)
    assert book.ok("restore", copy, "--db", there)["entities"] == 2 and len(book.ok("list", "--db", there)) == 2


@pytest.mark.skipif(CHECKSUMS is None, reason="no sha256sum here")
@pytest.mark.parametrize("name", ["two\nlines", "back\\slash", "\\n\n", "b\udce9"])
def test_sha256sum_reads_the_sum_of_any_name(crm: Any, tmp_path: Path, name: str) -> None:
    there = tmp_path / f"{name}.db"
    crm.ok("add", "person", "Anna", "--db", there)
    crm.ok("add", "person", "Bruno", "--db", there)
    backup = crm.ok("backup", "--db", there)["backup"]

    def checked() -> int:
        sums = [CHECKSUMS, "--strict", "-c", f"{backup}.sha256"]
        code = subprocess.run(sums, cwd=tmp_path / "backups", capture_output=True, check=False).returncode
        assert [one["checksum"] for one in crm.ok("backup", "check", backup)] == ["ok"]
        return code

    assert checked() == 0
    assert [one["state"] for one in crm.ok("privacy", "erase", 1, "--yes", "--db", there)["backups"]] == ["rewritten"]
    assert checked() == 0


def test_restore_without_a_database_makes_one(book: Any, tmp_path: Path) -> None:
    path = book.ok("backup", tmp_path / "b.db")["backup"]
    new = tmp_path / "new.db"
    told = book.ok("restore", path, "--db", new)
    assert told["kept"] is None and stat.S_IMODE(new.stat().st_mode) == 0o600
    assert state(new) == state(Path(path))


def test_restore_in_the_place_of_a_ruined_database(book: Any, tmp_path: Path) -> None:
    path = Path(book.ok("backup", tmp_path / "b.db")["backup"])
    database = tmp_path / "test.db"
    for suffix in ("-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    data = bytearray(database.read_bytes())
    for page in range(1, len(data) // 4096):
        data[page * 4096 : page * 4096 + 64] = b"\xa5" * 64
    database.write_bytes(data)
    told = book.ok("restore", path)
    assert state(database) == state(path)
    assert Path(told["kept"]).read_bytes() == bytes(data)


def test_a_dry_run_changes_nothing(book: Any, tmp_path: Path) -> None:
    path = book.ok("backup", tmp_path / "b.db")["backup"]
    book.ok("rm", 1)
    before = sorted(file.name for file in tmp_path.iterdir())
    assert book.ok("restore", path, "--dry-run")["kept"] is None
    assert sorted(file.name for file in tmp_path.iterdir()) == before and len(book.ok("list")) == 1


def test_a_dry_run_says_that_it_is_one(book: Any, rome: Any, tmp_path: Path) -> None:
    path = book.ok("backup")["backup"]
    assert "dry run, nothing restored" in book("restore", path, "--dry-run").err
    rome("2026-11-23T09:00:00Z")
    told = book("backup", "--keep", "1d", "--dry-run").err
    assert "dry run, nothing written" in told and "1 older one would be removed" in told and Path(path).exists()


def test_all_backups_are_checked_whatever_one_of_them_is(book: Any, tmp_path: Path) -> None:
    paths = [Path(book.ok("backup", tmp_path / f"{name}.db")["backup"]) for name in "abcd"]
    paths[1].write_bytes(paths[1].read_bytes() + b"zz")
    Path(f"{paths[3]}.sha256").unlink()
    paths.insert(2, tmp_path / "nothing.db")
    done = book("backup", "check", *paths, "--json")
    assert done.code == 1 and [row["ok"] for row in done.json] == [True, False, False, True, True]
    assert [row["checksum"] for row in done.json] == ["ok", None, None, "ok", "missing"]
    assert "b.db is damaged" in done.err and "no such file" in done.err and "d.db has no .sha256" in done.err
    table = book("backup", "check", *paths)
    assert table.code == 1 and len(table.out.splitlines()) == 5
    assert book("backup", "check", paths[2], paths[0]).code == 3


def test_every_flipped_bit_is_seen(book: Any, tmp_path: Path) -> None:
    path = Path(book.ok("backup", tmp_path / "b.db")["backup"])
    good = path.read_bytes()
    chance = random.Random(7)
    for _round in range(BITS):
        data = bytearray(good)
        place = chance.randrange(len(data))
        data[place] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        assert book.refused(1, "backup", "check", path)["error"] == "damaged_backup"
    before = state(tmp_path / "test.db")
    book.refused(1, "restore", path)
    assert state(tmp_path / "test.db") == before
    assert not [file for file in tmp_path.iterdir() if "before-restore" in file.name or "restoring" in file.name]


def test_what_is_no_backup_is_refused(book: Any, tmp_path: Path) -> None:
    other, text, cut = tmp_path / "other.db", tmp_path / "text.db", tmp_path / "cut.db"
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE entity (id)")
    text.write_text("hello")
    path = Path(book.ok("backup", tmp_path / "b.db")["backup"])
    cut.write_bytes(path.read_bytes()[:40_000])
    newer = tmp_path / "newer.db"
    newer.write_bytes(path.read_bytes())
    with sqlite3.connect(newer) as database:
        database.execute("PRAGMA user_version=99")
    for file, code in ((other, "foreign_database"), (text, "foreign_database"), (cut, "damaged_backup"),
                       (newer, "newer_database")):  # fmt: skip
        was = file.read_bytes()
        assert book.refused(1, "restore", file)["error"] == code
        assert file.read_bytes() == was
    book.refused(3, "backup", "restore", tmp_path / "nothing.db")
    book.refused(2, "backup", "restore", tmp_path / "test.db")
    assert len(book.ok("list")) == 2


def test_triggers_and_views_of_a_backup_stay_there(book: Any, tmp_path: Path) -> None:
    path = Path(book.ok("backup", tmp_path / "b.db")["backup"])
    with sqlite3.connect(path) as database:
        database.execute("CREATE TRIGGER evil AFTER INSERT ON entity BEGIN DELETE FROM tag; END")
        database.execute("CREATE VIEW spy AS SELECT * FROM entity")
    Path(f"{path}.sha256").unlink()
    told = book.ok("restore", path)
    assert "no .sha256" in told["warnings"][0]
    with sqlite3.connect(tmp_path / "test.db") as database:
        assert database.execute("SELECT name FROM sqlite_master WHERE name IN ('evil', 'spy')").fetchall() == []
    assert book.add("lead", "Carla") and [row["id"] for row in book.ok("list", "tag:vip")] == [1]


def test_a_backup_of_an_older_schema_is_brought_up_to_date_in_a_copy(book: Any, tmp_path: Path) -> None:
    from dkcrm.store import migrations

    old = tmp_path / "old.db"
    database = sqlite3.connect(old, isolation_level=None)
    database.execute("PRAGMA application_id=0x646B6372")
    for number in (1, 2):
        migrations._apply(database, number, migrations.MIGRATIONS[number - 1])
    database.execute(
        "INSERT INTO entity (uid, type, full_name, created_at, updated_at, name_key)"
        " VALUES (randomblob(16), 'person', 'Old Oak', '2025-01-01T00:00:00Z', '2025-01-01T00:00:00Z', 'old oak')"
    )
    database.execute("CREATE TRIGGER evil AFTER UPDATE ON entity BEGIN DELETE FROM entity; END")
    database.close()
    was = old.read_bytes()
    book.ok("restore", old)
    assert [row["name"] for row in book.ok("list")] == ["Old Oak"] and book.ok("find", "oak")
    assert old.read_bytes() == was
    assert not [file for file in tmp_path.iterdir() if "restoring" in file.name or "before-v" in file.name]


@pytest.mark.parametrize("command", [("restore",), ("backup", "restore")])
def test_an_encrypted_backup_wants_its_key(book: Any, tmp_path: Path, command: tuple[str, ...]) -> None:
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    keys = tmp_path / "key.txt"
    keys.write_text(f"# mine\n{identity}\n")
    path = tmp_path / "b.db.age"
    told = book.ok("backup", path, "--recipient", str(identity.to_public()))
    assert told["encrypted"] and path.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert b"Bianchi" not in path.read_bytes()
    book.ok("rm", 1)
    asked = book.refused(2, *command, path)
    assert "--passphrase-fd" in asked["hint"] and "--identity" in asked["hint"]
    other = tmp_path / "other.txt"
    other.write_text(str(pyrage.x25519.Identity.generate()))
    assert book.refused(1, *command, path, "--identity", other)["error"] == "wrong_key"
    (tmp_path / "none.txt").write_text("# nothing\n")
    book.refused(2, "backup", "check", path, "--identity", tmp_path / "none.txt")
    assert book.ok("backup", "check", path, "--identity", keys)[0]["entities"] == 2
    assert len(book.ok("list")) == 1
    book.ok(*command, path, "--identity", keys)
    assert len(book.ok("list")) == 2
    assert not [file for file in tmp_path.iterdir() if file.name.startswith(".dkcrm")]
    assert "for the file of a backup" in book.refused(2, "restore", 1, "--identity", keys)["message"]
    book.refused(2, "backup", tmp_path / "c.age", "--recipient", "age1nonsense")
    assert not (tmp_path / "c.age").exists()


def test_where_an_encrypted_backup_goes_nothing_is_ever_in_plain(
    book: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyrage

    from dkcrm.formats import age

    stick = tmp_path / "stick"
    stick.mkdir(0o700)
    encrypt, seen = age.encrypt_file, []

    def look(source: str, target: Any, **how: Any) -> None:
        encrypt(source, target, **how)
        target.flush()
        seen.extend(path for path in stick.iterdir() if b"Bianchi" in path.read_bytes())
        assert Path(source).parent == tmp_path and stat.S_IMODE(os.stat(source).st_mode) == 0o600

    monkeypatch.setattr(age, "encrypt_file", look)
    to = str(pyrage.x25519.Identity.generate().to_public())
    assert book.ok("backup", stick, "--recipient", to)["encrypted"] and seen == []
    assert len(list(stick.iterdir())) == 2 and not list(tmp_path.glob(".dkcrm-*"))


@pytest.mark.parametrize("next_one", ["backup", "check", "restore"])
def test_what_a_killed_backup_has_left_is_named_and_taken_away(book: Any, tmp_path: Path, next_one: str) -> None:
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    (tmp_path / "key.txt").write_text(str(identity))
    path = book.ok("backup", "--recipient", str(identity.to_public()))["backup"]
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    names = [f".dkcrm-{{}}-{end}" for end in ("plain", "0123abcd", "0123abcd-journal")]
    names += ["backups/.dkcrm-{}-4567cdef", "test.db.restoring-{}"]
    left = [tmp_path / name.format(process.pid) for name in names]
    for file in left:
        file.touch(0o600)
    stays = tmp_path / ".dkcrm-12345678"  # an export that is being written
    stays.touch(0o600)
    assert [one for one in book.ok("doctor") if one["check"] == "left_behind"] == []
    process.kill()
    process.communicate()
    (found,) = (one for one in book.ok("doctor") if one["check"] == "left_behind")
    assert found["count"] == len(left) and all(str(file) in found["message"] for file in left)
    words = {"backup": ["backup"], "check": ["backup", "check", path], "restore": ["backup", "restore", path]}[next_one]
    book.ok(*words, *["--identity", tmp_path / "key.txt"] * (next_one != "backup"))
    assert not [file for file in left if file.exists()] and stays.exists()
    assert [one for one in book.ok("doctor") if one["check"] == "left_behind"] == []


def test_a_passphrase_comes_from_a_file_descriptor(book: Any, tmp_path: Path) -> None:
    path = tmp_path / "b.db.age"

    def run(*words: object, secret: bytes) -> subprocess.CompletedProcess[bytes]:
        here, there = os.pipe()
        os.write(there, secret)
        os.close(there)
        try:
            return subprocess.run(
                [sys.executable, "-m", "dkcrm", *map(str, words), "--passphrase-fd", str(here)],
                pass_fds=[here], capture_output=True, check=False,
            )  # fmt: skip
        finally:
            os.close(here)

    assert run("backup", path, "--encrypt", secret=b"open sesame\n").returncode == 0
    book.ok("rm", 1)
    for words in (["restore"], ["backup", "restore"]):
        assert run(*words, path, secret=b"open barley\n").returncode == 1
        assert run(*words, path, secret=b"").returncode == 2
        assert len(book.ok("list")) == 1
        assert run(*words, path, secret=b"open sesame\n").returncode == 0
        assert len(book.ok("list")) == 2
        book.ok("rm", 1)
    assert "nobody can be asked" in book.refused(2, "backup", tmp_path / "c.age", "--encrypt")["message"]


def test_backups_taken_while_others_write_are_whole(program: Any, tmp_path: Path) -> None:
    assert program("add", "lead", "First").code == 0
    stop = threading.Event()
    failed: list[Any] = []

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            done = program("add", "lead", f"L{number}", "--email", f"l{number}@x.it", "--tag", "a", "--quiet")
            if done.code:
                failed.append(done)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for round_ in range(4):
            assert program("backup", tmp_path / f"b{round_}.db").code == 0
    finally:
        stop.set()
        writer.join()
    assert failed == []
    for round_ in range(4):
        rows = state(tmp_path / f"b{round_}.db")
        # Each operation is in it wholly: an entity, its email and its tag.
        assert len(rows["entity"]) == len(rows["operation"]) == len(rows["contact_point"]) + 1 == len(rows["tag"]) + 1


@pytest.mark.parametrize("words", [[], ["copy.db"]], ids=["a name each", "the same name"])
def test_backups_at_once_replace_nothing_of_each_other(
    book: Any, rome: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    from dkcrm.services import backup

    monkeypatch.chdir(tmp_path)
    verify, others = backup.verify, []

    def verified(*given: Any) -> Any:
        if not others:
            others.append("")
            book.ok("tag", 1, "later")
            others[0] = book.ok("backup", *words)["backup"]
        return verify(*given)

    monkeypatch.setattr(backup, "verify", verified)
    monkeypatch.setattr(backup, "tidy", lambda _path: None)  # one process is both: it would take its own for killed
    if words:
        assert "there already" in book.refused(2, "backup", *words)["message"]
        (made,) = others
        assert sorted(path.name for path in tmp_path.glob("*copy*")) == ["copy.db", "copy.db.sha256"]
    else:
        made = book.ok("backup")["backup"]
        assert made == others[0].replace(".db", "-2.db")
    assert {one["checksum"] for one in book.ok("backup", "check", made, others[0])} == {"ok"}
    assert not list(tmp_path.rglob(".dkcrm-*"))


def test_many_backups_at_once_are_all_whole(book: Any, tmp_path: Path) -> None:
    runs = [
        subprocess.Popen([sys.executable, "-m", "dkcrm", "backup", "--quiet", *words], stderr=subprocess.PIPE)
        for words in [*[[]] * 3, *[[str(tmp_path / "copy.db")]] * 3]
    ]
    codes = [(run.communicate(timeout=120), run.returncode)[1] for run in runs]
    assert codes[:3] == [0, 0, 0] and sorted(codes[3:]) == [0, 2, 2]
    paths = [*(tmp_path / "backups").glob("*.db"), tmp_path / "copy.db"]
    assert len(paths) == 4
    assert {one["checksum"] for one in book.ok("backup", "check", *paths)} == {"ok"}


def test_a_restore_that_is_killed_leaves_the_old_state_or_the_new_one(book: Any, tmp_path: Path) -> None:
    path = book.ok("backup", tmp_path / "b.db")["backup"]
    book.ok("rm", 1)
    for delay in (0.05, 0.1, 0.15, 0.2, 0.3):
        process = subprocess.Popen([sys.executable, "-m", "dkcrm", "restore", str(path)], stderr=subprocess.DEVNULL)
        try:
            process.wait(delay)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert len(book.ok("list")) in (1, 2)
        with sqlite3.connect(tmp_path / "test.db") as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
