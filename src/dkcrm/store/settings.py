"""What the database itself remembers: the types in use, the custom fields, the criteria."""

from __future__ import annotations

import sqlite3

from dkcrm.domain.lifecycle import parse_profile
from dkcrm.domain.qualification import Criterion
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _


def types_in_use(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the types that are switched on, in the order of the life cycle."""
    row = connection.execute("SELECT value FROM setting WHERE name='types'").fetchone()
    return parse_profile(row[0] if row else "full")


def count_types(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many entities there are of each type, the removed ones too."""
    return dict(connection.execute("SELECT type, count(*) FROM entity WHERE merged_into IS NULL GROUP BY type"))


def fields(connection: sqlite3.Connection) -> dict[str, tuple[int, str, str, str | None]]:
    """Return the custom fields: name -> (id, kind, side, choices as a JSON array or None)."""
    rows = connection.execute("SELECT name, id, kind, side, choices FROM field ORDER BY id")
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in rows}


def field_named(connection: sqlite3.Connection, name: str) -> tuple[int, str, str, str | None]:
    """Return one custom field, or raise InvalidInput that names the nearest."""
    known = fields(connection)
    field = known.get(name.strip().lower())
    if field is None:
        from dkcrm.domain.text import nearest

        close = nearest(name, list(known))
        raise InvalidInput(
            _("no custom field {name}").format(name=name),
            hint=_("did you mean {close}?").format(close=", ".join(close))
            if close
            else _("declare it with: dkcrm field add {name} --kind text").format(name=name),
        )
    return field


def criteria(connection: sqlite3.Connection) -> list[Criterion]:
    """Return the criteria of both sides, in the order in which they are asked."""
    rows = connection.execute(
        "SELECT id, name, side, question, rule FROM criterion WHERE removed_at IS NULL ORDER BY side DESC, id"
    )
    return [Criterion(*row) for row in rows]
