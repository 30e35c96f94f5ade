"""Segments: filters under a name."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from dkcrm.domain.query import kept_text, read
from dkcrm.domain.text import check_line
from dkcrm.domain.values import check_field_name
from dkcrm.errors import Conflict, InvalidInput, NotFound
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.services.shape import done
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.filters import check_filter
from dkcrm.store.journal import unit_of_work
from dkcrm.store.listing import members
from dkcrm.store.segments import segment_filter, segments, users_of

#: The characters of a filter that is kept.
_LONGEST = 20_000


def _columns() -> list[Column]:
    return [
        Column("name", _("Segment")),
        Column("count", _("Members"), "number"),
        Column("filter", _("Filter")),
    ]


def _row(session: Session, connection: sqlite3.Connection, name: str, text: str) -> dict[str, Any]:
    """Return a segment as scripts see it; one that can be read no more (a field is gone) has no count."""
    try:
        count = members(session, connection, text)
    except InvalidInput:
        count = None
    return {"name": name, "filter": text, "count": count}


def list_segments(session: Session) -> Result:
    """List the segments, with how many entities each has now."""
    connection = open_reading(session)
    try:
        rows = [_row(session, connection, name, text) for name, text in segments(connection).items()]
    finally:
        connection.close()
    return Result(rows, _columns(), rows, message=None if rows else _("no segment yet"))


def show_segment(session: Session, name: str) -> Result:
    """Show one segment, and what uses it."""
    connection = open_reading(session)
    try:
        word, text = named_segment(connection, name)
        row = {**_row(session, connection, word, text), "used_by": users_of(connection, word)}
    finally:
        connection.close()
    shown = {**row, "used_by": [_user(user) for user in row["used_by"]]}
    return Result(row, [*_columns(), Column("used_by", _("Used by"))], [shown])


def save_segment(session: Session, name: str, arguments: Sequence[str]) -> Result:
    """Keep a filter under a name; one that has the name already is replaced."""
    word = check_field_name(name.removeprefix("@"))
    if word in ("none", "any"):
        raise InvalidInput(_("{name} is a word of the filter language").format(name=word))
    filter, text = read(arguments), kept_text(arguments)
    check_line(text, _("filter"), _LONGEST)
    with unit_of_work(session, "segment save") as uow:
        check_filter(session, uow.connection, filter, within=word)
        there = uow.rows("segment", name=word)
        if there:
            uow.update("segment", there[0]["id"], {"filter": text})
            what = _("changed segment {name}, which was: {filter}").format(name=word, filter=there[0]["filter"])
        else:
            uow.insert("segment", {"name": word, "filter": text})
            what = _("saved segment {name}").format(name=word)
        row = _row(session, uow.connection, word, text)
        uow.commit()
        return Result(row, _columns(), [row], message=done(session, uow.operation_id, what))


def remove_segment(session: Session, name: str) -> Result:
    """Take a segment away, unless something uses it."""
    with unit_of_work(session, "segment rm") as uow:
        word, text = named_segment(uow.connection, name)
        check_unused(_("segment {name}").format(name=word), users_of(uow.connection, word))
        row = _row(session, uow.connection, word, text)
        uow.delete("segment", uow.rows("segment", name=word)[0]["id"])
        uow.commit()
        what = _("removed segment {name}").format(name=word)
        return Result(row, _columns(), [row], message=done(session, uow.operation_id, what))


def check_unused(what: str, users: Sequence[dict[str, str]]) -> None:
    """Raise Conflict where filters or rules use what is to go."""
    if users:
        raise Conflict(
            _("{what} is used by {users}").format(what=what, users=", ".join(map(_user, users))),
            hint=_("change these first: dkcrm segment save NAME FILTER, or dkcrm criteria edit NAME --rule FILTER"),
            candidates=[dict(user) for user in users],
        )


def _user(user: dict[str, str]) -> str:
    return f"@{user['segment']}" if "segment" in user else f"{user['side']} {user['criterion']}"


def named_segment(connection: sqlite3.Connection, name: str) -> tuple[str, str]:
    """Return the name and filter of a segment, or raise NotFound that names the nearest."""
    word = name.strip().lower().removeprefix("@")
    text, names = segment_filter(connection, word)
    if text is None:
        from dkcrm.domain.text import nearest

        close = nearest(word, names)
        raise NotFound(
            _("no segment {name}").format(name=word),
            hint=_("did you mean {close}?").format(close=", ".join(close)) if close else _("see: dkcrm segment list"),
        )
    return word, text
