"""Encryption of files as age has it (age-encryption.org/v1), through pyrage: an extra."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, BinaryIO

from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.i18n import _

_HINT = _("see: age-keygen -o key.txt")
MARK = b"age-encryption.org/v1\n"


def _age() -> Any:
    try:
        return importlib.import_module("pyrage")
    except ImportError as error:
        raise DkcrmError(
            _("encryption needs the extra dkcrm[age]"), code="missing_extra", hint='pip install "dkcrm[age]"'
        ) from error


def is_encrypted(path: str) -> bool:
    """Tell whether a file is encrypted by age. Raises OSError."""
    with open(path, "rb") as file:
        return file.read(len(MARK)) == MARK


def check_recipient(text: str) -> Any:
    """Return the public key (``age1…`` or an SSH one) that a text is. Raises InvalidInput."""
    age = _age()
    try:
        if text.startswith("ssh-"):
            return age.ssh.Recipient.from_str(text)
        return age.x25519.Recipient.from_str(text.strip())
    except Exception as error:
        raise InvalidInput(
            _("not a public key of age: {text}").format(text=text[:80]), hint=_("it begins with age1; see: age-keygen")
        ) from error


def encrypt_file(source: str, target: BinaryIO, *, recipients: Sequence[str], passphrase: str | None) -> None:
    """Write a file, encrypted to public keys or to a passphrase. Raises OSError, InvalidInput."""
    age = _age()
    keys = [check_recipient(text) for text in recipients]
    with open(source, "rb") as file:
        if passphrase is None:
            age.encrypt_io(file, target, keys)
        else:
            target.write(age.passphrase.encrypt(file.read(), passphrase))


def decrypt_file(source: str, target: BinaryIO, *, identities: str | None, passphrase: str | None) -> None:
    """Write what an encrypted file holds; ``identities`` is the text of a file of keys. Raises OSError, DkcrmError."""
    age = _age()
    try:
        with open(source, "rb") as file:
            if identities is not None:
                age.decrypt_io(file, target, _identities(age, identities))
            else:
                target.write(age.passphrase.decrypt(file.read(), passphrase or ""))
    except age.DecryptError as error:
        raise DkcrmError(
            _("{path} cannot be decrypted: a wrong passphrase or key, or a damaged file").format(path=source),
            code="wrong_key",
            hint=_("nothing was changed; a key is named with --identity FILE"),
        ) from error


def _identities(age: Any, text: str) -> list[Any]:
    found = []
    try:
        if "PRIVATE KEY-----" in text:
            return [age.ssh.Identity.from_buffer(text.encode())]
        for line in text.splitlines():
            if line.strip() and not line.startswith("#"):
                found.append(age.x25519.Identity.from_str(line.strip()))
    except Exception as error:
        raise InvalidInput(
            _("the file of keys has a line that is no key"), hint=_("see: age-keygen -o key.txt")
        ) from error
    if not found:
        raise InvalidInput(_("the file of keys has none"), hint=_("see: age-keygen -o key.txt"))
    return found
