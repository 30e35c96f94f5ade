"""export: to standard output and to files, whole or not at all, in any locale, and what comes back of it."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TEXTS = ("csv", "tsv", "json", "jsonl", "vcard", "vcard4", "ldif")
FILES = (*TEXTS, "xlsx")


@pytest.fixture
def people(crm: Any) -> None:
    crm.add("lead", "Anna Élodie", "--email", "a@x.it", "--phone", "02 1234567", "--tag", "vip", "--note", "one\ntwo")
    crm.add("person", "小野", "--email", "o@x.it")
    crm.ok("rm", crm.add("lead", "Gone", "--email", "g@x.it"))


def names(text: str, format: str) -> list[str]:
    """Return who is in an export."""
    if format in ("csv", "tsv"):
        return [row["name"] for row in csv.DictReader(io.StringIO(text), delimiter="\t" if format == "tsv" else ",")]
    if format == "json":
        return [entity["name"] for entity in json.loads(text)]
    if format == "jsonl":
        return [json.loads(line)["name"] for line in text.splitlines()]
    if format == "ldif":
        import base64

        found = [line.partition(":") for line in text.splitlines() if line.startswith("cn:")]
        return [
            base64.b64decode(value[1:].strip()).decode() if value.startswith(":") else value.strip()
            for _cn, _colon, value in found
        ]
    return [line[3:] for line in text.split("\r\n") if line.startswith("FN:")]


@pytest.mark.parametrize("format", TEXTS)
def test_filters_types_and_removed_ones(crm: Any, people: None, format: str) -> None:
    assert names(crm("export", "--format", format).out, format) == ["Anna Élodie", "小野"]
    assert names(crm("export", "lead", "--format", format).out, format) == ["Anna Élodie"]
    assert names(crm("export", "tag:vip", "--format", format).out, format) == ["Anna Élodie"]
    assert names(crm("export", "--all", "--format", format).out, format) == ["Anna Élodie", "小野", "Gone"]
    none = crm("export", "tag:nobody", "--format", format)
    assert (none.code, names(none.out, format), none.err.strip()) == (0, [], "exported 0")


@pytest.mark.parametrize("format", TEXTS)
def test_the_same_bytes_to_a_file_to_a_pipe_and_in_an_ascii_locale(
    program: Any, people: None, tmp_path: Path, format: str
) -> None:
    file = tmp_path / "out"
    assert program("export", "--format", format, "-o", file, "--quiet").code == 0
    for environment in ({}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}):
        done = subprocess.run(
            [sys.executable, "-m", "dkcrm", "export", "--format", format],
            capture_output=True, check=False, env={**os.environ, **environment},
        )  # fmt: skip
        assert (done.returncode, done.stdout) == (0, file.read_bytes())


@pytest.mark.parametrize("format", FILES)
def test_a_file_is_for_its_owner_and_replaces_the_one_that_was_there(
    crm: Any, people: None, tmp_path: Path, format: str
) -> None:
    file = tmp_path / "out"
    file.write_text("old")
    file.chmod(0o644)
    done = crm.ok("export", "--format", format, "-o", file)
    assert done == {"exported": 2, "format": format, "file": str(file)}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"old" not in file.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir() if "test.db" not in path.name) == ["home", "out"]


@pytest.mark.parametrize("format", FILES)
def test_a_link_is_followed_and_stays_one(crm: Any, people: None, tmp_path: Path, format: str) -> None:
    link, target = tmp_path / "link", tmp_path / "target"
    link.symlink_to(target)
    crm.ok("export", "--format", format, "-o", link)
    assert link.is_symlink()
    assert target.stat().st_size > 0


@pytest.mark.parametrize("format", FILES)
def test_a_pipe_is_written_to_and_not_replaced(crm: Any, people: None, tmp_path: Path, format: str) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    assert crm("export", "--format", format, "-o", pipe).code == 0
    out, _err = reader.communicate(timeout=60)
    assert len(out) > 0
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("format", FILES)
def test_nothing_is_written_where_it_cannot_be(crm: Any, people: None, tmp_path: Path, format: str) -> None:
    for place in (tmp_path / "nowhere" / "out", tmp_path / "test.db" / "out"):
        error = crm.refused(1, "export", "--format", format, "-o", place)
        assert (error["error"], str(place) in error["message"]) == ("io", True)
    assert crm.refused(2, "export", "--format", format, "-o", tmp_path)["hint"]
    assert crm.refused(2, "export", "--format", format, "-o", "")["hint"]


@pytest.mark.parametrize("format", FILES)
def test_the_database_and_its_company_are_not_written_over(crm: Any, people: None, tmp_path: Path, format: str) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "test.db")
    for place in ("test.db", "test.db-wal", "test.db-shm", "test.db-journal", "link"):
        error = crm.refused(2, "export", "--format", format, "-o", tmp_path / place)
        assert "database" in error["message"]
    assert len(crm.ok("list")) == 2


@pytest.mark.parametrize("format", ["csv", "json", "vcard", "ldif", "xlsx"])
def test_a_full_disk_leaves_the_old_file_alone(crm: Any, tmp_path: Path, format: str) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text("".join(f'{{"name": "Person {n}", "notes": "{os.urandom(500).hex()}"}}\n' for n in range(400)))
    crm.ok("import", many, "--type", "lead")
    many.unlink()
    file = tmp_path / "out"
    file.write_text("old")
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (70_000, 70_000)); from dkcrm.cli.app import run;"
        f"sys.exit(run(['export', '--format', {format!r}, '-o', {str(file)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done
    assert "cannot write" in done.stderr and "Traceback" not in done.stderr
    assert file.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir() if "test.db" not in path.name) == ["home", "out"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
@pytest.mark.parametrize("format", TEXTS)
def test_a_full_disk_behind_standard_output_is_told(people: None, format: str) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "dkcrm", "export", "--format", format],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "No space left" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("format", TEXTS)
def test_a_reader_that_goes_away_ends_the_export_quietly(crm: Any, tmp_path: Path, format: str) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text("".join(f'{{"name": "Person {n}", "notes": "{"x" * 200}"}}\n' for n in range(2_000)))
    crm.ok("import", file, "--type", "lead")
    export = subprocess.Popen(
        [sys.executable, "-m", "dkcrm", "export", "--format", format], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert export.stdout is not None and export.stderr is not None
    export.stdout.read(10)
    export.stdout.close()
    assert export.stderr.read() == b""
    assert export.wait(timeout=60) == 141


def test_formats_are_told_by_the_ending_and_unknown_ones_refused(crm: Any, people: None, tmp_path: Path) -> None:
    for ending, format in (("csv", "csv"), ("tsv", "tsv"), ("vcf", "vcard"), ("ldif", "ldif"), ("ndjson", "jsonl")):
        file = tmp_path / f"out.{ending}"
        assert crm("export", "-o", file).code == 0
        assert names(file.read_bytes().decode(), format) == ["Anna Élodie", "小野"]
    assert "xlsx" in crm.refused(2, "export", "--format", "pdf")["hint"]
    assert crm.refused(2, "export", "--format", "xlsx")["hint"]
    assert "vcard" in crm.refused(2, "export", "--format", "vcard", "--for-spreadsheet")["message"]
    assert crm.refused(2, "export", "nofield:x")["hint"]


@pytest.mark.parametrize("format", ["csv", "tsv", "json", "jsonl"])
def test_a_format_before_the_command_is_that_of_the_export(crm: Any, format: str) -> None:
    crm.add("lead", "Anna Bianchi")
    assert crm("--format", format, "export").out == crm("export", "--format", format).out != ""


@pytest.mark.parametrize(
    ("words", "format"),
    [
        (["-o", "out.csv"], "csv"), (["-o", "out.TSV"], "tsv"), (["-o", "out.vcf"], "vcard"), (["-o", "out"], "json"),
        (["-o", "out.txt"], "json"), (["-o", "out.json"], "json"), (["-o", "out.csv", "--format", "json"], "json"),
        (["-o", "out.json", "--format", "csv"], "csv"), (["-o", "out.csv", "--for-spreadsheet"], "csv"),
    ],
)  # fmt: skip
def test_json_beside_a_file_tells_the_outcome_and_the_ending_the_format(
    crm: Any, people: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], format: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = crm("export", *words, "--json")
    assert (done.code, done.err) == (0, "")
    count = len(crm.ok("list"))
    assert done.json == {"exported": count, "format": format, "file": words[1]}
    text = Path(words[1]).read_text("utf-8-sig")
    assert text[0] == {"csv": "u", "tsv": "u", "vcard": "B", "json": "["}[format]
    assert len(json.loads(text)) == count if format == "json" else text[1:].count("\n") >= count


HOSTILE = ["=1+1", "+39 02", "-5", "@SUM(A1)", "'=1", "''=1", "'Ndrangheta", "'", "a=b", "\u00a0=x"]


@pytest.mark.parametrize("format", ["csv", "tsv"])
def test_a_guard_for_spreadsheets_goes_on_and_comes_off(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    for at, text in enumerate(HOSTILE):
        crm.add("lead", "--org", f"{text} {at}", "--note", f"{text}\n\tnext", "--source", text)
    file = tmp_path / f"out.{format}"
    crm.ok("export", "--for-spreadsheet", "--format", format, "-o", file)
    with file.open(encoding="utf-8-sig", newline="") as text_of:
        cells = [cell for row in csv.reader(text_of, delimiter="\t" if format == "tsv" else ",") for cell in row]
    assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []
    before = [(entity["organization"], entity["notes"], entity["source"]) for entity in crm.ok("list")]
    assert crm.ok("import", file)["operation"] is None
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "other.db"))
    crm.ok("import", file)
    after = [(entity["organization"], entity["notes"], entity["source"]) for entity in crm.ok("list")]
    assert sorted(after) == sorted(before)


@pytest.mark.parametrize("words", [(), ("--for-spreadsheet",)], ids=["exact", "guarded"])
@pytest.mark.parametrize("format", ["csv", "tsv"])
def test_an_apostrophe_before_a_formula_comes_back(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str, words: tuple[str, ...]
) -> None:
    for at, text in enumerate([*HOSTILE, "'+39 02", "'-5", "'@me", '="0123"', '\'="0123"']):
        crm.add("lead", "--org", f"{text} {at}", "--note", text, "--source", text, "--phone", f"{text} 0212345{at}")
    file = tmp_path / f"out.{format}"
    crm.ok("export", *words, "--format", format, "-o", file)
    assert crm.ok("import", file)["operation"] is None
    before = [(e["organization"], e["notes"], e["source"], e["phones"]) for e in crm.ok("list")]
    # A spreadsheet, or another program, may write the file anew: without the mark, with other line ends.
    file.write_bytes(file.read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n"))
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "other.db"))
    done = crm.ok("import", file)
    assert done["unmapped"] == []
    assert sorted((e["organization"], e["notes"], e["source"], e["phones"]) for e in crm.ok("list")) == sorted(before)


def test_what_another_program_guarded_is_unguarded(crm: Any, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("name,notes,phone\nAnna,'=1+1,'+39 02 1234567\n")
    crm.ok("import", tmp_path / "in.csv", "--type", "lead")
    anna = crm.ok("show", "Anna")
    assert (anna["notes"], anna["phones"][0]["value"]) == ("=1+1", "+39 02 1234567")


def test_a_value_of_the_other_side_keeps_its_side_in_a_table(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.add("lead", "--org", "Acme", "--phone", "person:02 1234567", "--email", "info@acme.example")
    file = tmp_path / "out.csv"
    crm.ok("export", "-o", file)
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "other.db"))
    crm.ok("import", file)
    (acme,) = crm.ok("list")
    assert (acme["phones"][0]["side"], acme["emails"][0]["side"]) == ("person", "organization")


@pytest.mark.parametrize("format", ["csv", "tsv", "json", "jsonl", "ldif", "xlsx"])
def test_an_empty_export_is_imported_as_nobody(crm: Any, tmp_path: Path, format: str) -> None:
    file = tmp_path / "out"
    crm.ok("export", "--format", format, "-o", file)
    if format == "jsonl":
        assert file.read_bytes() == b""
        return
    done = crm.ok("import", file, "--type", "lead")
    assert (done["read"], done["operation"]) == (0, None)


ADDRESSES = """\
name,street,city,region,postcode,country,address,home street,home city,home postcode,home address
Ann Lee,PO Box 5,,,,,P.O. Box 5,Via Po 1,Torino,10100,"Via Po 1
10100 Torino"
Bob Lee,Via Roma 1,Milano,MI,20100,Italia,"Via Roma 1
20100 Milano MI
Italia",,,,
Cleo Lee,Via Po 2,Torino,TO,10100,,,Via Po 3,,,
"""


@pytest.mark.parametrize("format", FILES)
def test_an_address_comes_back_as_it_was_entered_beside_its_parts(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    (tmp_path / "in.csv").write_text(ADDRESSES)
    crm.ok("import", tmp_path / "in.csv", "--type", "person")
    before = [entity["addresses"] for entity in crm.ok("list", "sort:id")]
    assert [[(address["label"], address["value"]) for address in addresses] for addresses in before] == [
        [(None, "P.O. Box 5"), ("home", "Via Po 1\n10100 Torino")],
        [(None, "Via Roma 1\n20100 Milano MI\nItalia")],
        [(None, "Via Po 2, 10100 Torino, TO"), ("home", "Via Po 3")],
    ]
    crm.ok("export", "--format", format, "-o", tmp_path / "out")
    assert crm.ok("import", tmp_path / "out")["unchanged"] == 3
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "other.db"))
    crm.ok("import", tmp_path / "out")
    assert [entity["addresses"] for entity in crm.ok("list", "sort:id")] == before
    table = crm("export", "--format", "csv").out
    assert [row["address"] for row in csv.DictReader(io.StringIO(table))][2] == ""


def test_an_address_whose_parts_were_edited_in_an_export_is_what_the_parts_say(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in.csv").write_text("name,street,city\nAnn Lee,Via Po 2,Torino\n")
    crm.ok("import", tmp_path / "in.csv", "--type", "person")
    crm.ok("export", "--format", "json", "-o", tmp_path / "out.json")
    (tmp_path / "out.json").write_text((tmp_path / "out.json").read_text().replace('"Torino"', '"Milano"'))
    crm.ok("import", tmp_path / "out.json", "--on-match", "update")
    assert crm.ok("show", 1)["addresses"][0]["value"] == "Via Po 2, Milano"
