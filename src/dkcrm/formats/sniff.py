"""Find out how a CSV file is written: its delimiter, and which row names the columns.

The two are found together: the right delimiter is the one under which a row of known headers appears, and only then
the one under which the rows agree in length.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from dkcrm.formats.headers import header_key
from dkcrm.formats.record import Reject
from dkcrm.formats.rows import MAX_LINE, Rows

DELIMITERS = (",", ";", "\t")
_RECORDS = 50
_SAMPLE_LINES = 1_000
_SAMPLE_CHARS = 1 << 18
_SEP = re.compile(r'\s*"?sep=(.)"?\s*', re.IGNORECASE)


@dataclass(slots=True)
class Layout:
    """How the file is written; ``headers`` stand on the lines ``line`` to ``end``, and ``hits`` of them are known."""

    delimiter: str
    blank_after: bool
    headers: list[str]
    line: int
    end: int
    hits: int
    complete: bool


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
    sample: list[str], delimiters: tuple[str, ...], wanted: set[str], known: Callable[[str], str | None]
) -> Layout:
    """Return the most likely layout; without any known header (``hits`` 0) its ``headers`` are a guess for a message.

    ``wanted`` are the mapped headers, folded: ``complete`` says that the header row has them all.
    """
    known = cache(known)  # blanks, countries and yes/no recur, under three delimiters too
    best: Layout | None = None
    best_score: tuple[bool, int, float, int] | None = None
    for delimiter in delimiters:
        layout, agreement = _layout_under(delimiter, sample, wanted, known)
        score = (layout.complete, layout.hits, agreement, len(layout.headers))
        if best_score is None or score > best_score:
            best, best_score = layout, score
    assert best is not None
    return best


def _layout_under(
    delimiter: str, sample: list[str], wanted: set[str], known: Callable[[str], str | None]
) -> tuple[Layout, float]:
    """Return the layout under one delimiter, and the share of the rows after the header that are as long as it."""
    blank_after = _blank_after(delimiter, sample)
    rejects: list[Reject] = []
    rows = Rows(lambda _size: "", delimiter, blank_after=blank_after, rejects=rejects, pending=sample)
    records: list[tuple[int, int, list[str]]] = []
    for line, row in rows:
        records.append((line, rows.line, row))
        if len(records) == _RECORDS:
            break
    lengths = [len(row) for _line, _end, row in records]
    best, best_score = None, (False, 0, 0.0)
    for index, (line, end, row) in enumerate(records):
        folded = {header_key(cell) for cell in row}
        hits = sum(header_key(cell) in wanted or known(cell) is not None for cell in row)
        if not hits:
            continue
        score = (wanted <= folded, hits, _share(lengths[index], lengths[index + 1 :]))
        if score > best_score:
            best_score = score
            best = Layout(delimiter, blank_after, _trimmed(row), line, end, hits, score[0])
    if best:
        return best, best_score[2]
    usual = Counter(length for length in lengths if length > 1).most_common(1)
    index = lengths.index(usual[0][0]) if usual else 0
    row = records[index][2] if records else []
    return Layout(delimiter, blank_after, _trimmed(row), 0, 0, 0, False), _share(len(row), lengths) if usual else 0.0


def _share(length: int, lengths: list[int]) -> float:
    """Return how many of the rows, from 0 to 1, have a length; without rows there is nothing against it."""
    return lengths.count(length) / len(lengths) if lengths else 1.0


def _trimmed(row: list[str]) -> list[str]:
    """Return a row without the blank cells at its end, which spreadsheets add."""
    width = len(row)
    while width and not row[width - 1].strip():
        width -= 1
    return row[:width]


def _blank_after(delimiter: str, sample: list[str]) -> bool:
    """Tell whether quoted cells stand after a delimiter and a blank (``a, "b"``), which the standard does not know.

    Only a quote that opens a cell counts: within a quoted cell it would be doubled, or have an odd number before it.
    """
    text = "".join(sample)
    quotes = done = 0
    for match in re.finditer(re.escape(delimiter) + ' +"(?!")', text):
        quotes += text.count('"', done, match.start())
        done = match.start()
        if quotes % 2 == 0:
            return True
    return False
