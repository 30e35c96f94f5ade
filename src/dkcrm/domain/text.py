"""Text as people type it: what is refused, and the folded form by which it is compared."""

from __future__ import annotations

import unicodedata

from dkcrm.errors import InvalidInput
from dkcrm.i18n import _

LINE_LIMIT = 1_000
TEXT_LIMIT = 1_000_000

#: Unicode's embeddings, overrides and isolates: they make a terminal show text in another order than it is stored.
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
        "’": "",
        "‘": "",
        "ʼ": "",
    }
)
_PUNCTUATION = str.maketrans(
    {**dict.fromkeys('!"#$%&()*+,-/:;<=>?@[\\]^_{|}~–—·«»“”', " "), **dict.fromkeys(".'`´", "")}
)


def strip_marks(text: str) -> str:
    """Return text without accents and in one case: ``È`` and ``e`` are the same."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LETTERS)


def fold(text: str) -> str:
    """Return the key by which names are compared: no case, accents, dots, apostrophes or repeated blanks.

    ``D'Angelo`` and ``dangelo`` have one key, and so do ``Bianchi S.r.l.`` and ``BIANCHI SRL``. Text that is all
    punctuation is its own key.
    """
    plain = text.lower() if text.isascii() else strip_marks(text)
    if not plain.replace(" ", "").isalnum():
        plain = plain.translate(_PUNCTUATION)
    key = " ".join(plain.split())
    return key or text.strip().casefold()


def describe_control(text: str, allowed: str = "") -> str | None:
    """Return the name of the first character that a stored line may not hold, or None."""
    if text.isprintable():
        return None
    for c in text:
        if c in allowed:
            continue
        if c < " " or "\x7f" <= c <= "\x9f":
            known = {"\0": "NUL", "\n": _("a line break"), "\r": _("a line break"), "\t": _("a tab"), "\x1b": "ESC"}
            return known.get(c) or _("the control character U+{code:04X}").format(code=ord(c))
        if c in BIDI_CONTROLS:
            return _("the text-direction control U+{code:04X}").format(code=ord(c))
        if "\ud800" <= c <= "\udfff":
            return _("bytes that are not valid text")
    return None


def check_line(value: str, what: str, limit: int = LINE_LIMIT) -> str:
    """Return a one-line value without outer blanks, or raise InvalidInput that says what is wrong with it."""
    line = value.strip()
    if not line:
        raise InvalidInput(_("the {what} is blank").format(what=what))
    if len(line) > limit:
        raise InvalidInput(
            _("the {what} has {count} characters; {limit} is the most").format(what=what, count=len(line), limit=limit)
        )
    found = describe_control(line)
    if found:
        raise InvalidInput(_("the {what} contains {found}").format(what=what, found=found))
    return line


def check_text(value: str, what: str, limit: int = TEXT_LIMIT) -> str:
    """Return a text of several lines, line ends as ``\\n``, or raise InvalidInput."""
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > limit:
        raise InvalidInput(
            _("the {what} has {count} characters; {limit} is the most").format(what=what, count=len(text), limit=limit)
        )
    found = describe_control(text, allowed="\n\t")
    if found:
        raise InvalidInput(_("the {what} contains {found}").format(what=what, found=found))
    return text


def nearest(word: str, known: list[str]) -> list[str]:
    """Return up to three known words that look like a mistyped one."""
    import difflib

    return difflib.get_close_matches(word, known, n=3, cutoff=0.5)
