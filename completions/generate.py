"""Write the completions, and the list of commands in README.md, from the program itself.

    python completions/generate.py

Run it after a command or an option has changed; a test says when it was forgotten. Completions offer commands, options
and the types in use, never data: names of people have no business in a shell's candidates.
"""

from __future__ import annotations

import re
from pathlib import Path

from dkcrm.cli.app import load_command
from dkcrm.cli.registry import COMMANDS, GROUPS
from dkcrm.cli.shared import common, shared_parameters

HERE = Path(__file__).parent
README = HERE.parent / "README.md"
#: Commands whose first argument is a type, or may be one.
TYPED = ("add", "duplicates", "export", "list")
SAFE = re.compile(r"[A-Za-z0-9._-]+")


def options_of(name: str) -> list[str]:
    """Return the long options of a command, the shared ones among them."""
    options = [word for parameter in load_command(name).params for word in parameter.opts]
    return sorted({word for word in options if word.startswith("--")} | {"--help"})


def first_words() -> list[str]:
    """Return the words that may follow the program's name."""
    return list(dict.fromkeys(name.split(" ")[0] for name in COMMANDS))


def second_words(first: str) -> list[str]:
    """Return the words that may follow the first ones of a command to make a longer one."""
    count = first.count(" ") + 1
    return list(dict.fromkeys(name.split(" ")[count] for name in COMMANDS if name.startswith(first + " ")))


def heads(count: int) -> list[str]:
    """Return the first so many words of the commands that have more."""
    return list(dict.fromkeys(" ".join(name.split(" ")[:count]) for name in COMMANDS if name.count(" ") >= count))


def bash() -> str:
    """Return the completion for bash."""
    lines = [
        "# bash completion for dkcrm: put it in ~/.local/share/bash-completion/completions/dkcrm",
        "_dkcrm_types() { dkcrm config types --format json 2>/dev/null | grep -o '\"types\":.*' | grep -o '[a-z]*' |",
        "  grep -v types; }",
        "_dkcrm() {",
        "  local current=${COMP_WORDS[COMP_CWORD]} name=${COMP_WORDS[1]-} words=",
        '  case "$name ${COMP_WORDS[2]-}" in',
    ]
    lines += [f'    "{name}") name="{name}" ;;' for name in COMMANDS if name.count(" ") == 1]
    lines += ["  esac", '  case "$name ${COMP_WORDS[3]-}" in']
    lines += [f'    "{name}") name="{name}" ;;' for name in COMMANDS if name.count(" ") == 2]
    lines += ["  esac", "  if ((COMP_CWORD == 1)); then", f"    words='{' '.join(first_words())} --help --version'"]
    for place in (1, 2):
        for first in heads(place):
            lines += [
                f'  elif ((COMP_CWORD == {place + 1})) && [[ $name == "{first}" && $current != -* ]]; then',
                f"    words='{' '.join(second_words(first))}'",
            ]
    lines += [
        f"  elif ((COMP_CWORD == 2)) && [[ $name =~ ^({'|'.join(TYPED)})$ && $current != -* ]]; then",
        "    words=$(_dkcrm_types)",
        "  elif [[ ${COMP_WORDS[COMP_CWORD-1]} =~ ^(--type|-t)$ ]]; then",
        "    words=$(_dkcrm_types)",
        "  elif [[ ${COMP_WORDS[COMP_CWORD-1]} == --format ]]; then",
        "    words='table tsv csv json jsonl'",
        "  elif [[ $current == -* ]]; then",
        "    case $name in",
    ]
    lines += [f"      '{name}') words='{' '.join(options_of(name))}' ;;" for name in COMMANDS]
    lines += [
        "    esac",
        "  fi",
        '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
        "}",
        "complete -o default -F _dkcrm dkcrm",
    ]
    return "\n".join(lines) + "\n"


def zsh() -> str:
    """Return the completion for zsh; ``#compdef`` must be its first line."""
    lines = [
        "#compdef dkcrm",
        "# zsh completion for dkcrm: put it on your $fpath as _dkcrm",
        "local -a candidates",
        'local name="${words[2]} ${words[3]}"',
        'local types=(${(f)"$(dkcrm config types --format json 2>/dev/null | grep -o \'"types":.*\' |'
        " grep -o '[a-z]*' | grep -v types)\"})",
        "if (( CURRENT == 2 )); then",
        "  candidates=(",
    ]
    for first in first_words():
        summary = GROUPS.get(first) or COMMANDS[first].summary
        lines.append(f"    '{first}:{summary.replace(chr(39), '')}'")
    lines += ["  )", "  _describe command candidates", "  return", "fi"]
    for first in heads(1):
        lines += [
            f"if (( CURRENT == 3 )) && [[ ${{words[2]}} == {first} && ${{words[3]}} != -* ]]; then",
            f"  compadd -- {' '.join(second_words(first))}",
            "  return" if first in GROUPS else "  :",
            "fi",
        ]
    for first in heads(2):
        lines += [
            f'if (( CURRENT == 4 )) && [[ $name == "{first}" && ${{words[4]}} != -* ]]; then',
            f"  compadd -- {' '.join(second_words(first))}",
            "fi",
        ]
    lines += [f'[[ "$name ${{words[4]}}" == "{name}" ]] && name="{name}"' for name in COMMANDS if name.count(" ") == 2]
    lines += [
        f"if (( CURRENT == 3 )) && [[ ${{words[2]}} == ({'|'.join(TYPED)}) && ${{words[3]}} != -* ]]"
        " || [[ ${words[CURRENT-1]} == (--type|-t) ]]; then",
        "  compadd -- $types",
        "  return",
        "fi",
        "if [[ ${words[CURRENT-1]} == --format ]]; then",
        "  compadd -- table tsv csv json jsonl",
        "  return",
        "fi",
        "if [[ ${words[CURRENT]} == -* ]]; then",
        "  case $name in",
    ]
    for name in sorted(COMMANDS, key=lambda name: -name.count(" ")):
        pattern = f"'{name}'" if " " in name else f"'{name} '*"
        lines.append(f"    {pattern}) compadd -- {' '.join(options_of(name))} ;;")
    lines += ["  esac", "  return", "fi", "_files"]
    return "\n".join(lines) + "\n"


def fish() -> str:
    """Return the completion for fish."""
    lines = [
        "# fish completion for dkcrm: put it in ~/.config/fish/completions/dkcrm.fish",
        "function __dkcrm_types",
        "  dkcrm config types --format json 2>/dev/null | string match -r '\"types\":.*' | string match -ra '[a-z]+' |",
        "    string match -v types",
        "end",
        "complete -c dkcrm -n __fish_use_subcommand -l version -d 'Print the version'",
    ]
    for first in first_words():
        summary = (GROUPS.get(first) or COMMANDS[first].summary).replace("'", "")
        lines.append(f"complete -c dkcrm -f -n __fish_use_subcommand -a {first} -d '{summary}'")
    for name, command in COMMANDS.items():
        first, _space, second = name.rpartition(" ") if " " in name else (name, "", "")
        seen = "; and ".join(f"__fish_seen_subcommand_from {word}" for word in first.split(" "))
        if second:
            lines.append(f"complete -c dkcrm -f -n '{seen}' -a {second} -d '{command.summary.replace(chr(39), '')}'")
            seen += f"; and __fish_seen_subcommand_from {second}"
        lines += [f"complete -c dkcrm -n '{seen}' -l {option[2:]}" for option in options_of(name)]
    lines += [f"complete -c dkcrm -f -n '__fish_seen_subcommand_from {name}' -a '(__dkcrm_types)'" for name in TYPED]
    return "\n".join(lines) + "\n"


def command_list() -> str:
    """Return the README's list of commands, by section."""
    lines: list[str] = []
    section = ""
    for name, command in COMMANDS.items():
        if command.section != section:
            section = command.section
            lines += ["", f"**{section}**", "", "| command | what it does |", "|---|---|"]
        lines.append(f"| `dkcrm {name}` | {command.summary} |")
    shared = ", ".join(f"`{max(parameter.opts, key=len)}`" for parameter in shared_parameters(common))
    return "\n".join(lines).strip() + f"\n\nEvery command also takes {shared}."


def readme(text: str) -> str:
    """Return the README with its list of commands as it should be."""
    return re.sub(
        r"(<!-- commands -->\n).*?(\n<!-- end -->)", lambda m: m[1] + command_list() + m[2], text, flags=re.DOTALL
    )


#: File -> what it should hold.
DOCUMENTS = {
    HERE / "dkcrm.bash": bash,
    HERE / "_dkcrm": zsh,
    HERE / "dkcrm.fish": fish,
    README: lambda: readme(README.read_text("utf-8")),
}


def main() -> None:
    """Write every document."""
    for path, make in DOCUMENTS.items():
        path.write_text(make(), "utf-8")


if __name__ == "__main__":
    main()
