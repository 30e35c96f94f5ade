"""The figures of the README: whole processes, as ratios to a baseline in the same run, medians of many runs.

    python tests/bench/figures.py --yardsticks DIR [--only start import list] [--runs 21] [--rows N] [--many N]

DIR holds ``gen.py`` (which makes contacts) and ``floor.py`` (which loads them by hand into a like schema). Nothing here
fails on a time: it prints what it saw.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PYTHON = sys.executable
DKCRM = str(Path(PYTHON).with_name("dkcrm"))


def once(words: list[str]) -> tuple[float, float]:
    """Run a command; return its wall time in seconds and its peak memory in MiB."""
    start = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{words} ended with {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def compare(
    title: str, ours: list[str], theirs: list[str], runs: int, wanted: str, before: list[Path] | None = None
) -> None:
    """Run two commands in turn and print the median of the ratios, pair by pair."""
    pairs = []
    for _round in range(runs + 1):
        for path in before or []:
            for suffix in ("", "-wal", "-shm"):
                Path(str(path) + suffix).unlink(missing_ok=True)
        pairs.append((once(ours), once(theirs)))
    pairs = pairs[1:]  # the first warms up
    ratio = statistics.median(a[0] / b[0] for a, b in pairs)
    mine, yours = statistics.median(a[0] for a, _b in pairs), statistics.median(b[0] for _a, b in pairs)
    memory = max(a[1] for a, _b in pairs)
    print(
        f"{title}: {ratio:.2f} (wanted {wanted});"
        f" {mine * 1000:.0f} ms against {yours * 1000:.0f} ms, n={runs}, peak {memory:.0f} MiB",
        flush=True,
    )


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--yardsticks", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=["start", "import", "list"])
    parser.add_argument("--runs", type=int, default=21)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    arguments = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def contacts(count: int) -> Path:
            path = folder / f"{count}.csv"
            if not path.exists():
                subprocess.run(
                    [PYTHON, str(arguments.yardsticks / "gen.py"), str(count), "--csv", str(path)], check=True
                )
            return path

        def imported(count: int) -> Path:
            path = folder / f"{count}.db"
            if not path.exists():
                start = time.perf_counter()
                _wall, memory = once(
                    [DKCRM, "--db", str(path), "import", str(contacts(count)), "--type", "person", "-q"]
                )
                size = path.stat().st_size
                print(
                    f"import of {count}: {time.perf_counter() - start:.1f} s,"
                    f" peak {memory:.0f} MiB, {size / count:.0f} bytes an entity",
                    flush=True,
                )
            return path

        if "start" in arguments.only:
            db = imported(arguments.rows)
            show = [DKCRM, "--db", str(db), "show", str(arguments.rows // 2), "--json"]
            compare(
                f"show --json on {arguments.rows} / import typer",
                show,
                [PYTHON, "-c", "import typer"],
                arguments.runs,
                "<= 1.2",
            )
            compare(
                "--version / import sqlite3",
                [DKCRM, "--version"],
                [PYTHON, "-c", "import sqlite3"],
                arguments.runs,
                "<= 1.3",
            )
        if "import" in arguments.only:
            csv, ours, floor = contacts(arguments.rows), folder / "ours.db", folder / "floor.db"
            compare(
                f"import of {arguments.rows} / floor.py --mode stage",
                [DKCRM, "--db", str(ours), "import", str(csv), "--type", "person", "-q"],
                [PYTHON, str(arguments.yardsticks / "floor.py"), str(csv), str(floor), "--mode", "stage"],
                max(3, arguments.runs // 4),
                "<= 2",
                [ours, floor],
            )
        if "list" in arguments.only:
            few, many = imported(1_000), imported(arguments.many)
            words = ["list", "person", "--limit", "50", "--json"]
            compare(
                f"list person --limit 50: {arguments.many} / 1000",
                [DKCRM, "--db", str(many), *words],
                [DKCRM, "--db", str(few), *words],
                arguments.runs,
                "<= 1.2",
            )


if __name__ == "__main__":
    main()
