"""The story that ``dkcrm demo`` tells: paragraphs, and the commands that a newcomer would type."""

from __future__ import annotations

from typing import NamedTuple

from dkcrm.i18n import _


class Step(NamedTuple):
    """One step: what is about to happen, the words of the command, and the exit code that it must end with."""

    text: str
    words: tuple[str, ...]
    code: int = 0


_ALL = "market-fit,budget,authority,market-interest"

STORY: tuple[Step, ...] = (
    Step(
        _("You have customers already. A person and an organization, and the link between them:"),
        ("add", "organization", "Northwind Pumps Ltd", "--vat", "GB 987 6543 21", "--tag", "customer"),
    ),
    Step("", ("add", "person", "Emma Clarke", "--email", "work:emma@northwind-pumps.example", "--tag", "customer")),
    Step("", ("link", "Emma Clarke", "Northwind Pumps Ltd", "--role", "buyer")),
    Step(
        _("A fair brought leads, in a CSV file with headers of its own. They come in as one operation:"),
        ("import", "leads.csv", "--type", "lead", "--source", "fair"),
    ),
    Step(
        _("Running it again, as cron does every night, changes nothing:"),
        ("import", "leads.csv", "--type", "lead", "--source", "fair"),
    ),
    Step(
        _("And one more, from the web form:"),
        ("add", "lead", "Emma Clarke", "--email", "EMMA@northwind-pumps.example", "--source", "fair"),
    ),
    Step(
        _("A lead may be a person, an organization, or a person together with their organization:"),
        ("list", "lead"),
    ),
    Step(_("The funnel counts them as they enter:"), ("report", "funnel")),
    Step(
        _("A suspect has never contacted you, so it cannot be qualified. dkcrm says why, and what to do:"),
        ("add", "suspect", "--org", "Cantina Gallo", "--website", "https://cantina-gallo.example"),
    ),
    Step("", ("qualify", "Cantina Gallo"), 4),
    Step(
        _("They write to you: logging it makes a lead of them, in the same operation."),
        ("log", "Cantina Gallo", "email", "Chiedono il listino prezzi.", "--in"),
    ),
    Step(_("Leads are qualified by your criteria. These come out of the box:"), ("criteria", "list")),
    Step("", ("assess", "James Wright", "--yes", "market-fit,budget,authority", "--note", "Spoke to him at the fair.")),
    Step(_("How does Anna stand, who comes with her company?"), ("qualify", "Anna Bianchi", "--check")),
    Step("", ("assess", "Anna Bianchi", "Chiara Rossi", "Luca Ferrari", "--yes", _ALL)),
    Step("", ("assess", "Officine Verdi S.p.A.", "--yes", "market-interest,budget")),
    Step(_("Outcome one, a person: a prospect."), ("qualify", "James Wright")),
    Step(_("Outcome two, an organization: a target."), ("qualify", "Officine Verdi S.p.A.")),
    Step(_("Outcome three, both: a prospect and a target, linked."), ("qualify", "Anna Bianchi", "Chiara Rossi")),
    Step(
        _("Luca's company is there already, by its VAT number: he joins it, and it is not doubled."),
        ("qualify", "Luca Ferrari"),
    ),
    Step(
        _("Emma is a customer already, and wrote again: two entities answer to her email. Nothing is guessed:"),
        ("qualify", "EMMA@northwind-pumps.example"),
        4,
    ),
    Step(
        _("So by number: her lead is folded into the customer that she is, and 10 goes on to mean her."),
        ("qualify", "10", "--override", "A customer already."),
    ),
    Step(
        _("Oliver has no budget. The state changes, the type stays:"),
        ("disqualify", "Oliver Brown", "--reason", "No budget before next year."),
    ),
    Step(_("Six leads have moved on:"), ("report", "funnel")),
    Step(
        _("Anna buys, and so does her company: the prospect becomes a person, the target an organization."),
        (
            "purchase",
            "Anna Bianchi",
            "Annual plan",
            "--amount",
            "1200",
            "--also",
            "Bianchi Serramenti S.r.l.",
        ),
    ),
    Step(_("James buys for himself:"), ("purchase", "James Wright", "Annual plan", "--amount", "300")),
    Step(_("A slip? Any operation can be undone, and redone:"), ("undo",)),
    Step("", ("redo",)),
    Step(_("Everything about Anna:"), ("show", "Anna Bianchi")),
    Step(_("Who set each value, and when?"), ("blame", "Anna Bianchi")),
    Step(_("Find and filter:"), ("find", "dangelo")),
    Step("", ("list", "prospect", "source:fair")),
    Step(_("How it went in the end:"), ("report", "funnel")),
    Step(_("And what was done, the newest first:"), ("history", "--limit", "8")),
)
