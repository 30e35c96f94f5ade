"""CSV as programs really write it: any usual charset and delimiter, notes before the header, broken quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TextIO

from dkcrm.errors import InvalidInput
from dkcrm.formats.encoding import display_name, open_text, read_error
from dkcrm.formats.headers import LABELLED, header_key, label_for, nearest_header
from dkcrm.formats.record import Reject, Source
from dkcrm.formats.rows import Rows
from dkcrm.formats.sniff import DELIMITERS, Layout, announced, find_layout, read_sample
from dkcrm.i18n import _

_NAMED_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}
_IGNORED = ("", "-")
_LISTED = 40


def open_csv(
    path: str,
    *,
    mapping: list[tuple[str, str]],
    known: Callable[[str], str | None],
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Source:
    """Open a CSV file (``-`` is standard input), find its header, and return its rows as a ``Source``.

    ``mapping`` pairs a header with the field that it feeds, and goes before ``known``, which says what the others feed;
    the field ``-`` leaves a column out. Field names are not checked here. Raises ``InvalidInput`` when the file is no
    text, has no row with a known or mapped header, or lacks a mapped one, and ``DkcrmError`` (code ``io``) when it
    cannot be read.
    """
    delimiters = (_delimiter(delimiter),) if delimiter else DELIMITERS
    stream, codec = open_text(path, encoding)
    try:
        sample = read_sample(stream.readline)
        if sample:
            # An encoding that was named (utf-16-le) leaves the mark in the text.
            sample[0] = sample[0].removeprefix("\ufeff")
        skipped = 0
        said = announced(sample[0]) if sample else None
        if said:
            skipped = 1
            if not delimiter and said not in '"\r\n':
                delimiters = (said,)
        wanted = {header_key(header): field.strip() for header, field in mapping}
        layout = find_layout(sample[skipped:], delimiters, set(wanted), known)
        _check_header(layout, display_name(path), [header for header, _field in mapping])
    except (OSError, UnicodeError) as error:
        stream.close()
        raise read_error(path, error) from error
    except BaseException:
        stream.close()
        raise
    headers = [header.replace("\ufeff", "").strip() for header in layout.headers]
    columns, unmapped = _plan(headers, wanted, known)
    rejects: list[Reject] = []
    rows = Rows(
        stream.readline,
        layout.delimiter,
        blank_after=layout.blank_after,
        rejects=rejects,
        width=len(headers),
        line=skipped + layout.end,
        pending=sample[skipped + layout.end :],
    )
    return Source(
        headers=headers,
        columns=columns,
        labels=[label_for(h) if field in LABELLED else None for h, field in zip(headers, columns, strict=True)],
        rows=_until_closed(rows, stream, path),
        rejects=rejects,
        unmapped=unmapped,
        encoding=codec,
        dialect=layout.delimiter,
        header_line=skipped + layout.line,
        close=stream.close,
    )


def _until_closed(rows: Rows, stream: TextIO, path: str) -> Iterator[tuple[int, list[str]]]:
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
        hint = _("one character, or one of: comma, semicolon, tab")
        raise InvalidInput(_("'{given}' is no delimiter").format(given=given), hint=hint)
    return delimiter


def _plan(
    headers: list[str], wanted: dict[str, str], known: Callable[[str], str | None]
) -> tuple[list[str | None], list[str]]:
    """Return which field each column feeds, and the headers that feed none without the user having said so."""
    columns: list[str | None] = []
    unmapped: list[str] = []
    for position, header in enumerate(headers, start=1):
        mapped = wanted.get(header_key(header))
        if mapped is not None:
            columns.append(None if mapped in _IGNORED else mapped)
            continue
        columns.append(known(header))
        if columns[-1] is None:
            unmapped.append(header or _("(column {position})").format(position=position))
    return columns, unmapped


def _check_header(layout: Layout, name: str, mapped: list[str]) -> None:
    """Refuse a file without a header row, and a header row without the mapped headers."""
    cells = [cell.strip() for cell in layout.headers if cell.strip()]
    listed = ", ".join(cell if len(cell) <= _LISTED else cell[:_LISTED] + "…" for cell in cells[:_LISTED])
    have = {header_key(cell) for cell in cells}
    missing = [header for header in mapped if header_key(header) not in have]
    if missing:
        near = [_("the nearest_header to '{header}': {near}").format(header=header, near=", ".join(found))
                for header in missing if (found := nearest_header(header, cells))]  # fmt: skip
        message = _("{name} has no column '{missing}'").format(name=name, missing="', '".join(missing))
        raise InvalidInput(message, hint="; ".join([*near, _("its columns: {cells}").format(cells=listed)]))
    if layout.hits:
        return
    if not cells:
        raise InvalidInput(_("{name} has no rows").format(name=name), hint=_("the first row must name the columns"))
    message = _("{name} has no row whose cells name fields; likely columns: {cells}").format(name=name, cells=listed)
    hint = _("say what a column is with --map HEADER=FIELD, for example --map '{cell}=name'").format(cell=cells[0])
    raise InvalidInput(message, hint=hint)
