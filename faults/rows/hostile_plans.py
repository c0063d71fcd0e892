"""G3: plan files and journals that somebody made to do harm: refused, nothing outside is touched, nothing hangs."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from faults.canaries import committed
from faults.command_line import AFTER, Said, ask, world
from faults.hostile_journals import JOURNALS, HostileJournal
from faults.hostile_plans import PLANS, HostilePlan
from faults.model import Fault, Loss, Trial, judged
from faults.trees import Snapshot, everything, fill, snapshot

_SECONDS = 30.0
_AFTER = {f"root/{path}": text for path, text in AFTER.items()}
_EVIL = {
    "evil/pack.toml": b'[pack]\nid = "evil"\n',
    "evil/codemod.py": b"open('fired', 'w').close()\nopen('../beside/fired', 'w').close()\n",
}


def _place(place: Path) -> Path:
    """Make a repository with a folder of somebody else beside it, and a plan for it; return the root."""
    root, pack = world(place, _EVIL)
    fill(place / "beside", {"x.py": b"mine = 1\n", "precious.txt": b"mine\n"})
    (root / "outside.py").symlink_to(place / "beside/x.py")
    (root / "loop").symlink_to("loop")
    os.mkfifo(root / "fifo.py")
    committed(root)
    ask("plan", root, "--pack", pack, "--jobs", "1", "-o", place / "right.json", cwd=place)
    return root


def hostile_plans(trial: Trial) -> None:
    """Apply each hostile plan, and have each hostile journal looked at, rolled back and recovered."""
    with trial.place() as template:
        _place(template)
        for plan in trial.some(PLANS, 4):
            with trial.place() as place:
                _try_plan(trial, _copied(template, place / "all"), plan)
        for journal in trial.some(JOURNALS, 2):
            with trial.place() as place:
                _try_journal(trial, _copied(template, place / "all"), journal)


def _copied(template: Path, place: Path) -> Path:
    shutil.copytree(template, place, symlinks=True, ignore=shutil.ignore_patterns("fifo.py"))
    os.mkfifo(place / "root/fifo.py")
    return place


def _try_plan(trial: Trial, place: Path, plan: HostilePlan) -> None:
    file = place / "plan.json"
    plan.make(file, json.loads((place / "right.json").read_bytes()))
    start = _manifest(place)
    given = () if "pack" in plan.name else ("--pack", place / "pack")
    said = ask("apply", place / "root", "--plan", file, *given, "--jobs", "1", "--yes", cwd=place / "root",
               seconds=_SECONDS)  # fmt: skip
    end = _manifest(place)
    changed = _changed(start, end)
    planned = all(end.get(path, (b"", 0))[0] == _AFTER.get(path) for path in changed)
    done = planned and (said.code == 3 or (plan.harmless and said.code == 0 and len(changed) == len(_AFTER)))
    trial.point(
        plan.name,
        *judged(
            (done or not changed, Loss.LOST, f"changed: {changed}"),
            (done or said.code in (2, 3), Loss.SILENT, f"exit code {said.code}: {said.err[-300:]!r}"),
            *_orderly(said),
        ),
    )


def _try_journal(trial: Trial, place: Path, journal: HostileJournal) -> None:
    """Nothing but files in the tree that the journal itself names with their true digests may change."""
    root = place / "root"
    journal.plant(root)
    start = _manifest(place)
    for words in (("runs", root), ("show", "last", root), ("report", root), ("rollback", root, "--all", "--yes"),
                  ("apply", root, "--pack", place / "pack", "--jobs", "1", "--yes")):  # fmt: skip
        said = ask(*words, cwd=root, seconds=_SECONDS)
        end = _manifest(place)
        changed = [path for path in _changed(start, end) if not _allowed(path, words[0])]
        trial.point(
            f"{journal.name}: {words[0]}",
            *judged(
                (not changed, Loss.LOST, f"changed: {changed}"),
                (said.code in (0, 2, 3), Loss.SILENT, f"exit code {said.code}: {said.err[-300:]!r}"),
                *_orderly(said),
            ),
        )


def _allowed(path: str, command: str) -> bool:
    """Return whether a command may change a file: what it is asked to write, and nothing where it only looks."""
    return command in ("apply", "rollback") and path.startswith("root/app/")


def _orderly(said: Said) -> tuple[tuple[bool, Loss, str], ...]:
    return (
        (not said.late, Loss.UNRECOVERED, f"not done after {_SECONDS:g} seconds"),
        (not said.traceback, Loss.SILENT, f"a traceback: {said.err[-300:]!r}"),
        (b"\x1b" not in said.out + said.err, Loss.SILENT, "raw control characters"),
        (said.code == 0 or bool(said.err.strip() or said.out.strip()), Loss.SILENT, "no word on what is wrong"),
    )


def _manifest(place: Path) -> Snapshot:
    """Return all files with their texts, and the names of whatever else there is: a link, a FIFO."""
    found: Snapshot = {}
    for folder in ("root", "beside"):
        all_ = {**dict.fromkeys(everything(place / folder), (b"", 0)), **snapshot(place / folder)}
        found.update({f"{folder}/{path}": held for path, held in all_.items()})
    return found


def _changed(start: Snapshot, end: Snapshot) -> list[str]:
    return sorted(path for path in start | end if start.get(path) != end.get(path))


FAULTS = (
    Fault(
        "G3",
        "hostile plans and journals",
        f"{len(PLANS)} plan files applied; {len(JOURNALS)} planted journals, each with 5 commands",
        120,
        hostile_plans,
    ),
)
