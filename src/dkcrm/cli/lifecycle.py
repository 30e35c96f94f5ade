"""log, promote, disqualify, lose, reopen, purchase, purchase void."""

from typing import Annotated

import typer

from dkcrm.cli import shared
from dkcrm.cli.shared import references, session
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import lifecycle, purchases
from dkcrm.services.conversion import Choices

Reason = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help=_("Why; kept in the history."))]
Prospect = Annotated[
    str | None,
    typer.Option("--prospect", metavar="REF|new", help=_("Who the person is, where it may be there already.")),
]
Target = Annotated[
    str | None, typer.Option("--target", metavar="REF|new", help=_("What the organization is, likewise."))
]


def log(
    context: typer.Context,
    ref: shared.ManyReference,
    channel: Annotated[
        str, typer.Argument(metavar="CHANNEL", help=_("email, phone, meeting, web … in your own words."))
    ],
    text: Annotated[str, typer.Argument(metavar="TEXT", help=_("What was said."))],
    inbound: Annotated[bool, typer.Option("--in", help=_("They contacted us."))] = False,
    outbound: Annotated[bool, typer.Option("--out", help=_("We contacted them (when nothing is said)."))] = False,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help=_("When, if not now: 2026-11-21T09:30."))
    ] = None,
    subject: Annotated[str | None, typer.Option("--subject", metavar="TEXT", help=_("The subject."))] = None,
) -> Result:
    """Log a contact with an entity, in or out. One that came in makes a lead of a suspect.

    \b
    Examples:
      dkcrm log 42 email "Asked for the price list." --in
      dkcrm log 42 phone "Left a message." --at 2026-11-20T15:00
    """
    if inbound and outbound:
        raise InvalidInput(_("--in and --out exclude each other"))
    found, _single = references([ref])
    return lifecycle.log(session(context), found, channel, text, inbound=inbound, at=at, subject=subject)


def promote(context: typer.Context, refs: shared.References) -> Result:
    """Make leads of suspects that have contacted us at least once.

    \b
    Examples:
      dkcrm promote 42
    """
    return lifecycle.promote(session(context), references(refs)[0])


def disqualify(context: typer.Context, refs: shared.References, reason: Reason = None) -> Result:
    """Put leads aside: the state changes, the type stays.

    \b
    Examples:
      dkcrm disqualify 42 --reason "No budget this year."
    """
    return lifecycle.change_state(session(context), "disqualify", references(refs)[0], reason)


def lose(context: typer.Context, refs: shared.References, reason: Reason = None) -> Result:
    """Mark prospects or targets as lost: the state changes, the type stays.

    \b
    Examples:
      dkcrm lose 42 --reason "Chose a competitor."
    """
    return lifecycle.change_state(session(context), "lose", references(refs)[0], reason)


def reopen(context: typer.Context, refs: shared.References, reason: Reason = None) -> Result:
    """Make disqualified, lost or inactive entities active again.

    \b
    Examples:
      dkcrm reopen 42
    """
    return lifecycle.change_state(session(context), "reopen", references(refs)[0], reason)


def purchase(
    context: typer.Context,
    ref: shared.Reference,
    product: Annotated[str, typer.Argument(metavar="PRODUCT", help=_("What was bought."))],
    service: Annotated[
        bool | None, typer.Option("--service/--no-service", help=_("A service that was used, or none."))
    ] = None,
    quantity: Annotated[
        str | None,
        typer.Option("--quantity", metavar="NUMBER", help=_("How many or how much: 3 or 2.5 (else 1).")),
    ] = None,
    amount: Annotated[
        str | None, typer.Option("--amount", metavar="AMOUNT", help=_("Of the whole purchase: 1200 or 1200.50."))
    ] = None,
    currency: Annotated[str | None, typer.Option("--currency", metavar="CODE", help=_("As EUR, the default."))] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help=_("When, if not today."))] = None,
    also: Annotated[
        str | None,
        typer.Option(
            "--also", metavar="REF", help=_("The other side of the purchase: the organization that bought too.")
        ),
    ] = None,
    prospect: Prospect = None,
    target: Target = None,
) -> Result:
    """Record a purchase: the buyer becomes a customer.

    A prospect becomes a person by it, and a target an organization. Customers add to their list.

    --prospect and --target say who is there already, where a purchase turns somebody into two customers at once.

    PRODUCT is any text. Where it is the name of one on the list (see: dkcrm product add), the amount is its price times
    the quantity, half a cent rounded up, and the currency and the kind are its own; the options win.

    \b
    Examples:
      dkcrm purchase 42 "Annual plan" --amount 1200 --currency EUR
      dkcrm purchase 42 "Annual plan" --quantity 3
      dkcrm purchase 42 "Annual plan" --also 77 --on 2026-11-20
      dkcrm purchase void 42
    """
    return purchases.purchase(
        session(context),
        ref,
        product,
        service=service,
        quantity=quantity,
        amount=amount,
        currency=currency,
        on=on,
        also=also,
        choices=Choices(prospect, target),
    )


def purchase_void(
    context: typer.Context,
    ref: shared.Reference,
    number: Annotated[
        int | None,
        typer.Argument(metavar="[NUMBER]", min=1, max=10**15, help=_("Its number, if there are several.")),
    ] = None,
) -> Result:
    """Void a purchase of a customer. Voiding the only one gives the former type back.

    \b
    Examples:
      dkcrm purchase void 42
      dkcrm purchase void 42 7
    """
    return purchases.void(session(context), ref, number)
