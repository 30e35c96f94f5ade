"""The timeline: everything about an entity in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dkcrm.domain import periods
from dkcrm.domain.text import nearest
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.session import Session
from dkcrm.store.asked import KINDS, Asked
from dkcrm.store.connection import open_reading
from dkcrm.store.entities import resolve
from dkcrm.store.timeline import timeline as read

#: On a terminal a text is told by its beginning.
_LONG = 400


def timeline(
    session: Session,
    reference: str,
    *,
    limit: int = 0,
    since: str | None = None,
    until: str | None = None,
    kinds: Sequence[str] = (),
    edits: bool = False,
    reverse: bool = False,
) -> Result:
    """Return everything about an entity, the newest first, or with ``reverse`` the newest of it in the order of time.

    ``since`` and ``until`` are periods or moments, both included; ``edits`` has the operations that changed values too.
    """
    now = session.clock()
    first = periods.span(since, now)[0] if since is not None else ""
    last = periods.span(until, now)[1] if until is not None else "~"
    wanted = {*(_kinds(kinds) or KINDS), *(["edit"] if edits else [])}
    connection = open_reading(session)
    try:
        number = resolve(connection, reference)
        events = read(connection, number, Asked(limit + 1 if limit else 0, wanted, first, last))
    finally:
        connection.close()
    more = bool(limit) and len(events) > limit
    events = events[:limit] if limit else events
    if reverse:
        events.reverse()
    message = None if events else _("nothing found")
    if more:
        message = _("the newest {limit}; more with --limit 0").format(limit=limit)
    return Result(
        events,
        _columns(),
        events,
        message=message,
        view="timeline",
        detail={"entries": [shortened(event) for event in events]},
    )


def _columns() -> list[Column]:
    return [
        Column("at", _("When"), "time"),
        Column("kind", _("What")),
        Column("direction", _("Way")),
        Column("text", _("Text")),
        Column("who", _("Who")),
        Column("id", "#", "number", wide=True),
        Column("ticket", _("Ticket"), "number", wide=True),
        Column("campaign", _("Campaign"), "number", wide=True),
        Column("operation", _("Operation"), "number", wide=True),
    ]


def _kinds(words: Sequence[str]) -> list[str]:
    """Return kinds of events by their names. Raises InvalidInput that names the nearest."""
    known = [*KINDS, "edit"]
    found = []
    for word in (part.strip().lower() for text in words for part in text.split(",")):
        name = word if word in known else word.removesuffix("s")
        if name not in known:
            close = nearest(word[:60], known) or known
            raise InvalidInput(
                _("no such kind: {word}").format(word=word[:60] or "''"),
                hint=_("did you mean {names}?").format(names=", ".join(close)),
            )
        found.append(name)
    return found


def shortened(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event as a terminal draws it: a message is told by its arrow, a long text by its beginning."""
    text = event["text"]
    return {
        **event,
        "kind": event.get("direction") or event["kind"],
        "text": text if len(text) <= _LONG else text[: _LONG - 1] + "…",
    }
