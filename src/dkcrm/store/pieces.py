"""Conditions as SQL, each with the index that answers it where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

#: So many parts of an ``or`` are looked up one by one; with more, each entity is asked.
_MOST_UNITED = 100


class Piece(NamedTuple):
    """A condition over ``e`` (a row of ``entity``) and its values.

    ``ids`` is a SELECT, answered by an index, of the numbers of entities among which all are for whom it holds
    (``covers``: for whom it holds, no others); ``few``: not many, however many entities there are; ``scan``: it is a
    walk through a table, which is still better than asking each entity. ``column`` is the one that the condition is a
    range of. ``whole`` conditions read all their answers before the first. ``parts`` are those that must all hold.
    """

    sql: str
    values: Sequence[Any] = ()
    ids: str = ""
    ids_values: Sequence[Any] = ()
    covers: bool = False
    few: bool = False
    scan: bool = False
    column: str = ""
    whole: bool = False
    parts: Sequence[Piece] = ()

    def where(self) -> tuple[str, list[Any]]:
        """Return the condition for a query that wants everybody for whom it holds."""
        pieces = self.parts or (self,)
        driver = best(pieces)
        sql: list[str] = []
        values: list[Any] = []
        for piece in pieces:
            if piece is driver:
                sql.append(f"e.id IN ({piece.ids})")
                values += piece.ids_values
            if piece is not driver or not piece.covers:
                sql.append(piece.sql)
                values += piece.values
        return " AND ".join(sql), values


EVERYBODY = Piece("1")
NOBODY = Piece("0")


def best(pieces: Sequence[Piece]) -> Piece | None:
    """Return the condition that an index answers, one with few answers first, or None."""
    answered = [piece for piece in pieces if piece.ids]
    return min(answered, key=lambda piece: (not piece.few, piece.scan), default=None)


def every(pieces: Sequence[Piece]) -> Piece:
    """Return the condition that all of some hold."""
    flat = [part for piece in pieces for part in (piece.parts or (piece,))]
    driver = best(flat)
    return Piece(
        "(" + " AND ".join(piece.sql for piece in flat) + ")",
        [value for piece in flat for value in piece.values],
        driver.ids if driver else "",
        driver.ids_values if driver else (),
        few=bool(driver and driver.few),
        scan=bool(driver and driver.scan),
        whole=any(piece.whole for piece in flat),
        parts=flat,
    )


def either(pieces: Sequence[Piece]) -> Piece:
    """Return the condition that one of some holds; indexes answer it if they answer each."""
    ids = " UNION ".join(piece.ids for piece in pieces) if all(piece.ids for piece in pieces) else ""
    if ids.count(" UNION ") > _MOST_UNITED:
        ids = ""
    return Piece(
        "(" + " OR ".join(piece.sql for piece in pieces) + ")",
        [value for piece in pieces for value in piece.values],
        ids,
        [value for piece in pieces for value in piece.ids_values] if ids else (),
        covers=bool(ids) and all(piece.covers for piece in pieces),
        few=bool(ids) and all(piece.few for piece in pieces),
        scan=bool(ids) and any(piece.scan for piece in pieces),
        whole=any(piece.whole for piece in pieces),
    )
