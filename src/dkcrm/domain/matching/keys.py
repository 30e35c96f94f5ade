"""By what a likeness is looked for: values that two parties who are one most likely share, whatever else is wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import lru_cache

from dkcrm.domain.matching.codes import born
from dkcrm.domain.matching.nicknames import NICKNAMES
from dkcrm.domain.matching.party import ROLES, Party, domains_of
from dkcrm.domain.matching.words import GENERIC

Key = str | int
Keys = Callable[[Party], Collection[Key]]

_SILENT = str.maketrans("ckqzyjwvph", "cccsigvvph", "aeiouyh")


@lru_cache(maxsize=1 << 16)
def sound(word: str) -> str:
    """Return what is left of a word without vowels and doubled letters: ``lanyon`` and ``lannion`` are ``lnn``."""
    plain = word.replace("ph", "f").replace("dj", "d").translate(_SILENT)
    kept = "".join(c for at, c in enumerate(plain) if at == 0 or plain[at - 1] != c)
    return (word[0] if word[0] in "aeiou" else "") + kept[:5] or word


def emails(party: Party) -> Collection[Key]:
    """Return the emails."""
    return party.emails


def locals_of_emails(party: Party) -> Collection[Key]:
    """Return what stands before the ``@`` of emails, where it tells one person."""
    return [local for email in party.emails if len(local := email.partition("@")[0]) >= 5 and local not in ROLES]


def phones(party: Party) -> Collection[Key]:
    """Return the phones."""
    return party.phones


def codes(party: Party) -> Collection[Key]:
    """Return VAT number and tax code, without a country, and the fields that look like codes."""
    found = []
    for code in (party.vat, party.tax):
        if code:
            found.append(code[2:] if len(code) > 8 and code[:2].isalpha() and code[2:].isdigit() else code)
    for name, value in party.fields:
        if len(value) >= 5 and any(c.isdigit() for c in value):
            found.append(f"{name}:{value}")
    return found


def births(party: Party) -> Collection[Key]:
    """Return the date of birth, or those that a tax code may mean."""
    if party.birth:
        return (party.birth,)
    day = born(party.tax) if party.tax else ""
    return (f"19{day}", f"20{day}") if day else ()


def names(party: Party) -> Collection[Key]:
    """Return each two words of a person's name, in one order, with the names that a diminutive stands for."""
    words = party.words
    if len(words) < 2:
        return words
    if len(words) == 2 and words[0] not in NICKNAMES and words[1] not in NICKNAMES:
        one, other = words
        return (f"{one} {other}" if one < other else f"{other} {one}",)
    found = set()
    for at, one in enumerate(words[:4]):
        for other in words[at + 1 : 4]:
            found.add(f"{one} {other}" if one < other else f"{other} {one}")
            for name in NICKNAMES.get(one, ()):
                found.add(f"{name} {other}" if name < other else f"{other} {name}")
            for name in NICKNAMES.get(other, ()):
                found.add(f"{name} {one}" if name < one else f"{one} {name}")
    return found


def sounds(party: Party) -> Collection[Key]:
    """Return the name as it sounds, a person's before an organization's."""
    words = party.words or party.org
    if len(words) == 2:
        first, last = sound(words[0]), sound(words[1])
        return (f"{first} {last}" if first < last else f"{last} {first}",)
    return (" ".join(sorted(map(sound, words))),) if words else ()


def initials_written(party: Party) -> Collection[Key]:
    """Return each word of a person's name with an initial that is written for another (``j smith``)."""
    words = party.words
    return [f"{word} {one}" for one in words if len(one) == 1 for word in words if len(word) > 1]


def initials_meant(party: Party) -> Collection[Key]:
    """Return each word of a person's name with the initial of each other."""
    words = party.words
    if len(words) == 2:
        first, last = words
        return (f"{first} {last[0]}", f"{last} {first[0]}")
    return {f"{word} {other[0]}" for at, word in enumerate(words) for to, other in enumerate(words) if at != to}


def words_in_places(party: Party) -> Collection[Key]:
    """Return each word of the name, a person's before an organization's, with each town and postcode."""
    if not party.places:
        return ()
    words = party.words or [word for word in party.org if word not in GENERIC]
    return [f"{word} {where}" for place in party.places for where in (place[2], place[3]) if where for word in words]


def streets(party: Party) -> Collection[Key]:
    """Return the longest word of each street with its number, and with the town or postcode."""
    found = []
    for words, numbers, town, code, _region, _country in party.places:
        if words:
            longest = max(words, key=lambda word: (len(word), word))
            if numbers:
                found.append(f"{longest} {numbers[0]}")
            found += [f"{longest} {where}" for where in (town, code) if where]
    return found


def numbers_in_places(party: Party) -> Collection[Key]:
    """Return the house number with the postcode, and with the town."""
    return [f"{place[1][0]} {where}" for place in party.places if place[1] for where in (place[2], place[3]) if where]


def firms(party: Party) -> Collection[Key]:
    """Return an organization's name as a whole, its beginning, and its telling words."""
    words = party.org
    if not words or party.words:
        return ()
    telling = [word for word in words if len(word) >= 3 and word not in GENERIC]
    return ["".join(sorted(words)), party.firm[:6], *telling]


def people_in_firms(party: Party) -> Collection[Key]:
    """Return each word of a person's name with the organization."""
    if not party.org or not party.words:
        return ()
    whole = party.firm[:8]
    return [f"{word} {whole}" for word in party.words]


def domains(party: Party) -> Collection[Key]:
    """Return the web domains of an organization."""
    return () if party.words else domains_of(party)


def name_words(party: Party) -> Collection[Key]:
    """Return the words of the name, a person's before an organization's, for splitting a block."""
    return party.words or party.org


def initials(party: Party) -> Collection[Key]:
    """Return the first letters of the words of the name, for splitting a block."""
    return {word[0] for word in party.words or party.org}


def towns(party: Party) -> Collection[Key]:
    """Return towns and postcodes, for splitting a block."""
    places = party.places
    if len(places) == 1:  # as most have
        town, code = places[0][2:4]
        if town and code:
            return (town, code)
        return (town or code,) if town or code else ()
    return [where for place in places for where in (place[2], place[3]) if where]


def firm(party: Party) -> Collection[Key]:
    """Return the organization's name, for splitting a block."""
    return (party.firm,) if party.firm else ()


def keys(party: Party) -> Iterator[tuple[str, str]]:
    """Yield pairs of a kind (``email``, ``phone``, ``code``, ``name``, ``firm`` …) and a value to look up in a store.

    Who shares none of them with a party can be left out when its likenesses are looked for.
    """
    for kind, of in (("email", emails), ("phone", phones), ("code", codes), ("birth", births), ("name", names),
                     ("sound", sounds), ("firm", firms), ("domain", domains), ("street", streets)):  # fmt: skip
        for key in of(party):
            yield kind, f"{key:09}" if isinstance(key, int) else key
