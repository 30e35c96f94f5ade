"""import: the file of rejects, beside the input or where it is wished, can be mended and imported again."""

from __future__ import annotations

import csv
import stat
from pathlib import Path
from typing import Any

import pytest

TEXT = "Name;Email;City\nAnna;a@x.it;Roma\nBad;nope;Bari\n;c@x.it;\nLuca;l@x.it;Pisa\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "leads.csv"
    path.write_text(TEXT)
    return path


def test_rejected_rows_lie_beside_the_file_with_line_and_reason(crm: Any, file: Path) -> None:
    done = crm("import", file, "--type", "lead", "--json")
    assert done.code == 5
    rejects = file.with_name("leads.rejects.csv")
    assert done.json["rejects_file"] == str(rejects)
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600
    with rejects.open(newline="") as text:
        header, *rows = list(csv.reader(text, delimiter=";"))
    assert header[-3:] == ["Name", "Email", "City"]
    assert [(row[0], row[-3:]) for row in rows] == [("3", ["Bad", "nope", "Bari"]), ("4", ["", "c@x.it", ""])]
    assert all("email" in row[1] or "name" in row[1] for row in rows)


def test_mended_rows_come_in_and_unmended_ones_are_rejected_again(crm: Any, file: Path) -> None:
    crm("import", file, "--type", "lead")
    rejects = file.with_name("leads.rejects.csv")
    rejects.write_text(rejects.read_text().replace(";nope;", ";b@x.it;"))
    done = crm("import", rejects, "--type", "lead", "--json")
    assert (done.code, done.json["created"], done.json["rejected"]) == (5, 1, 1)
    assert sorted(entity["name"] for entity in crm.ok("list")) == ["Anna", "Bad", "Luca"]
    assert crm.ok("show", "b@x.it")["fields"] == {}
    assert file.with_name("leads.rejects.rejects.csv").exists()


def test_a_row_with_a_broken_quote_comes_back_whole(crm: Any, file: Path) -> None:
    file.write_text('name,note,city\nAnna,x,Roma\nBad,"open,Bari\n' + "".join(f"P{n},x,Pisa\n" for n in range(50)))
    done = crm("import", file, "--type", "lead", "--json")
    assert (done.json["created"], done.json["rejected"]) == (51, 1)
    rejects = file.with_name("leads.rejects.csv")
    text = rejects.read_text()
    assert "open,Bari" in text
    rejects.write_text(text.replace('""open', "open").replace('"open', "open", 0))
    again = crm("import", rejects, "--type", "lead", "--json")
    assert again.json["created"] + again.json["rejected"] == 1
    if again.json["created"]:
        assert crm.ok("show", "Bad")["notes"] == "open"


def test_without_rejects_there_is_no_file(crm: Any, file: Path) -> None:
    file.write_text("name\nAnna\n")
    crm.ok("import", file, "--type", "lead")
    assert list(file.parent.glob("*rejects*")) == []


def test_another_file_may_be_named_and_standard_input_has_none(crm: Any, program: Any, file: Path) -> None:
    place = file.with_name("elsewhere.csv")
    assert crm("import", file, "--type", "lead", "--rejects", place).code == 5
    assert "nope" in place.read_text()
    assert not file.with_name("leads.rejects.csv").exists()
    done = program("import", "-", "--type", "lead", "--json", input=TEXT)
    assert (done.code, done.json["rejects_file"]) == (5, None)


def test_a_dry_run_writes_no_file(crm: Any, file: Path) -> None:
    assert crm("import", file, "--type", "lead", "--dry-run").code == 5
    assert list(file.parent.glob("*rejects*")) == []


def test_a_directory_that_cannot_be_written_is_told_after_the_import(crm: Any, file: Path) -> None:
    done = crm("import", file, "--type", "lead", "--rejects", file.parent / "nowhere" / "r.csv")
    assert done.code in (1, 2, 5)
    assert "r.csv" in done.err


@pytest.mark.parametrize("text", [TEXT, 'name,note\nAnna,"open\n' + "Luca,x\n" * 30])
def test_strict_stops_at_the_first_row_and_writes_nothing(crm: Any, file: Path, text: str) -> None:
    file.write_text(text)
    error = crm.refused(5, "import", file, "--type", "lead", "--strict")
    assert "line" in error["message"]
    assert crm.ok("list") == []
    assert crm.ok("history") == []
    assert list(file.parent.glob("*rejects*")) == []


def test_strict_takes_a_file_without_fault(crm: Any, file: Path) -> None:
    file.write_text("name\nAnna\n")
    assert crm.ok("import", file, "--type", "lead", "--strict")["created"] == 1


def test_rejects_in_the_thousands_are_all_in_the_file(crm: Any, file: Path) -> None:
    with file.open("w") as text:
        text.write("name,email\n")
        for n in range(12_000):
            text.write(f"P{n},{'bad' if n % 2 else f'p{n}@x.it'}\n")
    done = crm("import", file, "--type", "lead", "--json")
    assert (done.json["created"], done.json["rejected"], len(done.json["rejects"])) == (6_000, 6_000, 1_000)
    with file.with_name("leads.rejects.csv").open(newline="") as text:
        rows = list(csv.DictReader(text))
    assert [row["name"] for row in rows] == [f"P{n}" for n in range(1, 12_000, 2)]
