"""Speaking with the person at the terminal: on standard error, so that data stays clean."""

from __future__ import annotations

import sys
import time

from dkcrm.i18n import _, ngettext
from dkcrm.render.stream import Writer, on_screen
from dkcrm.render.text import clean

#: Seconds between two paintings of the line.
_REPAINT = 0.1


def ask(question: str) -> str | None:
    """Print a question and return the line typed, or None at the end of input."""
    lines = (clean(question, lines=True) + ": ").split("\n")
    sys.stderr.write("\n".join(on_screen(line, sys.stderr) for line in lines))
    sys.stderr.flush()
    line = ""
    try:
        line = sys.stdin.readline()
    finally:
        if not line.endswith("\n"):
            sys.stderr.write("\n")  # what comes next, after the end of input or an interruption, has its own line
    return line.strip() if line else None


def ask_secret(question: str) -> str:
    """Ask for what is not to be seen while it is typed; a blank text at the end of input."""
    import getpass

    try:
        return getpass.getpass(clean(question) + ": ", stream=sys.stderr)
    except EOFError:
        return ""


def tell(text: str) -> None:
    """Print a sentence while the command is still at work."""
    if sys.stderr is not None:
        sys.stderr.write(on_screen(clean(text), sys.stderr) + "\n")
        sys.stderr.flush()


class Progress:
    """One line on standard error that says how far a long job is; it is written over, and wiped at the end."""

    def __init__(self) -> None:
        self.start = self.shown = time.monotonic()
        self.width = 0

    def __call__(self, rows: int, share: float | None = None) -> None:
        """Say how many rows are done, how many a second, and from the share of the job (0 to 1) how long it will take.

        No rows wipe the line.
        """
        now = time.monotonic()
        if not rows:
            self._write("")
            return
        if now - self.shown < _REPAINT:
            return
        self.shown = now
        spent = now - self.start
        said = ngettext("{rows:,} row", "{rows:,} rows", rows).format(rows=rows)
        parts = [said, _("{rate:,.0f}/s").format(rate=rows / spent)]
        if share:
            left = round(spent / share - spent)
            parts.append(_("{time} left").format(time=f"{left // 60}:{left % 60:02}"))
        self._write(" · ".join(parts))

    def _write(self, text: str) -> None:
        if text or self.width:
            Writer(sys.stderr).write("\r" + text.ljust(self.width) + ("" if text else "\r"))
            sys.stderr.flush()
        self.width = len(text)
