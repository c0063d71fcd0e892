"""How far a tree had come before each run is worked out from the texts that the runs kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from recanon.apply import apply_plan
from recanon.audit import make_audit
from recanon.errors import JournalError
from recanon.past import compliance_before_runs
from recanon.rollback import Request, rollback
from recanon.session import make_plan
from recanon.settings import Settings
from tests.helpers import AWAITED, FAC, WORLD, pack, write_tree

OLD = f"from {FAC} import create_websocket_manager\n"
TEXTS = {"app/services/a.py": OLD + AWAITED, "tests/b.py": OLD + AWAITED}


def _shares(root: Path) -> list[tuple[int, int]]:
    settings = Settings(jobs=1)
    past = compliance_before_runs(root, pack(), make_audit(root, pack(), settings), settings)
    return [(stage.compliance.places.canonical, stage.compliance.places.old) for stage in past]


def _now(root: Path) -> tuple[int, int]:
    places = make_audit(root, pack(), Settings(jobs=1)).compliance.places
    return places.canonical, places.old


def test_each_run_is_preceded_by_what_an_audit_said_then(tmp_path: Path) -> None:
    write_tree(tmp_path, {**WORLD, **TEXTS})
    said = []
    for phase in ("production", "tests"):
        said.append(_now(tmp_path))
        apply_plan(tmp_path, make_plan(tmp_path, pack(), Settings(jobs=1, phases=(phase,))))
    said.append(_now(tmp_path))
    rollback(tmp_path, Request(phase="tests"))
    assert _shares(tmp_path) == said
    assert _now(tmp_path) == said[1]


def test_a_tree_without_runs_has_none(tmp_path: Path) -> None:
    write_tree(tmp_path, {**WORLD, **TEXTS})
    assert _shares(tmp_path) == []


def test_a_file_that_is_gone_today_is_passed_over(tmp_path: Path) -> None:
    write_tree(tmp_path, {**WORLD, **TEXTS})
    apply_plan(tmp_path, make_plan(tmp_path, pack(), Settings(jobs=1)))
    (tmp_path / "tests/b.py").unlink()
    assert len(_shares(tmp_path)) == 1


def test_a_damaged_text_is_named(tmp_path: Path) -> None:
    write_tree(tmp_path, {**WORLD, **TEXTS})
    apply_plan(tmp_path, make_plan(tmp_path, pack(), Settings(jobs=1)))
    for blob in (tmp_path / ".recanon" / "blobs").iterdir():
        blob.write_bytes(b"x")
    with pytest.raises(JournalError, match=r"(a|b)\.py: its kept text"):
        _shares(tmp_path)
