"""SECURITY.md: each promise names a test, and each test that is named is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECURITY = (ROOT / "SECURITY.md").read_text("utf-8")
TESTS = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


def rows() -> list[list[str]]:
    """Return the rows of the tables of promises: the promise, and the test."""
    lines = [line for line in SECURITY.splitlines() if line.startswith("| ") and not line.startswith("| promise")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_promise_has_its_test() -> None:
    assert len(rows()) > 10
    for promise, test in rows():
        named = re.findall(r"`(test_\w+)`", test)
        assert named or re.findall(r"`(tests/\S+\.py)`", test), promise
        for name in named:
            assert f"def {name}(" in TESTS, name


def test_every_file_that_is_named_is_there() -> None:
    for name in re.findall(r"`(tests/\S+?\.py)`", SECURITY):
        assert (ROOT / name).is_file(), name
