"""What the columns of a table are taken for, and who says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dkcrm.errors import InvalidInput
from dkcrm.formats.headers import FIELDS, RECORD_FIELDS
from dkcrm.formats.looks import are_honorifics, is_email, is_phone, is_url, look_of
from dkcrm.formats.mapping import Mapping, is_known, propose
from dkcrm.formats.rules import Rules


def plan(headers: str, *rows: str, **options: object) -> Mapping:
    return propose(headers.split(","), [row.split(",") for row in rows], **options)  # type: ignore[arg-type]


def rules(columns: dict[str, str], labels: dict[str, str] | None = None) -> Rules:
    made = Rules()
    made.columns, made.labels = columns, labels or {}
    return made


def test_headers_by_their_meaning() -> None:
    mapping = plan("Nome,Cognome,Società,Tel. ufficio,E-mail personale,Budget")
    assert mapping.fields == ["first_name", "last_name", "organization", "phone", "email", None]
    assert mapping.labels == [None, None, None, "work", "home", None]
    assert mapping.how == ["header"] * 5 + [None]
    assert (mapping.layout, mapping.scope, mapping.type, mapping.external_id) == (None, None, None, None)


def test_who_says_it_last() -> None:
    headers = "First Name,Last Name,URL,Email Address,Company,Position,Connected On,Extra"
    mapping = plan(
        headers,
        "a,b,http://x.it,a@x.it,c,d,15 Jun 2024,z@x.it",
        given=[("company", "note"), ("Connected_On", "-")],
        rules=rules({"Company": "source", "Position": "field:role", "Absent": "email"}),
    )
    assert mapping.fields == ["first_name", "last_name", "link", "email", "note", "field:role", "-", "email"]
    assert mapping.how == ["layout", "layout", "layout", "layout", "map", "rules", "map", "values"]
    assert mapping.external_id == 2


def test_a_mapped_header_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(InvalidInput) as caught:
        plan("Nome,Cognome", given=[("Cognom", "last_name")])
    assert "Cognome" in (caught.value.hint or "")


def test_a_field_that_there_is_not_is_refused() -> None:
    with pytest.raises(InvalidInput, match="emial"):
        plan("Nome", given=[("Nome", "emial")])


def test_the_same_header_twice() -> None:
    mapping = plan("Name,Email,Email,Name", given=[("email", "link")])
    assert mapping.fields == ["name", "link", "link", "name"]


def test_a_label_of_the_rules_and_of_a_mapped_header() -> None:
    mapping = plan(
        "Nr. 1,Cellulare", rules=rules({"Nr. 1": "phone"}, {"Nr. 1": "work"}), given=[("Cellulare", "phone")]
    )
    assert mapping.labels == ["work", "mobile"]


def test_what_a_layout_knows_of_a_column_holds_when_the_rules_say_the_same() -> None:
    headers = "First Name,Last Name,E-mail 1 - Label,E-mail 1 - Value"
    mapping = plan(headers, rules=rules({"E-mail 1 - Value": "email"}))
    assert (mapping.label_at[3], mapping.how[3]) == (2, "rules")
    assert plan(headers, given=[("E-mail 1 - Value", "link")]).label_at[3] is None


@pytest.mark.parametrize("header", ["budget-annuo", "Budget annuo", "BUDGET_ANNUO", "field:budget-annuo"])
def test_declared_custom_fields(header: str) -> None:
    mapping = plan(f"Name,{header}", custom=["budget-annuo", "città-natale"])
    assert mapping.fields[1] == "field:budget-annuo"


def test_a_custom_field_goes_before_a_synonym_and_may_be_undeclared() -> None:
    assert plan("Name,Role", custom=["role"]).fields[1] == "field:role"
    assert plan("Name,field:shoe-size").fields[1] == "field:shoe-size"
    assert plan("Name,field:").fields[1] is None


@pytest.mark.parametrize(
    ("header", "rows", "field"),
    [
        ("x", ["a@x.it", "b@y.it", ""], "email"),
        ("x", ["a@x.it", "b", "c"], None),
        ("Recapito", ["+39 02 1234567", "347 1234567"], "phone"),
        ("x", ["347 1234567"], None),
        ("x", ["+393471234567"], "phone"),
        ("x", ["3471234567", "3477654321"], None),
        ("x", ["https://x.it/a", "www.y.it"], "link"),
        ("x", ["x.it"], None),
        ("Owner email", ["a@x.it"], None),
        ("Photo", ["https://x.it/a.png"], None),
        ("Oracle_Id__c", ["02-1234567", "02-1234568"], None),
        ("x", ["4-203974", "4-203986"], None),
        ("x", ["15/06/2024", "2024-06-15"], None),
        ("x", ["1.234.567", "2.345.678,50"], None),
        ("x", ["20121", "12345-6789"], None),
        ("x", ["2020-2021", "978-3-16-148410-0"], None),
        ("x", [], None),
        ("x", ["", "-"], None),
    ],
)
def test_values_by_their_look(header: str, rows: list[str], field: str | None) -> None:
    mapping = propose(["Name", header], [["n", row] for row in rows])
    assert mapping.fields[1] == field
    assert mapping.how[1] == ("values" if field else None)


def test_looks() -> None:
    assert is_email("anna.bianchi+x@sub.x.it") and not is_email("a@b") and not is_email("a b@x.it")
    assert is_url("https://x.it") and not is_url("x.it") and not is_url("http://x y.it")
    assert is_phone("(555) 123-4567") and is_phone("02-12345678 ext. 5") and is_phone("0039 02 123456")
    assert not is_phone("3471234567") and not is_phone("192.168.10.200") and not is_phone("+1")
    assert look_of(["a@x.it"] * 4 + ["x"]) == "email"
    assert look_of(["a@x.it"] * 3 + ["x"]) is None


def test_a_title_that_stands_before_the_name() -> None:
    assert are_honorifics(["Mr.", "Dott.ssa", ""]) and not are_honorifics(["Mr.", "CEO"]) and not are_honorifics([])
    assert plan("Name,Title", "a,Sig.ra", "b,Dr.").fields[1] == "field:name-prefix"
    assert plan("Name,Title", "a,Dr.", "b,CEO").fields[1] == "job_title"


@pytest.mark.parametrize(
    ("header", "values", "field"),
    [
        ("Type", ["Lead", "PERSON", ""], "type"),
        ("Type", ["Lead", "Partner"], None),
        ("Tipo", ["suspect"], "type"),
        ("Tipo", [], None),
        ("State", ["active", "lost"], "state"),
        ("State", ["CA", "active"], "region"),
        ("Stato", ["Inactive"], "state"),
        ("Stato", ["Italia"], "country"),
        ("Party", ["person", "both"], "party"),
        ("Party", ["left", "right"], None),
        ("Is Company", ["True", "False"], "party"),
        ("Is Company", ["perhaps"], None),
    ],
)
def test_columns_of_our_own_words(header: str, values: list[str], field: str | None) -> None:
    assert propose(["Nominativo", header], [["n", value] for value in values]).fields[1] == field


@pytest.mark.parametrize(
    ("headers", "rows", "at"),
    [
        ("Name,ID", ["a,1", "b,2"], 1),
        ("ID,Name", [], 0),
        ("Codice cliente,ID,Name", ["1,2,a"], 0),
        ("Account ID,Contact ID,Name", ["7,1,a", "7,2,b"], 1),
        ("Account ID,Name", ["7,a", "7,b"], None),
        ("Account ID,Name", ["7,a", "8,b"], 0),
        ("Customer ID,Name", ["7,a", "7,a"], 0),
        ("Owner ID,Tax ID,Name", ["1,2,a"], None),
        ("uid,Name", ["0199,a"], None),
    ],
)
def test_one_column_of_ids(headers: str, rows: list[str], at: int | None) -> None:
    mapping = plan(headers, *rows)
    assert mapping.external_id == at
    assert [place for place, field in enumerate(mapping.fields) if field == "external_id"] == (
        [] if at is None else [at]
    )


def test_the_user_says_which_column_has_the_ids() -> None:
    mapping = plan("ID,Cod,Name", given=[("Cod", "external_id")])
    assert (mapping.external_id, mapping.fields) == (1, [None, "external_id", "name"])
    mapping = plan("ID,Name", given=[("ID", "-")])
    assert (mapping.external_id, mapping.fields[0]) == (None, "-")


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        ("Name,Address,City,State,ZIP", "name street city region postcode"),
        ("Nome,Cognome,Indirizzo,Numero civico,CAP,Città", "first_name last_name street street postcode city"),
        ("Name,Address 1,Address 2,City", "name street street city"),
        ("Name,Street,Street 2,City", "name street street city"),
        ("Name,Billing Street,Billing Street 2,Billing City", "name street street city"),
        ("Name,Address,Phone", "name address phone"),
        ("Name,Address,Address 2", "name address address"),
        ("Name,Street,Address,City", "name street address city"),
        ("Name,Work Address,City", "name address city"),
        ("Name,Regione,Provincia,Città", "name - region city"),
        ("Name,State,Province,City", "name region - city"),
        ("Name,City,State,City,State", "name city region city region"),
    ],
)
def test_the_parts_of_an_address_beside_each_other(headers: str, fields: str) -> None:
    assert [field or "-" for field in plan(headers).fields] == fields.split()


@pytest.mark.parametrize(
    ("headers", "row", "field"),
    [
        ("Company,Stato cliente,Città", "Acme,attivo,Roma", None),
        ("Company,Stato lead", "Acme,aperto", None),
        ("Company,Stato cliente", "Acme,Italia", "country"),
        ("Company,Lead state,City", "Acme,won,Rome", None),
        ("Company,Customer state", "Acme,won", None),
        ("Company,Customer state,Customer city", "Acme,NY,Albany", "region"),
        ("Company,Guest state,Guest ZIP,Customer city", "Acme,NY,12207,Albany", "region"),
    ],
)
def test_how_far_a_customer_is_is_no_place(headers: str, row: str, field: str | None) -> None:
    assert plan(headers, row).fields[1] == field


def test_a_lone_nome_is_the_whole_name() -> None:
    assert plan("Nome,Telefono").fields[0] == "name"
    assert plan("Nome,Cognome").fields[0] == "first_name"
    assert plan("First name,Phone").fields[0] == "first_name"


@pytest.mark.parametrize(
    ("headers", "rows", "field"),
    [
        ("Name,Surname,Email", ["Anna,Rossi,a@x.it", "Anna Maria,De Luca,b@x.it", "Luca,,"], "first_name"),
        ("Name,Last Name", ["Anna,Rossi"], "first_name"),
        ("Customer name,Customer surname", ["Anna,Rossi"], "first_name"),
        ("Name,First Name", ["Rossi,Anna"], "last_name"),
        ("Name,Surname", ["Anna Rossi,Rossi", "ROSSI Bea,Rossi"], "name"),
        ("Name,First Name", ["Rossi Anna,Anna"], "name"),
        ("Name,First Name,Last Name", ["A. Rossi,Anna,Rossi"], "name"),
        ("Full Name,Last Name", ["Anna,Rossi"], "name"),
        ("Name,Last Name", ["Anna,", ",Rossi"], "name"),
        ("Name,Email", ["Anna,a@x.it"], "name"),
    ],
)
def test_a_name_beside_half_of_it_is_the_other_half(headers: str, rows: list[str], field: str) -> None:
    assert plan(headers, *rows).fields[0] == field


def test_a_second_column_for_what_there_is_once_is_kept_apart() -> None:
    mapping = plan("Company,Account Name,Website,Homepage,Website 2,Source,Lead Source")
    assert mapping.fields == ["organization", None, "website", "link", "link", "source", None]
    assert mapping.how[1] is None
    mapping = plan("Company,Account Name", given=[("Account Name", "organization")])
    assert mapping.fields == [None, "organization"]


def test_known_headers() -> None:
    assert all(
        map(
            is_known,
            ["Email", "id", "Via (uff.)", "MAILINGSTREET", "field:budget", "Codice cliente", "E-mail 3 - Value"],
        )
    )
    assert not any(map(is_known, ["PV", "Cliente", "", "Milano", "a@x.it", "2024-06-15", "x" * 100_000, "field:", "№"]))


HEADERS = st.lists(
    st.sampled_from(
        "Name,Nome,Email,Type,Stato,ID,Street,Address 2,City,City,Regione,E-mail 1 - Value,Phone 2 - Label,LEID,,NAME,"
        "URL,Connected On,Is a Company,First Name,Last Name,BillingStreet,OwnerId,field:x,Website,№,Title".split(",")
    )
    | st.text(max_size=20),
    max_size=12,
)


@given(
    HEADERS,
    st.lists(st.lists(st.sampled_from(["", "a@x.it", "lead", "active", "1", "Mr", "+39 02 1234567"]), max_size=12)),
)
def test_any_table_gets_a_whole_plan(headers: list[str], sample: list[list[str]]) -> None:
    mapping = propose(headers, sample)
    count = len(headers)
    assert [len(mapping.fields), len(mapping.labels), len(mapping.label_at), len(mapping.how)] == [count] * 4
    known = {*FIELDS, *RECORD_FIELDS, "label", "-", None}
    assert all(field in known or (field or "").startswith("field:") for field in mapping.fields)
    assert all((how is None) == (field is None) for how, field in zip(mapping.how, mapping.fields, strict=True))
    assert mapping.fields.count("external_id") <= 1
    assert mapping.external_id is None or 0 <= mapping.external_id < count
    assert all(at is None or 0 <= at < count for at in mapping.label_at)


def test_a_table_of_many_columns() -> None:
    headers = [f"Address {n} - Street" for n in range(3_000)] + ["x" * 100_000, "Name"]
    assert propose(headers, [["v"] * len(headers)] * 5).fields[-1] == "name"
