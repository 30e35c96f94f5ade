"""The figures of reports: money that is never added over currencies, shares, medians."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from dkcrm.domain.money import exponent, format_amount


def money(sums: Mapping[str, int]) -> list[dict[str, str]]:
    """Return sums of minor units by currency as JSON has them."""
    return [{"currency": code, "amount": format_amount(sums[code], code)} for code in sorted(sums)]


def money_text(amounts: Sequence[Mapping[str, str]]) -> str:
    """Return the same for a table: ``1200.00 EUR, 300.00 USD``."""
    return ", ".join(f"{one['amount']} {one['currency']}" for one in amounts)


def average(minor: int, count: int, currency: str) -> str:
    """Return an average amount, rounded half to even as accountants do."""
    unit = Decimal(1).scaleb(-exponent(currency))
    return str((Decimal(minor).scaleb(-exponent(currency)) / count).quantize(unit))


def share(part: int, whole: int) -> float | None:
    """Return a share from 0 to 1, or None of nothing."""
    return round(part / whole, 4) if whole else None


def median(values: Iterable[float]) -> float | None:
    """Return the median, or None of nothing."""
    there = sorted(values)
    if not there:
        return None
    half = len(there) // 2
    return there[half] if len(there) % 2 else (there[half - 1] + there[half]) / 2


def mean(values: Sequence[float]) -> float | None:
    """Return the mean, or None of nothing."""
    return sum(values) / len(values) if values else None


def rounded(value: float | None, divisor: float = 1) -> float | None:
    """Return a value in another unit, to two places."""
    return None if value is None else round(value / divisor, 2)


def decimals(number: int, texts: str | None) -> str:
    """Return the sum of a whole number and of decimals (a text of them with commas) as a decimal."""
    total = Decimal(number) + sum((Decimal(text) for text in (texts or "").split(",") if text), Decimal(0))
    return f"{total.normalize():f}"


def flat(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return a row whose money is text."""
    return {**row, **{name: money_text(row[name]) for name in names}}
