"""Tickets: opened, answered, noted, waiting, closed and opened again; what they change and what they leave alone."""

from __future__ import annotations

from typing import Any

import pytest

#: A Sunday, ten in the morning in Rome.
NOW = "2026-11-22T09:00:00Z"

pytestmark = pytest.mark.usefixtures("rome")


@pytest.fixture
def desk(crm: Any) -> Any:
    """Return the program with a person and an organization."""
    crm.add("person", "Anna Bianchi", "--tag", "vip")
    crm.add("organization", "Acme")
    return crm


def opened(crm: Any, *words: Any) -> Any:
    return crm.ok("ticket", "open", *words)["tickets"][0]


def states(crm: Any, *words: Any) -> dict[int, str]:
    return {ticket["id"]: ticket["state"] for ticket in crm.ok("ticket", "list", *words)}


def messages(crm: Any, number: int = 1) -> list[tuple[Any, ...]]:
    return [(e["kind"], e["direction"], e["channel"], e["text"]) for e in crm.ok("ticket", "show", number)["entries"]]


# Opening


def test_a_ticket_has_a_subject_a_state_and_whom_it_is_of(desk: Any) -> None:
    done = desk.ok("ticket", "open", "Anna Bianchi", "No invoice", "--text", "I never\ngot it.", "--priority", "high",
                   "--due", "tomorrow 9am", "--channel", "Web form")  # fmt: skip
    (ticket,) = done["tickets"]
    assert {**ticket, "uid": None} == {
        "id": 1, "uid": None, "subject": "No invoice", "state": "open", "priority": "h", "due": "2026-11-23T08:00:00Z",
        "entity": {"id": 1, "type": "person", "name": "Anna Bianchi"}, "opened_at": NOW, "answered_at": None,
        "closed_at": None, "first_answer": None, "to_close": None,
    }  # fmt: skip
    assert (done["operation"], done["warnings"], [e["id"] for e in done["entities"]]) == (3, [], [1])
    shown = desk.ok("ticket", "show", ticket["uid"])
    assert shown["entries"] == [
        {"at": NOW, "kind": "message", "direction": "in", "channel": "web form", "subject": "No invoice",
         "text": "I never\ngot it."}
    ]  # fmt: skip
    assert desk.ok("ticket", "show", 1, 1) == [shown]
    assert desk("ticket", "list").out == f"1\topen\t2026-11-23 09:00\th\tNo invoice\tAnna Bianchi\t{NOW}\t\t\n"
    assert "No invoice" in desk("ticket", "list", "--format", "table").out
    # The customer has contacted us.
    assert [e["id"] for e in desk.ok("list", "direction:in", "interaction:invoice")] == [1]


def test_the_message_that_opens_it_comes_in_unless_it_is_ours(desk: Any) -> None:
    opened(desk, 1, "Renewal", "--out", "--channel", "phone", "--at", "2026-11-20T15:00")
    assert messages(desk) == [("message", "out", "phone", "")]
    assert desk.ok("ticket", "show", 1)["opened_at"] == "2026-11-20T14:00:00Z"
    opened(desk, 1, "Bare")
    assert messages(desk, 2) == [("message", "in", "email", "")]
    desk.refused(2, "ticket", "open", 1, "x", "--in", "--out")


def test_one_that_comes_in_makes_a_lead_of_a_suspect(crm: Any) -> None:
    crm.add("suspect", "Carla")
    opened(crm, 1, "Our offer", "--out")
    assert crm.ok("show", 1)["type"] == "suspect"
    done = crm.ok("ticket", "reply", 1, "Tell me more.", "--in")
    assert done["entities"][0]["type"] == "lead"
    crm.ok("undo")
    assert (crm.ok("show", 1)["type"], len(messages(crm))) == ("suspect", 1)
    assert "suspect → lead" in crm("ticket", "open", 1, "A question").err
    assert crm.ok("show", 1)["type"] == "lead"


def test_a_suspect_stays_one_where_leads_are_off(crm: Any) -> None:
    crm.add("suspect", "Carla")
    crm.ok("config", "types", "suspect,person")
    done = crm.ok("ticket", "open", 1, "A question")
    assert done["entities"][0]["type"] == "suspect"
    assert "switched off" in done["warnings"][0]


@pytest.mark.parametrize(
    "words",
    [
        ["1", ""], ["1", " "], ["1", "two\nlines"], ["1", "x\x1b[31m"], ["1", "x" * 1001], ["1", "x\udc80"],
        ["1", "x", "--text", "a\x00b"], ["1", "x", "--text", "a\u202eb"], ["1", "x", "--text", "y" * 1_000_001],
        ["1", "x", "--channel", ""], ["1", "x", "--channel", "c" * 61], ["1", "x", "--priority", "very"],
        ["1", "x", "--due", "31 february"], ["1", "x", "--due", "soon"], ["1", "x", "--due", ""],
        ["1", "x", "--at", "2026-02-30"], ["1", "x", "--at", "2026-11-22T10:00:01"], ["1", "x", "--at", "tomorrow"],
        ["1", "x", "--at", "0001-01-01"], ["1"], [],
    ],
)  # fmt: skip
def test_bad_input_is_wrong_usage(desk: Any, words: list[str]) -> None:
    assert desk.refused(2, "ticket", "open", *words)["error"] == "usage"
    assert desk.ok("ticket", "list", "--all") == []
    assert desk.ok("list", "interactions:1..") == []


@pytest.mark.parametrize(
    "text", ["[red]x[/red] :smiley:", "'; DROP TABLE ticket; --", "=1+1", "%s {0} {reason}", "𝒳👩‍🚀"]
)
def test_text_is_data(desk: Any, text: str) -> None:
    opened(desk, 1, text, "--text", text)
    desk.ok("ticket", "note", 1, text)
    desk.ok("ticket", "close", 1, "--reason", text)
    shown = desk.ok("ticket", "show", 1)
    assert (shown["subject"], [e["text"] for e in shown["entries"]]) == (text, [text] * 3)
    for words in (["ticket", "show", 1], ["ticket", "list", "--all"], ["timeline", 1], ["agenda"], ["show", 1]):
        done = desk(*words, "--format", "table")
        assert done.code == 0 and (words == ["agenda"] or text in done.out or words == ["show", 1])


def test_a_very_long_text_is_kept_whole_and_shown_by_its_beginning(desk: Any) -> None:
    text = "long " * 100_000
    opened(desk, 1, "x", "--text", text)
    assert desk.ok("ticket", "show", 1)["entries"][0]["text"] == text.strip()
    assert text.strip() in desk("timeline", 1).out
    assert len(desk("timeline", 1, "--format", "table").out) < 2_000
    assert len(desk("show", 1, "--format", "table").out) < 2_000


def test_tickets_and_entities_that_are_not_there(desk: Any) -> None:
    assert desk.refused(3, "ticket", "open", 9, "x")["error"] == "not_found"
    for words in (["reply", 1, "x"], ["note", "x", "x"], ["wait", 7], ["close", 10**30], ["reopen", "-1"], ["show", ""],
                  ["edit", 7, "--subject", "x"], ["show", "0199ffff-0000-7000-8000-000000000000"]):  # fmt: skip
        words = [words[0], "--", *words[1:]] if "-1" in words else words
        assert desk.refused(3, "ticket", *words)["error"] == "not_found"


# Answers, notes, states


def test_the_way_of_a_ticket(desk: Any, rome: Any) -> None:
    opened(desk, 1, "No invoice", "--text", "Where is it?")
    rome("2026-11-22T09:30:00Z")
    desk.ok("ticket", "note", 1, "The bank has it.")
    rome("2026-11-22T11:05:00Z")
    answered = desk.ok("ticket", "reply", 1, "Sent again.", "--channel", "phone")["tickets"][0]
    assert (answered["state"], answered["answered_at"], answered["first_answer"]) == (
        "open", "2026-11-22T11:05:00Z", 7500)  # fmt: skip
    assert desk.ok("ticket", "wait", 1, "--reason", "They look.")["tickets"][0]["state"] == "waiting"
    rome("2026-11-23T09:00:00Z")
    assert desk.ok("ticket", "reply", 1, "Here it is.", "--in")["tickets"][0]["state"] == "open"
    rome("2026-11-24T09:00:00Z")
    closed = desk.ok("ticket", "close", 1)["tickets"][0]
    assert (closed["closed_at"], closed["to_close"], closed["first_answer"]) == ("2026-11-24T09:00:00Z", 172800, 7500)
    assert messages(desk) == [
        ("message", "in", "email", "Where is it?"), ("note", None, None, "The bank has it."),
        ("message", "out", "phone", "Sent again."), ("wait", None, None, "They look."),
        ("message", "in", "phone", "Here it is."), ("close", None, None, None),
    ]  # fmt: skip
    rows = [line.split("\t") for line in desk("ticket", "show", 1).out.splitlines()]
    assert [row[3] for row in rows if row[1] in ("first_answer", "to_close")] == ["2 h 5 min", "2 d"]
    assert [row[1] for row in rows[-6:]] == ["in", "note", "out", "wait", "in", "close"]


def test_what_is_closed_is_not_answered_until_it_is_opened_again(desk: Any) -> None:
    opened(desk, 1, "x")
    desk.ok("ticket", "close", 1)
    history = len(desk.ok("history", "--limit", 0))
    for words in (["reply", 1, "y"], ["reply", 1, "y", "--in"], ["wait", 1]):
        error = desk.refused(4, "ticket", *words)
        assert (error["error"], error["hint"].endswith("dkcrm ticket reopen 1")) == ("closed", True)
    assert desk.refused(4, "ticket", "close", 1)["error"] == "already"
    assert len(desk.ok("history", "--limit", 0)) == history
    desk.ok("ticket", "note", 1, "They thanked us.")
    again = desk.ok("ticket", "reopen", 1, "--reason", "It came back.")["tickets"][0]
    assert (again["state"], again["closed_at"], again["to_close"]) == ("open", None, None)
    assert desk.refused(4, "ticket", "reopen", 1)["error"] == "already"
    desk.ok("ticket", "reply", 1, "y")
    desk.ok("ticket", "wait", 1)
    assert desk.refused(4, "ticket", "wait", 1)["error"] == "already"
    assert desk.ok("ticket", "reopen", 1)["tickets"][0]["state"] == "open"


def test_ours_leaves_it_waiting_and_theirs_opens_it(desk: Any) -> None:
    opened(desk, 1, "x")
    desk.ok("ticket", "wait", 1)
    assert desk.ok("ticket", "reply", 1, "Still there?")["tickets"][0]["state"] == "waiting"
    assert desk.ok("ticket", "reply", 1, "Yes.", "--in")["tickets"][0]["state"] == "open"


def test_a_note_is_no_contact(desk: Any) -> None:
    opened(desk, 1, "x", "--at", "2026-01-01")
    desk.ok("ticket", "note", 1, "Ours alone.")
    assert desk.ok("list", "interactions=1")[0]["id"] == 1
    assert desk.ok("ticket", "show", 1)["first_answer"] is None
    assert desk.ok("list", "interaction:alone") == []


def test_of_one_that_we_opened_there_is_no_first_answer(desk: Any) -> None:
    opened(desk, 1, "x", "--out", "--at", "2026-11-20")
    desk.ok("ticket", "reply", 1, "Did you read it?")
    desk.ok("ticket", "reply", 1, "Yes.", "--in")
    desk.ok("ticket", "reply", 1, "Good.")
    assert desk.ok("ticket", "show", 1)["first_answer"] is None


def test_messages_of_the_past_are_after_the_opening_and_none_is_of_the_future(desk: Any) -> None:
    opened(desk, 1, "x", "--at", "2026-11-20T10:00")
    desk.refused(2, "ticket", "reply", 1, "y", "--at", "2026-11-20T09:59:59")
    desk.refused(2, "ticket", "reply", 1, "y", "--at", "2026-11-23")
    desk.refused(2, "ticket", "reply", 1, "y", "--at", "soon")
    desk.refused(2, "ticket", "reply", 1, " ")
    assert desk.ok("ticket", "reply", 1, "late", "--at", "2026-11-21T10:00")["tickets"][0]["first_answer"] == 86400
    # An earlier one that is logged later is the first answer.
    assert desk.ok("ticket", "reply", 1, "early", "--at", "2026-11-20T11:00")["tickets"][0]["first_answer"] == 3600
    assert [text for _kind, _way, _channel, text in messages(desk)] == ["", "early", "late"]


def test_several_at_once_and_from_standard_input(desk: Any) -> None:
    for subject in "abc":
        opened(desk, 1, subject)
    done = desk.ok("ticket", "close", "-", input="1\n2\n1\n")
    assert [(t["id"], t["state"]) for t in done["tickets"]] == [(1, "closed"), (2, "closed")]
    assert states(desk) == {3: "open"}
    # All or nothing.
    assert desk.refused(4, "ticket", "wait", 3, 1)["error"] == "closed"
    assert states(desk) == {3: "open"}
    desk.ok("ticket", "reopen", 1, 2)
    desk.ok("ticket", "wait", 1, 2, 3)
    assert states(desk, "--state", "waiting") == {1: "waiting", 2: "waiting", 3: "waiting"}
    desk.ok("ticket", "close", 1, "--dry-run")
    assert states(desk) == {1: "waiting", 2: "waiting", 3: "waiting"}


def test_edit_changes_what_is_said(desk: Any) -> None:
    opened(desk, 1, "x", "--due", "friday", "--priority", "l")
    ticket = desk.ok("ticket", "edit", 1, "--subject", "y", "--priority", "h")["tickets"][0]
    assert (ticket["subject"], ticket["priority"], ticket["due"]) == ("y", "h", "2026-11-27")
    done = desk.ok("ticket", "edit", 1, "--due", "yesterday", "--priority", "none")
    assert (done["tickets"][0]["due"], done["tickets"][0]["priority"]) == ("2026-11-21", None)
    assert "overdue" in done["warnings"][0]
    assert desk.ok("ticket", "edit", 1, "--due", "none")["tickets"][0]["due"] is None
    assert desk.ok("ticket", "edit", 1, "--subject", "y")["operation"] is None
    desk.refused(2, "ticket", "edit", 1)
    desk.refused(2, "ticket", "edit", 1, "--due", "31 feb")


def test_a_ticket_of_a_removed_entity(desk: Any) -> None:
    opened(desk, 1, "x", "--due", "yesterday")
    desk.ok("rm", 1)
    assert states(desk) == {} and desk.ok("agenda") == []
    assert states(desk, "--all") == states(desk, "--of", 1) == {1: "open"}
    assert desk.refused(4, "ticket", "open", 1, "y")["error"] == "removed"
    assert desk.refused(4, "ticket", "reply", 1, "y")["error"] == "removed"
    desk.ok("ticket", "close", 1)
    assert desk.refused(4, "ticket", "reopen", 1)["error"] == "removed"


# Lists, the agenda, filters


@pytest.fixture
def full(desk: Any) -> Any:
    """Return the program with tickets of every kind."""
    desk.add("lead", "Bruno", "--tag", "vip")
    opened(desk, 1, "none")
    opened(desk, 1, "late", "--due", "yesterday")
    opened(desk, 2, "today", "--due", "today", "--priority", "l")
    opened(desk, 3, "urgent", "--due", "today", "--priority", "h")
    opened(desk, 2, "far", "--due", "2027-03-01")
    opened(desk, 2, "done", "--due", "2026-11-01")
    desk.ok("ticket", "close", 6)
    desk.ok("ticket", "wait", 3)
    return desk


@pytest.mark.parametrize(
    ("words", "subjects"),
    [
        ([], ["late", "urgent", "today", "far", "none"]), (["--state", "waiting"], ["today"]),
        (["--state", "closed"], ["done"]), (["--state", "all"], ["done", "late", "urgent", "today", "far", "none"]),
        (["--all"], ["done", "late", "urgent", "today", "far", "none"]), (["--of", "Acme"], ["today", "far"]),
        (["--of", 1, "--of", 3], ["late", "urgent", "none"]), (["--priority", "h"], ["urgent"]),
        (["--overdue"], ["late"]), (["tag:vip"], ["late", "urgent", "none"]), (["type:lead"], ["urgent"]),
        (["tag:vip", "--state", "closed"], []), (["--limit", 2], ["late", "urgent"]), (["bruno"], ["urgent"]),
        (["--overdue", "--all"], ["late"]),
    ],
)  # fmt: skip
def test_lists_are_by_day_and_urgency(full: Any, words: list[Any], subjects: list[str]) -> None:
    assert [ticket["subject"] for ticket in full.ok("ticket", "list", *words)] == subjects


def test_bad_lists(full: Any) -> None:
    for words in (["--state", "done"], ["--priority", "x"], ["nosuch:x"], ["sort:name"], ["--state", "open", "--all"]):
        full.refused(2, "ticket", "list", *words)
    full.refused(3, "ticket", "list", "--of", "Nobody")
    assert "more" in full("ticket", "list", "--limit", 1).err
    assert full("ticket", "list", "tag:nobody").err == "nothing found\n"


def test_what_is_due_is_in_the_agenda_beside_tasks(full: Any) -> None:
    full.ok("task", "add", 1, "a task", "--due", "today")
    assert [(e["part"], e["task"], e["ticket"], e["text"]) for e in full.ok("agenda")] == [
        ("overdue", None, 2, "late"), ("today", None, 4, "urgent"), ("today", 1, None, "a task"),
        ("today", None, 3, "today"),
    ]  # fmt: skip
    assert full.ok("agenda")[1]["entities"] == [{"id": 3, "type": "lead", "name": "Bruno"}]
    assert full("agenda").out.splitlines()[1] == "today\t2026-11-22\t\th\tticket 4: urgent\tBruno"
    assert [e["ticket"] for e in full.ok("agenda", "overdue")] == [2]
    assert [e["ticket"] for e in full.ok("agenda", "2027-03")] == [5]
    full.ok("ticket", "close", 1, 2, 3, 4, 5)
    full.ok("task", "done", 1)
    done = full("agenda", "--quiet", "--format", "table")
    assert (done.code, done.out, done.err) == (0, "", "")


@pytest.mark.parametrize(
    ("term", "numbers"),
    [
        ("ticket:open", [1, 2, 3]), ("ticket:waiting", [2]), ("ticket:closed", [2]), ("ticket:none", [4]),
        ("ticket:any", [1, 2, 3]), ("tickets:2..", [1, 2]), ("tickets=0", [4]), ("tickets:3", [2]),
        ("not ticket:open", [4]), ("ticket=WAITING", [2]),
    ],
)  # fmt: skip
def test_filters_know_tickets(full: Any, term: str, numbers: list[int]) -> None:
    full.add("person", "Dario")
    assert sorted(entity["id"] for entity in full.ok("list", term)) == numbers
    assert full.ok("segment", "save", "desk", term)


def test_a_filter_of_no_state_names_those_that_there_are(full: Any) -> None:
    assert "waiting" in full.refused(2, "list", "ticket:wating")["hint"]


def test_show_names_those_that_are_not_closed(full: Any) -> None:
    assert "2\tticket\t3 2026-11-22 today (waiting)\n2\tticket\t5 2027-03-01 far\n" in full("show", 2).out
    card = full("show", 2, "--format", "table").out
    assert "tickets" in card and "5 2027-03-01 far" in card and "6 2026" not in card


# History, merging, export


def test_all_of_it_can_be_undone_and_redone(full: Any) -> None:
    for words in (["open", 1, "y", "--due", "friday"], ["reply", 3, "x", "--in"], ["reply", 1, "x"], ["note", 1, "x"],
                  ["wait", 1, 2, "--reason", "x"], ["close", 1, 3], ["reopen", 6], ["edit", 1, "--due", "today",
                  "--subject", "z"]):  # fmt: skip

        def world() -> Any:
            tickets = full.ok("ticket", "list", "--all")
            return [full.ok("ticket", "show", ticket["id"]) for ticket in tickets], full.ok("list", "--all")

        before = world()
        full.ok("ticket", *words)
        after = world()
        assert after != before
        full.ok("undo")
        assert world() == before
        full.ok("redo")
        assert world() == after
        full.ok("undo")


def test_the_history_of_somebody_tells_of_their_tickets(desk: Any) -> None:
    opened(desk, 1, "x")
    desk.ok("ticket", "note", 1, "y")
    desk.ok("ticket", "close", 1)
    assert [o["name"] for o in desk.ok("history", 1)[:3]] == ["ticket close", "ticket note", "ticket open"]
    assert [o["name"] for o in desk.ok("history", 2)] == ["add organization"]


def test_what_was_said_of_a_ticket_stands_in_the_way_of_its_state(desk: Any) -> None:
    opened(desk, 1, "x")
    desk.ok("ticket", "close", 1)
    reopened = desk.ok("ticket", "reopen", 1)["operation"]
    last = desk.ok("ticket", "reply", 1, "y")["operation"]
    for number in (3, reopened):
        error = desk.refused(4, "undo", number)
        assert {c["operation"] for c in error["candidates"]} >= {last}
    desk.ok("undo", last)
    desk.ok("undo", reopened)
    assert desk.ok("ticket", "show", 1)["state"] == "closed"


def test_who_is_merged_takes_the_tickets_along(full: Any) -> None:
    full.ok("ticket", "reply", 1, "y")
    full.add("person", "Anna B.")
    opened(full, 4, "other's")
    full.ok("merge", 1, 4)
    assert {t["subject"] for t in full.ok("ticket", "list", "--of", 1)} == {"none", "late", "other's"}
    assert full.ok("ticket", "show", 7)["entity"] == {"id": 1, "type": "person", "name": "Anna Bianchi"}
    assert "other's" in full("timeline", 4).out
    full.ok("undo")
    assert {t["subject"] for t in full.ok("ticket", "list", "--of", 4)} == {"other's"}
    full.ok("redo")
    assert full.ok("ticket", "list", "--of", 4) == full.ok("ticket", "list", "--of", 1)


def test_qualify_leaves_them_where_they_are_or_takes_them_to_who_is_there(desk: Any) -> None:
    lead = desk.add("lead", "Carla", "--org", "Carla S.r.l.")
    opened(desk, lead, "of the lead")
    desk.ok("qualify", lead, "--override", "known")
    assert [t["entity"]["type"] for t in desk.ok("ticket", "list", "--of", lead)] == ["prospect"]
    target = desk.ok("list", "target")[0]["id"]
    assert desk.ok("ticket", "list", "--of", target) == []
    assert [e["who"] for e in desk.ok("timeline", target, "--kind", "ticket")] == ["Carla", "Carla"]
    other = desk.add("lead", "Anna Bianchi", "--email", "a@x.it")
    opened(desk, other, "of another")
    desk.ok("qualify", other, "--override", "known", "--prospect", 1)
    assert [t["subject"] for t in desk.ok("ticket", "list", "--of", 1)] == ["of another"]


def test_tickets_go_with_the_export(full: Any, tmp_path: Any, monkeypatch: Any, rome: Any) -> None:
    rome("2026-11-22T10:00:00Z")
    full.ok("ticket", "note", 1, "Two\nlines")
    rome("2026-11-22T11:00:00Z")
    full.ok("ticket", "reply", 3, "y", "--in", "--channel", "chat")
    full.ok("ticket", "reopen", 6, "--reason", "z")
    full.ok("log", 1, "email", "of no ticket")
    full.ok("export", "--all", "--format", "json", "-o", tmp_path / "a.json")
    before = [full.ok("ticket", "show", number) for number in range(1, 7)]
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "other.db"))
    assert full.ok("import", tmp_path / "a.json")["rejected"] == 0
    assert [full.ok("ticket", "show", number) for number in range(1, 7)] == before
    full.ok("export", "--all", "--format", "json", "-o", tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert full.ok("import", tmp_path / "b.json")["operation"] is None
    full.ok("undo")
    assert full.ok("ticket", "list", "--all") == []


def test_a_number_that_is_taken_is_given_anew(full: Any, tmp_path: Any, monkeypatch: Any) -> None:
    full.ok("export", "--all", "--format", "json", "-o", tmp_path / "a.json")
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "other.db"))
    full.add("person", "Elena")
    opened(full, 1, "mine")
    full.ok("import", tmp_path / "a.json")
    assert sorted(t["subject"] for t in full.ok("ticket", "list", "--all")) == sorted(
        ["mine", "none", "late", "today", "urgent", "far", "done"]
    )
    assert full.ok("ticket", "show", 1)["subject"] == "mine"


@pytest.mark.parametrize(
    "damage",
    [{"state": "lost"}, {"subject": ""}, {"subject": "a\nb"}, {"priority": "x"}, {"due": "soon"}, {"opened_at": "x"},
     {"closed_at": 5}, {"events": None}, {"events": [{"at": "x", "kind": "note", "text": "y"}]},
     {"events": [{"at": NOW, "kind": "shout", "text": "y"}]}, {"events": [{"at": NOW, "kind": "note", "text": 5}]},
     {"uid": "x"}],
)  # fmt: skip
def test_what_no_export_writes_is_rejected(desk: Any, tmp_path: Any, monkeypatch: Any, damage: Any) -> None:
    import json

    opened(desk, 1, "x")
    desk.ok("export", "--format", "json", "-o", tmp_path / "a.json")
    entities = json.loads((tmp_path / "a.json").read_text())
    entities[0]["tickets"][0] |= damage
    (tmp_path / "a.json").write_text(json.dumps(entities))
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "other.db"))
    done = desk("import", tmp_path / "a.json", "--json")
    assert (done.code, done.json["rejected"], done.json["created"]) == (5, 1, 1)
    assert desk.ok("ticket", "list", "--all") == []


def test_an_export_of_before_there_were_tickets_comes_in(desk: Any, tmp_path: Any, monkeypatch: Any) -> None:
    import json

    desk.ok("log", 1, "email", "x")
    desk.ok("purchase", 1, "Plan")
    desk.ok("export", "--format", "json", "-o", tmp_path / "a.json")
    entities = json.loads((tmp_path / "a.json").read_text())
    del entities[0]["interactions"][0]["ticket"], entities[0]["purchases"][0]["quantity"]
    (tmp_path / "a.json").write_text(json.dumps(entities))
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "other.db"))
    assert desk.ok("import", tmp_path / "a.json")["rejected"] == 0
    assert len(desk.ok("timeline", 1)) == 2
