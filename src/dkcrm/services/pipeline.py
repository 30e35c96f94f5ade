"""The pipeline of an import: records are staged outside the lock; ``settling`` recognises and writes them under it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from dkcrm.domain.lifecycle import RANKS
from dkcrm.errors import REJECTED_ROWS, DkcrmError, InvalidInput
from dkcrm.formats.record import Record, Reject, Table
from dkcrm.i18n import _
from dkcrm.services import alike, filling, settling
from dkcrm.services.blocks import Block
from dkcrm.services.columns import Columns
from dkcrm.services.drafts import Drafts, check_texts
from dkcrm.services.reading import Reading
from dkcrm.session import Session
from dkcrm.store.journal import UnitOfWork
from dkcrm.store.recognition import any_came_before, came_before
from dkcrm.store.staging import (
    Stage,
)
from dkcrm.store.wide import NOTHING_WIDE

if TYPE_CHECKING:
    from dkcrm.services.arriving import Arriving

#: Beyond this a number that an export says is not believed.
_MOST = 1 << 40


class Import:
    """One import: what was asked for, and what has come of it so far."""

    def __init__(
        self,
        session: Session,
        path: str,
        reading: Reading,
        drafts: Drafts,
        *,
        on_match: str,
        strict: bool,
        plans: Sequence[int],
        on_likeness: str = alike.CREATE,
        beside: Arriving | None = None,
        first: bool = False,
    ) -> None:
        self.session = session
        self.path = path
        self.reading = reading
        self.drafts = drafts
        self.on_match = on_match
        self.strict = strict
        self.on_likeness = on_likeness
        #: Whether no row ever came in before.
        self.first = first
        #: What a whole database says beside its entities.
        self.beside = beside
        #: place in the import -> who a new row looks the same as
        self.alike: dict[int, alike.Alike] = {}
        #: The number of the plan, and those by which rows count as they were: it had others in earlier versions.
        self.plan = plans[0]
        self.plans = plans
        columns = Columns(reading.rows, drafts) if isinstance(reading.source, Table) else None
        #: The short road, where the plan of the columns has one.
        self.columns = columns if columns is not None and columns.possible else None
        self.wide = self.columns.wide if self.columns else NOTHING_WIDE
        #: What the reader could not read, and what was refused here.
        self.rejects = reading.source.rejects
        #: In a dry run: what would become of the first rows, as scripts see it.
        self.told: list[dict[str, Any]] = []
        #: The entities of the rows that are as they were.
        self.claimed = array("q")
        self._taken = self._refused = self.unchanged = self.filled = self.changed = self.removed = 0
        self.created: dict[str, int] = {}
        self.parties: dict[str, int] = {}
        self.brought: list[str] = []
        #: entity's number -> its type, where a row says a later one, and the next step
        self.ahead: dict[int, str] = {}
        self.kept = 0
        #: The last number of an entity before this import.
        self.before = _MOST
        #: place in the import -> how a person at the terminal decided
        self.decided: dict[int, str] = {}

    # Reading and staging, outside the lock

    def stage(self, uow: UnitOfWork, blocks: Iterable[Block]) -> None:
        """Stage every record that is not known to be as it was; nothing is locked meanwhile."""
        session = self.session
        stage = Stage(uow.connection, self.wide)
        known_before = self.on_match in (filling.FILL, filling.SKIP) and any_came_before(uow.connection)
        n = done = 0
        size = self.reading.size
        for block in blocks:
            self._taken += len(block.rows)
            new = self._not_as_they_were(uow, block) if known_before else block
            n = self._stage_block(stage, n, new)
            stage.maybe_flush()
            self._check_strict()
            done += sum([len(row[1]) for row in block.rows])
            if session.progress:
                session.progress(self.read, min(done / size, 0.99) if size else None)
        self._check_strict()
        stage.end()
        if session.progress:
            session.progress(0, None)

    def _not_as_they_were(self, uow: UnitOfWork, block: Block) -> Block:
        """Return the rows of a block that did not come in before just as they are; those that did are unchanged."""
        types = came_before(uow.connection, [row[3] for row in block.rows], self.plans)
        new = []
        for row in block.rows:
            before = types.get(row[3])
            if before and self._as_it_was(before[0], row[2]):
                self.unchanged += 1
                self.claimed.append(before[1])
            else:
                new.append(row)
        return block if len(new) == len(block.rows) else Block(new)

    def _stage_block(self, stage: Stage, n: int, block: Block) -> int:
        """Stage some records after place ``n``; return the last place used. Plain rows of a table go by columns."""
        rows = block.rows
        flags = self.columns.look(block) if rows and self.columns else [False] * len(rows)
        start = 0
        for plain, run in groupby(flags):
            end = start + len(list(run))
            if plain:
                assert self.columns is not None
                self.columns.emit(start, end, n + 1, stage)
                n += end - start
            else:
                for line, _text, item, mark in rows[start:end]:
                    n = self._stage_record(stage, n, line, item, mark)
            start = end
        return n

    def _stage_record(self, stage: Stage, n: int, line: int, item: Any, mark: int) -> int:
        """Stage one record after place ``n``, or put it among the rejects; return the last place used."""
        try:
            record = self.reading.record(line, item)
            if self.reading.lenient:
                check_texts(record)
            place = self._place(n, record)
            self.drafts.add(place, record, mark, stage)
        except InvalidInput as error:
            self.reject(line, error.message, self.reading.raw(item))
            return n
        if record.card is not None:
            stage.weigh(len(record.card))
        return place

    @staticmethod
    def _place(n: int, record: Record) -> int:
        """Return the next place in the import: the number that our own export says, where it leads on.

        So an export that is read into an empty database gives every entity its number again.
        """
        said = record.kept.get("id") if record.kept else None
        return said if isinstance(said, int) and n < said < _MOST else n + 1

    def _as_it_was(self, type: str, item: Any) -> bool:
        """Tell whether a row that came in before may be left alone: its entity has not moved beyond the row's type."""
        said = self.reading.type_of(item)
        types = (said,) if said else self.drafts.types
        return self.reading.is_mail or RANKS[type] <= max((RANKS.get(mine, 0) for mine in types), default=0)

    @property
    def read(self) -> int:
        """How many rows were read: those that the reader gave, and those that it could not read."""
        return self._taken + len(self.rejects) - self._refused

    def _check_strict(self) -> None:
        """Stop at the first row that the reader could not read, where that is wanted."""
        if self.strict and len(self.rejects):
            first = next(iter(self.rejects))
            self._stop(first.line, first.reason)

    def reject(self, line: int, reason: str, row: list[str]) -> None:
        """Put a row among the rejects, or stop there where that is wanted."""
        if self.strict:
            self._stop(line, reason)
        self._refused += 1
        self.rejects.append(Reject(line, reason, row))

    def _stop(self, line: int, reason: str) -> None:
        error = DkcrmError(
            _("line {line}: {reason}; nothing was imported").format(line=line, reason=reason),
            code="rejected_row",
            hint=_("mend the row, or leave --strict out to import the others"),
        )
        error.exit_status = REJECTED_ROWS
        raise error

    def compare(self, uow: UnitOfWork) -> None:
        """Find out whom the new rows look the same as, before anything is locked."""
        drafts = self.drafts
        recognition = settling.recognition_of(self, uow, claimed=self.claimed)
        recognition.find(drafts.repeated, uids=drafts.uids, ids=drafts.ids)
        names = {number: name for name, (number, *_rest) in drafts.fields.known.items()}
        self.alike = alike.find_alike(uow, names)
        recognition.forget()

    def counts(self) -> dict[str, int]:
        """Return how many rows were read, and what became of them."""
        return {
            "read": self.read,
            "created": sum(self.created.values()),
            "filled": self.filled,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "rejected": len(self.rejects),
        }
