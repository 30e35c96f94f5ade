"""config and field."""

from typing import Annotated

import typer

from dkcrm.cli.shared import given, session, sure
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import settings


def config_show(context: typer.Context) -> Result:
    """Show every setting, its value and where it comes from.

    \b
    Examples:
      dkcrm config show
    """
    return settings.show(session(context), given(context).get("db"))


def config_set(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("The setting."))],
    value: Annotated[str, typer.Argument(metavar="VALUE", help=_("Its value; a blank one goes back to the default."))],
) -> Result:
    """Change a setting. Settings are kept in the config file, and the types in use in the database.

    \b
    Examples:
      dkcrm config set region GB
      dkcrm config set types simple
    """
    return settings.set_(session(context), name, value)


def config_types(
    context: typer.Context,
    profile: Annotated[
        str | None, typer.Argument(metavar="[PROFILE]", help=_("full, simple, customers, or a list with commas."))
    ] = None,
) -> Result:
    """Show or choose which types are in use.

    full has all six; simple three: potential customers, and the customers that they become; customers only those.

    \b
    Examples:
      dkcrm config types
      dkcrm config types simple
    """
    own = session(context)
    return settings.show_types(own) if profile is None else settings.set_types(own, profile)


def config_path(context: typer.Context) -> Result:
    """Show where the config file and the database are.

    \b
    Examples:
      dkcrm config path
    """
    return settings.path(session(context))


def field_list(context: typer.Context) -> Result:
    """List the custom fields.

    \b
    Examples:
      dkcrm field list
    """
    return settings.list_fields(session(context))


def field_add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("One word."))],
    kind: Annotated[
        str,
        typer.Option(
            "--kind", "--type", metavar="KIND", help=_("text, int, decimal, money, date, bool, choice or url.")
        ),
    ] = "text",
    side: Annotated[str, typer.Option("--side", metavar="SIDE", help=_("person, organization or both."))] = "both",
    choice: Annotated[
        list[str] | None, typer.Option("--choice", metavar="TEXT", help=_("A choice (repeatable, or with commas)."))
    ] = None,
) -> Result:
    """Declare a custom field, and whose it is when a lead becomes a prospect and a target.

    \b
    Examples:
      dkcrm field add budget --kind money --side organization
      dkcrm field add size --kind choice --choice small,medium,large
    """
    return settings.add_field(session(context), name, kind, side, choice or [])


def field_rm(
    context: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME", help=_("The field."))]
) -> Result:
    """Remove a custom field; with --yes even one that has values (undo brings them back).

    \b
    Examples:
      dkcrm field rm budget
    """
    return settings.remove_field(session(context), name, sure=sure(context))
