"""How well duplicates are found in a table whose truth is known: precision, recall and F1 of pairs.

    python tests/bench/dedupe.py FILE --truth COLUMN [--truth-pattern REGEX] [--of COLUMN] [--map HEADER=FIELD ...]
                                 [--as person|organization|lead] [--min 0.8] [--show N]

Rows with equal values in the column of the truth are one; a blank is a row of its own. With a pattern its first group
is compared (``rec-1-org`` and ``rec-1-dup-0`` are one without saying so); with ``--of`` the column names the row that
it is a copy of, by its value in that other column. Headers are understood as an import understands them, and all that
feeds nothing comes in as a field. Nothing fails on a figure: it prints what it saw.
"""

from __future__ import annotations

import argparse
import itertools
import re
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence

from dkcrm.domain.matching.clusters import clusters
from dkcrm.domain.matching.pairs import Matcher
from dkcrm.domain.matching.party import EITHER, ORGANIZATION, PERSON, Address, Party, party
from dkcrm.domain.matching.words import is_firm
from dkcrm.formats.csvfile import open_csv
from dkcrm.formats.headers import header_key
from dkcrm.formats.mapping import is_known, propose

SIDES = {"person": PERSON, "organization": ORGANIZATION, "lead": EITHER}
NAMES = frozenset(["name", "first_name", "last_name"])
# Attributes that say when and how a row came, not whose it is.
SILENT = frozenset(
    ["external_id", "uid", "type", "state", "party", "note", "created_at", "source", "job_title", "tag", "-"]
)
PLACES = ("street", "city", "region", "postcode", "country", "address")
COPIES = re.compile(r"(.*\d)-(?:org|dup-\d+)")


class Rows:
    """The rows of a table as parties: which column feeds what, settled once."""

    def __init__(self, headers: Sequence[str], sample: Sequence[Sequence[str]], args: argparse.Namespace) -> None:
        given = [tuple(text.split("=", 1)) for text in args.map]
        mapping = propose(headers, sample, given=given)
        silent = {header_key(name) for name in (args.truth, args.of) if name}
        self.columns: dict[str, list[int]] = defaultdict(list)
        self.places: dict[tuple[str | None, str], list[int]] = defaultdict(list)
        self.fields: dict[str, int] = {}
        for at, (header, field) in enumerate(zip(headers, mapping.fields, strict=True)):
            if header_key(header) in silent:
                continue
            if field is None or field.startswith("field:"):
                self.fields[header_key(header if field is None else field.removeprefix("field:"))] = at
            elif field in PLACES:
                self.places[mapping.labels[at], field].append(at)
            elif field not in SILENT:
                self.columns[field].append(at)
        self.side = SIDES[args.side] if args.side else self._side(sample)

    def _side(self, sample: Sequence[Sequence[str]]) -> int:
        """Return whose rows they are: people where there are parts of names, organizations where names look like it."""
        if {"first_name", "last_name"} & set(self.columns):
            return EITHER if "organization" in self.columns else PERSON
        if "name" not in self.columns:
            return ORGANIZATION if "organization" in self.columns else EITHER
        if "organization" in self.columns:
            return EITHER
        names = [row[self.columns["name"][0]] for row in sample if row[self.columns["name"][0]].strip()]
        unlike = sum(is_firm(name) or len(name.split()) in (1, 5, 6, 7, 8) for name in names)
        return ORGANIZATION if unlike * 4 > len(names) else EITHER

    def told(self) -> str:
        """Return what was understood, on one line."""
        named = [*self.columns, *dict.fromkeys(field for _label, field in self.places), *self.fields]
        return ", ".join(named)

    def party(self, number: int, row: Sequence[str]) -> Party:
        """Return a row as it is compared."""

        def first(field: str) -> str | None:
            return next((row[at].strip() for at in self.columns.get(field, ()) if row[at].strip()), None)

        def every(field: str) -> list[str]:
            return [row[at].strip() for at in self.columns.get(field, ()) if row[at].strip()]

        name, organization = first("name"), first("organization")
        if self.side == ORGANIZATION and not organization:
            name, organization = None, name
        return party(
            number,
            side=self.side,
            name=name,
            first=first("first_name"),
            last=first("last_name"),
            organization=organization,
            emails=every("email"),
            phones=every("phone"),
            addresses=list(self._addresses(row)),
            vat_id=first("vat_id"),
            tax_code=first("tax_code"),
            website=first("website"),
            fields={name: row[at].strip() for name, at in self.fields.items()},
        )

    def _addresses(self, row: Sequence[str]) -> Iterator[Address]:
        for label in dict.fromkeys(label for label, _field in self.places):
            parts = {}
            for field in PLACES:
                cells = [row[at].strip() for at in self.places.get((label, field), ())]
                parts[field] = ", ".join(filter(None, cells)) or None
            if any(parts.values()):
                yield Address(
                    parts["street"],
                    parts["city"],
                    parts["postcode"],
                    parts["region"],
                    parts["country"],
                    parts["address"],
                )


def truth(rows: Sequence[Sequence[str]], headers: Sequence[str], args: argparse.Namespace) -> set[tuple[int, int]]:
    """Return the pairs that are one, by position."""
    keys = [header_key(header) for header in headers]
    at = keys.index(header_key(args.truth))
    groups: dict[str, list[int]] = defaultdict(list)
    if args.of:
        own = keys.index(header_key(args.of))
        root: dict[str, str] = {}
        for number, row in enumerate(rows):
            key, copy = row[own].strip(), row[at].strip()
            root[key] = root.get(copy, copy) if copy else key
            groups[root[key]].append(number)
    else:
        pattern = re.compile(args.truth_pattern) if args.truth_pattern else COPIES
        if not args.truth_pattern and not all(COPIES.fullmatch(row[at].strip()) for row in rows):
            pattern = re.compile(r"(?s)(.+)")
        for number, row in enumerate(rows):
            found = pattern.match(row[at].strip())
            if found:
                groups[found[1]].append(number)
    return {pair for members in groups.values() for pair in itertools.combinations(members, 2)}


def figures(what: str, found: set[tuple[int, int]], wanted: set[tuple[int, int]]) -> str:
    """Return precision, recall and F1 on one line."""
    right = len(found & wanted)
    precision, recall = right / max(1, len(found)), right / max(1, len(wanted))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return f"{what:9} precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}  ({right} of {len(found)} found)"


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--truth", required=True, metavar="COLUMN")
    parser.add_argument("--truth-pattern", metavar="REGEX")
    parser.add_argument("--of", metavar="COLUMN")
    parser.add_argument("--map", action="append", default=[], metavar="HEADER=FIELD")
    parser.add_argument("--as", dest="side", choices=sorted(SIDES))
    parser.add_argument("--min", type=float, default=0.8)
    parser.add_argument("--show", type=int, default=0, metavar="N")
    return parser.parse_args()


def main() -> None:
    """Read the table, find its duplicates, and print how many are right."""
    args = arguments()
    with open_csv(args.file, known=is_known, wanted=[args.truth]) as table:
        sample, cells = table.sample, [row for _line, row in table.rows]
        headers = table.headers
    columns = Rows(headers, sample, args)
    start = time.process_time()
    matcher = Matcher(columns.party(number, row) for number, row in enumerate(cells))
    scores = {
        (min(pair.a.number, pair.b.number), max(pair.a.number, pair.b.number)): pair.score
        for pair in matcher.pairs(args.min)
    }
    spent = time.process_time() - start
    wanted = truth(cells, headers, args)
    together = {
        pair
        for members in clusters((a, b, score) for (a, b), score in scores.items())
        for pair in itertools.combinations(members, 2)
    }
    side = next(name for name, value in SIDES.items() if value == columns.side)
    print(f"{args.file}: {len(cells)} rows as {side}s: {columns.told()}")
    print(f"{len(wanted)} pairs are one; at {args.min} and above:")
    print(figures("pairs", set(scores), wanted))
    print(figures("clusters", together, wanted))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20)
    print(f"CPU {spent:.2f} s, peak memory {peak:.0f} MiB")
    for what, wrong in (("wrong", set(scores) - wanted), ("missed", wanted - set(scores))):
        for a, b in sorted(wrong)[: args.show]:
            found = matcher.likeness(matcher.parties[a], matcher.parties[b])
            print(f"{what} {found.score:.2f} {', '.join(found.reasons)}\n    {cells[a]}\n    {cells[b]}")


if __name__ == "__main__":
    main()
