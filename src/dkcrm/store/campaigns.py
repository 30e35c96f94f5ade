"""Campaigns in the store: rows to domain, from a reference to a number, and what became of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from dkcrm.domain.campaign import Campaign, Figures
from dkcrm.domain.text import fold, nearest
from dkcrm.errors import Ambiguous, NotFound
from dkcrm.i18n import _
from dkcrm.store.entities import parse_number, parse_uid, uid_text

_CAMPAIGN = "id, uid, name, channel, purpose, basis, cost_minor, currency, notes, created_at, removed_at"


def load_campaigns(
    connection: sqlite3.Connection, numbers: Iterable[int] | None = None, *, removed: bool = True
) -> list[Campaign]:
    """Return campaigns by their numbers, in that order, or all of them."""
    there = "" if removed else " WHERE removed_at IS NULL"
    rows = connection.execute(f"SELECT {_CAMPAIGN} FROM campaign{there} ORDER BY id")
    found = {row[0]: Campaign(row[0], uid_text(row[1]), *row[2:]) for row in rows}
    return list(found.values()) if numbers is None else [found[number] for number in numbers if number in found]


def campaign_of(connection: sqlite3.Connection, reference: str) -> Campaign:
    """Return the campaign of a number, a uid or a name, whatever its case and accents; a name only if not removed.

    Raises NotFound that names the nearest.
    """
    text = reference.strip()
    uid = parse_uid(text)
    number = parse_number(text)
    campaigns = load_campaigns(connection)
    for campaign in campaigns:
        if campaign.id == number or (uid and campaign.uid == uid_text(uid)):
            return campaign
    named = {campaign.name: campaign for campaign in campaigns if campaign.removed_at is None}
    if text in named:
        return named[text]
    found = [campaign for campaign in named.values() if fold(campaign.name) == fold(text)]
    if len(found) == 1:
        return found[0]
    if found:
        raise ambiguous(reference, found)
    from dkcrm.domain.values import shorten

    close = nearest(text[:200], list(named))
    raise NotFound(
        _("no campaign {reference}").format(reference=shorten(reference)),
        hint=_("did you mean {names}?").format(names=", ".join(close))
        if close
        else _("see: dkcrm campaign list --all"),
    )


def ambiguous(what: str, campaigns: Sequence[Campaign]) -> Ambiguous:
    """Return the error for words that stand for several campaigns."""
    return Ambiguous(
        _("{count} campaigns answer to {reference}").format(count=len(campaigns), reference=what),
        hint=_("name one by its number"),
        candidates=[{"id": one.id, "name": one.name, "use": str(one.id)} for one in campaigns],
    )


def last_reaching(connection: sqlite3.Connection, number: int, moment: str) -> list[int]:
    """Return the campaigns, none of them removed, that were the last to reach an entity up to a moment."""
    rows = connection.execute(
        "SELECT i.campaign_id, max(i.at) AS last FROM interaction i JOIN campaign c ON c.id = i.campaign_id"
        " WHERE i.entity_id = ? AND i.direction = 'out' AND i.at <= ? AND c.removed_at IS NULL"
        " GROUP BY i.campaign_id ORDER BY last DESC, i.campaign_id",
        (number, moment),
    ).fetchall()
    return [campaign for campaign, last in rows if last == rows[0][1]]


# What became of them

# reached: whom a campaign reached, and when first. known: the same entities under every number that they had, for a
# step that somebody took as a lead who was folded into a customer since is the customer's.
_REACHED = (
    "WITH RECURSIVE reached(campaign, entity, at) AS MATERIALIZED (SELECT campaign_id, entity_id, min(at)"
    " FROM interaction WHERE campaign_id IN (SELECT value FROM json_each(:campaigns)) AND direction = 'out'"
    " GROUP BY campaign_id, entity_id),"
    " known(id, top) AS MATERIALIZED (SELECT DISTINCT entity, entity FROM reached"
    " UNION ALL SELECT e.id, k.top FROM known k JOIN entity e ON e.merged_into = k.id)"
)
#: The steps that are counted, as conditions over ``t`` (a transition).
_STEPS = {"leads": "t.to_type = 'lead'", "qualified": "t.cause = 'qualify'", "customers": "t.cause = 'purchase'"}


def figures(connection: sqlite3.Connection, numbers: Sequence[int] | None = None) -> dict[int, Figures]:
    """Return what became of campaigns (all of them): number -> figures. It only reads.

    - members: entities that are in it now, removed ones too.
    - reached: entities with an outbound interaction that names the campaign; the first of them is when they were
      reached. Who left it since was reached all the same.
    - answered: entities with an inbound interaction that names the campaign, reached or not.
    - leads: reached entities that became a lead (a transition to lead) when they were reached or later.
    - qualified: reached entities with a transition by qualify, when they were reached or later.
    - customers: reached entities with a transition by purchase, when they were reached or later.
    - revenue: what reached entities bought (alone or with another, once) on the day of the user's zone on which they
      were reached or later: a sum a currency, in minor units, by code; currencies are never added.

    Steps and purchases that were voided do not count. Those of a lead that was folded into another entity, or merged,
    are that entity's. A purchase counts for every campaign that had reached the buyer.
    """
    import json

    wanted = [row[0] for row in connection.execute("SELECT id FROM campaign")] if numbers is None else list(numbers)
    values = {"campaigns": json.dumps(wanted)}
    found: dict[int, dict[str, Any]] = {number: {} for number in wanted}

    def ask(sql: str, *names: str) -> None:
        for number, *counts in connection.execute(sql, values):
            found[number].update(zip(names, counts, strict=True))

    chosen = "campaign_id IN (SELECT value FROM json_each(:campaigns))"
    ask(f"SELECT campaign_id, count(*) FROM campaign_member WHERE {chosen} GROUP BY campaign_id", "members")
    for direction, name in (("out", "reached"), ("in", "answered")):
        ask(
            f"SELECT campaign_id, count(DISTINCT entity_id) FROM interaction WHERE {chosen}"
            f" AND direction = '{direction}' GROUP BY campaign_id",
            name,
        )
    counts = ", ".join(f"count(DISTINCT CASE WHEN {test} THEN k.top END)" for test in _STEPS.values())
    ask(
        f"{_REACHED} SELECT r.campaign, {counts} FROM transition t JOIN known k ON k.id = t.entity_id"
        " JOIN reached r ON r.entity = k.top WHERE t.voided_at IS NULL AND t.at >= r.at GROUP BY r.campaign",
        *_STEPS,
    )
    bought = (
        "SELECT p.entity_id AS buyer, p.id, p.bought_on, p.currency, p.amount_minor FROM purchase p WHERE {0} UNION ALL"
        " SELECT p.also_id, p.id, p.bought_on, p.currency, p.amount_minor FROM purchase p WHERE {0}"
        " AND p.also_id IS NOT NULL"
    ).format("p.voided_at IS NULL AND p.amount_minor IS NOT NULL AND p.currency IS NOT NULL")
    revenue: dict[int, list[tuple[str, int]]] = {}
    for number, currency, amount in connection.execute(
        f"{_REACHED} SELECT campaign, currency, sum(amount_minor) FROM (SELECT DISTINCT r.campaign, b.id, b.currency,"
        f" b.amount_minor FROM ({bought}) b JOIN reached r ON r.entity = b.buyer"
        " AND b.bought_on >= date(r.at, 'localtime')) GROUP BY campaign, currency ORDER BY campaign, currency",
        values,
    ):
        revenue.setdefault(number, []).append((currency, amount))
    return {number: Figures(**said, revenue=tuple(revenue.get(number, ()))) for number, said in found.items()}


def outcomes(connection: sqlite3.Connection, campaign: Campaign) -> list[dict[str, Any]]:
    """Return the members of a campaign, and whoever else it reached or who answered it: what became of each.

    The moments are the first of each kind; ``consent`` is the state that holds of the campaign's purpose.
    """
    import json

    steps = ", ".join(
        f"(SELECT min(t.at) FROM known k CROSS JOIN transition t ON t.entity_id = k.id WHERE k.top = w.id"
        f" AND t.voided_at IS NULL AND t.at >= r.at AND {test})"
        for test in _STEPS.values()
    )
    rows = connection.execute(
        f"{_REACHED}, who(id) AS (SELECT entity_id FROM campaign_member WHERE campaign_id = :number"
        " UNION SELECT entity_id FROM interaction WHERE campaign_id = :number)"
        " SELECT e.id, e.type, CASE WHEN e.removed_at IS NULL THEN e.state ELSE 'removed' END, coalesce(e.name, ''),"
        " (SELECT s.state FROM consent s WHERE s.entity_id = e.id AND s.purpose = :purpose"
        "  ORDER BY s.at DESC, s.state DESC LIMIT 1),"
        " (SELECT added_at FROM campaign_member m WHERE m.campaign_id = :number AND m.entity_id = e.id),"
        " r.at, (SELECT min(at) FROM interaction i WHERE i.campaign_id = :number AND i.entity_id = e.id"
        f"  AND i.direction = 'in'), {steps} FROM who w JOIN entity e ON e.id = w.id"
        " LEFT JOIN reached r ON r.entity = e.id ORDER BY e.id",
        {"campaigns": json.dumps([campaign.id]), "number": campaign.id, "purpose": campaign.purpose},
    )
    names = ("id", "type", "state", "name", "consent", "added_at", "reached_at", "answered_at", "lead_at",
             "qualified_at", "customer_at")  # fmt: skip
    return [dict(zip(names, row, strict=True)) for row in rows]
