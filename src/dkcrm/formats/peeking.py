"""Looking at the beginning of an opened file: where that goes wrong, the file is closed, and the error is ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from dkcrm.formats.inputs import read_error


@contextmanager
def peeking(stream: TextIO, path: str) -> Iterator[None]:
    """Close a file if looking at it fails. Raises DkcrmError (code ``io``) for what the disk or the decoder refuses."""
    try:
        yield
    except (OSError, UnicodeError) as error:
        stream.close()
        raise read_error(path, error) from error
    except BaseException:
        stream.close()
        raise
