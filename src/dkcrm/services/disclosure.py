"""Giving out all that is held on somebody, with where each value came from; and what was done for privacy so far."""

from __future__ import annotations

import json
import os
import sqlite3
from functools import partial
from typing import Any, TextIO

from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.services.exporting import check_output, write_file
from dkcrm.session import Session
from dkcrm.store.blame import blame
from dkcrm.store.connection import open_reading
from dkcrm.store.entities import known_as, resolve
from dkcrm.store.exporting import whole
from dkcrm.store.history import operation
from dkcrm.store.holdings import campaigns, consents, events, note_disclosure, past, tickets

Row = dict[str, Any]


def export_person(session: Session, reference: str, *, output: str | None = None, given_out: bool = False) -> Result:
    """Give out all that is held on somebody: to a directory (JSON and a page), to a file of either, or as data.

    Data: ``person`` (as ``export`` writes it), ``purposes``, ``consents``, ``tickets``, ``campaigns``, ``merged``,
    ``sources`` (each value and the operation that set it) and ``history`` (every value before and after); with
    ``output`` the paths written. The rows are the values and where they came from. Where it is ``given_out`` (or
    written) that is remembered. Raises NotFound, InvalidInput, DkcrmError (``io``).
    """
    targets = _targets(session, output) if output is not None else []
    connection = open_reading(session)
    try:
        number = resolve(connection, reference, removed=None)
        data = _held(session, connection, number)
    finally:
        connection.close()
    columns = [
        Column("field", _("Field")),
        Column("value", _("Value")),
        Column("at", _("When"), "time"),
        Column("operation", _("Operation")),
        Column("file", _("File")),
        Column("actor", _("Who"), wide=True),
    ]
    if output is None:
        hint = _("all of it: dkcrm privacy export {id} -o DIRECTORY, or --json").format(id=number)
        return Result(
            data, columns, data["sources"], message=None if given_out else hint,
            after=partial(note_disclosure, session, number) if given_out else None,
        )  # fmt: skip
    paths = [target.format(id=number) for target in targets]
    for path in paths:
        write_file(path, partial(_write_page if path.endswith(_PAGES) else _write_json, data))
    note_disclosure(session, number)
    told = {"id": number, "files": paths}
    return Result(
        told, [Column("file", _("File"))], [{"file": path} for path in paths],
        message=_("exported what is held on {id}").format(id=number),
    )  # fmt: skip


_PAGES = (".html", ".htm")


def _targets(session: Session, output: str) -> list[str]:
    """Return the files to write: in a directory two, named by the number alone (``{id}``)."""
    if os.path.isdir(output):
        stem = os.path.join(output.replace("{", "{{").replace("}", "}}"), "person-{id}")
        return [stem + ".json", stem + ".html"]
    if not output.endswith((".json", *_PAGES)):
        raise InvalidInput(
            _("{path} is no directory, and no name of a .json or .html file").format(path=output or "''"),
            hint=_("make the directory first, or name a file: -o person.html"),
        )
    check_output(session, output)
    return [output.replace("{", "{{").replace("}", "}}")]


def _write_json(data: Row, out: TextIO) -> None:
    json.dump(data, out, ensure_ascii=False, indent=2)
    out.write("\n")


def _write_page(data: Row, out: TextIO) -> None:
    from dkcrm.formats.dossier import write_page

    write_page(data, out)


def _held(session: Session, connection: sqlite3.Connection, number: int) -> Row:
    (person,) = whole(connection, [number])
    said, joined = consents(connection, number), campaigns(connection, number)
    return {
        "made_at": session.clock(),
        "made_by": session.actor,
        "person": person,
        "purposes": _purposes(said, joined),
        "consents": said,
        "tickets": tickets(connection, number),
        "campaigns": joined,
        "merged": known_as(connection, number),
        "sources": _sources(connection, number),
        "history": list(past(connection, number)),
    }


def _purposes(said: list[Row], joined: list[Row]) -> list[Row]:
    """Return each purpose, what holds of it now, and on what else than consent a campaign rests."""
    found: dict[str, Row] = {}
    for one in said:
        found[one["purpose"]] = {"purpose": one["purpose"], "consent": one["state"], "since": one["at"], "basis": None}
    for one in joined:
        purpose = found.setdefault(
            one["purpose"], {"purpose": one["purpose"], "consent": None, "since": None, "basis": None}
        )
        purpose["basis"] = purpose["basis"] or one["basis"]
    return list(found.values())


def _sources(connection: sqlite3.Connection, number: int) -> list[Row]:
    rows = []
    for origin in blame(connection, number):
        by = operation(connection, origin.operation_id)
        rows.append({
            "field": origin.field, "value": origin.value, "at": by.at if by else None,
            "operation": f"{origin.operation_id} {by.name}" if by else str(origin.operation_id),
            "file": by.file if by else None, "actor": by.actor if by else None,
        })  # fmt: skip
    return rows


def log(session: Session, *, limit: int) -> Result:
    """List erasures, exports of what is held, and consents given and withdrawn, newest first."""
    connection = open_reading(session)
    try:
        rows = events(connection, limit or -1)
    finally:
        connection.close()
    columns = [
        Column("at", _("When"), "time"),
        Column("event", _("What")),
        Column("id", "#", "number"),
        Column("what", _("Reason or purpose")),
        Column("actor", _("Who"), wide=True),
    ]
    return Result(rows, columns, rows, message=None if rows else _("nothing yet"))
