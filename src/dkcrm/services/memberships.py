"""Links: a prospect to a target, a person to an organization."""

from __future__ import annotations

from dkcrm.domain.dates import parse_date
from dkcrm.domain.lifecycle import label
from dkcrm.domain.membership import check_link
from dkcrm.domain.text import check_line
from dkcrm.errors import Conflict
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services.entities import present
from dkcrm.services.lifecycle import finish
from dkcrm.session import Session
from dkcrm.store.entities import load, resolve
from dkcrm.store.journal import unit_of_work
from dkcrm.store.settings import types_in_use


def link(
    session: Session,
    member: str,
    organization: str,
    *,
    role: str | None = None,
    since: str | None = None,
    primary: bool = False,
    mixed: bool = False,
) -> Result:
    """Link a member to a target or organization; saying it again with another role, date or rank changes the link.

    A blank role takes the role away.
    """
    from datetime import datetime

    said = check_line(role, _("role")) if role and role.strip() else None
    today = datetime.fromisoformat(session.clock()).astimezone().date()
    day = parse_date(since, today) if since is not None else None
    with unit_of_work(session, "link") as uow:
        one = present(load(uow.connection, resolve(uow.connection, member)))
        group = present(load(uow.connection, resolve(uow.connection, organization)))
        there = uow.rows("membership", member_id=one.id, organization_id=group.id)
        what = f"{label(one)} → {label(group)}"
        words = (("role", role, said), ("since", since, day))
        changed = {name: value for name, word, value in words if word is not None}
        others = [row for row in uow.rows("membership", member_id=one.id) if row["organization_id"] != group.id]
        if there:
            if not changed and not primary:
                raise Conflict(_("{what} are linked already").format(what=what), code="already")
            uow.update("membership", there[0]["id"], changed | ({"is_primary": 1} if primary else {}))
        else:
            check_link(one, group, types_in_use(uow.connection), mixed=mixed)
            row = {"member_id": one.id, "organization_id": group.id, "is_primary": int(primary or not others)}
            uow.insert("membership", row | changed)
        if primary:
            for other in others:
                uow.update("membership", other["id"], {"is_primary": 0})
        return finish(session, uow, _("linked {what}").format(what=what))


def unlink(session: Session, member: str, organization: str) -> Result:
    """Take a link away; the next of the member's links becomes the primary one."""
    with unit_of_work(session, "unlink") as uow:
        one = present(load(uow.connection, resolve(uow.connection, member)))
        group = present(load(uow.connection, resolve(uow.connection, organization)))
        there = uow.rows("membership", member_id=one.id, organization_id=group.id)
        if not there:
            raise Conflict(
                _("{a} and {b} are not linked").format(a=label(one), b=label(group)),
                code="not_linked",
                hint=_("see its links with: dkcrm show {id}").format(id=one.id),
            )
        uow.delete("membership", there[0]["id"])
        if there[0]["is_primary"]:
            for row in uow.rows("membership", member_id=one.id)[:1]:
                uow.update("membership", row["id"], {"is_primary": 1})
        return finish(session, uow, _("unlinked {a} from {b}").format(a=label(one), b=label(group)))
