"""set, tag, untag, note, rm and restore; objects for one reference, arrays for several."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def two(crm: Any) -> Any:
    """Return the program with two persons, 1 Anna and 2 Luca."""
    crm.add("person", "Anna", "--email", "a@x.it", "--source", "fair", "--tag", "vip")
    crm.add("person", "Luca", "--phone", "02 1234567")
    return crm


CHANGES = [
    ("set", ["--source", "web"]),
    ("tag", ["new"]),
    ("untag", ["vip"]),
    ("note", ["text"]),
    ("rm", []),
    ("show", []),
]


@pytest.mark.parametrize(("command", "rest"), CHANGES)
def test_one_reference_gives_an_object(two: Any, command: str, rest: list[str]) -> None:
    assert two.ok(command, 1, *rest)["id"] == 1


@pytest.mark.parametrize(("command", "rest"), CHANGES)
@pytest.mark.parametrize("lines", ["1\n", "1\n2\n", "1\n\n  2  \n", "1\r\n2\r\n"])
def test_standard_input_gives_an_array(two: Any, command: str, rest: list[str], lines: str) -> None:
    answer = two.ok(command, "-", *rest, input=lines)
    assert [entity["id"] for entity in answer] == ([1, 2] if "2" in lines else [1])


@pytest.mark.parametrize(("command", "rest"), [("set", ["--source", "web"]), ("rm", []), ("show", [])])
def test_several_references_give_an_array(two: Any, command: str, rest: list[str]) -> None:
    assert [entity["id"] for entity in two.ok(command, 1, 2, *rest)] == [1, 2]


@pytest.mark.parametrize(("command", "rest"), CHANGES)
def test_one_wrong_line_of_many_writes_nothing(two: Any, command: str, rest: list[str]) -> None:
    before = two.ok("list", "--all")
    two.refused(3, command, "-", *rest, input="1\n99\n")
    assert two.ok("list", "--all") == before


@pytest.mark.parametrize(("command", "rest"), CHANGES)
def test_an_empty_standard_input_is_not_a_crash(two: Any, command: str, rest: list[str]) -> None:
    done = two(command, "-", *rest, "--json", input="")
    assert done.code in (0, 2)
    assert done.code == 2 or done.json == []


@pytest.mark.parametrize(
    ("option", "key", "value"),
    [
        ("--first", "first_name", "Anna"),
        ("--last", "last_name", "Rossi"),
        ("--title", "job_title", "CEO"),
        ("--vat", "vat_id", "00743110157"),
        ("--tax-code", "tax_code", "RSSMRA80A01H501U"),
        ("--website", "website", "https://x.it"),
        ("--source", "source", "web form"),
    ],
)
def test_a_single_value_is_replaced(two: Any, option: str, key: str, value: str) -> None:
    two.ok("set", 1, option, "before")
    assert two.ok("set", 1, option, value)[key] == value
    assert two.ok("show", 1)[key] == value


def test_repeatable_values_are_added(two: Any) -> None:
    entity = two.ok("set", 1, "--email", "work:b@x.it", "--tag", "new", "--link", "https://x.it")
    assert [(e["value"], e["label"], e["primary"]) for e in entity["emails"]] == [
        ("a@x.it", None, True),
        ("b@x.it", "work", False),
    ]
    assert sorted(entity["tags"]) == ["new", "vip"]
    assert [link["value"] for link in entity["links"]] == ["https://x.it"]


def test_the_same_email_is_not_added_twice(two: Any) -> None:
    assert len(two.ok("set", 1, "--email", "A@X.it")["emails"]) == 1


def test_a_change_says_when(two: Any) -> None:
    entity = two.ok("set", 1, "--source", "web")
    assert entity["updated_at"] >= entity["created_at"]


def test_setting_what_is_there_already_is_no_operation(two: Any) -> None:
    before = two.ok("history")
    two.ok("set", 1, "--source", "fair")
    assert two.ok("history") == before


def test_one_change_of_many_entities_is_one_operation(two: Any) -> None:
    before = len(two.ok("history"))
    two.ok("set", 1, 2, "--source", "web")
    assert len(two.ok("history")) == before + 1
    two.ok("undo")
    assert [e["source"] for e in two.ok("show", 1, 2)] == ["fair", None]


def test_tag_and_untag(two: Any) -> None:
    assert two.ok("tag", 1, "b", "a")["tags"] == ["a", "b", "vip"]
    assert two.ok("tag", 1, "a")["tags"] == ["a", "b", "vip"]
    assert two.ok("untag", 1, "vip", "b")["tags"] == ["a"]


def test_taking_off_a_tag_that_is_not_there_changes_nothing(two: Any) -> None:
    before = two.ok("show", 1)
    assert two("untag", 1, "nothing").code == 0
    assert two.ok("show", 1) == before


@pytest.mark.parametrize("text", ["one\ntwo", "tab\there", "  [bold]not markup[/bold]", "=SUM(A1)", "È vero :smiley:"])
def test_a_note_is_kept(two: Any, text: str) -> None:
    assert two.ok("note", 1, text)["notes"] == text.strip()


def test_notes_are_added_below(two: Any) -> None:
    two.ok("note", 1, "first")
    assert two.ok("note", 1, "second")["notes"] == "first\nsecond"


def test_a_removed_entity_is_hidden_and_comes_back_whole(two: Any) -> None:
    before = two.ok("show", 1)
    two.ok("rm", 1)
    assert [e["id"] for e in two.ok("list")] == [2]
    assert two.ok("find", "anna") == []
    assert {e["id"] for e in two.ok("list", "--all")} == {1, 2}
    assert [e["id"] for e in two.ok("find", "anna", "--all")] == [1]
    two.ok("restore", 1)
    after = two.ok("show", 1)
    assert {**after, "updated_at": ""} == {**before, "updated_at": ""}
    assert {e["id"] for e in two.ok("list")} == {1, 2}


def test_restore_takes_a_name(two: Any) -> None:
    two.ok("rm", 1)
    assert two.ok("restore", "Anna")["id"] == 1


def test_restoring_what_is_not_removed_is_refused(two: Any) -> None:
    two.refused(4, "restore", 1)


@pytest.mark.parametrize(("command", "rest"), [("set", ["--source", "w"]), ("tag", ["t"]), ("note", ["n"]), ("rm", [])])
def test_a_removed_entity_is_not_changed(two: Any, command: str, rest: list[str]) -> None:
    two.ok("rm", 1)
    error = two.refused(4, command, 1, *rest)
    assert "restore" in error["hint"]


@pytest.mark.parametrize("command", ["rm", "set", "tag", "note"])
def test_undo_and_redo_of_a_change(two: Any, command: str) -> None:
    rest = {"rm": [], "set": ["--source", "web"], "tag": ["t"], "note": ["n"]}[command]
    before = two.ok("list", "--all")
    two.ok(command, 1, *rest)
    after = two.ok("list", "--all")
    two.ok("undo")
    assert two.ok("list", "--all") == before
    two.ok("redo")
    assert two.ok("list", "--all") == after


def test_nothing_to_set_is_not_a_crash(two: Any) -> None:
    assert two("set", 1).code in (0, 2)


@pytest.mark.parametrize("state", ["active", "disqualified", "lost", "inactive"])
def test_a_state_moves_freely_and_keeps_the_type(two: Any, state: str) -> None:
    entity = two.ok("set", 1, "--state", state)
    assert (entity["state"], entity["type"]) == (state, "person")


def test_a_state_that_does_not_exist_is_wrong_usage(two: Any) -> None:
    two.refused(2, "set", 1, "--state", "sleeping")


def test_a_type_is_not_an_attribute_to_set(two: Any) -> None:
    two.refused(2, "set", 1, "--type", "lead")


@pytest.mark.parametrize(
    ("name", "parts", "change", "whole"),
    [
        ("Dott.ssa Maria Bianchi", ("Maria", "Bianchi"), ("--last", "Neri"), "Dott.ssa Maria Neri"),
        ("BIANCHI Maria", ("Maria", "Bianchi"), ("--last", "Neri"), "Neri Maria"),
        ("Maria Mariani", ("Maria", "Mariani"), ("--first", "Ada"), "Ada Mariani"),
        ("Paolo Paolo", ("Paolo", "Paolo"), ("--last", "De Rossi"), "Paolo De Rossi"),
        ("Dott.ssa Maria Bianchi", ("Maria", "Bianchi"), ("--first", "Ada", "--last", "Neri"), "Dott.ssa Ada Neri"),
        ("Dott.ssa Maria Bianchi", ("Maria", "Bianchi"), ("--last", ""), "Dott.ssa Maria"),
        ("Maria Bianchi", (), ("--first", "Ada", "--last", "Neri"), "Ada Neri"),
        ("Maria Bianchi", (), ("--first", "Maria", "--last", "Bianchi"), "Maria Bianchi"),
        ("Maria Bianchi", (), ("--last", "Bianchi"), "Maria Bianchi"),
        ("Maria Bianchi", ("Maria", "Bianchi"), ("--last", "Neri", "--name", "M. Neri"), "M. Neri"),
        ("Mimi", ("Maria", "Bianchi"), ("--last", ""), "Mimi"),
    ],
)
def test_a_whole_name_follows_the_first_and_last_name(crm: Any, name: str, parts: Any, change: Any, whole: str) -> None:
    said = ("--first", parts[0], "--last", parts[1]) if parts else ()
    number = crm.add("person", name, *said)
    assert crm.ok("show", number)["name"] == name
    done = crm("set", number, *change)
    assert (done.code, "NAME" in done.err) == (0, False)
    assert crm.ok("show", number)["name"] == crm.ok("list")[0]["name"] == whole
    if crm.ok("history")[0]["name"] == "set":
        crm.ok("undo")
    assert crm.ok("show", number)["name"] == name


@pytest.mark.parametrize(
    ("name", "parts"), [("Maria Bianchi", ()), ("Mimi", ("--first", "Maria", "--last", "Bianchi"))]
)
def test_a_whole_name_that_does_not_say_which_word_is_the_last_name_stays_and_is_told(
    crm: Any, name: str, parts: Any
) -> None:
    number = crm.add("person", name, *parts)
    done = crm("set", number, "--last", "Neri")
    assert done.code == 0 and f"{name} stays the whole name" in done.err and f"set {number} --name" in done.err
    entity = crm.ok("show", number)
    assert (entity["name"], entity["last_name"]) == (name, "Neri")
