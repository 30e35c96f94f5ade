"""Mail as a source of leads: who wrote, when and what; forms, machines, broken and hostile messages."""

from __future__ import annotations

import base64
import io
import os
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.formats.mail import boxes
from dkcrm.formats.mail.opening import open_mail
from dkcrm.formats.mail.sniffing import is_maildir, looks_like_mail
from dkcrm.formats.record import Record, Records, Reject

Read = Callable[..., tuple[list[Record], list[Reject]]]

PLAIN = b"""\
Return-Path: <anna@bianchi.example>
From: Anna Bianchi <anna@bianchi.example>
To: info@me.example
Subject: A question
Date: Sat, 21 Nov 2026 10:00:00 +0100
Message-ID: <one@bianchi.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Ciao,
quanto costa?
"""


def mail(*headers: str, body: str | bytes = "Hello", sender: str = "Anna <anna@x.example>") -> bytes:
    """Return a message with the usual headers before the given ones."""
    given_names = {header.partition(":")[0].lower() for header in headers}
    usual = [f"From: {sender}", "Date: Sat, 21 Nov 2026 10:00:00 +0100", "Message-ID: <id@x.example>"]
    lines = [line for line in usual if line.partition(":")[0].lower() not in given_names and not line.endswith(": ")]
    head = "\n".join([*lines, *headers]) + "\n\n"
    return head.encode() + (body if isinstance(body, bytes) else body.encode())


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Give a function that writes a file and returns its path."""

    def to_file(content: bytes, name: str = "in.eml") -> str:
        path = tmp_path / name
        path.write_bytes(content)
        return str(path)

    return to_file


@pytest.fixture
def read(write: Callable[..., str]) -> Read:
    """Give a function that reads a file of the given bytes to its end."""

    def to_records(content: bytes, name: str = "in.eml", **options: object) -> tuple[list[Record], list[Reject]]:
        with open_mail(write(content, name), **options) as source:  # type: ignore[arg-type]
            return list(source.records), list(source.rejects)

    return to_records


def one(found: tuple[list[Record], list[Reject]]) -> Record:
    """Return the only record; there must be no reject."""
    records, rejects = found
    assert not rejects
    assert len(records) == 1
    return records[0]


def text_of(found: tuple[list[Record], list[Reject]]) -> str:
    """Return the text of the only message."""
    return one(found).messages[0].text


def why(found: tuple[list[Record], list[Reject]]) -> str:
    """Return the reason of the only reject; there must be no record."""
    records, rejects = found
    assert not records
    assert len(rejects) == 1
    return rejects[0].reason


def emails(record: Record) -> list[str]:
    """Return the email addresses of a record."""
    return [value for kind, value, _label, _side in record.points if kind == "email"]


# One message


def test_plain_message(read: Read) -> None:
    record = one(read(PLAIN))
    assert record.values == {"name": "Anna Bianchi"}
    assert record.points == [("email", "anna@bianchi.example", None, None)]
    assert record.line == 1
    assert record.raw == PLAIN.decode()
    (message,) = record.messages
    assert (message.at, message.direction, message.channel) == ("2026-11-21T09:00:00Z", "in", "email")
    assert (message.subject, message.text) == ("A question", "Ciao,\nquanto costa?")
    assert message.key == "one@bianchi.example"


def test_source_says_what_it_is(write: Callable[..., str]) -> None:
    source = open_mail(write(PLAIN))
    assert (source.format, source.scope, source.suffix) == ("eml", "mail", ".mbox")
    source = open_mail(write(b"From a@b.example Sat Nov 21 10:00:00 2026\n" + PLAIN))
    assert source.format == "mbox"


@pytest.mark.parametrize("end", [b"\r\n", b"\r"])
def test_other_line_ends(read: Read, end: bytes) -> None:
    record = one(read(PLAIN.replace(b"\n", end)))
    assert record.values["name"] == "Anna Bianchi"
    assert record.messages[0].text == "Ciao,\nquanto costa?"


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        ("Anna Bianchi <anna@x.example>", "Anna Bianchi", "anna@x.example"),
        ('"Bianchi, Anna" <a@x.example>', "Bianchi, Anna", "a@x.example"),
        ("Bianchi, Anna <a@x.example>", "Bianchi, Anna", "a@x.example"),
        ("a@x.example", "a@x.example", "a@x.example"),
        ("<a@x.example>", "a@x.example", "a@x.example"),
        ('"a@x.example" <a@x.example>', "a@x.example", "a@x.example"),
        ("'other@y.example' <a@x.example>", "a@x.example", "a@x.example"),
        ("'Anna Bianchi' <a@x.example>", "Anna Bianchi", "a@x.example"),
        ("a@x.example (Anna (Nina) Bianchi)", "Anna (Nina) Bianchi", "a@x.example"),
        ('"Anna \\"Nina\\" Bianchi" <a@x.example>', 'Anna "Nina" Bianchi', "a@x.example"),
        ('"=?utf-8?q?Nicol=C3=B2?=" <n@x.example>', "Nicolò", "n@x.example"),
        ("=?utf-8?q?Nicol=C3=B2?= =?utf-8?q?_Bo?= <n@x.example>", "Nicolò Bo", "n@x.example"),
        ("=?iso-8859-1?B?Tmljb2zy?= <n@x.example>", "Nicolò", "n@x.example"),
        ("=?utf-8?q?Nicol=C3?= =?utf-8?q?=B2?= <n@x.example>", "Nicolò", "n@x.example"),
        ("=?utf-8?q?Bianchi=2C_Anna?= <a@x.example>", "Bianchi, Anna", "a@x.example"),
        ("=?no-such-charset?q?Anna?= <a@x.example>", "Anna", "a@x.example"),
        ("=?punycode?q?Anna-?= <a@x.example>", "Anna-", "a@x.example"),
        ("Nicolò <n@città.example>", "Nicolò", "n@città.example"),
        ("Anna <a@x.example>, Bruno <b@x.example>", "Anna", "a@x.example"),
        ("Sales: Anna <a@x.example>, b@x.example;", "Anna", "a@x.example"),
        ('"Anna <a@x.example>', "a@x.example", "a@x.example"),
        ("Anna <a@x.example", "Anna", "a@x.example"),
        ("Anna\x00\x1b[31m <a@x.example>", "Anna[31m", "a@x.example"),
        ("Anna \u202eevil <a@x.example>", "Anna evil", "a@x.example"),
    ],
)
def test_sender(read: Read, sender: str, name: str, address: str) -> None:
    record = one(read(mail(sender=sender)))
    assert record.values == {"name": name}
    assert emails(record) == [address]


def test_folded_and_eight_bit_headers(read: Read) -> None:
    raw = (
        b"From: =?utf-8?q?Anna?=\n =?utf-8?q?_Bianchi?=\n\t<anna@x.example>\nSubject: Perch\xe9\nMIME-Version: 1.0\n\nx"
    )
    record = one(read(raw))
    assert record.values["name"] == "Anna Bianchi"
    assert record.messages[0].subject == "Perché"


@pytest.mark.parametrize("sender", ["", "undisclosed-recipients:;", "nobody at all", '"a b"@x.example', "@", "<>"])
def test_no_address_is_no_lead(read: Read, sender: str) -> None:
    assert "address" in why(read(mail(f"From: {sender}", "MIME-Version: 1.0")))


def test_sender_stands_in_for_a_missing_from(read: Read) -> None:
    assert emails(one(read(mail("From: ", "Sender: a@x.example", "MIME-Version: 1.0")))) == ["a@x.example"]


# When, and under which key


@pytest.mark.parametrize(
    ("headers", "at"),
    [
        (["Date: Sat, 21 Nov 2026 10:00:00 -0530"], "2026-11-21T15:30:00Z"),
        (["Date: 21 Nov 26 10:00 GMT"], "2026-11-21T10:00:00Z"),
        (["Date: 2026-11-21T10:00:00+02:00"], "2026-11-21T08:00:00Z"),
        (["Date: Sat, 21 Nov 2026 23:59:60 +0000"], "2026-11-21T23:59:59Z"),
        (["Date: nonsense", "Received: by a; Sat, 21 Nov 2026 10:00:05 +0000",
          "Received: by b; Sat, 21 Nov 2026 10:00:03 +0000"], "2026-11-21T10:00:03Z"),
        (["Date: Fri, 01 Jan 1904 00:00:00 +0000", "Received: by b; 21 Nov 2026 10:00:03 +0000"],
         "2026-11-21T10:00:03Z"),
        (["Date: Fri, 01 Jan 2107 00:00:00 +0000", "Received: by b; 21 Nov 2026 10:00:03 +0000"],
         "2026-11-21T10:00:03Z"),
        (["Date: Sat, 99 Nov 2026 10:00:00 +9999"], "2001-09-09T01:46:40Z"),
        (["Date: "], "2001-09-09T01:46:40Z"),
    ],
)  # fmt: skip
def test_date(write: Callable[..., str], headers: list[str], at: str) -> None:
    path = write(mail(*headers))
    os.utime(path, (1_000_000_000, 1_000_000_000))
    with open_mail(path) as source:
        assert [record.messages[0].at for record in source.records] == [at]


def test_date_of_the_envelope(read: Read) -> None:
    raw = b"From a@x.example Sat Nov 21 10:00:00 2026\nFrom: a@x.example\nSubject: x\n\nHi\n"
    assert one(read(raw)).messages[0].at == "2026-11-21T10:00:00Z"
    raw = b"From 123@xxx Sat Nov 21 10:00:00 +0200 2026\nFrom: a@x.example\nSubject: x\n\nHi\n"
    assert one(read(raw)).messages[0].at == "2026-11-21T08:00:00Z"


@pytest.mark.parametrize(
    ("said", "key"),
    [("<a@b>", "a@b"), ("\n <a\n b@c>", "ab@c"), ("a@b", "a@b"), ("<a@b> <c@d>", "a@b"), ("<a@b> (added)", "a@b")],
)
def test_message_id(read: Read, said: str, key: str) -> None:
    assert one(read(mail(f"Message-ID: {said}"))).messages[0].key == key


@pytest.mark.parametrize("said", ["", "<>", "<" + "a" * 5000 + "@b>"])
def test_digest_instead_of_message_id(read: Read, said: str) -> None:
    raw = mail(f"Message-ID: {said}", "Subject: x")
    key = one(read(raw)).messages[0].key
    assert key is not None
    assert key.startswith("sha256:")
    assert len(key) == 71
    assert one(read(raw.replace(b"\n", b"\r\n"))).messages[0].key == key
    assert one(read(b"From - Sat Nov 21 10:00:00 2026\n" + raw + b"\n\n")).messages[0].key == key
    assert one(read(raw.replace(b"Hello", b"Other"))).messages[0].key != key
    assert one(read(raw.replace(b"21 Nov", b"20 Nov"))).messages[0].key != key


# Text


@pytest.mark.parametrize(
    ("headers", "body", "text"),
    [
        (["Content-Type: text/plain; charset=iso-8859-1"], b"Perch\xe9 \x80 5", "Perché € 5"),
        (["Content-Type: text/plain; charset=utf-8"], b"Perch\xe9", "Perché"),
        (["Content-Type: text/plain; charset=us-ascii"], "Perché".encode(), "Perché"),
        (["Content-Type: text/plain; charset=x-unknown"], "Perché".encode(), "Perché"),
        (["Content-Type: text/plain; charset=base64"], "Perché".encode(), "Perché"),
        (["Content-Type: text/plain; charset=utf-16"], "Perché".encode("utf-16"), "Perché"),
        ([], b"Perch\xe9\x81", "Perché"),
        (["Content-Transfer-Encoding: quoted-printable"], b"Perch=C3=A9 =\nno", "Perché no"),
        (["Content-Transfer-Encoding: base64"], base64.b64encode("Perché".encode()), "Perché"),
        (["Content-Transfer-Encoding: base64"], b"SGVsbG8gd29ybGQ", "Hello wor"),
        (["Content-Transfer-Encoding: base64"], b"not base64 at all!" * 3, None),
        (["Content-Type: text/plain; format=flowed"], b"One \ntwo.\n\n> q1 \n> q2\n>> q3 \nend\n-- \nAnna",
         "One two.\n\n> q1 q2\n>> q3 \nend\n-- \nAnna"),
        (["Content-Type: text/plain; format=flowed; delsp=yes"], b"won \nderful\n From", "wonderful\nFrom"),
        ([], b"a\x00b\x07\x1b[0m\tc\x7f", "ab[0m\tc"),
        ([], "a\u202eb\u2066c\u2028d".encode(), "abc\nd"),
        (["Content-Type: "], b"x", "x"),
        (["Content-Type: nonsense; ;;=;=\"\\"], b"x", "x"),
    ],
)  # fmt: skip
def test_text(read: Read, headers: list[str], body: bytes, text: str | None) -> None:
    found = text_of(read(mail("MIME-Version: 1.0", *headers, body=body)))
    assert text is None or found == text


def test_encoding_named_by_the_user_is_for_what_declares_none(read: Read) -> None:
    assert text_of(read(mail(body=b"Perch\x8e"), encoding="mac-roman")) == "Perché"
    declared = mail("Content-Type: text/plain; charset=utf-8", body="Perché")
    assert text_of(read(declared, encoding="mac-roman")) == "Perché"


def test_html_alone_becomes_text(read: Read) -> None:
    body = (
        "<html><head><title>no</title><style>p{color:red}</style></head><body><p>Ciao <b>Anna</b>,</p>\n"
        "<p>vedi <a href='http://x.example'>il sito</a>&nbsp;&egrave; &#8364;&amp;</p><ul><li>uno<li>due</ul>"
        "a<br>b<br><br><br>c<script>alert(1)</script><div>d</div><div><div>e &lt; f</div></div><!-- no --></body>"
    )
    text = text_of(read(mail("Content-Type: text/html", body=body)))
    assert text == "Ciao Anna,\n\nvedi il sito è €&\n\nuno\ndue\n\na\nb\n\nc\nd\ne < f"


def multipart(kind: str, *parts: str, boundary: str = "b1", **_more: str) -> str:
    """Return a part that holds others, with its header."""
    inner = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\npreamble\n{inner}--{boundary}--\nepilogue\n'


def structured(part: str) -> bytes:
    """Return a message that is that part."""
    return b"From: Anna <anna@x.example>\nMIME-Version: 1.0\n" + part.encode()


TEXT, HTML = "Content-Type: text/plain\n\nplain", "Content-Type: text/html\n\n<p>html</p>"
PDF = (
    'Content-Type: application/pdf; name="a.pdf"\nContent-Disposition: attachment; filename="a.pdf"\n'
    "Content-Transfer-Encoding: base64\n\nJVBERi0="
)
PNG = "Content-Type: image/png\nContent-Disposition: inline; filename*=utf-8''citt%C3%A0.png\n\nx"
FORWARDED = "From: Carla <c@x.example>\nSubject: Old\n\nforwarded text"


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (multipart("alternative", TEXT, HTML), "plain"),
        (multipart("alternative", HTML, TEXT), "plain"),
        (multipart("alternative", "Content-Type: text/plain\n\n \n", HTML), "html"),
        (multipart("mixed", TEXT, PDF, PNG), "plain\n\n[attachments: a.pdf, città.png]"),
        (multipart("mixed", PDF), "[attachments: a.pdf]"),
        (multipart("mixed", multipart("alternative", TEXT, multipart("related", HTML, PNG, boundary="b3"),
                                      boundary="b2"), PDF), "plain\n\n[attachments: città.png, a.pdf]"),
        (multipart("related", HTML, PNG), "html\n\n[attachments: città.png]"),
        (multipart("mixed", TEXT, "Content-Type: text/plain\n\nmore"), "plain\n\nmore"),
        (multipart("mixed", TEXT, "Content-Type: text/plain; name=x.txt\nContent-Disposition: attachment\n\nno"),
         "plain\n\n[attachments: x.txt]"),
        (multipart("signed", TEXT, "Content-Type: application/pgp-signature; name=s.asc\n\nx"), "plain"),
        (multipart("mixed", TEXT, "Content-Type: message/rfc822\n\n" + FORWARDED),
         "plain\n\n---------- forwarded message ----------\nFrom: Carla <c@x.example>\nSubject: Old\n\nforwarded text"),
        (multipart("digest", "\n" + FORWARDED),
         "---------- forwarded message ----------\nFrom: Carla <c@x.example>\nSubject: Old\n\nforwarded text"),
        ("Content-Type: multipart/mixed\n\nno boundary", "no boundary"),
        ("Content-Type: multipart/mixed; boundary=never\n\nnever begins", "never begins"),
        ("Content-Type: multipart/mixed; boundary=b1\n\n--b1\n\nnever ends", "never ends"),
        ("Content-Type: multipart/mixed; boundary=b1\n--b1\nContent-Type: text/html\n\n<i>no blank", "no blank"),
    ],
)  # fmt: skip
def test_parts(read: Read, part: str, text: str) -> None:
    assert text_of(read(structured(part))) == text
    assert text_of(read(structured(part).replace(b"\n", b"\r\n"))) == text


def test_text_is_cut(read: Read) -> None:
    text = text_of(read(mail(body="word " * 100_000)))
    assert len(text) <= 200_000
    assert text.startswith("word word")
    assert text.endswith("[cut]")
    raw = structured(multipart("mixed", "Content-Type: text/plain\n\n" + "è" * 300_000, PDF))
    text = text_of(read(raw))
    assert 199_000 < len(text) <= 200_000
    assert text.endswith("[cut]\n\n[attachments: a.pdf]")


def test_quoted_replies_are_kept(read: Read) -> None:
    assert text_of(read(mail(body="Yes.\n\n> Really?\n> ok"))) == "Yes.\n\n> Really?\n> ok"


# Forms

ENGLISH = """\
You have a new enquiry from your website:

Name: Anna Bianchi
Email: anna@bianchi.example
Phone: +39 02 1234567
Mobile: 333 1234567
Company: Bianchi S.r.l.
City: Milano
Budget: 5000 EUR
Message: I would like a quote.

Call me: any time.
Regards
"""
ITALIAN = """\
Nome: Anna
Cognome: Bianchi
E-mail:
anna@bianchi.example
Cellulare: 333 1234567
Società: Bianchi S.r.l.
Partita IVA: 01234567890
Città: Forlì
Messaggio:
Vorrei un preventivo.
"""


@pytest.mark.parametrize("sender", ["WordPress <wordpress@site.example>", "no-reply@site.example", "c@x.example"])
def test_english_form(read: Read, sender: str) -> None:
    record = one(read(mail("Subject: New enquiry", sender=sender, body=ENGLISH)))
    assert record.values == {"name": "Anna Bianchi", "organization": "Bianchi S.r.l."}
    assert record.points == [
        ("email", "anna@bianchi.example", None, None),
        ("phone", "+39 02 1234567", None, None),
        ("phone", "333 1234567", "mobile", None),
    ]
    assert [address[1] for address in record.addresses] == ["Milano"]
    assert record.fields == [("Budget", "5000 EUR")]
    (message,) = record.messages
    assert (message.direction, message.channel, message.subject) == ("in", "web form", "New enquiry")
    assert message.text == ENGLISH.strip()


def test_italian_form(read: Read) -> None:
    record = one(read(mail(sender="sito@me.example", body=ITALIAN)))
    assert record.values == {
        "first_name": "Anna",
        "last_name": "Bianchi",
        "organization": "Bianchi S.r.l.",
        "vat_id": "01234567890",
    }
    assert emails(record) == ["anna@bianchi.example"]
    assert ("phone", "333 1234567", "mobile", None) in record.points
    assert record.addresses[0][1] == "Forlì"


@pytest.mark.parametrize(
    ("body", "values", "email"),
    [
        ("Nome: Anna Bianchi\nEmail: a@x.example\nTelefono: 02 123", {"name": "Anna Bianchi"}, "a@x.example"),
        (
            "Name: Anna\nSurname: Bianchi\nEmail: a@x.example",
            {"first_name": "Anna", "last_name": "Bianchi"},
            "a@x.example",
        ),
        ("Il tuo nome: Anna\nLa tua email: a@x.example\nIl tuo messaggio: ciao", {"name": "Anna"}, "a@x.example"),
        ("Your Name (required): Anna\nYour Email*: <a@x.example>\nMessage: hi", {"name": "Anna"}, "a@x.example"),
        ("*Name:* Anna\n*Email:* a@x.example\n*Message:* hi", {"name": "Anna"}, "a@x.example"),
        ("- Nome : Anna\n- Email : a@x.example\n- Richiesta : ciao", {"name": "Anna"}, "a@x.example"),
        ("Name\nAnna\n\nEmail\na@x.example\n\nMessage\nhi", {"name": "Anna"}, "a@x.example"),
        ("From: Anna <a@x.example>\nSubject: Info\n\nMessage Body:\nhello\n", {"name": "Anna"}, "a@x.example"),
        ("Message: first\nName: Anna\nEmail: a@x.example", {"name": "Anna"}, "a@x.example"),
        ("Email: a@x.example\nPhone: 02 123 456\nMessage: hi", {"name": "a@x.example"}, "a@x.example"),
    ],
)
def test_shapes_of_forms(read: Read, body: str, values: dict[str, str], email: str) -> None:
    record = one(read(mail(sender="wordpress@site.example", body=body)))
    assert record.values == values
    assert emails(record) == [email]
    assert record.messages[0].channel == "web form"


def test_form_in_html(read: Read) -> None:
    rows = "".join(
        f"<tr><td>{label}</td><td>{value}</td></tr>"
        for label, value in [
            ("Name", "Anna"),
            ("Email", "<a href='mailto:a@x.example'>a@x.example</a>"),
            ("Tel.", "02 1"),
        ]
    )
    record = one(read(mail("Content-Type: text/html", sender="www-data@s.example", body=f"<table>{rows}</table>")))
    assert record.values == {"name": "Anna"}
    assert record.points == [("email", "a@x.example", None, None), ("phone", "02 1", None, None)]


def test_a_form_takes_its_sender_name_only_for_the_same_address(read: Read) -> None:
    body = "Email: a@x.example\nPhone: 02 123 456\nMessage: hi"
    record = one(read(mail("Reply-To: Anna <a@x.example>", sender="no-reply@s.example", body=body)))
    assert record.values["name"] == "Anna"


def test_a_form_does_not_say_which_record_it_is(read: Read) -> None:
    body = "Name: A\nEmail: a@x.example\nUID: 0199\nSource: me\nTags: vip\nMessage: x"
    record = one(read(mail(body=body)))
    assert record.values == {"name": "A"}
    assert record.tags == []
    assert [label for label, _value in record.fields] == ["UID", "Source", "Tags"]


@pytest.mark.parametrize(
    "body",
    [
        "Ciao,\nti scrivo per questo: quanto costa?\nGrazie\nAnna Bi\nTel: 02 123\nEmail: o@y.example\nWeb: y.example",
        "Ciao\n" * 6 + "Nome: Anna\nEmail: o@y.example\nTelefono: 02 123",
        "Ok!\n\nFrom: Other <o@y.example>\nSent: Monday\nTo: me@y.example\nSubject: Offer\n\nText",
        "Da: Altra <o@y.example>\nInviato: ieri\nA: io@y.example\nOggetto: x",
        "> Name: Other\n> Email: o@y.example\n> Phone: 02 123",
        "Name: Other\nPhone: 02 123\nMessage: no address",
        "Name: Other\nEmail: o@y.example",
    ],
)
def test_no_form(read: Read, body: str) -> None:
    record = one(read(mail(body=body)))
    assert emails(record) == ["anna@x.example"]
    assert record.values == {"name": "Anna"}
    assert record.messages[0].channel == "email"


def test_reply_to_where_a_program_is_the_sender(read: Read) -> None:
    raw = mail("Reply-To: Bruno <b@x.example>", sender="Shop <no-reply@shop.example>")
    assert emails(one(read(raw))) == ["b@x.example"]
    raw = mail("Reply-To: Bruno <b@x.example>", "X-PHP-Originating-Script: 33:mail.php", sender="s@shop.example")
    assert emails(one(read(raw))) == ["b@x.example"]
    raw = mail("Reply-To: Office <office@x.example>")
    assert emails(one(read(raw))) == ["anna@x.example"]


# Machines, lists, the user's own


@pytest.mark.parametrize(
    ("headers", "sender", "reason"),
    [
        (["Auto-Submitted: auto-replied"], "a@x.example", "automatic"),
        (["Auto-Submitted: auto-generated (cron)"], "a@x.example", "automatic"),
        (["Precedence: bulk"], "a@x.example", "mailing list"),
        (["Precedence: junk"], "a@x.example", "mailing list"),
        (["Precedence: List"], "a@x.example", "mailing list"),
        (["List-Id: <l.x.example>"], "a@x.example", "mailing list"),
        (["List-Unsubscribe: <mailto:u@x.example>"], "a@x.example", "mailing list"),
        (["Content-Type: multipart/report; boundary=x"], "a@x.example", "automatic"),
        (["Return-Path: <>"], "a@x.example", "automatic"),
        ([], "MAILER-DAEMON@x.example", "automatic"),
        ([], "Postmaster <postmaster@x.example>", "automatic"),
        ([], "no-reply@x.example", "automatic"),
        ([], "noreply-orders@x.example", "automatic"),
        ([], "do.not_reply@x.example", "automatic"),
        (["Reply-To: no-reply@x.example"], "donotreply@x.example", "automatic"),
    ],
)
def test_no_lead(read: Read, headers: list[str], sender: str, reason: str) -> None:
    assert reason in why(read(mail("Subject: x", *headers, sender=sender)))


def test_not_automatic(read: Read) -> None:
    assert one(read(mail("Auto-Submitted: no"))).values["name"] == "Anna"
    assert one(read(mail("Precedence: first-class"))).values["name"] == "Anna"
    assert one(read(mail(sender="Noreen <noreen@x.example>"))).values["name"] == "Noreen"


@pytest.mark.parametrize("header", ["Auto-Submitted: auto-generated", "Precedence: bulk"])
def test_a_form_counts_though_its_mailer_is_automatic(read: Read, header: str) -> None:
    assert emails(one(read(mail(header, sender="no-reply@s.example", body=ENGLISH)))) == ["anna@bianchi.example"]


@pytest.mark.parametrize("header", ["Auto-Submitted: auto-replied", "List-Id: <l.example>"])
def test_an_answering_machine_that_quotes_a_form_does_not_count(read: Read, header: str) -> None:
    assert why(read(mail(header, body=ENGLISH)))


MINE = frozenset(["me@me.example"])


def test_sent_mail_is_a_record_for_each_recipient(read: Read) -> None:
    raw = mail(
        "To: Bruno <b@x.example>, me@me.example", "Cc: Carla <c@x.example>, B@X.example", sender="Me <Me@me.example>"
    )
    records, rejects = read(raw, mine=MINE)
    assert not rejects
    assert [(record.values["name"], emails(record)) for record in records] == [
        ("Bruno", ["b@x.example"]),
        ("Carla", ["c@x.example"]),
    ]
    assert {(record.messages[0].direction, record.messages[0].key) for record in records} == {("out", "id@x.example")}


def test_mail_to_oneself_is_nobodys(read: Read) -> None:
    assert "user" in why(read(mail("To: me@me.example", sender="me@me.example"), mine=MINE))
    assert "user" in why(read(mail("To: undisclosed-recipients:;", sender="me@me.example"), mine=MINE))


def test_forms_of_a_site_that_sends_as_the_user(read: Read) -> None:
    record = one(read(mail("To: me@me.example", sender="me@me.example", body=ENGLISH), mine=MINE))
    assert emails(record) == ["anna@bianchi.example"]
    assert record.messages[0].direction == "in"


def test_a_form_that_the_user_passes_on_is_the_users_mail(read: Read) -> None:
    record = one(read(mail("To: b@x.example", sender="me@me.example", body=ENGLISH), mine=MINE))
    assert (emails(record), record.messages[0].direction) == (["b@x.example"], "out")


# Boxes

ENVELOPE = b"From anna@x.example Sat Nov 21 10:00:00 2026\n"


def box(*messages: bytes) -> bytes:
    """Return an mbox."""
    return b"".join(ENVELOPE + message.rstrip(b"\n") + b"\n\n" for message in messages)


def test_mbox(read: Read) -> None:
    raw = box(PLAIN, mail(sender="b@x.example"), mail("List-Id: <l>"), PLAIN)
    records, rejects = read(raw, "in.mbox")
    assert [(record.line, emails(record)[0]) for record in records] == [
        (1, "anna@bianchi.example"),
        (14, "b@x.example"),
        (29, "anna@bianchi.example"),
    ]
    assert [(reject.line, reject.reason) for reject in rejects] == [(21, "a mailing list")]
    assert records[0].messages[0].key == records[2].messages[0].key


def test_mbox_with_crlf(read: Read) -> None:
    records, rejects = read(box(PLAIN, PLAIN).replace(b"\n", b"\r\n"))
    assert [record.line for record in records] == [1, 14]
    assert not rejects


@pytest.mark.parametrize(
    "body",
    [
        "Hello\nFrom Monday on we are closed\nBye",
        "Hello\n\nFrom Monday on we are closed\nBye",
        "Hello\n\nFrom our talk at 10:00 in 2026\n\nBye",
        "Hello\n\nFrom here\nNote: it is closed",
    ],
)
def test_prose_that_begins_with_from(read: Read, body: str) -> None:
    records, _rejects = read(box(mail(body=body), PLAIN))
    assert records[0].messages[0].text == body
    assert len(records) == 2


def test_quoted_from_lines_are_unquoted(read: Read) -> None:
    assert text_of(read(box(mail(body="a\n>From here\n>>From there\n> From you")))) == (
        "a\nFrom here\n>From there\n> From you"
    )


@pytest.mark.parametrize(
    "envelope",
    [
        b"From - Sat Nov 21 10:00:00 2026\n",
        b"From 1234@xxx Sat Nov 21 10:00:00 +0000 2026\n",
        b"From a@x.example Sat Nov 21 10:00:00 2026 +0100\n",
        b"From MAILER-DAEMON Sat Nov  1 10:00 2026\n",
        b"From a@x.example  Sat Nov 21 10:00:00 CET 2026\n",
        b"From a@x.example\n",
        b"From a@x.example 2026-11-21 10:00\n",
    ],
)
def test_envelopes(read: Read, envelope: bytes) -> None:
    records, rejects = read(b"".join(envelope + PLAIN + b"\n" for _ in range(3)), "in.mbox")
    assert (len(records), len(rejects)) == (3, 0)


def test_mbox_without_a_first_envelope_or_blank_lines(read: Read) -> None:
    records, rejects = read(b"\n\n" + PLAIN + ENVELOPE + PLAIN + ENVELOPE + PLAIN, "INBOX.mbox")
    assert [record.line for record in records] == [3, 14, 26]
    assert not rejects


def test_content_length_is_not_believed(read: Read) -> None:
    records, _rejects = read(box(mail("Content-Length: 99999"), PLAIN))
    assert len(records) == 2


def test_empty_messages_of_an_mbox_are_rejected(read: Read) -> None:
    records, rejects = read(ENVELOPE + b"\n" + ENVELOPE + b"\n" + box(PLAIN), "in.mbox")
    assert (len(records), [reject.line for reject in rejects]) == (1, [1, 3])


def test_messages_deleted_in_the_mail_program(read: Read) -> None:
    records, rejects = read(box(mail("X-Mozilla-Status: 0009"), mail("X-Mozilla-Status: 0001")))
    assert (len(records), len(rejects)) == (1, 1)
    assert "deleted" in rejects[0].reason


def test_a_message_that_is_too_large_costs_itself(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxes, "LARGEST", 100_000)
    records, rejects = read(box(PLAIN, mail(body="x" * 300_000), mail(body="y\n" * 99_000), PLAIN))
    assert [record.line for record in records] == [1, 99_027]
    assert ["larger" in reject.reason for reject in rejects] == [True, True]
    assert "larger" in why(read(mail(body="x" * 300_000)))


def maildir(path: Path, **files: bytes) -> str:
    """Make a Maildir."""
    for folder in ("cur", "new", "tmp", ".Sent/cur", ".Sent/new"):
        (path / folder).mkdir(parents=True)
    (path / "tmp" / "1.half").write_bytes(PLAIN)
    (path / ".Sent" / "cur" / "1.sent").write_bytes(PLAIN)
    for name, content in files.items():
        folder, _, rest = name.partition("_")
        (path / folder / rest.replace("_", ":2,")).write_bytes(content)
    return str(path)


def test_maildir(tmp_path: Path) -> None:
    path = maildir(
        tmp_path / "Mail", cur_3_S=PLAIN, new_1=mail(sender="b@x.example"), cur_2_S=mail("List-Id: l"), cur_4_ST=PLAIN
    )
    assert is_maildir(path)
    with open_mail(path) as source:
        records = list(source.records)
    assert (source.format, source.scope) == ("maildir", "mail")
    assert [(record.line, emails(record)[0]) for record in records] == [(1, "b@x.example"), (3, "anna@bianchi.example")]
    assert [(reject.line, reject.reason) for reject in source.rejects] == [
        (2, "2:2,S: a mailing list"),
        (4, "4:2,ST: deleted in the mail program"),
    ]


def test_an_empty_maildir_has_no_messages(tmp_path: Path) -> None:
    assert list(open_mail(maildir(tmp_path / "Mail")).records) == []


def test_directory_of_messages(tmp_path: Path) -> None:
    (tmp_path / "b.eml").write_bytes(PLAIN)
    (tmp_path / "a.EML").write_bytes(mail())
    (tmp_path / "notes.txt").write_bytes(PLAIN)
    (tmp_path / "c.eml").write_bytes(b"")
    (tmp_path / "d.eml").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "e.eml")
    assert not is_maildir(str(tmp_path))
    with open_mail(str(tmp_path)) as source:
        records = list(source.records)
    assert source.format == "eml"
    assert [emails(record)[0] for record in records] == ["anna@x.example", "anna@bianchi.example"]
    assert [(reject.line, reject.reason.partition(":")[0]) for reject in source.rejects] == [(3, "c.eml")]


def test_a_file_that_goes_away_meanwhile_costs_itself(tmp_path: Path) -> None:
    for name in ("a.eml", "b.eml", "c.eml"):
        (tmp_path / name).write_bytes(PLAIN)
    source = open_mail(str(tmp_path))
    (tmp_path / "b.eml").unlink()
    assert [record.line for record in source.records] == [1, 3]
    assert "b.eml" in source.rejects.first[0].reason


def test_names_of_files_that_are_no_text(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/\xff\x1b.eml", "wb") as file:
        file.write(mail("List-Id: l"))
    source = open_mail(str(tmp_path))
    list(source.records)
    assert source.rejects.first[0].reason == ".eml: a mailing list"


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(box(PLAIN, mail("List-Id: l")))))
    with open_mail("-") as source:
        assert len(list(source.records)) == 1
    assert "X-Dkcrm-Line: 14" in rejects_file(source)


# What is no mail


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"name,email\nAnna,a@x.example\n",
        b'{"name": "Anna"}',
        b"\x89PNG\r\n\x1a\n\0\0",
        b"PK\x03\x04",
        b"just some text\n",
    ],
)
def test_refused(write: Callable[..., str], content: bytes) -> None:
    with pytest.raises(InvalidInput):
        open_mail(write(content))


def test_places_that_cannot_be_read(tmp_path: Path, write: Callable[..., str]) -> None:
    for path in (str(tmp_path / "none.eml"), "a\0b"):
        with pytest.raises(DkcrmError) as caught:
            open_mail(path)
        assert caught.value.code == "io"
    (tmp_path / "empty").mkdir()
    with pytest.raises(InvalidInput):
        open_mail(str(tmp_path / "empty"))
    for encoding in ("no-such", "base64", "punycode"):
        with pytest.raises(InvalidInput):
            open_mail(write(PLAIN), encoding=encoding)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (PLAIN, "eml"),
        (b"\xef\xbb\xbf" + PLAIN, "eml"),
        (PLAIN.replace(b"\n", b"\r\n"), "eml"),
        (ENVELOPE + PLAIN, "mbox"),
        (ENVELOPE + b">From b@x.example Sat\n" + PLAIN, "mbox"),
        (b"From: a@x.example\nSubject: x\n\nHi", "eml"),
        (b"Received: by x\n\tfor y\nMessage-ID: <x>\n\nHi", "eml"),
        (b"X-Own: 1\nFrom: a@x.example\nDate: now", "eml"),
        (b"From: a@x.example\n\nSubject: x", None),
        (b"BEGIN:VCARD\nVERSION:3.0\nFN:Anna\nEMAIL:a@x.example\nEND:VCARD\n", None),
        (b"dn: cn=Anna\nmail: a@x.example\ncn: Anna\n", None),
        (b"version: 1\n\ndn: cn=Anna\nsubject: x\nto: y\n", None),
        (b"from: 2026-01-01\nto: 2026-02-01\nsubject: report\n", None),
        (b"From: 10\nTo: 20\nDate: 2026\n", None),
        (b"---\nname: Anna\nemail: a@x.example\n", None),
        (b"HTTP/1.1 200 OK\nDate: x\nContent-Type: text/html\n", None),
        (b"From,To,Subject,Date\na@x.example,b@x.example,x,y\n", None),
        (b"From: ,To: \nx", None),
        (b"From Anna with love\n\nSubject: x\n", None),
        (b"", None),
        (b"\0" * 100, None),
        (b"a" * 100_000, None),
    ],
)
def test_recognised(head: bytes, kind: str | None) -> None:
    assert looks_like_mail(head) == kind


def test_is_maildir(tmp_path: Path) -> None:
    assert not is_maildir(str(tmp_path / "none"))
    assert not is_maildir("a\0b")
    (tmp_path / "cur").mkdir()
    assert not is_maildir(str(tmp_path))
    (tmp_path / "new").mkdir()
    assert is_maildir(str(tmp_path))


# The file of rejects


def rejects_file(source: Records) -> str:
    """Return what the file of rejects has."""
    out = io.StringIO()
    source.write_rejects(out, source.rejects)
    return out.getvalue()


def test_rejects_are_an_mbox_to_be_mended(write: Callable[..., str], tmp_path: Path) -> None:
    body = b"Perch\xe9\nFrom here\n>From there\n" + b"long\n" * 20_000
    bad = mail("From: Anna, no address", "Content-Type: text/plain; charset=iso-8859-1", body=body)
    source = open_mail(
        write(box(PLAIN, bad.replace(b"\nFrom here", b"\n>From here").replace(b"\n>From t", b"\n>>From t")))
    )
    assert len(list(source.records)) == 1
    path = tmp_path / "rejects.mbox"
    with open(path, "w", encoding="utf-8", newline="") as file:
        source.write_rejects(file, source.rejects)
    lines = path.read_bytes().splitlines()
    assert lines[:3] == [ENVELOPE.strip(), b"X-Dkcrm-Line: 14", b"X-Dkcrm-Reason: no sender's address"]
    path.write_bytes(path.read_bytes().replace(b"no address", b"a@x.example"))
    with open_mail(str(path)) as again:
        (record,) = again.records
    assert emails(record) == ["a@x.example"]
    assert record.messages[0].text.startswith("Perché\nFrom here\n>From there\nlong\nlong")
    assert record.messages[0].text.count("long") == 20_000
    assert record.messages[0].key == "id@x.example"


def test_rejects_of_rejects_carry_one_reason(write: Callable[..., str]) -> None:
    source = open_mail(write(box(mail("List-Id: l"))))
    list(source.records)
    again = open_mail(write(rejects_file(source).encode(), "again.mbox"))
    list(again.records)
    assert rejects_file(again).count("X-Dkcrm-Line") == 1
    assert again.rejects.first[0].reason == "a mailing list"


def test_rejects_of_a_consumer_and_of_a_box_that_has_gone(write: Callable[..., str]) -> None:
    path = write(box(PLAIN, mail("List-Id: l"), mail(sender="z@x.example")))
    source = open_mail(path)
    records = list(source.records)
    source.rejects.append(Reject(records[1].line, "is refused\nby me", [records[1].raw]))
    whole = rejects_file(source)
    os.unlink(path)
    for text in (whole, rejects_file(source)):
        again = open_mail(write(text.encode(), "again.mbox"))
        assert [emails(record)[0] for record in again.records] == ["z@x.example"]
        assert len(again.rejects) == 1
        assert "X-Dkcrm-Line: 14\nX-Dkcrm-Reason: a mailing list\n" in text
        assert "X-Dkcrm-Reason: is refused by me\n" in text


def test_rejects_of_a_directory(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(PLAIN)
    (tmp_path / "b.eml").write_bytes(mail("List-Id: l", body="whole"))
    source = open_mail(str(tmp_path))
    list(source.records)
    text = rejects_file(source)
    assert text.startswith("From MAILER-DAEMON ")
    assert "X-Dkcrm-Line: 2\nX-Dkcrm-Reason: b.eml: a mailing list\n" in text
    assert text.endswith("whole\n\n")


# Hostile input


def nested(depth: int) -> bytes:
    """Return multiparts in multiparts."""
    head = "".join(f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n" for level in range(depth))
    return structured(head + "Content-Type: text/plain\n\ndeep")


@pytest.mark.parametrize(
    "raw",
    [
        nested(1_000),
        structured("Content-Type: message/rfc822\n\n" * 5_000 + "deep"),
        structured("Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\nx\n" * 100_000),
        structured("Content-Type: multipart/mixed; boundary=b\n\n" + "--\n" * 500_000),
        structured("Content-Type: multipart/mixed; boundary=b\n\n" + "--b" * 500_000),
        mail("Subject: " + "=?utf-8?q?a?= " * 50_000),
        mail("Subject: " + "=?a?q?" * 100_000),
        mail("Subject: " + "=?utf-8?b?" + "A" * 1_000_000 + "?="),
        mail("X-Long: " + "y" * 5_000_000),
        mail("Subject: " + "y" * 5_000_000),
        mail(*["X-Many: 1"] * 200_000),
        mail("To: " + "a@x.example, " * 50_000),
        mail("Content-Type: text/plain" + '; x="' * 10_000),
        mail("Content-Type: text/plain" + "; charset*1*=''" * 10_000),
        mail("Content-Type: text/html", body="<a <b " * 200_000),
        mail("Content-Type: text/html", body="<td>" * 200_000),
        mail("Content-Type: text/html", body="</script " * 100_000 + "<script>" * 100_000),
        mail("Content-Type: text/html", body="<!" * 200_000 + "&#" + "9" * 10_000 + ";"),
        mail("Content-Type: text/html", body="<a \">'>" * 100_000),
        mail(body="Name: " + " " * 500_000 + "x"),
        mail(body=(" \t" * 30 + "a") * 10_000),
        mail(body="a: " * 100_000),
        mail(body="a@" * 100_000),
        mail(body=b"\0" * 1_000_000),
        mail(body="x" * 3_000_000),
        mail("Content-Transfer-Encoding: quoted-printable", body="=" * 1_000_000),
        mail("Date: " + "1" * 100_000),
        mail("Date: Sat, 21 Nov 99999999999 10:00:00 +0000"),
    ],
    ids=lambda raw: repr(raw[-30:]),
)
def test_hostile_messages_cost_little(read: Read, raw: bytes) -> None:
    records, rejects = read(box(raw, PLAIN))
    assert len(records) + len(rejects) == 2
    assert emails(records[-1]) == ["anna@bianchi.example"]
    assert all(len(record.messages[0].text) <= 200_000 for record in records)


@pytest.mark.parametrize(
    "sender", ["(" * 100_000, '"' * 100_001, '"\\"' * 50_000, "<" * 100_000, "a@" * 50_000, ":;" * 50_000]
)
def test_hostile_senders(read: Read, sender: str) -> None:
    records, rejects = read(box(mail(f"From: {sender}"), PLAIN))
    assert (len(records), len(rejects)) == (1, 1)


def test_at_most_a_thousand_parts_are_read(read: Read) -> None:
    parts = "".join(f"--b\n\npart {number}\n" for number in range(3_000))
    text = text_of(read(structured(f"Content-Type: multipart/mixed; boundary=b\n\n{parts}--b--\n")))
    assert text.startswith("part 0\n\npart 1\n")
    assert "part 900\n" in text


def test_memory_is_bounded(write: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxes, "LARGEST", 1 << 20)
    path = write(
        ENVELOPE + PLAIN + b"x" * (30 << 20) + b"\n\n" + box(*[mail("List-Id: l", body="y" * 500_000)] * 20, PLAIN)
    )
    tracemalloc.start()
    try:
        source = open_mail(path)
        assert len(list(source.records)) == 1
        assert len(source.rejects) == 21
        assert tracemalloc.get_traced_memory()[1] < 12 << 20
    finally:
        tracemalloc.stop()


PIECES = st.sampled_from(
    [
        b"From: Anna <a@x.example>\n", b"From: ", b"To: me@me.example\n", b"Subject: =?utf-8?q?=C3?=\n", b"\n", b"\r\n",
        b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: multipart/alternative; boundary=\"c\"\n",
        b"--b\n", b"--b--\n", b"--c\n", b"Content-Type: message/rfc822\n", b"Content-Type: text/html\n", b"<p>",
        b"<script>", b"\0", b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: quoted-printable\n",
        b"=E9=\n", b" folded\n", b"Date: Sat, 21 Nov 2026 10:00:00 +0100\n", b"Date: 1 Jan 0000\n",
        b"Received: ;\n", b"Message-ID: <", b">\n",
        b"From a@x Sat Nov 21 10:00:00 2026\n", b">From \n", b"Name: x\n", b"Email: a@x.example\n", b"Message: y\n",
        b"Content-Type: text/plain; charset=", b"utf-7\n", b"format=flowed;", b"Auto-Submitted: ", b"=?", b"?b?", b"?=",
        b"filename*0*=utf-8''%E", b"Content-Disposition: attachment; ",
    ]
)  # fmt: skip


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=40), mine=st.booleans())
def test_nothing_but_an_error_of_ours_escapes(write: Callable[..., str], pieces: list[bytes], mine: bool) -> None:
    path = write(b"MIME-Version: 1.0\n" + b"".join(pieces), "in.mbox")
    with open_mail(path, mine=frozenset(["a@x.example"] if mine else [])) as source:
        records = list(source.records)
    assert len({record.line for record in records}) + len(source.rejects) >= 1
    for record in records:
        record.raw.encode()
        assert emails(record)
        assert set(record.values) & {"name", "first_name", "last_name", "organization"}
        assert record.messages[0].key
        for text in (record.messages[0].text, record.messages[0].subject or "", *record.values.values()):
            assert not set(text) & set("\0\r\x1b\x7f\u202e")
            text.encode()
    out = io.StringIO()
    source.write_rejects(out, source.rejects)
    assert out.getvalue().count("X-Dkcrm-Line") == len(source.rejects)
