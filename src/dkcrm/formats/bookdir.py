"""A whole database in plain text: a directory with its entities, what is beside them, and the history."""

from __future__ import annotations

import json
import os
from typing import Any

from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.i18n import _

#: What is beside the entities; the entities; the history, an operation a line.
REST, ENTITIES, HISTORY = "dkcrm.json", "entities.json", "history.jsonl"
#: What the file says that it is, and what this program reads.
MARK, VERSION = "dkcrm", 1
_MOST = 256 << 20


def is_book(path: str) -> bool:
    """Tell whether a path is a directory that a whole database was written to."""
    return path != "-" and os.path.isfile(os.path.join(path, REST))


def read_rest(path: str) -> dict[str, Any]:
    """Return what the directory says of all that is no entity, its lists not looked at yet.

    Raises InvalidInput for what is none of ours, DkcrmError (code ``io``) for what cannot be read.
    """
    name = os.path.join(path, REST)
    try:
        if os.path.getsize(name) > _MOST:
            raise ValueError("too long")
        with open(name, encoding="utf-8") as file:
            found = json.load(file)
    except OSError as error:
        raise DkcrmError(
            _("cannot read {name}: {reason}").format(name=name, reason=error.strerror or error), code="io"
        ) from error
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            _("{name} is not what dkcrm export --all has written").format(name=name),
            hint=_("the people alone: dkcrm import {path}").format(path=os.path.join(path, ENTITIES)),
        ) from error
    version = found.get(MARK) if isinstance(found, dict) else None
    if type(version) is not int or version < 1:
        raise InvalidInput(_("{name} is not what dkcrm export --all has written").format(name=name))
    if version > VERSION:
        raise InvalidInput(
            _("{name} was written by a newer dkcrm").format(name=name),
            hint=_("upgrade dkcrm: pip install --upgrade dkcrm"),
        )
    assert isinstance(found, dict)
    return found
