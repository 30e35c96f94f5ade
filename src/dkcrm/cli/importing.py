"""import."""

from typing import Annotated

import typer

from dkcrm.cli import options
from dkcrm.cli.shared import session
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import importing


def import_(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE|DIR|-", help=_("A file, a directory; - is standard input."))],
    type: Annotated[
        str | None,
        typer.Option("--type", "-t", metavar="TYPE", help=_("What the rows are: {types}, or a pair with a comma.")),
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="HEADER=FIELD", help=_("Which field a column feeds; FIELD - leaves it out.")),
    ] = None,
    rules: Annotated[
        str | None, typer.Option("--rules", metavar="FILE", help=_("Read the columns, types … from a file of rules."))
    ] = None,
    save_rules: Annotated[
        str | None, typer.Option("--save-rules", metavar="FILE", help=_("Write the rules of this import to a file."))
    ] = None,
    unmapped: Annotated[
        str | None,
        typer.Option("--unmapped", metavar="WHAT", help=_("What other columns become: field (default), note, drop.")),
    ] = None,
    on_match: Annotated[
        str | None,
        typer.Option("--on-match", metavar="WHAT", help=_("For who is there: fill (default), skip, update, ask.")),
    ] = None,
    on_likeness: Annotated[
        str | None,
        typer.Option(
            "--on-likeness", metavar="WHAT", help=_("New who look the same: create (default), report, reject.")
        ),
    ] = None,
    date_order: Annotated[
        str | None, typer.Option("--date-order", metavar="ORDER", help=_("dmy, mdy or ymd, if the file does not show."))
    ] = None,
    rejects: Annotated[
        str | None,
        typer.Option("--rejects", metavar="FILE", help=_("Where rejected rows go (else beside the file).")),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help=_("Stop at the first row that cannot be taken."))] = False,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help=_("The file's encoding, if not found."))
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option("--delimiter", metavar="CHAR", help=_("comma, semicolon, tab, if not found."))
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", metavar="NAME", help=_("Which sheet of a workbook."))] = None,
    read_as: Annotated[
        str | None,
        typer.Option("--as", metavar="FORMAT", help=_("csv, vcard, json, xlsx, ldif or mail, if not recognised.")),
    ] = None,
    tag: options.Tags = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="TEXT", help=_("Where rows that do not say it came from."))
    ] = None,
) -> Result:
    """Import people and organizations, in one operation that `dkcrm undo` takes back whole.

    CSV, TSV, Excel, vCard, JSON, LDIF, mail (eml, mbox, Maildir) and directories of vCards, told by their content;
    exports of the usual address books and CRMs need no mapping. Who is there already is filled in: running it again
    changes nothing. Rows that cannot be taken go to FILE.rejects.csv with the reason, and the exit code is 5.

    With --on-match update the file wins where both say something. Its email, phone, link or address replaces the one
    of the same label (none is one too) where both have just one of it, and else is added; a blank erases nothing.

    \b
    Fields: name first_name last_name job_title organization vat_id tax_code website source email phone link tag note
    street city region postcode country address created_at external_id type state uid, and field:NAME for a custom
    field. Other columns become custom fields of their names.

    \b
    Examples:
      dkcrm import leads.csv --type lead
      dkcrm import leads.csv --type lead --dry-run
      dkcrm import contacts.vcf --type person,organization --tag phone-book
      dkcrm import accounts.csv --type organization --map "Account Name=name" --map Rating=-
      dkcrm import ~/Maildir/.leads
      cat leads.csv | dkcrm import - --type lead --source fair --quiet
    """
    wishes = importing.Wishes(
        type=type, mapping=mapping or [], rules=rules, save_rules=save_rules, format=read_as, encoding=encoding,
        delimiter=delimiter, sheet=sheet, unmapped=unmapped, date_order=date_order, on_match=on_match,
        on_likeness=on_likeness, rejects=rejects, strict=strict, tags=options.split_commas(tag), source=source,
    )  # fmt: skip
    return importing.import_file(session(context), file, wishes)
