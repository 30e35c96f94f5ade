"""Text <-> records, no store: a file a format, and a line a format here.

The seam: a format's opener returns a ``record.Source``. Its ``columns`` say once which field each position of a row
feeds, its ``rows`` are plain ``(line, cells)`` pairs, and what cannot be read as a row stands in its ``rejects``. One
pipeline in the services turns such a stream into one unit of work, whatever the format was. A format whose records
differ in shape (vCard, JSON) makes its plan in a first pass: a column for each field, label and repetition that occurs.
"""

from __future__ import annotations

FORMATS: dict[str, str] = {
    "csv": "dkcrm.formats.csvfile:open_csv",
}
