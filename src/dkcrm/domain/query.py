"""The filter language, from text to a small tree (SPEC.md section 6); store/filters.py makes SQL of the tree.

``field:value`` (contains), ``field=value``, ``field:a..b``, ``field:none``, ``field:~regex``, ``<`` ``<=`` ``>``
``>=``, ``not``, ``and``, ``or``, brackets, ``"phrases"``. Terms side by side must all hold; bare words search
full text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dkcrm.errors import InvalidInput
from dkcrm.i18n import _

MOST_TERMS = 500
_DEPTH = 50


@dataclass
class Term:
    """``op`` is one of ``:`` ``=`` ``<`` ``<=`` ``>`` ``>=`` ``..`` ``none`` ``~``; ``upper`` ends a range."""

    field: str
    op: str
    value: str
    upper: str = ""
    place: int = 0


@dataclass
class Words:
    """Bare words or a phrase, for full text."""

    text: str
    phrase: bool = False


@dataclass
class Not:
    """What must not hold."""

    node: Node


@dataclass
class And:
    """What must all hold."""

    nodes: list[Node]


@dataclass
class Or:
    """What must hold at least once."""

    nodes: list[Node]


Node = Term | Words | Not | And | Or

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<bracket>[()])
    | (?P<field>[^\W\d_][\w.-]*)\s*(?P<op><=|>=|<|>|=|:)\s*(?P<value>"(?:[^"\\]|\\.)*"|~\S+|[^\s()"]*)
    | "(?P<phrase>(?:[^"\\]|\\.)*)"
    | (?P<word>[^\s()"]+)
    )""",
    re.VERBOSE,
)
_WHOLE = re.compile(r"([^\W\d_][\w.-]*)(<=|>=|<|>|=|:)([^\"()]*)")
_OPERATOR_INSIDE = re.compile(r"[:=<>]|(?:^|\s)(?:and|or|not)(?:\s|$)", re.IGNORECASE)


@dataclass
class _Token:
    kind: str
    text: str
    place: int
    op: str = ""
    value: str = ""
    quoted: bool = False


def parse(arguments: Sequence[str]) -> Node | None:
    """Return the tree of a filter, given as a shell gives it: one term an argument, or several in a quoted one.

    An argument that is one field and blanks in its value, as a shell makes of ``source="web form"``, is one term.
    Raises InvalidInput, with the place in the text, for what cannot be read.
    """
    tokens: list[_Token] = []
    text = " ".join(arguments)
    place = 0
    for argument in arguments:
        tokens += [*_scan(argument, place, text)]
        place += len(argument) + 1
        if len(tokens) > 4 * MOST_TERMS:
            raise InvalidInput(_("the filter has more than {most} terms").format(most=MOST_TERMS))
    if not tokens:
        return None
    parser = _Parser(tokens, text)
    node = parser.either(0)
    if parser.at < len(tokens):
        raise parser.wrong(_("a bracket that was never opened"))
    return node


def _scan(argument: str, start: int, text: str) -> Iterator[_Token]:
    whole = _WHOLE.fullmatch(argument.strip())
    if whole and " " in whole[3].strip() and not _OPERATOR_INSIDE.search(whole[3]):
        yield _Token("field", whole[1], start, whole[2], whole[3].strip(), quoted=True)
        return
    at = 0
    while argument[at:].strip():
        match = _TOKEN.match(argument, at)
        if match is None:
            raise wrong_at(_("a quote that is never closed"), text, start + at)
        end = match.end()
        place = start + match.start(match.lastgroup or 0)
        if match["bracket"]:
            yield _Token(match["bracket"], match["bracket"], place)
        elif match["field"]:
            value = match["value"]
            while value.startswith("~") and value.endswith(")") and value.count(")") > value.count("("):
                # A bracket that the regular expression did not open belongs to the filter.
                value, end = value[:-1], end - 1
            quoted = value.startswith('"')
            after = argument[end : end + 1]
            if after == '"' and not quoted:
                raise wrong_at(_("a quote that is never closed"), text, start + end)
            yield _Token(
                "field",
                match["field"],
                start + match.start("field"),
                match["op"],
                _unquote(value) if quoted else value,
                quoted,
            )
        elif match["phrase"] is not None:
            yield _Token("phrase", _unquote(f'"{match["phrase"]}"'), place)
        else:
            word = match["word"]
            kind = word.lower() if word.lower() in ("and", "or", "not") else "word"
            yield _Token(kind, word, place)
        at = end


def _unquote(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def wrong_at(what: str, text: str, place: int) -> InvalidInput:
    """Return the error for a place in a filter's text: what is wrong, and where."""
    start = max(0, place - 30)
    piece = text[start : place + 30]
    return InvalidInput(
        _("cannot read the filter at character {place}: {what}").format(place=place + 1, what=what),
        hint=f"{piece}\n{' ' * (8 + place - start)}^",
    )


class _Parser:
    def __init__(self, tokens: list[_Token], text: str) -> None:
        self.tokens = tokens
        self.text = text
        self.at = 0
        self.terms = 0

    def wrong(self, what: str) -> InvalidInput:
        place = self.tokens[self.at].place if self.at < len(self.tokens) else len(self.text)
        return wrong_at(what, self.text, place)

    def kind(self) -> str:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else "end"

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
            raise InvalidInput(_("the filter has more than {most} terms").format(most=MOST_TERMS))
        if kind == "field":
            return self.term(token)
        return Words(token.text, phrase=kind == "phrase")

    def term(self, token: _Token) -> Term:
        field, value = token.text.lower(), token.value
        if token.op != ":":
            if not value and token.op != "=":
                raise wrong_at(_("a value is missing"), self.text, token.place)
            return Term(field, token.op, value, place=token.place)
        if token.quoted:
            return Term(field, ":", value, place=token.place)
        if value.lower() == "none":
            return Term(field, "none", "", place=token.place)
        if value.startswith("~"):
            return Term(field, "~", value[1:], place=token.place)
        low, dots, high = value.partition("..")
        if dots:
            if not low and not high:
                raise wrong_at(_("a range needs at least one end"), self.text, token.place)
            return Term(field, "..", low, high, place=token.place)
        if not value:
            raise wrong_at(_("a value is missing"), self.text, token.place)
        return Term(field, ":", value, place=token.place)


def fields_of(node: Node | None) -> list[str]:
    """Return the fields that a filter reads, each once."""
    if node is None or isinstance(node, Words):
        return []
    if isinstance(node, Term):
        return [node.field]
    if isinstance(node, Not):
        return fields_of(node.node)
    return list(dict.fromkeys(name for part in node.nodes for name in fields_of(part)))
