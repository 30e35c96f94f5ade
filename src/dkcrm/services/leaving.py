"""The way out: all that a database holds, as plain text in a directory that our own import reads."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from dkcrm.errors import DkcrmError, InvalidInput, Refused
from dkcrm.formats.bookdir import ENTITIES, HISTORY, MARK, REST, VERSION, is_book
from dkcrm.formats.objects import write_json
from dkcrm.i18n import _, ngettext
from dkcrm.result import Column, Result
from dkcrm.services.exporting import check_output, write_file
from dkcrm.session import Session
from dkcrm.store.book import beside_entities, counts, history, privacy_log
from dkcrm.store.connection import open_reading
from dkcrm.store.exporting import everybody, with_rows


def export_all(session: Session, directory: str, *, format: str | None, terms: Sequence[str]) -> Result:
    """Write all there is to a directory, one state of the database however many write meanwhile.

    The directory is made (0700), is empty, or was written by this before; its files (0600) are each written whole or
    not at all. Data: ``exported``, ``operations`` and ``files``. Raises InvalidInput, Refused, DkcrmError (``io``).
    """
    if terms or format not in (None, "json"):
        raise InvalidInput(
            _("a directory takes all there is, as JSON: leave the filter and --format out"),
            hint=_("for some, or another format, name a file"),
        )
    there = os.path.isdir(directory)
    if there and not is_book(directory) and os.listdir(directory):
        raise Refused(
            _("{path} has other files in it").format(path=directory),
            code="not_empty",
            hint=_("name a new directory: -o {path}").format(path=os.path.join(directory, "dkcrm-export", "")),
        )
    connection = open_reading(session)
    try:
        entities, operations = counts(connection)
        rest = {
            MARK: VERSION, "made_at": session.clock(), "made_by": session.actor,
            "entities": entities, "operations": operations,
            **beside_entities(connection), "privacy": privacy_log(connection),
        }  # fmt: skip
        if not there:
            _make(directory)
        paths = {name: os.path.join(directory, name) for name in (ENTITIES, HISTORY, REST)}
        for path in paths.values():
            check_output(session, path)
        numbers = everybody(connection, removed=True)
        write_file(paths[ENTITIES], lambda out: _drop(write_json(with_rows(connection, numbers), out)))
        write_file(paths[HISTORY], lambda out: _write_lines(history(connection), out))
        # The last one, by which a directory is known to be whole.
        write_file(paths[REST], lambda out: _write_rest(rest, out))
    finally:
        connection.close()
    data = {"exported": entities, "operations": operations, "directory": directory, "files": list(paths.values())}
    return Result(
        data, [Column("file", _("File"))], [{"file": path} for path in paths.values()],
        message=ngettext(
            "exported all there is to {directory}: {count} entity, and the history",
            "exported all there is to {directory}: {count} entities, and the history", entities,
        ).format(directory=directory, count=entities),
    )  # fmt: skip


def _make(directory: str) -> None:
    try:
        os.mkdir(directory, 0o700)
    except OSError as error:
        raise DkcrmError(
            _("cannot make the directory {path}: {why}").format(path=directory, why=error.strerror or error), code="io"
        ) from error


def _drop(_count: int) -> None:
    return None


def _write_lines(rows: Iterable[dict[str, Any]], out: TextIO) -> None:
    for row in rows:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")


def _write_rest(rest: dict[str, Any], out: TextIO) -> None:
    """Write an object, a line for each thing in its lists: it is to be read, and compared."""
    parts = []
    for name, value in rest.items():
        if isinstance(value, list) and value:
            lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in value)
            parts.append(f"{json.dumps(name)}: [\n{lines}\n]")
        else:
            parts.append(f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}")
    out.write("{\n" + ",\n".join(parts) + "\n}\n")
