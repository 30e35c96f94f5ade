"""Looking up emails for a mail program, which asks at every key: nothing is imported here but SQLite.

``connection`` checks and explains a database, and imports what that takes; this opens one that is in order, and leaves
every other to it.
"""

from __future__ import annotations

import os

from dkcrm.store.trust import is_trusted

try:
    # The module beneath sqlite3, which brings dates and their adapters along: an eighth of the time of a look-up.
    import _sqlite3 as sqlite3
except ImportError:
    import sqlite3  # type: ignore[no-redef]

#: The schemas in which the tables below are as they are read here; a test holds the last one to ``connection``'s.
SCHEMAS = (1, 2, 3, 4, 5, 6)
MARK = 0x646B6372
Entry = tuple[str, str, str]


def open_plain(path: str) -> sqlite3.Connection | None:
    """Return a read-only connection to a database that is in order, or None: the long road says what is wrong."""
    if not os.path.isfile(path) or os.path.exists(f"{path}.erasing") or not is_trusted(path):
        return None
    quoted = os.path.abspath(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    try:
        connection = sqlite3.connect(f"file:{quoted}?mode=ro", uri=True, timeout=1)
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        mark = connection.execute("PRAGMA application_id").fetchone()[0]
    except sqlite3.Error:
        return None
    if version in SCHEMAS and mark == MARK:
        return connection
    connection.close()
    return None


_SHOWN = (
    "SELECT p.id, p.value, e.name, e.org_name, e.type FROM contact_point p JOIN entity e ON e.id = p.entity_id"
    " WHERE p.kind = 'email' AND e.removed_at IS NULL AND "
)


def lookup(connection: sqlite3.Connection, text: str, limit: int = 100) -> list[Entry]:
    """Return (email, name, what it is) of who has all the words in name, organization or email, by prefix.

    Emails that begin with the text come first, then those of whom the words find, by name; the removed are left out. No
    more is read than is shown: a mail program shows a screenful. A text without a letter or digit finds nobody.
    """
    prefix = text.strip().casefold()
    plain = text.replace('"', " ").replace("\0", " ")
    words = [word for word in plain.split() if any(character.isalnum() for character in word)]
    if not words:
        return []
    entries: dict[int, Entry] = {}
    if " " not in prefix:
        rows = connection.execute(
            f"{_SHOWN} coalesce(p.norm, p.value) >= ?1 AND coalesce(p.norm, p.value) < ?1 || char(1114111) LIMIT ?2",
            (prefix, limit),
        )
        entries = {row[0]: _entry(*row[1:]) for row in rows}
    if len(entries) < limit:
        match = "{name org contact} : (" + " AND ".join(f'"{word}"*' for word in words) + ")"
        rows = connection.execute(
            f"{_SHOWN} p.entity_id IN (SELECT rowid FROM search WHERE search MATCH ?1 LIMIT ?2)"
            " ORDER BY lower(e.name), p.entity_id, p.is_primary DESC, p.id",
            (match, limit),
        )
        for row in rows:
            entries.setdefault(row[0], _entry(*row[1:]))
    return list(entries.values())[:limit]


def _entry(email: str, name: str | None, organization: str | None, type: str) -> Entry:
    about = f"{type}, {organization}" if organization and organization != name else type
    return email, name or "", about
