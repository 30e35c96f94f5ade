"""One run of the program: which database, who, when, and how to ask; handed to every service."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from dkcrm import config


def utc_now() -> str:
    """Return the present time as ISO 8601 UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


class Session:
    """What a service needs to know about the run.

    ``clock`` returns the time as ISO 8601 UTC and ``entropy`` n random bytes: both are arguments so that tests decide.
    ``ask`` puts a question to the person at the terminal and returns the answer; it is None where nobody can answer.
    ``progress`` is told how many rows a long job has done, and what share of it that is; ``tell`` takes what a person
    should know meanwhile.
    """

    def __init__(
        self,
        db: str | None = None,
        *,
        command: str = "",
        dry_run: bool = False,
        ask: Callable[[str], str | None] | None = None,
        progress: Callable[[int, float | None], None] | None = None,
        tell: Callable[[str], None] | None = None,
        clock: Callable[[], str] = utc_now,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._db = db
        self.command = command
        self.dry_run = dry_run
        self.ask = ask
        self.progress = progress
        self.tell = tell
        self.clock = clock
        self.entropy = entropy
        #: The key of the encrypted database, once it was asked for; and whether the database is known to be encrypted.
        self.key: str | None = None
        self.encrypted = False

    @property
    def db(self) -> str:
        """The path of the database file."""
        return os.path.expanduser(self._db if self._db is not None else config.setting("db")[0])

    @property
    def actor(self) -> str:
        """The name that history records."""
        return config.setting("actor")[0] or config.login_name()

    @property
    def region(self) -> str:
        """The country of phone numbers written without a prefix."""
        return config.setting("region")[0]

    @property
    def currency(self) -> str:
        """The currency of amounts that name none."""
        return config.setting("currency")[0]

    @property
    def mine(self) -> frozenset[str]:
        """The user's own email addresses, folded."""
        return frozenset(word.strip().casefold() for word in config.setting("me")[0].split(",") if word.strip())

    @property
    def wait(self) -> float:
        """Seconds to wait for a locked database."""
        return float(config.setting("wait")[0])

    def uid(self) -> bytes:
        """Return a new UUIDv7 (RFC 9562): 48 bits of milliseconds, then randomness."""
        return uuid7(int(time.time() * 1000), self.entropy(10))


def uuid7(milliseconds: int, random: bytes) -> bytes:
    """Return the 16 bytes of a UUIDv7 (RFC 9562 section 5.7) from a time and ten random bytes."""
    tail = bytes(((random[0] & 0x0F) | 0x70, random[1], (random[2] & 0x3F) | 0x80)) + random[3:10]
    return milliseconds.to_bytes(6, "big") + tail
