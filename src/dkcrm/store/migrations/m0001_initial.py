"""The first schema: entities and what hangs on them, the history, and full text."""

from __future__ import annotations

from sqlite_utils import Database

TABLES = """
CREATE TABLE operation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uid BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('do', 'undo', 'redo')),
  name TEXT NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  command TEXT,
  file TEXT,
  record TEXT,
  reverses INTEGER REFERENCES operation(id),
  undone_by INTEGER REFERENCES operation(id)
);
CREATE TABLE change (
  id INTEGER PRIMARY KEY,
  operation_id INTEGER NOT NULL REFERENCES operation(id),
  entity_id INTEGER,
  other_id INTEGER,
  tbl TEXT NOT NULL,
  row_id INTEGER NOT NULL,
  last_id INTEGER,
  before TEXT,
  after TEXT
);
CREATE TABLE entity (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uid BLOB NOT NULL,
  type TEXT NOT NULL CHECK (type IN ('suspect', 'lead', 'prospect', 'person', 'target', 'organization')),
  state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'disqualified', 'lost', 'inactive')),
  full_name TEXT,
  first_name TEXT,
  last_name TEXT,
  job_title TEXT,
  org_name TEXT,
  vat_id TEXT,
  tax_code TEXT,
  website TEXT,
  source TEXT,
  notes TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  removed_at TEXT,
  merged_into INTEGER REFERENCES entity(id),
  name_key TEXT,
  org_key TEXT,
  name TEXT GENERATED ALWAYS AS (coalesce(full_name,
    nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), ''), org_name)) VIRTUAL
);
CREATE TABLE contact_point (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity_id INTEGER NOT NULL REFERENCES entity(id),
  kind TEXT NOT NULL CHECK (kind IN ('email', 'phone', 'link')),
  value TEXT NOT NULL,
  norm TEXT,
  label TEXT,
  side TEXT NOT NULL CHECK (side IN ('person', 'organization')),
  is_primary INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE address (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity_id INTEGER NOT NULL REFERENCES entity(id),
  value TEXT,
  street TEXT,
  city TEXT,
  region TEXT,
  postcode TEXT,
  country TEXT,
  label TEXT,
  side TEXT NOT NULL CHECK (side IN ('person', 'organization')),
  is_primary INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE tag (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity_id INTEGER NOT NULL REFERENCES entity(id),
  tag TEXT NOT NULL,
  UNIQUE (tag, entity_id)
);
CREATE TABLE field (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('text', 'int', 'decimal', 'money', 'date', 'bool', 'choice', 'url')),
  side TEXT NOT NULL CHECK (side IN ('person', 'organization', 'both')),
  choices TEXT
);
CREATE TABLE field_value (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity_id INTEGER NOT NULL REFERENCES entity(id),
  field_id INTEGER NOT NULL REFERENCES field(id),
  value TEXT NOT NULL,
  num REAL,
  UNIQUE (entity_id, field_id)
);
CREATE TABLE interaction (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uid BLOB NOT NULL,
  entity_id INTEGER NOT NULL REFERENCES entity(id),
  at TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
  channel TEXT NOT NULL,
  subject TEXT,
  text TEXT NOT NULL
);
CREATE TABLE purchase (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uid BLOB NOT NULL,
  entity_id INTEGER NOT NULL REFERENCES entity(id),
  also_id INTEGER REFERENCES entity(id),
  product TEXT NOT NULL,
  is_service INTEGER NOT NULL DEFAULT 0,
  amount_minor INTEGER,
  currency TEXT,
  bought_on TEXT NOT NULL,
  voided_at TEXT
);
CREATE TABLE transition (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity_id INTEGER NOT NULL REFERENCES entity(id),
  into_id INTEGER REFERENCES entity(id),
  from_type TEXT NOT NULL,
  to_type TEXT NOT NULL,
  at TEXT NOT NULL,
  cause TEXT NOT NULL CHECK (cause IN ('promote', 'qualify', 'purchase')),
  purchase_id INTEGER REFERENCES purchase(id),
  voided_at TEXT
);
CREATE TABLE criterion (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('person', 'organization')),
  question TEXT NOT NULL,
  rule TEXT,
  removed_at TEXT
);
CREATE TABLE assessment (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity_id INTEGER NOT NULL REFERENCES entity(id),
  criterion_id INTEGER NOT NULL REFERENCES criterion(id),
  answer TEXT NOT NULL CHECK (answer IN ('yes', 'no', 'unknown')),
  note TEXT,
  at TEXT NOT NULL
);
CREATE TABLE membership (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  member_id INTEGER NOT NULL REFERENCES entity(id),
  organization_id INTEGER NOT NULL REFERENCES entity(id),
  role TEXT,
  since TEXT,
  is_primary INTEGER NOT NULL DEFAULT 0,
  UNIQUE (member_id, organization_id)
);
CREATE TABLE setting (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL
)
"""

# Codes are compared without blanks, dots, dashes and slashes.
# contact_point_key: the compared form of an email or phone is stored only where it is not the value itself.
INDEXES = """
CREATE UNIQUE INDEX entity_uid ON entity(uid);
CREATE INDEX entity_listed ON entity(type, updated_at) WHERE removed_at IS NULL AND merged_into IS NULL;
CREATE INDEX entity_updated ON entity(updated_at);
CREATE INDEX entity_name_key ON entity(name_key);
CREATE INDEX entity_org_key ON entity(org_key) WHERE org_key IS NOT NULL;
CREATE INDEX entity_vat ON entity(replace(replace(replace(replace(upper(vat_id), ' ', ''), '.', ''), '-', ''), '/', ''))
  WHERE vat_id IS NOT NULL;
CREATE INDEX entity_tax_code
  ON entity(replace(replace(replace(replace(upper(tax_code), ' ', ''), '.', ''), '-', ''), '/', ''))
  WHERE tax_code IS NOT NULL;
CREATE INDEX entity_merged ON entity(merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX contact_point_entity ON contact_point(entity_id);
CREATE INDEX contact_point_key ON contact_point(coalesce(norm, value));
CREATE INDEX address_entity ON address(entity_id);
CREATE INDEX tag_entity ON tag(entity_id);
CREATE INDEX field_value_field ON field_value(field_id, value);
CREATE INDEX interaction_entity ON interaction(entity_id, at);
CREATE INDEX purchase_entity ON purchase(entity_id);
CREATE INDEX purchase_also ON purchase(also_id) WHERE also_id IS NOT NULL;
CREATE INDEX transition_entity ON transition(entity_id);
CREATE INDEX transition_into ON transition(into_id) WHERE into_id IS NOT NULL;
CREATE INDEX assessment_entity ON assessment(entity_id);
CREATE UNIQUE INDEX criterion_name ON criterion(name, side) WHERE removed_at IS NULL;
CREATE INDEX membership_organization ON membership(organization_id);
CREATE INDEX change_operation ON change(operation_id);
CREATE INDEX change_entity ON change(entity_id, operation_id) WHERE entity_id IS NOT NULL;
CREATE INDEX change_other ON change(other_id) WHERE other_id IS NOT NULL;
CREATE INDEX change_row ON change(tbl, row_id);
CREATE INDEX change_range ON change(tbl, row_id, last_id) WHERE last_id IS NOT NULL
"""

# What full text reads. The text itself is not kept a second time; the order of values is fixed, because the index holds
# their places. store/staging.py makes the same text of the rows of an import.
SEARCH = """
CREATE VIEW search_text AS SELECT e.id AS id,
  coalesce(e.name, '') || CASE WHEN lower(e.name) <> e.name_key THEN ' ' || e.name_key ELSE '' END AS name,
  coalesce(e.org_name, '') || CASE WHEN e.org_name GLOB '*[^ -&(-~]*' THEN ' ' || e.org_key ELSE '' END
    || CASE WHEN instr(e.org_name, '.') > 0 THEN ' ' || replace(e.org_name, '.', '') ELSE '' END AS org,
  (SELECT group_concat(value, ' ') FROM
    (SELECT value FROM contact_point WHERE entity_id = e.id ORDER BY id)) AS contact,
  coalesce(e.job_title, '') || ' ' || coalesce(e.vat_id, '') || ' ' || coalesce(e.tax_code, '') || ' ' ||
  coalesce(e.website, '') || ' ' || coalesce(e.source, '') || ' ' || e.notes AS about,
  (SELECT group_concat(part, ' ') FROM (SELECT tag AS part FROM tag WHERE entity_id = e.id ORDER BY id)) AS tags,
  (SELECT group_concat(part, ' ') FROM (SELECT coalesce(value, '') || ' ' || coalesce(street, '') || ' ' ||
    coalesce(city, '') || ' ' || coalesce(region, '') || ' ' || coalesce(postcode, '') || ' ' ||
    coalesce(country, '') AS part FROM address WHERE entity_id = e.id ORDER BY id)) AS place,
  (SELECT group_concat(part, ' ') FROM
    (SELECT value AS part FROM field_value WHERE entity_id = e.id ORDER BY id)) AS fields
  FROM entity e WHERE e.merged_into IS NULL;
CREATE VIRTUAL TABLE search USING fts5(name, org, contact, about, tags, place, fields,
  content='search_text', content_rowid='id', tokenize="unicode61 remove_diacritics 2")
"""

#: The seeds' criteria: what makes a prospect of a person and a target of an organization.
CRITERIA = (
    ("market-fit", "person", "Is this person suited to our market?"),
    ("budget", "person", "Do they have the means to buy our product or service?"),
    ("authority", "person", "May they take the decision to buy?"),
    ("market-interest", "organization", "Is this organization interested in our market?"),
    ("budget", "organization", "Does it have the budget for our product or service?"),
)


def apply(db: Database) -> None:
    """Create every table, index and view, and the criteria that come out of the box."""
    for script in (TABLES, INDEXES, SEARCH):
        for statement in script.split(";"):
            db.execute(statement)
    for name, side, question in CRITERIA:
        db.execute("INSERT INTO criterion (name, side, question) VALUES (?, ?, ?)", (name, side, question))
