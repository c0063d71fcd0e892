"""Work on one repository of a fleet, with the same commands that a person would give."""

from __future__ import annotations

import json
import shlex
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from recanon import __version__
from recanon.cache import code_digest, digest_of
from recanon.errors import RecanonError
from recanon.executor.process import Place, run_command
from recanon.fleet.branch import Branch
from recanon.fleet.config import Fleet, Repository
from recanon.fleet.outcome import Action, Outcome, PhaseDone, PlanRead, State
from recanon.git import GitError, run_git
from recanon.migration import Phase
from recanon.outcome import Verdict
from recanon.pack import read_outline
from recanon.regular import read_regular

_DONE, _FAILED = 0, 3  # exit codes: all of it, and some files stand as they were
_PLAN_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Assignment:
    """What is done with every repository.

    Args:
        fleet: the repositories and the migration.
        action: what is done.
        folder: where the results go; a folder for each repository.
        branch: the branch that is made, for `apply`.
        jobs: processes for one repository.
        seconds: time for one command.
    """

    fleet: Fleet
    action: Action
    folder: Path
    branch: str = ""
    jobs: int = 0
    seconds: float = 3600.0


@dataclass(frozen=True, slots=True)
class Worked:
    """A repository that was worked on.

    Args:
        outcome: what became of it.
        rest: the plan of what is left, where a branch was made.
    """

    outcome: Outcome
    rest: PlanRead | None = None


class StepError(RecanonError):
    """A command failed."""


def work_on(repository: Repository, given: Assignment) -> Worked:
    """Work on a repository; whatever goes wrong with it is told in the outcome.

    Args:
        repository: which.
        given: what is done.
    """
    began = time.monotonic()
    outcome = Outcome(repository.name, given.action, State.FAILED)
    try:
        worked = _Work(repository, given).done(outcome)
    except RecanonError as exc:
        worked = Worked(replace(outcome, reason=_sentence(exc)))
    return replace(worked, outcome=replace(worked.outcome, seconds=round(time.monotonic() - began, 1)))


def key_of(repository: Repository, given: Assignment) -> str:
    """Return what an outcome rests on; "" where that cannot be told, because the tree has changes outside of commits.

    Args:
        repository: which.
        given: what is done.

    Raises:
        RecanonError: the pack is wrong.
    """
    head = run_git(repository.path, "rev-parse", "HEAD")
    if head is None:
        return ""
    if given.action is Action.APPLY:
        if not Branch(repository.path, given.branch, given.folder).exists():
            return ""
        head = b""  # what was committed to a branch stays done
    elif run_git(repository.path, "status", "--porcelain", "--ignore-submodules=dirty", "--", ".") != b"":
        return ""
    fleet, pack = given.fleet, read_outline(given.fleet.pack)
    parts = [given.action, given.branch, code_digest(pack.folder), str(repository.path), *repository.exclude, ""]
    return digest_of([*parts, *repository.options, "", *fleet.phases, str(fleet.review), head])


class _Work:
    """The commands for one repository.

    Args:
        repository: which.
        given: what is done.
    """

    def __init__(self, repository: Repository, given: Assignment) -> None:
        self.repository = repository
        self.given = given
        self.folder = given.folder / repository.name
        self.folder.mkdir(parents=True, exist_ok=True)

    def done(self, outcome: Outcome) -> Worked:
        """Do what is to be done.

        Raises:
            RecanonError: it cannot be done.
        """
        match self.given.action:
            case Action.AUDIT:
                return Worked(self._audited(outcome))
            case Action.PREVIEW:
                return Worked(self._previewed(outcome))
            case Action.APPLY:
                return self._applied(outcome)

    def _audited(self, outcome: Outcome) -> Outcome:
        file = self.folder / "audit.json"
        self._recanon("audit", str(self.repository.path), *self._options(), "--format", "json", "-o", str(file))
        made: dict[str, Any] = json.loads(read_regular(file, _PLAN_BYTES))
        counts = {str(verdict): int(made["mentions"][verdict]) for verdict in Verdict}
        percent = made["compliance"]["places"]["percent"]
        return replace(
            outcome, state=State.DONE, files=made["tree"]["files"], counts=counts, compliance=percent, key=self._key()
        )

    def _previewed(self, outcome: Outcome) -> Outcome:
        plan, code = self._plan(self.repository.path, "plan.json", self.given.fleet.phases)
        words = ("preview", str(self.repository.path), *self._options(), *_phases(self.given.fleet.phases))
        self._recanon(*words, *self._review(), "-o", str(self.folder / "changes.patch"))
        return replace(_told(outcome, plan), state=_state(code), changed=len(plan.files), key=self._key())

    def _applied(self, outcome: Outcome) -> Worked:
        branch = Branch(self.repository.path, self.given.branch, self.folder / "tree")
        if branch.open():
            self._recanon("recover", str(branch.tree), "--finish", "--yes")
        else:
            for old in self.folder.glob("phase-*.json"):
                old.unlink()
        phases, codes, before = [], [_DONE], branch.commits()
        for phase in self._running():
            done, code = self._phase(branch, phase, before.get(phase.id or "all", ""))
            phases.append(done)
            codes.append(code)
        rest, code = self._plan(branch.tree, "rest.json", self.given.fleet.phases)
        changed = _text(run_git(branch.folder, "diff", "--name-only", f"{branch.base}..{branch.name}"))
        made = replace(
            _told(outcome, rest),
            state=_state(max(*codes, code)),
            changed=len(changed.splitlines()),
            phases=tuple(phases),
            branch=(branch.name, branch.base),
        )
        made = replace(made, key=self._key())
        try:
            branch.close()
        except GitError as exc:  # the branch is whole; what else is in the folder is not ours to throw away
            made = replace(made, state=State.PARTLY, reason=_sentence(exc))
        return Worked(made, rest)

    def _running(self) -> tuple[Phase, ...]:
        phases = read_outline(self.given.fleet.pack).migration.phases
        wanted = self.given.fleet.phases
        running = tuple(phase for phase in phases if (phase.id in wanted if wanted else phase.default))
        return running if phases else (Phase("", "Migrate all at once"),)

    def _phase(self, branch: Branch, phase: Phase, commit: str) -> tuple[PhaseDone, int]:
        """Apply and commit a phase, from where an earlier go has left it."""
        name, own = phase.id or "all", (phase.id,) if phase.id else ()
        file, code = self.folder / f"phase-{name}.json", _DONE
        if not file.exists():
            self._plan(branch.tree, file.name, own)
        plan = _read(file)
        if not commit and plan.files:
            words = ("apply", str(branch.tree), *self._options(), *_phases(own), *self._review(), "--yes")
            code = self._recanon(*words, "--allow-dirty")
            paths = [changed.path for changed in plan.files]
            commit = branch.commit(name, self._message(phase, plan), paths)
        return PhaseDone(name, phase.title, commit, len(plan.files), len(plan.applied)), code

    def _message(self, phase: Phase, plan: PlanRead) -> str:
        part = f"Phase {phase.id} of" if phase.id else "All of"
        by = f"{part} the pack {read_outline(self.given.fleet.pack).id}, written by recanon {__version__}"
        return f"{phase.title.rstrip('.')}\n\n{by}: {len(plan.files)} files."

    def _plan(self, tree: Path, name: str, phases: Sequence[str]) -> tuple[PlanRead, int]:
        file = self.folder / name
        words = ("preview", str(tree), *self._options(), *_phases(phases), *self._review())
        code = self._recanon(*words, "--format", "json", "-o", str(file))
        return _read(file), code

    def _options(self) -> list[str]:
        words = ["--pack", self.given.fleet.pack, "--jobs", str(self.given.jobs)]
        for option, values in (("--set", self.repository.options), ("--exclude", self.repository.exclude)):
            words += [word for value in values for word in (option, value)]
        return words

    def _review(self) -> list[str]:
        return ["--include", "review"] if self.given.fleet.review else []

    def _key(self) -> str:
        return key_of(self.repository, self.given)

    def _recanon(self, *words: str) -> int:
        """Run a command of recanon, and note it with all that it says; return its exit code.

        Raises:
            StepError: it failed.
        """
        with tempfile.TemporaryDirectory(prefix="recanon-") as scratch:
            place = Place(self.folder, Path(scratch), self.given.seconds, trusted=True)
            ended = run_command([sys.executable, "-P", "-m", "recanon", *words], place)
        with (self.folder / "log.txt").open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"$ {shlex.join(('recanon', *words))}\n{ended.text}exit code {ended.code}\n\n")
        if ended.late:
            raise StepError(f"{words[0]} was ended after {self.given.seconds:g} seconds", "Give it more with --limit.")
        if ended.code not in (_DONE, _FAILED):
            raise StepError(_last_words(ended.text) or f"{words[0]} ended with {ended.code}")
        return ended.code


def _told(outcome: Outcome, plan: PlanRead) -> Outcome:
    return replace(outcome, files=plan.tree.files, counts=plan.counts)


def _state(code: int) -> State:
    return State.DONE if code == _DONE else State.PARTLY


def _phases(names: Sequence[str]) -> list[str]:
    return [word for name in names for word in ("--phase", name)]


def _read(file: Path) -> PlanRead:
    """Read a plan. (The decoder of msgspec refuses names of files that are no UTF-8.)"""
    return msgspec.convert(json.loads(read_regular(file, _PLAN_BYTES)), PlanRead)


def _text(output: bytes | None) -> str:
    return (output or b"").decode("utf-8", "replace")


def _sentence(exc: RecanonError) -> str:
    """Return what went wrong and what to do, in a line."""
    return " ".join(f"{exc.message}. {exc.hint}".split()).rstrip(" .") + "."


def _last_words(text: str) -> str:
    """Return how a command ended, in its own words."""
    return " ".join(line.strip() for line in text.strip().splitlines()[-2:])
