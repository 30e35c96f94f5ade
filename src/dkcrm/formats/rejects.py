"""The file of rejected rows: like the file they came from, with line and reason before, to be mended and imported.

A row as wide as the header stands cell by cell. Any other stands whole, as text, in the column after the reason, and
is split when the file is read again: a row whose first cell alone has content, and in it a delimiter, a quotation mark
or a line end, is such a text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TextIO

from dkcrm.formats.record import Reject
from dkcrm.formats.rows import Dialect, Row
from dkcrm.i18n import _

LINE = "dkcrm:line"
REASON = "dkcrm:reason"
_USUAL_DELIMITERS = ",;\t|"


def write_csv_rejects(file: TextIO, rejects: Iterable[Reject], headers: Sequence[str], delimiter: str = ",") -> None:
    """Write rejected rows under ``dkcrm:line``, ``dkcrm:reason`` and the headers (RFC 4180, CRLF).

    ``file`` should have been opened with ``newline=""``. A delimiter that could not be found again is announced in a
    first line, ``sep=^``. Raises ``OSError`` as the file does.
    """
    if delimiter not in _USUAL_DELIMITERS:
        file.write(f"sep={delimiter}\r\n")
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([LINE, REASON, *headers])
    width = len(headers)
    for reject in rejects:
        row = reject.row
        if len(row) != width or _is_whole(row, delimiter):
            row = [_whole(row, delimiter)] + [""] * (width - 1)
        writer.writerow([reject.line, reject.reason, *row])


def is_reject_file(headers: Iterable[str]) -> bool:
    """Tell whether headers are those of a file of rejects."""
    return {LINE, REASON} <= {header.strip().casefold() for header in headers}


def without_reject_columns(headers: Sequence[str]) -> list[int]:
    """Return the positions of the columns that are not line and reason."""
    return [at for at, header in enumerate(headers) if header.strip().casefold() not in (LINE, REASON)]


def mended(
    rows: Iterable[Row], headers: Sequence[str], dialect: Dialect, reject: Callable[[Reject], object]
) -> Iterator[Row]:
    """Yield the rows of a file of rejects without its columns of line and reason; what is still broken is rejected.

    ``rows`` are as wide as ``headers``, which are those of the file. An unmended row goes to ``reject`` for the reason
    that stands in it.
    """
    kept = without_reject_columns(headers)
    reason_at = next(at for at, header in enumerate(headers) if header.strip().casefold() == REASON)
    width = len(kept)
    for line, cells in rows:
        row = [cells[at] for at in kept]
        if _is_whole(row, dialect.delimiter):
            split = dialect.split(row[0])
            if split is None or len(split) != width:
                reason = cells[reason_at].strip() or _("not {width} cells").format(width=width)
                reject(Reject(line, reason, [row[0]] if split is None else split))
                continue
            row = split
        if any(map(str.strip, row)):
            yield line, row


def stripped_rejects(headers: Sequence[str], reject: Callable[[Reject], object]) -> Callable[[Reject], object]:
    """Return a taker of rejects that leaves the cells of line and reason out, as far as a row has cells."""
    kept = without_reject_columns(headers)

    def take(rejected: Reject) -> None:
        row = rejected.row
        if len(row) > 1:
            row = [row[at] for at in kept if at < len(row)] + row[len(headers) :]
        reject(Reject(rejected.line, rejected.reason, row))

    return take


def _is_whole(row: list[str], delimiter: str) -> bool:
    """Tell whether a row would be taken for one that stands whole in its first cell."""
    return bool(row) and _is_telling(row[0], delimiter) and not any(map(str.strip, row[1:]))


def _is_telling(text: str, delimiter: str) -> bool:
    """Tell whether a text has what divides or encloses cells."""
    return any(char in text for char in (delimiter, '"', "\n", "\r"))


def _whole(row: list[str], delimiter: str) -> str:
    """Return a row as one text, which is split into the same cells when it is read again.

    A lone cell that is no row of CSV is what could not be split, and stays as it is.
    """
    if not row or (len(row) == 1 and _is_telling(row[0], delimiter) and Dialect(delimiter).split(row[0]) is None):
        return "".join(row)
    out = io.StringIO()
    if len(row) == 1:
        # Its quotes show that it is a whole row, not a cell.
        csv.writer(out, delimiter=delimiter, lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerow(row)
    else:
        csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerow(row)
    return out.getvalue().removesuffix("\r\n")
