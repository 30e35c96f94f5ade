"""Which types are in use: the profiles, what may not be switched off, and where a type that is off no longer shows."""

import re

import pytest

TYPES = ("suspect", "lead", "prospect", "person", "target", "organization")
PROFILES = {"full": TYPES, "simple": ("lead", "person", "organization"), "customers": ("person", "organization")}
OFF = [(profile, type) for profile, on in PROFILES.items() for type in TYPES if type not in on]


def off_words(text, profile):
    """Return the types that are off and yet named in a text (the word person or target may mean no type)."""
    off = [type for type in TYPES if type not in PROFILES[profile]]
    return [type for type in off if re.search(rf"\b{type}s?\b", text, re.IGNORECASE)]


def test_at_first_all_are_in_use(crm):
    assert crm.ok("config", "types") == {"profile": "full", "types": list(TYPES)}


@pytest.mark.parametrize(("profile", "types"), PROFILES.items())
@pytest.mark.parametrize("command", [("config", "set", "types"), ("config", "types")])
def test_a_profile_is_chosen(crm, profile, types, command):
    done = crm(*command, profile)
    assert done.code == 0
    assert done.out.split() == list(types)
    assert crm.ok("config", "types") == {"profile": profile, "types": list(types)}
    assert crm.ok("config", "show")["types"]["value"] == profile


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("lead,prospect,person", ["lead", "prospect", "person"]),
        ("organization, lead", ["lead", "organization"]),
        ("PERSON", ["person"]),
        ("person,person", ["person"]),
    ],
)
def test_a_list_of_ones_own(crm, text, types):
    crm.ok("config", "set", "types", text)
    assert crm.ok("config", "types")["types"] == types


@pytest.mark.parametrize("text", ["", " ", ",", "leads", "simple,full", "client", "lead,client"])
def test_what_is_no_type_is_wrong_usage(crm, text):
    crm.add("lead", "Anna")
    assert crm.refused(2, "config", "set", "types", text)["error"] == "usage"
    assert crm.ok("config", "types")["profile"] == "full"


@pytest.mark.parametrize(("profile", "type"), OFF)
def test_a_type_that_is_off_is_refused_in_add(crm, profile, type):
    crm.ok("config", "set", "types", profile)
    error = crm.refused(4, "add", type, "Anna")
    assert error["error"] == "type_off"
    assert error["message"] == f"the type {type} is switched off"
    for one in PROFILES[profile]:
        assert one in error["hint"]
    assert "dkcrm config" in error["hint"]
    assert crm.ok("list", "--all") == []


@pytest.mark.parametrize("profile", PROFILES)
def test_the_types_that_are_on_are_added(crm, profile):
    crm.ok("config", "set", "types", profile)
    for type in PROFILES[profile]:
        assert crm.ok("add", type, f"Anna {type}")["type"] == type


@pytest.mark.parametrize(("profile", "type"), OFF)
@pytest.mark.parametrize("count", [1, 3])
def test_a_type_with_rows_is_not_switched_off(crm, profile, type, count):
    for number in range(count):
        crm.add(type, f"Anna {number}")
    before = len(crm.ok("history")), crm.ok("list", "--all")
    error = crm.refused(4, "config", "set", "types", profile)
    assert error["error"] == "type_in_use"
    assert f"{count} {type}" in error["message"]
    assert f"dkcrm list {type}" in error["hint"]
    assert (len(crm.ok("history")), crm.ok("list", "--all")) == before
    assert crm.ok("config", "types")["profile"] == "full"


def test_each_type_that_is_in_the_way_is_counted(crm):
    for words in (("suspect", "A"), ("prospect", "B"), ("prospect", "C"), ("target", "D"), ("person", "E")):
        crm.add(*words)
    message = crm.refused(4, "config", "set", "types", "simple")["message"]
    assert "1 suspect" in message and "2 prospect" in message and "1 target" in message
    assert "person" not in message


def test_removed_rows_are_rows(crm):
    crm.add("suspect", "Anna")
    crm.ok("rm", 1)
    error = crm.refused(4, "config", "set", "types", "simple")
    assert "1 suspect" in error["message"] and "--all" in error["hint"]


def test_the_way_out_is_to_move_them_on(crm):
    crm.add("suspect", "Anna")
    crm.refused(4, "config", "set", "types", "simple")
    crm.ok("log", 1, "email", "Hi", "--in")
    crm.ok("config", "set", "types", "simple")
    crm.ok("purchase", 1, "Plan")
    crm.ok("config", "set", "types", "customers")
    assert crm.ok("show", 1)["type"] == "person"


def test_a_folded_lead_is_no_row(crm):
    crm.add("person", "Anna", "--email", "a@b.it")
    crm.add("lead", "Anna", "--email", "a@b.it")
    crm.ok("qualify", 2, "--override", "x")
    crm.ok("config", "set", "types", "customers")
    assert crm.ok("show", 2)["id"] == 1


def test_switching_is_undone_and_redone(crm):
    crm.ok("config", "set", "types", "simple")
    crm.ok("undo")
    assert crm.ok("config", "types")["profile"] == "full"
    crm.ok("redo")
    assert crm.ok("config", "types")["profile"] == "simple"


def test_a_dry_run_switches_nothing(crm):
    done = crm("config", "set", "types", "simple", "--dry-run")
    assert done.code == 0 and done.err.startswith("dry run, nothing written: ")
    assert crm.ok("config", "types")["profile"] == "full"


def test_the_types_are_the_database_s_own(crm, tmp_path):
    crm.ok("config", "set", "types", "simple")
    other = ("--db", tmp_path / "other.db")
    assert crm.ok("add", "suspect", "Anna", *other)["type"] == "suspect"
    assert crm.refused(4, "add", "suspect", "Anna")["error"] == "type_off"


# Help


@pytest.mark.parametrize("profile", ["simple", "customers"])
@pytest.mark.parametrize("command", ["", "add", "list", "purchase", "link", "log", "reopen", "import"])
def test_help_does_not_name_a_type_that_is_off(crm, program, profile, command):
    crm.ok("config", "set", "types", profile)
    done = program(*command.split(), "--help")
    assert done.code == 0
    # The option --target is named after what it answers for, and stays.
    text = re.sub(r"--(prospect|target)\b", "", done.out)
    assert off_words(text, profile) == []


@pytest.mark.parametrize("profile", PROFILES)
def test_help_of_add_names_the_types_that_are_on(crm, program, profile):
    crm.ok("config", "set", "types", profile)
    assert f"One of: {', '.join(PROFILES[profile])}." in program("add", "--help").out


@pytest.mark.parametrize(
    ("profile", "there", "gone"),
    [
        ("full", {"promote", "assess", "qualify", "disqualify", "lose", "purchase", "link", "criteria"}, set()),
        ("simple", {"disqualify", "purchase", "link", "reopen"}, {"promote", "qualify", "lose"}),
        ("customers", {"purchase", "link"}, {"promote", "assess", "qualify", "disqualify", "lose", "criteria"}),
    ],
)
def test_commands_with_nothing_to_do_are_not_in_help(crm, program, profile, there, gone):
    crm.ok("config", "set", "types", profile)
    listed = set(re.findall(r"^  ([a-z]+) ", program("--help").out, re.MULTILINE))
    assert there <= listed
    assert not gone & listed


@pytest.mark.parametrize(("profile", "type"), OFF)
def test_a_mistyped_type_is_told_none_that_is_off(crm, profile, type):
    crm.ok("config", "set", "types", profile)
    error = crm.refused(2, "add", type[:-1], "Anna")
    assert not re.search(rf"\b{type}\b", error["message"] + (error["hint"] or ""))


# No way round


def test_undo_does_not_switch_a_type_off_under_its_rows(crm):
    crm.ok("config", "set", "types", "simple")
    full = len(crm.ok("history")) + 1
    crm.ok("config", "set", "types", "full")
    crm.add("suspect", "Anna")
    error = crm.refused(4, "undo", full)
    assert "1 suspect" in error["message"] or error["candidates"]
    assert crm.ok("config", "types")["profile"] == "full"


@pytest.mark.parametrize("back", [("undo", 2), ("purchase", "void", 1)], ids=["undo", "void"])
def test_no_row_comes_back_of_a_type_that_was_switched_off_since(crm, back):
    crm.add("prospect", "Anna")
    crm.ok("purchase", 1, "Plan")
    crm.ok("config", "set", "types", "simple")
    crm.refused(4, *back)
    assert crm.ok("show", 1)["type"] == "person"


@pytest.mark.parametrize("words", [("--help",), ("add", "--help")], ids=" ".join)
@pytest.mark.parametrize("place", ["before", "after"])
def test_help_speaks_of_the_database_that_is_named(crm, program, tmp_path, words, place):
    db = ("--db", tmp_path / "other.db")
    crm.ok("config", "set", "types", "customers", *db)
    said = program(*db, *words) if place == "before" else program(*words[:-1], *db, words[-1])
    assert said.code == 0
    assert "promote" not in said.out and "suspect," not in said.out


@pytest.mark.parametrize("profile", ["simple", "customers"])
@pytest.mark.parametrize("format", ["json", "tsv", "table"])
def test_the_funnel_does_not_name_a_type_that_is_off(crm, profile, format):
    crm.ok("config", "set", "types", profile)
    for type in PROFILES[profile]:
        crm.add(type, f"Anna {type}")
    done = crm("report", "funnel", "--format", format)
    assert done.code == 0
    assert off_words(done.out + done.err, profile) == []
    assert all(type in done.out for type in PROFILES[profile])
