"""Run a codemod on every shape that a file, an import, a use or a call can have.

All shapes of an example lie in one tree, each in a file of its own, so that one plan is made and not a hundred.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from recanon.codemod import FAILED_GROUP
from recanon.errors import RecanonError
from recanon.plan import FileChange, Plan
from recanon.session import make_plan
from recanon.testing.examples import Case, listed, shown, write_changes
from recanon.testing.invariants import check_change
from recanon.testing.seed import seed_of
from recanon.testing.shapes import BYTES, REFUSABLE
from recanon.testing.world import lay_out, settings_of


@dataclass(frozen=True)
class Hazards:
    """What came of one example in all its shapes.

    Args:
        shapes: how many there were.
        rewritten: those in which something was rewritten.
        failures: name of the shape, and what went wrong.
        changes: what was rewritten, for further checks.
    """

    shapes: int
    rewritten: tuple[str, ...]
    failures: tuple[tuple[str, str], ...] = ()
    changes: tuple[FileChange, ...] = ()


def fit(case: Case) -> bool:
    """Return whether an example can stand many times in one tree, under other names: nothing else names its file."""
    example = case.example
    module = _module(example.path)
    named = any(module in text or example.path in text for text in example.files.values())
    return not named and not (case.pack.folder / "world" / example.path).exists()


def shapes_of(case: Case) -> Iterator[tuple[str, bytes]]:
    """Yield the shapes of an example by their names; of one that stays, only those of its bytes."""
    text = case.example.before
    for shape, make in BYTES.items():
        if (data := make(text)) is not None:
            yield f"bytes: {shape}", data
    seed = seed_of(case.pack, text) if case.example.after is not None else None
    for kind in ("import", "use", "call") if seed is not None else ():
        yield from ((f"{kind}: {shape}", made.encode()) for shape, made in getattr(seed, f"{kind}s")())


def check_hazards(case: Case) -> Hazards:
    """Run an example in all its shapes, and check what must hold whatever comes of each.

    Args:
        case: an example that is `fit`.
    """
    shapes = tuple(shapes_of(case))
    together = _run(case, shapes)
    if together.rewritten or together.failures or case.example.after is None:
        return together
    # The copies stand in each other's way, as where the name goes once nothing else needs it.
    alone = [_run(case, (shape,)) for shape in shapes]
    return Hazards(
        len(shapes),
        tuple(name for hazards in alone for name in hazards.rewritten),
        tuple(failure for hazards in alone for failure in hazards.failures),
        tuple(change for hazards in alone for change in hazards.changes),
    )


def _run(case: Case, shapes: Sequence[tuple[str, bytes]]) -> Hazards:
    paths = {_numbered(case.example.path, number): shape for number, (shape, _) in enumerate(shapes, 1)}
    files = {path: _renamed(data, case.example.path, path) for path, (_, data) in zip(paths, shapes, strict=True)}
    settings = settings_of(case.pack, case.codemod, case.example)
    with tempfile.TemporaryDirectory(prefix="recanon-") as folder:
        root = Path(folder)
        lay_out(case.pack, root, {**case.example.files, **files})
        try:
            plan = make_plan(root, case.pack, settings)
            found = [*_wrong(case, plan, paths)]
            write_changes(root, plan)
            for change in make_plan(root, case.pack, settings).changes:
                found.append((change.path, f"a second pass changes the file again:\n{shown(change)}"))
        except RecanonError as exc:
            return Hazards(len(shapes), (), (("all shapes", f"no plan can be made: {exc}"),))
    rewritten = tuple(paths[change.path] for change in plan.changes if change.path in paths)
    failures = tuple((paths.get(path, path), what) for path, what in found)
    return Hazards(len(shapes), rewritten, failures, plan.changes)


def _wrong(case: Case, plan: Plan, paths: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What must not be: by the file in which it is."""
    for place in plan.account.unexplained:
        yield place.partition(":")[0], f"no finding explains the mention {place}"
    for back in plan.reverted:
        if paths.get(back.path, "").partition(": ")[2] not in REFUSABLE:
            yield back.path, f"edits were taken back by the check {back.step}: {back.reason}"
    for finding in plan.findings:
        if finding.group == FAILED_GROUP:
            yield finding.path, f"a codemod failed:\n{listed([finding])}"
    for change in plan.changes:
        if case.example.after is None:
            yield change.path, f"the example says that nothing changes:\n{shown(change)}"
            continue
        try:
            check_change(change)
        except AssertionError as exc:
            yield change.path, f"{exc}\n{shown(change)}"


def _numbered(path: str, number: int) -> str:
    pure = PurePosixPath(path)
    stem = "part" if pure.stem == "__init__" else pure.stem
    return str(pure.with_name(f"{stem}_{number}{pure.suffix}"))


def _renamed(data: bytes, path: str, other: str) -> bytes:
    """Strings in the text that name its own module name the new one."""
    return re.sub(rb"\b" + re.escape(_module(path).encode()) + rb"\b", _module(other).encode(), data)


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
