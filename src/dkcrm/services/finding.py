"""List and find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dkcrm.domain.entity import TYPES, Entity
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.services.shape import entity_columns, entity_row
from dkcrm.session import Session
from dkcrm.store import search
from dkcrm.store.addressbook import lookup
from dkcrm.store.connection import open_reading
from dkcrm.store.entities import load_many


def list_(session: Session, arguments: Sequence[str], *, everything: bool = False, limit: int = 0) -> Result:
    """List entities of a type that a filter lets through, the last changed first; ``limit`` 0 lists all."""
    connection = open_reading(session)
    type, terms = split_type(arguments)
    numbers = search.listed(connection, type, terms, everything=everything, limit=limit + 1 if limit else 0)
    return _stream(connection, numbers, limit)


def split_type(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """Take the type off the front of a filter; its plural is understood."""
    if arguments:
        word = arguments[0].strip().lower()
        singular = {"people": "person", "persons": "person"}.get(word, word.removesuffix("s"))
        for candidate in (word, singular):
            if candidate in TYPES:
                return candidate, list(arguments[1:])
    return None, list(arguments)


def find(session: Session, text: str, *, everything: bool = False, limit: int = 50) -> Result:
    """Find entities by words, the best first."""
    if not text.strip():
        raise InvalidInput(_("say what to find"), hint="dkcrm find anna bianchi")
    connection = open_reading(session)
    numbers = search.find(connection, text, session.region, everything=everything, limit=(limit or 10**9) + 1)
    return _stream(connection, iter(numbers), limit)


def mailquery(session: Session, text: str) -> Result:
    """Return the emails of who a mail program asks for as a list like any other."""
    keys = ("email", "name", "type", "organization")
    rows = []
    for email, name, about in emails(session, text):
        type, _comma, organization = about.partition(", ")
        rows.append(dict(zip(keys, (email, name, type, organization or None), strict=True)))
    return Result(rows, [Column(key, look="type" if key == "type" else "text") for key in keys], rows)


def emails(session: Session, text: str) -> list[tuple[str, str, str]]:
    """Return (email, name, what it is) of who a mail program asks for."""
    connection = open_reading(session)
    try:
        return lookup(connection, text)
    finally:
        connection.close()


def _stream(connection: Any, numbers: Iterator[int], limit: int) -> Result:
    """Return entities as they are read, so that a million of them need no memory.

    One more than the limit is asked for, to say that there are more.
    """
    first = []
    for number in numbers:
        first.append(number)
        if limit and len(first) > limit:
            break
        if not limit and len(first) == 1000:
            break
    more = bool(limit and len(first) > limit)
    head = first[:limit] if limit else first

    def entities() -> Iterator[Entity]:
        try:
            yield from load_many(connection, head)
            if not limit:
                yield from load_many(connection, numbers)
        finally:
            connection.close()

    source = entities()
    message = _("the first {limit}; more with --limit 0").format(limit=limit) if more else None
    if not first:
        message = _("nothing found")
    return Result(
        (entity.as_json() for entity in source),
        entity_columns(),
        (entity_row(entity) for entity in source),
        message=message,
    )
