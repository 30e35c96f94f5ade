"""What every format produces: of a table, a plan of columns and rows as plain lists; of anything else, records.

A dictionary a row would cost more than parsing the row does; with the plan known beforehand a consumer
picks positions, and a hundred thousand rows cost little more than ``csv.reader`` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any, Self, TextIO

#: So many rejects are kept in memory, and so many characters of them; the others wait in a temporary file.
_IN_MEMORY = 5_000
_CHARACTERS = 8 << 20


class Reject:
    """A row that could not be taken: where it starts, why, and its cells (the raw text alone when it has none)."""

    __slots__ = ("line", "reason", "row")

    def __init__(self, line: int, reason: str, row: list[str]) -> None:
        self.line = line
        self.reason = reason
        self.row = row

    def __repr__(self) -> str:
        """Show all three parts, for the sake of failing tests."""
        return f"Reject({self.line}, {self.reason!r}, {self.row!r})"


class Rejects:
    """The rows that could not be taken, in the order in which they were found out.

    A file may have nothing else: beyond some thousands (``first``), or some megabytes, they wait in a temporary file.
    """

    def __init__(self) -> None:
        self.first: list[Reject] = []
        self._room = _CHARACTERS
        self._spool: IO[bytes] | None = None
        self._at_end = True
        self._count = 0
        self._take: Callable[[Reject], object] | None = None

    def divert(self, take: Callable[[Reject], object]) -> None:
        """Give every one that comes from now on to somebody else, and keep none."""
        self._take = take

    def __len__(self) -> int:
        """Return how many there are."""
        return self._count

    def __iter__(self) -> Iterator[Reject]:
        """Yield them all; none may be appended meanwhile."""
        import pickle

        yield from self.first
        if self._spool is not None:
            self._at_end = False
            self._spool.seek(0)
            for _place in range(self._count - len(self.first)):
                yield Reject(*pickle.load(self._spool))

    def append(self, reject: Reject) -> None:
        """Take one more."""
        import os
        import pickle
        import tempfile

        if self._take is not None:
            self._take(reject)
            return
        self._count += 1
        if self._spool is None:
            self._room -= sum(map(len, reject.row))
            if len(self.first) < _IN_MEMORY and self._room >= 0:
                self.first.append(reject)
                return
            self._spool = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the import
        if not self._at_end:
            self._spool.seek(0, os.SEEK_END)
            self._at_end = True
        pickle.dump((reject.line, reject.reason, reject.row), self._spool)

    def sort(self) -> None:
        """Put them in the order of the file, where they are few enough."""
        if self._spool is None:
            self.first.sort(key=lambda reject: reject.line)


class Table:
    """An opened file of rows under headers, read once and from start to end.

    ``headers`` holds the header cells as they stand in the file, stripped; every row has as many cells. ``rows`` gives
    the physical line where a record starts (from 1) and its cells, as text, unstripped. ``sample`` has the cells of
    the first rows again, without consuming ``rows``; ``reread`` opens the rows a second time. ``rejects`` fills while
    ``rows`` is read; a consumer may append its own. ``format`` is what the file was read as, ``dialect`` what divides
    its cells. ``suffix`` is what the file of rejects is called (".csv"), and ``write_rejects(file, rejects)`` writes
    rejected rows, with line and reason, in a form that can be mended and imported again. ``others`` are the names of
    further sheets with rows, which nobody chose between.
    """

    __slots__ = (
        "_close", "dialect", "encoding", "format", "header_line", "headers", "others", "rejects", "reread", "rows",
        "sample", "suffix", "write_rejects",
    )  # fmt: skip

    def __init__(
        self,
        *,
        format: str,
        headers: list[str],
        header_line: int,
        rows: Iterator[tuple[int, list[str]]],
        sample: list[list[str]],
        reread: Callable[[], Iterator[tuple[int, list[str]]]],
        rejects: Rejects,
        encoding: str,
        dialect: str,
        suffix: str,
        write_rejects: Callable[[TextIO, Iterable[Reject]], None],
        close: Callable[[], None],
        others: Sequence[str] = (),
    ) -> None:
        self.format = format
        self.headers = headers
        self.header_line = header_line
        self.rows = rows
        self.sample = sample
        self.reread = reread
        self.rejects = rejects
        self.encoding = encoding
        self.dialect = dialect
        self.suffix = suffix
        self.write_rejects = write_rejects
        self.others = others
        self._close = close

    def close(self) -> None:
        """Close the file; reading ``rows`` to the end closes it too."""
        self._close()

    def __enter__(self) -> Self:
        """Return the table itself."""
        return self

    def __exit__(self, *_exc: object) -> None:
        """Close the file, whatever happened."""
        self._close()


class Record:
    """One person or organization as a file of cards, objects or messages tells of it; text as it stands, unchecked.

    ``values`` has the single attributes by the names of ``headers.FIELDS`` (``name first_name last_name job_title
    organization vat_id tax_code website source created_at uid``), and where the file says them ``external_id``,
    ``type`` and ``state``. ``points`` are ``(kind, value, label, side)``, kind ``email``, ``phone`` or ``link``, the
    preferred one of a kind first; ``addresses`` are ``(street, city, region, postcode, country, value, label, side)``,
    ``value`` the whole address where the file has it in one piece; label and side are None where not said. ``fields``
    are ``(header, value)`` of what is none of ours; ``messages`` what passed between the user and the one recorded.
    ``party`` is ``person`` or ``organization`` where the file says so outright. ``card`` is the text to keep for a
    lossless way back. ``kept`` holds what only our own export knows (links, purchases, the way through the types).
    ``raw`` is the record as it was, for the file of rejects.
    """

    __slots__ = (
        "addresses", "card", "fields", "kept", "line", "messages", "notes", "party", "points", "raw", "tags", "values",
    )  # fmt: skip

    def __init__(self, line: int, raw: str = "") -> None:
        self.line = line
        self.raw = raw
        self.values: dict[str, str] = {}
        self.points: list[tuple[str, str, str | None, str | None]] = []
        self.addresses: list[AddressParts] = []
        self.tags: list[str] = []
        self.notes: list[str] = []
        self.fields: list[tuple[str, str]] = []
        self.messages: list[Message] = []
        self.party: str | None = None
        self.card: str | None = None
        self.kept: dict[str, Any] | None = None


AddressParts = tuple[str | None, str | None, str | None, str | None, str | None, str | None, str | None, str | None]


class Message:
    """Something that passed, as a file tells of it: ``at`` is ISO 8601 UTC, ``direction`` in or out, ``key`` its id."""

    __slots__ = ("at", "channel", "direction", "key", "subject", "text")

    def __init__(
        self, at: str, direction: str, channel: str, subject: str | None, text: str, key: str | None = None
    ) -> None:
        self.at = at
        self.direction = direction
        self.channel = channel
        self.subject = subject
        self.text = text
        self.key = key


class Records:
    """An opened file of records, read once and from start to end.

    ``records`` yields them; ``rejects`` fills while it is read, a consumer may append its own. ``scope`` is the program
    whose ids the records carry ("vcard", "ldif"): ids are known by scope. ``suffix`` is what the file of rejects is
    called (".vcf"), and ``write_rejects(file, rejects)`` writes rejected records, with line and reason, in a form that
    can be mended and imported again.
    """

    __slots__ = ("_close", "encoding", "format", "records", "rejects", "scope", "suffix", "write_rejects")

    def __init__(
        self,
        *,
        format: str,
        records: Iterator[Record],
        rejects: Rejects,
        encoding: str,
        scope: str,
        suffix: str,
        write_rejects: Callable[[TextIO, Iterable[Reject]], None],
        close: Callable[[], None],
    ) -> None:
        self.format = format
        self.records = records
        self.rejects = rejects
        self.encoding = encoding
        self.scope = scope
        self.suffix = suffix
        self.write_rejects = write_rejects
        self._close = close

    def __enter__(self) -> Self:
        """Return the source itself."""
        return self

    def __exit__(self, *_exc: object) -> None:
        """Close the file, whatever happened."""
        self._close()
