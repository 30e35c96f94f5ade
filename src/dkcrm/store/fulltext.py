"""Words as a query of FTS5: each one quoted, so that nothing in a user's text is an operator."""

from __future__ import annotations

from dkcrm.domain.text import fold


def words(text: str) -> str:
    """Return words as an FTS query: each one quoted, so that nothing in it is an operator, and open at its end."""
    folded = [word for word in text.split() if any(c.isalnum() for c in word)]
    return " AND ".join(_either(word) for word in folded)


def _either(word: str) -> str:
    plain = word.replace('"', " ")
    squashed = fold(plain).replace(" ", "")
    if squashed and squashed != plain.lower():
        return f'("{plain}"* OR "{squashed}"*)'
    return f'"{plain}"*'


def phrase(text: str) -> str:
    """Return a phrase as an FTS query."""
    plain = text.replace('"', " ")
    return f'"{plain}"' if any(c.isalnum() for c in plain) else ""
