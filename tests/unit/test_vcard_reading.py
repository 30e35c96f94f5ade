"""Reading vCards: what a card of each dialect says in our words, and what becomes of damaged ones."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.formats.record import Record, Records, Reject
from dkcrm.formats.vcard import open_vcard, open_vcard_directory, write_rejects

Read = Callable[..., tuple[list[Record], list[Reject]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Give a function that reads the bytes or text of a file: its records and its rejects."""

    def from_content(content: str | bytes, encoding: str | None = None) -> tuple[list[Record], list[Reject]]:
        path = tmp_path / "in.vcf"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with open_vcard(str(path), encoding=encoding) as source:
            assert (source.format, source.scope, source.suffix) == ("vcard", "vcard", ".vcf")
            return list(source.records), list(source.rejects)

    return from_content


def card(*lines: str, version: str = "3.0", end: str = "\r\n") -> str:
    return end.join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def one(read: Read, content: str | bytes) -> Record:
    records, rejects = read(content)
    assert (len(records), rejects) == (1, [])
    return records[0]


def values(record: Record, kind: str) -> list[tuple[str, str | None]]:
    return [(point[1], point[2]) for point in record.points if point[0] == kind]


def test_a_plain_card(read: Read) -> None:
    record = one(
        read,
        card(
            "UID:urn:x:1", "FN:Anna Bianchi", "N:Bianchi;Anna;;;", "ORG:Bianchi S.r.l.;Sales", "TITLE:Buyer",
            "EMAIL;TYPE=INTERNET,WORK:anna@bianchi.example", "TEL;TYPE=CELL:333 1234567", "URL:https://b.example",
            "ADR;TYPE=WORK:;;Via Roma 1;Torino;TO;10121;Italia", "NOTE:One\\nTwo\\, three", "CATEGORIES:vip,fair 2026",
            "BDAY:19800322",
        ),
    )  # fmt: skip
    assert record.line == 1
    assert record.values == {
        "external_id": "urn:x:1", "name": "Anna Bianchi", "first_name": "Anna", "last_name": "Bianchi",
        "organization": "Bianchi S.r.l.", "job_title": "Buyer",
    }  # fmt: skip
    assert record.points == [
        ("email", "anna@bianchi.example", "work", None),
        ("phone", "333 1234567", "mobile", None),
        ("link", "https://b.example", None, None),
    ]
    assert record.addresses == [("Via Roma 1", "Torino", "TO", "10121", "Italia", None, "work", None)]
    assert (record.notes, record.tags) == (["One\nTwo, three"], ["vip", "fair 2026"])
    assert record.fields == [("birthday", "1980-03-22")]
    assert record.party is None
    assert record.card is not None and "ORG:Bianchi S.r.l.;Sales" in record.card.split("\n")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_line_ends_and_folding(read: Read, end: str) -> None:
    record = one(read, card("FN:Anna", "NOTE:abc", " def", "\tghi", " ", "TEL:1234", end=end))
    assert (record.notes, values(record, "phone")) == (["abcdefghi"], [("1234", None)])


def folded(text: str, width: int, end: str) -> bytes:
    """Fold lines at so many octets, whatever character stands there."""
    lines = []
    for line in text.splitlines():
        octets = line.encode()
        lines.append(octets[:width])
        lines += [b" " + octets[at : at + width - 1] for at in range(width, len(octets), width - 1)]
    return b"".join(line + end.encode() for line in lines)


@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_a_fold_in_the_midst_of_a_character(read: Read, monkeypatch: pytest.MonkeyPatch, end: str, chunk: int) -> None:
    monkeypatch.setattr("dkcrm.formats.folds.CHUNK", chunk)
    note = "però 小野 𝒜𝒷 é€"
    for width in range(12, 31):
        content = folded(card("FN:Élodie Ōno", f"NOTE:{note}", "TEL:1234", "X-A:1"), width, end)
        record = one(read, content)
        assert (record.values["name"], record.notes, record.line) == ("Élodie Ōno", [note], 1), width
        (record,), (reject,) = read(content + b"stray" + end.encode())
        assert (record.notes, reject.line) == ([note], len(content.split(end.encode()))), width


def test_a_fold_in_the_midst_of_a_character_where_a_byte_is_no_utf_8(read: Read) -> None:
    content = folded(card("FN:Anna", *[f"X-{n}:perch{'é' * 40}" for n in range(9)], "NOTE:x"), 32, "\r\n")
    record = one(read, content.replace(b"NOTE:x", b"NOTE:caff\xe8"))
    assert record.notes == ["caffè"] and str(record.card).count(f"perch{'é' * 40}\n") == 9
    (record,), _rejects = read(folded(card("FN:Anna", "NOTE:12345678è"), 14, "\r\n"), "utf-8")
    assert record.notes == ["12345678è"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["NOTE;ENCODING=QUOTED-PRINTABLE:Un caff=C3=A8=0D=0Aper due"], "Un caffè\nper due"),
        (["NOTE;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:caff=E8"], "caffè"),
        (["NOTE;ENCODING=QUOTED-PRINTABLE:caff=E8"], "caffè"),
        (["NOTE;ENCODING=QUOTED-PRINTABLE:caff=C3=", "=A8 nero"], "caffè nero"),
        (["NOTE;ENCODING=QUOTED-PRINTABLE:caff=C3=", " =A8 nero"], "caffè nero"),
        (["NOTE;ENCODING=QUOTED-PRINTABLE:one=", " two"], "one two"),
        (["NOTE;ENCODING=QUOTED-PRINTABLE:caff=C3", " =A8=20nero"], "caffè nero"),
        (["NOTE;ENCODING=QUOTED-PRINTABLE:a=3Db=", "", "TEL:1"], "a=b"),
        (["NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=SHIFT_JIS:=83A"], "ア"),
        (["NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=zlib:=41=ZZ"], "A=ZZ"),
        (["NOTE;ENCODING=BASE64;CHARSET=UTF-8:" + base64.b64encode("caffè".encode()).decode(), ""], "caffè"),
        (["NOTE:folded at", "  a blank"], "folded at a blank"),
        (["NOTE:" + "x" * 71, " yz"], "x" * 71 + "yz"),
        (["NOTE:1, 2; 3"], "1, 2; 3"),
    ],
)  # fmt: skip
def test_text_of_two_one(read: Read, lines: list[str], expected: str) -> None:
    record = one(read, card("N:Rossi;Mario", *lines, version="2.1"))
    assert record.notes == [expected]


@pytest.mark.parametrize("indent", ["", " ", "    "])
@pytest.mark.parametrize("head", ["PHOTO;TYPE=JPEG;ENCODING=BASE64:", "PHOTO;JPEG;BASE64:"])
def test_base64_over_lines(read: Read, indent: str, head: str) -> None:
    data = [indent + line for line in ("QUJDREVGR0g=", "AAAA")]
    record = one(read, card("FN:Anna", head, *data, "", "TEL:1234567", version="2.1"))
    assert record.card is not None
    assert head + "QUJDREVGR0g=AAAA" in record.card.split("\n")
    assert values(record, "phone") == [("1234567", None)]


def test_unindented_base64_ends_at_the_next_property(read: Read) -> None:
    record = one(read, card("FN:Anna", "KEY;ENCODING=b:AAAA", "BBBB", "EMAIL:a@x.example"))
    assert values(record, "email") == [("a@x.example", None)]
    assert record.card is not None and "KEY;ENCODING=b:AAAABBBB" in record.card


@pytest.mark.parametrize(
    ("line", "value", "label"),
    [
        ("TEL;WORK;VOICE:123", "123", "work"),
        ("TEL;TYPE=work;TYPE=fax:123", "123", "fax"),
        ('TEL;TYPE="cell,voice";VALUE=uri:tel:+39-02-123;ext=7', "+39-02-123 ext. 7", "mobile"),
        ("tel;type=home,pref:123", "123", "home"),
        ("TEL;TYPE=VOICE:123", "123", None),
        ("TEL;TYPE=assistant:123", "123", "assistant"),
        ('TEL;X-A="a:b;c,d";TYPE=WORK:123', "123", "work"),
        ("TEL:\u202a+39 02 123\u202c", "+39 02 123", None),
        ("TEL:BusinessPhone", "BusinessPhone", None),
        ("EMAIL;INTERNET;HOME:a@x.example", "a@x.example", "home"),
        ("EMAIL:mailto:a@x.example", "a@x.example", None),
        ("EMAIL:Anna <a@x.example>", "a@x.example", None),
        ("URL;TYPE=WORK:http\\://x.example/a\\,b", "http://x.example/a,b", "work"),
        ("IMPP:xmpp:a@x.example", "xmpp:a@x.example", None),
        ("X-SOCIALPROFILE;type=twitter:https://t.example/a", "https://t.example/a", "twitter"),
    ],
)
def test_points(read: Read, line: str, value: str, label: str | None) -> None:
    record = one(read, card("FN:Anna", line))
    assert [point[1:3] for point in record.points] == [(value, label)]


def test_apple_labels_and_preferred_ones_first(read: Read) -> None:
    record = one(
        read,
        card(
            "FN:Anna", "TEL;TYPE=HOME:1", "item1.X-ABLabel:_$!<HomePage>!$_", "item1.URL:http://x.example",
            "item2.TEL;TYPE=WORK:2", "item2.X-ABLabel:Front Desk", "TEL;TYPE=CELL;TYPE=pref:3", "TEL;PREF=2:4",
        ),
    )  # fmt: skip
    assert values(record, "link") == [("http://x.example", "homepage")]
    assert values(record, "phone") == [("3", "mobile"), ("4", None), ("1", "home"), ("2", "Front Desk")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ADR:;;1 Main St,Floor 2;Rome;RM;00100;IT", ("1 Main St, Floor 2", "Rome", "RM", "00100", "IT", None)),
        ("ADR:PO 7;Suite 1;2 Main St\\, North;;;;", ("PO 7, Suite 1, 2 Main St, North", *[None] * 5)),
        ("ADR:;Crescent 5\\nAlbany\\, NY\\nUSA;;;;;", ("Crescent 5, Albany, NY, USA", *[None] * 5)),
        ("ADR:Everything in one", ("Everything in one", *[None] * 5)),
        ("ADR:;;Silicon Alley 5,;New York;;;", ("Silicon Alley 5", "New York", *[None] * 4)),
    ],
)
def test_addresses(read: Read, line: str, expected: tuple[str | None, ...]) -> None:
    assert one(read, card("FN:Anna", line)).addresses == [(*expected, None, None)]


def test_plain_commas_of_two_one(read: Read) -> None:
    record = one(read, card("N:Doe;John", "ORG:Company, The;Dept", "ADR:;;1,000 Main;Rome", version="2.1"))
    assert record.values["organization"] == "Company, The"
    assert record.addresses[0][0] == "1,000 Main"


@pytest.mark.parametrize(
    ("lines", "expected", "party"),
    [
        (["FN:", "N:Doe;John;Q;Mr.;Jr."],
         {"name": "Mr. John Q Doe Jr.", "first_name": "John", "last_name": "Doe"}, None),
        (["N:Rossi;Mario"], {"name": "Mario Rossi", "first_name": "Mario", "last_name": "Rossi"}, None),
        (["FN:Mario Rossi"], {"name": "Mario Rossi"}, None),
        (["N:Mario Rossi"], {"name": "Mario Rossi"}, None),
        (["NICKNAME:Jo", "TEL:1"], {"name": "Jo"}, None),
        (["FN:ACME", "N:;;;;", "ORG:ACME"], {"organization": "ACME"}, "organization"),
        (["ORG:ACME;Sales"], {"organization": "ACME"}, "organization"),
        (["KIND:org", "FN:ACME"], {"organization": "ACME"}, "organization"),
        (["X-ABSHOWAS:COMPANY", "FN:Mr. X", "N:X;;;;", "ORG:ACME"], {"organization": "ACME"}, "organization"),
        (["X-ADDRESSBOOKSERVER-KIND:group", "FN:Friends"], {"organization": "Friends"}, "organization"),
        (["KIND:individual", "FN:Anna"], {"name": "Anna"}, "person"),
        (["FN:Anna", "X-DKCRM-VAT:IT1", "X-DKCRM-STATE:lost"],
         {"name": "Anna", "vat_id": "IT1", "state": "lost"}, None),
    ],
)  # fmt: skip
def test_names_and_parties(read: Read, lines: list[str], expected: dict[str, str], party: str | None) -> None:
    record = one(read, card(*lines))
    assert (record.values, record.party) == (expected, party)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("BDAY:1980-03-22T23:00:00Z", "1980-03-22"), ("BDAY;VALUE=date:1980-03-22", "1980-03-22"),
        ("BDAY:--0203", None), ("BDAY:1980", None), ("BDAY:1980-02-30", None),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-03", None),
        ("BDAY;VALUE=text:circa 1800", None),
    ],
)  # fmt: skip
def test_birthdays(read: Read, line: str, found: str | None) -> None:
    record = one(read, card("FN:Anna", line))
    assert record.fields == ([("birthday", found)] if found else [])
    assert record.card is not None and line in record.card


def test_carets_and_our_own_fields(read: Read) -> None:
    record = one(read, card("FN:Anna", 'X-DKCRM-FIELD;X-NAME="a^nb^^^\'c":5000', version="4.0"))
    assert record.fields == [('a b^"c', "5000")]


def test_a_nested_card_stays_in_the_outer_one(read: Read) -> None:
    nested = ["AGENT:", "BEGIN:VCARD", "VERSION:2.1", "N:Agent;A", "TEL:999", "END:VCARD"]
    record = one(read, card("N:Doe;John", *nested, "TEL:111", version="2.1"))
    assert (record.values["name"], values(record, "phone")) == ("John Doe", [("111", None)])
    assert record.card is not None and "AGENT:BEGIN:VCARD\\nVERSION:2.1\\nN:Agent\\;A" in record.card
    escaped = "AGENT:BEGIN:VCARD\\nFN:Susan\\nTEL:999\\nEND:VCARD\\n"
    record = one(read, card("FN:Jo", escaped, "TEL:111"))
    assert values(record, "phone") == [("111", None)]
    assert record.card is not None and escaped in record.card


@pytest.mark.parametrize(
    ("content", "names", "lines", "rejected"),
    [
        ("begin:vcard \nversion:3.0\nfn:Anna\nend:vcard\t\n", ["Anna"], [1], []),
        ("\ufeffBEGIN:VCARD\nFN:Anna\nEND:VCARD\n\ufeffBEGIN:VCARD\nFN:Bo\nEND:VCARD", ["Anna", "Bo"], [1, 4], []),
        ("BEGIN:VCARD\nFN:Anna\nEND:VCARDBEGIN:VCARD\nFN:Bo\nEND:VCARD\n", ["Anna", "Bo"], [1, 3], []),
        ("BEGIN:VCARD\nFN:Anna\nBEGIN:VCARD\nFN:Bo\nEND:VCARD\n", ["Anna", "Bo"], [1, 3], []),
        ("BEGIN:VCARD\nFN:Anna\nEND:VCARD\nBEGIN:VCARD\nFN:Bo\n", ["Anna", "Bo"], [1, 4], []),
        ("BEGIN:VCARD\nTEL:1\nBEGIN:VCARD\nFN:Bo\nEND:VCARD\n", ["Bo"], [3], [1]),
        ("hello\nthere\n\nBEGIN:VCARD\nFN:Bo\nEND:VCARD\n\nbye", ["Bo"], [4], [1, 8]),
        ("BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\nBEGIN:VCARD\nFN:Bo\nEND:VCARD", ["Bo"], [4], [1]),
        ("BEGIN:VCARD\nEND:VCARD\nEND:VCARD\n  BEGIN:VCARD\nFN:Bo\nEND:VCARD", ["Bo"], [4], [1, 3]),
        ("BEGIN:VCARD\nFN:A\0nna\nno colon here\nTEL:1\nEND:VCARD", ["Anna"], [1], []),
        ("BEGIN:VCARD\nFN:Bo\nAGENT:\nBEGIN:VCARD\nFN:Ag\nEND:VCARD\nBEGIN:VCARD\nFN:Cy\nEND:VCARD", ["Bo", "Cy"],
         [1, 7], []),
    ],
)  # fmt: skip
def test_damaged_files(
    read: Read, content: str, names: list[str], lines: list[int], rejected: list[int]
) -> None:  # fmt: skip
    records, rejects = read(content)
    assert [record.values["name"] for record in records] == names
    assert [record.line for record in records] == lines
    assert [reject.line for reject in rejects] == rejected


def test_what_is_no_property_is_kept(read: Read) -> None:
    record = one(read, card("FN:A\0nna", "no colon here"))
    assert record.values["name"] == "Anna"
    assert record.card is not None and "FN:A\0nna\nno colon here" in record.card


def test_charsets(read: Read) -> None:
    assert one(read, "BEGIN:VCARD\nFN:Zoë\nEND:VCARD".encode("cp1252")).values["name"] == "Zoë"
    assert one(read, "BEGIN:VCARD\nFN:Zoë\nEND:VCARD".encode("utf-16")).values["name"] == "Zoë"
    mixed = b"BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=UTF-8:Zo\xc3\xab\n"
    mixed += b"TITLE;CHARSET=windows-1251:\xc4\xe0\nNOTE:\xe8\nEND:VCARD"
    record = one(read, mixed)
    assert (record.values["name"], record.values["job_title"], record.notes) == ("Zoë", "Да", ["è"])
    # Where the file is UTF-8 throughout, a CHARSET is only a relic.
    relic = "BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=ISO-8859-1:Zoë\nEND:VCARD"
    assert one(read, relic).values["name"] == "Zoë"


@pytest.mark.parametrize("content", ["", "hello\n", "a,b\n1,2\n"])
def test_a_file_without_a_card_is_refused(read: Read, content: str) -> None:
    with pytest.raises(InvalidInput) as error:
        read(content)
    assert error.value.hint is not None and "BEGIN:VCARD" in error.value.hint


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (str(tmp_path / "none.vcf"), str(tmp_path), "a\0b"):
        with pytest.raises(DkcrmError):
            open_vcard(path)
    with pytest.raises(DkcrmError):
        open_vcard_directory(str(tmp_path / "none"))
    with pytest.raises(InvalidInput):
        open_vcard_directory(str(tmp_path))


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"BEGIN:VCARD\nFN:Bo\nEND:VCARD\n")))
    with open_vcard("-") as source:
        assert [record.values["name"] for record in source.records] == ["Bo"]


def test_a_directory(tmp_path: Path) -> None:
    (tmp_path / "b.vcf").write_text("BEGIN:VCARD\nFN:Bo\nEND:VCARD\nstray\n")
    (tmp_path / "a.VCARD").write_bytes("BEGIN:VCARD\nFN:Zoë\nEND:VCARD\n".encode("cp1252"))
    (tmp_path / "c.vcf").write_text("not a card\n")
    (tmp_path / "d.vcf").write_text("\nBEGIN:VCARD\nFN:Di\nEND:VCARD\n")
    (tmp_path / "other.txt").write_text("ignored")
    (tmp_path / "e.vcf").mkdir()
    (tmp_path / "f.vcf").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "g.vcf")
    source: Records = open_vcard_directory(str(tmp_path))
    records = list(source.records)
    assert [(record.values["name"], record.line) for record in records] == [("Zoë", 1), ("Bo", 1), ("Di", 2)]
    assert [(reject.reason.split(":")[0], reject.line) for reject in source.rejects] == [
        ("b.vcf", 4), ("c.vcf", 1), ("e.vcf", 1), ("f.vcf", 1), ("g.vcf", 1),
    ]  # fmt: skip


def test_rejects_can_be_mended(read: Read) -> None:
    content = (
        "BEGIN:VCARD\nVERSION:3.0\nREV:1\nEND:VCARD\nBEGIN:VCARD\nTEL:1\nBEGIN:VCARD\nFN:Bo\nEND:VCARD\nstray: text\n"
    )
    _records, rejects = read(content)
    assert len(rejects) == 3
    out = io.StringIO()
    write_rejects(out, rejects)
    text = out.getvalue()
    assert "REV:1\nX-DKCRM-LINE:1\nX-DKCRM-REASON:the card is empty\nEND:VCARD\n" in text
    mended = text.replace("REV:1", "FN:Anna, mended").replace("TEL:1", "FN:Cy").replace("stray: text\n", "")
    records, rejects = read(mended)
    assert ([record.values["name"] for record in records], rejects) == (["Anna, mended", "Cy"], [])
    assert all("X-DKCRM-LINE" not in (record.card or "") for record in records)


def test_rejected_again_carries_one_reason(read: Read) -> None:
    reject = Reject(7, "a, b", ["BEGIN:VCARD\nX-DKCRM-LINE:3\nX-DKCRM-REASON:old\nFN:Bo\nEND:VCARD"])
    out = io.StringIO()
    write_rejects(out, [reject])
    assert out.getvalue() == "BEGIN:VCARD\nFN:Bo\nX-DKCRM-LINE:7\nX-DKCRM-REASON:a\\, b\nEND:VCARD\n"
