"""What can go wrong, as classes: each carries its code, exit status, message and hint.

They are raised anywhere and translated once, in ``cli/app.py``. The exit statuses are SPEC.md section 7's.
"""

from __future__ import annotations

from typing import Any

FAILED, USAGE, NOT_FOUND, REFUSED, REJECTED_ROWS, BUSY, INTERRUPTED, READER_GONE = 1, 2, 3, 4, 5, 75, 130, 141


class DkcrmError(Exception):
    """An error that a user is told about; ``code`` is for scripts, ``hint`` is the next step."""

    code = "failed"
    exit_status = FAILED

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        code: str | None = None,
        candidates: list[dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.candidates = candidates or []
        if code:
            self.code = code

    def as_json(self) -> dict[str, Any]:
        """Return the one object that ``--json`` prints on standard error."""
        return {"error": self.code, "message": self.message, "hint": self.hint, "candidates": self.candidates}


class StorageError(DkcrmError):
    """The database cannot be read or written: I/O, corrupt, foreign or newer."""

    code = "storage"


class InvalidInput(DkcrmError):
    """The words of the command are wrong: a value, an option, a filter."""

    code = "usage"
    exit_status = USAGE


class NotFound(DkcrmError):
    """No entity (operation, field, criterion …) answers to that reference."""

    code = "not_found"
    exit_status = NOT_FOUND


class Refused(DkcrmError):
    """A guard of the life cycle does not hold, or the request makes no sense for what is there."""

    code = "refused"
    exit_status = REFUSED


class Ambiguous(Refused):
    """More than one thing answers; ``candidates`` says which and how to name each."""

    code = "ambiguous"


class Conflict(Refused):
    """Something that stands is in the way: a later operation, a value already taken."""

    code = "conflict"


class Busy(DkcrmError):
    """The database stayed locked for as long as the caller was ready to wait."""

    code = "busy"
    exit_status = BUSY
