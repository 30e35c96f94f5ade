"""The entry point: answers ``--version`` before anything heavy is imported."""

from __future__ import annotations

import gc
import os
import sys


def main() -> int:
    """Run the program and return its exit status.

    A command lives for a tenth of a second: collecting garbage while modules are imported, and taking the interpreter
    apart at the end, would be a tenth of that. So the collector waits, and the process ends once all is written.
    """
    arguments = sys.argv[1:]
    if arguments[:1] == ["--version"]:
        from dkcrm import __version__

        try:
            sys.stdout.write(f"dkcrm {__version__}\n")
            sys.stdout.flush()
        except (OSError, AttributeError) as error:
            if isinstance(error, OSError) and not isinstance(error, BrokenPipeError) and sys.stderr is not None:
                sys.stderr.write(f"dkcrm: {error.strerror}: standard output\n")
                sys.stderr.flush()
            # The interpreter's own flush at its end would fail again, and say so.
            os._exit(141 if isinstance(error, BrokenPipeError) else 1)
        return 0
    gc.set_threshold(100_000, 20, 20)
    before = 2 if arguments[:1] == ["--db"] else int(arguments[:1] != [] and arguments[0].startswith("--db="))
    if arguments[before : before + 1] == ["mailquery"]:
        from dkcrm.cli.mailquery import short_road

        answered = short_road([*arguments[:before], *arguments[before + 1 :]])
        if answered is not None:
            os._exit(answered)
    from dkcrm import stopping

    stopping.listen()
    try:
        from dkcrm.cli.app import run

        status = run(arguments)
    except KeyboardInterrupt as error:  # before the program could see to it, or when it was at its end
        stopping.ignore()
        status = getattr(error, "exit_status", 130)
        if sys.stderr is not None:
            sys.stderr.write("dkcrm: interrupted\n")
    stopping.ignore()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        return status
    import atexit

    atexit._run_exitfuncs()
    os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
