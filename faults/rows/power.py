"""A3: the power is cut, and what was not synced is lost: the image of a disk is copied and mounted again."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from faults.ends import ALL, Check, goes_back, goes_on, tidy, whole
from faults.file_systems import KILLED, Counting, Dying, in_child
from faults.model import Fault, Loss, Trial, judged
from faults.mounts import cannot_loop, copy_image, make_image, mend, mounted
from faults.trees import Snapshot, spread
from recanon.apply import apply_plan
from recanon.disk import FileSystem
from recanon.plan import Plan
from recanon.rollback import rollback
from recanon.source import digest

_FILES = 5
# A journal that is committed late, and no data that reaches the disk by itself: as much is lost as can be.
_JOURNALED = "noauto_da_alloc,commit=600,data=ordered"
_PLAIN = "noatime"
_APPLIED = "SELECT path, before, after, files.state FROM files JOIN runs ON runs.id = run WHERE kind = 'apply'"
Work = Callable[[Path, FileSystem], object]


def cut(trial: Trial, *, back: bool, journal: bool) -> None:
    """Cut the power at operations of an apply or a rollback."""
    options = _JOURNALED if journal else _PLAIN
    with trial.place() as place:
        first = make_image(place / "first", journal=journal)
        with mounted(first, place / "disk", options) as disk:
            plan, start, end = spread(disk / "tree", _FILES)
            if back:
                apply_plan(disk / "tree", plan)
        work: Work = (lambda root, files: rollback(root, ALL, files=files)) if back else partial(_apply, plan)
        count = _count(place, first, options, work)
        for at in trial.some(range(1, count + 1), 4):
            copy_image(first, place / "image")
            with mounted(place / "image", place / "disk", options) as disk:
                died = in_child(partial(work, disk / "tree", Dying(at))) == KILLED
                copy_image(place / "image", place / "left")
            if not journal:
                mend(place / "left")
            with mounted(place / "left", place / "disk", options) as disk:
                checks = _judge(disk / "tree", plan, start, end, on=at % 2 == 0 and not back)
            killed = (died, Loss.SILENT, "it did not come to its cut")
            trial.point(f"{'rollback' if back else 'apply'}, operation {at} of {count}", *judged(killed, *checks))


def _apply(plan: Plan, root: Path, files: FileSystem) -> object:
    return apply_plan(root, plan, files=files)


def _count(place: Path, first: Path, options: str, work: Work) -> int:
    counting = Counting()
    with mounted(copy_image(first, place / "image"), place / "disk", options) as disk:
        work(disk / "tree", counting)
    return counting.count


def _judge(root: Path, plan: Plan, start: Snapshot, end: Snapshot, *, on: bool) -> list[Check]:
    """See what the disk holds, whether the journal claims more than that, and whether the ways lead to their ends."""
    checks = [whole(root, start, end), *_claims(root)]
    checks.append(goes_on(root, plan, end) if on else goes_back(root, start))
    return [*checks, tidy(root)]


def _claims(root: Path) -> list[Check]:
    """Check that what the journal says is done is on the disk, and the way back of all that is written as well."""
    journal = root / ".recanon/journal.sqlite3"
    rows: list[tuple[bytes, str, str, str]] = []
    if journal.exists():
        with closing(sqlite3.connect(journal)) as database:
            if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'files'").fetchone():
                rows = database.execute(_APPLIED).fetchall()
    undone = [row[0] for row in rows if row[3] == "done" and not _holds(root / os.fsdecode(row[0]), row[1], row[2])]
    missing = [row[0] for row in rows if row[3] != "undone" and not _holds(root / ".recanon/blobs" / row[1], row[1])]
    return [
        (not undone, Loss.SILENT, f"the journal claims to have written {undone}"),
        (not missing, Loss.LOST, f"there is no way back for {missing}"),
    ]


def _holds(file: Path, *digests: str) -> bool:
    return file.exists() and digest(file.read_bytes()) in digests


FAULTS = (
    Fault(
        "A3", "power cut in an apply, ext4", "loop device, noauto_da_alloc: its image is copied at each operation, "
        "and mounted", 100, partial(cut, back=False, journal=True), cannot_loop,
    ),
    Fault("A3b", "power cut in a rollback, ext4", "the same", 70, partial(cut, back=True, journal=True), cannot_loop),
    Fault(
        "A3c", "power cut in an apply, file system without a journal", "the same, e2fsck before it is mounted",
        100, partial(cut, back=False, journal=False), cannot_loop,
    ),
    Fault(
        "A3d", "power cut in a rollback, file system without a journal", "the same",
        70, partial(cut, back=True, journal=False), cannot_loop,
    ),
)  # fmt: skip
