"""Messages between two processes of this program: bytes of a known length, through a pipe."""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
from typing import BinaryIO

_HEAD = struct.Struct("<Q")
_ROOM = 1 << 20


def pipe() -> tuple[int, int]:
    """Return the two ends of a pipe, with room for some messages: who writes need not wait for the reader at once."""
    ends = os.pipe()
    with contextlib.suppress(AttributeError, OSError):  # not on every system, nor where too much of it is in use
        fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, _ROOM)
    return ends


def send(stream: BinaryIO, data: bytes) -> None:
    """Write a message; whoever wants it to leave at once flushes the stream. Raises OSError where nobody reads."""
    stream.write(_HEAD.pack(len(data)))
    stream.write(data)


def receive(stream: BinaryIO) -> bytes:
    """Return the next message; raises EOFError where the other process ended before."""
    head = stream.read(_HEAD.size)
    size = _HEAD.unpack(head)[0] if len(head) == _HEAD.size else 0
    data = stream.read(size)
    if not size or len(data) < size:
        raise EOFError
    return data
