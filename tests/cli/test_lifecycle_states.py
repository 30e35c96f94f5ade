"""disqualify, lose and reopen: the state changes, the type stays, and each can be undone."""

import pytest

PERSON = "market-fit,budget,authority"
MOVES = [("disqualify", "lead", "disqualified"), ("lose", "prospect", "lost"), ("lose", "target", "lost")]


@pytest.mark.parametrize(("command", "type", "state"), MOVES)
def test_the_state_changes_and_the_type_stays(crm, command, type, state):
    before = crm.ok("add", type, "Anna", "--tag", "vip")
    done = crm.ok(command, 1, "--reason", "No budget.")
    assert done["operation"] == 2 and done["warnings"] == []
    assert [{**e, "updated_at": None} for e in done["entities"]] == [{**before, "state": state, "updated_at": None}]


@pytest.mark.parametrize(("command", "type", "state"), MOVES)
def test_what_is_printed(crm, command, type, state):
    crm.add(type, "Anna")
    done = crm(command, 1, "--reason", "No budget.")
    assert done.code == 0
    assert done.out.split("\t")[:4] == ["1", type, state, "Anna"]
    assert done.err == f"1 Anna: active → {state} (operation 2; undo with: dkcrm undo)\n"


@pytest.mark.parametrize(("command", "type", "state"), MOVES)
def test_the_reason_is_kept_in_the_history(crm, command, type, state):
    crm.add(type, "Anna")
    crm.ok(command, 1, "--reason", "No budget this year.")
    assert crm.ok("history", 1)[0]["record"] == {"reason": "No budget this year."}
    assert "No budget this year." in crm("history", 1).out


@pytest.mark.parametrize(("command", "type", "state"), MOVES)
def test_reopen_sets_it_back(crm, command, type, state):
    crm.add(type, "Anna")
    crm.ok(command, 1, "--reason", "No budget.")
    done = crm("reopen", 1)
    assert done.code == 0
    assert done.out.split("\t")[:4] == ["1", type, "active", "Anna"]
    assert f"{state} → active" in done.err


@pytest.mark.parametrize(("command", "type", "state"), MOVES)
def test_undo_and_redo(crm, command, type, state):
    before = crm.ok("add", type, "Anna")
    after = crm.ok(command, 1, "--reason", "No budget.")["entities"][0]
    reopened = crm.ok("reopen", 1)["entities"][0]
    for expected in (after, before):
        crm.ok("undo")
        assert crm.ok("show", 1) == expected
    for expected in (after, reopened):
        crm.ok("redo")
        assert crm.ok("show", 1) == expected


@pytest.mark.parametrize(("command", "type", "state"), MOVES)
def test_twice_is_refused(crm, command, type, state):
    crm.add(type, "Anna")
    crm.ok(command, 1, "--reason", "No budget.")
    error = crm.refused(4, command, 1, "--reason", "Again.")
    assert f"{state} already" in error["message"]
    assert len(crm.ok("history")) == 2


def test_a_disqualified_lead_is_not_qualified_until_it_is_reopened(crm):
    crm.add("lead", "Anna")
    crm.ok("assess", 1, "--yes", PERSON)
    crm.ok("disqualify", 1, "--reason", "Gone quiet.")
    error = crm.refused(4, "qualify", 1)
    assert "disqualified" in error["message"] and "dkcrm reopen 1" in error["hint"]
    crm.ok("reopen", 1)
    assert crm.ok("qualify", 1)["entities"][0]["type"] == "prospect"


def test_answers_survive_and_later_ones_are_added_to_the_record(crm):
    crm.add("lead", "Anna")
    crm.ok("assess", 1, "--yes", "market-fit,budget", "--no", "authority", "--note", "Her boss decides.")
    crm.ok("disqualify", 1, "--reason", "Not hers to decide.")
    crm.ok("reopen", 1)
    crm.refused(4, "qualify", 1)
    crm.ok("assess", 1, "--yes", "authority", "--note", "She is the boss now.")
    crm.ok("qualify", 1)
    given = [
        (change["field"], change["after"])
        for operation in reversed(crm.ok("history", 1))
        for change in operation["changes"]
        if change["table"] == "assessment" and change["field"] in ("answer", "note")
    ]
    answers = [value for field, value in given if field == "answer"]
    assert sorted(answers) == ["no", "yes", "yes", "yes"] and answers[-1] == "yes"
    notes = [value for field, value in given if field == "note"]
    assert "Her boss decides." in notes and notes[-1] == "She is the boss now."


def test_reopen_takes_a_reason_too(crm):
    crm.add("lead", "Anna")
    crm.ok("disqualify", 1, "--reason", "No budget.")
    crm.ok("reopen", 1, "--reason", "New budget.")
    assert crm.ok("history", 1)[0]["record"] == {"reason": "New budget."}


@pytest.mark.parametrize("type", ["suspect", "lead", "prospect", "person", "target", "organization"])
def test_an_inactive_entity_of_any_type_is_reopened(crm, type):
    crm.add(type, "Anna", "--state", "inactive")
    done = crm.ok("reopen", 1)
    assert (done["entities"][0]["state"], done["entities"][0]["type"]) == ("active", type)


@pytest.mark.parametrize(("command", "type", "state"), MOVES)
def test_many_from_standard_input_are_one_operation(crm, command, type, state):
    for name in ("Anna", "Bruno", "Carla"):
        crm.add(type, name)
    done = crm.ok(command, "-", "--reason", "Fair cancelled.", input="1\nBruno\n\n3\n")
    assert [(e["id"], e["state"]) for e in done["entities"]] == [(1, state), (2, state), (3, state)]
    assert len(crm.ok("history")) == 4
    back = crm.ok("reopen", "-", input="1\n2\n3\n")
    assert [e["state"] for e in back["entities"]] == ["active"] * 3


@pytest.mark.parametrize(("command", "type", "state"), MOVES)
def test_a_dry_run_writes_nothing(crm, command, type, state):
    before = crm.ok("add", type, "Anna")
    done = crm(command, 1, "--reason", "x", "--dry-run")
    assert done.code == 0 and done.err.startswith("dry run, nothing written: ")
    assert crm.ok(command, 1, "--reason", "x", "--dry-run")["operation"] is None
    assert crm.ok("show", 1) == before
    assert len(crm.ok("history")) == 1
