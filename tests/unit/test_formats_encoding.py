"""Charsets, and files that are no text: what is read, and what a user is told."""

from __future__ import annotations

import io
import os
import sqlite3
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.formats.csvfile import open_csv
from dkcrm.formats.encoding import open_text
from dkcrm.formats.guessing import kind_of_binary
from dkcrm.formats.headers import field_for
from dkcrm.formats.inputs import display_name, read_head


def known(header: str) -> bool:
    """Tell whether a cell is one of the usual headers."""
    return field_for(header) is not None


TEXT = "name,città\r\nNiccolò,Forlì\r\n"


@pytest.mark.parametrize(
    ("codec", "said"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp1252", "cp1252"), ("utf-16", "utf-16"), ("utf-32", "utf-32")],
)
def test_charsets_are_found(tmp_path: Path, codec: str, said: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode(codec))
    source = open_csv(str(path), known=known)
    assert (source.encoding, source.headers) == (said, ["name", "città"])
    assert list(source.rows) == [(2, ["Niccolò", "Forlì"])]


def test_one_late_byte_decides_against_utf8(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"name\n" + b"Anna\n" * 500_000 + "Niccolò\n".encode("cp1252"))
    source = open_csv(str(path), known=known)
    assert source.encoding == "cp1252"
    *_rest, last = source.rows
    assert last == (500_002, ["Niccolò"])


def test_bytes_that_cp1252_lacks_become_controls(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"name\nA\x81B\x8d\x8f\x90\x9d\xe9\n")
    for encoding in (None, "windows-1252"):
        source = open_csv(str(path), known=known, encoding=encoding)
        assert list(source.rows) == [(2, ["A\x81B\x8d\x8f\x90\x9dé"])]


def test_a_stray_nul_is_left_to_its_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"name\nA\0B\nC\n")
    source = open_csv(str(path), known=known)
    assert list(source.rows) == [(2, ["A\0B"]), (3, ["C"])]


def test_encoding_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode("mac-roman"))
    source = open_csv(str(path), known=known, encoding="mac-roman")
    assert list(source.rows) == [(2, ["Niccolò", "Forlì"])]
    with pytest.raises(InvalidInput, match="not utf-8"):
        open_text(str(path), "utf-8")
    for unknown in ("klingon", "base64", "a\0b"):
        with pytest.raises(InvalidInput, match="unknown encoding"):
            open_text(str(path), unknown)
    path.write_bytes(("\ufeff" + TEXT).encode("utf-16-le"))
    assert open_csv(str(path), known=known, encoding="utf-16-le").headers == ["name", "città"]


def workbook() -> bytes:
    """Return the outside of an xlsx file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (workbook(), "xlsx"),
        (b"PK\x03\x04" + b"\0" * 40, "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "xls"),
        (b"%PDF-1.4\n...", "PDF"),
        (b"\x1f\x8b\x08\0abc", "compressed"),
        (bytes(range(256)) * 20, "binary"),
        (b"\x7fELF" + b"\0" * 100, "binary"),
    ],
)
def test_what_is_no_text_is_named(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=kind) as caught:
        open_text(str(path))
    assert caught.value.hint


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [TEXT, "имя,email\r\nНадежда,n@x.example\r\n", "name,x\n" + "山田太郎,東京\n" * 500])
def test_wide_text_without_mark_is_found_by_its_nuls(tmp_path: Path, codec: str, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(codec))
    for encoding in (None, codec):
        stream, said = open_text(str(path), encoding)
        with stream:
            assert (stream.read(), said) == (text, codec)


def test_ascii_with_a_few_nuls_is_ascii(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"name,email\nA\0,b\n\0,\0\n")
    assert open_text(str(path))[1] == "utf-8"


def test_wide_text_that_breaks_off_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode("utf-16-le") + b"x")
    with pytest.raises(InvalidInput, match="not utf-16-le"):
        open_text(str(path))


def test_a_few_foreign_bytes_in_utf8_leave_the_accents_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = ["Niccolò", "Forlì"] * 20_000
    content = "name\n" + "\n".join(rows) + "\n"
    path.write_bytes(content.encode() + "José\x92s “café”\n".encode("latin-1", "ignore") + b"Ren\xe9\nx\x81\n")
    source = open_csv(str(path), known=known)
    found = [cells[0] for _line, cells in source.rows]
    assert source.encoding == "utf-8"
    assert found[:40_000] == rows
    assert found[40_000:] == ["José’s café", "René", "x\x81"]


@pytest.mark.parametrize(("good", "bad", "codec"), [(40, 2, "utf-8"), (39, 2, "cp1252"), (4, 1, "cp1252")])
def test_how_much_utf8_it_takes(tmp_path: Path, good: int, bad: int, codec: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"name\n" + b"\xc3\xa8 x\n" * good + b"a\xe9b\n" * bad)
    assert open_text(str(path))[1] == codec


def test_a_mark_makes_utf8_sure(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbfname\nRen\xe9\n")
    assert list(open_csv(str(path), known=known).rows) == [(2, ["René"])]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize(
    "words",
    ["Niccolò,Forlì,perché", "René,Müller,Besançon", "Año,Jürgen,façade", "però,già,più", '"Zoë","dall’Oca","tè"'],
)
def test_old_mac_texts_are_found_by_their_letters(tmp_path: Path, words: str, end: str) -> None:
    path = tmp_path / "a.csv"
    text = "name,città,note" + end + (words + end) * 3
    path.write_bytes(text.encode("mac-roman"))
    stream, codec = open_text(str(path))
    with stream:
        assert (stream.read(), codec) == (text, "mac-roman")


def test_old_mac_line_ends_are_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for end, codec in (("\r", "mac-roman"), ("\n", "cp1252")):
        path.write_bytes(f"name{end}Köln{end}".encode("mac-roman"))
        assert open_text(str(path))[1] == codec


@pytest.mark.parametrize(
    "text",
    [
        "Niccolò,Forlì", "D’Angelo", "dell’anno", "l’été", "“ciao”", "disse “ciao”", "100 €", "€uro", "wait…", "a–b",
        "sœur", "Tomaš", "Božo", "Škoda", "René", "ÀÈÌ", "NICCOLÒ", "Acme™", "• uno", "œuvre", "‹uno›", "Žiga",
    ],
)  # fmt: skip
def test_windows_texts_stay_windows_texts(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"name,note\r\n{text},x\r\ny,{text}\r\n".encode("cp1252"))
    assert open_text(str(path))[1] == "cp1252"


def test_one_windows_word_anywhere_decides_against_mac(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"name\n" + "Niccolò\n".encode("mac-roman") * 300_000 + "Niccolò\n".encode("cp1252"))
    assert open_text(str(path))[1] == "cp1252"


@pytest.mark.parametrize("encoding", ["cp437", "cp850", "iso-8859-15", "cp1250", "koi8-r", "cp037"])
def test_any_charset_can_be_named(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    text = "name,note\nÄÖ é,x\n" if encoding != "koi8-r" else "name,note\nНадя,x\n"
    path.write_bytes(text.encode(encoding))
    assert [cells for _line, cells in open_csv(str(path), known=known, encoding=encoding).rows] == [
        text.split("\n")[1].split(",")
    ]


@pytest.mark.parametrize("encoding", ["punycode", "idna", "unicode_escape", "raw-unicode-escape", "undefined", "rot13"])
def test_codecs_that_are_no_charsets_are_refused(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"name\nA\n")
    with pytest.raises(InvalidInput, match="unknown encoding"):
        open_text(str(path), encoding)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (TEXT.encode(), None),
        (TEXT.encode("utf-16"), None),
        (TEXT.encode("utf-16-be"), None),
        (TEXT.encode("utf-32-le"), None),
        (b"", None),
        (b"a\0b\n", None),
        (b"name,email\nA\0,b\n\0,\0\n" + b"Anna,a@x.example\n" * 20, None),
        (workbook(), "xlsx"),
        (b"\0" * 4096, "binary"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06", "binary"),
    ],
)
def test_kind_of_binary(content: bytes, kind: str | None) -> None:
    found = kind_of_binary(content)
    assert (found is None) if kind is None else (found is not None and kind in found[0])


def test_head_of_a_file_is_read_where_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode() * 10_000)
    assert read_head(str(path), 4) == (b"name", str(path))
    assert len(read_head(str(path))[0]) == 65536
    (tmp_path / "empty").touch()
    assert read_head(str(tmp_path / "empty"))[0] == b""
    for missing in (tmp_path / "none", tmp_path, tmp_path / "a\0"):
        with pytest.raises(DkcrmError) as caught:
            read_head(str(missing))
        assert caught.value.code == "io"


def test_head_of_standard_input_can_be_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode() * 10_000)))
    head, path = read_head("-", 10)
    assert head == TEXT.encode()[:10]
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert display_name(path) == "standard input"
    for _time in range(2):
        with open_text(path)[0] as stream:
            assert len(stream.read()) == len(TEXT) * 10_000
    source = open_csv(path, known=known)
    assert sum(1 for _row in source.rows) == sum(1 for _row in source.reread()) == 10_000
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(DkcrmError, match="no standard input"):
        read_head("-")


def test_copy_of_standard_input_is_gone_at_the_end(tmp_path: Path) -> None:
    code = "from dkcrm.formats.inputs import read_head; print(open(read_head('-')[1]).read())"
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary)}
    done = subprocess.run([sys.executable, "-c", code], input=b"abc", capture_output=True, check=True, env=environment)
    assert done.stdout.decode().strip() == "abc"
    assert list(temporary.iterdir()) == []


def test_stray_nuls_in_utf8_are_not_utf16(tmp_path: Path) -> None:
    path = tmp_path / "a.vcf"
    path.write_bytes("BEGIN:VCARD\nFN:First\nEND:VCARD\n\0\n\0\n\xa0\n\xa0".encode())
    stream, codec = open_text(str(path))
    with stream:
        assert (codec, stream.readline()) == ("utf-8", "BEGIN:VCARD\n")


def test_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (a)")
    connection.close()
    with pytest.raises(InvalidInput, match="SQLite"):
        open_text(str(path))


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "none.csv", "no such file"), (tmp_path, "directory"), (tmp_path / "a\0", "cannot")):
        with pytest.raises(DkcrmError, match=words) as caught:
            open_text(str(path))
        assert (caught.value.code, caught.value.exit_status) == ("io", 1)
        assert caught.value.hint
    (tmp_path / "empty.csv").touch()
    with pytest.raises(InvalidInput, match="is empty"):
        open_text(str(tmp_path / "empty.csv"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_without_rights(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.touch(mode=0o000)
    with pytest.raises(DkcrmError, match="cannot read"):
        open_text(str(path))


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode("cp1252"))))
    source = open_csv("-", known=known)
    assert list(source.rows) == [(2, ["Niccolò", "Forlì"])]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    with pytest.raises(InvalidInput, match="standard input is empty"):
        open_csv("-", known=known)


def test_named_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(TEXT.encode(),))
    writer.start()
    source = open_csv(str(path), known=known)
    writer.join()
    assert list(source.rows) == [(2, ["Niccolò", "Forlì"])]


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"", "begins with BEGIN"), (b"%PDF-1.4\n%...", "begins with BEGIN"), (b"\0" * 400, "begins with BEGIN"),
        (b"\x1f\x8b\x08" + b"x" * 50, "unpack"), (b"SQLite format 3\0" + b"x" * 50, "--db"),
    ],
)  # fmt: skip
def test_what_a_format_advises_of_other_files(tmp_path: Path, content: bytes, hint: str) -> None:
    path = tmp_path / "in"
    path.write_bytes(content)
    with pytest.raises(InvalidInput) as caught:
        open_text(str(path), hint="it begins with BEGIN")
    assert hint in str(caught.value.hint)
    with pytest.raises(InvalidInput) as caught:
        open_text(str(path))
    assert "BEGIN" not in str(caught.value.hint)
