"""Rules files: read, refused with their place, and written so that they are read back."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.formats.mapping import propose
from dkcrm.formats.rules import Rules, Skip, rules_of
from dkcrm.formats.rulesfile import read_rules, write_rules

WHOLE = """
# Leads from the fair
date_order = "dmy"
delimiter = ";"
encoding = "cp1252"
unmapped = "note"
on_match = "update"
on_likeness = "reject"
sheet = "Fiera 2026"

[columns]
"Cognome" = "last_name"
"Tel. uff." = { field = "phone", label = "work" }
"Note interne" = "-"
Budget = "field:budget"

[constants]
tags = ["fair-2026", "vip"]
source = "trade fair"
type = "lead"

[constants.fields]
size = 12
active = true

[type]
column = "Stage"
default = "suspect"

[type.values]
Customer = "person"
"Lost deal" = "lead"

[[skip]]
column = "Status"
value = ["Deleted", "Merged"]

[[skip]]
column = "Cognome"
blank = true
"""


def rules_in(tmp_path: Path, text: str) -> Rules:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8", newline="")
    return read_rules(str(path))


def parts(rules: Rules) -> dict[str, object]:
    """Return what rules say, to compare."""
    told = {name: value for name, value in vars(rules).items() if name not in ("skip", "comments")}
    return told | {"skip": [(rule.column, rule.values, rule.blank) for rule in rules.skip]}


def test_everything_that_rules_can_say(tmp_path: Path) -> None:
    rules = rules_in(tmp_path, WHOLE)
    assert rules.columns == {
        "Cognome": "last_name",
        "Tel. uff.": "phone",
        "Note interne": "-",
        "Budget": "field:budget",
    }
    assert rules.labels == {"Tel. uff.": "work"}
    assert (rules.tags, rules.source, rules.type) == (["fair-2026", "vip"], "trade fair", "lead")
    assert rules.fields == {"size": "12", "active": "yes"}
    assert [rules.type_of(cell) for cell in ("Customer", " CUSTOMER ", "Lost deal", "?")] == [
        "person", "person", "lead", "suspect",
    ]  # fmt: skip
    assert (rules.date_order, rules.delimiter, rules.encoding) == ("dmy", ";", "cp1252")
    assert (rules.unmapped, rules.on_match, rules.on_likeness) == ("note", "update", "reject")
    assert rules.sheet == "Fiera 2026"
    assert [rules.skip[0].holds(cell) for cell in ("deleted", " Merged", "", "x")] == [True, True, False, False]
    assert [rules.skip[1].holds(cell) for cell in ("", " ", "x")] == [True, True, False]
    assert rules.headers() == ["Cognome", "Tel. uff.", "Note interne", "Budget", "Status", "Stage"]


def test_rules_may_say_nothing(tmp_path: Path) -> None:
    assert parts(rules_in(tmp_path, "")) == parts(Rules())
    assert rules_in(tmp_path, "").type_of("x") is None


def test_a_file_of_windows(tmp_path: Path) -> None:
    assert rules_in(tmp_path, "\ufeff[columns]\r\nCognome = 'last_name'\r\n").columns == {"Cognome": "last_name"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("colums = 1", 1, ["colums", "columns"]),
        ("\n\n[columns]\nNome = 'frist_name'", 4, ["frist_name", "first_name", "Nome"]),
        ("[columns]\n'Tel. uff.' = { feld = 'phone' }", None, ["feld", "field"]),
        ("[columns]\nNome = 3", 2, ["Nome"]),
        ("[columns]\nNome = { label = 'x' }", 2, ["Nome"]),
        ("columns = 'x'", 1, ["columns"]),
        ("date_order = 'dym'", 1, ["dym", "dmy"]),
        ("unmapped = 'keep'", 1, ["keep", "drop"]),
        ("on_match = 'udpate'", 1, ["udpate", "update"]),
        ("on_likeness = 'rejct'", 1, ["rejct", "reject"]),
        ("encoding = 8", 1, ["encoding"]),
        ("sheet = 1", 1, ["sheet"]),
        ("[constants]\ntags = 3", 2, ["tags"]),
        ("[constants]\ntype = 'leda'", 2, ["leda", "lead"]),
        ("[constants]\ntype = 'person,organisation'", 2, ["organisation", "organization"]),
        ("[constants.fields]\na = [1]", 2, ["a"]),
        ("[type]\ndefault = 'lead'", 1, ["column"]),
        ("[type]\ncolumn = 'S'\n[type.values]\nWon = 'persn'", 4, ["persn", "person"]),
        ("[skip]\ncolumn = 'S'\nvaleu = 'x'", 3, ["valeu", "value"]),
        ("[[skip]]\nvalue = 'x'", 1, ["column"]),
        ("[[skip]]\ncolumn = 'S'", 1, ["value"]),
        ("[[skip]]\ncolumn = 'S'\nvalue = [['x']]", 1, ["value"]),
        ("skip = 'S'", 1, ["skip"]),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_the_nearest(
    tmp_path: Path, text: str, line: int | None, words: list[str]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        rules_in(tmp_path, text)
    told = f"{caught.value.message} {caught.value.hint}"
    assert all(word in told for word in words), told
    assert caught.value.message.startswith(
        f"{tmp_path / 'rules.toml'}:{line}: " if line else f"{tmp_path / 'rules.toml'}: "
    )


@pytest.mark.parametrize(
    "raw", [b"Job Title = 'x'", b"\xff\xfe", b"a = 1\na = 2", b"a = " + b"[" * 100_000, b"#" * (1 << 21)]
)
def test_a_file_that_is_no_toml(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "rules.toml"
    path.write_bytes(raw)
    with pytest.raises(InvalidInput):
        read_rules(str(path))


@pytest.mark.parametrize("path", ["absent/rules.toml", ".", "a\0b"])
def test_a_file_that_cannot_be_read_or_written(tmp_path: Path, path: str) -> None:
    with pytest.raises(DkcrmError) as caught:
        read_rules(str(tmp_path / path))
    assert caught.value.code == "io"
    with pytest.raises(DkcrmError) as caught:
        write_rules(str(tmp_path / path), Rules())
    assert caught.value.code == "io"
    assert not list(tmp_path.parent.glob(".rules-*"))


def test_written_rules_are_the_users_alone_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "saved.toml"
    path.write_text("before")
    rules = rules_in(tmp_path, WHOLE)
    write_rules(str(path), rules)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert parts(read_rules(str(path))) == parts(rules)
    assert not list(tmp_path.glob(".rules-*"))


def test_a_mapping_is_saved_with_how_it_was_found_and_without_peoples_data(tmp_path: Path) -> None:
    headers = [
        "First Name",
        "Last Name",
        "URL",
        "Email Address",
        "Company",
        "Position",
        "Connected On",
        "Extra",
        "Tel. casa",
    ]
    row = ["Anna", "Bianchi", "https://x.it/anna", "anna@x.it", "X", "CEO", "15 Jun 2024", "anna@y.it", "02 1"]
    path = tmp_path / "saved.toml"
    write_rules(str(path), rules_of(headers, propose(headers, [row], given=[("Company", "-")])))
    text = path.read_text(encoding="utf-8")
    assert '"First Name" = "first_name" # as linkedin writes it' in text
    assert 'Company = "-" # as you said' in text
    assert 'Extra = "email" # by the look of its values' in text
    assert '"Tel. casa" = {field = "phone", label = "home"} # by its header' in text
    assert not any(cell in text for cell in row if len(cell) > 3)
    again = propose(headers, [], rules=read_rules(str(path)))
    assert again.fields == propose(headers, [row], given=[("Company", "-")]).fields
    assert again.external_id == 2


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(
    columns=st.dictionaries(
        WORDS.filter(str.strip), st.sampled_from(["email", "-", "field:x", "external_id"]), max_size=5
    ),
    label=WORDS,
    tags=st.lists(WORDS, max_size=3),
    fields=st.dictionaries(WORDS, WORDS, max_size=3),
    types=st.dictionaries(
        WORDS.map(lambda word: word.strip().casefold()), st.sampled_from(["lead", "person"]), max_size=3
    ),
    skip=st.lists(st.tuples(WORDS.filter(bool), WORDS), max_size=2),
)
def test_any_rules_come_back(
    tmp_path_factory: pytest.TempPathFactory,
    columns: dict[str, str],
    label: str,
    tags: list[str],
    fields: dict[str, str],
    types: dict[str, str],
    skip: list[tuple[str, str]],
) -> None:
    rules = Rules()
    rules.columns, rules.tags, rules.fields, rules.types = columns, tags, fields, types
    rules.labels = {header: label.strip() for header in list(columns)[:1] if label.strip()}
    rules.comments = dict.fromkeys(columns, "by its header")
    rules.type_column = "Stage"
    rules.skip = [Skip(column, [word]) for column, word in skip]
    path = str(tmp_path_factory.mktemp("rules") / "rules.toml")
    write_rules(path, rules)
    assert parts(read_rules(path)) == parts(rules)
