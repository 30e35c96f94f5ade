"""What a command returns: data for scripts, rows for people, and a message; nothing is printed here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TextIO


class Column:
    """One column of a table.

    ``key`` is the row's key, and the heading of CSV; ``title`` is the heading on a terminal. ``look`` names how a
    terminal draws the value: ``text``, ``number``, ``type``, ``state``, ``time`` or ``share``. ``wide`` columns are
    the first to leave when the terminal is narrow.
    """

    __slots__ = ("key", "look", "title", "wide")

    def __init__(self, key: str, title: str | None = None, look: str = "text", *, wide: bool = False) -> None:
        self.key = key
        self.title = title or key.replace("_", " ").capitalize()
        self.look = look
        self.wide = wide


class Series(NamedTuple):
    """One figure of each row of a chart; ``key`` is the row's."""

    key: str
    title: str


class Chart(NamedTuple):
    """A picture of rows: what it shows, not how it is drawn.

    ``rows`` are the Result's own, so that a picture never has other numbers; ``label`` is the key of what each row is
    called. Over ``time`` rows follow one another, else they are compared by size. ``unit`` says what is counted.
    """

    title: str
    rows: Sequence[Mapping[str, Any]]
    label: str
    series: Sequence[Series]
    unit: str = ""
    time: bool = False


class Result:
    """The outcome of one use case.

    ``data`` is what ``--json`` prints, as it is: a list (or an iterable, which is printed item by item) or an object.
    ``columns`` and ``rows`` are the same as a table. ``view`` names a richer drawing for a terminal (``card``,
    ``timeline`` …) that takes ``detail``; elsewhere the rows are printed. ``message`` and ``warnings`` go to standard
    error. ``exit_status`` is not 0 only where a command that did its work must still say so (rejected rows: 5).
    ``writes`` takes the place of data where the result is a file's text: it writes it to a stream, in UTF-8.
    ``after`` is called once the data is out and flushed, ``abandoned`` where that failed. ``charts`` are pictures of
    the rows, for a terminal and for a page; ``title`` and ``facts`` (what, and how it is) head a page.
    """

    __slots__ = (
        "abandoned", "after", "charts", "columns", "data", "detail", "exit_status", "facts", "message", "rows", "title",
        "view", "warnings", "writes",
    )  # fmt: skip

    def __init__(
        self,
        data: Any,
        columns: Sequence[Column] = (),
        rows: Iterable[Mapping[str, Any]] = (),
        *,
        message: str | None = None,
        warnings: Sequence[str] = (),
        view: str | None = None,
        detail: Any = None,
        exit_status: int = 0,
        writes: Callable[[TextIO], object] | None = None,
        after: Callable[[], None] | None = None,
        abandoned: Callable[[], None] | None = None,
        charts: Sequence[Chart] = (),
        title: str = "",
        facts: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.data = data
        self.columns = columns
        self.rows = rows
        self.message = message
        self.warnings = warnings
        self.view = view
        self.detail = detail
        self.exit_status = exit_status
        self.writes = writes
        self.after = after
        self.abandoned = abandoned
        self.charts = charts
        self.title = title
        self.facts = facts
