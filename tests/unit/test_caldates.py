"""Dates as exports write them, and what a column proves of their order."""

from __future__ import annotations

from datetime import UTC, date, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dkcrm.formats.caldates import ambiguous, date_order, looks_like_dates, read_date

DAY = "2024-06-15"


@pytest.mark.parametrize(
    "text",
    [
        "2024-06-15", "2024/06/15", "2024.06.15", "20240615", "15/06/2024", "15-06-24", "15.6.2024", "15.06.2024.",
        "15 / 06 / 2024", "15 Jun 2024", "15-Jun-2024", "15-giu-24", "Jun 15, 2024", "June 15th 2024", "15 giugno 2024",
        "15 giu 2024", "15 GIU. 2024", "15° giugno 2024", "15th of June 2024", "Saturday, June 15, 2024",
        "sabato 15 giugno 2024", "Sab, 15 giu 2024", "2024 Jun 15", " 2024-06-15 ", "15/06/2024 00:00",
        "6/15/2024 12:00 AM", "2024-06-15 00:00:00",
    ],
)  # fmt: skip
def test_days_in_all_their_forms(text: str) -> None:
    assert read_date(text, None, UTC) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "Mar 5, 2024", "mar 5 2024", "MAR. 05, 2024", "Mar 5th, 2024", "March 5, 2024", "Mar-05-2024", "5 mar 2024",
        "mar 5 marzo 2024", "Mar, 5 mar 2024", "mar 05/03/2024", "martedì 5 marzo 2024", "Tue, Mar 5, 2024",
        "mar 5-3-24",
    ],
)  # fmt: skip
def test_mar_is_march_or_a_tuesday(text: str) -> None:
    assert read_date(text, "dmy", UTC) == "2024-03-05"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2006-04-15T03:23:15.000Z", "2006-04-15T03:23:15Z"),
        ("2024-06-15T10:00:00+02:00", "2024-06-15T08:00:00Z"),
        ("2024-06-15T10:00:00.1234567-0530", "2024-06-15T15:30:00Z"),
        ("2024-06-15 10:00", "2024-06-15T10:00:00Z"),
        ("6/15/2024 3:04 PM", "2024-06-15T15:04:00Z"),
        ("6/15/2024 12:04 a.m.", "2024-06-15T00:04:00Z"),
        ("15/06/2024, 09:30", "2024-06-15T09:30:00Z"),
        ("15/06/2024 ore 9:30", "2024-06-15T09:30:00Z"),
        ("Mar 5, 2024 9:30 AM", "2024-03-05T09:30:00Z"),
        ("Sat, 15 Jun 2024 15:04:05 +0200", "2024-06-15T13:04:05Z"),
        ("20240615T101500Z", "2024-06-15T10:15:00Z"),
        ("2015-03-16 14:40:47", "2015-03-16T14:40:47Z"),
        ("2024-06-15T00:00:00Z", "2024-06-15T00:00:00Z"),
    ],
)
def test_moments(text: str, moment: str) -> None:
    assert read_date(text, None, UTC) == moment


def test_a_moment_without_a_zone_is_in_the_one_that_is_given() -> None:
    assert read_date("15/06/2024 10:00", "dmy", timezone(timedelta(hours=2))) == "2024-06-15T08:00:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "31/02/2024", "2024-13-01", "00/00/0000", "0/0/00", "01/01/0001", "45123", "1718409600", "12345678",
        "15 Foo 2024", "Jun 2024", "15/06", "2024-06-15T25:00:00", "6/15/2024 13:04 PM", "15/06-2024", "1/2/345",
        "+39 02 1234567", "10:30", ":", "::::", "15/06/2024 :", "9" * 70, "２０２４-06-15", "15 giugno 24 99:99",
        "2024-06-15T10:00:00+99:99",
    ],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert read_date(text, None, UTC) is None


def test_the_order_decides_and_without_one_a_doubtful_date_is_none() -> None:
    assert read_date("03/04/2024") is None
    assert read_date("03/04/2024", "dmy") == "2024-04-03"
    assert read_date("03/04/2024", "mdy") == "2024-03-04"
    assert read_date("24-04-03", "ymd") == "2024-04-03"
    assert read_date("25/04/2024", "mdy") is None
    assert read_date("25/04/2024") == read_date("04/25/2024") == "2024-04-25"
    assert read_date("05/05/2024") == "2024-05-05"


def test_years_of_two_digits() -> None:
    assert read_date("31/12/68") == "2068-12-31"
    assert read_date("31/12/69") == "1969-12-31"


@pytest.mark.parametrize(
    ("values", "order", "doubtful"),
    [
        (["15/06/2024", "03/04/2024"], "dmy", False),
        (["", "06/15/2024", "N/A"], "mdy", False),
        (["03/04/2024", "1-2-24"], None, True),
        (["05/05/2024"], None, False),
        (["2024-01-02"], "ymd", False),
        (["2024-01-02", "03/04/2024"], None, True),
        (["25/12/2024", "12/25/2024"], None, True),
        (["15 Jun 2024"], None, False),
        (["5.6.2024"], None, False),
        (["99-06-15"], "ymd", False),
        (["15/06/2024 10:00"], "dmy", False),
        ([], None, False),
    ],
)
def test_what_a_column_proves(values: list[str], order: str | None, doubtful: bool) -> None:
    assert (date_order(values), ambiguous(values)) == (order, doubtful)


def test_columns_that_look_like_dates() -> None:
    assert looks_like_dates(["15/06/2024", "", "-", "03/04/2024"])
    assert looks_like_dates(["15/06/2024"] * 9 + ["soon"])
    assert not looks_like_dates(["15/06/2024"] * 8 + ["soon"])
    assert not looks_like_dates(["20240615", "20240616"])
    assert not looks_like_dates(["", "-"])
    assert not looks_like_dates(["12.5", "1.500"])


@given(
    st.dates(min_value=date(1000, 1, 1)), st.sampled_from(["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y/%m/%d"])
)
def test_a_day_that_is_written_comes_back(day: date, form: str) -> None:
    assert read_date(day.strftime(form).rjust(10, "0"), "dmy") == day.isoformat()


@given(
    st.text(alphabet=st.sampled_from("0123456789/-.: ,TtZzapmjun+°") | st.characters(), max_size=70),
    st.sampled_from([None, "dmy"]),
)
def test_any_text_is_a_date_or_none(text: str, order: str | None) -> None:
    found = read_date(text, order, UTC)
    assert found is None or date.fromisoformat(found[:10])
    assert looks_like_dates([text]) in (True, False)
    assert date_order([text]) in (None, "dmy", "mdy", "ymd")
