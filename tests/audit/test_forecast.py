"""What is said of the tree behind each phase comes true when the phase is applied."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from recanon.apply import apply_plan
from recanon.audit import make_audit
from recanon.forecast import compliance_after, left_by_hand
from recanon.outcome import Verdict
from recanon.pack import load_pack
from recanon.phases import make_phased_plan
from recanon.session import make_plan
from recanon.settings import Settings

FIXTURE = Path(__file__).parents[2] / "fixtures" / "netra_mini"
READING = Settings(jobs=1)


def fixture(folder: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__", ".recanon")
    return Path(shutil.copytree(FIXTURE, folder / "netra_mini", ignore=ignored))


def test_a_place_that_a_later_phase_settles_is_not_left_by_hand(tmp_path: Path) -> None:
    root, pack = fixture(tmp_path), load_pack("websocket-ssot", {})
    left = left_by_hand(root, pack, READING)
    apply_plan(root, make_phased_plan(root, pack, READING).phases[0])
    now = {finding for finding in make_plan(root, pack, READING).findings if finding.verdict is Verdict.MANUAL}
    between = now - set(left_by_hand(root, pack, READING))
    waiting = [finding for finding in between if finding.path == "tests/unit/test_patch_targets.py"]
    assert [finding.word for finding in waiting] == ["get_websocket_manager"]
    assert len(now) - len(between) == len(left) > 0


@pytest.mark.slow
def test_the_figure_behind_each_phase_is_that_of_an_audit_after_it(tmp_path: Path) -> None:
    root, pack = fixture(tmp_path), load_pack("websocket-ssot", {})
    audit, phased = make_audit(root, pack, READING), make_phased_plan(root, pack, READING)
    after = compliance_after(audit, phased, READING)
    assert len(after) == 4
    for ran, told in zip(phased.phases, after, strict=True):
        apply_plan(root, ran)
        found = make_audit(root, pack, READING).compliance
        assert (found.places, found.files, found.kept) == (told.places, told.files, told.kept), ran.phases
    assert after[0].places.percent > audit.compliance.places.percent
