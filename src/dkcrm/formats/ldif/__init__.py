"""LDIF (RFC 2849), in and out: what Thunderbird's address book and OpenLDAP write."""

from __future__ import annotations

from dkcrm.formats.ldif.reader import open_ldif
from dkcrm.formats.ldif.writer import write_ldif

__all__ = ["open_ldif", "write_ldif"]
