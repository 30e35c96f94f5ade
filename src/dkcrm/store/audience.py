"""Whom a campaign goes to: its members, set-wise, and who of them may be written to."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from dkcrm.domain.campaign import Campaign
from dkcrm.store.journal import UnitOfWork

_ADDRESS = {
    "email": "SELECT value FROM contact_point WHERE entity_id = e.id AND kind = 'email' ORDER BY is_primary DESC, id",
    "phone": "SELECT value FROM contact_point WHERE entity_id = e.id AND kind = 'phone' ORDER BY is_primary DESC, id",
    "address": "SELECT nullif(trim(coalesce(value, '') || ' ' || coalesce(street, '') || ' ' || coalesce(postcode, '')"
    " || ' ' || coalesce(city, '') || ' ' || coalesce(region, '') || ' ' || coalesce(country, '')), '')"
    " FROM address WHERE entity_id = e.id ORDER BY is_primary DESC, id",
}


class Recipient(NamedTuple):
    """A member of a campaign: whether it was reached already, where it is written to, and why it must not be.

    ``reason`` is None, ``removed``, ``withdrawn``, ``no-consent``, or ``no-email`` (or the channel's other address).
    """

    id: int
    type: str
    name: str
    to: str | None
    reached: bool
    reason: str | None


def recipients(connection: sqlite3.Connection, campaign: Campaign) -> list[Recipient]:
    """Return the members of a campaign, by number.

    One that has withdrawn its consent to the campaign's purpose is never written to, and one that has not given it only
    where the campaign stands on another ground.
    """
    kind = campaign.address
    address = f"({_ADDRESS[kind]} LIMIT 1)" if kind else "NULL"
    rows = connection.execute(
        f"SELECT e.id, e.type, coalesce(e.name, ''), {address}, EXISTS (SELECT 1 FROM interaction i"
        " WHERE i.campaign_id = :number AND i.entity_id = e.id AND i.direction = 'out'), e.removed_at,"
        " (SELECT s.state FROM consent s WHERE s.entity_id = e.id AND s.purpose = :purpose"
        "  ORDER BY s.at DESC, s.state DESC LIMIT 1)"
        " FROM campaign_member m JOIN entity e ON e.id = m.entity_id WHERE m.campaign_id = :number ORDER BY e.id",
        {"number": campaign.id, "purpose": campaign.purpose},
    )
    found = []
    for number, type, name, to, reached, removed, consent in rows:
        reason = None
        if removed:
            reason = "removed"
        elif consent == "withdrawn":
            reason = "withdrawn"
        elif consent != "given" and not campaign.basis:
            reason = "no-consent"
        elif kind and not to:
            reason = f"no-{kind}"
        found.append(Recipient(number, type, name, to, bool(reached), reason))
    return found


def removed_among(connection: sqlite3.Connection, numbers: Sequence[int]) -> int | None:
    """Return the first of some entities that was removed, or None."""
    gone = {row[0] for row in connection.execute("SELECT id FROM entity WHERE removed_at IS NOT NULL")}
    return next((number for number in numbers if number in gone), None)


def add_members(uow: UnitOfWork, campaign: int, numbers: Sequence[int]) -> int:
    """Put entities into a campaign, those that are in it already left alone; return how many are new.

    They are rows in bulk, few or many: to be written to changes nobody.
    """
    there = {row[0] for row in uow.query("SELECT entity_id FROM campaign_member WHERE campaign_id = ?", (campaign,))}
    new = [number for number in dict.fromkeys(numbers) if number not in there]
    first = uow.next_id("campaign_member")
    uow.connection.executemany(
        "INSERT INTO campaign_member (id, campaign_id, entity_id, added_at) VALUES (?, ?, ?, ?)",
        ((row_id, campaign, number, uow.now) for row_id, number in enumerate(new, first)),
    )
    uow.insert_range("campaign_member", first, first + len(new) - 1)
    return len(new)


def log_sent(
    uow: UnitOfWork, campaign: Campaign, numbers: Sequence[int], at: str, subject: str | None, text: str
) -> None:
    """Log one outbound interaction with each of some entities, in bulk."""
    first = uow.next_id("interaction")
    uow.connection.executemany(
        "INSERT INTO interaction (id, uid, entity_id, at, direction, channel, subject, text, campaign_id)"
        " VALUES (?, ?, ?, ?, 'out', ?, ?, ?, ?)",
        (
            (row_id, uow.session.uid(), number, at, campaign.channel, subject, text, campaign.id)
            for row_id, number in enumerate(numbers, first)
        ),
    )
    uow.insert_range("interaction", first, first + len(numbers) - 1)
