"""Functions over text that SQLite calls: folding as filters compare, and regular expressions that end."""

from __future__ import annotations

import re
import sqlite3
import time
import warnings
from collections.abc import Callable
from typing import Any

from dkcrm.domain.text import strip_marks
from dkcrm.i18n import _
from dkcrm.store.explaining import guarded

_REGEX_LIMIT = 200
#: How much of a value a regular expression looks at, and for how long.
_SEARCHED = 2000
_REGEX_SECONDS = 0.5
#: And at all values together: a million of them take some two seconds where nothing explodes.
_REGEX_WHOLE = 20.0


def fold_functions(connection: sqlite3.Connection) -> None:
    """Give a connection the functions ``folded``, and ``digits`` (of a phone, without what is between them)."""
    connection.create_function("folded", 1, guarded(_folded), deterministic=True)
    connection.create_function("digits", 1, guarded(_digits), deterministic=True)


def folded(sql: str) -> str:
    """Return the expression for a text without accents and in one case; plain text never leaves SQLite."""
    return f"CASE WHEN {_plain(sql)} THEN lower({sql}) ELSE folded({sql}) END"


def _plain(sql: str) -> str:
    """Return the condition that a text is ASCII: as many characters as bytes (a GLOB takes five times as long)."""
    return f"length({sql}) = length(CAST({sql} AS BLOB))"


def _folded(value: Any) -> str | None:
    return None if value is None else strip_marks(str(value))


_MARKS = str.maketrans("", "", " -./()+")


def _digits(value: Any) -> str | None:
    return None if value is None else str(value).translate(_MARKS)


def match_function(connection: sqlite3.Connection, name: str, text: str) -> None:
    """Give a connection a function that searches a value for a regular expression. Raises ValueError for what is none.

    What it says is fit for a user.
    """
    if len(text) > _REGEX_LIMIT:
        raise ValueError(_("more than {limit} characters").format(limit=_REGEX_LIMIT))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what may once mean something else
            pattern = re.compile(text, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from error
    connection.create_function(name, 1, guarded(_bounded(pattern)), deterministic=True)


def _bounded(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    """Return a function that searches a value for a pattern and gives up when it takes too long.

    The matcher looks for signals as it runs, so an alarm ends it; the exception ends the query, and
    ``explaining.explain`` says what it means.
    """
    import signal
    import threading

    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return lambda value: value is not None and bool(pattern.search(str(value)[:_SEARCHED]))

    def ring(_number: int, _frame: Any) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, ring)
    spent = 0.0

    def search(value: Any) -> bool:
        nonlocal spent
        if value is None:
            return False
        start = time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, _REGEX_SECONDS)
        try:
            found = bool(pattern.search(str(value)[:_SEARCHED]))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        spent += time.perf_counter() - start
        if spent > _REGEX_WHOLE:
            raise TimeoutError
        return found

    return search
