"""encrypt and decrypt."""

from typing import Annotated

import typer

from dkcrm.cli.secrets import key_of
from dkcrm.cli.shared import session
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import encryption

KeyFd = Annotated[
    int | None,
    typer.Option("--key-fd", metavar="NUMBER", min=0, help=_("Read the key from this file descriptor; 0 is input.")),
]
Keep = Annotated[bool, typer.Option("--keep", help=_("Keep the file as it was, beside it."))]


def encrypt(
    context: typer.Context,
    keyring: Annotated[
        bool, typer.Option("--keyring", help=_("Let the system's keyring keep the key; a new one is made for it."))
    ] = False,
    key_fd: KeyFd = None,
    backups: Annotated[bool, typer.Option("--backups", help=_("Encrypt the backups beside it too."))] = False,
    keep: Keep = False,
) -> Result:
    """Encrypt the database as a whole, with a key of 256 bits, and from then on its log and backups.

    The key comes from the command that DKCRM_KEY_COMMAND (or the setting key_command) names, which is run without a
    shell at every command and prints 64 hexadecimal digits; or from the system's keyring. Who loses it loses all. The
    new file is compared with the old one row by row before it takes its place; nobody else may be at work meanwhile.

    \b
    Examples:
      dkcrm encrypt --keyring
      DKCRM_KEY_COMMAND="pass show dkcrm" dkcrm encrypt --backups
      openssl rand -hex 32 | tee key | dkcrm encrypt --key-fd 0
    """
    return encryption.encrypt(session(context), key=key_of(key_fd), keyring=keyring, keep=keep, backups=backups)


def decrypt(context: typer.Context, key_fd: KeyFd = None, keep: Keep = False) -> Result:
    """Put an encrypted database in plain again; its backups stay as they are.

    \b
    Examples:
      dkcrm decrypt
      dkcrm --db old.db decrypt --key-fd 0 < key
    """
    return encryption.decrypt(session(context), key=key_of(key_fd), keep=keep)
