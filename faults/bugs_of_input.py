"""The bugs that are planted where sources are read, planned and printed, and where the machine lives."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from faults.bugs import Bug, _plant_greedy_gc, _plant_late_record, _plant_past_edits
from recanon import apply, diff, proposal, rollback, session
from recanon.edit import Edit, Span, check_edits
from recanon.freeze import freeze
from recanon.guests.check import Checker
from recanon.journal import job
from recanon.journal.write import Writer
from recanon.source import Source, splice

_change, _file_change = rollback._change, proposal.file_change


def _all(*patches: AbstractContextManager[Any]) -> AbstractContextManager[Any]:
    stack = ExitStack()
    for item in patches:
        stack.enter_context(item)
    return stack


def _unverified(spoil: Callable[[str], str]) -> Callable[[], AbstractContextManager[Any]]:
    """Return what spoils each new text, with the ladder taken away that would see it."""

    def spoiled(source: Source, edits: Iterable[Edit]) -> str:
        return spoil(splice(source, edits))

    return lambda: _all(
        patch.object(proposal, "failures", lambda *_: {}),
        patch.object(proposal, "splice", spoiled),
    )


def _with_plans(change: Callable[[Any], Any]) -> Callable[[], AbstractContextManager[Any]]:
    return lambda: patch.object(session, "freeze", lambda *words: change(freeze(*words)))


def _shuffled(plan: Any) -> Any:
    return replace(plan, findings=tuple(random.SystemRandom().sample(plan.findings, len(plan.findings))))


def _plant_lost_mark() -> AbstractContextManager[Any]:
    def unmarked(*words: Any) -> Any:
        change = _file_change(*words)
        return replace(change, after=change.after.removeprefix(b"\xef\xbb\xbf"))

    return _all(patch.object(proposal, "failures", lambda *_: {}), patch.object(proposal, "file_change", unmarked))


def _first_edit(path: str, text: str, edits: Iterable[Edit]) -> list[Edit]:
    return check_edits(path, text, edits)[:1]


def _plant_half_done() -> AbstractContextManager[Any]:
    return _all(
        patch.object(proposal, "failures", lambda *_: {}),
        patch.object(proposal.Proposer, "verified", _verified_once),
        patch.object(proposal, "check_edits", _first_edit),
    )


_write = Writer.write


def _write_all_but_one(self: Writer, changes: Sequence[job.Change]) -> None:
    _write(self, changes[:-1])


_groups = diff._groups


def _all_but_the_last(blocks: Any) -> Iterator[Any]:
    yield from list(_groups(blocks))[:-1]


_verified = proposal.Proposer.verified


def _verified_once(self: Any, found: Any, selection: Any, rescanner: Any) -> Any:
    """Verify without the second pass."""
    return {}, _verified(self, found, selection, rescanner)[1]


def _plant_bare_paths() -> AbstractContextManager[Any]:
    def bare(path: str, *, prefix: str = "") -> bytes:
        return (prefix + path).encode("utf-8", "surrogateescape")

    return _all(patch.object(diff, "quote_path", bare), _blind())


def _blind() -> AbstractContextManager[Any]:
    counted = diff.DiffCount(1, 1)
    return patch.object(diff, "check_diff", lambda *_: counted)


def _plant_half_a_diff() -> AbstractContextManager[Any]:
    return _all(patch.object(diff, "_groups", _all_but_the_last), _blind())


def _plant_unread_change() -> AbstractContextManager[Any]:
    """Nothing asks whether Python can read what a guest rewrites."""
    return _all(
        patch.object(Checker, "_readable", lambda self, results: list(results)),
        patch("recanon.guests.check.failures", lambda *_: {}),
    )


def _nothing_kept(*words: Any, **named: Any) -> Any:
    change = _change(*words, **named)
    return change if change is None else replace(change, keep=False)


BUGS = (
    Bug("the byte-order mark goes", "D1", _plant_lost_mark),
    Bug("line ends become those of this machine", "D1", _unverified(lambda text: text.replace("\r\n", "\n"))),
    Bug("blanks at the end of lines go", "D1", _unverified(lambda text: re.sub(r"[ \t]+(?=\n)", "", text))),
    Bug("nothing is said of skipped files", "D3", _with_plans(lambda plan: replace(plan, skipped=()))),
    Bug("what Python cannot read is rewritten", "D3", _plant_unread_change),
    Bug("names of equal form are not seen", "D4", lambda: patch.object(apply, "check_new_names", lambda *_: None)),
    Bug("a path in a diff is not quoted", "D5", _plant_bare_paths),
    Bug("a file of a plan is not written", "I1", lambda: patch.object(Writer, "write", _write_all_but_one)),
    Bug("edits that meet are both done", "I2", lambda: patch.object(Span, "meets", lambda *_: False)),
    Bug("what is planned need not compile", "I3", _unverified(lambda text: text.replace("(", "((", 1))),
    Bug("a byte outside of all edits changes", "Z2", _unverified(lambda text: text.rstrip("\n") + "\n\n")),
    Bug("a program is half rewritten", "Z3", _plant_half_done),
    Bug("a way back forgets the mode", "Z4", lambda: patch.object(job, "_mode", lambda *_: 0o644)),
    Bug("a program need not compile", "Z5", _unverified(lambda text: text.replace("(", "((", 1))),
    Bug("a name is no longer bound", "Z6", _unverified(lambda text: re.sub(r"(?m)^from app.*$", "pass", text))),
    Bug("the plan is in another order each time", "Z7", _with_plans(_shuffled)),
    Bug("the last part of a diff is not printed", "Z8", _plant_half_a_diff),
    Bug("the journal learns of an apply when it is done", "Z9", _plant_late_record),
    Bug("a rollback goes over edits of its life", "M1", _plant_past_edits),
    Bug("gc takes texts away in the middle of a life", "M1", _plant_greedy_gc),
    Bug("force keeps no edited text", "M1", lambda: patch.object(rollback, "_change", _nothing_kept)),
    Bug("a merge takes one side", "M1", lambda: patch.object(rollback, "merge", lambda *_, after, before: before)),
)
