"""The shapes of JSON: an object or an array from everyday commands, one answer from those of the life cycle."""

import pytest

ENTITY = (
    "id uid type party state name first_name last_name organization job_title vat_id tax_code source tags emails "
    "phones addresses links fields notes memberships created_at updated_at"
).split()
WHY = ("--override", "x")

#: What is there, and a command of section 3 or 4.
LIFE = {
    "log": [("add", "suspect", "Anna"), ("log", 1, "email", "Hi", "--in")],
    "disqualify": [("add", "lead", "Anna"), ("disqualify", 1, "--reason", "x")],
    "lose": [("add", "prospect", "Anna"), ("lose", 1, "--reason", "x")],
    "reopen": [("add", "person", "Anna", "--state", "inactive"), ("reopen", 1)],
    "assess": [("add", "lead", "Anna"), ("assess", 1, "--yes", "budget")],
    "qualify": [("add", "lead", "Anna"), ("qualify", 1, *WHY)],
    "qualify both": [("add", "lead", "Anna", "--org", "Acme"), ("qualify", 1, *WHY)],
    "purchase": [("add", "prospect", "Anna"), ("purchase", 1, "Plan")],
    "purchase void": [("add", "person", "Anna"), ("purchase", 1, "Plan"), ("purchase", "void", 1)],
    "link": [("add", "person", "Anna"), ("add", "organization", "Acme"), ("link", 1, 2)],
    "unlink": [("add", "person", "Anna"), ("add", "organization", "Acme"), ("link", 1, 2), ("unlink", 1, 2)],
}


@pytest.mark.parametrize("story", LIFE.values(), ids=LIFE)
def test_the_life_cycle_answers_with_operation_entities_and_warnings(crm, story):
    for words in story[:-1]:
        crm.ok(*words)
    done = crm(*story[-1], "--json")
    assert done.code == 0
    assert list(done.json)[:3] == ["operation", "entities", "warnings"]
    assert done.json["operation"] == len(crm.ok("history"))
    for entity in done.json["entities"]:
        assert [name for name in ENTITY if name not in entity] == []
        assert crm.ok("show", entity["id"]) == entity


@pytest.mark.parametrize("format", ["--json", "--format=json"])
def test_json_leaves_standard_error_to_warnings(crm, format):
    crm.add("lead", "Anna")
    done = crm("qualify", 1, *WHY, format)
    assert done.code == 0 and done.err == ""
    assert done.json["entities"][0]["type"] == "prospect"


@pytest.mark.parametrize(
    "command", [("tag", "x"), ("note", "x"), ("set", "--title", "x"), ("show",)], ids=lambda c: c[0]
)
def test_an_object_for_one_reference_and_an_array_for_several(crm, command):
    crm.add("lead", "Anna")
    crm.add("lead", "Bruno")
    name, *rest = command
    assert crm.ok(name, 1, *rest)["id"] == 1
    assert [e["id"] for e in crm.ok(name, "-", *rest, input="2\n1\n")] == [2, 1]
    assert [e["id"] for e in crm.ok(name, "-", *rest, input="1\n")] == [1]
    if name in ("set", "show"):
        assert [e["id"] for e in crm.ok(name, 1, 2, *rest)] == [1, 2]


def test_add_gives_an_object_as_the_contract_has_it(crm):
    added = crm.ok("add", "lead", "Anna Bianchi", "--org", "Bianchi S.r.l.", "--email", "work:anna@bianchi.it")
    assert [name for name in ENTITY if name not in added] == []
    assert (added["party"], added["name"], added["organization"]) == ("both", "Anna Bianchi", "Bianchi S.r.l.")
    assert added["emails"] == [{"value": "anna@bianchi.it", "label": "work", "side": "person", "primary": True}]
    assert added["notes"] == "" and added["fields"] == {} and added["memberships"] == []


@pytest.mark.parametrize("words", [("list",), ("list", "lead"), ("find", "nobody"), ("history",)], ids=" ".join)
def test_an_empty_list_is_empty_and_done(crm, words):
    done = crm(*words, "--json")
    assert (done.code, done.out.strip()) == (0, "[]")


MANY = [
    ("log", ("email", "Hi", "--in"), "suspect", "lead"),
    ("disqualify", ("--reason", "x"), "lead", "lead"),
    ("assess", ("--yes", "budget"), "lead", "lead"),
    ("qualify", WHY, "lead", "prospect"),
    ("lose", ("--reason", "x"), "prospect", "prospect"),
]


@pytest.mark.parametrize(("command", "rest", "before", "after"), MANY, ids=[c[0] for c in MANY])
def test_references_come_from_standard_input(crm, command, rest, before, after):
    for name in ("Anna", "Bruno", "Carla"):
        crm.add(before, name, "--email", f"{name.lower()}@x.it")
    done = crm.ok(command, "-", *rest, input="1\n\n  Bruno  \ncarla@x.it\n1\n")
    assert [(e["id"], e["type"]) for e in done["entities"]] == [(1, after), (2, after), (3, after)]
    assert done["operation"] == 4


@pytest.mark.parametrize(
    "command", [("promote",), ("qualify",), ("log", "email", "x"), ("disqualify", "--reason", "x")]
)
def test_an_empty_standard_input_is_done_at_once(crm, command):
    name, *rest = command
    done = crm.ok(name, "-", *rest, input="\n")
    assert (done["operation"], done["entities"]) == (None, [])


@pytest.mark.parametrize("bad", ["9", "Nobody"])
def test_one_unknown_line_stops_them_all(crm, bad):
    crm.add("suspect", "Anna")
    assert bad in crm.refused(3, "log", "-", "email", "Hi", "--in", input=f"1\n{bad}\n")["message"]
    assert crm.ok("show", 1)["type"] == "suspect" and len(crm.ok("history")) == 1


def test_an_error_is_one_object_on_standard_error(crm):
    crm.add("suspect", "Anna")
    done = crm("qualify", 1, "--json")
    assert (done.code, done.out) == (4, "")
    assert len(done.err.splitlines()) == 1
    assert set(done.error) == {"error", "message", "hint", "candidates"}
    assert done.error["candidates"] == []


@pytest.mark.parametrize("words", [("qualify",), ("purchase", 1), ("link", 1), ("promote", 1, "--nonesuch")], ids=str)
def test_wrong_usage_is_exit_2(crm, words):
    crm.add("lead", "Anna")
    assert crm.refused(2, *words)["error"] == "usage"


def test_quiet_leaves_only_data(crm):
    crm.add("suspect", "Anna")
    done = crm("log", 1, "email", "Hi", "--in", "--quiet")
    assert done.err == "" and done.out.startswith("1\tlead\t")


def test_through_a_process_of_its_own(program):
    assert program("add", "suspect", "Anna").code == 0
    refused = program("promote", 1)
    assert (refused.code, refused.out) == (4, "") and "Traceback" not in refused.err
    assert program("log", "-", "email", "Hi", "--in", input="1\n").out.startswith("1\tlead\t")
    assert program("qualify", "-", "--override", "x", "--json", input="1\n").json["entities"][0]["type"] == "prospect"
    assert program("purchase", 1, "Plan").out.startswith("1\tperson\t")
