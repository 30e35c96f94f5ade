"""timeline: everything about somebody in order, the newest first, of organizations with their members'."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("rome")


def told(crm: Any, *words: Any) -> list[tuple[str, str]]:
    return [(event["kind"], event["text"]) for event in crm.ok("timeline", *words)]


@pytest.fixture
def life(crm: Any, rome: Any) -> Any:
    """Return the program with somebody to whom everything has happened, an hour apart."""
    hours = iter(range(24))

    def do(*words: Any) -> None:
        rome(f"2026-11-21T{next(hours):02}:00:00Z")
        crm.ok(*words)

    do("add", "suspect", "Anna Bianchi", "--source", "fair")
    do("log", 1, "email", "The price list.", "--out", "--subject", "Hello")
    do("log", 1, "email", "Tell me more.", "--in")
    do("assess", 1, "--yes", "market-fit,budget", "--note", "She said so.")
    do("qualify", 1, "--override", "Her boss decides.")
    do("task", "add", 1, "Call", "--due", "2026-11-30")
    do("task", "done", 1)
    do("purchase", 1, "Annual plan", "--amount", "100", "--quantity", "2", "--on", "2026-11-20")
    do("add", "organization", "Acme")
    do("link", 1, 2, "--role", "CTO")
    do("ticket", "open", 1, "No invoice", "--text", "Where is it?", "--due", "2026-12-01")
    do("ticket", "note", 1, "The bank has it.")
    do("ticket", "wait", 1)
    do("ticket", "reply", 1, "Here it is.", "--in", "--channel", "phone")
    do("ticket", "close", 1, "--reason", "Found.")
    do("add", "person", "A. Bianchi")
    do("merge", 1, 3)
    do("purchase", "void", 1)
    do("purchase", 1, "Support", "--on", "2026-11-21")
    do("set", 1, "--title", "CEO", "--email", "a@x.it")
    do("task", "add", 1, "Greet", "--due", "2026-11-30 9:00")
    return crm


OWN = [
    ("task", "due: 2 Greet"),
    # What is of a day stands above what was on that day.
    ("purchase", "Support"),
    ("task", "added: 2 Greet"),
    ("transition", "prospect → person (purchase)"),
    ("merge", "3 A. Bianchi became one with it (merge)"),
    ("ticket", "closed: 1 No invoice: Found."),
    ("interaction", "phone, ticket 1: Here it is."),
    ("ticket", "waiting: 1 No invoice"),
    ("ticket", "note on 1 No invoice: The bank has it."),
    ("interaction", "email, ticket 1: No invoice: Where is it?"),
    ("ticket", "opened: 1 No invoice"),
    ("link", "with 2 Acme (CTO)"),
    ("transition", "prospect → person (purchase, voided)"),
    ("task", "done: 1 Call"),
    ("task", "added: 1 Call"),
    ("transition", "lead → prospect (qualify)"),
    ("reason", "qualify: Her boss decides."),
    ("answer", "budget: yes (She said so.)"),
    ("answer", "market-fit: yes (She said so.)"),
    ("transition", "suspect → lead (promote)"),
    ("interaction", "email: Tell me more."),
    ("interaction", "email: Hello: The price list."),
    ("purchase", "2 × Annual plan (100.00 EUR) (voided)"),
]


def test_everything_is_there_the_newest_first(life: Any) -> None:
    found = told(life, 1)
    # Answers of one moment, and what one operation did, stand in the order in which they were written.
    assert sorted(found) == sorted(OWN)
    assert [text for kind, text in found if kind not in ("answer", "reason", "transition")] == [
        text for kind, text in OWN if kind not in ("answer", "reason", "transition")
    ]
    ats = [event["at"].ljust(20, "~") for event in life.ok("timeline", 1)]
    assert ats == sorted(ats, reverse=True)


def test_json_has_times_kinds_and_numbers(life: Any) -> None:
    by_text = {event["text"]: event for event in life.ok("timeline", 1, "--edits")}
    assert by_text["email, ticket 1: No invoice: Where is it?"] == {
        "at": "2026-11-21T10:00:00Z", "kind": "interaction", "text": "email, ticket 1: No invoice: Where is it?",
        "who": None, "entity": 1, "direction": "in", "id": 3, "ticket": 1,
    }  # fmt: skip
    assert by_text["Support"] == {
        "at": "2026-11-21", "kind": "purchase", "text": "Support", "who": None, "entity": 1, "id": 2}  # fmt: skip
    assert by_text["closed: 1 No invoice: Found."]["ticket"] == 1
    assert by_text["added: 1 Call"]["id"] == 1
    assert by_text["3 A. Bianchi became one with it (merge)"]["operation"] == 17
    assert by_text["email: Hello: The price list."]["direction"] == "out"


def test_a_list_with_nothing_in_it_is_done(crm: Any) -> None:
    crm.add("person", "Anna")
    done = crm("timeline", 1, "--json")
    assert (done.code, done.out) == (0, "[]\n")
    assert (crm("timeline", 1).out, crm("timeline", 1).err) == ("", "nothing found\n")
    assert crm("timeline", 1, "--format", "table").out == ""
    assert crm.refused(3, "timeline", 9)["error"] == "not_found"


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (["--kind", "purchase"], {"purchase"}), (["--kind", "task,merge"], {"task", "merge"}),
        (["--kind", "task", "--kind", "links"], {"task", "link"}), (["--kind", "ticket"], {"ticket", "interaction"}),
        (["--kind", "interactions"], {"interaction"}), (["--kind", "edit"], {"edit"}),
        (["--kind", "purchase", "--edits"], {"purchase", "edit"}), (["--kind", "Reason,answer"], {"reason", "answer"}),
    ],
)  # fmt: skip
def test_some_kinds_alone(life: Any, words: list[str], kinds: set[str]) -> None:
    found = told(life, 1, *words)
    assert {kind for kind, _text in found} == kinds
    whole = told(life, 1, "--edits")
    if "ticket" in kinds:
        assert found == [one for one in whole if one[0] == "ticket" or "ticket 1" in one[1]]
    else:
        assert found == [one for one in whole if one[0] in kinds]


@pytest.mark.parametrize("kind", ["", "nothing", "task,", "operation", "in", "x" * 500])
def test_a_kind_that_is_none_is_wrong_usage(life: Any, kind: str) -> None:
    assert "did you mean" in life.refused(2, "timeline", 1, "--kind", kind)["hint"]


def test_edits_say_what_changed(life: Any) -> None:
    assert told(life, 1, "--kind", "edit")[0] == ("edit", "set: job_title: CEO, email: a@x.it")
    assert told(life, 1, "--kind", "edit")[-1] == ("edit", "add suspect: name: Anna Bianchi, source: fair")
    assert "edit" not in {kind for kind, _text in told(life, 1)}
    # What only touched it is none.
    assert not [text for _kind, text in told(life, 1, "--edits", "--kind", "edit") if text.startswith("log")]
    life.ok("undo")
    life.ok("undo")
    assert "set" not in told(life, 1, "--kind", "edit")[0][1]
    life.ok("redo")
    assert told(life, 1, "--kind", "edit")[0][1].startswith("set")


def test_a_limit_has_the_newest_and_reverse_turns_them(life: Any) -> None:
    whole = life.ok("timeline", 1, "--edits", "--limit", 0)
    for limit in (1, 2, 5, len(whole), 1000):
        assert life.ok("timeline", 1, "--edits", "--limit", limit) == whole[:limit]
    assert life.ok("timeline", 1, "--edits", "--limit", 4, "--reverse") == whole[3::-1]
    assert life("timeline", 1, "--limit", 2).err == "the newest 2; more with --limit 0\n"
    assert life("timeline", 1, "--limit", 0).err == ""


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["--since", "2026-11-22"], 1), (["--until", "2026-11-20"], 1), (["--since", "2026"], 23),
        (["--since", "2026-11-21", "--until", "2026-11-21"], 21),
        (["--until", "yesterday", "--since", "2026-11-21T14:00:00Z"], 5),
        (["--since", "30d", "--until", "2026-11-21T02:00:00Z"], 5), (["--until", "2020"], 0), (["--since", "2027"], 0),
    ],
)  # fmt: skip
def test_periods_have_both_their_ends(life: Any, rome: Any, words: list[str], count: int) -> None:
    rome("2026-11-22T09:00:00Z")
    assert len(life.ok("timeline", 1, *words)) == count


@pytest.mark.parametrize("when", ["", "31 feb", "2026-02-30", "soon", "99999999d"])
def test_periods_that_are_none(life: Any, when: str) -> None:
    life.refused(2, "timeline", 1, "--since", when)
    life.refused(2, "timeline", 1, "--until", when)


def test_an_organization_has_its_members_marked(life: Any) -> None:
    events = life.ok("timeline", 2, "--limit", 0)
    assert {(e["kind"], e["who"], e["entity"]) for e in events if e["kind"] != "link"} == {
        (kind, "Anna Bianchi", 1)
        for kind in ("task", "purchase", "transition", "ticket", "interaction", "answer", "reason", "merge")
    }
    edits = life.ok("timeline", 2, "--kind", "edit")
    assert (edits[0]["text"], edits[0]["who"]) == ("set: job_title: CEO, email: a@x.it", "Anna Bianchi")
    assert [(e["text"], e["who"]) for e in edits if e["who"] is None] == [
        ("add organization: organization: Acme", None)
    ]
    assert [(e["text"], e["who"]) for e in events if e["kind"] == "link"] == [("with 1 Anna Bianchi (CTO)", None)]
    life.ok("log", 2, "phone", "Their own.")
    life.ok("task", "add", 1, 2, "Both")
    own = [e["text"] for e in life.ok("timeline", 2, "--limit", 0) if e["who"] is None and e["kind"] != "link"]
    assert own == ["added: 3 Both", "phone: Their own."]
    life.ok("unlink", 1, 2)
    assert len(life.ok("timeline", 2)) == 2
    assert "Anna Bianchi" in life("timeline", 1, "--edits").out


def test_the_reasons_of_very_many_members_are_left_out(life: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from dkcrm.store import happenings

    assert told(life, 2, "--kind", "reason") == [("reason", "qualify: Her boss decides.")]
    monkeypatch.setattr(happenings, "_REASONS", 0)
    assert told(life, 2, "--kind", "reason") == []
    assert told(life, 1, "--kind", "reason") == [("reason", "qualify: Her boss decides.")]


def test_one_reason_for_several_is_told_once(crm: Any) -> None:
    crm.add("target", "Acme")
    for name in ("Anna", "Bruno"):
        crm.ok("link", crm.add("prospect", name), 1)
    crm.ok("lose", 2, 3, "--reason", "Gone.")
    crm.ok("lose", 1, "--reason", "All gone.")
    assert [(e["text"], e["who"]) for e in crm.ok("timeline", 1, "--kind", "reason")] == [
        ("lose: All gone.", None), ("lose: Gone.", "Anna")]  # fmt: skip


def test_a_purchase_by_both_is_told_once(crm: Any) -> None:
    crm.add("prospect", "Anna")
    crm.add("target", "Acme")
    crm.ok("link", 1, 2)
    crm.ok("purchase", 1, "Plan", "--also", 2)
    assert [(e["text"], e["who"]) for e in crm.ok("timeline", 2, "--kind", "purchase")] == [("Plan", None)]
    assert [(e["text"], e["who"]) for e in crm.ok("timeline", 1, "--kind", "purchase")] == [("Plan", None)]


def test_what_was_folded_into_somebody_is_told(crm: Any) -> None:
    crm.add("person", "Anna", "--email", "a@x.it")
    crm.add("suspect", "Anna", "--email", "a@x.it", "--org", "Acme")
    crm.ok("log", 2, "email", "Hello", "--in")
    crm.ok("assess", 2, "--yes", "market-fit")
    crm.ok("qualify", 2, "--override", "Known.")
    found = told(crm, 1)
    assert ("transition", "2: suspect → lead (promote)") in found
    assert ("transition", "2: lead → person (qualify)") in found
    assert ("reason", "qualify: Known.") in found and ("interaction", "email: Hello") in found
    assert told(crm, 2) == found


def test_who_is_linked_since_a_day(crm: Any) -> None:
    crm.add("person", "Anna")
    crm.add("organization", "Acme")
    crm.ok("link", 1, 2, "--since", "2020-05-05")
    assert [(e["at"], e["text"]) for e in crm.ok("timeline", 2)] == [("2020-05-05", "with 1 Anna")]


def test_consents_and_campaigns_are_told(crm: Any, tmp_path: Any) -> None:
    import sqlite3

    crm.add("person", "Anna")
    with sqlite3.connect(tmp_path / "test.db") as db:
        db.executescript(
            "INSERT INTO campaign (id, uid, name, channel, purpose, created_at) VALUES"
            " (5, x'01', 'Spring', 'email', 'news', '2026-01-01T00:00:00Z');"
            "INSERT INTO campaign_member (campaign_id, entity_id, added_at) VALUES (5, 1, '2026-01-02T00:00:00Z');"
            "INSERT INTO consent (uid, entity_id, purpose, state, at, proof) VALUES"
            " (x'02', 1, 'news', 'given', '2026-01-01T00:00:00Z', 'form');"
            "INSERT INTO interaction (uid, entity_id, at, direction, channel, subject, text, campaign_id) VALUES"
            " (x'03', 1, '2026-01-03T00:00:00Z', 'out', 'email', NULL, 'Buy!', 5)"
        )
    assert told(crm, 1) == [
        ("interaction", "email, campaign Spring: Buy!"),
        ("campaign", "added to: Spring"),
        ("consent", "given: news (form)"),
    ]
    assert [e["campaign"] for e in crm.ok("timeline", 1, "--kind", "campaign")] == [5, 5]


def test_tables_and_rows(life: Any) -> None:
    rows = [line.split("\t") for line in life("timeline", 1).out.splitlines()]
    assert rows[6][:5] == ["2026-11-21T13:00:00Z", "interaction", "in", "phone, ticket 1: Here it is.", ""]
    assert rows[6][6] == "1"
    drawn = life("timeline", 2, "--format", "table").out
    assert "2026-11-21 14:00  ←  phone, ticket 1: Here it is.  Anna Bianchi\n" in drawn
    assert "2026-11-21           purchase  Support  Anna Bianchi\n" in drawn
    heading, first = life("timeline", 1, "--format", "csv", "--limit", 1).out.splitlines()
    assert heading == "at,kind,direction,text,who,id,ticket,campaign,operation"
    assert first == "2026-11-30T08:00:00Z,task,,due: 2 Greet,,2,,,"


def test_the_card_has_it_too_without_what_is_due(life: Any) -> None:
    card = life("show", 1, "--format", "table").out
    assert "ticket  closed: 1 No invoice: Found." in card and "due: 2" not in card
    assert "tasks" in card and "2 2026-11-30 09:00 Greet" in card


@pytest.mark.parametrize("text", ["\x1b]0;x\x07", "[bold]x[/]", "a\tb\nc"])
def test_what_came_in_by_import_is_data(crm: Any, tmp_path: Any, text: str) -> None:
    import sqlite3

    crm.add("person", "Anna")
    with sqlite3.connect(tmp_path / "test.db") as db:
        db.execute(
            "INSERT INTO interaction (uid, entity_id, at, direction, channel, subject, text) VALUES"
            " (x'03', 1, '2026-01-03T00:00:00Z', 'out', 'email', ?, ?)",
            (text, text),
        )
    assert crm.ok("timeline", 1)[0]["text"] == f"email: {text}: {text}"
    for words in ([], ["--format", "table"]):
        done = crm("timeline", 1, *words)
        assert "\x1b" not in done.out and "\x07" not in done.out
    assert len(crm("timeline", 1).out.splitlines()) == 1
