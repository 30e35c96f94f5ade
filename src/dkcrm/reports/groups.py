"""What a report's rows may stand for: months, sources, tags, custom fields, as SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Column
from dkcrm.store.settings import fields

#: Stands among the groups of a report for any custom field.
FIELD = "FIELD"
#: More periods than this without anything in them are not shown.
_MOST_BLANK = 120
#: A month has no day that is in another one anywhere on earth from its second to its 27th in UTC.
_INSIDE = "substr({at}, 9, 2) BETWEEN '02' AND '27'"


#: The keys of rows: a custom field of such a name is told apart from them.
_TAKEN = frozenset(
    """id type entered there moved_on conversion median_days entities stuck source leads qualified customers revenue
    month week day in out contacts people tasks_done currency count quantity average opened closed open waiting overdue
    reopened answer_median answer_mean close_median close_mean new removed total won lost suspect lead prospect person
    target organization""".split()
)


class Group(NamedTuple):
    """What rows are grouped by: its name (also the key in JSON), its title, and what joins it to ``e``, an entity.

    ``of`` is ``time`` for periods, whose value each report has from its own moments.
    """

    name: str
    title: str
    of: str
    join: str = ""
    sql: str = ""

    @property
    def column(self) -> Column:
        """The column of a table."""
        return Column(self.name, self.title)

    def term(self, value: str | None) -> str:
        """Return the filter of the entities that have a value of it, none if that is None; of a month who was added."""
        if self.of == "time":
            return f"created:{value}"
        field = f"field.{self.name.removeprefix('field.')}" if self.of == "field" else self.name
        if value is None:
            return f"{field}:none"
        if self.of in ("tag", "type"):
            return f"{field}:{value}"
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'{field}="{escaped}"'


TIMES = {"day": _("Day"), "week": _("Week"), "month": _("Month")}
_PLAIN = {
    "source": Group("source", _("Source"), "source", sql="e.source"),
    "tag": Group("tag", _("Tag"), "tag", "LEFT JOIN tag g ON g.entity_id = e.id", "g.tag"),
    "type": Group("type", _("Type"), "type", sql="e.type"),
}
_TITLES = {
    "channel": _("Channel"),
    "customer": _("Customer"),
    "product": _("Product"),
    "priority": _("Priority"),
    "state": _("State"),
}


def group_named(connection: sqlite3.Connection, word: str, groups: Sequence[str]) -> Group:
    """Return the group that a word names, among those that make sense for a report; custom fields have their names."""
    name = word.strip().lower()
    if name in groups:
        if name in TIMES:
            return Group(name, TIMES[name], "time")
        return _PLAIN.get(name) or Group(name, _TITLES[name], name)
    known = [group for group in groups if group != FIELD]
    custom = fields(connection) if FIELD in groups else {}
    field = custom.get(name.removeprefix("field."))
    if field is not None:
        join = f"LEFT JOIN field_value g ON g.entity_id = e.id AND g.field_id = {int(field[0])}"
        word = name.removeprefix("field.")
        return Group(f"field.{word}" if word in _TAKEN else word, word.capitalize(), "field", join, "g.value")
    from dkcrm.domain.values import shorten

    if name == "owner" and FIELD in groups:
        raise InvalidInput(
            _("there is no custom field owner"), hint=_("declare it with: dkcrm field add owner, or name another field")
        )
    words = [*known, _("a custom field")] if FIELD in groups else known
    raise InvalidInput(
        _("this report is grouped by {groups}, not by {by}").format(
            groups=_(" or ").join((", ".join(words[:-1]), words[-1]) if words[1:] else words), by=shorten(word)
        ),
        hint=_("custom fields: {names}").format(names=", ".join(custom)) if custom else None,
    )


def period(unit: str, at: str) -> str:
    """Return the SQL for the day, the week (its Monday) or the month of a moment, on the user's calendar."""
    if unit == "month":
        inside = _INSIDE.format(at=at)
        return f"CASE WHEN {inside} THEN substr({at}, 1, 7) ELSE strftime('%Y-%m', {at}, 'localtime') END"
    return f"date({at}, 'localtime'{', ' + repr('weekday 0') + ', ' + repr('-6 days') if unit == 'week' else ''})"


def shown(unit: str, key: str) -> str:
    """Return a period as it is written: a week as ``2026-W34``, as filters have it."""
    if unit != "week":
        return key
    year, week, _day = date.fromisoformat(key).isocalendar()
    return f"{year:04}-W{week:02}"


def every(unit: str, keys: Iterable[str]) -> list[str]:
    """Return the periods of some keys in order, and those between them: a month without anything is a fact too.

    Where there are very many without anything (somebody was entered with a date of long ago) they are left out.
    """
    there = sorted(set(keys))
    if not there:
        return []
    found = [there[0]]
    while found[-1] < there[-1]:
        if len(found) > len(there) + _MOST_BLANK:
            return there
        found.append(_next(unit, found[-1]))
    return found


def _next(unit: str, key: str) -> str:
    if unit == "month":
        year, month = int(key[:4]), int(key[5:])
        return f"{year + month // 12:04}-{month % 12 + 1:02}"
    return (date.fromisoformat(key) + timedelta(days=7 if unit == "week" else 1)).isoformat()


def in_order(keys: Iterable[Any]) -> list[Any]:
    """Return the values of a group by the alphabet, none at the end."""
    return sorted(set(keys), key=lambda key: (key is None, key or ""))
