"""B6: files with changes that git does not have."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from faults.commands import shop
from faults.ends import Check
from faults.inside import said
from faults.model import Fault, Loss, Trial, judged
from faults.repository import STATES, Dirt, committed
from faults.trees import Snapshot, snapshot

_DEFINITION = "shop/clock.py"
_FILES = ("shop/user0.py", _DEFINITION)


def dirty(trial: Trial) -> None:
    """Bring files of a repository into each state, and apply: nobody's work is mixed with ours."""
    for state in trial.some(STATES, 5):
        for name in _FILES[: trial.size(2, 1)]:
            with trial.place() as place:
                made = shop(place, 2)
                made.lay(place / "tree")
                root = committed(place / "tree")
                state.make(root, root / name)
                before = _texts(root)
                code, told = said(made.words(root)[3:])
                checks = _judge(state, name, (before, _texts(root)), code, told)
            trial.point(f"{name}: {state.name}", *judged(*checks))


def _texts(root: Path) -> Snapshot:
    return {path: value for path, value in snapshot(root).items() if not path.startswith(".git/")}


def _judge(state: Dirt, name: str, trees: Sequence[Snapshot], code: int, told: str) -> list[Check]:
    before, after = trees
    if not state.refused:
        wanted = 2 if state.name == "ignored" and name == _DEFINITION else 0  # what git ignores is not in the tree
        well = code == wanted and (code == 0 or before == after)
        return [(well, Loss.UNRECOVERED, f"exit code {code}: {told}")]
    named = code == 2 and name in told and "--allow-dirty" in told
    return [
        (before == after, Loss.LOST, "somebody's work was changed"),
        (named, Loss.SILENT, f"exit code {code}: {told}"),
    ]


FAULTS = (Fault("B6", "files with changes that git does not have", "15 states of a repository, 2 files", 30, dirty),)
