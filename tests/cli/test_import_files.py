"""import: what a file may look like, and where each of its cells goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def load(crm: Any, tmp_path: Path) -> Any:
    """Return a function that imports a text (or bytes) and returns the entities, oldest first."""

    def imported(text: str | bytes, *words: object, type: str = "lead") -> list[Any]:
        file = tmp_path / "in.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        crm.ok("import", file, "--type", type, *words)
        return sorted(crm.ok("list", "--all"), key=lambda entity: int(entity["id"]))

    return imported


ENGLISH = ("First name,Last name,Company,Job title,VAT number,Tax code,Website,Email,Phone,Source,Tags,Notes,City,"
           "Country")  # fmt: skip
ITALIAN = ("Nome,Cognome,Ragione sociale,Qualifica,Partita IVA,Codice fiscale,Sito web,Indirizzo email,Telefono,"
           "Provenienza,Etichette,Note,Città,Paese")  # fmt: skip
ROW = ('Anna,Bianchi,"Bianchi, S.r.l.",CEO,01234567890,BNCNNA80A41F205X,https://x.it,anna@x.it,02 1234567,fair,'
       '"a;b",Likes tea,Milano,IT')  # fmt: skip


@pytest.mark.parametrize("header", [ENGLISH, ITALIAN, ENGLISH.upper(), ENGLISH.replace(" ", "_").lower()])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_usual_headers_in_both_languages_need_no_mapping(load: Any, header: str, delimiter: str) -> None:
    text = header.replace(",", delimiter) + "\n"
    text += ROW if delimiter == "," else ROW.replace(",", delimiter).replace(f'"Bianchi{delimiter} ', '"Bianchi, ')
    (anna,) = load(text.replace('"a;b"', "a" if delimiter == ";" else '"a;b"'))
    names = ("first_name", "last_name", "organization", "job_title", "vat_id", "tax_code", "website", "source", "notes")
    assert [anna[name] for name in names] == [
        "Anna", "Bianchi", "Bianchi, S.r.l.", "CEO", "01234567890", "BNCNNA80A41F205X", "https://x.it", "fair",
        "Likes tea",
    ]  # fmt: skip
    assert (anna["name"], anna["party"], anna["emails"][0]["value"]) == ("Anna Bianchi", "both", "anna@x.it")
    assert anna["phones"][0] == {"value": "02 1234567", "e164": "+39021234567", "label": None, "side": "person",
                                 "primary": True}  # fmt: skip
    assert (anna["addresses"][0]["city"], anna["addresses"][0]["country"]) == ("Milano", "IT")
    assert anna["tags"] == (["a"] if delimiter == ";" else ["a", "b"])


@pytest.mark.parametrize("type", ["suspect", "lead", "prospect", "person"])
def test_people_of_every_type(load: Any, type: str) -> None:
    (anna,) = load("name,email\nAnna,a@x.it\n", type=type)
    assert (anna["type"], anna["party"], anna["name"], anna["state"]) == (type, "person", "Anna", "active")


@pytest.mark.parametrize("type", ["suspect", "lead", "target", "organization"])
def test_organizations_of_every_type(load: Any, type: str) -> None:
    (acme,) = load("organization,email\nAcme,i@acme.it\n", type=type)
    assert (acme["type"], acme["party"], acme["organization"], acme["name"]) == (type, "organization", "Acme", "Acme")
    assert acme["emails"][0]["side"] == "organization"


def test_the_name_of_targets_and_organizations_is_the_organizations(load: Any) -> None:
    (acme,) = load("name\nAcme\n", type="organization")
    assert (acme["organization"], acme["name"]) == ("Acme", "Acme")


def test_leads_of_all_three_shapes_in_one_file(load: Any) -> None:
    found = load("name,company\nAnna,\n,Acme\nLuca,Zenith\n")
    assert [entity["party"] for entity in found] == ["person", "organization", "both"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_encoding_is_found(load: Any, encoding: str) -> None:
    (nicolo,) = load("nome,cognome,città\nNicolò,D’Amì,Forlì\n".encode(encoding))
    assert (nicolo["name"], nicolo["addresses"][0]["city"]) == ("Nicolò D’Amì", "Forlì")


def test_the_encoding_and_delimiter_may_be_named(load: Any) -> None:
    (entity,) = load("name|note\nNicolò|a,b;c\n".encode("cp850"), "--encoding", "cp850", "--delimiter", "|")
    assert (entity["name"], entity["notes"]) == ("Nicolò", "a,b;c")


@pytest.mark.parametrize("preamble", ["sep=;\n", "Report of 2026\n\n", "Export;;\nMade by us;;\n\n", "\n\n"])
def test_what_stands_before_the_header_is_skipped(load: Any, preamble: str) -> None:
    (anna,) = load(preamble + "Name;Email;City\nAnna;a@x.it;Roma\n")
    assert (anna["name"], anna["emails"][0]["value"]) == ("Anna", "a@x.it")


def test_line_ends_of_every_kind_and_cells_of_several_lines(load: Any) -> None:
    found = load('name,note\r\nAnna,"one\r\ntwo, ""three"""\r\n\r\nLuca,\r\n')
    assert [(e["name"], e["notes"]) for e in found] == [("Anna", 'one\ntwo, "three"'), ("Luca", "")]


def test_columns_are_mapped_by_hand(load: Any, crm: Any) -> None:
    crm.ok("field", "add", "industry")
    (acme,) = load("Account Name,Sector,Kind,Email\nAcme,Steel,hot,i@acme.it\n", "--map", "Account Name=name", "--map",
                   "Sector=field:industry", "--map", "kind=tag", "--map", "Email=-", type="target")  # fmt: skip
    assert (acme["name"], acme["fields"], acme["tags"], acme["emails"]) == ("Acme", {"industry": "Steel"}, ["hot"], [])


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--map", "Nome e cognom=name"], 2, "Nome e cognome"), (["--map", "Email=emial"], 2, "email"),
        (["--map", "Email"], 2, "HEADER=FIELD"),
        (["--delimiter", "ab"], 2, "ab"), (["--encoding", "klingon"], 2, "klingon"),
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_refused_with_the_next_step(
    crm: Any, tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    file = tmp_path / "in.csv"
    file.write_text("Nome e cognome,Email\nAnna,a@x.it\n")
    error = crm.refused(code, "import", file, "--type", "lead", *words)
    assert said in error["message"] + error["hint"]
    assert crm.ok("list") == []


def test_custom_fields_are_found_by_their_names_and_checked(load: Any, crm: Any) -> None:
    for name, kind in (("budget", "money"), ("since", "date"), ("seats", "int")):
        crm.ok("field", "add", name, "--kind", kind)
    (anna,) = load("name,Budget,since,SEATS\nAnna,5000,2026-01-31,007\n")
    assert anna["fields"].keys() == {"budget", "since", "seats"}
    assert (anna["fields"]["since"], crm.ok("list", "budget:4000..6000")[0]["name"]) == ("2026-01-31", "Anna")


def test_addresses_are_kept_apart_by_label(load: Any) -> None:
    (acme,) = load("name,billing street,billing city,shipping street,shipping city,shipping zip\n"
                   "Acme,Via A 1,Roma,Via B 2,Bari,00100\n", type="organization")  # fmt: skip
    assert [(a["label"], a["street"], a["city"], a["postcode"], a["primary"]) for a in acme["addresses"]] == [
        ("billing", "Via A 1", "Roma", None, True), ("shipping", "Via B 2", "Bari", "00100", False)
    ]  # fmt: skip


def test_several_emails_and_phones_keep_their_labels_and_order(load: Any) -> None:
    (anna,) = load("name,Work email,email2,Home email,Mobile,Fax\nAnna,w@x.it,b@x.it,W@X.it,333 1234567,02 1\n")
    assert [(e["value"], e["label"], e["primary"]) for e in anna["emails"]] == [
        ("w@x.it", "work", True), ("b@x.it", None, False)
    ]  # fmt: skip
    assert [(p["value"], p["label"]) for p in anna["phones"]] == [("333 1234567", "mobile"), ("02 1", "fax")]


OUTLOOK = "First Name,Last Name,E-mail Address,Business Fax,Business Phone,Primary Phone"


@pytest.mark.parametrize(
    ("text", "primary"),
    [
        (f"{OUTLOOK}\nA,B,a@x.it,02 111,02 222,\n", "02 222"),
        (f"{OUTLOOK}\nA,B,a@x.it,02 111,02 222,02 333\n", "02 333"),
        ("Name,Fax,Telefono,Cellulare\nA,02 111,,333 222\n", "333 222"),
        ("Name,Fax,Telefono\nA,02 111,\n", "02 111"),
        ("Nome,Cellulare,Telefono principale\nA,333 222,02 333\n", "02 333"),
        (
            "First Name,Last Name,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value\n"
            "A,B,a@x.it,Work Fax,02 111,Mobile,333 222\n",
            "333 222",
        ),
    ],
)
def test_a_fax_is_no_primary_phone_beside_another(load: Any, text: str, primary: str) -> None:
    (one,) = load(text)
    assert [phone["value"] for phone in one["phones"] if phone["primary"]] == [primary]


def test_codes_keep_their_zeros_and_nothing_is_rewritten(load: Any) -> None:
    (acme,) = load("name,vat,tax code,cap,phone,email\nAcme,00123456789,0000A,00042,0039 02 123,INFO@Acme.it\n",
                   type="organization")  # fmt: skip
    assert (acme["vat_id"], acme["tax_code"], acme["addresses"][0]["postcode"]) == ("00123456789", "0000A", "00042")
    assert (acme["phones"][0]["value"], acme["emails"][0]["value"]) == ("0039 02 123", "INFO@Acme.it")


def test_source_and_tags_may_be_given_for_all(load: Any) -> None:
    found = load("name,source,tags\nAnna,web,a\nLuca,,\n", "--source", "fair", "--tag", "x,y", "--tag", "a")
    assert [(e["source"], e["tags"]) for e in found] == [("web", ["a", "x", "y"]), ("fair", ["a", "x", "y"])]


def test_columns_that_nothing_takes_are_named(crm: Any, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("name,Shoe size\nAnna,38\n")
    done = crm.ok("import", file, "--type", "lead")
    assert (done["unmapped"], done["fields"]) == (["Shoe size"], ["shoe-size"])
    assert crm.ok("show", 1)["fields"] == {"shoe-size": "38"}
    crm.ok("undo")
    assert "shoe-size" in crm("import", file, "--type", "lead").err


@pytest.mark.parametrize("type", ["lead", "person", "person,organization"])
@pytest.mark.parametrize("header", ["Email\n", "", "E-mail;Status\n"])
def test_a_list_of_emails_is_one_of_people(load: Any, header: str, type: str) -> None:
    end = ";on\n" if ";" in header else "\n"
    found = load(f"{header}anna@x.it{end}bo@x.it{end}", type=type)
    assert [(one["name"], one["party"], one["emails"][0]["value"]) for one in found] == [
        ("anna@x.it", "person", "anna@x.it"),
        ("bo@x.it", "person", "bo@x.it"),
    ]


def test_a_list_of_emails_has_nobody_without_one(crm: Any, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("Email,Phone\na@x.it,\n,02 1234567\nnobody,\n")
    done = crm("import", file, "--type", "lead", "--json").json
    assert (done["created"], [reject["reason"] for reject in done["rejects"]]) == (
        1, ["a lead needs a name", "not an email address: nobody"],
    )  # fmt: skip


def test_a_table_of_emails_with_what_may_be_names_is_refused(crm: Any, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("Email,Shoe,Chi\na@x.it,38,Anna Rossi\nb@x.it,40,Bo\n")
    assert "--map 'Chi=name'" in crm.refused(2, "import", file, "--type", "lead")["hint"]


def test_two_of_one_given_name_are_told_apart(load: Any) -> None:
    found = load("Name,Surname,Email\nAnna,Rossi,a@x.it\nAnna,Bianchi,b@x.it\n")
    assert [entity["name"] for entity in found] == ["Anna Rossi", "Anna Bianchi"]


def test_when_somebody_was_last_in_touch_is_nobodys_name(load: Any) -> None:
    (acme,) = load("Company,Email,Last contact\nAcme,info@acme.it,2024-05-06\n", type="person,organization")
    assert (acme["type"], acme["name"]) == ("organization", "Acme")
    assert acme["fields"] == {"last-contact-field": "2024-05-06"}


def test_created_and_uid_come_back_from_an_export(load: Any) -> None:
    uid = "01993c00-0000-7000-8000-000000000001"
    (anna,) = load(f"name,created_at,uid\nAnna,2020-01-02T03:04:05Z,{uid}\n")
    assert (anna["created_at"], anna["uid"]) == ("2020-01-02T03:04:05Z", uid)


def dates(text: str, tmp_path: Path, crm: Any, *words: str) -> tuple[str, list[str]]:
    """Import people with birthdays; return the kind of the field, and what is said of it."""
    (tmp_path / "in.csv").write_text("Name,Birthday\n" + "".join(f"P{n},{d}\n" for n, d in enumerate(text.split())))
    done = crm.ok("import", tmp_path / "in.csv", "--type", "lead", *words)
    kinds = [field["kind"] for field in crm.ok("field", "list") if field["name"] == "birthday"]
    return "".join(kinds), [warning for warning in done["warnings"] if "'Birthday'" in warning]


def test_a_date_that_is_none_makes_a_column_text_and_is_told(crm: Any, tmp_path: Path) -> None:
    told = ["'Birthday' was kept as text: in line 3, '31/02/1982' is no date"]
    text = "13/02/1980 31/02/1982 14/05/1983 32/05/1983"
    assert dates(text, tmp_path, crm) == ("text", told)
    assert dates(text, tmp_path, crm) == ("text", [])


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("13/02/1980 " * 300 + "soon", "text", "302"),
        ("13/02/1980 n/a - 14/05/1983", "date", None),
        ("13/02/1980 big small tall", "text", None),
        ("19800213 19810213 x", "text", None),
    ],
)
def test_only_columns_of_dates_are_told_of(crm: Any, tmp_path: Path, text: str, kind: str, line: str | None) -> None:
    found, told = dates(text, tmp_path, crm)
    assert (found, [line in warning for warning in told if line]) == (kind, [True] if line else [])
    assert len(told) == (line is not None)


def test_columns_that_are_left_out_need_no_dates(crm: Any, tmp_path: Path) -> None:
    assert dates("13/02/1980 31/02/1982", tmp_path, crm, "--unmapped", "drop") == ("", [])


def test_standard_input_is_a_file(program: Any, crm: Any) -> None:
    done = program("import", "-", "--type", "lead", "--json", input="name,città\nNicolò,Forlì\n")
    assert (done.code, done.json["created"]) == (0, 1)
    assert crm.ok("list")[0]["addresses"][0]["city"] == "Forlì"
    assert crm.ok("blame", 1)[0]["file"] is None


def test_full_text_and_names_find_what_was_imported(load: Any, crm: Any) -> None:
    load("name,email\nNicolò D’Amì,n@x.it\n")
    assert [e["id"] for e in crm.ok("find", "nicolo")] == [e["id"] for e in crm.ok("find", "n@x.it")] == [1]
    assert crm.ok("show", "nicolò d'amì")["id"] == 1
