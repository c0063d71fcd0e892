"""A tree is read before the code of the pack is there."""

from __future__ import annotations

from pathlib import Path

from recanon.discover import discover
from recanon.overlay import Overlay
from recanon.session import make_plan
from recanon.settings import Settings
from recanon.state import Prior, read_state
from tests.helpers import AWAITED, FAC, WORLD, pack, write_tree

OLD = f"from {FAC} import create_websocket_manager\n{AWAITED}"


def test_each_stage_is_told_once_and_in_its_order(tmp_path: Path) -> None:
    root, stages, chosen = write_tree(tmp_path, {**WORLD, "app/user.py": OLD}), list[str](), pack()

    def tick(stage: str, done: int, total: int) -> None:
        if stage not in stages[-1:]:
            stages.append(stage)

    found = discover(root)
    state = read_state(Overlay(root, found.files), chosen.migration, Settings(jobs=1), tick)
    plan = make_plan(root, chosen, Settings(jobs=1), tick, prior=Prior(found, state=state))
    assert stages == ["read", "index", "resolve", "verify"]
    assert plan == make_plan(root, chosen, Settings(jobs=1))


def test_something_else_is_done_while_workers_read(tmp_path: Path) -> None:
    root, stages = write_tree(tmp_path, {**WORLD, "app/user.py": OLD}), list[str]()
    overlay = Overlay(root, discover(root).files)

    def tick(stage: str, done: int, total: int) -> None:
        stages.append(stage)

    read_state(overlay, pack().migration, Settings(jobs=1), tick, meanwhile=lambda: stages.append("meanwhile"))
    assert stages.count("meanwhile") == 1
    assert stages.index("meanwhile") < stages.index("index")
