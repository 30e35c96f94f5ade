"""Import a file: what was asked for, checked; the pipeline; and what there is to say of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dkcrm.domain.lifecycle import check_type
from dkcrm.errors import InvalidInput
from dkcrm.formats.bookdir import ENTITIES, is_book
from dkcrm.formats.headers import check_field
from dkcrm.formats.record import Table
from dkcrm.formats.rules import Rules, rules_of
from dkcrm.formats.rulesfile import read_rules, write_rules
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import alike, filling, rejecting
from dkcrm.services.attributes import check_tag
from dkcrm.services.bringing import bring
from dkcrm.services.declaring import POLICIES, Fields, field_name
from dkcrm.services.drafts import COUNTERPARTS, Drafts
from dkcrm.services.pipeline import Import
from dkcrm.services.reading import Options, Reading, plan_number
from dkcrm.services.telling import result
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.recognition import ANY_FILE, any_came_before
from dkcrm.store.settings import fields, types_in_use
from dkcrm.store.since import Overtaken

if TYPE_CHECKING:
    from dkcrm.services.arriving import Arriving


@dataclass
class Wishes:
    """What the user asked of an import, as typed; None where the rules or the file decide."""

    type: str | None = None
    mapping: Sequence[str] = ()
    rules: str | None = None
    save_rules: str | None = None
    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    unmapped: str | None = None
    date_order: str | None = None
    on_match: str | None = None
    on_likeness: str | None = None
    rejects: str | None = None
    strict: bool = False
    tags: Sequence[str] = ()
    source: str | None = None
    said: list[str] = field(default_factory=list)


def import_file(session: Session, path: str, wishes: Wishes) -> Result:
    """Import the records of a file or directory (``-`` is standard input), in one operation.

    Records that are entities already are filled in; those that cannot be taken are reported by line, and the exit
    status is then 5. Raises InvalidInput for a file that cannot be read as anything known, Refused where it can be read
    in two ways, StorageError where the database cannot be written: then nothing was.
    """
    rules = read_rules(wishes.rules) if wishes.rules else Rules()
    if _on_match(rules, wishes) == filling.ASK and session.ask is None:
        raise InvalidInput(
            _("--on-match ask needs a terminal to ask at"), hint=_("use --on-match skip, fill or update")
        )
    if wishes.save_rules and os.path.lexists(wishes.save_rules):
        raise InvalidInput(
            _("{path} is there already").format(path=wishes.save_rules), hint=_("name a new file for the rules")
        )
    _check_rejects(wishes.rejects, path, session.db)
    beside = _beside(path)
    place = os.path.join(path, ENTITIES) if beside else path
    with _opened(session, path, place, rules, wishes, beside) as job:
        if wishes.save_rules and not session.dry_run:
            write_rules(wishes.save_rules, _rules_of(job, rules, wishes))
        _propose(session, job.reading)
        with suppress(Overtaken):
            return _outcome(session, job, wishes, bring(session, job, aside=True))
    # What came from standard input has been kept.
    with _opened(session, path, job.reading.place, rules, wishes, beside) as job:
        return _outcome(session, job, wishes, bring(session, job))


@contextmanager
def _opened(
    session: Session, path: str, place: str, rules: Rules, wishes: Wishes, beside: Arriving | None
) -> Iterator[Import]:
    """Open what is imported from a path, where it lies (``place``), and see what it is; a job that has not begun."""
    connection = open_reading(session)
    try:
        declared, in_use = fields(connection), types_in_use(connection)
        first = not any_came_before(connection)
    finally:
        connection.close()
    options = Options(
        mapping=[_pair(text, declared) for text in wishes.mapping],
        rules=rules,
        format=wishes.format,
        encoding=wishes.encoding,
        delimiter=wishes.delimiter,
        sheet=wishes.sheet,
        unmapped=_one_of(wishes.unmapped or rules.unmapped or "field", POLICIES, "--unmapped"),
        date_order=wishes.date_order or rules.date_order,
        mine=session.mine,
    )
    reading = Reading(place, options, declared)
    with reading.source:
        types = _types(wishes, rules, reading, in_use)
        tags = [check_tag(tag) for tag in (*rules.tags, *wishes.tags)]
        source = wishes.source or rules.source
        custom = Fields(declared, unmapped=options.unmapped, order=reading.order)
        if isinstance(reading.source, Table):
            custom.named = reading.rows.named
        custom.kinds = {name: (kind, "both", None) for name, kind in reading.kinds.items()}
        custom.kinds |= beside.kinds() if beside else {}
        custom.ours = reading.layout == "dkcrm"
        drafts = Drafts(
            types, custom, in_use=in_use, region=session.region, now=session.clock(), new_uid=session.uid,
            tags=tags, source=source, scope=_scope(reading, wishes.source),
            lenient=reading.lenient or reading.layout == "dkcrm",
            of_program=reading.lenient or reading.of_emails or reading.layout is not None,
        )  # fmt: skip
        yield Import(
            session, path, reading, drafts, on_match=_on_match(rules, wishes), strict=wishes.strict,
            plans=[plan_number(text, types, tags, source) for text in reading.plan_texts()],
            beside=beside, first=first,
            on_likeness=_on_likeness(rules, wishes),
        )  # fmt: skip


def _outcome(session: Session, job: Import, wishes: Wishes, operation: int | None) -> Result:
    """Write the rejected rows, and say what came of the import."""
    job.rejects.sort()
    file, warning = _write_rejects(session, job, wishes)
    return result(session, operation, job, file, warning)


def _beside(path: str) -> Arriving | None:
    """Return what is beside the entities, where a whole database was written to a directory."""
    if not is_book(path):
        return None
    from dkcrm.services.arriving import Arriving

    return Arriving(path)


def _check_rejects(rejects: str | None, *taken: str) -> None:
    """Refuse to write rejected rows over the file that they come from, or over the database."""
    for path in taken if rejects and os.path.exists(rejects) else ():
        if os.path.exists(path) and os.path.samefile(str(rejects), path):
            raise InvalidInput(
                _("the rejected rows cannot go to {path} itself").format(path=path),
                hint=_("name another file with --rejects FILE"),
            )


def _one_of(word: str, words: Sequence[str], option: str) -> str:
    if word not in words:
        raise InvalidInput(
            _("{option} takes one of {words}: {word}").format(option=option, words=", ".join(words), word=word)
        )
    return word


def _on_match(rules: Rules, wishes: Wishes) -> str:
    return _one_of(wishes.on_match or rules.on_match or filling.FILL, filling.MODES, "--on-match")


def _on_likeness(rules: Rules, wishes: Wishes) -> str:
    return _one_of(wishes.on_likeness or rules.on_likeness or alike.CREATE, alike.LIKENESS, "--on-likeness")


def _pair(text: str, declared: dict[str, Any]) -> tuple[str, str]:
    """Return the header and the field of a ``HEADER=FIELD``; the last ``=`` divides them."""
    header, equals, name = text.rpartition("=")
    if not equals or not header.strip():
        raise InvalidInput(
            _("write a mapping as HEADER=FIELD: {text}").format(text=text), hint='--map "Account Name=organization"'
        )
    name = name.strip()
    if name in ("-", ""):
        return header, "-"
    found = check_field(name)
    if found.startswith("field:"):
        custom = found[6:].strip().lower()
        return header, f"field:{custom if custom in declared else field_name(custom)}"
    return header, found


def _types(wishes: Wishes, rules: Rules, reading: Reading, in_use: Sequence[str]) -> tuple[str, ...]:
    """Return the type of the records, or the pair of a person's and an organization's; raises where nothing says it."""
    said = wishes.type or rules.type or rules.type_default
    if said:
        types = tuple(check_type(word, in_use) for word in said.split(","))
        if len(types) > 1 and (len(types) > 2 or COUNTERPARTS.get(types[0]) != types[1]):
            raise InvalidInput(
                _("not a type, nor a pair of types: {types}").format(types=said),
                hint=_("a pair is prospect,target or person,organization: people and organizations in one file"),
            )
        return types if types[0] not in ("target", "organization") or len(types) == 1 else (types[1], types[0])
    mapping = reading.mapping
    if mapping is not None and (rules.type_column or "type" in mapping.fields):
        return ()
    if mapping is not None and mapping.type:
        return (check_type(mapping.type, in_use),)
    if reading.is_mail:
        return (check_type("lead", in_use),)
    if reading.lenient:
        return ()
    raise InvalidInput(
        _("say what the rows of {path} are").format(path=reading.path),
        hint=_("--type {types}, or for people and organizations in one file --type person,organization").format(
            types="|".join(in_use)
        ),
    )


def _scope(reading: Reading, source: str | None) -> str:
    """Return by whose ids the records are known: the program's, and the source's where the user names one."""
    scope = reading.scope or ANY_FILE
    return f"{scope}:{source}" if source else scope


def _rules_of(job: Import, rules: Rules, wishes: Wishes) -> Rules:
    """Return rules that read the next file of the kind as this one is read."""
    reading, drafts = job.reading, job.drafts
    saved = copy(rules)
    if isinstance(reading.source, Table) and reading.mapping is not None:
        found = rules_of(reading.source.headers, reading.mapping)
        saved.columns, saved.labels, saved.comments = found.columns, found.labels, found.comments
    if not saved.type_column:
        saved.type = ",".join(drafts.types) or None
    saved.tags = list(drafts.tags)
    saved.source = wishes.source or rules.source
    saved.date_order = reading.order
    for name in ("unmapped", "on_match", "on_likeness", "delimiter", "encoding", "sheet"):
        setattr(saved, name, getattr(wishes, name) or getattr(rules, name))
    return saved


def _propose(session: Session, reading: Reading) -> None:
    """Show what the columns are taken for, where it was guessed, and ask whether that is right."""
    rows = reading.described()
    guessed = [row for row in rows if row["how"] == "values"]
    if session.ask is None or session.dry_run or not guessed:
        return
    # Where a header says what it is, nobody is asked; where only the look of the values does, it is a guess.
    lines = [
        f"  {row['column']} → {row['field'] or '-'}{' (' + row['label'] + ')' if row['label'] else ''}"
        f"{_(' ?') if row in guessed else ''}"
        for row in rows
    ]
    answer = session.ask("\n".join([_("columns:"), *lines, _("import so? [Y/n]")]))
    if answer is None or answer.strip().lower() not in ("", "y", "yes", "s", "sì", "si"):
        raise InvalidInput(
            _("nothing was imported"),
            hint=_("say what a column is with --map HEADER=FIELD, or leave it out with --map HEADER=-"),
        )


def _write_rejects(session: Session, job: Import, wishes: Wishes) -> tuple[str | None, str | None]:
    """Write the rejects where there are any; return the file's path, or the reason why there is none."""
    if not len(job.rejects) or session.dry_run:
        return None, None
    suffix = job.reading.source.suffix
    path = wishes.rejects or rejecting.default_path(job.path, suffix)
    if path is None:
        return None, _("the rejected rows are in no file: --rejects FILE writes them to one")
    try:
        rejecting.write(path, job.reading.source, job.rejects)
    except Exception as error:
        if not hasattr(error, "message"):
            raise
        return None, str(error.message)
    return path, None
