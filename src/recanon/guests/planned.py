"""From the results of a guest to a plan: edits, findings and the account, in which each file is one mention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate

from recanon.discover import Discovery
from recanon.edit import Edit, Span
from recanon.guests.result import Result, State
from recanon.guests.spec import Guest
from recanon.outcome import Account, Finding, Reverted, Skipped, Verdict
from recanon.plan import ChangeKind, FileChange, Plan
from recanon.source import Source

_VERDICTS = {
    State.UNCHANGED: Verdict.CANONICAL,
    State.SKIPPED: Verdict.LEFT,
    State.REVERTED: Verdict.MANUAL,
    State.FAILED: Verdict.MANUAL,
}
_GROUPS = {
    State.SKIPPED: "not worked on",
    State.REVERTED: "check failed",
    State.FAILED: "the guest failed",
    State.UNCHANGED: "nothing to change",
    State.CHANGED: "changed by the guest",
}
_DONE = {
    ChangeKind.EDIT: "changed by the guest",
    ChangeKind.CREATE: "created by the guest",
    ChangeKind.DELETE: "deleted by the guest",
}
_HINTS = {
    State.REVERTED: "See what the check found; change the file by hand, or mend the guest.",
    State.FAILED: "Try the guest on this file alone; --show-output prints what it says.",
}


def plan_of(guest: Guest, found: Discovery, results: Sequence[Result], *, review: bool) -> Plan:
    """Return the plan.

    Args:
        guest: the guest.
        found: the files of the tree.
        results: what became of each file that counts.
        review: whether what a person should look at is written too.
    """
    ordered = sorted(results, key=lambda result: result.path)
    changes = {
        result.path: change(guest, result)
        for result in ordered
        if result.state is State.CHANGED and (review or not result.doubts)
    }
    findings = tuple(_finding(guest, result, changes.get(result.path)) for result in ordered)
    skipped = [Skipped(r.path, _why(r)) for r in ordered if r.state in {State.SKIPPED, State.FAILED}]
    return Plan(
        pack=guest.label,
        options={"arguments": " ".join(guest.arguments)} if guest.arguments else {},
        phases=(),
        changes=tuple(changes.values()),
        findings=findings,
        skipped=tuple(sorted((*found.skipped, *skipped), key=lambda item: item.path)),
        reverted=tuple(Reverted(r.path, r.step, r.reason) for r in ordered if r.state is State.REVERTED),
        account=Account.of(len(ordered), findings, ()),
        files=len(found.files),
        candidates=len(ordered),
        failed=tuple(r.path for r in ordered if r.state is State.FAILED),
    )


def change(guest: Guest, result: Result) -> FileChange:
    """Return a changed file, with its edits where it is edited."""
    edited = result.kind is ChangeKind.EDIT
    made = tuple(line_edits(guest.label, result.path, result.before, result.after)) if edited else ()
    return FileChange(result.path, result.before, result.after, made, kind=result.kind)


def line_edits(label: str, path: str, before: bytes, after: bytes) -> Iterator[Edit]:
    """Yield the stretches of whole lines that differ.

    Args:
        label: of the guest.
        path: the file.
        before: its bytes.
        after: what it shall hold.
    """
    old = Source.decode(path, before).text.splitlines(keepends=True)
    new = Source.decode(path, after).text.splitlines(keepends=True)
    starts = list(accumulate(map(len, old), initial=0))
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if tag != "equal":
            expected, replacement = "".join(old[i1:i2]), "".join(new[j1:j2])
            yield Edit(Span(starts[i1], starts[i2]), expected, replacement, label)


def _finding(guest: Guest, result: Result, changed: FileChange | None) -> Finding:
    line = 1
    if changed is not None and changed.edits:
        line = Source.decode(result.path, result.before).position(changed.edits[0].span.start)[0]
    verdict = _VERDICTS.get(result.state) or (Verdict.REVIEW if result.doubts else Verdict.SAFE)
    return Finding(
        path=result.path,
        line=line,
        column=1,
        word=result.path.rpartition("/")[2],
        kind="file",
        verdict=verdict,
        reason=_why(result) or "; ".join(result.doubts) or _DONE[result.kind],
        hint=_HINTS.get(result.state, "Read the diff with --include review." if result.doubts else ""),
        codemod=guest.label,
        group=_GROUPS[result.state],
        notes=result.warnings,
        applied=changed is not None,
    )


def _why(result: Result) -> str:
    if result.state is State.FAILED:
        return f"the guest failed: {result.reason}"
    if result.state is State.UNCHANGED:
        return _GROUPS[State.UNCHANGED]
    return f"{result.step}: {result.reason}" if result.step else result.reason
