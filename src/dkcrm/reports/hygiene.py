"""Hygiene: what is missing or forgotten in the records, and the command that lists or mends it."""

from __future__ import annotations

import shlex
from collections import Counter
from typing import Any, NamedTuple

from dkcrm.domain.periods import span
from dkcrm.domain.scanning import joined
from dkcrm.i18n import _
from dkcrm.reports.figures import share
from dkcrm.reports.scope import ALIVE, Scope
from dkcrm.result import Chart, Column, Result, Series

GROUPS = ()
HELP = """Check the records: what is missing, who was forgotten, and how to list or mend it. Checks of nobody are left out.

    Stale are active leads without a contact in 90 days (who were not added since). Emails that will not arrive are at
    domains that are reserved for examples and tests (RFC 2606), or such as noreply@. A dead end is a target that nobody
    belongs to; a mixed link joins a prospect to an organization or a person to a target. --since and --until bound the
    day on which entities were added.

    \b
    Examples:
      dkcrm report hygiene
      dkcrm report hygiene --since last-month --json
      dkcrm report hygiene owner=anna --html anna.html
"""

#: Days without a contact after which a lead is stale.
STALE = 90
#: How many entities are named for each check.
_EXAMPLES = 5
_BAD = r"(@|\.)(test|example|invalid|localhost|local|example\.(com|net|org))$|^(no-?reply|do-?not-?reply|mailer-daemon)@"
# The same as SQL: the last label of the domain, and what a name begins with. The guards spare most of the work.
_BAD_SQL = """
  (lower(replace(p.value, rtrim(p.value, replace(p.value, '.', '')), '')) IN
    ('test', 'example', 'invalid', 'localhost', 'local')
  OR (p.value LIKE '%example.___' AND (p.value LIKE '%@example.com' OR p.value LIKE '%.example.com'
    OR p.value LIKE '%@example.net' OR p.value LIKE '%.example.net' OR p.value LIKE '%@example.org'
    OR p.value LIKE '%.example.org'))
  OR (p.value LIKE 'no%' AND (p.value LIKE 'noreply@%' OR p.value LIKE 'no-reply@%'))
  OR (p.value LIKE 'do%' AND (p.value LIKE 'donotreply@%' OR p.value LIKE 'do-notreply@%'
    OR p.value LIKE 'donot-reply@%' OR p.value LIKE 'do-not-reply@%')) OR p.value LIKE 'mailer-daemon@%')
"""


class Check(NamedTuple):
    """A check: among whom (a key of ``_AMONG``), what is wrong as SQL over ``e`` and its points, and who they are as a
    filter, where there is one.
    """

    name: str
    title: str
    among: str
    terms: tuple[str, ...]
    needs: str = ""


_STALE = f"{STALE}d"
CHECKS = (
    Check("no-email", _("No email"), "all", ("email:none",)),
    Check("unreachable", _("Neither email nor phone"), "all", ("email:none", "phone:none")),
    Check("bad-email", _("An email that will not arrive"), "email", (f"email:~{_BAD}",)),
    Check("no-source", _("No source"), "all", ("source:none",)),
    Check("suspects-in-contact", _("Suspects that have been in contact"), "suspect", ("suspect", "direction:in"), "suspect"),
    Check("stale-leads", _("Stale leads"), "active-lead",
          ("lead", "state:active", f"created:..{_STALE}", "not", f"last-contact:{_STALE}.."), "lead"),
    Check("leads-without-contact", _("Leads without any contact"), "lead", ("lead", "interactions:0"), "lead"),
    Check("leads-without-source", _("Leads without a source"), "lead", ("lead", "source:none"), "lead"),
    Check("dead-ends", _("Targets without a prospect"), "target", ("target", "members:0"), "target"),
    Check("mixed-links", _("Prospects of an organization, persons of a target"), "member", ()),
    Check("customers-without-purchase", _("Customers without a purchase"), "customer",
          ("purchases:0", "(type:person or type:organization)")),
)  # fmt: skip
#: What is asked of each entity: who it is among, then what is wrong; each is a bit.
_AMONG = ("all", "email", "suspect", "lead", "active-lead", "target", "member", "customer")
_FLAGS = f"""
SELECT id, 1 + 2 * (points & 1) + 4 * (type = 'suspect') + 8 * (type = 'lead') + 16 * (type = 'lead' AND state = 'active')
    + 32 * (type = 'target') + 64 * (links NOT NULL) + 128 * (type IN ('person', 'organization')),
  NOT (points & 1), NOT (points & 3), points & 4 > 0, blank,
  CASE WHEN type = 'suspect' THEN EXISTS (SELECT 1 FROM interaction i WHERE i.entity_id = s.id AND i.direction = 'in')
    ELSE 0 END,
  type = 'lead' AND state = 'active' AND created_at <= {{old}} AND coalesce(last, '') < {{recent}},
  type = 'lead' AND last IS NULL, type = 'lead' AND blank,
  CASE WHEN type = 'target' THEN NOT EXISTS (SELECT 1 FROM membership m WHERE m.organization_id = s.id) ELSE 0 END,
  coalesce(links, 0),
  CASE WHEN type IN ('person', 'organization') THEN NOT EXISTS (
    SELECT 1 FROM purchase b WHERE b.entity_id = s.id AND b.voided_at IS NULL) AND NOT EXISTS (
    SELECT 1 FROM purchase b WHERE b.also_id = s.id AND b.voided_at IS NULL) ELSE 0 END
FROM (
  SELECT e.id, e.type, e.state, e.created_at, coalesce(e.source, '') = '' AS blank,
    coalesce((SELECT max(p.kind = 'email') + 2 * max(p.kind = 'phone') + 4 * max(p.kind = 'email' AND {_BAD_SQL})
      FROM contact_point p WHERE p.entity_id = e.id), 0) AS points,
    CASE WHEN e.type = 'lead' THEN (SELECT max(i.at) FROM interaction i WHERE i.entity_id = e.id) END AS last,
    CASE WHEN e.type IN ('prospect', 'person') THEN (SELECT max(o.type <> CASE e.type WHEN 'prospect' THEN 'target'
      ELSE 'organization' END) FROM membership m CROSS JOIN entity o ON o.id = m.organization_id
      WHERE m.member_id = e.id AND o.removed_at IS NULL) END AS links
  FROM entity e NOT INDEXED WHERE {ALIVE} AND {{where}} AND {{created}}
) s
"""


def report(scope: Scope) -> Result:
    """Return a row for each check of the types in use, those that concern nobody left out.

    ``check``, ``title``, ``count``, ``of`` (among how many), ``share`` (0 to 1), ``examples`` (numbers), ``command``
    (which lists all of them; of mixed links the examples).
    """
    first, last = span(_STALE, scope.now)
    rows = scope.rows(
        _FLAGS, where=scope.where, created=scope.between("e.created_at"), old=("?", (last,)), recent=("?", (first,))
    ).fetchall()
    counts = Counter(row[1:] for row in rows)
    data = []
    for nth, check in enumerate(CHECKS):
        if check.needs and check.needs not in scope.in_use:
            continue
        bit = 1 << _AMONG.index(check.among)
        among = sum(count for flags, count in counts.items() if flags[0] & bit)
        found = sum(count for flags, count in counts.items() if flags[nth + 1])
        if among:
            data.append(_row(scope, check, found, among, _first(rows, nth + 2) if found else []))
    data = scope.limited(data)
    columns = [
        Column("title", _("Check")),
        Column("count", _("Count"), "number"),
        Column("of", _("of"), "number"),
        Column("share", _("Share"), "share"),
        Column("examples", _("Such as"), wide=True),
        Column("command", _("All of them")),
    ]
    charts = [Chart(_("What is missing"), data, "title", [Series("count", _("Count"))], _("entities"))] if data else []
    return Result(data, columns, data, charts=charts, title=_("Hygiene"))


def _first(rows: list[tuple[Any, ...]], place: int) -> list[int]:
    found = []
    for row in rows:
        if row[place]:
            found.append(row[0])
            if len(found) == _EXAMPLES:
                break
    return found


def _row(scope: Scope, check: Check, count: int, among: int, examples: list[int]) -> dict[str, Any]:
    return {
        "check": check.name,
        "title": check.title,
        "count": count,
        "of": among,
        "share": share(count, among),
        "examples": examples,
        "command": _command(scope, check, examples) if count else None,
    }


def _command(scope: Scope, check: Check, examples: list[int]) -> str:
    """Return the command that lists those of a check: the report's own filter and period, and the check's."""
    if not check.terms:
        return "dkcrm show " + " ".join(map(str, examples))
    words = list(check.terms)
    request = scope.request
    if scope.filtered:
        words.append(f"({joined(request.terms)})")
    if scope.first or scope.last:
        words.append(f"created:{request.since or ''}..{request.until or ''}")
    return "dkcrm list " + " ".join(shlex.quote(word) for word in words)
