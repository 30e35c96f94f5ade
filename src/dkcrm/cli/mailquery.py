"""``dkcrm mailquery``: what mutt, neomutt and aerc ask at every TAB, answered without Typer.

mutt's ``query_command`` wants a first line that it shows as a message, then ``email<TAB>name<TAB>other`` a line;
aerc's ``address-book-cmd`` wants no first line. Nothing found is exit 1, as both expect.
"""

from __future__ import annotations

import errno
import os
import sys

_FLAT = str.maketrans({"\t": " ", "\n": " ", "\r": " "})


def short_road(arguments: list[str]) -> int | None:
    """Answer a plain ``mailquery [--no-header] TEXT...`` and return its exit status; None leaves it to the program.

    That is what has other options, a configuration to read, or a database that is not as it should be.
    """
    header = True
    words: list[str] = []
    path = os.environ.get("DKCRM_DB", "")
    rest = iter(arguments)
    for word in rest:
        if word == "--no-header":
            header = False
        elif word == "--db":
            path = next(rest, "")
        elif word.startswith("--db="):
            path = word[5:]
        elif word.startswith("-"):
            return None
        else:
            words.append(word)
    path = path or _default_path()
    if not words or not path:
        return None
    from dkcrm.store.addressbook import lookup, open_plain

    connection = open_plain(os.path.expanduser(path))
    if connection is None:
        return None
    try:
        entries = lookup(connection, " ".join(words))
    except Exception:  # whatever is wrong, the long road explains it
        return None
    try:
        return write(entries, header=header)
    except OSError as error:
        from dkcrm.cli.app import explained

        return explained(error, arguments, False)


def write(entries: list[tuple[str, str, str]], *, header: bool) -> int:
    """Write the answer to standard output, in UTF-8; return the exit status. OSErrors are the caller's."""
    lines = [f"dkcrm: {len(entries)} found" if entries else "dkcrm: nothing found"] if header else []
    lines += ["\t".join(clean(part) for part in entry) for entry in entries]
    text = "".join(line + "\n" for line in lines)
    out = sys.stdout
    if out is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    try:
        buffer = getattr(out, "buffer", None)
        if buffer is None:
            out.write(text)
        else:
            buffer.write(text.encode("utf-8", "replace"))
        out.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 141
    return 0 if entries else 1


def clean(text: str) -> str:
    """Return a value as it can stand between tabs, without what a terminal would obey."""
    flat = text.translate(_FLAT)
    if flat.isprintable():
        return flat
    from dkcrm.render.text import clean as cleaned

    return cleaned(flat)


def _default_path() -> str:
    """Return where the database is when nothing names it, or a blank where the configuration has to be read."""
    if not sys.platform.startswith("linux") or os.environ.get("DKCRM_CONFIG"):
        return ""
    config = os.environ.get("XDG_CONFIG_HOME", "").strip() or os.path.expanduser("~/.config")
    if os.path.exists(os.path.join(config, "dkcrm", "config.toml")):
        return ""
    data = os.environ.get("XDG_DATA_HOME", "").strip() or os.path.expanduser("~/.local/share")
    return os.path.join(data, "dkcrm", "dkcrm.db")
