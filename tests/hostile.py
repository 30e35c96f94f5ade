"""Text that wants to be more than text, words for every command, and what no output may have in it."""

from __future__ import annotations

import io
import json
import os
import re
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from dkcrm.cli.app import load_command, run
from dkcrm.cli.registry import COMMANDS
from dkcrm.domain import text as door

BAD = {
    "colour": "\x1b[35;46;7mx",
    "title": "\x1b]0;owned\x07x",
    "link": "\x1b]8;;http://127.0.0.1:9\x1b\\x\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;b3duZWQ=\x07x",
    "screen": "\x1b[2J\x1b[Hx",
    "answer back": "\x05\x1b[6n\x1bZ\x1bP$q\"p\x1b\\x",
    "C1": "\x9b31mx\x9d0;t\x9c\x90q\x9c",
    "next line": "a\x85b",
    "NUL": "a\0b",
    "bell": "a\x07\x08\x08b",
    "DEL": "a\x7fb",
    "form feed": "a\x0b\x0cb",
    "carriage return": "ab\rc",
    "newline": "a\nb",
    "tab": "a\tb",
    "separators": "a\u2028b\u2029c",
    "override": "a\u202egpj.exe",
    "isolate": "a\u2066b\u2067c\u2068d\u2069e",
    "marks": "a\u200eb\u200fc\u061cd",
    "markup": "[/b] [red]x[/red] [link=http://127.0.0.1:9]y[/link]",
    "open markup": "[bold",
    "emoji code": ":smiley: :pile_of_poo:",
    "quotes": "'\"`´",
    "SQL": "'; DROP TABLE entity; --",
    "SQL in a LIKE": "%_\\%' OR 1=1 --",
    "FTS": '" OR NEAR(a b, 2) AND NOT x* ^y {name}: -z +w (',
    "formula": "=cmd|'/c touch pwned'!A1",
    "formula at": "@SUM(1+1)*cmd|' /C touch pwned'!A0",
    "plus formula": '+HYPERLINK("http://127.0.0.1:9")',
    "path": "../../elsewhere",
    "absolute path": "/nonexistent/elsewhere",
    "command": "$(touch pwned)`touch pwned`; touch pwned | touch pwned &",
    "option": "-rf",
    "help": "--help",
    "end of options": "--",
    "no text": "a\udcff\udc80b",
    "lone surrogate": "a\ud800b",
    "very long": "x" * 100_000,
    "blank": " \u00a0\u2003 ",
    "nothing": "",
    "joiner": "\u200d",
    "family": "👩‍👩‍👧 \U0001f3f4\U000e0067\U000e0062\U000e007f",
    "right to left": "שלום מרחבא محمد",
    "combining": "Z" + "\u0301" * 60,
    "format": "{0} {name} %s %n {path!r}",
    "html": "<script>alert(1)</script><img src=x onerror=y>&amp;</title></svg>",
    "JSON": '{"a": "\\u001b[31m"}',
    "filter": "name:~(a+)+$ or tag:x not (",
    "range": "1..2..3",
    "number": "99999999999999999999999999",
    "not a number": "NaN",
    "minus": "-1",
    "infinity": "inf",
    "year": "999999-99-99",
}  # fmt: skip
#: Of all in one: what a short run takes.
COCKTAIL = (
    "\x1b]0;owned\x07\x1b[35;46;7m\x9b31m\u202e\u200f\u2066\x00\x7f\x08\r[/b][red]:smiley:"
    "'\"%s{0}<b>&$(touch pwned)../../x"
)
SAMPLE = ("title", "markup", "FTS", "lone surrogate", "option", "NUL")

#: C0 but newline and tab, DEL, C1, what turns text around, line ends of Unicode's own, and halves of surrogate pairs.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff]")

#: Words with which each command does something in the book that ``plant`` makes.
WORDS: dict[str, list[str]] = {
    "add": ["lead", "Nina"],
    "show": ["1"], "set": ["1"], "edit": ["1"], "tag": ["1", "new"], "untag": ["1", "vip"], "note": ["1", "word"],
    "rm": ["1"], "restore": ["4"], "merge": ["1", "5"], "distinct": ["1", "6"], "log": ["1", "call", "word"],
    "task add": ["1", "Call"], "task list": [], "task show": ["1"], "task done": ["1"],
    "task snooze": ["1", "2030-01-01"], "task edit": ["1", "--text", "word"], "task rm": ["1"], "task export": [],
    "ticket open": ["1", "Help"], "ticket reply": ["1", "word"], "ticket note": ["1", "word"], "ticket wait": ["1"],
    "ticket close": ["1"], "ticket reopen": ["2"], "ticket edit": ["1", "--due", "none"], "ticket list": [],
    "ticket show": ["1"], "agenda": [], "remind": [], "keep": ["1", "90d"], "keep list": [],
    "promote": ["9"], "assess": ["2", "--yes", "budget"], "qualify": ["2"], "disqualify": ["2", "--reason", "x"],
    "lose": ["6", "--reason", "x"], "reopen": ["8"],
    "purchase": ["1", "Plan"], "purchase void": ["1"], "purchase list": [],
    "product add": ["Other"], "product list": [], "product edit": ["Plan", "--note", "x"], "product rm": ["Plan"],
    "link": ["1", "7"], "unlink": ["5", "7"],
    "criteria list": [], "criteria add": ["wish", "--side", "person", "--question", "So?"],
    "criteria edit": ["market-fit", "--question", "So?"], "criteria rm": ["market-fit"],
    "campaign add": ["autumn"], "campaign edit": ["spring", "--note", "x"], "campaign join": ["spring", "6"],
    "campaign leave": ["spring", "5"], "campaign list": [], "campaign show": ["spring"],
    "campaign export": ["spring"], "campaign sent": ["winter"], "campaign reply": ["1"], "campaign rm": ["winter"],
    "privacy consent": ["1", "give", "news"], "privacy consents": [],
    "list": [], "find": ["anna"], "segment save": ["mine", "tag:vip"], "segment list": [], "segment show": ["old"],
    "segment rm": ["old"], "timeline": ["1"], "duplicates": [], "mailquery": ["anna"],
    "report": ["sales"], "report list": [],
    "history": [], "blame": ["1"], "undo": [], "redo": [],
    "backup": [], "backup list": [], "backup check": ["copy.db"], "backup restore": ["copy.db"], "doctor": [],
    "privacy export": ["1"], "privacy erase": ["5"], "privacy retention": [],
    "privacy retention add": ["lead inactive 24m"], "privacy retention list": [],
    "privacy retention rm": ["lead inactive 12m"], "privacy log": [],
    "import": ["in.csv", "--type", "person"], "export": [], "field list": [], "field add": ["size"],
    "field rm": ["budget", "--yes"],
    "config show": [], "config set": ["region", "IT"], "config types": [], "config path": [], "demo": [],
    "encrypt": [], "decrypt": [],
    **{f"report {name}": [] for name in ("funnel", "pipeline", "sources", "campaigns", "activity", "sales", "service",
                                         "hygiene", "growth")},
}  # fmt: skip
#: What these write to a pipe is a file: exact, whatever is in it (and clean on a terminal).
EXACT = ("export", "task export", "campaign export")


def plant(bad: str) -> list[str]:
    """Make a book in which a bad text stands wherever a text can; return the commands that would not take it."""
    short, cell = bad[:50], bad.replace("\n", " ").replace('"', "'")
    refused = []
    for words in (
        ["field", "add", "budget"],
        ["add", "person", "Anna", "--email", "anna@x.it"],
        ["add", "lead", "Luca", "--org", "Verdi", "--phone", "02 1234567"],
        ["add", "suspect", "Sara"], ["add", "person", "Rimosso"],
        ["add", "person", "Anna", "--email", "anna.b@x.it"],
        ["add", "prospect", "Paolo"], ["add", "organization", "Bianchi"], ["add", "lead", "Bruno"],
        ["add", "suspect", "Dora"],
        *(["set", number, "--name", f"{name} {bad}"] for number, name in
          zip("1234569", ("Anna", "Luca", "Sara", "Rimosso", "Anna", "Paolo", "Dora"), strict=True)),
        ["set", "2", "--org", f"Verdi {bad}"], ["set", "7", "--org", f"Bianchi {bad}"],
        *(["set", "1", option, bad] for option in ("--title", "--source", "--website", "--tax-code", "--link",
                                                   "--address", "--first")),
        ["set", "1", "--field", f"budget={bad}"], ["set", "2", "--vat", bad], ["tag", "1", bad, "vip"],
        ["set", "1", "--email", f"{short}:a@y.it"], ["tag", "5", "vip"], ["set", "7", "--website", bad],
        ["rm", "4"], ["link", "5", "7"], ["unlink", "5", "7"], ["link", "5", "7", "--role", bad],
        ["log", "1", "call", bad, "--in", "--subject", bad], ["log", "1", short, bad],
        ["log", "3", "mail", bad, "--in"], ["log", "9", "call", "x"],
        ["set", "1", "--source", f"b{bad}", "--title", f"c{bad}"], ["note", "1", bad],
        ["task", "add", "1", "--for", "5", f"a{bad}", "--due", "2020-01-01", "--remind", "1h"], ["task", "add", bad],
        ["ticket", "open", "1", f"a{bad}"], ["ticket", "open", "5", bad, "--text", bad, "--channel", short],
        ["ticket", "note", "1", bad], ["ticket", "reply", "1", bad], ["ticket", "close", "2", "--reason", bad],
        ["keep", "1", "90d"],
        ["product", "add", "Plan", "--amount", "5"], ["product", "edit", "Plan", "--note", bad],
        ["product", "add", bad],
        ["purchase", "1", f"a{bad}", "--amount", "5"],
        ["criteria", "add", "wish2", "--side", "person", "--question", f"a{bad}"], ["criteria", "add", bad],
        ["assess", "2", "--yes", "budget"], ["assess", "2", "--no", "authority", "--note", bad],
        ["campaign", "add", "spring", "1", "5", "--basis", "contract"],
        ["campaign", "edit", "spring", "--note", bad, "--channel", short],
        ["campaign", "add", "winter", "1", "--basis", f"a{bad}"], ["campaign", "add", bad, "1"],
        ["campaign", "sent", "spring"], ["campaign", "reply", "1", "--text", bad, "--subject", bad],
        ["privacy", "consent", "1", "give", "news"], ["privacy", "consent", "1", "withdraw", "news", "--proof", bad],
        ["segment", "save", "old", f'tag:"{cell}" or tag:vip'], ["segment", "save", bad, "tag:vip"],
        ["privacy", "retention", "add", "lead inactive 12m"],
        ["disqualify", "8", "--reason", f"a{bad}"], ["backup", "copy.db"], ["tag", "1", "last"], ["undo"],
    ):  # fmt: skip
        if _run(words).code:
            refused.append(" ".join(words)[:100])
    return refused


#: The books that were made, and the backup beside each: making one takes a hundred commands.
_BOOKS: dict[str, tuple[bytes, bytes]] = {}


def planted(bad: str) -> None:
    """Lay down a book in which a bad text stands everywhere: the door was left open while it was made."""
    path, copy = Path(os.environ["DKCRM_DB"]), Path("copy.db")
    if bad not in _BOOKS:
        shut = door.describe_control
        door.describe_control = lambda text, allowed="": None
        try:
            refused = plant(bad)
        finally:
            door.describe_control = shut
        assert bad != "plain" or not refused, refused
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        _BOOKS[bad] = path.read_bytes(), copy.read_bytes()
    for file, content in zip((path, copy), _BOOKS[bad], strict=True):
        file.touch(0o600)
        file.write_bytes(content)


class Shown(NamedTuple):
    """What a run gave: its status, and what came out on either way."""

    code: int
    out: str
    err: str


class Stream(io.TextIOWrapper):
    """A pipe, or a terminal."""

    def __init__(self, terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="")
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def said(self) -> str:
        """Return what was written to it."""
        self.flush()
        raw: Any = self.buffer
        return str(raw.getvalue().decode("utf-8", "surrogatepass"))


def _run(words: list[str], *, terminal: bool = False, input: str = "") -> Shown:
    """Run the program in this process."""
    out, err = Stream(terminal), Stream(terminal)
    reading = Stream(terminal)
    reading.buffer.write(input.encode("utf-8", "surrogatepass"))
    reading.seek(0)
    saved = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = reading, out, err
    try:
        code = run(words)
    finally:
        sys.stdin, sys.stdout, sys.stderr = saved
    return Shown(code, out.said(), err.said())


def try_out(words: list[str], *, terminal: bool = False, as_json: bool = False, input: str = "") -> Shown:
    """Run a command and check that all it says is text, and none of it an accident; return what it gave."""
    done = _run(["--json", *words] if as_json else words, terminal=terminal, input=input)
    told = [word[:200] for word in words], terminal, as_json
    assert done.code in (0, 1, 2, 3, 4, 5, 75), (told, done)
    for text in (done.err, "" if exact(words) and not terminal else done.out):
        found = UNSAFE.search(text)
        assert found is None, (told, found, text[:2000])
    assert "Traceback" not in done.err and "Warning: " not in done.err, (told, done.err)
    assert '"internal"' not in done.err and "unforeseen" not in done.err, (told, done.err)
    assert "😃" not in done.out + done.err, told
    if as_json and not exact(words) and done.out and words[0] != "demo" and "--help" not in words:
        json.loads(done.out)
    return done


def exact(words: list[str]) -> bool:
    """Tell whether a command writes a file's text, or CSV, to standard output."""
    return " ".join(words[:1]) in EXACT or " ".join(words[:2]) in EXACT or "csv" in words


def slots(name: str, bad: str) -> Iterator[list[str]]:
    """Yield the words of a command with a bad text at each place that takes one."""
    base = WORDS[name]
    for place in range(len(base)):
        yield [*name.split(), *base[:place], bad, *base[place + 1 :]]
    yield [*name.split(), *base, bad]
    for place, option in enumerate(options(name, flags=False)):
        if option not in ("--db", "--format") or name in ("add", "list"):
            yield [*name.split(), *base, *((option, bad) if place % 2 else (f"{option}={bad}",))]


def options(name: str, *, flags: bool) -> list[str]:
    """Return the options of a command that take a value, or those that take none."""
    return [
        parameter.opts[0]
        for parameter in load_command(name).params
        if parameter.param_type_name == "option"
        and bool(parameter.is_flag) == flags
        and parameter.opts[0] not in ("--json", "--encrypt", "--review", "--help", "--keyring")
    ]


def names() -> list[str]:
    """Return the commands, as the registry has them."""
    return list(COMMANDS)


def files(directory: Path) -> set[str]:
    """Return the names of all that is below a directory."""
    return {str(path.relative_to(directory)) for path in directory.rglob("*")}
