"""Likeness of people: what is one person to somebody who looks at two records, and what is not."""

from __future__ import annotations

from typing import Any

import pytest

from dkcrm.domain.matching.likeness import likeness
from dkcrm.domain.matching.party import EITHER, ORGANIZATION, PERSON, Address, Party, party

HOME = Address(street="Via Garibaldi 12", city="Treviso", postcode="31100")


def person(name: str = "", **values: Any) -> Party:
    return party(1, side=PERSON, name=name, **values)


def score(a: Party, b: Party) -> float:
    return likeness(a, b).score


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Giuseppe Verdi", "Beppe Verdi"),
        ("Luigi Zanella", "Gigi Zanella"),
        ("Robert Abernathy", "Bob Abernathy"),
        ("Wilhelm Brandt", "Willi Brandt"),
        ("Francisco Ibarra", "Paco Ibarra"),
        ("Anna Zanella", "Zanella Anna"),
        ("Anna Zanella", "ZANELLA, Anna"),
        ("Anna Zanella", "A. Zanella"),
        ("Anna Maria Zanella", "Anna Zanella"),
        ("Anna Zanella", "Dott.ssa Anna Zanella"),
        ("Nicolò D'Angelo", "Nicolo' Dangelo"),
        ("Maria De Luca", "Maria Deluca"),
        ("Pieter van der Berg", "Pieter Berg"),
        ("Jürgen Müller", "Jurgen Mueller"),
        ("Alessandra Tessari", "Alesandra Tessari"),
        ("Alessandra Tessari", "Alessandra Tesasri"),
        ("Alessandra Tessari", "Alessandra Tess ari"),
        ("Gian Luca Boscolo", "Gianluca Boscolo"),
        ("Antonio Boscolo", "Ant. Boscolo"),
    ],
)
def test_a_name_that_is_written_otherwise(a: str, b: str) -> None:
    assert score(person(a, phones=["+393331234567"]), person(b, phones=["333 123 4567"])) > 0.8


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Anna Zanella", "Marco Zanella"),
        ("Anna Zanella", "Anna Boscolo"),
        ("Paolo Zanella", "Paola Zanella"),
        ("Maria Zanella", "Mario Zanella"),
        ("Daniele Zanella", "Daniela Zanella"),
        ("Luca Zanella", "Lucia Zanella"),
        ("Elena Zanella", "Helga Boscolo"),
    ],
)
def test_colleagues_who_share_everything_but_their_names_are_two(a: str, b: str) -> None:
    shared: dict[str, Any] = {
        "phones": ["+39042212345"],
        "emails": ["info@zanella.it"],
        "organization": "Zanella S.r.l.",
        "addresses": [HOME],
    }
    assert score(party(1, name=a, **shared), party(2, name=b, **shared)) < 0.5


def test_a_common_name_alone_is_no_duplicate() -> None:
    assert score(person("Mario Rossi"), person("Mario Rossi")) < 0.6
    assert score(person("John Smith"), person("Smith John")) < 0.6


def test_a_rare_name_alone_is_asked_about_at_most() -> None:
    assert 0.6 < score(person("Ludovica Zambonardi"), person("Ludovica Zambonardi")) < 0.8


def test_a_common_name_in_one_town_is_no_duplicate() -> None:
    milan = [Address(city="Milano")]
    assert score(person("Mario Rossi", addresses=milan), person("Mario Rossi", addresses=milan)) < 0.8


def test_the_same_email_is_the_same_person_also_where_a_name_is_missing() -> None:
    one = person("Anna Zanella", emails=["anna.zanella@gmail.com"])
    assert score(one, person("A. Zanella", emails=["Anna.Zanella@gmail.com"])) > 0.95
    assert score(one, person(emails=["anna.zanella@gmail.com"])) > 0.8


def test_an_email_mistyped_is_close() -> None:
    one = person("Anna Zanella", emails=["anna.zanella@gmail.com"])
    for other in ("anna.zanella@gmial.com", "anna.zanela@gmail.com", "anna.zanella@gmail.it"):
        assert score(one, person("Anna Zanella", emails=[other])) > 0.8


def test_somebody_else_at_the_same_domain_is_somebody_else() -> None:
    one = party(1, name="Anna Zanella", emails=["anna@acme.it"], organization="Acme")
    assert score(one, party(2, name="Marco Boscolo", emails=["marco@acme.it"], organization="Acme")) < 0.3
    unnamed = party(3, emails=["marco@acme.it"], organization="Acme")
    assert score(party(4, emails=["anna@acme.it"], organization="Acme"), unnamed) < 0.8


@pytest.mark.parametrize("other", ["1984-03-12", "1984-12-03", "1984-03-13", "1984-30-12", "12/03/1984", "19840312"])
def test_a_birth_date_that_is_written_otherwise(other: str) -> None:
    one = person("Anna Zanella", fields={"Data di nascita": "1984-03-12"})
    assert score(one, person("Ana Zanella", fields={"birth_date": other})) > 0.8


def test_father_and_son_are_two() -> None:
    father = person("Carlo Zanella", addresses=[HOME], phones=["0422 12345678"], fields={"nato il": "1948-02-01"})
    son = person("Carlo Zanella", addresses=[HOME], phones=["0422 12345678"], fields={"nato il": "1979-06-17"})
    assert score(father, son) < 0.5


def test_twins_are_two() -> None:
    one = person("Carlo Zanella", addresses=[HOME], phones=["0422 12345678"], fields={"dob": "1979-06-17"})
    other = person("Piero Zanella", addresses=[HOME], phones=["0422 12345678"], fields={"dob": "1979-06-17"})
    assert score(one, other) < 0.5


def test_who_has_married_is_one() -> None:
    one = party(1, side=PERSON, first="Carla", last="Zanella", addresses=[HOME], fields={"dob": "1979-06-17"})
    other = party(2, side=PERSON, first="Carla", last="Boscolo", addresses=[HOME], fields={"dob": "1979-06-17"})
    assert score(one, other) > 0.8


def test_names_in_each_others_field_and_missing_ones() -> None:
    one = party(1, side=PERSON, first="Carla", last="Zanella", addresses=[HOME])
    assert score(one, party(2, side=PERSON, first="Zanella", last="Carla", addresses=[HOME])) > 0.9
    assert score(one, party(2, side=PERSON, first="", last="Carla Zanella", addresses=[HOME])) > 0.9
    assert score(one, party(2, side=PERSON, last="Zanella", addresses=[HOME])) > 0.8
    assert score(one, party(2, side=PERSON, last="Boscolo", addresses=[HOME])) < 0.5


@pytest.mark.parametrize(
    "other",
    [
        Address(street="via Garibaldi, 12", city="TREVISO", postcode="31100"),
        Address(street="V.le Garibalid 12", city="Treviso"),
        Address(street="Via Garibaldi 12", city="Trevsio", postcode="31010"),
        Address(street="Treviso", city="Via Garibaldi 12", postcode="31100"),
        Address(text="Via Garibaldi 12, 31100 Treviso"),
        Address(street="Garibaldi 12", postcode="31100"),
    ],
)
def test_an_address_that_is_written_otherwise(other: Address) -> None:
    found = likeness(person("Carla Zanella", addresses=[HOME]), person("Carla Zanella", addresses=[other]))
    assert found.score > 0.8
    assert {"same address", "same street"} & set(found.reasons)


def test_a_tax_code_decides_where_names_are_mistyped() -> None:
    one = person("Carla Zanella", tax_code="ZNLCRL79H57L407K")
    assert score(one, person("Karla Zanela", tax_code="znl crl 79h57 l407k")) > 0.9
    assert score(one, person("Carla Zanella", tax_code="BNCMRA80A01F205X", addresses=[HOME])) < 0.8


def test_reasons_are_told_in_words_the_weightiest_first() -> None:
    one = person("Anna Zanella", emails=["a@z.it"], phones=["+39 333 1234567"], addresses=[HOME])
    other = person("Anna Zanela", emails=["a@z.it"], phones=["3331234567"], addresses=[Address(city="Treviso")])
    reasons = likeness(one, other).reasons
    assert reasons[0] == "same email"
    assert "same phone" in reasons
    assert "same town" in reasons
    assert any(reason.startswith("name 0.9") for reason in reasons)


def test_a_person_is_no_organization_and_a_lead_may_be_either() -> None:
    mail = {"emails": ["anna@zanella.it"]}
    lead = party(1, side=EITHER, name="Anna Zanella", organization="Zanella S.r.l.", **mail)
    assert score(lead, party(2, side=PERSON, name="Anna Zanella", **mail)) > 0.9
    firm = party(3, side=ORGANIZATION, organization="Zanella S.r.l.", **mail)
    assert score(party(2, side=PERSON, name="Anna Zanella", **mail), firm) == 0.0
    assert score(lead, party(4, side=EITHER, organization="Zanella S.r.l.", phones=["+39042212345"])) < 0.8


@pytest.mark.parametrize(("a", "b"), [("sr", "jr"), ("Sr.", "Jr."), ("senior", "junior"), ("II", "III")])
def test_father_and_son_who_are_told_apart_are_two(a: str, b: str) -> None:
    shared: dict[str, Any] = {"addresses": [HOME], "phones": ["+390422123456"]}
    assert score(person(f"Robert Abernathy {a}", **shared), person(f"Robert Abernathy {b}", **shared)) < 0.5
    assert score(person(f"Robert Abernathy {a}", **shared), person(f"Robert Abernathy {a}", **shared)) > 0.98


@pytest.mark.parametrize("generation", ["jr", "Sr", "III"])
def test_father_and_son_of_whom_one_is_told_are_never_certain(generation: str) -> None:
    shared: dict[str, Any] = {"addresses": [HOME], "phones": ["+390422123456"]}
    assert 0.8 < score(person("Robert Abernathy", **shared), person(f"Robert Abernathy {generation}", **shared)) < 0.95


def test_a_senor_is_no_senior() -> None:
    shared: dict[str, Any] = {"addresses": [HOME], "phones": ["+390422123456"]}
    assert score(person("Sr. Francisco Ibarra", **shared), person("Francisco Ibarra", **shared)) > 0.98
