"""Open a workbook's sheet as a table: header row found, every cell as text."""

from __future__ import annotations

import contextlib
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any, TextIO, cast

from dkcrm.domain.text import nearest
from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.formats.excel.cells import cell_text
from dkcrm.formats.excel.extra import missing_extra
from dkcrm.formats.excel.guard import checked_copy
from dkcrm.formats.headers import header_key, nearest_header
from dkcrm.formats.inputs import display_name, read_error
from dkcrm.formats.record import Reject, Rejects, Table
from dkcrm.formats.rows import trimmed
from dkcrm.i18n import _, ngettext

Row = tuple[int, list[str]]

_LOOKED_AT = 50
_SAMPLE = 200
_SHOWN = 40
_IN_MEMORY = 8 << 20
_MARKS = ("dkcrm:line", "dkcrm:reason")
# What no header is: an email, a web address, a date, a number or telephone number.
_DATA = re.compile(
    r"[^\s@]+@[^\s@]+\.[^\s@]+|https?://\S+|www\.\S+"
    r"|\d{4}-\d\d-\d\d.*|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|[+(]?\d[\d\s()./-]*"
)


class _Layout:
    """Where the headers of a sheet stand: on ``line`` (0 for none), over the columns ``at``; ``hits`` are known.

    ``width`` is how many columns of the sheet they and the marks of a file of rejects take, ``filled`` says that there
    are rows under them.
    """

    __slots__ = ("at", "complete", "filled", "headers", "hits", "line", "width")

    def __init__(self, line: int, at: list[int], headers: list[str], hits: int, complete: bool) -> None:
        self.line = line
        self.at = at
        self.headers = headers
        self.hits = hits
        self.complete = complete
        self.width = max(at, default=-1) + 1
        self.filled = False

    def widen(self, rows: Sequence[list[str]]) -> None:
        """Take in what is a column without a header, right of the last one: something stands there in several rows.

        In a single one of many it is a cell too many, and the row is rejected.
        """
        filled = Counter(at for row in rows for at in range(self.width, len(row)) if row[at].strip())
        last = max((at for at, count in filled.items() if count > 1 or len(rows) == 1), default=-1)
        more = range(self.width, last + 1)
        self.at += more
        self.headers += [""] * len(more)
        self.width += len(more)


def open_xlsx(
    path: str, *, known: Callable[[str], bool], wanted: Sequence[str] = (), sheet: str | None = None
) -> Table:  # fmt: skip
    """Open a sheet of a workbook (``-`` is standard input) as a table, under the row of headers that it has.

    ``known`` says whether a cell names a field, ``wanted`` are headers that must be there. Without a ``sheet`` it is
    the visible one that has the most of them. The rows' lines are Excel's row numbers. Raises ``InvalidInput`` for a
    file that is no workbook or is one made to do harm, for a sheet or header that is not there and for a sheet without
    rows; ``DkcrmError`` with the code ``io`` when the file cannot be read, ``missing_extra`` when the library is not
    installed.
    """
    try:
        import python_calamine
    except ImportError:
        raise missing_extra() from None
    name = display_name(path)
    keys = {header_key(header) for header in wanted}
    with contextlib.ExitStack() as stack:
        raw = stack.enter_context(_opened(path))
        copy = stack.enter_context(tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))
        try:
            checked_copy(raw, cast("IO[bytes]", copy), name)
            copy.seek(0)
        except OSError as error:
            raise read_error(path, error) from error
        with _no_panic(name):
            book = stack.enter_context(python_calamine.load_workbook(cast("IO[bytes]", copy)))
            found, layout, others = _find_sheet(book, name, sheet, keys, known)
    _check(layout, name, found.name, wanted)

    with _no_panic(name):
        layout.widen([cells for line, cells in _taken(_rows(found), _SAMPLE) if line > layout.line])
    rejects = Rejects()

    def rows(reject: Callable[[Reject], object] = lambda _reject: None) -> Iterator[Row]:
        places, width = layout.at, layout.width
        with _no_panic(name):
            for line, cells in _rows(found):
                if line <= layout.line:
                    continue
                row = [cells[at] for at in places]
                if any(map(str.strip, cells[width:])):
                    reject(_too_wide(line, row + cells[width:], len(row)))
                elif any(map(str.strip, row)):
                    yield line, row

    def write_rejects(file: TextIO, rejects: Iterable[Reject]) -> None:
        from dkcrm.formats.rejects import write_csv_rejects

        write_csv_rejects(file, rejects, layout.headers)

    sample = [cells for _line, cells in _taken(rows(), _SAMPLE)]
    return Table(
        format="xlsx",
        headers=layout.headers,
        header_line=layout.line,
        rows=rows(rejects.append),
        sample=sample,
        reread=rows,
        rejects=rejects,
        encoding="xlsx",
        dialect=found.name,
        suffix=".csv",
        write_rejects=write_rejects,
        close=lambda: None,
        others=others,
    )


def _opened(path: str) -> IO[bytes]:
    """Open a file to read it back and forth; standard input and pipes by way of a temporary one."""
    import os
    import shutil

    try:
        if path != "-":
            if os.path.isdir(path):
                raise IsADirectoryError(path)
            raw = open(path, "rb")  # noqa: SIM115 - the caller closes it
            if raw.seekable():
                return raw
        elif sys.stdin is None:
            raise OSError(_("there is no standard input"))
        spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
        with raw if path != "-" else contextlib.nullcontext(sys.stdin.buffer) as stream:
            shutil.copyfileobj(stream, spool)
        spool.seek(0)
        return cast("IO[bytes]", spool)
    except (OSError, ValueError) as error:
        raise read_error(path, error) from error


@contextlib.contextmanager
def _no_panic(name: str) -> Iterator[None]:
    """Turn every way in which the library fails into an error of ours; its panics are no ordinary exceptions."""
    try:
        yield
    except (DkcrmError, GeneratorExit, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        message = _("{name} is damaged: {why}").format(name=name, why=str(error) or type(error).__name__)
        raise InvalidInput(message, hint=_("open it in Excel or LibreOffice and save it again")) from None


def _find_sheet(
    book: Any, name: str, wanted: str | None, keys: set[str], known: Callable[[str], bool]
) -> tuple[Any, _Layout, list[str]]:
    """Return the sheet that was asked for, else the visible one with the most known headers, and its layout.

    The names are those of the other visible sheets that have rows, where none was asked for.
    """
    import python_calamine

    plain = python_calamine.SheetTypeEnum.WorkSheet
    sheets = [meta for meta in book.sheets_metadata if meta.typ == plain]
    names = [meta.name for meta in sheets]
    if wanted is not None:
        chosen = [each for each in names if each == wanted] or [
            each for each in names if each.strip().casefold() == wanted.strip().casefold()
        ]
        if not chosen:
            near = nearest(wanted, names) or names
            hint = _("its sheets: {names}").format(names=", ".join(near[:_SHOWN]))
            raise InvalidInput(_("{name} has no sheet '{sheet}'").format(name=name, sheet=wanted), hint=hint)
    else:
        chosen = [meta.name for meta in sheets if meta.visible == python_calamine.SheetVisibleEnum.Visible] or names
    best: tuple[Any, _Layout] | None = None
    filled: list[str] = []
    for each in chosen:
        found = book.get_sheet_by_name(each)
        layout = _layout(found, keys, known)
        if layout.filled:
            filled.append(each)
        if best is None or _score(layout) > _score(best[1]):
            best = found, layout
    if best is None:
        raise InvalidInput(
            _("{name} has no sheets").format(name=name), hint=_("it needs a sheet with a row of headers")
        )
    return *best, [each for each in filled if each != best[0].name]


def _score(layout: _Layout) -> tuple[bool, int, bool]:
    """Return by what layouts are compared: all that was wanted, known headers, anything at all."""
    return layout.complete, layout.hits, bool(layout.headers)


def _rows(sheet: Any) -> Iterator[Row]:
    """Yield the rows that are not blank, with Excel's number of each, cells as text."""
    for line, row in enumerate(sheet.iter_rows(), start=1):
        cells = [cell_text(cell) for cell in row]
        if any(map(str.strip, cells)):
            yield line, cells


def _taken(rows: Iterator[Row], count: int) -> Iterator[Row]:
    """Yield the first rows."""
    for row, _number in zip(rows, range(count), strict=False):
        yield row


def _layout(sheet: Any, keys: set[str], known: Callable[[str], bool]) -> _Layout:
    """Return where the headers of a sheet stand, as far as its first rows tell."""
    rows = list(_taken(_rows(sheet), _LOOKED_AT))
    layout = _headers(rows, keys, known)
    layout.filled = any(line > layout.line for line, _cells in rows)
    return layout


def _headers(rows: list[Row], keys: set[str], known: Callable[[str], bool]) -> _Layout:
    """Return where the headers of some rows stand: in the one with the most known ones, else in the first full one."""
    best: _Layout | None = None
    for line, cells in rows:
        hits = sum(1 for cell in cells if cell.strip() and (header_key(cell) in keys or known(_one_line(cell))))
        complete = keys <= {header_key(cell) for cell in cells}
        if hits and (best is None or (complete, hits) > (best.complete, best.hits)):
            best = _under(line, cells, hits, complete)
    if best:
        return best
    if not rows:
        return _Layout(0, [], [], 0, False)
    widest = max(sum(1 for cell in cells if cell.strip()) for _line, cells in rows)
    line, cells = next(row for row in rows if sum(1 for cell in row[1] if cell.strip()) == widest)
    filled = [cell.strip() for cell in cells if cell.strip()]
    if len(rows) > 1 and not any(_DATA.fullmatch(cell) for cell in filled) and len(set(filled)) > len(filled) // 2:
        return _under(line, cells, 0, not keys)
    width = max(at + 1 for _line, row in rows for at, cell in enumerate(row) if cell.strip())
    headers = [_("column {number}").format(number=at + 1) for at in range(width)]
    return _Layout(0, list(range(width)), headers, 0, not keys)


def _under(line: int, cells: list[str], hits: int, complete: bool) -> _Layout:
    """Return the layout under a row of headers; blank cells after the last are none, and our own marks are left out."""
    width = max(at + 1 for at, cell in enumerate(cells) if cell.strip())
    at = [place for place in range(width) if header_key(cells[place]) not in _MARKS]
    return _Layout(line, at, [_one_line(cells[place]) for place in at], hits, complete)


def _one_line(header: str) -> str:
    """Return a header without outer blanks and line ends."""
    return " ".join(header.replace("\ufeff", "").split()) if "\n" in header or "\r" in header else header.strip()


def _too_wide(line: int, row: list[str], width: int) -> Reject:
    """Return the rejection of a row that has something right of the columns."""
    row = trimmed(row)
    reason = ngettext("{count} cell, where the header has {width}",
                      "{count} cells, where the header has {width}", len(row))  # fmt: skip
    return Reject(line, reason.format(count=len(row), width=width), row)


def _check(layout: _Layout, name: str, sheet: str, wanted: Sequence[str]) -> None:
    """Refuse a sheet without rows, and one that lacks a header that was asked for."""
    if not layout.headers:
        message = _("the sheet '{sheet}' of {name} has no rows").format(sheet=sheet, name=name)
        raise InvalidInput(message, hint=_("the first row must name the columns"))
    have = {header_key(header) for header in layout.headers}
    missing = [header for header in wanted if header_key(header) not in have]
    if not missing:
        return
    cells = [header for header in layout.headers if header]
    near = [found for header in missing for found in nearest_header(header, cells)]
    hint = _("its columns: {cells}").format(cells=", ".join(cells[:_SHOWN]))
    if near:
        hint = _("the nearest: {near}").format(near=", ".join(near)) + "; " + hint
    message = _("the sheet '{sheet}' of {name} has no column '{missing}'")
    raise InvalidInput(message.format(sheet=sheet, name=name, missing="', '".join(missing)), hint=hint)
