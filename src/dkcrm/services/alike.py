"""New rows of an import that look the same as somebody who is there, or as an earlier row: told of, or rejected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from dkcrm.domain.lifecycle import label
from dkcrm.i18n import _
from dkcrm.store.entities import load
from dkcrm.store.journal import UnitOfWork
from dkcrm.store.staging import new_lines, staged

if TYPE_CHECKING:
    from dkcrm.domain.matching.party import Party

#: What is done with a row that looks the same as somebody: told and created, rejected, or created without a look.
REPORT, REJECT, CREATE = LIKENESS = ("report", "reject", "create")
_BLOCK = 2_000


class Alike(NamedTuple):
    """A new row and who it looks the same as: an entity with a number, or the row of an earlier line."""

    line: int
    id: int | None
    who: str
    score: float
    reasons: list[str]

    def reason(self) -> str:
        """Return why the row is rejected."""
        return _("looks the same as {who} ({why})").format(who=self.who, why=", ".join(self.reasons))


def find_alike(uow: UnitOfWork, fields: Mapping[int, str]) -> dict[int, Alike]:
    """Return who the staged rows that are not known look the same as, by their place in the import.

    ``fields`` are the names of custom fields by their numbers.
    """
    lines = {-n: line for n, line in new_lines(uow)}
    if not lines:
        return {}
    from dkcrm.domain.matching.pairs import Against
    from dkcrm.store.exporting import everybody
    from dkcrm.store.likeness import LIKELY, parties

    connection = uow.connection
    against = Against(_fresh(uow, [-number for number in lines], fields), parties(connection, everybody(connection)))
    best: dict[int, tuple[float, Party, Party]] = {}
    for a, b, score in against.pairs(LIKELY):
        # Of two rows the later one is like the earlier one; the number of a row is below 0.
        row, other = (b, a) if b.number < 0 and b.number < a.number else (a, b)
        if row.number not in best or score > best[row.number][0]:
            best[row.number] = (score, row, other)
    found = {}
    for number, (score, row, other) in sorted(best.items(), reverse=True):
        is_there = other.number > 0
        who = label(load(connection, other.number)) if is_there else _("line {line}").format(line=lines[other.number])
        reasons = against.likeness(row, other).reasons
        found[-number] = Alike(lines[number], other.number if is_there else None, who, score, reasons)
    return found


def _fresh(uow: UnitOfWork, places: list[int], fields: Mapping[int, str]) -> Iterator[Party]:
    """Yield staged rows, prepared for comparison; their numbers are their places, below 0."""
    from dkcrm.store.exporting import chunks
    from dkcrm.store.likeness import party_of_row

    for block in chunks(places, _BLOCK):
        for n, said in staged(uow, block).items():
            for entity in said["entity"]:
                yield party_of_row({**entity, "id": -n}, said, _named(said["field_value"], fields))


def _named(values: list[dict[str, Any]], fields: Mapping[int, str]) -> dict[str, str]:
    return {fields[value["field_id"]]: value["value"] for value in values if value["field_id"] in fields}
