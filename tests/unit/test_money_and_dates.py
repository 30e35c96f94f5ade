"""Amounts and dates: what is clear is taken, what could mean two things is refused."""

from __future__ import annotations

from datetime import date, timedelta, timezone

import pytest

from dkcrm.domain.dates import parse_date, parse_time
from dkcrm.domain.money import check_currency, format_amount, parse_amount
from dkcrm.errors import InvalidInput

ROME = timezone(timedelta(hours=1))
NOW = "2026-11-21T09:00:00Z"


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1200", "EUR", 120000),
        ("1200.5", "EUR", 120050),
        ("1200,50", "EUR", 120050),
        ("1.234,56", "EUR", 123456),
        ("1,234.56", "EUR", 123456),
        ("1 234,56", "EUR", 123456),
        ("1'234.56", "CHF", 123456),
        ("1.234.567", "EUR", 123456700),
        ("0", "EUR", 0),
        ("0.001", "KWD", 1),
        ("500", "JPY", 500),
    ],
)
def test_an_amount_that_is_clear(text: str, currency: str, minor: int) -> None:
    assert parse_amount(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("1.200", "EUR"),
        ("1,200", "EUR"),
        ("1,2,3", "EUR"),
        ("-5", "EUR"),
        ("--5", "EUR"),
        ("12 EUR", "EUR"),
        ("", "EUR"),
        ("0.001", "EUR"),
        ("1.5", "JPY"),
        ("1e9", "EUR"),
        ("9" * 40, "EUR"),
        ("١٢", "EUR"),
    ],
)
def test_an_amount_that_is_not(text: str, currency: str) -> None:
    with pytest.raises(InvalidInput):
        parse_amount(text, currency)


@pytest.mark.parametrize(
    ("text", "currency", "hint"),
    [
        ("50.550", "EUR", "write 50550 or 50.5500"),
        ("50.555", "KWD", "write 50555 or 50.5550"),
        ("50.555", "EUR", "write 50555; EUR has 2 digits after the point"),
        ("1,200", "JPY", "write 1200; JPY has 0 digits after the point"),
    ],
)
def test_what_is_hinted_at_is_taken(text: str, currency: str, hint: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_amount(text, currency)
    assert caught.value.hint == hint
    for word in hint.partition(";")[0].removeprefix("write ").split(" or "):
        parse_amount(word, currency)


def test_an_amount_reads_back() -> None:
    assert format_amount(120050, "EUR") == "1200.50"
    assert format_amount(500, "JPY") == "500"
    assert format_amount(1, "KWD") == "0.001"


def test_a_currency_that_is_none() -> None:
    assert check_currency("eur") == "EUR"
    with pytest.raises(InvalidInput):
        check_currency("XYZ")


@pytest.mark.parametrize(
    ("text", "day"), [("2026-11-21", "2026-11-21"), ("today", "2026-11-21"), ("ieri", "2026-11-20")]
)
def test_a_day(text: str, day: str) -> None:
    assert parse_date(text, date(2026, 11, 21)) == day


@pytest.mark.parametrize("text", ["2026-02-31", "2026-13-01", "21/11/2026", "20261121", "tomorrowish", ""])
def test_a_day_that_does_not_exist(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_date(text, date(2026, 11, 21))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21T09:30", "2026-11-21T08:30:00Z"),
        ("2026-11-21 09:30", "2026-11-21T08:30:00Z"),
        ("2026-11-21T09:30:00Z", "2026-11-21T09:30:00Z"),
        ("2026-11-21T09:30+02:00", "2026-11-21T07:30:00Z"),
        ("2026-11-21", "2026-11-20T23:00:00Z"),
        ("now", NOW),
    ],
)
def test_a_moment_in_the_users_zone(text: str, moment: str) -> None:
    assert parse_time(text, NOW, ROME) == moment


@pytest.mark.parametrize("text", ["2026-02-31T10:00", "2026-11-21T25:00", "10:00", "0001-01-01T00:00+14:00"])
def test_a_moment_that_does_not_exist(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_time(text, NOW, ROME)
