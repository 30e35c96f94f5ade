"""Marketing, sales and customer service: campaigns, consents, products and tickets."""

from __future__ import annotations

from sqlite_utils import Database

# campaign.purpose: the purpose to which its members must have consented; basis: in words, the legal ground on which it
# goes to whoever has not withdrawn, where consent is not what it stands on. Whom a campaign reached, and who answered,
# is in the interactions that name it.
# consent: what was said, in the order of its own time (at); the latest of a purpose is what holds.
# purchase.quantity: a decimal as text, absent for one; amount_minor is the whole purchase's.
# ticket.due: as a task's. ticket_event: what happened to a ticket that is no message; those are its interactions.
STATEMENTS = """
CREATE TABLE campaign (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uid BLOB NOT NULL,
  name TEXT NOT NULL,
  channel TEXT NOT NULL,
  purpose TEXT NOT NULL,
  basis TEXT,
  cost_minor INTEGER,
  currency TEXT,
  notes TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  removed_at TEXT
);
CREATE TABLE campaign_member (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  campaign_id INTEGER NOT NULL REFERENCES campaign(id),
  entity_id INTEGER NOT NULL REFERENCES entity(id),
  added_at TEXT NOT NULL,
  UNIQUE (campaign_id, entity_id)
);
CREATE TABLE consent (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uid BLOB NOT NULL,
  entity_id INTEGER NOT NULL REFERENCES entity(id),
  purpose TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('given', 'withdrawn')),
  at TEXT NOT NULL,
  proof TEXT
);
CREATE TABLE product (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uid BLOB NOT NULL,
  name TEXT NOT NULL,
  is_service INTEGER NOT NULL DEFAULT 0,
  amount_minor INTEGER,
  currency TEXT,
  notes TEXT NOT NULL DEFAULT '',
  removed_at TEXT
);
CREATE TABLE ticket (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uid BLOB NOT NULL,
  entity_id INTEGER NOT NULL REFERENCES entity(id),
  subject TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'waiting', 'closed')),
  priority TEXT CHECK (priority IN ('h', 'm', 'l')),
  due TEXT,
  opened_at TEXT NOT NULL,
  closed_at TEXT
);
CREATE TABLE ticket_event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ticket_id INTEGER NOT NULL REFERENCES ticket(id),
  at TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('note', 'wait', 'close', 'reopen')),
  text TEXT
);
ALTER TABLE interaction ADD COLUMN campaign_id INTEGER REFERENCES campaign(id);
ALTER TABLE interaction ADD COLUMN ticket_id INTEGER REFERENCES ticket(id);
ALTER TABLE purchase ADD COLUMN quantity TEXT;
CREATE UNIQUE INDEX campaign_name ON campaign(name COLLATE NOCASE) WHERE removed_at IS NULL;
CREATE INDEX campaign_member_entity ON campaign_member(entity_id);
CREATE INDEX consent_entity ON consent(entity_id, purpose, at);
CREATE UNIQUE INDEX product_name ON product(name COLLATE NOCASE) WHERE removed_at IS NULL;
CREATE INDEX ticket_entity ON ticket(entity_id);
CREATE INDEX ticket_open ON ticket(state, due) WHERE state <> 'closed';
CREATE INDEX ticket_event_ticket ON ticket_event(ticket_id);
CREATE INDEX interaction_campaign ON interaction(campaign_id, entity_id, at) WHERE campaign_id IS NOT NULL;
CREATE INDEX interaction_ticket ON interaction(ticket_id, at) WHERE ticket_id IS NOT NULL
"""


def apply(db: Database) -> None:
    """Create the tables, and let interactions and purchases say what they belong to."""
    for statement in STATEMENTS.split(";"):
        db.execute(statement)
