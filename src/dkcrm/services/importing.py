"""Import: one pipeline from the records of a file to one unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from dkcrm.domain.entity import OPEN_TYPES
from dkcrm.domain.lifecycle import check_type
from dkcrm.errors import REJECTED_ROWS, InvalidInput
from dkcrm.formats import FORMATS
from dkcrm.formats.headers import check_field, field_for
from dkcrm.formats.record import Reject, Source
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.services.attributes import check_tag
from dkcrm.services.rows import CustomField, RowReader
from dkcrm.services.shape import done
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.journal import unit_of_staged_work
from dkcrm.store.settings import field_named, fields, types_in_use
from dkcrm.store.staging import Stage, parties, take_known_uids, write_staged

_REPORT_EVERY = 5_000


def import_file(
    session: Session,
    path: str,
    type: str,
    *,
    mapping: Sequence[str] = (),
    encoding: str | None = None,
    delimiter: str | None = None,
    tags: Sequence[str] = (),
    source: str | None = None,
) -> Result:
    """Import the records of a file as entities of one type, in one operation.

    ``mapping`` has ``HEADER=FIELD`` for headers that do not name our fields (``HEADER=-`` leaves a column out). Rows
    that cannot be taken are reported by line, and the exit status is then 5. Raises InvalidInput for a file that
    cannot be read as a table, StorageError where the database cannot be written: then nothing was.
    """
    connection = open_reading(session)
    try:
        kind = check_type(type, types_in_use(connection))
        custom = fields(connection)
        pairs = [_pair(text, connection) for text in mapping]
    finally:
        connection.close()
    module, function = FORMATS["csv"].split(":")
    opener = getattr(import_module(module), function)
    words = [check_tag(tag) for tag in tags]

    def known(header: str) -> str | None:
        name = field_for(header)
        return name or (f"field:{header.strip().lower()}" if header.strip().lower() in custom else None)

    with opener(path, mapping=pairs, known=known, encoding=encoding, delimiter=delimiter) as records:
        return _write(session, path, kind, records, custom, words, source)


def _pair(text: str, connection: Any) -> tuple[str, str]:
    """Return the header and the field of a ``HEADER=FIELD``; the last ``=`` divides them."""
    header, equals, name = text.rpartition("=")
    if not equals or not header.strip():
        raise InvalidInput(
            _("write a mapping as HEADER=FIELD: {text}").format(text=text), hint='--map "Account Name=organization"'
        )
    name = name.strip()
    if name in ("-", ""):
        return header, "-"
    field = check_field(name)
    if field.startswith("field:"):
        custom = field[6:].strip().lower()
        field_named(connection, custom)
        return header, f"field:{custom}"
    return header, field


def _write(
    session: Session,
    path: str,
    type: str,
    records: Source,
    custom: dict[str, CustomField],
    tags: Sequence[str],
    source: str | None,
) -> Result:
    reader = RowReader(
        records.columns, records.headers, records.labels, type=type, custom=custom, region=session.region,
        now=session.clock(), tags=tags, source=source, new_uid=session.uid,
    )  # fmt: skip
    with unit_of_staged_work(session, "import") as uow:
        stage = Stage(uow.connection)
        n = 0
        for line, cells in records.rows:
            try:
                reader.read(n + 1, line, cells, stage.rows)
            except InvalidInput as error:
                records.rejects.append(Reject(line, error.message, cells))
                continue
            n += 1
            if n % _REPORT_EVERY == 0:
                stage.maybe_flush()
                if session.progress:
                    session.progress(n)
        stage.end()
        if session.progress and n >= _REPORT_EVERY:
            session.progress(0)
        uow.begin()
        if reader.uid is not None:
            records.rejects += [Reject(line, why, []) for line, why in take_known_uids(uow)]
        uow.file = None if path == "-" else path
        shapes = parties(uow) if type in OPEN_TYPES else {}
        created = write_staged(uow, type)
        rejects = sorted(records.rejects, key=lambda reject: reject.line)
        uow.record.update({"type": type, "created": created, "rejected": len(rejects)})
        uow.commit()
        return _result(session, uow.operation_id, path, type, created, rejects, records, shapes)


def _result(
    session: Session,
    operation_id: int | None,
    path: str,
    type: str,
    created: int,
    rejects: Sequence[Reject],
    records: Source,
    shapes: dict[str, int],
) -> Result:
    data = {
        "operation": operation_id,
        "file": path,
        "type": type,
        "read": created + len(rejects),
        "created": created,
        "parties": shapes,
        "rejected": len(rejects),
        "rejects": [{"line": reject.line, "reason": reject.reason, "row": reject.row} for reject in rejects],
        "unmapped": records.unmapped,
        "encoding": records.encoding,
    }
    what = _("imported {what} from {path}").format(what=_counted(created, type), path=path)
    if shapes:
        what += " (" + ", ".join(f"{party}: {count}" for party, count in shapes.items()) + ")"
    if rejects:
        what += _(", {count} rows rejected").format(count=len(rejects))
    warnings = []
    if records.unmapped:
        warnings.append(
            _("columns left out: {names} (take one in with --map HEADER=FIELD)").format(
                names=", ".join(records.unmapped)
            )
        )
    columns = [Column("line", _("Line"), "number"), Column("reason", _("Why")), Column("row", _("Row"))]
    rows = ({"line": reject.line, "reason": reject.reason, "row": _told(records, reject)} for reject in rejects)
    message = done(session, operation_id, what) if created or session.dry_run else what
    return Result(
        data, columns, rows, message=message, warnings=warnings,
        exit_status=REJECTED_ROWS if rejects else 0,
    )  # fmt: skip


def _counted(count: int, type: str) -> str:
    """Return a number of entities in words: 1 lead, 2 leads."""
    return f"{count} {type}" if count == 1 else f"{count} {type}s"


def _told(records: Source, reject: Reject) -> str:
    """Return a rejected row in a line: what is in it, under the headers of the file."""
    if len(reject.row) != len(records.headers):
        return " | ".join(reject.row)
    return " | ".join(f"{head}: {cell}" for head, cell in zip(records.headers, reject.row, strict=True) if cell.strip())
