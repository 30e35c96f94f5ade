"""agenda, remind, keep."""

from typing import Annotated

import typer

from dkcrm.cli.shared import chosen_format, given, references, session
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Result


def agenda(
    context: typer.Context,
    when: Annotated[
        str | None, typer.Argument(metavar="[today|week|overdue|DATE]", help=_("What to show; else seven days ahead."))
    ] = None,
) -> Result:
    """Show what is overdue, due today and coming, and whom nobody has contacted for too long (see: dkcrm keep).

    With --quiet it prints nothing at all when nothing is due, so that cron mails only what there is.

    \b
    Examples:
      dkcrm agenda
      dkcrm agenda week
      dkcrm agenda "venerdì prossimo"
      dkcrm agenda today --quiet --format table
    """
    from dkcrm.services.agenda import agenda as service

    return service(session(context), when, quiet=bool(given(context).get("quiet")))


def remind(
    context: typer.Context,
    command: Annotated[
        str | None, typer.Option("--exec", metavar="COMMAND", help=_("Hand each to a command instead of printing it."))
    ] = None,
) -> Result:
    """Print the reminders that are due, each once, or hand them to a command. Made for cron.

    {text} {due} {who} {id} {uid} in COMMAND stand for the task's, each as a part of one argument, and $DKCRM_TEXT and
    the like hold the same; without any of these the text is the last argument. No shell reads them. With --json, or
    another --format, those that were handed to the command are printed too.

    What was printed is not printed again. A reminder whose command fails is tried again at the next run, and the exit
    code is 1. Should a run die between giving a reminder and remembering that, it is given again rather than never.

    \b
    Examples:
      dkcrm remind
      dkcrm remind --exec "notify-send -- {text} {due}"
      dkcrm remind --exec 'sh -c "echo \\"$DKCRM_TEXT\\" | mail -s reminder me"'
    """
    from dkcrm.services.reminding import remind as service

    return service(session(context), command, asked=chosen_format(context) is not None)


def keep(
    context: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(metavar="REF... DAYS", help=_("Whom to contact, and after how long: 90d, 6w, 3m, 1y or none.")),
    ],
) -> Result:
    """Keep in touch: who was not contacted for so long is in the agenda. none takes it back.

    A contact is any that was logged or imported, in or out, and of an organization one with its members too; without
    any, the days count from when somebody was added.

    \b
    Examples:
      dkcrm keep 42 90d
      dkcrm keep anna@bianchi.it none
      dkcrm list tag:vip | cut -f1 | dkcrm keep - 6w
    """
    from dkcrm.services.keeping import keep as service

    if len(words) < 2:
        raise InvalidInput(_("say whom to contact and after how long"), hint="dkcrm keep 42 90d")
    return service(session(context), references(words[:-1])[0], words[-1])


def keep_list(context: typer.Context) -> Result:
    """List who is to be kept in touch with, the first to be contacted first.

    \b
    Examples:
      dkcrm keep list
    """
    from dkcrm.services.keeping import list_keeps

    return list_keeps(session(context))
