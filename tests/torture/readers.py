# ruff: noqa: E501 - seeds and cases are read best on one line
"""Every reader as a function of bytes: it gives what it reads, or a DkcrmError; whatever else it does is a finding.

``TARGETS`` names them. ``test_hostile.py`` calls them with random bytes and with what was found before;
``fuzz.py`` with what atheris makes of its corpus.
"""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from conftest import Crm

from dkcrm.errors import DkcrmError

NOW = "2026-11-22T09:00:00Z"
TODAY = date(2026, 11, 22)
#: What a run may end with; 1 only where a file cannot be opened at all.
CODES = (0, 2, 3, 4, 5)
Target = Callable[[bytes], None]
TARGETS: dict[str, Target] = {}
#: Where files are written: in memory, where the system has that.
HOME = Path(tempfile.mkdtemp(prefix="dkcrm-hostile-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None))


def target(function: Target) -> Target:
    """Name a target as its function is named."""
    TARGETS[function.__name__.rstrip("_")] = function
    return function


def finish() -> None:
    """Remove what the targets wrote."""
    shutil.rmtree(HOME, ignore_errors=True)


def text_of(data: bytes) -> str:
    """Return bytes as a text as a shell would hand it over: what is no UTF-8 comes as lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


def tried(function: Callable[..., Any], *given: Any, **more: Any) -> Any:
    """Call a function that may refuse what it is given; return its answer, or None."""
    try:
        return function(*given, **more)
    except DkcrmError as error:
        assert error.message
        return None


# Readers


def read_whole(name: str, data: bytes, format: str | None = None) -> None:
    """Read a file as an import does: all of its records, those rejected, all of them again, and the file of rejects."""
    from dkcrm.services.reading import Options, Reading

    path = HOME / name
    path.write_bytes(data)
    try:
        reading = Reading(str(path), Options(format=format), {})
    except DkcrmError as error:
        assert error.message
        return
    with reading.source:
        lines = []
        for line, text, item in reading.items():
            assert isinstance(text, str)
            lines.append(line)
            record = tried(reading.record, line, item)
            if record is not None:
                assert all(isinstance(value, str) for value in record.values.values())
        rejects = list(reading.source.rejects)
        assert all(reject.reason and all(isinstance(cell, str) for cell in reject.row) for reject in rejects)
        out = io.StringIO()
        reading.source.write_rejects(out, rejects)
        # What was read once is there when it is read again; what was not rejected is not lost.
        if lines:
            assert set(reading.raw_at(set(lines))) == set(lines)
        count_lines(reading.format, data, lines, [reject.line for reject in rejects])


def count_lines(format: str, data: bytes, lines: list[int], rejected: list[int]) -> None:
    """Check that each line of a file without quotes is a record or a reject, where a line is a record."""
    if format != "jsonl" or not data.isascii() or any(mark in data for mark in b"[\r\x0b\x0c\x1c\x1d\x1e\x1f\x00"):
        return
    there = [n for n, line in enumerate(data.split(b"\n"), start=1) if line.strip()]
    assert sorted({*lines, *rejected}) == there, (lines, rejected, there)


@target
def csv(data: bytes) -> None:
    read_whole("file.csv", data, "csv")


@target
def vcard(data: bytes) -> None:
    read_whole("file.vcf", data, "vcard")
    read_whole("file.json", data, "jcard")


@target
def cards_back(data: bytes) -> None:
    """Read cards, and write each of them as every version again."""
    from dkcrm.formats.vcard import reader, writer

    path = HOME / "back.vcf"
    path.write_bytes(data)
    source = tried(reader.open_vcard, str(path))
    if source is None:
        return
    with source:
        for record in source.records:
            entity = {
                "id": 1, "uid": "0199a000-0000-7000-8000-000000000000", "type": "person", "party": "person",
                "name": record.values.get("name") or "A", "first_name": record.values.get("first_name"),
                "last_name": record.values.get("last_name"), "organization": record.values.get("organization"),
                "job_title": None, "vat_id": None, "tax_code": None, "website": None, "source": None, "tags": record.tags,
                "state": "active", "emails": [], "phones": [], "addresses": [], "links": [], "fields": {}, "notes": "",
                "memberships": [], "created_at": NOW, "updated_at": NOW, "cards": [record.card or ""],
            }  # fmt: skip
            for version in ("3.0", "4.0"):
                writer.write_cards([(entity, [record.card or ""])], io.StringIO(), version=version)


@target
def json_(data: bytes) -> None:
    read_whole("file.json", data, "json")
    read_whole("file.jsonl", data)


@target
def ldif(data: bytes) -> None:
    read_whole("file.ldif", data, "ldif")


@target
def mail(data: bytes) -> None:
    read_whole("file.eml", data, "mail")
    read_whole("file.mbox", b"From a@x.it Sun Nov 22 09:00:00 2026\n" + data, "mail")


@target
def maildir(data: bytes) -> None:
    """Read bytes as the letters of a Maildir: a NUL byte ends each."""
    from dkcrm.services.reading import Options, Reading

    home = HOME / "maildir"
    shutil.rmtree(home, ignore_errors=True)
    for folder in ("cur", "new", "tmp"):
        (home / folder).mkdir(parents=True)
    for n, letter in enumerate(data.split(b"\0")[:20]):
        (home / ("cur" if n % 2 else "new") / f"{n}.x:2,S").write_bytes(letter)
    reading = tried(Reading, str(home), Options(), {})
    if reading is not None:
        with reading.source:
            for line, _text, item in reading.items():
                tried(reading.record, line, item)


@target
def xlsx(data: bytes) -> None:
    read_whole("file.xlsx", data, "xlsx")


@target
def sheet(data: bytes) -> None:
    """Read bytes as the only sheet of a workbook that is sound but for it."""
    import zipfile

    path = HOME / "sheet.zip"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types"/>')
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" Type="{rels}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{rels}"><sheets><sheet name="S" sheetId="1" r:id="r"/></sheets>'
            "</workbook>",
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" Type="{rels}/worksheet"'
            ' Target="worksheets/sheet1.xml"/></Relationships>',
        )
        book.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>'.encode() + data)
    read_whole("sheet.xlsx", path.read_bytes(), "xlsx")


@target
def anything(data: bytes) -> None:
    """Read bytes as whatever they are taken for."""
    read_whole("file", data)


@target
def rules(data: bytes) -> None:
    from dkcrm.formats.rulesfile import read_rules, write_rules

    path = HOME / "rules.toml"
    path.write_bytes(data)
    read = tried(read_rules, str(path))
    if read is not None and len(read.columns) < 50:  # tomlkit takes the square of them to write
        again = HOME / "again.toml"
        again.unlink(missing_ok=True)
        write_rules(str(again), read)
        read_rules(str(again))


@target
def settings(data: bytes) -> None:
    """Read bytes as the config file."""
    from dkcrm import config

    path = Path(config.config_path())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    try:
        tried(config.read_file)
    finally:
        path.unlink()


# What people type

NUMBERS = ("1", "-5", "0", "3.14", "1.234,56")
KINDS = ("text", "int", "decimal", "money", "date", "bool", "choice", "url")


@target
def words(data: bytes) -> None:
    """Read a text as each of the small things that a person types."""
    from dkcrm.domain import (
        campaign,
        consent,
        dates,
        entity,
        lifecycle,
        money,
        periods,
        phone,
        product,
        retention,
        rotation,
        task,
        text,
        ticket,
        values,
        when,
    )  # fmt: skip
    from dkcrm.formats import caldates, cells, headers, looks
    from dkcrm.formats.mail import addresses

    said = text_of(data)
    for word in (said, said.strip()):
        moment = tried(when.parse_when, word, NOW)
        if moment is not None:
            when.local(moment)
            when.day_of(moment)
            task.shown_due(moment)
            task.part_of(moment, NOW)
        for read in (dates.parse_time, periods.span):
            tried(read, word, NOW)
        for read in (dates.parse_date, periods.days):
            tried(read, word, TODAY)
        for order in (None, "dmy", "mdy", "ymd"):
            day = caldates.read_date(word, order)
            if day is not None and len(day) == 10:
                date.fromisoformat(day)
        tried(money.parse_decimal, word)
        for currency in ("EUR", "JPY", "KWD"):
            amount = tried(money.parse_amount, word, currency)
            if amount is not None and currency != "KWD":  # 1.000 can mean two numbers
                assert tried(money.parse_amount, money.format_amount(amount, currency), currency) == amount
        for region in ("IT", "US"):
            number = phone.e164(word, region)
            assert number is None or (number.isascii() and number.startswith("+") and number[1:].isdigit()), number
            assert number == phone.long_road(word, region)
            phone.beginnings(word, region)
        for read in (
            rotation.parse_rule, task.parse_ahead, task.check_priority, product.parse_quantity,
            lifecycle.parse_profile, lifecycle.check_state, campaign.check_name, campaign.check_channel,
            consent.check_purpose, values.check_email, values.check_phone, values.check_link, values.check_field_name,
            ticket.check_state, entity.type_named, product.is_quantity, values.code_key,
            values.email_key, text.fold, text.strip_marks, headers.field_for, headers.label_for, headers.known_label,
            headers.id_rank, headers.words_of, cells.label_of, cells.party_of, cells.guard, cells.unguard,
            looks.is_email, looks.is_url, looks.is_phone, addresses.mailboxes, addresses.valid, addresses.address_in,
            addresses.display_name,
        ):  # fmt: skip
            tried(read, word)
        rule = tried(retention.parse_rule, word)
        if rule is not None:
            assert tried(rule.cutoff, NOW) != ""
        for kind in ("email", "phone", "link", "tag"):
            cells.split_values(word, kind)
            cells.is_blank(word, kind)
            tried(values.split_label, word, kind)
        for kind in KINDS:
            tried(values.check_field_value, "f", kind, word, '["a", "b"]')
        for side in (True, False):
            tried(values.tax_code_side, word, side, not side)


@target
def every(data: bytes) -> None:
    """Read a text as how often a task comes back; whatever was taken can be reckoned with, quickly."""
    from dkcrm.domain import recurrence

    said = text_of(data)
    for due in ("2026-11-30", "2028-02-29", "2026-03-29T01:30:00Z", "9999-12-01", "0001-01-01"):
        rule = tried(recurrence.parse_rule, said, due)
        if rule is None:
            continue
        assert recurrence.is_rule(rule), rule
        recurrence.next_due(rule, due, due, NOW)
        recurrence.from_here(rule, due, due)
        assert recurrence.is_rule(recurrence.anchored(rule, TODAY))


@target
def likeness(data: bytes) -> None:
    """Take a text for the names and values of two who may be one, and compare them."""
    from dkcrm.domain.matching import words as told
    from dkcrm.domain.matching.names import alike
    from dkcrm.domain.matching.spelling import halves, spellings

    said = text_of(data)
    for read in (
        told.person_words,
        told.firm_words,
        told.is_firm,
        told.town,
        told.street,
        told.whole_address,
        spellings,
    ):
        read(said)
    mine = told.person_words(said)
    for one in mine[:5]:
        for other in mine[-5:]:
            assert alike(one, other) == alike(other, one)
        halves(one)


# A small book


def book() -> Path:
    """Return a small book with something of every kind, made once; tests work on copies."""
    from dkcrm.session import Session

    Session.__init__.__kwdefaults__["clock"] = lambda: NOW
    whole = HOME / "book.db"
    if not whole.exists():
        os.environ["DKCRM_DB"] = str(whole)
        for said in BOOK:
            done = Crm()(*said, "--no-input", "--json")
            assert done.code == 0, (said, done)
    return whole


BOOK: tuple[tuple[str, ...], ...] = (
    ("field", "add", "budget", "--kind", "money"),
    ("field", "add", "size", "--kind", "int"),
    ("field", "add", "since", "--kind", "date"),
    ("field", "add", "grade", "--kind", "choice", "--choice", "a", "--choice", "b"),
    ("add", "lead", "Anna Bianchi", "--org", "Bianchi S.r.l.", "--email", "work:anna@bianchi.it", "--phone", "02 1234567",
     "--tag", "vip", "--note", "met at the fair", "--field", "budget=5000", "--field", "since=2026-01-02",
     "--vat", "01234567890", "--address", "home:Via Roma 1", "--link", "https://bianchi.it", "--source", "web"),
    ("add", "person", "Luca Verdi", "--field", "size=3", "--field", "grade=a", "--email", "luca@verdi.it"),
    ("add", "organization", "Rossi S.p.A.", "--tag", "vip", "--tag", "big"),
    ("add", "suspect", "D'Angelo Nicolò"),
    ("log", "1", "email", "hello", "--in", "--subject", "Hi"),
    ("link", "2", "3", "--role", "buyer"),
    ("assess", "1", "--yes", "budget,market-fit", "--note", "sure"),
    ("purchase", "2", "Annual plan", "--amount", "1200", "--currency", "EUR"),
    ("task", "add", "call", "--for", "1", "--due", "2026-11-30", "--every", "month", "--remind", "1d"),
    ("ticket", "open", "2", "printer on fire"),
    ("campaign", "add", "fair", "1", "2", "--basis", "contract"),
    ("privacy", "consent", "1", "give", "marketing"),
    ("segment", "save", "warm", "tag:vip"),
    ("keep", "1", "90d"),
    ("merge", "4", "1", "--yes"),
)  # fmt: skip


def fresh() -> None:
    """Work on a copy of the book from now on."""
    whole = book()
    copy = HOME / "copy.db"
    for suffix in ("", "-wal", "-shm"):
        copy.with_name(copy.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(whole, copy)
    copy.chmod(0o600)
    os.environ["DKCRM_DB"] = str(copy)


def command(*said: str, input: str = "") -> Any:
    """Run a command on the copy; whatever it says, it must say it as a program does."""
    done = Crm()(*said, "--no-input", "--json", input=input)
    assert done.code in (0, 5) or done.err, (said, done)
    told = done.error if done.code not in (0, 5) else None
    assert done.code in CODES or (done.code == 1 and told["error"] != "internal"), (said, done)
    if told is not None and "bytes that are not valid text" in told["message"]:
        assert not (input + "".join(said)).isprintable() and said[0] != "import", (said, done)
    return done


@target
def filter_(data: bytes) -> None:
    """Read a text as a filter, make SQL of it, and run that."""
    from dkcrm.domain import query, scanning
    from dkcrm.session import Session
    from dkcrm.store.connection import open_reading
    from dkcrm.store.listing import Scope, listed

    os.environ["DKCRM_DB"] = str(book())
    arguments = text_of(data).split("\0")
    read = tried(query.read, arguments)
    if read is None:
        return
    # Joined for keeping, it says the same.
    again = tried(query.read, [scanning.joined(arguments)])
    assert again is not None and plain(again.node) == plain(read.node), (read, again)
    session = Session()
    connection = open_reading(session)
    try:
        tried(lambda: list(listed(session, connection, read, Scope(), limit=5)))
    except UnicodeEncodeError:
        # The program says so of all that is typed (exit 2): such bytes are in no database.
        assert not read.text.isprintable()
    finally:
        connection.close()


def plain(node: Any) -> Any:
    """Return a tree of a filter without the places of its terms."""
    if hasattr(node, "place"):
        return node._replace(place=0)
    if isinstance(node, tuple):
        return tuple(map(plain, node))
    return [plain(part) for part in node] if isinstance(node, list) else node


@target
def find(data: bytes) -> None:
    os.environ["DKCRM_DB"] = str(book())
    said = text_of(data)
    if said.strip() and not said.startswith("-") and "\0" not in said:
        command("find", said)
        command("mailquery", said)
        command("show", said)
        command("tag", "-", "x", "--dry-run", input=said.encode("utf-8", "replace").decode())


@target
def edited(data: bytes) -> None:
    """Take a text for what an editor left of an entity."""
    from dkcrm.services.editing import apply
    from dkcrm.session import Session
    from dkcrm.store.connection import open_reading
    from dkcrm.store.entities import load

    fresh()
    connection = open_reading(Session())
    entity = load(connection, 1)
    connection.close()
    assert entity is not None
    tried(apply, Session(command="edit"), entity, data.decode("utf-8", "replace"))


@target
def imported(data: bytes) -> None:
    """Import bytes into the book; what came in can be undone, and the book is sound."""
    fresh()
    path = HOME / "given"
    path.write_bytes(data)
    come_in(path)


def come_in(path: Path) -> None:
    done = command("import", str(path), "--type", "lead", "--rejects", str(HOME / "rejects"))
    (HOME / "rejects").unlink(missing_ok=True)
    if done.code not in (0, 5):
        return
    told = done.json
    assert told["read"] == sum(told[name] for name in ("created", "filled", "changed", "unchanged", "rejected")), told
    assert (done.code == 5) == (told["rejected"] > 0)
    assert command("doctor").code == 0
    command("export", "--all", "--format", "json")
    if told["operation"] is not None:
        assert command("undo").code == 0


HOSTILE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2, 2**31, 2**53, 2**63, 2**64, 10**30, -(2**63) - 1, 0.5, -0.0, 1e308, "", " ", "x", "\x00",
    "\x1b[31m", "\ud800", "\u202e", "a\nb", "0", "1", "-1", "1e400", "9" * 5000, "9999-12-31T23:59:59Z",
    "0000-00-00T00:00:00Z", "2026-02-30", "2026-11-22T09:00:00Z", "2026-11-22", "nan", "inf", "NaN", "EUR", "XXX", "person",
    "suspect", "organization", "in", "out", "0199a000-0000-7000-8000-000000000000", "0199a000", "a@x.it", "a" * 2000,
    [], {}, [[]], [{}], {"": ""}, ["x"], [None], {"value": "x"}, [{"value": None}], [[["x"]]],
)  # fmt: skip


def exported() -> Any:
    """Return the book as its own export has it."""
    os.environ["DKCRM_DB"] = str(book())
    return Crm().ok("export", "--all", "--format", "json")


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value inside a value."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield (*way, key)
        yield from places(value[key], (*way, key))


def spoil(value: Any, choose: Callable[[int], int]) -> Any:
    """Change a few places of a JSON value: another value, one of its own, none, or the same twice."""
    for _time in range(1 + choose(4)):
        ways = list(places(value))
        if not ways:
            return value
        way = ways[choose(len(ways))]
        holder = value
        for key in way[:-1]:
            holder = holder[key]
        what = choose(8)
        if what == 0:
            del holder[way[-1]]
        elif what == 1 and isinstance(holder, list):
            holder.append(json.loads(json.dumps(holder[way[-1]])))
        elif what in (2, 3):
            other = value
            for key in ways[choose(len(ways))]:
                other = other[key]
            holder[way[-1]] = json.loads(json.dumps(other))
        elif what == 4 and isinstance(holder, dict):
            holder[str(HOSTILE[choose(len(HOSTILE))])] = holder.pop(way[-1])
        else:
            holder[way[-1]] = json.loads(json.dumps(HOSTILE[choose(len(HOSTILE))]))
    return value


_EXPORT: list[str] = []


@target
def own(data: bytes) -> None:
    """Read our own export back after a few places of it were spoiled, into an empty book and into the one it is of."""
    chance = random.Random(data)
    bytes_ = iter(data)

    def choose(most: int) -> int:
        try:
            return (next(bytes_) * 256 + next(bytes_)) % most
        except StopIteration:
            return chance.randrange(most)

    if not _EXPORT:
        _EXPORT.append(json.dumps(exported()))
    spoilt = spoil(json.loads(_EXPORT[0]), choose)
    path = HOME / "own.json"
    path.write_text(json.dumps(spoilt, ensure_ascii=choose(2) == 0), "utf-8", "surrogatepass")
    if choose(3):
        empty = HOME / "copy.db"
        for suffix in ("", "-wal", "-shm"):
            empty.with_name(empty.name + suffix).unlink(missing_ok=True)
        os.environ["DKCRM_DB"] = str(empty)
    else:
        fresh()
    come_in(path)
