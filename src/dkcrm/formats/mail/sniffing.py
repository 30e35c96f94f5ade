"""Whether a file or a directory holds mail."""

from __future__ import annotations

import os
import re

BOM = b"\xef\xbb\xbf"
# Fields that nothing but mail has.
_CERTAIN = frozenset(
    b"return-path received delivered-to mime-version message-id dkim-signature content-type authentication-results "
    b"arc-seal content-transfer-encoding x-original-to envelope-to received-spf x-received in-reply-to references "
    b"x-mailer x-gm-thrid x-gmail-labels x-mozilla-status x-mozilla-status2 x-dkcrm-line x-dkcrm-reason status "
    b"x-status x-priority user-agent".split()
)
# Fields that a settings file or a table may have, too.
_LIKELY = frozenset(b"from to cc bcc date subject reply-to sender".split())
_NOT_ALONE = frozenset([b"content-type", b"status", b"user-agent"])
_FIELD = re.compile(rb"([A-Za-z][!-9;-~]{0,99})[ \t]*:")
_ENVELOPE = re.compile(rb"From \S")


def looks_like_mail(head: bytes) -> str | None:
    """Return ``mbox`` or ``eml`` where the first bytes of a file are a mailbox's or a message's, else None.

    Mail has two well-known header fields or more before the first blank line, and every line before them is a field.
    vCards, LDIF, tables, settings and HTTP headers have not.
    """
    lines = head.removeprefix(BOM).lstrip(b"\r\n").splitlines()[:500]
    box = bool(lines) and bool(_ENVELOPE.match(lines[0]))
    seen: set[bytes] = set()
    sender = False
    for number, line in enumerate(lines[box:]):
        if not line:
            break
        if line[:1] in (b" ", b"\t") and number:
            continue
        found = _FIELD.match(line)
        if not found:
            if number == 0 and line.startswith(b">From "):
                continue
            break
        name = found[1].lower()
        if name in _CERTAIN or name in _LIKELY:
            seen.add(name)
            # YAML would have its keys in lower case, or no address beside them.
            sender = sender or (name in (b"from", b"to") and b"@" in line and found[1][:1].isupper())
    if len(seen) < 2 or not (sender or seen & (_CERTAIN - _NOT_ALONE)):
        return None
    return "mbox" if box else "eml"


def is_maildir(path: str) -> bool:
    """Say whether a directory is a Maildir: ``cur`` with ``new`` or ``tmp`` beside it."""
    try:
        return os.path.isdir(os.path.join(path, "cur")) and any(
            os.path.isdir(os.path.join(path, name)) for name in ("new", "tmp")
        )
    except ValueError:  # a path with a NUL in it
        return False


def is_field_line(line: bytes) -> bool:
    """Say whether a line is one of mail's usual header fields, or an extension (``X-…``)."""
    found = _FIELD.match(line)
    if not found:
        return line.startswith(b">From ")
    name = found[1].lower()
    return name in _CERTAIN or name in _LIKELY or name.startswith((b"x-", b"list-", b"arc-"))
