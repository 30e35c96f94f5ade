"""CSV as programs really write it: any usual charset and delimiter, notes before the header, broken quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import TextIO

from dkcrm.errors import InvalidInput
from dkcrm.formats.encoding import open_text, reopen_text
from dkcrm.formats.headers import header_key, nearest_header
from dkcrm.formats.inputs import display_name, read_error, rereadable
from dkcrm.formats.peeking import peeking
from dkcrm.formats.record import Reject, Rejects, Table
from dkcrm.formats.rejects import (
    is_reject_file,
    mended,
    stripped_rejects,
    without_reject_columns,
    write_csv_rejects,
)
from dkcrm.formats.rows import MAX_LINE, Row, Rows
from dkcrm.formats.sniff import DELIMITERS, Layout, announced, find_layout, read_sample
from dkcrm.i18n import _

_NAMED_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_LISTED = 40
_SAMPLED_ROWS = 200
_MARK = "\ufeff"


def open_csv(
    path: str,
    *,
    known: Callable[[str], bool],
    wanted: Sequence[str] = (),
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Table:
    """Open a CSV file (``-`` is standard input), find its header, and return its rows as a ``Table``.

    ``known`` says whether a cell names a field, ``wanted`` are headers that must be there, in any spelling. Where no
    row names a field the first one names the columns; where that is data already they are called "column 1" and so on,
    and ``header_line`` is 0. ``format`` is "tsv" where tabs divide the cells, else "csv". Raises ``InvalidInput`` when
    the file is no text or no table, or lacks a wanted header, and ``DkcrmError`` (code ``io``) when it cannot be read.
    """
    delimiters = (_delimiter(delimiter),) if delimiter else DELIMITERS
    path = rereadable(path)
    stream, codec = open_text(path, encoding)
    with peeking(stream, path):
        sample = read_sample(stream.readline)
        if sample:
            # An encoding that was named (utf-16-le) leaves the mark in the text.
            sample[0] = sample[0].removeprefix(_MARK)
        skipped = 0
        said = announced(sample[0]) if sample else None
        if said:
            skipped = 1
            if not delimiter and said not in '"\r\n':
                delimiters = (said,)
        layout = find_layout(sample[skipped:], delimiters, {header_key(header) for header in wanted}, known)
        _check_header(layout, display_name(path), wanted, blank=not any(map(str.strip, sample[skipped:])))
    return _table(path, stream, codec, layout, sample, skipped)


def _table(path: str, stream: TextIO, codec: str, layout: Layout, sample: list[str], skipped: int) -> Table:
    """Return the table of an opened file whose layout is known; ``sample`` are the lines that were read of it."""
    delimiter = layout.dialect.delimiter
    start = skipped + layout.end
    ours = is_reject_file(layout.headers)
    headers = [layout.headers[at] for at in without_reject_columns(layout.headers)] if ours else layout.headers

    def read(readline: Callable[[int], str], pending: list[str], reject: Callable[[Reject], object]) -> Iterator[Row]:
        rows = Rows(
            readline,
            layout.dialect,
            reject=stripped_rejects(layout.headers, reject) if ours else reject,
            width=len(layout.headers),
            line=start,
            pending=pending,
            header=layout.cells,
            wrapped=layout.wrapped,
            sound=ours,
        )
        return mended(rows, layout.headers, layout.dialect, reject) if ours else iter(rows)

    def reread() -> Iterator[Row]:
        again = reopen_text(path, codec)
        return _until_closed(_reading(again, start, read), again, path)

    rejects = Rejects()
    first = read(lambda _size: "", sample[start:], _forget)
    return Table(
        format="tsv" if delimiter == "\t" else "csv",
        headers=headers,
        header_line=skipped + layout.line if layout.line else 0,
        rows=_until_closed(read(stream.readline, sample[start:], rejects.append), stream, path),
        sample=[cells for _line, cells in islice(first, _SAMPLED_ROWS)],
        reread=reread,
        rejects=rejects,
        encoding=codec,
        dialect=delimiter,
        suffix=".tsv" if delimiter == "\t" else ".csv",
        write_rejects=partial(_write_rejects, headers=headers, delimiter=delimiter),
        close=stream.close,
    )


def _write_rejects(file: TextIO, rejects: Iterable[Reject], *, headers: list[str], delimiter: str) -> None:
    """Write rejected rows of a table, as ``Table.write_rejects`` does."""
    write_csv_rejects(file, rejects, headers, delimiter)


def _forget(_reject: Reject) -> None:
    """Take a reject of a second reading: the first one has recorded it."""


def _reading(stream: TextIO, start: int, read: Callable[..., Iterator[Row]]) -> Iterator[Row]:
    """Yield the rows of a file opened anew, from after the header on."""
    for _line in range(start):
        stream.readline(MAX_LINE)
    first = [] if start else [stream.readline(MAX_LINE).removeprefix(_MARK)]
    yield from read(stream.readline, first, _forget)


def _until_closed(rows: Iterator[Row], stream: TextIO, path: str) -> Iterator[Row]:
    """Yield the rows, and close the file after them; trouble with the disk comes out as an error of ours."""
    try:
        yield from rows
    except (OSError, UnicodeError) as error:
        raise read_error(path, error) from error
    finally:
        stream.close()


def _delimiter(given: str) -> str:
    """Return the delimiter that a user named: one character, or a word for it."""
    delimiter = _NAMED_DELIMITERS.get(given.lower(), given)
    if len(delimiter) != 1 or delimiter in '"\r\n ':
        hint = _("one character, or one of: comma, semicolon, tab, pipe")
        raise InvalidInput(_("'{given}' is no delimiter").format(given=given), hint=hint)
    return delimiter


def _check_header(layout: Layout, name: str, wanted: Sequence[str], *, blank: bool) -> None:
    """Refuse a file that is no table, and a header row without the wanted headers."""
    cells = [cell for cell in layout.headers if cell]
    listed = ", ".join(cell if len(cell) <= _LISTED else cell[:_LISTED] + "…" for cell in cells[:_LISTED])
    have = {header_key(cell) for cell in cells}
    missing = [header for header in wanted if header_key(header) not in have]
    if not cells and not blank:
        message = _("{name} has no row that can be read: its quotation marks are not as CSV has them").format(name=name)
        raise InvalidInput(message, hint=_("quotation marks enclose a whole cell, and are doubled within it"))
    if missing:
        near = [_("the nearest to '{header}': {near}").format(header=header, near=", ".join(found))
                for header in missing if (found := nearest_header(header, cells))]  # fmt: skip
        message = _("{name} has no column '{missing}'").format(name=name, missing="', '".join(missing))
        raise InvalidInput(message, hint="; ".join([*near, _("its columns: {cells}").format(cells=listed)]))
    if layout.table:
        return
    if not cells:
        raise InvalidInput(_("{name} has no rows").format(name=name), hint=_("the first row must name the columns"))
    message = _("{name} has no row whose cells name fields; likely columns: {cells}").format(name=name, cells=listed)
    hint = _("say what a column is with --map HEADER=FIELD, for example --map '{cell}=name'").format(cell=cells[0])
    raise InvalidInput(message, hint=hint)
