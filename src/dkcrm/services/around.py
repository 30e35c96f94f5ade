"""What our own export says around an entity, checked before it is put back (``restoring``)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from dkcrm.domain.consent import check_said
from dkcrm.domain.entity import TYPES
from dkcrm.domain.money import check_currency, parse_amount
from dkcrm.domain.text import describe_control
from dkcrm.domain.values import FIELD_KINDS, check_field_name
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.store.entities import parse_uid

Row = dict[str, Any]
Holds = Callable[[Any], bool]

#: The lists of an export that are put back here, and what one of each is told as.
LISTS = {
    "aliases": "alias",
    "tickets": "ticket",
    "interactions": "interaction",
    "purchases": "purchase",
    "transitions": "step",
    "assessments": "answer",
    "links_to": "link",
    "distinct_from": "distinction",
    "tasks": "task",
    "campaigns": "campaign",
    "consents": "consent",
    "keeps": "keep",
}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z", re.ASCII)
#: The characters of a filter that is kept.
_LONGEST = 20_000
_WHOLE = re.compile(r"-?\d{1,19}", re.ASCII)
_THREE_AFTER = re.compile(r"\d+\.\d{3}", re.ASCII)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and describe_control(value, allowed="\n\t") is None


def _is_moment(value: Any) -> bool:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value[:-1])
    except ValueError:
        return False
    return True


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_uid(value: Any) -> bool:
    return isinstance(value, str) and parse_uid(value) is not None


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and describe_control(value) is None


def _is_due(value: Any) -> bool:
    return (_is_day(value) or (_is_moment(value) and len(value) == 20)) and "1900" <= value[:4] <= "9998"


def _is_second(value: Any) -> bool:
    return _is_moment(value) and len(value) == 20


def _is_name(value: Any) -> bool:
    from dkcrm.domain.campaign import check_name

    return isinstance(value, str) and _fits(check_name, value)


def _is_purpose(value: Any) -> bool:
    from dkcrm.domain.consent import check_purpose

    return isinstance(value, str) and _fits(check_purpose, value)


def _fits(check: Callable[[str], str], value: str) -> bool:
    try:
        return check(value) == value
    except InvalidInput:
        return False


def _is_rule(value: Any) -> bool:
    from dkcrm.domain.recurrence import is_rule

    return isinstance(value, str) and is_rule(value)


def _are_seconds(value: Any) -> bool:
    return isinstance(value, list) and all(type(ahead) is int and 0 <= ahead <= 10**9 for ahead in value)


def _are_uids(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_uid, value))


def _are_events(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(event, dict)
        and _is_moment(event.get("at"))
        and event.get("kind") in ("note", "wait", "close", "reopen")
        and (event.get("text") is None or _is_text(event["text"]))
        for event in value
    )


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and _fits(check_field_name, value)


def _is_free_word(value: Any) -> bool:
    from dkcrm.store.fields import RESERVED

    return _is_word(value) and value not in RESERVED


def _is_filter(value: Any) -> bool:
    from dkcrm.domain.query import parse

    if not _is_line(value) or len(value) > _LONGEST:
        return False
    try:
        return parse([value]) is not None
    except InvalidInput:
        return False


def _are_lines(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_line, value))


def _is_quantity(value: Any) -> bool:
    from dkcrm.domain.product import is_quantity

    return isinstance(value, str) and is_quantity(value)


def _is_days(value: Any) -> bool:
    return type(value) is int and 1 <= value <= 36_500


def _is_fingerprint(value: Any) -> bool:
    return isinstance(value, str) and bool(_WHOLE.fullmatch(value)) and -(2**63) <= int(value) < 2**63


def _is_plan(value: Any) -> bool:
    return type(value) is int and -1 <= value < 2**32


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool)


def _is_type(value: Any) -> bool:
    return value in TYPES


def _one_of(*words: str) -> Holds:
    return lambda value: value in words


def _or_none(holds: Holds) -> Holds:
    return lambda value: value is None or holds(value)


#: Of each list, what its objects have, and when a value is one of the kind.
_LISTS: dict[str, dict[str, Holds]] = {
    "aliases": {"uid": _is_uid, "type": _is_type, "created_at": _is_moment, "updated_at": _is_moment},
    "tickets": {
        "uid": _is_uid, "subject": _is_line, "state": _one_of("open", "waiting", "closed"),
        "priority": _or_none(_one_of("h", "m", "l")), "due": _or_none(_is_due), "opened_at": _is_moment,
        "closed_at": _or_none(_is_moment), "events": _are_events,
    },
    "interactions": {
        "uid": _is_uid, "at": _is_moment, "direction": _one_of("in", "out"), "channel": _is_text,
        "subject": _or_none(_is_text), "text": _is_text, "key": _or_none(_is_text), "campaign": _or_none(_is_uid),
        "ticket": _or_none(_is_uid),
    },
    "purchases": {
        "uid": _is_uid, "also": _or_none(_is_uid), "product": _is_text, "service": _is_truth,
        "amount": _or_none(_is_text), "currency": _or_none(_is_text), "on": _is_day, "voided_at": _or_none(_is_moment),
        "quantity": _or_none(_is_quantity),
    },
    "transitions": {
        "entity": _or_none(_is_uid), "into": _or_none(_is_uid), "from": _is_type, "to": _is_type, "at": _is_moment,
        "cause": _one_of("promote", "qualify", "purchase"), "purchase": _or_none(_is_uid),
        "voided_at": _or_none(_is_moment),
    },
    "assessments": {
        "criterion": _is_text, "side": _one_of("person", "organization"), "answer": _one_of("yes", "no", "unknown"),
        "note": _or_none(_is_text), "at": _is_moment,
    },
    "links_to": {
        "uid": _is_uid, "role": _or_none(_is_text), "since": _or_none(_is_text), "primary": _is_truth,
    },
    "distinct_from": {"uid": _is_uid},
    "tasks": {
        "uid": _is_uid, "text": _is_line, "due": _or_none(_is_due), "priority": _or_none(_one_of("h", "m", "l")),
        "state": _one_of("open", "done", "dropped"), "every": _or_none(_is_rule), "start": _or_none(_is_due),
        "created_at": _is_moment, "done_at": _or_none(_is_moment), "remind": _are_seconds, "entities": _are_uids,
    },
    "campaigns": {
        "uid": _is_uid, "name": _is_name, "channel": _is_line, "purpose": _is_purpose, "basis": _or_none(_is_text),
        "cost": _or_none(_is_text), "currency": _or_none(_is_text), "notes": _is_text, "created_at": _is_moment,
        "removed_at": _or_none(_is_moment), "added_at": _or_none(_is_moment),
    },
    "consents": {
        "uid": _is_uid, "purpose": _is_purpose, "state": _one_of("given", "withdrawn"), "at": _is_second,
        "proof": _or_none(_is_text),
    },
    "keeps": {"days": _is_days},
    "identities": {"scope": _is_text, "value": _is_text},
    "rows": {"fingerprint": _is_fingerprint, "plan": _is_plan},
}  # fmt: skip
#: What ``export --all`` writes beside its entities.
_BESIDE: dict[str, dict[str, Holds]] = {
    "fields": {
        "name": _is_free_word, "kind": _one_of(*FIELD_KINDS), "side": _one_of("person", "organization", "both"),
        "choices": _or_none(_are_lines),
    },
    "criteria": {
        "name": _is_word, "side": _one_of("person", "organization"), "question": _is_line,
        "rule": _or_none(_is_filter), "removed_at": _or_none(_is_moment),
    },
    "segments": {"name": _is_word, "filter": _is_filter},
    "products": {
        "uid": _is_uid, "name": _is_line, "service": _is_truth, "amount": _or_none(_is_text),
        "currency": _or_none(_is_text), "notes": _is_text, "removed_at": _or_none(_is_moment),
    },
    "campaigns": {name: holds for name, holds in _LISTS["campaigns"].items() if name != "added_at"},
    "tasks": _LISTS["tasks"],
}  # fmt: skip
#: What exports said nothing of at first: there was none.
_LATER = {"interactions": ("campaign", "ticket"), "purchases": ("quantity",)}


def check(kept: Row, now: str) -> str | None:
    """Return what an export says around an entity, checked, as text to stage; None where it says nothing.

    Raises InvalidInput where it is not what an export writes, so that one damaged entity is rejected alone; and where a
    consent is yet to come, as ``privacy consent --at`` does: no withdrawal would hold against it.
    """
    around: Row = {}
    for name, wanted in _LISTS.items():
        rows = _checked(kept, name, wanted)
        if rows and name in LISTS:
            around[name] = rows
    cards = kept.get("cards") or []
    if not isinstance(cards, list) or not all(_is_text(card) and card for card in cards):
        raise InvalidInput(_("{name} is not a list of texts").format(name="cards"))
    for name in ("updated_at", "removed_at"):
        if kept.get(name) is not None and not _is_moment(kept[name]):
            raise InvalidInput(_("{name} is not a time").format(name=name))
    for row in around.get("purchases", ()):
        amount_of(row)
    for row in around.get("campaigns", ()):
        cost_of(row)
    for row in around.get("consents", ()):
        check_said(row["at"], now)
    # In ASCII: what nobody asks for, and is therefore not checked, may hold halves of characters.
    return json.dumps(around) if around else None


def _checked(said: Row, name: str, wanted: dict[str, Holds]) -> list[Row]:
    """Return a list of objects, each of which has what an export writes. Raises InvalidInput."""
    rows = said.get(name) or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InvalidInput(_("{name} is not a list of objects").format(name=name))
    for row in rows:
        for key in _LATER.get(name, ()):
            row.setdefault(key, None)
        for key, holds in wanted.items():
            if key not in row or not holds(row[key]):
                raise InvalidInput(
                    _("{name} is not what an export writes: {key} is {value}").format(
                        name=name, key=key, value=repr(row.get(key))[:60]
                    )
                )
    return rows


def check_beside(rest: Row) -> Row:
    """Return what ``export --all`` says beside its entities, checked. Raises InvalidInput."""
    found: Row = {name: _checked(rest, name, wanted) for name, wanted in _BESIDE.items()}
    settings = rest.get("settings") or {}
    if not isinstance(settings, dict) or not all(map(_is_text, settings.values())):
        raise InvalidInput(_("{name} is not what an export writes").format(name="settings"))
    for campaign in found["campaigns"]:
        cost_of(campaign)
    for product in found["products"]:
        amount_of(product)
    for field in found["fields"]:
        if bool(field["choices"]) != (field["kind"] == "choice"):
            raise InvalidInput(_("{name} is not what an export writes").format(name="choices"))
    return found | {"settings": settings}


def cost_of(row: Row) -> tuple[int | None, str | None]:
    """Return a campaign's cost in minor units, and its currency."""
    return amount_of({"amount": row["cost"], "currency": row["currency"]})


def amount_of(row: Row) -> tuple[int | None, str | None]:
    """Return a purchase's amount in minor units, and its currency."""
    currency = check_currency(row["currency"]) if row["currency"] else None
    if row["amount"] is None or currency is None:
        return None, currency
    amount = row["amount"]
    # An export writes a plain decimal, so that three digits after the point are digits after the point.
    return parse_amount(f"{amount}0" if _THREE_AFTER.fullmatch(amount) else amount, currency), currency
