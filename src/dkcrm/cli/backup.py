"""backup, backup list, backup check and backup restore."""

from typing import Annotated

import typer

from dkcrm.cli.options import Identity, PassphraseFd
from dkcrm.cli.secrets import passphrase_of
from dkcrm.cli.shared import session
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import backup as service
from dkcrm.services import shelf
from dkcrm.services.backup import Key


def backup(
    context: typer.Context,
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help=_("A new file, or a directory; else beside the database."))
    ] = None,
    keep: Annotated[
        str | None, typer.Option("--keep", metavar="RULE", help=_("Then thin out the older ones: 7d,4w,12m."))
    ] = None,
    encrypt: Annotated[bool, typer.Option("--encrypt", help=_("Encrypt it, to a passphrase or a key (age)."))] = False,
    recipient: Annotated[
        list[str] | None,
        typer.Option("--recipient", metavar="KEY", help=_("Encrypt it to this public key (repeatable).")),
    ] = None,
    passphrase_fd: PassphraseFd = None,
) -> Result:
    """Copy the database to a file, while others may write; it is verified, and its SHA-256 stands beside it.

    With --keep, of the backups in the directory those that the rule does not keep are removed: 7d,4w,12m keeps the
    newest of each of the last 7 days, 4 weeks and 12 months. With --encrypt the passphrase is asked for, or read from
    --passphrase-fd; no secret is ever an argument.

    \b
    Examples:
      dkcrm backup
      dkcrm backup --keep 7d,4w,12m --quiet
      dkcrm backup /mnt/stick --encrypt --recipient age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq
    """
    passphrase = None
    if passphrase_fd is not None or (encrypt and not recipient):
        if recipient:
            raise InvalidInput(_("a backup is encrypted to keys or to a passphrase, not to both"))
        passphrase = passphrase_of(context, passphrase_fd, twice=True)
    return service.backup(session(context), file, keep=keep, key=Key(recipient or (), None, passphrase))


def backup_list(
    context: typer.Context,
    directory: Annotated[
        str | None, typer.Argument(metavar="[DIR]", help=_("A directory; else the one beside the database."))
    ] = None,
) -> Result:
    """List the backups, the newest first.

    \b
    Examples:
      dkcrm backup list
    """
    return shelf.listing(session(context), directory)


def backup_check(
    context: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help=_("Backups."))],
    identity: Identity = None,
    passphrase_fd: PassphraseFd = None,
) -> Result:
    """Check backups through and through: the SHA-256 beside each, and the database in it.

    \b
    Examples:
      dkcrm backup check backups/*.db
    """
    from dkcrm.services.recovery import check

    return check(session(context), files, _key(context, files, identity, passphrase_fd))


def backup_restore(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help=_("A backup."))],
    identity: Identity = None,
    passphrase_fd: PassphraseFd = None,
) -> Result:
    """Put a backup in the place of what is there, which is kept in a file beside the database.

    The backup is checked first: one that is damaged, or is none, changes nothing. Rows alone are taken from it.
    dkcrm restore FILE does the same.

    \b
    Examples:
      dkcrm backup restore backups/dkcrm-20261122T030000Z.db
    """
    from dkcrm.services.recovery import restore

    return restore(session(context), file, _key(context, [file], identity, passphrase_fd))


def _key(context: typer.Context, files: list[str], identity: str | None, fd: int | None) -> Key:
    """Return the key that was named; the passphrase of an encrypted file is asked for where nothing was."""
    import os

    from dkcrm.formats.age import is_encrypted

    if identity is not None:
        return Key((), identity, None)
    wanted = fd is not None or any(os.path.isfile(file) and is_encrypted(file) for file in files)
    return Key((), None, passphrase_of(context, fd) if wanted else None)
