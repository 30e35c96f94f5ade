"""How a program's file is described: telling headers, and a line a column."""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from dkcrm.formats.headers import squeezed

_DIGITS = re.compile(r"\d+")
#: Marks a column whose values are the record's ids in the program, whatever else it feeds.
_ID = "+id"


class Column(NamedTuple):
    """What a column of a layout feeds.

    ``field`` is as in ``Mapping.fields``, or ``formatted``: a whole address, worth taking only without its parts.
    ``label_header`` is the squeezed header of the column that has the labels; ``rank`` the place in the table, by which
    the first of two columns for one value goes before.
    """

    field: str | None
    label: str | None
    label_header: str | None
    is_id: bool
    rank: int


class Layout:
    """A kind of file that a program writes.

    ``telling`` has sets of headers, one a line and parted by ``|``, of which one set must be there in whole, and none
    of those marked ``!``. ``table`` has one line a column: its headers parted by ``|``, then ``=``, the field (``?``
    for one that we have no place for: a custom field of the header's name, or of the one that the column of labels
    says), a label, and ``<`` with the header of the column of labels. ``#`` in a header is any number, the same in
    both.
    ``type`` is what the records are, where that is certain. Sources: the programs' own import templates and
    documentation.
    """

    def __init__(self, name: str, scope: str, telling: str, table: str, *, type: str | None = None) -> None:
        self.name = name
        self.scope = scope
        self.type = type
        self._telling = telling
        self._table = table

    @cached_property
    def telling(self) -> list[tuple[frozenset[str], frozenset[str]]]:
        """The sets of squeezed headers of which one must be there, each with those that must not."""
        sets = [[header.strip() for header in line.split("|")] for line in self._telling.strip().splitlines()]
        return [
            (
                frozenset(squeezed(header) for header in headers if header[0] != "!"),
                frozenset(squeezed(header) for header in headers if header[0] == "!"),
            )
            for headers in sets
        ]

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The columns by squeezed header, with ``#`` where a number stands."""
        found: dict[str, Column] = {}
        for rank, line in enumerate(self._table.strip().splitlines()):
            headers, _equals, target = line.rpartition(" = ")
            said, _mark, label_header = target.partition(" < ")
            words = said.split()
            is_id = _ID in words
            words = [word for word in words if word != _ID]
            column = Column(
                None if words[0] == "?" else words[0],
                " ".join(words[1:]) or None,
                _key(label_header) or None,
                is_id,
                rank,
            )
            for header in headers.split("|"):
                found.setdefault(_key(header), column)
        return found

    def tells(self, have: frozenset[str]) -> bool:
        """Tell whether a file with these squeezed headers is of this layout."""
        return any(there <= have and not absent & have for there, absent in self.telling)

    def column(self, key: str) -> tuple[Column, str] | None:
        """Return what a squeezed header feeds, and its number ("" for none); None for a header that is not in it."""
        column = self.columns.get(key)
        if column:
            return column, ""
        number = _DIGITS.search(key)
        column = self.columns.get(_DIGITS.sub("#", key, count=1)) if number else None
        return (column, number[0]) if column and number else None


def _key(header: str) -> str:
    """Return a header squeezed, with its ``#`` kept."""
    return "#".join(map(squeezed, header.split("#"))) if "#" in header else squeezed(header)
