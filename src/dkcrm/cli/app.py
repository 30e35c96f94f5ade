"""The program: a lazy command group, global options, and the only try/except that turns errors into exit codes."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

from dkcrm.i18n import _  # bound before Typer is imported, so that its own sentences follow

import typer  # isort: skip
from typer.core import TyperGroup
from typer.main import get_command_from_info
from typer.models import CommandInfo

from dkcrm import errors, stopping
from dkcrm.cli.help import HelpfulCommand, named_db, types_in_use, without_types_off
from dkcrm.cli.registry import COMMANDS, GROUPS
from dkcrm.cli.shared import chosen_format, common, dry_run_option, given, shared_parameters
from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.render.emit import emit, emit_error
from dkcrm.result import Result

HELP = """A CRM in one SQLite file: the whole customer life cycle.

\b
  dkcrm demo                        watch it work
  dkcrm add lead "Anna Bianchi"     start your own
  dkcrm add person "Anna Bianchi"   or with a customer
  dkcrm COMMAND --help              every command has examples
"""


class LazyGroup(TyperGroup):
    """A group that knows its commands by name and imports one only when it is called."""

    def __init__(self, *, prefix: str = "", **settings: Any) -> None:
        super().__init__(rich_markup_mode=None, **settings)
        self.prefix = prefix
        self.arguments: list[str] = []

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help without what speaks of types that are off."""
        self.help = without_types_off(self.help or "", types_in_use(ctx))
        super().format_help(ctx, formatter)

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names at this level, in the order of the registry."""
        return list(dict.fromkeys(self._rest(name).split(" ")[0] for name in COMMANDS if name.startswith(self.prefix)))

    def _rest(self, name: str) -> str:
        return name.removeprefix(self.prefix)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, importing its module, or the group of a first word."""
        name = self.prefix + cmd_name
        if name in COMMANDS:
            return load_command(name)
        if name in GROUPS:
            return LazyGroup(
                prefix=name + " ",
                name=name,
                help=GROUPS[name],
                no_args_is_help=True,
                params=shared_parameters(common),
            )
        return None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command of one word or of more (``purchase void``); a mistyped one is told the nearest."""
        for count in (3, 2):
            name = " ".join(args[:count])
            if len(args) >= count and self.prefix + name in COMMANDS:
                return name, load_command(self.prefix + name), args[count:]
        command = self.get_command(ctx, args[0])
        if command is None:
            from dkcrm.domain.text import nearest

            close = nearest(args[0], self.list_commands(ctx))
            raise InvalidInput(
                _("no such command: {name}").format(name=self.prefix + args[0]),
                hint=_("did you mean {name}?").format(name=self.prefix + close[0])
                if close
                else _("see: dkcrm {group}--help").format(group=self.prefix),
            )
        return args[0], command, args[1:]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands by section, from the registry alone."""
        in_use = set(types_in_use(ctx))
        sections: dict[str, dict[str, str]] = {}
        for name, command in COMMANDS.items():
            if not name.startswith(self.prefix) or (command.needs and not in_use.intersection(command.needs)):
                continue
            rest = self._rest(name)
            first = rest.split(" ")[0]
            summary = command.summary if rest == first or first not in GROUPS else GROUPS[first]
            if rest == first or self.prefix + first not in COMMANDS:
                sections.setdefault(command.section, {})[first] = summary
        for section, rows in sections.items():
            with formatter.section(_(section)):
                formatter.write_dl([(name, _(summary)) for name, summary in rows.items()])


def load_command(name: str) -> Any:
    """Import one command's module and return its command, with the shared options added."""
    entry = COMMANDS[name]
    module, function = entry.place.split(":")
    callback = getattr(import_module(f"dkcrm.cli.{module}"), function)
    info = CommandInfo(name=name, cls=HelpfulCommand, callback=callback)
    command = get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)
    own = {word for parameter in command.params for word in parameter.opts}
    shared = shared_parameters(common) + (shared_parameters(dry_run_option) if entry.writes else [])
    # A command's own option of the same name (assess --yes NAMES) comes before the shared one.
    command.params = command.params + [parameter for parameter in shared if not own.intersection(parameter.opts)]
    return command


def root() -> LazyGroup:
    """Return the program's command group."""
    return LazyGroup(
        name="dkcrm",
        help=HELP,
        params=shared_parameters(common),
        no_args_is_help=True,
        epilog=_("dkcrm --version prints the version."),
    )


def invoke(arguments: list[str], unrecorded: tuple[str, ...]) -> tuple[Result | None, str | None, bool]:
    """Run one command; return its result, the format asked for, and whether to be quiet."""
    group = root()
    group.arguments = [*arguments, *unrecorded]
    with group.make_context("dkcrm", [*arguments, *unrecorded]) as context:
        shared: Any = context
        context.meta["argv"] = arguments
        value = group.invoke(context)
        chosen = chosen_format(shared)
        return (value if isinstance(value, Result) else None), chosen, bool(given(shared).get("quiet"))


def run(arguments: list[str], *unrecorded: str) -> int:
    """Run the program and return its exit status: the one place where errors become messages and codes.

    ``unrecorded`` words are part of the command, but not of what history says was typed.
    """
    as_json = "--json" in arguments or "json" in _format_word(arguments)
    try:
        result, chosen, quiet = invoke(arguments, unrecorded)
        if result is None:
            sys.stdout.flush()
            return 0
        emit(result, format=chosen, quiet=quiet, stdout=sys.stdout, stderr=sys.stderr)
        return result.exit_status
    except typer.Exit as error:
        return _flushed(error.exit_code)
    except (KeyboardInterrupt, typer.Abort) as error:
        return _stopped(error, as_json)
    except BrokenPipeError:
        _give_up_stdout()
        return errors.READER_GONE
    except (SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # what a library written in Rust raises is no Exception
        if stopping.told():  # it came out of what a signal had broken off
            return _stopped(error, as_json)
        if type(error).__name__ == "NoArgsIsHelpError" and not as_json and sys.stderr is not None:
            sys.stderr.write(f"{error}\n")
            return errors.USAGE
        return explained(error, arguments, as_json)


def explained(error: BaseException, arguments: list[str], as_json: bool) -> int:
    """Say on standard error what an error means for the user; return its exit status."""
    told = _translate(error, arguments)
    return _tell(told, as_json, told.exit_status)


def _stopped(error: BaseException, as_json: bool) -> int:
    """Tell of an interruption; return its exit status. What standard output still holds is not waited for."""
    told = stopping.told()
    if told is not None:
        stopping.ignore()
        _give_up_stdout()
    status = getattr(told or error, "exit_status", errors.INTERRUPTED)
    return _tell(DkcrmError(_interrupted(), code="interrupted"), as_json, status)


def _interrupted() -> str:
    """Return what an interruption has left: nothing, or the operation that was written before it."""
    names = ("journal", "recovery", "swapping", "cleaning")
    journal, recovery, swapping, cleaning = (sys.modules.get(f"dkcrm.store.{name}") for name in names)
    if journal is not None and journal.written and cleaning is not None and cleaning.announced:
        said = _("interrupted after the erasure was written (operation {number})").format(number=journal.written[-1])
        if cleaning.pending(cleaning.announced[-1]):
            said += _("; the next command finishes cleaning the files")
        return said
    if journal is not None and journal.written:
        return _("interrupted after operation {number} was written (undo with: dkcrm undo)").format(
            number=journal.written[-1]
        )
    if recovery is not None and recovery.restored:
        return _("interrupted after the rows of {path} were put back").format(path=recovery.restored[-1])
    if swapping is not None and swapping.swapped:
        return _("interrupted after the new file was put in the place of {path}").format(path=swapping.swapped[-1])
    return _("interrupted: nothing was written")


def _format_word(arguments: list[str]) -> str:
    for place, word in enumerate(arguments):
        if word == "--format" and place + 1 < len(arguments):
            return arguments[place + 1]
        if word.startswith("--format="):
            return word
    return ""


def _translate(error: BaseException, arguments: list[str]) -> DkcrmError:
    """Return what an error means for the user."""
    if isinstance(error, DkcrmError):
        return error
    if hasattr(error, "format_message"):  # one of Typer's usage errors
        if type(error).__name__ == "NoArgsIsHelpError":
            return InvalidInput(str(error.format_message()))
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else _command_named(arguments)
        message = str(error.format_message()).strip().rstrip(".")
        return InvalidInput(message, hint=_("see: {path} --help").format(path=path))
    if isinstance(error, UnicodeError):
        return InvalidInput(_("an argument or the input holds bytes that are not valid text"))
    if isinstance(error, ValueError) and "embedded null" in str(error):
        return InvalidInput(_("the name of a file holds a NUL"))
    engine = sys.modules.get("dkcrm.store.engine")
    from dkcrm.session import Session

    if engine is not None and isinstance(error, engine.Error):
        from dkcrm.store.explaining import explain

        return explain(error, Session(named_db(arguments)).db)
    if isinstance(error, OSError):
        _give_up_stdout()
        journal = sys.modules.get("dkcrm.store.journal")
        # Who hears only that the output failed would do it again.
        done = journal.written[-1] if journal is not None and journal.written and not error.filename else None
        return DkcrmError(
            _("{why}: {what}").format(why=error.strerror or error, what=error.filename or _("output")),
            code="io",
            hint=_("operation {number} was written (undo with: dkcrm undo)").format(number=done) if done else None,
        )
    from dkcrm.cli.unforeseen import damage, told

    return (damage(Session(named_db(arguments))) if engine is not None else None) or told(error)


def _command_named(arguments: list[str]) -> str:
    """Return the command that a command line names, as far as it does."""
    words = [word for word in arguments if not word.startswith("-")]
    for name in (" ".join(words[:2]), *words[:1]):
        if name in COMMANDS:
            return f"dkcrm {name}"
    return "dkcrm"


def _tell(error: DkcrmError, as_json: bool, status: int) -> int:
    try:
        emit_error(error, as_json=as_json, stderr=sys.stderr)
    except OSError:
        pass
    return _flushed(status)


def _flushed(status: int) -> int:
    """Flush standard output; a reader that went away is its own status."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _give_up_stdout()
        return errors.READER_GONE
    except OSError:
        _give_up_stdout()
        return status or errors.FAILED
    return status


def _give_up_stdout() -> None:
    """Point standard output at nothing, so that the interpreter's own flush at exit has nothing to complain about."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except OSError:
        pass
