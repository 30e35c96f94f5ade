"""Looking up emails for a mail program, which asks at every key: nothing is imported here but sqlite3.

``connection`` checks and explains a database, and imports what that takes; this opens one that is in order, and leaves
every other to it.
"""

from __future__ import annotations

import os
import sqlite3

#: The schemas in which the tables below are as they are read here; a test holds the last one to ``connection``'s.
SCHEMAS = (1, 2)
MARK = 0x646B6372
#: So many entities that a word finds are looked at: a mail program shows a screenful.
_LOOKED_AT = 500

Entry = tuple[str, str, str]


def open_plain(path: str) -> sqlite3.Connection | None:
    """Return a read-only connection to a database that is in order, or None: the long road says what is wrong."""
    if not os.path.isfile(path):
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


def lookup(connection: sqlite3.Connection, text: str, limit: int = 100) -> list[Entry]:
    """Return (email, name, what it is) of who has all the words in name, organization or email, by prefix.

    Those whose email begins with the text come first, then by name; the removed are left out. A text without a letter
    or digit finds nobody.
    """
    found: dict[int, int] = {}
    prefix = text.strip().casefold()
    if not any(character.isalnum() for character in prefix):
        return []
    if " " not in prefix:
        for (number,) in connection.execute(
            "SELECT entity_id FROM contact_point WHERE kind = 'email' AND coalesce(norm, value) >= ?1"
            " AND coalesce(norm, value) < ?1 || char(1114111) LIMIT ?2",
            (prefix, _LOOKED_AT),
        ):
            found.setdefault(number, 0)
    words = [word.replace('"', " ") for word in text.split() if any(character.isalnum() for character in word)]
    match = "{name org contact} : (" + " AND ".join(f'"{word}"*' for word in words) + ")"
    for (number,) in connection.execute("SELECT rowid FROM search WHERE search MATCH ? LIMIT ?", (match, _LOOKED_AT)):
        found.setdefault(number, 1)
    entries: list[tuple[int, str, Entry]] = []
    numbers = list(found)
    marks = ", ".join("?" * len(numbers))
    for number, email, name, organization, type_ in connection.execute(
        "SELECT e.id, p.value, e.name, e.org_name, e.type FROM entity e JOIN contact_point p ON p.entity_id = e.id"
        f" WHERE e.id IN ({marks}) AND p.kind = 'email' AND e.removed_at IS NULL"
        " ORDER BY e.id, p.is_primary DESC, p.id",
        numbers,
    ):
        rank = 0 if email.casefold().startswith(prefix) else found[number] + 1
        about = f"{type_}, {organization}" if organization and organization != name else type_
        entries.append((rank, (name or "").casefold(), (email, name or "", about)))
    entries.sort()
    return [entry for _rank, _name, entry in entries[:limit]]
