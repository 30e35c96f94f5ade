"""export."""

from typing import Annotated

import typer

from dkcrm.cli import shared
from dkcrm.cli.shared import session
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import exporting


def export(
    context: typer.Context,
    terms: Annotated[
        list[str] | None, typer.Argument(metavar="[TYPE] [FILTER...]", help=_("A type, then terms that must all hold."))
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="FORMAT", help=_("csv (default), tsv, json, jsonl, vcard, vcard4, xlsx, ldif.")
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help=_("The file (with --all, or a directory); else stdout.")),
    ] = None,
    for_spreadsheet: Annotated[
        bool, typer.Option("--for-spreadsheet", help=_("Guard cells that Excel would take for formulas (csv, tsv)."))
    ] = False,
    everything: shared.Everything = False,
) -> Result:
    """Export entities: to standard output, or to a file that is written whole or not at all.

    JSON has all there is (interactions, purchases, links, tasks, the way through the types): imported into an empty
    database it gives the same one. CSV and TSV have a row each, exactly as it is; vCard gives back what came in with a
    card.

    With --all and a directory everything goes out, as plain text: the entities, what is beside them (segments,
    products, campaigns, criteria, settings), the history. Import the directory to have it again.

    The format is what --format says, else the ending of FILE, else --json. With --json and FILE the outcome is told
    as JSON on standard output, whatever FILE is.

    \b
    Examples:
      dkcrm export -o contacts.csv
      dkcrm export lead tag:fair-2026 --format vcard -o fair.vcf
      dkcrm export --all -o everything/
      dkcrm export --all --json > people.json
      dkcrm export person --for-spreadsheet -o customers.csv
      dkcrm export @warm not email:none --format tsv | cut -f 4
    """
    if everything and exporting.wants_directory(output):
        from dkcrm.services import leaving

        return leaving.export_all(session(context), str(output), format=format, terms=terms or [])
    # What the file's ending says goes before --json, which then asks for the outcome alone.
    name = format or (None if exporting.format_of(output) else shared.chosen_format(context))
    return exporting.export(
        session(context), terms or [], format=name, output=output, for_spreadsheet=for_spreadsheet,
        everything=everything,
    )  # fmt: skip
