"""Cells with several values, with none, with a label, and with a guard against spreadsheets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dkcrm.formats.cells import guard, is_blank, label_of, party_of, split_values, unguard

FORMULA = "=+-@\t\r"
cells = st.text(alphabet=st.sampled_from("'=+-@\t\r\n\"ab0, ") | st.characters(), max_size=12)


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("anna@x.it", ["anna@x.it"]),
        ("  anna@x.it ", ["anna@x.it"]),
        ("", []),
        ("a@x.it; b@y.it", ["a@x.it", "b@y.it"]),
        ("a@x.it,b@y.it", ["a@x.it", "b@y.it"]),
        ("a@x.it b@y.it", ["a@x.it", "b@y.it"]),
        ("a@x.it ::: b@y.it", ["a@x.it", "b@y.it"]),
        ("a@x.it\nb@y.it", ["a@x.it", "b@y.it"]),
        ("a@x.it / b@y.it", ["a@x.it", "b@y.it"]),
        ("a@x.it/b@y.it", ["a@x.it", "b@y.it"]),
        ("a/b@x.it", ["a/b@x.it"]),
        ("Anna Bianchi <anna@x.it>", ["anna@x.it"]),
        ('"Bianchi, Anna" <anna@x.it>, Bruno <b@y.it>', ["anna@x.it", "b@y.it"]),
        ('"anna@old.it" <anna@x.it>', ["anna@x.it"]),
        ("Bianchi, Anna <anna@x.it>", ["anna@x.it"]),
        ("<anna@x.it>;", ["anna@x.it"]),
        ("mailto:anna@x.it", ["anna@x.it"]),
        ("anna@x.it (work)", ["anna@x.it"]),
        ("anna@x.it, not an address", ["anna@x.it", "not an address"]),
        ("no address here", ["no address here"]),
        ("<>", ["<>"]),
    ],
)
def test_emails_in_a_cell(cell: str, values: list[str]) -> None:
    assert split_values(cell, "email") == values


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("+39 02 1234567", ["+39 02 1234567"]),
        ("02/1234567", ["02/1234567"]),
        ("02 / 1234567", ["02 / 1234567"]),
        ("02 1234567 / 8", ["02 1234567 / 8"]),
        ("02 1234567 / 333 1234567", ["02 1234567", "333 1234567"]),
        ("021234567/3331234567", ["021234567", "3331234567"]),
        ("021234567, 3331234567", ["021234567", "3331234567"]),
        ("02,1234567", ["02,1234567"]),
        ("02 1234567; 333 1234567", ["02 1234567", "333 1234567"]),
        ("02 1234567 ::: 333 1234567", ["02 1234567", "333 1234567"]),
        ("02 1234567\n333 1234567\r\n", ["02 1234567", "333 1234567"]),
        ("02 1234567 e 333 1234567", ["02 1234567 e 333 1234567"]),
        ("02 1234567 ext. 12", ["02 1234567 ext. 12"]),
        ("02 1234567, ext. 123456", ["02 1234567, ext. 123456"]),
        ("tel:+39-02-1234567;ext=1234", ["tel:+39-02-1234567;ext=1234"]),
        ("02 1234567;", ["02 1234567"]),
        ("112; 118", ["112", "118"]),
    ],
)
def test_phones_in_a_cell(cell: str, values: list[str]) -> None:
    assert split_values(cell, "phone") == values


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("https://x.it/a;b,c", ["https://x.it/a;b,c"]),
        ("https://x.it;https://y.it", ["https://x.it", "https://y.it"]),
        ("www.x.it www.y.it", ["www.x.it", "www.y.it"]),
        ("https://x.it, www.y.it", ["https://x.it", "www.y.it"]),
        ("LinkedIn: https://linkedin.com/in/x", ["https://linkedin.com/in/x"]),
        ("x.it ::: y.it", ["x.it", "y.it"]),
        ("nothing like it", ["nothing like it"]),
    ],
)
def test_links_in_a_cell(cell: str, values: list[str]) -> None:
    assert split_values(cell, "link") == values


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("vip", ["vip"]),
        ("vip, fair 2026;old", ["vip", "fair 2026", "old"]),
        ('"VIP","Blog"', ["VIP", "Blog"]),
        ('"VIP","Blog, old","a ""b"" c"', ["VIP", "Blog", "old", 'a "b" c']),
        ('12" discs', ['12" discs']),
        ("* myContacts", []),
        ("* coworkers ::: * My Contacts ::: Friends", ["coworkers", "Friends"]),
        ("a,,b\nc", ["a", "b", "c"]),
        (",", []),
    ],
)
def test_tags_in_a_cell(cell: str, values: list[str]) -> None:
    assert split_values(cell, "tag") == values


def test_other_kinds_are_one_value() -> None:
    assert split_values(" Rossi, Bianchi; e figli ", "organization") == ["Rossi, Bianchi; e figli"]


@given(cells, st.sampled_from(["email", "phone", "link", "tag", "note"]))
def test_no_value_is_blank_and_no_digit_of_a_phone_is_lost(cell: str, kind: str) -> None:
    values = split_values(cell, kind)
    assert all(value.strip() == value != "" for value in values)
    if kind == "phone":
        assert [c for v in values for c in v if c.isdigit()] == [c for c in cell if c.isdigit()]


@pytest.mark.parametrize("kind", ["email", "phone", "link", "tag"])
@pytest.mark.parametrize(
    "piece", ["a@b ", "<", '"', '"a",', ";x", " / 1234567", ":::", "* ", "http://x", "\r\n", "a@b/"]
)
def test_a_long_cell_comes_to_an_end_and_grows_no_longer(kind: str, piece: str) -> None:
    # Quadratic time would take minutes here.
    cell = piece * 50_000
    assert sum(map(len, split_values(cell, kind))) <= len(cell)


@pytest.mark.parametrize(
    "word", ["", " ", "-", "--", "—", "N/A", "n.d.", "#N/A", "--None--", "-- Seleziona --", "(vuoto)"]
)
@pytest.mark.parametrize("kind", ["name", "last_name", "email", "country", "region", "city", "field:budget", "note"])
def test_placeholders_say_nothing(word: str, kind: str) -> None:
    assert is_blank(word, kind)
    assert is_blank(f" {word} ", kind)


@pytest.mark.parametrize(
    ("word", "kind", "blank"),
    [
        ("NA", "region", False),
        ("NA", "country", False),
        ("Na", "last_name", False),
        ("NA", "phone", True),
        ("NULL", "last_name", False),
        ("NULL", "email", True),
        ("None", "name", False),
        ("None", "city", False),
        ("None", "job_title", True),
        ("Select", "last_name", True),
        ("Select...", "country", True),
        ("unknown", "phone", False),
        ("0/0/00", "field:birthday", True),
        ("00/00/0000", "created_at", True),
        ("1/1/0001", "created_at", True),
        ("01/01/2001", "created_at", False),
        ("Unspecified", "field:gender", True),
        ("0", "field:children", False),
        ("NA", "field:birthplace", False),
        ("NA", "text", False),
        ("null", "text", True),
        ("Nadia", "first_name", False),
        (" " * 500, "note", True),
        ("x" * 500, "note", False),
    ],
)
def test_a_word_is_a_placeholder_where_it_can_be_nothing_else(word: str, kind: str, blank: bool) -> None:
    assert is_blank(word, kind) is blank


@given(cells)
def test_guard_and_unguard_are_inverse_and_no_formula_gets_through(cell: str) -> None:
    guarded = guard(cell)
    assert unguard(guarded) == cell
    assert guarded[:1] not in FORMULA or guarded == ""


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        ("'=1+1", "=1+1"),
        ("'+39 02 1234567", "+39 02 1234567"),
        ("''=x", "'=x"),
        ("'Ndrangheta", "'Ndrangheta"),
        ("'a", "'a"),
        ("'", "'"),
        ('="0123"', "0123"),
        ('=""', ""),
        ('="a ""b"""', 'a "b"'),
        ('="a"&"b"', '="a"&"b"'),
        ("=1+1", "=1+1"),
        ("+39 02", "+39 02"),
        ("plain", "plain"),
    ],
)
def test_what_a_guarded_cell_says(cell: str, plain: str) -> None:
    assert unguard(cell) == plain


def test_labels_in_cells() -> None:
    told = {
        "* Home": "home", "Home": "home", "Work": "work", "Casa": "home", "Work Fax": "fax", "Cellulare": "mobile",
        "*": None, "": None, "* ": None, "Assistant": "Assistant", "x" * 90: "x" * 40, "Ufficio": "work",
    }  # fmt: skip
    assert {cell: label_of(cell) for cell in told} == told


def test_parties_in_cells() -> None:
    told = {"True": "organization", "1": "organization", "Sì": "organization", "company": "organization",
            "FALSE": "person", "no": "person", "Individual": "person", "": None, "maybe": None}  # fmt: skip
    assert {cell: party_of(cell) for cell in told} == told
