"""Speaking with the person at the terminal: on standard error, so that data stays clean."""

from __future__ import annotations

import sys

from dkcrm.render.text import clean


def ask(question: str) -> str | None:
    """Print a question and return the line typed, or None at the end of input."""
    sys.stderr.write(clean(question, lines=True) + ": ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    return line.strip() if line else None


def tell(text: str) -> None:
    """Print a sentence while the command is still at work."""
    if sys.stderr is not None:
        sys.stderr.write(clean(text) + "\n")
        sys.stderr.flush()


def progress(rows: int) -> None:
    """Say how many rows a long job has read, over what was said before; 0 wipes it."""
    sys.stderr.write("\r" + (f"{rows:,} …" if rows else " " * 30 + "\r"))
    sys.stderr.flush()
