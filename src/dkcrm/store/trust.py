"""Whether the place of a database is one that nobody else controls, and files that are made for its owner alone.

Refused are symbolic links (one can be made to lead elsewhere between two commands), files that belong to another user,
a user's file where root comes along, and a directory in which anybody can replace files. Whoever knows better says so
with ``DKCRM_TRUST=1``; a link has no need of that, for the file itself can be named. Nothing is imported here but what
the shortest of commands has imported anyway.
"""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dkcrm.errors import Refused

#: What SQLite keeps beside a database.
BESIDE = ("", "-wal", "-shm", "-journal")
_ROOT = 0


class Fault:
    """What is wrong with a place: ``link``, ``owner``, ``root`` or ``directory``, at which path, whose it is."""

    def __init__(self, kind: str, path: str, uid: int) -> None:
        self.kind = kind
        self.path = path
        self.uid = uid


def faults(path: str) -> Iterator[Fault]:
    """Yield what is wrong with the place of a database, which need not be there yet."""
    trusted = _told()
    for name in (path + ending for ending in BESIDE):
        try:
            found = os.lstat(name)
        except (OSError, ValueError):
            continue
        if stat.S_ISLNK(found.st_mode):
            yield Fault("link", name, found.st_uid)
        elif not trusted and stat.S_ISREG(found.st_mode) and not _ours(found.st_uid):
            yield Fault("root" if _me() == _ROOT else "owner", name, found.st_uid)
    if not trusted:
        yield from _open_directory(os.path.dirname(os.path.abspath(path)))


def is_trusted(path: str) -> bool:
    """Tell whether nothing is wrong with the place of a database."""
    return next(faults(path), None) is None


def check(path: str) -> None:
    """Refuse a place with which something is wrong. Raises Refused (code ``unsafe_place``)."""
    for fault in faults(path):
        raise _refused(fault)


def check_directory(path: str, *, own: bool = False) -> None:
    """Refuse a directory in which anybody can replace files, or one that is not the user's ``own``. Raises Refused."""
    if _told():
        return
    for fault in _open_directory(path):
        raise _refused(fault)
    if own:
        try:
            uid = os.stat(path).st_uid
        except OSError:
            return
        if not _ours(uid):
            raise _refused(Fault("root" if _me() == _ROOT else "owner", path, uid))


def _open_directory(path: str) -> Iterator[Fault]:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return
    if not stat.S_ISDIR(found.st_mode):
        return
    if hasattr(os, "geteuid") and found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX:
        yield Fault("directory", path, found.st_uid)


def _told() -> bool:
    return os.environ.get("DKCRM_TRUST", "") not in ("", "0", "no")


def _me() -> int:
    return os.geteuid() if hasattr(os, "geteuid") else _ROOT


def _ours(uid: int) -> bool:
    """Tell whether a file belongs to the user or, as what the system lays down, to root."""
    return not hasattr(os, "geteuid") or uid in (os.geteuid(), _ROOT)


def said(fault: Fault) -> tuple[str, str]:
    """Return what is wrong in words, and what to do."""
    from dkcrm.i18n import _

    trust = _("or, if that is meant, say so: DKCRM_TRUST=1")
    if fault.kind == "link":
        real = os.path.realpath(fault.path)
        what = _("{path} is a symbolic link").format(path=fault.path)
        if fault.path.endswith(BESIDE[1:]):
            return what, _("dkcrm never makes one: look who did, and take it away")
        return what, _("name the file itself: --db {path}").format(path=real)
    if fault.kind == "directory":
        what = _("anybody can replace the files in {path}").format(path=fault.path)
        return what, _("chmod o-w {path}; {trust}").format(path=fault.path, trust=trust)
    name = _name(fault.uid)
    if fault.kind == "root":
        what = _("{path} belongs to {name}, and you are root").format(path=fault.path, name=name)
        return what, _("run it as its owner: sudo -u {name} dkcrm …; {trust}").format(name=name, trust=trust)
    what = _("{path} belongs to another user: {name}").format(path=fault.path, name=name)
    return what, _("name a file of your own with --db or DKCRM_DB; {trust}").format(trust=trust)


def _refused(fault: Fault) -> Refused:
    from dkcrm.errors import Refused

    what, hint = said(fault)
    return Refused(what, hint=hint, code="unsafe_place")


def _name(uid: int) -> str:
    """Return a user's name, or the number where there is none."""
    try:
        import pwd

        return pwd.getpwuid(uid).pw_name
    except (ImportError, KeyError):
        return f"#{uid}"


# Files


def new_file(path: str, like: str | None = None) -> None:
    """Make an empty file that was not there before, for its owner alone: who runs the command.

    What root makes for a database belongs to whom ``like``, the database, belongs: its owner is to be able to read it.
    Raises OSError, FileExistsError too, which a link is as well.
    """
    os.close(open_private(path, os.O_RDWR | os.O_EXCL, like))


def open_private(path: str, flags: int, like: str | None = None) -> int:
    """Return a descriptor of a file (mode 0600), which is made where there is none. A link is an OSError."""
    handle = os.open(path, flags | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        give(handle, like)
    except OSError:
        os.close(handle)
        raise
    return handle


def give(file: int | str, like: str | None) -> None:
    """Let what root has made belong to whom ``like`` belongs. Raises OSError."""
    if like is None or not hasattr(os, "geteuid") or os.geteuid() != _ROOT:
        return
    try:
        owner = os.stat(like)
    except FileNotFoundError:
        return
    if owner.st_uid != _ROOT:
        os.chown(file, owner.st_uid, owner.st_gid)
