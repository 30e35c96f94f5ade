"""The half of an import under the lock: which staged rows are entities that are there, what they add, what is new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from dkcrm.domain.lifecycle import RANKS, label, next_step
from dkcrm.i18n import _, a_
from dkcrm.services import alike, filling
from dkcrm.store.entities import load_many, parse_uid
from dkcrm.store.journal import UnitOfWork
from dkcrm.store.ledger import known, said
from dkcrm.store.recognition import Recognition
from dkcrm.store.staged import given_aliases, known_twice, note_waiting, said_around
from dkcrm.store.staging import (
    counted,
    given_uids,
    index_known,
    index_staged,
    known_rows,
    lines_of,
    new_rows,
    staged,
    take_out,
    write_staged,
)

if TYPE_CHECKING:
    from dkcrm.services.pipeline import Import

_PAIRS = 200
#: So many rows a dry run tells one by one.
TOLD = 1_000


def ask(job: Import, uow: UnitOfWork) -> None:
    """Ask at the terminal about each known row that would change something, before anything is locked."""
    put = job.session.ask
    assert put is not None
    drafts = job.drafts
    recognition = recognition_of(job, uow)
    recognition.find((), uids=drafts.uids, ids=drafts.ids)
    job.on_match = filling.UPDATE
    for n, _mark, filled in _fillings(job, uow):
        if filled:
            lines = [label(filled.entity), *(f"  {word}" for word in (*filled.filled, *filled.overwritten))]
            question = _("fill in, update or skip? [f/u/S]")
            answer = (put("\n".join([*lines, question])) or "s").strip().lower()[:1]
            job.decided[n] = {"f": filling.FILL, "u": filling.UPDATE}.get(answer, filling.SKIP)
    job.on_match = filling.FILL
    recognition.forget()


def recognition_of(job: Import, uow: UnitOfWork, claimed: Iterable[int] = ()) -> Recognition:
    """Return what finds the known rows of an import."""
    return Recognition(uow, partial(_no_more, uow), by_email_alone=job.reading.is_mail, claimed=claimed)


def _no_more(uow: UnitOfWork, pairs: list[tuple[int, int]]) -> dict[int, int]:
    """Return which rows say nothing that an entity does not say, and which one; a name alone says too little."""
    found: dict[int, int] = {}
    index_staged(uow, len(pairs))
    for start in range(0, len(pairs), _PAIRS):
        block = pairs[start : start + _PAIRS]
        entities = {entity.id: entity for entity in load_many(uow.connection, {number for _n, number in block})}
        rows = staged(uow, list({n for n, _number in block}))
        for n, number in block:
            said, entity = rows[n], entities[number]
            told = said["contact_point"] or said["address"] or any(map(said["entity"][0].get, ("vat_id", "tax_code")))
            if n in found or not told or said["card"] or said["interaction"]:
                continue
            values = uow.rows("field_value", entity_id=number) if said["field_value"] else []
            more = filling.plan(entity, values, said, overwrite=False)
            if not more and not more.kept:
                found[n] = number
    return found


def recognise(job: Import, uow: UnitOfWork) -> None:
    """Find out which staged rows are entities that are there; those that cannot be taken become rejects."""
    drafts = job.drafts
    recognition = recognition_of(job, uow, claimed=job.claimed)
    recognition.find(drafts.repeated, uids=drafts.uids, ids=drafts.ids)
    reasons = _nobody(job, recognition.known) | recognition.doubtful | _demoted(job, uow) | _erased(job, uow)
    # Who has come in meanwhile by another road is known now, and no new row any more.
    job.alike = {n: found for n, found in job.alike.items() if n not in recognition.known and n not in reasons}
    if job.on_likeness == alike.REJECT:
        reasons |= {n: found.reason() for n, found in job.alike.items()}
        job.alike = {}
    if not reasons:
        return
    lines = lines_of(uow, reasons)
    raw = job.reading.raw_at(set(lines.values()))
    for n, reason in reasons.items():
        job.reject(lines[n], reason, raw.get(lines[n], []))
    take_out(uow, reasons)


def _nobody(job: Import, known: dict[int, int]) -> dict[int, str]:
    """Return the rows without a name that are nobody who is there, and of whom no other row says the name either."""
    nameless = job.drafts.nameless
    named = {-number for n, number in known.items() if n not in nameless}
    found: dict[int, str] = {}
    for n, reason in sorted(nameless.items()):
        who = known.get(n)
        if (who is None and n not in named) or (who is not None and -who in found):
            found[n] = reason
    return found


def _erased(job: Import, uow: UnitOfWork) -> dict[int, str]:
    """Return the rows that are somebody who was erased: an export of ours says who by the uid.

    So are those of whom somebody who was erased was a part when the export was made: nobody can tell what is whose.
    """
    ledger = known(uow.connection, job.session.db) if job.drafts.uids else None
    if not ledger:
        return {}
    found = ((n, ledger.find(uid)) for n, uid in given_uids(uow))
    reasons = {n: said(one) for n, one in found if one is not None}
    for n, text in given_aliases(uow):
        uid = parse_uid(text)
        part = ledger.find(uid) if uid else None
        if part is not None:
            text = _("it has what was of another, who had become one with it: {said}").format(said=said(part))
            reasons.setdefault(n, text)
    return reasons


def _demoted(job: Import, uow: UnitOfWork) -> dict[int, str]:
    """Return the known rows that would take an entity back to an earlier type: types only move forward."""
    found: dict[int, str] = {}
    if job.reading.is_mail:
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
                job.ahead[number] = f"{label(entity)}: {entity.type}; {next_step(entity, job.drafts.in_use)}"
    return found


def write(job: Import, uow: UnitOfWork, keep_numbers: Callable[[int], None] | None = None) -> None:
    """Write what is staged: new entities set-wise, then what the known rows add.

    ``keep_numbers`` is told how many are new before any of them has its number.
    """
    if job.beside:
        job.beside.before(uow)
    job.created, job.parties = counted(uow)
    if keep_numbers:
        keep_numbers(sum(job.created.values()))
    job.brought = job.drafts.fields.declare(uow)
    job.before = uow.next_id("entity") - 1
    if job.session.dry_run:
        job.told += [
            {"line": line, "what": "create", "who": f"{type} {name}", "details": []}
            for line, type, name in new_rows(uow, TOLD)
        ]
    # The rows of a directory are not noted: it says by which rows those in it are known.
    write_staged(uow, None if job.beside else job.plan, sum(job.created.values()), job.wide)
    restored, waiting = _restore(job, uow)
    for n, mark, filled in _fillings(job, uow):
        number = filled.entity.id
        words = restored.pop(number, []) if number <= job.before else []
        filled.restored = bool(words)
        filled.filled += words
        job.kept += bool(filled.kept)
        if job.session.dry_run and len(job.told) < TOLD and (filled or filled.kept):
            _tell(job, uow, n, filled)
        if not filled:
            job.unchanged += 1
            continue
        filled.apply(uow)
        # Noted as come in, so that the same row changes nothing the next time.
        if number not in waiting:
            uow.insert("imported_row", {"entity_id": number, "fingerprint": mark, "plan": job.plan})
        job.filled += 1
        job.changed += bool(filled.overwritten)
    if job.beside:
        job.beside.after(uow)


def _restore(job: Import, uow: UnitOfWork) -> tuple[dict[int, list[str]], set[int]]:
    """Put back what our own export says around entities, but for those that are to be left alone.

    Returns what was put back, by the entity's number and in words, and the entities of which something waits for
    another one that is not here.
    """
    said_of = said_around(uow, job.before)
    if not said_of:
        return {}, set()
    from dkcrm.services.restoring import Restoring, removed

    restoring = Restoring(uow, job.before, in_use=job.drafts.in_use)
    around = [
        (number, text)
        for n, number, text in said_of
        if number > job.before or not (_mode(job, n) == filling.SKIP or removed(uow, number))
    ]
    if around:
        restoring.restore(around)
        new = {number for number, _text in around if number > job.before}
        uow.untimed |= new
        note_waiting(uow, new & restoring.waiting, job.plan)
        job.ahead = {number: step for number, step in job.ahead.items() if number not in restoring.met}
    return restoring.restored, restoring.waiting


def _mode(job: Import, n: int) -> str:
    """Return what is to become of a known row."""
    return job.decided.get(n, job.on_match)


def _tell(job: Import, uow: UnitOfWork, n: int, filled: filling.Filling) -> None:
    """Note what would become of a known row, for a dry run."""
    what = "change" if filled.overwritten else "fill" if filled else "keep"
    details = [*filled.filled, *filled.overwritten, *(f"({_('not')}) {value}" for value in filled.kept)]
    line = lines_of(uow, [n])[n]
    job.told.append({"line": line, "what": what, "who": label(filled.entity), "details": details})


def _fillings(job: Import, uow: UnitOfWork) -> Iterator[tuple[int, int, filling.Filling]]:
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
            mode = _mode(job, n)
            if entity.removed_at:
                job.removed += 1
            said = rows[n]
            mark = said["entity"][0]["fingerprint"]
            if mode == filling.SKIP or entity.removed_at:
                yield n, mark, filling.Filling(entity)
                continue
            values = uow.rows("field_value", entity_id=number) if said["field_value"] else []
            # Whatever an entity of this import has, the file said.
            earlier = filling.keys_of(entity.points) if number > job.before else said_of.get(number, set())
            filled = filling.plan(entity, values, said, overwrite=mode == filling.UPDATE, earlier=earlier)
            if number in said_of:
                said_of[number] |= filling.keys_said(said)
            # Of several cards of one file none is the newer one.
            wins = mode == filling.UPDATE and number <= job.before and number not in said_of
            filling.plan_arrivals(uow, filled, said, in_use=job.drafts.in_use, overwrite=wins)
            yield n, mark, filled
