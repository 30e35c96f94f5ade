"""What to say where the libraries of the extra are not installed."""

from __future__ import annotations

from dkcrm.errors import DkcrmError
from dkcrm.i18n import _


def missing_extra() -> DkcrmError:
    """Return the error to raise when a library of the extra ``excel`` cannot be imported."""
    message = _("Excel workbooks need libraries that are not installed")
    return DkcrmError(message, code="missing_extra", hint="pip install 'dkcrm[excel]'")
