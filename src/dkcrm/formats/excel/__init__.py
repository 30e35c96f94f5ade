"""Excel workbooks (xlsx), in and out; the libraries for it come with the extra ``dkcrm[excel]``."""

from __future__ import annotations

from dkcrm.formats.excel.reader import open_xlsx
from dkcrm.formats.excel.writer import write_xlsx

__all__ = ["open_xlsx", "write_xlsx"]
