"""Telling a story on a terminal: paragraphs and the commands that are about to run."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence

from dkcrm.render.stream import is_terminal, terminal_width, wants_colour
from dkcrm.render.text import clean


def tell(text: str) -> None:
    """Print a paragraph, wrapped to the terminal."""
    import textwrap

    width = min(terminal_width(sys.stdout) if is_terminal(sys.stdout) else 80, 100)
    _write("\n" + textwrap.fill(clean(text), width) + "\n")


def show_command(words: Sequence[str]) -> None:
    """Print a command as it would be typed."""
    line = "$ dkcrm " + " ".join(shlex.quote(word) for word in words)
    _write("\n" + (f"\x1b[1m{clean(line)}\x1b[0m" if wants_colour(sys.stdout) else clean(line)) + "\n")


def _write(text: str) -> None:
    sys.stderr.flush()
    sys.stdout.write(text)
    sys.stdout.flush()
