"""A4, A5, A6: an operation fails, the disk is full, a write is short, an fsync says no."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import product
from pathlib import Path

from faults.ends import ALL, Check, goes_back, outcome, tidy, went_well, whole
from faults.file_systems import Counting, Failing
from faults.model import Fault, Loss, Trial, judged
from faults.mounts import PAGE, cannot_mount, free_pages, small_tmpfs
from faults.trees import MIXED, Snapshot, fill, mixed, planned, snapshot, spread, tree_after
from recanon.apply import apply_plan
from recanon.disk import FileSystem
from recanon.errors import RecanonError
from recanon.journal.result import RunResult, RunStoppedError
from recanon.rollback import rollback

_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)
_FILES = 4
_BALLAST = "ballast"


class _Named(FileSystem):
    """Keeps what kinds of operations are done."""

    def __init__(self) -> None:
        self.kinds: list[str] = []

    def step(self, operation: str, name: str) -> None:
        self.kinds.append(operation)


class _FailingSync(FileSystem):
    """The nth fsync fails."""

    def __init__(self, at: int = 0) -> None:
        self.at = at
        self.count = 0

    def step(self, operation: str, name: str) -> None:
        self.count += operation == "fsync"
        if operation == "fsync" and self.count == self.at:
            raise OSError(errno.EIO, os.strerror(errno.EIO))


class _Short(Counting):
    """The nth write writes less than it was given, or says so."""

    def __init__(self, at: int = 0, kind: str = "half") -> None:
        super().__init__()
        self.at = at
        self.kind = kind

    def step(self, operation: str, name: str) -> None:
        if operation == "write":
            super().step(operation, name)

    def write(self, fd: int, data: memoryview) -> int:
        if self.count + 1 != self.at:
            return super().write(fd, data)
        if self.kind == "nothing":
            self.step("write", "")
            return 0
        if self.kind == "a lie":
            super().write(fd, data[: len(data) // 2])
            return len(data)
        return super().write(fd, data[: 1 if self.kind == "a byte" else max(1, len(data) // 2)])


def fail_each(trial: Trial) -> None:
    """Fail each operation of an apply and of a rollback, with each error, once and for good."""
    for back in (False, True):
        with trial.place() as root:
            named, later = _Named(), _Named()
            apply_plan(root, spread(root, _FILES)[0], files=named)
            rollback(root, ALL, files=later)
        for at in _of_each_kind(trial, (later if back else named).kinds):
            for error, stays in (
                product(_ERRORS, (False, True)) if not trial.quick else [(trial.chance.choice(_ERRORS), False)]
            ):
                with trial.place() as root:
                    checks = _failing(root, Failing(at, error, stays=stays), back=back)
                where = f"{'rollback' if back else 'apply'}: {errno.errorcode[error]} at operation {at}"
                trial.point(f"{where}{' and ever after' * stays}", *judged(*checks))


def fail_mixed(trial: Trial) -> None:
    """Fail each operation of a run that edits, creates, moves and deletes, and of its rollback."""
    for back in (False, True):
        named, later = _Named(), _Named()
        with trial.place() as root:
            start = snapshot(mixed(root))
            apply_plan(root, MIXED, files=named)
            end = snapshot(root)
            rollback(root, ALL, files=later)
        for at in _of_each_kind(trial, (later if back else named).kinds, most=1):
            for error, stays in trial.some(list(product((errno.ENOSPC, errno.EACCES), (False, True))), 1):
                with trial.place() as root:
                    checks = _failing_mixed(root, Failing(at, error, stays=stays), (start, end), back=back)
                where = f"{'rollback' if back else 'apply'}: {errno.errorcode[error]} at operation {at}"
                trial.point(f"{where}{' and ever after' * stays}", *judged(*checks))


def _failing_mixed(root: Path, failing: FileSystem, ends: tuple[Snapshot, Snapshot], *, back: bool) -> list[Check]:
    mixed(root)
    if back:
        apply_plan(root, MIXED)
    work = partial(rollback, root, ALL, files=failing) if back else partial(apply_plan, root, MIXED, files=failing)
    came = outcome(work)
    honest = not went_well(came) or snapshot(root) == ends[0 if back else 1]
    checks = [whole(root, *ends), (honest, Loss.SILENT, f"it says {came}")]
    return [*checks, goes_back(root, ends[0]), tidy(root)]


def _of_each_kind(trial: Trial, names: list[str], most: int = 2) -> list[int]:
    """Return the numbers of all operations; for the smaller twin, so many of each kind."""
    kinds = {kind: [at for at, name in enumerate(names, 1) if name == kind] for kind in dict.fromkeys(names)}
    return [at for numbers in kinds.values() for at in trial.some(numbers, most)]


def _failing(root: Path, failing: FileSystem, *, back: bool, stops: bool = False) -> list[Check]:
    """Run into an error, and see what the run says and how the tree then stands."""
    plan, start, end = spread(root, _FILES)
    if back:
        apply_plan(root, plan)
    came = outcome(
        partial(rollback, root, ALL, files=failing) if back else partial(apply_plan, root, plan, files=failing)
    )
    here, there = (end, start) if back else (start, end)
    stopped = (not stops or isinstance(came, RecanonError), Loss.SILENT, f"it went on: {came}")
    return [whole(root, start, end), _told(came, root, here, there), stopped, goes_back(root, start), tidy(root)]


def _told(came: RunResult | RecanonError, root: Path, here: Snapshot, there: Snapshot) -> Check:
    """Check that a run which was stopped says so, and names what is written and what is not."""
    found = {path: value for path, value in snapshot(root).items() if path in here}
    done = {path for path in found if found[path] == there[path] != here[path]}
    if isinstance(came, RunStoppedError):
        told, unknown = set(came.result.written), {*came.result.unknown}
        named = {*told, *unknown, *came.result.unwritten, *(file.path for file in came.result.refused)}
        right = told <= done <= told | unknown and named == set(here) and all(path in came.message for path in here)
        return right, Loss.SILENT, f"it says written {sorted(told)}; written are {sorted(done)}"
    if isinstance(came, RunResult):
        return came.complete and found == there, Loss.SILENT, f"it says {came}"
    return not done, Loss.SILENT, f"it says {came.message}, and has written {sorted(done)}"


def fill_disk(trial: Trial) -> None:
    """Apply on a file system with only so many pages free; roll back while it is full, and when it is not any more."""
    for pages in trial.some(range(64), 6):
        with trial.place() as place, small_tmpfs(place / "disk", 96 * PAGE) as root:
            plan, start, end = spread(root, _FILES)
            _fill_up(root, pages)
            came = outcome(partial(apply_plan, root, plan))
            checks = [whole(root, start, end), _told(came, root, start, end)]
            _fill_up(root, 0)
            back = outcome(partial(rollback, root, ALL))
            checks += [whole(root, start, end), (_honest(back, root, start), Loss.SILENT, f"the rollback says {back}")]
            for file in root.glob(f"{_BALLAST}*"):
                file.unlink()
            trial.point(f"{pages} pages free", *judged(*checks, goes_back(root, start), tidy(root)))


def _fill_up(root: Path, pages: int) -> None:
    """Leave only so many pages free."""
    free = free_pages(root) - pages
    if free > 0:
        (root / f"{_BALLAST}{len(list(root.glob(_BALLAST + '*')))}").write_bytes(bytes(free * PAGE))


def _honest(back: RunResult | RecanonError, root: Path, start: Snapshot) -> bool:
    found = {path: value for path, value in snapshot(root).items() if path in start}
    return not went_well(back) or found == start


def limit_size(trial: Trial) -> None:
    """Apply where no file may become larger than so many bytes."""
    for size in trial.some(range(2048, 204800, 4096), 6):
        with trial.place() as root:
            start = snapshot(fill(root, {f"{number}.py": b"x" * number * 30000 for number in range(1, 5)}))
            plan = planned(root, {path: text + b"yyyy" * 2000 for path, (text, _) in start.items()})
            end = tree_after(start, plan)
            with _largest_file(size):
                came = outcome(partial(apply_plan, root, plan))
            trial.point(
                f"at most {size} bytes",
                *judged(whole(root, start, end), _told(came, root, start, end), goes_back(root, start), tidy(root)),
            )


@contextmanager
def _largest_file(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def write_short(trial: Trial) -> None:
    """Let each write in turn write half, a byte or nothing, or lie about what it wrote."""
    counting = _Short()
    with trial.place() as root:
        apply_plan(root, spread(root, _FILES)[0], files=counting)
    for at, kind in trial.some(list(product(range(1, counting.count + 1), ("half", "a byte", "nothing", "a lie"))), 16):
        with trial.place() as root:
            plan, start, end = spread(root, _FILES)
            came = outcome(partial(apply_plan, root, plan, files=_Short(at, kind)))
            checks = [whole(root, start, end), _told(came, root, start, end)]
            if kind in ("half", "a byte"):
                checks.append((snapshot(root) == end, Loss.LOST, f"a short write ended the run: {came}"))
            trial.point(f"write {at}: {kind}", *judged(*checks, goes_back(root, start), tidy(root)))


def fail_sync(trial: Trial) -> None:
    """Fail each fsync of an apply and of a rollback in turn: it ends the run."""
    for back in (False, True):
        with trial.place() as root:
            plan, _, _ = spread(root, _FILES)
            counting, later = _FailingSync(), _FailingSync()
            apply_plan(root, plan, files=counting)
            rollback(root, ALL, files=later)
        for at in trial.some(range(1, (later if back else counting).count + 1), 8):
            with trial.place() as root:
                checks = _failing(root, _FailingSync(at), back=back, stops=True)
            trial.point(f"{'rollback' if back else 'apply'}: fsync {at}", *judged(*checks))


FAULTS = (
    Fault(
        "A4", "no space, quota, bad disk or too large a file", "ENOSPC, EDQUOT, EIO, EFBIG at each operation, "
        "once and for good", 1000, fail_each,
    ),
    Fault("A4f", "no space or no right, for a run that creates, moves, deletes", "at each operation", 500, fail_mixed),
    Fault("A4b", "a full disk", "a tmpfs with 0 to 63 free pages, for apply and rollback", 64, fill_disk, cannot_mount),
    Fault("A4c", "a file may not be so large", "RLIMIT_FSIZE from 2 KB to 200 KB", 49, limit_size),
    Fault("A5", "short write", "each write: half, a byte, nothing, or a lie", 50, write_short),
    Fault("A6", "fsync fails", "each fsync of apply and rollback", 25, fail_sync),
)  # fmt: skip
