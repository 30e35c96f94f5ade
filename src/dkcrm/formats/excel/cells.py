"""What stands in a cell, as text: as a person who looks at the sheet would write it down."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

# Excel computes with fifteen digits; beyond, a whole number's last digits are made up.
_EXACT = 10**15
_LONGEST = 1e21


def cell_text(value: Any) -> str:
    """Return a cell's value as text: ``393471234567.0`` without ``.0``, dates in ISO 8601, ``true`` and ``false``."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        value = value if value.microsecond < 500_000 else value + timedelta(seconds=1)
        return str(value.replace(microsecond=0).isoformat())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.replace(microsecond=0).isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours:02}:{minutes:02}:{seconds:02}"
    return "" if value is None else str(value)


def _number(value: float) -> str:
    """Return a number with the fewest digits that mean it, and no exponent as long as it can be read without."""
    if not math.isfinite(value):
        return ""
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if abs(value) < _LONGEST and (value.is_integer() or abs(value) >= 1e-6):
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    return repr(value)
