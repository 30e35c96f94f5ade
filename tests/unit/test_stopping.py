"""A signal ends a command wherever it comes, in the midst of what cannot raise too."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

PROGRAM = """
import os, signal, sys, time, weakref
from dkcrm import stopping

class Thing:
    def __del__(self):
        if sys.argv[2] == "end":
            os.kill(os.getpid(), int(sys.argv[1]))
            [None for _ in range(100)]

def gone(_ref):
    if sys.argv[2] == "callback":
        os.kill(os.getpid(), int(sys.argv[1]))
        [None for _ in range(100)]

# Under nohup, and in the background of a shell, some are ignored, and stay so.
for name in ("SIGINT", "SIGTERM", "SIGHUP"):
    signal.signal(getattr(signal, name), signal.SIG_DFL)
stopping.listen()
try:
    thing = Thing()
    ref = weakref.ref(thing, gone)
    del thing
    time.sleep(10)
    print("went on")
except stopping.Stopped as error:
    stopping.ignore()
    time.sleep(0.01)
    sys.exit(error.exit_status)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("where", ["end", "callback"])
def test_a_signal_that_comes_where_nothing_can_be_raised_ends_it_a_moment_later(number: int, where: str) -> None:
    words = [sys.executable, "-c", PROGRAM, str(int(number)), where]
    done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (128 + number, "", "")
