"""Picking an entity with fzf: all of them go in as lines, and those that were picked are shown."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import typer

from dkcrm.cli.shared import given, session
from dkcrm.errors import INTERRUPTED, DkcrmError, InvalidInput
from dkcrm.i18n import _
from dkcrm.render.text import clean, plain
from dkcrm.result import Result
from dkcrm.services import finding, showing

_HINT = "dkcrm find anna bianchi"
_COLUMNS = ("id", "type", "name", "org", "email", "phone", "tags")
#: What fzf ends with where nothing was picked, and where the user left.
_NO_MATCH, _LEFT = 1, 130


def pick(context: typer.Context, only: Sequence[str], *, everything: bool) -> Result:
    """Let the user pick entities that a filter lets through, and show them.

    Raises InvalidInput where nobody can pick: without a terminal, or without fzf.
    """
    quiet = given(context).get("no_input") or given(context).get("yes")
    try:
        terminal = sys.stdin.isatty() and sys.stderr.isatty()
    except (AttributeError, ValueError):
        terminal = False
    if quiet or not terminal:
        raise InvalidInput(_("say what to find"), hint=_("as in: {example}").format(example=_HINT))
    program = shutil.which("fzf")
    if program is None:
        raise InvalidInput(
            _("say what to find, or install fzf to pick from all"), hint=_("as in: {example}").format(example=_HINT)
        )
    own = session(context)
    view = finding.View(columns=_COLUMNS)
    rows: Iterable[Mapping[str, Any]] = finding.list_among(own, only, view, everything=everything).rows
    picked = _run(program, rows)
    return showing.show(own, picked, single=len(picked) == 1) if picked else Result([], message=_("nothing picked"))


def _run(program: str, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the numbers of the lines that the user picked; what a terminal would obey is taken out of them."""
    words = ["--delimiter=\t", "--with-nth=2..", "--no-ansi", "--prompt", "dkcrm> ", "--layout=reverse"]
    settings = {**os.environ, "FZF_DEFAULT_COMMAND": ""}
    process = subprocess.Popen(
        [program, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=settings, encoding="utf-8"
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        for row in rows:
            process.stdin.write("\t".join(clean(plain(value)) for value in row.values()) + "\n")
        process.stdin.close()
    except BrokenPipeError:  # picked, or left, before all had gone in
        pass
    chosen = process.stdout.read()
    status = process.wait()
    if status == _LEFT:
        raise typer.Exit(INTERRUPTED)
    if status not in (0, _NO_MATCH):
        raise DkcrmError(_("fzf ended with status {status}").format(status=status), code="fzf")
    return [line.split("\t", 1)[0] for line in chosen.splitlines()]
