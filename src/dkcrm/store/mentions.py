"""Where names still stand in what others wrote: notes, contacts, tasks, filters, and the commands of operations."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

#: What is looked through: the word for it, the table, the number to name it by, and the texts.
_PLACES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("notes", "entity", "id", ("notes",)),
    ("interaction", "interaction", "entity_id", ("subject", "text")),
    ("purchase", "purchase", "entity_id", ("product",)),
    ("assessment", "assessment", "entity_id", ("note",)),
    ("membership", "membership", "member_id", ("role",)),
    ("task", "task", "id", ("text",)),
    ("ticket", "ticket", "id", ("subject",)),
    ("ticket_event", "ticket_event", "ticket_id", ("text",)),
    ("campaign", "campaign", "id", ("name", "notes")),
    ("segment", "segment", "name", ("name", "filter")),
    ("criterion", "criterion", "name", ("question", "rule")),
    ("card", "card", "entity_id", ("text",)),
    ("contact", "contact_point", "entity_id", ("value",)),
    ("operation", "operation", "id", ("command", "file", "record")),
    ("history", "change", "operation_id", ("before", "after")),
)
_MOST = 20


class Mention(NamedTuple):
    """A place and the numbers (of the entity, task, operation …, or the names of segments) in which a name stands."""

    where: str
    numbers: list[int | str]

    def as_json(self) -> dict[str, object]:
        """Return it as scripts see it."""
        return {"where": self.where, "numbers": self.numbers}


def mentions(connection: sqlite3.Connection, words: Iterable[str], but: Sequence[int] = ()) -> list[Mention]:
    """Return where some words stand, whatever the case of ASCII letters; of each place the first twenty.

    ``but`` are operations that are not looked at.
    """
    wanted = list(dict.fromkeys(word.lower() for word in words))[:50]
    found = []
    for where, table, number, texts in _PLACES if wanted else ():
        holds = " OR ".join(f"instr(lower({text}), ?)" for text in texts for _word in wanted)
        skip = (
            f" AND {number} NOT IN ({', '.join(map(str, map(int, but)))})" if table in ("operation", "change") else ""
        )
        numbers = [
            row[0]
            for row in connection.execute(
                f"SELECT DISTINCT {number} FROM {table} WHERE ({holds}){skip} ORDER BY 1 LIMIT {_MOST}",
                [word for _text in texts for word in wanted],
            )
        ]
        if numbers:
            found.append(Mention(where, numbers))
    return found
