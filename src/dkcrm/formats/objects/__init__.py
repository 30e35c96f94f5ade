"""JSON and JSON lines, in and out: our own entities, and the objects that other programs write of people."""

from __future__ import annotations

from dkcrm.formats.objects.reader import looks_like_jcard, open_json
from dkcrm.formats.objects.writer import write_json, write_jsonl

__all__ = ["looks_like_jcard", "open_json", "write_json", "write_jsonl"]
