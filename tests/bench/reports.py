"""The figures of the reports: each beside the plain SQL that one would write by hand, in one process, medians of runs.

    python tests/bench/reports.py [--entities 100000] [--runs 7] [--only funnel …] [--agenda 10000 1000000]

Makes a book (tests/bench/book.py) of that many entities with five interactions each, and measures every report and the
agenda from the words of the command to the last byte of JSON, beyond what the same command takes on an empty database
(reading the words, opening the file), in turn with the plain query on a connection of its own. Nothing here fails on a
time: it prints what it saw.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

from book import make

from dkcrm.cli.app import run

_ALIVE = "e.removed_at IS NULL AND e.merged_into IS NULL"
_MOVES = """moves AS (
  SELECT t.*, coalesce(lag(t.at) OVER w, e.created_at) AS since FROM transition t JOIN entity e ON e.id = t.entity_id
  WHERE t.voided_at IS NULL AND e.removed_at IS NULL AND e.merged_into IS NULL
  WINDOW w AS (PARTITION BY t.entity_id ORDER BY t.id))"""
#: The median of the days that stays took, as SQLite makes one who has no function for it.
_MEDIANS = f"""{_MOVES}, timed AS (SELECT from_type, julianday(at) - julianday(since) AS days FROM moves),
ranked AS (SELECT from_type, days, row_number() OVER (PARTITION BY from_type ORDER BY days) AS n,
  count(*) OVER (PARTITION BY from_type) AS many FROM timed),
medians AS (SELECT from_type, avg(days) AS median FROM ranked WHERE n IN ((many + 1) / 2, (many + 2) / 2) GROUP BY 1)"""
#: What one would ask by hand for the main numbers of each report.
PLAIN = {
    "funnel": [
        f"WITH {_MEDIANS} SELECT from_type, count(*), d.median FROM moves JOIN medians d USING (from_type) GROUP BY 1",
        f"SELECT type, count(*) FROM entity e WHERE {_ALIVE} GROUP BY type",
        f"""SELECT coalesce((SELECT from_type FROM transition t WHERE t.entity_id = e.id AND t.voided_at IS NULL
            ORDER BY t.id LIMIT 1), e.type) AS first, count(*) FROM entity e WHERE {_ALIVE} GROUP BY first""",
        f"""SELECT t.to_type, count(*) FROM transition t JOIN entity e ON e.id = t.entity_id
            WHERE t.voided_at IS NULL AND t.into_id IS NULL AND {_ALIVE} GROUP BY 1""",
    ],
    "pipeline": [
        f"""WITH {_MEDIANS}, standing AS (
            SELECT e.id, e.type, e.name, coalesce((SELECT max(at) FROM transition t WHERE t.entity_id = e.id
              AND t.voided_at IS NULL), e.created_at) AS since,
              (SELECT max(at) FROM interaction i WHERE i.entity_id = e.id) AS last
            FROM entity e WHERE {_ALIVE} AND e.state = 'active' AND e.type IN ('suspect', 'lead', 'prospect', 'target'))
        SELECT s.*, julianday('now') - julianday(since) > 2 * median OR coalesce(last, '') < date('now', '-30 days')
          AS stuck,
          count(*) OVER (PARTITION BY type),
          (SELECT text FROM open_task k WHERE k.entity_id = s.id ORDER BY due LIMIT 1)
        FROM standing s LEFT JOIN medians d ON d.from_type = s.type ORDER BY stuck DESC, since LIMIT 50""",
    ],
    "sources": [
        f"""SELECT source, count(*), sum(type = 'lead' OR EXISTS (SELECT 1 FROM transition t WHERE t.entity_id = e.id
              AND t.voided_at IS NULL AND t.from_type = 'lead')),
            sum(type IN ('prospect', 'target') OR EXISTS (SELECT 1 FROM transition t WHERE t.entity_id = e.id
              AND t.voided_at IS NULL AND t.from_type IN ('prospect', 'target'))),
            sum(type IN ('person', 'organization')) FROM entity e WHERE {_ALIVE} GROUP BY source""",
        f"""SELECT e.source, currency, sum(amount_minor) FROM purchase b JOIN entity e ON e.id = b.entity_id
            WHERE b.voided_at IS NULL AND {_ALIVE} GROUP BY 1, 2""",
    ],
    "campaigns": [
        """WITH r AS (SELECT campaign_id, entity_id, min(at) AS at FROM interaction i JOIN entity e ON e.id =
        i.entity_id
             WHERE campaign_id IS NOT NULL AND direction = 'out' AND e.removed_at IS NULL GROUP BY 1, 2)
           SELECT r.campaign_id, count(DISTINCT r.entity_id), count(DISTINCT CASE WHEN t.to_type = 'lead' THEN
             r.entity_id END),
             count(DISTINCT CASE WHEN t.cause = 'qualify' THEN r.entity_id END),
             count(DISTINCT CASE WHEN t.cause = 'purchase' THEN r.entity_id END)
           FROM r LEFT JOIN transition t ON t.entity_id = r.entity_id AND t.voided_at IS NULL AND t.at >= r.at GROUP
             BY 1""",
        """WITH r AS (SELECT campaign_id, entity_id, min(at) AS at FROM interaction i JOIN entity e ON e.id =
        i.entity_id
             WHERE campaign_id IS NOT NULL AND direction = 'out' AND e.removed_at IS NULL GROUP BY 1, 2)
           SELECT r.campaign_id, currency, sum(amount_minor) FROM r JOIN purchase b ON b.entity_id = r.entity_id
           WHERE b.voided_at IS NULL AND b.bought_on >= date(r.at, 'localtime') GROUP BY 1, 2""",
        """SELECT campaign_id, count(DISTINCT entity_id) FROM interaction WHERE campaign_id IS NOT NULL
           AND direction = 'in' GROUP BY 1""",
        "SELECT campaign_id, count(*) FROM campaign_member m JOIN entity e ON e.id = m.entity_id"
        " WHERE e.removed_at IS NULL GROUP BY 1",
    ],
    "activity": [
        f"""SELECT strftime('%Y-%m', at, 'localtime') AS month, sum(direction = 'in'), sum(direction = 'out'),
              count(DISTINCT entity_id) FROM interaction i JOIN entity e ON e.id = i.entity_id WHERE {_ALIVE} GROUP BY
                1""",
        "SELECT strftime('%Y-%m', done_at, 'localtime'), count(*) FROM task WHERE state = 'done' GROUP BY 1",
    ],
    "sales": [
        f"""SELECT substr(bought_on, 1, 7), currency, sum(amount_minor), count(*), sum(coalesce(quantity, 1)),
          avg(amount_minor)
            FROM purchase b JOIN entity e ON e.id = b.entity_id WHERE voided_at IS NULL AND {_ALIVE} GROUP BY 1, 2""",
    ],
    "service": [
        f"""WITH t AS MATERIALIZED (SELECT k.*, strftime('%Y-%m', opened_at, 'localtime') AS month,
              unixepoch((SELECT min(at) FROM interaction i WHERE i.ticket_id = k.id AND i.direction = 'out'))
                - unixepoch(opened_at) AS answer, unixepoch(closed_at) - unixepoch(opened_at) AS close
            FROM ticket k JOIN entity e ON e.id = k.entity_id WHERE {_ALIVE}),
          a AS (SELECT month, answer, row_number() OVER (PARTITION BY month ORDER BY answer) AS n,
            count(*) OVER (PARTITION BY month) AS many FROM t WHERE answer NOT NULL),
          c AS (SELECT month, close, row_number() OVER (PARTITION BY month ORDER BY close) AS n,
            count(*) OVER (PARTITION BY month) AS many FROM t WHERE close NOT NULL)
          SELECT month, count(*), sum(state = 'open'), sum(state = 'waiting'), avg(answer), avg(close),
            sum(state <> 'closed' AND due < date('now')), sum(id IN (SELECT ticket_id FROM ticket_event WHERE kind =
              'reopen'))
          FROM t GROUP BY month
          UNION ALL SELECT month, avg(answer), 0, 0, 0, 0, 0, 0 FROM a WHERE n IN ((many + 1) / 2, (many + 2) / 2)
            GROUP BY month
          UNION ALL SELECT month, avg(close), 0, 0, 0, 0, 0, 0 FROM c WHERE n IN ((many + 1) / 2, (many + 2) / 2)
            GROUP BY month
        """,
        f"""SELECT strftime('%Y-%m', closed_at, 'localtime'), count(*) FROM ticket k JOIN entity e ON e.id = k.entity_id
            WHERE closed_at NOT NULL AND {_ALIVE} GROUP BY 1""",
    ],
    "hygiene": [
        f"""SELECT count(*), sum(NOT EXISTS (SELECT 1 FROM contact_point p WHERE p.entity_id = e.id AND kind =
          'email')),
            sum(NOT EXISTS (SELECT 1 FROM contact_point p WHERE p.entity_id = e.id AND kind IN ('email', 'phone'))),
            sum(coalesce(source, '') = ''), sum(type = 'lead' AND coalesce(source, '') = ''),
            sum(type = 'suspect' AND EXISTS (SELECT 1 FROM interaction i WHERE i.entity_id = e.id AND direction =
              'in')),
            sum(type = 'lead' AND state = 'active' AND coalesce((SELECT max(at) FROM interaction i WHERE i.entity_id =
              e.id),
              created_at) < date('now', '-90 days')),
            sum(type = 'lead' AND NOT EXISTS (SELECT 1 FROM interaction i WHERE i.entity_id = e.id)),
            sum(type = 'target' AND NOT EXISTS (SELECT 1 FROM membership m WHERE m.organization_id = e.id)),
            sum(type IN ('prospect', 'person') AND EXISTS (SELECT 1 FROM membership m JOIN entity o ON o.id =
              m.organization_id
              WHERE m.member_id = e.id AND (e.type = 'prospect') <> (o.type = 'target'))),
            sum(type IN ('person', 'organization') AND NOT EXISTS (SELECT 1 FROM purchase b WHERE b.entity_id = e.id
              AND voided_at IS NULL)) FROM entity e WHERE {_ALIVE}""",
        """SELECT count(*) FROM contact_point WHERE kind = 'email' AND (value LIKE '%.test' OR value LIKE '%.example'
            OR value LIKE '%.invalid' OR value LIKE '%@example.com' OR value LIKE 'noreply@%')""",
    ],
    "growth": [
        """SELECT strftime('%Y-%m', created_at, 'localtime') AS month, coalesce((SELECT from_type FROM transition t
              WHERE t.entity_id = e.id AND t.voided_at IS NULL ORDER BY id LIMIT 1), e.type) AS first, count(*)
           FROM entity e WHERE merged_into IS NULL GROUP BY 1, 2""",
        "SELECT strftime('%Y-%m', removed_at, 'localtime'), count(*) FROM entity WHERE removed_at NOT NULL GROUP BY 1",
        """SELECT strftime('%Y-%m', at, 'localtime'), count(*) FROM transition t JOIN entity e ON e.id = t.entity_id
           WHERE cause = 'purchase' AND voided_at IS NULL AND e.removed_at IS NULL GROUP BY 1""",
        """SELECT strftime('%Y-%m', (SELECT max(o.at) FROM change c JOIN operation o ON o.id = c.operation_id
              WHERE c.entity_id = e.id AND c.tbl = 'entity' AND json_extract(c.after, '$.state') = e.state),
                'localtime'),
             count(*) FROM entity e WHERE state IN ('lost', 'inactive') AND removed_at IS NULL GROUP BY 1""",
    ],
    "agenda": [
        """SELECT t.id, t.text, t.due, t.priority, e.id, e.type, e.name FROM task t LEFT JOIN task_entity l ON
        l.task_id = t.id
           LEFT JOIN entity e ON e.id = l.entity_id WHERE t.state = 'open' AND t.due < date('now', '+9 days') ORDER BY
             t.due""",
        """SELECT e.id, e.type, e.name, k.days, (SELECT max(at) FROM interaction i WHERE i.entity_id = e.id),
             CASE WHEN e.type IN ('target', 'organization') THEN (SELECT max(i.at) FROM membership m
               JOIN interaction i ON i.entity_id = m.member_id WHERE m.organization_id = e.id) END
           FROM keep k CROSS JOIN entity e ON e.id = k.entity_id WHERE e.removed_at IS NULL""",
        """SELECT t.id, t.subject, t.due, t.priority, e.id, e.type, e.name FROM ticket t JOIN entity e
           ON e.id = t.entity_id WHERE t.state IN ('open', 'waiting') AND t.state <> 'closed'
           AND t.due < date('now', '+9 days') ORDER BY t.due""",
    ],
}


def ours(db: Path, words: list[str]) -> tuple[float, int]:
    """Run a command in this process; return its seconds and how much it printed."""
    out = io.StringIO()
    start = time.perf_counter()
    with contextlib.redirect_stdout(out):
        code = run(["--db", str(db), *words, "--json"])
    spent = time.perf_counter() - start
    if code:
        raise SystemExit(f"{words} ended with {code}")
    return spent, len(out.getvalue())


def plain(db: Path, queries: list[str]) -> float:
    """Ask queries on a connection of their own; return the seconds."""
    start = time.perf_counter()
    connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    for sql in queries:
        connection.execute(sql).fetchall()
    connection.close()
    return time.perf_counter() - start


def beyond(db: Path, words: list[str]) -> float:
    """Return the seconds of a command beyond those that it takes on an empty database."""
    empty = db.with_name("empty.db")
    if not empty.exists():
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            run(["--db", str(empty), "segment", "save", "all", "type:person"])
    return ours(db, words)[0] - ours(empty, words)[0]


def compare(db: Path, name: str, words: list[str], runs: int) -> None:
    """Run a report and its plain SQL in turn, and print the medians and that of the ratios."""
    beyond(db, words)  # imports, and the operating system's cache
    pairs = [(beyond(db, words), plain(db, PLAIN[name])) for _round in range(runs)]
    mine, theirs = (statistics.median(pair[which] for pair in pairs) for which in (0, 1))
    ratio = statistics.median(a / b for a, b in pairs)
    print(
        f"{' '.join(words)}: {mine:.3f} s, plain SQL {theirs:.3f} s, ratio {ratio:.2f} (wanted < 1 s, <= 1.5)",
        flush=True,
    )


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entities", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--only", nargs="*", default=list(PLAIN))
    parser.add_argument("--agenda", type=int, nargs="*", default=[10_000, 1_000_000], metavar="ENTITIES")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder, "book.db")
        start = time.perf_counter()
        make(db, arguments.entities)
        print(f"a book of {arguments.entities} entities: {time.perf_counter() - start:.0f} s", flush=True)
        for name in arguments.only:
            compare(db, name, [name] if name == "agenda" else ["report", name], arguments.runs)
        if len(arguments.agenda) == 2:
            few, many = (Path(folder, f"{count}.db") for count in arguments.agenda)
            for path, count in zip((few, many), arguments.agenda, strict=True):
                make(path, count)
                ours(path, ["agenda"])
            pairs = [(ours(many, ["agenda"])[0], ours(few, ["agenda"])[0]) for _round in range(3 * arguments.runs)]
            ratio = statistics.median(a / b for a, b in pairs)
            print(
                f"agenda on {arguments.agenda[1]} / on {arguments.agenda[0]}: {ratio:.2f} (wanted <= 2);"
                f" {1000 * statistics.median(a for a, _b in pairs):.0f} ms"
            )


if __name__ == "__main__":
    main()
