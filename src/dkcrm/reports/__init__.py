"""Reports: read-only SQL in, a Result out. A report is a file here and a line in ``REPORTS``.

Its module has ``HELP`` (what ``--help`` says of it), ``GROUPS`` (what ``--by`` may be) and ``report(scope)``.
"""

from __future__ import annotations

from dkcrm.i18n import _

#: name -> summary, in the order in which they are listed.
REPORTS: dict[str, str] = {
    "funnel": _("How many entered each type, moved on, and how fast."),
    "pipeline": _("Who stands where, for how long, what is stuck, and the next task."),
    "sources": _("What became of those whom each source brought, and what they bought."),
    "campaigns": _("Whom each campaign reached, who answered, and what came of it."),
    "activity": _("Contacts in and out, people touched and tasks done, over time."),
    "sales": _("What was bought: revenue by month, customer, product, source …"),
    "service": _("Tickets opened and closed, and how long answers took."),
    "hygiene": _("What is missing or forgotten in the records, and how to mend it."),
    "growth": _("New entities by month and type, customers won and lost."),
}
