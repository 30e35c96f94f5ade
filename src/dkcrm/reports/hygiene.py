"""Hygiene: what is missing or forgotten in the records, and the command that lists or mends it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any, NamedTuple

from dkcrm.domain.entity import CUSTOMER_TYPES
from dkcrm.domain.periods import span
from dkcrm.domain.query import kept_text
from dkcrm.i18n import _
from dkcrm.reports.figures import share
from dkcrm.reports.groups import FIELD, in_order, period
from dkcrm.reports.scope import ALIVE, Scope
from dkcrm.result import Chart, Column, Result, Series

GROUPS = ("month", "type", "source", "tag", FIELD)
HELP = """Check the records: what is missing, who was forgotten, and how to list or mend it. Checks of nobody are left
    out.

    Suspects in contact have written or called: leads by now. Stale are active leads without a contact in 90 days (who
    were not added since). Emails that will not arrive are at domains that are reserved for examples and tests (RFC
    2606), or such as noreply@. A dead end is a target that nobody belongs to; a mixed link joins a prospect to an
    organization or a person to a target. --since and --until bound the day on which entities were added. --by gives a
    row for each check and month (in which they were added), type, source, tag or value of a custom field; by tag, who
    has two is counted in both.

    \b
    Examples:
      dkcrm report hygiene
      dkcrm report hygiene --since last-month --json
      dkcrm report hygiene --by source
      dkcrm report hygiene owner=anna --html anna.html
"""

#: Days without a contact after which a lead is stale.
STALE = 90
#: How many entities are named for each check.
_EXAMPLES = 5
_BAD = (
    r"(@|\.)(test|example|invalid|localhost|local|example\.(com|net|org))$|^(no-?reply|do-?not-?reply|mailer-daemon)@"
)
# The same as SQL.
_ENDS = ("test", "example", "invalid", "localhost", "local", "example.com", "example.net", "example.org")
_NAMES = ("noreply", "no-reply", "donotreply", "do-notreply", "donot-reply", "do-not-reply", "mailer-daemon")
_BOUNCING = "SELECT p.entity_id FROM contact_point p NOT INDEXED WHERE p.kind = 'email' AND ({tests})".format(
    tests=" OR ".join(
        [f"p.value LIKE '%{mark}{end}'" for end in _ENDS for mark in "@."]
        + [f"p.value LIKE '{name}@%'" for name in _NAMES]
    )
)


class Facts(NamedTuple):
    """What is asked of each entity; many are alike in all of it."""

    type: str
    state: str
    points: int
    bounces: int
    blank: int
    contact: int | None
    recent: int
    links: int | None
    members: int | None
    bought: int | None

    @property
    def customer(self) -> bool:
        """Whether it is one."""
        return self.type in CUSTOMER_TYPES


class Check(NamedTuple):
    """A check: among whom, what is wrong with them, and who they are as a filter, where there is one."""

    name: str
    title: str
    among: Callable[[Facts], bool]
    wrong: Callable[[Facts], object]
    terms: tuple[str, ...]
    needs: str = ""


def _is(type: str) -> Callable[[Facts], bool]:
    return lambda facts: facts.type == type


_STALE = f"{STALE}d"
#: Bits of ``points``. ``contact`` of a lead is 2 where there was none ever, 1 for none of late; of a suspect 1 for one
#: that came in.
_EMAIL, _PHONE = 1, 2
_NEVER = 2
CHECKS = (
    Check("no-email", _("No email"), lambda f: True, lambda f: not f.points & _EMAIL, ("email:none",)),
    Check("unreachable", _("Neither email nor phone"), lambda f: True, lambda f: not f.points & (_EMAIL | _PHONE),
          ("email:none", "phone:none")),
    Check("bad-email", _("An email that will not arrive"), lambda f: bool(f.points & _EMAIL),
          lambda f: f.bounces, (f"email:~{_BAD}",)),
    Check("no-source", _("No source"), lambda f: True, lambda f: f.blank, ("source:none",)),
    Check("suspects-in-contact", _("Suspects in contact"), _is("suspect"), lambda f: f.contact,
          ("suspect", "direction:in"), "suspect"),
    Check("stale-leads", _("Stale leads"), lambda f: f.type == "lead" and f.state == "active",
          lambda f: f.contact and not f.recent,
          ("lead", "state:active", f"created:..{_STALE}", "not", f"last-contact:{_STALE}.."), "lead"),
    Check("leads-without-contact", _("Leads without any contact"), _is("lead"), lambda f: f.contact == _NEVER,
          ("lead", "interactions:0"), "lead"),
    Check("leads-without-source", _("Leads without a source"), _is("lead"), lambda f: f.blank, ("lead", "source:none"),
          "lead"),
    Check("dead-ends", _("Dead ends"), _is("target"), lambda f: not f.members, ("target", "members:0"),
          "target"),
    Check("mixed-links", _("Mixed links"), lambda f: f.links is not None,
          lambda f: f.links, ()),
    Check("customers-without-purchase", _("Customers without a purchase"), lambda f: f.customer, lambda f: not f.bought,
          ("purchases:0", "(type:person or type:organization)")),
)  # fmt: skip
_FACTS = f"""
SELECT {{group}}, e.id, e.type, e.state,
  coalesce((SELECT max(p.kind = 'email') + 2 * max(p.kind = 'phone') FROM contact_point p WHERE p.entity_id = e.id), 0),
  e.id IN ({_BOUNCING}),
  coalesce(e.source, '') = '',
  CASE e.type WHEN 'lead' THEN (SELECT CASE WHEN max(i.at) IS NULL THEN 2 ELSE max(i.at) < {{long_ago}} END
      FROM interaction i WHERE i.entity_id = e.id)
    WHEN 'suspect' THEN EXISTS (SELECT 1 FROM interaction i WHERE i.entity_id = e.id AND i.direction = 'in') END,
  e.created_at > {{recent}},
  CASE WHEN e.type IN ('prospect', 'person') THEN (SELECT max(o.type <> CASE e.type WHEN 'prospect' THEN 'target'
    ELSE 'organization' END) FROM membership m CROSS JOIN entity o ON o.id = m.organization_id
    WHERE m.member_id = e.id AND o.removed_at IS NULL) END,
  CASE e.type WHEN 'target' THEN EXISTS (SELECT 1 FROM membership m WHERE m.organization_id = e.id) END,
  CASE WHEN e.type IN ('person', 'organization') THEN EXISTS (
    SELECT 1 FROM purchase b WHERE b.entity_id = e.id AND b.voided_at IS NULL) OR EXISTS (
    SELECT 1 FROM purchase b WHERE b.also_id = e.id AND b.voided_at IS NULL) END
FROM entity e NOT INDEXED {{join}} WHERE {ALIVE} AND {{where}} AND {{created}}
"""


def report(scope: Scope) -> Result:
    """Return a row for each check of the types in use, and value of the group; those that concern nobody left out.

    ``check``, ``title``, ``count``, ``of`` (among how many), ``share`` (0 to 1), ``examples`` (numbers), ``command``
    (which lists all of them; of mixed links the examples).
    """
    first, last = span(_STALE, scope.now)
    by = scope.by
    group, join = "NULL", ""
    if by is not None:
        group, join = (period(by.name, "e.created_at"), "") if by.of == "time" else (by.sql, by.join)
    alike: dict[Any, dict[tuple[Any, ...], list[int]]] = {}
    for value, number, *facts in scope.rows(
        _FACTS,
        group=group,
        join=join,
        where=scope.where,
        created=scope.between("e.created_at"),
        long_ago=("?", (first,)),
        recent=("?", (last,)),
    ):
        alike.setdefault(value, {}).setdefault(tuple(facts), []).append(number)
    there = {value: [(Facts(*facts), numbers) for facts, numbers in alike[value].items()] for value in in_order(alike)}
    data = []
    for check in CHECKS:
        if check.needs and check.needs not in scope.in_use:
            continue
        for value, parties in there.items():
            among = [(facts, numbers) for facts, numbers in parties if check.among(facts)]
            wrong = [numbers for facts, numbers in among if check.wrong(facts)]
            if among:
                examples = sorted(number for numbers in wrong for number in numbers[:_EXAMPLES])[:_EXAMPLES]
                total = sum(len(numbers) for _facts, numbers in among)
                data.append(_row(scope, check, value, sum(map(len, wrong)), total, examples))
    data = scope.limited(data)
    columns = [
        Column("title", _("Check")),
        Column("count", _("Count"), "number"),
        Column("of", _("of"), "number"),
        Column("share", _("Share"), "share"),
        Column("examples", _("Such as"), wide=True),
        Column("command", _("All of them")),
    ]
    charts = []
    if by is not None:
        columns.insert(1, by.column)
    elif data:
        charts = [Chart(_("What is missing"), data, "title", [Series("count", _("Count"))], _("entities"))]
    return Result(data, columns, data, charts=charts, title=scope.title(_("Hygiene")))


def _row(scope: Scope, check: Check, value: Any, count: int, among: int, examples: list[int]) -> dict[str, Any]:
    group = {scope.by.name: value} if scope.by else {}
    return {
        "check": check.name,
        "title": check.title,
        **group,
        "count": count,
        "of": among,
        "share": share(count, among),
        "examples": examples,
        "command": _command(scope, check, value, examples) if count else None,
    }


def _command(scope: Scope, check: Check, value: Any, examples: list[int]) -> str:
    """Return the command that lists those of a check: the report's own filter, period and group, and the check's."""
    if not check.terms:
        return "dkcrm show " + " ".join(map(str, examples))
    words = list(check.terms)
    request = scope.request
    if scope.filtered:
        words.append(f"({kept_text(request.terms)})")
    if scope.by is not None:
        words.append(scope.by.term(value))
    if scope.first or scope.last:
        words.append(f"created:{request.since or ''}..{request.until or ''}")
    return "dkcrm list " + " ".join(shlex.quote(word) for word in words)
