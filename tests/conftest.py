"""What tests share: a database of their own, and the program run as a user runs it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest


class Run(NamedTuple):
    """One run of the program."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What ``--json`` printed."""
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """The error object that ``--json`` printed on standard error."""
        return json.loads(self.err.strip().splitlines()[-1])


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give each test a home, a config file and a database of its own."""
    for name in list(os.environ):
        if name.startswith(("DKCRM_", "XDG_", "LC_")) or name in ("LANG", "NO_COLOR", "COLUMNS", "VISUAL", "EDITOR"):
            monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "test.db"))
    monkeypatch.setenv("DKCRM_ACTOR", "tester")
    yield home


class Crm:
    """The program, run in this process: the road of a command from its words to its exit code."""

    def __call__(self, *words: object, input: str = "") -> Run:
        """Run one command."""
        from dkcrm.cli.app import run

        out, err = io.StringIO(), io.StringIO()
        saved = sys.stdin, sys.stdout, sys.stderr
        sys.stdin, sys.stdout, sys.stderr = io.StringIO(input), out, err
        try:
            code = run([str(word) for word in words])
        finally:
            sys.stdin, sys.stdout, sys.stderr = saved
        return Run(code, out.getvalue(), err.getvalue())

    def ok(self, *words: object, input: str = "") -> Any:
        """Run one command with ``--json``, which must succeed, and return what it printed."""
        done = self(*words, "--json", input=input)
        assert done.code == 0, done
        return done.json

    def refused(self, code: int, *words: object, input: str = "") -> Any:
        """Run one command with ``--json``, which must fail with an exit code; return the error object."""
        done = self(*words, "--json", input=input)
        assert done.code == code, done
        assert done.out == "", done
        return done.error

    def add(self, *words: object) -> int:
        """Add an entity and return its number."""
        number: int = self.ok("add", *words)["id"]
        return number


@pytest.fixture
def crm() -> Crm:
    """Return the program, to be run in this process."""
    return Crm()


def run_program(*words: object, input: str | None = None, **environment: str) -> Run:
    """Run the program in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "dkcrm", *[str(word) for word in words]],
        input=input,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        check=False,
        timeout=120,
    )
    return Run(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def program() -> Any:
    """Return a function that runs the program in a process of its own."""
    return run_program


@pytest.fixture
def live_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return a function that moves the machine to a zone."""

    def zone(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield zone
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def rome(monkeypatch: pytest.MonkeyPatch, live_in: Any) -> Any:
    """Live in Rome, on a Sunday at ten in the morning; return a function that sets the clock (UTC)."""
    from dkcrm.session import Session

    def at(now: str) -> None:
        monkeypatch.setitem(Session.__init__.__kwdefaults__, "clock", lambda: now)

    live_in("Europe/Rome")
    at("2026-11-22T09:00:00Z")
    return at


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in a directory some way down, with nothing on the path that a text could call."""
    from hostile import files

    from dkcrm.cli import app
    from dkcrm.demo import story
    from dkcrm.render import ask

    place = tmp_path / "a/b/c"
    place.mkdir(parents=True)
    monkeypatch.chdir(place)
    monkeypatch.setenv("DKCRM_DB", str(place / "test.db"))
    monkeypatch.setenv("DKCRM_WAIT", "1")
    monkeypatch.setenv("EDITOR", ":")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(ask, "_REPAINT", 1e9)  # the line that says how far a job is, is written over
    monkeypatch.setattr(app, "_give_up_stdout", lambda: None)
    monkeypatch.setattr(story, "STORY", story.STORY[:3])
    (place / "in.csv").write_text("name,email,note\nCarla,carla@x.it,x\n")
    yield place
    assert not [name for name in files(tmp_path) if name.endswith("pwned")]
