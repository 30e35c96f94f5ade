# ruff: noqa: E501 - seeds and cases are read best on one line
"""Hostile bytes for every reader: some thousand random ones with every run; DKCRM_TEST_EXAMPLES=5000 for a long one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fuzz
import pytest
import readers
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("DKCRM_TEST_EXAMPLES", "0"))
#: Those that open a database, or write a workbook, take longer.
SLOW = ("own", "imported", "find", "edited", "filter", "every", "maildir", "xlsx", "sheet")
PIECES = [
    b"\0", b"\n", b"\r\n", b'"', b"'", b"\\", b"=", b":", b";", b",", b"(", b")", b"[", b"]", b"{", b"}", b"~", b"..", b"9" * 5000,
    b"\xff", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\xef\xbb\xbf", b"1e999", b"NaN", b"\xc2\x85", b"\xe2\x80\xa8", b"\x1a",
    b"\x1c", b"=?utf-8?q?", b"\xd9\xa3", b"\xc2\xb2", b"0000-00-00", b"99999999", b"-1", b"@", b"%", b"<", b"{}", b"[]",
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _cleaned() -> Iterator[None]:
    yield
    readers.finish()


@st.composite
def spoilt(draw: Any, seeds: list[bytes]) -> bytes:
    """Draw a seed with pieces put in, taken out, doubled, or of another seed."""
    data = bytearray(draw(st.sampled_from(seeds))) if seeds else bytearray(draw(st.binary(max_size=60)))
    for _time in range(draw(st.integers(1, 6))):
        at, what = draw(st.integers(0, len(data))), draw(st.integers(0, 3))
        if what == 0:
            data[at:at] = draw(st.sampled_from(PIECES))
        elif what == 1:
            del data[at : at + draw(st.integers(1, 20))]
        elif what == 2:
            data[at:at] = data[at : at + 40] * draw(st.sampled_from([1, 2, 30]))
        else:
            data[at : at + 1] = draw(st.binary(min_size=1, max_size=3))
    return bytes(data)


@pytest.mark.parametrize("name", sorted(readers.TARGETS))
def test_every_reader_gives_what_it_reads_or_an_error_of_ours(name: str) -> None:
    seeds = [text.encode() for text in fuzz.SEEDS.get(name, [])] or [fuzz.workbook()]
    count = (EXAMPLES // 10 if name in SLOW else EXAMPLES) or (2 if name in SLOW else 20)

    @settings(max_examples=count, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(spoilt(seeds))
    def run(data: bytes) -> None:
        readers.TARGETS[name](data)

    run()


# Linear


def work(function: Callable[[], object]) -> int:
    """Return how many functions were called, of Python and of C, and lines run: the same whatever else the machine does."""
    count = 0

    def called(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    def line(_frame: Any, _event: str, _argument: Any) -> Any:
        nonlocal count
        count += 1
        return line

    sys.setprofile(called)
    sys.settrace(line)
    try:
        function()
    finally:
        sys.settrace(None)
        sys.setprofile(None)
    return count


CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Anna {n}\nTEL;TYPE=work:+39 02 {n}\nEMAIL:a{n}@x.it\nEND:VCARD\n"
LETTER = "From a@x.it Sun Nov 22 09:00:00 2026\nFrom: A {n} <a{n}@x.it>\nSubject: hi\nDate: Sun, 22 Nov 2026 09:00:00 +0100\n\nhi\n\n"
#: A reader, what stands before its records, one record, and what stands after.
MANY = {
    "csv": ("csv", "name,email,tags\n", 'Anna {n},a{n}@x.it,"a;b"\n', ""),
    "csv with open quotes": ("csv", "name,email,tags\n", 'Anna {n},"a{n}@x.it,x\n', ""),
    "vcard": ("vcard", "", CARD, ""),
    "vcard lines of one card": ("vcard", "BEGIN:VCARD\nFN:A\n", "TEL;TYPE=home:02{n}\n", "END:VCARD\n"),
    "vcard folded": ("vcard", "BEGIN:VCARD\nFN:A\nNOTE:", "x{n}\n ", "\nEND:VCARD\n"),
    "json": ("json", "[", '{{"name":"Anna {n}","phones":["02 {n}"]}},', '{{"name":"A"}}]'),
    "jsonl": ("json", "", '{{"name":"Anna {n}","tags":["a"]}}\n', ""),
    "json never closed": ("json", "[", '{{"name":"Anna {n}","x":[', ""),
    "ldif": ("ldif", "version: 1\n", "\ndn: cn={n}\nobjectclass: person\ncn: Anna {n}\nsn: B\nmail: a{n}@x.it\n", ""),
    "ldif values of one entry": ("ldif", "dn: cn=a\nobjectclass: person\ncn: A\n", "mail: a{n}@x.it\n", ""),
    "mbox": ("mail", "", LETTER, ""),
    "mail with many headers": ("mail", "From: a@x.it\n", "X-{n}: y\n", "\nhi\n"),
    "mail to many": ("mail", "From: a@x.it\nTo: x@y.it", ", b{n}@x.it", "\n\nhi\n"),
    "mail with many parts": (
        "mail", "From: a@x.it\nContent-Type: multipart/mixed; boundary=b\n\n", "--b\n\nhi {n}\n", "--b--\n",
    ),
    "rules": ("rules", "[columns]\n", '"C{n}" = "note"\n', ""),
    "words": ("words", "", "1{n} ", ""),
    "filter": ("filter", "", "tag:a{n} or ", "x"),
    "filter of closing brackets": ("filter", "name:~", ")", ""),
    "filter of a word": ("filter", "", "abc.{n}-", ""),
    "likeness": ("likeness", "", "De Rossi{n} ", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", MANY)
def test_twice_as_much_is_twice_the_work(name: str) -> None:
    target, before, one, after = MANY[name]
    size = 60 if target in ("mail", "words", "filter", "rules", "likeness") else 150

    def text(count: int) -> bytes:
        return (before.format() + "".join(one.format(n=n) for n in range(count)) + after.format()).encode()

    readers.TARGETS[target](text(10))  # what is done once is done
    small, large = (work(lambda count=count: readers.TARGETS[target](text(count))) for count in (size, 2 * size))  # type: ignore[misc]
    assert large < 2.5 * small, (small, large)


#: One long thing each, of a megabyte or more; what is quadratic in it would take hours.
LONG = {
    "csv": [b"name,email\n" + b'"' * 3_000_001, b"name" + b"," * 1_000_000, b"a" + b" " * 1_000_000 + b"b\nc"],
    "vcard": [b"BEGIN:VCARD\nFN:A\n" + b"X;" * 500_000 + b":a\nEND:VCARD\n", b"BEGIN:VCARD\n" * 30_000],
    "json": [b"[" * 1_000_000, b'{"a":' * 60_000, b'[{"name":"' + b"\\u0041" * 200_000, b"[" + b"9" * 1_000_000 + b"]"],
    "ldif": [b"dn: cn=A\ncn: A\nx" + b";a" * 500_000 + b": b\n", b"dn:: " + b"QUJD" * 500_000 + b"\ncn: A\n"],
    "mail": [
        b"From: " + b"<" * 1_000_000 + b"\n\nhi", b"From: " + b"a@x.it," * 200_000 + b"\n\nhi",
        b"From: a@x.it\nSubject: " + b"=?utf-8?q?a?= " * 80_000 + b"\n\nhi",
        b"From: a@x.it\nContent-Type: text/html\n\n" + b"<a " * 300_000, b"From: a@x.it\nTo: " + b"(" * 500_000 + b"\n\nx",
        b"From: a@x.it\nContent-Type: text/plain; " + b"a=b; " * 200_000 + b"\n\nhi",
    ],
    "rules": [b"x = " + b"[" * 900_000, b"x = \"" + b"a" * 900_000, b"[" + b"a." * 400_000 + b"b]\n"],
    "filter": [b"name:~" + b")" * 1_000_000, b"(" * 1_000_000, b"a" * 1_000_000, b"a " * 500_000, b'"' + b"\\" * 1_000_000],
    "words": [b"1" * 300_000, b" " * 300_000 + b"x", b"a@" * 100_000, b"1," * 100_000, b"<" * 100_000, b"2026-" * 60_000],
    "every": [b"FREQ=" + b"DAILY;" * 100_000, b"1 " * 100_000, b"monday and " * 50_000],
}  # fmt: skip


@pytest.mark.parametrize("name", LONG)
def test_long_things_are_bounded_in_time_and_memory(name: str, tmp_path: Path) -> None:
    """300 MB (as much as the machine may give, of which the program itself is a part) and 10 s of work for each."""
    here = Path(__file__).parent
    script = (
        "import resource, sys; from pathlib import Path; import readers, test_hostile\n"
        f"for data in test_hostile.LONG[{name!r}]:\n"
        "    spent = resource.getrusage(resource.RUSAGE_SELF); start = int(spent.ru_utime + spent.ru_stime)\n"
        "    resource.setrlimit(resource.RLIMIT_CPU, (start + 11, resource.RLIM_INFINITY))\n"
        f"    readers.TARGETS[{name!r}](data)\n"
        # Not ru_maxrss, which begins with what the process had that this one was forked from.
        "readers.finish(); print(next(line.split()[1] for line in open('/proc/self/status') if 'VmHWM' in line))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(here), str(here.parent), *sys.path])},
    )  # fmt: skip
    assert done.returncode == 0, (done.returncode, done.stderr[-2000:])
    assert int(done.stdout) < 300 << 10, done.stdout
