"""Phone numbers: the short road says what phonenumbers says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dkcrm.domain.phone import e164, e164_column, long_road

REGIONS = ["IT", "US", "GB", "DE", "FR", "AR", "MX", "BR", "RU", "CH", "SG", "VA", "AU", "HU"]


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("02 1234567", "IT", "+39021234567"),
        ("+39 02 1234567", "US", "+39021234567"),
        ("0039 02 1234567", "IT", "+39021234567"),
        ("333 1234567", "IT", "+393331234567"),
        ("(805) 555-0100", "US", "+18055550100"),
        ("+44 (0)20 7946 0000", "IT", "+442079460000"),
        ("020 7946 0000", "GB", "+442079460000"),
        ("+35 838 4837993", "IT", "+358384837993"),
        ("+999 123456789", "IT", None),
        ("12", "IT", None),
        ("+1 800 FLOWERS", "IT", "+18003569377"),
    ],
)
def test_a_number_has_one_form(text: str, region: str, expected: str | None) -> None:
    assert e164(text, region) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("06 123456 (casa)", "+3906123456"),
        ("06 123456 casa", "+3906123456"),
        ("02 1234567 fax", "+39021234567"),
        ("02 1234567 uff.", "+39021234567"),
        ("02 1234567 - Mario Rossi", "+39021234567"),
        ("02 1234567 interno 5", "+39021234567"),
        ("02 1234567 ext. 512", "+39021234567"),
        ("347 1234567 (dopo le 18)", "+393471234567"),
        ("+44 20 7946 0000 (London office)", "+442079460000"),
        ("(casa) 06 123456", "+3906123456"),
        ("tel. 06 123456 FAX", "+3906123456"),
        ("02-1234567/8", "+39021234567"),
        ("02 1234567 / 68", "+39021234567"),
        ("02 1234567/8 (ufficio)", "+39021234567"),
        ("02/1234567", "+39021234567"),
        ("+33 1/23/45/67/89", "+33123456789"),
        ("06 12 (CASA)", None),
        ("06 12 casa", None),
        ("02 1234567 o 02 7654321", None),
        ("1-800-FLOWERS", "+3918003569377"),
        ("+1 (800) GO-FEDEX", "+18004633339"),
        ("tel:1234567;phone-context=+3902", "+39021234567"),
    ],
)
def test_a_remark_is_no_part_of_a_number(text: str, expected: str | None) -> None:
    assert e164(text, "IT") == expected
    assert e164_column([text], ["IT"]) == [expected or ""]


@settings(max_examples=1000, deadline=None)
@given(
    plus=st.booleans(),
    text=st.text(alphabet="0123456789 ()-./", min_size=3, max_size=22),
    region=st.sampled_from(REGIONS),
)
def test_the_short_road_leads_where_the_long_one_does(plus: bool, text: str, region: str) -> None:
    number = "+" * plus + text
    assert e164(number, region) == long_road(number, region)


@settings(max_examples=1000, deadline=None)
@given(
    code=st.integers(1, 999),
    number=st.integers(10**4, 10**11),
    lead=st.sampled_from(["", "0", "00", "1", "8"]),
    plus=st.sampled_from(["+", ""]),
    region=st.sampled_from(REGIONS),
)
def test_so_it_does_for_numbers_of_every_country(code: int, number: int, lead: str, plus: str, region: str) -> None:
    text = f"{plus}{code} {lead}{number}"
    assert e164(text, region) == long_road(text, region)


NUMBERS = st.sampled_from(["", "02 1234567", "+39 333 1234567", "0039 06 1", "x\x1fy", "(333) 12", "12"])


@given(st.lists(st.tuples(NUMBERS, st.sampled_from(["IT", "US", ""]))))
def test_a_column_of_numbers_says_what_each_says(rows: list[tuple[str, str]]) -> None:
    texts, regions = [text for text, _region in rows], [region for _text, region in rows]
    assert e164_column(texts, regions) == [(text and e164(text, region)) or "" for text, region in rows]
