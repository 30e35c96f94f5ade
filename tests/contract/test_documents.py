"""README and help: every example in them runs."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dkcrm.cli.registry import COMMANDS, GROUPS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
#: What README says is refused: the words of the command, and the exit code.
REFUSED = {'dkcrm qualify "Cantina Gallo" --no-input': 4}


def shell_commands(text: str) -> list[str]:
    """Return the commands after a prompt in a document's console blocks."""
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def run_line(crm: Any, line: str) -> tuple[int, str]:
    """Run a line of a shell in which dkcrm is the first and, at most, the last command of a pipe."""
    stages = [stage.strip() for stage in re.split(r"\|(?=(?:[^'\"]|'[^']*'|\"[^\"]*\")*$)", line)]
    done = crm(*shlex.split(stages[0])[1:])
    if len(stages) > 1:
        rows = done.out.splitlines()[1 if "tail -n +2" in line else 0 :]
        done = crm(*shlex.split(stages[-1])[1:], input="\n".join(row.split("\t")[0] for row in rows))
    return done.code, done.err


def test_every_command_of_the_readme_runs(crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Beside the sources, as in a checkout, but what the commands write stays out of it.
    (tmp_path / "src").symlink_to(ROOT / "src")
    monkeypatch.chdir(tmp_path)
    commands = shell_commands(README)
    assert len(commands) > 30
    for line in commands:
        code, err = run_line(crm, line)
        assert code == REFUSED.get(line, 0), f"{line}\n{err}"


def generator() -> Any:
    """Return the module that writes the generated documents."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "completions" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_documents_are_current() -> None:
    for path, make in generator().DOCUMENTS.items():
        assert path.read_text("utf-8") == make(), f"run: python completions/generate.py ({path.name})"


def test_completions_offer_nothing_that_a_shell_could_run() -> None:
    made = generator()
    words = [*made.first_words(), *(word for name in COMMANDS for word in made.options_of(name))]
    assert all(made.SAFE.fullmatch(word) for word in words)


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["ad"], "add"),
        (["qualify", "--ch"], "--check"),
        (["purchase", "vo"], "void"),
        (["import", "--ma"], "--map"),
        (["duplicates", "per"], "person"),
        (["import", "x.csv", "--on-likeness", "rej"], "reject"),
        (["import", "x.csv", "--on-match", ""], "update"),
        (["export", "--format", "vc"], "vcard"),
        (["list", "--format", "ta"], "table"),
        (["segment", "show", "wa"], "warm"),
        (["segment", "rm", ""], "warm"),
        (["list", "@wa"], "@warm"),
        (["list", "@", "wa"], "@warm"),  # as bash cuts it where @ is a hostname's
        (["export", "lead", "@"], "@warm"),
    ],
)
def test_bash_completes(crm: Any, words: list[str], offered: str) -> None:
    crm("segment", "save", "warm", "tag:vip")
    crm("segment", "save", "così", "tag:x")  # no shell is offered more than plain letters
    script = (
        f'dkcrm() {{ {shlex.quote(sys.executable)} -m dkcrm "$@"; }};'
        f" source {shlex.quote(str(ROOT / 'completions' / 'dkcrm.bash'))}; COMP_WORDS=(dkcrm {shlex.join(words)});"
        f" COMP_CWORD={len(words)}; _dkcrm; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert offered in done.stdout.split()
    assert "così" not in done.stdout


@pytest.mark.skipif(shutil.which("fish") is None, reason="no fish here")
@pytest.mark.parametrize(
    ("line", "offered"),
    [("list @wa", "@warm"), ("segment show wa", "warm"), ("import --on-likeness rej", "reject")],
)
def test_fish_completes(crm: Any, line: str, offered: str) -> None:
    crm("segment", "save", "warm", "tag:vip")
    script = (
        f"function dkcrm; {shlex.quote(sys.executable)} -m dkcrm $argv; end;"
        f" source {shlex.quote(str(ROOT / 'completions' / 'dkcrm.fish'))}; complete -C {shlex.quote(f'dkcrm {line}')}"
    )
    done = subprocess.run(["fish", "-N", "-c", script], capture_output=True, text=True, check=True)
    assert offered in [found.split("\t")[0] for found in done.stdout.splitlines()]


def test_the_words_that_options_take_are_safe_and_those_of_the_program() -> None:
    made = generator()
    for name, options in made.VALUES.items():
        for option, words in options.items():
            assert option in made.options_of(name)
            assert all(made.SAFE.fullmatch(word) for word in words)


def test_the_readme_has_the_exit_codes_of_the_program() -> None:
    from dkcrm import errors

    for code in (errors.FAILED, errors.USAGE, errors.NOT_FOUND, errors.REFUSED, errors.REJECTED_ROWS, errors.BUSY):
        assert f"| {code} |" in README


def test_the_readme_has_every_setting() -> None:
    from dkcrm.config import SETTINGS

    for name in SETTINGS:
        assert f"| `{name}` |" in README


@pytest.mark.parametrize("name", [*COMMANDS, *GROUPS])
def test_help_explains_every_command(crm: Any, name: str) -> None:
    done = crm(*name.split(" "), "--help")
    assert done.code == 0
    assert "Usage: dkcrm" in done.out
    assert "{types}" not in done.out


@pytest.mark.parametrize("name", list(COMMANDS))
def test_help_has_examples_that_name_the_command(crm: Any, name: str) -> None:
    done = crm(*name.split(" "), "--help")
    examples = done.out.split("Examples:", 1)[1].split("\n\n")[0]
    assert f"dkcrm {name}" in examples


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_option_in_an_example_exists(crm: Any, name: str) -> None:
    done = crm(*name.split(" "), "--help")
    examples, _, options = done.out.split("Examples:", 1)[1].partition("Options:")
    for line in examples.splitlines():
        command = line.strip().rpartition("| ")[2]
        if command.startswith(f"dkcrm {name} "):
            for option in re.findall(r"(?<!\S)--[a-z-]+", command):
                assert option in options, line


def test_the_changelog_speaks_of_this_version() -> None:
    from dkcrm import __version__

    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
