"""Settings: flags over ``DKCRM_*`` over the config file over defaults.

What belongs to the data (which types are in use) is kept in the database and is not here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dkcrm.durable import make_directory, sync_name
from dkcrm.errors import InvalidInput, StorageError
from dkcrm.i18n import _

#: name -> (default, what it is)
SETTINGS: dict[str, tuple[str, str]] = {
    "db": ("", "the database file"),
    "actor": ("", "the name that history records (default: the login name)"),
    "region": ("IT", "the country of phone numbers written without a prefix, two letters"),
    "currency": ("EUR", "the currency of amounts that name none"),
    "me": ("", "your own email addresses, with commas: mail from them is outbound"),
    "wait": ("5", "seconds to wait for a locked database"),
    "editor": ("", "the editor of `dkcrm edit` (default: $VISUAL, then $EDITOR)"),
    "key_command": ("", "the command, run without a shell, that prints the key of encrypted databases"),
    "keyring": ("", "yes: the key of encrypted databases is in the system's keyring"),
}


def _user_dir(kind: str) -> str:
    """Return the user's data or config directory for dkcrm (platformdirs decides).

    On Linux the two lines of the XDG rule are spelled out, because importing platformdirs costs every command as
    much as opening the database; a test holds them to platformdirs' answer.
    """
    if sys.platform == "linux":
        variable, fallback = {"data": ("XDG_DATA_HOME", ".local/share"), "config": ("XDG_CONFIG_HOME", ".config")}[kind]
        base = os.environ.get(variable, "")
        return os.path.join(base if base.strip() else os.path.expanduser("~/" + fallback), "dkcrm")
    import platformdirs

    return platformdirs.user_data_dir("dkcrm") if kind == "data" else platformdirs.user_config_dir("dkcrm")


def config_path() -> str:
    """Return the path of the config file, whether it exists or not (``DKCRM_CONFIG`` names another)."""
    return os.environ.get("DKCRM_CONFIG") or os.path.join(_user_dir("config"), "config.toml")


def default_db() -> str:
    """Return the path of the database when nothing names one."""
    return os.path.join(_user_dir("data"), "dkcrm.db")


def read_file() -> dict[str, str]:
    """Return the config file's settings as text; an absent file has none.

    Raises InvalidInput for a file that is not TOML or names a setting that does not exist.
    """
    path = config_path()
    try:
        with open(path, "rb") as file:
            raw = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise InvalidInput(
            _("cannot read the config file {path}: {why}").format(path=path, why=error.strerror)
        ) from error
    import tomllib

    try:
        values: dict[str, Any] = tomllib.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # a number of too many digits, and brackets without end
        raise InvalidInput(_("the config file {path} is not valid TOML: {why}").format(path=path, why=error)) from error
    for name in values:
        if name not in SETTINGS:
            raise InvalidInput(
                _("the config file {path} names an unknown setting: {name}").format(path=path, name=name),
                hint=_("known settings: {names}").format(names=", ".join(SETTINGS)),
            )
    return {name: check(name, str(value)) for name, value in values.items()}


def check(name: str, value: str) -> str:
    """Return a setting's value in its stored form, or raise InvalidInput."""
    if name == "region":
        if not (len(value) == 2 and value.isascii() and value.isalpha()):
            raise InvalidInput(_("region is a country code of two letters, as in IT: {value}").format(value=value))
        return value.upper()
    if name == "currency":
        if not (len(value) == 3 and value.isascii() and value.isalpha()):
            raise InvalidInput(_("currency is a code of three letters, as in EUR: {value}").format(value=value))
        return value.upper()
    if name == "wait":
        try:
            seconds = float(value)
        except ValueError:
            seconds = -1.0
        if not 0 <= seconds <= 86400:
            raise InvalidInput(_("wait is a number of seconds from 0 to 86400: {value}").format(value=value))
    if name == "keyring" and value.lower() not in ("", "no", "yes"):
        raise InvalidInput(_("keyring is yes or no: {value}").format(value=value))
    if name == "key_command":
        import shlex

        try:
            if value and not shlex.split(value):
                raise ValueError(_("it is blank"))
        except ValueError as error:
            raise InvalidInput(_("key_command is no command: {why}").format(why=error)) from error
    return value.lower() if name == "keyring" else value


def setting(name: str, flag: str | None = None) -> tuple[str, str]:
    """Return a setting's value and where it comes from: ``flag``, ``environment``, ``file`` or ``default``."""
    if flag is not None:
        return check(name, flag), "flag"
    from_environment = os.environ.get("DKCRM_" + name.upper())
    if from_environment:
        return check(name, from_environment), "environment"
    from_file = read_file()
    if name in from_file:
        return from_file[name], "file"
    if name == "db":
        return default_db(), "default"
    return SETTINGS[name][0], "default"


def login_name() -> str:
    """Return the name of the user who runs the command."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"


def write_file(name: str, value: str | None) -> Path:
    """Set (or with None remove) one setting in the config file; comments and order stay as they are."""
    import tempfile

    import tomlkit

    path = Path(os.path.realpath(config_path()))
    try:
        make_directory(str(path.parent))
        with _locked(path.parent):
            document = tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
            if value is None:
                document.pop(name, None)
            else:
                document[name] = check(name, value)
            handle, fresh = tempfile.mkstemp(prefix="config-", dir=path.parent)  # made with mode 0600
            with open(handle, "w", encoding="utf-8") as file:
                file.write(tomlkit.dumps(document))
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, path)
            sync_name(str(path))
    except (ValueError, RecursionError) as error:
        raise InvalidInput(_("the config file {path} is not valid TOML: {why}").format(path=path, why=error)) from error
    except OSError as error:
        raise StorageError(
            _("cannot write the config file {path}: {why}").format(path=path, why=error.strerror)
        ) from error
    return path


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Let one process at a time change the files of a directory."""
    try:
        import fcntl
    except ImportError:  # not a POSIX system
        yield
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
