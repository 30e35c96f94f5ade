"""Emails, phones and links of a table, column by column: are they right, and by what are they compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import compress, count

from dkcrm.domain.phone import e164_column, region_of
from dkcrm.domain.values import EMAIL, THREE_DIGITS
from dkcrm.services.rows import Rows

#: What stands between the values of a column that are looked at all at once.
GAP = "\x1f"
#: What may divide two values in a cell, or wrap one.
_DIVIDERS = {
    "email": re.compile(r"[ \t,;:<>|/]"),
    "phone": re.compile(r"[;,/:]"),
    "link": re.compile(r"[ \t;,]|:::"),
}

#: The forms by which the values of each column are compared, and the places of the rows that are not plain.
Looked = tuple[list[Sequence[str]], list[int]]


class Points:
    """Looks at the emails, phones and links of plain rows; one with anything to think about is said not to be plain."""

    def __init__(self, rows: Rows, region: str) -> None:
        self._rows = rows
        self._region = region

    def look(self, cells: Sequence[Sequence[str]]) -> Looked:
        """Look at the columns of some rows."""
        size = len(cells[0])
        plain = [True] * size
        regions: list[str] | None = None
        found: list[Sequence[str]] = []
        by_kind: dict[str, list[Sequence[str]]] = {}
        for at, kind, _label, _label_at in self._rows.points:
            values = cells[at]
            joined = GAP.join(values)
            divided = _DIVIDERS[kind].search
            if divided(joined):
                plain = [mine and not (value and divided(value)) for mine, value in zip(plain, values, strict=True)]
            norms: Sequence[str]
            if kind == "phone":
                regions = regions or self._regions(cells)
                norms = e164_column(values, regions)
                for place, (value, norm) in enumerate(zip(values, norms, strict=True)):
                    if value and (len(value) > 80 or (not norm and not THREE_DIGITS.match(value))):
                        plain[place] = False
                keys: Sequence[str] = [norm or value for norm, value in zip(norms, values, strict=True)]
            else:
                norms = keys = joined.casefold().split(GAP)
                if len(keys) != size:
                    norms = keys = [value.casefold() for value in values]
                match = EMAIL.fullmatch
                for place, value in enumerate(values):
                    if value and (len(value) < 3 if kind == "link" else len(value) > 254 or not match(value)):
                        plain[place] = False
            found.append(norms)
            for other in by_kind.setdefault(kind, []):
                for place, (one, two) in enumerate(zip(keys, other, strict=True)):
                    if one == two and one:
                        plain[place] = False
            by_kind[kind].append(keys)
        return found, list(compress(count(), [not mine for mine in plain]))

    def _regions(self, cells: Sequence[Sequence[str]]) -> list[str]:
        """Return the country of each row's phones: of its first address that says one, else the setting."""
        regions = [""] * len(cells[0])
        for _label, _label_at, parts in self._rows.addresses:
            for at in parts["country"]:
                regions = [mine or country for mine, country in zip(regions, cells[at], strict=True)]
        return [region_of(country) if country else self._region for country in regions]
