"""Consent: recorded, withdrawn, shown, filtered by, and carried along when two become one."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("rome")

NOW = "2026-11-22T09:00:00Z"


@pytest.fixture
def three(crm: Any) -> Any:
    """Return the program with a person, a lead and an organization."""
    crm.add("person", "Anna Bianchi", "--email", "anna@bianchi.it")
    crm.add("lead", "Luca Neri", "--email", "luca@neri.it")
    crm.add("organization", "Acme")
    return crm


def holds(crm: Any, *references: Any) -> list[tuple[int, str, str]]:
    """Return what holds: the entity's number, the purpose, the state."""
    return [(one["id"], one["purpose"], one["state"]) for one in crm.ok("privacy", "consents", *references)]


def test_a_consent_is_recorded_with_its_moment_and_its_proof(three: Any) -> None:
    done = three.ok("privacy", "consent", 1, "give", "Marketing", "--proof", "web form")
    (one,) = done["consents"]
    assert {**one, "uid": ""} == {
        "id": 1, "type": "person", "name": "Anna Bianchi", "purpose": "marketing", "state": "given", "at": NOW,
        "proof": "web form", "holds": True, "uid": "",
    }  # fmt: skip
    assert (done["operation"], done["warnings"]) == (4, [])
    assert three.ok("privacy", "consent", 1) == [one]
    assert three("privacy", "consent", "anna@bianchi.it").out.split("\t")[:6] == [
        "1", "person", "Anna Bianchi", "marketing", "given", NOW,
    ]  # fmt: skip


def test_the_latest_word_on_a_purpose_holds_in_the_order_of_its_own_time(three: Any) -> None:
    three.ok("privacy", "consent", 1, "give", "marketing", "--at", "2026-03-01")
    three.ok("privacy", "consent", 1, "withdraw", "marketing", "--at", "2026-05-01")
    assert holds(three, 1) == [(1, "marketing", "withdrawn")]
    late = three.ok("privacy", "consent", 1, "give", "marketing", "--at", "2026-04-01T10:00")
    assert holds(three, 1) == [(1, "marketing", "withdrawn")]
    assert "withdrawn 2026-04-30" in late["warnings"][0]
    three.ok("privacy", "consent", 1, "give", "marketing", "--at", "2026-06-01")
    assert holds(three, 1) == [(1, "marketing", "given")]
    record = three.ok("privacy", "consent", 1)
    assert [(one["state"], one["holds"]) for one in record] == [
        ("given", True), ("withdrawn", False), ("given", False), ("given", False),
    ]  # fmt: skip
    assert [one["at"] for one in record] == sorted((one["at"] for one in record), reverse=True)


def test_at_the_same_moment_the_withdrawal_wins_whichever_came_first(three: Any) -> None:
    for number, words in ((1, ("give", "withdraw")), (2, ("withdraw", "give"))):
        for word in words:
            three.ok("privacy", "consent", number, word, "marketing")
    assert holds(three) == [(1, "marketing", "withdrawn"), (2, "marketing", "withdrawn")]


def test_purposes_do_not_touch_each_other(three: Any) -> None:
    three.ok("privacy", "consent", 1, "give", "news.monthly")
    three.ok("privacy", "consent", 1, "withdraw", "phone-calls")
    assert holds(three, 1) == [(1, "news.monthly", "given"), (1, "phone-calls", "withdrawn")]
    assert holds(three, "--state", "given") == [(1, "news.monthly", "given")]
    assert holds(three, "--state", "withdraw", "--purpose", "PHONE-calls") == [(1, "phone-calls", "withdrawn")]
    assert three.ok("privacy", "consents", "--purpose", "other") == []


def test_many_at_once_and_undone_at_once(three: Any) -> None:
    before = three("export", "--all", "--format", "json").out
    done = three.ok("privacy", "consent", "-", "give", "marketing", input="1\n2\nAcme\n1\n")
    assert [one["id"] for one in done["consents"]] == [1, 2, 3]
    three.ok("privacy", "consent", 1, "Luca Neri", "withdraw", "marketing", "--at", "now")
    after = three("export", "--all", "--format", "json").out
    assert holds(three) == [(1, "marketing", "withdrawn"), (2, "marketing", "withdrawn"), (3, "marketing", "given")]
    three.ok("undo")
    assert len(holds(three)) == 3
    three.ok("undo")
    assert three("export", "--all", "--format", "json").out == before
    three.ok("redo")
    three.ok("redo")
    assert three("export", "--all", "--format", "json").out == after


def test_a_dry_run_records_nothing(three: Any) -> None:
    assert three.ok("privacy", "consent", 1, "give", "marketing", "--dry-run")["operation"] is None
    assert holds(three) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (2, ("privacy", "consent", 1, "give", "two words")),
        (2, ("privacy", "consent", 1, "give", "")),
        (2, ("privacy", "consent", 1, "give", "città")),
        (2, ("privacy", "consent", 1, "give", "-x")),
        (2, ("privacy", "consent", 1, "give", "x" * 61)),
        (2, ("privacy", "consent", 1, "give", "x'; DROP TABLE consent; --")),
        (2, ("privacy", "consent", 1, "give", "mar\x1b[31mketing")),
        (2, ("privacy", "consent", 1, "give")),
        (2, ("privacy", "consent", "give", "marketing")),
        (2, ("privacy", "consent", 1, "--proof", "form")),
        (2, ("privacy", "consent", 1, "give", "marketing", "--proof", "a\nb")),
        (2, ("privacy", "consent", 1, "give", "marketing", "--proof", "\x07")),
        (2, ("privacy", "consent", 1, "give", "marketing", "--at", "2026-02-31")),
        (2, ("privacy", "consent", 1, "give", "marketing", "--at", "2026-11-23")),
        (2, ("privacy", "consents", "--state", "maybe")),
        (2, ("privacy", "consents", "--purpose", "two words")),
        (3, ("privacy", "consent", "Nobody", "give", "marketing")),
        (3, ("privacy", "consent", 99)),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_written(three: Any, code: int, words: tuple[object, ...]) -> None:
    assert three.refused(code, *words)["message"]
    assert holds(three) == []


def test_who_was_removed_is_not_asked_for_consent(three: Any) -> None:
    three.ok("privacy", "consent", 1, "give", "marketing")
    three.ok("rm", 1)
    three.refused(4, "privacy", "consent", 1, "give", "marketing")
    assert holds(three) == []
    assert holds(three, 1) == [(1, "marketing", "given")]


def test_who_was_removed_can_still_withdraw(three: Any) -> None:
    three.ok("privacy", "consent", 1, "give", "marketing")
    three.ok("rm", 1)
    three.ok("privacy", "consent", 1, 2, "withdraw", "marketing", "--proof", "letter")
    assert holds(three, 1) == [(1, "marketing", "withdrawn")]
    three.ok("restore", 1)
    assert holds(three) == [(1, "marketing", "withdrawn"), (2, "marketing", "withdrawn")]


def test_who_withdraws_has_withdrawn_whatever_the_clock_said_before(three: Any, rome: Any) -> None:
    rome("2026-12-22T09:00:00Z")
    three.ok("privacy", "consent", 1, "give", "marketing")
    rome(NOW)
    assert three.ok("privacy", "consent", 1, "withdraw", "marketing")["warnings"] == []
    assert holds(three, 1) == [(1, "marketing", "withdrawn")]


def test_nobody_on_standard_input_is_nobody(three: Any) -> None:
    three.ok("privacy", "consent", 1, "give", "marketing")
    assert three.ok("privacy", "consents", "-", input="") == []
    assert three.ok("privacy", "consent", "-", input="\n") == []


def test_show_names_what_holds_and_leaves_the_object_as_it_is(three: Any) -> None:
    keys = set(three.ok("show", 1))
    three.ok("privacy", "consent", 1, "give", "marketing", "--proof", "form [b]x[/b]")
    three.ok("privacy", "consent", 1, "withdraw", "news", "--at", "2026-11-20")
    rows = [line.split("\t")[1:] for line in three("show", 1).out.splitlines() if "\tconsent\t" in line]
    assert rows == [
        ["consent", "marketing: given 2026-11-22 (form [b]x[/b])"], ["consent", "news: withdrawn 2026-11-19"],
    ]  # fmt: skip
    assert "form [b]x[/b]" in three("show", 1, "--format", "table").out
    assert set(three.ok("show", 1)) == keys


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        (("consent:marketing",), {1}), (("not", "consent:marketing"), {2, 3}), (("withdrawn:marketing",), {2}),
        (("withdrawn:any",), {1, 2}), (("consent:any",), {1}), (("consent:none",), {2, 3}),
        (("consent:MARKETING", "type:person"), {1}), (("consent:market",), set()), (("consent=news",), set()),
        (("consent:~^mark",), {1}), (("consent:marketing", "or", "withdrawn:marketing"), {1, 2}),
    ],
)  # fmt: skip
def test_filters_by_what_holds(three: Any, terms: tuple[str, ...], found: set[int]) -> None:
    three.ok("privacy", "consent", 1, 2, "give", "marketing", "--at", "2026-10-01")
    three.ok("privacy", "consent", 2, "withdraw", "marketing", "--at", "2026-10-02")
    three.ok("privacy", "consent", 1, "withdraw", "news")
    assert {entity["id"] for entity in three.ok("list", *terms)} == found


def test_a_field_of_that_name_is_the_users_own(three: Any) -> None:
    three.ok("field", "add", "consent")
    three.ok("set", 2, "--field", "consent=by phone")
    three.ok("privacy", "consent", 1, "give", "marketing")
    assert [entity["id"] for entity in three.ok("list", "consent:phone")] == [2]


def test_a_rule_is_no_and_not_unknown_for_who_has_said_nothing(three: Any) -> None:
    three.ok("criteria", "add", "agreed", "--side", "person", "--rule", "consent:marketing")
    (line,) = [line for line in three("qualify", 2, "--check").out.splitlines() if "agreed" in line.split("\t")]
    assert "no" in line.split("\t")


# Two that become one


@pytest.mark.parametrize(
    ("mine", "theirs", "state"),
    [
        ("give 2026-01-01", "withdraw 2026-02-01", "withdrawn"),
        ("withdraw 2026-01-01", "give 2026-02-01", "withdrawn"),
        ("give 2026-02-01", "withdraw 2026-01-01", "withdrawn"),
        ("withdraw 2026-02-01", "give 2026-01-01", "withdrawn"),
        ("give 2026-01-01", "give 2026-02-01", "given"),
        ("withdraw 2026-01-01", "withdraw 2026-02-01", "withdrawn"),
        ("give 2026-01-01", "", "given"),
        ("", "withdraw 2026-02-01", "withdrawn"),
    ],
)
@pytest.mark.parametrize("into", ["A", "B"])
def test_merging_gives_the_more_restrictive(crm: Any, mine: str, theirs: str, state: str, into: str) -> None:
    for number, said in ((1, mine), (2, theirs)):
        crm.add("lead", "Anna", "--email", f"a{number}@x.it")
        if said:
            word, at = said.split(" ")
            crm.ok("privacy", "consent", number, word, "marketing", "--at", at, "--proof", said)
    before = crm("export", "--all", "--format", "json").out
    crm.ok("merge", 1, 2, "--into", into)
    assert [one[1:] for one in holds(crm)] == [("marketing", state)]
    record = crm.ok("privacy", "consent", 1)
    assert {said for said in (mine, theirs) if said} <= {one["proof"] for one in record}
    after = crm("export", "--all", "--format", "json").out
    crm.ok("undo")
    assert crm("export", "--all", "--format", "json").out == before
    crm.ok("redo")
    assert crm("export", "--all", "--format", "json").out == after


def test_what_one_had_taken_back_before_does_not_count_against_them(crm: Any) -> None:
    for _number in (1, 2):
        crm.add("lead", "Anna")
    crm.ok("privacy", "consent", 1, "withdraw", "marketing", "--at", "2026-01-01")
    crm.ok("privacy", "consent", 1, "give", "marketing", "--at", "2026-03-01")
    crm.ok("privacy", "consent", 2, "give", "marketing", "--at", "2026-02-01")
    crm.ok("merge", 1, 2)
    assert holds(crm) == [(1, "marketing", "given")]


def test_a_consent_given_after_the_merge_holds_again(crm: Any, rome: Any) -> None:
    for number, word in ((1, "withdraw"), (2, "give")):
        crm.add("lead", "Anna")
        crm.ok("privacy", "consent", number, word, "marketing", "--at", f"2026-01-0{number}")
    crm.ok("merge", 1, 2)
    rome("2026-11-22T10:00:00Z")
    crm.ok("privacy", "consent", 1, "give", "marketing")
    assert holds(crm) == [(1, "marketing", "given")]


def qualified(crm: Any, *words: object) -> Any:
    return crm.ok("qualify", 1, "--override", "known", "--no-input", *words)


def test_consent_stays_with_the_person_when_a_lead_becomes_two(crm: Any) -> None:
    crm.add("lead", "Anna", "--org", "Acme")
    crm.ok("privacy", "consent", 1, "give", "marketing")
    before = crm("export", "--all", "--format", "json").out
    done = qualified(crm)
    assert {(entity["type"], entity["id"]) for entity in done["entities"]} == {("prospect", 1), ("target", 2)}
    assert holds(crm) == [(1, "marketing", "given")]
    crm.ok("undo")
    assert crm("export", "--all", "--format", "json").out == before


@pytest.mark.parametrize("type", ["lead-person", "lead-organization"])
def test_consent_of_a_lead_of_one_side_stays_with_what_it_becomes(crm: Any, type: str) -> None:
    crm.add("lead", *(["Anna"] if type == "lead-person" else ["--org", "Acme"]))
    crm.ok("privacy", "consent", 1, "withdraw", "marketing")
    qualified(crm)
    assert holds(crm) == [(1, "marketing", "withdrawn")]


@pytest.mark.parametrize(("theirs", "state"), [("withdraw", "withdrawn"), ("give", "given")])
def test_a_lead_that_is_folded_brings_its_consent_to_the_person(crm: Any, theirs: str, state: str) -> None:
    crm.add("lead", "Anna", "--org", "Acme")
    crm.add("person", "Anna Bianchi")
    crm.add("target", "Acme")
    crm.ok("privacy", "consent", 1, "give", "marketing", "--at", "2026-05-01")
    crm.ok("privacy", "consent", 2, theirs, "marketing", "--at", "2026-01-01")
    before = crm("export", "--all", "--format", "json").out
    qualified(crm, "--prospect", 2, "--target", 3)
    assert holds(crm) == [(2, "marketing", state)]
    assert crm.ok("privacy", "consents", 3) == []
    crm.ok("undo")
    assert crm("export", "--all", "--format", "json").out == before


def test_what_was_merged_cannot_be_undone_from_under_it(crm: Any) -> None:
    for _number in (1, 2):
        crm.add("lead", "Anna")
    given = crm.ok("privacy", "consent", 2, "give", "marketing")["operation"]
    merged = crm.ok("merge", 1, 2)["operation"]
    error = crm.refused(4, "undo", given)
    assert [candidate["operation"] for candidate in error["candidates"]] == [merged]


# Out and in


def test_an_export_brings_the_whole_record_back(three: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    three.ok("privacy", "consent", 1, "give", "marketing", "--proof", "=1+1", "--at", "2026-01-01")
    three.ok("privacy", "consent", 1, "withdraw", "marketing")
    file = tmp_path / "all.json"
    three.ok("export", "--all", "-o", file)
    record = three.ok("privacy", "consent", 1)
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "second.db"))
    three.ok("import", file)
    assert three.ok("privacy", "consent", 1) == record
    assert three.ok("import", file)["operation"] is None


@pytest.mark.parametrize(
    "damage",
    [{"state": "perhaps"}, {"at": "yesterday"}, {"at": "2026-01-01T00:00:00.5Z"}, {"purpose": "Two Words"},
     {"uid": "x"}, {"proof": "\x1b[2J"}, {"proof": 7}, {"at": "2099-01-01T00:00:00Z"}],
)  # fmt: skip
def test_a_damaged_consent_rejects_its_entity_alone(three: Any, tmp_path: Any, damage: dict[str, Any]) -> None:
    import json

    three.ok("privacy", "consent", 1, "give", "marketing", "--proof", "form")
    entities = json.loads(three("export", "--format", "json").out)
    entities[0]["consents"][0] |= damage
    file = tmp_path / "damaged.json"
    file.write_text(json.dumps(entities))
    done = three("import", file, "--db", tmp_path / "second.db", "--json")
    assert (done.code, done.json["rejected"], done.json["created"]) == (5, 1, 2)
    if damage.get("at", "").startswith("2099"):
        assert "in the future: 2099-01-01" in str(done.json)
