"""The rows of a table on their way into an import, a block at a time; of a large file another process reads ahead.

Reading, dividing and marking the rows is a fifth of an import, and needs nothing that the rest has: a process that is
forked before the database is opened does it, while this one checks and stages what has come. It ends with the import,
however that ends.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import pickle
import signal
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO, NoReturn

from dkcrm.errors import DkcrmError
from dkcrm.formats.record import Reject, Table
from dkcrm.i18n import _
from dkcrm.services.framing import receive, send
from dkcrm.services.reading import Item, Reading
from dkcrm.services.rows import fingerprint

#: Rows of a file, each with the mark by which it is known again.
Block = list[tuple[int, str, Any, int]]

#: From so large a file on it is worth while (bytes).
SMALLEST = 4 << 20
_BLOCK = 500


def blocks(items: Iterable[Item]) -> Iterator[Block]:
    """Yield the items of a file in blocks, each item with its mark."""
    rest = iter(items)
    while block := list(islice(rest, _BLOCK)):
        yield [(line, text, item, fingerprint(text)) for line, text, item in block]


class Ahead:
    """Gives the blocks of a file, read ahead where that is worth while; ``with`` sees to the other process's end."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._child = 0

    def __enter__(self) -> Ahead:
        if isinstance(self._reading.source, Table) and hasattr(os, "fork") and (os.cpu_count() or 1) > 1:
            with contextlib.suppress(OSError):
                if self._reading.size >= SMALLEST:
                    self._start()
        return self

    def _start(self) -> None:
        here, there = os.pipe()
        self._child = os.fork()
        if self._child:
            os.close(there)
            self._receive = os.fdopen(here, "rb")
            return
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever reads decides about the end
            os.close(here)
            self._read(os.fdopen(there, "wb"))
        finally:
            os._exit(0)  # nothing of this process is to be tidied up a second time

    def _read(self, stream: BinaryIO) -> None:
        """Read the file and give its blocks, its rejects as they are found out, and at the end what ended it."""

        def give(kind: str, what: Any) -> None:
            send(stream, marshal.dumps((kind, what), 2))

        self._reading.source.rejects.divert(lambda reject: give("reject", (reject.line, reject.reason, reject.row)))
        try:
            for block in blocks(self._reading.items()):
                give("rows", block)
                stream.flush()
            give("end", self._reading.left_out)
        except DkcrmError as error:
            give("error", pickle.dumps(error))
        stream.flush()

    def __exit__(self, *_error: object) -> None:
        if self._child:
            self._receive.close()
            # It holds nothing that a sudden end could harm.
            with contextlib.suppress(OSError):
                os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)

    def __iter__(self) -> Iterator[Block]:
        """Yield the blocks; the source's rejects fill meanwhile. Raises what reading raises."""
        return self._received() if self._child else blocks(self._reading.items())

    def _received(self) -> Iterator[Block]:
        rejects = self._reading.source.rejects
        while True:
            try:
                kind, what = marshal.loads(receive(self._receive))
            except (OSError, EOFError):
                self._ended()
            if kind == "rows":
                yield what
            elif kind == "reject":
                rejects.append(Reject(*what))
            elif kind == "error":
                raise pickle.loads(what)
            else:
                self._reading.left_out = what
                return

    def _ended(self) -> NoReturn:
        raise DkcrmError(
            _("the process that read {path} has ended too soon").format(path=self._reading.path),
            code="io",
            hint=_("nothing was imported; try again"),
        )
