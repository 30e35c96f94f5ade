"""import: cards, objects, directories and workbooks through the command line, each of them twice, undone and mended."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

CARD_21 = """\
BEGIN:VCARD\r
VERSION:2.1\r
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Bianchi;Anna=20Ma=\r
r=C3=ADa;;;\r
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Anna Mar=C3=ADa Bianchi\r
ORG:Acme S.r.l.;Vendite\r
TEL;WORK;VOICE:02 1234567\r
TEL;CELL:+39 333 1234567\r
EMAIL;INTERNET:anna@acme.example\r
ADR;WORK:;;Via Roma 1;Milano;MI;00100;Italia\r
END:VCARD\r
"""
CARD_30 = """\
BEGIN:VCARD
VERSION:3.0
N:Bianchi;Anna María;;;
FN:Anna María Bianchi
ORG:Acme S.r.l.;Vendite
TEL;TYPE=WORK,VOICE:02 1234567
TEL;TYPE=CELL:+39 333 1234567
item1.EMAIL;TYPE=INTERNET:anna@acme.example
item1.X-ABLabel:Front Desk
ADR;TYPE=WORK:;;Via Roma 1;Milano;MI;00100;Italia
NOTE:Likes tea\\, and
  long walks
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ
X-CUSTOM;A="b:c":kept
END:VCARD
"""
CARD_40 = CARD_30.replace("3.0", "4.0").replace("PHOTO;ENCODING=b;TYPE=JPEG:", "PHOTO:data:image/jpeg;base64,")
JCARD = json.dumps(["vcard", [
    ["version", {}, "text", "4.0"], ["fn", {}, "text", "Anna María Bianchi"],
    ["n", {}, "text", ["Bianchi", "Anna María", "", "", ""]], ["org", {}, "text", "Acme S.r.l."],
    ["tel", {"type": "work"}, "text", "02 1234567"], ["tel", {"type": "cell"}, "text", "+39 333 1234567"],
    ["email", {}, "text", "anna@acme.example"],
    ["adr", {"type": "work"}, "text", ["", "", "Via Roma 1", "Milano", "MI", "00100", "Italia"]],
]])  # fmt: skip
LDIF = """\
version: 1

dn: cn=Anna María Bianchi,mail=anna@acme.example
objectclass: top
objectclass: inetOrgPerson
cn:: QW5uYSBNYXLDrWEgQmlhbmNoaQ==
givenName:: QW5uYSBNYXLDrWE=
sn: Bianchi
o: Acme S.r.l.
mail: anna@acme.
 example
telephoneNumber: 02 1234567
mobile: +39 333 1234567
street: Via Roma 1
l: Milano
st: MI
postalCode: 00100
c: Italia
"""
OBJECT = {
    "firstName": "Anna María", "lastName": "Bianchi", "company": {"name": "Acme S.r.l."},
    "emails": [{"address": "anna@acme.example"}],
    "phones": [{"number": "02 1234567", "type": "work"}, {"number": "+39 333 1234567", "type": "mobile"}],
    "address": {"street": "Via Roma 1", "city": "Milano", "region": "MI", "postcode": "00100", "country": "Italia"},
}  # fmt: skip
ONE = {
    "card-2.1.vcf": CARD_21, "card-3.0.vcf": CARD_30, "card-4.0.vcf": CARD_40, "jcard.json": JCARD, "people.ldif": LDIF,
    "object.json": json.dumps(OBJECT), "list.json": json.dumps({"total": 1, "contacts": [OBJECT]}),
    "lines.jsonl": json.dumps(OBJECT) + "\n",
}  # fmt: skip


def rows(crm: Any) -> list[Any]:
    return sorted(crm.ok("list", "--all"), key=lambda entity: int(entity["id"]))


@pytest.mark.parametrize("name", ONE)
def test_anna_comes_in_from_any_format_and_only_once(crm: Any, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(ONE[name], newline="")
    done = crm.ok("import", file, "--type", "lead")
    assert (done["read"], done["created"], done["types"]) == (1, 1, {"lead": 1})
    anna = crm.ok("show", "anna@acme.example")
    assert (anna["name"], anna["first_name"], anna["last_name"]) == ("Anna María Bianchi", "Anna María", "Bianchi")
    assert (anna["organization"], anna["party"]) == ("Acme S.r.l.", "both")
    assert [(phone["value"], phone["label"]) for phone in anna["phones"]] == [
        ("02 1234567", "work"), ("+39 333 1234567", "mobile"),
    ]  # fmt: skip
    (address,) = anna["addresses"]
    assert [address[part] for part in ("street", "city", "region", "postcode", "country")] == [
        "Via Roma 1", "Milano", "MI", "00100", "Italia",
    ]  # fmt: skip
    before = rows(crm)
    again = crm.ok("import", file, "--type", "lead")
    assert (again["operation"], again["unchanged"], again["read"]) == (None, 1, 1)
    assert len(crm.ok("history")) == 1
    crm.ok("undo")
    assert rows(crm) == []
    crm.ok("redo")
    assert rows(crm) == before
    assert crm.ok("import", file, "--type", "lead")["operation"] is None


@pytest.mark.parametrize("name", ONE)
def test_standard_input_and_a_misleading_name_are_read_as_what_they_are(
    crm: Any, program: Any, tmp_path: Path, name: str
) -> None:
    done = program("import", "-", "--type", "lead", "--json", input=ONE[name])
    assert (done.code, done.json["created"], done.json["file"]) == (0, 1, "-")
    wrong = tmp_path / "contacts.csv"
    wrong.write_text(ONE[name], newline="")
    assert crm.ok("import", wrong, "--type", "lead")["operation"] is None
    assert [entity["name"] for entity in rows(crm)] == ["Anna María Bianchi"]


def test_a_table_that_is_called_a_card_is_a_table(crm: Any, tmp_path: Path) -> None:
    file = tmp_path / "people.vcf"
    file.write_text("name;email\nLuca;l@x.it\n")
    assert crm.ok("import", file, "--type", "lead")["format"] == "csv"
    assert crm.ok("show", "l@x.it")["name"] == "Luca"


@pytest.mark.parametrize("version", ["vcard", "vcard4"])
def test_what_only_the_card_knows_comes_back(crm: Any, tmp_path: Path, version: str) -> None:
    file = tmp_path / "anna.vcf"
    file.write_text(CARD_30)
    crm.ok("import", file, "--type", "lead")
    anna = crm.ok("show", "anna@acme.example")
    assert anna["emails"][0]["label"] == "Front Desk"
    assert anna["notes"] == "Likes tea, and long walks"
    out = crm("export", "--format", version).out.replace("\r\n ", "")
    for kept in ("/9j/4AAQ", 'X-CUSTOM;A="b:c":kept', "X-ABLabel:Front Desk", "Vendite"):
        assert kept in out


def test_a_second_card_with_a_new_photo_is_kept_too(crm: Any, tmp_path: Path) -> None:
    file = tmp_path / "anna.vcf"
    file.write_text(CARD_30)
    crm.ok("import", file, "--type", "lead")
    file.write_text(CARD_30.replace("/9j/4AAQ", "/9j/NEW0"))
    assert crm.ok("import", file, "--type", "lead")["filled"] == 1
    assert "/9j/NEW0" in crm("export", "--format", "vcard").out


def test_a_card_of_our_own_is_not_kept_beside_the_entity_it_tells_of(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.add("lead", "Anna Bianchi", "--email", "Mine:a@x.it", "--phone", "organization:02 1234567", "--tag", "vip")
    first = crm("export", "--format", "vcard").out
    file = tmp_path / "own.vcf"
    crm("export", "-o", file)
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "other.db"))
    crm.ok("import", file)
    (anna,) = json.loads(crm("export", "--format", "json").out)
    assert "cards" not in anna and "identities" not in anna
    assert (anna["emails"][0]["label"], anna["phones"][0]["side"]) == ("Mine", "organization")
    without_time = [line for line in first.split("\r\n") if not line.startswith("REV:")]
    assert [line for line in crm("export", "--format", "vcard").out.split("\r\n") if not line.startswith("REV:")] == (
        without_time
    )


def test_a_directory_of_cards_is_one_import(crm: Any, tmp_path: Path) -> None:
    folder = tmp_path / "cards"
    folder.mkdir()
    (folder / "anna.vcf").write_text(CARD_30)
    (folder / "luca.VCF").write_text("BEGIN:VCARD\nFN:Luca\nEMAIL:l@x.it\nEND:VCARD\nBEGIN:VCARD\nFN:Ida\nEND:VCARD\n")
    (folder / "notes.txt").write_text("no card")
    (folder / "broken.vcf").write_text("no card either")
    done = crm("import", folder, "--type", "person", "--json")
    assert done.code == 5
    assert (done.json["read"], done.json["created"], done.json["rejected"]) == (4, 3, 1)
    assert "broken.vcf" in done.json["rejects"][0]["reason"]
    assert Path(done.json["rejects_file"]) == tmp_path / "cards.rejects.vcf"
    assert crm("import", folder, "--type", "person", "--json").json["operation"] is None


@pytest.mark.parametrize(
    ("name", "text", "mend"),
    [
        ("a.vcf", "BEGIN:VCARD\nFN:Luca\nEND:VCARD\nBEGIN:VCARD\nTEL:02 1234567\nEND:VCARD\n",
         ("TEL:02 1234567", "FN:Anna\nTEL:02 1234567")),
        ("a.jsonl", '{"name": "Luca"}\n{"phone": "02 1234567", "name": "Anna"\n', ('\\"Anna\\"', '\\"Anna\\"}')),
        ("a.json", '[{"name": "Luca"}, {"phone": "02 1234567"}]', ('"phone"', '"name": "Anna", "phone"')),
        ("a.ldif", "dn: cn=Luca\nobjectclass: person\ncn: Luca\n\ndn: ou=a\nobjectclass: person\n"
         "telephoneNumber: 02 1234567\n", ("telephoneNumber:", "cn: Anna\ntelephoneNumber:")),
    ],
)  # fmt: skip
def test_rejects_can_be_mended_and_imported(
    crm: Any, tmp_path: Path, name: str, text: str, mend: tuple[str, str]
) -> None:
    file = tmp_path / name
    file.write_text(text)
    done = crm("import", file, "--type", "lead", "--json")
    assert (done.code, done.json["created"], done.json["rejected"]) == (5, 1, 1)
    rejects = Path(done.json["rejects_file"])
    unmended = crm("import", rejects, "--type", "lead", "--json")
    assert (unmended.code, unmended.json["created"], unmended.json["rejected"]) == (5, 0, 1)
    assert mend[0] in rejects.read_text()
    rejects.write_text(rejects.read_text().replace(*mend))
    assert crm.ok("import", rejects, "--type", "lead")["created"] == 1
    assert [entity["name"] for entity in rows(crm)] == ["Luca", "Anna"]
    anna = rows(crm)[1]
    assert (anna["phones"][0]["value"], anna["fields"], anna["notes"]) == ("02 1234567", {}, "")


def test_a_workbook_comes_in_and_its_rejects_are_mended(crm: Any, tmp_path: Path) -> None:
    from dkcrm.formats.excel import write_xlsx

    file = tmp_path / "leads.xlsx"
    write_xlsx(str(file), ["Name", "Email", "Phone"], [["Anna", "a@x.it", "0039 02 1234567"], ["Luca", "bad", ""]])
    done = crm("import", file, "--type", "lead", "--json")
    assert (done.code, done.json["format"], done.json["created"], done.json["rejected"]) == (5, "xlsx", 1, 1)
    assert crm.ok("show", "Anna")["phones"][0]["value"] == "0039 02 1234567"
    rejects = Path(done.json["rejects_file"])
    rejects.write_text(rejects.read_text().replace(",bad", ",l@x.it"))
    assert crm.ok("import", rejects, "--type", "lead")["created"] == 1
    assert crm("import", file, "--type", "lead", "--json").json["operation"] is None


def test_cells_right_of_the_last_header_of_a_workbook_are_not_lost(crm: Any, tmp_path: Path) -> None:
    from dkcrm.formats.excel import write_xlsx

    file = tmp_path / "leads.xlsx"
    write_xlsx(str(file), ["Name", "Email", ""], [["Anna", "a@x.it", ""], ["Bo Ray", "b@x.it", "surplus"]])
    done = crm("import", file, "--type", "lead", "--json")
    assert (done.code, done.json["created"]) == (5, 1)
    assert done.json["rejects"] == [
        {"line": 3, "reason": "3 cells, where the header has 2", "row": ["Bo Ray", "b@x.it", "surplus"]}
    ]
    write_xlsx(str(file), ["Name", "Email", ""], [["Anna", "a@x.it", "38"], ["Bo Ray", "b@x.it", "42"]])
    assert crm("import", file, "--type", "lead", "--json").json["fields"] == ["column-3"]
    assert crm.ok("show", "Bo Ray")["fields"] == {"column-3": "42"}


def test_the_sheets_of_a_workbook_that_are_not_read_are_told_of(crm: Any, tmp_path: Path) -> None:
    file = tmp_path / "leads.xlsx"
    with pytest.importorskip("xlsxwriter").Workbook(str(file)) as book:
        for name in ("2023", "2024"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Name", "Email"])
            sheet.write_row(1, 0, ["Anna " + name, f"{name}@x.it"])
    done = crm("import", file, "--type", "lead", "--json")
    assert done.json["created"] == 1
    assert done.json["warnings"] == ["'2023' was read; another sheet has rows: 2024 (--sheet NAME)"]
    done = crm("import", file, "--type", "lead", "--sheet", "2024", "--json")
    assert (done.json["created"], done.json["warnings"]) == (1, [])


def test_a_pipe_has_no_place_for_rejects_beside_it(crm: Any, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    if os.fork() == 0:
        pipe.write_text("name,email\nAnna,a@x.it\nLuca,bad\n")
        os._exit(0)
    done = crm("import", pipe, "--type", "lead", "--json")
    os.wait()
    assert (done.code, done.json["created"], done.json["rejects_file"]) == (5, 1, None)
    assert sorted(path.name for path in tmp_path.iterdir() if "rejects" in path.name) == []


@pytest.mark.parametrize("known", [True, False])
def test_two_entities_of_an_export_that_share_an_email_stay_two(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    crm.add("lead", "Luca Verdi", "--email", "l@x.it")
    first = tmp_path / "first.json"
    crm("export", "-o", first)
    crm.add("person", "Luca Verdi", "--email", "l@x.it")
    both = tmp_path / "both.json"
    crm("export", "-o", both)
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "other.db"))
    if known:
        crm.ok("import", first)
    crm.ok("import", both)
    assert [entity["type"] for entity in rows(crm)] == ["lead", "person"]
    assert crm.ok("import", both)["operation"] is None


OWN = {"uid": "0199aaaa-0000-7000-8000-000000000001", "type": "person", "name": "Anna"}
STEP = {"entity": OWN["uid"], "into": None, "from": "prospect", "to": "person", "at": "2026-01-01T00:00:00Z",
        "cause": "purchase", "purchase": None, "voided_at": None}  # fmt: skip
BOUGHT = {"uid": "0199aaaa-0000-7000-8000-000000000002", "also": None, "product": "Plan", "service": False,
          "amount": "1.500", "currency": "KWD", "on": "2026-01-01", "voided_at": None}  # fmt: skip


@pytest.mark.parametrize(
    "damage",
    [
        {"interactions": [{}]}, {"interactions": "x"}, {"purchases": [BOUGHT | {"amount": "a lot"}]},
        {"purchases": [BOUGHT | {"currency": "XXX"}]}, {"purchases": [BOUGHT | {"on": "2026-02-30"}]},
        {"transitions": [STEP | {"to": "boss"}]}, {"transitions": [{"entity": OWN["uid"]}]},
        {"transitions": [STEP | {"cause": "magic"}]}, {"assessments": [{"criterion": "budget"}]},
        {"links_to": [{"uid": "x", "role": None, "since": None, "primary": True}]}, {"aliases": [{"uid": 7}]},
        {"identities": [{"scope": 1, "value": "x"}]}, {"cards": [1]}, {"updated_at": "yesterday"},
        {"removed_at": "2026-13-01T00:00:00Z"}, {"whole_name": "A\u001bB"},
        {"rows": [{"fingerprint": 7, "plan": 0}]}, {"rows": [{"fingerprint": "9223372036854775808", "plan": 0}]},
        {"interactions": [{"uid": OWN["uid"], "at": "2026-01-01T00:00:00Z", "direction": "in", "channel": "x",
                           "subject": None, "text": "\ud800", "key": None}]},
    ],
)  # fmt: skip
def test_one_damaged_entity_of_an_export_is_rejected_alone(crm: Any, tmp_path: Path, damage: dict[str, Any]) -> None:
    file = tmp_path / "own.json"
    other = {"uid": "0199aaaa-0000-7000-8000-000000000009", "type": "person", "name": "Luca"}
    file.write_text(json.dumps([OWN | damage, other]))
    done = crm("import", file, "--json")
    assert (done.code, done.json["created"], done.json["rejected"]) == (5, 1, 1), done
    assert [entity["name"] for entity in rows(crm)] == ["Luca"]


@pytest.mark.parametrize(
    "types",
    [[1], {"size": 1}, {"size": {"kind": [], "side": {}}}, {"size": {"kind": "choice", "side": "both", "choices": 5}},
     {"size": {"kind": "choice", "side": "both", "choices": "[1"}}],
)  # fmt: skip
def test_what_is_no_kind_of_a_field_leaves_it_a_text(crm: Any, tmp_path: Path, types: Any) -> None:
    file = tmp_path / "own.json"
    file.write_text(json.dumps([OWN | {"fields": {"size": "large"}, "field_types": types}]))
    crm.ok("import", file)
    assert crm.ok("show", "Anna")["fields"] == {"size": "large"}


def test_an_amount_with_three_digits_after_the_point_is_that_amount(crm: Any, tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    file.write_text(json.dumps([OWN | {"purchases": [BOUGHT], "transitions": [STEP | {"purchase": BOUGHT["uid"]}]}]))
    crm.ok("import", file)
    (anna,) = json.loads(crm("export", "--format", "json").out)
    assert [(row["amount"], row["currency"]) for row in anna["purchases"]] == [("1.500", "KWD")]


def test_a_way_to_another_type_is_not_put_on_who_has_not_gone_it(crm: Any, tmp_path: Path) -> None:
    number = crm.add("prospect", "Anna", "--email", "a@x.it")
    before = tmp_path / "before.json"
    crm("export", "-o", before)
    crm.ok("purchase", number, "Plan")
    file = tmp_path / "own.json"
    crm("export", "-o", file)
    crm.ok("undo")
    crm.ok("import", file)
    assert crm.ok("show", number)["type"] == "prospect"
    (anna,) = json.loads(crm("export", "--format", "json").out)
    assert "purchases" not in anna and "transitions" not in anna


def test_links_put_back_leave_each_member_one_primary_link(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, one, two = crm.add("person", "Anna"), crm.add("organization", "Uno"), crm.add("organization", "Due")
    crm.ok("link", anna, one)
    crm.ok("link", anna, two)
    part = tmp_path / "part.json"
    crm("export", "not", "Uno", "-o", part)
    crm.ok("tag", anna, "vip")
    whole = tmp_path / "whole.json"
    crm("export", "-o", whole)
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "other.db"))
    crm.ok("import", part)
    assert [(link["name"], link["primary"]) for link in crm.ok("show", "Anna")["memberships"]] == [("Due", True)]
    crm.ok("import", whole)
    links = {link["name"]: link["primary"] for link in crm.ok("show", "Anna")["memberships"]}
    assert links == {"Due": False, "Uno": True}


def test_rejects_are_not_written_over_the_database(crm: Any, tmp_path: Path) -> None:
    file = tmp_path / "leads.jsonl"
    file.write_text('{"name": "Anna"}\n{"phone": "02 1234567"}\n')
    done = crm("import", file, "--type", "lead", "--rejects", tmp_path / "test.db", "--json")
    assert (done.code, done.json["created"], done.json["rejects_file"]) == (5, 1, None)
    assert "database" in done.err
    assert [entity["name"] for entity in rows(crm)] == ["Anna"]


@pytest.mark.parametrize("version", ["vcard", "vcard4"])
def test_what_is_no_email_is_noted_once_however_often_its_card_goes_out_and_comes_in(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    file = tmp_path / "in.vcf"
    file.write_text(
        "BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nEMAIL:not an email\nEMAIL;TYPE=work:bad; one\nNOTE:hi\nEND:VCARD\n"
    )
    crm.ok("import", file, "--type", "person")
    notes = crm.ok("show", 1)["notes"]
    assert notes == "hi\nemail: not an email\nwork: bad; one"
    for number in (1, 2):
        crm.ok("export", "--format", version, "-o", file)
        monkeypatch.setenv("DKCRM_DB", str(tmp_path / f"{number}.db"))
        crm.ok("import", file)
        assert crm.ok("show", 1)["notes"] == notes
    assert "EMAIL:not an email" in file.read_text()


def properties(crm: Any, *names: str) -> list[str]:
    """Return the properties of some names in the one card of an export, but for parameters."""
    lines = crm("export", "--format", "vcard").out.replace("\r\n ", "").splitlines()
    assert lines.count("BEGIN:VCARD") == 1
    return [line for line in lines if line.partition(":")[0].partition(";")[0] in names]


OLD_CARD = """BEGIN:VCARD
VERSION:3.0
UID:u1
FN:Maria Bianchi
N:Bianchi;Maria;;;
ORG:Acme;Sales
NICKNAME:Mary
ROLE:Boss
GENDER:F
X-SKYPE:mary.b
RELATED;TYPE=spouse:Ugo
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ
EMAIL:maria@x.it
END:VCARD
"""
CARD_ONLY = ("NICKNAME", "ROLE", "X-SKYPE", "RELATED", "PHOTO", "GENDER", "X-DKCRM-OTHER-GENDER", "ORG")


def test_with_update_a_changed_card_wins_over_the_older_one(crm: Any, tmp_path: Path) -> None:
    file = tmp_path / "in.vcf"
    file.write_text(OLD_CARD)
    crm.ok("import", file, "--type", "person")
    before = properties(crm, *CARD_ONLY)
    changed = (
        OLD_CARD.replace("Mary", "Mimi").replace("ROLE:Boss\n", "").replace("Acme;Sales", "Acme;Board")
        .replace("GENDER:F", "GENDER:O").replace("JPEG:/9j/4AAQ", "PNG:iVBORw0K").replace("spouse:Ugo", "child:Ada")
    )  # fmt: skip
    file.write_text(changed)
    assert crm.ok("import", file, "--type", "person", "--on-match", "update")["changed"] == 1
    assert set(properties(crm, *CARD_ONLY)) == {
        "NICKNAME:Mimi", "ROLE:Boss", "X-SKYPE:mary.b", "RELATED;TYPE=child:Ada", "RELATED;TYPE=spouse:Ugo",
        "PHOTO;ENCODING=b;TYPE=PNG:iVBORw0K", "GENDER:O", "ORG:Acme;Board",
    }  # fmt: skip
    for again in (file, tmp_path / "out.vcf"):
        crm.ok("export", "--format", "vcard", "-o", tmp_path / "out.vcf")
        assert crm.ok("import", again, "--type", "person", "--on-match", "update")["operation"] is None
    file.write_text(OLD_CARD)
    crm.ok("import", file, "--type", "person", "--on-match", "update")
    assert {"NICKNAME:Mary", "ORG:Acme;Sales", "GENDER:F"} <= set(found := properties(crm, *CARD_ONLY))
    assert sum(line.startswith(("NICKNAME", "PHOTO", "GENDER", "ORG", "X-DKCRM")) for line in found) == 4
    crm.ok("undo")
    crm.ok("undo")
    assert properties(crm, *CARD_ONLY) == before


def test_two_cards_of_one_person_in_a_file_both_count_with_update(crm: Any, tmp_path: Path) -> None:
    file = tmp_path / "in.vcf"
    file.write_text(OLD_CARD.replace("NICKNAME:Mary\n", ""))
    crm.ok("import", file, "--type", "person")
    file.write_text(OLD_CARD + OLD_CARD.replace("Mary", "Mimi"))
    crm.ok("import", file, "--type", "person", "--on-match", "update")
    assert set(properties(crm, "NICKNAME")) == {"NICKNAME:Mary", "NICKNAME:Mimi"}
