"""Likenesses among many: nothing is lost in blocks, whatever the text; clusters are not chains."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dkcrm.domain.matching import blocks
from dkcrm.domain.matching.clusters import certain, clusters
from dkcrm.domain.matching.commonness import Commonness
from dkcrm.domain.matching.keys import keys
from dkcrm.domain.matching.likeness import likeness
from dkcrm.domain.matching.pairs import Against, Matcher, pairs
from dkcrm.domain.matching.party import EITHER, ORGANIZATION, PERSON, Address, Party, party

GIVEN = "Anna Carla Piero Giuseppe Beppe Luigi Gigi Robert Bob Maria Mario".split()
FAMILY = "Zanella Zanela Boscolo Tessari Rossi Bianchi De_Luca Smith Smyth".split()
TOWNS = "Treviso Vicenza Bari Trevsio".split()

text = st.text(max_size=25)
near = st.one_of(
    text, st.sampled_from([*GIVEN, *FAMILY, *TOWNS, "Zanella S.r.l.", "a@z.it", "+39 333 1234567", "-", "."])
)
maybe = st.one_of(st.none(), near)
addresses = st.lists(st.builds(Address, maybe, maybe, maybe, maybe, maybe, maybe), max_size=2)
anything = st.builds(
    party,
    st.integers(0, 9),
    side=st.sampled_from([EITHER, PERSON, ORGANIZATION]),
    name=maybe,
    first=maybe,
    last=maybe,
    organization=maybe,
    emails=st.lists(near, max_size=2),
    phones=st.lists(near, max_size=2),
    addresses=addresses,
    vat_id=maybe,
    tax_code=maybe,
    website=maybe,
    fields=st.dictionaries(st.sampled_from(["birth date", "passport", "colour"]), near, max_size=2),
)


def test_a_blank_name_is_no_name() -> None:
    blank, anna = party(1, name=" ", first=" ", last="\t"), party(2, name="Anna")
    assert likeness(blank, anna) == likeness(party(1), anna)


@given(anything, anything)
@settings(max_examples=300, deadline=None)
def test_a_likeness_is_the_same_from_either_side_and_any_text_has_one(a: Party, b: Party) -> None:
    found = likeness(a, b)
    assert found == likeness(b, a)
    assert 0.0 <= found.score <= 1.0
    assert all(isinstance(value, str) and value for _kind, value in keys(a))


@given(st.lists(anything, max_size=6))
@settings(max_examples=100, deadline=None)
def test_what_is_told_of_many_is_told_of_two(parties: list[Party]) -> None:
    matcher = Matcher(parties)
    for pair in matcher.pairs(0.5):
        assert abs(matcher.likeness(pair.a, pair.b).score - pair.score) < 0.001


@given(st.sampled_from(GIVEN), st.sampled_from(FAMILY), st.sampled_from(TOWNS))
def test_whoever_has_an_email_is_like_herself(first: str, last: str, town: str) -> None:
    one = party(1, first=first, last=last, emails=[f"{first}.{last}@post.it"], addresses=[Address(city=town)])
    assert likeness(one, one).score > 0.95


def crowd(count: int, seed: int = 7) -> list[Party]:
    """Return people and organizations of few names, a third of them copies with something wrong or missing."""
    chance = random.Random(seed)
    made: list[dict[str, Any]] = []
    originals: list[dict[str, Any]] = []
    for number in range(count):
        if made and chance.random() < 0.35:
            values = dict(chance.choice(originals))
            for name in chance.sample(sorted(values), 2):
                value = values[name]
                if name in ("phone", "email", "birth", "street") and chance.random() < 0.4:
                    values[name] = ""
                elif value:
                    at = chance.randrange(len(value))
                    values[name] = value[:at] + value[at + 1 :]
        else:
            syllables = "".join(chance.choice(["ba", "ze", "lo", "mi", "nu", "ra", "te"]) for _ in range(3)).title()
            first, last = chance.choice(GIVEN), chance.choice([*FAMILY, syllables]).replace("_", " ")
            values = {
                "first": first, "last": last, "email": f"{first}.{last}{number}@post.it".replace(" ", "").lower(),
                "phone": f"+39333{chance.randrange(10**7):07}", "town": chance.choice(TOWNS),
                "street": f"Via {syllables} {chance.randrange(1, 99)}",
                "birth": f"19{chance.randrange(40, 99)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
            }  # fmt: skip
            originals.append(values)
        made.append(values)
    return [
        party(
            number,
            side=PERSON,
            first=values["first"],
            last=values["last"],
            emails=[values["email"]],
            phones=[values["phone"]],
            addresses=[Address(street=values["street"], city=values["town"])],
            fields={"birth date": values["birth"]},
        )
        for number, values in enumerate(made)
    ]


def test_blocks_find_what_comparing_all_finds() -> None:
    matcher = Matcher(crowd(700))
    found = {tuple(sorted((pair.a.number, pair.b.number))) for pair in matcher.pairs()}
    both = itertools.combinations(matcher.parties, 2)
    every = {(a.number, b.number) for a, b in both if matcher.likeness(a, b).score >= 0.8}
    assert len(every) > 150
    assert found <= every
    assert len(every - found) <= len(every) // 200


def test_large_blocks_are_split_and_not_dropped(monkeypatch: Any) -> None:
    parties = crowd(700)
    found = {tuple(sorted((pair.a.number, pair.b.number))) for pair in pairs(parties)}
    monkeypatch.setattr(blocks, "most_in_a_block", lambda _count: 10)
    fewer = {tuple(sorted((pair.a.number, pair.b.number))) for pair in pairs(parties)}
    assert fewer <= found
    assert len(found - fewer) <= len(found) // 50


def test_each_pair_is_told_once() -> None:
    told = [frozenset((pair.a.number, pair.b.number)) for pair in pairs(crowd(500))]
    assert len(told) == len(set(told))


def test_a_few_against_many_find_the_same_as_all_among_all() -> None:
    parties = crowd(700)
    fresh, known = parties[:60], parties[60:]
    numbers = {each.number for each in fresh}
    among_all = {frozenset((pair.a.number, pair.b.number)) for pair in pairs(parties)}
    found = {frozenset((pair.a.number, pair.b.number)) for pair in Against(fresh, iter(known)).pairs()}
    wanted = {pair for pair in among_all if pair & numbers}
    assert len(wanted) > 15
    assert len(found ^ wanted) <= 1


def test_a_common_value_proves_less_than_a_rare_one() -> None:
    common = Commonness(
        party(n, first=f"Name{n}", last="Zanella" if n % 2 else f"Family{n}", side=PERSON) for n in range(2_000)
    )
    street = {"phones": ["0422 12345678"], "side": PERSON}
    often = likeness(party(1, last="Zanella", **street), party(2, last="Zanella", **street), common)
    seldom = likeness(party(1, last="Family4", **street), party(2, last="Family4", **street), common)
    assert often.score < seldom.score


def test_a_cluster_is_no_chain() -> None:
    assert clusters([(1, 2, 0.99), (2, 3, 0.97), (1, 3, 0.9)]) == [[1, 2, 3]]
    assert clusters([(1, 2, 0.99), (2, 3, 0.81)]) == [[1, 2]]
    assert clusters([(1, 2, 0.99), (3, 4, 0.99), (2, 3, 0.95)]) == [[1, 2], [3, 4]]


def test_who_is_kept_apart_is_in_no_cluster_together() -> None:
    found = clusters([(1, 2, 0.99), (2, 3, 0.98), (1, 3, 0.97), (3, 4, 0.96)], apart=[(3, 1)])
    assert found == [[1, 2], [3, 4]]


@given(
    st.dictionaries(st.tuples(st.integers(0, 12), st.integers(13, 25)), st.floats(0.8, 1.0), max_size=40),
    st.sets(st.tuples(st.integers(0, 12), st.integers(13, 25)), max_size=10),
)
def test_clusters_are_disjoint_and_keep_apart_what_is(scores: Any, apart: Any) -> None:
    found = clusters(((a, b, score) for (a, b), score in scores.items()), apart)
    members = [number for cluster in found for number in cluster]
    assert len(members) == len(set(members))
    assert not any({a, b} <= set(cluster) for cluster in found for a, b in apart)


def test_rapidfuzz_is_imported_only_by_what_compares() -> None:
    code = "import sys, dkcrm.domain.matching; print('rapidfuzz' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_of_what_is_certain_every_two_are_likely() -> None:
    chain = [(1, 2, 0.99), (2, 3, 0.99), (1, 3, 0.5), (4, 5, 0.9)]
    assert certain(chain, 0.98, 0.8) == [[1, 2]]
    assert certain([*chain[:2], (1, 3, 0.85)], 0.98, 0.8) == [[1, 2, 3]]
    assert certain(chain, 0.9, 0.8) == [[1, 2], [4, 5]]
    assert certain([], 0.9, 0.8) == []
