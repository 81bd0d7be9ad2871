"""Strings kept as bytes come back as they were."""

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clipsorter.columns import Digests, Paths

DIGESTS = st.lists(st.binary(min_size=16, max_size=16).map(bytes.hex), max_size=40)
NAMES = st.text(st.characters(exclude_characters="/\0"), max_size=8) | st.binary(max_size=4).map(
    lambda name: os.fsdecode(name.replace(b"/", b"").replace(b"\0", b""))  # not every file name is text
)


@given(DIGESTS)
def test_digests_are_a_sequence_of_what_was_given(digests: list[str]) -> None:
    kept = Digests.of(digests)
    assert list(kept) == digests
    assert len(kept) == len(digests)
    assert [kept[row] for row in range(-len(digests), len(digests))] == digests + digests
    assert list(kept[1:-1]) == digests[1:-1]
    with pytest.raises(IndexError):
        kept[len(digests)]


@given(DIGESTS, st.data())
def test_rows_are_found_by_digest(digests: list[str], data: st.DataObject) -> None:
    near = [digest[:4] + 28 * "0" for digest in digests]  # they begin alike
    among = st.sampled_from([*digests, *near]) if digests else st.nothing()
    wanted = data.draw(st.sets(among)) | {32 * "f"}
    expected = [row for row, digest in enumerate(digests) if digest in wanted]
    assert Digests.of(digests).find(wanted).tolist() == expected
    assert list(Digests.of(digests).take(np.array(expected, np.intp))) == [digests[row] for row in expected]


@pytest.mark.parametrize("wrong", ["", "0a", 34 * "0", 32 * "x"])
def test_what_is_no_digest_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="hex"):
        Digests.of([wrong])


@given(st.lists(st.lists(NAMES, min_size=1, max_size=3).map("/".join), max_size=50))
def test_paths_are_a_sequence_of_what_was_given(paths: list[str]) -> None:
    kept = Paths(paths)
    assert list(kept) == paths
    assert len(kept) == len(paths)
    assert [kept[row] for row in range(-len(paths), len(paths))] == paths + paths
    assert kept[1:-1] == tuple(paths[1:-1])
    assert all(kept[kept.index(path)] == path for path in paths)
    with pytest.raises(IndexError):
        kept[len(paths)]
