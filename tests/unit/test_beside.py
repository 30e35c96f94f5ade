"""A check in a thread beside: what it comes to, what it raises, and its end when something goes wrong here."""

from __future__ import annotations

import sqlite3

import pytest

from dkcrm.services.beside import Beside

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


def connect() -> sqlite3.Connection:
    return sqlite3.connect(":memory:")


def test_it_gives_its_result() -> None:
    with Beside(connect, lambda own: own.execute("SELECT 7").fetchone()[0]) as beside:
        assert beside.result() == 7


def test_what_it_raises_is_raised_here() -> None:
    with Beside(connect, lambda own: own.execute("SELECT nothing")) as beside, pytest.raises(sqlite3.Error):
        beside.result()


def test_it_ends_where_the_work_here_is_broken_off() -> None:
    with pytest.raises(KeyboardInterrupt), Beside(connect, lambda own: own.execute(ENDLESS).fetchone()):
        raise KeyboardInterrupt
