"""list and find: the filter language of SPEC.md section 6, and words in whatever way they are typed."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ALL = {1, 2, 3, 4, 5, 6, 7}
ENTITIES = [
    ["lead", "Anna Bianchi", "--org", "Bianchi S.r.l.", "--email", "work:anna@bianchi.it", "--phone", "02 1234567",
     "--tag", "fair-2026", "--source", "web form", "--field", "budget=5000", "--address", "Via Roma 1, Milano"],
    ["prospect", "Nicolò D'Angelo", "--email", "nico@dangelo.it", "--phone", "+39 333 123 4567", "--tag", "vip",
     "--field", "budget=12000", "--field", "since=2026-03-15", "--field", "ok=yes"],
    ["target", "Łukasz Transport", "--vat", "01234567890", "--field", "size=large", "--field", "heads=12"],
    ["person", "Łukasz Kowalski", "--source", "fair", "--state", "inactive"],
    ["organization", "È Vero S.p.A.", "--tag", "vip", "--tag", "fair-2026"],
    ["suspect", "--org", "Rossi AND Sons"],
    ["lead", "Anna Verdi", "--field", "budget=800"],
]  # fmt: skip


@pytest.fixture
def full(crm: Any, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the program with the entities above, which these tests only read."""
    made = getattr(full_database, "path", None)
    if made is None:
        made = full_database.path = tmp_path_factory.mktemp("full") / "full.db"  # type: ignore[attr-defined]
        monkeypatch.setenv("DKCRM_DB", str(made))
        full_database(crm)
    monkeypatch.setenv("DKCRM_DB", str(made))
    return crm


def full_database(crm: Any) -> None:
    """Declare the fields and add the entities."""
    for name, *rest in (("budget", "money"), ("since", "date"), ("ok", "bool"), ("heads", "int")):
        crm.ok("field", "add", name, "--kind", *rest)
    crm.ok("field", "add", "size", "--kind", "choice", "--choice", "small,large")
    for words in ENTITIES:
        crm.add(*words)


def numbers(answer: Any) -> set[int]:
    """Return the numbers of listed entities."""
    return {entity["id"] for entity in answer}


FILTERS: list[tuple[list[str], set[int]]] = [
    ([], ALL),
    (["lead"], {1, 7}),
    (["lead", "tag:fair-2026"], {1}),
    (["name:bian"], {1}),
    (["email:bianchi"], {1}),
    (["organization:bianchi"], {1}),
    (["address:milano"], {1}),
    (["phone:333"], {2}),
    (["vat_id:0123"], {3}),
    (["source:web"], {1}),
    (["source=fair"], {4}),
    (["source=web"], set()),
    (['source="web form"'], {1}),
    (['name="anna bianchi"'], {1}),
    (['name="anna"'], set()),
    (["state:inactive"], {4}),
    (["type:lead"], {1, 7}),
    (["id:1..3"], {1, 2, 3}),
    (["id=2"], {2}),
    (["budget:5000.."], {1, 2}),
    (["budget:..5000"], {1, 7}),
    (["budget:800..5000"], {1, 7}),
    (["budget=5000"], {1}),
    (["budget > 5000"], {2}),
    (["budget >= 5000"], {1, 2}),
    (["budget<5000"], {7}),
    (["budget <= 800"], {7}),
    (["heads:10..20"], {3}),
    (["since:2026-01-01..2026-12-31"], {2}),
    (["since:2026-03-15"], {2}),
    (["since:..2026-03-15"], {2}),
    (["since:2026-03-16.."], set()),
    (["since:2026-03.."], {2}),
    (["since:..2026-03"], {2}),
    (["since:..2026"], {2}),
    (["since:2026"], {2}),
    (["since < 2026-03-15"], set()),
    (["created:2000.."], ALL),
    (["created:..2000"], set()),
    (["ok=yes"], {2}),
    (["size=large"], {3}),
    (["size:LAR"], {3}),
    (["size:small"], set()),
    (["size!=small"], {1, 2, 3, 4, 5, 6, 7}),
    (["size:~^l"], {3}),
    (["heads:12.0"], {3}),
    (["heads:11.5.."], {3}),
    (["heads>11.5"], {3}),
    (["budget=800.00"], {7}),
    (["budget:4999,50.."], {1, 2}),
    (["budget:none"], {3, 4, 5, 6}),
    (["email:none"], {3, 4, 5, 6, 7}),
    (["tag:none"], {3, 4, 6, 7}),
    (["source:none"], {2, 3, 5, 6, 7}),
    (["not", "email:none"], {1, 2}),
    (["name:~^anna"], {1, 7}),
    (["name:~bian.*i$"], {1}),
    (["email:~@(bianchi|dangelo)\\.it$"], {1, 2}),
    (["tag:vip"], {2, 5}),
    (["tag:VIP"], {2, 5}),
    (["tag:vip", "tag:fair-2026"], {5}),
    (["tag:vip", "or", "tag:fair-2026"], {1, 2, 5}),
    (["tag:vip OR tag:fair-2026"], {1, 2, 5}),
    (["tag:vip and tag:fair-2026"], {5}),
    (["not", "tag:vip"], {1, 3, 4, 6, 7}),
    (["not not tag:vip"], {2, 5}),
    (["(tag:vip or tag:fair-2026) type:lead"], {1}),
    (["tag:vip or tag:fair-2026 type:lead"], {1, 2, 5}),
    (["not (tag:vip or tag:fair-2026)"], {3, 4, 6, 7}),
    (["((tag:vip))"], {2, 5}),
    (['"Anna Bianchi"'], {1}),
    (['"Bianchi Anna"'], set()),
    (["anna"], {1, 7}),
    (["bianchi", "anna"], {1}),
    (["anna", "not", "bianchi"], {7}),
    (['name:"è vero"'], {5}),
    (['name:"È VERO"'], {5}),
    (['name:"e vero"'], {5}),
    (["name:È"], {2, 5, 7}),
    (["name:łukasz"], {3, 4}),
    (["name:LUKASZ"], {3, 4}),
    (["NAME:anna"], {1, 7}),
    (["name:AND"], {6}),
    (["name:%"], set()),
    (["name:_"], set()),
]  # fmt: skip


@pytest.mark.parametrize(("terms", "wanted"), FILTERS, ids=[" ".join(terms) or "none" for terms, _ in FILTERS])
def test_a_filter_lets_through(full: Any, terms: list[str], wanted: set[int]) -> None:
    assert numbers(full.ok("list", *terms)) == wanted


@pytest.mark.parametrize(
    ("term", "near"),
    [("nmae:x", "name"), ("budgte:1", "budget"), ("tagg:vip", "tag"), ("emial=x", "email"), ("sorce:none", "source"),
     ("not nmae:x", "name"), ("(anna or nmae:~x)", "name"), ("nmae:1..2", "name")],
)  # fmt: skip
def test_an_unknown_field_names_the_nearest(full: Any, term: str, near: str) -> None:
    error = full.refused(2, "list", term)
    assert near in error["hint"]


def test_an_unknown_field_like_no_other_says_which_there_are(full: Any) -> None:
    assert "email" in str(full.refused(2, "list", "xyzzyq:1"))


@pytest.mark.parametrize(
    "text",
    ['"anna', 'name:"anna', 'anna"', '"', "(anna", "anna)", "((anna)", "(", ")", "()", "(anna or)", "or", "or anna",
     "anna or", "and", "not", "anna and or luca", "name:", "budget:..", "budget >", "name:~[", "name:~(", "name:~*"],
)  # fmt: skip
def test_what_cannot_be_read_is_wrong_usage(full: Any, text: str) -> None:
    error = full.refused(2, "list", text)
    assert error["message"]


@pytest.mark.parametrize(
    "text",
    ["budget:a..", "budget:..a", "budget:x", "budget>x", "since:2026-02-30", "since:2026-02-30..", "since:..2026-13",
     "created:2026-13-01..", "created:yesterdayish", "id:a..b", "heads:x", "heads:3.5",
     "heads:9,10", "heads=1.5", "id:1,3", "not id!=1.5",
     "members:0.5", "keep:1,5", "operation:1,2", "size:x", "size=lar", "size!=huge", "not size:larger", "field.size:x"],
)  # fmt: skip
def test_a_value_that_a_field_cannot_have_is_wrong_usage(full: Any, text: str) -> None:
    error = full.refused(2, "list", text)
    assert error["error"] == "usage" and "^" in error["hint"]


def test_what_a_field_can_have_is_named(full: Any) -> None:
    assert "small, large" in full.refused(2, "list", "size:x")["hint"]
    assert "did you mean large?" in full.refused(2, "list", "size=larg")["hint"]
    assert "id:1 or id:2" in full.refused(2, "list", "id:1,3")["hint"]


@pytest.mark.parametrize("text", ["a..", "..", "name:a..", "name:a..b", "name:..z"])
def test_dots_that_are_a_range_of_text_or_just_dots(full: Any, text: str) -> None:
    assert full("list", text).code == 0


@pytest.mark.parametrize(
    "terms",
    [["a"] * 10_000, ["name:a"] * 10_000, [" or ".join(["name:a"] * 10_000)], ["(" * 10_000 + "a" + ")" * 10_000],
     ["not "] * 10_000 + ["a"], ["x" * 100_000], ['"' + "a " * 10_000 + '"'], ["id=1 or"] * 9_999 + ["id=1"]],
    ids=["words", "terms", "or", "brackets", "nots", "long word", "long phrase", "or in arguments"],
)  # fmt: skip
def test_a_filter_of_ten_thousand_terms_is_answered_or_refused_clearly(full: Any, terms: list[str]) -> None:
    done = full("list", *terms, "--json")
    assert done.code in (0, 2), done.err[:500]
    assert done.code == 0 or done.error["error"] != "internal"


#: Text that means something to SQL, to FTS5, to a shell or to the filter language itself.
HOSTILE = [
    "AND", "OR", "NOT", "NEAR", "NEAR(a b)", "a NEAR/2 b", "a*", "*", "^a", "a-b", "-a", "{x}", "+", "a + b", "a'",
    "''",
    "';--", "'; DROP TABLE entity; --", "1 OR 1=1", ") OR 1=1 --", "%", "_", "\\", "\\\\", "?", "?1", ":x", "@x", "$x",
    "a\tb", "a\nb", "\x1b[31m", "\udcff", "a\udcff", "\U0001f600", "[", "]", "[/red]", "a:b:c", "a=b=c", "..", "~",
    "name",
]  # fmt: skip


def unchanged(full: Any) -> bool:
    """Return whether every entity is still there."""
    return numbers(full.ok("list")) == ALL


@pytest.mark.parametrize("text", [text for text in HOSTILE if text not in ("-a",)])
def test_hostile_text_is_only_text_to_find(full: Any, text: str) -> None:
    done = full("find", text, "--json")
    assert done.code == 0, done.err
    assert unchanged(full)


@pytest.mark.parametrize(
    "pattern", ["{}", "name:{}", "name={}", "tag:{}", 'name:"{}"', "budget:{}", "{}:x", "name:~{}", '"{}"']
)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_a_filter_is_answered_or_wrong_usage(full: Any, pattern: str, text: str) -> None:
    done = full("list", "--json", "--", pattern.format(text))
    assert done.code in (0, 2), done.err
    assert done.code == 0 or done.error["error"] != "internal"
    assert unchanged(full)


@pytest.mark.parametrize(
    "regex", ["(a+)+$", "(a|a)*b", "(a|aa)+$", "(.*a){25}b", "(a?){40}a{40}b", "(x+x+)+y", "a*a*a*a*a*a*a*a*b"]
)
def test_an_exploding_regex_ends(crm: Any, regex: str) -> None:
    crm.add("person", "a" * 60 + "!")
    done = subprocess.run(
        [sys.executable, "-m", "dkcrm", "list", "name:~" + regex, "--json"],
        stdout=subprocess.DEVNULL,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (30, 30)),  # it would take years
    )
    assert done.returncode in (0, 2)


FINDS: list[tuple[str, set[int]]] = [
    ("anna", {1, 7}),
    ("bian", {1}),
    ("anna bianchi", {1}),
    ("bianchi anna", {1}),
    ("BIANCHI ann", {1}),
    ("bianchi srl", {1}),
    ("Bianchi S.r.l.", {1}),
    ("dangelo", {2}),
    ("D'Angelo", {2}),
    ("d’angelo", {2}),
    ("nicolo", {2}),
    ("NICOLÒ", {2}),
    ("lukasz", {3, 4}),
    ("łukasz", {3, 4}),
    ("ŁUKASZ kow", {4}),
    ("è vero", {5}),
    ("e vero", {5}),
    ("rossi and sons", {6}),
    ("rossi or bianchi", set()),
    ("021234567", {1}),
    ("02/1234567", {1}),
    ("+39 02 1234567", {1}),
    ("3331234567", {2}),
    ("333 123 4567", {2}),
    ("333/1234567", {2}),
    ("333-123-45-67", {2}),
    ("+393331234567", {2}),
    ("0039 333 1234567", {2}),
    ("anna@bianchi.it", {1}),
    ("ANNA@BIANCHI.IT", {1}),
    ("nico@", {2}),
    ("01234567890", {3}),
    ("xyzzyq", set()),
]


@pytest.mark.parametrize(("text", "wanted"), FINDS)
def test_find(full: Any, text: str, wanted: set[int]) -> None:
    assert numbers(full.ok("find", text)) == wanted


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_to_find_is_wrong_usage(full: Any, text: str) -> None:
    full.refused(2, "find", text)


def test_removed_entities_are_left_out_unless_asked_for(crm: Any) -> None:
    crm.add("person", "Anna")
    crm.ok("rm", 1)
    assert crm.ok("list", "anna") == crm.ok("list", "name:anna") == crm.ok("find", "anna") == []
    assert numbers(crm.ok("list", "anna", "--all")) == numbers(crm.ok("find", "anna", "--all")) == {1}


def test_the_limit_is_kept(full: Any) -> None:
    assert len(full.ok("list", "--limit", 3)) == 3
    assert len(full.ok("list", "--limit", 0)) == 7


def test_looking_into_a_database_that_is_not_there_finds_nothing(crm: Any, tmp_path: Path) -> None:
    assert crm.ok("list", "--db", tmp_path / "none.db") == crm.ok("find", "x", "--db", tmp_path / "none.db") == []
    assert not (tmp_path / "none.db").exists()
