"""The quotes of a table, each as there is evidence for it, and its first records under them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from dkcrm.formats.record import Reject
from dkcrm.formats.rows import Dialect, Rows, trimmed

#: So many records are looked at.
RECORDS = 50
#: A table of which a larger share of the first lines breaks is none.
BROKEN = 0.2


@dataclass(slots=True)
class Records:
    """The first records under one dialect: lines from and to, cells, whether they stood in one cell."""

    lines: list[tuple[int, int]]
    rows: list[list[str]]
    wrapped: list[bool]
    broken: float


def find_dialect(delimiter: str, sample: list[str]) -> Dialect:
    """Return the quotes that go with a delimiter, each as there is evidence for it in the sample."""
    text = "".join(sample)
    dialect = Dialect(delimiter)
    if _single_quotes(dialect, sample, text):
        dialect.quote = "'"
    dialect.blank_after = _blank_after(dialect, text)
    # An escaped quote is followed by more of the cell; one at its end may as well be a path that ends in a backslash.
    if re.search(rf'\\{dialect.quote}(?!["\'\r\n]|{re.escape(delimiter)}|\Z)', text):
        escaping = replace(dialect, escapes=True)
        if _rejected(escaping, sample) < _rejected(dialect, sample):
            return escaping
    return dialect


def first_records(dialect: Dialect, sample: list[str]) -> Records:
    """Read the first records; of one that stands whole in a single cell, its cells."""
    rejects: list[Reject] = []
    rows = Rows(lambda _size: "", dialect, reject=rejects.append, pending=sample)
    found = Records([], [], [], 0.0)
    for line, row in rows:
        cells = dialect.split(row[0]) if len(row) == 1 and dialect.delimiter in row[0] else None
        found.lines.append((line, rows.line))
        found.rows.append(cells or row)
        found.wrapped.append(bool(cells))
        if len(found.rows) == RECORDS:
            break
    found.broken = len(rejects) / (len(rejects) + len(found.rows)) if rejects else 0.0
    return found


def _rejected(dialect: Dialect, sample: list[str]) -> int:
    """Return how many lines of the sample break under a dialect."""
    rejects: list[Reject] = []
    for _row in Rows(lambda _size: "", dialect, reject=rejects.append, pending=sample):
        pass
    return len(rejects)


def _single_quotes(dialect: Dialect, sample: list[str], text: str) -> bool:
    """Tell whether cells stand in single quotes.

    Either the whole first row is quoted so; or no cell opens with a double quote, nearly as many close as open with a
    single one, and the rows agree in length only that way: 's-Hertogenbosch is a town.
    """
    if "'" not in text:
        return False
    single = replace(dialect, quote="'")
    single.blank_after = _blank_after(single, text)
    plain, quoted = first_records(dialect, sample), first_records(single, sample)
    if not quoted.rows or quoted.broken > BROKEN:
        return False
    first = [cell.strip() for cell in trimmed(plain.rows[0])] if plain.rows else []
    if all(len(cell) > 1 and cell.startswith("'") and cell.endswith("'") for cell in first):
        return True
    divider = re.escape(dialect.delimiter)
    edge = rf"(?:\A|[\r\n]|{divider}) {{0,9}}"
    if re.search(edge + '"', text):
        return False
    opening = sum(1 for _match in re.finditer(edge + "'", text))
    closing = sum(1 for _match in re.finditer(rf"' {{0,9}}(?={divider}|[\r\n]|\Z)", text))
    if opening < 2 or abs(opening - closing) * 10 > opening:
        return False
    return _evenness(quoted) > _evenness(plain)


def _evenness(records: Records) -> float:
    """Return the share of the records that are of the most frequent length."""
    lengths = Counter(len(row) for row in records.rows)
    return max(lengths.values(), default=0) / max(1, len(records.rows))


def _blank_after(dialect: Dialect, text: str) -> bool:
    """Tell whether quoted cells stand after a delimiter and a blank (``a, "b"``), which the standard does not know.

    Only a quote that opens a cell counts: within a quoted cell it would be doubled, or have an odd number before it.
    """
    quote = dialect.quote
    quotes = done = 0
    for match in re.finditer(f"{re.escape(dialect.delimiter)} {{1,99}}{quote}(?!{quote})", text):
        quotes += text.count(quote, done, match.start())
        done = match.start()
        if quotes % 2 == 0:
            return True
    return False
