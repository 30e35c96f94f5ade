"""assess: answers by hand, kept with time and note; yes, no or unknown; a name that both sides have answers both."""

import pytest


def answers(crm, number=1):
    """Return how a lead stands: (side, criterion) -> answer."""
    rows = [line.split("\t") for line in crm("qualify", number, "--check").out.splitlines()]
    return {(row[2], row[3]): row[4] for row in rows}


def test_answers_are_given_with_commas_and_by_repeating(crm):
    crm.add("lead", "Anna")
    crm.ok("assess", 1, "--yes", "budget,market-fit", "--no", "authority")
    assert answers(crm) == {("person", "market-fit"): "yes", ("person", "budget"): "yes", ("person", "authority"): "no"}
    crm.ok("assess", 1, "--no", "budget", "--no", "market-fit", "--yes", "authority")
    assert answers(crm) == {("person", "market-fit"): "no", ("person", "budget"): "no", ("person", "authority"): "yes"}


def test_what_is_printed(crm):
    crm.add("lead", "Anna")
    done = crm("assess", 1, "--yes", "budget")
    assert done.code == 0
    assert done.out.split("\t")[:4] == ["1", "lead", "active", "Anna"]
    assert done.err == (
        "assessed 1 Anna (still unknown: person market-fit, person authority) (operation 2; undo with: dkcrm undo)\n"
    )


def test_the_json_is_that_of_the_life_cycle(crm):
    added = crm.ok("add", "lead", "Anna")
    done = crm.ok("assess", 1, "--yes", "budget", "--note", "She said so.")
    assert list(done)[:3] == ["operation", "entities", "warnings"]
    assert done["operation"] == 2 and done["warnings"] == []
    assert [{**e, "updated_at": None} for e in done["entities"]] == [{**added, "updated_at": None}]


def test_a_name_that_both_sides_have_answers_both(crm):
    crm.add("lead", "Anna", "--org", "Acme")
    crm.ok("assess", 1, "--yes", "budget")
    found = answers(crm)
    assert found["person", "budget"] == found["organization", "budget"] == "yes"


@pytest.mark.parametrize(("words", "side"), [(("Anna",), "person"), (("--org", "Acme"), "organization")])
def test_the_side_that_is_there_is_answered(crm, words, side):
    crm.add("lead", *words)
    crm.ok("assess", 1, "--yes", "budget")
    assert {key for key, answer in answers(crm).items() if answer == "yes"} == {(side, "budget")}


def test_note_and_time_are_kept(crm):
    crm.add("lead", "Anna")
    crm.ok("assess", 1, "--no", "authority", "--note", "Her boss decides.")
    assert "Her boss decides." in crm("qualify", 1, "--check").out
    changes = {c["field"]: c["after"] for c in crm.ok("history", 1)[0]["changes"] if c["table"] == "assessment"}
    assert (changes["answer"], changes["note"]) == ("no", "Her boss decides.")
    assert changes["at"].endswith("Z")


def test_unknown_takes_an_answer_back(crm):
    crm.add("lead", "Anna")
    crm.ok("assess", 1, "--yes", "budget")
    crm.ok("assess", 1, "--unknown", "budget")
    assert answers(crm)["person", "budget"] == "unknown"
    assert "budget" in crm.refused(4, "qualify", 1, "--no-input")["hint"]


def test_earlier_answers_stay_in_the_history(crm):
    crm.add("lead", "Anna")
    for option in ("--yes", "--no", "--unknown"):
        crm.ok("assess", 1, option, "budget")
    given = [
        change["after"]
        for operation in reversed(crm.ok("history", 1))
        for change in operation["changes"]
        if (change["table"], change["field"]) == ("assessment", "answer")
    ]
    assert given == ["yes", "no", "unknown"]


def test_undo_and_redo(crm):
    crm.add("lead", "Anna")
    crm.ok("assess", 1, "--yes", "budget")
    crm.ok("assess", 1, "--no", "budget")
    crm.ok("undo")
    assert answers(crm)["person", "budget"] == "yes"
    crm.ok("undo")
    assert answers(crm)["person", "budget"] == "unknown"
    crm.ok("redo")
    crm.ok("redo")
    assert answers(crm)["person", "budget"] == "no"


def test_many_from_standard_input(crm):
    for name in ("Anna", "Bruno"):
        crm.add("lead", name)
    done = crm.ok("assess", "-", "--yes", "budget", input="Anna\n2\n")
    assert [e["id"] for e in done["entities"]] == [1, 2] and done["operation"] == 3
    assert answers(crm, 1)["person", "budget"] == answers(crm, 2)["person", "budget"] == "yes"


def test_a_dry_run_writes_nothing(crm):
    crm.add("lead", "Anna")
    done = crm("assess", 1, "--yes", "budget", "--dry-run")
    assert done.code == 0 and done.err.startswith("dry run, nothing written: ")
    assert answers(crm)["person", "budget"] == "unknown"
    assert len(crm.ok("history")) == 1


@pytest.mark.parametrize(
    "words", [(), ("--note", "x"), ("--yes", ""), ("--yes", ","), ("--yes", "budget", "--no", "budget")]
)
def test_nothing_answered_or_answered_twice_is_wrong_usage(crm, words):
    crm.add("lead", "Anna")
    assert crm.refused(2, "assess", 1, *words)["error"] == "usage"
    assert len(crm.ok("history")) == 1


def test_a_mistyped_criterion_is_told_the_nearest(crm):
    crm.add("lead", "Anna")
    error = crm.refused(2, "assess", 1, "--yes", "buget,authority")
    assert "buget" in error["message"] and "budget" in error["hint"]
    assert answers(crm)["person", "authority"] == "unknown"


def test_a_suspect_may_be_assessed_before_it_is_a_lead(crm):
    crm.add("suspect", "Anna")
    crm.ok("assess", 1, "--yes", "budget")
    crm.ok("log", 1, "email", "Hello", "--in")
    assert answers(crm)["person", "budget"] == "yes"
