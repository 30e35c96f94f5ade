"""Custom fields of every kind, settings and where they come from, and which types are in use."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

GOOD = [
    ("text", "007"), ("text", "  héllo [x]".strip()), ("text", "=1+1"), ("text", "a=b"),
    ("int", "5"), ("int", "-3"), ("int", "007"),
    ("decimal", "1.5"), ("decimal", "1200,50"), ("decimal", "-0.25"),
    ("money", "5000"), ("money", "1200.50"), ("money", "1.200,50"), ("money", "5000 EUR"),
    ("date", "2026-02-28"), ("date", "2028-02-29"), ("date", "1900-01-01"),
    ("url", "https://x.it/a?b=c"), ("url", "http://localhost:8080"),
]  # fmt: skip
BAD = [
    ("int", "1.5"), ("int", "abc"), ("int", "1e3"), ("int", "٣"), ("int", "1 2"), ("int", "9" * 40),
    ("decimal", "1.2.3"), ("decimal", "abc"), ("decimal", "nan"), ("decimal", "inf"), ("decimal", "-"), ("decimal",
    "--1"),
    ("money", "EUR"), ("money", "12 ZZZ"), ("money", "1200 euros"), ("money", "NaN EUR"),
    ("date", "2026-02-30"), ("date", "2026-13-01"), ("date", "20260228"), ("date", "28/02/2026"), ("date", "2026-02"),
    ("bool", "maybe"), ("bool", "2"), ("choice", "huge"), ("choice", "small,large"),
    ("url", "not a url"), ("url", "x"), ("text", "a\x1bb"), ("text", "a\x00b"), ("text", "a\u202eb"),
]  # fmt: skip


def declare(crm: Any, kind: str) -> None:
    """Declare a field f of a kind."""
    crm.ok("field", "add", "f", "--kind", kind, *(["--choice", "small,large"] if kind == "choice" else []))


@pytest.mark.parametrize(("kind", "value"), GOOD)
def test_a_good_value_is_kept_as_it_was_typed(crm: Any, kind: str, value: str) -> None:
    declare(crm, kind)
    assert crm.ok("add", "person", "Anna", "--field", f"f={value}")["fields"] == {"f": value}
    assert crm.ok("show", 1)["fields"] == {"f": value}


@pytest.mark.parametrize(("kind", "value"), BAD)
def test_a_bad_value_is_wrong_usage_and_nothing_is_written(crm: Any, kind: str, value: str) -> None:
    declare(crm, kind)
    before = crm.ok("history")
    assert crm.refused(2, "add", "person", "Anna", "--field", f"f={value}")["message"]
    assert crm.ok("list", "--all") == []
    assert crm.ok("history") == before


@pytest.mark.parametrize(
    ("typed", "shown"), [("yes", "yes"), ("TRUE", "yes"), ("sì", "yes"), ("no", "no"), ("0", "no")]
)
def test_a_bool_is_understood(crm: Any, typed: str, shown: str) -> None:
    declare(crm, "bool")
    crm.add("person", "Anna", "--field", f"f={typed}")
    assert [e["id"] for e in crm.ok("list", f"f={shown}")] == [1]


@pytest.mark.parametrize("typed", ["small", "SMALL"])
def test_a_choice_is_one_of_those_declared(crm: Any, typed: str) -> None:
    declare(crm, "choice")
    assert crm.ok("add", "person", "Anna", "--field", f"f={typed}")["fields"] == {"f": "small"}


def test_a_blank_value_takes_a_field_away(crm: Any) -> None:
    declare(crm, "text")
    crm.add("person", "Anna", "--field", "f=x")
    assert crm.ok("set", 1, "--field", "f=")["fields"] == {}


def test_a_field_that_was_not_declared_names_the_nearest(crm: Any) -> None:
    crm.ok("field", "add", "budget")
    done = crm("add", "person", "Anna", "--field", "budgte=1", "--json")
    assert done.code in (2, 3)
    assert "budget" in str(done.error)
    assert crm.ok("list") == []


@pytest.mark.parametrize("text", ["f", "=x", ""])
def test_a_field_is_written_as_name_and_value(crm: Any, text: str) -> None:
    declare(crm, "text")
    assert crm("add", "person", "Anna", "--field", text).code in (2, 3)
    assert crm.ok("list") == []


@pytest.mark.parametrize(
    ("side", "words", "code"),
    [("person", ["person", "A"], 0), ("organization", ["target", "A"], 0), ("both", ["target", "A"], 0),
     ("person", ["lead", "A", "--org", "B"], 0), ("organization", ["lead", "A", "--org", "B"], 0),
     ("person", ["target", "A"], 2), ("organization", ["person", "A"], 2)],
)  # fmt: skip
def test_a_field_belongs_to_its_side(crm: Any, side: str, words: list[str], code: int) -> None:
    crm.ok("field", "add", "f", "--side", side)
    done = crm("add", *words, "--field", "f=1")
    assert done.code == code or (code == 2 and done.code == 4)


@pytest.mark.parametrize(
    "words",
    [["two words"], ["1st"], [""], ["name"], ["email"], ["f", "--kind", "float"], ["f", "--side", "left"],
     ["f", "--kind", "choice"], ["f", "--kind", "int", "--choice", "a"], ["[/red]"], ["a\x1b"]],
)  # fmt: skip
def test_a_field_that_cannot_be_declared(crm: Any, words: list[str]) -> None:
    done = crm("field", "add", *words, "--json")
    assert done.code in (2, 4)
    assert done.error["message"]
    assert crm.ok("field", "list") == []


def test_declaring_a_field_twice_is_refused(crm: Any) -> None:
    declare(crm, "int")
    crm.refused(4, "field", "add", "f")
    assert [field["kind"] for field in crm.ok("field", "list")] == ["int"]


def test_a_field_that_has_values_is_not_removed_by_accident(crm: Any) -> None:
    declare(crm, "text")
    crm.add("person", "Anna", "--field", "f=x")
    assert "1" in crm.refused(4, "field", "rm", "f")["message"]
    crm.ok("field", "rm", "f", "--yes")
    assert crm.ok("show", 1)["fields"] == {}
    crm.ok("undo")
    assert crm.ok("show", 1)["fields"] == {"f": "x"}


def test_removing_a_field_that_does_not_exist(crm: Any) -> None:
    crm.refused(3, "field", "rm", "nothing")


@pytest.mark.parametrize(
    ("profile", "on"),
    [("full", "suspect lead prospect person target organization"), ("simple", "lead person organization"),
     ("customers", "person organization"), ("lead,person", "lead person")],
)  # fmt: skip
def test_types_that_are_off_are_refused_in_add(crm: Any, profile: str, on: str) -> None:
    crm.ok("config", "set", "types", profile)
    for type in ("suspect", "lead", "prospect", "person", "target", "organization"):
        done = crm("add", type, "X")
        assert (done.code == 0) == (type in on.split()), (type, done)
        assert done.code in (0, 2, 4)


def test_types_that_are_off_are_absent_from_help(crm: Any) -> None:
    crm.ok("config", "set", "types", "customers")
    for words in (["--help"], ["add", "--help"]):
        text = crm(*words).out.lower()
        assert not [type for type in ("suspect", "prospect", "target") if type in text], words


def test_a_type_that_has_rows_is_not_switched_off(crm: Any) -> None:
    crm.add("prospect", "Anna")
    crm.add("prospect", "Luca")
    error = crm.refused(4, "config", "set", "types", "simple")
    assert "2" in error["message"] and "prospect" in error["message"]
    assert error["hint"]
    assert crm.add("prospect", "Mario") == 3


@pytest.mark.parametrize("value", ["none", "", "lead,customer", ","])
def test_types_that_do_not_exist_are_wrong_usage(crm: Any, value: str) -> None:
    crm.refused(2, "config", "set", "types", value)


def test_flags_over_environment_over_file_over_defaults(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def region() -> tuple[str, str]:
        found = crm.ok("config", "show")["region"]
        return found["value"], found["from"]

    assert region() == ("IT", "default")
    crm.ok("config", "set", "region", "fr")
    assert region() == ("FR", "file")
    monkeypatch.setenv("DKCRM_REGION", "GB")
    assert region() == ("GB", "environment")
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "a.db"))
    assert crm.ok("config", "path", "--db", tmp_path / "b.db")["database"] == str(tmp_path / "b.db")


def test_setting_a_value_keeps_the_comments_of_the_file(crm: Any, own_home: Path) -> None:
    file = own_home / ".config/dkcrm/config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('# mine\nregion = "IT"  # here\ncurrency = "EUR"\n')
    crm.ok("config", "set", "region", "GB")
    assert file.read_text() == '# mine\nregion = "GB"  # here\ncurrency = "EUR"\n'


@pytest.mark.parametrize(
    ("name", "value"),
    [("region", "Italy"), ("region", "1"), ("currency", "euro"), ("currency", "ZZZ"), ("wait", "-1"), ("wait", "x"),
     ("wait", "nan"), ("wait", "inf"), ("regoin", "IT")],
)  # fmt: skip
def test_a_wrong_setting_is_wrong_usage_and_nothing_is_written(crm: Any, own_home: Path, name: str, value: str) -> None:
    crm.refused(2, "config", "set", name, value)
    assert not (own_home / ".config/dkcrm/config.toml").exists()


@pytest.mark.parametrize(
    "content", ['regoin = "IT"', "region = ", "\x00", 'region = "Italy"', 'wait = "soon"', "[region]\nx=1"]
)
def test_a_config_file_that_cannot_be_read_is_named(crm: Any, own_home: Path, content: str) -> None:
    file = own_home / ".config/dkcrm/config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(content)
    done = crm("add", "person", "Anna", "--phone", "02 1234567", "--json")
    assert done.code in (1, 2)
    assert done.error["error"] != "internal"
    assert (
        "region" in done.error["message"] or "config.toml" in done.error["message"] or "wait" in done.error["message"]
    )


def test_the_actor_is_recorded(crm: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DKCRM_ACTOR", "Zoë")
    crm.add("person", "Anna")
    assert crm.ok("history")[0]["actor"] == "Zoë"


def test_a_dry_run_leaves_the_config_file_alone(crm: Any, own_home: Path) -> None:
    crm.ok("config", "set", "region", "GB", "--dry-run")
    assert list(own_home.rglob("*.toml")) == []
    assert crm.ok("config", "show")["region"] == {"value": "IT", "from": "default"}


def test_settings_set_at_once_are_all_kept(crm: Any, program: Any) -> None:
    values = {"region": "GB", "currency": "USD", "wait": "9", "actor": "me"}
    with ThreadPoolExecutor() as pool:
        codes = list(pool.map(lambda item: program("config", "set", *item).code, values.items()))
    assert codes == [0, 0, 0, 0]
    shown = crm.ok("config", "show")
    assert {name: shown[name]["value"] for name in ("region", "currency", "wait")} == {
        name: values[name] for name in ("region", "currency", "wait")
    }
