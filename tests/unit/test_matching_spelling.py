"""One name in several spellings: compounds, umlauts, alphabets; codes and domains that say the same in other words."""

from __future__ import annotations

from typing import Any

import pytest

from dkcrm.domain.matching import names_differ, organization_key
from dkcrm.domain.matching.codes import born
from dkcrm.domain.matching.likeness import likeness
from dkcrm.domain.matching.organizations import own_domain
from dkcrm.domain.matching.party import EITHER, ORGANIZATION, PERSON, Address, Party, party
from dkcrm.domain.matching.words import person_words
from dkcrm.domain.text import fold

HOME = Address(street="Via Garibaldi 12", city="Treviso", postcode="31100")


def person(name: str = "", **values: Any) -> Party:
    return party(1, side=PERSON, name=name, **values)


def firm(name: str, **values: Any) -> Party:
    return party(1, side=ORGANIZATION, organization=name, **values)


def score(a: Party, b: Party) -> float:
    return likeness(a, b).score


SAME = [
    ("Gianbattista Zanella", "Giovanni Battista Zanella"),
    ("Giambattista Zanella", "Gian Battista Zanella"),
    ("Giovan Battista Zanella", "Giambattista Zanella"),
    ("Giampiero Zanella", "Gian Piero Zanella"),
    ("Gianpiero Zanella", "Giovanni Piero Zanella"),
    ("Pierluigi Zanella", "Piero Luigi Zanella"),
    ("Mariateresa Zanella", "Maria Teresa Zanella"),
    ("M.Teresa Zanella", "Mariateresa Zanella"),
    ("Annalisa Zanella", "Anna Lisa Zanella"),
    ("Jean-Paul Sartori", "Jeanpaul Sartori"),
    ("Jean Paul Sartori", "SARTORI Jean-Paul"),
    ("Karl-Heinz Brandt", "Karlheinz Brandt"),
    ("Jürgen Müller", "Juergen Mueller"),
    ("Jørgen Kjær", "Joergen Kjaer"),
    ("Åse Holm", "Aase Holm"),
    ("Marta Strauß", "Marta Strauss"),
    ("Đorđe Balić", "Djordje Balic"),
    ("Łukasz Wójcik", "Lukasz Wojcik"),
    ("Сергей Иванов", "Sergey Ivanov"),
    ("Наталья Петрова", "Natalia Petrova"),
    ("Дмитрий Волков", "Dmitri Volkov"),
    ("Γιώργος Νικολαΐδης", "Giorgos Nikolaidis"),
    ("Ελένη Δημητρίου", "Eleni Dimitriou"),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_a_name_in_another_spelling_is_no_other_name(a: str, b: str) -> None:
    assert score(person(a, phones=["+393331234567"]), person(b, phones=["333 123 4567"])) > 0.8
    assert score(person(b, addresses=[HOME]), person(a, addresses=[HOME])) > 0.8
    assert not names_differ(fold(a), fold(b))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Gianfranco Zanella", "Gianluca Zanella"),
        ("Gian Carlo Zanella", "Gian Paolo Zanella"),
        ("Mariateresa Zanella", "Marialuisa Zanella"),
        ("Jean-Paul Zanella", "Jean-Luc Zanella"),
        ("Sara Zanella", "Rosa Zanella"),
        ("Elisa Zanella", "Lisa Zanella"),
    ],
)
def test_half_a_name_in_common_is_another_name(a: str, b: str) -> None:
    shared: dict[str, Any] = {"phones": ["+39042212345"], "addresses": [HOME], "emails": ["casa@zanella.it"]}
    assert score(person(a, **shared), person(b, **shared)) < 0.5
    assert names_differ(fold(a), fold(b))


def test_a_family_name_is_never_taken_apart() -> None:
    assert person_words("Giancarlo", family=True) == ("giancarlo",)
    assert person_words("Giannini") == ("giannini",)
    assert person_words("Mariani") == ("mariani",)
    assert person_words("Giancarlo Mariani") == ("gian", "carlo", "mariani")


def test_initials_that_stand_close_are_initials_and_no_junior() -> None:
    assert person_words("J.R. Smith") == ("j", "r", "smith")
    assert person_words("D.ssa A.Bianchi") == ("a", "bianchi")
    assert person_words("Dott.ssa A.Bianchi") == ("a", "bianchi")


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("RSSMRA80A01H501U", "800101"),
        ("BNCNNA75T41F205X", "751201"),
        ("RSSMRA80A0MH501U", "800101"),  # an M stands for a 1 where two people would have one code
        ("12345678901", ""),
        ("", ""),
        ("RSSMRA80F01H501U", ""),
        ("RSSMRA80A39H501U", ""),
    ],
)
def test_the_date_of_birth_in_a_tax_code(code: str, day: str) -> None:
    assert born(code) == day


def test_a_date_of_birth_is_compared_with_that_of_a_tax_code() -> None:
    coded = person("Mario Zanella", tax_code="ZNLMRA80A01H501U")
    same = likeness(coded, person("Mario Zanella", fields={"birth date": "1980-01-01"}))
    other = likeness(coded, person("Mario Zanella", fields={"birth date": "1963-07-22"}))
    assert same.score > 0.85
    assert "birth date of the tax code" in same.reasons
    assert other.score < 0.5


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("rossi.it", "rossi.it"),
        ("mail.rossi.co.uk", "rossi.co.uk"),
        ("www2.comune.rossi.it", "rossi.it"),
        ("rossi.com.br", "rossi.com.br"),
        ("co.uk", ""),
        ("rossi.wordpress.com", "rossi.wordpress.com"),
        ("wordpress.com", ""),
        ("localhost", ""),
    ],
)
def test_the_part_of_a_host_that_somebody_owns(host: str, domain: str) -> None:
    assert own_domain(host) == domain


def test_a_public_suffix_in_common_proves_nothing() -> None:
    def of(name: str, host: str) -> Party:
        return firm(name, emails=[f"info@mail.{host}"], website=f"https://www.{host}")

    assert score(of("Aurora Vini", "rossi.co.uk"), of("Aurora Viaggi", "bianchi.co.uk")) < 0.3
    assert "same domain" not in likeness(of("Aurora", "rossi.co.uk"), of("Aurora", "bianchi.co.uk")).reasons
    # The same owner below two of its hosts.
    assert score(of("Aurora Vini", "aurora.co.uk"), firm("Aurora Vini", website="shop.aurora.co.uk")) > 0.8
    assert score(firm("Aurora", website="a.wordpress.com"), firm("Aurora", website="b.wordpress.com")) < 0.8


def test_two_work_addresses_of_one_name_are_one_person_at_one_firm_and_two_at_two() -> None:
    one = party(1, side=EITHER, name="Bruna Zambon", organization="Hooli S.r.l.", emails=["b.zambon@hooli.it"])
    same = party(2, side=EITHER, name="Bruna Zambon", emails=["bruna.zambon@hooli.it"])
    other = party(3, side=EITHER, name="Bruna Zambon", organization="Acme S.p.A.", emails=["bruna.zambon@acme.it"])
    assert score(one, same) > 0.8
    assert score(same, other) < 0.8


def test_an_organization_is_known_by_the_domain_of_an_email() -> None:
    one = party(1, side=EITHER, name="Bruna Zambon", organization="Hooli Vini S.r.l.")
    other = party(2, side=EITHER, name="Bruna Zambon", emails=["zambon@hoolivini.it"])
    assert "organization as in the email" in likeness(one, other).reasons
    free = party(2, side=EITHER, name="Bruna Zambon", emails=["zambon@gmail.com"])
    assert score(one, other) > score(one, free)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Caffè Roma", "Caffè Roma Due"),
        ("Pizzeria Al Ponte", "Pizzeria Al Ponte 2"),
        ("Trattoria Zanella", "Trattoria Zanella Bis"),
        ("Rossini's", "Rossini's II"),
    ],
)
def test_a_house_and_the_second_one_of_the_same_owner_are_two(a: str, b: str) -> None:
    shared: dict[str, Any] = {"phones": ["0422 410412"], "addresses": [HOME]}
    assert score(firm(a, **shared), firm(b, **shared)) < 0.8


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Arnie Zambon's", "Arnie Zambon's of Chicago"),
        ("Caffè Roma", "Caffè Roma Treviso"),
        ("Trattoria Due Spade", "Due Spade"),
    ],
)
def test_a_longer_name_at_one_address_and_phone_is_one_business(a: str, b: str) -> None:
    shared: dict[str, Any] = {"phones": ["0422 410412"], "addresses": [HOME]}
    assert score(firm(a, **shared), firm(b, **shared)) > 0.8


@pytest.mark.parametrize(
    "form",
    """S.r.l. unipersonale|S.r.l. a socio unico|S.r.l. in liquidazione|S.r.l. in liquidazione unipersonale
    |Società Cooperativa Sociale|Soc. Coop. Soc.|Soc.Coop.Soc.|Società Cooperativa Sociale a r.l. ONLUS|S.c.a r.l.
    |Soc. a resp. lim.|Società tra professionisti|S.r.l. STP|Impresa Sociale|ETS|ditta individuale|gGmbH|Ges.m.b.H.
    |UG (haftungsbeschränkt)|Sagl|ООО|Ltd. Şti.|S.R.L. de C.V.|di Rossi & C. S.n.c.|di Rossi Mario & C. S.a.s.
    |S.n.c. di Rossi & C.|S.A. w upadłości""".split("|"),
)
def test_more_legal_forms_are_no_part_of_a_name(form: str) -> None:
    assert organization_key(f"Zanella Costruzioni {form.strip()}") == "zanella costruzioni"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("S.r.l. Zanella", "zanella"),
        ("Società Cooperativa Sociale Zanella a r.l.", "zanella"),
        ("SAS Institute", "sas institute"),
        ("Spa Resort", "spa resort"),
        ("Panificio di Rossi & C. S.n.c.", "panificio di rossi"),
        ("Caffè di Roma", "caffe di roma"),
        ("S.r.l.", "srl"),
    ],
)
def test_what_only_looks_like_a_form_stays(name: str, key: str) -> None:
    assert organization_key(name) == key
