"""purchase and purchase void: amounts, currencies, dates, two buyers, repeated purchases, and the way back."""

import datetime

import pytest


def world(crm):
    return len(crm.ok("history", "--limit", 0)), crm.ok("list", "--all")


def types(crm):
    return {entity["id"]: entity["type"] for entity in crm.ok("list", "--all")}


def bought(crm, number=1):
    """Return the values that the newest operation of an entity wrote to its purchases."""
    return {c["field"]: c["after"] for c in crm.ok("history", number)[0]["changes"] if c["table"] == "purchase"}


@pytest.fixture
def couple(crm):
    """A prospect and the target that it belongs to."""
    crm.add("prospect", "Anna")
    crm.add("target", "Acme")
    crm.ok("link", 1, 2)


# What is recorded


@pytest.mark.parametrize(
    ("words", "amount", "currency"),
    [
        ((), None, None),
        (("--amount", "1200"), "1200.00", "EUR"),
        (("--amount", "1200.5"), "1200.50", "EUR"),
        (("--amount", "1200,50"), "1200.50", "EUR"),
        (("--amount", "1.200,50"), "1200.50", "EUR"),
        (("--amount", "1,200.50"), "1200.50", "EUR"),
        (("--amount", "0"), "0.00", "EUR"),
        (("--amount", "0.10", "--currency", "usd"), "0.10", "USD"),
        (("--amount", "1200", "--currency", "JPY"), "1200", "JPY"),
        (("--amount", "1.2345", "--currency", "KWD"), None, None),
        (("--amount", "12.345678", "--currency", "EUR"), None, None),
        (("--amount", "9007199254740.93", "--currency", "EUR"), "9007199254740.93", "EUR"),
    ],
)
def test_an_amount_is_exact(crm, words, amount, currency):
    crm.add("person", "Anna")
    if words and amount is None:
        assert "digits after the point" in crm.refused(2, "purchase", 1, "Plan", *words)["message"]
        return
    purchase = crm.ok("purchase", 1, "Plan", *words)["purchase"]
    assert (purchase["amount"], purchase["currency"]) == (amount, currency)
    if amount:
        assert amount in crm("show", 1, "--format", "table").out


@pytest.mark.parametrize(
    "words",
    [
        ("--amount", "much"),
        ("--amount", "-5"),
        ("--amount", "1.200"),
        ("--amount", "1e3"),
        ("--amount", "NaN"),
        ("--amount", ""),
        ("--amount", "5", "--currency", "XYZ"),
        ("--amount", "5", "--currency", "euro"),
        ("--currency", "EUR"),
        ("--on", "2026-02-30"),
        ("--on", "someday"),
        ("--amount", "1.5", "--currency", "JPY"),
    ],
    ids=" ".join,
)
def test_what_is_wrong_is_wrong_usage_and_writes_nothing(crm, words):
    crm.add("prospect", "Anna")
    before = world(crm)
    assert crm.refused(2, "purchase", 1, "Plan", *words)["error"] == "usage"
    assert world(crm) == before


@pytest.mark.parametrize("product", ["", "   "])
def test_a_product_is_needed(crm, product):
    crm.add("prospect", "Anna")
    before = world(crm)
    crm.refused(2, "purchase", 1, product)
    assert world(crm) == before


def test_the_day_is_today_when_not_said(crm):
    crm.add("person", "Anna")
    days = {datetime.date.today().isoformat()}
    day = crm.ok("purchase", 1, "Plan")["purchase"]["on"]
    assert day in days | {datetime.date.today().isoformat()}


@pytest.mark.parametrize("day", ["2026-11-20", "2020-02-29"])
def test_the_day_is_the_one_that_is_said(crm, day):
    crm.add("person", "Anna")
    assert crm.ok("purchase", 1, "Plan", "--on", day)["purchase"]["on"] == day
    assert bought(crm)["bought_on"] == day


@pytest.mark.parametrize(("words", "service"), [((), False), (("--service",), True)])
def test_a_service_is_told_from_a_product(crm, words, service):
    crm.add("prospect", "Anna")
    done = crm.ok("purchase", 1, "Training", *words)
    assert (done["purchase"]["product"], done["purchase"]["service"]) == ("Training", service)
    assert types(crm) == {1: "person"}


def test_what_is_printed(crm):
    crm.add("prospect", "Anna")
    done = crm("purchase", 1, "Annual plan", "--amount", 1200)
    assert done.code == 0
    assert done.out.split("\t")[:4] == ["1", "person", "active", "Anna"]
    assert "1 Anna bought Annual plan" in done.err and "prospect → person" in done.err
    assert done.err.endswith("(operation 2; undo with: dkcrm undo)\n")


def test_the_currency_is_that_of_the_settings(crm):
    crm.ok("config", "set", "currency", "CHF")
    crm.add("person", "Anna")
    assert crm.ok("purchase", 1, "Plan", "--amount", 5)["purchase"]["currency"] == "CHF"


# Two buyers


@pytest.mark.parametrize(("buyer", "also"), [(1, 2), (2, 1)])
def test_also_makes_customers_of_both_in_one_operation(crm, couple, buyer, also):
    before = len(crm.ok("history"))
    done = crm.ok("purchase", buyer, "Plan", "--also", also)
    assert {e["id"]: e["type"] for e in done["entities"]} == {1: "person", 2: "organization"}
    assert (done["purchase"]["buyer"], done["purchase"]["also"]) == (buyer, also)
    assert len(crm.ok("history")) == before + 1
    for number in (1, 2):
        assert "Plan" in crm("show", number, "--format", "table").out
    assert [m["type"] for m in crm.ok("show", 1)["memberships"]] == ["organization"]


@pytest.mark.parametrize(("buyer", "expected"), [(1, ("person", "target")), (2, ("prospect", "organization"))])
def test_without_also_the_other_side_stays(crm, couple, buyer, expected):
    crm.ok("purchase", buyer, "Plan")
    assert types(crm) == {1: expected[0], 2: expected[1]}


@pytest.mark.parametrize("first", ["prospect", "person"])
@pytest.mark.parametrize("second", ["target", "organization"])
def test_also_takes_the_other_side_whatever_its_phase(crm, first, second):
    crm.add(first, "Anna")
    crm.add(second, "Acme")
    crm.ok("purchase", 1, "Plan", "--also", 2)
    assert types(crm) == {1: "person", 2: "organization"}


@pytest.mark.parametrize(
    ("first", "second"),
    [(a, b) for a in ("prospect", "person") for b in ("prospect", "person")]
    + [(a, b) for a in ("target", "organization") for b in ("target", "organization")]
    + [(a, b) for a in ("prospect", "target") for b in ("suspect", "lead")],
)
def test_also_of_a_wrong_type_is_refused(crm, first, second):
    crm.add(first, "Anna")
    crm.add(second, "Acme")
    before = world(crm)
    error = crm.refused(4, "purchase", 1, "Plan", "--also", 2)
    assert error["error"] == "wrong_type" and error["hint"]
    assert world(crm) == before


def test_also_names_somebody_else(crm):
    crm.add("prospect", "Anna")
    before = world(crm)
    crm.refused(2, "purchase", 1, "Plan", "--also", "Anna")
    assert world(crm) == before


# Again


@pytest.mark.parametrize(("before", "after"), [("prospect", "person"), ("target", "organization")])
def test_a_repeated_purchase_adds_and_changes_no_type(crm, before, after):
    crm.add(before, "Anna")
    for product in ("Plan", "Training", "Plan"):
        crm.ok("purchase", 1, product)
        assert types(crm) == {1: after}
    assert crm("show", 1, "--format", "table").out.count("Plan") == 2


# Void


@pytest.mark.parametrize("type", ["prospect", "target"])
def test_voiding_the_only_purchase_gives_the_former_type_back(crm, type):
    before = crm.ok("add", type, "Anna", "--tag", "vip")
    crm.ok("purchase", 1, "Plan", "--amount", 1200)
    done = crm.ok("purchase", "void", 1)
    assert (done["operation"], done["warnings"]) == (3, [])
    assert done["purchase"]["voided_at"].endswith("Z")
    assert [{**e, "updated_at": None} for e in done["entities"]] == [{**before, "updated_at": None}]


def test_what_voiding_prints(crm):
    crm.add("prospect", "Anna")
    crm.ok("purchase", 1, "Plan", "--amount", 1200)
    done = crm("purchase", "void", 1)
    assert done.code == 0
    assert done.out.split("\t")[:4] == ["1", "prospect", "active", "Anna"]
    assert "voided Plan (1200.00 EUR) of 1 Anna" in done.err and "person → prospect" in done.err


@pytest.mark.parametrize("voided", [1, 2])
def test_voiding_one_of_several_keeps_the_type(crm, couple, voided):
    numbers = [crm.ok("purchase", 1, product)["purchase"]["id"] for product in ("Plan", "Training")]
    crm.ok("purchase", "void", 1, numbers[voided - 1])
    assert crm.ok("show", 1)["type"] == "person"
    done = crm.ok("purchase", "void", 1)
    assert done["purchase"]["id"] == numbers[2 - voided]
    assert crm.ok("show", 1)["type"] == "prospect"


def test_of_several_one_must_be_named(crm):
    crm.add("prospect", "Anna")
    numbers = [crm.ok("purchase", 1, product)["purchase"]["id"] for product in ("Plan", "Training")]
    before = world(crm)
    error = crm.refused(4, "purchase", "void", 1)
    assert [(c["id"], c["product"], c["use"]) for c in error["candidates"]] == [
        (numbers[0], "Plan", f"dkcrm purchase void 1 {numbers[0]}"),
        (numbers[1], "Training", f"dkcrm purchase void 1 {numbers[1]}"),
    ]
    assert "dkcrm purchase void 1 " in error["hint"]
    assert world(crm) == before


@pytest.mark.parametrize("named", [1, 2])
def test_voiding_a_purchase_of_two_gives_both_types_back(crm, couple, named):
    crm.ok("purchase", 1, "Plan", "--also", 2)
    done = crm.ok("purchase", "void", named)
    assert {e["id"]: e["type"] for e in done["entities"]} == {1: "prospect", 2: "target"}
    assert [m["type"] for m in crm.ok("show", 1)["memberships"]] == ["target"]


def test_voiding_a_purchase_of_two_keeps_the_one_that_bought_more(crm, couple):
    first = crm.ok("purchase", 1, "Plan", "--also", 2)["purchase"]["id"]
    crm.ok("purchase", 2, "Training")
    crm.ok("purchase", "void", 1, first)
    assert types(crm) == {1: "prospect", 2: "organization"}


@pytest.mark.parametrize("type", ["person", "organization"])
def test_a_customer_entered_directly_stays_one_and_it_is_said(crm, type):
    crm.add(type, "Anna")
    crm.ok("purchase", 1, "Plan")
    done = crm.ok("purchase", "void", 1)
    assert types(crm) == {1: type}
    assert len(done["warnings"]) == 1 and "1 Anna" in done["warnings"][0]


@pytest.mark.parametrize("number", [9, 1])
def test_a_purchase_that_it_has_not_is_exit_3(crm, number):
    crm.add("prospect", "Anna")
    crm.add("person", "Zoe")
    assert crm.ok("purchase", 2, "Plan")["purchase"]["id"] == 1
    before = world(crm)
    assert crm.refused(3, "purchase", "void", 1, number)["error"] == "not_found"
    assert world(crm) == before


def test_a_purchase_is_voided_once(crm):
    crm.add("prospect", "Anna")
    crm.ok("purchase", 1, "Plan")
    crm.ok("purchase", "void", 1)
    assert "bought nothing" in crm.refused(4, "purchase", "void", 1)["message"]
    crm.ok("purchase", 1, "Plan again")
    assert types(crm) == {1: "person"}
    crm.ok("purchase", "void", 1)
    assert types(crm) == {1: "prospect"}


@pytest.fixture
def short(crm):
    crm.ok("config", "types", "simple")
    return crm


def test_the_organization_that_a_leads_purchase_made_of_it_is_a_side_of_the_lead_again(short):
    short.add("lead", "Anna", "--org", "Acme", "--source", "web", "--vat", "01234567890")
    before = short.ok("show", 1)
    short.ok("purchase", 1, "Plan")
    assert types(short) == {1: "person", 2: "organization"}
    done = short.ok("purchase", "void", 1)
    assert types(short) == {1: "lead"} and done["purchase"]["also"] is None
    assert {**short.ok("show", 2), "updated_at": None} == {**before, "updated_at": None}
    assert short.ok("doctor") == []
    short.ok("undo")
    assert types(short) == {1: "person", 2: "organization"}


def test_a_lead_again_belongs_to_nobody_and_keeps_the_name(short):
    short.add("organization", "Acme")
    short.add("lead", "Anna", "--source", "web")
    short.ok("purchase", 2, "Plan")
    short.ok("link", 2, 1)
    done = short.ok("purchase", "void", 2)
    assert types(short) == {1: "organization", 2: "lead"}
    assert short.ok("show", 2)["organization"] == "Acme" and "no longer linked" in done["warnings"][0]
    assert short.ok("history")[0]["record"]["kept"][0]["value"] == "1 Acme"
    assert all(finding["level"] == "note" for finding in short.ok("doctor"))


def test_what_a_lead_bought_and_gave_back_goes_with_it(short):
    short.add("lead", "Anna", "--email", "a@b.it", "--source", "web")
    short.ok("purchase", 1, "X")
    short.ok("purchase", "void", 1)
    short.add("person", "Anna", "--email", "a@b.it")
    short.ok("purchase", 1, "Y")
    bought = short.ok("purchase", "list", 2, "--all")
    assert sorted((one["product"], one["voided_at"] is None) for one in bought) == [("X", False), ("Y", True)]


def test_the_answer_has_both_buyers(crm):
    crm.add("prospect", "Anna")
    crm.add("organization", "Acme")
    assert [entity["id"] for entity in crm.ok("purchase", 1, "Plan", "--also", 2)["entities"]] == [1, 2]
    assert [entity["id"] for entity in crm.ok("purchase", "void", 2)["entities"]] == [1, 2]
