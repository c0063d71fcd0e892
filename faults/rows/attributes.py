"""B1, C2, C3, C4, C5: files marked as not to be edited, with several names, or with attributes; and all other files."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from faults.ends import ALL, Check, outcome
from faults.model import Fault, Loss, Trial, judged
from faults.mounts import cannot_mount, small_tmpfs
from faults.processes import NOBODY, as_nobody
from faults.trees import fill, planned, snapshot
from recanon.apply import apply_plan
from recanon.errors import RecanonError
from recanon.journal.result import RunResult
from recanon.plan import Plan
from recanon.rollback import rollback

_MODES = (0o600, 0o640, 0o644, 0o660, 0o664, 0o666, 0o700, 0o755, 0o775, 0o777, 0o200, 0o620)


def read_only(trial: Trial) -> None:
    """Mark files and folders as not to be written, before an apply and before a rollback, as a user who is bound."""
    with trial.place() as root:  # what is imported late may lie where that user cannot read
        apply_plan(root, planned(fill(root, {"a.py": b"a"}), {"a.py": b"A"}))
        rollback(root, ALL)
    marks: list[tuple[str, int]] = [("p/b.py", mode) for mode in (0o444, 0o400, 0o555, 0o000, 0o040)]
    marks += [("p", mode) for mode in (0o555, 0o500, 0o444, 0o000)]
    for path, mode in trial.some(marks, 4):
        for back in (False, True):
            with trial.place() as root:
                root.chmod(0o755)
                checks = as_nobody_in(root, partial(_marked, root, path, mode, back=back))
            trial.point(f"{path} {mode:o} before the {'rollback' if back else 'apply'}", *judged(*checks))


def as_nobody_in(root: Path, work: Callable[[], list[Check]]) -> list[Check]:
    """Do something in a folder that is given to a user whom modes bind."""
    if os.geteuid() == 0:
        os.chown(root, NOBODY, NOBODY)
    found: list[Check] = as_nobody(work)
    return found


def _marked(root: Path, path: str, mode: int, *, back: bool) -> list[Check]:
    texts = {"a.py": b"a", "p/b.py": b"b", "q/c.py": b"c"}
    plan = planned(fill(root, texts), {name: text + b"!" for name, text in texts.items()})
    if back:
        apply_plan(root, plan)
    before, usual = snapshot(root), stat.S_IMODE((root / path).stat().st_mode)
    (root / path).chmod(mode)
    came = outcome(partial(rollback, root, ALL) if back else partial(apply_plan, root, plan))
    kept = stat.S_IMODE((root / path).lstat().st_mode) == mode
    (root / path).chmod(usual)
    there = snapshot(root)
    named = isinstance(came, RunResult) and [file.path for file in came.refused] == ["p/b.py"]
    others = isinstance(came, RunResult) and {*came.written} == {"a.py", "q/c.py"}
    return [
        (there["p/b.py"] == before["p/b.py"] and kept, Loss.LOST, "what is marked as not to be edited was changed"),
        (named and others, Loss.SILENT, f"it says {came}"),
        (all(there[name] != before[name] for name in ("a.py", "q/c.py")), Loss.UNRECOVERED, "the others stand"),
    ]


def read_only_disk(trial: Trial) -> None:
    """Apply and roll back on a file system that is mounted for reading alone."""
    for back in (False, True):
        with trial.place() as place, small_tmpfs(place / "disk", 1 << 20) as root:
            plan = planned(fill(root, {"a.py": b"a"}), {"a.py": b"A"})
            if back:
                apply_plan(root, plan)
            before = snapshot(root)
            subprocess.run(["mount", "-o", "remount,ro", str(root)], check=True)
            came = outcome(partial(rollback, root, ALL) if back else partial(apply_plan, root, plan))
            checks = [(snapshot(root) == before, Loss.TORN, "it was changed")]
            checks.append((isinstance(came, RecanonError), Loss.SILENT, f"it says {came}"))
            trial.point(f"{'rollback' if back else 'apply'} on a read-only disk", *judged(*checks))


def several_names(trial: Trial) -> None:
    """Plan a file that has several names, in and outside of the tree: it is refused, and stays one file."""
    for where in ("root/twin.py", "root/q/twin.txt", "outside.py"):
        for back in (False, True):
            with trial.place() as place:
                root = fill(place / "root", {"a.py": b"a", "p/b.py": b"b", "q/x": b""})
                plan = planned(root, {"a.py": b"A", "p/b.py": b"B"})
                if back:
                    apply_plan(root, plan)
                (place / where).hardlink_to(root / "p/b.py")
                text = (root / "p/b.py").read_bytes()
                came = outcome(partial(rollback, root, ALL) if back else partial(apply_plan, root, plan))
                same = (place / where).samefile(root / "p/b.py") and (place / where).read_bytes() == text
                named = isinstance(came, RunResult) and [file.path for file in came.refused] == ["p/b.py"]
                checks = [(same, Loss.LOST, "the names were parted"), (named, Loss.SILENT, f"it says {came}")]
                trial.point(f"{where}, {'rollback' if back else 'apply'}", *judged(*checks))


def attributes(trial: Trial) -> None:
    """Keep mode, owner and extended attributes through an apply, a rollback and an apply again."""
    for number, mode in enumerate(_MODES):
        # A disk: the file system in memory does not take every attribute.
        with trial.place(on_disk=number % 2 == 0) as root:
            file = fill(root, {"a.py": b"a"}) / "a.py"
            plan = planned(root, {"a.py": b"A"})
            if os.geteuid() == 0:
                os.chown(file, 1000 + number, 2000 + number)
            file.chmod(mode)
            named = _name(file, number)
            first = _attributes(file)
            for step, work in (("apply", partial(apply_plan, root, plan)), ("rollback", partial(rollback, root, ALL))):
                came, here = outcome(work), _attributes(file)
                checks = [(here == first, Loss.LOST, f"{first} became {here}")]
                checks.append((isinstance(came, RunResult) and came.complete, Loss.UNRECOVERED, str(came)))
                trial.point(f"mode {mode:o}, {'with' if named else 'without'} an attribute: {step}", *judged(*checks))


def _name(file: Path, number: int) -> bool:
    """Give a file an extended attribute, where it can have one."""
    try:
        os.setxattr(file, "user.recanon.test", b"value %d" % number)
    except OSError:
        return False
    return True


def _attributes(file: Path) -> object:
    info = file.stat()
    return (
        stat.S_IMODE(info.st_mode),
        info.st_uid,
        info.st_gid,
        [(n, os.getxattr(file, n)) for n in os.listxattr(file)],
    )


def stale_bytecode(trial: Trial) -> None:
    """Import a module, rewrite it to as many bytes within the same second, and import it again; then back."""
    with trial.place() as root:
        for number in range(trial.size(100, 4)):
            name = f"m{number}"
            fill(root, {f"{name}.py": b"x = 1\n"})
            seen = [_imported(root, name)]
            apply_plan(root, planned(root, {f"{name}.py": b"x = 2\n"}))
            seen.append(_imported(root, name))
            rollback(root, ALL)
            seen.append(_imported(root, name))
            trial.point(f"module {number}", *judged((seen == ["1", "2", "1"], Loss.SILENT, f"imports gave {seen}")))


def _imported(root: Path, name: str) -> str:
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    code = f"import sys; sys.path.insert(0, {str(root)!r}); import {name}; print({name}.x)"
    done = subprocess.run([sys.executable, "-S", "-I", "-c", code], env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def untouched(trial: Trial) -> None:
    """Look at all files that no plan names, before and after an apply and a rollback."""
    with trial.place() as root:
        fill(root, {f"d{number % 9}/{number}.py": b"x" for number in range(200)})
        fill(root, {"d1/note.txt": b"n", "d2/empty/x": b"", ".hidden": b"h", "d3/__pycache__/3.pyc": b"c"})
        (root / "link.py").symlink_to("d1/1.py")
        chosen = [f"d{number % 9}/{number}.py" for number in range(0, 200, 7)]
        plan: Plan = planned(root, dict.fromkeys(chosen, b"y"))
        before = _manifest(root)
        time.sleep(0.01)
        for step, work in (("apply", partial(apply_plan, root, plan)), ("rollback", partial(rollback, root, ALL))):
            outcome(work)
            found = _manifest(root)
            for path in before.keys() | found.keys() - set(chosen):
                same = path in chosen or found.get(path) == before.get(path)
                trial.point(
                    f"{path} after {step}", *judged((same, Loss.LOST, f"{before.get(path)}, {found.get(path)}"))
                )


def _manifest(root: Path) -> dict[str, object]:
    found: dict[str, object] = {}
    for path in root.rglob("*"):
        if ".recanon" in path.parts or path.is_dir():
            continue
        info = path.lstat()
        text = os.readlink(path) if path.is_symlink() else path.read_bytes()
        found[str(path.relative_to(root))] = (text, info.st_mode, info.st_mtime_ns, info.st_ino, info.st_nlink)
    return found


FAULTS = (
    Fault(
        "B1", "read-only file or folder", "modes, before apply and rollback, as another user than root", 18, read_only
    ),
    Fault("B1b", "read-only disk", "a tmpfs mounted for reading alone", 2, read_only_disk, cannot_mount),
    Fault("C2", "a file with several names", "hard links within the tree and outside", 6, several_names),
    Fault("C3", "mode, owner, extended attributes", "12 modes, owners, an attribute", 24, attributes),
    Fault("C4", "stale bytecode", "import, rewrite to as many bytes at once, import", 100, stale_bytecode),
    Fault("C5", "files that no plan names", "text, mode, time, inode, before and after", 300, untouched),
)
