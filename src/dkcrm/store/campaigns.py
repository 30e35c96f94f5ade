"""Campaigns in the store: rows to domain, and from a reference to a number."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from dkcrm.domain.campaign import Campaign
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
