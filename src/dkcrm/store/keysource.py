"""Where the key of an encrypted database comes from: a command that prints it, or the system's keyring.

It is 256 bits as 64 hexadecimal digits, and never an argument, nor the value of a variable: only the command that
gives it is named. It is asked for once in a run, and only where a file is encrypted.
"""

from __future__ import annotations

import contextlib
import shlex
import time
from typing import IO, Any

from dkcrm import config
from dkcrm.errors import StorageError
from dkcrm.i18n import _
from dkcrm.session import Session

#: Seconds for the command: somebody may have to type what unlocks their key.
PATIENCE = 60.0
_LONGEST = 4096
_BYTES = 32
#: Under what the key stands in the keyring: one for all databases of a user, so that each reads the others' backups.
SERVICE, ENTRY = "dkcrm", "database"
_NEW = _("a new one: openssl rand -hex 32")


def named() -> bool:
    """Tell whether the settings name a source of keys: then a new database is encrypted too."""
    return bool(config.setting("key_command")[0]) or config.setting("keyring")[0] == "yes"


def key_of(session: Session, path: str) -> str:
    """Return the key for an encrypted file, as 64 hexadecimal digits. Raises StorageError: ``no_key``."""
    if session.key is None:
        command = config.setting("key_command")[0]
        if command:
            session.key = of_command(command)
        elif config.setting("keyring")[0] == "yes":
            found = in_keyring()
            if found is None:
                raise _no_key(_("the keyring has no key of dkcrm"), _hint_of_keyring())
            session.key = parse(found)
        else:
            raise _no_key(
                _("{path} is encrypted, and no key is named").format(path=path),
                _(
                    "name the command that prints it: DKCRM_KEY_COMMAND='pass show dkcrm'; or, if it is in the keyring:"
                    " dkcrm config set keyring yes"
                ),
            )
    return session.key


def _no_key(message: str, hint: str | None) -> StorageError:
    return StorageError(message, code="no_key", hint=hint)


def parse(text: str) -> str:
    """Return a key as it was given or found; what it is instead is never said. Raises StorageError."""
    key = text.strip().lower()
    if len(key) != 2 * _BYTES or not all(digit in "0123456789abcdef" for digit in key):
        raise _no_key(_("what was given is no key: a key is 64 hexadecimal digits (256 bits)"), _NEW)
    return key


def new_key(session: Session) -> str:
    """Return a new key."""
    return session.entropy(_BYTES).hex()


# A command


def of_command(command: str) -> str:
    """Run a command, without a shell, and return the key that it prints. Raises StorageError."""
    words = shlex.split(command)
    status, out, err = _run(words)
    if status is None:
        raise _no_key(
            _("the key command did not end within {seconds} seconds").format(seconds=int(PATIENCE)), _hint_of(words)
        )
    if status != 0:
        said = err.decode("utf-8", "replace").strip().splitlines()
        why = _("exit {status}").format(status=status) + (f": {said[-1][:200]}" if said else "")
        raise _no_key(_("the key command failed ({why})").format(why=why), _hint_of(words))
    try:
        return parse(out.decode("ascii", "replace"))
    except StorageError as error:
        raise _no_key(_("the key command printed no key: a key is 64 hexadecimal digits (256 bits)"), _NEW) from error


def _hint_of(words: list[str]) -> str:
    return _("run it by hand to see: {command}").format(command=shlex.join(words))


def _run(words: list[str]) -> tuple[int | None, bytes, bytes]:
    """Run a command without input; return its exit status (None where it took too long) and what it printed."""
    import subprocess

    try:
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except (OSError, ValueError) as error:
        raise _no_key(
            _("the key command cannot be run: {why}").format(why=getattr(error, "strerror", None) or error),
            _("it is run without a shell; check DKCRM_KEY_COMMAND, or: dkcrm config show"),
        ) from error
    assert process.stdout is not None and process.stderr is not None
    try:
        until = time.monotonic() + PATIENCE
        printed = _read([process.stdout, process.stderr], until)
        if printed is None:
            return None, b"", b""
        if len(printed[0]) >= _LONGEST:
            return 0, *printed  # it is no key, and may go on for ever
        try:
            return process.wait(max(0.0, until - time.monotonic())), *printed
        except subprocess.TimeoutExpired:
            return None, b"", b""
    finally:
        for stream in (process.stdout, process.stderr):
            stream.close()
        with contextlib.suppress(OSError):
            process.kill()
        process.wait()


def _read(streams: list[IO[bytes]], until: float) -> tuple[bytes, bytes] | None:
    """Read two pipes to their ends, and keep the beginnings; None where that took too long."""
    import os
    import selectors

    found = [b"", b""]
    with selectors.DefaultSelector() as selector:
        for place, stream in enumerate(streams):
            selector.register(stream, selectors.EVENT_READ, place)
        while selector.get_map():
            left = until - time.monotonic()
            ready = selector.select(left) if left > 0 else []
            if not ready:
                return None
            for one, _events in ready:
                data = os.read(one.fd, _LONGEST)
                if not data:
                    selector.unregister(one.fileobj)
                found[one.data] = (found[one.data] + data)[:_LONGEST]
                if len(found[0]) >= _LONGEST:
                    return found[0], found[1]
    return found[0], found[1]


# The keyring


def in_keyring() -> str | None:
    """Return what the system's keyring keeps for dkcrm, or None. Raises StorageError where there is no keyring."""
    keyring = _keyring()
    try:
        found: str | None = keyring.get_password(SERVICE, ENTRY)
    except keyring.errors.KeyringError as error:
        raise _no_keyring(error) from error
    return found


def keep_in_keyring(key: str) -> None:
    """Put a key into the system's keyring, and see that it is there. Raises StorageError."""
    keyring = _keyring()
    try:
        keyring.set_password(SERVICE, ENTRY, key)
        found = keyring.get_password(SERVICE, ENTRY)
    except keyring.errors.KeyringError as error:
        raise _no_keyring(error) from error
    if found != key:
        raise _no_key(_("the keyring did not keep the key"), _hint_of_keyring())


def _keyring() -> Any:
    try:
        import keyring
        import keyring.errors
    except ImportError as error:
        raise StorageError(
            _("the system's keyring needs the package keyring, which is not installed"),
            code="no_encryption",
            hint=_("install it: pip install 'dkcrm[encryption]'"),
        ) from error
    return keyring


def _no_keyring(error: Exception) -> StorageError:
    return _no_key(
        _("the keyring cannot be used: {why}").format(why=str(error).splitlines()[0] if str(error) else error),
        _hint_of_keyring(),
    )


def _hint_of_keyring() -> str:
    return _("name a command that prints the key instead: DKCRM_KEY_COMMAND='pass show dkcrm'")
