"""Lines that were folded at octets: characters of UTF-8 that a fold has divided, made whole before they are decoded.

RFC 6350 section 3.2 and RFC 2849 fold a line by a line end and a blank, wherever the writer counts to 75 octets.
"""

from __future__ import annotations

import io
import re
from typing import IO, TYPE_CHECKING

from dkcrm.formats.inputs import CHUNK

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_ANY = re.compile(rb"[\r\n][ \t][\x80-\xbf]")
_FOLD = rb"((?:\r{0,2}\n|\r)[ \t])"
_MORE = rb"[\x80-\xbf]"
#: The first bytes of a character, a fold, and the rest of the character.
_DIVIDED = [
    re.compile(rb"(" + lead + _MORE + b"{%d})" % before + _FOLD + b"(" + _MORE + b"{%d})" % after)
    for lead, length in ((rb"[\xc2-\xdf]", 1), (rb"[\xe0-\xef]", 2), (rb"[\xf0-\xf4]", 3))
    for before, after in ((length - after, after) for after in range(1, length + 1))
]
#: Four bytes, and the longest fold.
_LONGEST = 8


def whole_characters(raw: IO[bytes]) -> IO[bytes]:
    """Return an opened file as it reads with each fold that divides a character of UTF-8 moved behind it."""
    return io.BufferedReader(_WholeCharacters(raw), CHUNK)


class _WholeCharacters(io.RawIOBase):
    """The bytes of a file with such folds moved: it has as many bytes as before, and as many lines."""

    def __init__(self, raw: IO[bytes]) -> None:
        super().__init__()
        self._raw = raw
        self._ready = memoryview(b"")
        self._held = b""
        self._at = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that it can be read again."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go back to the beginning, or nowhere."""
        if offset == 0 and whence == io.SEEK_SET:
            self._raw.seek(0)
            self._ready, self._held, self._at = memoryview(b""), b"", 0
        elif offset != (0 if whence == io.SEEK_CUR else self._at) or whence == io.SEEK_END:
            raise io.UnsupportedOperation("seek")
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read some bytes; none at the end."""
        if not self._ready:
            self._ready = memoryview(self._next())
        place = memoryview(buffer).cast("B")
        size = min(len(place), len(self._ready))
        place[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        self._at += size
        return size

    def close(self) -> None:
        """Close the file."""
        self._raw.close()
        super().close()

    def _next(self) -> bytes:
        """Return the next bytes; a character may be divided across two chunks, so the last ones are held back."""
        while True:
            chunk = self._raw.read(CHUNK)
            found = _mended(self._held + chunk)
            if not chunk:
                self._held = b""
                return found
            self._held = found[-_LONGEST:]
            if len(found) > _LONGEST:
                return found[:-_LONGEST]


def _mended(data: bytes) -> bytes:
    if _ANY.search(data):
        for divided in _DIVIDED:
            data = divided.sub(rb"\1\3\2", data)
    return data
