"""What goes where when a lead with both sides becomes a prospect and a target."""

import pytest

VAT = "01234567890"
CODE = "BNCNNA80A41F205X"
WHY = ("--override", "Tested elsewhere.")


def lead(crm, *more):
    return crm.ok("add", "lead", "Anna Bianchi", "--org", "Acme", *more)


def split(crm, number=1):
    """Qualify a lead and return its prospect and its target."""
    crm.ok("qualify", number, *WHY)
    prospect = crm.ok("show", number)
    return prospect, crm.ok("show", prospect["memberships"][0]["id"])


@pytest.fixture
def fields(crm):
    crm.ok("field", "add", "shoe", "--side", "person")
    crm.ok("field", "add", "employees", "--kind", "int", "--side", "organization")
    crm.ok("field", "add", "rating", "--kind", "int", "--side", "both")


def test_custom_fields_go_to_their_side_and_both_to_both(crm, fields):
    lead(crm, "--field", "shoe=038", "--field", "employees=0250", "--field", "rating=5")
    prospect, target = split(crm)
    assert prospect["fields"] == {"shoe": "038", "rating": "5"}
    assert target["fields"] == {"employees": "0250", "rating": "5"}


@pytest.mark.parametrize("type", ["target", "organization"])
def test_custom_fields_that_are_there_win_and_the_others_are_kept(crm, fields, type):
    crm.add(type, "Acme", "--vat", VAT, "--field", "employees=10")
    lead(crm, "--vat", VAT, "--field", "employees=20", "--field", "rating=5")
    prospect, group = split(crm, 2)
    assert group["fields"] == {"employees": "10", "rating": "5"}
    assert prospect["fields"] == {"rating": "5"}
    lost = crm.ok("history")[0]["record"]["kept"]
    assert [(item["field"], item["value"]) for item in lost] == [("field:employees", "20")]


@pytest.mark.parametrize(
    ("name", "words", "person", "organization"),
    [
        ("vat_id", ("--vat", f"IT {VAT}"), None, f"IT {VAT}"),
        ("website", ("--website", "https://acme.it"), None, "https://acme.it"),
        ("job_title", ("--title", "CEO"), "CEO", None),
        ("tax_code", ("--tax-code", VAT), None, VAT),
        ("tax_code", ("--tax-code", CODE), CODE, None),
        ("organization", (), None, "Acme"),
        ("first_name", (), None, None),
    ],
)
def test_each_attribute_goes_to_its_owner(crm, name, words, person, organization):
    lead(crm, *words)
    prospect, target = split(crm)
    assert (prospect[name], target[name]) == (person, organization)


@pytest.mark.parametrize(
    ("name", "option", "own", "theirs"),
    [
        ("emails", "--email", "anna@home.it", "info@acme.it"),
        ("phones", "--phone", "333 1234567", "02 7654321"),
        ("links", "--link", "https://anna.it", "https://acme.it"),
        ("addresses", "--address", "Via Roma 1, Milano", "Via Po 2, Torino"),
    ],
)
def test_values_go_to_the_side_that_owns_them(crm, name, option, own, theirs):
    lead(crm, option, own, option, f"organization:{theirs}")
    prospect, target = split(crm)
    assert [(v["value"], v["side"], v["primary"]) for v in prospect[name]] == [(own, "person", True)]
    assert [(v["value"], v["side"], v["primary"]) for v in target[name]] == [(theirs, "organization", True)]


def test_a_value_of_an_organization_that_exists_is_additional(crm):
    crm.add("target", "Acme", "--vat", VAT, "--email", "info@acme.it", "--website", "acme.it")
    lead(crm, "--vat", VAT, "--email", "organization:sales@acme.it", "--website", "acme.com")
    _prospect, target = split(crm, 2)
    assert [(e["value"], e["primary"]) for e in target["emails"]] == [("info@acme.it", True), ("sales@acme.it", False)]
    assert target["website"] == "acme.it"
    lost = crm.ok("history")[0]["record"]["kept"]
    assert [(item["field"], item["value"]) for item in lost] == [("website", "acme.com")]


def test_blanks_of_an_organization_that_exists_are_filled(crm):
    crm.add("organization", "Acme", "--tax-code", VAT)
    lead(crm, "--tax-code", VAT, "--vat", VAT, "--website", "acme.it")
    _prospect, group = split(crm, 2)
    assert (group["type"], group["vat_id"], group["website"]) == ("organization", VAT, "acme.it")


def test_interactions_stay_and_the_target_shows_its_members_too(crm):
    lead(crm)
    crm.ok("log", 1, "email", "Asked for prices.", "--in")
    prospect, target = split(crm)
    for number in (prospect["id"], target["id"]):
        assert "Asked for prices." in crm("show", number, "--format", "table").out
    assert "Anna Bianchi" in crm("show", target["id"], "--format", "table").out


def test_the_target_is_there_from_now_on_and_the_prospect_from_before(crm):
    before = lead(crm, "--tag", "vip", "--note", "Likes tea.", "--source", "fair")
    prospect, target = split(crm)
    for name in ("id", "uid", "tags", "notes", "source", "created_at"):
        assert prospect[name] == before[name]
    assert target["uid"] != before["uid"] and target["id"] == 2


def test_in_a_short_cycle_the_same_goes_for_customers(crm, fields):
    crm.ok("config", "set", "types", "simple")
    lead(crm, "--vat", VAT, "--title", "CEO", "--field", "shoe=038", "--field", "employees=9", "--field", "rating=5")
    crm.ok("purchase", 1, "Plan")
    person, organization = crm.ok("show", 1, 2)
    assert (person["type"], person["job_title"], person["vat_id"]) == ("person", "CEO", None)
    assert (organization["type"], organization["vat_id"]) == ("organization", VAT)
    assert person["fields"] == {"shoe": "038", "rating": "5"}
    assert organization["fields"] == {"employees": "9", "rating": "5"}
