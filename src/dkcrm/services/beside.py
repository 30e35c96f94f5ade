"""A check that SQLite makes for the most part, in a thread beside: meanwhile it leaves the interpreter to others."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from typing import Any

from dkcrm.store import engine


class Beside:
    """Does some work on a connection of its own; ``with`` sees to its end, at once where something went wrong here."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], work: Callable[[sqlite3.Connection], Any]) -> None:
        self._connect = connect
        self._work = work
        self._connection: sqlite3.Connection | None = None
        self._result: Any = None
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            self._connection = self._connect()
            try:
                self._result = self._work(self._connection)
            finally:
                self._connection.close()
        except Exception as error:
            self._error = error

    def result(self) -> Any:
        """Return what the work has come to, once it is done; raises what it raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._result

    def __enter__(self) -> Beside:
        self._thread.start()
        return self

    def __exit__(self, kind: object, *_error: object) -> None:
        while kind is not None and self._thread.is_alive():
            # Again and again: what has not begun yet cannot be interrupted.
            if self._connection is not None:
                with contextlib.suppress(*engine.Error):  # it has ended by itself, and is closed
                    self._connection.interrupt()
            self._thread.join(0.05)
        self._thread.join()
