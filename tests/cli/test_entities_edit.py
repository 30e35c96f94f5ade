"""edit: a text in the user's editor, and what is made of it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def anna(crm: Any) -> Any:
    """Return the program with one entity that has a bit of everything."""
    crm.ok("field", "add", "budget", "--kind", "money")
    crm.add("lead", "--first", "Anna", "--last", "Bianchi", "--org", "Bianchi S.r.l.", "--vat", "00743110157",
            "--email", "work:anna@bianchi.it", "--email", "anna@x.it", "--phone", "02 1234567", "--tag", "vip",
            "--address", "Via Roma 1, Milano", "--link", "https://x.it", "--note", "one\ntwo", "--field",
            "budget=5000")  # fmt: skip
    return crm


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes EDITOR a script of Python over ``text``, the bytes of the file."""

    def make(code: str) -> None:
        script = tmp_path / "editor.py"
        script.write_text(
            "import sys, pathlib\nfile = pathlib.Path(sys.argv[1])\ntext = file.read_bytes()\n"
            f"{code}\nfile.write_bytes(text)\n"
        )
        monkeypatch.setenv("EDITOR", f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}")
        monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
        (tmp_path / "tmp").mkdir(exist_ok=True)

    return make


def history(path: Path) -> list[Any]:
    """Return every operation of a database."""
    connection = sqlite3.connect(path)
    found = connection.execute("SELECT * FROM operation").fetchall()
    connection.close()
    return found


def test_nothing_changed_writes_nothing(anna: Any, program: Any, editor: Any, tmp_path: Path) -> None:
    before, operations = anna.ok("show", 1), history(tmp_path / "test.db")
    editor("pass")
    done = program("edit", "1", "--json")
    assert (done.code, done.json) == (0, before)
    assert history(tmp_path / "test.db") == operations
    assert os.listdir(tmp_path / "tmp") == []


@pytest.mark.parametrize(
    ("old", "new", "key", "wanted"),
    [("Bianchi S.r.l.", "Verdi S.p.A.", "organization", "Verdi S.p.A."), ("00743110157", "01234567897", "vat_id",
    "01234567897"),
     ("two", "three", "notes", "one\nthree"), ('"vip"', '"a", "b"', "tags", ["a", "b"]), ("5000", "6000", "fields",
     {"budget": "6000"}),
     ("Anna", "[/red]", "first_name", "[/red]")],
)  # fmt: skip
def test_a_change_is_one_operation_and_undo_takes_it_back(
    anna: Any, program: Any, editor: Any, tmp_path: Path, old: str, new: str, key: str, wanted: Any
) -> None:
    before, count = anna.ok("show", 1), len(history(tmp_path / "test.db"))
    editor(f"text = text.replace({old.encode()!r}, {new.encode()!r})")
    done = program("edit", "1", "--json")
    assert done.code == 0, done
    assert done.json == anna.ok("show", 1)
    assert done.json[key] == wanted
    assert len(history(tmp_path / "test.db")) == count + 1
    anna.ok("undo")
    assert anna.ok("show", 1) == before


@pytest.mark.parametrize(
    "code",
    ["text = text.replace(b'Anna', b'A\\0nna')", "text = text.replace(b'Anna', b'A\\\\u0000nna')",
     "text = text.replace(b'Anna', b'A\\x1b[31m')", "text = text.replace(b'Anna', b'A\\\\u001b[31m')",
     "text = text.replace(b'Anna', 'A\\u202e'.encode())", "text = text.replace(b'Anna', b'A\\\\nB')",
     "text = text.replace(b'Anna', b'x' * 10000)", "text = text.replace(b'Anna', b'\\xff\\xfe')",
     "text = text.replace(b'anna@bianchi.it', b'anna')", "text = text.replace(b'5000', b'much')",
     "text = text + b'\\nnosuch = 1\\n'", "text = b'not toml'", "text = text.replace(b'\"vip\"', b'1')",
     "text = text.replace(b'\"active\"', b'\"sleeping\"')"],
)  # fmt: skip
def test_a_bad_edit_is_wrong_usage_writes_nothing_and_keeps_the_text(
    anna: Any, program: Any, editor: Any, tmp_path: Path, code: str
) -> None:
    before, operations = anna.ok("show", 1), history(tmp_path / "test.db")
    editor(code)
    done = program("edit", "1", "--json")
    assert (done.code, done.out) == (2, ""), done
    kept = re.search(re.escape(str(tmp_path / "tmp")) + r"\S*", done.error["hint"])
    assert kept and Path(kept[0]).is_file()
    assert anna.ok("show", 1) == before
    assert history(tmp_path / "test.db") == operations


def test_a_blank_name_is_refused(anna: Any, program: Any, editor: Any) -> None:
    before = anna.ok("show", 1)
    editor("text = text.replace(b'Anna', b'').replace(b'\"Bianchi\"', b'\"\"').replace(b'Bianchi S.r.l.', b'  ')")
    assert program("edit", "1").code in (2, 4)
    assert anna.ok("show", 1) == before


def test_an_emptied_file_does_not_empty_the_entity(anna: Any, program: Any, editor: Any) -> None:
    before = anna.ok("show", 1)
    editor("text = b''")
    assert program("edit", "1").code in (0, 2)
    assert anna.ok("show", 1) == before


def test_an_editor_that_fails_writes_nothing(anna: Any, program: Any, editor: Any, tmp_path: Path) -> None:
    before = anna.ok("show", 1)
    editor("file.write_bytes(text.replace(b'Anna', b'Luca')); sys.exit(3)")
    assert program("edit", "1").code == 1
    assert anna.ok("show", 1) == before


def test_an_editor_that_is_not_there(anna: Any, program: Any) -> None:
    done = program("edit", "1", "--json", EDITOR="/nonexistent/editor")
    assert done.code == 1
    assert done.err.count("{") == 1


def test_visual_comes_before_editor(anna: Any, program: Any, editor: Any) -> None:
    editor("text = text.replace(b'Anna', b'Luca')")
    assert program("edit", "1", VISUAL=os.environ["EDITOR"], EDITOR="false").code == 0
    assert anna.ok("show", 1)["first_name"] == "Luca"


def test_the_file_is_private(anna: Any, program: Any, editor: Any, tmp_path: Path) -> None:
    editor(f"import os; open({str(tmp_path / 'modes')!r}, 'w').write(oct(os.stat(file).st_mode & 0o777))")
    assert program("edit", "1").code == 0
    assert (tmp_path / "modes").read_text() == "0o600"


def test_a_change_meanwhile_is_a_conflict(anna: Any, program: Any, editor: Any) -> None:
    tag = [sys.executable, "-m", "dkcrm", "tag", "1", "meanwhile"]
    editor(f"import subprocess; subprocess.run({tag!r}, capture_output=True); text = text.replace(b'Anna', b'Luca')")
    done = program("edit", "1", "--json")
    assert (done.code, done.out) == (4, "")
    assert anna.ok("show", 1)["first_name"] == "Anna"
    assert "meanwhile" in anna.ok("show", 1)["tags"]


def test_a_dry_run_writes_nothing(anna: Any, program: Any, editor: Any) -> None:
    editor("text = text.replace(b'Anna', b'Luca')")
    assert program("edit", "1", "--dry-run").code == 0
    assert anna.ok("show", 1)["first_name"] == "Anna"


@pytest.mark.parametrize(("reference", "code"), [("99", 3), ("nobody", 3)])
def test_a_reference_that_finds_none_opens_no_editor(
    anna: Any, program: Any, editor: Any, reference: str, code: int
) -> None:
    editor("sys.exit(99)")
    assert program("edit", reference).code == code


def test_a_removed_entity_is_not_edited(anna: Any, program: Any, editor: Any) -> None:
    editor("sys.exit(99)")
    anna.ok("rm", 1)
    assert program("edit", "1").code == 4


def test_what_was_typed_is_kept_when_the_database_is_locked(crm: Any, tmp_path: Path, monkeypatch: Any) -> None:
    crm.add("person", "Anna Bianchi")
    monkeypatch.setenv("EDITOR", "sed -i s/Anna/Berta/")
    monkeypatch.setenv("DKCRM_WAIT", "0")
    other = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        error = crm.refused(75, "edit", 1)
    finally:
        other.close()
    kept = Path(re.search(r"/\S+entity\.toml", error["hint"])[0])
    assert "Berta Bianchi" in kept.read_text("utf-8")
    assert crm.ok("show", 1)["name"] == "Anna Bianchi"
    shutil.rmtree(kept.parent)
