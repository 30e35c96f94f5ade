"""Tasks as they are read: their columns, one of them whole, and lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dkcrm.domain.task import Task, check_priority, order, part_of, shown_due
from dkcrm.domain.text import strip_marks
from dkcrm.domain.when import day_of, parse_when
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.entities import resolve
from dkcrm.store.tasks import listed_numbers, load_tasks, resolve_task


def task_columns() -> list[Column]:
    """Return the columns in which tasks are listed."""
    return [
        Column("id", "#", "number"),
        Column("state", _("State"), "state"),
        Column("due", _("Due")),
        Column("priority", _("Pri")),
        Column("text", _("Task")),
        Column("entities", _("Who")),
        Column("every", _("Every"), wide=True),
    ]


def task_row(task: Task) -> dict[str, Any]:
    """Return a task as a row of those columns; the due date is what the user's clock shows."""
    return {**task.as_json(), "due": shown_due(task.due), "entities": task.who()}


def show(session: Session, references: Sequence[str], *, single: bool) -> Result:
    """Show tasks."""
    connection = open_reading(session)
    try:
        tasks = load_tasks(connection, [resolve_task(connection, reference) for reference in references])
    finally:
        connection.close()
    data = tasks[0].as_json() if single else [task.as_json() for task in tasks]
    rows = [
        {"id": task.id, "field": name, "value": _told(name, value)}
        for task in tasks
        for name, value in task_row(task).items()
        if value not in (None, "", []) and name != "id"
    ]
    return Result(data, [Column("id", "#", "number"), Column("field", _("Field")), Column("value", _("Value"))], rows)


def _told(name: str, value: Any) -> Any:
    return ", ".join(value) if name == "remind" else value


def list_tasks(
    session: Session,
    words: Sequence[str] = (),
    *,
    overdue: bool = False,
    due: str | None = None,
    finished: bool = False,
    everything: bool = False,
    of: Sequence[str] = (),
    priority: str | None = None,
    limit: int = 0,
) -> Result:
    """List tasks, the open ones unless others are asked for: by day, then urgency; what is not due at all comes last.

    ``words`` must all be in the text or in the name of somebody it is about.
    """
    now = session.clock()
    span = due_span(due, now) if due is not None else None
    states = ("open", "done", "dropped") if everything else ("done",) if finished else ("open",)
    connection = open_reading(session)
    try:
        entities = [resolve(connection, reference) for reference in of]
        urgency = check_priority(priority) if priority is not None else None
        tasks = load_tasks(connection, listed_numbers(connection, states, entities, urgency, removed=everything))
    finally:
        connection.close()
    wanted = [strip_marks(word) for word in words]
    tasks = [
        task
        for task in tasks
        if (not overdue or (task.state == "open" and part_of(task.due, now) == "overdue"))
        and (span is None or (task.due is not None and span[0] <= day_of(task.due) <= span[1]))
        and all(word in strip_marks(f"{task.text} {task.who()}") for word in wanted)
    ]
    tasks.sort(key=order)
    shown = tasks[:limit] if limit else tasks
    message = _("nothing found") if not shown else None
    if len(shown) < len(tasks):
        message = _("{count} more (--limit 0 has all)").format(count=len(tasks) - len(shown))
    return Result(
        [task.as_json() for task in shown], task_columns(), [task_row(task) for task in shown], message=message
    )


def due_span(text: str, now: str) -> tuple[date, date]:
    """Return the first and last day of a day, a period, or a range of them (``..friday``), where the user is."""
    low, dots, high = text.partition("..")
    if not dots:
        return _days(text, now)
    if not low.strip() and not high.strip():
        raise InvalidInput(_("a range needs at least one end"))
    first = _days(low, now)[0] if low.strip() else date.min
    return first, _days(high, now)[1] if high.strip() else date.max


def _days(text: str, now: str) -> tuple[date, date]:
    from dkcrm.domain import periods

    today = day_of(now)
    try:
        # Of the words that both know, those of a due date look ahead: 3d is in three days.
        day = day_of(parse_when(text, now))
    except InvalidInput as error:
        try:
            return periods.days(text, today)
        except InvalidInput:
            raise error from None
    # A week or a month is all of it.
    try:
        first, last = periods.days(text, today)
    except InvalidInput:
        return day, day
    return (first, last) if first <= day <= last else (day, day)
