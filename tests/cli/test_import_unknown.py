"""import: files of nobody's layout, such as small firms keep them: headers by meaning, columns by their values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def load(crm: Any, tmp_path: Path) -> Any:
    """Return a function that imports lines as a file; it gives what the import says, and the entities."""

    def imported(*lines: str, encoding: str = "utf-8", words: tuple[str, ...] = ("--type", "lead")) -> Any:
        file = tmp_path / "in.csv"
        file.write_bytes("".join(line + "\r\n" for line in lines).encode(encoding))
        done = crm.ok("import", file, *words)
        return done, sorted(crm.ok("list", "--all"), key=lambda entity: int(entity["id"]))

    return imported


def mapped(done: Any) -> dict[str, str]:
    """Return what each header was taken for, with its label."""
    return {
        column["column"]: f"{column['field']} {column['label']}" if column["label"] else column["field"]
        for column in done["mapping"]
    }


def test_the_sheet_of_a_small_firm(load: Any) -> None:
    done, (one, two) = load(
        "Rag. Soc.;Tel. ufficio;Cell.;E-mail 1;E-mail 2;Ref.;P.IVA/C.F.;Cod. cliente;Indirizzo;CAP;Località;Prov.;"
        "Fatturato;Ultimo ordine;Note;Sito",
        'Caffè Perù S.n.c.;011 5551234;347/1234567;info@peru.it;;Mario D\'Angelo;01234567890;00012;"Via Roma, 1";00100;'
        'Città di Castello;PG;1.234,56;31/12/2025;"riga; con punto";www.peru.it',
        "Beta;;3471234568;b@beta.it; c@beta.it;Anna Verdi;09876543210;00013;;06012;Gubbio;;12,5;01/02/2025;-;",
        encoding="cp1252",
    )
    assert (done["encoding"], done["layout"], done["rejected"]) == ("cp1252", None, 0)
    assert (one["organization"], one["name"], one["vat_id"]) == ("Caffè Perù S.n.c.", "Mario D'Angelo", "01234567890")
    assert [(phone["value"], phone["label"], phone["e164"]) for phone in one["phones"]] == [
        ("011 5551234", "work", "+390115551234"),
        ("347/1234567", "mobile", "+393471234567"),
    ]
    parts = ("street", "postcode", "city", "region")
    assert [one["addresses"][0][part] for part in parts] == ["Via Roma, 1", "00100", "Città di Castello", "PG"]
    assert one["fields"] == {"fatturato": "1.234,56", "ultimo-ordine": "2025-12-31"}
    assert (one["notes"], one["website"]) == ("riga; con punto", "www.peru.it")
    # The first row proves that the day stands first; a dash says nothing.
    assert two["fields"] == {"fatturato": "12,5", "ultimo-ordine": "2025-02-01"} and two["notes"] == ""
    assert [email["value"] for email in two["emails"]] == ["b@beta.it", "c@beta.it"]


def test_who_is_known_by_the_firms_own_number(load: Any) -> None:
    load("Rag. Soc.;Cod. cliente;Mail", "Alfa;00012;a@alfa.it", "Beta;00013;b@beta.it")
    done, entities = load("Rag. Soc.;Cod. cliente;Mail", "Alfa Nuova;00012;nuova@alfa.it", "Gamma;12;g@gamma.it")
    assert (done["created"], done["filled"]) == (1, 1)
    assert [entity["name"] for entity in entities] == ["Alfa", "Beta", "Gamma"]
    assert [email["value"] for email in entities[0]["emails"]] == ["a@alfa.it", "nuova@alfa.it"]


HEADERS = [
    ("Ragione Sociale;Part. IVA;Cod. Fisc.;Indirizzo sede legale;Città sede legale;Telefono 1;Telefono 2;Fax;PEC;"
     "Agente",
     "organization; vat_id; tax_code; street legal; city legal; phone; phone; phone fax; email pec; field:agente"),
    ("Cliente;Via;Nr. civico;Cap;Comune;Provincia;Nazione;Tel;Cell;Mail;Data inserimento",
     "name; street; street; postcode; city; region; country; phone; phone mobile; email; created_at"),
    ("Denominazione;Partita Iva;C.F.;Indir.;Città;Pr.;Telef.;Cellulare;Email;Settore",
     "organization; vat_id; tax_code; street; city; region; phone; phone mobile; email; field:settore"),
    ("Nominativo;Azienda;Ruolo;Telefono diretto;Centralino;Email aziendale;Email personale;Linkedin;Fonte",
     "name; organization; job_title; phone work; phone work; email work; email home; link linkedin; source"),
    ("Cognome e Nome;Codice Fiscale;Residenza;Telefono casa;Cellulare;Indirizzo mail",
     "name; tax_code; address home; phone home; phone mobile; email"),
    ("COGNOME;NOME;DITTA;MANSIONE;TEL.;CELL.;E-MAIL;NOTE",
     "last_name; first_name; organization; job_title; phone; phone mobile; email; note"),
    ("Intestatario;Indirizzo 1;Indirizzo 2;CAP;Citta;Prov;Stato;Num. telefono;Num. cellulare;Ind. e-mail",
     "name; street; street; postcode; city; region; country; phone; phone mobile; email"),
    ("Nome Cliente;Cognome Cliente;Email Cliente;Telefono Cliente;Importo totale",
     "first_name; last_name; email; phone; field:importo-totale"),
    ("Nome e cognome;Società/Ente;Qualifica professionale;Recapiti telefonici;Posta elettronica;Città di residenza",
     "name; organization; job_title; phone; email; city home"),
    ("Anagrafica;Indirizzo;Località;CAP;PV;Telefono;Cod.Fiscale;P.Iva;E.mail;Pec",
     "name; street; city; postcode; region; phone; tax_code; vat_id; email; email pec"),
    ("ID;Nome;Cognome;Indirizzo completo;Telefono/Cellulare;e-mail/PEC;Iscritto il",
     "external_id; first_name; last_name; address; phone; email; created_at"),
    ("Nr;Titolo;Nome;Cognome;Ente;Indirizzo ufficio;Tel. abitazione;Tel. cellulare;Email lavoro",
     "field:nr; job_title; first_name; last_name; organization; address work; phone home; phone mobile; email work"),
    ("Persona di riferimento;Società;Cellulare 1;Cellulare 2;Mail 1;Mail 2",
     "name; organization; phone mobile; phone mobile; email; email"),
    ("Nome;Cognome;Soc.;P. IVA;Num. Tel.;Num. Cell.;Indirizzo E-mail;Sito internet;Prov;Categoria",
     "first_name; last_name; organization; vat_id; phone; phone mobile; email; website; region; tag"),
    ("Nome*;Cognome*;Email*;Numero di telefono;Nome azienda;Partita IVA azienda;Messaggio;Privacy",
     "first_name; last_name; email; phone; organization; vat_id; note; field:privacy"),
    ("Company,Contact,Position,Direct Line,Switchboard,Mobile,Email Address,Web,Street,Town,County,Post Code,Country",
     "organization; name; job_title; phone work; phone work; phone mobile; email; website; street; city; region; "
     "postcode; country"),
    ("Customer No.,Customer Name,Contact Person,Phone No.,Mobile Phone No.,E-Mail,Address,Address 2,Post Code,City,"
     "VAT Registration No.",
     "external_id; organization; name; phone; phone mobile; email; street; street; postcode; city; vat_id"),
    ("First,Last,Organisation,Role,Work Tel,Mobile Tel,Home Email,Work Email,LinkedIn URL,How did you hear about us?",
     "first_name; last_name; organization; job_title; phone work; phone mobile; email home; email work; link linkedin; "
     "source"),
    ("Full Name,Job Title / Role,Company / Organisation,E-mail (work),Tel (mobile),ZIP / Postal Code,City / Town",
     "name; job_title; organization; email work; phone mobile; postcode; city"),
    ("Business Name,Owner First Name,Owner Email,Business Phone,Cell Phone,City,ST,Zip",
     "organization; field:owner-first-name; field:owner-email; phone work; phone mobile; city; region; postcode"),
    ("Lead Name,Lead Email,Lead Phone,Lead Company,Lead Source,Date Added,Status,Comments",
     "name; email; phone; organization; source; created_at; field:status; note"),
    ("contact_first_name,contact_last_name,company_name,contact_email,contact_phone,company_website,created_at",
     "first_name; last_name; organization; email; phone; website; created_at"),
    ("name_first,name_last,email_1,email_2,phone_1,addr_street,addr_city,addr_zip",
     "first_name; last_name; email; email; phone; street; city; postcode"),
    ("Attendee Name,Attendee Email,Company Name,Job Function,Registration Date,Ticket Type",
     "name; email; organization; job_title; created_at; field:ticket-type"),
    ("rec_id,given_name,surname,street_number,address_1,address_2,suburb,postcode,state,date_of_birth",
     "external_id; first_name; last_name; street; street; street; city; postcode; region; field:date-of-birth"),
]  # fmt: skip


VALUES = {"email": "a@x.it", "phone": "02 1234567", "created_at": "2025-12-31", "link": "https://x.it/a",
          "website": "www.x.it", "country": "Italia", "vat_id": "01234567890",
          "tax_code": "BNCNNA80A41F205X"}  # fmt: skip


@pytest.mark.parametrize(("headers", "fields"), HEADERS)
def test_headers_by_their_meaning(load: Any, headers: str, fields: str) -> None:
    mark = ";" if ";" in headers else ","
    row = mark.join(VALUES.get(field.split()[0], "Anna Rossi") for field in fields.split("; "))
    done, (entity,) = load(headers, row)
    assert mapped(done) == dict(zip(headers.split(mark), fields.split("; "), strict=True))
    assert {column["how"] for column in done["mapping"]} <= {"header", None}
    # Whatever stands in the row is in the entity.
    text = repr(entity)
    assert all(value[:10] in text for value in row.split(mark)), entity


def test_columns_known_only_by_their_values(load: Any) -> None:
    done, (anna, bea) = load(
        "a,Nominativo,c,d,e,f",
        "x@y.it,Anna B,+39 347 1234567,https://x.it,0012,2.500",
        "z@y.it,Bea C,+39 347 1234568,https://y.it,0013,1.200",
    )
    assert mapped(done) == {"a": "email", "Nominativo": "name", "c": "phone", "d": "link", "e": "field:e",
                            "f": "field:f"}  # fmt: skip
    assert [column["how"] for column in done["mapping"]] == ["values", "header", "values", "values", None, None]
    assert (anna["fields"], bea["phones"][0]["e164"]) == ({"e": "0012", "f": "2.500"}, "+393471234568")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (["Mario D'Angelo", "Anna Maria Verdi"], "name"),
        (["2025/17", "2025/18"], "field:ref"),
        (["Mario D'Angelo", "A17"], "field:ref"),
    ],
)
def test_a_ref_is_a_person_only_where_people_stand_there(load: Any, values: list[str], field: str) -> None:
    done, _entities = load("Ditta,Ref.", *(f"Ditta {n},{value}" for n, value in enumerate(values)))
    assert mapped(done)["Ref."] == field


@pytest.mark.parametrize(
    ("value", "field"), [("Italia", "country"), ("Nuovo", "field:stato"), ("active", "state"), ("n.d.", "country")]
)
def test_stato_is_a_country_a_state_or_something_else(load: Any, value: str, field: str) -> None:
    done, _entities = load("Nome,Cognome,Stato,Città", f"Anna,B,{value},Roma")
    assert mapped(done)["Stato"] == field


def test_codes_of_persons_under_a_header_for_both(load: Any) -> None:
    _done, (anna,) = load("Nominativo,P.IVA/C.F.", "Anna,BNCNNA80A41F205X")
    assert (anna["tax_code"], anna["vat_id"]) == ("BNCNNA80A41F205X", None)


def test_a_customer_beside_a_contact_is_the_organization(load: Any) -> None:
    _done, (both,) = load("Cliente,Referente,Email cliente", "Rossi Srl,Anna B,a@b.it")
    assert (both["organization"], both["name"], both["party"]) == ("Rossi Srl", "Anna B", "both")


def test_dates_that_no_row_settles(crm: Any, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("Nome,Cognome,Data inserimento,Scadenza\nAnna,B,03/04/2025,05/06/2025\n")
    refused = crm.refused(4, "import", file, "--type", "lead")
    assert "03/04/2025" in refused["message"] and "--date-order" in refused["hint"]
    assert crm.ok("list", "--all") == []
    crm.ok("import", file, "--type", "lead", "--date-order", "mdy")
    (anna,) = crm.ok("list", "--all")
    assert (anna["created_at"], anna["fields"]) == ("2025-03-04T00:00:00Z", {"scadenza": "2025-05-06"})


def test_one_row_proves_the_order_of_dates_for_all(load: Any) -> None:
    rows = [f"Anna{n},B,0{n}/02/2025" for n in range(1, 9)]
    _done, entities = load("Nome,Cognome,Data inserimento", *rows, "Zoe,B,31/12/2024")
    assert [entity["created_at"][:10] for entity in entities] == [f"2025-02-0{n}" for n in range(1, 9)] + ["2024-12-31"]


def test_dates_of_a_field_that_can_be_read_in_two_ways_stay_text(crm: Any, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("Nome,Cognome,Scadenza\nAnna,B,05/06/2025\n")
    done = crm("import", file, "--type", "lead")
    assert done.code == 0 and "--date-order" in done.err and "Scadenza" in done.err
    assert crm.ok("list")[0]["fields"] == {"scadenza": "05/06/2025"}


@pytest.mark.parametrize("blank", ["-", "N/A", "n.d.", "#N/D", "--None--", "Seleziona", "(vuoto)"])
def test_placeholders_say_nothing(load: Any, blank: str) -> None:
    _done, (anna,) = load("Nome,Cognome,Azienda,Email,Telefono,Città,Settore,Note", f"Anna,B{f',{blank}' * 6}")
    assert (anna["party"], anna["emails"], anna["phones"], anna["addresses"]) == ("person", [], [], [])
    assert (anna["fields"], anna["notes"]) == ({}, "")


def test_what_only_looks_like_a_placeholder_is_a_value(load: Any) -> None:
    _done, (one, two) = load("Nome,Cognome,Città,Prov.,Nazione", "Anna,Null,None,NA,Italia", "Bea,C,Windhoek,,NA")
    assert (one["last_name"], one["addresses"][0]["city"], one["addresses"][0]["region"]) == ("Null", "None", "NA")
    assert two["addresses"][0]["country"] == "NA"


@pytest.mark.parametrize(
    ("header", "cell", "values"),
    [
        ("Email", "a@x.it ::: b@x.it", ["a@x.it", "b@x.it"]),
        ("Email", "a@x.it; b@x.it", ["a@x.it", "b@x.it"]),
        ("Email", '"Rossi, Anna" <a@x.it>, b@x.it', ["a@x.it", "b@x.it"]),
        ("Telefono", "02 1234567 / 347 1234567", ["02 1234567", "347 1234567"]),
        ("Telefono", "02/1234567", ["02/1234567"]),
        ("Telefono", "0039 02 1234567 int. 12", ["0039 02 1234567 int. 12"]),
        ("Telefono", "+39 347 1234567 ::: 02 1234567", ["+39 347 1234567", "02 1234567"]),
    ],
)
def test_several_values_in_a_cell(load: Any, header: str, cell: str, values: list[str]) -> None:
    quoted = cell.replace('"', '""')
    _done, (anna,) = load(f"Nominativo,{header}", f'"Rossi, Anna","{quoted}"')
    assert anna["name"] == "Rossi, Anna"
    assert [point["value"] for point in anna["emails"] + anna["phones"]] == values


def test_long_and_zero_padded_numbers_stay_as_they_are(load: Any) -> None:
    _done, (anna,) = load(
        "Nominativo;Cod. cliente;CAP;Matricola;Tessera;Sconto", "Anna;000123;00100;0012345678901234567890;1E5;12,50"
    )
    assert anna["addresses"][0]["postcode"] == "00100"
    assert anna["fields"] == {"matricola": "0012345678901234567890", "tessera": "1E5", "sconto": "12,50"}


@pytest.mark.parametrize(
    ("policy", "fields", "notes", "names"),
    [("field", {"scarpe": "38,5"}, "", "Scarpe"), ("note", {}, "Scarpe: 38,5", ""), ("drop", {}, "", "Scarpe")],
)
def test_what_becomes_of_a_column_that_nothing_takes(
    crm: Any, tmp_path: Path, policy: str, fields: dict[str, str], notes: str, names: str
) -> None:
    file = tmp_path / "in.csv"
    file.write_text('Nome,Cognome,Scarpe\nAnna,B,"38,5"\n')
    done = crm("import", file, "--type", "lead", "--unmapped", policy)
    assert names.lower() in done.err.lower()
    (anna,) = crm.ok("list")
    assert (anna["fields"], anna["notes"]) == (fields, notes)


def test_a_mapping_said_on_the_command_line(load: Any) -> None:
    done, (anna,) = load(
        "Nome,Cognome,Scarpe,X,Email", "Anna,B,38,a@b.it,c@d.it",
        words=("--type", "lead", "--map", "Scarpe=field:shoe size", "--map", "x=-", "--map", "EMAIL=note"),
    )  # fmt: skip
    assert (anna["fields"], anna["emails"], anna["notes"]) == ({"shoe-size": "38"}, [], "c@d.it")
    assert [column["how"] for column in done["mapping"]] == ["header", "header", "map", "map", "map"]


@pytest.mark.parametrize(
    ("word", "part"), [("Scarp=note", "Scarpe"), ("Scarpe=emial", "email"), ("Scarpe", "HEADER=FIELD")]
)
def test_a_wrong_mapping_is_refused_with_what_would_be_right(crm: Any, tmp_path: Path, word: str, part: str) -> None:
    file = tmp_path / "in.csv"
    file.write_text("Nome,Cognome,Scarpe\nAnna,B,38\n")
    refused = crm.refused(2, "import", file, "--type", "lead", "--map", word)
    assert part in refused["message"] + refused["hint"]
    assert crm.ok("list") == []
