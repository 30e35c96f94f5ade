"""The folded keys of entities, by which names are referred to and compared: derived, and rebuilt at any time."""

from __future__ import annotations

import sqlite3

from dkcrm.domain.matching import organization_key
from dkcrm.domain.text import fold

#: A code as the indexes compare it; domain/values.py's code_key is its other half.
CODE = "replace(replace(replace(replace(upper({column}), ' ', ''), '.', ''), '-', ''), '/', '')"


def fill_keys(connection: sqlite3.Connection, first: int, last: int) -> None:
    """Compute the folded keys of the entities of a range, by which names are referred to and compared."""
    connection.create_function("fold_name", 1, name_key, deterministic=True)
    connection.create_function("fold_org", 1, org_key, deterministic=True)
    connection.execute(
        "UPDATE entity SET name_key=fold_name(name), org_key=fold_org(org_name) WHERE id BETWEEN ? AND ?", (first, last)
    )


def name_key(name: object) -> str | None:
    """Return the folded form of what stands as a name: none of nothing, nor of what is no text."""
    return fold(name) if name and isinstance(name, str) else None


def org_key(name: object) -> str | None:
    """Return the folded form of what stands as the name of an organization."""
    return organization_key(name) if name and isinstance(name, str) else None
