"""The rows of a table on their way into an import, a block at a time; of a large file another process reads ahead.

Reading, dividing and marking the rows and looking at their emails and phones is a third of an import, and needs nothing
that the rest has: a process that is forked before the database is opened does it, while this one checks and stages what
has come. It ends with the import, however that ends.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import pickle
import signal
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

from dkcrm import stopping
from dkcrm.errors import DkcrmError
from dkcrm.formats.record import Reject, Table
from dkcrm.i18n import _
from dkcrm.services.blocks import Block, blocks, columns_of
from dkcrm.services.framing import pipe, receive, send
from dkcrm.services.points import Points
from dkcrm.services.reading import Reading

#: From so large a file on it is worth while (bytes).
SMALLEST = 4 << 20


class Ahead:
    """Gives the blocks of a file, read ahead where that is worth while; ``with`` sees to the other process's end."""

    def __init__(self, reading: Reading, points: Points | None = None) -> None:
        self._reading = reading
        self._points = points
        self._child = 0

    def __enter__(self) -> Ahead:
        if isinstance(self._reading.source, Table) and hasattr(os, "fork") and (os.cpu_count() or 1) > 1:
            with contextlib.suppress(OSError):
                if self._reading.size >= SMALLEST:
                    self._start()
        return self

    def _start(self) -> None:
        here, there = pipe()
        self._child = os.fork()
        if self._child:
            os.close(there)
            self._receive = os.fdopen(here, "rb")
            return
        try:
            stopping.ignore()  # whoever reads decides about the end
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
            for rows, _looked in blocks(self._reading.items()):
                give("rows", (rows, self._points.look(columns_of(rows)) if self._points else None))
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
                yield Block(*what)
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
