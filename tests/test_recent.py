"""What was asked for lately is there, what was not is forgotten, and there are never more than were meant to be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ccgen.model.recent import Recent


@given(st.lists(st.integers(0, 30)), st.sampled_from([2, 8, 16]))
def test_recent_holds_at_most_so_many_and_all_that_half_as_many_followed(keys: list[int], most: int) -> None:
    recent: Recent[int, str] = Recent(most)
    for number, key in enumerate(keys):
        found = recent.get(key)
        assert found in {None, f"value {key}"}
        before = keys[:number]
        if key in before:
            others = set(before[len(before) - before[::-1].index(key) :])
            assert found is not None or len(others) >= most // 2
        if found is None:
            recent[key] = f"value {key}"
        assert len(recent) <= most
