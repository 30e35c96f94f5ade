"""What a campaign sends and what comes back: logging both, and the list for the mail tool."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO

from dkcrm.domain.campaign import Campaign, check_channel
from dkcrm.domain.dates import parse_time
from dkcrm.domain.lifecycle import label
from dkcrm.domain.text import check_line, check_text
from dkcrm.errors import InvalidInput, Refused
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.services.campaigns import campaign_json, find_campaign, members_of
from dkcrm.services.entities import pick
from dkcrm.services.lifecycle import contact, finish
from dkcrm.services.shape import done
from dkcrm.session import Session
from dkcrm.store.audience import Recipient, log_sent, recipients
from dkcrm.store.campaigns import ambiguous, campaign_of, last_reaching, load_campaigns
from dkcrm.store.connection import open_reading
from dkcrm.store.journal import UnitOfWork, unit_of_work
from dkcrm.store.reach import figures_of
from dkcrm.store.settings import types_in_use

#: What the list for the mail tool has, where nothing else is asked for; its address comes first.
_COLUMNS = ("name", "first_name", "last_name", "organization", "job_title", "type", "tags", "id", "uid")
#: The characters of text that one operation may log, all its contacts together.
_MOST_TEXT = 200_000_000
_FORMATS = ("csv", "tsv", "json", "jsonl", "xlsx")


def _why(reason: str) -> str:
    """Return in words why somebody is left out."""
    words = {
        "removed": _("removed"),
        "withdrawn": _("consent withdrawn"),
        "no-consent": _("no consent"),
        "no-email": _("no email"),
        "no-phone": _("no phone"),
        "no-address": _("no address"),
    }
    return words[reason]


def _left_out(found: Iterable[Recipient]) -> list[dict[str, Any]]:
    return [{"id": one.id, "type": one.type, "name": one.name, "reason": one.reason} for one in found if one.reason]


def _reasons(left_out: Sequence[dict[str, Any]]) -> str:
    """Return how many are left out, and why, in words."""
    counts = Counter(one["reason"] for one in left_out)
    why = ", ".join(f"{count} {_why(reason)}" for reason, count in counts.most_common())
    return _("{count} left out: {why}").format(count=len(left_out), why=why)


def sent(
    session: Session,
    reference: str,
    *,
    subject: str | None = None,
    text: str | None = None,
    at: str | None = None,
    again: bool = False,
) -> Result:
    """Log one outbound interaction with each member of a campaign that may be written to and was not reached yet.

    The others are left out, each with the reason. ``again`` reaches those too that were reached before. Raises Refused
    for a campaign that nobody is in.
    """
    title = check_line(subject, _("subject")) if subject is not None else None
    body = check_text(text or "", _("text"))
    moment = parse_time(at, session.clock()) if at is not None else session.clock()
    with unit_of_work(session, "campaign sent") as uow:
        campaign = find_campaign(uow, reference)
        members = recipients(uow.connection, campaign)
        if not members:
            raise Refused(
                _("nobody is in campaign {name}").format(name=campaign.name),
                code="no_members",
                hint=_("put somebody into it with: dkcrm campaign join {number} REF").format(number=campaign.id),
            )
        open_ = [one for one in members if again or not one.reached]
        to = [one for one in open_ if not one.reason]
        if len(body) * len(to) > _MOST_TEXT:
            raise Refused(
                _("the text is kept with each contact: that would be {size} MB").format(
                    size=len(body) * len(to) // 1_000_000
                ),
                code="too_long",
                hint=_("say in a line what it was about"),
            )
        log_sent(uow, campaign, [one.id for one in to], moment, title, body)
        left_out = _left_out(open_)
        counted = figures_of(uow.connection, [campaign.id])[campaign.id]
        uow.commit()
        data = {
            "operation": uow.operation_id,
            "campaign": campaign_json(campaign, counted),
            "sent": [{"id": one.id, "type": one.type, "name": one.name, "to": one.to} for one in to],
            "left_out": left_out,
            "already": len(members) - len(open_),
            "warnings": [],
        }
        columns = [
            Column("id", "#", "number"),
            Column("type", _("Type"), "type"),
            Column("name", _("Name")),
            Column("reason", _("Left out because")),
        ]
        rows = [{**one, "reason": _why(one["reason"])} for one in left_out]
        return Result(data, columns, rows, message=_told(session, uow, campaign, len(to), left_out, data["already"]))


def _told(
    session: Session, uow: UnitOfWork, campaign: Campaign, count: int, left_out: Sequence[dict[str, Any]], already: Any
) -> str:
    parts = [_("{name} went to {members}").format(name=campaign.name, members=members_of(count))]
    if not count:
        parts = [_("{name} went to nobody").format(name=campaign.name)]
    if already:
        parts.append(_("{count} reached before (--again reaches them too)").format(count=already))
    if left_out:
        parts.append(_reasons(left_out))
    what = "; ".join(parts)
    return what if not count and not session.dry_run else done(session, uow.operation_id, what)


def reply(
    session: Session,
    references: Sequence[str],
    *,
    campaign: str | None = None,
    subject: str | None = None,
    text: str | None = None,
    channel: str | None = None,
    at: str | None = None,
) -> Result:
    """Log that entities answered a campaign: the named one, else the last that reached each. A suspect becomes a lead.

    Raises Refused where none had reached somebody, Ambiguous where several did at the same moment.
    """
    title = check_line(subject, _("subject")) if subject is not None else None
    body = check_text(text or "", _("text"))
    way = check_channel(channel) if channel is not None else None
    moment = parse_time(at, session.clock()) if at is not None else session.clock()
    with unit_of_work(session, "campaign reply") as uow:
        in_use = types_in_use(uow.connection)
        named = find_campaign(uow, campaign) if campaign is not None else None
        answered: dict[int, Campaign] = {}
        said, warnings = [], []
        for entity in pick(uow, references):
            one = named or _last(uow, entity.id, label(entity), moment)
            answered[one.id] = one
            values = {
                "at": moment,
                "channel": way or one.channel,
                "subject": title if title or body else f"Re: {one.name}",
                "text": body,
                "campaign_id": one.id,
            }
            told, warned = contact(uow, entity, values, in_use, inbound=True)
            said.append(told)
            warnings += warned
        who = ", ".join(said[:5]) + (f" … ({len(said)})" if len(said) > 5 else "")
        what = _("answer to {name} from {who}").format(name=", ".join(c.name for c in answered.values()), who=who)
        campaigns = [{"id": one.id, "uid": one.uid, "name": one.name} for one in answered.values()]
        return finish(session, uow, what, warnings, campaigns=campaigns)


def _last(uow: UnitOfWork, number: int, who: str, moment: str) -> Campaign:
    """Return the campaign that was the last to reach an entity, or refuse."""
    found = load_campaigns(uow.connection, last_reaching(uow.connection, number, moment))
    if not found:
        raise Refused(
            _("no campaign had reached {who}").format(who=who),
            code="not_reached",
            hint=_("name it with --campaign NAME, or log it: dkcrm log {id} email TEXT --in").format(id=number),
        )
    if len(found) > 1:
        error = ambiguous(who, found)
        error.message = _("{count} campaigns reached {who} at the same moment").format(count=len(found), who=who)
        error.hint = _("say which: --campaign {number}").format(number=found[0].id)
        error.candidates = [{**one, "use": f"--campaign {one['id']}"} for one in error.candidates]
        raise error
    return found[0]


def export(
    session: Session,
    reference: str,
    *,
    format: str | None = None,
    output: str | None = None,
    for_spreadsheet: bool = False,
    columns: Sequence[str] = (),
    new: bool = False,
) -> Result:
    """Export the members of a campaign that may be written to, for a mail tool: nobody else is in the file.

    ``new`` leaves out those whom the campaign reached before.
    """
    from dkcrm.services.exporting import check_output, format_of, write_file
    from dkcrm.store.shown import fields_shown, read_columns

    name = format.lower() if format is not None else format_of(output) or "csv"
    if name not in _FORMATS:
        raise InvalidInput(
            _("no such format: {name}").format(name=name), hint=_("formats: {names}").format(names=", ".join(_FORMATS))
        )
    if for_spreadsheet and name not in ("csv", "tsv"):
        raise InvalidInput(_("--for-spreadsheet is for csv and tsv: {name} needs no guard").format(name=name))
    if name == "xlsx" and output in (None, "-"):
        raise InvalidInput(_("a workbook goes to a file"), hint=_("name it: -o recipients.xlsx"))
    connection = open_reading(session)
    campaign = campaign_of(connection, reference)
    members = [one for one in recipients(connection, campaign) if not (new and one.reached)]
    numbers = [one.id for one in members if not one.reason]
    left_out = _left_out(members)
    heads = list(columns) or [campaign.address or "email", *_COLUMNS]
    found = read_columns(connection, heads, fields_shown(connection, heads), numbers)
    warnings = [_reasons(left_out)] if left_out else []
    if name == "xlsx" and output:
        from dkcrm.formats.excel import write_xlsx

        check_output(session, output)
        write_xlsx(output, heads, (list(map(_cell, row.values())) for row in found))
    else:

        def write(out: TextIO) -> None:
            _write(out, name, heads, found, for_spreadsheet)

        if output is None or output == "-":
            said = _("exported {count}").format(count=len(numbers))
            return Result(None, writes=write, message=said, warnings=warnings)
        check_output(session, output)
        write_file(output, write)
    data = {"exported": len(numbers), "format": name, "file": output, "left_out": left_out}
    said = _("exported {count} to {file}").format(count=len(numbers), file=output)
    return Result(data, message=said, warnings=warnings)


def _write(out: TextIO, name: str, heads: Sequence[str], found: Iterator[dict[str, Any]], guarded: bool) -> None:
    """Write rows to a stream."""
    if name in ("json", "jsonl"):
        from dkcrm.formats import objects

        (objects.write_json if name == "json" else objects.write_jsonl)(found, out)
        return
    from dkcrm.formats.csvout import TableText

    text = TableText("\t" if name == "tsv" else ",", for_spreadsheet=guarded)
    text.write_headers(out, heads)
    while block := [list(map(_cell, row.values())) for row, _place in zip(found, range(1000), strict=False)]:
        text.write_rows(out, [list(zip(*block, strict=True))])


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(map(str, value))
    return "" if value is None else str(value)
