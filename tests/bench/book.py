"""A large book to measure on: entities with a past, filled set-wise into a database that the program has made."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from pathlib import Path

#: So far back the book goes, in seconds: two years.
_PAST = 730 * 86400
_ALL = (1 << 64) - 1

# n runs over the numbers of a table; r(n, m) is a number below m that n always gets: nothing here is left to chance.
_STATEMENTS = """
CREATE TEMP TABLE n (n INTEGER PRIMARY KEY);
WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {most}) INSERT INTO n SELECT n FROM c;

INSERT INTO entity (id, uid, type, state, full_name, org_name, source, notes, created_at, updated_at, removed_at,
  name_key)
SELECT n, randomblob(16),
  CASE WHEN r(n, 100) < 30 THEN 'suspect' WHEN r(n, 100) < 55 THEN 'lead' WHEN r(n, 100) < 67 THEN 'prospect'
    WHEN r(n, 100) < 75 THEN 'target' WHEN r(n, 100) < 90 THEN 'person' ELSE 'organization' END,
  CASE WHEN r(n + 1, 20) = 0 THEN CASE WHEN r(n, 100) BETWEEN 30 AND 54 THEN 'disqualified' WHEN r(n, 100) < 75 THEN
    'lost'
    ELSE 'inactive' END ELSE 'active' END,
  CASE WHEN r(n, 100) BETWEEN 67 AND 74 OR r(n, 100) >= 90 THEN NULL ELSE 'Name' || n || ' Surname' || r(n, 9973) END,
  CASE WHEN r(n, 100) BETWEEN 67 AND 74 OR r(n, 100) >= 90 OR r(n, 3) = 0 THEN 'Company ' || r(n, 40000) END,
  CASE r(n + 2, 8) WHEN 0 THEN NULL WHEN 1 THEN 'fair' WHEN 2 THEN 'web form' WHEN 3 THEN 'referral' WHEN 4 THEN 'ads'
    WHEN 5 THEN 'cold call' WHEN 6 THEN 'partner' ELSE 'event ' || r(n, 20) END,
  'Met at the stand, asked about prices and terms of delivery for the next quarter.',
  moment(r(n + 3, {past} - 86400)), moment(r(n + 3, {past} - 86400) + 3600),
  CASE WHEN r(n + 4, 100) = 0 THEN moment({past} - r(n, 86400)) END, 'name' || n || ' surname' || r(n, 9973)
FROM n WHERE n <= {entities};

UPDATE entity SET merged_into = id - 1 WHERE r(id + 5, 200) = 0 AND id > 1 AND r(id + 4, 200) <> 0;

INSERT INTO contact_point (entity_id, kind, value, side, is_primary)
SELECT n, 'email', 'name' || n || '@mail' || r(n, 5000) || '.com', 'person', 1 FROM n
WHERE n <= {entities} AND r(n + 6, 10) < 8;
INSERT INTO contact_point (entity_id, kind, value, norm, side, is_primary)
SELECT n, 'phone', '02 ' || (1000000 + n), '+3902' || (1000000 + n), 'person', 1 FROM n
WHERE n <= {entities} AND r(n + 7, 10) < 6;
INSERT INTO tag (entity_id, tag) SELECT n, 'tag-' || r(n + 8, 30) FROM n WHERE n <= {entities} AND r(n + 9, 10) < 6;
INSERT OR IGNORE INTO tag (entity_id, tag) SELECT n, 'vip' FROM n WHERE n <= {entities} AND r(n + 10, 10) = 0;
INSERT INTO field (id, name, kind, side) VALUES (1, 'owner', 'text', 'both');
INSERT INTO field_value (entity_id, field_id, value)
SELECT n, 1, 'owner ' || r(n + 11, 12) FROM n WHERE n <= {entities} AND r(n + 12, 10) < 9;
INSERT INTO membership (member_id, organization_id, is_primary)
SELECT m.id, o.id, 1 FROM entity m
JOIN (SELECT id, type, row_number() OVER (PARTITION BY type ORDER BY id) AS k FROM entity) o
  ON o.type = CASE m.type WHEN 'prospect' THEN 'target' ELSE 'organization' END AND o.k = 1 + r(m.id, {entities} / 15)
WHERE m.type IN ('prospect', 'person') AND r(m.id + 28, 3) > 0;

INSERT INTO transition (entity_id, from_type, to_type, at, cause)
SELECT id, 'suspect', 'lead', moment(unixepoch(created_at) - {start} + 1000 + r(id, 3000000)), 'promote' FROM entity
WHERE type <> 'suspect' AND r(id + 13, 2) = 0;
INSERT INTO transition (entity_id, from_type, to_type, at, cause)
SELECT id, 'lead', CASE WHEN type IN ('prospect', 'person') THEN 'prospect' ELSE 'target' END,
  moment(unixepoch(created_at) - {start} + 3100000 + r(id, 3000000)), 'qualify' FROM entity
WHERE type IN ('prospect', 'target', 'person', 'organization') AND r(id + 14, 10) < 8;

INSERT INTO campaign (uid, name, channel, purpose, cost_minor, currency, created_at)
SELECT randomblob(16), 'campaign ' || n, 'email', 'marketing', 50000 + 1000 * n, 'EUR', moment(r(n, {past})) FROM n
WHERE n <= 20;
INSERT OR IGNORE INTO campaign_member (campaign_id, entity_id, added_at)
SELECT 1 + r(n, 20), 1 + r(n + 15, {entities}), '2026-01-01T00:00:00Z' FROM n WHERE n <= {entities} / 2;
INSERT INTO ticket (uid, entity_id, subject, state, priority, due, opened_at, closed_at)
SELECT randomblob(16), 1 + r(n + 16, {entities}), 'It does not start', CASE WHEN r(n, 20) = 0 THEN 'open' WHEN r(n,
  20) = 1
  THEN 'waiting' ELSE 'closed' END, CASE r(n, 4) WHEN 0 THEN 'h' WHEN 1 THEN 'm' END,
  CASE WHEN r(n, 3) = 0 THEN date(moment(r(n + 17, {past} - 999999) + 900000)) END, moment(r(n + 17, {past} - 999999)),
  CASE WHEN r(n, 20) > 1 THEN moment(r(n + 17, {past} - 999999) + 7200 + r(n, 900000)) END
FROM n WHERE n <= {entities} / 5;
UPDATE ticket SET due = NULL WHERE id > {live};
INSERT INTO ticket_event (ticket_id, at, kind) SELECT id, closed_at, 'close' FROM ticket WHERE closed_at NOT NULL;
INSERT INTO ticket_event (ticket_id, at, kind) SELECT id, opened_at, 'reopen' FROM ticket WHERE r(id + 18, 20) = 0;

INSERT INTO interaction (uid, entity_id, at, direction, channel, subject, text)
SELECT randomblob(16), 1 + r(n + 19, {entities}), moment(r(n + 20, {past})), CASE WHEN r(n, 5) < 2 THEN 'in' ELSE
  'out' END,
  CASE r(n, 7) WHEN 0 THEN 'call' WHEN 1 THEN 'meeting' WHEN 2 THEN 'chat' ELSE 'email' END, 'About the offer',
  'They ask for the price list and when somebody can come by, said that we would send it by the end of the week.'
FROM n WHERE n <= {entities} * 43 / 10;
INSERT INTO interaction (uid, entity_id, at, direction, channel, subject, text, campaign_id)
SELECT randomblob(16), entity_id, moment(r(id + 21, {past})), 'out', 'email', 'News', 'Our news', campaign_id
FROM campaign_member WHERE r(id, 10) < 6;
INSERT INTO interaction (uid, entity_id, at, direction, channel, subject, text, campaign_id)
SELECT randomblob(16), entity_id, moment({past} - r(id + 29, 9000000)), 'in', 'email', 'Re: News', 'Tell me more',
  campaign_id
FROM campaign_member WHERE r(id + 30, 20) = 0;
INSERT INTO interaction (uid, entity_id, at, direction, channel, subject, text, ticket_id)
SELECT randomblob(16), entity_id, opened_at, 'in', 'email', subject, 'It does not start any more.', id FROM ticket;
INSERT INTO interaction (uid, entity_id, at, direction, channel, subject, text, ticket_id)
SELECT randomblob(16), entity_id, moment(unixepoch(opened_at) - {start} + 600 + r(id, 90000)), 'out', 'email',
  subject, 'Try this.', id
FROM ticket WHERE r(id, 20) <> 0;

INSERT INTO purchase (uid, entity_id, product, amount_minor, currency, bought_on, voided_at, quantity)
SELECT randomblob(16), b.id, 'Product ' || r(n, 40), 100 * (10 + r(n + 22, 5000)), CASE WHEN r(n, 6) = 0 THEN 'USD'
  ELSE 'EUR'
  END, substr(moment(r(n + 23, {past})), 1, 10), CASE WHEN r(n, 50) = 0 THEN '2026-11-01T00:00:00Z' END,
  CASE WHEN r(n, 5) = 0 THEN '3' END
FROM n JOIN (SELECT id, row_number() OVER (ORDER BY id) AS k, count(*) OVER () AS many FROM entity
  WHERE type IN ('person', 'organization')) b ON b.k = 1 + r(n + 24, {entities} / 4 - 500)
WHERE n <= {entities} / 2;
INSERT INTO transition (entity_id, from_type, to_type, at, cause)
SELECT e.id, CASE e.type WHEN 'person' THEN 'prospect' ELSE 'target' END, e.type,
  moment(unixepoch(e.created_at) - {start} + 6200000 + r(e.id, 3000000)), 'purchase'
FROM entity e WHERE e.type IN ('person', 'organization') AND EXISTS (SELECT 1 FROM transition t WHERE t.entity_id =
  e.id);

INSERT INTO task (uid, text, due, priority, state, start, created_at, done_at)
SELECT randomblob(16), 'Call about the offer', CASE WHEN n <= {open} THEN date('{now}', '+' || (r(n, 90) - 5) || '
  days') ELSE
  date(moment(r(n, {past}))) END, CASE r(n, 4) WHEN 0 THEN 'h' END, CASE WHEN n <= {open} THEN 'open' ELSE 'done' END,
    NULL,
  moment(r(n, {past})), CASE WHEN n > {open} THEN moment(r(n, {past})) END
FROM n WHERE n <= {tasks};
INSERT INTO task_entity (task_id, entity_id) SELECT n, 1 + r(n + 25, {entities}) FROM n WHERE n <= {tasks};
INSERT OR IGNORE INTO keep (entity_id, days) SELECT 1 + r(n + 26, {entities}), 30 + r(n, 300) FROM n WHERE n <= {keeps};

INSERT INTO operation (id, uid, kind, name, at, actor) SELECT 1, randomblob(16), 'do', 'import', '{now}', 'me';
INSERT INTO change (operation_id, tbl, row_id, last_id)
SELECT 1, tbl, 1, many FROM (SELECT 'interaction' AS tbl, count(*) AS many FROM interaction
  UNION ALL SELECT 'purchase', count(*) FROM purchase);
INSERT INTO operation (id, uid, kind, name, at, actor)
SELECT 1 + n, randomblob(16), 'do', 'add', moment(r(n + 27, {past})), 'me' FROM n WHERE n <= {entities};
INSERT INTO change (operation_id, entity_id, tbl, row_id, after)
SELECT 1 + id, id, 'entity', id, json_object('type', type, 'full_name', full_name, 'notes', notes) FROM entity;
INSERT INTO operation (id, uid, kind, name, at, actor)
SELECT {entities} + 1 + id, randomblob(16), 'do', 'lose', moment({past} - r(id, 20000000)), 'me' FROM entity
WHERE state <> 'active';
INSERT INTO change (operation_id, entity_id, tbl, row_id, before, after)
SELECT {entities} + 1 + id, id, 'entity', id, '{{"state": "active"}}', json_object('state', state) FROM entity
WHERE state <> 'active';
DROP TABLE n
"""


def spread(n: int, many: int) -> int:
    """Return a number below ``many`` that looks like chance, the same for the same ``n`` and ``many``."""
    n = (n * 0x9E3779B97F4A7C15 + many * 0xC2B2AE3D27D4EB4F) & _ALL
    n = ((n ^ (n >> 30)) * 0xBF58476D1CE4E5B9) & _ALL
    n = ((n ^ (n >> 27)) * 0x94D049BB133111EB) & _ALL
    return (n ^ (n >> 31)) % many


def make(
    path: Path, entities: int, *, tasks: int = 20_000, open_tasks: int = 2_000, keeps: int = 1_000, live: int = 2_000
) -> None:
    """Make a book: for each entity five interactions, half a purchase, a fifth of a ticket.

    What is to be done does not grow with it: so many open tasks, and due dates on the first ``live`` tickets alone.
    """
    run = [sys.executable, "-m", "dkcrm", "--db", str(path)]
    for words in (["add", "person", "First"], ["undo"]):
        subprocess.run([*run, *words, "-q"], check=True, stdout=subprocess.DEVNULL)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.create_function("r", 2, spread, deterministic=True)
    start = int(time.time()) - _PAST
    now = _iso(start + _PAST)
    # Nobody's future: what would be later than the present is at the present.
    connection.create_function("moment", 1, lambda past: _iso(start + min(past, _PAST)), deterministic=True)
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-200000")
    for table in ("change", "operation"):
        connection.execute(f"DELETE FROM {table}")
    for statement in _STATEMENTS.format(
        most=entities * 5,
        entities=entities,
        past=_PAST,
        start=start,
        now=now,
        tasks=tasks,
        open=open_tasks,
        keeps=keeps,
        live=live,
    ).split(";"):
        connection.execute(statement)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def _iso(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
