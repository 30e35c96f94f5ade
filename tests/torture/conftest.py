"""A place to run commands in that say and hold bad texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import files


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in a directory some way down, with nothing on the path that a text could call."""
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
