"""Keeping in touch: every how many days somebody is to be contacted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from dkcrm.domain.lifecycle import label
from dkcrm.domain.when import NUMBERS, UNITS, day_of
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.services.entities import pick
from dkcrm.services.shape import done
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.journal import unit_of_work
from dkcrm.store.keeps import Keep, keeps

_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_MOST_DAYS = 36_500


def parse_days(text: str) -> int | None:
    """Return the days of ``90d``, ``90``, ``2 weeks``, ``3m`` (of 30 days) or ``1y`` (of 365); None for ``none``."""
    word = " ".join(text.lower().split())
    if word in ("none", "never", "mai"):
        return None
    match = re.fullmatch(r"([0-9]{1,6}|[a-z]+)\s*([a-z]*)", word, re.ASCII)
    unit = {**UNITS, "m": "month"}.get(match[2] or "d") if match else None
    if match and unit in _DAYS and (match[1].isdigit() or match[1] in NUMBERS):
        days = (int(match[1]) if match[1].isdigit() else NUMBERS[match[1]]) * _DAYS[unit or "day"]
        if 1 <= days <= _MOST_DAYS:
            return days
    raise InvalidInput(
        _("no such number of days: {text}").format(text=text[:60] or "''"), hint=_("write 90d, 6w, 3m, 1y or none")
    )


def next_contact(keep: Keep) -> date:
    """Return the day on which somebody is to be contacted, where the user is."""
    return day_of(keep.since) + timedelta(days=keep.days)


def columns() -> list[Column]:
    """Return the columns in which they are listed."""
    return [
        Column("id", "#", "number"),
        Column("type", _("Type"), "type"),
        Column("name", _("Name")),
        Column("days", _("Every (days)"), "number"),
        Column("last_contact", _("Last contact"), "time"),
        Column("next", _("Next")),
    ]


def as_row(keep: Keep) -> dict[str, Any]:
    """Return one as a row, which is what scripts see too."""
    return {
        "id": keep.id,
        "type": keep.type,
        "name": keep.name,
        "days": keep.days,
        "last_contact": keep.last,
        "next": next_contact(keep).isoformat(),
    }


def keep(session: Session, references: Sequence[str], every: str) -> Result:
    """Say how often entities are to be contacted; ``none`` takes it back."""
    days = parse_days(every)
    with unit_of_work(session, "keep") as uow:
        entities = pick(uow, references)
        for entity in entities:
            there = uow.rows("keep", entity_id=entity.id)
            if days is None:
                for row in there:
                    uow.delete("keep", row["id"])
            elif there:
                uow.update("keep", there[0]["id"], {"days": days})
            else:
                uow.insert("keep", {"entity_id": entity.id, "days": days})
        rows = [as_row(found) for entity in entities for found in keeps(uow.connection, entity.id)]
        who = ", ".join(label(entity) for entity in entities[:5]) + (" …" if len(entities) > 5 else "")
        uow.commit()
        what = (
            _("no more reminding to contact {who}").format(who=who)
            if days is None
            else _("to be contacted every {days} days: {who}").format(days=days, who=who)
        )
        data = {"operation": uow.operation_id, "keeps": rows, "warnings": []}
        return Result(data, columns(), rows, message=done(session, uow.operation_id, what))


def list_keeps(session: Session) -> Result:
    """List who is to be kept in touch with, the first to be contacted first."""
    connection = open_reading(session)
    try:
        rows = [as_row(found) for found in keeps(connection)]
    finally:
        connection.close()
    rows.sort(key=lambda row: (row["next"], row["id"]))
    return Result(rows, columns(), rows, message=None if rows else _("nobody yet: dkcrm keep REF 90d"))
