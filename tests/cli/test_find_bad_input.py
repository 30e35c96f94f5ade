"""Filters and texts that nobody would write on purpose: the right rows, or wrong usage; never a traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dkcrm.store.fields import ALIASES, FIELDS


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("garbage") / "test.db"


@pytest.fixture
def some(crm: Any, path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the program with a few entities, which these tests only read."""
    fresh = not path.exists()
    monkeypatch.setenv("DKCRM_DB", str(path))
    if fresh:
        crm.ok("field", "add", "budget", "--kind", "money")
        crm.ok("field", "add", "since", "--kind", "date")
        crm.ok("field", "add", "ok", "--kind", "bool")
        crm.add("person", "Anna Bianchi", "--email", "anna@bianchi.it", "--phone", "02 1234567", "--tag", "vip",
                "--field", "budget=5000", "--field", "since=2026-01-01", "--field", "ok=yes")  # fmt: skip
        crm.add("organization", "Bianchi S.r.l.", "--vat", "IT01234567890")
        crm.ok("link", 1, 2)
        crm.ok("log", 1, "call", "Hello", "--in")
        crm.ok("segment", "save", "warm", "tag:vip")
    return crm


NAMES = [*FIELDS, *ALIASES, "budget", "since", "ok", "field.budget", "sort", "nmae"]
VALUES = ["a", "5", "5..", "..5", "a..b", "..", "none", "any", "never", "~a", "~(", "2026-01", "30d", "today", "warm",
          "vip", "yes", "+39 02", "IT01", "\x00", "\ud800", "\U0001f600", "%", "'", '"a b"', '"', "", "a'b", "9" * 40,
          "1e999", "nan", "-1", "1" * 19, "99999999999d", "0000-00-00", "9999-12-31", "x" * 3000]  # fmt: skip
PIECES = st.one_of(
    st.builds(lambda name, op, value: f"{name}{op}{value}", st.sampled_from(NAMES),
              st.sampled_from([":", "=", "!=", "<", "<=", ">", ">="]), st.sampled_from(VALUES)),
    st.sampled_from(["and", "or", "not", "(", ")", "@warm", "@x", "@", '"', '"a b"', "anna", "NEAR(", "*", "^", "{"]),
    st.text(max_size=12),
)  # fmt: skip


@pytest.mark.parametrize("command", [["list"], ["list", "--limit", 1], ["export", "--json"]], ids=str)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(pieces=st.lists(PIECES, min_size=1, max_size=8), whole=st.booleans())
def test_any_filter_is_answered_or_wrong_usage(some: Any, command: list[Any], pieces: list[str], whole: bool) -> None:
    terms = [" ".join(pieces)] if whole else pieces
    done = some(*command, "--format", "json", "--", *terms)
    assert done.code in (0, 2), (terms, done.err)
    assert "internal" not in done.err and "Traceback" not in done.err, (terms, done.err)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(text=st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=5).map(" ".join)))
def test_any_text_is_looked_for(some: Any, text: str) -> None:
    done = some("find", "--json", "--", text)
    assert done.code == (0 if text.strip() else 2), (text, done.err)


@pytest.mark.parametrize("name", NAMES)
def test_every_field_takes_or_refuses_every_value(some: Any, name: str) -> None:
    for value in VALUES:
        done = some("list", "--json", "--", f"{name}:{value}")
        assert done.code in (0, 2), (value, done.err)
        assert done.code == 0 or done.error["error"] in ("usage", "unknown_field", "unknown_segment")


@pytest.mark.parametrize("depth", [5, 12, 20, 45, 5000])
@pytest.mark.parametrize(
    ("before", "after"),
    [("not (tag:x or ", ")"), ("(tag:x (name:a or ", "))"), ("(id=1 or (id=2 ", "))"), ("not ", "")],
)
def test_deep_filters_are_answered_or_refused(some: Any, before: str, after: str, depth: int) -> None:
    for most in ([], ["--limit", 1]):
        done = some("list", *most, "--json", "--", before * depth + "phone:02" + after * depth)
        assert done.code in (0, 2), done.err
        assert done.code == 0 or "nested" in done.error["message"] or "terms" in done.error["message"]


@pytest.mark.parametrize(
    "text", [" ".join(f"w{n}" for n in range(500)), " or ".join(f"id={n}" for n in range(500)),
             " or ".join(f"email=a{n}@x.it" for n in range(500)), " ".join(f"not tag:t{n}" for n in range(500)),
             " or ".join(f"phone:0{n:09}" for n in range(300)), "anna " * 10_000],
    ids=["words", "numbers", "emails", "tags", "phones", "many words"],
)  # fmt: skip
def test_long_filters_are_answered_or_refused(some: Any, text: str) -> None:
    done = some("list", "--json", "--", text)
    assert done.code in (0, 2), done.err
    assert done.code == 0 or "terms" in done.error["message"]


@pytest.mark.parametrize(
    "words", [["anna"] * 10_000, ["x" * 100_000], ["\x00"], ["\ud800 anna"], ["a\x00b"], ['"'] * 50]
)
def test_long_and_odd_texts_are_looked_for(some: Any, words: list[str]) -> None:
    assert some("find", "--json", "--", *words).code == 0


@pytest.mark.parametrize("text", ["'; DROP TABLE entity; --", "x') OR 1=1 --", "name", "1", "id", "*", "../../x"])
def test_sql_is_only_text_in_every_position(some: Any, text: str) -> None:
    for words in (["list", "--columns", text], ["list", "--sort", text], ["list", "--", f"sort:{text}"],
                  ["list", "--", f"{text}:x"], ["list", "--", f"@{text}"], ["find", "a", "--filter", text],
                  ["segment", "save", "--", text, "tag:x"], ["segment", "show", "--", text]):  # fmt: skip
        done = some(*words, "--json")
        assert done.code in (0, 2, 3) and "internal" not in done.err, done
    some("segment", "rm", "--", text)
    assert len(some.ok("list")) == 2


@pytest.mark.parametrize("text", ["€", "&", "\U0001f600", "***", '"***"', '""', "not €", "tag:vip"])
def test_signs_that_nobody_can_have_let_nobody_through(crm: Any, text: str) -> None:
    crm.add("person", "Anna Bianchi", "--tag", "vip")
    words = [text] if text != "tag:vip" else [text, "€"]
    for command in (["list"], ["export"], ["report", "growth"], ["segment", "save", "all"]):
        error = crm.refused(2, *command, *words)
        assert error["error"] == "usage" and "^" in error["hint"]
    filters = [word for each in words for word in ("--filter", each)]
    crm.refused(2, "campaign", "add", "all", *filters)
    assert crm.ok("find", "€") == []


def test_signs_between_words_and_young_emoji_are_searched_as_ever(crm: Any) -> None:
    crm.add("person", "Anna & Figli")
    crm.add("person", "Luca \U0001f98a")
    assert [entity["id"] for entity in crm.ok("list", "anna & figli")] == [1]
    assert [entity["id"] for entity in crm.ok("list", "anna", "-", "figli")] == [1]
    assert [entity["id"] for entity in crm.ok("list", "\U0001f98a")] == [2]
    assert [entity["id"] for entity in crm.ok("list", "luca", "\U0001f98a")] == [2]
    assert crm.ok("list", "..") == []


def test_an_export_reads_no_references(crm: Any) -> None:
    crm.add("person", "Anna")
    error = crm.refused(2, "export", "-", input="1\n")
    assert "standard input" in error["message"] and "id=1" in error["hint"]
