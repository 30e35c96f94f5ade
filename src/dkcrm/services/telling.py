"""What there is to say of an import: the counts, what became of rows, and what somebody should know."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from dkcrm.domain.values import shorten
from dkcrm.errors import REJECTED_ROWS
from dkcrm.formats.record import Reject, Table
from dkcrm.i18n import _, ngettext
from dkcrm.result import Column, Result
from dkcrm.services import rejecting
from dkcrm.services.pipeline import Import
from dkcrm.services.shape import done
from dkcrm.session import Session

_LISTED = 3
#: So much of a rejected cell is told: it may be what should have been the rest of the file.
_TOLD = 10_000


def result(session: Session, operation_id: int | None, job: Import, file: str | None, warning: str | None) -> Result:
    """Return the outcome of an import; ``file`` has its rejected rows, ``warning`` says why there is none.

    In a dry run the rows tell what would be done, else what was rejected.
    """
    reading, counts = job.reading, job.counts()
    shown = [
        Reject(reject.line, reject.reason, [cell[:_TOLD] for cell in reject.row])
        for reject in islice(job.rejects, rejecting.SHOWN)
    ]
    data = {
        "operation": operation_id,
        "file": job.path,
        "format": reading.source.format,
        "layout": reading.layout,
        "encoding": reading.source.encoding,
        "type": ",".join(job.drafts.types) or None,
        **counts,
        "types": job.created,
        "parties": job.parties,
        "rejects": [{"line": reject.line, "reason": reject.reason, "row": reject.row} for reject in shown],
        "rejects_file": file,
        "alike": [found._asdict() for found in job.alike.values()],
        "fields": job.brought,
        **({"beside": job.beside.restored} if job.beside else {}),
        "unmapped": reading.unmapped,
        "mapping": reading.described(),
    }
    columns = [Column("line", _("Line"), "number"), Column("reason", _("Why")), Column("row", _("Row"))]
    rows = [{"line": reject.line, "reason": reject.reason, "row": _told(job, reject.row)} for reject in shown]
    if session.dry_run:
        data["plan"] = job.told
        columns = [
            Column("line", _("Line"), "number"),
            Column("what", _("What")),
            Column("who", _("Who")),
            Column("details", _("Details")),
        ]
        rows = [
            *({**row, "details": ", ".join(row["details"])} for row in job.told),
            *({"line": r["line"], "what": "reject", "who": r["reason"], "details": r["row"]} for r in rows),
        ]
    what = _summary(job, counts)
    message = done(session, operation_id, what) if operation_id or session.dry_run else what
    warnings = _warnings(job, file)
    if warning:
        warnings.append(warning)
    data["warnings"] = warnings
    return Result(
        data, columns, rows, message=message, warnings=warnings,
        exit_status=REJECTED_ROWS if len(job.rejects) else 0,
    )  # fmt: skip


def _summary(job: Import, counts: dict[str, int]) -> str:
    """Return what became of the rows, in a line."""
    made = ", ".join(f"{count} {type if count == 1 else type + 's'}" for type, count in job.created.items())
    parts = [_("imported {what} from {path}").format(what=made or "0", path=job.path)]
    if job.parties:
        parts[0] += " (" + ", ".join(f"{party}: {count}" for party, count in job.parties.items()) + ")"
    if counts["filled"]:
        parts.append(_("{count} filled").format(count=counts["filled"]))
        if counts["changed"]:
            parts[-1] += _(" ({count} with values changed)").format(count=counts["changed"])
    if counts["unchanged"]:
        parts.append(_("{count} unchanged").format(count=counts["unchanged"]))
    if counts["rejected"]:
        count = counts["rejected"]
        parts.append(ngettext("{count} row rejected", "{count} rows rejected", count).format(count=count))
    if job.beside and (words := job.beside.words()):
        parts.append(words)
    return ", ".join(parts)


def _warnings(job: Import, file: str | None) -> list[str]:
    reading = job.reading
    warnings = list(job.beside.warnings) if job.beside else []
    source = reading.source
    if isinstance(source, Table) and source.others:
        text = ngettext(
            "'{sheet}' was read; another sheet has rows: {names} (--sheet NAME)",
            "'{sheet}' was read; other sheets have rows: {names} (--sheet NAME)",
            len(source.others),
        )
        warnings.append(text.format(sheet=source.dialect, names=", ".join(source.others)))
    if reading.unmapped and job.brought:
        warnings.append(
            _("columns that no field takes became custom fields: {names} (--map, or --unmapped note|drop)").format(
                names=", ".join(job.brought)
            )
        )
    elif reading.unmapped and reading.options.unmapped == "drop":
        warnings.append(_("columns left out: {names}").format(names=", ".join(reading.unmapped)))
    if reading.doubtful_dates:
        warnings.append(
            _("dates in {columns} can be read in two ways and were kept as text: --date-order dmy or mdy").format(
                columns=", ".join(reading.doubtful_dates)
            )
        )
    warnings += [
        _("'{column}' was kept as text: in line {line}, '{value}' is no date").format(
            column=column, line=line, value=shorten(value)
        )
        for column, line, value in reading.undated
    ]
    if job.ahead:
        first, count = list(job.ahead.values())[:_LISTED], len(job.ahead)
        text = ngettext(
            "{count} row is of an entity that is not so far yet, whose type stays: {those}",
            "{count} rows are of entities that are not so far yet, whose type stays: {those}",
            count,
        )
        warnings.append(text.format(count=count, those="; ".join(first)))
    if job.removed:
        text = ngettext(
            "{count} row is of a removed entity, and was left alone (dkcrm restore)",
            "{count} rows are of removed entities, and were left alone (dkcrm restore)",
            job.removed,
        )
        warnings.append(text.format(count=job.removed))
    if job.kept:
        text = ngettext(
            "{count} row says something else than what is there: kept (--on-match update takes its values)",
            "{count} rows say something else than what is there: kept (--on-match update takes theirs)",
            job.kept,
        )
        warnings.append(text.format(count=job.kept))
    if job.alike:
        text = ngettext(
            "{count} new row looks the same as somebody: {those} (see: dkcrm duplicates)",
            "{count} new rows look the same as somebody: {those} (see: dkcrm duplicates)",
            len(job.alike),
        )
        those = [
            _("line {line} as {who} ({why})").format(line=one.line, who=one.who, why=", ".join(one.reasons))
            for one in islice(job.alike.values(), _LISTED)
        ]
        warnings.append(text.format(count=len(job.alike), those="; ".join(those)))
    if reading.left_out:
        text = ngettext("{count} row left out by the rules", "{count} rows left out by the rules", reading.left_out)
        warnings.append(text.format(count=reading.left_out))
    if file:
        text = ngettext(
            "the rejected row is in {file}: mend it and import the file",
            "the rejected rows are in {file}: mend them and import it",
            len(job.rejects),
        )
        warnings.append(text.format(file=file))
    return warnings


def _told(job: Import, row: Sequence[str]) -> str:
    """Return a rejected row in a line: what is in it, under the headers of the file."""
    headers: list[str] = getattr(job.reading.source, "headers", [])
    if len(row) != len(headers):
        return " | ".join(row)[:1000]
    return " | ".join(f"{head}: {cell}" for head, cell in zip(headers, row, strict=True) if cell.strip())
