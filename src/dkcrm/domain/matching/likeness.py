"""How likely two parties are one, and why: log-likelihood weights, summed (Fellegi and Sunter 1969).

Every value that both have adds bits of evidence: many where a rare value is the same, fewer where a common one is or
where it is only close, negative ones where it differs. What is missing says nothing. One set of weights serves
all data.
"""

from __future__ import annotations

from math import log2
from typing import NamedTuple

from dkcrm.domain.matching.codes import ANOTHER_DAY, births_of, codes_contradict, compare_codes
from dkcrm.domain.matching.commonness import Commonness
from dkcrm.domain.matching.contacts import (
    Told,
    compare_domains,
    compare_emails,
    compare_phones,
    own_email,
    tell,
    two_mailboxes,
)
from dkcrm.domain.matching.firms import compare_firms, firm_value, may_be_one
from dkcrm.domain.matching.names import AGREE, FAMILY_DIFFERS, compare_names, name_value, one_is_junior
from dkcrm.domain.matching.organizations import label_of
from dkcrm.domain.matching.party import EITHER, ORGANIZATION, PERSON, Party, domains_of
from dkcrm.domain.matching.places import compare_places, places_of

#: Bits for odds of 4 to 1, a score of 0.8, are twice this.
_SCALE = 1.5
#: Bits that two come to at most: whose names plainly differ, whose names alone agree, who only share a company.
_DIFFERENT, _NAME_ONLY, _SHARED = -1.5, 2.2, 2.2
#: And of whom one is a junior or senior, the other it may be not: father and son share name, home and phone.
_GENERATIONS = 4.7
#: Codes in common that outweigh other names, and what an employer in common proves at most.
_TELLING, _EMPLOYER = 8.0, 8.0
#: A domain of whose emails more have one than this, in bits, is a mail provider's, known or not.
_OWN_DOMAIN = 6.0
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
    odds: float = 2.0 ** (max(-60.0, min(60.0, bits)) / _SCALE)
    return round(odds / (1.0 + odds), 4)


def bits_of(score: float) -> float:
    """Return the bits of evidence that a score takes."""
    if score <= 0.0:
        return -60.0
    odds: float = score / (1.0 - score) if score < 1.0 else 2.0**40
    return _SCALE * log2(odds)


def weigh(a: Party, b: Party, common: Commonness, told: Told = None, least: float = -60.0) -> float:
    """Return the score of two parties, 0 to 1; with ``told`` the reasons are added to it, each with its bits.

    Two who cannot come to ``least`` bits any more get 0, without further comparison.
    """
    if a.side != ORGANIZATION != b.side and a.words and b.words:
        return _people(a, b, common, told, least)
    sides = (a.side, b.side)
    if a.side != b.side and EITHER not in sides:
        return 0.0
    # A lead's name alone may be an organization's, in the wrong field; beside an organization's it is a person's.
    person = any(party.words and party.org for party in (a, b))
    if PERSON in sides or (person and bool(a.words) != bool(b.words)):
        return _mixed(a, b, common, told)
    return _organizations(a, b, common, told, least)


def _people(a: Party, b: Party, common: Commonness, told: Told, least: float) -> float:
    """Score two parties with a person's name each; what they share beside must be their own, not their company's."""
    names, verdict = compare_names(a.words, b.words, a.cut, b.cut, common.names)
    if told is not None:
        tell(told, names, f"name {name_value(a.words, b.words):.2f}")
    own = fields = birth = 0.0
    if a.tax or a.fields or a.vat:
        own, fields = compare_codes(a, b, common, told)
    if a.birth or b.birth:
        birth = births_of(a, b, common, told)
    married = verdict == FAMILY_DIFFERS and birth > 6.0
    apart = own < _TELLING and ((verdict != AGREE and not married) or birth <= ANOTHER_DAY)
    if apart and least > _DIFFERENT:
        return 0.0
    contacts = _contacts(a, b, common, told)
    places = _places(a, b, common, told) if a.places and b.places else 0.0
    bits = min(names, 20.0) + own + fields + birth + contacts + places - common.prior
    if (a.org or a.emails) and (b.org or b.emails) and bits + _EMPLOYER >= least:
        employers = _employers(a, b, common, told)
        bits += employers
        contacts += employers
    beside = max(contacts, 0.0) + max(places, 0.0) + max(fields, 0.0)
    if apart or (verdict != AGREE and own < _TELLING and beside <= 6.0):
        # Born on one day, of one given name, at one address: somebody who has married. Less than that is nobody.
        bits = min(bits, _DIFFERENT)
    elif own + birth + beside <= 0.5:
        bits = min(bits, _NAME_ONLY)
    elif bits > _GENERATIONS and own < _TELLING and birth <= 6.0 and one_is_junior(a.words, b.words):
        bits = _GENERATIONS
    return score_of(bits)


def _organizations(a: Party, b: Party, common: Commonness, told: Told, least: float) -> float:
    """Score two organizations, or whatever has no person's name."""
    names, verdict = 0.0, AGREE
    one, other = a.org or a.words, b.org or b.words
    if one and other:
        names, verdict = compare_firms(one, other, common.firms, places_of(a.places) | places_of(b.places))
        if told is not None:
            tell(told, names, f"name {firm_value(one, other):.2f}")
    codes, fields = compare_codes(a, b, common, told)
    if least > _SHARED and verdict != AGREE and codes < _TELLING:
        return 0.0
    contacts = _contacts(a, b, common, told, person=False)
    places = _places(a, b, common, told) if a.places and b.places else 0.0
    bits = names + codes + fields + contacts + (places if places > 0 else 1.5 * places) - common.prior
    if verdict != AGREE and codes < _TELLING:
        bits = min(bits, _SHARED if names > -4.0 else _DIFFERENT)
    if bool(a.words) != bool(b.words) and len(one) != len(other) and places < _TELLING:
        # A person's name, it may be, beside an organization's that has it in it.
        bits = min(bits, _SHARED)
    if codes < _TELLING and codes_contradict(a, b):
        bits = min(bits, _DIFFERENT)
    elif a.side == b.side == EITHER and two_mailboxes(a, b):
        bits = min(bits, _SHARED)
    return score_of(bits)


def _mixed(a: Party, b: Party, common: Commonness, told: Told) -> float:
    """Score two parties of which one has no person's name: a company in common does not make them one."""
    own, fields = compare_codes(a, b, common, told)
    if a.birth or b.birth:
        own += births_of(a, b, common, told)
    bits = own + fields + _contacts(a, b, common, told) - common.prior
    if a.org and b.org:
        bits += _employers(a, b, common, told)
    if a.places and b.places:
        bits += _places(a, b, common, told)
    return score_of(bits if own >= _TELLING or own_email(a, b) else min(bits, _SHARED))


def _contacts(a: Party, b: Party, common: Commonness, told: Told, *, person: bool = True) -> float:
    """Return the bits of emails, phones and, of organizations, web domains."""
    bits = compare_phones(a.phones, b.phones, common, told, person=person) if a.phones and b.phones else 0.0
    emails = compare_emails(a, b, common, told, person=person) if a.emails and b.emails else 0.0
    if not person and emails <= 0.0:
        domains = compare_domains(a, b, common, told)
        emails = domains if domains > 0.0 else min(emails, domains)
    return bits + emails


def _employers(a: Party, b: Party, common: Commonness, told: Told) -> float:
    """Return the bits of the organizations of two people: colleagues share one, and people change it."""
    bits = 0.0
    if a.org and a.org == b.org:
        bits, reason = sum(common.firms[word] for word in a.org), "same organization"
    elif a.org and b.org and may_be_one(a.org, b.org):
        bits, verdict = compare_firms(a.org, b.org, common.firms, set())
        bits, reason = (bits * 0.6, f"organization {firm_value(a.org, b.org):.2f}") if verdict == AGREE else (0.0, "")
    if bits <= 0.0:
        bits, reason = _by_domain(a, b, common)
    if bits <= 0.0:
        return -1.5 if a.org and b.org else 0.0
    bits = max(1.0, min(_EMPLOYER, 0.85 * bits))
    tell(told, bits, reason)
    return bits


def _by_domain(a: Party, b: Party, common: Commonness) -> tuple[float, str]:
    """Return the bits of the domain that two people have their emails at, or that is called as an organization is."""
    if not set(a.emails).isdisjoint(b.emails):
        return 0.0, ""  # told already
    mine, theirs = domains_of(a), domains_of(b)
    bits = max((common.domains[domain] for domain in mine & theirs), default=0.0)
    if bits >= _OWN_DOMAIN:
        return bits, "same domain"
    for org, domains in ((a.org, theirs), (b.org, mine)):
        name = "".join(org)
        if len(name) >= 4 and any(label_of(domain) == name for domain in domains):
            return sum(common.firms[word] for word in org), "organization as in the email"
    return 0.0, ""


def _places(a: Party, b: Party, common: Commonness, told: Told) -> float:
    """Return the bits of the two addresses that are most alike."""
    best, same = compare_places(a.places[0], b.places[0], common)
    if len(a.places) > 1 or len(b.places) > 1:
        best, same = max(compare_places(one, other, common) for one in a.places for other in b.places)
    if best > 0:
        tell(told, best, f"same {same}" if same else "")
    return best
