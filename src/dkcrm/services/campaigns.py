"""Campaigns: add, edit, list, show and take away, and who is in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dkcrm.domain.campaign import Campaign, Figures, check_channel, check_name, cost_of
from dkcrm.domain.consent import check_purpose
from dkcrm.domain.money import check_currency
from dkcrm.domain.text import check_line, check_text, fold
from dkcrm.errors import Conflict, InvalidInput, Refused
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.services.audience import Whom
from dkcrm.services.shape import done
from dkcrm.session import Session
from dkcrm.store.audience import add_members
from dkcrm.store.campaigns import campaign_of, load_campaigns
from dkcrm.store.connection import open_reading
from dkcrm.store.journal import UnitOfWork, unit_of_work
from dkcrm.store.reach import figures_of, outcomes

_NOTHING = ("none", "nessuna", "nessuno", "")


def campaign_columns() -> list[Column]:
    """Return the columns in which campaigns are listed."""
    return [
        Column("id", "#", "number"),
        Column("name", _("Campaign")),
        Column("channel", _("Channel"), wide=True),
        Column("purpose", _("Purpose"), wide=True),
        Column("members", _("In"), "number"),
        Column("reached", _("Reached"), "number"),
        Column("answered", _("Answers"), "number"),
        Column("leads", _("Leads"), "number"),
        Column("qualified", _("Qual."), "number"),
        Column("customers", _("Cust."), "number"),
        Column("revenue", _("Revenue")),
        Column("cost", _("Cost")),
        Column("created_at", _("Created"), "time", wide=True),
        Column("removed_at", _("Removed"), "time", wide=True),
    ]


def campaign_json(campaign: Campaign, counted: Figures) -> dict[str, Any]:
    """Return a campaign with its figures, as scripts see it."""
    return {**campaign.as_json(), **counted.as_json()}


def campaign_row(campaign: Campaign, counted: Figures) -> dict[str, Any]:
    """Return a campaign as a row: amounts are in words."""
    cost = f"{campaign.cost} {campaign.currency}" if campaign.cost is not None else None
    return {**campaign_json(campaign, counted), "revenue": counted.earned(), "cost": cost}


def find_campaign(uow: UnitOfWork, reference: str) -> Campaign:
    """Return the campaign of a reference, or refuse one that was removed."""
    campaign = campaign_of(uow.connection, reference)
    if campaign.removed_at:
        raise Refused(
            _("campaign {name} was removed").format(name=campaign.name),
            code="removed",
            hint=_("undo what removed it: dkcrm history, then dkcrm undo OPERATION"),
        )
    return campaign


def finish(session: Session, uow: UnitOfWork, numbers: Iterable[int], what: str, **more: Any) -> Result:
    """Commit, and answer with the operation and the campaigns that it is about."""
    found = load_campaigns(uow.connection, numbers)
    counted = figures_of(uow.connection, [campaign.id for campaign in found])
    uow.commit()
    data = {
        "operation": uow.operation_id,
        "campaigns": [campaign_json(campaign, counted[campaign.id]) for campaign in found],
        **more,
        "warnings": [],
    }
    rows = [campaign_row(campaign, counted[campaign.id]) for campaign in found]
    return Result(data, campaign_columns(), rows, message=done(session, uow.operation_id, what))


def add(
    session: Session,
    name: str,
    whom: Whom,
    *,
    channel: str | None = None,
    purpose: str | None = None,
    basis: str | None = None,
    cost: str | None = None,
    currency: str | None = None,
    note: str | None = None,
) -> Result:
    """Add a campaign, with its first members. Raises Conflict where there is one of that name."""
    values: dict[str, Any] = {
        "name": check_name(name),
        "channel": check_channel(channel if channel is not None else "email"),
        "purpose": check_purpose(purpose if purpose is not None else "marketing"),
        "basis": check_line(basis, _("basis")) if basis is not None else None,
        "notes": check_text(note or "", _("note")),
        **_cost(session, cost, currency),
    }
    with unit_of_work(session, "campaign add") as uow:
        _check_free(uow, values["name"])
        number = uow.insert("campaign", {**values, "uid": session.uid(), "created_at": uow.now})
        count = add_members(uow, number, whom.numbers(uow))
        what = _("added campaign {name}").format(name=values["name"]) + (", " + members_of(count) if whom else "")
        return finish(session, uow, [number], what)


def _cost(session: Session, cost: str | None, currency: str | None) -> dict[str, Any]:
    if cost is None:
        if currency is not None:
            check_currency(currency)
            raise InvalidInput(_("--currency goes with --cost"))
        return {}
    if cost.strip().lower() in _NOTHING:
        return {"cost_minor": None, "currency": None}
    minor, code = cost_of(cost, currency or session.currency)
    return {"cost_minor": minor, "currency": code}


def _check_free(uow: UnitOfWork, name: str, but: int | None = None) -> None:
    """Raise Conflict where another campaign has a name, whatever its case and accents."""
    for campaign in load_campaigns(uow.connection, removed=False):
        if campaign.id != but and fold(campaign.name) == fold(name):
            raise Conflict(
                _("there is a campaign {name} already: {number}").format(name=campaign.name, number=campaign.id),
                code="already",
                hint=_("put somebody into it with: dkcrm campaign join {number} REF").format(number=campaign.id),
            )


def members_of(count: int) -> str:
    """Return a number of members in words."""
    return _("1 member") if count == 1 else _("{count} members").format(count=count)


def edit(
    session: Session,
    reference: str,
    *,
    name: str | None = None,
    channel: str | None = None,
    purpose: str | None = None,
    basis: str | None = None,
    cost: str | None = None,
    currency: str | None = None,
    note: str | None = None,
) -> Result:
    """Change a campaign; ``none`` takes its basis or cost away. What was sent stays as it was."""
    changed: dict[str, Any] = _cost(session, cost, currency)
    if name is not None:
        changed["name"] = check_name(name)
    if channel is not None:
        changed["channel"] = check_channel(channel)
    if purpose is not None:
        changed["purpose"] = check_purpose(purpose)
    if basis is not None:
        changed["basis"] = None if basis.strip().lower() in _NOTHING else check_line(basis, _("basis"))
    if note is not None:
        changed["notes"] = check_text(note, _("note"))
    with unit_of_work(session, "campaign edit") as uow:
        campaign = find_campaign(uow, reference)
        if "name" in changed:
            _check_free(uow, changed["name"], campaign.id)
        uow.update("campaign", campaign.id, changed)
        return finish(session, uow, [campaign.id], _("changed campaign {name}").format(name=campaign.name))


def remove(session: Session, references: Sequence[str]) -> Result:
    """Hide campaigns: what they sent and who answered stays with the entities."""
    with unit_of_work(session, "campaign rm") as uow:
        found = {campaign.id: campaign for campaign in (find_campaign(uow, word) for word in references)}
        for number in found:
            uow.update("campaign", number, {"removed_at": uow.now})
        names = ", ".join(campaign.name for campaign in found.values())
        return finish(session, uow, found, _("removed campaign {name}").format(name=names))


def join(session: Session, reference: str, whom: Whom) -> Result:
    """Put entities into a campaign; those that are in it already are left alone."""
    with unit_of_work(session, "campaign join") as uow:
        campaign = find_campaign(uow, reference)
        numbers = whom.numbers(uow)
        count = add_members(uow, campaign.id, numbers)
        what = _("{members} more in {name}").format(members=members_of(count), name=campaign.name)
        return finish(session, uow, [campaign.id], what, added=count, already=len(numbers) - count)


def leave(session: Session, reference: str, whom: Whom) -> Result:
    """Take entities out of a campaign; that it has reached them stays known."""
    with unit_of_work(session, "campaign leave") as uow:
        campaign = find_campaign(uow, reference)
        rows = {row["entity_id"]: row["id"] for row in uow.rows("campaign_member", campaign_id=campaign.id)}
        gone = [number for number in whom.numbers(uow, removed=True) if number in rows]
        for number in gone:
            uow.delete("campaign_member", rows[number])
        # To be written to or not changes nobody.
        uow.untimed.update(gone)
        what = _("{members} fewer in {name}").format(members=members_of(len(gone)), name=campaign.name)
        return finish(session, uow, [campaign.id], what, removed=len(gone))


def list_campaigns(session: Session, *, everything: bool = False) -> Result:
    """List campaigns with their figures, the newest first."""
    connection = open_reading(session)
    try:
        found = load_campaigns(connection, removed=everything)[::-1]
        counted = figures_of(connection, [campaign.id for campaign in found])
    finally:
        connection.close()
    rows = [campaign_row(campaign, counted[campaign.id]) for campaign in found]
    columns = [column for column in campaign_columns() if column.key != "removed_at" or everything]
    data = [campaign_json(campaign, counted[campaign.id]) for campaign in found]
    return Result(data, columns, rows, message=None if found else _("no campaign yet: dkcrm campaign add NAME"))


def show(session: Session, reference: str) -> Result:
    """Show a campaign: its figures, its members, and what became of each."""
    connection = open_reading(session)
    try:
        campaign = campaign_of(connection, reference)
        counted = figures_of(connection, [campaign.id])[campaign.id]
        members = outcomes(connection, campaign)
    finally:
        connection.close()
    columns = [
        Column("id", "#", "number"),
        Column("type", _("Type"), "type"),
        Column("state", _("State"), "state", wide=True),
        Column("name", _("Name")),
        Column("consent", _("Consent")),
        Column("reached_at", _("Reached"), "time"),
        Column("answered_at", _("Answered"), "time"),
        Column("became", _("Became")),
        Column("lead_at", _("Lead"), "time", wide=True),
        Column("qualified_at", _("Qualified"), "time", wide=True),
        Column("customer_at", _("Customer"), "time", wide=True),
        Column("added_at", _("Added"), "time", wide=True),
    ]
    data = {**campaign_json(campaign, counted), "who": members}
    rows = [{**one, "became": _became(one)} for one in members]
    return Result(data, columns, rows, message=_told(campaign, counted))


def _became(outcome: dict[str, Any]) -> str:
    """Return how far somebody has come since the campaign reached them, in a word."""
    for step, word in (("customer_at", _("customer")), ("qualified_at", _("qualified")), ("lead_at", _("lead"))):
        if outcome[step]:
            return word
    return ""


def _told(campaign: Campaign, counted: Figures) -> str:
    """Return a campaign and its figures in one sentence."""
    ground = campaign.basis or _("consent to {purpose}").format(purpose=campaign.purpose)
    parts = [
        members_of(counted.members),
        _("{count} reached").format(count=counted.reached),
        _("{count} answered").format(count=counted.answered),
        _("leads: {count}").format(count=counted.leads),
        _("qualified: {count}").format(count=counted.qualified),
        _("customers: {count}").format(count=counted.customers),
    ]
    if counted.revenue:
        parts.append(_("revenue {amounts}").format(amounts=counted.earned()))
    if campaign.cost is not None:
        parts.append(_("cost {amount} {currency}").format(amount=campaign.cost, currency=campaign.currency))
    head = f"{campaign.id} {campaign.name} ({campaign.channel}, {ground})"
    if campaign.removed_at:
        head += " " + _("[removed]")
    return f"{head}: {', '.join(parts)}"
