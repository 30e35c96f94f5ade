"""The short cycle, without prospects and targets: a lead that buys is split, joined or folded."""

import pytest

VAT = "01234567890"


@pytest.fixture(autouse=True)
def simple(crm):
    crm.ok("config", "set", "types", "simple")


def world(crm):
    return len(crm.ok("history", "--limit", 0)), crm.ok("list", "--all")


def types(crm):
    return {entity["id"]: entity["type"] for entity in crm.ok("list", "--all")}


@pytest.mark.parametrize(
    ("words", "becomes"),
    [
        (("Anna",), {1: "person"}),
        (("--org", "Acme"), {1: "organization"}),
        (("Anna", "--org", "Acme"), {1: "person", 2: "organization"}),
    ],
)
def test_a_lead_becomes_its_customers_without_any_criterion(crm, words, becomes):
    before = crm.ok("add", "lead", *words, "--tag", "vip", "--note", "Likes tea.")
    done = crm.ok("purchase", 1, "Plan", "--amount", 1200)
    assert {e["id"]: e["type"] for e in done["entities"]} == becomes == types(crm)
    after = crm.ok("show", 1)
    for name in ("id", "uid", "name", "tags", "notes", "created_at"):
        assert after[name] == before[name]
    assert done["purchase"]["buyer"] == 1
    assert done["purchase"]["also"] == (2 if len(becomes) == 2 else None)
    for number in becomes:
        assert "Plan" in crm("show", number, "--format", "table").out


def test_what_is_printed(crm):
    crm.add("lead", "Anna", "--org", "Acme")
    done = crm("purchase", 1, "Plan")
    assert done.code == 0
    assert [line.split("\t")[:2] for line in done.out.splitlines()] == [["1", "person"], ["2", "organization"]]
    assert "1 Anna bought Plan" in done.err and "(operation 3; undo with: dkcrm undo)" in done.err


def test_an_organization_that_exists_is_joined(crm):
    crm.add("organization", "Acme", "--vat", VAT)
    crm.add("lead", "Anna", "--org", "Acme S.r.l.", "--vat", f"IT {VAT}")
    crm.ok("purchase", 2, "Plan")
    assert types(crm) == {1: "organization", 2: "person"}
    assert [m["id"] for m in crm.ok("show", 2)["memberships"]] == [1]
    assert "Plan" in crm("show", 1, "--format", "table").out


def test_a_person_who_exists_takes_the_lead_in(crm):
    crm.add("person", "Anna", "--email", "anna@acme.it")
    crm.add("lead", "Anna", "--email", "anna@acme.it", "--phone", "02 1234567")
    crm.ok("purchase", 2, "Plan")
    assert types(crm) == {1: "person"}
    now = crm.ok("show", 2)
    assert now["id"] == 1 and [p["value"] for p in now["phones"]] == ["02 1234567"]
    assert "Plan" in crm("show", 1, "--format", "table").out


@pytest.mark.parametrize(
    ("there", "mine", "option"),
    [
        (("person", "Anna Bianchi"), ("Anna Bianchi",), "--prospect"),
        (("organization", "Bianchi SRL"), ("--org", "Bianchi"), "--target"),
        (("organization", "Zenith", "--website", "acme.it"), ("--org", "Acme", "--website", "www.acme.it"), "--target"),
    ],
)
def test_a_likeness_is_exit_4_and_answered(crm, there, mine, option):
    crm.add(*there)
    crm.add("lead", *mine)
    before = world(crm)
    error = crm.refused(4, "purchase", 2, "Plan")
    assert [c["use"] for c in error["candidates"]] == [f"{option} 1", f"{option} new"]
    assert world(crm) == before
    crm.ok("purchase", 2, "Plan", option, "new")
    assert types(crm) == {1: there[0], 2: there[0]}
    crm.ok("undo")
    crm.ok("purchase", 2, "Plan", option, 1)
    assert types(crm) == {1: there[0]}
    assert crm.ok("show", 2)["id"] == 1


def test_a_lead_may_buy_together_with_an_organization(crm):
    crm.add("lead", "Anna")
    crm.add("organization", "Acme")
    done = crm.ok("purchase", 1, "Plan", "--also", 2)
    assert types(crm) == {1: "person", 2: "organization"}
    assert done["purchase"]["also"] == 2


@pytest.mark.parametrize("words", [("Anna",), ("--org", "Acme")])
def test_voiding_gives_the_lead_back(crm, words):
    before = crm.ok("add", "lead", *words)
    crm.ok("purchase", 1, "Plan")
    crm.ok("purchase", "void", 1)
    assert {**crm.ok("show", 1), "updated_at": None} == {**before, "updated_at": None}


def test_a_disqualified_lead_does_not_buy_before_it_is_reopened(crm):
    crm.add("lead", "Anna")
    crm.ok("disqualify", 1, "--reason", "x")
    before = world(crm)
    assert "dkcrm reopen 1" in crm.refused(4, "purchase", 1, "Plan")["hint"]
    assert world(crm) == before


@pytest.mark.parametrize("check", [(), ("--check",), ("--override", "x")])
@pytest.mark.parametrize("words", [("Anna",), ("--org", "Acme"), ("Anna", "--org", "Acme")])
def test_qualify_is_refused_and_says_that_a_purchase_is_the_way(crm, words, check):
    crm.add("lead", *words)
    before = world(crm)
    error = crm.refused(4, "qualify", 1, *check)
    assert error["error"] == "type_off" and "dkcrm purchase 1" in error["hint"]
    assert world(crm) == before


@pytest.mark.parametrize(
    ("types_on", "words", "off"),
    [
        ("lead,prospect,person,organization", ("--org", "Acme"), "target"),
        ("lead,prospect,person,organization", ("Anna", "--org", "Acme"), "target"),
        ("lead,target,person,organization", ("Anna",), "prospect"),
        ("lead,target,person,organization", ("Anna", "--org", "Acme"), "prospect"),
    ],
)
def test_with_one_of_both_off_its_side_is_not_qualified(crm, types_on, words, off):
    crm.ok("config", "set", "types", types_on)
    crm.add("lead", *words)
    before = world(crm)
    error = crm.refused(4, "qualify", 1, "--override", "x")
    assert error["error"] == "type_off" and off in error["message"] and "dkcrm config types" in error["hint"]
    assert world(crm) == before


@pytest.mark.parametrize(("on", "words"), [("prospect", ("Anna",)), ("target", ("--org", "Acme"))])
def test_with_one_of_both_on_its_side_is_qualified(crm, on, words):
    crm.ok("config", "set", "types", f"lead,{on},person,organization")
    crm.add("lead", *words)
    assert crm.ok("qualify", 1, "--override", "x")["entities"][0]["type"] == on


@pytest.mark.parametrize(
    "words",
    [("promote", 1), ("link", 1, 2), ("purchase", 2, "Plan", "--also", 1), ("lose", 1, "--reason", "x")],
    ids=lambda words: words[0],
)
def test_no_hint_leads_to_a_command_that_will_be_refused(crm, words):
    crm.add("lead", "Anna")
    crm.add("organization", "Acme")
    error = crm.refused(4, *words)
    assert "dkcrm qualify" not in (error["hint"] or "")


def test_a_lead_with_both_sides_and_a_third_buyer_loses_none_of_them(crm):
    crm.add("organization", "Zenith")
    crm.add("lead", "Anna", "--org", "Acme")
    before = world(crm)
    if crm("purchase", 2, "Plan", "--also", 1).code == 4:
        assert world(crm) == before
    else:
        for entity in crm.ok("list", "--all"):
            assert "Plan" in crm("show", entity["id"], "--format", "table").out
