"""A migration as a team runs it: a plan file, phase by phase between gates, and taken back, the last phase first."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from recanon.audit import make_audit
from recanon.pack import load_pack
from recanon.settings import Settings
from tests.command import run_text

FIXTURE = Path(__file__).parents[2] / "fixtures" / "netra_mini"
PHASES = ("exports", "production", "tests", "cleanup")
# The bytecode of pytest is read where it lies: with a folder of their own for it, all gates would compile it anew.
PYTEST = shlex.join([sys.executable, "-B", "-X", "pycache_prefix=", "-m", "pytest", "-q"])
# Asked where most is written and where definitions go: to count places takes a plan before a phase and one after it.
COUNTED = {"production", "cleanup"}


def _recanon(*words: str | Path) -> str:
    done = run_text(*words, env={"XDG_CONFIG_HOME": "/nowhere"})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _gates(phase: str) -> tuple[str, ...]:
    return ("--gate", PYTEST, *(("--gate", "no-new-manual") if phase in COUNTED else ()))


def _tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not {"__pycache__", ".recanon"} & set(path.relative_to(root).parts)
    }


def _percent(root: Path) -> float:
    return make_audit(root, load_pack("websocket-ssot", {}), Settings(jobs=1)).compliance.places.percent


@pytest.mark.slow
@pytest.mark.slow
def test_every_phase_is_green_at_its_boundary_lifts_compliance_and_can_be_taken_back(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__", ".recanon")
    root = Path(shutil.copytree(FIXTURE, tmp_path / "netra_mini", ignore=ignored))
    _recanon("plan", root, "--pack", "websocket-ssot", "--jobs", "1", "-o", tmp_path / "plan.json")
    plan = ("--plan", tmp_path / "plan.json", "--jobs", "1", "--yes")
    trees, shares = {"": _tree(root)}, [_percent(root)]
    for phase in PHASES:
        said = _recanon("apply", root, *plan, "--phase", phase, *_gates(phase))
        assert ("gates: all green\n" if phase != "cleanup" else "nothing left to apply") in said, said
        trees[phase] = _tree(root)
        shares.append(_percent(root))
    assert trees["tests"] == trees.pop("cleanup"), "something still needs every old definition"
    assert shares[:-1] == sorted(set(shares[:-1])), "compliance does not rise with a phase"
    assert len({str(tree) for tree in trees.values()}) == len(trees), "a phase has done nothing"
    for phase, before in zip(("tests", "production", "exports"), list(trees.values())[-2::-1], strict=True):
        _recanon("rollback", root, "--phase", phase, "--yes")
        assert _tree(root) == before, phase


# What a team does by hand before the last phase: the old package and the old sessions name what they need.
SETTLED = {
    "netra_backend/app/websocket/__init__.py": "from netra_backend.app.websocket_core.websocket_manager import "
    'WebSocketManager\n\n__all__ = ["WebSocketManager"]\n',
    "netra_backend/app/services/legacy_sessions.py": "from netra_backend.app.websocket_core.websocket_manager import "
    "WebSocketManager\n\n\ndef legacy_manager(context):\n    return WebSocketManager(user_context=context)\n",
}
# A test that runs the old API as code in a string, where no plan can see it.
OLD_RULES = "tests/unit/test_core_rules.py"


def _needing(plan: Path) -> set[str]:
    """The files that a plan names as needing what `exports` and `cleanup` would end."""
    phases = json.loads(plan.read_bytes())["phases"]
    needed = (place for phase in phases for refused in phase["refused"] for place in refused["needed"])
    return {found[0] for place in needed if (found := re.match(r"[^\s:]+\.py", place))}


@pytest.mark.slow
def test_once_a_team_has_settled_what_needs_the_old_api_all_four_phases_write(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__", ".recanon")
    root = Path(shutil.copytree(FIXTURE, tmp_path / "netra_mini", ignore=ignored))
    words = ("plan", root, "--pack", "websocket-ssot", "--include", "review", "--jobs", "1")
    _recanon(*words, "-o", tmp_path / "plan.json")
    for path in _needing(tmp_path / "plan.json"):
        if not path.startswith("netra_backend/app/websocket_core/"):
            (root / path).unlink()
    (root / OLD_RULES).unlink()
    for path, text in SETTLED.items():
        (root / path).write_text(text)
    _recanon(*words, "-o", tmp_path / "plan.json")
    plan = ("--plan", tmp_path / "plan.json", "--jobs", "1", "--yes")
    trees, shares = [_tree(root)], [_percent(root)]
    for phase in PHASES:
        said = _recanon("apply", root, *plan, "--phase", phase, *_gates(phase))
        assert "gates: all green\n" in said, said
        assert re.search(r"pytest -q  green: (\d+) passed → \1 passed;", said), said
        trees.append(_tree(root))
        shares.append(_percent(root))
    assert len({str(tree) for tree in trees}) == 5, "a phase has done nothing"
    # The last phase takes out old definitions, and with them the canonical places that stood in these.
    assert shares[:4] == sorted(set(shares[:4])), shares
    assert b"def create_websocket_manager(" not in trees[-1]["netra_backend/app/websocket_core/__init__.py"]
    for phase, before in zip(reversed(PHASES), trees[-2::-1], strict=True):
        _recanon("rollback", root, "--phase", phase, "--yes")
        assert _tree(root) == before, phase
