"""The entry point: answers ``--version`` and completion before anything heavy is imported."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the program and return its exit status."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["--version"]:
        from dkcrm import __version__

        sys.stdout.write(f"dkcrm {__version__}\n")
        return 0
    from dkcrm.cli.app import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
