"""Words as a query of FTS5: each one quoted, so that nothing in a user's text is an operator."""

from __future__ import annotations

from contextlib import closing
from functools import lru_cache

from dkcrm.domain.text import fold
from dkcrm.store import engine

#: More words than this FTS5 does not bear; nobody types so many.
MOST_WORDS = 60


def split_words(text: str) -> list[str]:
    """Return the words of a text that hold a letter or a digit."""
    plain = text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")  # bytes that are no text are nowhere
    return [word for word in plain.split() if any(c.isalnum() for c in word)][:MOST_WORDS]


def words(text: str, columns: str = "", *, open: bool = True) -> str:
    """Return words as an FTS query that wants all of them: nothing in it is an operator.

    ``columns`` are those to look in, with blanks; ``open`` words may go on after their end.
    """
    query = " AND ".join(_either(word, "*" if open else "") for word in split_words(text))
    return f"{{{columns}}} : ({query})" if columns and query else query


def quoted(word: str) -> str:
    """Return a word that is no operator of FTS5: in quotes, without one in it, or a NUL, at which it would end."""
    return '"' + word.replace('"', " ").replace("\0", " ") + '"'


def _either(word: str, end: str) -> str:
    squashed = fold(word.replace('"', " ")).replace(" ", "")
    if squashed and squashed != word.lower():
        return f"({quoted(word)}{end} OR {quoted(squashed)}{end})"
    return f"{quoted(word)}{end}"


def phrase(text: str) -> str:
    """Return a phrase as an FTS query."""
    plain = " ".join(split_words(text.replace('"', " ")))
    return quoted(plain) if plain else ""


@lru_cache(maxsize=1000)
def signs(text: str) -> str:
    """Return a text without a letter or a digit as an FTS query, or a blank where full text has nothing of it.

    What is a letter to it only SQLite knows: emoji that are younger than its tables are.
    """
    plain = quoted(text.encode("utf-8", "replace").decode("utf-8"))
    with closing(engine.memory()) as connection:
        connection.execute("CREATE VIRTUAL TABLE one USING fts5(text, tokenize='unicode61 remove_diacritics 2')")
        connection.execute("INSERT INTO one VALUES (?)", (plain,))
        there = connection.execute("SELECT 1 FROM one WHERE one MATCH ?", (plain,)).fetchone()
    return plain if there else ""
