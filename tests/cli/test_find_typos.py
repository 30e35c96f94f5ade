"""find: what is ranked above what, and what is forgiven."""

from __future__ import annotations

from typing import Any

import pytest

from dkcrm.store.typos import distance


@pytest.fixture
def people(crm: Any) -> Any:
    crm.add("person", "Anna Bianchi", "--email", "a.bianchi@example.org", "--phone", "333 123 4567")  # 1
    crm.add("person", "Giuseppe Verdi", "--note", "A friend of Bianchi, met in Bianchini street.")  # 2
    crm.add("organization", "Bianchi & Figli S.r.l.")  # 3
    crm.add("person", "Bianca Bianchini")  # 4
    crm.add("person", "Nicolò D'Angelo")  # 5
    crm.add("person", "Franco Rosi", "--email", "bianchi@rosi.example")  # 6
    crm.add("person", "Łukasz Östergaard")  # 7
    return crm


def order(crm: Any, *words: object) -> list[int]:
    return [entity["id"] for entity in crm.ok("find", *words)]


def test_names_come_before_emails_and_emails_before_notes(people: Any) -> None:
    assert order(people, "bianchi") == [3, 1, 4, 6, 2]


def test_a_whole_name_comes_first(people: Any) -> None:
    people.add("person", "Bianchi")
    people.add("person", "Bianchi Bianca")
    assert order(people, "bianchi")[:2] == [8, 9]


def test_among_equals_the_last_changed_comes_first(crm: Any) -> None:
    for _number in range(3):
        crm.add("person", "Anna Bianchi")
    assert order(crm, "anna") == [3, 2, 1]


def test_the_limit_and_pages_keep_the_order(people: Any) -> None:
    assert order(people, "bianchi", "--limit", 2) == [3, 1]
    assert order(people, "bianchi", "--limit", 2, "--page", 2) == [4, 6]
    assert order(people, "bianchi", "--limit", 0) == [3, 1, 4, 6, 2]


@pytest.mark.parametrize("text", ["+39 333 123", "333123", "0039 333 1234567", "(333) 1234", "+39333"])
def test_a_phone_is_found_by_its_beginning(people: Any, text: str) -> None:
    assert order(people, text) == [1]


@pytest.mark.parametrize(
    ("text", "meant", "found"),
    [
        ("binachi", "bianchi", 3),
        ("biancih", "bianchi", 3),
        ("bianchii", "bianchi", 3),
        ("bianhci anna", "bianchi anna", 1),
        ("anna binachi", "anna bianchi", 1),
        ("guiseppe", "giuseppe", 2),
        ("verid", "verdi", 2),
        ("jiuseppe verdi", "giuseppe verdi", 2),
        ("giusseppee", "giuseppe", 2),
        ("dangleo", "dangelo", 5),
        ("nicoló dangeol", "nicoló dangelo", 5),
        ("ostegard", "ostergaard", 7),
        ("franko", "franco", 6),
    ],
)
def test_typing_errors_are_forgiven_and_told(people: Any, text: str, meant: str, found: int) -> None:
    done = people("find", text, "--json")
    assert done.code == 0
    assert found in [entity["id"] for entity in done.json]
    assert f"did you mean {meant}?" in done.err
    assert people("find", text, "--quiet").err == ""


def test_one_of_words_that_are_each_somewhere_is_put_right(people: Any) -> None:
    people.add("person", "Mario Rossi")
    people.add("person", "Rosina Maria")
    assert order(people, "franco rossi") == [6]


@pytest.mark.parametrize("text", ["bianchi", "bianch", "nicolo", "anna", "333 123 4567"])
def test_what_is_there_is_not_put_right(people: Any, text: str) -> None:
    assert "did you mean" not in people("find", text, "--json").err


@pytest.mark.parametrize("text", ["xyzzyq", "qq", "x", "99999999", "zzzzzzzzzzzzzzzz", "a" * 5000, "binachi xyzzyq"])
def test_what_nothing_is_near_to_finds_nothing(people: Any, text: str) -> None:
    done = people("find", text, "--json")
    assert (done.code, done.json, done.err) == (0, [], "")


def test_who_was_removed_is_no_typing_error(people: Any) -> None:
    people.add("person", "Binachi")
    people.ok("rm", 8)
    done = people("find", "binachi", "--json")
    assert done.json == [] and "did you mean" not in done.err
    assert order(people, "binachi", "--all") == [8]


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("", "", 0), ("a", "", 1), ("ab", "ba", 1), ("rossi", "rosi", 1), ("rossi", "rossini", 2), ("abc", "xyz", 3),
     ("ca", "abc", 3)],
)  # fmt: skip
def test_how_far_words_are_apart(one: str, other: str, apart: int) -> None:
    assert distance(one, other, 2) == distance(other, one, 2) == apart


def test_a_word_that_everybody_has_finds_the_newest(crm: Any, tmp_path: Any) -> None:
    rows = "\n".join(f"Person {n},customer" for n in range(1, 3001))
    (tmp_path / "many.csv").write_text(f"name,notes\n{rows}\n")
    crm.ok("import", tmp_path / "many.csv", "--type", "person")
    assert order(crm, "customer", "--limit", 3) == [3000, 2999, 2998]
    assert order(crm, "person", "7") == order(crm, "7", "person") and order(crm, "person", "7")[0] == 7
    assert len(order(crm, "customer", "--limit", 0)) == 3000
