"""What was meant by words that nothing has: the nearest that something has."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

from dkcrm.domain.text import fold
from dkcrm.store.fulltext import quoted, split_words, words

_LETTERS = "etaonrishdlfcmugypwbvkjxqz0123456789"
#: Shorter words are too near to too many others, and two letters may be wrong only in a long one.
_SHORTEST, _LONG, _LONGEST = 3, 7, 30
_MOST_WORDS = 6
#: How many words of the vocabulary are read for two wrong letters, and how many likely ones are tried.
_MOST_READ, _MOST_TRIED = 100_000, 20


def meant(connection: sqlite3.Connection, text: str) -> str | None:
    """Return a text that finds something and differs from one that finds nothing by typing errors, or None.

    Words that nothing has are put right; where each is somewhere, but never together, one of them is.
    """
    typed = split_words(text)
    if not typed or len(typed) > _MOST_WORDS:
        return None
    unknown = [place for place, word in enumerate(typed) if not _there(connection, words(word))]
    if not unknown:
        return _one_of(connection, typed)
    for place in unknown:
        right = _right(connection, typed, place, [p for p in range(len(typed)) if p not in unknown or p < place])
        if right is None:
            return None
        typed[place] = right
    return " ".join(typed)


def _one_of(connection: sqlite3.Connection, typed: list[str]) -> str | None:
    for place in range(len(typed)):
        right = _right(connection, typed, place, [other for other in range(len(typed)) if other != place])
        if right is not None:
            return " ".join([*typed[:place], right, *typed[place + 1 :]])
    return None


def _right(connection: sqlite3.Connection, typed: list[str], place: int, others: list[int]) -> str | None:
    """Return the word that was meant at a place: one that something has together with the other words."""
    rest = " ".join(typed[other] for other in others if other != place)
    for word in nearest_words(connection, typed[place]):
        if _there(connection, words(f"{rest} {word}")):
            return word
    return None


def nearest_words(connection: sqlite3.Connection, word: str) -> list[str]:
    """Return words of the full text that are a typing error away from one, the likeliest first.

    One error is tried: each word that is one away is looked up, so the size of the vocabulary does not matter. For two,
    a part of the vocabulary is read: what begins with the same two letters, or these the other way round.
    """
    key = fold(word).replace(" ", "")
    if not _SHORTEST <= len(key) <= _LONGEST or not any(c.isalpha() for c in key):
        return []
    likely = [near for near in dict.fromkeys(_one_away(key)) if near != key and _there(connection, quoted(near))]
    if not likely and len(key) >= _LONG:
        likely = _two_away(connection, key)
    swapped = {_swap(key, place) for place in range(len(key) - 1)}
    ranked = sorted(
        (near not in swapped, near[0] != key[0], -_count(connection, near), near) for near in likely[: 10 * _MOST_TRIED]
    )
    return [near for *_rank, near in ranked[:_MOST_TRIED]]


def _there(connection: sqlite3.Connection, match: str) -> bool:
    if not match:
        return True
    row = connection.execute("SELECT 1 FROM search WHERE search MATCH ? LIMIT 1", (match,)).fetchone()
    return row is not None


def _count(connection: sqlite3.Connection, word: str) -> int:
    """Return how many have a word in their name, up to a hundred."""
    sql = "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT 100)"
    row: tuple[int] = connection.execute(sql, (f"{{name org}} : {quoted(word)}",)).fetchone()
    return row[0]


def _swap(word: str, place: int) -> str:
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _one_away(word: str) -> Iterator[str]:
    """Yield the words that differ from one by two letters swapped, or one missing, too many or wrong."""
    letters = dict.fromkeys(_LETTERS + word)
    for place in range(len(word) - 1):
        yield _swap(word, place)
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]
    for place in range(len(word) + 1):
        for letter in letters:
            yield word[:place] + letter + word[place:]
            yield word[:place] + letter + word[place + 1 :]


def _two_away(connection: sqlite3.Connection, word: str) -> list[str]:
    """Return the words of the vocabulary that differ from one by two errors."""
    found = []
    for start in dict.fromkeys((word[:2], word[1::-1])):
        for term in _vocabulary(connection, start, len(word)):
            if distance(word, term, 2) <= 2:
                found.append(term)
    return found


def _vocabulary(connection: sqlite3.Connection, start: str, length: int) -> Iterator[str]:
    """Yield the words of full text that begin with some letters and are about as long."""
    # The table is a view of the index, and temporary; a connection that only reads refuses even that.
    reading = connection.execute("PRAGMA query_only").fetchone()[0]
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute("PRAGMA query_only=OFF")
    connection.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, search, row)")
    connection.execute(f"PRAGMA query_only={int(reading)}")
    for (term,) in connection.execute(
        "SELECT term FROM (SELECT term FROM temp.vocabulary WHERE term >= ?1 AND term < ?1 || char(1114111) LIMIT ?2)"
        " WHERE length(term) BETWEEN ?3 - 2 AND ?3 + 2",
        (start, _MOST_READ, length),
    ):
        if re.fullmatch(r"\w+", term):
            yield term


def distance(one: str, other: str, most: int) -> int:
    """Return how many errors (a letter missing, too many, wrong, or two swapped) two words are apart.

    More than ``most`` is told as one more than that.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, before, row = before, row, [i] + [0] * len(other)
        for j, b in enumerate(other, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], last[j - 2] + 1)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
