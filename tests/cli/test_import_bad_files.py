"""import: files that are broken, hostile or no files at all end in the right rows or in a message, never in between."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

EML = (
    'From: "Anna" <anna@x.it>\r\nTo: me@y.it\r\nSubject: =?utf-8?q?Ciao_=C3=A8?=\r\n'
    "Date: Mon, 2 Feb 2026 10:00:00 +0100\r\nMessage-ID: <1@x.it>\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n'
    "Content-Transfer-Encoding: quoted-printable\r\n\r\nHello =C3=A8\r\n--b\r\nContent-Type: text/html\r\n\r\n"
    "<p>Hello</p>\r\n--b--\r\n"
)
JCARD = '[["vcard",[["version",{},"text","4.0"],["fn",{},"text","Anna"],["email",{"type":"work"},"text","j@x.it"]]]]'
FOREIGN = '{"contacts":[{"firstName":"Anna","emails":[{"address":"a@x.it"}],"foo":{"bar":1}},{"name":"Luca"}]}'
CARD_21 = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Bianchi;Mar=C3=\r\n=ADa\r\n"
    "AGENT:\r\nBEGIN:VCARD\r\nFN:Luca\r\nEND:VCARD\r\nTEL;WORK:02 1234567\r\nPHOTO;BASE64:\r\n /9j/4AAQ\r\n\r\n"
    "END:VCARD\r\n"
)
OURS = ("csv", "json", "jsonl", "vcard", "vcard4", "ldif", "xlsx")
OTHERS = {
    "eml": EML, "mbox": f"From a@x.it Mon Feb  2 10:00:00 2026\n{EML}\n".replace("\r\n", "\n") * 2, "jcard": JCARD,
    "foreign": FOREIGN, "card-2.1": CARD_21,
}  # fmt: skip


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return a sound file of each format."""
    from conftest import Crm

    crm, home = Crm(), tmp_path_factory.mktemp("good")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DKCRM_DB", str(home / "good.db"))
        patch.setenv("HOME", str(home))
        crm.ok("field", "add", "size", "--kind", "choice", "--choice", "small,large")
        crm.ok("add", "lead", "Anna Bianchi", "--org", "Acme", "--email", "work:anna@x.it", "--phone", "02 1234567",
               "--address", "Via Roma 1", "--note", "one\ntwo", "--field", "size=small", "--tag", "vip")  # fmt: skip
        crm.ok("assess", 1, "--yes", "budget", "--note", "Seen.")
        crm.ok("qualify", 1, "--override", "Tested.")
        crm.ok("purchase", 1, "Plan", "--amount", "12.50", "--currency", "EUR", "--also", 2)
        crm.ok("log", 1, "email", "text", "--in")
        crm.ok("add", "person", "Élodie", "--email", "e@x.it")
        for format in OURS:
            crm("export", "--all", "--format", format, "-o", home / format)
        return {format: (home / format).read_bytes() for format in OURS} | {
            name: text.encode() for name, text in OTHERS.items()
        }


def check(crm: Any, tmp_path: Path, data: bytes) -> None:
    """Import a file into an empty database, and see to it that what is told of it is what is there."""
    db = tmp_path / "test.db"
    for leftover in tmp_path.glob("*test.db*"):
        leftover.unlink()
    file = tmp_path / "in"
    file.write_bytes(data)
    done = crm("import", file, "--type", "lead", "--rejects", tmp_path / "rejects", "--json")
    if done.code in (0, 5):
        told = done.json
        assert told["read"] == told["created"] + told["filled"] + told["unchanged"] + told["rejected"], (done, data)
        assert (done.code == 5) == (told["rejected"] > 0), (done, data)
        created = told["created"]
    else:
        assert done.code in (1, 2, 4), (done, data)
        assert done.error["error"] in ("usage", "io", "ambiguous_dates") and "unforeseen" not in done.err, (done, data)
        created = 0
    assert "Traceback" not in done.err
    if db.exists():
        connection = sqlite3.connect(db)
        there = connection.execute("SELECT count(*) FROM entity WHERE merged_into IS NULL").fetchone()[0]
        operations = connection.execute("SELECT count(*) FROM operation").fetchone()[0]
        connection.close()
        assert (there, operations) == (created, min(created, 1)), (done, data)


@pytest.mark.parametrize("format", [*OURS, *OTHERS])
def test_a_file_that_breaks_off_anywhere(crm: Any, tmp_path: Path, good: dict[str, bytes], format: str) -> None:
    data = good[format]
    for length in range(0, len(data), max(10, len(data) // 40)):
        check(crm, tmp_path, data[:length])


@pytest.mark.parametrize("format", [*OURS, *OTHERS])
def test_a_file_with_bytes_that_flipped(crm: Any, tmp_path: Path, good: dict[str, bytes], format: str) -> None:
    chance = random.Random(format)
    for _time in range(int(os.environ.get("DKCRM_TEST_EXAMPLES", "15"))):
        data = bytearray(good[format])
        for _flip in range(chance.choice((1, 1, 2, 5, 20))):
            data[chance.randrange(len(data))] = chance.choice((0, 10, 13, 34, 44, 58, 59, 61, 92, 255, 0x80, 0xC3, 65))
        check(crm, tmp_path, bytes(data))


@pytest.mark.parametrize("format", [*OURS, *OTHERS])
def test_a_file_with_pieces_lost_or_doubled(crm: Any, tmp_path: Path, good: dict[str, bytes], format: str) -> None:
    chance = random.Random(format)
    for _time in range(20):
        data = good[format]
        at, size = chance.randrange(len(data)), chance.randrange(1, len(data) // 3)
        check(crm, tmp_path, data[:at] + data[at + size :])
        check(crm, tmp_path, data[:at] + data[at // 2 :][:size] + data[at:])


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a":' * 100_000, '{"name":"A","x":' + "[" * 5_000 + "]" * 5_000 + "}", "[[1],[2]]", "[{}]",
     '{"name":"A","n":' + "9" * 100_000 + "}", '{"name":"A\\ud800"}', '{"name":"A","f\\ud800":"\\u0000"}',
     "BEGIN:VCARD\nFN:A\n" * 3_000, "BEGIN:VCARD\nFN:A\nAGENT:\n" * 3_000, "BEGIN:VCARD\nFN:A\0B\nTEL:\0\nEND:VCARD\n",
     'BEGIN:VCARD\nTEL;X="' + '";"' * 20_000 + ":1\nFN:A\nEND:VCARD\n",
     "dn: cn=A\nchangetype: delete\n\ndn: cn=B\ncn:: QRsbMzFt\n", "dn: cn=A\ncn: A\nmail:< file:///etc/passwd\n",
     "From: a@x.it\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
     + "--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 3_000],
)  # fmt: skip
def test_hostile_texts(crm: Any, tmp_path: Path, text: str) -> None:
    check(crm, tmp_path, text.encode())


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"), (b"\n \n\n", "no rows"), (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\x00", "PDF"),
        (b"<html><table><tr><td>name</td></tr></table></html>", "HTML"), (b"<!DOCTYPE html><p>x", "HTML"),
        (b'<?xml version="1.0"?><Workbook/>', "XML"), (b"\x1f\x8b\x08\0abc", "compressed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "xls"), (b"PK\x03\x04" + b"word/document.xml" * 9, "zip"),
    ],
)  # fmt: skip
def test_what_cannot_be_imported_is_refused_by_name(crm: Any, tmp_path: Path, data: bytes, says: str) -> None:
    file = tmp_path / "leads.xls"
    file.write_bytes(data)
    error = crm.refused(2, "import", file, "--type", "lead")
    assert says in error["message"] and str(file) in error["message"] and error["hint"]
    assert crm.ok("list", "--all") == []


def test_what_is_not_there_or_cannot_be_read(crm: Any, tmp_path: Path, program: Any) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert crm.refused(2, "import", empty, "--type", "lead")["hint"]
    assert "no such file" in crm.refused(1, "import", tmp_path / "none.vcf", "--type", "lead")["message"]
    assert crm.refused(2, "import", "/dev/null", "--type", "lead")["error"] == "usage"
    assert program("import", "-", "--type", "lead", input="").code == 2
    if os.geteuid():
        locked = tmp_path / "locked.vcf"
        locked.touch(0o000)
        assert "Permission" in crm.refused(1, "import", locked, "--type", "lead")["message"]


# Size and memory

MEGABYTE = 1 << 20
LONG = b"x" * (50 * MEGABYTE)


def long_files() -> Iterator[tuple[str, list[bytes], int]]:
    """Yield files of 50 MB: a name, the pieces, and how many come in nevertheless."""
    card = b"BEGIN:VCARD\nVERSION:3.0\nFN:Luca\nEND:VCARD\n"
    yield "line.vcf", [b"BEGIN:VCARD\nVERSION:3.0\nFN:A\nNOTE:", LONG, b"\nEND:VCARD\n", card], 1
    yield "endless.vcf", [b"BEGIN:VCARD\nFN:A\n", b"TEL:0212345678\n" * (50 * MEGABYTE // 15)], 0
    yield "soft.vcf", [card, b"BEGIN:VCARD\nFN:A\nNOTE;ENCODING=QUOTED-PRINTABLE:", b"aaaaaaaaaaaa=\n" * 3_000_000], 1
    yield "value.json", [b'[{"name":"A"},{"name":"B","x":"', LONG, b'"},{"name":"C"}]'], 2
    yield "line.jsonl", [b'{"name":"A"}\n{"name":"B","x":"', LONG, b'"}\n{"name":"C"}\n'], 2
    yield "line.ldif", [b"dn: cn=A\ncn: A\ndescription: ", LONG, b"\n\ndn: cn=B\nobjectclass: person\ncn: B\n"], 1
    yield "endless.ldif", [b"dn: cn=A\ncn: A\n", b"mail: a@x.it\n" * (40 * MEGABYTE // 13)], 0
    yield "value.jcard", [b'["vcard",[["fn",{},"text","', LONG, b'"]]]'], 0
    yield "line.csv", [b"name,email\n", LONG, b"\nAnna,a@x.it\n"], 1


@pytest.mark.parametrize(("name", "pieces", "created"), [pytest.param(*file, id=file[0]) for file in long_files()])
def test_a_line_or_card_that_never_ends_takes_bounded_memory(
    crm: Any, tmp_path: Path, name: str, pieces: list[bytes], created: int
) -> None:
    file = tmp_path / name
    file.write_bytes(b"".join(pieces))
    done = subprocess.run(
        [sys.executable, "-m", "dkcrm", "import", file, "--type", "lead", "--json"], capture_output=True, text=True,
        check=False, timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (800 * MEGABYTE, 800 * MEGABYTE)),
    )  # fmt: skip
    assert done.returncode == 5, done
    told = json.loads(done.stdout)
    assert (told["created"], told["read"]) == (created, created + told["rejected"])
    assert len(crm.ok("list")) == created


def workbook(path: Path, *parts: tuple[bytes, int]) -> None:
    """Write a workbook whose only sheet has these parts, each so many times."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" Type="{rels}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{rels}"><sheets><sheet name="S" sheetId="1" r:id="r"/></sheets>'
            "</workbook>",
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" Type="{rels}/worksheet"'
            ' Target="worksheets/sheet1.xml"/></Relationships>',
        )
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for part, times in parts:
                for _time in range(times):
                    sheet.write(part)


HEAD = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
)
ROW = b'<row><c t="inlineStr"><is><t>Anna</t></is></c></row>'
TAIL = b"</sheetData></worksheet>"
ENTITIES = b"<!DOCTYPE l [" + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, (b"&%c;" % (97 + n)) * 10) for n in range(10)
)  # fmt: skip


@pytest.mark.parametrize(
    "parts",
    [
        [(HEAD, 1), (ROW * 1000, 12_000), (TAIL, 1)],
        [(HEAD + b'<row r="2"><c r="A2" t="inlineStr"><is><t>', 1), (b"x" * MEGABYTE, 600),
         (b"</t></is></c></row>" + TAIL, 1)],
        [(HEAD + b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>z</t></is></c></row>' + TAIL, 1)],
        [(ENTITIES + b'<!ENTITY a "aaaaaaaaaa">]>' + HEAD
          + b'<row r="2"><c r="A2" t="inlineStr"><is><t>&j;</t></is></c></row>' + TAIL, 1)],
    ],
    ids=["rows", "cell", "far", "laughs"],
)  # fmt: skip
def test_a_workbook_that_unpacks_to_too_much_is_refused(
    program: Any, tmp_path: Path, parts: list[tuple[bytes, int]]
) -> None:
    file = tmp_path / "bomb.xlsx"
    workbook(file, *parts)
    before = time.monotonic()
    done = program("import", file, "--type", "lead", "--json")
    assert (done.code, str(file) in done.error["message"]) == (2, True), done
    assert done.error["hint"] and time.monotonic() - before < 60
    workbook(file, (HEAD + ROW + TAIL, 1))
    assert program("import", file, "--type", "lead", "--json").json["created"] == 1


# Interruptions, and two at once


@pytest.fixture
def many(tmp_path: Path) -> Path:
    file = tmp_path / "many.vcf"
    file.write_text("".join(f"BEGIN:VCARD\nFN:Person {n}\nEMAIL:p{n}@x.it\nEND:VCARD\n" for n in range(15_000)))
    return file


def start(*words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "dkcrm", *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUTF8": "1"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - no threads here
    )  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("wait", [0.15, 0.4, 0.7])
def test_an_import_that_is_stopped_leaves_everything_or_nothing(
    crm: Any, tmp_path: Path, many: Path, number: signal.Signals, wait: float
) -> None:
    crm.add("lead", "Before")
    running = start("import", many, "--type", "lead")
    time.sleep(wait)
    running.send_signal(number)
    _out, err = running.communicate(timeout=60)
    if running.returncode != -number:  # else it was stopped while Python itself was still starting
        assert "Traceback" not in err
    there, operations = len(crm.ok("list")), len(crm.ok("history"))
    assert (there, operations) in ((1, 1), (15_001, 2))
    if "nothing was written" in err:
        assert (running.returncode, there, operations) == (128 + number, 1, 1)
    if running.returncode == 0:
        assert (there, operations) == (15_001, 2)
    done = crm("import", many, "--type", "lead", "--json")
    assert (done.code, done.json["created"]) == (0, 15_001 - there)


def test_two_imports_of_one_file_at_once_both_succeed_and_bring_it_once(crm: Any, many: Path) -> None:
    crm.add("lead", "Before")
    runs = [start("import", many, "--type", "lead", "--json") for _time in range(2)]
    told = []
    for running in runs:
        out, _err = running.communicate(timeout=120)
        assert running.returncode == 0
        told.append(json.loads(out))
    assert sorted((one["created"], one["unchanged"]) for one in told) == [(0, 15_000), (15_000, 0)]
    assert len(crm.ok("list")) == 15_001
    assert len(crm.ok("history")) == 2


def test_standard_input_leaves_no_copy_behind(program: Any, tmp_path: Path) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    assert program("import", "-", "--type", "lead", input="name\nAnna\n", TMPDIR=str(place)).code == 0
    assert program("import", "-", "--type", "lead", input="", TMPDIR=str(place)).code == 2
    assert list(place.iterdir()) == []
