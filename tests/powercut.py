"""What a power cut leaves of files: the calls of a program, recorded by strace, replayed without what no sync has kept.

The model, which is harsher than the file systems that people have:

- What a file holds is kept from the last fsync or fdatasync of that very file on. Of each later write or truncation, on
  its own: it is lost, it is there, or (of a write) any of its sectors of 512 bytes are there and the others as before.
- A name (made, linked, renamed, removed; a directory's as well) is kept once the directory that it stands in was
  synced; of later changes of names each is there or not, on its own. Syncing a file does not keep its name.
- Of the call that was going on at the cut the same holds as of one that was not synced.
- SQLite's ``-shm``, which is written through memory and never synced, is missing, or holds anything.
- A sector is old or new, never a third thing; what was synced is not damaged; a write does no harm beside itself.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SECTOR = 512
CALLS = (
    "open,openat,creat,close,dup2,dup3,lseek,write,pwrite64,writev,pwritev,sendfile,copy_file_range,fallocate,"
    "ftruncate,truncate,fsync,fdatasync,sync_file_range,mkdir,mkdirat,rmdir,rename,renameat,renameat2,link,linkat,"
    "unlink,unlinkat,symlink,symlinkat"
)
#: What the program is not expected to call on its files; the model does not know them.
UNKNOWN = ("writev", "pwritev", "sendfile", "copy_file_range", "fallocate", "truncate", "rmdir", "symlink", "symlinkat")
_LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+|\?)(.*)$")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(eq=False)
class File:
    """A file: what was done to it, by the number of the call: ``("sync")``, ``("write", at, data)``, ``("cut", n)``."""

    done: list[tuple[int, tuple[Any, ...]]] = field(default_factory=list)


@dataclass(eq=False)
class Folder:
    """A directory: what became of names in it, by the number of the call; None is a sync."""

    done: list[tuple[int, dict[str, File | Folder | None] | None]] = field(default_factory=list)
    names: dict[str, File | Folder] = field(default_factory=dict)

    def change(self, number: int, names: dict[str, File | Folder | None]) -> None:
        """Let names stand for other things, or for nothing, from a call on."""
        self.done.append((number, names))
        for name, what in names.items():
            if what is None:
                self.names.pop(name, None)
            else:
                self.names[name] = what


class Recording:
    """All that commands did to the files of a directory, call by call; ``acknowledged`` says when each had told it."""

    def __init__(self, directory: Path) -> None:
        self.directory = os.path.realpath(directory)
        self.root = Folder()
        self.calls = 0
        self.acknowledged: list[int] = []

    def run(self, words: list[str], environment: dict[str, str], trace: Path) -> str:
        """Run a command that succeeds, and record what it did; return what it printed."""
        done = subprocess.run(
            ["strace", "-f", "-qq", "-xx", "-s", str(1 << 24), "-e", f"trace={CALLS}", "-o", str(trace), *words],
            cwd=self.directory, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done
        told = self._read(trace)
        assert told is not None, "it has told nothing"
        self.acknowledged.append(told)
        return done.stdout

    def _read(self, trace: Path) -> int | None:
        """Take in a trace; return the number of the first call that wrote to standard output."""
        handles: dict[int, list[Any]] = {}
        told = None
        with open(trace, encoding="ascii") as lines:
            for line in lines:
                found = _LINE.match(line)
                if found is None:
                    assert "<unfinished" not in line and "resumed" not in line, line[:200]
                    continue
                call, given, result = found[1], found[2], int(found[3].replace("?", "-1"))
                if result < 0:
                    continue
                self.calls += 1
                if call == "write" and given.startswith("1,"):
                    told = told or self.calls
                self._take(call, given, result, handles)
        return told

    def _take(self, call: str, given: str, result: int, handles: dict[int, list[Any]]) -> None:
        """Take in one call; a handle is a file or directory, and the place in it."""
        texts = [bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(given)]
        if call in ("open", "openat", "creat"):
            what = self._opened(os.fsdecode(texts[0]), given)
            handles.pop(result, None)
            if what is not None:
                handles[result] = [what, 0, "O_APPEND" in given]
            return
        if call.startswith(("mkdir", "rename", "link", "unlink")):
            self._renamed(call, [os.fsdecode(text) for text in texts])
            return
        handle = handles.get(int(re.split("[,)]", given, maxsplit=1)[0])) if given[:1].isdigit() else None
        if handle is None:
            return
        assert call not in UNKNOWN and not call.startswith("dup"), (call, given[:200])
        what, place, append = handle
        numbers = given.rsplit('"', 1)[-1].split(",")
        if call == "close":
            handles.pop(int(given))
        elif call == "lseek":
            handle[1] = result
        elif call in ("fsync", "fdatasync"):
            what.done.append((self.calls, None if isinstance(what, Folder) else ("sync",)))
        elif call == "ftruncate":
            what.done.append((self.calls, ("cut", int(given.split(",")[1]))))
        elif call == "pwrite64":
            assert len(texts[0]) == result, "the trace has not all of the data"
            what.done.append((self.calls, ("write", int(numbers[-1]), texts[0])))
        elif call == "write":
            assert len(texts[0]) == result and not append, "the trace has not all of the data"
            what.done.append((self.calls, ("write", place, texts[0])))
            handle[1] += result

    def _place(self, path: str) -> tuple[Folder, str] | None:
        """Return the directory that a path stands in, and its name there; None outside."""
        whole = os.path.normpath(os.path.join(self.directory, path))
        if whole == self.directory or not whole.startswith(self.directory + os.sep):
            return None
        folder = self.root
        *above, name = os.path.relpath(whole, self.directory).split(os.sep)
        for part in above:
            below = folder.names[part]
            assert isinstance(below, Folder)
            folder = below
        return folder, name

    def _opened(self, path: str, given: str) -> File | Folder | None:
        place = self._place(path)
        if place is None:
            return self.root if os.path.normpath(os.path.join(self.directory, path)) == self.directory else None
        folder, name = place
        if name not in folder.names:
            folder.change(self.calls, {name: File()})
        what = folder.names[name]
        if "O_TRUNC" in given and isinstance(what, File):
            what.done.append((self.calls, ("cut", 0)))
        return what

    def _renamed(self, call: str, paths: list[str]) -> None:
        places = [self._place(path) for path in paths]
        if None in places:
            return
        (folder, name), *others = [place for place in places if place is not None]
        if call.startswith("mkdir"):
            folder.change(self.calls, {name: Folder()})
        elif call.startswith("unlink"):
            folder.change(self.calls, {name: None})
        else:
            ((other, new),) = others
            assert other is folder, "the model knows no change of directories"
            what = folder.names[name]
            folder.change(self.calls, {new: what} if call.startswith("link") else {name: None, new: what})

    # What a cut leaves

    def image(self, place: Path, cut: int, chance: random.Random) -> None:
        """Write what is there after a power cut at a call, if ``chance`` has it so."""
        shutil.rmtree(place, ignore_errors=True)
        kept = chance.choice((0.0, 1.0, chance.random(), chance.random()))
        self._write_folder(self.root, place, cut, chance, kept)

    def _write_folder(self, folder: Folder, place: Path, cut: int, chance: random.Random, kept: float) -> None:
        place.mkdir(mode=0o700)
        done = [(number, what) for number, what in folder.done if number <= cut]
        synced = max((number for number, what in done if what is None), default=0)
        names: dict[str, File | Folder | None] = {}
        for number, what in done:
            if what is not None and (number <= synced or chance.random() < kept):
                names.update(what)
        for name, one in names.items():
            if isinstance(one, Folder):
                self._write_folder(one, place / name, cut, chance, kept)
            elif one is not None:
                data = content(one, cut, chance, kept)
                if name.endswith("-shm"):
                    if chance.random() < 0.3:
                        continue
                    data = chance.choice((bytes(32768), chance.randbytes(32768), b""))
                path = place / name
                path.touch(0o600)
                path.write_bytes(data)


def content(file: File, cut: int, chance: random.Random, kept: float) -> bytes:
    """Return what a file holds after a power cut at a call."""
    done = [(number, what) for number, what in file.done if number <= cut]
    synced = max((number for number, what in done if what[0] == "sync"), default=0)
    data = bytearray()
    for number, what in done:
        if what[0] == "sync":
            continue
        if number > synced and chance.random() >= kept and not (what[0] == "write" and chance.random() < 0.5):
            continue  # lost
        if what[0] == "cut":
            size = what[1]
            del data[size:]
            data.extend(bytes(size - len(data)))
            continue
        _write, at, new = what
        if len(data) < at + len(new) and (number <= synced or chance.random() < 0.8):
            data.extend(bytes(at + len(new) - len(data)))
        if number <= synced or chance.random() < kept:
            data[at : at + len(new)] = new
            continue
        start = at
        while start < at + len(new):  # torn
            end = min(at + len(new), start - start % SECTOR + SECTOR)
            if chance.random() < 0.5:
                if len(data) < end:
                    data.extend(bytes(end - len(data)))
                data[start:end] = new[start - at : end - at]
            start = end
    return bytes(data)
