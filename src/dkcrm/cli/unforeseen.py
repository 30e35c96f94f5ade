"""What is said of an error that nobody foresaw: where it was, never what it says, for that may be somebody's data."""

from __future__ import annotations

import os
from collections.abc import Iterator

from dkcrm.errors import DkcrmError, StorageError
from dkcrm.i18n import _
from dkcrm.session import Session

_SHOWN = 3


def told(error: BaseException) -> DkcrmError:
    """Return the error for an exception: its kind and its place.

    With ``DKCRM_DEBUG=1`` it has every place on the way there, with ``DKCRM_DEBUG=data`` what the exceptions say too.
    """
    debug = os.environ.get("DKCRM_DEBUG", "")
    message = _("something unforeseen: {kind} at {place}").format(kind=type(error).__name__, place=_place(error))
    if not debug:
        return DkcrmError(
            message,
            code="internal",
            hint=_("nothing was written; run it again with DKCRM_DEBUG=1 to see where, and report it"),
        )
    hint = None if debug == "data" else _("DKCRM_DEBUG=data says what it was about, which may be data of yours")
    return DkcrmError("\n".join([message, *_way(error, with_data=debug == "data")]), code="internal", hint=hint)


def damage(session: Session) -> DkcrmError | None:
    """Return the error for a database with values that nobody could foresee there, or None where it has none."""
    from dkcrm.store.checks import strange_values
    from dkcrm.store.connection import open_reading

    try:
        connection = open_reading(session)
        try:
            strange = strange_values(connection)
        finally:
            connection.close()
    except Exception:  # what is told then is what there was to tell first
        return None
    if not strange:
        return None
    return StorageError(
        _("the database is damaged: {path} ({where})").format(path=session.db, where=", ".join(list(strange)[:_SHOWN])),
        code="corrupt_database",
        hint=_("dkcrm doctor says where; or restore it from a backup"),
    )


def _place(error: BaseException) -> str:
    """Return the innermost line of this program on the way to an exception, as ``services/tasks.py:88``."""
    places = [place for place, ours in _places(error) if ours] or [place for place, _ours in _places(error)]
    return places[-1] if places else "?"


def _places(error: BaseException) -> Iterator[tuple[str, bool]]:
    """Yield each file and line on the way to an exception, the outermost first, and whether it is of this program."""
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename.replace(os.sep, "/")
        _before, ours, rest = name.rpartition("/dkcrm/")
        yield f"{rest if ours else name}:{trace.tb_lineno}", bool(ours)
        trace = trace.tb_next


def _way(error: BaseException, *, with_data: bool) -> Iterator[str]:
    """Yield a line for each place, those of the errors before it first."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _way(before, with_data=with_data)
    for place, _ours in _places(error):
        yield f"  {place}"
    yield type(error).__name__ + (f": {error}" if with_data else "")
