"""Sentences meant for people pass through ``_``; scripts read English keys that never do.

The catalogue is bound before Typer is imported, and gettext itself is only loaded for another language than English.
"""

from __future__ import annotations

import os
from collections.abc import Callable


def language() -> str:
    """Return the two letters of the user's language: ``DKCRM_LANG``, else the locale, else ``en``."""
    for name in ("DKCRM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return value[:2].lower() if value[:1].isalpha() and value[:1] != "C" else "en"
    return "en"


def _same(message: str) -> str:
    return message


def _counted(one: str, many: str, count: int) -> str:
    return one if count == 1 else many


def _bind() -> tuple[Callable[[str], str], Callable[[str, str, int], str]]:
    locale_dir = os.path.join(os.path.dirname(__file__), "locale")
    code = language()
    if code == "en" or not os.path.isdir(os.path.join(locale_dir, code)):
        return _same, _counted
    import gettext

    gettext.bindtextdomain("dkcrm", locale_dir)
    gettext.textdomain("dkcrm")
    catalogue = gettext.translation("dkcrm", locale_dir, [code], fallback=True)
    return catalogue.gettext, catalogue.ngettext


#: ``ngettext(one, many, count)`` is the sentence for a count; the caller puts the count into it.
_, ngettext = _bind()


def a_(word: str) -> str:
    """Return a word with the article before it: ``a lead``, ``an organization``."""
    return (_("an {word}") if word[:1] in "aeiou" else _("a {word}")).format(word=word)
