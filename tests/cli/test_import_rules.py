"""import --rules and --save-rules: what was found out about a file once serves for the next one."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

LEADS = """Rag. Soc.;Ref.;Cell.;Mail;Prov.;Stadio;Codice;Inserito il
Alfa;Mario Rossi;347 1234567;m@alfa.it;PG;Cliente;0012;03/04/2025
Beta;Anna Verdi;347 1234568;a@beta.it;TR;Contatto;0013;05/06/2025
Gamma;;347 1234569;g@gamma.it;;Perso;;07/08/2025
"""


@pytest.fixture
def leads(tmp_path: Path) -> Path:
    """Return a file whose headers say nearly all, and whose dates can be read in two ways."""
    file = tmp_path / "leads.csv"
    file.write_text(LEADS)
    return file


def everybody(crm: Any) -> list[dict[str, Any]]:
    return sorted(crm.ok("list", "--all"), key=lambda entity: int(entity["id"]))


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_rules_say_what_a_file_means(crm: Any, tmp_path: Path, leads: Path) -> None:
    rules = write(
        tmp_path / "rules.toml",
        """
        date_order = "dmy"

        [columns]
        "Ref." = "-"
        "Cell." = { field = "phone", label = "work" }
        "prov" = "field:area"
        Codice = "external_id"

        [constants]
        tags = ["fair-2026"]
        source = "trade fair"

        [constants.fields]
        region-manager = "Rossi"

        [type]
        column = "Stadio"
        default = "lead"

        [type.values]
        Cliente = "organization"

        [[skip]]
        column = "Stadio"
        value = ["perso"]
        """.replace("        ", "").replace('"prov"', '"Prov."'),
    )
    done = crm.ok("import", leads, "--rules", rules)
    assert (done["created"], done["types"]) == (2, {"organization": 1, "lead": 1})
    alfa, beta = everybody(crm)
    assert [(entity["type"], entity["name"], entity["party"]) for entity in (alfa, beta)] == [
        ("organization", "Alfa", "organization"),
        ("lead", "Beta", "organization"),
    ]
    assert (alfa["source"], alfa["tags"], alfa["created_at"]) == ("trade fair", ["fair-2026"], "2025-04-03T00:00:00Z")
    assert alfa["fields"] == {"area": "PG", "region-manager": "Rossi", "stadio": "Cliente"}
    assert alfa["phones"][0]["label"] == "work"
    again = crm.ok("import", leads, "--rules", rules)
    assert (again["operation"], again["unchanged"], again["read"]) == (None, 2, 2)


def test_the_words_of_the_command_go_before_the_rules(crm: Any, tmp_path: Path, leads: Path) -> None:
    rules = write(
        tmp_path / "rules.toml",
        'date_order = "mdy"\nunmapped = "drop"\n[columns]\n"Ref." = "-"\n[constants]\ntype = "suspect"\nsource = "x"\n'
        'tags = ["one"]\n',
    )
    crm.ok("import", leads, "--rules", rules, "--type", "lead", "--map", "Ref.=name", "--date-order", "dmy", "--source",
           "y", "--unmapped", "note", "--tag", "two")  # fmt: skip
    alfa = everybody(crm)[0]
    assert (alfa["type"], alfa["name"], alfa["source"]) == ("lead", "Mario Rossi", "y")
    assert (alfa["created_at"][:10], alfa["tags"]) == ("2025-04-03", ["one", "two"])
    assert "Stadio: Cliente" in alfa["notes"]


def test_saved_rules_read_the_next_file_as_this_one_was_read(crm: Any, tmp_path: Path, leads: Path) -> None:
    saved = tmp_path / "saved.toml"
    first = crm.ok("import", leads, "--type", "lead", "--date-order", "dmy", "--map", "Stadio=tag", "--tag", "fair",
                   "--source", "fair", "--save-rules", saved)  # fmt: skip
    rules = tomllib.loads(saved.read_text())
    assert rules["date_order"] == "dmy" and rules["constants"] == {"tags": ["fair"], "source": "fair", "type": "lead"}
    assert rules["columns"]["Cell."] == {"field": "phone", "label": "mobile"} and rules["columns"]["Stadio"] == "tag"
    # Rules are passed on; nobody's data goes with them.
    assert not any(word in saved.read_text() for word in ("Alfa", "Mario", "347", "0012"))
    before = everybody(crm)
    again = crm.ok("import", leads, "--rules", saved)
    assert (again["operation"], again["unchanged"]) == (None, 3)
    assert everybody(crm) == before
    described = [{key: column[key] for key in ("column", "field", "label")} for column in again["mapping"]]
    assert described == [{key: column[key] for key in ("column", "field", "label")} for column in first["mapping"]]
    later = write(
        tmp_path / "later.csv", LEADS.splitlines()[0] + "\nDelta;Ugo Neri;347 1;u@d.it;RM;Nuovo;14;01/02/2025\n"
    )
    crm.ok("import", later, "--rules", saved)
    delta = everybody(crm)[-1]
    assert (delta["name"], delta["created_at"][:10], delta["tags"]) == ("Ugo Neri", "2025-02-01", ["Nuovo", "fair"])


def test_rules_of_a_known_program_are_saved_too(crm: Any, tmp_path: Path) -> None:
    file = write(
        tmp_path / "google.csv",
        "First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value\n"
        "Anna,Bianchi,* myContacts,* Work,a@b.it,Mobile,347 1234567\n",
    )
    saved = tmp_path / "saved.toml"
    crm.ok("import", file, "--type", "lead", "--map", "Labels=-", "--save-rules", saved)
    assert crm.ok("import", file, "--rules", saved)["unchanged"] == 1
    (anna,) = everybody(crm)
    assert (anna["emails"][0]["label"], anna["phones"][0]["label"]) == ("work", "mobile")


def test_a_sheet_what_becomes_of_the_alike_and_a_pair_of_types_are_saved_too(crm: Any, tmp_path: Path) -> None:
    file, saved = tmp_path / "leads.xlsx", tmp_path / "saved.toml"
    with pytest.importorskip("xlsxwriter").Workbook(str(file)) as book:
        for name in ("2023", "2024"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Name", "Email", "Phone"])
            sheet.write_row(1, 0, ["Anna Bianchi", f"{name}@x.it", "347 1234567"])
    crm.ok("import", file, "--type", "person,organization", "--sheet", "2024", "--on-likeness", "reject",
           "--save-rules", saved)  # fmt: skip
    crm.ok("import", file, "--rules", saved)
    assert [entity["emails"][0]["value"] for entity in everybody(crm)] == ["2024@x.it"]
    again = crm("import", file, "--rules", saved, "--sheet", "2023", "--json")
    assert (again.code, again.json["rejected"]) == (5, 1)


def test_a_dry_run_writes_no_rules(crm: Any, tmp_path: Path, leads: Path) -> None:
    saved = tmp_path / "saved.toml"
    crm.ok("import", leads, "--type", "lead", "--date-order", "dmy", "--dry-run", "--save-rules", saved)
    assert not saved.exists()


def test_rules_are_not_written_over_others(crm: Any, tmp_path: Path, leads: Path) -> None:
    there = write(tmp_path / "rules.toml", "# mine\n")
    refused = crm.refused(2, "import", leads, "--type", "lead", "--date-order", "dmy", "--save-rules", there)
    assert "there already" in refused["message"]
    assert there.read_text() == "# mine\n" and crm.ok("list") == []


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ('[columns]\n"Ref." = "nmae"\n', 2, "name"),
        ("[column]\n", 1, "columns"),
        ('date_order = "ddmm"\n', 1, "dmy"),
        ('[type]\ncolumn = "Stadio"\n[type.values]\nCliente = "customer"\n', 4, "person"),
        ('[[skip]]\ncolumn = "Stadio"\n', 1, "value"),
    ],
)
def test_wrong_rules_are_refused_with_the_line(
    crm: Any, tmp_path: Path, leads: Path, text: str, line: int, part: str
) -> None:
    refused = crm.refused(2, "import", leads, "--rules", write(tmp_path / "rules.toml", text), "--type", "lead")
    assert f"rules.toml:{line}:" in refused["message"] and part in refused["message"] + (refused["hint"] or "")
    assert crm.ok("list") == []


def test_a_column_that_the_rules_need_and_the_file_has_not(crm: Any, tmp_path: Path, leads: Path) -> None:
    rules = write(tmp_path / "rules.toml", '[[skip]]\ncolumn = "Stado"\nvalue = "Perso"\n')
    refused = crm.refused(2, "import", leads, "--rules", rules, "--type", "lead")
    assert "Stado" in refused["message"] and "Stadio" in refused["hint"]
