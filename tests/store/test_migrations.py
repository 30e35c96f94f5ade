"""Migrations: the first schema is frozen, each is atomic with its version, a backup comes first, one process works."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from dkcrm.store import connection as opening
from dkcrm.store import migrations

#: What the first migration makes: each object's name and the digest of its SQL, blanks apart.
#: Once a version with it is out it never changes: a difference here is to become a migration of its own.
FIRST = """
index address_entity ad3a94d9171f5f97
index assessment_entity ecb89ca59607d9c5
index change_entity 6216228c196554c7
index change_operation e8bfd2576f438bd5
index change_other c0ed1b74db33e934
index change_range 19eecb83dc6ce692
index change_row b6f6cffff22bfa5c
index contact_point_entity 2658647aadecbda1
index contact_point_key 21de06d0fa0068af
index criterion_name 0b3430fa4ad77a6d
index entity_listed 3d1e02b37b858f13
index entity_merged 155828f549bb96c9
index entity_name_key 98d72af2d1eaebb0
index entity_org_key 74818f54b349c7b0
index entity_tax_code b12341fc6f8f6245
index entity_uid 73ebbac7ba6896ef
index entity_updated 8f6fe2c877eeb367
index entity_vat 5061d5f2b7c5279b
index field_value_field 3e2f1422d1210de9
index interaction_entity 515ab8ec5d31fe47
index membership_organization 2a5f3991d50210d2
index purchase_also 9f33c218c77f7f0c
index purchase_entity db6744cc7401f187
index tag_entity 65f16ef0baf1f3ae
index transition_entity 001c511ea97b6635
index transition_into 517873104386451a
table address 33d1e448022ea232
table assessment f6762c4a10804be4
table change a7cab630b1c4f721
table contact_point ccda1f746e52bfd4
table criterion b671148841f5acec
table entity 7c9ade8dc2d97e9a
table field 7e40021f48613e31
table field_value bfa07d718c02dfed
table interaction ceb6bc0cb8d5f443
table membership 2ff5ff1da6d9cdfe
table operation afe87e2b4919d06b
table purchase 06b031e775ed600c
table search d1d5c5963250a15c
table setting 96abe47e874cc740
table tag a632f804fd69fbcc
table transition c1894ac8ca58d361
view search_text 5992b1d8e7089197
"""

#: What the second one adds or changes.
SECOND = """
index card_entity 69cfaf0a66ad993a
index identity_entity b95d006510136fea
index identity_value b9a3c04922fc3fc5
index imported_row_fingerprint ffd865f6739902ac
index interaction_key c0c3a112e2713b85
table card f0ccfa25f7247b85
table identity 9160ec5c521f628b
table imported_row b03feb5efa8a63ee
table interaction e6e58f786616b034
"""

#: What the third one adds.
THIRD = """
index apart_other 7683dbe0de6ac083
index entity_created 2a58d8e3a75f01e8
table apart f0d12b7c0714836e
table search 15af0868e173c0e7
table segment 9fecfefaaf67d97a
"""


#: What the fourth one adds.
FOURTH = """
index reminder_at fe6e036b83656572
index task_due 215bec8ca7c89bc2
index task_entity_entity d7d32b87579a8588
index task_uid 0b0357e80a525d82
table keep b942b134da2842c7
table reminder ec3c19ef3fb0cebe
table task d53f2722d7be5235
table task_entity 7d6a64872e94d4f4
table told 626514feac758b59
view open_task 61d4b5a4179af69c
"""

#: What the fifth one adds or changes.
FIFTH = """
index campaign_member_entity f2cd5be7829537ad
index campaign_name 8462f5e882913348
index consent_entity f6c1fde51127f0c9
index interaction_campaign c9042ae247584905
index interaction_ticket cdfff4c16e0a4690
index product_name 53efed2574578684
index ticket_entity 6872c4cd77f48259
index ticket_event_ticket c13d533fab92db18
index ticket_open af1852f3b0d9c398
table campaign 975a6d8d2ea1beed
table campaign_member e0eb3ae1abf0689e
table consent b5094c949e7a6f1f
table interaction 8cf14a4e8b1b2673
table product 7a6471be4303cb61
table purchase 557f8ba833c9aa62
table ticket 823cd3bce474faea
table ticket_event 48511106b03bb7dd
"""

#: What the sixth one adds.
SIXTH = """
index erased_number 7a5538428b620bca
index erased_operation 465830ec959dfa35
table disclosed 4a7636308e418d02
table erased badff6edced3459c
"""


def schema(connection: sqlite3.Connection) -> list[str]:
    """Return each object of a database with the digest of its SQL; tables that SQLite makes itself are left out."""
    rows = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql NOT NULL AND name NOT GLOB 'search_[cdi]*'"
        " AND name NOT LIKE 'sqlite%' ORDER BY type, name"
    )
    return [
        f"{kind} {name} {hashlib.sha256(' '.join(sql.split()).encode()).hexdigest()[:16]}" for kind, name, sql in rows
    ]


def test_the_schemas_are_frozen() -> None:
    database = sqlite3.connect(":memory:", isolation_level=None)
    migrations._apply(database, 1, migrations.MIGRATIONS[0])
    first = schema(database)
    assert first == FIRST.strip().splitlines()
    migrations._apply(database, 2, migrations.MIGRATIONS[1])
    second = schema(database)
    assert [line for line in second if line not in first] == SECOND.strip().splitlines()
    migrations._apply(database, 3, migrations.MIGRATIONS[2])
    third = schema(database)
    assert [line for line in third if line not in second] == THIRD.strip().splitlines()
    migrations._apply(database, 4, migrations.MIGRATIONS[3])
    fourth = schema(database)
    assert [line for line in fourth if line not in third] == FOURTH.strip().splitlines()
    migrations._apply(database, 5, migrations.MIGRATIONS[4])
    fifth = schema(database)
    assert [line for line in fifth if line not in fourth] == FIFTH.strip().splitlines()
    migrations._apply(database, 6, migrations.MIGRATIONS[5])
    assert [line for line in schema(database) if line not in fifth] == SIXTH.strip().splitlines()


def test_a_new_database_has_our_mark_and_the_present_version(crm: Any, tmp_path: Path) -> None:
    crm.add("person", "Anna")
    with sqlite3.connect(tmp_path / "test.db") as database:
        assert database.execute("PRAGMA application_id").fetchone() == (0x646B6372,)
        assert database.execute("PRAGMA user_version").fetchone() == (opening.SCHEMA_VERSION,)
        assert len(migrations.MIGRATIONS) == opening.SCHEMA_VERSION
        assert set(SIXTH.strip().splitlines()) <= set(schema(database))


def test_a_file_with_our_mark_and_nothing_in_it_yet_is_built(crm: Any, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "test.db") as database:
        database.execute("PRAGMA application_id=0x646B6372")
    assert crm.add("person", "Anna") == 1
    with sqlite3.connect(tmp_path / "test.db") as database:
        assert database.execute("PRAGMA user_version").fetchone() == (opening.SCHEMA_VERSION,)


PROBE = """
def apply(db):
    db.execute("CREATE TABLE probe (id INTEGER PRIMARY KEY, note TEXT)")
    db.execute("INSERT INTO probe (note) SELECT full_name FROM entity ORDER BY id")
"""
BROKEN = (
    PROBE
    + """
    db.execute("UPDATE entity SET full_name = 'half'")
    raise RuntimeError("half way")
"""
)


@pytest.fixture
def upgrade(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that gives the program migrations that it does not have yet."""

    def add(*sources: str) -> None:
        names = list(migrations.MIGRATIONS)
        for source in sources:
            name = f"m{len(names) + 1:04}_probe"
            module = ModuleType(f"dkcrm.store.migrations.{name}")
            exec(source, module.__dict__)
            monkeypatch.setitem(sys.modules, module.__name__, module)
            names.append(name)
        monkeypatch.setattr(migrations, "MIGRATIONS", tuple(names))
        for place in (migrations, opening):
            monkeypatch.setattr(place, "SCHEMA_VERSION", len(names))

    return add


def backups(directory: Path) -> list[Path]:
    return [path for path in directory.iterdir() if path.name.startswith("test.db.")]


def version(path: Path) -> int:
    database = sqlite3.connect(path)
    try:
        return int(database.execute("PRAGMA user_version").fetchone()[0])
    finally:
        database.close()


@pytest.mark.parametrize("words", [["list"], ["show", 1], ["tag", 1, "x"], ["history"]])
def test_a_pending_migration_is_applied_by_whatever_command_comes_first(
    crm: Any, upgrade: Any, tmp_path: Path, words: list[Any]
) -> None:
    crm.add("person", "Anna")
    upgrade(PROBE)
    crm.ok(*words)
    assert version(tmp_path / "test.db") == opening.SCHEMA_VERSION
    with sqlite3.connect(tmp_path / "test.db") as database:
        assert database.execute("SELECT note FROM probe").fetchall() == [("Anna",)]
    assert crm.ok("show", 1)["name"] == "Anna"


def test_a_backup_is_taken_first_and_only_its_owner_reads_it(crm: Any, upgrade: Any, tmp_path: Path) -> None:
    crm.add("person", "Anna")
    before = os.umask(0)
    try:
        upgrade(PROBE)
        crm.ok("list")
    finally:
        os.umask(before)
    (backup,) = backups(tmp_path)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert version(backup) == opening.SCHEMA_VERSION - 1
    with sqlite3.connect(backup) as database:
        assert database.execute("SELECT full_name FROM entity").fetchall() == [("Anna",)]
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    crm.ok("list")
    crm.ok("tag", 1, "x")
    assert len([path for path in backups(tmp_path) if not path.name.endswith(("-wal", "-shm"))]) == 1


def test_an_up_to_date_database_is_not_backed_up(crm: Any, tmp_path: Path) -> None:
    crm.add("person", "Anna")
    crm.ok("list")
    assert backups(tmp_path) == []


def dump(path: Path) -> list[str]:
    database = sqlite3.connect(path)
    try:
        return [*schema(database), *(repr(row) for row in database.execute("SELECT * FROM entity"))]
    finally:
        database.close()


def test_a_migration_that_fails_leaves_the_database_as_before(crm: Any, upgrade: Any, tmp_path: Path) -> None:
    crm.add("person", "Anna")
    was = dump(tmp_path / "test.db")
    with pytest.MonkeyPatch.context() as broken:
        fixed = (migrations.MIGRATIONS, opening.SCHEMA_VERSION)
        upgrade(BROKEN)
        done = crm("list", "--json")
        assert (done.code, done.out) == (1, "")
        assert dump(tmp_path / "test.db") == was
        broken.setattr(migrations, "MIGRATIONS", fixed[0])
        for place in (migrations, opening):
            broken.setattr(place, "SCHEMA_VERSION", fixed[1])
        assert crm.ok("list")[0]["name"] == "Anna"


def test_a_database_after_a_failed_migration_can_be_tried_again_at_once(crm: Any, upgrade: Any, tmp_path: Path) -> None:
    crm.add("person", "Anna")
    upgrade(BROKEN)
    first, second = crm("list", "--json"), crm("list", "--json")
    assert (first.code, second.code) == (1, 1)
    assert second.error["message"] == first.error["message"]


def test_of_two_pending_migrations_the_one_that_works_stays(crm: Any, upgrade: Any, tmp_path: Path) -> None:
    crm.add("person", "Anna")
    now = opening.SCHEMA_VERSION
    upgrade(PROBE, BROKEN.replace("probe", "probe2"))
    crm.refused(1, "list")
    assert version(tmp_path / "test.db") == now + 1
    with sqlite3.connect(tmp_path / "test.db") as database:
        assert database.execute("SELECT full_name FROM entity").fetchall() == [("Anna",)]
        assert not any("probe2" in line for line in schema(database))


def test_a_newer_database_is_refused_and_left_alone(crm: Any, tmp_path: Path) -> None:
    crm.add("person", "Anna")
    with sqlite3.connect(tmp_path / "test.db") as database:
        database.execute(f"PRAGMA user_version={opening.SCHEMA_VERSION + 1}")
    for words in (["list"], ["add", "person", "Luca"], ["undo"]):
        error = crm.refused(1, *words)
        assert error["error"] == "newer_database"
        assert "upgrade" in error["hint"]
    with sqlite3.connect(tmp_path / "test.db") as database:
        assert database.execute("SELECT count(*) FROM entity").fetchone() == (1,)


CHILD = """
import sys
from types import ModuleType
from dkcrm.store import connection, migrations
name = f"m{len(migrations.MIGRATIONS) + 1:04}_probe"
module = ModuleType("dkcrm.store.migrations." + name)
exec(%r, module.__dict__)
sys.modules[module.__name__] = module
migrations.MIGRATIONS += (name,)
migrations.SCHEMA_VERSION = connection.SCHEMA_VERSION = len(migrations.MIGRATIONS)
from dkcrm.cli.app import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize("writes", [False, True])
def test_eight_processes_at_once_migrate_once(crm: Any, tmp_path: Path, writes: bool) -> None:
    crm.add("person", "Anna")
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD % PROBE, *(["add", "person", f"P{i}"] if writes else ["list"]), "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "DKCRM_WAIT": "60"},
        )
        for i in range(8)
    ]  # fmt: skip
    printed = [child.communicate() for child in children]
    assert [(child.returncode, err) for child, (_out, err) in zip(children, printed, strict=True)] == [(0, "")] * 8
    if not writes:
        assert {json.loads(out)[0]["name"] for out, _err in printed} == {"Anna"}
    with sqlite3.connect(tmp_path / "test.db") as database:
        assert database.execute("SELECT count(*) FROM probe WHERE note = 'Anna'").fetchone() == (1,)
        assert database.execute("SELECT count(*) FROM entity").fetchone() == (9 if writes else 1,)
    assert len([path for path in backups(tmp_path) if ".before-v" in path.name and "-wal" not in path.name
                and "-shm" not in path.name]) == 1  # fmt: skip
