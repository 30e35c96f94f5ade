"""Settings, types in use and custom fields."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dkcrm import config
from dkcrm.domain.lifecycle import check_profile, parse_profile, profile_name
from dkcrm.domain.money import check_currency
from dkcrm.domain.phone import region_of
from dkcrm.domain.text import check_line, nearest
from dkcrm.domain.values import FIELD_KINDS, check_field_name
from dkcrm.errors import Conflict, InvalidInput, NotFound
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.services.shape import done
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.journal import unit_of_work
from dkcrm.store.settings import count_types, fields, types_in_use


def types(session: Session) -> tuple[str, ...]:
    """Return the types in use."""
    connection = open_reading(session)
    try:
        return types_in_use(connection)
    finally:
        connection.close()


def _types_result(wanted: Sequence[str], message: str | None = None) -> Result:
    data = {"profile": profile_name(wanted), "types": list(wanted)}
    return Result(data, [Column("type", _("Type"), "type")], [{"type": type} for type in wanted], message=message)


def show_types(session: Session) -> Result:
    """Show which types are in use."""
    wanted = types(session)
    return _types_result(wanted, _("profile: {name}").format(name=profile_name(wanted)))


def set_types(session: Session, text: str) -> Result:
    """Switch types on and off; one of which entities exist stays on."""
    wanted = parse_profile(text)
    with unit_of_work(session, "config types") as uow:
        check_profile(wanted, count_types(uow.connection))
        value = ",".join(wanted)
        found = uow.rows("setting", name="types")
        if found:
            uow.update("setting", found[0]["id"], {"value": value})
        else:
            uow.insert("setting", {"name": "types", "value": value})
        uow.commit()
        return _types_result(wanted, done(session, uow.operation_id, _("types in use: {types}").format(types=value)))


def show(session: Session, db: str | None) -> Result:
    """Show every setting, its value and where it comes from."""
    rows: list[dict[str, Any]] = []
    for name, (_default, what) in config.SETTINGS.items():
        value, origin = config.setting(name, db if name == "db" else None)
        if name == "actor" and not value:
            value = config.login_name()
        rows.append({"name": name, "value": value, "from": origin, "what": what})
    rows.append(
        {"name": "types", "value": profile_name(types(session)), "from": "database", "what": _("the types in use")}
    )
    columns = [
        Column("name", _("Setting")),
        Column("value", _("Value")),
        Column("from", _("From")),
        Column("what", _("What it is"), wide=True),
    ]
    data = {row["name"]: {"value": row["value"], "from": row["from"]} for row in rows}
    return Result(data, columns, rows)


def path(session: Session) -> Result:
    """Show where the config file and the database are."""
    rows = [{"what": "config", "path": config.config_path()}, {"what": "database", "path": session.db}]
    data = {row["what"]: row["path"] for row in rows}
    return Result(data, [Column("what", _("File")), Column("path", _("Path"))], rows)


def set_(session: Session, name: str, value: str) -> Result:
    """Set one setting; a blank value takes it out of the config file. ``types`` is kept in the database."""
    if name == "types":
        return set_types(session, value)
    if name not in config.SETTINGS:
        close = nearest(name, [*config.SETTINGS, "types"])
        raise InvalidInput(
            _("no such setting: {name}").format(name=name),
            hint=_("did you mean {name}?").format(name=close[0])
            if close
            else _("settings: {names}").format(names=", ".join([*config.SETTINGS, "types"])),
        )
    if name == "currency" and value:
        check_currency(value)
    if name == "region" and value and region_of(config.check(name, value)) != value.upper():
        raise InvalidInput(
            _("no phone number is of the country {value}").format(value=value), hint="dkcrm config set region IT"
        )
    if session.dry_run:
        config.check(name, value) if value else None
        row = {"name": name, "value": value or config.SETTINGS[name][0], "from": "dry run"}
        return Result(row, message=done(session, None, f"{name} = {value}"))
    file = config.write_file(name, value or None)
    origin = config.setting(name)
    message = _("{name} = {value} in {file}").format(name=name, value=value, file=file)
    warnings = (
        [_("DKCRM_{name} is set and overrides it").format(name=name.upper())] if origin[1] == "environment" else []
    )
    row = {"name": name, "value": origin[0], "from": origin[1]}
    columns = [Column("name", _("Setting")), Column("value", _("Value")), Column("from", _("From"))]
    return Result(row, columns, [row], message=message, warnings=warnings)


# Custom fields


def _field_row(name: str, kind: str, side: str, choices: str | None) -> dict[str, Any]:
    return {"name": name, "kind": kind, "side": side, "choices": json.loads(choices) if choices else []}


def _field_result(rows: Sequence[dict[str, Any]], message: str | None = None, *, single: bool = False) -> Result:
    columns = [
        Column("name", _("Field")),
        Column("kind", _("Kind")),
        Column("side", _("Side")),
        Column("choices", _("Choices")),
    ]
    return Result(rows[0] if single else list(rows), columns, rows, message=message)


def list_fields(session: Session) -> Result:
    """List the custom fields."""
    connection = open_reading(session)
    try:
        return _field_result([_field_row(name, *rest[1:]) for name, rest in fields(connection).items()])
    finally:
        connection.close()


def add_field(session: Session, name: str, kind: str, side: str, choices: Sequence[str]) -> Result:
    """Declare a custom field: its kind, the side that it is for, and for ``choice`` its choices."""
    from dkcrm.store.fields import RESERVED

    word = check_field_name(name)
    if word in RESERVED:
        raise Conflict(_("{name} is a field that every entity has").format(name=word), hint=_("choose another name"))
    if kind not in FIELD_KINDS:
        raise InvalidInput(
            _("no such kind of field: {kind}").format(kind=kind),
            hint=_("kinds: {kinds}").format(kinds=", ".join(FIELD_KINDS)),
        )
    if side not in ("person", "organization", "both"):
        raise InvalidInput(_("a field is for person, organization or both: {side}").format(side=side))
    picked = list(
        dict.fromkeys(check_line(c, _("choice"), 100) for text in choices for c in text.split(",") if c.strip())
    )
    if bool(picked) != (kind == "choice"):
        raise InvalidInput(
            _("a choice field needs its choices") if kind == "choice" else _("--choice goes with --kind choice"),
            hint="dkcrm field add size --kind choice --choice small,medium,large",
        )
    with unit_of_work(session, "field add") as uow:
        if word in fields(uow.connection):
            raise Conflict(_("there is a field {name} already").format(name=word))
        listed = json.dumps(picked, ensure_ascii=False) if picked else None
        uow.insert("field", {"name": word, "kind": kind, "side": side, "choices": listed})
        uow.commit()
        message = done(session, uow.operation_id, _("added field {name}").format(name=word))
        return _field_result([_field_row(word, kind, side, listed)], message, single=True)


def remove_field(session: Session, name: str, *, sure: bool) -> Result:
    """Remove a custom field; one that has values is only removed when ``sure`` (undo brings them back).

    Raises Conflict where a segment or a criterion's rule reads it.
    """
    from dkcrm.services.segments import check_unused
    from dkcrm.store.segments import fields_in, users_of

    with unit_of_work(session, "field rm") as uow:
        known = fields(uow.connection)
        word = name.strip().lower()
        if word not in known:
            raise NotFound(_("no custom field {name}").format(name=name), hint=_("see: dkcrm field list"))
        field_id, kind, side, choices = known[word]
        check_unused(_("field {name}").format(name=word), users_of(uow.connection, word, fields_in))
        values = uow.rows("field_value", field_id=field_id)
        if values and not sure:
            raise Conflict(
                _("{count} entities have a value in {name}").format(count=len(values), name=word),
                code="field_in_use",
                hint=_("remove them all with --yes (dkcrm undo brings them back)"),
            )
        for row in values:
            uow.delete("field_value", row["id"])
        uow.delete("field", field_id)
        uow.commit()
        message = done(session, uow.operation_id, _("removed field {name}").format(name=word))
        return _field_result([_field_row(word, kind, side, choices)], message, single=True)
