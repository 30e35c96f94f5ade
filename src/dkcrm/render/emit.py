"""The one way out: a Result to standard output in the format asked for, and what is said about it to standard error.

Only what a format needs is imported: scripts call dkcrm thousands of times (DESIGN.md, "Start-up is a feature").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, TextIO

from dkcrm.errors import DkcrmError
from dkcrm.i18n import _
from dkcrm.render.compact import Unusual, compact
from dkcrm.render.stream import Writer, in_utf8, is_terminal, is_unicode, on_screen, wants_colour
from dkcrm.render.text import UNSAFE, clean, plain, tsv_cell, width
from dkcrm.result import Result

FORMATS = ("table", "tsv", "csv", "json", "jsonl")
#: So many items of a list are encoded at once.
_ITEMS = 100

#: The drawing of each view, as "module:function"; it takes the Result's detail and standard output.
VIEWS = {"card": "dkcrm.render.cards:draw_cards", "timeline": "dkcrm.render.cards:draw_timeline"}


def emit(result: Result, *, format: str | None, quiet: bool, stdout: TextIO | None, stderr: TextIO | None) -> None:
    """Print a Result: its data, flushed, then its message and warnings unless ``quiet``.

    Without a format a person at a terminal gets a table, and a pipe its rows as tab-separated text without heading.
    BrokenPipeError and other OSErrors are the caller's.
    """
    try:
        _put(result, format, stdout)
    except BaseException:
        if result.abandoned is not None:
            result.abandoned()
        raise
    if result.after is not None:
        result.after()
    if not quiet:
        as_json = format in ("json", "jsonl") and result.writes is None
        said = [] if as_json or not result.message else [result.message]
        said += [_("warning: {text}").format(text=warning) for warning in result.warnings]
        _say(stderr, said)


def _put(result: Result, format: str | None, stdout: TextIO | None) -> None:
    """Print the data of a Result, flushed."""
    if result.writes is not None:
        out = Writer(stdout)
        with in_utf8(stdout) as stream:
            result.writes(stream)
    elif format in ("json", "jsonl"):
        out = Writer(stdout)
        _write_json(out, result.data, lines=format == "jsonl")
    elif format == "table" or (format is None and is_terminal(stdout)):
        out = Writer(stdout)
        _draw(result, stdout)
    else:
        # what the encoding lacks is written \xe8, which tsv's own escapes leave free, and never lost as a "?"
        out = Writer(stdout, errors="backslashreplace")
        if format == "csv":
            _write_csv(out, result)
        else:
            _write_tsv(out, result, heading=format == "tsv")
    out.flush()


def emit_error(error: DkcrmError, *, as_json: bool, stderr: TextIO | None) -> None:
    """Print an error: one JSON object on one line, or its message, hint and candidates for people."""
    if as_json:
        _say(stderr, [_encoder(stderr, pretty=False)(error.as_json())], ready=True)
        return
    lines = ["dkcrm: " + error.message]
    if error.hint:
        lines.append("  " + _("hint: {text}").format(text=error.hint))
    lines += ["    " + line for line in _aligned(error.candidates)]
    lines = [_readable(line, stderr) for line in lines]
    if wants_colour(stderr):
        lines[0] = "\x1b[31mdkcrm:\x1b[0m" + lines[0].removeprefix("dkcrm:")
    _say(stderr, lines, ready=True)


def _readable(text: str, stderr: TextIO | None) -> str:
    """Return text cleaned, and on a terminal broken between words."""
    return "\n".join(on_screen(line, stderr) for line in clean(text, lines=True).split("\n"))


def _say(stderr: TextIO | None, lines: Iterable[str], ready: bool = False) -> None:
    """Write lines to standard error, if there is one."""
    if stderr is None:
        return
    out = Writer(stderr)
    for line in lines:
        out.write((line if ready else _readable(line, stderr)) + "\n")
    out.flush()


def _aligned(candidates: list[dict[str, Any]]) -> list[str]:
    """Return a line for each candidate, its values in columns; empty and repeated columns are left out."""
    columns: list[list[str]] = []
    for key in dict.fromkeys(key for candidate in candidates for key in candidate):
        cells = [clean(plain(candidate.get(key))) for candidate in candidates]
        if any(cells) and cells not in columns:  # "use" is often the number again
            columns.append(cells)
    sizes = [max(map(width, cells)) for cells in columns]
    lines = []
    for row in zip(*columns, strict=True):
        padded = (text + " " * (size - width(text)) for text, size in zip(row, sizes, strict=True))
        lines.append("  ".join(padded).rstrip())
    return lines


def _draw(result: Result, stdout: TextIO | None) -> None:
    """Draw the result's view, or its rows as a table; a view that nobody draws is drawn as its rows."""
    name = VIEWS.get(result.view or "")
    if name and result.detail is not None:
        from importlib import import_module

        module, _colon, function = name.partition(":")
        getattr(import_module(module), function)(result.detail() if callable(result.detail) else result.detail, stdout)
    elif result.columns:
        from dkcrm.render.tables import draw_table

        draw_table(result.columns, result.rows, stdout)
    if result.charts and is_terminal(stdout):
        from dkcrm.render.charts import draw_charts

        draw_charts(result.charts, stdout)


def _write_tsv(out: Writer, result: Result, heading: bool) -> None:
    """Write the rows as tab-separated text, one at a time."""
    keys = [column.key for column in result.columns]
    if not keys:
        return
    if heading:
        out.write("\t".join(map(tsv_cell, keys)) + "\n")
    for row in result.rows:
        out.write("\t".join([tsv_cell(row.get(key)) for key in keys]) + "\n")


def _write_csv(out: Writer, result: Result) -> None:
    """Write the rows as CSV (RFC 4180, lines end in \\n), values as they are; only a terminal gets them clean."""
    import csv

    keys = [column.key for column in result.columns]
    if not keys:
        return
    show: Callable[[Any], str] = plain
    if is_terminal(out.stream):
        show = _plain_and_clean
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(keys)
    for row in result.rows:
        writer.writerow([show(row.get(key)) for key in keys])


def _plain_and_clean(value: Any) -> str:
    """Return a value as text for CSV that a terminal shows; the quotes keep its lines together."""
    return clean(plain(value), lines=True)


def _write_json(out: Writer, data: Any, lines: bool) -> None:
    """Write data as JSON; a list or iterator goes item by item, so that an endless one takes bounded memory."""
    pretty = is_terminal(out.stream) and not lines
    if isinstance(data, dict) and not pretty and is_unicode(out.stream):
        try:
            out.write(compact(data) + "\n")
            return
        except Unusual:
            pass
    encode = _encoder(out.stream, pretty)
    if not isinstance(data, Iterable) or isinstance(data, (str, bytes, Mapping)):
        out.write(encode(data) + "\n")
    elif lines:
        for item in data:
            out.write(encode(item) + "\n")
    else:
        # Some at a time: what an item costs is mostly the beginning of its encoding.
        rest = iter(data)
        lead, end = "[", "\n]\n" if pretty else "]\n"
        while items := list(islice(rest, _ITEMS)):
            out.write(lead + encode(items)[1 : 1 - len(end)])
            lead = ","
        out.write("[]\n" if lead == "[" else end)


def _encoder(stream: TextIO | None, pretty: bool) -> Callable[[Any], str]:
    """Return a function from data to JSON text that is exact and that no terminal obeys.

    json escapes C0 by itself; DEL, C1, direction marks and lone surrogates are escaped here, which reads back the same.
    """
    import json
    import re

    encoder = json.JSONEncoder(
        ensure_ascii=not is_unicode(stream),
        indent=2 if pretty else None,
        separators=(",", ": ") if pretty else (",", ":"),
        default=_jsonable,
    )
    unsafe = re.compile(UNSAFE.replace(r"\x00-\x1f", "", 1))

    def encode(data: Any) -> str:
        text = encoder.encode(data)
        return text if text.isascii() and "\x7f" not in text else unsafe.sub(_escape, text)

    return encode


def _escape(match: Any) -> str:
    """Return one character below U+10000 as a JSON escape."""
    return f"\\u{ord(match[0]):04x}"


def _jsonable(value: Any) -> Any:
    """Return what JSON can hold of an object that it does not know: its ``as_json()``, else its text."""
    as_json = getattr(value, "as_json", None)
    return as_json() if as_json else str(value)
