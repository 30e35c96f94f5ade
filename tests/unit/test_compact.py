"""The short writer of JSON writes what the json module writes, or says that it cannot."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dkcrm.render.compact import Unusual, compact

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_it_writes_what_json_writes(data: Any) -> None:
    with contextlib.suppress(Unusual):
        assert compact(data) == json.dumps(data, ensure_ascii=False, separators=(",", ":"))


@given(st.text(alphabet=st.characters(categories=["L", "N", "P"])))
def test_everyday_text_is_not_unusual(text: str) -> None:
    assert json.loads(compact({"name": text, "quote": '"\\'})) == {"name": text, "quote": '"\\'}
