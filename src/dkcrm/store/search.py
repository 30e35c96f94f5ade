"""The filter language as SQL, and full text: every value is a parameter, never part of the statement."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from dkcrm.domain import query
from dkcrm.domain.dates import span
from dkcrm.domain.text import fold, nearest, strip_marks
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.session import utc_now
from dkcrm.store.settings import fields

Compiled = tuple[str, list[Any]]


class Field(NamedTuple):
    """How a field of the filter language is read.

    ``sql`` is an expression over ``e`` (an entity), or with ``source`` one over the rows of a subquery that belongs to
    the entity. ``kind`` is ``text``, ``exact`` (a fixed vocabulary), ``number`` or ``time``.
    """

    sql: str
    kind: str = "text"
    source: str | None = None


_POINTS = "contact_point p WHERE p.entity_id = e.id AND p.kind = '{kind}'"
_ADDRESSES = "address a WHERE a.entity_id = e.id"
_PARTY = (
    "CASE WHEN e.type IN ('prospect', 'person') THEN 'person'"
    " WHEN e.type IN ('target', 'organization') THEN 'organization'"
    " WHEN e.org_name IS NULL THEN 'person' WHEN coalesce(e.full_name, e.first_name, e.last_name) IS NULL"
    " THEN 'organization' ELSE 'both' END"
)
_OTHER_END = (
    "membership m JOIN entity o ON o.id = CASE WHEN m.member_id = e.id THEN m.organization_id ELSE m.member_id END"
    " WHERE (m.member_id = e.id OR m.organization_id = e.id)"
)

FIELDS: dict[str, Field] = {
    "id": Field("e.id", "number"),
    "type": Field("e.type", "exact"),
    "state": Field("e.state", "exact"),
    "party": Field(_PARTY, "exact"),
    "name": Field("e.name"),
    "first_name": Field("e.first_name"),
    "last_name": Field("e.last_name"),
    "job_title": Field("e.job_title"),
    "organization": Field("e.org_name"),
    "vat_id": Field("e.vat_id"),
    "tax_code": Field("e.tax_code"),
    "website": Field("e.website"),
    "source": Field("e.source"),
    "notes": Field("e.notes"),
    "email": Field("p.value", source=_POINTS.format(kind="email")),
    "phone": Field("p.value || ' ' || coalesce(p.norm, '')", source=_POINTS.format(kind="phone")),
    "link": Field("p.value", source=_POINTS.format(kind="link")),
    "tag": Field("t.tag", "exact", "tag t WHERE t.entity_id = e.id"),
    "address": Field(
        "coalesce(a.value, '') || ' ' || coalesce(a.street, '') || ' ' || coalesce(a.city, '') || ' ' ||"
        " coalesce(a.region, '') || ' ' || coalesce(a.postcode, '') || ' ' || coalesce(a.country, '')",
        source=_ADDRESSES,
    ),
    "street": Field("a.street", source=_ADDRESSES),
    "city": Field("a.city", source=_ADDRESSES),
    "region": Field("a.region", source=_ADDRESSES),
    "postcode": Field("a.postcode", source=_ADDRESSES),
    "country": Field("a.country", source=_ADDRESSES),
    "member-of": Field("o.name", source=_OTHER_END),
    "in": Field("o.id", "number", _OTHER_END),
    "created": Field("e.created_at", "time"),
    "updated": Field("e.updated_at", "time"),
    "last-contact": Field(
        "i.at", "time", "(SELECT max(at) AS at FROM interaction WHERE entity_id = e.id) i WHERE i.at NOT NULL"
    ),
    "interactions": Field("(SELECT count(*) FROM interaction WHERE entity_id = e.id)", "number"),
    "purchases": Field(
        "(SELECT count(*) FROM purchase WHERE (entity_id = e.id OR also_id = e.id) AND voided_at IS NULL)", "number"
    ),
}
#: Other words for the same fields.
ALIASES = {
    "number": "id",
    "first": "first_name",
    "last": "last_name",
    "title": "job_title",
    "job": "job_title",
    "org": "organization",
    "company": "organization",
    "vat": "vat_id",
    "tax": "tax_code",
    "site": "website",
    "note": "notes",
    "emails": "email",
    "phones": "phone",
    "links": "link",
    "tags": "tag",
    "zip": "postcode",
    "created_at": "created",
    "updated_at": "updated",
    "changed": "updated",
    "member": "member-of",
}
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
        connection.create_function(
            "folded", 1, lambda value: None if value is None else strip_marks(str(value)), deterministic=True
        )

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
        sql, values = self.condition(term, field)
        if field.source:
            return f"EXISTS (SELECT 1 FROM {field.source} AND ({sql}))", values
        return f"coalesce(({sql}), 0)", values

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
            if field.sql == "t.tag":
                return f"{field.sql} = ? OR folded({field.sql}) = ?", [term.value, strip_marks(term.value)]
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
        self.connection.create_function(name, 1, _bounded(pattern), deterministic=True)
        return f"{name}({field.sql})", []


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


# Full text


def words(text: str) -> str:
    """Return words as an FTS query: each one quoted, so that nothing in it is an operator, and open at its end."""
    folded = [word for word in text.split() if any(c.isalnum() for c in word)]
    return " AND ".join(_either(word) for word in folded)


def _either(word: str) -> str:
    plain = word.replace('"', " ")
    squashed = fold(plain).replace(" ", "")
    if squashed and squashed != plain.lower():
        return f'("{plain}"* OR "{squashed}"*)'
    return f'"{plain}"*'


def phrase(text: str) -> str:
    """Return a phrase as an FTS query."""
    plain = text.replace('"', " ")
    return f'"{plain}"' if any(c.isalnum() for c in plain) else ""


def find(connection: sqlite3.Connection, text: str, region: str, *, everything: bool, limit: int) -> list[int]:
    """Return the numbers of entities that a text finds, the best first: names before the rest, prefixes as typed.

    A text that is a phone number finds it in whatever notation it is stored.
    """
    hidden = "" if everything else " AND e.removed_at IS NULL"
    text = text.encode("utf-8", "replace").decode("utf-8")  # bytes that are no text are in no entity
    numbers: dict[int, None] = {}
    digits = "".join(c for c in text if c.isdigit())
    if len(digits) >= 5 and not any(c.isalpha() for c in text):
        from dkcrm.domain.phone import e164

        known = e164(text, region)
        for (number,) in connection.execute(
            "SELECT p.entity_id FROM contact_point p JOIN entity e ON e.id = p.entity_id WHERE p.kind='phone'"
            f" AND coalesce(p.norm, p.value) IN (?, ?){hidden} ORDER BY p.entity_id LIMIT ?",
            (known or text, text, limit),
        ):
            numbers[number] = None
    match = words(text)
    if match:
        rows = connection.execute(
            "SELECT e.id FROM search JOIN entity e ON e.id = search.rowid WHERE search MATCH ?"
            f"{hidden} AND e.merged_into IS NULL ORDER BY bm25(search, 10, 5, 5, 1, 2, 1, 1), e.id LIMIT ?",
            (match, limit),
        )
        numbers.update((row[0], None) for row in rows)
    return list(numbers)[:limit]


def listed(
    connection: sqlite3.Connection, type: str | None, arguments: Sequence[str], *, everything: bool, limit: int
) -> Iterator[int]:
    """Yield the numbers of entities that a filter lets through, the last changed first; ``limit`` 0 is none."""
    where, values = compile_filter(connection, *arguments)
    parts = ["e.merged_into IS NULL"] + ([] if everything else ["e.removed_at IS NULL"])
    if type:
        parts.append("e.type = ?")
        values = [type, *values]
    if where != "1":
        parts.append(where)
    sql = f"SELECT e.id FROM entity e WHERE {' AND '.join(parts)} ORDER BY e.updated_at DESC, e.id DESC"
    for row in connection.execute(f"{sql} LIMIT {int(limit) if limit else -1}", values):
        yield row[0]
