"""Export: entities to a file or to standard output, in a format that other programs and our own import read."""

from __future__ import annotations

import io
import os
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Any, TextIO

from dkcrm.domain.query import read
from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.formats.csvout import TableText
from dkcrm.formats.outfile import whole_file
from dkcrm.garbage import no_collection
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services.halves import Twin
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.exporting import picked, whole, with_cards
from dkcrm.store.flat import Flat

#: format -> the endings of files that are taken for it
FORMATS: dict[str, tuple[str, ...]] = {
    "csv": (".csv",),
    "tsv": (".tsv", ".tab"),
    "json": (".json",),
    "jsonl": (".jsonl", ".ndjson"),
    "vcard": (".vcf", ".vcard"),
    "vcard4": (),
    "xlsx": (".xlsx",),
    "ldif": (".ldif",),
}
_SAME = {"vcard3": "vcard", "vcard-3.0": "vcard", "vcard-4.0": "vcard4", "vcf": "vcard", "excel": "xlsx"}

Writing = Callable[[TextIO], None]


def export(
    session: Session,
    arguments: Sequence[str],
    *,
    format: str | None = None,
    output: str | None = None,
    for_spreadsheet: bool = False,
    everything: bool = False,
) -> Result:
    """Export the entities of a type that a filter lets through, in the order of their numbers.

    Without ``output`` the text goes to standard output; a file (mode 0600) is written whole or not at all.
    """
    if "-" in arguments:
        raise InvalidInput(
            _("export reads no references from standard input: it takes a filter"),
            hint=_("as in: dkcrm export id=1 or id=2 (standard output is where it goes without -o)"),
        )
    name = _format(format, output)
    if for_spreadsheet and name not in ("csv", "tsv"):
        raise InvalidInput(_("--for-spreadsheet is for csv and tsv: {name} needs no guard").format(name=name))
    text = TableText("\t" if name == "tsv" else ",", for_spreadsheet=for_spreadsheet)
    # Before the database is opened here: it cannot be open in two processes of which one made the other.
    twin = Twin(session, lambda out, flat: text.write_rows(out, flat.columns())) if name in ("csv", "tsv") else None
    connection = open_reading(session)
    if twin is not None:
        twin.begin()
    numbers = picked(session, connection, read(arguments), everything=everything)
    if name == "xlsx":
        return _export_workbook(session, connection, numbers, output)
    if twin is not None:
        write: Writing = partial(_write_table, twin=twin, text=text, connection=connection, numbers=numbers)
    else:
        write = _writer(name, connection, numbers)
    count = len(numbers)
    if output is None or output == "-":
        message = _("exported {count}").format(count=count)
        # Nobody is to read on after the end: it would be in the way of an erasure.
        return Result(None, writes=write, message=message, after=connection.close, abandoned=connection.close)
    check_output(session, output)
    write_file(output, write)
    connection.close()
    return _done(count, name, output)


def _write_table(
    out: TextIO, *, twin: Twin, text: TableText, connection: sqlite3.Connection, numbers: Sequence[int]
) -> None:
    with twin, no_collection():
        flat, write_others = twin.halves(connection, numbers)
        text.write_headers(out, flat.headers)
        text.write_rows(out, flat.columns())
        write_others(out)


def _done(count: int, name: str, output: str) -> Result:
    data = {"exported": count, "format": name, "file": output}
    return Result(data, message=_("exported {count} to {file}").format(count=count, file=output))


def format_of(output: str | None) -> str | None:
    """Return the format that the ending of a file says, or None."""
    ending = os.path.splitext(output or "")[1].lower()
    return next((name for name, endings in FORMATS.items() if ending and ending in endings), None)


def _format(format: str | None, output: str | None) -> str:
    if format is None:
        return format_of(output) or "csv"
    name = _SAME.get(format.lower(), format.lower())
    if name not in FORMATS:
        raise InvalidInput(
            _("no such format: {name}").format(name=format),
            hint=_("formats: {names}").format(names=", ".join(FORMATS)),
        )
    return name


def _writer(name: str, connection: sqlite3.Connection, numbers: Sequence[int]) -> Writing:
    """Return the function that writes the entities to a stream."""
    if name in ("json", "jsonl"):
        objects = import_module("dkcrm.formats.objects")
        write_objects: Any = objects.write_json if name == "json" else objects.write_jsonl
        return lambda out: write_objects(whole(connection, numbers), out)
    if name == "ldif":
        write_ldif: Any = import_module("dkcrm.formats.ldif").write_ldif
        return lambda out: write_ldif(whole(connection, numbers), out)
    write_cards: Any = import_module("dkcrm.formats.vcard").write_cards
    version = "4.0" if name == "vcard4" else "3.0"
    return lambda out: write_cards(with_cards(connection, numbers), out, version=version)


def _export_workbook(
    session: Session, connection: sqlite3.Connection, numbers: Sequence[int], output: str | None
) -> Result:
    if output is None or output == "-":
        raise InvalidInput(_("a workbook goes to a file"), hint=_("name it: -o contacts.xlsx"))
    check_output(session, output)
    from dkcrm.formats.excel import write_xlsx

    flat = Flat(connection, numbers)
    write_xlsx(output, flat.headers, flat.rows())
    connection.close()
    return _done(len(numbers), "xlsx", output)


def wants_directory(output: str | None) -> bool:
    """Tell whether an output is a directory: one that is there, or a name that ends as one."""
    return output not in (None, "", "-") and (str(output).endswith(os.sep) or os.path.isdir(str(output)))


def check_output(session: Session, output: str) -> None:
    """Refuse to write over the database itself, or what SQLite keeps beside it, or into a directory."""
    target, db = os.path.realpath(output), os.path.realpath(session.db)
    same = os.path.exists(output) and os.path.exists(db) and os.path.samefile(output, db)
    if same or target in (
        db,
        *(db + ending for ending in ("-wal", "-shm", "-journal", ".import-lock", ".remind-lock")),
    ):
        raise InvalidInput(_("{file} is the database itself").format(file=output), hint=_("name another file"))
    if not output:
        raise InvalidInput(_("the name of the file is blank"), hint=_("name a file, or - for standard output"))
    if os.path.isdir(output):
        raise InvalidInput(
            _("{file} is a directory").format(file=output), hint=_("name a file in it, or take all there is with --all")
        )


def write_file(path: str, write: Writing) -> None:
    """Write a text file (mode 0600), whole or not at all. Raises DkcrmError (code ``io``)."""
    try:
        with whole_file(path) as file:
            # A lone half of a surrogate pair is no reason to give nothing at all.
            text = io.TextIOWrapper(file, encoding="utf-8", errors="surrogatepass", newline="")
            write(text)
            text.flush()
            text.detach()
    except OSError as error:
        raise DkcrmError(
            _("cannot write {file}: {why}").format(file=path, why=error.strerror or error),
            code="io",
            hint=_("check the directory and its rights"),
        ) from error
