"""The filter language as SQL: every value is a parameter, never part of the statement."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from dkcrm.domain import query
from dkcrm.domain.dates import span
from dkcrm.domain.text import fold, nearest, strip_marks
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.session import utc_now
from dkcrm.store.connection import guarded
from dkcrm.store.fields import ALIASES, FIELDS, Field
from dkcrm.store.fulltext import phrase, words
from dkcrm.store.settings import fields

Compiled = tuple[str, list[Any]]


_REGEX_LIMIT = 200
#: How much of a value a regular expression looks at, and for how long.
_SEARCHED = 2000
_REGEX_SECONDS = 0.5


def compile_filter(connection: sqlite3.Connection, *arguments: str) -> Compiled:
    """Return a filter as a condition over ``e`` (a row of ``entity``) and its values; no filter is ``1``.

    Raises InvalidInput for what cannot be read and for unknown fields, naming the nearest.
    """
    node = query.parse(arguments)
    if node is None:
        return "1", []
    return _Compiler(connection, " ".join(arguments)).compile(node)


def check_filter(connection: sqlite3.Connection, text: str) -> None:
    """Raise InvalidInput unless a text is a filter."""
    compile_filter(connection, text)


def fields_read(connection: sqlite3.Connection, text: str) -> list[str]:
    """Return the fields that a filter reads."""
    return query.fields_of(query.parse([text]))


class _Compiler:
    def __init__(self, connection: sqlite3.Connection, text: str) -> None:
        self.connection = connection
        self.text = text
        self.custom = fields(connection)
        connection.create_function("folded", 1, guarded(_folded), deterministic=True)

    def compile(self, node: query.Node) -> Compiled:
        if isinstance(node, query.Words):
            match = phrase(node.text) if node.phrase else words(node.text)
            if not match:
                return "1", []
            return "e.id IN (SELECT rowid FROM search WHERE search MATCH ?)", [match]
        if isinstance(node, query.Not):
            sql, values = self.compile(node.node)
            return f"NOT coalesce(({sql}), 0)", values
        if isinstance(node, query.Term):
            return self.term(node)
        parts = [self.compile(part) for part in node.nodes]
        glue = " AND " if isinstance(node, query.And) else " OR "
        return "(" + glue.join(sql for sql, _values in parts) + ")", [v for _sql, values in parts for v in values]

    def field(self, term: query.Term) -> Field:
        name = ALIASES.get(term.field, term.field).replace("-name", "_name")
        if name in FIELDS:
            return FIELDS[name]
        custom = self.custom.get(term.field.removeprefix("field."))
        if custom is not None:
            source = f"field_value v WHERE v.entity_id = e.id AND v.field_id = {int(custom[0])}"
            numeric = custom[1] in ("int", "decimal", "money", "date")
            return Field(
                "v.num" if numeric else "v.value",
                "day" if custom[1] == "date" else "amount" if numeric else "text",
                source,
            )
        known = [*FIELDS, *ALIASES, *self.custom]
        close = nearest(term.field, known)
        error = query.wrong_at(_("there is no field {name}").format(name=term.field), self.text, term.place)
        near = (
            _("did you mean {names}?").format(names=", ".join(close))
            if close
            else _("fields: {names}").format(names=", ".join([*FIELDS, *self.custom]))
        )
        raise InvalidInput(error.message, hint=near, code="unknown_field")

    def term(self, term: query.Term) -> Compiled:
        field = self.field(term)
        if term.op == "none":
            if field.source:
                return f"NOT EXISTS (SELECT 1 FROM {field.source})", []
            return f"coalesce({field.sql}, '') = ''", []
        indexed = self.by_index(term, field)
        if indexed is not None:
            return indexed
        sql, values = self.condition(term, field)
        if field.source:
            return f"EXISTS (SELECT 1 FROM {field.source} AND ({sql}))", values
        return f"coalesce(({sql}), 0)", values

    def by_index(self, term: query.Term, field: Field) -> Compiled | None:
        """Return the condition that an index answers, for the terms that have one."""
        if field is FIELDS["tag"] and term.op in (":", "="):
            tags = [tag for tag in self.tags() if strip_marks(tag) == strip_marks(term.value)]
            marks = ", ".join("?" * len(tags))
            return f"e.id IN (SELECT entity_id FROM tag WHERE tag IN ({marks}))", list(tags)
        if not term.value or term.op != "=":
            return None
        if field is FIELDS["email"]:
            return (
                "e.id IN (SELECT entity_id FROM contact_point WHERE kind='email' AND coalesce(norm, value)=?)",
                [term.value.casefold()],
            )
        if field is FIELDS["name"]:
            return "e.name_key = ? AND folded(e.name) = ?", [fold(term.value), strip_marks(term.value)]
        if field is FIELDS["id"] and term.value.isascii() and term.value.isdigit() and len(term.value) <= 18:
            return "e.id = ?", [int(term.value)]
        return None

    def tags(self) -> list[str]:
        """Return the tags that there are, jumping from one to the next in the index: few, however many entities."""
        rows = self.connection.execute(
            "WITH RECURSIVE known(tag) AS (SELECT min(tag) FROM tag UNION ALL"
            " SELECT (SELECT min(t.tag) FROM tag t WHERE t.tag > known.tag) FROM known WHERE known.tag IS NOT NULL)"
            " SELECT tag FROM known WHERE tag IS NOT NULL"
        )
        return [row[0] for row in rows]

    def condition(self, term: query.Term, field: Field) -> Compiled:
        if term.op == "~":
            return self.regex(term, field)
        if field.kind == "time":
            return self.time(term, field)
        if field.kind in ("number", "amount", "day"):
            return self.number(term, field)
        if term.op == "..":
            sql, values = f"folded({field.sql})", []
            parts = []
            for value, sign in ((term.value, ">="), (term.upper, "<=")):
                if value:
                    parts.append(f"{sql} {sign} ?")
                    values.append(strip_marks(value) + ("\U0010ffff" if sign == "<=" else ""))
            return " AND ".join(parts), values
        if term.op in ("<", "<=", ">", ">="):
            return f"folded({field.sql}) {term.op} ?", [strip_marks(term.value)]
        if term.op == "=" and not term.value:
            return f"{field.sql} IS NULL OR {field.sql} = ''", []
        if field.kind == "exact" or term.op == "=":
            return f"folded({field.sql}) = ?", [strip_marks(term.value)]
        wanted = strip_marks(term.value)
        return f"instr(folded({field.sql}), ?) > 0", [wanted]

    def number(self, term: query.Term, field: Field) -> Compiled:
        def ends(text: str) -> tuple[float, float]:
            """Return the least and the greatest number that a text stands for: a month is its first and last day."""
            try:
                if field.kind == "day":
                    first, last = (
                        datetime.fromisoformat(moment).astimezone().toordinal() for moment in span(text, utc_now())
                    )
                    return float(first), float(last)
                from dkcrm.domain.money import parse_decimal

                number = float(parse_decimal(text))
                return number, number
            except InvalidInput as error:
                raise query.wrong_at(error.message, self.text, term.place) from error

        if term.op in ("..", ":", "="):
            low, high = (term.value, term.upper) if term.op == ".." else (term.value, term.value)
            parts, values = [], []
            if low:
                parts.append(f"{field.sql} >= ?")
                values.append(ends(low)[0])
            if high:
                parts.append(f"{field.sql} <= ?")
                values.append(ends(high)[1])
            return " AND ".join(parts), values
        first, last = ends(term.value)
        return f"{field.sql} {term.op} ?", [first if term.op in ("<", ">=") else last]

    def time(self, term: query.Term, field: Field) -> Compiled:
        def ends(text: str) -> tuple[str, str]:
            ago = re.fullmatch(r"(\d{1,5})([hdwmy])", text)
            if ago:
                hours = int(ago[1]) * {"h": 1, "d": 24, "w": 168, "m": 730, "y": 8760}[ago[2]]
                moment = datetime.now(UTC) - timedelta(hours=min(hours, 24 * 36500))
                return (moment.strftime("%Y-%m-%dT%H:%M:%SZ"),) * 2
            try:
                return span(text, utc_now())
            except InvalidInput as error:
                raise query.wrong_at(error.message, self.text, term.place) from error

        if term.op == "..":
            parts, values = [], []
            if term.value:
                parts.append(f"{field.sql} >= ?")
                values.append(ends(term.value)[0])
            if term.upper:
                parts.append(f"{field.sql} <= ?")
                values.append(ends(term.upper)[1])
            return " AND ".join(parts), values
        first, last = ends(term.value)
        if term.op in (":", "="):
            return f"{field.sql} BETWEEN ? AND ?", [first, last]
        return f"{field.sql} {term.op} ?", [first if term.op in ("<", ">=") else last]

    def regex(self, term: query.Term, field: Field) -> Compiled:
        try:
            if len(term.value) > _REGEX_LIMIT:
                raise re.error(_("more than {limit} characters").format(limit=_REGEX_LIMIT))
            pattern = re.compile(term.value, re.IGNORECASE)
        except (re.error, OverflowError, RecursionError) as error:
            raise query.wrong_at(
                _("not a regular expression: {why}").format(why=error), self.text, term.place
            ) from error
        name = f"matches_{term.place}"
        self.connection.create_function(name, 1, guarded(_bounded(pattern)), deterministic=True)
        return f"{name}({field.sql})", []


def _folded(value: Any) -> str | None:
    """Return a value as filters compare it."""
    return None if value is None else strip_marks(str(value))


def _bounded(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    """Return a function that searches a value for a pattern and gives up when it takes too long.

    The matcher looks for signals as it runs, so an alarm ends it; the exception ends the query, and
    ``connection.explain`` says what it means.
    """
    import signal
    import threading

    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return lambda value: value is not None and bool(pattern.search(str(value)[:_SEARCHED]))

    def ring(_number: int, _frame: Any) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, ring)

    def search(value: Any) -> bool:
        if value is None:
            return False
        signal.setitimer(signal.ITIMER_REAL, _REGEX_SECONDS)
        try:
            return bool(pattern.search(str(value)[:_SEARCHED]))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    return search
