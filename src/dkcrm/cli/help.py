"""Help that names only the types that are in use."""

from __future__ import annotations

import os
import re
from typing import Any

from typer.core import TyperCommand


class HelpfulCommand(TyperCommand):
    """A command whose help names only the types that are in use."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the words of the usage line: arguments as they are named, without Typer's braces."""
        arguments: list[Any] = [parameter for parameter in self.params if not parameter.opts[0].startswith("-")]
        return [self.options_metavar or "", *(argument.metavar or argument.name.upper() for argument in arguments)]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help with ``{types}`` filled in and without what speaks of types that are off."""
        on = types_in_use(ctx)
        parameters: list[Any] = list(self.params)
        for parameter in parameters:
            text = getattr(parameter, "help", None)
            if text:
                parameter.help = without_types_off(text, on)
        self.help = without_types_off(self.help or "", on)
        super().format_help(ctx, formatter)


def without_types_off(text: str, on: tuple[str, ...]) -> str:
    """Return a help text with ``{types}`` filled in, less the sentences and examples that name a type that is off.

    ``person`` and ``organization`` are everyday words too, and stay.
    """
    off = [type for type in ("suspect", "lead", "prospect", "target") if type not in on]
    if off:
        named = re.compile(r"(?<!-)\b(?:" + "|".join(off) + r")s?\b")
        paragraphs = []
        for paragraph in text.split("\n\n"):
            if paragraph.startswith("\b"):
                parts, glue = paragraph.split("\n"), "\n"
            else:
                parts, glue = re.split(r"(?<=[.;])\s+", paragraph), " "
            paragraphs.append(glue.join(part for part in parts if not named.search(part)))
        text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return text.replace("{types}", ", ".join(on))


def types_in_use(ctx: Any) -> tuple[str, ...]:
    """Return the types in use for help, all of them where the database cannot tell."""
    from dkcrm.domain.entity import TYPES
    from dkcrm.render.ask import tell
    from dkcrm.services.settings import types
    from dkcrm.session import Session

    try:
        # --help ends the parsing where it stands, and --db may come after it.
        own = Session(named_db(ctx.find_root().command.arguments), tell=tell)
        return types(own) if os.path.exists(own.db) else TYPES
    except Exception:  # help must be printed whatever state the database is in
        return TYPES


def named_db(arguments: list[str]) -> str | None:
    """Return the database that a command line names with ``--db``."""
    for place, word in enumerate(arguments):
        if word == "--db" and place + 1 < len(arguments):
            return arguments[place + 1]
        if word.startswith("--db="):
            return word[5:]
    return None
