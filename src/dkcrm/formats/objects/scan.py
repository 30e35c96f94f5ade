"""Find the objects of a JSON text without holding it: one object at a time, whatever lists stand around them.

An object that is broken costs itself. Brackets are followed from its start, outside of strings; the next object is
taken to start where they close, or earlier, where a comma or a line end divides two objects as only elements of the
list are divided: so neither a missing bracket nor a missing quotation mark swallows what comes after.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from dkcrm.formats.objects.holders import LISTS, Tree, list_ahead, lists_in
from dkcrm.formats.objects.keys import letters
from dkcrm.formats.objects.places import (
    LOOK_BACK,
    MAX_OBJECT,
    breaks,
    divided,
    indent_of,
    key_after,
    no_json,
    too_long,
    unfinished,
)
from dkcrm.formats.objects.values import DECODER
from dkcrm.formats.record import Reject, Rejects
from dkcrm.i18n import _

CHUNK = 1 << 16
SHOWN = 200

_BLANK = re.compile("[ \t\r\n\ufeff\x1e\x1a]*")
_TOKEN = re.compile(r'["{}\[\]]')
_IN_STRING = re.compile(r'[^"\\\n\r]*(?:\\[^\n\r][^"\\\n\r]*)*')
_SPLIT_IN_STRING = re.compile(r"\}\s{0,20},\s{0,20}(\{)\s{0,20}\Z")
_GARBAGE = re.compile(r"[^,\]}\n\r{\[]+")
_MOST_LISTS = 4
_MOST_TRIES = 20
_LIKE = 0.8

Found = tuple[int, str, dict[str, Any]]


class Broken(Exception):
    """The value that is being read is no JSON, or too much of it; the text says why."""


class _Frame:
    """What is open around the current place: a list, or (with a tree of where its lists are) an object."""

    __slots__ = ("closer", "tree")

    def __init__(self, tree: Tree | None) -> None:
        self.tree = tree
        self.closer = "]" if tree is None else "}"


class Scanner:
    """Iterates over ``(line, text, object)``; what is no object goes to ``rejects``.

    ``read(size)`` gives more text, "" at its end. Lists within lists (pages) and objects that hold the list are
    entered; never more than one object and one chunk are in memory. ``alone`` says that the first object may be all of
    the file, and its list may have any name.
    """

    def __init__(
        self, read: Callable[[int], str], rejects: Rejects, *, text: str = "", line: int = 1, alone: bool = False
    ) -> None:  # fmt: skip
        self._read = read
        self._rejects = rejects
        self._text = text
        self._at = 0
        self._line = line
        self._counted = 0
        self._ended = False
        self._alone = alone
        self._usual: dict[str, Any] = {}

    def __iter__(self) -> Iterator[Found]:
        """Yield the objects; the end of the text within a list is told in a reject."""
        frames: list[_Frame] = []
        whole = True
        while char := self._peek():
            frame = frames[-1] if frames else None
            if char == ",":
                self._at += 1
            elif char in "]}":
                # One too many is passed over: no record is lost by it.
                self._at += 1
                if frame and frame.closer == char:
                    frames.pop()
            elif frame and frame.tree is not None:
                whole = self._member(frames, frame.tree)
                if not whole:
                    break
            elif char == "[" and len(frames) < _MOST_LISTS:
                self._at += 1
                self._alone = False
                frames.append(_Frame(None))
            else:
                found, whole = self._value(frames)
                if found:
                    yield found
        if frames and whole:
            self._rejects.append(Reject(self._here(), _("the file ends before the list of records does"), []))

    def _value(self, frames: list[_Frame]) -> tuple[Found | None, bool]:
        """Read the value at hand, or enter the object that holds a list; False when the text ended in search of more.

        What is no object is rejected.
        """
        line, start = self._here(), self._text[self._at]
        tree: Tree | None = None
        try:
            value, end, tree = self._decode()
        except Broken as error:
            self._alone = False
            text, more = self._resync() if start in "{[" else self._pass_garbage()
            self._rejects.append(Reject(line, str(error), [text]))
            return None, more
        if tree is None and isinstance(value, dict):
            tree = lists_in(value, self._alone)
        self._alone = False
        if tree is not None:
            self._at += 1
            frames.append(_Frame(tree))
            return None, True
        text, self._at = self._text[self._at : end], end
        if isinstance(value, dict):
            self._usual = value
            return (line, text, value), True
        self._rejects.append(Reject(line, _("not an object"), [text]))
        return None, True

    def _member(self, frames: list[_Frame], tree: Tree) -> bool:
        """Pass over one member of an object that holds lists, or enter its list; False when it is broken for good."""
        line = self._here()
        try:
            key, self._at, _tree = self._decode()
            if not isinstance(key, str) or self._peek() != ":":
                raise Broken(_("not valid JSON: a key was expected"))
            self._at += 1
            below, char = tree.get(key), self._peek()
            if char == "[" and (below is True or letters(key) in LISTS):
                self._at += 1
                frames.append(_Frame(None))
            elif char == "{" and isinstance(below, dict):
                self._at += 1
                frames.append(_Frame(below))
            else:
                _value, self._at, _tree = self._decode()
        except Broken as error:
            reason = _("{why}; what follows the list could not be read").format(why=error)
            self._rejects.append(Reject(line, reason, [self._text[self._at : self._at + SHOWN]]))
            return False
        return True

    def _decode(self) -> tuple[Any, int, Tree | None]:
        """Return the value at hand and where it ends, or, for a long object that holds a list, where that is."""
        looked = False
        while True:
            text, at, why = self._text, self._at, ""
            try:
                value, end = DECODER.raw_decode(text, at)
                if end - at <= MAX_OBJECT:
                    return value, end, None
                why = too_long()
            except RecursionError:
                why = _("nested too deep")
            except json.JSONDecodeError as error:
                if self._ended or not unfinished(error, text):
                    why = self._told(error)
            if not looked and text.startswith("{", at) and (why or len(text) - at >= CHUNK):
                # What is broken may be an object of the list, and not the one that holds it.
                looked = True
                tree = list_ahead(text, at, self._alone)
                if tree is not None:
                    return None, at, tree
            if why or len(text) - at > MAX_OBJECT:
                raise Broken(why or too_long())
            self._more()

    def _told(self, error: json.JSONDecodeError) -> str:
        """Return in a sentence what is wrong with a value, and where."""
        line = self._here() + breaks(self._text, self._at, error.pos)
        return no_json(line, error.pos - self._at, error.msg)

    def _pass_garbage(self) -> tuple[str, bool]:
        """Pass over what is no JSON at all, up to the next comma, bracket or line end."""
        match = _GARBAGE.match(self._text, self._at)
        start, self._at = self._at, match.end() if match else self._at + 1
        return self._text[start : self._at][:SHOWN].strip(), True

    def _resync(self) -> tuple[str, bool]:
        """Go to where the next value plausibly starts; return the text passed over, and False at the text's end."""
        passed: list[str] = []
        room = MAX_OBJECT
        indent = indent_of(self._text, self._at)
        outer = self._text[self._at]
        first_key = key_after(self._text, self._at)
        begin = at = self._at
        depth = tries = 0
        in_string = False
        to: int | None = None
        while to is None:
            text = self._text
            if in_string:
                at = _IN_STRING.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing too
                if at < len(text) and (self._ended or at + LOOK_BACK < len(text)):
                    split = _SPLIT_IN_STRING.search(text, max(0, at - 64), at) if text[at] == '"' else None
                    # "},{" between two quotation marks: one of them is missing, and the string was none.
                    to = split.start(1) if split and self._begins(split.start(1), first_key) else None
                    in_string = False
                    at += 1
                    continue
            elif match := _TOKEN.search(text, at):
                token, here = match[0], match.start()
                at = here + 1
                if token == '"':
                    in_string = True
                elif token in "{[":
                    if token == "{" and here > begin and divided(text, here):
                        if depth <= 1 or (indent and indent_of(text, here) == indent):
                            to = here
                        elif tries < _MOST_TRIES:
                            tries += 1
                            to = here if self._alike(here) else None
                    depth += 1
                else:
                    depth -= 1
                    if depth <= 0:
                        to = here if token == "]" and outer == "{" else at
                continue
            else:
                at = len(text)
            passed.append(text[begin:at][:room])
            room -= len(passed[-1])
            self._at = at
            if not self._more() and self._at == len(self._text):
                return "".join(passed).rstrip(" \t\r\n,"), False
            begin = at = self._at
        passed.append(self._text[begin:to][:room])
        self._at = to
        return "".join(passed).rstrip(" \t\r\n,"), True

    def _begins(self, at: int, first_key: str | None) -> bool:
        """Tell whether an object there begins as elements of this list do, and not as the objects within them."""
        key = key_after(self._text, at)
        return key is None or key in (self._usual or (first_key,))

    def _alike(self, at: int) -> bool:
        """Tell whether the object there has the keys of the last one that was read."""
        usual = self._usual
        if len(usual) < 2:
            return False
        try:
            value, _end = DECODER.raw_decode(self._text, at)
        except (json.JSONDecodeError, RecursionError):
            return False
        return isinstance(value, dict) and len(usual.keys() & value.keys()) >= _LIKE * len(usual)

    def _peek(self) -> str:
        """Return the next character that is no blank, "" at the end of the text."""
        while True:
            self._at = _BLANK.match(self._text, self._at).end()  # type: ignore[union-attr]  # it matches nothing too
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Read on, as much again as is held; let go of what is done but for a little to look back on."""
        if self._ended:
            return False
        done = max(0, self._at - LOOK_BACK)
        if done and self._text[done - 1] == "\r":
            done -= 1  # a line end of two characters is counted in one piece
        if done > self._counted:
            self._line += breaks(self._text, self._counted, done)
            self._counted = done
        kept = self._text[done:]
        more = self._read(max(CHUNK, len(kept)))
        self._ended = not more
        self._text = kept + more
        self._at -= done
        self._counted -= done
        return bool(more)

    def _here(self) -> int:
        """Return the line of the value at hand."""
        if self._at > self._counted:
            self._line += breaks(self._text, self._counted, self._at)
            self._counted = self._at
        return self._line
