"""The filter language as tokens: brackets, terms with a field, phrases and words, each with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dkcrm.errors import InvalidInput
from dkcrm.i18n import _

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<bracket>[()])
    | (?P<field>[^\W\d_][\w.-]*)\s*(?P<op><=|>=|!=|<|>|=|:)\s*(?P<value>~?"(?:[^"\\]|\\.)*"|~\S+|[^\s()"]*)
    | "(?P<phrase>(?:[^"\\]|\\.)*)"
    | (?P<word>[^\s()"]+)
    )""",
    re.VERBOSE | re.DOTALL,
)
_WHOLE = re.compile(r"([^\W\d_][\w.-]*)(<=|>=|!=|<|>|=|:)([^\"()]*)")
_OPERATOR_INSIDE = re.compile(r"[:=<>]|(?:^|\s)(?:and|or|not|@\S*)(?:\s|$)", re.IGNORECASE)


class Token:
    """One token: ``kind`` is ``(``, ``)``, ``and``, ``or``, ``not``, ``field``, ``phrase`` or ``word``."""

    __slots__ = ("kind", "op", "place", "quoted", "text", "value")

    def __init__(self, kind: str, text: str, place: int, op: str = "", value: str = "", quoted: bool = False) -> None:
        self.kind = kind
        self.text = text
        self.place = place
        self.op = op
        self.value = value
        self.quoted = quoted


def scan(argument: str, start: int, text: str) -> Iterator[Token]:
    """Yield the tokens of one argument, which begins at ``start`` of the whole text.

    An argument that is one field and blanks in its value, as a shell makes of ``source="web form"``, is one token.
    """
    whole = _one_term(argument)
    if whole is not None:
        value = whole[3].strip()
        yield Token("field", whole[1], start, whole[2], value, quoted=not value.startswith("~"))
        return
    at = 0
    while argument[at:].strip():
        match = _TOKEN.match(argument, at)
        if match is None:
            raise wrong_at(_("a quote that is never closed"), text, start + at)
        end = match.end()
        place = start + match.start(match.lastgroup or 0)
        if match["bracket"]:
            yield Token(match["bracket"], match["bracket"], place)
        elif match["field"]:
            value = match["value"]
            if value.startswith("~") and value.endswith(")"):
                # Brackets at the end that the regular expression did not open belong to the filter.
                closing = len(value) - len(value.rstrip(")"))
                surplus = min(closing, max(0, value.count(")") - value.count("(")))
                value, end = value[: len(value) - surplus], end - surplus
            quoted = value.startswith('"')
            if argument[end : end + 1] == '"' and not quoted:
                raise wrong_at(_("a quote that is never closed"), text, start + end)
            if value.startswith('~"') and value.endswith('"') and len(value) > 2:
                value = "~" + value[2:-1].replace('\\"', '"')
            place = start + match.start("field")
            yield Token("field", match["field"], place, match["op"], _unquote(value) if quoted else value, quoted)
        elif match["phrase"] is not None:
            yield Token("phrase", _unquote(f'"{match["phrase"]}"'), place)
        else:
            word = match["word"]
            if word[0] == "@" and len(word) > 1:
                yield Token("field", "segment", place, ":", word[1:], quoted=True)
            else:
                yield Token(word.lower() if word.lower() in ("and", "or", "not") else "word", word, place)
        at = end


def _one_term(argument: str) -> re.Match[str] | None:
    """Return the match of an argument that is one term with blanks in its value, or None."""
    whole = _WHOLE.fullmatch(argument.strip())
    return whole if whole and re.search(r"\s", whole[3].strip()) and not _OPERATOR_INSIDE.search(whole[3]) else None


def joined(arguments: Sequence[str]) -> str:
    """Return arguments as one text that reads the same: what the shell took off is put back."""
    parts = []
    for argument in arguments:
        whole = _one_term(argument)
        if whole is None:
            parts.append(_closed(argument.strip()))
        else:
            value = whole[3].strip()
            mark, value = ("~", value[1:]) if value.startswith("~") else ("", value.replace("\\", "\\\\"))
            parts.append(f'{whole[1]}{whole[2]}{mark}"{value}"')
    parts = [part for part in parts if part]
    if len(parts) > 1 and _one_term(" ".join(parts)) is not None:
        # Together they would be one term: what comes after the first is no part of its value.
        parts[0] = f"({parts[0]})"
    return " ".join(parts)


def _closed(argument: str) -> str:
    """Return an argument so that it reads the same behind another one, and before the next."""
    # A word that begins with an operator is no word any more behind another one …
    closed = re.sub(r'^([:=<>!][^\s()"]*)', r"(\1)", argument)
    if closed[-1:] in (":", "=", "<", ">"):
        # … and a field without a value would take what follows for it.
        last = list(scan(closed, 0, closed))[-1]
        if last.kind == "field" and not last.value and not last.quoted:
            return f"{closed[: last.place]}({closed[last.place :]})"
    return closed


def _unquote(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)


#: The place of what stands in an option beside a filter.
NOWHERE = -1


def wrong_at(what: str, text: str, place: int) -> InvalidInput:
    """Return the error for a place in a filter's text: what is wrong, and where, unless it is in an option."""
    if place == NOWHERE:
        return InvalidInput(what)
    start = max(0, place - 30)
    piece = "".join(c if c.isprintable() else " " for c in text[start : place + 30])
    return InvalidInput(
        _("cannot read the filter at character {place}: {what}").format(place=place + 1, what=what),
        hint=f"{piece}\n{' ' * (8 + place - start)}^",
    )
