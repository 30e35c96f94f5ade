"""Find out how a file of rows is written: its delimiter and quotes, and which row names the columns.

They are found together: the right delimiter is the one under which a row of known headers appears, and only then the
one under which the rows agree in length. Without any known header the first row names the columns, unless it is data.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from dkcrm.formats.dialects import BROKEN, RECORDS, Records, find_dialect, first_records
from dkcrm.formats.headers import header_key
from dkcrm.formats.rejects import is_reject_file
from dkcrm.formats.rows import MAX_LINE, Dialect, clean_header, trimmed

DELIMITERS = (",", ";", "\t", "|")
# As many columns as a spreadsheet has: every row is brought to the width of the header.
_MOST_COLUMNS = 16_384
_SAMPLE_LINES = 1_000
_SAMPLE_CHARS = 1 << 18
_SEP = re.compile(r'\s*"?sep=(.)"?\s*', re.IGNORECASE)

# What stands in rows and not in headers; each is tried on a short, stripped cell.
_DATUM = 300
_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_PHONE = re.compile(r"[+(]?\d[\d\s()./-]{5,24}")
_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T]\d{1,2}:\d{2}[\d:.,+Z ]{0,12}(?:[AP]M)?)?|\d{1,2} \w{3,9}\.? \d{4}"
)
_PHONE_DIGITS = 6

# What a row of unknown headers, and a table of one column, may look like.
_AGREEING = 0.8
_HEADER_CHARS = 60
_HEADER_WORDS = 6
_LINE_CHARS = 60
_USUAL_LINE_CHARS = 40
# What lines of tables divided otherwise, of letters' heads, of settings and of programs have.
_DIVIDED = re.compile(r"[;\t|]|,\S|^\s|^[\w .-]{1,40}(?:: |=)|[:(){}]$")
_MARKUP = ("{", "[", "<", "BEGIN:", "%", "#!")


@dataclass(slots=True)
class Layout:
    """How the file is written.

    ``cells`` is the header row as it stands on the lines ``line`` to ``end``, ``headers`` its cleaned cells, and
    ``hits`` of them are known; ``complete`` says that it has all the wanted ones. ``line`` is 0 where no row names the
    columns. ``table`` is false where nothing looks like one: then ``headers`` are a guess for a message. ``wrapped``
    says that a row stands whole in one cell.
    """

    dialect: Dialect
    headers: list[str]
    line: int = 0
    end: int = 0
    hits: int = 0
    complete: bool = False
    wrapped: bool = False
    table: bool = False
    cells: list[str] = field(default_factory=list)


def read_sample(readline: Callable[[int], str]) -> list[str]:
    """Return the first physical lines; one that is longer than a line may be can only be the last."""
    sample: list[str] = []
    room = _SAMPLE_CHARS
    while len(sample) < _SAMPLE_LINES and room > 0:
        line = readline(MAX_LINE)
        if not line:
            break
        sample.append(line)
        room -= len(line)
    return sample


def announced(line: str) -> str | None:
    """Return the delimiter that a first line such as ``sep=;`` announces (Excel writes and reads it), or None."""
    if line.rstrip("\r\n").lower() == "sep=\t":
        return "\t"
    match = _SEP.fullmatch(line)
    return match[1] if match else None


def find_layout(
    sample: list[str], delimiters: tuple[str, ...], wanted: set[str], known: Callable[[str], bool]
) -> Layout:
    """Return the most likely layout; ``wanted`` are the headers that a user named, folded by ``header_key``."""
    known = cache(known)  # blanks, countries and yes/no recur, under four delimiters too
    best: Layout | None = None
    best_score: tuple[bool, int, bool, float, int] | None = None
    for delimiter in delimiters:
        layout, agreement = _layout_under(find_dialect(delimiter, sample), sample, wanted, known)
        score = (layout.complete, layout.hits, layout.table, agreement, len(layout.headers))
        if best_score is None or score > best_score:
            best, best_score = layout, score
    assert best is not None
    return best


def _layout_under(
    dialect: Dialect, sample: list[str], wanted: set[str], known: Callable[[str], bool]
) -> tuple[Layout, float]:
    """Return the layout under one dialect, and the share of the rows after the header that are as long as it."""
    records = first_records(dialect, sample)
    lengths = [len(row) for row in records.rows]
    best: Layout | None = None
    best_score, best_filled, best_at = (False, 0, 0.0), 0, 0
    for index, row in enumerate(records.rows):
        if len(row) > _MOST_COLUMNS:
            continue
        headers = [clean_header(cell) for cell in trimmed(row)]
        filled = sum(map(bool, headers))
        ours = is_reject_file(headers)
        complete = wanted <= ({header_key(cell) for cell in headers} if wanted else set())
        told = ours or (wanted and complete)
        if not told and any(map(_is_address, headers)):
            continue
        hits = sum(header_key(cell) in wanted or known(cell) for cell in headers) + RECORDS * ours
        if not hits or (not told and _is_data(headers, hits, records.rows, index)):
            continue
        score = (complete, hits, _share(lengths[index], lengths[index + 1 :]))
        # A row of data may hold more words that could be headers than a header row that is mostly unknown; and the same
        # header may come again where exports were put together.
        if score[:2] == best_score[:2]:
            better = best is not None and len(headers) > len(best.headers)
        else:
            better = complete > best_score[0] or hits == filled > 1 or filled > best_filled or ours
        if score > best_score and better:
            best_score, best_filled = score, filled
            line, end = records.lines[index]
            if ours:
                dialect = Dialect(dialect.delimiter)
            best = Layout(dialect, headers, line, end, hits, complete, records.wrapped[index], True, trimmed(row))
            best_at = index
    if best:
        best.headers = _named(best.headers, records.rows[best_at], records.rows[best_at + 1 :])
        return best, best_score[2]
    return _unnamed(dialect, records, wanted)


def _is_data(headers: list[str], hits: int, rows: list[list[str]], index: int) -> bool:
    """Tell whether a row with words that could be headers, and no address, is one of the data all the same."""
    weak = [at for at, cell in enumerate(headers) if _is_number_or_date(cell)]
    if len(weak) >= hits:
        # A column may be called after a day, but then its cells are something else.
        following = rows[index + 1] if index + 1 < len(rows) else headers
        if any(at < len(following) and _is_number_or_date(following[at].strip()) for at in weak):
            return True
    # Rows just like it above, and most of it unknown: those would be lost.
    filled = sum(map(bool, headers))
    return hits * 2 <= filled and any(
        len(trimmed(row)) == len(headers) and sum(bool(cell.strip()) for cell in row) >= filled for row in rows[:index]
    )


def _is_address(cell: str) -> bool:
    """Tell whether a stripped cell is an email address or a URL."""
    return len(cell) <= _DATUM and bool(_EMAIL.fullmatch(cell) or _URL.fullmatch(cell))


def _is_datum(cell: str) -> bool:
    """Tell whether a stripped cell is an email address or a URL, or looks like a telephone number or a date."""
    return _is_address(cell) or _is_number_or_date(cell)


def _is_number_or_date(cell: str) -> bool:
    """Tell whether a stripped cell looks like a telephone number or a date."""
    if len(cell) > _DATUM or not cell:
        return False
    if _DATE.fullmatch(cell):
        return True
    return bool(_PHONE.fullmatch(cell)) and sum(map(str.isdigit, cell)) >= _PHONE_DIGITS


def _unnamed(dialect: Dialect, records: Records, wanted: set[str]) -> tuple[Layout, float]:
    """Return the layout of a file without a known header: its first row names the columns, if it may be one."""
    lengths = [len(row) for row in records.rows]
    usual = Counter(length for length in lengths if length > 1).most_common(1)
    width = usual[0][0] if usual and usual[0][1] >= lengths.count(1) else 1
    index = lengths.index(width) if width in lengths else 0
    if index and _heads(records.rows, width):
        index = 0
    row = trimmed(records.rows[index]) if records.rows else []
    headers = [clean_header(cell) for cell in row]
    following = lengths[index + 1 :] or [len(row)]
    agreement = _share(width, following) if width > 1 else 0.0
    layout = Layout(dialect, headers)
    if not headers or width > _MOST_COLUMNS or records.broken > BROKEN or headers[0].startswith(_MARKUP):
        return layout, agreement
    if width == 1:
        agreeing = "," not in headers[0] and _short_lines(records.rows[index:])
    else:
        agreeing = agreement >= 0.5 and sum(1 < length <= width for length in following) >= _AGREEING * len(following)
        # "Rossi, Mario" is a name, and a line of a letter may have one comma as well.
        prose = index > 0 or (width == 2 and dialect.delimiter == ",")
        if prose and all(cell.startswith(" ") for row in records.rows for cell in row[1:]):
            agreeing = False
    if not agreeing:
        return layout, agreement
    if any(map(_is_datum, headers)):
        layout.table = True
        columns = max(length for length in following if following.count(length) * 10 > len(following))
        layout.headers = [_column(number) for number in range(1, columns + 1)]
        layout.end = records.lines[index][0] - 1
        layout.wrapped = records.wrapped[index]
        layout.complete = wanted <= {header_key(header) for header in layout.headers}
    elif len(records.rows) > index + 1 and _may_name(headers):
        layout.table = True
        layout.line, layout.end = records.lines[index]
        layout.headers = _named(headers, records.rows[index], records.rows[index + 1 :])
        layout.cells, layout.wrapped = row, records.wrapped[index]
    return layout, agreement


def _heads(rows: list[list[str]], width: int) -> bool:
    """Tell whether the first row is the header of rows that are of another width: blanks at its end, or at theirs."""
    header = trimmed(rows[0])
    return len(header) > 1 and (
        len(rows[0]) > width >= len(header) or len(header) + _nameless(header, rows[1:]) == width
    )


def _named(headers: list[str], header: list[str], rows: list[list[str]]) -> list[str]:
    """Return the headers with blank ones for columns that have none.

    Such are those blank in the header, a cell that is the same at the end of every row, and the numbers before every
    row that R writes.
    """
    if _nameless(header, rows):
        return headers + [""] * _nameless(header, rows)
    numbered = all(len(row) == len(headers) + 1 and row[0].strip() == str(n) for n, row in enumerate(rows, start=1))
    return ["", *headers] if len(rows) > 1 and numbered else headers


def _nameless(header: list[str], rows: list[list[str]]) -> int:
    """Return how many columns without a name follow the header: blank in it, or the same further cell in every row."""
    named = len(trimmed(header))
    filled = max((len(trimmed(row)) for row in rows), default=0)
    if len(header) > named:
        return max(0, min(len(header), filled) - named)
    further = {tuple(row[named:]) for row in rows}
    return int(len(rows) > 1 and len(further) == 1 and filled == named + 1)


def _column(number: int) -> str:
    """Return the header of a column in a file that has none; scripts rely on it, so it is not translated."""
    return f"column {number}"


def _may_name(headers: list[str]) -> bool:
    """Tell whether unknown cells may be headers: short text, nearly all there, nearly all different."""
    named = [header for header in headers if header]
    textual = sum(any(map(str.isalpha, header)) for header in named)
    short = all(len(header) <= _HEADER_CHARS and len(header.split()) <= _HEADER_WORDS for header in named)
    return short and len(set(named)) >= _AGREEING * len(headers) and textual >= _AGREEING * len(named)


def _short_lines(rows: list[list[str]]) -> bool:
    """Tell whether rows of one cell are a column, not the lines of a letter, of settings or of another table."""
    divided = sum(bool(_DIVIDED.search(row[0])) for row in rows)
    if divided > (1 - _AGREEING) * len(rows):
        return False
    lengths = sorted(len(row[0].strip()) for row in rows)
    short = sum(length <= _LINE_CHARS for length in lengths)
    return short >= 0.9 * len(lengths) and lengths[len(lengths) // 2] <= _USUAL_LINE_CHARS


def _share(length: int, lengths: list[int]) -> float:
    """Return how many of the rows, from 0 to 1, have a length; without rows there is nothing against it."""
    return lengths.count(length) / len(lengths) if lengths else 1.0
