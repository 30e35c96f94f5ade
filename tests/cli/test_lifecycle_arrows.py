"""Each arrow of the life cycle, from the command line: what it takes, what it prints, and that it is one operation."""

import pytest

PERSON = "market-fit,budget,authority"
ORGANIZATION = "market-interest,budget"
BOTH = "market-fit,budget,authority,market-interest"
TYPES = ("suspect", "lead", "prospect", "person", "target", "organization")
SHORT_CYCLES = ("simple", "lead,person,organization", "suspect,lead,person,organization")


def operations(crm):
    return len(crm.ok("history", "--limit", 0))


def type_of(crm, number):
    return crm.ok("show", number)["type"]


# Direct entry


@pytest.mark.parametrize("type", TYPES)
def test_each_type_may_be_entered_directly(crm, type):
    added = crm.ok("add", type, "Anna Bianchi")
    assert (added["id"], added["type"], added["state"], added["name"]) == (1, type, "active", "Anna Bianchi")
    assert crm.ok("show", 1) == added
    assert [e["id"] for e in crm.ok("list", type)] == [1]


@pytest.mark.parametrize(
    ("words", "party", "name", "organization"),
    [
        (("suspect", "Anna"), "person", "Anna", None),
        (("suspect", "--org", "Acme"), "organization", "Acme", "Acme"),
        (("suspect", "Anna", "--org", "Acme"), "both", "Anna", "Acme"),
        (("lead", "Anna"), "person", "Anna", None),
        (("lead", "--org", "Acme"), "organization", "Acme", "Acme"),
        (("lead", "Anna", "--org", "Acme"), "both", "Anna", "Acme"),
        (("prospect", "Anna"), "person", "Anna", None),
        (("person", "--first", "Anna", "--last", "Bo"), "person", "Anna Bo", None),
        (("target", "Acme"), "organization", "Acme", "Acme"),
        (("organization", "Acme"), "organization", "Acme", "Acme"),
        (("organization", "--org", "Acme"), "organization", "Acme", "Acme"),
    ],
)
def test_the_party_follows_from_the_names(crm, words, party, name, organization):
    added = crm.ok("add", *words)
    assert (added["party"], added["name"], added["organization"]) == (party, name, organization)


@pytest.mark.parametrize("type", TYPES)
def test_an_entity_without_a_name_is_refused(crm, type):
    error = crm.refused(2, "add", type, "--email", "anna@bianchi.it")
    assert "needs" in error["message"]
    assert crm.ok("list") == []


# suspect → lead


def test_logging_an_inbound_interaction_makes_a_lead_of_a_suspect(crm):
    crm.add("suspect", "Anna Bianchi")
    done = crm("log", 1, "email", "Asked for the price list.", "--in")
    assert done.code == 0
    assert done.out.split("\t")[:4] == ["1", "lead", "active", "Anna Bianchi"]
    assert done.err == "logged email from 1 Anna Bianchi (suspect → lead) (operation 2; undo with: dkcrm undo)\n"
    assert operations(crm) == 2


def test_promote_makes_a_lead_of_a_suspect_that_contacted_us_while_leads_were_off(crm):
    crm.ok("config", "set", "types", "suspect,person,organization")
    crm.add("suspect", "Anna Bianchi")
    logged = crm.ok("log", 1, "email", "Hello?", "--in")
    assert logged["entities"][0]["type"] == "suspect"
    assert len(logged["warnings"]) == 1 and "lead" in logged["warnings"][0]
    crm.ok("config", "set", "types", "full")
    before = operations(crm)
    done = crm("promote", 1)
    assert done.code == 0
    assert done.out.split("\t")[:4] == ["1", "lead", "active", "Anna Bianchi"]
    assert "suspect → lead" in done.err
    assert operations(crm) == before + 1


def test_promote_is_refused_while_leads_are_off(crm):
    crm.ok("config", "set", "types", "suspect,person,organization")
    crm.add("suspect", "Anna Bianchi")
    crm.ok("log", 1, "email", "Hello?", "--in")
    assert crm.refused(4, "promote", 1)["error"] == "type_off"
    assert type_of(crm, 1) == "suspect"


@pytest.mark.parametrize("direction", [(), ("--out",)])
def test_outbound_interactions_are_not_enough(crm, direction):
    crm.add("suspect", "Anna Bianchi")
    for text in ("First mail.", "Second mail."):
        assert crm.ok("log", 1, "email", text, *direction)["entities"][0]["type"] == "suspect"
    error = crm.refused(4, "promote", 1)
    assert error["error"] == "no_inbound"
    assert "has not contacted us" in error["message"]
    assert "dkcrm log 1" in error["hint"] and "--in" in error["hint"]
    assert type_of(crm, 1) == "suspect"


def test_a_suspect_that_never_spoke_is_not_promoted(crm):
    crm.add("suspect", "--org", "Acme")
    done = crm("promote", 1)
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("dkcrm: 1 Acme has not contacted us")
    assert "  hint: " in done.err


def test_in_and_out_exclude_each_other(crm):
    crm.add("suspect", "Anna")
    assert crm.refused(2, "log", 1, "email", "x", "--in", "--out")["error"] == "usage"
    assert type_of(crm, 1) == "suspect"


@pytest.mark.parametrize("type", TYPES[1:])
def test_an_inbound_interaction_moves_nothing_but_a_suspect(crm, type):
    crm.add(type, "Anna")
    assert crm.ok("log", 1, "email", "Hello", "--in")["entities"][0]["type"] == type


@pytest.mark.parametrize("words", [("Anna",), ("--org", "Acme"), ("Anna", "--org", "Acme")])
def test_a_suspect_of_any_party_becomes_a_lead_of_the_same_party(crm, words):
    before = crm.ok("add", "suspect", *words)
    after = crm.ok("log", 1, "web", "Form filled in.", "--in")["entities"][0]
    assert {**after, "type": "suspect", "updated_at": None} == {**before, "updated_at": None}


# lead → prospect, target, or both


@pytest.mark.parametrize(
    ("words", "criteria", "becomes"),
    [(("Anna Bianchi",), PERSON, "prospect"), (("--org", "Acme"), ORGANIZATION, "target")],
)
def test_a_lead_with_one_side_becomes_what_that_side_is(crm, words, criteria, becomes):
    before = crm.ok("add", "lead", *words)
    crm.ok("assess", 1, "--yes", criteria)
    done = crm("qualify", 1)
    assert done.code == 0
    assert done.out.split("\t")[:4] == ["1", becomes, "active", before["name"]]
    assert f"{becomes} 1 {before['name']}" in done.err and "(operation 3; undo with: dkcrm undo)" in done.err
    after = crm.ok("show", 1)
    assert (after["id"], after["uid"], after["type"]) == (1, before["uid"], becomes)
    assert [e["id"] for e in crm.ok("list", "--all")] == [1]
    assert operations(crm) == 3


def test_a_lead_with_both_sides_becomes_a_prospect_and_a_target_linked(crm):
    before = crm.ok("add", "lead", "Anna Bianchi", "--org", "Bianchi S.r.l.")
    crm.ok("assess", 1, "--yes", BOTH)
    done = crm.ok("qualify", 1)
    assert done["operation"] == 3 and done["warnings"] == []
    prospect, target = sorted(done["entities"], key=lambda e: e["id"])
    assert (prospect["id"], prospect["uid"], prospect["type"]) == (1, before["uid"], "prospect")
    assert (prospect["party"], prospect["name"], prospect["organization"]) == ("person", "Anna Bianchi", None)
    assert (target["type"], target["party"], target["name"]) == ("target", "organization", "Bianchi S.r.l.")
    assert [(m["id"], m["type"], m["primary"]) for m in prospect["memberships"]] == [(target["id"], "target", True)]
    assert [(m["id"], m["type"]) for m in target["memberships"]] == [(1, "prospect")]
    assert operations(crm) == 3


# prospect → person, target → organization


@pytest.mark.parametrize(("before", "after"), [("prospect", "person"), ("target", "organization")])
@pytest.mark.parametrize("more", [(), ("--service",)])
def test_a_purchase_makes_a_customer(crm, before, after, more):
    added = crm.ok("add", before, "Anna")
    done = crm("purchase", 1, "Annual plan", *more)
    assert done.code == 0
    assert done.out.split("\t")[:4] == ["1", after, "active", "Anna"]
    assert f"{before} → {after}" in done.err
    now = crm.ok("show", 1)
    assert (now["id"], now["uid"], now["type"]) == (1, added["uid"], after)
    assert operations(crm) == 2


@pytest.mark.parametrize("type", ["person", "organization"])
def test_customers_keep_their_type_whatever_they_buy(crm, type):
    crm.add(type, "Anna")
    for product in ("Annual plan", "Training"):
        assert crm.ok("purchase", 1, product)["entities"][0]["type"] == type


# lead → person, organization or both, in a short cycle


@pytest.mark.parametrize("types", SHORT_CYCLES)
@pytest.mark.parametrize(("words", "becomes"), [(("Anna",), "person"), (("--org", "Acme"), "organization")])
def test_in_a_short_cycle_a_lead_with_one_side_buys(crm, types, words, becomes):
    crm.ok("config", "set", "types", types)
    before = crm.ok("add", "lead", *words)
    done = crm.ok("purchase", 1, "Annual plan")
    assert [(e["id"], e["uid"], e["type"]) for e in done["entities"]] == [(1, before["uid"], becomes)]
    assert [e["id"] for e in crm.ok("list", "--all")] == [1]


@pytest.mark.parametrize("types", SHORT_CYCLES)
def test_in_a_short_cycle_a_lead_with_both_sides_becomes_both_linked(crm, types):
    crm.ok("config", "set", "types", types)
    before = crm.ok("add", "lead", "Anna", "--org", "Acme")
    history = operations(crm)
    done = crm.ok("purchase", 1, "Annual plan")
    person, organization = sorted(done["entities"], key=lambda e: e["id"])
    assert (person["id"], person["uid"], person["type"], person["name"]) == (1, before["uid"], "person", "Anna")
    assert (organization["type"], organization["name"]) == ("organization", "Acme")
    assert [m["id"] for m in person["memberships"]] == [organization["id"]]
    assert [m["id"] for m in organization["memberships"]] == [1]
    assert operations(crm) == history + 1


@pytest.mark.parametrize("types", ["full", "lead,prospect,person,organization", "lead,target,person,organization"])
@pytest.mark.parametrize("words", [("Anna",), ("--org", "Acme"), ("Anna", "--org", "Acme")])
def test_a_lead_does_not_buy_while_prospects_or_targets_are_on(crm, types, words):
    crm.ok("config", "set", "types", types)
    before = crm.ok("add", "lead", *words)
    error = crm.refused(4, "purchase", 1, "Annual plan")
    assert error["error"] == "wrong_type"
    assert "dkcrm qualify 1" in error["hint"]
    assert crm.ok("show", 1) == before
