"""Work on tasks: add, done, snooze, edit and take away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dkcrm.domain.task import (
    Task,
    check_priority,
    label,
    parse_ahead,
    part_of,
    reminder_at,
    shown_due,
)
from dkcrm.domain.text import check_line
from dkcrm.domain.when import day_of, parse_when
from dkcrm.errors import InvalidInput, Refused
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services.entities import pick
from dkcrm.services.shape import done
from dkcrm.services.tasklist import task_columns, task_row
from dkcrm.session import Session
from dkcrm.store.entities import resolve
from dkcrm.store.journal import UnitOfWork, unit_of_work
from dkcrm.store.tasks import load_tasks, resolve_task

_MOST_REMINDERS = 20


def _finish(
    session: Session, uow: UnitOfWork, numbers: Iterable[int], what: str, warnings: Sequence[str] = ()
) -> Result:
    """Commit, and answer with the operation and every task that it is about."""
    tasks = load_tasks(uow.connection, numbers)
    uow.commit()
    data = {
        "operation": uow.operation_id,
        "tasks": [task.as_json() for task in tasks],
        "warnings": list(warnings),
    }
    message = done(session, uow.operation_id, what)
    return Result(data, task_columns(), [task_row(task) for task in tasks], message=message, warnings=warnings)


def add(
    session: Session,
    text: str,
    references: Sequence[str] | None = None,
    *,
    due: str | None = None,
    remind: Sequence[str] = (),
    every: str | None = None,
    priority: str | None = None,
) -> Result:
    """Add a task, of any number of entities; of those of a list that names none (of a pipe, say) nothing is added.

    Raises InvalidInput for a date or recurrence that is none.
    """
    now = session.clock()
    line = check_line(text, _("text"))
    moment = parse_when(due, now) if due is not None else None
    ahead = _aheads(remind, moment)
    rule = _rule(every, moment)
    urgency = check_priority(priority) if priority is not None else None
    with unit_of_work(session, "task add") as uow:
        if references is not None and not references:
            return _finish(session, uow, [], _("nobody was named"))
        entities = pick(uow, references or ())
        number = _insert(
            uow,
            {"text": line, "due": moment, "priority": urgency, "every": rule, "start": moment if rule else None},
            [entity.id for entity in entities],
            ahead,
        )
        (task,) = load_tasks(uow.connection, [number])
        when = _(", due {due}").format(due=shown_due(moment)) if moment else ""
        what = _("added task {task}{when}").format(task=label(task), when=when)
        return _finish(session, uow, [number], what, _past(task, now))


def _past(task: Task, now: str) -> list[str]:
    late = part_of(task.due, now) == "overdue"
    return [_("it is overdue already: {due}").format(due=shown_due(task.due))] if late else []


def _aheads(words: Sequence[str], due: str | None) -> list[int]:
    found = sorted({parse_ahead(word) for word in words})
    if found and due is None:
        raise InvalidInput(_("a reminder counts back from the due date"), hint=_("say one with --due"))
    if len(found) > _MOST_REMINDERS:
        raise InvalidInput(_("a task has at most {most} reminders").format(most=_MOST_REMINDERS))
    return found


def _rule(every: str | None, due: str | None) -> str | None:
    if every is None or every.strip().lower() in ("none", "never", "mai"):
        return None
    if due is None:
        raise InvalidInput(_("what comes back counts from its first date"), hint=_("say it with --due"))
    from dkcrm.domain.recurrence import parse_rule

    return parse_rule(every, due)


def _insert(uow: UnitOfWork, values: dict[str, Any], entities: Iterable[int], ahead: Iterable[int]) -> int:
    number = uow.insert("task", {**values, "uid": uow.session.uid(), "created_at": uow.now})
    for entity in entities:
        uow.insert("task_entity", {"task_id": number, "entity_id": entity})
    _remind(uow, number, values["due"], ahead)
    return number


def _remind(uow: UnitOfWork, number: int, due: str | None, ahead: Iterable[int]) -> None:
    """Let a task have these reminders and no others, at the moments that its due date makes."""
    wanted = {seconds: reminder_at(due, seconds) for seconds in ahead} if due else {}
    for row in uow.rows("reminder", task_id=number):
        if row["ahead"] in wanted:
            uow.update("reminder", row["id"], {"at": wanted.pop(row["ahead"])})
        else:
            uow.delete("reminder", row["id"])
    for seconds, at in wanted.items():
        uow.insert("reminder", {"task_id": number, "ahead": seconds, "at": at})


def _pick(uow: UnitOfWork, references: Sequence[str], *, open_only: bool = True) -> list[Task]:
    """Return the tasks of some references, each once. Raises NotFound, and Refused for one that is not open."""
    numbers = dict.fromkeys(resolve_task(uow.connection, reference) for reference in references)
    tasks = load_tasks(uow.connection, numbers)
    for task in tasks:
        if open_only and task.state != "open":
            raise Refused(
                _("task {task} is {state}").format(task=label(task), state=task.state),
                code="already",
                hint=_("open it again with: dkcrm task edit {number} --reopen").format(number=task.id),
            )
    return tasks


def finish_tasks(session: Session, references: Sequence[str]) -> Result:
    """Mark tasks as done; one that comes back gives the next, and no more than that."""
    with unit_of_work(session, "task done") as uow:
        numbers, said = [], []
        for task in _pick(uow, references):
            uow.update("task", task.id, {"state": "done", "done_at": uow.now})
            numbers.append(task.id)
            said.append(label(task))
            following = _next(uow, task)
            if following is not None:
                numbers.append(following[0])
                said[-1] += _(" (next: {number}, {due})").format(number=following[0], due=shown_due(following[1]))
        return _finish(session, uow, numbers, _("done: {tasks}").format(tasks=_list(said)))


def _next(uow: UnitOfWork, task: Task) -> tuple[int, str] | None:
    """Insert the next of a task that comes back; return its number and due date."""
    if not task.every or not task.due:
        return None
    from dkcrm.domain.recurrence import next_due

    start = task.start or task.due
    due = next_due(task.every, start, task.due, uow.now)
    if due is None:
        return None
    values = {"text": task.text, "due": due, "priority": task.priority, "every": task.every, "start": start}
    return _insert(uow, values, [party.id for party in task.entities], task.remind), due


def snooze(session: Session, reference: str, when: str) -> Result:
    """Put a task off; a day alone keeps the hour, and what comes back keeps its days."""
    now = session.clock()
    with unit_of_work(session, "task snooze") as uow:
        (task,) = _pick(uow, [reference])
        due = parse_when(when, now, hours=task.due)
        uow.update("task", task.id, {"due": due})
        _remind(uow, task.id, due, task.remind)
        what = _("put off task {task} to {due}").format(task=label(task), due=shown_due(due))
        return _finish(session, uow, [task.id], what, _past(task._replace(due=due), now))


def remove(session: Session, references: Sequence[str]) -> Result:
    """Take tasks away, without the next of one that comes back; they are kept as dropped."""
    with unit_of_work(session, "task rm") as uow:
        tasks = _pick(uow, references)
        for task in tasks:
            uow.update("task", task.id, {"state": "dropped", "done_at": uow.now})
        what = _("dropped: {tasks}").format(tasks=_list([label(task) for task in tasks]))
        return _finish(session, uow, [task.id for task in tasks], what)


def edit(
    session: Session,
    reference: str,
    *,
    text: str | None = None,
    due: str | None = None,
    remind: Sequence[str] = (),
    every: str | None = None,
    priority: str | None = None,
    for_: Sequence[str] = (),
    not_for: Sequence[str] = (),
    reopen: bool = False,
) -> Result:
    """Change a task; ``none`` takes its due date, priority, recurrence or reminders away."""
    now = session.clock()
    with unit_of_work(session, "task edit") as uow:
        (task,) = _pick(uow, [reference], open_only=False)
        changed: dict[str, Any] = {}
        if text is not None:
            changed["text"] = check_line(text, _("text"))
        if priority is not None:
            changed["priority"] = check_priority(priority)
        if reopen:
            changed |= {"state": "open", "done_at": None}
        moment, rule, ahead = task.due, task.every, list(task.remind)
        if due is not None:
            moment = None if due.strip().lower() in ("none", "mai", "never") else parse_when(due, now)
        if every is not None:
            rule = _rule(every, moment)
        elif rule and moment and moment != task.due:
            from dkcrm.domain.recurrence import anchored

            rule = anchored(rule, day_of(moment))
        if remind:
            ahead = [] if [word.strip().lower() for word in remind] == ["none"] else _aheads(remind, moment)
        if moment is None:
            rule, ahead = None, []
        if moment != task.due or rule != task.every:
            changed |= {"due": moment, "every": rule, "start": moment if rule else None}
        uow.update("task", task.id, changed)
        _remind(uow, task.id, moment, ahead)
        known = {party.id for party in task.entities}
        for entity in pick(uow, for_) if for_ else ():
            if entity.id not in known:
                uow.insert("task_entity", {"task_id": task.id, "entity_id": entity.id})
        for number in {resolve(uow.connection, word, removed=None) for word in not_for}:
            for row in uow.rows("task_entity", task_id=task.id, entity_id=number):
                uow.delete("task_entity", row["id"])
        return _finish(session, uow, [task.id], _("changed task {task}").format(task=label(task)))


def _list(said: Sequence[str]) -> str:
    return ", ".join(said[:5]) + (f" … ({len(said)})" if len(said) > 5 else "")
