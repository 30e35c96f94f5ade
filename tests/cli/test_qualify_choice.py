"""Saying who it is with --prospect and --target; what matches but is left alone is named in a warning."""

import pytest

VAT = "01234567890"
WHY = ("--override", "Tested elsewhere.")


def world(crm):
    return len(crm.ok("history", "--limit", 0)), crm.ok("list", "--all")


@pytest.mark.parametrize("type", ["target", "organization"])
@pytest.mark.parametrize("reference", ["1", "Bianchi S.r.l.", "info@bianchi.it", "uid"])
def test_target_names_the_one_that_it_is(crm, type, reference):
    there = crm.ok("add", type, "Bianchi S.r.l.", "--email", "info@bianchi.it")
    crm.add("lead", "Anna Verdi", "--org", "Bianchi")
    done = crm.ok("qualify", 2, *WHY, "--target", there["uid"] if reference == "uid" else reference)
    assert {e["id"]: e["type"] for e in done["entities"]} == {1: type, 2: "prospect"}
    assert len(crm.ok("list", "--all")) == 2
    assert [m["id"] for m in crm.ok("show", 1)["memberships"]] == [2]


@pytest.mark.parametrize("type", ["target", "organization"])
def test_target_new_makes_another_one(crm, type):
    before = crm.ok("add", type, "Bianchi S.r.l.")
    crm.add("lead", "Anna Verdi", "--org", "Bianchi")
    done = crm.ok("qualify", 2, *WHY, "--target", "new")
    assert {e["id"]: e["type"] for e in done["entities"]} == {2: "prospect", 3: "target"}
    assert crm.ok("show", 1) == before


@pytest.mark.parametrize("type", ["prospect", "person"])
def test_prospect_names_the_one_that_it_is(crm, type):
    crm.add(type, "Anna Bianchi")
    crm.add("lead", "Anna Bianchi")
    crm.ok("qualify", 2, *WHY, "--prospect", 1)
    assert crm.ok("show", 2)["id"] == 1 and crm.ok("show", 1)["type"] == type
    assert len(crm.ok("list", "--all")) == 1


@pytest.mark.parametrize("type", ["prospect", "person"])
def test_prospect_new_makes_another_one(crm, type):
    before = crm.ok("add", type, "Anna Bianchi", "--email", "anna@bianchi.it")
    crm.add("lead", "Anna Bianchi", "--email", "anna@bianchi.it")
    done = crm.ok("qualify", 2, *WHY, "--prospect", "new")
    assert [(e["id"], e["type"]) for e in done["entities"]] == [(2, "prospect")]
    assert crm.ok("show", 1) == before


def test_both_are_said_at_once(crm):
    crm.add("person", "Anna Bianchi")
    crm.add("organization", "Bianchi")
    crm.add("lead", "Anna Bianchi", "--org", "Bianchi S.r.l.")
    assert "--prospect" in crm.refused(4, "qualify", 3, *WHY)["hint"]
    assert "--target" in crm.refused(4, "qualify", 3, *WHY, "--prospect", 1)["hint"]
    done = crm.ok("qualify", 3, *WHY, "--prospect", 1, "--target", 2)
    assert {e["id"]: e["type"] for e in done["entities"] if e["id"] != 3} == {1: "person", 2: "organization"}
    assert [m["id"] for m in crm.ok("show", 1)["memberships"]] == [2]


@pytest.mark.parametrize(
    ("option", "type"),
    [("--prospect", t) for t in ("suspect", "lead", "target", "organization")]
    + [("--target", t) for t in ("suspect", "lead", "prospect", "person")],
)
def test_only_the_right_types_can_be_named(crm, option, type):
    crm.add(type, "Zoe")
    crm.add("lead", "Anna", "--org", "Acme")
    before = world(crm)
    error = crm.refused(4, "qualify", 2, *WHY, option, 1)
    assert option in error["message"] and type in error["message"]
    assert world(crm) == before


@pytest.mark.parametrize("option", ["--prospect", "--target"])
def test_a_name_that_nobody_has_is_exit_3(crm, option):
    crm.add("lead", "Anna", "--org", "Acme")
    before = world(crm)
    crm.refused(3, "qualify", 1, *WHY, option, "Nobody")
    assert world(crm) == before


def test_a_removed_one_cannot_be_named(crm):
    crm.add("target", "Acme")
    crm.add("lead", "--org", "Acme")
    crm.ok("rm", 1)
    before = world(crm)
    assert "removed" in crm.refused(4, "qualify", 2, *WHY, "--target", 1)["message"]
    assert world(crm) == before


# Left alone, and named


@pytest.mark.parametrize("type", ["suspect", "lead"])
@pytest.mark.parametrize(
    ("there", "mine"),
    [
        (("Anna Bianchi", "--email", "a@b.it"), ("Anna Bianchi", "--email", "a@b.it")),
        (("Anna Bianchi",), ("Anna Bianchi",)),
        (("--org", "Acme", "--vat", VAT), ("--org", "Acme", "--vat", VAT)),
        (("--org", "Acme"), ("--org", "Acme S.r.l.")),
        (("Zoe", "--org", "Acme", "--vat", VAT), ("Anna", "--org", "Acme", "--vat", VAT)),
    ],
)
def test_a_suspect_or_another_lead_is_named_and_left_alone(crm, type, there, mine):
    before = crm.ok("add", type, *there)
    crm.add("lead", *mine)
    done = crm("qualify", 2, *WHY, "--json")
    assert done.code == 0, done
    assert [w for w in done.json["warnings"] if f"{type} 1 {before['name']}" in w]
    assert "warning: " in done.err and f"1 {before['name']}" in done.err
    assert 1 not in [e["id"] for e in done.json["entities"]]
    assert crm.ok("show", 1) == before


def test_a_removed_target_is_named_and_left_alone(crm):
    crm.add("target", "Acme", "--vat", VAT)
    crm.ok("rm", 1)
    before = crm.ok("show", 1)
    crm.add("lead", "--org", "Acme", "--vat", VAT)
    done = crm.ok("qualify", 2, *WHY)
    assert [(e["id"], e["type"]) for e in done["entities"]] == [(2, "target")]
    assert len(done["warnings"]) == 1 and "dkcrm restore 1" in done["warnings"][0]
    assert crm.ok("show", 1) == before


@pytest.mark.parametrize("type", ["target", "organization"])
def test_one_that_was_lost_is_joined_and_said(crm, type):
    crm.add(type, "Acme", "--vat", VAT, "--state", "lost")
    crm.add("lead", "Anna", "--org", "Acme", "--vat", VAT)
    done = crm.ok("qualify", 2, *WHY)
    assert any("lost" in warning for warning in done["warnings"])
    assert (crm.ok("show", 1)["type"], crm.ok("show", 1)["state"]) == (type, "lost")


def test_several_people_join_one_organization_one_after_the_other(crm):
    for name in ("Anna", "Bruno", "Carla"):
        crm.add("lead", name, "--org", "Acme", "--vat", VAT)
        crm.ok("qualify", name, *WHY)
    assert [e["name"] for e in crm.ok("list", "target")] == ["Acme"]
    target = crm.ok("list", "target")[0]
    assert sorted(m["name"] for m in target["memberships"]) == ["Anna", "Bruno", "Carla"]


def test_two_leads_of_one_organization_in_one_command_join_one_target(crm):
    crm.add("lead", "Anna", "--org", "Acme", "--vat", VAT)
    crm.add("lead", "Bruno", "--org", "Acme", "--vat", VAT)
    crm.ok("qualify", 1, 2, *WHY)
    assert len(crm.ok("list", "target")) == 1
    assert sorted(m["name"] for m in crm.ok("list", "target")[0]["memberships"]) == ["Anna", "Bruno"]
