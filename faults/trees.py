"""Trees to be worked on, plans for them, and what a tree holds at one moment."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from recanon.outcome import Account
from recanon.plan import ChangeKind, FileChange, Plan

Snapshot = dict[str, tuple[bytes, int]]
_FOLDERS = 17


def plan_of(*changes: FileChange, pack: str = "pack", phases: tuple[str, ...] = ()) -> Plan:
    """Return a plan with these changes and no findings."""
    return Plan(pack, {"option": "value"}, phases, changes, (), (), (), Account(0), len(changes), len(changes))


_MIXED_TREE = {
    "edit.py": b"e\r\n",
    "old/mod.py": b"m",
    "old/sub/gone.py": b"",
    "stay/gone.py": b"g",
    "stay/note.txt": b"n",
}
MIXED = plan_of(
    FileChange("edit.py", b"e\r\n", b"E\r\n"),
    FileChange("new/deep/er/empty.py", b"", b"", kind=ChangeKind.CREATE),
    FileChange("new/mod.py", b"", b"M", kind=ChangeKind.CREATE, like="old/mod.py"),
    FileChange("old/mod.py", b"m", b"", kind=ChangeKind.DELETE),
    FileChange("old/sub/gone.py", b"", b"", kind=ChangeKind.DELETE),
    FileChange("stay/gone.py", b"g", b"", kind=ChangeKind.DELETE),
)


def mixed(root: Path) -> Path:
    """Lay out the tree of `MIXED`, a plan that edits, creates, moves and deletes."""
    fill(root, _MIXED_TREE)
    (root / "old/mod.py").chmod(0o755)
    return root


def spread(root: Path, files: int) -> tuple[Plan, Snapshot, Snapshot]:
    """Make a tree of some folders and a plan that edits each file; return the plan, and the tree before and after."""
    before = {f"d{number % _FOLDERS}/{number}.py": b"x = %d\n" % number for number in range(files)}
    fill(root, before)
    start = snapshot(root)
    plan = planned(root, {path: b"y" + text for path, text in before.items()})
    return plan, start, tree_after(start, plan)


def tree_after(start: Snapshot, plan: Plan) -> Snapshot:
    """Return what a tree becomes by a plan that only edits."""
    return start | {change.path: (change.new or b"", start[change.path][1]) for change in plan.changes}


def planned(root: Path, texts: Mapping[str, bytes]) -> Plan:
    """Return a plan that changes files of a tree, as they are now, to these texts."""
    return plan_of(*(FileChange(path, (root / path).read_bytes(), text) for path, text in texts.items()))


def fill(root: Path, texts: Mapping[str, bytes]) -> Path:
    """Write a tree."""
    for path, text in texts.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
    return root


def snapshot(root: Path) -> Snapshot:
    """Return all files of a tree but recanon's own, with their bytes and modes."""
    found: Snapshot = {}
    for folder, names, files in os.walk(root):
        if ".recanon" in names:
            names.remove(".recanon")
        for name in files:
            path = os.path.join(folder, name)
            if stat.S_ISREG(os.lstat(path).st_mode):
                data = Path(path).read_bytes()
                found[os.path.relpath(path, root)] = (data, stat.S_IMODE(os.stat(path).st_mode))
    return found


def everything(root: Path) -> set[str]:
    """Return all names in a tree, folders too, but recanon's own."""
    return {str(path.relative_to(root)) for path in root.rglob("*") if ".recanon" not in path.parts}


def torn(root: Path, start: Snapshot, end: Snapshot) -> list[str]:
    """Return the files that are neither as they were at the start nor as they shall be at the end."""
    found = snapshot(root)
    return [path for path in start | end if found.get(path) not in (start.get(path), end.get(path))]


def sampled(count: int, most: int = 12) -> list[int]:
    """Return some of the numbers from 1 to a count, spread over all of it, the first and the last among them."""
    return sorted({1 + (count - 1) * part // (most - 1) for part in range(most)})


def leftovers(root: Path) -> list[str]:
    """Return the temporary files in a tree, recanon's own folder included."""
    return sorted(str(path.relative_to(root)) for path in root.rglob("*.tmp"))
