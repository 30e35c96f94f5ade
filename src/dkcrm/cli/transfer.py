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
    file: Annotated[str, typer.Argument(metavar="FILE", help=_("A CSV file; - is standard input."))],
    type: Annotated[str, typer.Option("--type", "-t", metavar="TYPE", help=_("What the rows are: {types}."))],
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="HEADER=FIELD", help=_("Which field a column feeds; FIELD - leaves it out.")),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help=_("The file's encoding, if not found."))
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option("--delimiter", metavar="CHAR", help=_("comma, semicolon, tab, if not found."))
    ] = None,
    tag: options.Tags = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="TEXT", help=_("Where rows that do not say it came from."))
    ] = None,
) -> Result:
    """Import a file of entities, in one operation that `dkcrm undo` takes back whole.

    Headers that name our fields, in English or Italian, need no mapping. Rows that cannot be taken are listed with
    their line, and the exit code is 5; the others are imported.

    \b
    Fields: name first_name last_name job_title organization vat_id tax_code website source email phone link tag note
    street city region postcode country address created_at uid, and field:NAME for a custom field.

    \b
    Examples:
      dkcrm import leads.csv --type lead
      dkcrm import accounts.csv --type organization --map "Account Name=name" --map Industry=field:industry
      dkcrm import connections.csv --type lead --map Company=organization --map URL=link --tag linkedin --dry-run
      cat leads.csv | dkcrm import - --type lead --source fair
    """
    return importing.import_file(
        session(context), file, type, mapping=mapping or [], encoding=encoding, delimiter=delimiter,
        tags=options.split_commas(tag), source=source,
    )  # fmt: skip
