"""Start-up: a command imports only what it uses; the real program is asked what it imported."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from dkcrm.cli.registry import COMMANDS

FAMILIES = {"dkcrm.cli." + command.place.split(":")[0] for command in COMMANDS.values()}
HEAVY = {
    "rich",
    "sqlite_utils",
    "tomlkit",
    "platformdirs",
    "phonenumbers",
    "rapidfuzz",
    "dateutil",
    "pydantic",
    "pandas",
    "importlib.metadata",
}


def imported(*words: str, input: str = "") -> set[str]:
    """Run the program as users do and return every module that it imported."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "dkcrm", *words],
        input=input,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONUTF8": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rsplit("|", 1)[1].strip() for line in lines}


def heavy(modules: set[str]) -> set[str]:
    """Return the heavy packages among modules."""
    return {name for name in HEAVY if name in modules or any(module.startswith(name + ".") for module in modules)}


@pytest.fixture
def filled(crm: Any) -> None:
    """Make a database with a person and an organization."""
    crm.add("person", "Anna Bianchi", "--email", "anna@bianchi.it", "--phone", "02 1234567")
    crm.add("organization", "Bianchi S.r.l.")


@pytest.mark.parametrize(
    "words",
    [
        ["--version"],
        ["show", "1", "--json"],
        ["show", "anna@bianchi.it", "--json"],
        ["show", "anna bianchi"],
        ["list", "--json"],
        ["list"],
        ["list", "name:anna", "--format", "csv"],
        ["list", "person", "anna", "--format", "jsonl"],
        ["find", "anna", "--json"],
        ["history", "--json"],
        ["add", "person", "Luca"],
        ["add", "lead", "Luca", "--org", "X", "--email", "l@x.it", "--tag", "a", "--json"],
        ["set", "1", "--source", "web", "--json"],
        ["tag", "1", "vip"],
        ["untag", "1", "vip", "--json"],
        ["note", "1", "text"],
        ["rm", "1"],
        ["link", "1", "2", "--json"],
        ["log", "1", "call", "text", "--in"],
        ["purchase", "1", "Plan", "--json"],
        ["undo"],
        ["task", "add", "1", "Call", "--due", "tomorrow 9am", "--remind", "1h"],
        ["task", "list", "--json"],
        ["agenda", "--json"],
        ["remind"],
        ["keep", "1", "90d"],
        ["privacy", "consent", "1", "give", "marketing"],
        ["campaign", "add", "spring", "1", "--json"],
        ["campaign", "list", "--json"],
        ["ticket", "open", "1", "No invoice", "--due", "friday"],
        ["ticket", "list", "--json"],
        ["product", "add", "Plan", "--amount", "9.99"],
        ["purchase", "list", "name:anna", "--json"],
        ["timeline", "1", "--edits"],
        ["report"],
        ["report", "sales", "--json"],
        ["report", "hygiene", "--html", "-"],
        ["--help"],
        ["add", "--help"],
    ],
    ids=" ".join,
)
def test_a_hot_road_imports_nothing_heavy(filled: None, words: list[str]) -> None:
    assert heavy(imported(*words)) == set()


def test_the_version_imports_no_database_and_no_command_line() -> None:
    modules = imported("--version")
    assert not {"sqlite3", "typer", "json", "dataclasses", "pathlib"} & modules - imported_by_python()


def imported_by_python() -> set[str]:
    """Return what the bare interpreter imports on this machine (site hooks and .pth files)."""
    done = subprocess.run([sys.executable, "-X", "importtime", "-c", ""], capture_output=True, text=True, check=True)
    return {line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}


@pytest.mark.parametrize(
    "words", [["show", "1", "--json"], ["list"], ["find", "anna"], ["tag", "1", "vip"]], ids=" ".join
)
def test_a_database_in_plain_does_not_pay_for_encrypted_ones(filled: None, words: list[str]) -> None:
    of_keys = {"sqlcipher3", "keyring", "dkcrm.store.cipher", "dkcrm.store.keysource"}
    assert imported(*words) & of_keys <= imported_by_python()


@pytest.mark.parametrize("words", [["show", "1", "--json"], ["list", "--json"], ["tag", "1", "vip"]], ids=" ".join)
def test_one_command_imports_one_family_at_most(filled: None, words: list[str]) -> None:
    assert len(imported(*words) & FAMILIES) <= 1


def test_help_imports_no_command() -> None:
    assert not imported("--help") & FAMILIES


def test_reading_imports_no_migration(filled: None) -> None:
    assert not [name for name in imported("list", "--json") if name.startswith("dkcrm.store.migrations.m")]
