"""demo: the main job, in front of the user's eyes."""

import os
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from dkcrm import errors
from dkcrm.errors import Conflict, DkcrmError
from dkcrm.i18n import _
from dkcrm.render.narrate import show_command, tell


def demo(
    context: typer.Context,
    keep: Annotated[
        str | None, typer.Option("--keep", metavar="PATH", help=_("Leave the database there, to go on with."))
    ] = None,
) -> None:
    """Watch the whole life cycle on examples, in a database of its own: yours is not touched.

    Every command is printed before it runs, as you would type it.

    \b
    Examples:
      dkcrm demo
      dkcrm demo --keep example.db
    """
    kept = Path(keep).absolute() if keep else None
    if kept is not None and os.path.lexists(kept):
        raise Conflict(_("there is a file already: {path}").format(path=keep), hint=_("name a new one"))
    if kept is not None and not kept.parent.is_dir():
        raise DkcrmError(_("no such directory: {path}").format(path=kept.parent), code="io")
    here, before = Path.cwd(), dict(os.environ)
    directory = tempfile.mkdtemp(prefix="dkcrm-demo-")
    try:
        shutil.copyfile(str(files("dkcrm.demo") / "leads.csv"), Path(directory, "leads.csv"))
        os.chdir(directory)
        for name in [name for name in os.environ if name.startswith("DKCRM_") and name != "DKCRM_LANG"]:
            del os.environ[name]
        os.environ["DKCRM_DB"] = str(kept or Path(directory, "demo.db"))
        os.environ["DKCRM_CONFIG"] = str(Path(directory, "config.toml"))
        _tell_story()
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)
        shutil.rmtree(directory, ignore_errors=True)
    if keep:
        tell(_("The database is yours:"))
        show_command(["--db", keep, "list"])
    else:
        tell(_('That was a database of its own, and it is gone. Start yours: dkcrm add lead "Anna Bianchi"'))


def _tell_story() -> None:
    from dkcrm.cli.app import run
    from dkcrm.demo.story import STORY

    for step in STORY:
        if step.text:
            tell(step.text)
        show_command(step.words)
        code = run(list(step.words), "--format", "table", "--no-input")
        if code == errors.READER_GONE:
            raise BrokenPipeError
        if code != step.code:
            raise DkcrmError(
                _("the demonstration stopped: {command} ended with {code}").format(
                    command=" ".join(step.words), code=code
                )
            )
