"""An entity as a card: what is known of it, and its newest entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TextIO

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from dkcrm.domain.entity import OPEN_TYPES, ORGANIZATION_TYPES, Entity, Membership, Point
from dkcrm.i18n import _
from dkcrm.render.console import show, stated, text, typed
from dkcrm.render.stream import is_unicode
from dkcrm.render.text import absolute, plain, relative

#: The entries of a timeline that a card shows.
NEWEST = 10
#: A label longer than this (a custom field's name) wraps.
_LABEL_WIDTH = 24


class _Marks:
    """The signs of a card, for a terminal that has them and for one that has ASCII."""

    def __init__(self, ascii: bool) -> None:
        self.primary = _("(primary)") if ascii else "★"
        self.arrows = {"in": "<-", "out": "->"} if ascii else {"in": "←", "out": "→"}
        self.dot = "-" if ascii else "·"


def draw_cards(detail: Mapping[str, Any], stdout: TextIO | None) -> None:
    """Draw each entity as a card.

    ``detail`` holds ``entities`` (Entity), ``now`` (ISO 8601 UTC), and by an entity's number: ``timelines`` (entries
    with ``at``, ``kind``, ``text`` and, if known, ``who`` and ``direction``) and ``links`` (more rows of the card:
    label to text, or to a list of texts).
    """
    marks = _Marks(ascii=not is_unicode(stdout))
    parts: list[RenderableType] = []
    for entity in detail["entities"]:
        if parts:
            parts.append(Text())
        more = (detail.get("links") or {}).get(entity.id) or {}
        parts += _card(entity, detail["now"], more, marks)
        entries = (detail.get("timelines") or {}).get(entity.id)
        if entries:
            parts += _timeline(list(entries), detail["now"], marks)
    if parts:
        show(stdout, parts)


def _card(entity: Entity, now: str, more: Mapping[str, Any], marks: _Marks) -> list[RenderableType]:
    """Return the heading and the rows of one entity."""
    rows = _facts(entity, marks)
    for label, values in more.items():
        for value in [values] if isinstance(values, str) else values:
            rows.append((label, text(plain(value), lines=True)))
    rows.append((_("created"), _moment(entity.created_at, now)))
    if entity.updated_at != entity.created_at:
        rows.append((_("changed"), _moment(entity.updated_at, now)))
    if entity.removed_at:
        rows.append((_("removed"), _moment(entity.removed_at, now)))

    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(max_width=_LABEL_WIDTH, overflow="fold")
    grid.add_column(overflow="fold")
    last = None
    for label, value in rows:
        # several values of one kind stand under one label
        grid.add_row(text("" if label == last else label, "dim"), value)
        last = label
    return [_heading(entity, marks), _indented(grid)]


def _heading(entity: Entity, marks: _Marks) -> RenderableType:
    """Return the number, the name, and what the entity is."""
    what = [
        text(entity.name, "bold"),
        Text("  "),
        typed(entity.type),
        Text(f" {marks.dot} ", "dim"),
        stated(entity.state),
    ]
    if entity.type in OPEN_TYPES:
        what += [
            Text(f" {marks.dot} ", "dim"),
            Text(_("person and organization") if entity.party == "both" else entity.party),
        ]
    if entity.removed_at:
        what += [Text(f" {marks.dot} ", "dim"), Text(_("removed"), "bold red")]
    if entity.merged_into:
        what += [Text(f" {marks.dot} ", "dim"), Text(_("merged into {id}").format(id=entity.merged_into), "yellow")]
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(str(entity.id), "dim"), Text.assemble(*what, overflow="fold"))
    return grid


def _facts(entity: Entity, marks: _Marks) -> list[tuple[str, Text]]:
    """Return label and value for everything that is there, in the order that people look for it."""
    several = entity.party == "both"  # only then is it worth saying whose a value is
    rows: list[tuple[str, Text]] = []

    def add(label: str, value: str | None, lines: bool = False) -> None:
        if value:
            rows.append((label, text(value, lines=lines)))

    add(_("organization"), entity.org_name if entity.org_name != entity.name else None)
    add(_("person"), entity.person_name if entity.person_name != entity.name else None)
    add(_("job title"), entity.job_title)
    for kind, label in (("email", _("email")), ("phone", _("phone"))):
        points = entity.of_kind(kind)
        rows += [(label, _point(point, len(points) > 1, several, marks)) for point in points]
    for address in entity.addresses:
        value = text(address.text(), lines=True)
        rows.append((_("address"), _noted(value, address, len(entity.addresses) > 1, several, marks)))
    add(_("website"), entity.website)
    links = entity.of_kind("link")
    rows += [(_("link"), _point(point, len(links) > 1, several, marks)) for point in links]
    add(_("VAT number"), entity.vat_id)
    add(_("tax code"), entity.tax_code)
    add(_("source"), entity.source)
    add(_("tags"), ", ".join(entity.tags))
    for name, field in entity.fields.items():
        add(name, plain(field), lines=True)
    add(_("notes"), entity.notes, lines=True)
    label = _("members") if entity.type in ORGANIZATION_TYPES else _("belongs to")
    rows += [(label, _membership(link, len(entity.memberships) > 1, marks)) for link in entity.memberships]
    return rows


def _point(point: Point, mark: bool, sided: bool, marks: _Marks) -> Text:
    """Return an email, phone or link; a phone as it was typed, and dim the form that it is dialled in."""
    value = text(point.value)
    if point.kind == "phone" and point.norm and point.norm != point.value:
        value.append_text(text("  " + point.norm, "dim"))
    return _noted(value, point, mark, sided, marks)


def _noted(value: Text, known: Any, mark: bool, sided: bool, marks: _Marks) -> Text:
    """Return a value with its label, its side where there are two, and the mark of the primary one among several."""
    if known.label:
        value.append_text(text("  " + known.label, "dim"))
    if sided and known.side:
        value.append_text(text("  " + known.side, "dim italic"))
    if mark and known.primary:
        value.append_text(Text("  " + marks.primary, "yellow"))
    return value


def _membership(link: Membership, mark: bool, marks: _Marks) -> Text:
    """Return the entity at the other end of a link, and what it is there."""
    value = Text.assemble((f"{link.id} ", "dim"), text(link.name), "  ", typed(link.type), overflow="fold")
    if link.role:
        value.append_text(text(f" {marks.dot} {link.role}"))
    if link.since:
        value.append_text(text("  " + _("since {day}").format(day=link.since), "dim"))
    if mark and link.primary:
        value.append_text(Text("  " + marks.primary, "yellow"))
    return value


def _moment(iso: str, now: str) -> Text:
    """Return how long ago something was, and when."""
    return Text.assemble(text(relative(iso, now)), "  ", text(absolute(iso), "dim"), overflow="fold")


def draw_timeline(detail: Mapping[str, Any], stdout: TextIO | None) -> None:
    """Draw ``entries`` (as a card has them) in the order in which they come: when, which way, what."""
    entries = list(detail["entries"])
    if entries:
        marks = _Marks(ascii=not is_unicode(stdout))
        show(stdout, [_events(entries, absolute, marks)])


def _timeline(entries: list[Mapping[str, Any]], now: str, marks: _Marks) -> Iterable[RenderableType]:
    """Return the newest entries, the newest first."""
    yield Text()
    yield Text("  " + _("Timeline"), "bold")
    yield _indented(_events(entries[:NEWEST], lambda at: relative(at, now), marks))
    if len(entries) > NEWEST:
        yield Text("  " + _("and {n} older").format(n=len(entries) - NEWEST), "dim")


def _events(entries: Iterable[Mapping[str, Any]], when: Callable[[str], str], marks: _Marks) -> Table:
    """Return events as lines: when, which way, what."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for entry in entries:
        kind = plain(entry.get("kind"))
        direction = plain(entry.get("direction")) or kind
        what = text(plain(entry.get("text")), lines=True)
        if kind and kind not in marks.arrows:  # what the arrow does not say already
            what = Text.assemble(text(kind, "cyan"), "  " if what else "", what, overflow="fold")
        if entry.get("who"):
            what.append_text(text("  " + plain(entry["who"]), "dim"))
        at = str(entry["at"])
        shown = at if len(at) == len("2026-11-21") and when is absolute else when(at)
        grid.add_row(text(shown, "dim"), Text(marks.arrows.get(direction, "")), what)
    return grid


def _indented(grid: Table) -> RenderableType:
    """Return a block two cells in from the left."""
    from rich.padding import Padding

    return Padding(grid, (0, 0, 0, 2), expand=False)
