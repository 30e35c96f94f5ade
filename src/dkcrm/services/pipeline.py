"""The pipeline of an import: records are staged outside the lock, recognised and written under it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from dkcrm.domain.lifecycle import RANKS, label, next_step
from dkcrm.errors import REJECTED_ROWS, DkcrmError, InvalidInput
from dkcrm.formats.record import Record, Reject, Table
from dkcrm.i18n import _, a_
from dkcrm.services import alike, filling
from dkcrm.services.blocks import Block
from dkcrm.services.columns import Columns
from dkcrm.services.drafts import Drafts, check_texts
from dkcrm.services.reading import Reading
from dkcrm.services.restoring import Restoring, removed
from dkcrm.session import Session
from dkcrm.store.entities import load_many
from dkcrm.store.journal import UnitOfWork
from dkcrm.store.ledger import known, said
from dkcrm.store.recognition import Recognition, any_came_before, came_before
from dkcrm.store.staged import known_twice, note_waiting, said_around
from dkcrm.store.staging import (
    Stage,
    counted,
    given_uids,
    index_known,
    known_rows,
    lines_of,
    new_rows,
    staged,
    take_out,
    write_staged,
)
from dkcrm.store.wide import NOTHING_WIDE

if TYPE_CHECKING:
    from dkcrm.services.arriving import Arriving

_PAIRS = 200
#: So many rows a dry run tells one by one.
TOLD = 1_000
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
        plan: int,
        on_likeness: str = alike.CREATE,
        beside: Arriving | None = None,
    ) -> None:
        self.session = session
        self.path = path
        self.reading = reading
        self.drafts = drafts
        self.on_match = on_match
        self.strict = strict
        self.on_likeness = on_likeness
        #: What a whole database says beside its entities.
        self.beside = beside
        #: place in the import -> who a new row looks the same as
        self.alike: dict[int, alike.Alike] = {}
        self.plan = plan
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
        self.ahead: dict[str, int] = {}
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
        types = came_before(uow.connection, [row[3] for row in block.rows], self.plan)
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

    def ask(self, uow: UnitOfWork) -> None:
        """Ask at the terminal about each known row that would change something, before anything is locked."""
        ask = self.session.ask
        assert ask is not None
        drafts = self.drafts
        recognition = Recognition(uow, by_email_alone=self.reading.is_mail)
        recognition.find((), uids=drafts.uids, ids=drafts.ids)
        self.on_match = filling.UPDATE
        for n, _mark, filled in self._fillings(uow):
            if filled:
                lines = [label(filled.entity), *(f"  {word}" for word in (*filled.filled, *filled.overwritten))]
                question = _("fill in, update or skip? [f/u/S]")
                answer = (ask("\n".join([*lines, question])) or "s").strip().lower()[:1]
                self.decided[n] = {"f": filling.FILL, "u": filling.UPDATE}.get(answer, filling.SKIP)
        self.on_match = filling.FILL
        recognition.forget()

    def compare(self, uow: UnitOfWork) -> None:
        """Find out whom the new rows look the same as, before anything is locked."""
        drafts = self.drafts
        recognition = Recognition(uow, by_email_alone=self.reading.is_mail, claimed=self.claimed)
        recognition.find(drafts.repeated, uids=drafts.uids, ids=drafts.ids)
        names = {number: name for name, (number, *_rest) in drafts.fields.known.items()}
        self.alike = alike.find_alike(uow, names)
        recognition.forget()

    # Recognising and writing, under the lock

    def recognise(self, uow: UnitOfWork) -> None:
        """Find out which staged rows are entities that are there; those that cannot be taken become rejects."""
        drafts = self.drafts
        recognition = Recognition(uow, by_email_alone=self.reading.is_mail, claimed=self.claimed)
        recognition.find(drafts.repeated, uids=drafts.uids, ids=drafts.ids)
        reasons = recognition.doubtful | self._demoted(uow) | self._erased(uow)
        # Who has come in meanwhile by another road is known now, and no new row any more.
        self.alike = {n: found for n, found in self.alike.items() if n not in recognition.known and n not in reasons}
        if self.on_likeness == alike.REJECT:
            reasons |= {n: found.reason() for n, found in self.alike.items()}
            self.alike = {}
        if not reasons:
            return
        lines = lines_of(uow, reasons)
        raw = self.reading.raw_at(set(lines.values()))
        for n, reason in reasons.items():
            self.reject(lines[n], reason, raw.get(lines[n], []))
        take_out(uow, reasons)

    def _erased(self, uow: UnitOfWork) -> dict[int, str]:
        """Return the rows that are somebody who was erased: an export of ours says who by the uid."""
        ledger = known(uow.connection, self.session.db) if self.drafts.uids else None
        if not ledger:
            return {}
        found = ((n, ledger.find(uid)) for n, uid in given_uids(uow))
        return {n: said(one) for n, one in found if one is not None}

    def _demoted(self, uow: UnitOfWork) -> dict[int, str]:
        """Return the known rows that would take an entity back to an earlier type: types only move forward."""
        found: dict[int, str] = {}
        if self.reading.is_mail:
            return found
        known = [(n, number, type) for n, number, type in known_rows(uow) if number > 0]
        for start in range(0, len(known), _PAIRS):
            block = known[start : start + _PAIRS]
            entities = {entity.id: entity for entity in load_many(uow.connection, {number for _n, number, _t in block})}
            for n, number, type in block:
                entity = entities[number]
                if entity.removed_at:
                    continue
                if RANKS[entity.type] > RANKS[type]:
                    found[n] = _("would make {type} of {who}, {is_}: types only move forward").format(
                        type=a_(type), who=label(entity), is_=a_(entity.type)
                    )
                elif entity.type != type:
                    step = f"{label(entity)}: {entity.type}; {next_step(entity, self.drafts.in_use)}"
                    self.ahead[step] = self.ahead.get(step, 0) + 1
        return found

    def write(self, uow: UnitOfWork) -> None:
        """Write what is staged: new entities set-wise, then what the known rows add."""
        if self.beside:
            self.beside.before(uow)
        self.brought = self.drafts.fields.declare(uow)
        self.created, self.parties = counted(uow)
        self.before = uow.next_id("entity") - 1
        if self.session.dry_run:
            self.told += [
                {"line": line, "what": "create", "who": f"{type} {name}", "details": []}
                for line, type, name in new_rows(uow, TOLD)
            ]
        write_staged(uow, self.plan, self.wide)
        restoring = self._restore(uow)
        for n, mark, filled in self._fillings(uow):
            number = filled.entity.id
            words = restoring.restored.pop(number, []) if number <= self.before else []
            filled.restored = bool(words)
            filled.filled += words
            self.kept += bool(filled.kept)
            if self.session.dry_run and len(self.told) < TOLD and (filled or filled.kept):
                self._tell(uow, n, filled)
            if not filled:
                self.unchanged += 1
                continue
            filled.apply(uow)
            # Noted as come in, so that the same row changes nothing the next time.
            if number not in restoring.waiting:
                uow.insert("imported_row", {"entity_id": number, "fingerprint": mark, "plan": self.plan})
            self.filled += 1
            self.changed += bool(filled.overwritten)
        if self.beside:
            self.beside.after(uow)

    def _restore(self, uow: UnitOfWork) -> Restoring:
        """Put back what our own export says around entities, but for those that are to be left alone."""
        restoring = Restoring(uow, self.before)
        around = [
            (number, text)
            for n, number, text in said_around(uow, self.before)
            if number > self.before or not (self._mode(n) == filling.SKIP or removed(uow, number))
        ]
        if around:
            restoring.restore(around)
            new = {number for number, _text in around if number > self.before}
            uow.untimed |= new
            note_waiting(uow, new & restoring.waiting)
        return restoring

    def _mode(self, n: int) -> str:
        """Return what is to become of a known row."""
        return self.decided.get(n, self.on_match)

    def _tell(self, uow: UnitOfWork, n: int, filled: filling.Filling) -> None:
        """Note what would become of a known row, for a dry run."""
        what = "change" if filled.overwritten else "fill" if filled else "keep"
        details = [*filled.filled, *filled.overwritten, *(f"({_('not')}) {value}" for value in filled.kept)]
        line = lines_of(uow, [n])[n]
        self.told.append({"line": line, "what": what, "who": label(filled.entity), "details": details})

    def _fillings(self, uow: UnitOfWork) -> Iterator[tuple[int, int, filling.Filling]]:
        """Yield each known row's place, its fingerprint and what it adds to its entity as it is by then."""
        index_known(uow)
        known = known_rows(uow)
        #: What earlier rows said of the entities that have several.
        said_of: dict[int, set[filling.Key]] = {number: set() for number in known_twice(uow)}
        start = 0
        while start < len(known):
            block: dict[int, int] = {}
            while start < len(known) and len(block) < _PAIRS and known[start][1] not in block.values():
                block[known[start][0]] = known[start][1]
                start += 1
            entities = {entity.id: entity for entity in load_many(uow.connection, set(block.values()))}
            rows = staged(uow, list(block))
            for n, number in block.items():
                entity = entities[number]
                mode = self._mode(n)
                if entity.removed_at:
                    self.removed += 1
                said = rows[n]
                mark = said["entity"][0]["fingerprint"]
                if mode == filling.SKIP or entity.removed_at:
                    yield n, mark, filling.Filling(entity)
                    continue
                values = uow.rows("field_value", entity_id=number) if said["field_value"] else []
                # Whatever an entity of this import has, the file said.
                earlier = filling.keys_of(entity.points) if number > self.before else said_of.get(number, set())
                filled = filling.plan(entity, values, said, overwrite=mode == filling.UPDATE, earlier=earlier)
                if number in said_of:
                    said_of[number] |= filling.keys_said(said)
                filling.plan_arrivals(uow, filled, said, in_use=self.drafts.in_use)
                yield n, mark, filled

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
