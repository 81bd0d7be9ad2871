"""A share of the faults at every act of an index run; all of them: ``python -m tests.engine.index_faults``."""

import os
import random
from pathlib import Path

import pytest

from tests.engine.index_faults import FAULTS, acts_of, judge, make_template

SHARE = 4  # acts for each kind of fault

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a fault strikes in a forked child")


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_fails_while_indexing_the_next_run_has_everything(tmp_path: Path, fault: str, known: bool) -> None:
    template = make_template(tmp_path, known=known)
    acts = acts_of(template)
    assert acts > 100
    found = {}
    for at in random.Random(f"{fault} {known}").sample(range(1, acts + 1), SHARE):
        complaints, where = judge(template, at, fault)
        if complaints:
            found[f"{at} ({where})"] = complaints
    assert found == {}
