"""Leaving the garbage collector off where very many objects are made, none of them garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collection() -> Iterator[None]:
    """Leave the collector off meanwhile: it would look at all of them again and again, for a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # nor is it to look at them afterwards, which is what it would do first
        if collecting:
            gc.enable()
