"""Where cards begin and end: blocks of physical lines, and rejects for what stands outside of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dkcrm.formats.record import Reject, Rejects
from dkcrm.formats.vcard.lines import MAX_LINE
from dkcrm.i18n import _

#: What one card may hold, in characters and in lines; larger ones are rejected.
MAX_CARD = 32 << 20
MAX_CARD_LINES = 1_000_000
_SHOWN = 4096
#: Below so many characters nothing needs to be counted.
_CAREFUL = 1 << 20
_RUN_KEPT = 1 << 16

_BEGIN = re.compile(r"BEGIN[ \t]{0,9}:[ \t]{0,9}VCARD(?![^ \t\0\ufeff\x1a])", re.IGNORECASE)
_END = re.compile(r"END[ \t]{0,9}:[ \t]{0,9}VCARD(?![^ \t\0\ufeff\x1aBb])", re.IGNORECASE)
_AGENT = re.compile(r"(?:[^.;:]*\.)?AGENT(?:;[^:]*)?:[ \t]*", re.IGNORECASE)
_OURS = ("X-DKCRM-LINE:", "X-DKCRM-REASON:")
_TELLING = frozenset(["BE", "Be", "bE", "be", "EN", "En", "eN", "en"])
_STRAY = frozenset(["\ufeff", "\0"])
_BLANKS = " \t\0\ufeff\x1a"


class Block:
    """The lines of one card between its BEGIN and END; ``line`` is where BEGIN stands, ``ended`` whether END does."""

    __slots__ = ("ended", "line", "lines")

    def __init__(self, line: int, lines: list[str], ended: bool) -> None:
        self.line = line
        self.lines = lines
        self.ended = ended


def mark_of(line: str) -> str:
    """Return ``begin`` or ``end`` for a line that begins or ends a card, ``both`` for END and BEGIN in one; else ""."""
    bare = line[: 200 + len(_BLANKS)].lstrip("\ufeff\0")
    if _BEGIN.match(bare):
        return "begin"
    found = _END.match(bare)
    if not found:
        return ""
    rest = bare[found.end() :].strip(_BLANKS)
    if not rest:
        return "end"
    # Files put together with cat, the first of which had no line end.
    return "both" if _BEGIN.match(rest) else ""


class Blocks:
    """Iterates over the blocks of a text; ``line`` is the last line read.

    A BEGIN inside a card opens a nested one after an AGENT without a value, and otherwise shows that the card before
    never ended. Each run of other lines outside of cards is one reject, and so is a card that is too large.
    """

    def __init__(self, lines: Iterable[str], rejects: Rejects, start: int = 0) -> None:
        self.line = start
        self._lines = lines
        self._rejects = rejects
        self._run: list[str] = []
        self._run_size = 0
        self._run_line = 0

    def __iter__(self) -> Iterator[Block]:
        """Yield the blocks in the order of the text."""
        lines: list[str] | None = None
        begun = depth = size = 0
        overgrown = ""
        for line in self._lines:
            self.line += 1
            mark = mark_of(line) if line[:2] in _TELLING or line[:1] in _STRAY else ""
            if not mark:
                if lines is None:
                    # Some programs indent their cards.
                    if line[:1] in " \t" and mark_of(line.strip()) == "begin":
                        mark = "begin"
                    else:
                        self._outside(line)
                        continue
                else:
                    if overgrown:
                        continue
                    size += len(line) + 1
                    if size > _CAREFUL and (size > MAX_CARD or len(line) > MAX_LINE or len(lines) > MAX_CARD_LINES):
                        overgrown = self._too_large(line)
                        lines = [part[:_SHOWN] for part in [*lines[:20], line]]
                    else:
                        lines.append(line)
                    continue
            if lines is None:
                if mark == "end":
                    self._outside(line)
                    continue
                self._end_run()
            elif mark == "begin" and not overgrown and _opens_nested(lines):
                depth += 1
                lines.append(line)
                continue
            elif mark == "end" and depth:
                depth -= 1
                lines.append(line)
                continue
            else:
                if overgrown:
                    self._rejects.append(Reject(begun, overgrown, ["\n".join(lines)]))
                else:
                    yield Block(begun, lines, ended=mark != "begin" and not depth)
                lines = None
                if mark == "end":
                    continue
            begun, lines, depth, size, overgrown = self.line, [], 0, 0, ""
        self._end_run()
        if lines is not None:
            if overgrown:
                self._rejects.append(Reject(begun, overgrown, ["\n".join(lines)]))
            else:
                yield Block(begun, lines, ended=False)

    def _too_large(self, line: str) -> str:
        if len(line) > MAX_LINE:
            return _("line {line} is longer than {most} characters").format(line=self.line, most=MAX_LINE)
        return _("the card is larger than {most} characters").format(most=MAX_CARD)

    def _outside(self, line: str) -> None:
        """Take a line that is in no card: blank ones, and what we wrote into a file of rejects, say nothing."""
        if not line.strip(_BLANKS) or line.startswith(_OURS):
            return
        if not self._run_line:
            self._run_line = self.line
        if self._run_size < _RUN_KEPT:
            self._run.append(line[:_SHOWN])
            self._run_size += len(self._run[-1])

    def _end_run(self) -> None:
        """Reject the lines outside of cards that were read up to here, as one."""
        if self._run_line:
            self._rejects.append(Reject(self._run_line, _("text outside of a card"), ["\n".join(self._run)]))
            self._run, self._run_size, self._run_line = [], 0, 0


def _opens_nested(lines: list[str]) -> bool:
    """Tell whether the last line that is not blank is an AGENT that waits for its card."""
    for line in reversed(lines[-9:]):
        if line.strip():
            return bool(_AGENT.fullmatch(line)) if len(line) < 200 else False
    return False


def is_agent(line: str) -> bool:
    """Tell whether a physical line is an AGENT property without a value."""
    return len(line) < 200 and bool(_AGENT.fullmatch(line))
