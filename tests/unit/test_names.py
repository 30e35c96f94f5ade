"""Names: what is one key, what plainly differs, what an organization is called without its form."""

from __future__ import annotations

import pytest

from dkcrm.domain.matching import names_differ, organization_key, web_domain
from dkcrm.domain.text import fold
from dkcrm.domain.values import code_key, split_label, tax_code_side


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Anna Bianchi", "  anna   BIANCHI "),
        ("D'Angelo", "dangelo"),
        ("D’Angelo", "D'ANGELO"),
        ("Łukasz Øster", "lukasz oster"),
        ("Straße", "STRASSE"),
        ("Bianchi S.r.l.", "Bianchi srl"),
        ("È Così", "e cosi"),
        ("Rossi-Verdi", "rossi verdi"),
    ],
)
def test_one_key(a: str, b: str) -> None:
    assert fold(a) == fold(b)


def test_letters_that_are_not_latin_keep_apart() -> None:
    assert len({fold(name) for name in ("王 李", "李 王", "Ибрагимов", "***", "---")}) == 5


@pytest.mark.parametrize(
    "name",
    [
        "Bianchi S.r.l.", "BIANCHI SRL", "Bianchi S.p.A.", "Bianchi S.r.l.s.", "Bianchi Soc. Coop. a r.l.",
        "Bianchi GmbH", "Bianchi Ltd", "Bianchi, Inc.", "Bianchi SARL", "Bianchi B.V.",
        "Bianchi s.a.s. di Mario Rossi & C.", "Bianchi GmbH & Co. KG",
    ],
)  # fmt: skip
def test_the_legal_form_is_no_part_of_a_name(name: str) -> None:
    assert organization_key(name) == "bianchi"


def test_a_name_that_is_all_form_keeps_one_word() -> None:
    assert organization_key("SRL") == "srl"
    assert organization_key("Co.") == "co"


@pytest.mark.parametrize(
    ("a", "b", "differ"),
    [
        ("anna bianchi", "bianchi anna", False),
        ("anna bianchi", "a bianchi", False),
        ("anna bianchi", "anna maria bianchi", False),
        ("anna bianchi", "anna bianci", False),
        ("anna bianchi", "marco bianchi", True),
        ("anna bianchi", "anna verdi", True),
        ("anna bianchi", "info", True),
        ("anna bianchi", "", False),
        (None, "anna", False),
        ("marco rossi", "marca rossi", False),
        ("ann", "amy", True),
        ("mario rosi", "mario rossi", False),
        ("mario esposito", "mario espostio", False),
        ("officine meccaniche rosi srl", "officine meccaniche rossi srl", False),
        ("luca rossi", "lucia rossi", True),
        ("anna neri", "anan neir", True),
        ("sig rossi", "mario rossi", False),
        ("geom rossi", "mario rossi", False),
        ("mario rossi", "mariorossi", False),
        ("sig rossi", "sig neri", True),
    ],
)
def test_names_that_plainly_differ(a: str | None, b: str | None, differ: bool) -> None:
    assert names_differ(a, b) is differ
    assert names_differ(b, a) is differ


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.bianchi.it/chi-siamo?x=1", "bianchi.it"),
        ("anna@bianchi.it", "bianchi.it"),
        ("bianchi.it:8080", "bianchi.it"),
        ("anna@gmail.com", None),
        ("localhost", None),
    ],
)
def test_a_web_domain(text: str, domain: str | None) -> None:
    assert web_domain(text) == domain


@pytest.mark.parametrize("code", ["IT01234567890", "01234567890", "it 012.345.678-90", " 01234567890 "])
def test_a_vat_number_is_one_with_and_without_its_country(code: str) -> None:
    assert code_key(code) == "01234567890"


def test_whose_a_tax_code_is() -> None:
    assert tax_code_side("BNCNNA80A41F205X", True, True) == "person"
    assert tax_code_side("01234567890", True, True) == "organization"
    assert tax_code_side("01234567890", True, False) == "person"


@pytest.mark.parametrize(
    ("text", "value", "label", "side"),
    [
        ("anna@x.it", "anna@x.it", None, None),
        ("work:anna@x.it", "anna@x.it", "work", None),
        ("organization:info@x.it", "info@x.it", None, "organization"),
        ("org/billing:info@x.it", "info@x.it", "billing", "organization"),
        ("https://x.it", "https://x.it", None, None),
        ("blog:https://x.it", "https://x.it", "blog", None),
        ("+39 02 1234", "+39 02 1234", None, None),
    ],
)
def test_a_label_before_a_value(text: str, value: str, label: str | None, side: str | None) -> None:
    assert split_label(text, "value") == (value, label, side)
