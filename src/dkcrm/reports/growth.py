"""Growth: new entities by type, what has gone, how many there are, customers won and lost."""

from __future__ import annotations

from collections import Counter
from typing import Any

from dkcrm.domain.entity import TYPES
from dkcrm.i18n import _
from dkcrm.reports.groups import FIELD, every, in_order, period, shown
from dkcrm.reports.scope import Scope
from dkcrm.result import Chart, Column, Result, Series

GROUPS = ("month", "week", "day", "source", "tag", FIELD)
HELP = """Count new entities by the type in which they entered, removed ones, how many there are, customers won and
    who was lost.

    A row for each month unless --by says else. Total is how many there are at its end: all that were ever added, less
    those removed by then. Won are those who became customers by a purchase, in the month of that. Lost are those who
    are lost or inactive, in the month in which they became so; who was reopened since is not among them. --since and
    --until bound the days of all this; the total starts from those who were there before.

    \b
    Examples:
      dkcrm report growth
      dkcrm report growth --since 2026 --by week
      dkcrm report growth source:fair --html growth.html
"""

#: The type in which somebody entered: what the first step that stands has left, else what they are.
_FIRST = (
    "coalesce((SELECT t.from_type FROM transition t WHERE t.entity_id = e.id AND t.voided_at IS NULL"
    " ORDER BY t.id LIMIT 1), e.type)"
)
# Here removed ones count: they were new, and they went. Who was merged was nobody else.
_NEW = f"""
SELECT {{group}} AS grp, {_FIRST} AS entered, count(*) FROM entity e NOT INDEXED {{join}}
WHERE e.merged_into IS NULL AND {{where}} AND {{moment}} GROUP BY grp, entered
"""
_GONE = """
SELECT {group} AS grp, count(*) FROM entity e NOT INDEXED {join}
WHERE e.merged_into IS NULL AND e.removed_at IS NOT NULL AND {where} AND {moment} GROUP BY grp
"""
_BEFORE = """
SELECT count(*) - count(CASE WHEN {removed} THEN 1 END) FROM entity e NOT INDEXED
WHERE e.merged_into IS NULL AND {where} AND {created}
"""
_WON = """
SELECT {group} AS grp, count(*) FROM transition t CROSS JOIN entity e ON e.id = t.entity_id {join}
WHERE t.voided_at IS NULL AND t.into_id IS NULL AND t.cause = 'purchase' AND e.removed_at IS NULL
  AND e.merged_into IS NULL AND {where} AND {moment} GROUP BY grp
"""
# When somebody became what they are: the last operation that says so, else (an import) when they were added.
_LOST = """
SELECT {group} AS grp, count(*) FROM (
  SELECT e.*, coalesce((
      SELECT o.at FROM change c JOIN operation o ON o.id = c.operation_id
      WHERE c.entity_id = e.id AND c.tbl = 'entity' AND c.row_id = e.id AND json_extract(c.after, '$.state') = e.state
      ORDER BY c.operation_id DESC, c.id DESC LIMIT 1
    ), e.created_at) AS at
  FROM entity e NOT INDEXED WHERE e.state IN ('lost', 'inactive') AND e.removed_at IS NULL AND e.merged_into IS NULL
    AND {where}
) e {join} WHERE {moment} GROUP BY grp
"""


def report(scope: Scope) -> Result:
    """Return a row for each month or other group.

    ``new`` and a count for each type in use (in which they entered), ``removed``, ``total`` (new less removed; over
    time cumulative), ``won``, ``lost``.
    """
    by = scope.by
    name = by.name if by else "month"
    timed = by is None or by.of == "time"
    new: dict[Any, Counter[str]] = {}
    for key, type, count in _asked(scope, _NEW, "e.created_at", name, timed):
        new.setdefault(key, Counter())[type] = count
    removed, won, lost = (
        dict(_asked(scope, sql, at, name, timed))
        for sql, at in ((_GONE, "e.removed_at"), (_WON, "t.at"), (_LOST, "e.at"))
    )
    keys = {*new, *removed, *won, *lost}
    types = [type for type in TYPES if type in scope.in_use]
    rows = []
    total = _before(scope) if timed and scope.first else 0
    for key in every(name, keys) if timed else in_order(keys):
        counts = new.get(key, Counter())
        entered = sum(counts.values())
        total = (total if timed else 0) + entered - removed.get(key, 0)
        rows.append(
            {name: shown(name, key) if timed else key, "new": entered}
            | {type: counts[type] for type in types}
            | {"removed": removed.get(key, 0), "total": total, "won": won.get(key, 0), "lost": lost.get(key, 0)}
        )
    rows = scope.limited(rows)
    charts = []
    if rows:
        charts = [
            Chart(_("New entities"), rows, name, [Series("new", _("New"))], _("entities"), timed),
            Chart(_("Total"), rows, name, [Series("total", _("Total"))], _("entities"), timed),
            Chart(_("Customers won, and who was lost"), rows, name,
                  [Series("won", _("Won")), Series("lost", _("Lost"))], _("entities"), timed),
        ]  # fmt: skip
    title = _("Growth by {group}").format(group=by.title.lower() if by else _("month"))
    return Result(rows, _columns(scope, types), rows, charts=charts, title=title)


def _asked(scope: Scope, sql: str, at: str, name: str, timed: bool) -> list[tuple[Any, ...]]:
    group, join = (period(name, at), "") if timed or scope.by is None else (scope.by.sql, scope.by.join)
    return scope.rows(sql, group=group, join=join, where=scope.where, moment=scope.between(at)).fetchall()


def _before(scope: Scope) -> int:
    """Return how many there were before the period began."""
    row = scope.rows(
        _BEFORE, where=scope.where, created=("e.created_at < ?", (scope.first,)),
        removed=("e.removed_at < ?", (scope.first,)),
    ).fetchone()  # fmt: skip
    return int(row[0])


def _columns(scope: Scope, types: list[str]) -> list[Column]:
    return [
        scope.by.column if scope.by else Column("month", _("Month")),
        Column("new", _("New"), "number"),
        *(Column(type, look="number", wide=True) for type in types),
        Column("removed", _("Removed"), "number"),
        Column("total", _("Total"), "number"),
        Column("won", _("Won"), "number"),
        Column("lost", _("Lost"), "number"),
    ]
