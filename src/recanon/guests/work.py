"""Give the files to the guest, one by one, in worker processes, and gather what it makes of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import msgspec

from recanon.executor.supervisor import Answer, Supervisor
from recanon.executor.worker import Limits, Service
from recanon.guests.copy import Stage
from recanon.guests.messages import Made, Setup, Task, packed, unpacked
from recanon.guests.result import Result, State
from recanon.guests.selection import Choice, given
from recanon.guests.spec import Guest
from recanon.overlay import Overlay
from recanon.settings import Bounds
from recanon.source import digest

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Effort:
    """How a guest is run.

    Args:
        jobs: processes; 0 means one a processor.
        seconds: time for a file.
        memory: bytes of address space of a process; 0 for no limit.
        path: folders in which its modules are looked for first.
    """

    jobs: int = 0
    seconds: float = 60.0
    memory: int = 4 << 30
    path: tuple[str, ...] = ()

    @property
    def bounds(self) -> Bounds:
        """What recanon's own work on a file may take."""
        return Bounds(max(Bounds().seconds, self.seconds), self.memory)

    @property
    def limits(self) -> Limits:
        """What an item may take."""
        return Limits(self.seconds, max(120.0, self.seconds), self.memory)


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done.

    Args:
        tree: the tree.
        stage: where the guest works.
        guest: the guest.
        effort: how it is run.
    """

    tree: Overlay
    stage: Stage
    guest: Guest
    effort: Effort

    def service(self, maker: str, files: Sequence[str]) -> Service:
        """Return what the worker processes serve."""
        setup = Setup(
            self.guest,
            os.fsencode(self.stage.root),
            tuple(map(os.fsencode, files)),
            self.effort.seconds,
            os.fsencode(self.stage.scratch),
        )
        return Service(maker, packed(setup), self.stage.root, self.stage.scratch, self.effort.path)


def worked(job: Job, files: Sequence[str], choice: Choice, progress: Progress) -> Iterator[Result]:
    """Run a guest that takes one file at a time.

    Args:
        job: what is to be done.
        files: the files that count.
        choice: which of them the guest is given.
        progress: called with a stage, how much of it is done and how much there is.

    Raises:
        ServiceError: the guest cannot be loaded.
    """
    passed: list[Result] = []
    sent: list[tuple[str, str]] = []
    done = 0
    with Supervisor(job.service("recanon.guests.serve:serve", files), job.effort.limits, job.effort.jobs) as workers:
        for number, answer in workers.run(_tasks(given(job.tree, files, choice), passed, sent)):
            done += 1
            progress("run", done + len(passed), len(files))
            yield _result(job.tree, *sent[number], answer)
    yield from passed


def _tasks(
    found: Iterable[Result | tuple[str, bytes]], passed: list[Result], sent: list[tuple[str, str]]
) -> Iterator[bytes]:
    """Yield what the workers get, and note what they do not, and the digest of what they do."""
    for item in found:
        if isinstance(item, Result):
            passed.append(item)
        else:
            path, data = item
            sent.append((path, digest(data)))
            yield packed(Task(os.fsencode(path), data))


def _result(tree: Overlay, path: str, sent: str, answer: Answer) -> Result:
    failed = Result(path, State.FAILED, reason=answer.reason, output=answer.output)
    if answer.reply is None:
        return failed
    try:
        made = unpacked(answer.reply, Made)
    except msgspec.DecodeError as exc:
        return replace(failed, reason=f"its answer cannot be read: {exc}")
    said = replace(failed, state=State.UNCHANGED, warnings=made.warnings)
    if made.declined:
        return replace(said, state=State.SKIPPED, reason=made.declined)
    if made.after is None:
        return said
    doubts = (made.again,) if made.again else ()
    return changed(tree, replace(said, after=made.after, doubts=doubts), sent)


def changed(tree: Overlay, said: Result, sent: str) -> Result:
    """Return the result for a file that the guest changes, if it is still what the guest was given.

    Args:
        tree: the tree.
        said: the result so far.
        sent: digest of the bytes that the guest was given.
    """
    before = tree.read(said.path)
    if digest(before) != sent:
        return replace(said, state=State.FAILED, reason="the file changed while the guest worked on it")
    return replace(said, state=State.CHANGED, before=before)
