"""Where names still stand in what others wrote: of other people, in tasks, filters, and the commands of operations."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dkcrm.domain.text import strip_marks

#: What is looked through: the word for it, the table, the number to name it by, and the texts.
_PLACES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("name", "entity", "id", ("name", "first_name", "last_name", "org_name")),
    ("title", "entity", "id", ("job_title",)),
    ("code", "entity", "id", ("vat_id", "tax_code")),
    ("website", "entity", "id", ("website",)),
    ("source", "entity", "id", ("source",)),
    ("notes", "entity", "id", ("notes",)),
    ("contact", "contact_point", "entity_id", ("value", "label")),
    ("address", "address", "entity_id", ("value", "street", "city", "region", "postcode", "country", "label")),
    ("tag", "tag", "entity_id", ("tag",)),
    ("field_value", "field_value", "entity_id", ("value",)),
    ("field", "field", "name", ("name", "choices")),
    ("interaction", "interaction", "entity_id", ("channel", "subject", "text")),
    ("purchase", "purchase", "entity_id", ("product",)),
    ("product", "product", "name", ("name", "notes")),
    ("consent", "consent", "entity_id", ("purpose", "proof")),
    ("assessment", "assessment", "entity_id", ("note",)),
    ("membership", "membership", "member_id", ("role",)),
    ("task", "task", "id", ("text",)),
    ("ticket", "ticket", "id", ("subject",)),
    ("ticket_event", "ticket_event", "ticket_id", ("text",)),
    ("campaign", "campaign", "id", ("name", "purpose", "basis", "notes")),
    ("segment", "segment", "name", ("name", "filter")),
    ("criterion", "criterion", "name", ("name", "question", "rule")),
    ("identity", "identity", "entity_id", ("value",)),
    ("card", "card", "entity_id", ("text",)),
    ("erased", "erased", "number", ("reason",)),
    ("operation", "operation", "id", ("command", "file", "record")),
    ("history", "change", "operation_id", ("before", "after")),
)
#: So many of each place are named.
_MOST = 20
#: So many names are looked for, since each is looked for in all that there is.
LOOKED_FOR = 500
#: What a shell and JSON put before or around quotes, and names have in several forms.
_QUOTES = str.maketrans(dict.fromkeys("'\"`\\"))


class Mention(NamedTuple):
    """A place, and the numbers (of the entity, task, operation …) or names in which a name stands.

    The first twenty, and how many more there are.
    """

    where: str
    numbers: list[int | str]
    more: int

    def as_json(self) -> dict[str, object]:
        """Return it as scripts see it."""
        return {"where": self.where, "numbers": self.numbers, "more": self.more}


def mentions(connection: sqlite3.Connection, words: Iterable[str], but: Sequence[int] = ()) -> list[Mention]:
    """Return where some words stand, whatever their case and accents; of many the first are looked for (LOOKED_FOR).

    ``but`` are operations that are not looked at.
    """
    wanted = list(dict.fromkeys(_plain(word) for word in words))[:LOOKED_FOR]

    def names_them(*texts: object) -> bool:
        plain = _plain("\n".join(text for text in texts if isinstance(text, str)))
        return any(word in plain for word in wanted)

    connection.create_function("names_them", -1, names_them, deterministic=True)
    found = []
    for where, table, number, texts in _PLACES if wanted else ():
        skip = (
            f" AND {number} NOT IN ({', '.join(map(str, map(int, but)))})" if table in ("operation", "change") else ""
        )
        rows = connection.execute(
            f"SELECT DISTINCT {number} FROM {table} WHERE names_them({', '.join(texts)}){skip} ORDER BY 1"
        )
        numbers = [row[0] for row in rows]
        if numbers:
            found.append(Mention(where, numbers[:_MOST], max(0, len(numbers) - _MOST)))
    return found


def _plain(text: str) -> str:
    """Return a text without case, accents and quotes: JSON and a shell write ``D'Angelo`` in ways of their own."""
    return strip_marks(text).translate(_QUOTES)
