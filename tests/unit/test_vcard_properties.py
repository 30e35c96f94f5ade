"""What holds for any card: nothing is lost on the way in and out, and nothing that is read ends in a traceback."""

from __future__ import annotations

import io
import json
import re
import tempfile
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_vcard_writing import card, entity_of, said, unfolded, written

from dkcrm.errors import DkcrmError
from dkcrm.formats.record import Record, Reject, Rejects
from dkcrm.formats.vcard import cards, open_jcard, open_vcard, write_rejects
from dkcrm.formats.vcard.content import cut, decoded, escape, split, unescape
from dkcrm.formats.vcard.writer import fold

MANY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def read_bytes(content: bytes) -> tuple[list[Record], list[Reject]]:
    """Read bytes as a file, by way of the disk."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "in.vcf"
        path.write_bytes(content)
        with open_vcard(str(path)) as source:
            return list(source.records), list(source.rejects)


texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(list("\\\\;;,,::\"'^= nN\t")), max_size=30
)
words = st.sampled_from(["work", "home", "cell", "fax", "pref", "voice", "x-boss", "WORK", "Internet"])
names = st.sampled_from(
    "FN N ORG TITLE NOTE EMAIL TEL URL ADR IMPP CATEGORIES NICKNAME BDAY UID KIND X-ABLabel X-Other ROLE REV GEO LABEL "
    "tel Email X-SOCIALPROFILE TZ SORT-STRING".split()
)
values = st.one_of(
    texts,
    texts.map(escape),
    st.lists(texts.map(escape), max_size=8).map(";".join),
    st.lists(texts.map(escape), max_size=3).map(",".join),
    st.sampled_from(
        ["a@x.example", "A@X.example", "+39 02 1234567", "1980-03-22", "http://x.example", "tel:+1-2;ext=3"]
    ),
)
groups = st.sampled_from(["", "", "", "item1.", "item2.", "ITEM1.", "g-1."])


@st.composite
def properties(draw: st.DrawFn, version: str) -> str:
    """Draw one content line of a dialect."""
    params: list[str] = []
    if version == "2.1":
        params += draw(st.lists(words.map(str.upper), max_size=2))
    else:
        params += draw(st.lists(words.map("TYPE={}".format), max_size=2))
        params += draw(
            st.lists(st.sampled_from(['X-P="a:b;c,d"', "LANGUAGE=it", "X-Q=^n^'", "TYPE=work,voice"]), max_size=1)
        )
    if version == "4.0" and draw(st.booleans()):
        params.append(f"PREF={draw(st.integers(1, 100))}")
    value = draw(values)
    if version == "2.1" and draw(st.booleans()):
        params.append("ENCODING=QUOTED-PRINTABLE")
        value = "".join(f"={byte:02X}" if byte > 126 or byte in b"=\n" else chr(byte) for byte in value.encode())
        value = value.rstrip(" \t")
    head = ";".join([draw(groups) + draw(names), *params])
    return f"{head}:{value}"


@st.composite
def cards_of(draw: st.DrawFn, version: str) -> str:
    """Draw a card that has a name."""
    lines = draw(st.lists(properties(version), max_size=12))
    return card(*lines, "FN:Anna Bianchi", version=version)


def meanings(text: str) -> list[tuple[str, str, str]]:
    """Return name, group and value of the properties of a card or an export, however they are encoded."""
    found = []
    for line in text.split("\n"):
        head, value = cut(line) or (None, "")
        if head and head.key not in ("BEGIN", "END", "VERSION", "REV"):
            found.append((head.key, head.group, unescape(decoded(head, value)).strip()))
    return found


@pytest.mark.parametrize("target", ["3.0", "4.0"])
@pytest.mark.parametrize("version", ["2.1", "3.0", "4.0"])
@given(data=st.data())
@MANY
def test_written_and_read_again_says_the_same(version: str, target: str, data: st.DataObject) -> None:
    [record], rejects = read_bytes(data.draw(cards_of(version)).encode())
    assert rejects == []
    text = written(entity_of(record), [record.card or ""], target)
    [there], rejects = read_bytes(text.encode())
    assert rejects == []
    assert said(there) == said(record)
    # A second time round nothing moves any more.
    assert written(entity_of(there), [there.card or ""], target) == text


@pytest.mark.parametrize("version", ["2.1", "3.0", "4.0"])
@given(data=st.data())
@MANY
def test_every_property_of_the_card_is_in_the_output(version: str, data: st.DataObject) -> None:
    [record], _rejects = read_bytes(data.draw(cards_of(version)).encode())
    target = "3.0" if version == "2.1" else version
    out = meanings("\n".join(unfolded(written(entity_of(record), [record.card or ""], target))))
    for key, group, value in meanings(record.card or ""):
        if (key == "FN" and not value) or (key == "LABEL" and target == "4.0"):
            continue
        alike = [one[2] for one in out if one[:2] == (key, group)]
        assert value in alike or re.sub(r"\s*;\s*", ";", value) in [re.sub(r"\s*;\s*", ";", one) for one in alike]


@given(text=cards_of("3.0"))
@MANY
def test_an_untouched_card_keeps_its_lines_and_their_order(text: str) -> None:
    [record], _rejects = read_bytes(text.encode())
    lines = unfolded(written(entity_of(record), [record.card or ""]))
    mine = [line for line in text.split("\n") if not re.match(r"(?i)(VERSION|[^:]*FN[;:]|([^:;.]*\.)?LABEL)", line)]
    left = iter(lines)
    missing = [line for line in mine if line.strip() and not any(line == one for one in left)]
    assert missing == []


@given(text=texts)
@MANY
def test_escaping_and_folding_come_back(text: str) -> None:
    text = text.replace("\r", "")
    assert unescape(escape(text)) == text
    assert [unescape(part) for part in split(f"{escape(text)};{escape(text)}", ";")] == [text, text]
    folded = fold("X:" + escape(text * 5))
    assert folded.replace("\r\n ", "") == "X:" + escape(text * 5) + "\r\n"
    assert max(len(line.encode()) for line in folded.split("\r\n")) <= 75


pieces = st.sampled_from(
    ["BEGIN:VCARD", "END:VCARD", "VERSION:2.1", "VERSION:4.0", "FN:A", "N:", ":", ";", "AGENT:", " x", "\t", "", "\r",
     "\0", "NOTE;ENCODING=QUOTED-PRINTABLE:a=", "=", "PHOTO;BASE64:", "QUJD", "TEL;TYPE=\"a:b", "x.y.z;;=;\"\":",
     "ADR:;;",
     "\ufeff", "item1.TEL:1", "item1.X-ABLabel:_$!<>!$_", "BDAY:99999999", "TEL;PREF=99999999999:1", "X-DKCRM-FIELD:x",
     "END:VCARDBEGIN:VCARD", "begin:vcard", "EMAIL:<a@b>", "TEL:tel:%41",
     "N;CHARSET=idna;QUOTED-PRINTABLE:=80", "ORG:\\", "CATEGORIES:,,"]
)  # fmt: skip


@given(lines=st.lists(pieces | texts, max_size=40))
@MANY
def test_no_input_ends_in_a_traceback(lines: list[str]) -> None:
    content = "BEGIN:VCARD\nFN:First\nEND:VCARD\n" + "\n".join(lines)
    records, rejects = read_bytes(content.encode())
    assert records[0].values["name"] == "First"
    out = io.StringIO()
    write_rejects(out, rejects)
    for record in records:
        for target in ("3.0", "4.0"):
            [again], _none = read_bytes(written(entity_of(record), [record.card or ""], target).encode())
            assert [p[:2] for p in sorted(again.points)] == [p[:2] for p in sorted(record.points)]


@given(content=st.binary(max_size=300))
@MANY
def test_no_bytes_end_in_a_traceback(content: bytes) -> None:
    try:
        read_bytes(b"BEGIN:VCARD\nFN;CHARSET=x:" + content + b"\nEND:VCARD")
    except DkcrmError as error:
        assert error.message


def test_every_card_is_a_record_or_a_reject() -> None:
    content = "".join(card(f"FN:{n}" if n % 3 else "REV:1") + "\n" for n in range(3000))
    records, rejects = read_bytes(content.encode())
    assert (len(records), len(rejects)) == (2000, 1000)


@pytest.mark.parametrize(
    "content",
    [
        "TEL" + ';A="' * 100_000 + ":1",
        "TEL" + ";TYPE=a" * 200_000 + ":1",
        "NOTE:" + "\\" * 2_000_000,
        "NOTE;QUOTED-PRINTABLE:" + "=\n" * 300_000,
        "NOTE:x" + "\n " * 300_000,
        "AGENT:\nBEGIN:VCARD\n" * 50_000,
        "ADR:" + ";" * 1_000_000,
        "CATEGORIES:" + "a," * 100_000,
        "\r" * 2_000_000,
        "PHOTO;BASE64:" + "\nQUJD" * 300_000,
        "TEL:tel:" + "%41" * 300_000,
        "EMAIL:" + "<a@" * 100_000,
        "BEGIN:VCARD" + ":" * 1_000_000,
        "BDAY:" + "1" * 1_000_000,
        "VERSION" + " " * 1_000_000,
        "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=punycode:" + "a" * 1_000_000,
    ],
)
def test_time_is_linear(content: str) -> None:
    started = time.perf_counter()
    records, _rejects = read_bytes(f"BEGIN:VCARD\nFN:A\n{content}\nEND:VCARD\n".encode())
    for record in records[:3]:
        written(entity_of(record), [record.card or ""], "4.0")
    assert time.perf_counter() - started < 20


class Endless(io.TextIOBase):
    """A text that goes on for so many chunks."""

    def __init__(self, chunk: str, times: int, end: str) -> None:
        self.chunks = iter([*([chunk] * times), end])

    def read(self, size: int | None = -1) -> str:
        return next(self.chunks, "")


@pytest.mark.parametrize("chunk", ["x" * (1 << 20), ("x" * 1023 + "\n") * 1024], ids=["one line", "many lines"])
def test_a_card_without_end_costs_itself_and_bounded_memory(chunk: str) -> None:
    rejects = Rejects()
    text = Endless(chunk, 200, "\nEND:VCARD\nBEGIN:VCARD\nFN:Next\nEND:VCARD\n")
    text.chunks = iter(["BEGIN:VCARD\nNOTE:", *text.chunks])
    tracemalloc.start()
    blocks = list(cards.Blocks(lines_of(text), rejects))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [block.lines for block in blocks] == [["FN:Next"]]
    assert [(reject.line, len(reject.row[0]) < 200_000) for reject in rejects] == [(1, True)]
    assert peak < 120 << 20


def lines_of(text: Endless) -> list[str] | object:
    """Return the physical lines of a text in the making."""
    from dkcrm.formats.vcard.lines import physical_lines

    return physical_lines(text)  # type: ignore[arg-type]


# -- jCard -------------------------------------------------------------------------------------------------------------

JCARD = [
    "vcard",
    [
        ["version", {}, "text", "4.0"], ["fn", {}, "text", "John \\ \"Q\" Doe; Jr, x"],
        ["n", {}, "text", ["Doe", ["John", "Paul"], "", "", ["ing. jr", "M.Sc."]]],
        ["bday", {}, "date", "1985-04-12"], ["anniversary", {}, "date", "--04-12"],
        ["tel", {"type": ["work", "voice"], "pref": "1", "group": "A"}, "uri", "tel:+1-418-656-9254;ext=102"],
        ["categories", {}, "text", "x", "y z"], ["org", {}, "text", ["ACME; Inc.", "Sales"]],
        ["adr", {"label": "1 Main\n\"X\""}, "text", ["", "", ["1 Main, x", "Floor 2"], "Rome", "", "00100", "IT"]],
        ["note", {}, "text", "a\nb\ud800"], ["rev", {}, "timestamp", "2013-02-14T12:30:00Z"], ["x-n", {}, "integer", 5],
        ["broken"],
    ],
]  # fmt: skip


def read_jcard(path: Path, content: str) -> tuple[list[Record], list[Reject]]:
    path.write_text(content)
    with open_jcard(str(path)) as source:
        assert (source.format, source.scope) == ("jcard", "vcard")
        return list(source.records), list(source.rejects)


def test_a_jcard(tmp_path: Path) -> None:
    [record], rejects = read_jcard(tmp_path / "x.json", json.dumps(JCARD))
    assert rejects == []
    assert record.values == {
        "name": 'John \\ "Q" Doe; Jr, x', "first_name": "John Paul", "last_name": "Doe", "organization": "ACME; Inc.",
    }  # fmt: skip
    assert record.points == [("phone", "+1-418-656-9254 ext. 102", "work", None)]
    assert record.addresses == [("1 Main, x, Floor 2", "Rome", None, "00100", "IT", None, None, None)]
    assert (record.tags, record.fields, record.notes) == (["x", "y z"], [("birthday", "1985-04-12")], ["a\nb?"])
    lines = (record.card or "").split("\n")
    for line in (
        "BDAY;VALUE=date:19850412", "ANNIVERSARY;VALUE=date:--0412", "REV:20130214T123000Z", "X-N;VALUE=integer:5",
        "A.TEL;TYPE=work,voice;PREF=1;VALUE=uri:tel:+1-418-656-9254;ext=102", 'X-JCARD:["broken"]',
        'ADR;LABEL="1 Main^n^\'X^\'":;;1 Main\\, x,Floor 2;Rome;;00100;IT',
    ):  # fmt: skip
        assert line in lines
    for target in ("3.0", "4.0"):
        [again], _none = read_bytes(written(entity_of(record), [record.card or ""], target).encode())
        assert said(again) == said(record)


def test_an_array_of_jcards_loses_one_for_one(tmp_path: Path) -> None:
    good = json.dumps(["vcard", [["fn", {}, "text", "A"]]])
    content = f'[{good},\n["vcard", []],\n["vcard", [["fn", {{}}, nonsense]]],\n{{"a": 1}},\n{good},\n["vcard", ["fn'
    records, rejects = read_jcard(tmp_path / "x.json", content)
    assert [record.line for record in records] == [1, 5]
    assert [reject.line for reject in rejects] == [2, 3, 4, 6]


def test_jcard_rejects_can_be_mended(tmp_path: Path) -> None:
    _records, rejects = read_jcard(tmp_path / "x.json", '[["vcard", [["rev", {}, "timestamp", "2013"]]]]')
    out = io.StringIO()
    with open_jcard(str(tmp_path / "x.json")) as source:
        source.write_rejects(out, rejects)
    assert '"x-dkcrm-reason", {}, "text", "the card is empty"' in out.getvalue()
    mended = out.getvalue().replace('"rev", {}, "timestamp", "2013"', '"fn", {}, "text", "A"')
    [record], rejects = read_jcard(tmp_path / "y.json", mended)
    assert (record.values, rejects) == ({"name": "A"}, [])


@pytest.mark.parametrize("content", ["{}", "[1]", '"vcard"', "", "BEGIN:VCARD", '["other", []]'])
def test_other_json_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(DkcrmError):
        read_jcard(tmp_path / "x.json", content)


@pytest.mark.parametrize(
    "content",
    [
        "[" * 200_000 + '"vcard"',
        '["vcard", ' + "[" * 200_000,
        '["vcard", ' + "[" * 100_000 + "]" * 100_001,
        '["vcard", [["fn", {}, "text", ' + "9" * 100_000 + "]]]",
        '["vcard", [["fn", {}, "text", "' + "\\" * 2_000_000,
        "[" + '["vcard", 5],' * 20_000,
        '["vcard", [["fn", {"type": {}}, "text", "a"], ["", {}, "text", "a"], ["fn", {}, 5, "a"]]]',
        '["vcard", [["fn", {}, "text", {}]]]',
        '["vcard", [[[], {}, "text", "a"], "x", null, ["n", {}, "text", [[[1]], null, true]]]]',
    ],
)
def test_hostile_jcards(tmp_path: Path, content: str) -> None:
    started = time.perf_counter()
    try:
        records, rejects = read_jcard(tmp_path / "x.json", content)
        assert records or rejects
    except DkcrmError as error:
        assert error.message
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize(
    "line",
    [
        "TEL:{n}000000",
        "EMAIL:a{n}@x.example",
        "ADR:;;{n};;;;",
        "ADR;TYPE=x{n}:;;{n};;;;\nLABEL;TYPE=x{n}:a",
        "CATEGORIES:t{n}",
    ],
)
def test_many_values_cost_no_more_each(line: str) -> None:
    content = card("FN:A", *(line.format(n=n) for n in range(20_000)))
    started = time.perf_counter()
    [record], _rejects = read_bytes(content.encode())
    for target in ("3.0", "4.0"):
        assert len(written(entity_of(record), [record.card or ""], target)) * 2 > len(content)
    assert time.perf_counter() - started < 30
