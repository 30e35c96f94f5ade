"""The text of an HTML part, as a reader would see it; one pass over the characters, whatever the markup is."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]{0,40})")
_TAG_END = re.compile(r"[^\"'>]*+(?:(?:\"[^\"]*\"|'[^']*')[^\"'>]*+)*+>")
_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{9,};?")
_BLANKS = re.compile(r"[ \t\r\n\f]+")

# Marks in the text while it is put together: the end of a line wherever it is, of one that has something, of a
# paragraph.
_BREAK, _LINE, _PARAGRAPH = "\n", "\0", "\1"
_MARKS = re.compile(f"([{_BREAK}{_LINE}{_PARAGRAPH}])")
_NO_MARKS = {ord(_LINE): None, ord(_PARAGRAPH): None, 0xA0: " "}
_MARK_OF = (
    dict.fromkeys("p h1 h2 h3 h4 h5 h6 table ul ol dl blockquote pre hr form".split(), _PARAGRAPH)
    | dict.fromkeys("div li tr dt dd section article header footer address center option caption".split(), _LINE)
    | {"br": _BREAK}
)
# What is between these and their end is no text; the end of a head may be left out, so the body ends it too.
_SKIPPED = {name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in ("script", "style", "title", "template")} | {
    "head": re.compile(r"</head\b|(?=<body\b)", re.IGNORECASE)
}


def text_of_html(markup: str) -> str:
    """Return the text of HTML: a line for each line, row or item, a blank line around paragraphs, tabs between cells.

    Scripts, styles, the head and comments are left out, links keep their text, entities are decoded. Markup that breaks
    off ends the text where it does, as it does in a browser.
    """
    out: list[str] = []
    at, preformatted, head_seen = 0, False, False
    while at < len(markup):
        opened = markup.find("<", at)
        out.append(_shown(markup[at:] if opened < 0 else markup[at:opened], preformatted))
        if opened < 0:
            break
        tag = _TAG.match(markup, opened)
        if not tag:
            at = _past_declaration(markup, opened)
            out.append("<" if at == opened + 1 else "")
            continue
        end = _TAG_END.match(markup, tag.end())
        if not end:
            break
        at, name, closing = end.end(), tag[1].lower(), markup[opened + 1] == "/"
        if name in _SKIPPED and not closing and not (name == "head" and head_seen):
            over = _SKIPPED[name].search(markup, at)
            head_seen = head_seen or name == "head"
            if over or name != "head":
                at = _past(markup, ">", over.end()) if over and over[0] else over.start() if over else len(markup)
        elif name in ("td", "th"):
            out.append("\t")
        elif name in _MARK_OF:
            out.append(_MARK_OF[name])
            preformatted = not closing if name == "pre" else preformatted
    return _in_lines("".join(out))


def _past_declaration(markup: str, at: int) -> int:
    """Return where a comment or declaration ends; a ``<`` that begins neither is a character of its own."""
    if markup[at + 1 : at + 2] not in ("!", "?", "/"):
        return at + 1
    return _past(markup, "-->", at + 2) if markup.startswith("<!--", at) else _past(markup, ">", at)


def _past(markup: str, mark: str, at: int) -> int:
    """Return where a mark ends that comes next, or the end of the markup."""
    found = markup.find(mark, at)
    return len(markup) if found < 0 else found + len(mark)


def _shown(piece: str, preformatted: bool) -> str:
    """Return a piece of text as it is shown: entities decoded, blanks and line ends as one blank where HTML has it."""
    if not preformatted:
        piece = _BLANKS.sub(" ", piece)
    if "&" in piece:
        # No character has so large a number, and Python refuses to read the longest of them.
        piece = html.unescape(_NUMBER.sub("\ufffd", piece))
    return piece.translate(_NO_MARKS)


def _in_lines(text: str) -> str:
    """Return the text with its marks turned into line ends, never more than one blank line, single tabs."""
    lines: list[str] = []
    line = ""
    for piece in [*_MARKS.split(text), _LINE]:
        if piece not in (_BREAK, _LINE, _PARAGRAPH):
            line = "\t".join(cell.strip(" ") for cell in piece.split("\t") if cell.strip(" "))
            continue
        if line or (piece == _BREAK and lines and lines[-1]):
            lines.append(line)
        if piece == _PARAGRAPH and lines and lines[-1]:
            lines.append("")
        line = ""
    return "\n".join(lines).strip()
