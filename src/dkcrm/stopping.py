"""Being told to stop: SIGINT, SIGTERM and SIGHUP end a command where it can end whole, each with its own exit status.

A signal that is ignored when the program starts, as SIGHUP under nohup, stays ignored.
"""

from __future__ import annotations

import signal
import sys
from types import FrameType

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
#: Seconds after which a signal is told again.
_MOMENT = 0.002
_DEFAULT = (signal.SIG_DFL, signal.default_int_handler)


class Stopped(KeyboardInterrupt):
    """The program was told to stop; ``exit_status`` is 128 and the signal's number, as shells have it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_status = 128 + number


#: What was raised because of a signal: whoever calls back into Python (SQLite) tells no more of it than that it failed.
_told: list[Stopped] = []


def listen() -> None:
    """Let the signals that ask for an end raise ``Stopped``, from here on."""
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) in _DEFAULT:
            signal.signal(number, _stop)
    sys.unraisablehook = _swallowed


def ignore() -> None:
    """Take no more notice of these signals: the end has begun, or another process decides about it."""
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_IGN)
    if hasattr(signal, "SIGALRM") and signal.getsignal(signal.SIGALRM) is _again:
        signal.signal(signal.SIGALRM, signal.SIG_IGN)


def told() -> Stopped | None:
    """Return what the first signal raised, or None."""
    return _told[0] if _told else None


def _stop(number: int, _frame: FrameType | None) -> None:
    error = Stopped(number)
    _told.append(error)
    raise error


def _swallowed(lost: sys.UnraisableHookArgs) -> None:
    """Raise what a signal raised once more, a moment later, where it came in the midst of what cannot raise.

    That is what Python calls by the way, as the end of an object: it only tells what was raised there, and goes on.
    """
    if isinstance(lost.exc_value, Stopped) and hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, _again)
        signal.setitimer(signal.ITIMER_REAL, _MOMENT)
    else:
        sys.__unraisablehook__(lost)


def _again(_number: int, _frame: FrameType | None) -> None:
    raise _told[0]
