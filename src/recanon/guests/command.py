"""Give the files to a program that edits them in the copy of the tree, some at a time, and read back what it did."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from recanon.executor.supervisor import Answer, Supervisor
from recanon.executor.worker import Limits
from recanon.guests.messages import Batch, Ran, packed, unpacked
from recanon.guests.result import Result, State
from recanon.guests.selection import Choice, given
from recanon.guests.work import Job, Progress, changed
from recanon.plan import ChangeKind
from recanon.source import digest
from recanon.watch import look, touched

_AT_ONCE = 50
_SLACK = 20.0  # seconds past the time limit of the command until its worker is given up
_AGAIN = "a second pass changes it again"
_OTHER = "the command changed it although it was not given it: it stays"
_NO_PYTHON = "the command created it, and it is no Python file: it is not taken"
_TAKEN = "the command created it where the tree has a file that git ignores: it is not taken"
_UNCERTAIN = "a call failed, and what it left behind cannot be told from what the others made"


def commanded(job: Job, files: Sequence[str], choice: Choice, progress: Progress) -> Iterator[Result]:
    """Run a program over the files that count.

    A call that fails is done again with half of its files, so that one file alone is to blame in the end.

    Args:
        job: what is to be done.
        files: the files that count.
        choice: which of them the program is given.
        progress: called with a stage, how much of it is done and how much there is.
    """
    sent: dict[str, str] = {}
    for item in given(job.tree, files, choice):
        if isinstance(item, Result):
            yield item
        else:
            sent[item[0]] = digest(item[1])
    before = look(job.stage.root, {})
    first = _Calls(job, job.tree.read, progress)
    first.run(sorted(sent))
    wrote = touched(before, look(job.stage.root, before))
    yield from (Result(path, State.SKIPPED, reason=_OTHER) for path in wrote.edited if path not in sent)
    yield from (_created(job, path, certain=not first.failed) for path in wrote.made)
    edited = {path: _read(job, path) for path in wrote.edited if path in sent and path not in first.failed}
    made = {path: data for path, data in edited.items() if data is not None and digest(data) != sent[path]}
    second = _Calls(job, lambda path: made[path], progress)
    second.run(sorted(made))
    for path, at_first in sent.items():
        result = Result(path, State.UNCHANGED, output=first.output.get(path, ""))
        if path in first.failed:
            yield replace(result, state=State.FAILED, reason=first.failed[path])
        elif path in edited and edited[path] is None:
            yield changed(job.tree, replace(result, kind=ChangeKind.DELETE), at_first)
        elif path in made:
            yield changed(
                job.tree, replace(result, after=made[path], doubts=_doubts(job, path, made, second)), at_first
            )
        else:
            yield result


def _doubts(job: Job, path: str, made: dict[str, bytes], second: _Calls) -> tuple[str, ...]:
    if path in second.failed:
        return (f"a second pass fails: {second.failed[path]}",)
    return () if _read(job, path) == made[path] else (_AGAIN,)


def _created(job: Job, path: str, *, certain: bool) -> Result:
    """Return what becomes of a file that the command created."""
    data = _read(job, path)
    if data is None or not path.endswith(".py"):
        return Result(path, State.SKIPPED, reason=_NO_PYTHON)
    if os.path.lexists(job.tree.root / path):
        return Result(path, State.SKIPPED, reason=_TAKEN)
    doubts = () if certain else (_UNCERTAIN,)
    return Result(path, State.CHANGED, after=data, doubts=doubts, kind=ChangeKind.CREATE)


def _read(job: Job, path: str) -> bytes | None:
    """Return what a file of the copy holds now, or None where there is none."""
    try:
        return (job.stage.root / path).read_bytes()
    except OSError:
        return None


@dataclass
class _Calls:
    """Calls of the command, until each file was in one that did not fail, or failed alone.

    Args:
        job: what is to be done.
        original: the bytes that a file had before the call.
        progress: called with a stage, how much of it is done and how much there is.
    """

    job: Job
    original: Callable[[str], bytes]
    progress: Progress
    failed: dict[str, str] = field(default_factory=dict)
    output: dict[str, str] = field(default_factory=dict)

    def run(self, paths: Sequence[str]) -> None:
        """Run the command over some files."""
        effort = self.job.effort
        limits = Limits(effort.seconds + _SLACK, memory=0)  # the command is another process, with limits of its own
        batches = [paths[at : at + _AT_ONCE] for at in range(0, len(paths), _AT_ONCE)]
        done = 0
        with Supervisor(self.job.service("recanon.guests.serve_command:serve", ()), limits, effort.jobs) as workers:
            while batches:
                halves: list[Sequence[str]] = []
                items = [packed(Batch(tuple(map(os.fsencode, batch)))) for batch in batches]
                for number, answer in workers.run(items):
                    halves += self._settle(batches[number], answer)
                    done += len(batches[number])
                    self.progress("run", min(done, len(paths)), len(paths))
                batches = halves

    def _settle(self, batch: Sequence[str], answer: Answer) -> list[Sequence[str]]:
        """Note how a call ended; return the halves of its files where it failed and they can be told apart."""
        ran = unpacked(answer.reply, Ran) if answer.reply is not None else Ran(answer.reason, answer.output)
        if not ran.failure:
            self.output[batch[0]] = ran.output
            return []
        for path in batch:
            target = self.job.stage.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self.original(path))
        if len(batch) > 1:
            return [batch[: len(batch) // 2], batch[len(batch) // 2 :]]
        self.failed[batch[0]], self.output[batch[0]] = ran.failure, ran.output
        return []
