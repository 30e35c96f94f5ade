# ruff: noqa: E501 - seeds and cases are read best on one line
"""Let atheris look for bytes at which a reader breaks: python tests/torture/fuzz.py TARGET [CORPUS] [-libFuzzer options]

Install it beside the project (pip install atheris). ``readers.py`` has the targets, and says what counts as a finding;
without a corpus it begins with the seeds below. The target ``all`` is each of
them in turn, and goes on after a finding (a line that begins with FOUND). As in: python tests/torture/fuzz.py vcard -max_total_time=600 -timeout=10
"""

from __future__ import annotations

import os
import pkgutil
import sys
import tempfile
import traceback
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

SEEDS: dict[str, list[str]] = {
    "csv": ["name,email,tags\nAnna,a@x.it,a;b\n", 'Nome;Tel\n"Rossi; M.";"02 1"\n', "name\tdate\nA\t1/2/2026\n", "sep=;\na;b\n"],
    "vcard": [
        "BEGIN:VCARD\nVERSION:3.0\nFN:Anna\nN:B;A;;;\nitem1.TEL;TYPE=work,pref:+39 02 1\nitem1.X-ABLabel:x\nADR:;;V;R;;1;I\nEND:VCARD\n",
        "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:R=C3=A0;=\nB\nEND:VCARD\n",
        'BEGIN:VCARD\nVERSION:4.0\nFN;ALTID=1;LANGUAGE=it:A\nTEL;VALUE=uri;TYPE="voice,cell":tel:+39-02-1\nBDAY:--0203\nEND:VCARD\n',
        '["vcard",[["version",{},"text","4.0"],["fn",{},"text","Anna"],["tel",{"type":["work"]},"uri","tel:+3902"]]]',
    ],
    "json": [
        '[{"name":"Anna","emails":[{"value":"a@x.it","label":"work"}],"tags":["a"]},{"first_name":"B","phone":"02"}]',
        '{"name":"A","fields":{"b":1}}\n{"properties":{"firstname":{"value":"A"}}}\n',
        '{"data":{"contacts":[{"id":1,"fullName":"A"}],"next":null}}', '{"name": "A", "x": 1e5, "y": "\\ud83d\\ude00"}',
    ],
    "ldif": [
        "version: 1\n\ndn: cn=Anna,dc=x\nobjectclass: person\ncn: Anna\nsn:: Qg==\nmail: a@x.it\ntelephoneNumber: 02\n"
        " 1\nx;lang-it: y\njpegphoto:< file:///x\n",
    ],
    "mail": [
        "From: =?utf-8?q?Anna_B=C3=A0?= <a@x.it>\nTo: me@y.it, \"B, C\" <b@z.it>\nSubject: Hi\nDate: Sun, 22 Nov 2026 09:00:00 "
        "+0100\nMessage-ID: <1@x>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b\"\n\n--b\nContent-Type: "
        "text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n<p>ci=E0o</p>\n--b--\n",
        "From: form@site.it\nReply-To: a@x.it\nSubject: form\n\nName: Anna\nEmail: a@x.it\nPhone: 02 1\nMessage: ciao\n",
    ],
    "maildir": ["From: a@x.it\nTo: b@y.it\n\nHi\n\0From: c@z.it\n\nX\n"],
    "sheet": [
        '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c><c r="B1" t="str"><v>email</v></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>A</t></is></c><c r="B2"><v>1.5</v></c></row></sheetData></worksheet>',
    ],
    "rules": [
        'date_order = "dmy"\n[columns]\n"Nome" = "name"\n"Tel" = { field = "phone", label = "work" }\n[constants]\ntags = ["a"]\n'
        '[type]\ncolumn = "S"\ndefault = "lead"\n[type.values]\nC = "person"\n[[skip]]\ncolumn = "S"\nvalue = ["D"]\n',
    ],
    "settings": ['region = "IT"\nwait = 5\nme = "a@x.it"\n'],
    "words": ["tomorrow at 9", "domani alle 9", "fra 3 giorni", "next friday", "22/11/2026 10:30", "1.234,56", "+39 02 1234567",
              "RSSMRA80A01H501U", "01234567890", "2026-W12", "last 3 months", "7d,4w,12m", "lead inactive 24m", "work:a@x.it",
              "Anna <a@x.it>, b@y.it", "http://x.it/a?b=c", "1h", "Sun, 22 Nov 2026 09:00:00 +0100", "--02-03", "20261122T0900"],
    "every": ["month", "2 weeks", "monday and friday", "FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", "ogni mese", "FREQ=YEARLY;BYWEEKNO=53",
              "FREQ=DAILY;UNTIL=20270101T000000Z;INTERVAL=999", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "giorni feriali"],
    "likeness": ["D'Angelo Nicolò", "Rossi Bianchi & C. S.r.l. in liquidazione", "Via Roma 1/a 20100 Milano (MI)", "ROSSI rosso"],
    "filter": ['tag:vip and not (name:anna or budget:5000..)', 'created:2026-01..', '@warm sort:-updated,name', 'email:none "a b"',
               'name:~^a.*b$', 'budget>=1000 since<2026-05-01', 'consent:marketing last-contact:30d..', 'size!=3 grade=a x'],
    "find": ["anna bianchi", "a@x.it", "02 1234", "d'angelo", "1"],
    "edited": ['name = "A"\ntags = ["a"]\nemails = [{value = "a@x.it", label = "work", side = "person"}]\nnotes = ""\n[fields]\nbudget = "1"\n'],
    "own": ["\0" * 40],
}  # fmt: skip
SEEDS["cards_back"] = SEEDS["vcard"]
SEEDS["anything"] = SEEDS["imported"] = [
    text for name in ("csv", "vcard", "json", "ldif", "mail") for text in SEEDS[name]
]


def workbook() -> bytes:
    """Return a small workbook."""
    from dkcrm.formats.excel.writer import write_xlsx

    with tempfile.TemporaryDirectory() as place:
        write_xlsx(f"{place}/book.xlsx", ["name", "email"], [["Anna", "a@x.it"]])
        return Path(place, "book.xlsx").read_bytes()


def main() -> None:
    """Run one target for as long as libFuzzer is told."""
    import atheris

    for name in [name for name in os.environ if name.startswith(("DKCRM_", "XDG_"))]:
        del os.environ[name]
    home = tempfile.mkdtemp(prefix="dkcrm-fuzz-")
    os.environ |= {"HOME": home, "DKCRM_ACTOR": "tester", "DKCRM_DB": f"{home}/none.db"}
    with atheris.instrument_imports(include=["dkcrm"]):
        # All of them now: what a target imports later would not be looked into.
        import dkcrm

        for module in pkgutil.walk_packages(dkcrm.__path__, "dkcrm."):
            if not module.name.endswith("__main__"):
                import_module(module.name)
    import readers

    name, *options = sys.argv[1:]
    corpus = [word for word in options if not word.startswith("-")]
    seeds, names = Path(home, "seeds"), sorted(readers.TARGETS)
    seeds.mkdir()
    for one in names if name == "all" else [name]:
        for number, data in enumerate([text.encode() for text in SEEDS.get(one, [])] or [workbook()]):
            (seeds / f"{one}{number}").write_bytes((bytes([names.index(one)]) if name == "all" else b"") + data)
    if not corpus:
        options.append(str(Path(home, "corpus")))
        Path(home, "corpus").mkdir()
    function = readers.TARGETS.get(name)
    seen: set[str] = set()

    def run(data: bytes) -> None:
        """Run the target that the first byte chooses, and go on after a finding: one line for each of them."""
        if not data:
            return
        chosen = names[data[0] % len(names)]
        try:
            readers.TARGETS[chosen](data[1:])
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            key = f"{chosen} {type(error).__name__} {where.filename}:{where.lineno}"
            if key not in seen:
                seen.add(key)
                print(f"FOUND {key}: {str(error)[:2000]} {data[1:]!r}", flush=True)

    atheris.Setup([sys.argv[0], *options, str(seeds)], function or run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
