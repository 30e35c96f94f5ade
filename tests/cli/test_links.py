"""link and unlink: who may belong to whom, role, date and rank, and the link as both ends show it."""

import itertools

import pytest

TYPES = ("suspect", "lead", "prospect", "person", "target", "organization")
RIGHT = [("prospect", "target"), ("person", "organization")]
MIXED = [("prospect", "organization"), ("person", "target")]
WRONG = [pair for pair in itertools.product(TYPES, TYPES) if pair not in RIGHT + MIXED]


def world(crm):
    return len(crm.ok("history", "--limit", 0)), crm.ok("list", "--all")


def pair(crm, member, group):
    crm.add(member, "Anna")
    crm.add(group, "Acme")


@pytest.mark.parametrize(("member", "group"), RIGHT)
def test_both_ends_show_the_link(crm, member, group):
    pair(crm, member, group)
    done = crm.ok("link", 1, 2, "--role", "buyer", "--since", "2026-01-15")
    assert (done["operation"], done["warnings"]) == (3, [])
    one, other = done["entities"]
    link = {"role": "buyer", "since": "2026-01-15", "primary": True}
    assert one["memberships"] == [{"id": 2, "type": group, "name": "Acme", **link}]
    assert other["memberships"] == [{"id": 1, "type": member, "name": "Anna", **link}]
    assert crm.ok("show", 1, 2) == [one, other]


def test_what_is_printed(crm):
    pair(crm, "person", "organization")
    done = crm("link", 1, 2)
    assert done.code == 0
    assert [line.split("\t")[:2] for line in done.out.splitlines()] == [["1", "person"], ["2", "organization"]]
    assert done.err == "linked 1 Anna → 2 Acme (operation 3; undo with: dkcrm undo)\n"
    assert "Acme" in crm("show", 1, "--format", "table").out
    assert "Anna" in crm("show", 2, "--format", "table").out
    done = crm("unlink", 1, 2)
    assert done.err == "unlinked 1 Anna from 2 Acme (operation 4; undo with: dkcrm undo)\n"


def test_without_role_and_date_they_are_null(crm):
    pair(crm, "person", "organization")
    crm.ok("link", "Anna", "Acme")
    (link,) = crm.ok("show", 1)["memberships"]
    assert (link["role"], link["since"], link["primary"]) == (None, None, True)


@pytest.mark.parametrize(("member", "group"), WRONG)
@pytest.mark.parametrize("mixed", [(), ("--mixed",)])
def test_a_pair_that_cannot_be_is_refused(crm, member, group, mixed):
    pair(crm, member, group)
    before = world(crm)
    error = crm.refused(4, "link", 1, 2, *mixed)
    assert error["error"] == "wrong_type"
    assert member in error["message"] and group in error["message"]
    assert "a prospect belongs to a target, a person to an organization" in error["message"]
    assert world(crm) == before


@pytest.mark.parametrize(("member", "group"), [(b, a) for a, b in RIGHT + MIXED])
def test_the_wrong_order_is_refused_and_the_right_one_said(crm, member, group):
    pair(crm, member, group)
    assert "dkcrm link 2 1" in crm.refused(4, "link", 1, 2)["hint"]


@pytest.mark.parametrize("type", ["suspect", "lead"])
@pytest.mark.parametrize("group", ["target", "organization"])
def test_what_is_not_qualified_is_told_what_comes_first(crm, type, group):
    pair(crm, type, group)
    hint = crm.refused(4, "link", 1, 2)["hint"]
    assert "dkcrm qualify 1" in hint if type == "lead" else "--in" in hint or "dkcrm promote 1" in hint


@pytest.mark.parametrize("type", TYPES)
def test_nobody_belongs_to_itself(crm, type):
    crm.add(type, "Anna")
    before = world(crm)
    assert "itself" in crm.refused(4, "link", 1, 1)["message"]
    assert world(crm) == before


@pytest.mark.parametrize(("member", "group"), MIXED)
def test_a_mixed_pair_is_made_only_with_mixed(crm, member, group):
    pair(crm, member, group)
    before = world(crm)
    error = crm.refused(4, "link", 1, 2)
    assert "dkcrm link 1 2 --mixed" in error["hint"]
    right = {"prospect": "target", "person": "organization"}[member]
    assert f"a {member} belongs to a" in error["message"] and right in error["message"]
    assert world(crm) == before
    crm.ok("link", 1, 2, "--mixed")
    assert [(m["id"], m["type"]) for m in crm.ok("show", 1)["memberships"]] == [(2, group)]
    assert [(m["id"], m["type"]) for m in crm.ok("show", 2)["memberships"]] == [(1, member)]


@pytest.mark.parametrize(("buyer", "types"), [(1, ("person", "target")), (2, ("prospect", "organization"))])
def test_a_pair_that_becomes_mixed_by_one_side_s_purchase_is_kept_and_shown(crm, buyer, types):
    pair(crm, "prospect", "target")
    crm.ok("link", 1, 2, "--role", "buyer")
    crm.ok("purchase", buyer, "Plan")
    one, other = crm.ok("show", 1, 2)
    assert (one["type"], other["type"]) == types
    assert [(m["id"], m["type"], m["role"]) for m in one["memberships"]] == [(2, types[1], "buyer")]
    assert [(m["id"], m["type"], m["role"]) for m in other["memberships"]] == [(1, types[0], "buyer")]
    assert "Acme" in crm("show", 1, "--format", "table").out
    assert "Anna" in crm("show", 2, "--format", "table").out


def test_a_mixed_pair_is_changed_and_taken_away_without_mixed(crm):
    pair(crm, "prospect", "target")
    crm.ok("link", 1, 2)
    crm.ok("purchase", 2, "Plan")
    crm.ok("link", 1, 2, "--role", "buyer")
    assert crm.ok("show", 1)["memberships"][0]["role"] == "buyer"
    crm.ok("unlink", 1, 2)
    assert crm.ok("show", 1)["memberships"] == crm.ok("show", 2)["memberships"] == []


def test_many_members_to_one_organization(crm):
    crm.add("organization", "Acme")
    for name in ("Anna", "Bruno", "Carla"):
        crm.ok("link", crm.add("person", name), 1)
    assert [m["name"] for m in crm.ok("show", 1)["memberships"]] == ["Anna", "Bruno", "Carla"]


@pytest.fixture
def three(crm):
    """A person, and three organizations that it belongs to."""
    crm.add("person", "Anna")
    for name in ("Acme", "Bianchi", "Carlo"):
        crm.ok("link", 1, crm.add("organization", name))


def ranks(crm):
    return {m["id"]: m["primary"] for m in crm.ok("show", 1)["memberships"]}


def test_of_several_the_first_is_primary(crm, three):
    assert ranks(crm) == {2: True, 3: False, 4: False}
    assert crm.ok("show", 1)["memberships"][0]["id"] == 2


@pytest.mark.parametrize("number", [2, 3, 4])
def test_primary_moves(crm, three, number):
    crm.ok("link", 1, number, "--primary")
    assert ranks(crm) == {n: n == number for n in (2, 3, 4)}
    assert crm.ok("show", 1)["memberships"][0]["id"] == number


def test_a_new_link_may_be_the_primary_one(crm, three):
    crm.ok("link", 1, crm.add("organization", "Delta"), "--primary")
    assert ranks(crm) == {2: False, 3: False, 4: False, 5: True}


def test_one_stays_primary_when_the_primary_link_goes(crm, three):
    crm.ok("unlink", 1, 2)
    assert ranks(crm) == {3: True, 4: False}
    crm.ok("unlink", 1, 4)
    assert ranks(crm) == {3: True}


def test_linking_again_changes_role_and_date(crm):
    pair(crm, "person", "organization")
    crm.ok("link", 1, 2, "--role", "buyer")
    crm.ok("link", 1, 2, "--since", "2026-02-01")
    crm.ok("link", 1, 2, "--role", "owner")
    (link,) = crm.ok("show", 1)["memberships"]
    assert (link["role"], link["since"]) == ("owner", "2026-02-01")


def test_linking_the_same_again_is_refused(crm):
    pair(crm, "person", "organization")
    crm.ok("link", 1, 2)
    before = world(crm)
    assert "linked already" in crm.refused(4, "link", 1, 2)["message"]
    assert world(crm) == before


def test_unlinking_what_is_not_linked_is_refused(crm):
    pair(crm, "person", "organization")
    before = world(crm)
    error = crm.refused(4, "unlink", 1, 2)
    assert "not linked" in error["message"] and "dkcrm show 1" in error["hint"]
    assert world(crm) == before


@pytest.mark.parametrize("date", ["2026-02-30", "soon", "15/01/2026", "2026-13-01"])
def test_a_date_that_does_not_exist_is_wrong_usage(crm, date):
    pair(crm, "person", "organization")
    before = world(crm)
    assert crm.refused(2, "link", 1, 2, "--since", date)["error"] == "usage"
    assert world(crm) == before


@pytest.mark.parametrize("place", [1, 2])
def test_a_removed_end_is_refused(crm, place):
    pair(crm, "person", "organization")
    crm.ok("rm", place)
    assert f"dkcrm restore {place}" in crm.refused(4, "link", 1, 2)["hint"]


def test_the_history_of_both_ends_has_the_link(crm):
    pair(crm, "person", "organization")
    number = crm.ok("link", 1, 2)["operation"]
    for end in (1, 2):
        assert crm.ok("history", end)[0]["operation"] == number


def test_a_blank_role_takes_the_role_away(crm):
    crm.add("person", "Anna")
    crm.add("organization", "Acme")
    crm.ok("link", 1, 2, "--role", "CEO", "--since", "2024-01-01")
    crm.ok("link", 1, 2, "--role", "")
    (link,) = crm.ok("show", 1)["memberships"]
    assert (link["role"], link["since"]) == (None, "2024-01-01")
    crm.ok("undo")
    assert crm.ok("show", 1)["memberships"][0]["role"] == "CEO"
