"""task add, list, show, done, snooze, edit, rm and export."""

from typing import Annotated

import typer

from dkcrm.cli import shared
from dkcrm.cli.shared import references, session
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import tasklist, tasks

Numbers = Annotated[list[str], typer.Argument(metavar="NUMBER...", help=_("A task's number or uid; - reads them."))]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help=_("The task's number or uid."))]
Due = Annotated[str | None, typer.Option("--due", metavar="WHEN", help=_("When it is due, in words or figures."))]
Remind = Annotated[
    list[str] | None,
    typer.Option("--remind", metavar="AHEAD", help=_("Remind so long before: 30m, 1h, 2d (repeatable).")),
]
Every = Annotated[
    str | None, typer.Option("--every", metavar="HOW", help=_("How it comes back: 2 weeks, monday, RRULE."))
]
Priority = Annotated[str | None, typer.Option("--priority", "-p", metavar="H|M|L", help=_("How urgent: h, m or l."))]
For = Annotated[list[str] | None, typer.Option("--for", metavar="REF", help=_("Whom it is about (repeatable)."))]
Everything = Annotated[
    bool, typer.Option("--all", "-a", help=_("Done and dropped ones, and those of removed entities, too."))
]
Of = Annotated[list[str] | None, typer.Option("--of", metavar="REF", help=_("Only those about somebody (repeatable)."))]


def task_add(
    context: typer.Context,
    words: Annotated[
        list[str], typer.Argument(metavar="[REF...] TEXT", help=_("What is to be done; before it, whom it is about."))
    ],
    for_: For = None,
    due: Due = None,
    remind: Remind = None,
    every: Every = None,
    priority: Priority = None,
) -> Result:
    """Add a task. The last word (quote it) is the text; those before it, and --for, say whom it is about.

    WHEN is today, tomorrow 9am, friday, in 3 days, next week, end of month, 1 dec 14:30, 2026-12-01, or in Italian
    domani alle 9, venerdì prossimo, fra 3 giorni, fine mese. A weekday is the first one after today, and "next friday"
    is the same; next week is its Monday. A day alone is all of that day: its reminders count back from 9:00. An hour
    that daylight saving time leaves out is moved on by an hour; of one that comes twice the first is meant.

    HOW is day, 2 weeks, month, year, monday, "mon,thu", weekday, in Italian ogni 2 settimane, or an RRULE of RFC 5545.
    Monthly on the 31st is the last day of shorter months.

    \b
    Examples:
      dkcrm task add 42 "Call about the offer" --due "tomorrow 9am" --remind 1h
      dkcrm task add "Send the minutes" --for 42 --for 77 --due friday --priority h
      dkcrm task add "Check the invoices" --due 2026-12-31 --every month
    """
    found = references(words[:-1])[0] if words[:-1] else []
    whom = [*found, *(for_ or [])] if words[:-1] or for_ else None
    return tasks.add(session(context), words[-1], whom, due=due, remind=remind or [], every=every, priority=priority)


def task_list(
    context: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORD...]", help=_("Words of the text, or of whom it is about."))
    ] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help=_("Only those that are overdue."))] = False,
    due: Annotated[
        str | None, typer.Option("--due", metavar="WHEN", help=_("Only those due on a day, in a period or a range."))
    ] = None,
    done: Annotated[bool, typer.Option("--done", help=_("Those that are done instead."))] = False,
    everything: Everything = False,
    of: Of = None,
    priority: Priority = None,
    limit: shared.Limit = 0,
) -> Result:
    """List tasks, by day and urgency; what has no date comes last.

    \b
    Examples:
      dkcrm task list
      dkcrm task list --due ..friday --priority h
      dkcrm task list --of 42 --all --json
      dkcrm task list invoice --overdue
    """
    return tasklist.list_tasks(
        session(context), words or [], overdue=overdue, due=due, finished=done, everything=everything, of=of or [],
        priority=priority, limit=limit,
    )  # fmt: skip


def task_show(context: typer.Context, numbers: Numbers) -> Result:
    """Show tasks, whole.

    \b
    Examples:
      dkcrm task show 3
      dkcrm task show 3 --json
    """
    found, single = _numbers(numbers)
    return tasklist.show(session(context), found, single=single)


def task_done(context: typer.Context, numbers: Numbers) -> Result:
    """Mark tasks as done. One that comes back gives the next one: the first of its dates that is not past.

    \b
    Examples:
      dkcrm task done 3
      dkcrm task list --of 42 | cut -f1 | dkcrm task done -
    """
    return tasks.finish_tasks(session(context), _numbers(numbers)[0])


def task_snooze(
    context: typer.Context,
    number: Number,
    when: Annotated[str, typer.Argument(metavar="WHEN", help=_("To when, as in: dkcrm task add --due."))],
) -> Result:
    """Put a task off. A day alone keeps the hour; of one that comes back the next ones stay where they are.

    \b
    Examples:
      dkcrm task snooze 3 tomorrow
      dkcrm task snooze 3 2h
      dkcrm task snooze 3 "venerdì prossimo"
    """
    return tasks.snooze(session(context), number, when)


def task_edit(
    context: typer.Context,
    number: Number,
    text: Annotated[str | None, typer.Option("--text", metavar="TEXT", help=_("Another text."))] = None,
    due: Due = None,
    remind: Remind = None,
    every: Every = None,
    priority: Priority = None,
    for_: For = None,
    not_for: Annotated[
        list[str] | None, typer.Option("--not-for", metavar="REF", help=_("Whom it is not about (repeatable)."))
    ] = None,
    reopen: Annotated[bool, typer.Option("--reopen", help=_("Open it again."))] = False,
) -> Result:
    """Change a task; none takes its date, priority, recurrence or reminders away.

    \b
    Examples:
      dkcrm task edit 3 --text "Call about the contract" --priority none
      dkcrm task edit 3 --due "friday 10:00" --remind 30m --for 77
      dkcrm task edit 3 --reopen
    """
    given = [text, due, remind, every, priority, for_, not_for]
    if not reopen and all(value is None for value in given):
        raise InvalidInput(_("say what to change"), hint=_("see: dkcrm task edit --help"))
    return tasks.edit(
        session(context), number, text=text, due=due, remind=remind or [], every=every, priority=priority,
        for_=for_ or [], not_for=not_for or [], reopen=reopen,
    )  # fmt: skip


def task_rm(context: typer.Context, numbers: Numbers) -> Result:
    """Take tasks away, without the next of one that comes back (task list --all still has them).

    \b
    Examples:
      dkcrm task rm 3
    """
    return tasks.remove(session(context), _numbers(numbers)[0])


def task_export(
    context: typer.Context,
    format: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help=_("ics, which is iCalendar."))
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help=_("The file; else standard output."))
    ] = None,
    events: Annotated[
        bool,
        typer.Option("--events", help=_("As events, for calendars that show no to-dos; what has no date is left out.")),
    ] = False,
    everything: Everything = False,
    of: Of = None,
) -> Result:
    """Export tasks as iCalendar (RFC 5545), for a phone, Thunderbird and other calendars.

    With FILE and --json the outcome is told as JSON. The calendar itself is none: for that see dkcrm task list --json.

    \b
    Examples:
      dkcrm task export -o tasks.ics
      dkcrm task export --events --of 42 > calendar.ics
    """
    from dkcrm.services.calendar import export_tasks

    if output in (None, "-"):
        format = format or shared.chosen_format(context)  # a calendar is no JSON; of a file the outcome is told as such
    return export_tasks(
        session(context), format=format, output=output, events=events, everything=everything, of=of or []
    )


def _numbers(words: list[str]) -> tuple[list[str], bool]:
    """Return tasks' numbers, with - replaced by the lines of standard input."""
    return references(words)
