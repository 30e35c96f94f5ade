"""Standard output and standard error: what they are, and writing to them without a crash over a character."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO, cast

#: What our own marks are written as where the encoding does not have them.
_PLAIN = str.maketrans({"→": "->", "←": "<-", "★": "*", "…": "...", "↵": " ", "·": "-", "–": "-"})


class Writer:
    """Writes to a stream in whatever encoding it has.

    A character that the encoding does not know is written as ``errors`` says (``replace``, ``backslashreplace``).
    BrokenPipeError and other OSErrors go to the caller, who knows the exit status.
    """

    def __init__(self, stream: TextIO | None, errors: str = "replace") -> None:
        self.stream = stream
        self.errors = errors

    def write(self, text: str) -> int:
        """Write text; a stream that was closed before the program began raises OSError (EBADF)."""
        if self.stream is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        try:
            return self.stream.write(text)
        except UnicodeEncodeError:  # raised before anything of this text is written
            text = text.translate(_PLAIN)
            encoding = self.stream.encoding
            return self.stream.write(text.encode(encoding, self.errors).decode(encoding))

    def flush(self) -> None:
        """Hand everything to the system now, so that a full disk is noticed here."""
        if self.stream is not None:
            self.stream.flush()


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether a person reads the stream directly."""
    return stream is not None and stream.isatty()


def is_unicode(stream: TextIO | None) -> bool:
    """Return whether the stream can carry every character."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return encoding.lower().replace("_", "-").startswith("utf")


def draws_blocks(stream: TextIO | None) -> bool:
    """Return whether bars of block characters can be drawn there: the encoding has them, and ``TERM`` is not dumb."""
    if os.environ.get("TERM") == "dumb":
        return False
    try:
        "█▏▁▓░─".encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def wants_colour(stream: TextIO | None) -> bool:
    """Return whether to colour: on a terminal that can, unless ``NO_COLOR`` (https://no-color.org) says no."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def terminal_width(stream: TextIO | None) -> int:
    """Return the columns to draw in: ``COLUMNS``, else the terminal's, else 80."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and int(columns) > 0:
        return int(columns)
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80 if stream is not None else 80
    except (OSError, ValueError, AttributeError):  # no terminal, a closed stream, or one without a descriptor
        return 80


def on_screen(line: str, stream: TextIO | None) -> str:
    """Return a line of a message as a terminal is to show it: broken between words, each part indented as the first.

    A terminal would break it wherever its last column is. Elsewhere the line stays whole.
    """
    if not is_terminal(stream):
        return line
    cells = terminal_width(stream)
    if len(line) <= cells and line.isascii():
        return line
    from dkcrm.render.text import width

    body = line.lstrip(" ")
    indent = line[: len(line) - len(body)]
    lines, room = [indent], cells - len(indent)
    for word in body.split(" "):
        size = width(word)
        if room < size and lines[-1].strip():
            lines[-1] = lines[-1].rstrip(" ")
            lines.append(indent)
            room = cells - len(indent)
        lines[-1] += word + " "
        room -= size + 1
    lines[-1] = lines[-1].removesuffix(" ")
    return "\n".join(lines)


@contextmanager
def in_utf8(stream: TextIO | None) -> Iterator[TextIO]:
    """Give a stream as one that writes UTF-8 whatever the locale, line ends untouched: a file's text is not a screen's.

    A terminal gets the text without what it would obey.
    """
    if stream is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    if is_terminal(stream):
        yield cast("TextIO", _Screen(stream))
        return
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        yield stream
        return
    stream.flush()
    text = io.TextIOWrapper(buffer, encoding="utf-8", errors="surrogatepass", newline="")
    try:
        yield text
        text.flush()
    finally:
        text.detach()


class _Screen:
    """A terminal that is written the text of a file."""

    def __init__(self, stream: TextIO) -> None:
        self.writer = Writer(stream)

    def write(self, text: str) -> int:
        """Write text, cleaned of what a terminal obeys."""
        from dkcrm.render.text import clean

        return self.writer.write(clean(text.replace("\r\n", "\n"), lines=True))
