"""B2, B3, C1: somebody else edits, deletes or replaces files and folders while a run is at work."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from faults.ends import ALL, Check, goes_back, outcome, tidy
from faults.file_systems import Counting, Meddling
from faults.model import Fault, Loss, Trial, judged
from faults.processes import hammering
from faults.trees import everything, fill, planned, snapshot, spread
from recanon.apply import apply_plan
from recanon.errors import RecanonError
from recanon.journal.result import RunResult
from recanon.rollback import rollback

_TARGET = "p/b.py"
_TEXTS = {"a.py": b"a = 1\n", _TARGET: b"b = 1\n", "q/c.py": b"c = 1\n"}
_MINE = b"mine = 1\n"
Act = Callable[[Path, Path], None]


def _write_over(file: Path, outside: Path) -> None:
    file.write_bytes(_MINE)


def _append(file: Path, outside: Path) -> None:
    with file.open("ab") as stream:
        stream.write(_MINE)


def _replace(file: Path, outside: Path) -> None:
    fresh = file.with_name("fresh")
    fresh.write_bytes(_MINE)
    fresh.replace(file)


def _delete(file: Path, outside: Path) -> None:
    file.unlink(missing_ok=True)


def _folder(file: Path, outside: Path) -> None:
    file.unlink(missing_ok=True)
    file.mkdir()


def _fifo(file: Path, outside: Path) -> None:
    file.unlink(missing_ok=True)
    os.mkfifo(file)


def _socket(file: Path, outside: Path) -> None:
    file.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(file))


def _device(file: Path, outside: Path) -> None:
    file.unlink(missing_ok=True)
    os.mknod(file, 0o666 | stat.S_IFCHR, os.makedev(1, 7))  # /dev/full


def _link(file: Path, outside: Path) -> None:
    file.unlink(missing_ok=True)
    file.symlink_to(outside / "b.py")


def _dangling(file: Path, outside: Path) -> None:
    file.unlink(missing_ok=True)
    file.symlink_to(outside / "none.py")


def _hard_link(file: Path, outside: Path) -> None:
    file.unlink(missing_ok=True)
    file.hardlink_to(outside / "b.py")


def _link_above(file: Path, outside: Path) -> None:
    file.parent.rename(file.parent.with_name("away"))
    file.parent.symlink_to(outside)


def _file_above(file: Path, outside: Path) -> None:
    file.parent.rename(file.parent.with_name("away"))
    file.parent.write_bytes(_MINE)


def _delete_above(file: Path, outside: Path) -> None:
    shutil.rmtree(file.parent)


_EDITS: tuple[Act, ...] = (_write_over, _append, _replace)
_THINGS: tuple[Act, ...] = (
    _delete, _folder, _fifo, _socket, _link, _dangling, _hard_link, _link_above, _file_above, _delete_above,
    *((_device,) if os.geteuid() == 0 else ()),
)  # fmt: skip
_OF_FOLDERS = (_link_above, _file_above, _delete_above)


def meddle(trial: Trial, acts: tuple[Act, ...], quick: int) -> None:
    """Do each of the acts right before each operation of an apply, and of a rollback."""
    for back in (False, True):
        with trial.place() as place:
            root = fill(place, _TEXTS)
            counting, later = Counting(), Counting()
            apply_plan(root, planned(root, _after()), files=counting)
            rollback(root, ALL, files=later)
        count = (later if back else counting).count
        points = [(at, act) for act in acts for at in trial.some(range(1, count + 1), quick)]
        for at, act in points:
            with trial.place() as place:
                checks = _meddled(place, at, act, back=back)
            name = act.__name__.strip("_").replace("_", " ")
            trial.point(f"{name} at operation {at} of {'rollback' if back else 'apply'}", *judged(*checks))


def _after() -> dict[str, bytes]:
    return {path: text + b"# new\n" for path, text in _TEXTS.items()}


def _meddled(place: Path, at: int, act: Act, *, back: bool) -> list[Check]:
    """Run with somebody who meddles; see that what he left there stands, and that the rest is told."""
    root = fill(place / "root", _TEXTS)
    plan = planned(root, _after())
    if back:
        apply_plan(root, plan)
    # A folder outside is a tempting one: its file has the text that is looked for.
    text = (root / _TARGET).read_bytes() if act in _OF_FOLDERS else b"outside = 1\n"
    outside = fill(place / "outside", {"b.py": text})
    left: list[object] = []

    def meddles() -> None:
        act(root / _TARGET, outside)
        left.append(_thing(root / _TARGET))

    files = Meddling(at, meddles)
    begun, away = time.monotonic(), snapshot(outside)
    came = outcome(partial(rollback, root, ALL, files=files) if back else partial(apply_plan, root, plan, files=files))
    quick = time.monotonic() - begun < 30
    stands = _thing(root / _TARGET)
    again = outcome(partial(rollback, root, ALL))
    return [
        (quick, Loss.UNRECOVERED, "it hung"),
        (snapshot(outside) == away and everything(outside) == {"b.py"}, Loss.LOST, "something outside was changed"),
        (left == [stands], Loss.LOST, f"what was left there, {left}, became {stands}; the run says {came}"),
        (left == [_thing(root / _TARGET)], Loss.LOST, f"the rollback made of {left} {_thing(root / _TARGET)}: {again}"),
        _rest(root, came, back=back),
        *([] if act in _OF_FOLDERS else [tidy(root)]),
    ]


def _thing(path: Path) -> object:
    """Return what stands there, as far as somebody would see it."""
    try:
        info = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if stat.S_ISLNK(info.st_mode):
        return "link", os.readlink(path)
    return (stat.S_IFMT(info.st_mode), path.read_bytes() if stat.S_ISREG(info.st_mode) else info.st_ino)


def _rest(root: Path, came: RunResult | RecanonError, *, back: bool) -> Check:
    """Check that the files which nobody meddled with are back at the start, and were written where the run says so."""
    found = {path: (root / path).read_bytes() for path in _TEXTS if path != _TARGET}
    right = all(found[path] == _TEXTS[path] for path in found)
    told = isinstance(came, RecanonError) or set(found) <= {*came.written}
    return right and told, Loss.UNRECOVERED, f"the others: {found}; the run says {came}"


def hammer_files(trial: Trial) -> None:
    """Let a process replace files all the time while they are rewritten: whatever it wrote last stands."""
    files, rounds = 100, trial.size(100, 1)
    for number in range(rounds):
        with trial.place() as root:
            plan, start, end = spread(root, files)
            paths = sorted(start)
            pause = trial.chance.choice((0.0, 0.0001, 0.0005, 0.002))

            def blow(at: int, root: Path = root, paths: list[str] = paths, pause: float = pause) -> str:
                path = paths[at * 37 % len(paths)]
                (root / "fresh").write_bytes(b"edit %d" % at)
                (root / "fresh").replace(root / path)
                time.sleep(pause)
                return path

            with hammering(blow) as hammer:
                came = outcome(partial(apply_plan, root, plan))
            found = snapshot(root)
            for path in paths:
                wanted = b"edit %d" % hammer.done[path] if path in hammer.done else end[path][0]
                kept = found[path][0] == wanted
                trial.point(
                    f"round {number}, {path}", *judged((kept, Loss.LOST, f"{found[path][0]!r}, not {wanted!r}"))
                )
            told = isinstance(came, RunResult) and {*came.written, *(file.path for file in came.refused)} == set(paths)
            trial.point(f"round {number}", *judged((told, Loss.SILENT, str(came)[:300]), tidy(root)))


def swap_folders(trial: Trial) -> None:
    """Let a process swap a folder for a link that leads outside, and back, all the time; nothing gets outside."""
    for number in range(trial.size(100, 2)):
        with trial.place() as place:
            root, outside = place / "root", fill(place / "outside", {f"{n}.py": b"x" for n in range(10)})
            start = snapshot(fill(root, {f"p/{n}.py": b"x" for n in range(10)}))
            plan = planned(root, dict.fromkeys(start, b"y"))
            away = snapshot(outside)

            def blow(at: int, folder: Path = root / "p", outside: Path = outside) -> str:
                folder.rename(folder.with_name("real"))
                folder.symlink_to(outside)
                folder.unlink()
                folder.with_name("real").rename(folder)
                time.sleep(0.0001 * (at % 5))
                return ""

            if number % 2:
                apply_plan(root, plan)
            with hammering(blow):
                outcome(partial(rollback, root, ALL) if number % 2 else partial(apply_plan, root, plan))
            kept = snapshot(outside) == away and everything(outside) == set(away)
            for path in start:
                trial.point(f"round {number}, {path}", *judged((kept, Loss.LOST, "something outside was changed")))
            trial.point(f"round {number}", *judged(goes_back(root, start)))


FAULTS = (
    Fault("B2", "a file is replaced while it is rewritten", "another process does so", 10000, hammer_files),
    Fault(
        "B2b", "a file is edited in the middle of a run", "written over, appended to, replaced, before each operation "
        "of apply and rollback", 300, partial(meddle, acts=_EDITS, quick=4),
    ),
    Fault(
        "B3", "a file vanishes or becomes something else in the middle of a run", "deleted, folder, FIFO, socket, "
        "device, links, folder above replaced, before each operation", 1000, partial(meddle, acts=_THINGS, quick=2),
    ),
    Fault("C1", "a folder is swapped for a link that leads outside", "another process does so", 1000, swap_folders),
)  # fmt: skip
