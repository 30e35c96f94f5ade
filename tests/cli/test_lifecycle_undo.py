"""Every step of the life cycle can be undone: each entity's JSON comes back exactly, and redo repeats it."""

import re

import pytest

VAT = "01234567890"
ALL = "market-fit,budget,authority,market-interest"
WHY = ("--override", "Tested elsewhere.")
ANNA = (
    "add",
    "lead",
    "Anna Bianchi",
    "--email",
    "anna@bianchi.it",
    "--phone",
    "02 1234567",
    "--tag",
    "vip",
    "--title",
    "CTO",
)
BOTH = (*ANNA, "--org", "Acme", "--vat", VAT, "--email", "org:info@acme.it", "--website", "acme.com")
ACME = ("--vat", VAT, "--website", "acme.it", "--email", "info@acme.it")
SIMPLE = ("config", "set", "types", "simple")

#: What is there before, and the operation that is undone; the last words of each are it.
STORIES = {
    "log in": [("add", "suspect", "Anna"), ("log", 1, "email", "Hi", "--in")],
    "log out": [("add", "suspect", "Anna"), ("log", 1, "email", "Hi")],
    "assess": [ANNA, ("assess", 1, "--yes", "budget")],
    "qualify person": [ANNA, ("qualify", 1, *WHY)],
    "qualify organization": [("add", "lead", "--org", "Acme", *ACME), ("qualify", 1, *WHY)],
    "qualify both": [BOTH, ("qualify", 1, *WHY)],
    "qualify by criteria": [BOTH, ("assess", 1, "--yes", ALL), ("qualify", 1)],
    "join target": [("add", "target", "Acme", *ACME), BOTH, ("qualify", 2, *WHY)],
    "join organization": [("add", "organization", "Acme", *ACME), BOTH, ("qualify", 2, *WHY)],
    "join by hand": [("add", "target", "Zenith"), BOTH, ("qualify", 2, *WHY, "--target", 1)],
    "fold into prospect": [
        ("add", "prospect", "Anna Bianchi", "--email", "anna@bianchi.it"),
        ANNA,
        ("qualify", 2, *WHY),
    ],
    "fold into person": [("add", "person", "A. Bianchi", "--email", "anna@bianchi.it"), BOTH, ("qualify", 2, *WHY)],
    "fold into target": [
        ("add", "target", "Acme S.r.l.", *ACME),
        ("add", "lead", "--org", "Acme", "--vat", VAT, "--phone", "02 7654321", "--tag", "new"),
        ("qualify", 2, *WHY),
    ],
    "fold and join": [
        ("add", "person", "Anna Bianchi", "--email", "anna@bianchi.it", "--title", "CEO"),
        ("add", "organization", "Acme", *ACME),
        BOTH,
        ("log", 3, "email", "Hi", "--in"),
        ("qualify", 3, *WHY),
    ],
    "qualify many": [ANNA, ("add", "lead", "Bruno"), ("qualify", 1, 2, *WHY)],
    "disqualify": [ANNA, ("disqualify", 1, "--reason", "x")],
    "reopen": [ANNA, ("disqualify", 1, "--reason", "x"), ("reopen", 1)],
    "lose": [("add", "target", "Acme"), ("lose", 1, "--reason", "x")],
    "purchase of a prospect": [("add", "prospect", "Anna"), ("purchase", 1, "Plan", "--amount", 5)],
    "purchase of a target": [("add", "target", "Acme", *ACME), ("purchase", 1, "Plan", "--service")],
    "purchase of both": [BOTH, ("qualify", 1, *WHY), ("purchase", 1, "Plan", "--also", 2)],
    "purchase of a customer": [("add", "person", "Anna"), ("purchase", 1, "Plan")],
    "purchase of one who was lost": [
        ("add", "prospect", "Anna"),
        ("lose", 1, "--reason", "x"),
        ("purchase", 1, "Plan"),
    ],
    "void": [("add", "prospect", "Anna"), ("purchase", 1, "Plan"), ("purchase", "void", 1)],
    "void of both": [BOTH, ("qualify", 1, *WHY), ("purchase", 1, "Plan", "--also", 2), ("purchase", "void", 1)],
    "short cycle, person": [SIMPLE, ANNA, ("purchase", 1, "Plan")],
    "short cycle, organization": [SIMPLE, ("add", "lead", "--org", "Acme", *ACME), ("purchase", 1, "Plan")],
    "short cycle, both": [SIMPLE, BOTH, ("purchase", 1, "Plan")],
    "short cycle, fold": [
        SIMPLE,
        ("add", "person", "Anna Bianchi", "--email", "anna@bianchi.it"),
        ("add", "organization", "Acme", *ACME),
        BOTH,
        ("purchase", 3, "Plan"),
    ],
    "link": [("add", "person", "Anna"), ("add", "organization", "Acme"), ("link", 1, 2, "--role", "buyer")],
    "link again": [
        ("add", "person", "Anna"),
        ("add", "organization", "Acme"),
        ("link", 1, 2),
        ("link", 1, 2, "--role", "buyer", "--since", "2026-01-15"),
    ],
    "link primary": [
        ("add", "person", "Anna"),
        ("add", "organization", "Acme"),
        ("add", "organization", "Zenith"),
        ("link", 1, 2),
        ("link", 1, 3, "--primary"),
    ],
    "unlink": [
        ("add", "person", "Anna"),
        ("add", "organization", "Acme"),
        ("add", "organization", "Zenith"),
        ("link", 1, 2, "--role", "buyer"),
        ("link", 1, 3),
        ("unlink", 1, 2),
    ],
}


def world(crm):
    """Return everything that a user sees of every number, aliases and those that are gone included."""
    numbers = range(1, 6)
    shown = {number: crm("show", number, "--json") for number in numbers}
    cards = [re.sub(r"just now|\d+ \w+ ago", "", crm("show", n, "--format", "table").out) for n in numbers]
    checks = [crm("qualify", number, "--check").out for number in numbers]
    return {number: run.out for number, run in shown.items()}, cards, checks


def tell(crm, story):
    for words in story:
        done = crm.ok(*words)
    return done


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_undo_restores_and_redo_repeats(crm, story):
    tell(crm, story[:-1])
    before = world(crm)
    tell(crm, story[-1:])
    after = world(crm)
    assert after != before
    crm.ok("undo")
    assert world(crm) == before
    crm.ok("redo")
    assert world(crm) == after
    crm.ok("undo")
    assert world(crm) == before


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_it_is_one_operation_that_undo_names(crm, story):
    tell(crm, story[:-1])
    count = len(crm.ok("history", "--limit", 0))
    done = tell(crm, story[-1:])
    assert done["operation"] == count + 1
    assert len(crm.ok("history", "--limit", 0)) == count + 1
    undone = crm.ok("undo", done["operation"])
    assert list(undone)[:3] == ["operation", "entities", "warnings"]
    assert undone["operation"] == count + 2


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_dry_run_writes_nothing(crm, story):
    tell(crm, story[:-1])
    before = world(crm), len(crm.ok("history", "--limit", 0))
    done = crm(*story[-1], "--dry-run")
    assert done.code == 0, done
    assert done.err.splitlines()[0].startswith(("dry run, nothing written: ", "warning: "))
    assert "dry run, nothing written: " in done.err
    assert crm.ok(*story[-1], "--dry-run")["operation"] is None
    assert (world(crm), len(crm.ok("history", "--limit", 0))) == before


def test_undo_is_refused_where_later_work_builds_on_it(crm):
    crm.ok(*BOTH)
    qualified = crm.ok("qualify", 1, *WHY)["operation"]
    bought = crm.ok("purchase", 1, "Plan")["operation"]
    error = crm.refused(4, "undo", qualified)
    assert str(bought) in error["hint"]
    assert [c["operation"] for c in error["candidates"]] == [bought]
    crm.ok("undo", bought)
    crm.ok("undo", qualified)
    assert crm.ok("show", 1)["type"] == "lead"


def test_an_old_answer_can_be_taken_back_by_its_number(crm):
    crm.ok(*ANNA)
    answered = crm.ok("assess", 1, "--yes", "budget")["operation"]
    crm.ok("tag", 1, "later")
    crm.ok("undo", answered)
    assert "budget" in crm.refused(4, "qualify", 1)["hint"]
    assert "later" in crm.ok("show", 1)["tags"]
