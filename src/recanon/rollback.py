"""Give files back: one, several, a phase, a run or all runs; never over somebody's later edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from recanon.disk import Content, FileSystem, RefusedError
from recanon.errors import UsageError
from recanon.journal.job import Change
from recanon.journal.merge import merge
from recanon.journal.recover import recover_all
from recanon.journal.result import NOTHING, Progress, Refused, RunResult
from recanon.journal.rows import FileRow, RunKind, RunRow, RunState, kind_of, new_run_id
from recanon.journal.state import State, has_state, open_state
from recanon.journal.store import Store
from recanon.journal.write import Writer
from recanon.plan import ChangeKind
from recanon.runs import TRIAL, find_run
from recanon.source import digest_of

_NAMED = 5  # files in a message


class Mode(StrEnum):
    """What to do with a file that was edited after the run.

    `refuse`: it stands, and is named. `merge`: the run's edits are taken out and the later ones stay; where they meet,
    it is refused. `force`: the text before the run is restored, and the edited one is kept beside it.
    """

    REFUSE = "refuse"
    MERGE = "merge"
    FORCE = "force"


@dataclass(frozen=True, slots=True)
class Request:
    """What to give back. At least one of the first four must say something.

    Args:
        paths: files or folders, relative to the root. Alone: to before the last run that wrote each of them.
        run: id of a run, the beginning of one, or `last`.
        phase: files whose edits belong to this phase only; of the given run, or else of the last run with this phase.
        everything: all runs, the last first.
        mode: what to do with later edits.
        trial: first run of the apply whose try between gates it ends, for the journal; else "".
    """

    paths: tuple[str, ...] = ()
    run: str | None = None
    phase: str | None = None
    everything: bool = False
    mode: Mode = Mode.REFUSE
    trial: str = ""

    def __str__(self) -> str:
        parts = [*self.paths, self.run and f"run {self.run}", self.phase and f"phase {self.phase}"]
        return ", ".join(filter(None, parts)) or "everything"


@dataclass(frozen=True, slots=True)
class _Way:
    """The way back of one file: what stands there, the text it leads to, the records undone, what ended it early.

    None stands for no file.
    """

    path: str
    content: Content | None
    text: bytes | None
    undone: tuple[FileRow, ...]
    refused: Refused | None
    edited: bool


def rollback(
    root: Path, request: Request, *, progress: Progress | None = None, files: FileSystem | None = None
) -> RunResult:
    """Restore the text and mode that files had before runs. It is as durable as an apply, and recorded as a run too.

    A file that a run created is deleted, with the folders that were made for it and hold nothing else; one that it
    deleted is made again where nothing stands. A merge of an edited file that a run created is refused.

    Args:
        root: the tree's root.
        request: what to give back, and what to do with later edits.
        progress: told of each file once it is decided.
        files: the operations on files; another object is for tests.

    Returns:
        The account: `written` files are restored, `refused` ones stand (or went back as far as they could),
        `unchanged` ones held the text before already. Its note says "nothing to do" where all that was asked for is
        undone already, and names what a run created or deleted that stays so while other such files of it go back.

    Raises:
        UsageError: the request says nothing, or names no run, or a run that was itself a rollback; or a run or phase as
            a whole of which later runs changed files, and the mode is to refuse. Nothing was written.
        JournalError: another run works on this tree, or its state cannot be used. Nothing was written.
        RunStoppedError: the disk failed on the way; its `result` says which files are restored. None is torn.
    """
    if not (request.paths or request.run or request.phase or request.everything):
        raise UsageError("Say what to roll back: paths, a run, a phase, or everything")
    if request.everything and (request.run or request.phase):
        raise UsageError("Everything is all runs and phases: name neither with it")
    if not has_state(root):
        if request.run:
            find_run((), request.run)
        return RunResult("", note=NOTHING)
    options = ((TRIAL, request.trial),) if request.trial else ()
    run = RunRow(new_run_id(), RunKind.ROLLBACK, str(request), options, (request.phase,) if request.phase else ())
    with open_state(root, files or FileSystem(), run=run.id) as state:
        recovered = recover_all(state)
        chains, refused = _select(state.store, request)
        ways = [_walk(state, path, chain=chain, mode=request.mode) for path, chain in chains.items()]
        refused += [way.refused for way in ways if way.refused]
        writer = Writer(state, run, progress=progress, early=refused)
        note = _halves(state.store, ways)
        changes = [change for way in ways if (change := _change(state, way, writer=writer, mode=request.mode))]
        writer.write(changes)
        _give_up(state.store, ways)
    result = writer.result(recovered)
    return replace(result, note=note) if note else result


def _give_up(store: Store, ways: Sequence[_Way]) -> None:
    """Note of interrupted runs that nothing of them is left: they are not to be finished any more."""
    touched = {row.run for way in ways for row in way.undone}
    left = {row.run for row in store.written()}
    over = [run.id for run in store.runs() if run.state is RunState.INTERRUPTED and run.id in touched - left]
    if over:
        store.give_up(over)


def _halves(store: Store, ways: Sequence[_Way]) -> str:
    """Say which files a run has created or deleted that stay so, where others of it go back: a moved file has two."""
    undone = {(row.run, row.seq): row for way in ways for row in way.undone}
    runs = {row.run for row in undone.values() if _comes_or_goes(row)}
    rest = [
        f"{row.path} ({kind_of(row.before, row.after)}d)"
        for row in store.written()
        if row.run in runs and _comes_or_goes(row) and (row.run, row.seq) not in undone
    ]
    more = f", {len(rest) - _NAMED} more" if len(rest) > _NAMED else ""
    return f"of what the same run created or deleted, this stays: {', '.join(rest[:_NAMED])}{more}" if rest else ""


def _comes_or_goes(row: FileRow) -> bool:
    return not row.fault and kind_of(row.before, row.after) is not ChangeKind.EDIT


def _select(store: Store, request: Request) -> tuple[dict[str, list[FileRow]], list[Refused]]:
    """Return for each file the records to undo, the last first, and what cannot be undone at all."""
    refused: list[Refused] = []
    chains: dict[str, list[FileRow]] = {}
    for row in store.written():
        if not request.paths or any(_covers(path, row.path) for path in request.paths):
            chains.setdefault(row.path, []).append(row)
    known = store.paths()
    for path in request.paths:
        if not any(_covers(path, other) for other in known):
            refused.append(Refused(path, "no run has changed it", "See the list of runs for what was changed."))
    if request.everything:
        return chains, refused
    if request.run or request.phase:
        run = _run_of(store, request, chains=chains)
        chains = {path: rows for path, rows in chains.items() if any(row.run == run for row in rows)}
        if not request.paths and request.mode == Mode.REFUSE:
            _check_on_top(chains, run, request.phase)
        chains = {
            path: rows for path, rows in chains.items() if _belongs(rows, run, phase=request.phase, refused=refused)
        }
    return {path: rows[:1] for path, rows in chains.items()}, refused


def _run_of(store: Store, request: Request, *, chains: dict[str, list[FileRow]]) -> str:
    runs = store.runs()
    if request.run:
        run = find_run(runs, request.run)
        if run.kind is RunKind.ROLLBACK:
            raise UsageError(f"Run {run.id} was itself a rollback", "Apply the plan again to redo what it undid.")
        return run.id
    held = {row.run for rows in chains.values() for row in rows if request.phase in row.phases}
    if not held and not any(request.phase in run.phases for run in runs):
        raise UsageError(f"No run has a phase {request.phase}", "See the list of runs for their phases.")
    return next((run.id for run in reversed(runs) if run.id in held), "")


def _check_on_top(chains: Mapping[str, Sequence[FileRow]], run: str, phase: str | None) -> None:
    """Refuse to give back half of a run: a tree with some of its files from before and some from after is broken.

    Raises:
        UsageError: later runs changed some of its files (of the phase).
    """
    later: set[str] = set()
    files = []
    for path, rows in sorted(chains.items()):
        at = next(number for number, row in enumerate(rows) if row.run == run)
        if at and (phase is None or phase in rows[at].phases):
            later.update(row.run for row in rows[:at])
            files.append(path)
    if files:
        many = f"{len(files)} file{'s' * (len(files) > 1)} of it: {', '.join(files[:_NAMED])}"
        more = f", {len(files) - _NAMED} more" if len(files) > _NAMED else ""
        raise UsageError(
            f"run {', '.join(sorted(later, reverse=True))} came after run {run} and changed {many}{more}",
            "Roll those back first, the last one first. Name files to give back these alone.",
        )


def _belongs(rows: Sequence[FileRow], run: str, *, phase: str | None, refused: list[Refused]) -> bool:
    """Return whether a file can go back to before a run (or its phase) alone; say why where it cannot."""
    row = next(row for row in rows if row.run == run)
    if phase and phase not in row.phases:
        return False
    others = [other for other in row.phases if other != phase]
    if phase and others:
        reason = f"its edits belong also to phase {', '.join(others)}"
        refused.append(Refused(row.path, reason, "Roll back the file or the run as a whole."))
        return False
    if row is not rows[0]:
        reason = f"run {rows[0].run} changed it later"
        refused.append(Refused(row.path, reason, "Roll that run back first, or everything."))
        return False
    return True


def _walk(state: State, path: str, *, chain: Sequence[FileRow], mode: Mode) -> _Way:
    """Go back record by record, as far as the kept texts and later edits let us."""
    content, text, undone, edited, refused = None, None, 0, False, None
    try:
        content = state.tree.find(path)
        text = None if content is None else content.data
        for row in chain:
            if row.fault:
                raise RefusedError(row.fault, "Take the text from version control.")
            if digest_of(text) != row.before:
                as_written = digest_of(text) == row.after
                text = _kept(state, row.before) if as_written else _past_edit(state, text, row=row, mode=mode)
                edited |= not as_written
            undone += 1
    except RefusedError as refusal:
        refused = Refused(path, refusal.message, refusal.hint)
    return _Way(path, content, text, tuple(chain[:undone]), refused, edited)


def _kept(state: State, name: str) -> bytes | None:
    return state.blobs.get(name) if name else None


def _past_edit(state: State, text: bytes | None, *, row: FileRow, mode: Mode) -> bytes | None:
    if text is None:
        raise RefusedError("it is gone", "Take the text from version control, or leave it so.")
    if not row.after:
        raise RefusedError(
            f"run {row.run} deleted it, and a new file stands there since", "Move that one away, and roll back again."
        )
    if mode == Mode.REFUSE:
        raise RefusedError(
            f"it was edited after run {row.run}",
            "Merge takes only the run's edits out; force restores it and keeps the edited text beside it.",
        )
    before = _kept(state, row.before)
    if mode == Mode.MERGE and before is None:
        raise RefusedError(
            f"run {row.run} created it, and it was edited since: without the run there is no file to merge into",
            "Delete it by hand, or roll back with force: the edited text is then kept beside it.",
        )
    if mode == Mode.MERGE and before is not None:
        return merge(state.tree.files, text, after=state.blobs.get(row.after), before=before)
    return before


def _change(state: State, way: _Way, *, writer: Writer, mode: Mode) -> Change | None:
    """Return what is to be written; where the text stands already, only record the rows as undone."""
    if not way.undone:
        return None
    keys = tuple((row.run, row.seq) for row in way.undone)
    stands = "" if way.content is None else way.content.digest
    if stands == digest_of(way.text):
        state.store.undo(keys)
        writer.unchanged.append(way.path)
        return None
    keep = way.edited and mode == Mode.FORCE
    return Change(way.path, stands, way.text, mode=way.undone[-1].mode, undoes=keys, keep=keep)


def _covers(asked: str, path: str) -> bool:
    return path == asked or path.startswith(asked.rstrip("/") + "/")
