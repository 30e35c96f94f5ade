"""Single terms of the filter language as SQL, each with the index that answers it where there is one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dkcrm.domain.query import Term
from dkcrm.domain.text import fold, strip_marks
from dkcrm.store.codes import Condition, phone_keys, tags_like
from dkcrm.store.conditions import Conditions, marks
from dkcrm.store.fields import FIELDS, Field, there, walked
from dkcrm.store.images import RANGED
from dkcrm.store.patterns import folded
from dkcrm.store.pieces import Piece

_NEVER = ("never", "mai")


class Terms(Conditions):
    """Makes conditions of terms, with the index that answers each."""

    def piece(self, term: Term, field: Field, text: str) -> Piece:
        """Return the condition of a term over a field; ``text`` is what its place is in."""
        self.text = text
        if field.kind in ("import", "operation"):
            return self.journal(term, field)
        if field.kind in ("time", "day", "due", "ordinal") and term.op in (":", "=") and term.value.lower() in _NEVER:
            term = term._replace(op="none")
        if field is FIELDS["state"] and term.op in (":", "=") and term.value.lower() == "removed":
            return Piece("e.removed_at IS NOT NULL")
        if term.op == "none" or (term.op == "=" and not term.value):
            return Piece(f"NOT {there(field)}" if field.source else f"NOT ({there(field)})")
        sql, values = self.condition(term, field)
        if field.source:
            walk = f"{walked(field.source)} AND ({sql})" if walked(field.source) else ""
            exists = f"EXISTS (SELECT 1 FROM {field.source} AND ({sql}))"
            piece = Piece(exists, values, walk, values if walk else (), covers=bool(walk), scan=bool(walk))
            return self.indexed(term, field, piece)
        if field in (FIELDS["created"], FIELDS["updated"]):
            ids = f"SELECT e.id FROM entity e WHERE {sql}"
            return Piece(sql, values, ids, values, covers=True, column=field.sql)
        return self.indexed(term, field, Piece(f"coalesce(({sql}), 0)", values))

    def indexed(self, term: Term, field: Field, piece: Piece) -> Piece:
        """Return a condition with the index that answers it, for the terms that have one."""
        value = term.value

        def found(
            ids: str, values: Iterable[Any], *, covers: bool = False, few: bool = True, scan: bool = False
        ) -> Piece:
            return piece._replace(ids=ids, ids_values=list(values), covers=covers, few=few, scan=scan)

        if field is FIELDS["tag"] and term.op in (":", "="):
            tags = tags_like(self.connection, value)
            ids = f"SELECT entity_id FROM tag WHERE tag IN ({marks(tags)})"
            return found(ids, tags, covers=True, few=False)
        if field is FIELDS["phone"] and term.op in (":", "="):
            keys = phone_keys(self.connection, value, self.session.region, whole=term.op == "=")
            if keys:
                return found(
                    "SELECT entity_id FROM contact_point"
                    f" WHERE kind='phone' AND coalesce(norm, value) IN ({marks(keys)})",
                    keys,
                    covers=True,
                )
        if field.kind == "reference" and term.op in (":", "=") and value.isdigit():
            return found("SELECT member_id FROM membership WHERE organization_id = ?", piece.values, few=True)
        if field is FIELDS["name"] and term.op == ":":
            word = strip_marks(value)
            if word.isascii() and word.isalnum():
                # Letters and digits side by side in the name are so in its key, which an index holds alone.
                return found("SELECT id FROM entity WHERE instr(name_key, ?) > 0", [word], few=False, scan=True)
        if term.op != "=":
            return piece
        if field is FIELDS["email"]:
            ids = "SELECT entity_id FROM contact_point WHERE kind='email' AND coalesce(norm, value) = ?"
            return found(ids, [value.casefold()], covers=True)
        if field is FIELDS["name"]:
            return found("SELECT id FROM entity WHERE name_key = ?", [fold(value)])
        if field is FIELDS["organization"]:
            from dkcrm.domain.matching import organization_key

            return found("SELECT id FROM entity WHERE org_key = ? AND org_key IS NOT NULL", [organization_key(value)])
        if field.kind == "code":
            ids = f"SELECT e.id FROM entity e WHERE {field.sql} IS NOT NULL AND {self.condition(term, field)[0]}"
            return found(ids, piece.values, covers=True)
        if field.kind == "uid" or (field is FIELDS["id"] and not piece.values[1:2]):
            return found(f"SELECT e.id FROM entity e WHERE {self.condition(term, field)[0]}", piece.values, covers=True)
        return piece

    # The journal

    def journal(self, term: Term, field: Field) -> Piece:
        """Return the condition of who came in by the import of a file, or was touched by an operation."""
        if field.kind == "import":
            came = "o.name = 'import' AND o.kind = 'do' AND o.file IS NOT NULL"
            sql, values = self.of_file(term) if term.op != "none" else ("1", [])
            ids = (
                "SELECT c.row_id FROM operation o JOIN change c ON c.operation_id = o.id"
                f" WHERE {came} AND ({sql}) AND c.tbl = 'entity' AND c.before IS NULL AND c.last_id IS NULL"
            )
        else:
            came = "1"
            number = Field("o.id", "number", whole=True)
            sql, values = self.condition(term, number) if term.op != "none" else ("1", [])
            joined = (
                f"SELECT c.{{}} FROM operation o JOIN change c ON c.operation_id = o.id WHERE ({sql}) AND c.{{}} > 0"
            )
            ids = f"{joined.format('entity_id', 'entity_id')} UNION {joined.format('other_id', 'other_id')}"
            for table in RANGED:
                ids += (
                    " UNION SELECT r.entity_id FROM operation o JOIN change c ON c.operation_id = o.id"
                    f" JOIN {table} r ON r.id BETWEEN c.row_id AND c.last_id WHERE ({sql}) AND c.tbl = '{table}'"
                )
        ids += (
            " UNION SELECT x.id FROM operation o JOIN change c ON c.operation_id = o.id"
            f" JOIN entity x ON x.id BETWEEN c.row_id AND c.last_id WHERE {came} AND ({sql}) AND c.tbl = 'entity'"
            " AND c.last_id IS NOT NULL"
        )
        values = values * (2 if field.kind == "import" else 3 + len(RANGED))
        # Who has become another since is that one.
        ids = (
            f"SELECT id FROM (WITH RECURSIVE met(id) AS MATERIALIZED ({ids}), gone(id, top) AS ("
            "SELECT id, merged_into FROM entity WHERE merged_into IS NOT NULL UNION"
            " SELECT g.id, m.merged_into FROM gone g CROSS JOIN entity m ON m.id = g.top"
            " WHERE m.merged_into IS NOT NULL)"
            " SELECT id FROM met UNION SELECT g.top FROM gone g WHERE g.id IN (SELECT id FROM met))"
        )
        if term.op == "none":
            return Piece(f"e.id NOT IN ({ids})", values, whole=True)
        return Piece(f"e.id IN ({ids})", values, ids, values, covers=True, whole=True)

    def of_file(self, term: Term) -> Condition:
        """A part of the file's path, or with ``=`` the path or the name."""
        sql, values = self.condition(term, Field("o.file"))
        if term.op != "=":
            return sql, values
        return f"{sql} OR substr({folded('o.file')}, -length(?)) = ?", [*values, *["/" + str(values[0])] * 2]
