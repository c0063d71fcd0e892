"""G4: packs that somebody made to do harm: data alone, refused or harmless, and never taken from a tree unasked."""

from __future__ import annotations

from pathlib import Path

from faults.command_line import TREE, ask
from faults.hostile_packs import PACKS, HostilePack
from faults.model import Fault, Loss, Trial, judged
from faults.trees import fill, snapshot

_SECONDS = 30.0


def hostile_packs(trial: Trial) -> None:
    """Preview with each pack, and list the packs where it lies nearby; nothing runs, hangs or is written."""
    for pack in trial.some(PACKS, 4):
        with trial.place() as place:
            root = fill(place / "root", {**TREE, f"app/{'a' * 200}.py": TREE["app/use.py"]})
            (root / "codemods").mkdir()
            pack.make(root / "codemods/hostile")
            for name, words in (
                ("preview", ("preview", root, "--pack", "./codemods/hostile", "--jobs", "1")),
                ("packs", ("packs",)),
                ("by its id", ("preview", root, "--pack", "loads", "--jobs", "1")),
            ):
                _try(trial, root, pack, name=name, words=words)


def _try(trial: Trial, root: Path, pack: HostilePack, *, name: str, words: tuple[str | Path, ...]) -> None:
    start = _texts(root)
    said = ask(*words, cwd=root, seconds=_SECONDS)
    codes = {"packs": (0,), "by its id": (2,)}.get(name, (0, 2, 3) if pack.harmless else (2,))
    trial.point(
        f"{pack.name}: {name}",
        *judged(
            (said.code in codes, Loss.SILENT, f"exit code {said.code}: {(said.err or said.out)[-300:]!r}"),
            (not said.late, Loss.UNRECOVERED, f"not done after {_SECONDS:g} seconds"),
            (not said.traceback, Loss.SILENT, f"a traceback: {said.err[-300:]!r}"),
            (_texts(root) == start, Loss.LOST, f"changed: {sorted(_texts(root) ^ start)}"),
        ),
    )


def _texts(root: Path) -> set[str]:
    return {
        *snapshot(root / "app"),
        *(path.name for path in root.iterdir()),
        *(path.name for path in root.parent.iterdir()),
    }


FAULTS = (
    Fault(
        "G4", "hostile packs of tables", f"{len(PACKS)} packs: named by path, listed, named by id", 144, hostile_packs
    ),
)
