"""Tasks for other programs: a calendar file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from dkcrm.domain.task import order
from dkcrm.errors import InvalidInput
from dkcrm.formats.ics import write_ics
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services.exporting import check_output, write_file
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.entities import resolve
from dkcrm.store.tasks import listed_numbers, load_tasks


def export_tasks(
    session: Session,
    *,
    format: str | None = None,
    output: str | None = None,
    events: bool = False,
    everything: bool = False,
    of: Sequence[str] = (),
) -> Result:
    """Export open tasks as iCalendar, to a file or standard output.

    With ``everything`` done and dropped ones, and those of removed entities, too.
    """
    if format is not None and format.lower() not in ("ics", "icalendar", "ical"):
        raise InvalidInput(
            _("no such format: {name}").format(name=format),
            hint=_("formats: {names}; for others: dkcrm task list --json").format(names="ics"),
        )
    now = session.clock()
    states = ("open", "done", "dropped") if everything else ("open",)
    connection = open_reading(session)
    try:
        entities = [resolve(connection, reference) for reference in of]
        numbers = listed_numbers(connection, states, entities, removed=everything)
        tasks = sorted(load_tasks(connection, numbers), key=order)
    finally:
        connection.close()
    count = sum(1 for task in tasks if task.due or not events)

    def write(out: TextIO) -> None:
        write_ics(tasks, out, now, events=events)

    if output is None or output == "-":
        return Result(None, writes=write, message=_("exported {count}").format(count=count))
    check_output(session, output)
    write_file(output, write)
    data = {"exported": count, "format": "ics", "file": output}
    return Result(data, message=_("exported {count} to {file}").format(count=count, file=output))
