"""What a row of an import adds to an entity that is there: blanks are filled, values added, nothing overwritten.

With ``update`` the row's values win over those that are there; a blank in the row never does. Of emails, phones, links
and addresses a value takes the place of another where that is plain: both the row and the entity have one, and one
alone, of the kind, label and side, and the file does not say the other one too. Else it is added. What is added is
decided here and written through the unit of work, value by value, so that the history has each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from dkcrm.domain.entity import OPEN_TYPES, Address, Entity, Point, person_name
from dkcrm.domain.lifecycle import in_contact
from dkcrm.domain.text import fold
from dkcrm.domain.wholename import is_stand_in
from dkcrm.i18n import _
from dkcrm.store.entities import survivor
from dkcrm.store.journal import UnitOfWork

Row = dict[str, Any]
Staged = dict[str, list[Row]]
#: The kind of an email, phone or link, and what it is compared by.
Key = tuple[str, str]
Shelf = tuple[str, str, str]
T = TypeVar("T")

FILL, UPDATE, SKIP, ASK = "fill", "update", "skip", "ask"
MODES = (SKIP, FILL, UPDATE, ASK)
_SCALARS = ("first_name", "last_name", "job_title", "org_name", "vat_id", "tax_code", "website", "source")
_PARTS = ("street", "city", "region", "postcode", "country", "value")


class Filling:
    """What one row would change of one entity: rows to insert and to update, and what was overwritten, in words."""

    def __init__(self, entity: Entity) -> None:
        self.entity = entity
        self.updates: list[tuple[str, int, Row]] = []
        self.inserts: list[tuple[str, Row]] = []
        self.filled: list[str] = []
        self.overwritten: list[str] = []
        self.kept: list[str] = []
        #: Whether something was put back that an export says around the entity.
        self.restored = False

    def __bool__(self) -> bool:
        return bool(self.updates or self.inserts or self.restored)

    def apply(self, uow: UnitOfWork) -> None:
        """Write the changes."""
        for table, row_id, values in self.updates:
            uow.update(table, row_id, values)
        for table, values in self.inserts:
            uow.insert(table, {"entity_id": self.entity.id, **values})


def keys_of(points: Iterable[Point]) -> set[Key]:
    """Return by what emails, phones and links are compared."""
    return {(point.kind, point.norm or point.value) for point in points}


def keys_said(said: Staged) -> set[Key]:
    """Return the same of the emails, phones and links of a staged row."""
    return {(point["kind"], point["norm"] or point["value"]) for point in said["contact_point"]}


def plan(
    entity: Entity, fields: Sequence[Row], said: Staged, *, overwrite: bool, earlier: Collection[Key] = ()
) -> Filling:
    """Return what a staged row adds to an entity; ``fields`` are the entity's rows of ``field_value``.

    ``earlier`` are values that rows before it in the same file said of the entity: they are not replaced.
    """
    filling = Filling(entity)
    row = said["entity"][0]
    _scalars(filling, row, overwrite)
    _notes(filling, row["notes"])
    _points(filling, said["contact_point"], {*earlier, *keys_said(said)} if overwrite else None)
    _addresses(filling, said["address"], overwrite)
    for tag in said["tag"]:
        if tag["tag"] not in entity.tags:
            filling.inserts.append(("tag", {"tag": tag["tag"]}))
            filling.filled.append(f"tag: {tag['tag']}")
    there = {value["field_id"]: value for value in fields}
    for value in said["field_value"]:
        same = there.get(value["field_id"])
        words = {name: value[name] for name in ("field_id", "value", "num")}
        if same is None:
            filling.inserts.append(("field_value", words))
            filling.filled.append(str(value["value"]))
        elif same["value"] != value["value"]:
            if overwrite:
                filling.updates.append(("field_value", same["id"], words))
                filling.overwritten.append(f"{same['value']} → {value['value']}")
            else:
                filling.kept.append(str(value["value"]))
    return filling


def _scalars(filling: Filling, row: Row, overwrite: bool) -> None:
    entity = filling.entity
    changes: Row = {}
    # An email that stands for a name gives way to one, and never takes its place.
    now, said = ({name: _unless_stand_in(name, of) for name in ("full_name", *_SCALARS)} for of in (vars(entity), row))
    person, whole = person_name(now["full_name"], now["first_name"], now["last_name"]), said.pop("full_name")
    # A whole name beside the parts of one would be shown instead of them: it is only filled where there is no name.
    if whole and (overwrite or not person):
        if not (overwrite and person and fold(person) == fold(whole)):
            said = {"full_name": whole, **said}
    elif whole and fold(whole) != fold(person or ""):
        filling.kept.append(whole)
    for name, value in said.items():
        there = now[name]
        if value is None or value == there:
            continue
        if there is None:
            changes[name] = value
            filling.filled.append(f"{_word(name)}: {value}")
        elif overwrite:
            changes[name] = value
            filling.overwritten.append(f"{_word(name)}: {there} → {value}")
        else:
            filling.kept.append(value)
    parted = {"first_name", "last_name"} & changes.keys()
    if entity.full_name and not now["full_name"]:
        if parted or ("org_name" in changes and entity.type in OPEN_TYPES):
            changes.setdefault("full_name", None)
    elif overwrite and entity.full_name and "full_name" not in changes and parted:
        parts = (changes.get(name, getattr(entity, name)) for name in ("first_name", "last_name"))
        # The whole name was of the former parts: the new ones are shown only without it.
        if fold(" ".join(part for part in parts if part)) != fold(entity.full_name):
            changes["full_name"] = None
    if changes:
        filling.updates.append(("entity", entity.id, changes))


def _unless_stand_in(name: str, values: Mapping[str, Any]) -> Any:
    value = values[name]
    return None if name in ("full_name", "org_name") and is_stand_in(value) else value


def _word(column: str) -> str:
    """Return what a column is called."""
    return {"org_name": _("organization"), "full_name": _("name")}.get(column, column.replace("_", " "))


def _notes(filling: Filling, notes: str) -> None:
    """Add the notes that are not there yet, line by line of the file's cells."""
    there = filling.entity.notes
    if not notes or notes in there:
        return
    added = "\n".join(part for part in notes.split("\n") if part and part not in there.split("\n"))
    if added:
        whole = f"{there}\n{added}" if there else added
        filling.updates.append(("entity", filling.entity.id, {"notes": whole}))
        filling.filled.append("note")


def _points(filling: Filling, points: Sequence[Row], kept: Collection[Key] | None) -> None:
    """Add emails, phones and links; ``kept`` are those that the file says, where others may be replaced."""
    there = keys_of(filling.entity.points)
    kinds = {kind for kind, _key in there}
    rivals = _alone((_shelf(point.kind, point.label, point.side), point) for point in filling.entity.points)
    said = _alone((_shelf(point["kind"], point["label"], point["side"]), point) for point in points)
    for point in points:
        key = (point["kind"], point["norm"] or point["value"])
        if key in there:
            continue
        there.add(key)
        shelf = _shelf(point["kind"], point["label"], point["side"])
        rival = rivals.get(shelf)
        if rival and said.get(shelf) and kept is not None and keys_of([rival]).isdisjoint(kept):
            filling.updates.append(("contact_point", rival.id, {name: point[name] for name in ("value", "norm")}))
            filling.overwritten.append(f"{point['kind']}: {rival.value} → {point['value']}")
            continue
        row = {name: point[name] for name in ("kind", "value", "norm", "label", "side")}
        filling.inserts.append(("contact_point", row | {"is_primary": int(point["kind"] not in kinds)}))
        filling.filled.append(f"{point['kind']}: {point['value']}")
        kinds.add(point["kind"])


def _shelf(kind: str, label: str | None, side: str) -> Shelf:
    """Return where a value stands: one of a kind, label and side takes another's place."""
    return kind, (label or "").casefold(), side


def _alone(values: Iterable[tuple[Shelf, T]]) -> dict[Shelf, T]:
    """Return the values that stand alone on their shelf."""
    found = list(values)
    counts = Counter(shelf for shelf, _value in found)
    return {shelf: value for shelf, value in found if counts[shelf] == 1}


def _addresses(filling: Filling, addresses: Sequence[Row], overwrite: bool) -> None:
    there = list(filling.entity.addresses)
    rivals = _alone((_shelf("", address.label, address.side), address) for address in there)
    said = _alone((_shelf("", row["label"], row["side"]), row) for row in addresses)
    for row in addresses:
        parts = {name: row[name] for name in _PARTS}
        same = next((address for address in there if _agree(address, row)), None)
        if same is None and overwrite:
            shelf = _shelf("", row["label"], row["side"])
            rival = rivals.get(shelf)
            if rival and said.get(shelf) and not any(_agree(rival, other) for other in addresses):
                same = rival
        if same is None:
            address = parts | {"label": row["label"], "side": row["side"], "is_primary": int(not there)}
            filling.inserts.append(("address", address))
            there.append(Address(**_as_address(address)))
            filling.filled.append(f"address: {there[-1].text()}")
            continue
        changes = {name: value for name, value in parts.items() if value and not getattr(same, name)}
        if overwrite:
            changes |= {name: value for name, value in parts.items() if value and value != getattr(same, name)}
        if changes and same.id:
            filling.updates.append(("address", same.id, changes))
            was, over = same.text(), any(getattr(same, name) for name in changes)
            for name, value in changes.items():
                setattr(same, name, value)
            (filling.overwritten if over else filling.filled).append(f"address: {was} → {same.text()}")


def _as_address(row: Row) -> Row:
    return {**{name: row[name] for name in (*_PARTS, "label", "side")}, "primary": bool(row["is_primary"])}


def _agree(address: Address, row: Row) -> bool:
    """Tell whether two addresses are one: nothing in one contradicts the other, and some part is in both."""
    if address.label and row["label"] and address.label != row["label"]:
        return False
    common = False
    for name in _PARTS:
        one, other = getattr(address, name), row[name]
        if one and other:
            if fold(one) != fold(other):
                return False
            common = True
    return common


def plan_arrivals(
    uow: UnitOfWork, filling: Filling, said: Staged, *, in_use: Sequence[str], overwrite: bool = False
) -> None:
    """Add what arrives with a row beside its attributes: ids, messages that are not there yet, the card as it was.

    An inbound message makes a lead of a suspect, as logging one does. With ``overwrite`` a card wins over older ones.
    """
    entity = filling.entity
    for row in said["identity"]:
        there = uow.rows("identity", scope=row["scope"], value=row["value"])
        if not any(survivor(uow.connection, known["entity_id"]) == entity.id for known in there):
            filling.inserts.append(("identity", {"scope": row["scope"], "value": row["value"]}))
            filling.filled.append(f"id: {row['value']}")
    for row in said["imported_row"]:
        there = uow.rows("imported_row", fingerprint=row["fingerprint"], plan=row["plan"])
        if not any(survivor(uow.connection, known["entity_id"]) == entity.id for known in there):
            filling.inserts.append(("imported_row", {"fingerprint": row["fingerprint"], "plan": row["plan"]}))
    inbound = False
    for row in said["interaction"]:
        if row["key"] and uow.rows("interaction", key=row["key"], entity_id=entity.id):
            continue
        filling.inserts.append(("interaction", {name: value for name, value in row.items() if name != "n"}))
        filling.filled.append(f"{row['channel']}: {row['subject'] or ''}")
        inbound = inbound or row["direction"] == "in"
    type = in_contact(entity.type, in_use) if inbound else entity.type
    if type != entity.type:
        filling.updates.append(("entity", entity.id, {"type": type}))
        step = {"from_type": entity.type, "to_type": type, "at": uow.now, "cause": "promote"}
        filling.inserts.append(("transition", step))
    for row in said["card"]:
        cards = uow.rows("card", entity_id=entity.id)
        texts = [card["text"] for card in cards]
        if row["text"] not in texts:
            from dkcrm.formats.vcard import says_more

            if says_more(entity.as_json(), texts, row["text"]):
                filling.inserts.append(("card", {"text": row["text"]}))
        if overwrite:
            _overrule(filling, cards, row["text"])


def _overrule(filling: Filling, cards: Sequence[Row], text: str) -> None:
    """Take out of an entity's cards what another one says otherwise, of what nothing but a card keeps."""
    from dkcrm.formats.vcard import without_rivals

    for card in cards:
        if card["text"] != text:
            left, gone = without_rivals(card["text"], text)
            if gone:
                filling.updates.append(("card", card["id"], {"text": left}))
                filling.overwritten += gone
