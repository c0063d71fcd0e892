"""The smaller twin of the fault campaign: each row with few points. `make faults` tries them all."""

from __future__ import annotations

import pytest

from faults.model import Fault, Trial
from faults.registry import all_faults


@pytest.mark.parametrize("fault", all_faults(), ids=lambda fault: fault.id)
def test_nothing_is_torn_lost_unrecovered_or_silent(fault: Fault) -> None:
    if missing := fault.missing():
        pytest.skip(missing)
    trial = Trial(quick=True)
    fault.run(trial)
    assert trial.points
    assert not trial.failures
