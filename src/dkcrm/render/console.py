"""rich, tamed: text only, no markup, and the terminal asked once by us instead of guessed from the environment."""

from __future__ import annotations

from io import StringIO
from typing import TextIO

from rich.console import Console, RenderableType
from rich.text import Text

from dkcrm.render.stream import Writer, terminal_width, wants_colour
from dkcrm.render.text import clean

#: The hue is the phase of the life cycle, bold the organization's side of it; base colours, so that the terminal's
#: theme makes them readable on its background.
TYPE_STYLES = {
    "suspect": "yellow",
    "lead": "cyan",
    "prospect": "magenta",
    "target": "bold magenta",
    "person": "green",
    "organization": "bold green",
}
STATE_STYLES = {"active": "dim", "disqualified": "red", "lost": "bold red", "inactive": "yellow"}


def text(value: str, style: str = "", *, lines: bool = False, no_wrap: bool = False) -> Text:
    """Return a record's text for rich: cleaned, never read as markup, folded and never cut."""
    return Text(clean(value, lines), style, overflow="fold", no_wrap=no_wrap)


def typed(value: str) -> Text:
    """Return the name of an entity's type in its colour."""
    return text(value, TYPE_STYLES.get(value, ""))


def stated(value: str) -> Text:
    """Return the name of an entity's state in its colour."""
    return text(value, STATE_STYLES.get(value, ""))


def show(stdout: TextIO | None, renderables: list[RenderableType]) -> None:
    """Draw on standard output.

    rich draws into memory, for it would crash on a character that the stream's encoding lacks (FACTS.md).
    """
    colour = wants_colour(stdout)
    buffer = StringIO()
    console = Console(
        file=buffer,
        width=terminal_width(stdout),
        height=25,
        color_system="standard" if colour else None,
        force_terminal=colour,
        force_jupyter=False,
        no_color=not colour,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=False,
        legacy_windows=False,
    )
    for renderable in renderables:
        console.print(renderable)
    drawn = buffer.getvalue()
    if not colour:  # rich pads every line to the table's width
        drawn = "".join(line.rstrip(" ") + "\n" for line in drawn.split("\n")[:-1])
    Writer(stdout).write(drawn)
