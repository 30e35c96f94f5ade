"""Headers as programs and people write them, and the field that each feeds."""

from __future__ import annotations

import pytest

from dkcrm.errors import InvalidInput
from dkcrm.formats.headers import (
    FIELDS,
    RECORD_FIELDS,
    check_field,
    field_for,
    header_key,
    id_rank,
    known_label,
    label_for,
    squeezed,
)
from dkcrm.formats.recognise import FORMATS, opener


@pytest.mark.parametrize(
    ("field", "headers"),
    [
        ("name", "name|Full Name|NOME COMPLETO|nominativo|Nome e cognome"),
        ("first_name", "first_name|First Name|firstName|given-name|nome"),
        ("last_name", "Last name|surname|family_name|Cognome"),
        ("job_title", "Title|job title|Position|role|qualifica|posizione"),
        ("organization", "org|Organisation|Company|Company name|Account Name|azienda|Società|SOCIETA'|Ragione sociale"),
        ("vat_id", "VAT|VAT number|vat_id|P.IVA|P. Iva|Partita IVA|Numero di partita IVA"),
        ("tax_code", "Codice fiscale|C.F.|Tax code|tax id"),
        ("website", "URL|Website|web|site|Sito|sito web"),
        ("source", "source|Lead Source|origine|provenienza"),
        ("email", "email|E-mail|E-mail Address|email1|Email 9|E-mail 2 - Value|posta elettronica|PEC|indirizzo email"),
        ("email", "Work email|Email (work)|Email di lavoro|E-mail personale|Indirizzo PEC|Primary Email"),
        ("phone", "phone|Phone 2|Phone 1 - Value|Telephone|Tel.|Tel. ufficio|Mobile|cell|Cellulare|Telefono|Fax"),
        ("phone", "Business Phone|HomePhone|Mobile number|Numero di telefono|Telefono di casa"),
        ("link", "LinkedIn|linkedin url|Link"),
        ("tag", "tags|Tag|Categories|etichette"),
        ("note", "notes|Note|Comments|description|Descrizione"),
        ("address", "address|Indirizzo|Home address"),
        ("street", "street|via|Business Street|BILLINGSTREET|Address 1 - Street"),
        ("city", "city|Città|comune|località|Mailing City|Città di fatturazione"),
        ("region", "State|province|Provincia|region|State/Province|Billing State"),
        ("postcode", "ZIP|Postal Code|CAP|Shipping Zip/Postal Code"),
        ("country", "Country|Paese|nazione|stato|Business Country/Region"),
        ("created_at", "created|Created at|created_at|CREATEDDATE|Data di creazione"),
        ("uid", "uid|UID"),
    ],
)
def test_synonyms(field: str, headers: str) -> None:
    assert {header: field_for(header) for header in headers.split("|")} == dict.fromkeys(headers.split("|"), field)


def test_what_is_no_field_stays_so() -> None:
    for header in ("", " ", "ID", "street 2", "name 2", "Type", "Phone 1 - Label", "Annual revenue", "x" * 10_000, "№"):
        assert field_for(header) is None, header


def test_labels() -> None:
    expected = {
        "Email": None,
        "Work email": "work",
        "Telefono ufficio": "work",
        "Cellulare": "mobile",
        "Mobile Phone": "mobile",
        "HomePhone": "home",
        "Business Fax": "fax",
        "PEC": "pec",
        "BILLINGCITY": "billing",
        "Shipping Street": "shipping",
        "x" * 10_000: None,
    }
    assert {header: label_for(header) for header in expected} == expected


def test_every_field_names_itself() -> None:
    assert {name: field_for(name) for name in FIELDS} == {name: name for name in FIELDS}
    assert all(FIELDS.values())


def test_headers_are_compared_without_regard_to_writing() -> None:
    assert header_key("\ufeff Data_di - Nascita ") == header_key("data di\tnascita")


def test_field_named_by_a_user() -> None:
    assert check_field("First-Name") == "first_name"
    assert check_field("cognome") == "last_name"
    assert check_field("field:Budget") == "field:Budget"
    with pytest.raises(InvalidInput) as caught:
        check_field("emial")
    assert "nearest: email" in (caught.value.hint or "")
    with pytest.raises(InvalidInput):
        check_field("field:")


def test_fields_that_say_what_a_record_is_can_be_named() -> None:
    assert [check_field(name) for name in RECORD_FIELDS] == ["external_id", "type", "state", "party"]
    assert check_field("External ID") == "external_id"
    with pytest.raises(InvalidInput) as caught:
        check_field("externalid2")
    assert "external_id" in (caught.value.hint or "")


@pytest.mark.parametrize(
    "header", ["id", "ID", "External ID", "record_id", "Contact Id", "Codice cliente", "GUID", "rec_id"]
)
def test_headers_of_the_records_own_id(header: str) -> None:
    assert id_rank(header) == 0


@pytest.mark.parametrize("header", ["Tax ID", "Owner ID", "Parent ID", "Created by ID", "idea", "", "ID " * 100])
def test_headers_of_other_ids(header: str) -> None:
    assert id_rank(header) is None


def test_an_accounts_id_may_be_the_organizations() -> None:
    assert id_rank("Account ID") == 1


def test_headers_without_their_marks() -> None:
    assert squeezed("E-mail 1 - Value") == "email1value"
    assert squeezed("CITTÀ (uff.)") == "cittauff"


def test_labels_of_whole_cells() -> None:
    assert [known_label(text) for text in ("Work Fax", "Casa", "my work", "", "12")] == [
        "fax",
        "home",
        None,
        None,
        None,
    ]


def test_every_registered_format_can_be_opened() -> None:
    assert all(callable(opener(name)) for name in FORMATS)


@pytest.mark.parametrize(
    ("header", "field", "label"),
    [
        ("Società/Ente", "organization", None),
        ("Tel./Cell.", "phone", None),
        ("Cellulare/Mobile", "phone", "mobile"),
        ("Country/Email", None, None),
        ("Tel./", "phone", None),
        ("Indirizzo sede legale", "address", "legal"),
        ("CAP residenza", "postcode", "home"),
        ("Lead email", "email", None),
        ("Telefono ufficio cliente", "phone", "work"),
        ("Lead status", None, None),
        ("Num. Cell.", "phone", "mobile"),
        ("Direct line", "phone", "work"),
    ],
)
def test_headers_as_small_firms_write_them(header: str, field: str | None, label: str | None) -> None:
    assert field_for(header) == field
    assert field is None or label_for(header) == label


def test_words_of_columns_are_labels_of_their_own_in_cells() -> None:
    assert known_label("Centralino") is None and known_label("Direct") is None
    assert known_label("Residenza") == "home"


@pytest.mark.parametrize(
    ("field", "headers"),
    [
        ("email", "Contact email|Email contatto|Contatto - Email|Email lead|Email (customer)|Contact person e-mail"),
        ("email", "Primary contact email|Billing contact email|Email contatto principale|Contact 1 email"),
        ("phone", "Customer phone|Telefono cliente|Guest mobile|Telefono ufficio cliente|Phone (lead)|Cell. referente"),
        ("name", "Contact name|Name of the contact|Lead name|Contact|Primary contact|Customer|Contact person"),
        ("first_name", "Contact first name|First name (contact)|Nome referente|Guest first"),
        ("last_name", "Contact last name|Cognome del referente|Attendee surname|Guest last"),
        ("organization", "Contact company|Lead company name|Azienda cliente|Azienda lead|Ragione sociale cliente"),
        ("job_title", "Contact job title|Ruolo referente|Member role"),
        ("street", "Via cliente|Cliente - Via|Customer street"),
        ("city", "Customer city|Città cliente|Customer billing city|Città residenza cliente"),
        ("postcode", "CAP cliente|Customer zip|Cliente - CAP"),
        ("region", "Customer province|Provincia cliente|Lead region"),
        ("country", "Lead country|Paese cliente|Nazione cliente"),
        ("source", "Lead source|Fonte lead|Origine contatto"),
        ("tag", "Categoria cliente|Contact tags"),
        ("note", "Note cliente|Contact notes"),
        ("created_at", "Lead created|Data creazione contatto|Date contact created"),
        ("website", "Customer website|Sito cliente"),
        # Which one it is, or when it was.
        (None, "Last contact|First contact|Last contact name|First lead name|Last customer contact|Lead first contact"),
        (None, "Ultimo contatto|Primo contatto|Contact date|Data contatto|Created lead"),
        # How far it is: what the other columns and the values do not tell is no address.
        (None, "Stato cliente|Stato lead|Lead state|Customer state|State (lead)|Contact status"),
        # How somebody is reached, and what they are for.
        (None, "Contact via|Lead via|Via di contatto|Canale di contatto|PR contact|PR referente|ST contact"),
        (None, "Company contact|Account contact|Contatto azienda|Referente ditta|City lead|Country lead|Account lead"),
        (None, "Job lead|Source contact|LinkedIn lead|Website lead|Message contact"),
        # What somebody has with us.
        (None, "Customer account|Account cliente|Customer profile|Profilo cliente|Client cap|Partita cliente"),
    ],
)  # fmt: skip
def test_whose_a_column_is(field: str | None, headers: str) -> None:
    assert {header: field_for(header) for header in headers.split("|")} == dict.fromkeys(headers.split("|"), field)
