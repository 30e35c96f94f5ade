"""A name given in one piece: what becomes of it when the first or last name in it changes, and what stands for none."""

from __future__ import annotations

import re

#: First and last name.
Parts = tuple[str | None, str | None]


def is_stand_in(name: str | None) -> bool:
    """Tell whether a name is an email: who came with nothing else goes by it until somebody says a name."""
    return bool(name and "@" in name and len(name.split()) == 1)


def with_parts(whole: str, old: Parts, new: Parts) -> str | None:
    """Return a whole name with another first and last name in it; None where it does not tell which words these are.

    ``Dott.ssa Maria Bianchi`` with the last name ``Neri`` is ``Dott.ssa Maria Neri``. It is blank where nothing is left
    of it, and where both parts are new and neither was known: then they say it all.
    """
    if is_stand_in(whole) and any(new):
        return ""
    unknown: list[str | None] = []
    for was, now, which in ((old[0], new[0], 0), (old[1], new[1], -1)):
        places = _places(whole, was)
        if was == now:
            continue
        if places:
            start, end = places[which]
            whole = " ".join(f"{whole[:start]}{now or ''}{whole[end:]}".split())
        elif now and not _places(whole, now):
            unknown.append(was)
    if unknown:
        return "" if unknown == [None, None] else None
    return whole


def _places(text: str, words: str | None) -> list[tuple[int, int]]:
    """Return where words stand in a text, in whatever case."""
    if not words:
        return []
    return [found.span() for found in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE)]
