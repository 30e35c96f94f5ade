"""Passphrases and keys: asked for at the terminal, or read from a file descriptor; never an argument."""

import os

import typer

from dkcrm.cli.shared import session
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _

_LONGEST = 4096


def passphrase_of(context: typer.Context, fd: int | None, *, twice: bool = False) -> str:
    """Return a passphrase: the first line of a file descriptor, or what a person types (``twice``, to be sure of it).

    Raises InvalidInput where there is none.
    """
    if fd is not None:
        found = _first_line(fd, _("for example: --passphrase-fd 3 3< file"))
    else:
        if session(context).ask is None:
            raise InvalidInput(
                _("a passphrase is needed, and nobody can be asked"),
                hint=_(
                    "give it on a file descriptor: --passphrase-fd 3 3< file; or name a key: --recipient, --identity"
                ),
            )
        from dkcrm.render.ask import ask_secret

        found = ask_secret(_("Passphrase"))
        if twice and found and ask_secret(_("Once more")) != found:
            raise InvalidInput(_("the two passphrases differ"))
    if not found:
        raise InvalidInput(_("the passphrase is blank"))
    return found


def key_of(fd: int | None) -> str | None:
    """Return a key, as it was given on a file descriptor, or None. Raises InvalidInput."""
    return _first_line(fd, _("for example: --key-fd 3 3< file")) if fd is not None else None


def _first_line(fd: int, example: str) -> str:
    try:
        with os.fdopen(os.dup(fd), "rb") as stream:
            line = stream.readline(_LONGEST)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or error
        raise InvalidInput(
            _("file descriptor {number} cannot be read: {why}").format(number=fd, why=why), hint=example
        ) from error
    return line.decode("utf-8", "surrogateescape").rstrip("\r\n")
