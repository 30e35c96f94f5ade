"""The filter language as SQL: every value is a parameter, never part of the statement."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from dkcrm.domain import query
from dkcrm.domain.scanning import wrong_at
from dkcrm.domain.text import nearest
from dkcrm.domain.values import shorten
from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.i18n import _
from dkcrm.session import Session
from dkcrm.store.fields import ALIASES, AROUND, FIELDS, Field, custom_field, known_field, there
from dkcrm.store.fulltext import phrase, signs, words
from dkcrm.store.patterns import fold_functions
from dkcrm.store.pieces import EVERYBODY, NOBODY, Piece, either, every
from dkcrm.store.segments import segment_filter
from dkcrm.store.settings import fields

if TYPE_CHECKING:
    from dkcrm.store.terms import Terms

#: SQLite's parser bears so many levels, whichever segments they come from.
_DEPTH = 16


def compile_filter(session: Session, connection: sqlite3.Connection, filter: query.Filter) -> Piece:
    """Return what a filter asks for as SQL.

    Raises InvalidInput for values that a field cannot have, and for unknown fields, naming the nearest.
    """
    return Compiler(session, connection).compile(filter)


def check_filter(session: Session, connection: sqlite3.Connection, filter: query.Filter, within: str = "") -> None:
    """Raise InvalidInput unless a filter can be kept; ``within`` is the segment that it is to be."""
    if filter.node is None and not filter.sort:
        raise InvalidInput(_("the filter is blank"), hint=_("write one, as in tag:vip"))
    filter.unsorted(_("what is kept has no order: sort where it is used"))
    Compiler(session, connection, within=within).compile(filter)


def field_named(custom: dict[str, tuple[int, str, str, str | None]], name: str) -> Field:
    """Return a field by its name, or raise InvalidInput that names the nearest."""
    own = custom.get(name.removeprefix("field."))
    found = None if own and (name in AROUND or name.startswith("field.")) else known_field(name)
    if found is not None:
        return found
    if own is not None:
        return custom_field(own[0], own[1], own[3])
    close = nearest(name, [*FIELDS, *ALIASES, *custom])
    near = (
        _("did you mean {names}?").format(names=", ".join(close))
        if close
        else _("fields: {names}").format(names=", ".join([*FIELDS, *custom]))
    )
    raise InvalidInput(_("there is no field {name}").format(name=name), hint=near, code="unknown_field")


def _match(node: query.Words) -> str:
    return (phrase(node.text) if node.phrase else words(node.text)) or signs(node.text)


def _without_signs(nodes: list[query.Node]) -> list[query.Node]:
    """Return what must hold without the signs that stand between words to search, as in ``Rossi & Sons``."""
    searched = {place for place, node in enumerate(nodes) if isinstance(node, query.Words) and _match(node)}
    if not searched:
        return nodes
    return [node for place, node in enumerate(nodes) if not isinstance(node, query.Words) or place in searched]


class Compiler:
    """Makes SQL of filters, and of those that they name.

    ``openly`` keeps apart what is not and what is not known: a term over a field of which an entity has no value is
    null then, as SQL has it, and so is what follows from it.
    """

    def __init__(
        self, session: Session, connection: sqlite3.Connection, *, within: str = "", openly: bool = False
    ) -> None:
        self.connection = connection
        self.openly = openly
        self.custom = fields(connection)
        self.session = session
        self._terms: Terms | None = None
        self.within = [within] if within else []
        self.count = 0
        self.told = False
        #: The fields that were read, by the names that they were called by.
        self.read: dict[str, Field] = {}
        fold_functions(connection)

    def compile(self, filter: query.Filter) -> Piece:
        """Return a filter's condition; no filter is everybody."""
        return EVERYBODY if filter.node is None else self.piece(filter.node, filter.text, 0)

    def piece(self, node: query.Node, text: str, depth: int) -> Piece:
        """Return the condition of a tree whose places are in ``text``."""
        if depth > _DEPTH:
            raise InvalidInput(_("the filter is too deeply nested"), hint=_("write it with fewer brackets and nots"))
        if isinstance(node, query.Words):
            return self.words(node, text)
        if isinstance(node, query.Not):
            if isinstance(node.node, query.Not):
                return self.piece(node.node.node, text, depth)
            inner = self.piece(node.node, text, depth + 1)
            sql = f"NOT ({inner.sql})" if self.openly else f"NOT coalesce(({inner.sql}), 0)"
            return Piece(sql, inner.values, whole=inner.whole)
        if isinstance(node, query.Term):
            return self.term(node, text, depth)
        nodes = _without_signs(node.nodes) if isinstance(node, query.And) else node.nodes
        parts = [self.piece(part, text, depth + 1) for part in nodes]
        return every(parts) if isinstance(node, query.And) else either(parts)

    def words(self, node: query.Words, text: str) -> Piece:
        """Return the condition of full text. Raises InvalidInput for what it can have of nobody."""
        self.more()
        match = _match(node)
        if not match and node.text and not node.text.strip("."):
            return NOBODY  # a range without ends, or just dots
        if not match:
            what = _("{word} has no letter or digit to search for").format(word=shorten(node.text) or "''")
            raise wrong_at(what, text, node.place)
        ids = "SELECT rowid FROM search WHERE search MATCH ?"
        return Piece(f"e.id IN ({ids})", [match], ids, [match], covers=True, whole=True)

    def more(self) -> None:
        """Count one more term, whichever segment it comes from."""
        self.count += 1
        if self.count > query.MOST_TERMS:
            raise query.too_many()

    def term(self, term: query.Term, text: str, depth: int) -> Piece:
        """Return the condition of one term."""
        self.more()
        field = self.field(term.field, text, term.place)
        self.read[term.field] = field
        if field.kind == "segment":
            return self.segment(term, text, depth)
        if self._terms is None:
            from dkcrm.store.terms import Terms  # a list without a filter has no need of it

            self._terms = Terms(self.session, self.connection)
        piece = self._terms.piece(term, field, text)
        if not self.openly or field.closed or term.op == "none":
            return piece
        return Piece(f"CASE WHEN {there(field)} THEN ({piece.sql}) END", piece.values)

    def field(self, name: str, text: str = "", place: int = 0) -> Field:
        """Return a field by its name, or raise InvalidInput with its place."""
        try:
            return field_named(self.custom, name)
        except InvalidInput as error:
            wrong = wrong_at(error.message, text, place)
            error.message = wrong.message
            error.hint = f"{error.hint}\n{' ' * 8}{wrong.hint}"
            raise

    def segment(self, term: query.Term, text: str, depth: int) -> Piece:
        """Return the condition of the filter that a term names."""
        name = term.value.strip().lower()
        if term.op not in (":", "="):
            raise wrong_at(_("a segment is named, as in segment:warm or @warm"), text, term.place)
        if name in self.within:
            ring = " -> ".join([*self.within[self.within.index(name) :], name])
            raise wrong_at(_("the segment would contain itself: {ring}").format(ring=ring), text, term.place)
        found, names = segment_filter(self.connection, name)
        if found is None:
            error = wrong_at(_("there is no segment {name}").format(name=name), text, term.place)
            close = nearest(name, names)
            near = (
                _("did you mean {names}?").format(names=", ".join(close))
                if close
                else _("save one with: dkcrm segment save NAME FILTER; to look for the text, quote it")
            )
            raise InvalidInput(error.message, hint=f"{near}\n{' ' * 8}{error.hint}", code="unknown_segment")
        node = query.parse([found])
        if node is None:
            return EVERYBODY
        self.within.append(name)
        try:
            return self.piece(node, found, depth + 1)
        except DkcrmError as error:
            if not self.told:  # the innermost is where the place is
                error.message = _("in segment {name}: {why}").format(name=name, why=error.message)
            self.told = True
            raise
        finally:
            self.within.pop()
