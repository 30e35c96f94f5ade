"""The filter language, from text to a small tree (SPEC.md section 6); store/filters.py makes SQL of the tree.

``field:value`` (contains), ``field=value``, ``field!=value``, ``field:a..b``, ``field:none``, ``field:any``,
``field:~regex``, ``<`` ``<=`` ``>`` ``>=``, ``not``, ``and``, ``or``, brackets, ``"phrases"``, ``segment:name`` or
``@name``, and ``sort:-updated,name`` anywhere. Terms side by side must all hold; bare words search full text, but a
type that comes first restricts to that type. In a filter that is kept it is a term: ``type=lead``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dkcrm.domain.entity import type_named
from dkcrm.domain.scanning import NOWHERE, Token, joined, scan, wrong_at
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _

__all__ = [
    "And", "Filter", "Node", "Not", "Or", "Sort", "Term", "Words", "fields_of", "kept_text", "parse", "read",
    "read_each", "read_kept", "segments_of",
]  # fmt: skip

MOST_TERMS = 500
_DEPTH = 50
_MOST_KEYS = 10

# Plain tuples, not dataclasses: every list imports them, and generating six of those takes 5 ms each time.


class Term(NamedTuple):
    """``op`` is one of ``:`` ``=`` ``<`` ``<=`` ``>`` ``>=`` ``..`` ``none`` ``~``; ``upper`` ends a range."""

    field: str
    op: str
    value: str
    upper: str = ""
    place: int = 0


class Words(NamedTuple):
    """Bare words or a phrase, for full text."""

    text: str
    phrase: bool = False
    place: int = 0


class Not(NamedTuple):
    """What must not hold."""

    node: Node


class And(NamedTuple):
    """What must all hold."""

    nodes: list[Node]


class Or(NamedTuple):
    """What must hold at least once."""

    nodes: list[Node]


Node = Term | Words | Not | And | Or


class Sort(NamedTuple):
    """A key to sort by, and where in the text it stands."""

    field: str
    down: bool
    place: int


class Filter(NamedTuple):
    """A filter as it was read: what must hold (None: nothing), the keys to sort by, and the whole text."""

    node: Node | None
    sort: list[Sort]
    text: str

    def unsorted(self, why: str) -> Filter:
        """Return the filter where there is nothing to sort, or raise InvalidInput that says why at the first key."""
        if self.sort:
            raise wrong_at(why, self.text, self.sort[0].place)
        return self


def parse(arguments: Sequence[str]) -> Node | None:
    """Return the tree of a filter in which every bare word is one for full text: as filters are kept.

    Raises InvalidInput, with the place in the text, for what cannot be read.
    """
    return _read([arguments], typed=False).node


def read(arguments: Sequence[str], sort: str | None = None) -> Filter:
    """Return a filter, given as a shell gives it: one term an argument, or several in a quoted one.

    A type that comes first restricts to that type. ``sort`` holds keys that come before those in the text.
    """
    return _read([arguments], sort)


def read_each(filters: Sequence[str]) -> Filter:
    """Return what several filters, each of them whole, ask for together."""
    return _read([[one] for one in filters])


def read_kept(text: str) -> Filter:
    """Return a filter that was kept as a text."""
    return _read([[text]], typed=False)


def kept_text(arguments: Sequence[str]) -> str:
    """Return a filter that can be read as the text to keep, of which ``read_kept`` makes the same."""
    text = joined(arguments)
    tokens = list(scan(text, 0, text))
    type = _type_of(tokens)
    if type is None:
        return text
    joint = len(tokens) > 1 and tokens[1].kind == "and"
    last = tokens[1] if joint else tokens[0]
    rest = text[last.place + len(last.text) :].strip()
    if _is_either(tokens):
        # After a regular expression a blank: the bracket would be part of it.
        rest = f"({rest} )" if tokens[-1].value.startswith("~") else f"({rest})"
    kept = f"type={type} {rest}".strip()
    # Together they may read as one term, with a blank in its value.
    return kept if next(scan(kept, 0, kept)).value == type else f"(type={type}) {rest}"


def _read(filters: Sequence[Sequence[str]], sort: str | None = None, *, typed: bool = True) -> Filter:
    keys = [*_keys(sort, NOWHERE, sort)] if sort is not None else []
    text = " ".join(argument for arguments in filters for argument in arguments)
    nodes: list[Node] = []
    place = 0
    for arguments in filters:
        tokens: list[Token] = []
        for argument in arguments:
            for token in scan(argument, place, text):
                if token.kind == "field" and token.text.lower() == "sort":
                    keys += _keys(token.value if token.op in (":", "=") else "", token.place, text)
                else:
                    tokens.append(token)
                if len(tokens) > 4 * MOST_TERMS:
                    raise too_many()
            place += len(argument) + 1
        nodes += _Parser(tokens, text).whole(typed)
    if len(keys) > _MOST_KEYS:
        raise InvalidInput(_("the filter sorts by more than {most} keys").format(most=_MOST_KEYS))
    return Filter((And(nodes) if len(nodes) > 1 else nodes[0]) if nodes else None, keys, text)


def _type_of(tokens: Sequence[Token]) -> str | None:
    """Return the type that comes first in a filter."""
    return type_named(tokens[0].text) if tokens and tokens[0].kind == "word" else None


def _is_either(tokens: Sequence[Token]) -> bool:
    """Tell whether a filter has an ``or`` outside of brackets."""
    depth = 0
    for token in tokens:
        depth += (token.kind == "(") - (token.kind == ")")
        if token.kind == "or" and not depth:
            return True
    return False


def too_many() -> InvalidInput:
    """Return the error for a filter that is too long."""
    return InvalidInput(_("the filter has more than {most} terms").format(most=MOST_TERMS))


def _keys(value: str, place: int, text: str) -> Iterator[Sort]:
    """Yield the keys of ``-updated,name``."""
    for word in value.split(","):
        match = re.fullmatch(r"\s*([+-]?)\s*([^\W\d_][\w.-]*)\s*", word)
        if match is None:
            raise wrong_at(_("a key to sort by is missing, as in sort:-updated,name"), text, place)
        yield Sort(match[2].lower(), match[1] == "-", place)


class _Parser:
    def __init__(self, tokens: list[Token], text: str) -> None:
        self.tokens = tokens
        self.text = text
        self.at = 0
        self.terms = 0

    def wrong(self, what: str) -> InvalidInput:
        place = self.tokens[self.at].place if self.at < len(self.tokens) else len(self.text)
        return wrong_at(what, self.text, place)

    def kind(self) -> str:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else "end"

    def whole(self, typed: bool) -> list[Node]:
        """Return what must hold of a whole filter."""
        type = _type_of(self.tokens) if typed else None
        nodes: list[Node] = []
        if type is not None:
            nodes.append(Term("type", "=", type, place=self.tokens[0].place))
            self.at = self.terms = 1
            if self.kind() == "or":
                raise self.wrong(_("a type that comes first is that of all: write type:{type} or …").format(type=type))
        if self.at < len(self.tokens):
            self.at += bool(nodes) and self.kind() == "and"
            node = self.either(0)
            nodes += node.nodes if isinstance(node, And) else [node]
        if self.at < len(self.tokens):
            raise self.wrong(_("a bracket that was never opened"))
        return nodes

    def either(self, depth: int) -> Node:
        nodes = [self.both(depth)]
        while self.kind() == "or":
            self.at += 1
            nodes.append(self.both(depth))
        return nodes[0] if len(nodes) == 1 else Or(nodes)

    def both(self, depth: int) -> Node:
        nodes = [self.negated(depth)]
        while True:
            if self.kind() == "and":
                self.at += 1
            elif self.kind() in ("or", ")", "end"):
                return nodes[0] if len(nodes) == 1 else And(nodes)
            nodes.append(self.negated(depth))

    def negated(self, depth: int) -> Node:
        if self.kind() == "not":
            self.at += 1
            if depth > _DEPTH:
                raise self.wrong(_("too deeply nested"))
            return Not(self.negated(depth + 1))
        return self.single(depth)

    def single(self, depth: int) -> Node:
        kind = self.kind()
        if kind == "(":
            if depth > _DEPTH:
                raise self.wrong(_("too deeply nested"))
            self.at += 1
            node = self.either(depth + 1)
            if self.kind() != ")":
                raise self.wrong(_("a bracket is not closed"))
            self.at += 1
            return node
        if kind in ("end", ")", "and", "or"):
            raise self.wrong(_("a term is missing"))
        token = self.tokens[self.at]
        self.at += 1
        self.terms += 1
        if self.terms > MOST_TERMS:
            raise too_many()
        if kind == "field":
            return self.term(token)
        return Words(token.text, phrase=kind == "phrase", place=token.place)

    def term(self, token: Token) -> Node:
        field, value, place = token.text.lower(), token.value, token.place
        word = "" if token.quoted else value.lower()
        if word in ("none", "any") and token.op in (":", "=", "!="):
            none = Term(field, "none", "", place=place)
            return none if (word == "none") == (token.op != "!=") else Not(none)
        if token.op == "!=":
            return Not(Term(field, "=", value, place=place))
        if token.op != ":":
            if not value and token.op != "=":
                raise wrong_at(_("a value is missing"), self.text, place)
            return Term(field, token.op, value, place=place)
        if token.quoted:
            return Term(field, ":", value, place=place)
        if value.startswith("~") and len(value) > 1:
            return Term(field, "~", value[1:], place=place)
        low, dots, high = value.partition("..")
        if dots:
            if not low and not high:
                raise wrong_at(_("a range needs at least one end"), self.text, place)
            return Term(field, "..", low, high, place=place)
        if value in ("", "~"):
            raise wrong_at(_("a value is missing"), self.text, place)
        return Term(field, ":", value, place=place)


def terms_of(node: Node | None) -> Iterator[Term]:
    """Yield the terms of a tree."""
    if isinstance(node, Term):
        yield node
    elif isinstance(node, Not):
        yield from terms_of(node.node)
    elif isinstance(node, And | Or):
        for part in node.nodes:
            yield from terms_of(part)


def fields_of(node: Node | None) -> list[str]:
    """Return the fields that a filter reads, each once."""
    return list(dict.fromkeys(term.field for term in terms_of(node)))


def segments_of(node: Node | None) -> list[Term]:
    """Return the terms of a filter that name a segment."""
    return [term for term in terms_of(node) if term.field == "segment"]
