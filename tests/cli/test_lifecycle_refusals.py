"""Each arrow that does not exist: every command on every wrong type, refused with the next step, writing nothing."""

import pytest

TYPES = ("suspect", "lead", "prospect", "person", "target", "organization")
NEXT = {
    "suspect": ("dkcrm log 1", "--in"),
    "lead": ("dkcrm qualify 1",),
    "prospect": ("dkcrm purchase 1",),
    "person": ("dkcrm purchase 1",),
    "target": ("dkcrm purchase 1",),
    "organization": ("dkcrm purchase 1",),
}


def world(crm):
    return len(crm.ok("history", "--limit", 0)), crm.ok("list", "--all")


def cases(*commands):
    return [(words, type) for words, types in commands for type in types]


WRONG = cases(
    (("promote", 1), TYPES[1:]),
    (("qualify", 1), ("suspect", "prospect", "person", "target", "organization")),
    (("qualify", 1, "--check"), ("suspect", "prospect", "person", "target", "organization")),
    (("qualify", 1, "--override", "I know her."), ("suspect", "prospect", "person", "target", "organization")),
    (("assess", 1, "--yes", "budget"), ("prospect", "person", "target", "organization")),
    (("purchase", 1, "Annual plan"), ("suspect", "lead")),
    (("purchase", 1, "Training", "--service"), ("suspect", "lead")),
)


@pytest.mark.parametrize(("words", "type"), WRONG, ids=str)
def test_a_command_on_a_wrong_type_is_refused_with_the_next_step(crm, words, type):
    crm.add(type, "Anna Bianchi")
    before = world(crm)
    error = crm.refused(4, *words)
    assert error["error"] == "wrong_type"
    assert "1 Anna Bianchi" in error["message"] and type in error["message"]
    for part in NEXT[type]:
        assert part in error["hint"]
    assert world(crm) == before


@pytest.mark.parametrize(("words", "type"), WRONG, ids=str)
def test_the_same_refusal_for_people(crm, words, type):
    crm.add(type, "Anna Bianchi")
    done = crm(*words)
    assert (done.code, done.out) == (4, "")
    first, second = done.err.splitlines()
    assert first.startswith("dkcrm: 1 Anna Bianchi")
    assert second.startswith("  hint: ")


STATES = cases(
    (("disqualify", 1, "--reason", "no"), ("suspect", "prospect", "person", "target", "organization")),
    (("lose", 1, "--reason", "no"), ("suspect", "lead", "person", "organization")),
)


@pytest.mark.parametrize(("words", "type"), STATES, ids=str)
def test_a_state_of_another_type_is_refused_and_says_what_would_be_right(crm, words, type):
    crm.add(type, "Anna Bianchi")
    before = world(crm)
    error = crm.refused(4, *words)
    assert error["error"] == "wrong_type"
    assert type in error["message"]
    right = {"lead": "dkcrm disqualify 1", "prospect": "dkcrm lose 1", "target": "dkcrm lose 1"}
    assert right.get(type, "dkcrm set 1 --state inactive") in error["hint"]
    assert world(crm) == before


@pytest.mark.parametrize("type", TYPES)
def test_reopening_what_is_active_is_refused(crm, type):
    crm.add(type, "Anna Bianchi")
    before = world(crm)
    error = crm.refused(4, "reopen", 1)
    assert "active already" in error["message"]
    assert world(crm) == before


@pytest.mark.parametrize("type", TYPES)
def test_voiding_where_nothing_was_bought_is_refused(crm, type):
    crm.add(type, "Anna Bianchi")
    before = world(crm)
    error = crm.refused(4, "purchase", "void", 1)
    assert "1 Anna Bianchi has bought nothing" in error["message"]
    assert world(crm) == before


@pytest.mark.parametrize("type", TYPES)
@pytest.mark.parametrize("other", TYPES)
def test_no_option_sets_a_type(crm, type, other):
    crm.add(type, "Anna Bianchi")
    before = world(crm)
    assert crm.refused(2, "set", 1, "--type", other)["error"] == "usage"
    assert world(crm) == before


@pytest.mark.parametrize(
    "words",
    [
        ("promote", 9),
        ("qualify", 9),
        ("qualify", 9, "--check"),
        ("assess", 9, "--yes", "budget"),
        ("disqualify", 9, "--reason", "x"),
        ("lose", 9, "--reason", "x"),
        ("reopen", 9),
        ("purchase", 9, "Plan"),
        ("purchase", 1, "Plan", "--also", 9),
        ("purchase", "void", 9),
        ("log", 9, "email", "x", "--in"),
        ("link", 1, 9),
        ("link", 9, 1),
        ("unlink", 1, 9),
    ],
    ids=lambda words: " ".join(map(str, words)),
)
def test_nobody_there_is_exit_3(crm, words):
    crm.add("prospect", "Anna Bianchi")
    before = world(crm)
    assert crm.refused(3, *words)["error"] == "not_found"
    assert world(crm) == before


@pytest.mark.parametrize(
    "words",
    [
        ("promote",),
        ("qualify", "Anna"),
        ("assess", "Anna", "--yes", "budget"),
        ("disqualify", "Anna", "--reason", "x"),
        ("purchase", "Anna", "Plan"),
        ("log", "Anna", "email", "x", "--in"),
        ("link", "Anna", 1),
    ],
    ids=lambda words: words[0],
)
def test_a_name_of_two_is_exit_4_with_the_candidates(crm, words):
    crm.add("lead", "Anna", "--email", "a@one.it")
    crm.add("lead", "Anna", "--email", "b@two.it")
    before = world(crm)
    words = words if len(words) > 1 else ("promote", "Anna")
    error = crm.refused(4, *words)
    assert error["error"] == "ambiguous"
    assert [(c["id"], c["use"]) for c in error["candidates"]] == [(1, "1"), (2, "2")]
    assert world(crm) == before


@pytest.mark.parametrize(
    "words",
    [
        ("promote", 1),
        ("qualify", 1),
        ("disqualify", 1, "--reason", "x"),
        ("purchase", 1, "Plan"),
        ("log", 1, "email", "x", "--in"),
    ],
    ids=lambda words: words[0],
)
def test_a_removed_entity_is_refused_and_the_hint_restores_it(crm, words):
    crm.add("lead", "Anna")
    crm.ok("rm", 1)
    before = world(crm)
    error = crm.refused(4, *words)
    assert "dkcrm restore 1" in error["hint"]
    assert world(crm) == before


def test_of_several_references_one_refusal_stops_them_all(crm):
    crm.add("lead", "Anna")
    crm.add("prospect", "Bruno")
    before = world(crm)
    error = crm.refused(4, "disqualify", 1, 2, "--reason", "x")
    assert "2 Bruno" in error["message"]
    assert world(crm) == before


@pytest.mark.parametrize(("command", "type"), [("disqualify", "lead"), ("lose", "prospect"), ("lose", "target")])
@pytest.mark.parametrize("reason", [(), ("--reason", ""), ("--reason", "  ")])
def test_a_reason_is_needed(crm, command, type, reason):
    crm.add(type, "Anna")
    before = world(crm)
    error = crm.refused(2, command, 1, *reason)
    assert "--reason" in error["message"]
    assert world(crm) == before
