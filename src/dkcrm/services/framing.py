"""Messages between two processes of this program: bytes of a known length, through a pipe."""

from __future__ import annotations

import struct
from typing import BinaryIO

_HEAD = struct.Struct("<Q")


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
