"""One name in several spellings: other alphabets in Latin letters, umlauts written out, given names of two words."""

from __future__ import annotations

from functools import lru_cache

from dkcrm.domain.matching.nicknames import NAMES, NICKNAMES
from dkcrm.domain.text import fold

#: Cyrillic (Russian, Ukrainian, Bulgarian, Serbian) and Greek as passports mostly write them. Accents are off before.
_LETTERS = str.maketrans(
    {
        **dict(zip("абвгдезиклмнопрстуфыэіјўґ", "abvgdeziklmnoprstufyeijug", strict=True)),
        **{"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya"},
        **{"є": "ye", "ђ": "dj", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz"},
        **dict(zip("αβγδεζηικλμνοπρσςτυω", "avgdeziiklmnoprsstyo", strict=True)),
        **{"θ": "th", "ξ": "x", "φ": "f", "χ": "ch", "ψ": "ps"},
    }
)
#: Two Greek letters that are one sound.
_GREEK = (("ου", "ou"), ("αυ", "av"), ("ευ", "ev"), ("μπ", "b"), ("ντ", "nt"), ("γγ", "ng"), ("γκ", "gk"))

#: Umlauts and their kin as they are written where a keyboard has none: Müller, Mueller; Ørjan, Oerjan; Đorđe, Djordje.
_WRITTEN_OUT = (("ue", "u"), ("oe", "o"), ("ae", "a"), ("aa", "a"), ("dj", "d"))

#: First halves of given names that are written as one word or two, and what they are written as.
_HALVES = {
    "giam": "gian", "gian": "gian", "giovan": "gian", "pier": "pier", "maria": "maria", "anna": "anna", "rosa": "rosa",
    "jean": "jean", "marie": "marie", "anne": "anne", "hans": "hans", "karl": "karl", "klaus": "klaus", "jose": "jose",
    "juan": "juan", "luis": "luis", "mary": "mary", "ann": "ann",
}  # fmt: skip
#: Second halves that are no names of the list of diminutives, and some that are only these.
_SECONDS = NAMES | frozenset(
    """battista franco enzo grazia pia rita rosa lisa luisa teresa assunta cristina antonietta gabriella stella elena
    eugenia sole alberto maria paul pierre claude luc marc marie louise christine therese france claire yves noel
    baptiste heinz jurgen juergen dieter otto manuel miguel antonio carlos jane lou beth anne ann""".split()
)


def latin(text: str) -> str:
    """Return folded text of other alphabets in Latin letters: ``сергей`` is ``sergey``."""
    if text.isascii():
        return text
    for two, one in _GREEK:
        text = text.replace(two, one)
    return text.translate(_LETTERS)


@lru_cache(maxsize=1 << 16)
def plain(word: str) -> str:
    """Return a folded word as it is spelt without umlauts, whichever way they were left out."""
    for two, one in _WRITTEN_OUT:
        if two in word:
            word = word.replace(two, one)
    return word


@lru_cache(maxsize=1 << 16)
def halves(word: str) -> tuple[str, ...]:
    """Return the two given names that a word is made of (``giampiero``: ``gian``, ``piero``), or the word alone."""
    if len(word) > 6 and (word in NAMES or word not in NICKNAMES):
        for size in (6, 5, 4, 3):
            first = _HALVES.get(word[:size])
            if first is not None and word[size:] in _SECONDS:
                return first, word[size:]
    return (word,)


def spellings(text: str) -> list[set[str]]:
    """Return for each word of a name the folded words that it may be written as; two halves of a given name are one."""
    found: list[set[str]] = []
    words = text.split()
    for at, word in enumerate(words):
        key = fold(word).replace(" ", "")
        written = {key, plain(key), latin(key), fold("".join(_AS_TWO.get(c, c) for c in word.lower())).replace(" ", "")}
        if len(parts := halves(key)) > 1:
            written.add(parts[1])
        if at and (first := fold(words[at - 1])) in FIRST_HALVES:
            written |= {half + key for half in (first, *_JOINED.get(first, ()))}
        found.append({spelt for spelt in written if len(spelt) > 1})
    return [written for written in found if written]


_AS_TWO = {"ü": "ue", "ö": "oe", "ø": "oe", "ä": "ae", "å": "aa", "đ": "dj"}
_JOINED = dict.fromkeys(("gian", "giovan", "giovanni"), ("gian", "giam", "giovan")) | {"piero": ("pier",)}

#: What stands before another given name: with the first of a name it makes the second one given too.
FIRST_HALVES = frozenset(_HALVES.values()) | {"giovanni", "giovan", "gio", "pietro", "piero", "m"}
