"""A table of very many entities is written by two processes, each of which reads and writes one half of them.

The other one is forked before this process opens the database, which SQLite asks for, and opens it for itself. Both
must see the same state: the latest operation says so, for nothing is written without one. Whatever fails over there,
this process does the work itself.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import signal
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO, TextIO

from dkcrm import stopping
from dkcrm.garbage import no_collection
from dkcrm.services import framing
from dkcrm.session import Session
from dkcrm.store.cipher import looks_encrypted
from dkcrm.store.connection import open_reading
from dkcrm.store.flat import Flat, look
from dkcrm.store.history import latest_operation
from dkcrm.store.keysource import key_of

#: From so large a database on it is worth while (bytes), and for so many entities.
SMALLEST = 16 << 20
FEWEST, MOST = 20_000, 250_000

#: Writes the rows of some entities as text, without headers.
Write = Callable[[TextIO, Flat], None]


class Twin:
    """Another process of this program, which waits to be given one half of the work; ``with`` sees to its end."""

    def __init__(self, session: Session, write: Write) -> None:
        self._session = session
        self._write = write
        self._child = 0
        with contextlib.suppress(OSError):
            if hasattr(os, "fork") and (os.cpu_count() or 1) > 1 and os.path.getsize(session.db) >= SMALLEST:
                self._start()

    def _start(self) -> None:
        if looks_encrypted(self._session.db):
            key_of(self._session, self._session.db)  # asked for once, for both
        here, there = framing.pipe(), framing.pipe()
        self._child = os.fork()
        if self._child:
            os.close(here[0])
            os.close(there[1])
            self._send, self._receive = os.fdopen(here[1], "wb"), os.fdopen(there[0], "rb")
            return
        try:
            stopping.ignore()  # it ends with the other one, which decides about the end
            os.close(here[1])
            os.close(there[0])
            self._work(os.fdopen(here[0], "rb"), os.fdopen(there[1], "wb"))
        finally:
            os._exit(0)  # nothing of this process is to be tidied up a second time

    def _work(self, receive: BinaryIO, send: BinaryIO) -> None:
        """Do the other half: look what there is meanwhile, say how wide it is, hear how wide the whole is, write it."""
        _take(receive)
        connection = open_reading(self._session)
        with no_collection():
            known = look(connection)
            _give(send, (latest_operation(connection), known))
            flat = Flat(connection, _take(receive), known)
            _give(send, flat.widths)
            flat.widths = _take(receive)
            memory = io.BytesIO()
            text = _in_utf8(memory)
            self._write(text, flat)
            text.flush()
            framing.send(send, memory.getvalue())
            send.flush()

    def __enter__(self) -> Twin:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._child:
            for stream in (self._send, self._receive):
                with contextlib.suppress(OSError):
                    stream.close()
            # It only reads. Where nothing was asked of it, it may still be looking what there is.
            with contextlib.suppress(OSError):
                os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)

    def begin(self) -> None:
        """Let it begin: this process has opened the database, and mended in it what was to be mended."""
        if self._child:
            with contextlib.suppress(OSError):
                _give(self._send, "begin")

    def halves(self, connection: sqlite3.Connection, numbers: Sequence[int]) -> tuple[Flat, Callable[[TextIO], None]]:
        """Return the entities to write here, with the widths of them all, and what writes the rows of the others."""
        if self._child and FEWEST <= len(numbers) <= MOST:
            middle = len(numbers) // 2
            with contextlib.suppress(OSError, EOFError):
                latest, known = _take(self._receive)
                if latest == latest_operation(connection):
                    _give(self._send, numbers[middle:])
                    flat = Flat(connection, numbers[:middle], known)
                    widths = _take(self._receive)
                    flat.widths = {kind: max(width, widths[kind]) for kind, width in flat.widths.items()}
                    _give(self._send, flat.widths)
                    return flat, lambda out: self._rest(out, connection, numbers[middle:], flat)
        return Flat(connection, numbers), lambda out: None

    def _rest(self, out: TextIO, connection: sqlite3.Connection, numbers: Sequence[int], half: Flat) -> None:
        """Write the rows of the others: as they come from the other process, or where it has failed here."""
        try:
            text = framing.receive(self._receive)
        except (OSError, EOFError):
            flat = Flat(connection, numbers)
            flat.widths = half.widths
            self._write(out, flat)
        else:
            _write_bytes(out, text)


def _in_utf8(stream: BinaryIO) -> TextIO:
    """Return a stream of text that keeps all of it, as that of a file does."""
    return io.TextIOWrapper(stream, encoding="utf-8", errors="surrogatepass", newline="", write_through=True)


def _write_bytes(out: TextIO, text: bytes) -> None:
    """Write text in UTF-8: as it is where the stream has bytes below."""
    if isinstance(out, io.TextIOWrapper) and out.encoding == "utf-8" and out.errors == "surrogatepass":
        out.flush()
        out.buffer.write(text)
    else:
        out.write(text.decode("utf-8", "surrogatepass"))


def _give(stream: BinaryIO, what: Any) -> None:
    framing.send(stream, pickle.dumps(what, pickle.HIGHEST_PROTOCOL))
    stream.flush()


def _take(stream: BinaryIO) -> Any:
    """Return what the other process gave; raises EOFError where it ended before."""
    return pickle.loads(framing.receive(stream))
