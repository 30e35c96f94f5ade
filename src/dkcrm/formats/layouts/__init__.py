"""The files that other programs write, told by their headers; a room a family of programs.

To add a program: a ``Layout`` in the room of its family. Headers are compared by their letters and digits alone, so
``LASTNAME``, ``Last Name`` and ``last_name`` are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module

from dkcrm.formats.headers import squeezed
from dkcrm.formats.layouts.layout import Layout

_ROOMS = ("own", "google", "microsoft", "mail", "salesforce", "hubspot", "crm", "erp", "newsletters", "networks")
_LONGEST = 80


@cache
def layouts() -> tuple[Layout, ...]:
    """Return all layouts, the rooms in their order."""
    return tuple(layout for room in _ROOMS for layout in import_module(f"{__name__}.{room}").LAYOUTS)


def recognise(headers: Sequence[str]) -> Layout | None:
    """Return the layout whose telling headers are all there; of several the one that knows most of the columns."""
    keys = [squeezed(header) if len(header) <= _LONGEST else "" for header in headers]
    have = frozenset(keys)
    told = [layout for layout in layouts() if layout.tells(have)]
    return max(told, key=lambda layout: _known(layout, keys), default=None)


def is_layout_header(header: str) -> bool:
    """Tell whether some program writes a header of this name for something that we take."""
    return len(header) <= _LONGEST and squeezed(header) in _taken_headers()


def _known(layout: Layout, keys: Iterable[str]) -> int:
    """Return how many of the columns a layout knows."""
    return sum(layout.column(key) is not None for key in keys)


@cache
def _taken_headers() -> frozenset[str]:
    """Return the headers of all layouts, squeezed; a number in them stands as 1 to 9."""
    found: set[str] = set()
    for layout in layouts():
        for key, column in layout.columns.items():
            if column.field not in (None, "-"):
                found |= {key.replace("#", str(n)) for n in range(1, 10)} if "#" in key else {key}
    return frozenset(found)
