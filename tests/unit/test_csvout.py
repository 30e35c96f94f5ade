"""A table written a column at a time is read again, cell by cell, by the standard library's reader."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dkcrm.formats.csvout import TableText

CELLS = st.text(alphabet=st.sampled_from('ab,;"\t\r\n =é\ufeff'), max_size=6)
TABLES = st.integers(2, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1))


@pytest.mark.parametrize("delimiter", [",", "\t"])
@given(rows=TABLES, block=st.integers(1, 3))
def test_what_is_written_is_what_is_read(delimiter: str, rows: list[list[str]], block: int) -> None:
    out = io.StringIO(newline="")
    blocks = [list(zip(*rows[start : start + block], strict=True)) for start in range(0, len(rows), block)]
    text = TableText(delimiter)
    text.write_headers(out, rows[0])
    text.write_rows(out, blocks)
    assert list(csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=delimiter)) == [rows[0], *rows]


def test_only_cells_that_need_quotes_have_them() -> None:
    out = io.StringIO(newline="")
    TableText().write_headers(out, ["name", "note"])
    TableText().write_rows(out, [[["Anna", 'Bruno "B"'], ["a, b", "one\ntwo"]]])
    assert out.getvalue() == 'name,note\nAnna,"a, b"\n"Bruno ""B""","one\ntwo"\n'
