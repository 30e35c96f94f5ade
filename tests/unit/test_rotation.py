"""Which backups are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dkcrm.domain.rotation import kept, parse_rule
from dkcrm.errors import InvalidInput

START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def test_nightly_backups_of_a_year_become_days_weeks_and_months() -> None:
    nights = [START - timedelta(days=n) for n in range(365)]
    left = sorted(kept(nights, parse_rule("7d,4w,12m")), reverse=True)
    days = [moment.date().isoformat() for moment in left]
    assert days[:7] == [f"2026-11-{day}" for day in range(22, 15, -1)]
    # Sundays end a week; the 22nd and the 16th are of the last week, so three older ones are left.
    assert days[7:10] == ["2026-11-15", "2026-11-08", "2026-11-01"]
    assert days[10:] == [
        "2026-10-31", "2026-09-30", "2026-08-31", "2026-07-31", "2026-06-30", "2026-05-31", "2026-04-30", "2026-03-31",
        "2026-02-28", "2026-01-31", "2025-12-31",
    ]  # fmt: skip


def test_days_without_a_backup_do_not_count_and_the_newest_always_stays() -> None:
    moments = [START, START - timedelta(days=30), START - timedelta(days=400)]
    assert kept(moments, parse_rule("3d")) == set(moments)
    assert kept(moments, parse_rule("1y")) == {START}
    assert kept(moments, parse_rule("2y")) == {START, moments[2]}
    assert kept([], parse_rule("1h")) == set()
    hours = [START - timedelta(minutes=20 * n) for n in range(9)]
    assert kept(hours, parse_rule("2h")) == {START, START - timedelta(minutes=20)}


@pytest.mark.parametrize("text", ["", "7", "d", "0d", "7d,", "7d,7d", "7x", "-1d", "7d;4w", "99999d", "7d 4w 1", "٧d"])
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        parse_rule(text)
    assert "7d,4w,12m" in str(raised.value.hint)


def test_rules_are_read_in_any_case_and_with_blanks() -> None:
    assert parse_rule("7D, 4w") == {"d": 7, "w": 4}
