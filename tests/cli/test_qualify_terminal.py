"""On a terminal qualify asks: for criteria that are unknown, and for who it is where somebody looks the same."""

import json
import os
import pty
import re
import select
import subprocess
import sys
import time

import pytest

CRITERIA = "market-fit,budget,authority"
VAT = "01234567890"


def talk(words, answers, *, stdin=None):
    """Run dkcrm at a terminal, type each answer once its question is there; return code, output and conversation.

    ``answers`` holds (what to wait for, what to type). Standard output is a pipe, so that it can be read as data.
    """
    master, slave = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "dkcrm", *map(str, words)],
        stdin=slave if stdin is None else stdin,
        stderr=slave,
        stdout=subprocess.PIPE,
        env={**os.environ, "TERM": "xterm", "PYTHONUTF8": "1"},
        close_fds=True,
    )
    os.close(slave)
    said, seen = "", 0
    waiting = list(answers)
    end = time.monotonic() + 20
    try:
        while time.monotonic() < end:
            ready, _w, _x = select.select([master], [], [], 0.2)
            if ready:
                try:
                    piece = os.read(master, 4096).decode()
                except OSError:  # the other end is closed
                    break
                if not piece:
                    break
                said += piece
            if waiting and re.search(waiting[0][0], said[seen:]):
                seen = len(said)
                os.write(master, waiting.pop(0)[1].encode() + b"\n")
            elif not ready and child.poll() is not None:
                break
        if child.poll() is None and time.monotonic() >= end:
            child.kill()
        out = child.stdout.read().decode()
        code = child.wait(timeout=10)
    finally:
        child.kill()
        child.stdout.close()
        os.close(master)
    assert not waiting, (said, waiting)
    return code, out, said.replace("\r\n", "\n")


def world(crm):
    return len(crm.ok("history", "--limit", 0)), crm.ok("list", "--all")


def given(crm, number=1):
    changes = [c for o in crm.ok("history", number) for c in o["changes"]]
    return sorted(c["after"] for c in changes if (c["table"], c["field"]) == ("assessment", "answer"))


@pytest.mark.parametrize("yes", ["y", "yes", "Y"])
def test_unknown_criteria_are_asked_and_the_answers_count(crm, yes):
    crm.add("lead", "Anna")
    code, out, said = talk(["qualify", 1, "--json"], [("market-fit", yes), ("budget", yes), ("authority", yes)])
    assert code == 0, said
    assert [(e["id"], e["type"]) for e in json.loads(out)["entities"]] == [(1, "prospect")]
    assert given(crm) == ["yes", "yes", "yes"]


def test_each_question_is_the_criterion_s_own(crm):
    questions = [c["question"] for c in crm.ok("criteria", "list") if c["side"] == "person"]
    crm.add("lead", "Anna")
    _code, _out, said = talk(["qualify", 1], [(re.escape(question), "y") for question in questions])
    for question in questions:
        assert question in said


def test_only_what_is_unknown_is_asked(crm):
    crm.add("lead", "Anna")
    crm.ok("assess", 1, "--yes", "market-fit,budget")
    code, _out, said = talk(["qualify", 1], [("authority", "y")])
    assert code == 0 and "(market-fit)" not in said and "(budget)" not in said
    assert crm.ok("show", 1)["type"] == "prospect"


def test_no_refuses(crm):
    crm.add("lead", "Anna")
    crm.ok("assess", 1, "--yes", "market-fit,budget")
    code, out, said = talk(["qualify", 1], [("authority", "n")])
    assert (code, out) == (4, "")
    assert "not met: person authority" in said
    assert crm.ok("show", 1)["type"] == "lead"


def test_an_answer_of_no_is_kept(crm):
    crm.add("lead", "Anna")
    crm.ok("assess", 1, "--yes", "market-fit,budget")
    talk(["qualify", 1], [("authority", "n")])
    assert crm.refused(4, "qualify", 1)["error"] == "criteria_not_met"


@pytest.mark.parametrize("answer", ["-", "", "perhaps"])
def test_no_answer_leaves_it_unknown(crm, answer):
    crm.add("lead", "Anna")
    crm.ok("assess", 1, "--yes", "market-fit,budget")
    code, out, said = talk(["qualify", 1], [("authority", answer)])
    assert (code, out) == (4, "")
    assert "unknown: person authority" in said
    assert crm.ok("show", 1)["type"] == "lead"


@pytest.mark.parametrize("option", ["--no-input", "--yes"])
def test_nothing_is_asked_with_no_input_nor_taken_for_granted_with_yes(crm, option):
    crm.add("lead", "Anna")
    before = world(crm)
    code, out, said = talk(["qualify", 1, option], [])
    assert (code, out) == (4, "")
    assert "[y/n" not in said and "unknown" in said
    assert world(crm) == before


def test_nothing_is_asked_where_standard_input_is_no_terminal(crm):
    crm.add("lead", "Anna")
    code, _out, said = talk(["qualify", 1], [], stdin=subprocess.DEVNULL)
    assert code == 4 and "[y/n" not in said


def test_check_asks_nothing(crm):
    crm.add("lead", "Anna")
    code, out, said = talk(["qualify", 1, "--check"], [])
    assert code == 0 and "[y/n" not in said and "unknown" in out


def test_override_asks_for_no_criteria(crm):
    crm.add("lead", "Anna")
    code, _out, said = talk(["qualify", 1, "--override", "I know her."], [])
    assert code == 0 and "[y/n" not in said


# Likenesses


@pytest.fixture
def alike(crm):
    crm.add("target", "Bianchi S.r.l.")
    crm.add("target", "Bianchi SPA")
    crm.add("lead", "Anna", "--org", "Bianchi")
    return ["qualify", 3, "--override", "x", "--json"]


@pytest.mark.parametrize("number", [1, 2])
def test_a_likeness_is_a_question_answered_by_a_number(crm, alike, number):
    code, out, said = talk(alike, [("its number, or new", str(number))])
    assert code == 0, said
    assert "Bianchi S.r.l." in said and "Bianchi SPA" in said
    assert [m["id"] for m in crm.ok("show", 3)["memberships"]] == [number]
    assert json.loads(out)["operation"] == 4
    assert len(crm.ok("list", "target")) == 2


def test_a_likeness_is_answered_by_new(crm, alike):
    code, _out, said = talk(alike, [("its number, or new", "new")])
    assert code == 0, said
    assert [m["id"] for m in crm.ok("show", 3)["memberships"]] == [4]
    assert len(crm.ok("list", "target")) == 3


@pytest.mark.parametrize("answer", ["", "9", "perhaps", "3"])
def test_any_other_answer_does_nothing(crm, alike, answer):
    before = world(crm)
    code, out, _said = talk(alike, [("its number, or new", answer)])
    assert (code, out) == (4, "")
    assert world(crm) == before


@pytest.mark.parametrize(("answer", "folded"), [("1", True), ("new", False)])
def test_a_person_who_looks_the_same_is_a_question(crm, answer, folded):
    crm.add("person", "Anna Bianchi")
    crm.add("lead", "Anna Bianchi")
    code, _out, said = talk(["qualify", 2, "--override", "x"], [("its number, or new", answer)])
    assert code == 0, said
    assert "1  person  Anna Bianchi" in said
    assert (crm.ok("show", 2)["id"] == 1) == folded


def test_an_exact_match_is_no_question(crm):
    crm.add("target", "Acme", "--vat", VAT)
    crm.add("lead", "Anna", "--org", "Acme", "--vat", VAT)
    code, _out, said = talk(["qualify", 2, "--override", "x"], [])
    assert code == 0 and "its number, or new" not in said
    assert [m["id"] for m in crm.ok("show", 2)["memberships"]] == [1]


def test_criteria_and_likenesses_are_asked_in_one_go(crm):
    crm.add("person", "Anna Bianchi")
    crm.add("target", "Acme S.r.l.")
    crm.add("lead", "Anna Bianchi", "--org", "Acme")
    crm.ok("assess", 3, "--yes", "market-fit,market-interest,authority")
    code, _out, said = talk(
        ["qualify", 3],
        [("budget", "y"), ("budget", "y"), ("its number, or new", "1"), ("its number, or new", "2")],
    )
    assert code == 0, said
    assert crm.ok("show", 3)["id"] == 1
    assert [m["id"] for m in crm.ok("show", 1)["memberships"]] == [2]


def test_in_a_short_cycle_purchase_asks_too(crm):
    crm.ok("config", "set", "types", "simple")
    crm.add("organization", "Acme S.r.l.")
    crm.add("lead", "Anna", "--org", "Acme")
    code, _out, said = talk(["purchase", 2, "Plan"], [("its number, or new", "1")])
    assert code == 0, said
    assert [m["id"] for m in crm.ok("show", 2)["memberships"]] == [1]
