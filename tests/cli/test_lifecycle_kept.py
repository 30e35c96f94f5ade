"""What an entity keeps when its type changes: number, uid, history, interactions, tags, fields, notes."""

import pytest

PERSON = "market-fit,budget,authority"
ORGANIZATION = "market-interest,budget"

STAYS = (
    "id uid state name first_name last_name organization job_title vat_id tax_code website source tags emails phones "
    "addresses links fields notes created_at"
).split()


@pytest.fixture
def anna(crm):
    crm.ok("field", "add", "shoe", "--side", "person")
    crm.ok("field", "add", "rating", "--kind", "int", "--side", "both")
    return crm.ok(
        *("add", "suspect", "--first", "Anna", "--last", "Bianchi", "--title", "CEO", "--tax-code", "BNCNNA80A41F205X"),
        *("--email", "work:anna@bianchi.it", "--email", "anna@home.it", "--phone", "mobile:02 1234567"),
        *("--address", "Via Roma 1, Milano", "--link", "web:https://anna.it", "--tag", "vip,fair-2026"),
        *("--note", "Prefers the phone.", "--source", "fair", "--field", "shoe=038", "--field", "rating=007"),
    )


@pytest.fixture
def acme(crm):
    crm.ok("field", "add", "employees", "--kind", "int", "--side", "organization")
    return crm.ok(
        *("add", "suspect", "--org", "Acme S.p.A.", "--vat", "IT 01234567890", "--tax-code", "01234567890"),
        *("--website", "https://acme.it", "--email", "info@acme.it", "--phone", "+39 02 7654321", "--tag", "big"),
        *("--note", "Two plants.", "--field", "employees=0250", "--address", "hq:Via Po 2, Torino"),
    )


def journey(crm, criteria):
    crm.ok("log", 1, "email", "We wrote.", "--out", "--at", "2026-01-01T09:00:00Z")
    crm.ok("log", 1, "phone", "They called back.", "--in", "--subject", "Prices", "--at", "2026-01-02T09:00:00Z")
    yield crm.ok("show", 1)
    crm.ok("assess", 1, "--yes", criteria)
    crm.ok("qualify", 1)
    yield crm.ok("show", 1)
    crm.ok("purchase", 1, "Annual plan", "--amount", 1200)
    yield crm.ok("show", 1)


def kept(entity):
    return {name: entity[name] for name in STAYS}


def test_a_person_keeps_everything_from_suspect_to_customer(crm, anna):
    seen = list(journey(crm, PERSON))
    assert [entity["type"] for entity in seen] == ["lead", "prospect", "person"]
    for entity in seen:
        assert kept(entity) == kept(anna)


def test_an_organization_keeps_everything_from_suspect_to_customer(crm, acme):
    seen = list(journey(crm, ORGANIZATION))
    assert [entity["type"] for entity in seen] == ["lead", "target", "organization"]
    for entity in seen:
        assert kept(entity) == kept(acme)


def test_what_was_typed_is_not_rewritten_on_the_way(crm, acme):
    *_rest, last = journey(crm, ORGANIZATION)
    assert last["vat_id"] == "IT 01234567890"
    assert last["tax_code"] == "01234567890"
    assert last["fields"] == {"employees": "0250"}
    assert (last["phones"][0]["value"], last["phones"][0]["e164"]) == ("+39 02 7654321", "+39027654321")


def test_the_history_goes_back_to_the_beginning(crm, anna):
    for _step in journey(crm, PERSON):
        pass
    names = [operation["name"] for operation in reversed(crm.ok("history", 1))]
    assert names == ["add suspect", "log", "log", "assess", "qualify", "purchase"]


def test_the_history_has_each_change_of_type_before_and_after(crm, anna):
    for _step in journey(crm, PERSON):
        pass
    moves = [
        (change["before"], change["after"])
        for operation in reversed(crm.ok("history", 1))
        for change in operation["changes"]
        if (change["table"], change["field"]) == ("entity", "type")
    ]
    assert moves == [(None, "suspect"), ("suspect", "lead"), ("lead", "prospect"), ("prospect", "person")]


def test_the_card_of_the_customer_has_what_passed_when_it_was_a_suspect(crm, anna):
    for _step in journey(crm, PERSON):
        pass
    card = crm("show", 1, "--format", "table").out
    for text in ("We wrote.", "They called back.", "Prices", "Annual plan", "person"):
        assert text in card


def test_an_entity_is_listed_once_and_under_its_new_type_only(crm, anna):
    for _step in journey(crm, PERSON):
        pass
    assert [e["id"] for e in crm.ok("list", "person")] == [1]
    for type in ("suspect", "lead", "prospect"):
        assert crm.ok("list", type) == []


@pytest.mark.parametrize("reference", ["1", "uid", "anna@bianchi.it", "ANNA@HOME.IT", "Anna Bianchi", "anna bianchi"])
def test_references_that_worked_go_on_working(crm, anna, reference):
    for _step in journey(crm, PERSON):
        pass
    assert crm.ok("show", anna["uid"] if reference == "uid" else reference)["type"] == "person"


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5])
def test_undoing_the_journey_step_by_step_gives_each_state_back(crm, anna, steps):
    shown = [crm.ok("show", 1)]
    for words in (
        ("log", 1, "email", "We wrote."),
        ("log", 1, "email", "They wrote.", "--in"),
        ("assess", 1, "--yes", PERSON),
        ("qualify", 1),
        ("purchase", 1, "Plan"),
    ):
        crm.ok(*words)
        shown.append(crm.ok("show", 1))
    for step in range(steps):
        crm.ok("undo")
        assert crm.ok("show", 1) == shown[-2 - step]
    for step in range(steps):
        crm.ok("redo")
        assert crm.ok("show", 1) == shown[len(shown) - steps + step]


def test_the_type_that_it_was_is_shown_as_of_then(crm, program):
    old = {"DKCRM_ACTOR": "tester"}
    assert program("add", "prospect", "Anna", **old).code == 0
    assert crm.ok("purchase", 1, "Plan")["entities"][0]["type"] == "person"
    crm.ok("purchase", "void", 1)
    assert crm.ok("show", 1, "--as-of", "today")["type"] == "prospect"


def test_a_state_survives_nothing_but_a_purchase(crm):
    crm.add("prospect", "Anna")
    crm.ok("lose", 1, "--reason", "Chose a competitor.")
    bought = crm.ok("purchase", 1, "Plan")
    assert (bought["entities"][0]["type"], bought["entities"][0]["state"]) == ("person", "active")
    assert len(bought["warnings"]) == 1 and "lost" in bought["warnings"][0]
