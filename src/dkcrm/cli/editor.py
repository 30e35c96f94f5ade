"""Running the user's editor on a text, in a file that nobody else can read."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable

from dkcrm import config
from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Result


def edit_text(text: str, write: Callable[[str], Result]) -> Result:
    """Let the user edit a text and hand it to ``write``; what cannot be written stays in its file, which is named."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or config.setting("editor")[0]
    if not command:
        command = next((name for name in ("sensible-editor", "vi", "nano") if shutil.which(name)), "")
    if not command:
        raise InvalidInput(_("no editor is set"), hint=_("set one with: export EDITOR=nano"))
    directory = tempfile.mkdtemp(prefix="dkcrm-")  # made with mode 0700
    path = os.path.join(directory, "entity.toml")
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        status = subprocess.run(f"{command} {shlex.quote(path)}", shell=True, check=False).returncode
        if status:
            raise DkcrmError(
                _("the editor ended with status {status}: nothing was written").format(status=status), code="editor"
            )
        with open(path, encoding="utf-8", newline="") as file:
            edited = file.read()
    except UnicodeDecodeError as error:
        raise InvalidInput(
            _("the edited text is not UTF-8"), hint=_("it is kept in {path}").format(path=path)
        ) from error
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    try:
        result = write(edited)
    except DkcrmError as error:
        kept = _("your text is kept in {path}").format(path=path)
        error.hint = f"{error.hint}; {kept}" if error.hint else kept
        raise
    except Exception as error:  # the database is locked, the disk is full …
        raise DkcrmError(
            _("nothing was written: {why}").format(why=_why(error)),
            code="edit_failed",
            hint=_("your text is kept in {path}").format(path=path),
        ) from error
    shutil.rmtree(directory, ignore_errors=True)
    return result


def _why(error: Exception) -> str:
    """Return what the system or the database says; what nobody foresaw is not quoted, it may be data."""
    known = isinstance(error, OSError) or type(error).__module__.split(".")[0] in ("sqlite3", "sqlcipher3")
    return str(error) if known else type(error).__name__
