"""What is no lead: mail that machines and mailing lists send (RFC 3834, RFC 2919, RFC 3464)."""

from __future__ import annotations

import re

from dkcrm.formats.mail.header_fields import value_and_parameters
from dkcrm.formats.mail.message import MailMessage
from dkcrm.i18n import _

_SEPARATORS = re.compile(r"[-_.+]")
_NOBODY = (
    "noreply", "donotreply", "dontreply", "neverreply", "nonrispondere", "mailerdaemon", "postmaster", "bounce",
    "autoreply", "notreply", "nepasrepondre",
)  # fmt: skip
_FORM_MAILERS = frozenset(
    "wordpress webmaster www wwwdata apache nobody httpd form forms formmail mailer webform website sito".split()
)


def is_nobody(address: str) -> bool:
    """Say whether nobody reads mail to an address: no-reply, mailer-daemon and the like."""
    return _SEPARATORS.sub("", address.partition("@")[0].casefold()).startswith(_NOBODY)


def is_form_mailer(message: MailMessage) -> bool:
    """Say whether a program of a website sent it, for somebody who filled in a form there."""
    sender = message.senders[0].address if message.senders else ""
    if is_nobody(sender) or _SEPARATORS.sub("", sender.partition("@")[0].casefold()) in _FORM_MAILERS:
        return True
    fields = message.fields
    mailer = fields.first("x-mailer")[:200].casefold()
    return "x-php-originating-script" in fields or "x-php-script" in fields or "phpmailer" in mailer


def why_automatic(message: MailMessage, *, form: bool) -> str | None:
    """Return why a message is no lead, or None where a person wrote it.

    ``form`` says that it carries a web form filled in: the mailers of such forms call their mail automatic and bulk,
    and rightly, but a person stands in it. A report or an answering machine remains what it is.
    """
    fields = message.fields
    submitted = value_and_parameters(fields.first("auto-submitted"))[0].partition("(")[0].strip()
    precedence = fields.first("precedence").strip().lower()
    if message.root.type == "multipart/report" or submitted == "auto-replied":
        return _("an automatic message")
    if "list-id" in fields or "list-post" in fields or precedence == "list":
        return _("a mailing list")
    if "x-autoreply" in fields or "x-autorespond" in fields:
        return _("an automatic message")
    if form:
        return None
    if submitted not in ("", "no") or fields.first("return-path") == "<>":
        return _("an automatic message")
    if precedence in ("bulk", "junk") or "list-unsubscribe" in fields:
        return _("a mailing list")
    return None
