"""product add, list, edit and rm; purchase list."""

from typing import Annotated

import typer

from dkcrm.cli import shared
from dkcrm.cli.shared import references, session
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Result

Amount = Annotated[str | None, typer.Option("--amount", metavar="AMOUNT", help=_("The price of one: 1200 or 1200.50."))]
Currency = Annotated[str | None, typer.Option("--currency", metavar="CODE", help=_("As EUR, the default."))]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help=_("A note."))]


def product_add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("What it is called in purchases."))],
    service: Annotated[bool, typer.Option("--service", help=_("It is a service."))] = False,
    amount: Amount = None,
    currency: Currency = None,
    note: Note = None,
) -> Result:
    """Add a product or service to the list, with the price of one.

    The list is optional: a purchase takes any text. One that names a product takes price and kind from here.

    \b
    Examples:
      dkcrm product add "Annual plan" --amount 1200 --currency EUR
      dkcrm product add Training --service --amount 90 --note "An hour."
    """
    from dkcrm.services.products import add

    return add(session(context), name, service=service, amount=amount, currency=currency, note=note)


def product_list(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", "-a", help=_("Removed products too."))] = False,
) -> Result:
    """List the products and services.

    \b
    Examples:
      dkcrm product list
    """
    from dkcrm.services.products import list_products

    return list_products(session(context), everything=everything)


def product_edit(
    context: typer.Context,
    product: Annotated[str, typer.Argument(metavar="PRODUCT", help=_("Its name or number."))],
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help=_("Another name."))] = None,
    service: Annotated[bool | None, typer.Option("--service/--no-service", help=_("It is a service, or none."))] = None,
    amount: Amount = None,
    currency: Currency = None,
    note: Note = None,
) -> Result:
    """Change a product; --amount none takes its price away. What was bought already stays as it was bought.

    \b
    Examples:
      dkcrm product edit "Annual plan" --amount 1300
      dkcrm product edit 2 --name "Training, a day" --amount 600
    """
    from dkcrm.services.products import edit

    if all(value is None for value in (name, service, amount, currency, note)):
        raise InvalidInput(_("say what to change"), hint=_("see: dkcrm product edit --help"))
    return edit(session(context), product, name=name, service=service, amount=amount, currency=currency, note=note)


def product_rm(
    context: typer.Context,
    products: Annotated[
        list[str], typer.Argument(metavar="PRODUCT...", help=_("Their names or numbers; - reads them."))
    ],
) -> Result:
    """Take products off the list. What was bought of them stays, and the name may come again.

    \b
    Examples:
      dkcrm product rm "Annual plan"
    """
    from dkcrm.services.products import remove

    return remove(session(context), references(products)[0])


def purchase_list(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REF...] [FILTER...]", help=_("Who bought (- reads them); terms that hold of them.")),
    ] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help=_("From a day or period on."))] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help=_("Up to a day or period."))] = None,
    everything: Annotated[
        bool, typer.Option("--all", "-a", help=_("Voided purchases, and those of removed entities, too."))
    ] = False,
    limit: shared.Limit = 0,
) -> Result:
    """List purchases, the newest first, with the total in each currency.

    Bare words are references to who bought (as the first or second buyer); terms such as tag:vip are a filter on the
    buyer. What was voided counts in no total.

    \b
    Examples:
      dkcrm purchase list
      dkcrm purchase list 42
      dkcrm purchase list tag:vip --since 2026-01 --until 2026-06
      dkcrm purchase list "Northwind Ltd" --all --json
    """
    from dkcrm.services.sales import list_purchases

    found = references(words)[0] if words else []
    if words and not found:
        found = ["id:0"]  # nobody was named on standard input, which is not everybody
    return list_purchases(session(context), found, since=since, until=until, everything=everything, limit=limit)
