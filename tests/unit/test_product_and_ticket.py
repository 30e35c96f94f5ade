"""Quantities, what they cost, and spans of time in words."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dkcrm.domain.product import is_quantity, parse_quantity, price_of
from dkcrm.domain.ticket import spell_span
from dkcrm.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "plain"),
    [("3", "3"), ("03", "3"), ("2.50", "2.5"), ("2,5", "2.5"), ("1.000,0", "1000"), ("1000000000", "1000000000"),
     ("0.000001", "0.000001"), ("+4", "4"), ("100", "100"), ("0.125", "0.125")],
)  # fmt: skip
def test_a_quantity_is_a_plain_decimal(text: str, plain: str) -> None:
    assert parse_quantity(text) == plain
    assert is_quantity(plain)


@pytest.mark.parametrize(
    "text",
    ["", " ", "0", "0,0", "-1", "NaN", "inf", "1e3", "1,2,3", "1.200", "1000000001", "0.0000001", "9" * 40, "٣", "x",
     "1/2", "--3", "\x1b3"],
)  # fmt: skip
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_quantity(text)
    assert not is_quantity(text) or text == "1.200"


def test_a_quantity_as_it_is_stored_is_read_as_it_is() -> None:
    assert is_quantity("12.125") and not is_quantity("2.50") and not is_quantity("03")


@settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(minor=st.integers(0, 10**9), whole=st.integers(0, 10**4), part=st.integers(0, 999_999))
def test_the_price_of_many_is_rounded_once_half_up(minor: int, whole: int, part: int) -> None:
    exact = Fraction(whole) + Fraction(part, 10**6)
    if not exact:
        return
    quantity = parse_quantity(f"{whole}.{part:06}")
    doubled = exact * minor * 2
    assert price_of(minor, quantity) == int((doubled + 1) // 2)


def test_a_price_beyond_what_an_amount_can_be_is_refused() -> None:
    assert price_of(10**6, "1000000000") == 10**15
    with pytest.raises(InvalidInput):
        price_of(10**6 + 1, "1000000000")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (0, "0 s"), (59, "59 s"), (60, "1 min"), (119, "1 min"), (3600, "1 h"), (7500, "2 h 5 min"),
     (86399, "23 h 59 min"), (86400, "1 d"), (273600, "3 d 4 h"), (10**9, "11574 d 1 h")],
)  # fmt: skip
def test_a_span_is_told_in_its_two_largest_units(seconds: int | None, words: str) -> None:
    assert spell_span(seconds) == words
