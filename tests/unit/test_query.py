"""The filter language: from text to a tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dkcrm.domain.query import And, Not, Or, Term, Words, fields_of, kept_text, parse, read, read_each, read_kept
from dkcrm.domain.scanning import joined
from dkcrm.errors import InvalidInput


def shape(node: object) -> object:
    """Return a tree as nested tuples, for comparing."""
    if isinstance(node, Term):
        return (node.field, node.op, node.value, node.upper) if node.upper else (node.field, node.op, node.value)
    if isinstance(node, Words):
        return f'"{node.text}"' if node.phrase else node.text
    if isinstance(node, Not):
        return ("not", shape(node.node))
    if isinstance(node, And | Or):
        return (type(node).__name__.lower(), *(shape(part) for part in node.nodes))
    return node


@pytest.mark.parametrize(
    ("arguments", "tree"),
    [
        (["name:anna"], ("name", ":", "anna")),
        (["name=Anna"], ("name", "=", "Anna")),
        (["budget:5000.."], ("budget", "..", "5000")),
        (["created:2026-01..2026-03"], ("created", "..", "2026-01", "2026-03")),
        (["email:none"], ("email", "none", "")),
        (["name:~^a(b|c)$"], ("name", "~", "^a(b|c)$")),
        (["anna", "bianchi"], ("and", "anna", "bianchi")),
        (["not", "tag:vip"], ("not", ("tag", ":", "vip"))),
        (["a", "or", "b", "c"], ("or", "a", ("and", "b", "c"))),
        (["(a or b) c"], ("and", ("or", "a", "b"), "c")),
        (["(a or name:~x)"], ("or", "a", ("name", "~", "x"))),
        (['"anna bianchi"'], '"anna bianchi"'),
        (['name:"Anna B"'], ("name", ":", "Anna B")),
        (["employees >= 10"], ("employees", ">=", "10")),
        (["source=web form"], ("source", "=", "web form")),
        (["name:a tag:b"], ("and", ("name", ":", "a"), ("tag", ":", "b"))),
        (["name!=Anna"], ("not", ("name", "=", "Anna"))),
        (["email:any"], ("not", ("email", "none", ""))),
        (["email!=none"], ("not", ("email", "none", ""))),
        (["email=none"], ("email", "none", "")),
        (['name:"none"'], ("name", ":", "none")),
        (["@warm"], ("segment", ":", "warm")),
        (["not @warm tag:x"], ("and", ("not", ("segment", ":", "warm")), ("tag", ":", "x"))),
        (["source=web", "@warm"], ("and", ("source", "=", "web"), ("segment", ":", "warm"))),
        (["name:~anna b"], ("name", "~", "anna b")),
        (['name:~"a (b" x'], ("and", ("name", "~", "a (b"), "x")),
        (["sort:-name tag:x"], ("tag", ":", "x")),
        (["(tag:x sort:name)"], ("tag", ":", "x")),
    ],
)
def test_a_filter_reads_as_meant(arguments: list[str], tree: object) -> None:
    assert shape(parse(arguments)) == tree


@pytest.mark.parametrize(
    ("arguments", "option", "keys"),
    [
        (["sort:-updated,name"], None, [("updated", True), ("name", False)]),
        (["tag:x", "sort:name", "sort=-id"], None, [("name", False), ("id", True)]),
        (["sort:name"], "+created, -id", [("created", False), ("id", True), ("name", False)]),
        (["tag:x"], None, []),
    ],
)
def test_the_keys_to_sort_by(arguments: list[str], option: str | None, keys: list[tuple[str, bool]]) -> None:
    assert [(key.field, key.down) for key in read(arguments, option).sort] == keys


@pytest.mark.parametrize(
    "arguments",
    [
        ["tag:x", "source=web form"],
        ["name:~a b"],
        ["anna", '"b c"'],
        ["source=back\\slash x"],
        ["(a or", "b)"],
        ["a", ":b or c"],
        [" a ", ""],
    ],
)
def test_arguments_as_one_text_read_the_same(arguments: list[str]) -> None:
    assert shape(parse([joined(arguments)])) == shape(parse(arguments))


@given(st.lists(st.text(max_size=20), max_size=4))
def test_any_arguments_as_one_text_read_the_same(arguments: list[str]) -> None:
    try:
        tree = parse(arguments)
    except InvalidInput:
        return
    assert shape(parse([joined(arguments)])) == shape(tree)


LEAD = ("type", "=", "lead")


@pytest.mark.parametrize(
    ("arguments", "tree"),
    [
        (["lead"], LEAD),
        (["Leads", "tag:fair"], ("and", LEAD, ("tag", ":", "fair"))),
        (["lead tag:fair"], ("and", LEAD, ("tag", ":", "fair"))),
        (["sort:name", "lead"], LEAD),
        (["lead a or b"], ("and", LEAD, ("or", "a", "b"))),
        (["lead", "and", "tag:fair"], ("and", LEAD, ("tag", ":", "fair"))),
        (["lead", "person"], ("and", LEAD, "person")),
        (["tag:fair", "lead"], ("and", ("tag", ":", "fair"), "lead")),
        (["not", "lead"], ("not", "lead")),
        (["(lead tag:fair)"], ("and", "lead", ("tag", ":", "fair"))),
        (['"lead"'], '"lead"'),
        (['"lead" a'], ("and", '"lead"', "a")),
    ],
)
def test_a_type_that_comes_first_is_the_type(arguments: list[str], tree: object) -> None:
    assert shape(read(arguments).node) == tree


def test_each_of_several_filters_is_a_whole_one() -> None:
    found = read_each(["tag:a or tag:b", "lead", "nmae:x"])
    assert shape(found.node) == ("and", ("or", ("tag", ":", "a"), ("tag", ":", "b")), LEAD, ("nmae", ":", "x"))
    assert isinstance(found.node, And)
    last = found.node.nodes[-1]
    assert isinstance(last, Term) and found.text[last.place :] == "nmae:x"


@pytest.mark.parametrize("text", ["lead or person", "lead and", "lead or", "lead )", "lead and or a"])
def test_what_cannot_follow_a_type(text: str) -> None:
    with pytest.raises(InvalidInput, match="cannot read the filter at character"):
        read([text])


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["lead", "tag:fair"], "type=lead tag:fair"),
        (["lead tag:fair"], "type=lead tag:fair"),
        (["people"], "type=person"),
        (["lead", "anna"], "(type=lead) anna"),
        (["lead", "tag:a", "or", "tag:b"], "type=lead (tag:a or tag:b)"),
        (["lead and (tag:a or tag:b)"], "type=lead (tag:a or tag:b)"),
        (["lead", "a", "or", "name:~\\(b"], "type=lead (a or name:~\\(b )"),
        (["tag:fair", "lead"], "(tag:fair) lead"),
        (['"lead"'], '"lead"'),
    ],
)
def test_a_filter_as_it_is_kept(arguments: list[str], text: str) -> None:
    assert kept_text(arguments) == text
    assert shape(read_kept(text).node) == shape(read(arguments).node)


_WORDS = st.sampled_from(["lead", "People", "and", "or", "not", "(", ")", "a", "tag:b", 'x="y z"', "x=y z", "name:~(q"])


@given(st.lists(st.one_of(_WORDS, st.lists(_WORDS, max_size=6).map(" ".join), st.text(max_size=9)), max_size=6))
def test_any_filter_that_is_kept_reads_the_same(arguments: list[str]) -> None:
    try:
        found = read(arguments)
    except InvalidInput:
        return
    if not found.sort:
        assert shape(read_kept(kept_text(arguments)).node) == shape(found.node)


def test_no_filter_is_none() -> None:
    assert parse([]) is None
    assert parse(["  "]) is None


@pytest.mark.parametrize(
    "text",
    [
        "(a",
        "a)",
        '"a',
        "a or",
        "or a",
        "not",
        "()",
        "name:",
        "name:..",
        "a < ",
        'name:"a',
        "sort:",
        "sort:a,,b",
        "name:~",
        "sort:name or",
        "(" * 200 + "a",
    ],
)
def test_what_cannot_be_read_says_where(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse([text])
    assert caught.value.hint is None or "^" in caught.value.hint or "\n" in caught.value.hint


def test_too_many_terms_are_refused() -> None:
    with pytest.raises(InvalidInput, match="terms"):
        parse(["a"] * 10_000)


def test_the_fields_that_a_filter_reads() -> None:
    assert fields_of(parse(["name:a", "or", "not", "tag:b", "name:c", "word"])) == ["name", "tag"]


@given(st.text(max_size=60))
def test_any_text_is_a_tree_or_an_error_for_the_user(text: str) -> None:
    try:
        parse([text])
    except InvalidInput as error:
        assert error.message
