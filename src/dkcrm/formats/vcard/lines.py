"""Physical lines of a text, whatever ends them, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

CHUNK = 1 << 20
#: The longest line that is read, in characters: a large photo on one line.
MAX_LINE = 16 << 20


def physical_lines(stream: TextIO, limit: int = MAX_LINE) -> Iterator[str]:
    """Yield lines without their ends (CRLF, LF, CR; iOS writes CR CR LF).

    A longer line than ``limit`` comes as its first ``limit + 1`` characters: the rest is read past, not held.
    """
    held: list[str] = []
    size = 0
    tail = ""
    while True:
        chunk = stream.read(CHUNK)
        text = tail + chunk
        tail = ""
        if chunk and text.endswith("\r"):
            # The line end may go on in the next chunk.
            cut = len(text) - (2 if text.endswith("\r\r") else 1)
            text, tail = text[:cut], text[cut:]
        if "\r" in text:
            text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
        lines = text.split("\n")
        if len(lines) > 1:
            if held:
                held.append(lines[0][: limit + 1 - size])
                lines[0] = "".join(held)
                held, size = [], 0
            last = lines.pop()
            yield from lines
        else:
            last = lines[0]
        if last and size <= limit:
            piece = last[: limit + 1 - size]
            held.append(piece)
            size += len(piece)
        if not chunk:
            if held:
                yield "".join(held)
            return
