"""What every command shares: the global options, a session, references."""

# Annotations are not postponed here and in the commands: Typer would have to evaluate each of them again at start-up.

import shlex
import sys
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any

import typer
from typer.main import get_params_convertors_ctx_param_name_from_function

from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.session import Session

FORMATS = ("table", "tsv", "csv", "json", "jsonl")
_META = "dkcrm"


def common(
    db: Annotated[str | None, typer.Option("--db", metavar="PATH", help=_("The database file (or DKCRM_DB)."))] = None,
    json: Annotated[bool, typer.Option("--json", help=_("Print JSON: short for --format json."))] = False,
    format: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help=_("table, tsv, csv, json or jsonl."))
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help=_("Only data and errors."))] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=_("Answer yes to every question."))] = False,
    no_input: Annotated[bool, typer.Option("--no-input", help=_("Never ask anything."))] = False,
) -> None:
    """Take the options that every command has."""


def dry_run_option(
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Show what would be done, and write nothing."))] = False,
) -> None:
    """Take the option of every command that writes."""


@cache
def shared_parameters(source: Callable[..., None]) -> list[Any]:
    """Return the parameters of ``common`` or ``dry_run_option``, which keep their values in the context."""
    parameters: list[Any] = get_params_convertors_ctx_param_name_from_function(source)[0]
    for parameter in parameters:
        parameter.expose_value = False
        parameter.callback = _keep
    return parameters


def _keep(context: typer.Context, parameter: Any, value: Any) -> Any:
    if parameter.name == "format" and value is not None and value not in FORMATS:
        raise InvalidInput(
            _("no such format: {name}").format(name=value), hint=_("formats: {names}").format(names=", ".join(FORMATS))
        )
    if value not in (None, False):
        given = context.meta.setdefault(_META, {})
        given[parameter.name] = value
    return value


def given(context: typer.Context) -> dict[str, Any]:
    """Return the shared options that were given, before or after the command."""
    values: dict[str, Any] = context.meta.get(_META, {})
    return values


def chosen_format(context: typer.Context) -> str | None:
    """Return the output format that was asked for."""
    values = given(context)
    name: str | None = "json" if values.get("json") else values.get("format")
    return name


def _as_text(command: str) -> str:
    """Return a command as history can keep it: a path may hold bytes that are no text."""
    return command.encode("utf-8", "backslashreplace").decode()


def session(context: typer.Context) -> Session:
    """Return the session of this run: its database, its command line, and how to ask."""
    values = given(context)
    return Session(
        values.get("db"),
        command=_as_text("dkcrm " + " ".join(shlex.quote(word) for word in context.meta.get("argv", []))),
        dry_run=bool(values.get("dry_run")),
        ask=_asker(values),
        progress=_progress(values),
        tell=_tell if not values.get("quiet") else None,
    )


def _progress(values: dict[str, Any]) -> Any:
    """Return a function that tells how far a long job is, or None where no person watches."""
    if values.get("quiet") or sys.stderr is None or not sys.stderr.isatty():
        return None
    from dkcrm.render.ask import Progress

    return Progress()


def _tell(text: str) -> None:
    from dkcrm.render.ask import tell

    tell(text)


def _asker(values: dict[str, Any]) -> Any:
    """Return a function that asks at the terminal, or None where nobody can answer."""
    if values.get("no_input") or values.get("yes"):
        return None
    try:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return None
    except (AttributeError, ValueError):
        return None
    from dkcrm.render.ask import ask

    return ask


def sure(context: typer.Context) -> bool:
    """Tell whether ``--yes`` was given."""
    return bool(given(context).get("yes"))


def references(words: list[str]) -> tuple[list[str], bool]:
    """Return references with ``-`` replaced by the lines of standard input, and whether one was named by itself."""
    found: list[str] = []
    for word in words:
        if word == "-":
            if sys.stdin is None:
                raise InvalidInput(_("standard input is closed: there are no references to read"))
            found += [line.strip() for line in sys.stdin if line.strip()]
        else:
            found.append(word)
    if not found and "-" not in words:
        raise InvalidInput(_("no reference was given"), hint=_("a reference is a number, a uid, an email or a name"))
    return found, words != ["-"] and len(words) == 1


References = Annotated[
    list[str],
    typer.Argument(metavar="REF...", help=_("A number, uid, email or name; - reads them from standard input.")),
]
Reference = Annotated[str, typer.Argument(metavar="REF", help=_("A number, uid, email or name."))]
ManyReference = Annotated[
    str, typer.Argument(metavar="REF", help=_("A number, uid, email or name; - reads them from standard input."))
]
Limit = Annotated[
    int, typer.Option("--limit", "-n", metavar="NUMBER", min=0, max=10**15, help=_("At most so many; 0 is all."))
]
Everything = Annotated[bool, typer.Option("--all", "-a", help=_("Removed entities too."))]
