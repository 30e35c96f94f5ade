"""The options that commands share: attributes of an entity, and by what a backup is read."""

from typing import Annotated

import typer

from dkcrm.i18n import _

First = Annotated[str | None, typer.Option("--first", metavar="NAME", help=_("First name."))]
Last = Annotated[str | None, typer.Option("--last", metavar="NAME", help=_("Last name."))]
Title = Annotated[str | None, typer.Option("--title", metavar="TEXT", help=_("Job title."))]
Org = Annotated[str | None, typer.Option("--org", metavar="NAME", help=_("Organization name."))]
Vat = Annotated[str | None, typer.Option("--vat", metavar="CODE", help=_("VAT number."))]
TaxCode = Annotated[str | None, typer.Option("--tax-code", metavar="CODE", help=_("Tax code."))]
Website = Annotated[str | None, typer.Option("--website", metavar="URL", help=_("Website."))]
Source = Annotated[str | None, typer.Option("--source", metavar="TEXT", help=_("Where it came from."))]
Emails = Annotated[list[str] | None, typer.Option("--email", metavar="[LABEL:]VALUE", help=_("Email (repeatable)."))]
Phones = Annotated[list[str] | None, typer.Option("--phone", metavar="[LABEL:]VALUE", help=_("Phone (repeatable)."))]
Addresses = Annotated[
    list[str] | None, typer.Option("--address", metavar="[LABEL:]VALUE", help=_("Postal address (repeatable)."))
]
Links = Annotated[list[str] | None, typer.Option("--link", metavar="[LABEL:]URL", help=_("Link (repeatable)."))]
Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help=_("Tag (repeatable, or with commas)."))]
Notes = Annotated[list[str] | None, typer.Option("--note", metavar="TEXT", help=_("Note (repeatable)."))]
Fields = Annotated[
    list[str] | None, typer.Option("--field", metavar="NAME=VALUE", help=_("Custom field (repeatable)."))
]
State = Annotated[
    str | None, typer.Option("--state", metavar="STATE", help=_("active, disqualified, lost or inactive."))
]
PassphraseFd = Annotated[
    int | None,
    typer.Option("--passphrase-fd", metavar="NUMBER", min=0, help=_("Read a passphrase from this file descriptor.")),
]
Identity = Annotated[
    str | None, typer.Option("--identity", metavar="FILE", help=_("The file with the secret key of age."))
]


def split_commas(words: list[str] | None) -> list[str]:
    """Return words that were given one by one or with commas."""
    return [part.strip() for word in words or [] for part in word.split(",") if part.strip()]
