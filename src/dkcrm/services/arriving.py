"""What a directory of ``export --all`` says beside its entities, put back: what is there already is left alone."""

from __future__ import annotations

import json
from typing import Any

from dkcrm.domain.lifecycle import check_profile, parse_profile
from dkcrm.domain.retention import parse_rule
from dkcrm.domain.text import fold
from dkcrm.errors import DkcrmError
from dkcrm.formats.bookdir import read_rest
from dkcrm.i18n import _, ngettext
from dkcrm.services.around import amount_of, check_beside
from dkcrm.services.restoring import numbered, restore_campaign, restore_task
from dkcrm.store.entities import parse_uid
from dkcrm.store.journal import UnitOfWork
from dkcrm.store.migrations.m0001_initial import CRITERIA
from dkcrm.store.retention import SETTING as RETENTION
from dkcrm.store.settings import count_types

Row = dict[str, Any]


class Arriving:
    """Puts back what is beside the entities: ``before`` they are written, and ``after``, in the same operation."""

    def __init__(self, directory: str) -> None:
        """Read and check what the directory says. Raises InvalidInput, DkcrmError (code ``io``)."""
        self.said = check_beside(read_rest(directory))
        #: what was put back -> how many
        self.restored: dict[str, int] = {}
        self.warnings: list[str] = []

    def kinds(self) -> dict[str, tuple[str, str, str | None]]:
        """Return what the custom fields of the directory are: name -> kind, side, choices as a JSON array."""
        return {row["name"]: (row["kind"], row["side"], _listed(row["choices"])) for row in self.said["fields"]}

    def before(self, uow: UnitOfWork) -> None:
        """Put back what entities refer to."""
        there = {row["name"] for row in uow.rows("field")}
        for name, (kind, side, choices) in self.kinds().items():
            if name not in there:
                uow.insert("field", {"name": name, "kind": kind, "side": side, "choices": choices})
                self._count("field")
        self._criteria(uow)
        for row in self.said["campaigns"]:
            if not uow.rows("campaign", uid=parse_uid(row["uid"])):
                there_before = len(uow.rows("campaign"))
                restore_campaign(uow, row)
                self._count("campaign", len(uow.rows("campaign")) - there_before)
        for row in self.said["tasks"]:
            self._count("task", int(restore_task(uow, row)[1]))

    def after(self, uow: UnitOfWork) -> None:
        """Put back the rest, once the entities are there: the types in use must be theirs."""
        there = {row["name"] for row in uow.rows("segment")}
        for row in self.said["segments"]:
            if row["name"] not in there:
                uow.insert("segment", {"name": row["name"], "filter": row["filter"]})
                self._count("segment")
        self._products(uow)
        for name, value in self.said["settings"].items():
            if not uow.rows("setting", name=name) and self._holds(uow, name, value):
                uow.insert("setting", {"name": name, "value": value})
                self._count("setting")

    def words(self) -> str | None:
        """Return in words what was put back."""
        words = {
            "field": ngettext("{count} field", "{count} fields", self.restored.get("field", 0)),
            "criterion": ngettext("{count} criterion", "{count} criteria", self.restored.get("criterion", 0)),
            "campaign": ngettext("{count} campaign", "{count} campaigns", self.restored.get("campaign", 0)),
            "task": ngettext("{count} task of nobody", "{count} tasks of nobody", self.restored.get("task", 0)),
            "segment": ngettext("{count} segment", "{count} segments", self.restored.get("segment", 0)),
            "product": ngettext("{count} product", "{count} products", self.restored.get("product", 0)),
            "setting": ngettext("{count} setting", "{count} settings", self.restored.get("setting", 0)),
        }
        return ", ".join(words[name].format(count=count) for name, count in self.restored.items()) or None

    def _count(self, what: str, many: int = 1) -> None:
        if many:
            self.restored[what] = self.restored.get(what, 0) + many

    def _criteria(self, uow: UnitOfWork) -> None:
        """Take the criteria over whole where those out of the box stand as they were; else add those that are new."""
        rows = uow.rows("criterion")
        said = [
            {name: row[name] for name in ("name", "side", "question", "rule", "removed_at")}
            for row in self.said["criteria"]
        ]
        plain = [(row["name"], row["side"], row["question"]) for row in rows]
        if plain == list(CRITERIA) and not any(row["rule"] or row["removed_at"] for row in rows) and (
            len(said) >= len(rows) and not uow.rows("assessment")
        ):  # fmt: skip
            differing = [row for row, wanted in zip(rows, said, strict=False) if {**row, **wanted} != row]
            for row in differing:
                # Of one name there is one at a time, whichever is changed first.
                uow.update("criterion", row["id"], {"removed_at": uow.now})
            for row, wanted in zip(rows, said, strict=False):
                if row in differing:
                    uow.update("criterion", row["id"], wanted)
            self._count("criterion", len(differing))
            said = said[len(rows) :]
            there: set[tuple[Any, ...]] = set()
        else:
            there = {_known_by(row) for row in rows}
        for wanted in said:
            if _known_by(wanted) not in there:
                uow.insert("criterion", wanted)
                self._count("criterion")

    def _products(self, uow: UnitOfWork) -> None:
        rows = uow.rows("product")
        uids = {row["uid"] for row in rows}
        names = {fold(row["name"]) for row in rows if row["removed_at"] is None}
        for row in self.said["products"]:
            uid = parse_uid(row["uid"])
            if uid in uids or (row["removed_at"] is None and fold(row["name"]) in names):
                continue
            minor, currency = amount_of(row)
            values = {"uid": uid, **numbered(uow, "product", row), "name": row["name"]}
            values |= {"is_service": int(row["service"]), "amount_minor": minor, "currency": currency}
            uow.insert("product", values | {name: row[name] for name in ("notes", "removed_at")})
            uids.add(uid)
            if row["removed_at"] is None:
                names.add(fold(row["name"]))
            self._count("product")

    def _holds(self, uow: UnitOfWork, name: str, value: str) -> bool:
        """Tell whether a setting can be taken over; one that this program does not know, or that is none, cannot."""
        try:
            if name == "types":
                check_profile(parse_profile(value), count_types(uow.connection))
                return True
            if name == RETENTION:
                rules = json.loads(value)
                return isinstance(rules, list) and all(parse_rule(rule) for rule in rules)
        except DkcrmError as error:
            self.warnings.append(_("the setting {name} was left as it is: {why}").format(name=name, why=error.message))
        except (ValueError, AttributeError):
            pass
        return False


def _listed(choices: list[str] | None) -> str | None:
    return json.dumps(choices, ensure_ascii=False) if choices else None


def _known_by(row: Row) -> tuple[Any, ...]:
    """Return what a criterion is known by: its name and side while it stands, and when it was taken away after that."""
    return row["name"], row["side"], row["removed_at"]
