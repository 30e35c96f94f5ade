"""An import at work: the rows are staged, then written under the lock, or beside the database where that is better."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dkcrm import stopping
from dkcrm.errors import Busy
from dkcrm.i18n import _
from dkcrm.services import alike, filling, settling
from dkcrm.services.ahead import Ahead
from dkcrm.services.blocks import Block
from dkcrm.services.pipeline import Import
from dkcrm.session import Session
from dkcrm.store import engine
from dkcrm.store.files import unfinished
from dkcrm.store.journal import UnitOfWork, unit_of_staged_work
from dkcrm.store.since import Overtaken
from dkcrm.store.staged import any_around, known_before
from dkcrm.store.turns import turn

#: A file with fewer bytes (some 10,000 rows) is written under the lock before anybody would notice.
SMALLEST = 1 << 20


def bring(session: Session, job: Import, *, aside: bool = False) -> int | None:
    """Bring what the job reads into the database; return the operation, or None where nothing has changed.

    With ``aside`` it is written beside the database where that is worth it: Overtaken is raised where what others have
    written meanwhile is in the way, and nothing was written.
    """
    # Whoever reads ahead is there before the database is opened. It looks at emails and phones too where all rows are
    # new: of those that are as they were, which is most of a file that comes again, nobody needs to.
    points = job.columns.points if job.columns and job.first else None
    with Ahead(job.reading, points) as blocks, turn(session, _waiting(session)) as held:
        if held and unfinished(session.db):
            from dkcrm.store.aside import tidy

            tidy(session)
        if held and aside and _may_go_aside(job):
            from dkcrm.store.aside import worth_it

            if worth_it(session, job.reading.size):
                return _beside(session, job, blocks)
        with unit_of_staged_work(session, "import") as uow:
            _stage(job, uow, blocks)
            uow.begin()
            uow.now = session.clock()
            settling.recognise(job, uow)
            settling.write(job, uow)
            _note(job, uow)
            return uow.commit()


def _waiting(session: Session) -> Callable[[], None] | None:
    tell = session.tell
    return (lambda: tell(_("another import is at work: waiting for it"))) if tell else None


def _may_go_aside(job: Import) -> bool:
    """Tell whether an import is large, only brings entities and fills them in: it gives out numbers of nothing else."""
    if job.reading.size < SMALLEST:
        return False
    ours = job.beside or job.reading.layout == "dkcrm" or job.reading.source.format in ("json", "jsonl")
    asked = job.on_match == filling.ASK or job.on_likeness != alike.CREATE
    return not (ours or asked or job.reading.is_mail)


def _beside(session: Session, job: Import, blocks: Iterable[Block]) -> int | None:
    """Write beside the database. Raises Overtaken where that cannot be, whatever the reason."""
    from dkcrm.store.aside import Aside

    copy = Aside(session)
    try:
        with copy as uow:
            _stage(job, uow, blocks)
            if any_around(uow):
                raise Overtaken
            uow.begin()
            uow.now = session.clock()
            settling.recognise(job, uow)
            settling.write(job, uow, copy.keep_numbers)
            _note(job, uow)
            new = (job.before + 1, job.before + sum(job.created.values()))
            copy.put_in_place(known_before(uow, job.before), new)
    except Exception as error:
        in_the_way = isinstance(error, (OSError, UnicodeError, Busy, *engine.Error))
        if not in_the_way or stopping.told() or copy.in_place:
            raise
        raise Overtaken from error
    return uow.operation_id


def _stage(job: Import, uow: UnitOfWork, blocks: Iterable[Block]) -> None:
    job.stage(uow, blocks)
    if job.on_match == filling.ASK:
        settling.ask(job, uow)
    if job.on_likeness != alike.CREATE:
        job.compare(uow)


def _note(job: Import, uow: UnitOfWork) -> None:
    """Say in the operation what the import was."""
    uow.file = None if job.path == "-" else job.path
    counts = job.counts()
    uow.record.update({"types": job.created, **{name: counts[name] for name in counts if counts[name]}})
