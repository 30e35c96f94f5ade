"""Bars of text."""

from __future__ import annotations

_EIGHTHS = " ▏▎▍▌▋▊▉"


def bar(share: float, width: int, ascii: bool = False) -> str:
    """Return a bar for a share from 0 to 1, at most ``width`` cells; anything above 0 is seen."""
    if not share > 0:  # NaN too
        return ""
    share = min(share, 1.0)
    if ascii:
        return "#" * max(round(share * width), 1)
    full, rest = divmod(max(round(share * width * 8), 1), 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")


def percent(share: float, width: int = 10, ascii: bool = False) -> str:
    """Return a share as a percentage with a small bar behind it: `` 25% ██▌``."""
    return f"{share:4.0%} {bar(share, width, ascii)}".rstrip()
