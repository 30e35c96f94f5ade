"""privacy consent and privacy consents."""

from typing import Annotated

import typer

from dkcrm.cli.shared import references, session
from dkcrm.domain.consent import STATES
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import consents


def consent(
    context: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="REF... [give|withdraw PURPOSE]", help=_("Who; then what is said of which purpose. - reads who.")
        ),
    ],
    proof: Annotated[
        str | None, typer.Option("--proof", metavar="TEXT", help=_("What proves it: a form, a mail, a call."))
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help=_("When, if not now: 2026-11-21T09:30."))
    ] = None,
) -> Result:
    """Record that somebody consents to a purpose, or withdraws; without a purpose, show all that was said.

    The latest word on a purpose holds, and at the same moment the withdrawal. A purpose is one word of your own;
    campaigns go by marketing where nothing else is said.

    \b
    Examples:
      dkcrm privacy consent 42 give marketing --proof "web form"
      dkcrm privacy consent 42 withdraw marketing --at 2026-11-20
      dkcrm list tag:fair | cut -f1 | dkcrm privacy consent - give newsletter --proof "fair 2026"
      dkcrm privacy consent 42
    """
    if words[0].lower() == "list":
        return consents_(context, words[1:])
    if len(words) > 1 and words[-2].lower() in STATES:
        if len(words) == 2:
            raise InvalidInput(_("say who {verb}s").format(verb=words[0]), hint=_usage())
        found, _single = references(words[:-2])
        return consents.record(session(context), found, words[-2].lower(), words[-1], proof=proof, at=at)
    if words[-1].lower() in STATES and len(words) > 1:
        raise InvalidInput(_("say to what: a purpose, as in marketing"), hint=_usage())
    if proof is not None or at is not None:
        raise InvalidInput(_("--proof and --at go with give or withdraw"), hint=_usage())
    return consents.list_consents(session(context), references(words)[0], everything=True)


def _usage() -> str:
    return _('as in: dkcrm privacy consent 42 give marketing --proof "web form"')


def consents_(
    context: typer.Context,
    refs: Annotated[
        list[str] | None, typer.Argument(metavar="[REF...]", help=_("Who; everybody where nothing is said."))
    ] = None,
    purpose: Annotated[
        str | None, typer.Option("--purpose", metavar="PURPOSE", help=_("Only of this purpose."))
    ] = None,
    state: Annotated[str | None, typer.Option("--state", metavar="STATE", help=_("Only given, or withdrawn."))] = None,
    everything: Annotated[bool, typer.Option("--all", "-a", help=_("What no longer holds too."))] = False,
) -> Result:
    """List who consents to what.

    \b
    Examples:
      dkcrm privacy consents
      dkcrm privacy consents --purpose marketing --state withdrawn
      dkcrm privacy consents 42 --all --json
    """
    found = references(refs)[0] if refs else None
    return consents.list_consents(session(context), found, everything=everything, purpose=purpose, state=state)
