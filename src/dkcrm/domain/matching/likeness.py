"""How likely two parties are one, and why: log-likelihood weights, summed (Fellegi and Sunter 1969).

Every value that both have adds bits of evidence: many where a rare value is the same, fewer where a common one is or
where it is only close, negative ones where it differs. What is missing says nothing. One set of weights serves all data.
"""

from __future__ import annotations

from typing import NamedTuple

from rapidfuzz.distance import OSA

from dkcrm.domain.matching.commonness import Commonness
from dkcrm.domain.matching.firms import compare_firms, firm_value
from dkcrm.domain.matching.names import AGREE, compare_names, name_value
from dkcrm.domain.matching.organizations import FREE_MAIL
from dkcrm.domain.matching.party import EITHER, ORGANIZATION, PERSON, ROLES, Party, names_a_code
from dkcrm.domain.matching.places import compare_places, places_of

#: Bits for odds of 4 to 1, a score of 0.8.
_SCALE = 1.5
#: What two parties come to at most: whose names plainly differ, whose names alone agree, who only share a company.
_DIFFERENT, _NAME_ONLY, _SHARED = -1.5, 2.2, 2.2
_USUAL = Commonness()


class Likeness(NamedTuple):
    """How likely two parties are one, 0 to 1, and the reasons in words, the weightiest first."""

    score: float
    reasons: list[str]


def likeness(a: Party, b: Party, commonness: Commonness | None = None) -> Likeness:
    """Return how likely two parties are one, and why; ``commonness`` of those among which they are compared."""
    first, second = sorted((a, b), key=_order)
    told: list[tuple[float, str]] = []
    score = weigh(first, second, commonness or _USUAL, told)
    return Likeness(score, [reason for bits, reason in sorted(told, key=lambda pair: -pair[0]) if bits > 0])


def _order(party: Party) -> tuple[object, ...]:
    """Return a key by which two parties always come in the same order."""
    return tuple(getattr(party, name) for name in Party.__slots__ if name != "number")


def score_of(bits: float) -> float:
    """Return the score, 0 to 1, of some bits of evidence."""
    return round(1.0 / (1.0 + 2.0 ** (-max(-60.0, min(60.0, bits)) / _SCALE)), 4)


def weigh(a: Party, b: Party, common: Commonness, told: list[tuple[float, str]] | None = None) -> float:
    """Return the score of two parties, 0 to 1; with ``told`` the reasons are added to it, each with its bits."""
    if a.side != b.side and a.side != EITHER and b.side != EITHER:
        return 0.0
    if a.words and b.words and a.side != ORGANIZATION and b.side != ORGANIZATION:
        return _people(a, b, common, told)
    if (a.side == PERSON or b.side == PERSON) or bool(a.words) != bool(b.words):
        return _mixed(a, b, common, told)
    return _organizations(a, b, common, told)


def _people(a: Party, b: Party, common: Commonness, told: list[tuple[float, str]] | None) -> float:
    """Score two parties with a person's name each; what they share beside must be their own, not their company's."""
    names, verdict = compare_names(a.words, b.words, a.cut, b.cut, common.names)
    if told is not None:
        told.append((names, f"name {name_value(a.words, b.words):.2f}"))
    names = min(names, 20.0)
    own = 0.0  # what only one and the same person has
    own += _codes(a, b, common, told)
    birth = _births(a.birth, b.birth, common, told) if a.birth and b.birth else 0.0
    rest = _contacts(a, b, common, told, person=True)
    if a.org and b.org:
        rest += _employers(a, b, common, told)
    places = _places(a, b, common, told) if a.places and b.places else 0.0
    bits = names + own + birth + rest + places - common.prior
    if verdict != AGREE and own < 8.0:
        bits = min(bits, _DIFFERENT)
    elif birth < -5.0 and own < 8.0:
        bits = min(bits, _DIFFERENT)
    elif own + birth + max(rest, 0.0) + max(places, 0.0) <= 0.5:
        bits = min(bits, _NAME_ONLY)
    return score_of(bits)


def _organizations(a: Party, b: Party, common: Commonness, told: list[tuple[float, str]] | None) -> float:
    """Score two organizations."""
    names, verdict = 0.0, AGREE
    if a.org and b.org:
        towns = places_of(a.places) | places_of(b.places)
        names, verdict = compare_firms(a.org, b.org, common.firms, towns)
        if told is not None:
            told.append((names, f"name {firm_value(a.org, b.org):.2f}"))
    codes = _codes(a, b, common, told)
    rest = _contacts(a, b, common, told, person=False)
    places = _places(a, b, common, told) if a.places and b.places else 0.0
    if places < 0:
        places *= 1.5
    bits = names + codes + rest + places - common.prior
    if verdict != AGREE and codes < 8.0:
        bits = min(bits, _SHARED if names > -4.0 else _DIFFERENT)
    if codes < -5.0:
        bits = min(bits, _DIFFERENT)
    return score_of(bits)


def _mixed(a: Party, b: Party, common: Commonness, told: list[tuple[float, str]] | None) -> float:
    """Score two parties of which one has no person's name: a company in common does not make them one."""
    own = _codes(a, b, common, told)
    if a.birth and b.birth:
        own += _births(a.birth, b.birth, common, told)
    before = own
    rest = 0.0
    own_email = False
    for email in a.emails:
        if email in b.emails and email.partition("@")[0] not in ROLES:
            own_email = True
    rest = _contacts(a, b, common, told, person=True)
    if a.org and b.org:
        rest += _employers(a, b, common, told)
    places = _places(a, b, common, told) if a.places and b.places else 0.0
    bits = own + rest + places - common.prior
    return score_of(bits if own_email or before >= 8.0 else min(bits, _SHARED))


def _codes(a: Party, b: Party, common: Commonness, told: list[tuple[float, str]] | None) -> float:
    """Return the bits of VAT numbers, tax codes and all other fields."""
    bits = 0.0
    if a.vat and b.vat:
        bits += _code(a.vat, b.vat, "VAT number", 20.0, told)
    if a.tax and b.tax:
        bits += _code(a.tax, b.tax, "tax code", 18.0, told)
    if a.fields and b.fields:
        others = dict(b.fields)
        for name, value in a.fields:
            other = others.get(name)
            if other is not None:
                bits += _field(name, value, other, common, told)
    return bits


def _code(a: str, b: str, what: str, most: float, told: list[tuple[float, str]] | None) -> float:
    if a == b or _without_country(a, b):
        if told is not None:
            told.append((most, f"same {what}"))
        return most
    if len(a) >= 6 and len(b) >= 6 and OSA.distance(a, b, score_cutoff=1) == 1:
        if told is not None:
            told.append((5.0, f"{what} but for one character"))
        return 5.0
    return -7.0


def _without_country(a: str, b: str) -> bool:
    """Tell whether two codes are one but for the letters of a country before one of them."""
    short, long = (a, b) if len(a) < len(b) else (b, a)
    return len(long) == len(short) + 2 and long[:2].isalpha() and len(short) >= 7 and long[2:] == short


def _field(name: str, a: str, b: str, common: Commonness, told: list[tuple[float, str]] | None) -> float:
    """Return the bits of a field that both have: codes and rare values prove much, categories little."""
    rarity = common.field(name)
    if a == b:
        bits = rarity[a]
        if told is not None:
            told.append((bits, f"same {name}"))
        return bits
    repeats = common.repeats(name)
    coded = rarity.usual < 0.001 or min(rarity[a], rarity[b]) > 6.0
    if coded and len(a) >= 5 and any(c.isdigit() for c in a) and OSA.distance(a, b, score_cutoff=1) == 1:
        if told is not None:
            told.append((4.0, f"{name} but for one character"))
        return 4.0
    return -3.0 * repeats if coded else -1.0 * repeats


def _births(a: str, b: str, common: Commonness, told: list[tuple[float, str]] | None) -> float:
    """Return the bits of two dates of birth: the same, close (a digit, day and month changed over), or another."""
    if a == b:
        bits, reason = min(12.0, common.births[a]), "same birth date"
    elif OSA.distance(a, b, score_cutoff=1) == 1 or a == b[:4] + b[6:] + b[4:6]:
        bits, reason = 5.0, "birth date close"
    elif a[4:] == b[4:] and OSA.distance(a[:4], b[:4]) <= 2 and a[:2] == b[:2]:
        return -2.0
    elif a[4:] in ("0101", "0000") or b[4:] in ("0101", "0000"):
        return 1.0 if a[:4] == b[:4] else -6.0
    else:
        wrong = OSA.distance(a, b, score_cutoff=2)
        return -2.0 if wrong == 2 and a[:4] == b[:4] else -8.0
    if told is not None:
        told.append((bits, reason))
    return bits


def _contacts(a: Party, b: Party, common: Commonness, told: list[tuple[float, str]] | None, *, person: bool) -> float:
    """Return the bits of emails, phones and domains."""
    bits = 0.0
    if a.phones and b.phones:
        bits = _phones(a.phones, b.phones, common, told)
    if a.emails and b.emails:
        bits += _emails(a, b, common, told, person)
    elif not person and (a.site or b.site):
        bits += _domains(a, b, common, told)
    return bits


def _phones(a: tuple[int, ...], b: tuple[int, ...], common: Commonness, told: list[tuple[float, str]] | None) -> float:
    for phone in a:
        if phone in b:
            bits = max(3.0, 12.0 - _shared(common.shared.get(phone, 0)))
            if told is not None:
                told.append((bits, "same phone"))
            return bits
    for one in a:
        for other in b:
            if OSA.distance(f"{one:09}", f"{other:09}", score_cutoff=1) == 1:
                if told is not None:
                    told.append((4.0, "phone but for one digit"))
                return 4.0
    return -1.0


def _shared(count: int) -> float:
    """Return the bits that a value loses by how many have it."""
    return 2.0 * (count.bit_length() - 2) if count > 3 else 0.0


def _emails(a: Party, b: Party, common: Commonness, told: list[tuple[float, str]] | None, person: bool) -> float:
    """Return the bits of two sets of emails: one in common, two nearly alike, or the same name at two domains."""
    best, reason = -1.0, ""
    for one in a.emails:
        for other in b.emails:
            if one == other:
                own = not person or one.partition("@")[0] not in ROLES
                bits = (18.0 if own else 8.0) - _shared(common.shared.get(one, 0))
                if bits > best:
                    best, reason = max(bits, 4.0), "same email"
                continue
            bits, why = _near(one, other)
            if bits > best:
                best, reason = bits, why
    if reason != "same email" and not person:
        return max(best, _domains(a, b, common, told)) if best <= 0 else best + _tell(told, best, reason)
    if reason:
        _tell(told, best, reason)
    return best


def _tell(told: list[tuple[float, str]] | None, bits: float, reason: str) -> float:
    if told is not None and reason:
        told.append((bits, reason))
    return 0.0


def _near(a: str, b: str) -> tuple[float, str]:
    """Return the bits of two different emails, and the reason."""
    local_a, _at, host_a = a.rpartition("@")
    local_b, _at, host_b = b.rpartition("@")
    if local_a in ROLES or local_b in ROLES:
        return -0.5, ""
    if local_a == local_b:
        if host_a.partition(".")[0] == host_b.partition(".")[0] or OSA.distance(host_a, host_b, score_cutoff=2) <= 2:
            return 9.0, "email but for its domain"
        telling = len(local_a) >= 6 or any(c.isdigit() for c in local_a)
        return (5.0 if telling else 2.5), "same name in email"
    if host_a == host_b and len(local_a) >= 6 and OSA.distance(local_a, local_b, score_cutoff=1) == 1:
        digits = [c for c in local_a if c.isdigit()] != [c for c in local_b if c.isdigit()]
        return (2.0, "") if digits else (8.0, "email but for one character")
    return -1.0, ""


def _domains(a: Party, b: Party, common: Commonness, told: list[tuple[float, str]] | None) -> float:
    """Return the bits of the web domains of two organizations."""
    first = {email.rpartition("@")[2] for email in a.emails} - FREE_MAIL
    second = {email.rpartition("@")[2] for email in b.emails} - FREE_MAIL
    if a.site:
        first.add(a.site)
    if b.site:
        second.add(b.site)
    if not first or not second:
        return 0.0
    both = first & second
    if not both:
        return -1.0
    bits = max(min(11.0, common.domains[domain]) for domain in both)
    _tell(told, bits, "same domain")
    return bits


def _employers(a: Party, b: Party, common: Commonness, told: list[tuple[float, str]] | None) -> float:
    """Return the bits of the organizations of two people: colleagues share one, and people change it."""
    bits, verdict = compare_firms(a.org, b.org, common.firms, set())
    if verdict != AGREE:
        return -1.0
    bits = max(0.0, min(7.0, 0.5 * bits))
    if bits:
        _tell(told, bits, "same organization" if a.org == b.org else f"organization {firm_value(a.org, b.org):.2f}")
    return bits


def _places(a: Party, b: Party, common: Commonness, told: list[tuple[float, str]] | None) -> float:
    """Return the bits of the two addresses that are most alike."""
    best, same = max(compare_places(one, other, common) for one in a.places for other in b.places)
    if same and best > 0:
        _tell(told, best, f"same {same}")
    return best
