"""What nobody foresaw, and what is never to happen: an error tells where it was and no data, and nothing is fetched."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SECRET = "Anna Rossi-Segreta"


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a service fail in a way that nobody foresaw, with data in what it says."""
    from dkcrm.services import tasks

    def add(*_words: object, **_more: object) -> None:
        try:
            {}[SECRET]  # type: ignore[index]
        except KeyError:
            int(f"{SECRET}\x1b[31m\u202e")

    monkeypatch.setattr(tasks, "add", add)


@pytest.mark.parametrize("debug", ["", "1"])
def test_an_error_that_nobody_foresaw_tells_no_data(
    broken: None, crm: Any, monkeypatch: pytest.MonkeyPatch, debug: str
) -> None:
    monkeypatch.setenv("DKCRM_DEBUG", debug)
    error = crm.refused(1, "task", "add", "Call")
    assert error["error"] == "internal" and "ValueError" in error["message"]
    assert "cli/tasks.py:" in error["message"]
    done = crm("task", "add", "Call")
    assert done.code == 1 and SECRET not in done.err and "Segreta" not in json.dumps(error)
    assert "Traceback" not in done.err
    assert ("KeyError" in done.err) == bool(debug)
    assert len(done.err.splitlines()) == 2 or debug


def test_who_asks_for_it_gets_the_data_cleaned(broken: None, crm: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DKCRM_DEBUG", "data")
    done = crm("task", "add", "Call")
    assert SECRET in done.err
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", done.err)


def test_an_exception_that_is_none_of_pythons_is_told_too(crm: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """As a library written in Rust raises it."""

    from dkcrm.services import tasks

    def add(*_words: object, **_more: object) -> None:
        raise PanicException(SECRET)

    monkeypatch.setattr(tasks, "add", add)
    error = crm.refused(1, "task", "add", "Call")
    assert error["error"] == "internal" and SECRET not in json.dumps(error)


def test_bytes_that_are_no_text_are_told_without_them(crm: Any, tmp_path: Path) -> None:
    crm.add("person", "Anna", "--note", "x")
    connection = sqlite3.connect(tmp_path / "test.db")
    connection.execute("UPDATE entity SET notes = CAST(? AS TEXT)", (b"Segreta\xff\xfe",))
    connection.commit()
    connection.close()
    error = crm.refused(1, "show", 1)
    assert error["error"] == "corrupt_database" and "Segreta" not in json.dumps(error)


def test_an_editor_that_cannot_be_written_tells_no_data(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dkcrm.services import editing

    def fail(*_words: object) -> None:
        raise ValueError(SECRET)

    crm.add("person", "Anna")
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i "s/Anna/Nina/" "$1"\n')
    editor.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.setattr(editing, "apply", fail)
    done = crm("edit", "1")
    assert done.code == 1 and "nothing was written: ValueError" in done.err and SECRET not in done.err


# No address that stands in data is ever called

HERE = "http://127.0.0.1:9"
CARDS = f"""BEGIN:VCARD
VERSION:3.0
FN:Anna Rossi
EMAIL:anna@x.it
PHOTO;VALUE=uri:{HERE}/photo.jpg
LOGO;VALUE=URI:{HERE}/logo.png
SOUND;VALUE=URI:FILE
KEY;VALUE=uri:{HERE}/key.asc
SOURCE:{HERE}/anna.vcf
URL:{HERE}/
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Bruno Verdi
EMAIL:bruno@x.it
PHOTO:{HERE}/b.jpg
PHOTO:FILE
CALURI:{HERE}/calendar
FBURL:{HERE}/busy
URL:{HERE}/b
MEMBER:{HERE}/m
END:VCARD
"""
LDIF = f"""version: 1
dn: cn=Carla
objectClass: person
cn: Carla
mail: carla@x.it
jpegPhoto:< {HERE}/c.jpg
description:< FILE
labeledURI: {HERE}/
"""
MAIL = f"""From: Dora Neri <dora@x.it>
To: me@x.it
Subject: hello
Date: Sun, 22 Nov 2026 09:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html

<html><head><link rel=stylesheet href="{HERE}/s.css"><base href="{HERE}"></head><img src="{HERE}/pixel.gif">
<iframe src="FILE"></iframe>hello</html>
--b
Content-Type: message/external-body; access-type=URL; URL="{HERE}/body"

--b--
"""
#: Runs commands in one process, whose every connection, name to look up and child is written down.
DRIVER = """
import json, sys
calls = []
WATCHED = ("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.", "subprocess.", "os.system", "os.exec")
sys.addaudithook(lambda event, arguments: calls.append([event, repr(arguments)]) if event.startswith(WATCHED) else None)
from dkcrm.cli.app import run
codes = [run(words) for words in json.load(open(sys.argv[1]))]
json.dump({"calls": calls, "codes": codes}, open(sys.argv[2], "w"))
"""


def test_no_address_in_data_is_ever_called(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    secret = tmp_path / "secret.txt"
    secret.write_text("KEY-OF-SOMEBODY")
    for name, text in (("c.vcf", CARDS), ("d.ldif", LDIF), ("e.eml", MAIL)):
        (tmp_path / name).write_text(text.replace("FILE", secret.as_uri()))
    book = xlsxwriter.Workbook(tmp_path / "f.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["name", "email", "website"])
    sheet.write_row(1, 0, ["Elio", "elio@x.it"])
    sheet.write_url(1, 2, f"{HERE}/e")
    sheet.write_formula(2, 0, f"='[{secret}]Sheet1'!A1", value="Franca")
    sheet.write_formula(2, 1, f'=WEBSERVICE("{HERE}")', value="franca@x.it")
    book.close()
    (tmp_path / "g.csv").write_text(f'name,email,website,notes\nGino,gino@x.it,{HERE}/,=WEBSERVICE("{HERE}")\n')
    (tmp_path / "h.json").write_text(
        json.dumps([{"name": "Ida", "type": "person", "email": "ida@x.it", "$ref": f"{HERE}/x", "website": HERE}])
    )
    imports = [
        ["import", str(tmp_path / name), "--type", "person", "--no-input"]
        for name in ("c.vcf", "d.ldif", "e.eml", "f.xlsx", "g.csv", "h.json")
    ]
    others = [
        ["add", "person", "Luca", "--website", HERE, "--link", f"{HERE}/l", "--email", "luca@localhost.localdomain"],
        ["show", "1"], ["list"], ["find", HERE], ["duplicates"], ["doctor"], ["timeline", "1"],
        ["report", "hygiene", "--html", str(tmp_path / "hygiene.html")],
        ["privacy", "export", "1", "-o", str(tmp_path / "person.html")],
        ["export", "-o", str(tmp_path / "out.vcf")], ["export", "-o", str(tmp_path / "out.xlsx")],
        ["backup"],
    ]  # fmt: skip
    (tmp_path / "commands.json").write_text(json.dumps([*imports, *others]))
    (tmp_path / "driver.py").write_text(DRIVER)
    traced = ["strace", "-f", "-qq", "-o", str(tmp_path / "trace"), "-e", "trace=network"]
    done = subprocess.run(
        [*(traced if shutil.which("strace") else []), sys.executable, "driver.py", "commands.json", "told.json"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done
    told = json.loads((tmp_path / "told.json").read_text())
    assert set(told["codes"]) <= {0, 5}, (told, done.stdout, done.stderr)
    assert told["calls"] == []
    if shutil.which("strace"):
        assert [line for line in (tmp_path / "trace").read_text().splitlines() if "AF_INET" in line] == []
    # Nor is a file that an address names read into the database or what is given out.
    for path in (*tmp_path.glob("test.db*"), *tmp_path.glob("out.*"), *tmp_path.glob("*.html")):
        assert b"KEY-OF-SOMEBODY" not in path.read_bytes(), path
    came_in = (tmp_path / "out.vcf").read_text()
    assert [
        name for name in ("anna@", "bruno@", "carla@", "dora@", "elio@", "gino@", "ida@") if name not in came_in
    ] == []
    # And no page that was written would call one when it is opened.
    for path in tmp_path.glob("*.html"):
        assert not re.search(r"(?i)<(img|script|link|iframe|object|embed|base)\b|\b(src|href)=|url\(", path.read_text())


def test_children_are_given_no_data_in_their_arguments(crm: Any, tmp_path: Path) -> None:
    """What a command says for itself is passed on; what is in the environment, only its owner can read."""
    crm.add("person", "Anna Rossi")
    crm.ok("task", "add", "1", "Call about the divorce", "--due", "2020-01-01", "--remind", "1h")
    seen = tmp_path / "seen"
    script = tmp_path / "script"
    script.write_text(f'#!/bin/sh\ntr "\\0" " " < /proc/$$/cmdline > {seen}\necho "$DKCRM_TEXT" > {seen}.text\n')
    script.chmod(0o700)
    crm.ok("remind", "--exec", f"{script} DKCRM_TEXT")
    assert "divorce" not in seen.read_text() and "Rossi" not in seen.read_text()
    assert "divorce" in Path(f"{seen}.text").read_text()


@pytest.mark.parametrize("text", ["-rf", "--help", "$(touch pwned)", "{id} `touch pwned`", "a; touch pwned"])
@pytest.mark.parametrize("words", ["", " {text}", " -- {text}", " --body={text}"])
def test_a_text_is_one_argument_and_never_an_option(crm: Any, tmp_path: Path, text: str, words: str) -> None:
    assert crm("task", "add", "--due", "2020-01-01", "--remind", "1h", "--", text).code == 0
    script, seen = tmp_path / "script", tmp_path / "seen"
    script.write_text(f'#!/bin/sh\ncd {tmp_path}\nfor word in "$@"; do printf "%s|" "$word"; done > {seen}\n')
    script.chmod(0o700)
    crm.ok("remind", "--exec", f"{script}{words}")
    blank = " " if text.startswith("-") and words in ("", " {text}") else ""
    before = {" -- {text}": "--|", " --body={text}": "--body="}.get(words, "")
    assert seen.read_text() == f"{before}{blank}{text}|"
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("number", ["99", "-1", "9" * 30])
def test_a_descriptor_that_is_none_is_told(crm: Any, number: str) -> None:
    crm.add("person", "Anna")
    error = crm.refused(2, "backup", "--encrypt", f"--passphrase-fd={number}")
    assert "descriptor" in error["message"] or "passphrase" in error["message"]
