"""A campaign goes out, to those alone that may be written to; and they answer."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("rome")

NOW, LATER = "2026-11-22T09:00:00Z", "2026-11-22T10:00:00Z"


@pytest.fixture
def six(crm: Any) -> Any:
    """Return the program with people of every kind of consent, in the campaign ``spring`` all of them."""
    crm.add("suspect", "Anna Bianchi", "--email", "anna@bianchi.it", "--phone", "02 1234567")
    crm.add("lead", "Luca Neri", "--email", "luca@neri.it", "--org", "Neri Srl")
    crm.add("person", "Mara Verdi", "--phone", "02 7654321")
    crm.add("person", "Dario Rossi", "--email", "dario@rossi.it", "--state", "inactive")
    crm.add("organization", "Acme", "--email", "info@acme.it")
    crm.add("prospect", "Elena Gallo", "--email", "elena@gallo.it")
    crm.ok("privacy", "consent", 1, 3, 4, 6, "give", "marketing", "--at", "2026-01-01")
    crm.ok("privacy", "consent", 2, "give", "marketing", "--at", "2026-01-01")
    crm.ok("privacy", "consent", 2, "withdraw", "marketing", "--at", "2026-02-01")
    crm.ok("rm", 6)
    crm.ok("campaign", "add", "spring", 1, 2, 3, 4, 5)
    crm.ok("restore", 6)
    crm.ok("campaign", "join", "spring", 6)
    crm.ok("rm", 6)
    return crm


def to(done: Any) -> list[tuple[int, str | None]]:
    return [(one["id"], one["to"]) for one in done["sent"]]


def left_out(done: Any) -> dict[int, str]:
    return {one["id"]: one["reason"] for one in done["left_out"]}


def contacts(crm: Any) -> dict[int, list[Any]]:
    """Return every interaction by the number of whose it is."""
    entities = json.loads(crm("export", "--all", "--format", "json").out)
    return {entity["id"]: entity.get("interactions", []) for entity in entities}


def world(crm: Any) -> Any:
    return crm("export", "--all", "--format", "json").out, crm.ok("campaign", "show", 1), crm.ok("list", "--all")


def test_it_goes_to_those_who_consented_and_can_be_reached(six: Any) -> None:
    done = six.ok("campaign", "sent", "Spring", "--subject", "Our offer", "--text", "Dear all,\nbuy.")
    assert to(done) == [(1, "anna@bianchi.it"), (4, "dario@rossi.it")]
    assert left_out(done) == {2: "withdrawn", 3: "no-email", 5: "no-consent", 6: "removed"}
    assert (done["already"], done["campaign"]["reached"]) == (0, 2)
    found = contacts(six)
    assert {number for number, rows in found.items() if rows} == {1, 4}
    uid = six.ok("campaign", "show", 1)["uid"]
    assert [{**row, "uid": ""} for row in found[1]] == [{
        "uid": "", "at": NOW, "direction": "out", "channel": "email", "subject": "Our offer",
        "text": "Dear all,\nbuy.", "key": None, "campaign": uid, "ticket": None,
    }]  # fmt: skip


def test_the_table_and_the_message_say_who_is_left_out_and_why(six: Any) -> None:
    done = six("campaign", "sent", "spring")
    assert [line.split("\t") for line in done.out.splitlines()] == [
        ["2", "lead", "Luca Neri", "consent withdrawn"], ["3", "person", "Mara Verdi", "no email"],
        ["5", "organization", "Acme", "no consent"], ["6", "prospect", "Elena Gallo", "removed"],
    ]  # fmt: skip
    assert "spring went to 2 members; 4 left out" in done.err
    for words in ("1 consent withdrawn", "1 no email", "1 no consent", "1 removed"):
        assert words in done.err


def test_another_legal_ground_reaches_the_silent_and_never_who_withdrew(six: Any) -> None:
    six.ok("campaign", "edit", "spring", "--basis", "existing contract")
    done = six.ok("campaign", "sent", "spring")
    assert [number for number, _address in to(done)] == [1, 4, 5]
    assert left_out(done) == {2: "withdrawn", 3: "no-email", 6: "removed"}


@pytest.mark.parametrize(
    ("channel", "found", "missing"),
    [("sms", [(1, "02 1234567"), (3, "02 7654321")], {4: "no-phone"}), ("post", [], {1: "no-address"}),
     ("stand at the fair", [(1, None), (3, None), (4, None)], {})],
)  # fmt: skip
def test_each_channel_needs_its_own_address(six: Any, channel: str, found: Any, missing: Any) -> None:
    six.ok("campaign", "edit", "spring", "--channel", channel)
    done = six.ok("campaign", "sent", "spring")
    assert to(done) == found
    assert missing.items() <= left_out(done).items()
    assert {row["channel"] for rows in contacts(six).values() for row in rows} <= {channel}


def test_consent_is_to_the_purpose_of_the_campaign(six: Any) -> None:
    six.ok("campaign", "edit", "spring", "--purpose", "nobody-agreed")
    done = six.ok("campaign", "sent", "spring")
    assert (done["operation"], done["sent"]) == (None, [])
    assert left_out(done) == {1: "no-consent", 2: "no-consent", 3: "no-consent", 4: "no-consent", 5: "no-consent",
                              6: "removed"}  # fmt: skip
    assert "went to nobody" in six("campaign", "sent", "spring").err
    six.ok("privacy", "consent", 2, "give", "nobody-agreed")
    assert to(six.ok("campaign", "sent", "spring")) == [(2, "luca@neri.it")]


def test_a_second_time_it_goes_to_those_who_were_not_reached(six: Any, rome: Any) -> None:
    six.ok("campaign", "sent", "spring")
    rome(LATER)
    six.ok("privacy", "consent", 5, "give", "marketing")
    again = six.ok("campaign", "sent", "spring")
    assert (to(again), again["already"]) == ([(5, "info@acme.it")], 2)
    last = six.ok("campaign", "sent", "spring")
    assert (last["operation"], last["sent"], last["already"]) == (None, [], 3)
    all_of_them = six.ok("campaign", "sent", "spring", "--again")
    assert [number for number, _address in to(all_of_them)] == [1, 4, 5]
    assert [len(contacts(six)[number]) for number in (1, 4, 5)] == [2, 2, 2]
    assert six.ok("campaign", "list")[0]["reached"] == 3


def test_who_withdraws_after_it_went_out_is_left_out_of_the_next(six: Any, rome: Any) -> None:
    six.ok("campaign", "sent", "spring")
    rome(LATER)
    six.ok("privacy", "consent", 1, "withdraw", "marketing")
    done = six.ok("campaign", "sent", "spring", "--again")
    assert [number for number, _address in to(done)] == [4]
    assert left_out(done)[1] == "withdrawn"


def test_nobody_is_in_it(six: Any) -> None:
    six.ok("campaign", "add", "empty")
    assert "campaign join 2" in six.refused(4, "campaign", "sent", "empty")["hint"]
    assert six.ok("campaign", "export", "empty", "--format", "json") == []


def test_it_says_when(six: Any) -> None:
    six.ok("campaign", "sent", "spring", "--at", "2026-11-20T09:00")
    assert contacts(six)[1][0]["at"] == "2026-11-20T08:00:00Z"
    six.refused(2, "campaign", "sent", "spring", "--again", "--at", "2026-02-31")
    six.refused(2, "campaign", "sent", "spring", "--again", "--subject", "a\nb")
    six.refused(2, "campaign", "sent", "spring", "--again", "--text", "\x1b]0;x\x07")


def test_it_changes_nobodys_time_of_change_and_is_undone_exactly(six: Any, rome: Any) -> None:
    rome(LATER)
    before = world(six)
    six.ok("campaign", "sent", "spring")
    after = world(six)
    assert (after[2], after[0] != before[0]) == (before[2], True)
    for _round in range(2):
        six.ok("undo")
        assert world(six) == before
        six.ok("redo")
        assert world(six) == after


def test_a_dry_run_tells_all_and_logs_nothing(six: Any) -> None:
    done = six.ok("campaign", "sent", "spring", "--dry-run")
    assert (done["operation"], len(done["sent"]), len(done["left_out"])) == (None, 2, 4)
    assert not any(contacts(six).values())
    assert "dry run" in six("campaign", "sent", "spring", "--dry-run").err


def test_the_history_of_each_says_what_came_to_it(six: Any) -> None:
    number = six.ok("campaign", "sent", "spring", "--subject", "Our offer")["operation"]
    for entity, told in ((1, True), (4, True), (2, False), (5, False)):
        mine = [entry for entry in six.ok("history", entity) if entry["operation"] == number]
        assert bool(mine) == told
        if told:
            values = {change["field"]: change["after"] for change in mine[0]["changes"]}
            assert (values["subject"], values["direction"]) == ("Our offer", "out")
            assert {change["entity"] for change in mine[0]["changes"]} == {entity}
    six.ok("undo")
    assert number in [entry["operation"] for entry in six.ok("history", 1)]
    assert {entity["id"] for entity in six.ok("list", f"operation:{number}", "--all")} == set()
    six.ok("redo")
    assert {entity["id"] for entity in six.ok("list", f"operation:{number}", "--all")} == {1, 4}


def test_a_text_too_long_for_so_many_is_refused(six: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from dkcrm.services import mailing

    monkeypatch.setattr(mailing, "_MOST_TEXT", 100)
    assert six.refused(4, "campaign", "sent", "spring", "--text", "x" * 51)["error"] == "too_long"
    assert len(six.ok("campaign", "sent", "spring", "--text", "x" * 50)["sent"]) == 2


# Answers


def test_an_answer_makes_a_lead_of_a_suspect(six: Any) -> None:
    six.ok("campaign", "sent", "spring")
    before = world(six)
    done = six.ok("campaign", "reply", "Anna Bianchi", "--text", "Asks for prices.")
    assert [(entity["id"], entity["type"]) for entity in done["entities"]] == [(1, "lead")]
    assert [one["name"] for one in done["campaigns"]] == ["spring"]
    row = contacts(six)[1][-1]
    assert (row["direction"], row["channel"], row["text"], row["subject"]) == ("in", "email", "Asks for prices.", None)
    assert row["campaign"] == six.ok("campaign", "show", 1)["uid"]
    (entity,) = [one for one in json.loads(six("export", "--format", "json").out) if one["id"] == 1]
    assert [(step["from"], step["to"], step["cause"]) for step in entity["transitions"]] == [
        ("suspect", "lead", "promote")
    ]  # fmt: skip
    after = world(six)
    six.ok("undo")
    assert world(six) == before
    six.ok("redo")
    assert world(six) == after


def test_an_answer_without_words_says_to_what(six: Any) -> None:
    six.ok("campaign", "sent", "spring")
    six.ok("campaign", "reply", 4, "--channel", "Phone")
    row = contacts(six)[4][-1]
    assert (row["channel"], row["subject"], row["text"]) == ("phone", "Re: spring", "")


def test_it_answers_the_campaign_that_came_last(six: Any, rome: Any) -> None:
    six.ok("campaign", "add", "summer", 1)
    six.ok("campaign", "sent", "summer", "--at", "2026-06-01")
    six.ok("campaign", "sent", "spring", "--at", "2026-03-01")
    assert six.ok("campaign", "reply", 1)["campaigns"][0]["name"] == "summer"
    assert six.ok("campaign", "reply", 1, "--at", "2026-04-01")["campaigns"][0]["name"] == "spring"
    assert six.ok("campaign", "reply", 1, "--campaign", "spring")["campaigns"][0]["name"] == "spring"
    assert [one["answered"] for one in six.ok("campaign", "list")] == [1, 1]
    six.ok("campaign", "rm", "summer")
    assert six.ok("campaign", "reply", 1)["campaigns"][0]["name"] == "spring"


def test_two_at_the_same_moment_are_asked_about(six: Any) -> None:
    six.ok("campaign", "add", "summer", 1)
    for name in ("spring", "summer"):
        six.ok("campaign", "sent", name)
    error = six.refused(4, "campaign", "reply", 1)
    assert error["error"] == "ambiguous"
    assert [candidate["use"] for candidate in error["candidates"]] == ["--campaign 1", "--campaign 2"]
    six.ok("campaign", "reply", 1, "--campaign", 2)


def test_whom_no_campaign_reached_has_none_to_answer(six: Any) -> None:
    six.ok("campaign", "sent", "spring", "--at", "2026-11-20")
    error = six.refused(4, "campaign", "reply", 5)
    assert (error["error"], "--campaign" in error["hint"]) == ("not_reached", True)
    six.refused(4, "campaign", "reply", 1, "--at", "2026-11-19")
    assert six.ok("campaign", "reply", 5, "--campaign", "spring")["campaigns"][0]["name"] == "spring"


def test_several_answer_at_once(six: Any) -> None:
    six.ok("campaign", "sent", "spring")
    assert {e["id"] for e in six.ok("campaign", "reply", "-", input="1\n4\n")["entities"]} == {1, 4}
    before = world(six)
    six.refused(4, "campaign", "reply", "-", input="1\n5\n")
    assert world(six) == before


def test_a_suspect_stays_one_where_leads_are_off(crm: Any) -> None:
    crm.ok("config", "types", "suspect,person")
    crm.add("suspect", "Anna", "--email", "a@x.it")
    crm.ok("campaign", "add", "a", 1, "--basis", "public register")
    crm.ok("campaign", "sent", "a")
    done = crm.ok("campaign", "reply", 1)
    assert (done["entities"][0]["type"], len(done["warnings"])) == ("suspect", 1)


def test_the_timeline_names_the_campaign(six: Any) -> None:
    six.ok("campaign", "sent", "spring", "--subject", "Offer")
    assert "email, campaign spring: Offer" in six("show", 1, "--format", "table").out


# The list for the mail tool


def test_the_export_has_recipients_alone(six: Any) -> None:
    done = six("campaign", "export", "spring")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [(row["email"], row["name"], row["type"]) for row in rows] == [
        ("anna@bianchi.it", "Anna Bianchi", "suspect"), ("dario@rossi.it", "Dario Rossi", "person"),
    ]  # fmt: skip
    assert list(rows[0])[:5] == ["email", "name", "first_name", "last_name", "organization"]
    assert "4 left out" in done.err
    assert not any(contacts(six).values())


@pytest.mark.parametrize("format", ["csv", "tsv", "json", "jsonl", "xlsx"])
def test_every_format_has_the_same_rows(six: Any, tmp_path: Any, format: str) -> None:
    six.ok("tag", 1, "b", "a")
    file = tmp_path / f"out.{format}"
    done = six.ok("campaign", "export", "spring", "-o", file)
    assert {**done, "left_out": len(done["left_out"])} == {
        "exported": 2, "format": format, "file": str(file), "left_out": 4
    }  # fmt: skip
    if format == "xlsx":
        python_calamine = pytest.importorskip("python_calamine")
        head, *lines = python_calamine.CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
        rows = [dict(zip(head, line, strict=True)) for line in lines]
    elif format in ("csv", "tsv"):
        rows = list(csv.DictReader(file.open(newline=""), delimiter="\t" if format == "tsv" else ","))
    else:
        text = file.read_text()
        rows = json.loads(text) if format == "json" else [json.loads(line) for line in text.splitlines()]
    assert [row["email"] for row in rows] == ["anna@bianchi.it", "dario@rossi.it"]
    assert rows[0]["tags"] == ("a;b" if format in ("csv", "tsv", "xlsx") else ["a", "b"])
    assert (file.stat().st_mode & 0o777) == 0o600


def test_columns_new_ones_and_a_guard_can_be_asked_for(six: Any) -> None:
    six.ok("set", 4, "--name", "=HYPERLINK(1)")
    six.ok("campaign", "sent", "spring")
    six.ok("privacy", "consent", 5, "give", "marketing")
    assert (
        six("campaign", "export", "spring", "--columns", "email,Name", "--new").out == "email,name\ninfo@acme.it,Acme\n"
    )
    guarded = six("campaign", "export", "spring", "--for-spreadsheet").out
    assert "'=HYPERLINK(1)" in guarded
    assert "'=HYPERLINK(1)" not in six("campaign", "export", "spring").out
    assert six.ok("campaign", "export", "spring")[0]["email"] == "anna@bianchi.it"


@pytest.mark.parametrize(
    "words",
    [("--format", "vcard"), ("--format", "xlsx"), ("--columns", "nosuch"), ("--format", "json", "--for-spreadsheet"),
     ("-o", "/"), ("-o", "")],
)  # fmt: skip
def test_a_wrong_export_is_refused(six: Any, words: tuple[str, ...]) -> None:
    six.refused(2, "campaign", "export", "spring", *words)


def test_the_database_is_not_written_over(six: Any, tmp_path: Any) -> None:
    six.refused(2, "campaign", "export", "spring", "-o", tmp_path / "test.db")
    assert six.ok("campaign", "list")[0]["members"] == 6
