"""Whom a filter lets through, in an order: most of the answers without reading most of the entities."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from dkcrm.domain.entity import type_named
from dkcrm.domain.query import And, Filter, Node, Sort, Term, fields_of, read_kept
from dkcrm.domain.scanning import wrong_at
from dkcrm.i18n import _
from dkcrm.session import Session
from dkcrm.store.fields import FIELDS, UNSHOWN, Field
from dkcrm.store.filters import Compiler
from dkcrm.store.patterns import folded
from dkcrm.store.pieces import Piece, best

#: How many entities are looked at in the order of an index before the condition's own index is asked.
_GLANCE = 20_000
#: It goes on in that order where it has found at least one in so many of those wanted.
_OFTEN = 10
#: An index with fewer answers is asked at once.
_VERY_FEW = 500
#: An index with more answers than this is no short cut.
_SHORT = 100_000
#: What has an index to be read in its order.
_ORDERED = ("updated", "created", "name", "id")
_RAW = ("number", "entity", "time", "day", "ordinal", "money", "choice", "uid", "bool", "reference")


class Scope(NamedTuple):
    """Among whom to look: of a type or all, with the removed ones or without."""

    type: str | None = None
    everything: bool = False

    def where(self, plus: str = "") -> tuple[list[str], list[Any]]:
        """Return the conditions; with a ``+`` before it the type is not looked up in an index."""
        parts = ["e.merged_into IS NULL"] + ([] if self.everything else ["e.removed_at IS NULL"])
        return [*parts, f"{plus}e.type = ?"] if self.type else parts, [self.type] if self.type else []


def listed(
    session: Session,
    connection: sqlite3.Connection,
    filter: Filter,
    scope: Scope,
    *,
    limit: int,
    offset: int = 0,
) -> Iterator[int]:
    """Yield the numbers of entities that a filter lets through, in its order (else the last changed first).

    ``limit`` 0 is none.
    """
    compiler = Compiler(session, connection)
    scope, node = typed(scope, filter.node)
    if "removed" in fields_of(filter.node):
        scope = scope._replace(everything=True)
    piece = compiler.compile(filter._replace(node=node))
    keys = filter.sort or [Sort("updated", True, 0)]
    order = ordered(compiler, filter, keys)
    pieces = [part for part in piece.parts or (piece,) if part.sql != "1"]
    paged = limit and pieces and not piece.few and not piece.whole and keys[0].field in _ORDERED and len(keys) == 1
    if paged and not _driver(connection, pieces, _VERY_FEW, walk=False):
        found, all_of_them = _glance(connection, scope, pieces, keys[0], order, limit + offset)
        if all_of_them:
            yield from found[offset:]
            return
        if len(found) * _OFTEN < limit + offset:
            # Too few to go on in this order: a table is read fastest from its start to its end, and then sorted.
            order = order.replace("e.", "+e.", 1)
    for row in connection.execute(*_query(connection, scope, pieces, order, limit, offset)):
        yield row[0]


def members(session: Session, connection: sqlite3.Connection, text: str) -> int:
    """Return how many entities a filter that is kept lets through."""
    filter = read_kept(text)
    scope, node = typed(Scope(), filter.node)
    piece = Compiler(session, connection).compile(filter._replace(node=node))
    pieces = [part for part in piece.parts or (piece,) if part.sql != "1"]
    sql, values = _query(connection, scope, pieces, "1", 0, 0)
    row: tuple[int] = connection.execute(f"SELECT count(*) FROM ({sql})", values).fetchone()
    return row[0]


def typed(scope: Scope, node: Node | None) -> tuple[Scope, Node | None]:
    """Take a type that must hold out of a tree: it has an index together with the last change."""
    nodes = node.nodes if isinstance(node, And) else [node]
    for part in nodes:
        if isinstance(part, Term) and part.field == "type" and part.op in (":", "=") and scope.type is None:
            type = type_named(part.value)
            if type:
                rest: list[Any] = [other for other in nodes if other is not part]
                return scope._replace(type=type), (And(rest) if len(rest) > 1 else rest[0] if rest else None)
    return scope, node


def ordered(compiler: Compiler, filter: Filter, keys: Sequence[Sort]) -> str:
    """Return keys as an ORDER BY: absent values last, entities that are alike by their number."""
    parts = []
    for key in keys:
        field = compiler.field(key.field, filter.text, key.place)
        if field.kind in UNSHOWN:
            raise wrong_at(_("nothing is sorted by {name}").format(name=key.field), filter.text, key.place)
        down = " DESC" if key.down else ""
        parts.append(f"e.id{down}" if field is FIELDS["id"] else f"{sort_value(field)}{down} NULLS LAST")
    return ", ".join([*parts, "e.id DESC" if keys[-1].down else "e.id"])


def sort_value(field: Field) -> str:
    """Return the expression that a field sorts by: of several values the first."""
    if field.order:
        return field.order
    value = field.sql if field.kind in _RAW else folded(field.sql)
    if not field.source:
        return value
    return f"(SELECT {value} FROM {field.source} ORDER BY {field.first or 1} LIMIT 1)"


def _glance(
    connection: sqlite3.Connection, scope: Scope, pieces: Sequence[Piece], key: Sort, order: str, wanted: int
) -> tuple[list[int], bool]:
    """Look at the first entities in the order of an index; return whom they give, and whether that is all wanted.

    Where a condition holds often, as that of an everyday tag, a page of answers is found at once; asking the index of
    the condition would read all its answers and sort them.
    """
    column = sort_value(FIELDS[key.field])
    where, values = scope.where("" if key.field == "updated" else "+")
    asked: list[str] = []
    tests: list[Any] = []
    for piece in pieces:
        if piece.column == column:
            where.append(piece.sql)
            values += piece.values
        else:
            asked.append(f"({piece.sql})")
            tests += piece.values
    sql = f"SELECT e.id, {' AND '.join(asked) or '1'} FROM entity e WHERE {' AND '.join(where)}"
    if not asked:
        return [row[0] for row in connection.execute(f"{sql} ORDER BY {order} LIMIT {wanted}", values)], True
    found: list[int] = []
    seen = 0
    for number, holds in connection.execute(f"{sql} ORDER BY {order} LIMIT {_GLANCE}", [*tests, *values]):
        seen += 1
        if holds:
            found.append(number)
            if len(found) == wanted:
                return found, True
    return found, seen < _GLANCE


def _query(
    connection: sqlite3.Connection, scope: Scope, pieces: Sequence[Piece], order: str, limit: int, offset: int
) -> tuple[str, list[Any]]:
    """Return the query that reads all the answers, from the index that has fewest of them where one has few."""
    driver = _driver(connection, pieces, _SHORT)
    where, values = scope.where("+" if driver else "")
    source, first = "entity e", []
    if driver is not None:
        source = "found f CROSS JOIN entity e ON e.id = f.id"
        first = list(driver.ids_values)
    for piece in pieces:
        if piece is not driver or not piece.covers:
            where.append(piece.sql)
            values += piece.values
    end = f"LIMIT {limit or -1} OFFSET {offset}"
    head = f"WITH found(id) AS MATERIALIZED (SELECT DISTINCT * FROM ({driver.ids})) " if driver else ""
    return f"{head}SELECT e.id FROM {source} WHERE {' AND '.join(where)} ORDER BY {order} {end}", first + values


def _driver(connection: sqlite3.Connection, pieces: Sequence[Piece], least: int, *, walk: bool = True) -> Piece | None:
    """Return the condition whose index has the fewest answers, if these are few enough to begin from.

    ``walk`` takes one that walks through a table where there is no other.
    """
    driver = best(pieces)
    if driver is None or driver.few or driver.scan:
        return driver if driver is None or driver.few or walk else None
    driver = None
    for piece in pieces:
        if piece.ids and not piece.scan:
            sql = f"SELECT count(*) FROM (SELECT 1 FROM ({piece.ids}) LIMIT {least})"
            count = connection.execute(sql, piece.ids_values).fetchone()[0]
            if count < least:
                driver, least = piece, count
    return driver
