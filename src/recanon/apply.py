"""Write a plan to the disk, so that every file can be given back."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

from recanon.disk import FileSystem
from recanon.errors import UsageError
from recanon.journal.job import Change
from recanon.journal.recover import recover, recover_all
from recanon.journal.result import NOTHING, Progress, RunResult
from recanon.journal.rows import RunKind, RunRow, new_run_id
from recanon.journal.state import open_state
from recanon.journal.write import Writer
from recanon.plan import Plan, check_new_names
from recanon.source import digest_of


def apply_plan(
    root: Path, plan: Plan, *, progress: Progress | None = None, files: FileSystem | None = None
) -> RunResult:
    """Write the files of a plan, each in one step, with its text before and the intent on the disk first.

    A file is created only where nothing stands, with the folders that it needs; one is deleted only with the text that
    was planned upon, and the folders that hold nothing any more go with it.
    A file that is not as it was when the plan was made is refused and named, and the rest goes on. A file that holds
    its planned text already (or is not there, as planned) is counted as unchanged, so an interrupted run is resumed by
    applying its plan again.

    Args:
        root: the tree's root.
        plan: what to write.
        progress: told of each file once it is decided.
        files: the operations on files; another object is for tests.

    Returns:
        The account of all files of the plan.

    Raises:
        JournalError: another run works on this tree, or its state cannot be used. Nothing was written.
        RunStoppedError: the disk failed on the way; its `result` says which files are written. None is torn.
        UsageError: the root is no folder, or the plan names a file twice, or one that cannot be, or creates one beside
            another that some file systems take for it.
    """
    _check_paths([change.path for change in plan.changes])
    check_new_names(root, plan.changes)
    files = files or FileSystem()
    changes = [
        Change(change.path, digest_of(change.old), change.new, change.phases, like=change.like)
        for change in plan.changes
        if change.old != change.new
    ]
    if not changes:
        return RunResult("", recovered=recover(root, files), note=NOTHING)
    run = RunRow(new_run_id(), RunKind.APPLY, plan.pack, tuple(sorted(plan.options.items())), plan.phases, plan.digest)
    with open_state(root, files, run=run.id) as state:
        recovered = recover_all(state)
        writer = Writer(state, run, progress=progress)
        writer.write(changes)
    return writer.result(recovered)


def _check_paths(paths: list[str]) -> None:
    twice = [path for path, times in Counter(paths).items() if times > 1]
    if twice:
        raise UsageError(f"The plan names a file twice: {twice[0]}", "Plan again.")
    for path in paths:
        try:
            os.fsencode(path)
        except UnicodeEncodeError as exc:
            raise UsageError(f"The plan names a file that cannot be: {path!a}", "Plan again.") from exc
