"""The figures of the README: whole processes, as ratios to a baseline in the same run, medians of many runs.

    python tests/bench/figures.py --yardsticks DIR [--only start import again list find peers] [--runs N] [--rows N]

DIR holds ``gen.py`` (which makes contacts) and ``floor.py`` (which loads them by hand into a like schema). Nothing here
fails on a time: it prints what it saw. ``peers`` are sqlite-utils (which dkcrm brings along), and where they are
installed the sqlite3 shell, abook and khard (whose ten thousand files a tenth of the others' contacts fill).
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

Contacts = Callable[[int], Path]

PYTHON = sys.executable
UTILS = f"{PYTHON} -m sqlite_utils"
DKCRM = str(Path(PYTHON).with_name("dkcrm"))


def once(words: list[str]) -> tuple[float, float]:
    """Run a command; return its wall time in seconds and its peak memory in MiB."""
    start = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode and "mailquery" not in words:
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


def again(arguments: argparse.Namespace, folder: Path, contacts: Contacts, imported: Contacts) -> None:
    """Measure second runs, and a small file into a large database."""
    csv, db = contacts(arguments.rows), folder / "again.db"
    words = [DKCRM, "--db", str(db), "import", str(csv), "--type", "person", "-q"]
    pairs = []
    for _round in range(5):
        for suffix in ("", "-wal", "-shm"):
            Path(str(db) + suffix).unlink(missing_ok=True)
        pairs.append((once(words)[0], once(words)[0]))
    ratio = statistics.median(second / first for first, second in pairs)
    print(f"a second, unchanged run of {arguments.rows} / the first: {ratio:.2f} (wanted <= 0.25)", flush=True)
    many = imported(arguments.many)
    spent = []
    for round_ in range(5):
        # People that the database does not have: the same names with other addresses and ids.
        other = folder / f"small-{round_}.csv"
        lines = contacts(arguments.rows).read_text("utf-8").splitlines()[: 1 + 1_000]
        marks = random.Random(round_)
        rows = [f"{marks.getrandbits(128):032x}{line[36:]}".replace("@", f"@r{round_}.") for line in lines[1:]]
        other.write_text("\n".join([lines[0], *rows]), "utf-8")
        start = once([DKCRM, "--db", str(many), "show", "1", "--json"])[0]
        spent.append(once([DKCRM, "--db", str(many), "import", str(other), "--type", "person", "-q"])[0] - start)
    print(
        f"1000 rows into {arguments.many}, beyond the start of a command: {statistics.median(spent):.2f} s"
        " (wanted <= 0.6)",
        flush=True,
    )


def peers(arguments: argparse.Namespace, folder: Path, contacts: Contacts, imported: Contacts) -> None:
    """Measure export and looking up emails, beside the programs that do the like."""
    db, out = imported(arguments.rows), folder / "out.csv"
    utils = folder / "rows.db"
    words = [*UTILS.split(), "insert", str(utils), "contacts", str(contacts(arguments.rows)), "--csv"]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    compare(
        f"CSV export of {arguments.rows} / sqlite-utils rows --csv",
        ["sh", "-c", f"{DKCRM} --db {db} export -q > {out}"],
        ["sh", "-c", f"{UTILS} rows {utils} contacts --csv > {out}"],
        max(3, arguments.runs // 4),
        "<= 1",
    )
    ask = [DKCRM, "--db", str(db), "mailquery", "robert"]
    compare("mailquery / import sqlite3", ask, [PYTHON, "-c", "import sqlite3"], arguments.runs, "<= 1.3")
    made = folder / "peers"
    made.mkdir()

    def contacts_for(option: str, name: str, count: int) -> Path:
        words = [PYTHON, str(arguments.yardsticks / "gen.py"), str(count), option, str(made / name)]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        return made / name

    if shutil.which("sqlite3"):
        sql = "SELECT email1, name FROM contacts WHERE name LIKE 'robert%' OR email1 LIKE 'robert%'"
        compare("mailquery / sqlite3 shell, LIKE over all rows", ask, ["sqlite3", str(utils), sql], arguments.runs, "-")
    if shutil.which("abook"):
        book = contacts_for("--abook", "book", arguments.rows)
        words = ["abook", "--datafile", str(book), "--mutt-query", "robert"]
        compare("mailquery / abook --mutt-query", ask, words, max(3, arguments.runs // 4), "-")
    if shutil.which("khard"):
        few = arguments.rows // 10
        config = made / "khard.conf"
        config.write_text(f"[addressbooks]\n[[main]]\npath = {contacts_for('--vdir', 'vdir', few)}\n[general]\n")
        ask = [DKCRM, "--db", str(imported(few)), "mailquery", "robert"]
        words = ["khard", "-c", str(config), "email", "--parsable", "robert"]
        compare(f"mailquery / khard email, {few} contacts", ask, words, 3, "-")


#: What is asked of many entities and of a thousand, and how many times as long it may take.
ASKED = {
    "email": ("list email=jmigo0@post.example", 1.2),
    "phone": ("list phone=+358384837993", 1.2),
    "phone in another notation": ("list phone:00358-38-4837993", 1.2),
    "name": ("list name=James_Migo", 1.2),
    "tag": ("list tag:vip", 1.2),
    "a rare tag": ("list tag:event2026", 1.2),
    "full text of a name": ("find James_Migo", 1.5),
    "full text of a first name": ("find james", 1.5),
    "full text of a common name": ("find james_smith", 1.5),
    "a word that most hold": ("find met", 3),
    "a common word": ("find quarter", 3),
    "type, tag and change": ("list person tag:vip updated:2026-01..", 1.5),
    "type, tag and creation": ("list person tag:board created:2025-10..", 1.5),
    "type, tag and a time when there was nobody": ("list person tag:vip created:2030..", 1.5),
    "sorted by name": ("list person sort:name", 1.5),
    "a typing error": ("find jmaes_migo", 3),
}


def find(arguments: argparse.Namespace, imported: Contacts) -> None:
    """Measure lists and searches on many entities beside the same on a thousand."""
    few, many = imported(1_000), imported(arguments.many)
    for title, (text, wanted) in ASKED.items():
        words = [word.replace("_", " ") for word in text.split()] + ["--limit", "50", "--json"]
        compare(
            f"{title} ({' '.join(words[:-3])}): {arguments.many} / 1000",
            [DKCRM, "--db", str(many), *words],
            [DKCRM, "--db", str(few), *words],
            arguments.runs,
            f"<= {wanted}",
        )


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--yardsticks", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=["start", "import", "again", "list", "find", "peers"])
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
                "<= 1.5",
                [ours, floor],
            )
            utils, text = folder / "utils.db", ["enable-fts", "contacts", "name", "org", "city", "notes"]
            compare(
                f"import of {arguments.rows} / sqlite-utils insert --csv and enable-fts",
                [DKCRM, "--db", str(ours), "import", str(csv), "--type", "person", "-q"],
                [
                    "sh",
                    "-c",
                    f"{UTILS} insert {utils} contacts {csv} --csv && {UTILS} {text[0]} {utils} {' '.join(text[1:])}",
                ],
                max(3, arguments.runs // 4),
                "< 1",
                [ours, utils],
            )
        if "again" in arguments.only:
            again(arguments, folder, contacts, imported)
        if "peers" in arguments.only:
            peers(arguments, folder, contacts, imported)
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
        if "find" in arguments.only:
            find(arguments, imported)


if __name__ == "__main__":
    main()
