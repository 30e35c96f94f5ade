"""Charsets, and files that are no text: what is read, and what a user is told."""

from __future__ import annotations

import io
import os
import sqlite3
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.formats.csvfile import open_csv
from dkcrm.formats.encoding import open_text
from dkcrm.formats.headers import field_for

TEXT = "name,città\r\nNiccolò,Forlì\r\n"


@pytest.mark.parametrize(
    ("codec", "said"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp1252", "cp1252"), ("utf-16", "utf-16"), ("utf-32", "utf-32")],
)
def test_charsets_are_found(tmp_path: Path, codec: str, said: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode(codec))
    source = open_csv(str(path), mapping=[], known=field_for)
    assert (source.encoding, source.headers) == (said, ["name", "città"])
    assert list(source.rows) == [(2, ["Niccolò", "Forlì"])]


def test_one_late_byte_decides_against_utf8(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"name\n" + b"Anna\n" * 500_000 + "Niccolò\n".encode("cp1252"))
    source = open_csv(str(path), mapping=[], known=field_for)
    assert source.encoding == "cp1252"
    *_rest, last = source.rows
    assert last == (500_002, ["Niccolò"])


def test_bytes_that_cp1252_lacks_become_controls(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"name\nA\x81B\x8d\x8f\x90\x9d\xe9\n")
    for encoding in (None, "windows-1252"):
        source = open_csv(str(path), mapping=[], known=field_for, encoding=encoding)
        assert list(source.rows) == [(2, ["A\x81B\x8d\x8f\x90\x9dé"])]


def test_a_stray_nul_is_left_to_its_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"name\nA\0B\nC\n")
    source = open_csv(str(path), mapping=[], known=field_for)
    assert list(source.rows) == [(2, ["A\0B"]), (3, ["C"])]


def test_encoding_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode("mac-roman"))
    source = open_csv(str(path), mapping=[], known=field_for, encoding="mac-roman")
    assert list(source.rows) == [(2, ["Niccolò", "Forlì"])]
    with pytest.raises(InvalidInput, match="not utf-8"):
        open_text(str(path), "utf-8")
    for unknown in ("klingon", "base64", "a\0b"):
        with pytest.raises(InvalidInput, match="unknown encoding"):
            open_text(str(path), unknown)
    path.write_bytes(("\ufeff" + TEXT).encode("utf-16-le"))
    assert open_csv(str(path), mapping=[], known=field_for, encoding="utf-16-le").headers == ["name", "città"]


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
        (TEXT.encode("utf-16-le"), "utf-16|UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
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


def test_utf16_without_mark_is_told_how_to_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for codec in ("utf-16-le", "utf-16-be"):
        path.write_bytes(TEXT.encode(codec))
        with pytest.raises(InvalidInput) as caught:
            open_text(str(path))
        assert f"--encoding {codec}" in (caught.value.hint or "")
        assert open_text(str(path), codec)[0].read() == TEXT


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
    source = open_csv("-", mapping=[], known=field_for)
    assert list(source.rows) == [(2, ["Niccolò", "Forlì"])]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    with pytest.raises(InvalidInput, match="standard input is empty"):
        open_csv("-", mapping=[], known=field_for)


def test_named_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(TEXT.encode(),))
    writer.start()
    source = open_csv(str(path), mapping=[], known=field_for)
    writer.join()
    assert list(source.rows) == [(2, ["Niccolò", "Forlì"])]
