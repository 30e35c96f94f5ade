"""Consent as it is kept: the record of what was said, and what holds of it now."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from dkcrm.domain.consent import Consent
from dkcrm.store.entities import uid_text

_CHUNK = 500
#: A row ``s`` of consent that holds: nothing was said of its purpose after it, nor a withdrawal at the same moment.
HOLDS = (
    "NOT EXISTS (SELECT 1 FROM consent o WHERE o.entity_id = s.entity_id AND o.purpose = s.purpose"
    " AND (o.at, o.state, o.id) > (s.at, s.state, s.id))"
)


def consents(
    connection: sqlite3.Connection,
    numbers: Sequence[int] | None = None,
    *,
    holding: bool = False,
    purpose: str | None = None,
    state: str | None = None,
) -> list[Consent]:
    """Return what entities (all that are not removed) consented to, by entity and purpose, the latest word first.

    ``holding`` leaves out what no longer holds.
    """
    parts, values = ["e.merged_into IS NULL"], []
    if holding:
        parts.append(HOLDS)
    for column, wanted in (("purpose", purpose), ("state", state)):
        if wanted is not None:
            parts.append(f"s.{column} = ?")
            values.append(wanted)
    if numbers is None:
        return _read(connection, [*parts, "e.removed_at IS NULL"], values)
    found = []
    for start in range(0, len(numbers), _CHUNK):
        block = numbers[start : start + _CHUNK]
        found += _read(connection, [*parts, f"e.id IN ({', '.join('?' * len(block))})"], [*values, *block])
    return found


def words_ahead(connection: sqlite3.Connection, purpose: str, now: str) -> dict[int, str]:
    """Return the latest moment of a word on a purpose that is later than now, by entity: the clock was set back."""
    rows = connection.execute(
        "SELECT entity_id, max(at) FROM consent WHERE purpose = ? AND at > ? GROUP BY entity_id", (purpose, now)
    )
    return dict(rows.fetchall())


def _read(connection: sqlite3.Connection, parts: Sequence[str], values: Sequence[Any]) -> list[Consent]:
    rows = connection.execute(
        f"SELECT e.id, e.type, coalesce(e.name, ''), s.purpose, s.state, s.at, s.proof, {HOLDS}, s.uid"
        f" FROM entity e JOIN consent s ON s.entity_id = e.id WHERE {' AND '.join(parts)}"
        " ORDER BY e.id, s.purpose, s.at DESC, s.state DESC, s.id DESC",
        values,
    )
    return [
        Consent(number, type, name, purpose, state, at, proof, bool(holds), uid_text(uid))
        for number, type, name, purpose, state, at, proof, holds, uid in rows
    ]
