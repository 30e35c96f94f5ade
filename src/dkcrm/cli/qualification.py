"""criteria, assess, qualify."""

from typing import Annotated

import typer

from dkcrm.cli import shared
from dkcrm.cli.lifecycle import Prospect, Target
from dkcrm.cli.shared import references, session
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import criteria, qualification
from dkcrm.services.conversion import Choices

Name = Annotated[str, typer.Argument(metavar="NAME", help=_("The criterion's name."))]
Side = Annotated[str | None, typer.Option("--side", metavar="SIDE", help=_("person, organization or both."))]
Question = Annotated[str | None, typer.Option("--question", metavar="TEXT", help=_("What is asked."))]
Rule = Annotated[
    str | None, typer.Option("--rule", metavar="FILTER", help=_("A filter that answers it, as country=IT."))
]
Names = typer.Option(metavar="NAMES", help=_("Criteria, with commas (repeatable)."))


def criteria_list(context: typer.Context) -> Result:
    """List the criteria by which leads are qualified.

    \b
    Examples:
      dkcrm criteria list
    """
    return criteria.list_criteria(session(context))


def criteria_add(
    context: typer.Context, name: Name, side: Side = "person", question: Question = None, rule: Rule = None
) -> Result:
    """Add a criterion; a rule, which is a filter, answers it by itself, and says unknown where a value is missing.

    \b
    Examples:
      dkcrm criteria add timing --side both --question "Do they want it this year?"
      dkcrm criteria add italian --side organization --rule country=IT
      dkcrm criteria add large --side organization --rule "employees >= 10 or @known"
    """
    return criteria.add_criterion(session(context), name, side or "person", question, rule)


def criteria_edit(
    context: typer.Context,
    name: Name,
    side: Side = None,
    new_name: Annotated[str | None, typer.Option("--name", metavar="NAME", help=_("Its new name."))] = None,
    question: Question = None,
    rule: Rule = None,
) -> Result:
    """Change a criterion (of both sides, unless --side says which); --rule "" takes the rule away.

    \b
    Examples:
      dkcrm criteria edit budget --side person --question "Can they spend 5000?"
    """
    return criteria.edit_criterion(session(context), name, side, rename=new_name, question=question, rule=rule)


def criteria_rm(context: typer.Context, name: Name, side: Side = None) -> Result:
    """Take a criterion away (of both sides, unless --side says which).

    \b
    Examples:
      dkcrm criteria rm authority
    """
    return criteria.remove_criterion(session(context), name, side)


def assess(
    context: typer.Context,
    refs: shared.References,
    yes_: Annotated[
        list[str] | None, typer.Option("--yes", metavar="NAMES", help=_("Criteria that are met, with commas."))
    ] = None,
    no_: Annotated[
        list[str] | None, typer.Option("--no", metavar="NAMES", help=_("Criteria that are not met."))
    ] = None,
    unknown: Annotated[
        list[str] | None, typer.Option("--unknown", metavar="NAMES", help=_("Criteria not known (again)."))
    ] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help=_("How you know."))] = None,
) -> Result:
    """Answer criteria for leads, by hand. A name that both sides have answers both.

    \b
    Examples:
      dkcrm assess 42 --yes budget,market-fit --no authority --note "Her boss decides."
      dkcrm qualify 42 --check
    """
    answers = {"yes": yes_ or [], "no": no_ or [], "unknown": unknown or []}
    return qualification.assess(session(context), references(refs)[0], answers, note)


def qualify(
    context: typer.Context,
    refs: shared.References,
    check: Annotated[bool, typer.Option("--check", help=_("Only report how they stand."))] = False,
    override: Annotated[
        str | None,
        typer.Option("--override", metavar="REASON", help=_("Go on though criteria are not met; why is kept.")),
    ] = None,
    prospect: Prospect = None,
    target: Target = None,
) -> Result:
    """Turn leads that meet every criterion into prospects and targets.

    A person becomes a prospect, an organization a target, a lead with both becomes both, linked. Who is there already
    (same VAT number, tax code or email) is joined; what only looks the same is asked.

    \b
    Examples:
      dkcrm qualify 42 --check
      dkcrm qualify 42
      dkcrm qualify 42 --target 77
      dkcrm qualify 42 --override "The owner vouches for her."
    """
    found = references(refs)[0]
    if check:
        if override is not None:
            raise InvalidInput(_("--check only reports: it takes no --override"))
        return qualification.check(session(context), found)
    return qualification.qualify(session(context), found, override=override, choices=Choices(prospect, target))
