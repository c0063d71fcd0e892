"""Check an example: its texts, its verdict, the account, the checks, and a second pass."""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from recanon.codemod import FAILED_GROUP, Example
from recanon.outcome import Finding
from recanon.pack import Pack
from recanon.plan import FileChange, Plan
from recanon.session import make_plan
from recanon.testing.world import lay_out, load_in_world, settings_of


@dataclass(frozen=True)
class Case:
    """One example of one codemod, as pytest shows it: `codemod: title`.

    Args:
        pack: the pack, with the options of its world.
        codemod: id of the codemod.
        example: the example.
    """

    pack: Pack
    codemod: str
    example: Example

    def __str__(self) -> str:
        return f"{self.codemod}: {self.example.title}"


def examples_of(pack: str | Path) -> tuple[Case, ...]:
    """Return all examples of a pack, for `pytest.mark.parametrize(..., ids=str)`.

    Args:
        pack: its id or its path.

    Raises:
        UsageError: there is no such pack.
        PackError: it is wrong.
    """
    return tuple(cases(load_in_world(pack)))


def cases(pack: Pack) -> Iterator[Case]:
    """Yield all examples of a pack that is loaded, by codemod."""
    for name, codemod in sorted(pack.codemods.items()):
        yield from (Case(pack.without_guests, name, example) for example in codemod.examples)


def check_example(case: Case) -> None:
    """Check one example.

    Args:
        case: the example.

    Raises:
        AssertionError: the text after, the verdict or the account is another one, another file would change, or a
            second pass would change something again.
    """
    example = case.example
    with tempfile.TemporaryDirectory(prefix="recanon-") as folder:
        root = Path(folder)
        lay_out(case.pack, root, {**example.files, example.path: example.before})
        settings = settings_of(case.pack, case.codemod, example)
        plan = make_plan(root, case.pack, settings)
        check_plan(plan)
        _check_texts(example, root, plan)
        _check_verdict(case.codemod, example, plan)
        write_changes(root, plan)
        check_settled(make_plan(root, case.pack, settings))


def write_changes(root: Path, plan: Plan) -> None:
    """Write what a plan changes into a tree that is thrown away afterwards."""
    for change in plan.changes:
        (root / change.path).write_bytes(change.after)


def check_settled(again: Plan) -> None:
    """Check that a second pass has nothing to do.

    Raises:
        AssertionError: it changes something.
    """
    diffs = [shown(change) for change in again.changes]
    if diffs:
        raise AssertionError("a second pass changes the file again:\n" + "".join(diffs))


def check_plan(plan: Plan, refusable: Iterable[str] = ()) -> None:
    """Check that the account of a plan holds, that no check took edits back, and that no codemod failed.

    Args:
        plan: the plan.
        refusable: files whose edits may be taken back.

    Raises:
        AssertionError: it is otherwise.
    """
    allowed = set(refusable)
    if not plan.account.balanced:
        raise AssertionError(f"the account does not add up: {plan.account}")
    taken_back = [f"{item.path}: step {item.step}: {item.reason}" for item in plan.reverted if item.path not in allowed]
    if taken_back:
        raise AssertionError("edits were taken back by the checks:\n" + "\n".join(taken_back))
    failed = [finding for finding in plan.findings if finding.group == FAILED_GROUP]
    if failed:  # the verdict of such a place is `manual`, which an example may expect for another reason
        raise AssertionError(f"a codemod failed:\n{listed(failed)}")


def _check_texts(example: Example, root: Path, plan: Plan) -> None:
    expected = example.before if example.after is None else example.after
    found = (root / example.path).read_bytes()
    for change in plan.changes:
        if change.path == example.path:
            found = change.after
        else:
            raise AssertionError(f"another file of the tree changes:\n{shown(change)}\n{listed(plan.findings)}")
    if found.decode() != expected:
        diff = _diff(expected, found.decode(), example.path)
        raise AssertionError(f"the text after is another one (- expected, + found):\n{diff}\n{listed(plan.findings)}")


def _check_verdict(codemod: str, example: Example, plan: Plan) -> None:
    """The uses tell, as imports follow them; where there are none, one of the imports has the verdict."""
    own = [finding for finding in plan.findings if finding.path == example.path]
    uses = [finding for finding in own if finding.codemod == codemod and finding.kind != "import"]
    found = {finding.verdict for finding in uses or own}
    right = found == {example.verdict} if uses else example.verdict in found
    if not right:
        raise AssertionError(f"expected {example.verdict}, found:\n{listed(uses or own) or '  no mention'}")


def listed(findings: Iterable[Finding]) -> str:
    """Return findings, one a line, for messages."""
    return "\n".join(
        f"  {f.path}:{f.line}:{f.column} {f.kind} {f.word}: {f.verdict}: {f.reason} [{f.codemod}]" for f in findings
    )


def shown(change: FileChange) -> str:
    """Return what a change does, as a diff."""
    return _diff(change.before.decode(errors="replace"), change.after.decode(errors="replace"), change.path)


def _diff(before: str, after: str, path: str) -> str:
    lines = difflib.unified_diff(before.splitlines(True), after.splitlines(True), path, path)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
