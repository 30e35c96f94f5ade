"""List and find."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple

from dkcrm.domain.entity import Entity
from dkcrm.domain.query import Filter, read, read_each
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.services.shape import entity_columns, entity_row
from dkcrm.session import Session
from dkcrm.store.addressbook import lookup
from dkcrm.store.connection import open_reading
from dkcrm.store.entities import load_many
from dkcrm.store.listing import Scope, listed

_LOOKS = {"number": "number", "entity": "number", "reference": "number", "time": "time"}


class View(NamedTuple):
    """Which answers to show, and what of them: at most ``limit`` (0: all) of the page, in some columns or whole."""

    limit: int = 0
    page: int = 1
    columns: Sequence[str] = ()

    @property
    def offset(self) -> int:
        """How many answers stand on the pages before."""
        return (self.page - 1) * self.limit


def list_(
    session: Session, arguments: Sequence[str], view: View, *, everything: bool = False, sort: str | None = None
) -> Result:
    """List entities of a type that a filter lets through, in its order, else the last changed first."""
    return _list(session, read(arguments, sort), view, everything=everything)


def list_among(session: Session, only: Sequence[str], view: View, *, everything: bool = False) -> Result:
    """List entities that pass several filters."""
    return _list(session, read_each(only), view, everything=everything)


def _list(session: Session, filter: Filter, view: View, *, everything: bool) -> Result:
    connection = open_reading(session)
    limit, scope = view.limit + 1 if view.limit else 0, Scope(everything=everything)
    return _stream(connection, listed(session, connection, filter, scope, limit=limit, offset=view.offset), view)


def find(session: Session, text: str, view: View, *, everything: bool = False, only: Sequence[str] = ()) -> Result:
    """Find entities by words, the best first; where none has them, by the words that were likely meant.

    ``only`` are filters that they must pass as well.
    """
    if not text.strip():
        raise InvalidInput(_("say what to find"), hint=_("as in: dkcrm find anna bianchi"))
    from dkcrm.store import search
    from dkcrm.store.filters import compile_filter

    connection = open_reading(session)
    filter = read_each(only).unsorted(_("what is found comes the best first: sort is for list"))
    scope = Scope(everything=everything)
    piece = compile_filter(session, connection, filter)
    most = view.offset + view.limit + 1 if view.limit else 10**9
    numbers = search.find(connection, text, session.region, scope, limit=most, only=piece)
    warnings = []
    if not numbers and search.find(connection, text, session.region, Scope(everything=True), limit=1) == []:
        from dkcrm.store.typos import meant

        likely = meant(connection, text)
        if likely:
            numbers = search.find(connection, likely, session.region, scope, limit=most, only=piece)
            text = text.strip()
            warnings.append(_("nothing has {text}; did you mean {likely}?").format(text=text, likely=likely))
    return _stream(connection, iter(numbers[view.offset :]), view, warnings)


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


def _stream(connection: sqlite3.Connection, numbers: Iterator[int], view: View, warnings: Sequence[str] = ()) -> Result:
    """Return entities as they are read, so that a million of them need no memory.

    One more than the limit is asked for, to say that there are more.
    """
    first = list(islice(numbers, view.limit + 1 if view.limit else 1000))
    more = bool(view.limit and len(first) > view.limit)
    head = first[: view.limit] if view.limit else first
    columns, items, rows = _shape(connection, chain(head, () if view.limit else numbers), view)
    message = _said(view, more, bool(first))
    return Result(items, columns, rows, message=message, warnings=list(warnings))


def _said(view: View, more: bool, any: bool) -> str | None:
    """Return what is said of a page: which it is, and where there is more."""
    if more and view.page > 1:
        return _("page {page}; more with --page {next}").format(page=view.page, next=view.page + 1)
    if more:
        return _("the first {limit}; more with --limit 0").format(limit=view.limit)
    if not any:
        return _("nothing found") if view.page == 1 else _("page {page}: nothing more").format(page=view.page)
    return None


def _closing(connection: sqlite3.Connection, items: Iterator[Any]) -> Iterator[Any]:
    try:
        yield from items
    finally:
        connection.close()


def _shape(
    connection: sqlite3.Connection, numbers: Iterable[int], view: View
) -> tuple[list[Column], Iterator[Any], Iterator[dict[str, Any]]]:
    """Return the columns, and the entities as JSON and as rows; only one of the two is ever read."""
    if view.columns:
        from dkcrm.store.shown import fields_shown, read_columns

        fields = fields_shown(connection, view.columns)
        columns = [
            Column(name, look=name if name in ("type", "state") else _LOOKS.get(field.kind, "text"))
            for name, field in zip(view.columns, fields, strict=True)
        ]
        rows = _closing(connection, read_columns(connection, view.columns, fields, numbers))
        return columns, rows, rows
    source: Iterator[Entity] = _closing(connection, load_many(connection, numbers))
    return (
        entity_columns(),
        (entity.as_json() for entity in source),
        (entity_row(entity) for entity in source),
    )
