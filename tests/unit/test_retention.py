"""Rules of retention: what they are, what is none, and the day before which the last event must lie."""

from __future__ import annotations

import pytest

from dkcrm.domain.retention import parse_rule
from dkcrm.errors import InvalidInput

NOW = "2026-03-31T10:00:00Z"


@pytest.mark.parametrize(
    ("text", "cutoff"),
    [
        ("lead inactive 24m", "2024-03-31T10:00:00Z"),
        ("lead inactive 1m", "2026-02-28T10:00:00Z"),
        ("  ALL  Inactive 3 m ", "2025-12-31T10:00:00Z"),
        ("person inactive 2y", "2024-03-31T10:00:00Z"),
        ("suspect inactive 2w", "2026-03-17T10:00:00Z"),
        ("target inactive 31d", "2026-02-28T10:00:00Z"),
        ("lead inactive 100y", "1926-03-31T10:00:00Z"),
    ],
)
def test_the_day_before_which_nothing_may_have_happened(text: str, cutoff: str) -> None:
    rule = parse_rule(text)
    assert rule.cutoff(NOW) == cutoff
    assert parse_rule(str(rule)) == rule


def test_a_leap_day_goes_back_to_the_28th() -> None:
    assert parse_rule("lead inactive 1y").cutoff("2028-02-29T00:00:00Z") == "2027-02-28T00:00:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "", "lead", "lead inactive", "lead inactive 0d", "lead inactive -1d", "lead inactive 24", "lead inactive 24h",
        "customer inactive 2y", "lead active 2y", "lead inactive 101y", "lead inactive 99999999999999999999m",
        "lead inactive ٢m", "lead\x1b inactive 2m", "lead inactive 2m; DROP TABLE entity", "x" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_rule(text)
    assert "lead inactive 24m" in str(refused.value.hint) and len(refused.value.message) < 200
