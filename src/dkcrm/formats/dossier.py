"""All that is held on somebody as a page that a person reads: one file, without network or scripts, and printable."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from dkcrm.domain.text import describe_control
from dkcrm.i18n import _

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #777; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
p.about { color: var(--soft); margin-top: 0; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; white-space: pre-wrap; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; } td:first-child { min-width: 6.5rem; }
@media print { body { margin: 0; max-width: none; font-size: 11px; } h2 { break-after: avoid; }
  tr { break-inside: avoid; } }
"""


def write_page(data: Mapping[str, Any], out: TextIO) -> None:
    """Write the page: a section for each part that has something in it."""
    person = data["person"]
    title = _("What is held on {name}").format(name=person.get("name") or person["id"])
    out.write(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="robots" content="noindex">\n'
        f"<title>{_text(title)}</title><style>{_STYLE}</style></head><body>\n<h1>{_text(title)}</h1>\n"
    )
    about = _("Number {id}, as of {at}, by {actor}.").format(id=person["id"], at=data["made_at"], actor=data["made_by"])
    out.write(f'<p class="about">{_text(about)}</p>\n')
    for heading, rows in _sections(data):
        if rows:
            out.write(f"<h2>{_text(heading)}</h2>\n")
            _table(rows, out)
    out.write("</body></html>\n")


def _sections(data: Mapping[str, Any]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    person = data["person"]
    single = [
        {_("what"): name, _("value"): value}
        for name, value in person.items()
        if not isinstance(value, list | dict) and value not in (None, "")
    ]
    aliases = [{_("number"): number} for number in data["merged"]]
    lists = [
        (_("Emails"), "emails"), (_("Phones"), "phones"), (_("Addresses"), "addresses"), (_("Links"), "links"),
        (_("Memberships"), "memberships"), (_("Interactions"), "interactions"), (_("Purchases"), "purchases"),
        (_("Life cycle"), "transitions"), (_("Qualification"), "assessments"), (_("Tasks"), "tasks"),
        (_("To be contacted"), "keeps"), (_("Ids of other programs"), "identities"),
        (_("Said not to be the same as"), "distinct_from"),
    ]  # fmt: skip
    cards = [{_("card"): card} for card in person.get("cards", ())]
    history = [
        {
            "at": one["at"], "actor": one["actor"], "operation": f"{one['operation']} {one['name']}",
            "file": one["file"], "why": one["why"],
            "values": "\n".join(_changed(value) for value in one["values"]),
        }
        for one in data["history"]
    ]  # fmt: skip
    return [
        (_("Attributes"), single),
        (_("Tags"), [{_("tag"): tag} for tag in person.get("tags", ())]),
        (_("Custom fields"), [{_("field"): k, _("value"): v} for k, v in person.get("fields", {}).items()]),
        (_("Purposes"), data["purposes"]),
        (_("Consents"), data["consents"]),
        *((heading, person.get(name, [])) for heading, name in lists),
        (_("Tickets"), data["tickets"]),
        (_("Campaigns"), data["campaigns"]),
        (_("Cards as they came in"), cards),
        (_("Merged into this one"), aliases),
        (_("Where each value came from"), data["sources"]),
        (_("History"), history),
    ]


def _changed(value: Mapping[str, Any]) -> str:
    before, after = (_plain(value[name]) for name in ("before", "after"))
    arrow = f"{before} → {after}" if value["before"] is not None else after
    return f"{value['of']}.{value['field']}: {arrow}"


def _table(rows: Sequence[Mapping[str, Any]], out: TextIO) -> None:
    names = [name for name in dict.fromkeys(name for row in rows for name in row) if any(row.get(name) for row in rows)]
    out.write("<table><thead><tr>" + "".join(f"<th>{_text(name)}</th>" for name in names) + "</tr></thead><tbody>\n")
    for row in rows:
        out.write("<tr>" + "".join(f"<td>{_text(_plain(row.get(name)))}</td>" for name in names) + "</tr>\n")
    out.write("</tbody></table>\n")


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_plain(part)}" for name, part in value.items() if part not in (None, "", []))
    if isinstance(value, list | tuple):
        return "\n".join(_plain(part) for part in value)
    return str(value)


def _text(text: Any) -> str:
    """Return text for HTML: data is never markup, and holds no control characters."""
    plain = str(text)
    if describe_control(plain, allowed="\n\t"):
        plain = "".join("\ufffd" if describe_control(c, allowed="\n\t") else c for c in plain)
    return html.escape(plain)
