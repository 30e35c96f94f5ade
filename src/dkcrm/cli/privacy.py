"""privacy erase, export, log and retention."""

from typing import Annotated

import typer

from dkcrm.cli import shared
from dkcrm.cli.shared import references, session
from dkcrm.i18n import _
from dkcrm.result import Result

Reason = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help=_("Why; it stays, so it must not name them."))
]


def privacy_erase(context: typer.Context, refs: shared.References, reason: Reason = None) -> Result:
    """Erase people for good: rows, history, full text, and the program's own backups. It cannot be undone.

    All that were merged into them go too. What remains is a tombstone with number, date and reason, and a keyed hash by
    which a backup that is restored, or an export that is imported, does not bring them back. On a terminal it asks;
    --dry-run says what would go. While another program reads the database the files cannot be cleaned: the rows are
    gone, the exit status is 75, and the next command does the rest.

    \b
    Examples:
      dkcrm privacy erase 42 --dry-run
      dkcrm privacy erase 42 --reason "asked by letter" --yes
    """
    from dkcrm.services.erasure import erase

    return erase(session(context), references(refs)[0], reason=reason)


def privacy_export(
    context: typer.Context,
    ref: shared.Reference,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="DIR|FILE", help=_("A directory, for both, or a .json or .html file.")),
    ] = None,
) -> Result:
    """Give out all that is held on somebody: attributes, where each value came from, purposes, contacts, history.

    Into a directory go person-NUMBER.json and person-NUMBER.html, a page that reads and prints without a network
    (mode 0600). Without -o the values are listed with where they came from; --json prints everything. What is given
    out, by -o or --json, is remembered in: dkcrm privacy log.

    \b
    Examples:
      dkcrm privacy export 42
      dkcrm privacy export 42 -o /tmp
      dkcrm privacy export 42 --json | jq .consents
    """
    from dkcrm.services.disclosure import export_person

    given_out = shared.chosen_format(context) in ("json", "jsonl")
    return export_person(session(context), ref, output=output, given_out=given_out)


def privacy_log(context: typer.Context, limit: shared.Limit = 50) -> Result:
    """List who was erased, when all that is held on somebody was given out, and consents, the newest first.

    \b
    Examples:
      dkcrm privacy log
      dkcrm privacy log --limit 0 --json
    """
    from dkcrm.services.disclosure import log

    return log(session(context), limit=limit)


Rule = Annotated[str, typer.Argument(metavar="RULE", help=_("TYPE inactive TIME: d, w, m or y; TYPE may be all."))]


def privacy_retention(
    context: typer.Context,
    erase: Annotated[bool, typer.Option("--erase", help=_("Erase them for good, after a question or --yes."))] = False,
) -> Result:
    """Report who is kept longer than the rules of retention say, or erase them.

    Inactive is whoever has had no interaction, purchase, ticket or change for so long; those that were removed count.

    \b
    Examples:
      dkcrm privacy retention
      dkcrm privacy retention --erase --dry-run
      dkcrm privacy retention --erase --yes
    """
    from dkcrm.services import retention

    if erase:
        return retention.erase_over(session(context), sure=shared.sure(context))
    return retention.report(session(context))


def privacy_retention_add(context: typer.Context, rule: Rule) -> Result:
    """Add a rule of retention.

    \b
    Examples:
      dkcrm privacy retention add "lead inactive 24m"
      dkcrm privacy retention add "all inactive 10y"
    """
    from dkcrm.services import retention

    return retention.add(session(context), rule)


def privacy_retention_list(context: typer.Context) -> Result:
    """List the rules of retention.

    \b
    Examples:
      dkcrm privacy retention list
    """
    from dkcrm.services import retention

    return retention.list_rules(session(context))


def privacy_retention_rm(context: typer.Context, rule: Rule) -> Result:
    """Take a rule of retention away.

    \b
    Examples:
      dkcrm privacy retention rm "lead inactive 24m"
    """
    from dkcrm.services import retention

    return retention.remove(session(context), rule)
