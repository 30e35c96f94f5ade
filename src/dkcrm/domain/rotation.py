"""Which of many backups to keep: the newest of each of the last days, weeks, months and years."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime

from dkcrm.errors import InvalidInput
from dkcrm.i18n import _

_UNITS: dict[str, Callable[[datetime], tuple[int, ...]]] = {
    "h": lambda at: (at.year, at.month, at.day, at.hour),
    "d": lambda at: (at.year, at.month, at.day),
    "w": lambda at: at.isocalendar()[:2],
    "m": lambda at: (at.year, at.month),
    "y": lambda at: (at.year,),
}
_PART = re.compile(r"(\d{1,4})([hdwmy])", re.ASCII)

#: Unit -> of how many of its last periods a backup is kept.
Rule = dict[str, int]


def parse_rule(text: str) -> Rule:
    """Return a rule such as ``7d,4w,12m`` (hours, days, weeks, months, years). Raises InvalidInput."""
    rule: Rule = {}
    for word in text.lower().replace(" ", "").split(","):
        found = _PART.fullmatch(word)
        if found is None or int(found[1]) == 0 or found[2] in rule:
            raise InvalidInput(
                _("not a rule of what to keep: {text}").format(text=text[:80]),
                hint=_("write for example 7d,4w,12m: of the last 7 days, 4 weeks and 12 months (h and y too)"),
            )
        rule[found[2]] = int(found[1])
    return rule


def kept(moments: Iterable[datetime], rule: Rule) -> set[datetime]:
    """Return the moments to keep: the newest of each of the last periods that have one, and the newest of all."""
    ordered = sorted(set(moments), reverse=True)
    keep = set(ordered[:1])
    for unit, count in rule.items():
        newest: dict[tuple[int, ...], datetime] = {}
        for moment in ordered:
            newest.setdefault(_UNITS[unit](moment), moment)
        keep |= set(list(newest.values())[:count])
    return keep
