"""duplicates --review: two that may be one side by side, and what the person at the terminal says of them."""

import sys
from collections.abc import Callable, Sequence
from typing import Any

import typer

from dkcrm.cli.shared import session
from dkcrm.errors import InvalidInput, Refused
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import duplicates, merging
from dkcrm.services.duplicates import Cluster, Likely

_LATER, _QUIT = ("", "l", "later"), ("q", "quit")


def review(context: typer.Context, clusters: Sequence[Cluster]) -> Result:
    """Ask about each pair: merge, not the same, later, quit. Each answer is an operation of its own."""
    ask = session(context).ask
    if ask is None:
        raise InvalidInput(
            _("--review asks at a terminal, and nobody is there"),
            hint=_("take the list with --json, then dkcrm merge or dkcrm distinct"),
        )
    done: dict[str, Any] = {"merged": [], "distinct": [], "later": 0}
    pairs = [pair for cluster in clusters for pair in cluster.pairs]
    for place, pair in enumerate(pairs, start=1):
        rows = duplicates.side_by_side(session(context), pair)
        if rows is None:
            continue  # an answer before has settled it
        _draw(pair, rows)
        title = _("{place} of {count}: {why} ({score:.2f})").format(
            place=place, count=len(pairs), why=", ".join(pair.reasons), score=pair.score
        )
        answer = _answer(ask, title)
        if answer in _QUIT:
            done["later"] += len(pairs) - place + 1
            break
        if answer in _LATER:
            done["later"] += 1
        else:
            _act(context, pair, answer, done)
    message = _("merged {merged}, not the same {distinct}, left {later}").format(
        merged=len(done["merged"]), distinct=len(done["distinct"]), later=done["later"]
    )
    return Result(done, message=message if pairs else _("nobody looks the same as another"))


def _draw(pair: Likely, rows: Sequence[dict[str, Any]]) -> None:
    from dkcrm.render.tables import draw_table
    from dkcrm.result import Column

    columns = [Column("what", ""), Column("a", f"A · {pair.a}"), Column("b", f"B · {pair.b}")]
    draw_table(columns, rows, sys.stderr)


def _answer(ask: Callable[[str], str | None], title: str) -> str:
    """Ask until the answer is one of those that there are; the end of input is a quit."""
    while True:
        said = ask(title + "\n" + _("m merge (a, b: with the values of A or B), d not the same, l later, q quit"))
        answer = "q" if said is None else said.strip().lower()
        if answer in (*_LATER, *_QUIT, "m", "merge", "a", "b", "d", "distinct"):
            return answer


def _act(context: typer.Context, pair: Likely, answer: str, done: dict[str, Any]) -> None:
    """Do what was said; what is refused is told, and left for later."""
    names = [str(pair.a), str(pair.b)]
    tell = session(context).tell
    try:
        if answer in ("d", "distinct"):
            result = merging.distinct(session(context), names)
            done["distinct"].append([pair.a, pair.b])
        else:
            prefer = answer if answer in ("a", "b") else None
            result = merging.merge(session(context), names, prefer=prefer)
            done["merged"].append([pair.a, pair.b])
        said = result.message
    except Refused as error:
        done["later"] += 1
        said = error.message
    if tell and said:
        tell(said)
