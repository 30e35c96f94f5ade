"""Segments: a filter under a name, used wherever a filter is."""

from __future__ import annotations

import os
import shlex
import sqlite3
from typing import Any

import pytest


@pytest.fixture
def three(crm: Any) -> Any:
    """Return the program with a lead and two persons."""
    crm.add("lead", "Anna Bianchi", "--tag", "vip", "--source", "web form")
    crm.add("person", "Luca Rossi", "--tag", "vip")
    crm.add("person", "Carla Neri")
    return crm


def ids(answer: Any) -> list[int]:
    return sorted(entity["id"] for entity in answer)


def test_a_segment_is_a_filter_under_a_name(three: Any) -> None:
    assert three.ok("segment", "save", "warm", "tag:vip") == {"name": "warm", "filter": "tag:vip", "count": 2}
    assert ids(three.ok("list", "@warm")) == ids(three.ok("list", "segment:warm")) == [1, 2]
    assert ids(three.ok("list", "person", "segment=WARM")) == [2]
    assert ids(three.ok("list", "not", "@warm")) == ids(three.ok("list", "segment!=warm")) == [3]
    assert ids(three.ok("list", "(@warm or name:neri) type:person")) == [2, 3]
    assert ids(three.ok("find", "luca", "--filter", "@warm")) == [2]
    assert ids(three.ok("find", "carla", "--filter", "@warm")) == []
    assert ids(three.ok("export", "@warm")) == [1, 2]


def test_what_the_shell_took_off_is_kept(three: Any) -> None:
    three.ok("segment", "save", "web", "lead", "source=web form")
    assert three.ok("segment", "show", "web")["filter"] == 'type=lead source="web form"'
    assert ids(three.ok("list", "@web")) == [1]
    three.ok("segment", "save", "odd", "name:~anna b")
    assert ids(three.ok("list", "@odd")) == [1]


def test_a_type_that_comes_first_is_the_type_wherever_a_filter_is_read(three: Any, tmp_path: Any) -> None:
    for filter in (["lead tag:vip"], ["lead", "tag:vip"]):
        assert ids(three.ok("list", *filter)) == ids(three.ok("export", *filter)) == [1]
        assert {row["type"]: row["entered"] for row in three.ok("report", "funnel", *filter)}["lead"] == 1
        assert three.ok("report", "growth", *filter)[0]["new"] == 1
        assert three.ok("segment", "save", "warm", *filter) == {
            "name": "warm", "filter": "type=lead tag:vip", "count": 1,
        }  # fmt: skip
        assert ids(three.ok("list", "@warm")) == [1]
    assert ids(three.ok("find", "a", "--filter", "lead tag:vip")) == [1]
    assert ids(three.ok("find", "a", "--filter", "tag:vip", "--filter", "lead")) == [1]
    for name, *filters in (("one", "tag:vip", "lead"), ("two", "lead", "tag:vip"), ("three", "lead tag:vip")):
        three.ok("campaign", "add", name, *(word for filter in filters for word in ("--filter", filter)))
        assert ids(three.ok("list", f"campaign:{name}")) == [1]
    assert ids(three.ok("list", '"lead"')) == ids(three.ok("list", "tag:vip", "lead")) == ids(three.ok("find", "lead"))
    assert "type:lead or" in three.refused(2, "list", "lead or person")["message"]
    for row in three.ok("report", "hygiene", "lead"):
        if row["check"] == "no-email":
            assert row["count"] == 1 and ids(three.ok(*shlex.split(row["command"])[1:])) == [1]


def test_a_rule_may_begin_with_a_type(three: Any) -> None:
    for name in ("market-fit", "budget", "authority"):
        three.ok("criteria", "rm", name, "--side", "person")
    (ours,) = three.ok("criteria", "add", "ours", "--side", "person", "--rule", "leads tag:vip")["criteria"]
    assert ours["rule"] == "type=lead tag:vip"
    (check,) = three.ok("qualify", 1, "--check")["checks"]
    assert check["qualified"]


def test_a_segment_of_before_means_what_it_meant(three: Any) -> None:
    three.ok("segment", "save", "old", "tag:vip")
    three.add("person", "Lead Pipes")
    with sqlite3.connect(os.environ["DKCRM_DB"]) as connection:
        connection.execute("UPDATE segment SET filter = 'lead pipes'")
    assert ids(three.ok("list", "@old")) == [4]
    three.ok("campaign", "add", "spring", "--segment", "old")
    assert ids(three.ok("list", "campaign:spring")) == [4]


def test_each_filter_of_several_is_a_whole_one(three: Any) -> None:
    filters = ("--filter", "name:anna or name:luca", "--filter", "person")
    assert three.ok("find", "anna", *filters) == []
    assert ids(three.ok("find", "luca", *filters)) == [2]


def test_an_error_names_what_was_typed(three: Any) -> None:
    error = three.refused(2, "segment", "save", "s", "sort:-name", "lead")
    assert "sort:-name lead" in error["hint"] and "(" not in error["hint"]
    error = three.refused(2, "segment", "save", "s", "lead", "nmae:x")
    assert "lead nmae:x" in error["hint"] and "character 6" in error["message"]


def test_a_segment_is_read_anew_each_time(three: Any) -> None:
    three.ok("segment", "save", "warm", "tag:vip")
    three.ok("tag", 3, "vip")
    assert ids(three.ok("list", "@warm")) == [1, 2, 3]
    three.ok("rm", 3)
    assert three.ok("segment", "list") == [{"name": "warm", "filter": "tag:vip", "count": 2}]


def test_a_segment_of_segments(three: Any) -> None:
    three.ok("segment", "save", "warm", "tag:vip")
    three.ok("segment", "save", "hot", "@warm", "not", "lead")
    three.ok("segment", "save", "hotter", "segment:hot", "or", "@warm")
    assert ids(three.ok("list", "@hotter")) == [1, 2]
    assert three.ok("segment", "show", "warm")["used_by"] == [
        {"segment": "hot", "filter": "@warm not lead"},
        {"segment": "hotter", "filter": "segment:hot or @warm"},
    ]


@pytest.mark.parametrize("filter", ["@warm", "tag:x @warm", "@hot", "not (tag:y or @hot)"])
def test_a_ring_is_refused_with_its_place(three: Any, filter: str) -> None:
    three.ok("segment", "save", "warm", "tag:vip")
    three.ok("segment", "save", "hot", "@warm")
    error = three.refused(2, "segment", "save", "warm", filter)
    assert "would contain itself" in error["message"] and "^" in error["hint"]
    assert three.ok("segment", "show", "warm")["filter"] == "tag:vip"


def test_saving_again_replaces_and_says_so(three: Any) -> None:
    three.ok("segment", "save", "warm", "tag:vip")
    done = three("segment", "save", "warm", "lead")
    assert "which was: tag:vip" in done.err
    assert ids(three.ok("list", "@warm")) == [1]
    assert "nothing changed" in three("segment", "save", "warm", "lead").err
    three.ok("undo")
    assert three.ok("segment", "show", "warm")["filter"] == "tag:vip"


def test_every_change_of_a_segment_can_be_undone_and_redone(three: Any) -> None:
    three.ok("segment", "save", "warm", "tag:vip")
    three.ok("segment", "rm", "warm")
    assert three.ok("segment", "list") == []
    three.ok("undo")
    assert ids(three.ok("list", "@warm")) == [1, 2]
    three.ok("undo")
    assert three.ok("segment", "list") == []
    three.ok("redo")
    assert ids(three.ok("list", "@warm")) == [1, 2]
    names = [operation["name"] for operation in three.ok("history")]
    assert "segment save" in names and "segment rm" in names


def test_a_dry_run_saves_nothing(three: Any) -> None:
    three.ok("segment", "save", "warm", "tag:vip", "--dry-run")
    assert three.ok("segment", "list") == []


@pytest.mark.parametrize(
    "filter", ["nmae:x", "(tag:x", "created:yesterdayish", "@nobody", "sort:name", "tag:x sort:-updated", "", "name:~["]
)
def test_what_is_no_filter_is_not_kept(three: Any, filter: str) -> None:
    three.refused(2, "segment", "save", "warm", filter)
    assert three.ok("segment", "list") == []


@pytest.mark.parametrize("name", ["", "two words", "7up", "none", "any", "a:b", "';--", "x" * 100])
def test_what_is_no_name(three: Any, name: str) -> None:
    three.refused(2, "segment", "save", "--", name, "tag:vip")


def test_a_segment_that_is_not_there_names_the_nearest(three: Any) -> None:
    three.ok("segment", "save", "warm", "tag:vip")
    error = three.refused(2, "list", "tag:x", "@wram")
    assert error["error"] == "unknown_segment" and "warm" in error["hint"] and "character 7" in error["message"]
    assert "warm" in three.refused(3, "segment", "show", "wram")["hint"]
    assert three.refused(3, "segment", "rm", "wram")["error"] == "not_found"


def test_a_segment_in_use_stays(three: Any) -> None:
    three.ok("segment", "save", "warm", "tag:vip")
    three.ok("segment", "save", "hot", "@warm")
    error = three.refused(4, "segment", "rm", "warm")
    assert "@hot" in error["message"] and error["candidates"] == [{"segment": "hot", "filter": "@warm"}]
    three.ok("segment", "rm", "hot")
    three.ok("criteria", "add", "ours", "--side", "person", "--rule", "segment:warm")
    error = three.refused(4, "segment", "rm", "warm")
    assert "person ours" in error["message"] and error["candidates"][0]["criterion"] == "ours"
    three.ok("criteria", "rm", "ours")
    three.ok("segment", "rm", "@warm")


def test_undo_takes_no_segment_from_what_uses_it(three: Any) -> None:
    first = three.ok("history")[0]["operation"] + 1
    three.ok("segment", "save", "warm", "tag:vip")
    three.ok("segment", "save", "hot", "@warm")
    error = three.refused(4, "undo", first)
    assert error["candidates"] == [{"operation": first + 1, "use": f"dkcrm undo {first + 1}"}]
    assert ids(three.ok("list", "@hot")) == [1, 2]
    three.ok("undo")
    three.ok("undo")
    three.ok("redo")
    assert ids(three.ok("list", "@warm")) == [1, 2]


def test_undo_makes_no_ring(three: Any) -> None:
    three.ok("segment", "save", "hot", "tag:vip")
    three.ok("segment", "save", "warm", "@hot")
    three.ok("segment", "save", "warm", "tag:vip")
    operation = three.ok("history")[0]["operation"]
    three.ok("segment", "save", "hot", "@warm")
    assert three.refused(4, "undo", operation)["error"] == "conflict"
    assert ids(three.ok("list", "@hot")) == [1, 2]


def test_a_segment_whose_field_is_gone_says_which(three: Any) -> None:
    three.ok("field", "add", "budget", "--kind", "money")
    three.ok("segment", "save", "rich", "budget:5000..")
    with sqlite3.connect(os.environ["DKCRM_DB"]) as connection:  # no command takes it away
        connection.execute("DELETE FROM field")
    error = three.refused(2, "list", "@rich")
    assert "in segment rich" in error["message"] and "budget" in error["message"]
    assert three.ok("segment", "list")[0]["count"] is None


def test_segments_within_segments_have_an_end(three: Any) -> None:
    three.ok("segment", "save", "s0", " or ".join(f"name:x{n}" for n in range(400)))
    three.ok("segment", "save", "s1", "not @s0")
    assert three.refused(2, "segment", "save", "s2", "@s0 or @s1")["message"].startswith("in segment")
    for depth in range(2, 40):
        done = three("segment", "save", f"s{depth}", f"not (@s{depth - 1} tag:x)", "--json")
        if done.code:
            assert done.code == 2 and "nested" in done.error["message"]
            return
        assert three("list", f"@s{depth}", "--json").code == 0
    raise AssertionError("segments may contain each other without end")


def test_a_rule_may_name_a_segment(three: Any) -> None:
    for name in ("market-fit", "budget", "authority"):
        three.ok("criteria", "rm", name, "--side", "person")
    three.ok("segment", "save", "known", "source:web")
    three.ok("criteria", "add", "ours", "--side", "person", "--rule", "@known")
    (check,) = three.ok("qualify", 1, "--check")["checks"]
    assert check["qualified"] and check["criteria"][0]["why"] == "source is web form"


def test_segments_as_tables(three: Any) -> None:
    assert "no segment yet" in three("segment", "list").err
    three.ok("segment", "save", "warm", "tag:vip")
    assert three("segment", "list").out == "warm\t2\ttag:vip\n"
    assert three("segment", "show", "warm", "--format", "csv").out.splitlines()[0] == "name,count,filter,used_by"


@pytest.mark.parametrize("name", ["size", "member"])
def test_a_field_that_a_filter_reads_stays(crm: Any, name: str) -> None:
    crm.ok("field", "add", name, "--kind", "int")
    crm.ok("segment", "save", "big", f"{name}:10..")
    crm.ok("criteria", "add", "size", "--side", "organization", "--rule", f"not field.{name}:..9")
    error = crm.refused(4, "field", "rm", name, "--yes")
    assert error["message"] == f"field {name} is used by @big, organization size"
    crm.ok("segment", "rm", "big")
    assert crm.refused(4, "field", "rm", name)["candidates"][0]["criterion"] == "size"
    crm.ok("criteria", "rm", "size")
    crm.ok("field", "rm", name)


def test_undo_takes_no_field_from_a_filter_that_reads_it(crm: Any) -> None:
    crm.ok("field", "add", "size", "--kind", "int")
    crm.ok("segment", "save", "big", "size:10..")
    error = crm.refused(4, "undo", 1)
    assert [candidate["operation"] for candidate in error["candidates"]] == [2]
    crm.ok("segment", "rm", "big")
    crm.ok("undo", 1)
    assert crm.refused(4, "undo", 3)["candidates"] == [{"operation": 4, "use": "dkcrm undo 4"}]
    crm.ok("undo", 4)
    crm.ok("undo", 3)
    assert crm.ok("list", "@big") == []
