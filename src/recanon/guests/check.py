"""Send what a guest made up the verification ladder; a file that fails stands as it was."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from recanon.executor.local import Workers
from recanon.guests.deleted import orphans
from recanon.guests.result import Result, State
from recanon.guests.vanished import asking, handed_on, vanished
from recanon.index.facts import FileFacts
from recanon.index.mentions import Triggers
from recanon.outcome import Reverted
from recanon.overlay import Overlay
from recanon.plan import ChangeKind, FileChange
from recanon.rescan import Rescanner
from recanon.resolve.names import ModuleMap
from recanon.resolve.program import Program
from recanon.scan import Scan
from recanon.verify import GUEST_LADDER, Trial, failures, superfluous

_VERSION = ".".join(map(str, sys.version_info[:2]))
_UNREAD = f"Python {_VERSION} cannot read it, so that no check could look at what the guest makes of it"


@dataclass(frozen=True)
class Checker:
    """Checks the changes of a guest.

    Args:
        overlay: the tree as it is.
        workers: who reads.
    """

    overlay: Overlay
    workers: Workers

    @cached_property
    def modules(self) -> ModuleMap:
        """The modules of the tree."""
        return ModuleMap.of(self.overlay.files)

    def checked(self, results: Sequence[Result], *, review: bool) -> list[Result]:
        """Return the results with those taken back that fail a step.

        Args:
            results: what the guest made of all files.
            review: whether what a person should look at is written too.
        """
        readable = self._readable(results)
        changes = {r.path: change_of(r) for r in readable if r.state is State.CHANGED and (review or not r.doubts)}
        reader = self._reader(changes)
        known: dict[tuple[str, bytes], Counter[tuple[str, str]]] = {}
        reverted: dict[str, Reverted] = {}
        left_over: dict[str, str] = {}
        doubts: dict[str, str] = {}
        while True:
            trial = reader.trial(changes, known)
            deleted = [path for path, change in changes.items() if change.kind is ChangeKind.DELETE]
            failed = failures(trial, (*GUEST_LADDER, orphans(deleted)))
            left_over |= superfluous(trial)
            doubts |= {path: text for path, text in left_over.items() if "redefined" in text}
            held_back = set() if review else doubts.keys() & changes.keys()
            if not (failed or held_back):
                break
            reverted |= failed
            changes = {path: change for path, change in changes.items() if path not in failed and path not in held_back}
        warned = [_warned(result, left_over.get(result.path, ""), doubtful=doubts) for result in readable]
        return [_reverted(result, reverted.get(result.path)) for result in warned]

    def _readable(self, results: Sequence[Result]) -> list[Result]:
        """Take out changes of files that the running Python cannot read, before or after."""
        changed = [result for result in results if result.state is State.CHANGED]
        before = self._unread((result.path, result.before) for result in changed)
        after = self._unread((result.path, result.after) for result in changed)
        found = []
        for result in results:
            if result.path in before:
                reason = f"{_UNREAD}: {before[result.path]}"
                result = replace(result, state=State.SKIPPED, reason=reason)
            elif result.path in after:
                result = replace(result, state=State.REVERTED, step="1 parses", reason=after[result.path])
            found.append(result)
        return found

    def _unread(self, texts: Iterable[tuple[str, bytes]]) -> dict[str, str]:
        read = self._rescanner(frozenset()).scan(dict(texts))
        return {item.skipped.path: item.skipped.reason for item in read.unread}

    def _rescanner(self, words: frozenset[str], modules: frozenset[str] = frozenset()) -> Rescanner:
        """Return what reads facts: every import, and every use of some words.

        `import` as a word to look for makes the reader see every import statement.
        """
        triggers = Triggers(words | {"import"}, modules, frozenset())
        return Rescanner(Scan({}, ()), triggers, self.workers, self.overlay.files, bare=True)

    def _reader(self, changes: Mapping[str, FileChange]) -> _Reader:
        """Return what reads the changed files, and all that may ask for a name that vanishes from them."""
        first = _Reader(self, self._rescanner(frozenset()), ())
        trial = first.trial(changes, {})
        gone = vanished(trial.before, trial.after, changes)
        if not gone:
            return first
        others = asking(self.overlay, gone, self.workers)
        while more := handed_on(trial.before, gone, others):
            gone = {module: gone.get(module, frozenset()) | names for module, names in {**gone, **more}.items()}
            others = asking(self.overlay, gone, self.workers)
        words = frozenset[str]().union(*gone.values())
        rescanner = self._rescanner(words, frozenset(gone))
        return _Reader(self, rescanner, tuple(path for path in others if path not in changes))


@dataclass(frozen=True)
class _Reader:
    """Reads the facts that a trial needs.

    Args:
        checker: the tree.
        rescanner: reads texts, each once.
        others: unchanged files that a change may concern.
    """

    checker: Checker
    rescanner: Rescanner
    others: tuple[str, ...]

    def trial(
        self, changes: Mapping[str, FileChange], known: dict[tuple[str, bytes], Counter[tuple[str, str]]]
    ) -> Trial:
        """Return what the ladder looks at."""
        overlay, modules = self.checker.overlay, self.checker.modules
        asked = {path: overlay.read(path) for path in self.others}
        there = {path: change.before for path, change in changes.items() if change.kind is not ChangeKind.CREATE}
        left = {path: change for path, change in changes.items() if change.kind is not ChangeKind.DELETE}
        planned = {path: change.after for path, change in left.items()}
        before, after = self._facts({**asked, **there}), self._facts({**asked, **planned})
        old = Program(overlay, modules, before)
        if there.keys() == planned.keys():
            return Trial(old, old.over(overlay.over(planned), after), left, known=known)
        files = tuple(sorted(set(overlay.files) - there.keys() | planned.keys()))
        new = Program(Overlay(overlay.root, files, planned), ModuleMap.of(files), after)
        return Trial(old, new, left, known=known)

    def _facts(self, texts: Mapping[str, bytes]) -> dict[str, FileFacts]:
        return self.rescanner.scan(texts).facts


def change_of(result: Result) -> FileChange:
    """Return a changed file as a plan has it, without its edits."""
    return FileChange(result.path, result.before, result.after, kind=result.kind)


def _warned(result: Result, text: str, *, doubtful: Container[str]) -> Result:
    """Say that more names are redefined, which a person should see, or imported and not used, which does no harm."""
    if result.path in doubtful:
        return replace(result, doubts=(*result.doubts, text))
    return replace(result, warnings=(*result.warnings, text)) if text else result


def _reverted(result: Result, failure: Reverted | None) -> Result:
    if failure is None:
        return result
    return replace(result, state=State.REVERTED, step=failure.step, reason=failure.reason)
