"""The floors of the house: an import only goes down, and one room prints."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "dkcrm"


def test_imports_only_go_down() -> None:
    pytest.importorskip("importlinter")
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as m; m()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_room_keeps_to_its_work(path: Path) -> None:
    text = path.read_text("utf-8")
    room = path.relative_to(SOURCE).parts[0]
    if room not in ("store", "reports"):
        assert not re.search(r"\b(execute|executemany)\(", text), "SQL stands in store, and read-only in reports"
        assert not re.search(r"\"(SELECT|INSERT|UPDATE|DELETE) ", text), "SQL stands in store, and read-only in reports"
    if room not in ("render", "__main__.py"):
        assert not re.search(r"(?<![\w.])print\(", text), "render alone prints"
        assert "import rich" not in text and "from rich" not in text
    if path.name not in ("engine.py", "addressbook.py"):
        # What SQLCipher raises are other classes: one place opens files, and says what is caught.
        assert not re.search(r"sqlite3\.connect\(|except \(?[^:]*sqlite3\.", text), (
            "store/engine.py opens and names errors"
        )
        assert "from dkcrm.store.engine import" not in text, "its names change: import the module"
    if room == "domain":
        assert "sqlite3" not in text and "time.time(" not in text and "datetime.now(" not in text
