"""Write the completions, and the list of commands in README.md, from the program itself.

    python completions/generate.py

Run it after a command or an option has changed; a test says when it was forgotten. Completions offer commands, options,
the words that an option takes, the types in use and the names of segments, never data: names of people have no business
in a shell's candidates.
"""

from __future__ import annotations

import re
from pathlib import Path

from dkcrm.cli.app import load_command
from dkcrm.cli.registry import COMMANDS, GROUPS
from dkcrm.cli.shared import FORMATS, common, shared_parameters
from dkcrm.services import alike, exporting, filling
from dkcrm.services.importing import POLICIES

HERE = Path(__file__).parent
README = HERE.parent / "README.md"
#: Commands whose first argument is a type, or may be one.
TYPED = ("add", "duplicates", "export", "list")
#: The words that an option takes, of one command; --format of all others takes FORMATS.
VALUES: dict[str, dict[str, tuple[str, ...]]] = {
    "import": {"--on-match": filling.MODES, "--on-likeness": alike.LIKENESS, "--unmapped": POLICIES},
    "export": {"--format": tuple(exporting.FORMATS)},
}
SAFE = re.compile(r"[A-Za-z0-9._-]+")
#: Prints the names of segments, one a line, those with other characters left out.
SEGMENTS = (
    'dkcrm segment list --format json 2>/dev/null | LC_ALL=C grep -o \'"name":"[A-Za-z0-9._-]*"\' | cut -d\'"\' -f4'
)


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


def option_values() -> list[tuple[str, str, str]]:
    """Return a command, an option of it, and the words that this takes, for each that takes words of its own."""
    return [(name, option, " ".join(words)) for name, of in VALUES.items() for option, words in of.items()]


def bash() -> str:
    """Return the completion for bash."""
    lines = [
        "# bash completion for dkcrm: put it in ~/.local/share/bash-completion/completions/dkcrm",
        "_dkcrm_types() { dkcrm config types --format json 2>/dev/null | grep -o '\"types\":.*' | grep -o '[a-z]*' |",
        "  grep -v types; }",
        f"_dkcrm_segments() {{ {SEGMENTS}; }}",
        "_dkcrm() {",
        "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]-} name=${COMP_WORDS[1]-} words=",
        '  case "$name ${COMP_WORDS[2]-}" in',
    ]
    lines += [f'    "{name}") name="{name}" ;;' for name in COMMANDS if name.count(" ") == 1]
    lines += ["  esac", '  case "$name ${COMP_WORDS[3]-}" in']
    lines += [f'    "{name}") name="{name}" ;;' for name in COMMANDS if name.count(" ") == 2]
    lines += [
        "  esac",
        "  [[ $previous == @ ]] && current=@$current",  # bash takes @ for a word, and completes it with the next one
        "  if [[ $current == @* ]]; then",
        "    words=$(_dkcrm_segments | sed 's/^/@/')",
        "  elif ((COMP_CWORD == 3)) && [[ $name =~ ^segment\\ (show|rm)$ && $current != -* ]]; then",
        "    words=$(_dkcrm_segments)",
    ]
    for name, option, values in option_values():
        lines += [f"  elif [[ $name == '{name}' && $previous == {option} ]]; then", f"    words='{values}'"]
    lines += ["  elif ((COMP_CWORD == 1)); then", f"    words='{' '.join(first_words())} --help --version'"]
    for place in (1, 2):
        for first in heads(place):
            lines += [
                f'  elif ((COMP_CWORD == {place + 1})) && [[ $name == "{first}" && $current != -* ]]; then',
                f"    words='{' '.join(second_words(first))}'",
            ]
    lines += [
        f"  elif ((COMP_CWORD == 2)) && [[ $name =~ ^({'|'.join(TYPED)})$ && $current != -* ]]; then",
        "    words=$(_dkcrm_types)",
        "  elif [[ $previous =~ ^(--type|-t)$ ]]; then",
        "    words=$(_dkcrm_types)",
        "  elif [[ $previous == --format ]]; then",
        f"    words='{' '.join(FORMATS)}'",
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
    lines += [
        "  )",
        "  _describe command candidates",
        "  return",
        "fi",
        "if [[ ${words[CURRENT]} == @* ]]; then",
        f'  local -a segments=(${{(f)"$({SEGMENTS})"}})',
        "  compadd -- @${^segments}",
        "  return",
        "fi",
    ]
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
        "if (( CURRENT == 4 )) && [[ $name == (segment show|segment rm) && ${words[CURRENT]} != -* ]]; then",
        f'  compadd -- ${{(f)"$({SEGMENTS})"}}',
        "  return",
        "fi",
    ]
    for name, option, values in option_values():
        lines += [
            f"if [[ ${{words[2]}} == {name} && ${{words[CURRENT-1]}} == {option} ]]; then",
            f"  compadd -- {values}",
            "  return",
            "fi",
        ]
    lines += [
        "if [[ ${words[CURRENT-1]} == --format ]]; then",
        f"  compadd -- {' '.join(FORMATS)}",
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
        "function __dkcrm_segments",
        f"  {SEGMENTS}",
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
        for option in options_of(name):
            values = VALUES.get(name, {}).get(option, FORMATS if option == "--format" else ())
            taken = f" -x -a '{' '.join(values)}'" if values else ""
            lines.append(f"complete -c dkcrm -n '{seen}' -l {option[2:]}{taken}")
        if name in ("segment show", "segment rm"):
            lines.append(f"complete -c dkcrm -f -n '{seen}' -a '(__dkcrm_segments)'")
    lines += [f"complete -c dkcrm -f -n '__fish_seen_subcommand_from {name}' -a '(__dkcrm_types)'" for name in TYPED]
    # Only behind an @, so that no segment is read before one is meant.
    lines.append("complete -c dkcrm -f -n 'string match -q \"@*\" -- (commandline -ct)' -a '@(__dkcrm_segments)'")
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
