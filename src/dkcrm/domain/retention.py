"""Rules of retention: how long those of a type are kept when nothing happens around them any more."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import datetime, timedelta
from typing import NamedTuple

from dkcrm.domain.entity import TYPES
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _

_RULE = re.compile(r"([a-z]+) inactive ([0-9]{1,4}) ?([dwmy])", re.ASCII)
#: Beyond a hundred years nobody has data.
_MOST_DAYS = 36_500
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


class Rule(NamedTuple):
    """Those of a type (or ``all``) are over when nothing has happened for so many days, weeks, months or years."""

    type: str
    many: int
    unit: str

    def __str__(self) -> str:
        return f"{self.type} inactive {self.many}{self.unit}"

    def cutoff(self, now: str) -> str:
        """Return the moment before which the last event must lie (ISO 8601 UTC); calendar months and years."""
        moment = datetime.fromisoformat(now)
        if self.unit in "dw":
            return _text(moment - timedelta(days=self.many * _DAYS[self.unit]))
        months = moment.year * 12 + moment.month - 1 - self.many * (12 if self.unit == "y" else 1)
        year, month = divmod(months, 12)
        day = min(moment.day, monthrange(year, month + 1)[1])
        return _text(moment.replace(year=year, month=month + 1, day=day))


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def parse_rule(text: str) -> Rule:
    """Return the rule of ``lead inactive 24m``. Raises InvalidInput for what is none."""
    word = " ".join(text.lower().split())
    found = _RULE.fullmatch(word)
    if found and found[1] in (*TYPES, "all"):
        rule = Rule(found[1], int(found[2]), found[3])
        if 1 <= rule.many * _DAYS[rule.unit] <= _MOST_DAYS:
            return rule
    raise InvalidInput(
        _("no rule of retention: {text}").format(text=text[:60] or "''"),
        hint=_('write TYPE inactive TIME, as in "lead inactive 24m" (d, w, m, y); TYPE is {types} or all').format(
            types=", ".join(TYPES)
        ),
    )
