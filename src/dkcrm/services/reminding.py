"""Giving reminders: printed, or handed to a command.

Each is given once. Runs take turns by a lock that the system drops when a process dies, and a reminder is marked only
after it was given: a run that dies in between gives it again, rather than never. What is printed is marked once it is
flushed; a command that fails is tried again at the next run.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from typing import Any

from dkcrm.domain.task import Task, shown_due
from dkcrm.errors import FAILED, InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.reminders import Reminder, due_reminders, mark_told
from dkcrm.store.tasks import load_tasks
from dkcrm.store.turns import hold

#: Tasks with the reminders of theirs that are due.
Given = list[tuple[list[Reminder], Task]]
#: Seconds after which a command has failed.
_PATIENCE = 60
_SHELLS = ("sh", "bash", "dash", "zsh", "ksh", "fish", "ash", "busybox")
_WORDS = ("{text}", "{due}", "{who}", "{id}", "{uid}")


def remind(session: Session, command: str | None = None, *, asked: bool = False) -> Result:
    """Give the reminders that are due: printed, or handed to a command.

    Those that a command was given are printed only where a format is ``asked`` for, and in a dry run. Raises
    InvalidInput for a command that cannot be run. Its exit status is not 0 where a command failed.
    """
    words = _command(command) if command is not None else None
    release = hold(session, "remind")
    try:
        connection = open_reading(session)
        try:
            due = due_reminders(connection, session.clock())
            tasks = {task.id: task for task in load_tasks(connection, {reminder.task for reminder in due})}
        finally:
            connection.close()
        if words is None:
            result = _result(_given(due, tasks))
            if due and not session.dry_run:

                def told() -> None:
                    mark_told(session, due)
                    release()

                result.after = told
                result.abandoned = release
                return result
        else:
            result = _run_all(session, words, _given(due, tasks))
            if not asked and not session.dry_run:
                result.columns = ()
    except BaseException:
        release()
        raise
    release()
    return result


def _given(due: Sequence[Reminder], tasks: dict[int, Task]) -> Given:
    """Return the reminders by task: of several that were missed one is enough."""
    found: dict[int, list[Reminder]] = {}
    for reminder in due:
        found.setdefault(reminder.task, []).append(reminder)
    return [(reminders, tasks[number]) for number, reminders in found.items()]


def _result(given: Given, **more: Any) -> Result:
    data = [
        {
            "at": reminders[-1].at,
            "due": task.due,
            "task": task.id,
            "text": task.text,
            "priority": task.priority,
            "entities": [party._asdict() for party in task.entities],
        }
        for reminders, task in given
    ]
    rows = [
        {**entry, "due": shown_due(task.due), "entities": task.who()}
        for entry, (_reminders, task) in zip(data, given, strict=True)
    ]
    columns = [
        Column("due", _("Due")),
        Column("task", "#", "number"),
        Column("text", _("Task")),
        Column("entities", _("Who")),
    ]
    # A mail from cron is worth sending only where there is something in it: no headings either.
    return Result(data, columns if rows else (), rows, **more)


def _command(text: str) -> list[str]:
    """Return a command's words. No shell ever reads what is in a task, not even one that the command itself starts."""
    import shutil

    try:
        words = shlex.split(text)
    except ValueError as error:
        raise InvalidInput(_("cannot read the command: {why}").format(why=error)) from None
    if not words:
        raise InvalidInput(_("the command is blank"), hint="--exec 'notify-send -- {text}'")
    filled = any(mark in word for word in words[1:] for mark in _WORDS)
    if os.path.basename(words[0]) in _SHELLS and filled and any(word[:1] == "-" and "c" in word for word in words[1:]):
        raise InvalidInput(
            _("a shell would read the text of a task as commands"),
            hint='--exec \'sh -c "echo \\"$DKCRM_TEXT\\""\'',
        )
    if shutil.which(words[0]) is None:
        raise InvalidInput(_("there is no command {name}").format(name=words[0]))
    return words


def _run_all(session: Session, words: list[str], given: Given) -> Result:
    """Hand each reminder to the command, and mark it once that has succeeded."""
    kept, failed = [], []
    for reminders, task in given:
        why = None if session.dry_run else _run(words, task)
        if why is None:
            kept.append((reminders, task))
            if not session.dry_run:
                mark_told(session, reminders)
        else:
            failed.append(_("task {number}: {why}; it is tried again at the next run").format(number=task.id, why=why))
    return _result(kept, warnings=failed, exit_status=FAILED if failed else 0)


def _run(words: list[str], task: Task) -> str | None:
    """Run the command for one task; return None, or why it failed."""
    import subprocess

    values = {
        "{text}": task.text,
        "{due}": shown_due(task.due),
        "{who}": task.who(),
        "{id}": str(task.id),
        "{uid}": task.uid,
    }
    given = words[1:]
    if not any(mark in word for word in given for mark in (*_WORDS, "DKCRM_")):
        given = [*given, "{text}"]
    ended = given.index("--") if "--" in given else len(given)
    arguments = [
        _no_option(word, _filled(word, values)) if place < ended else _filled(word, values)
        for place, word in enumerate(given)
    ]
    environment = {f"DKCRM_{name[1:-1].upper()}": value for name, value in values.items()}
    try:
        done = subprocess.run(
            [words[0], *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _("the command took more than {seconds} seconds").format(seconds=_PATIENCE)
    except (OSError, ValueError) as error:
        return str(getattr(error, "strerror", None) or error)
    if done.returncode == 0:
        return None
    said = done.stdout.decode("utf-8", "replace").strip().splitlines()
    return _("the command failed with {code}").format(code=done.returncode) + (f" ({said[-1][:200]})" if said else "")


def _no_option(word: str, filled: str) -> str:
    """Return an argument that no command takes for an option because of what a text begins with: a blank comes first.

    After ``--`` there is no need of it.
    """
    return f" {filled}" if filled.startswith("-") and not word.startswith("-") else filled


def _filled(word: str, values: dict[str, str]) -> str:
    """Return a word with its marks filled in, in one go: what a text says is never read as a mark."""
    import re

    return re.sub("|".join(map(re.escape, values)), lambda match: values[match[0]], word)
