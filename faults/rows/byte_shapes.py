"""D1: files of odd bytes. Only what is planned changes, to the byte, or the file stands and it is said why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from faults.model import Fault, Loss, Trial, judged
from faults.readable import compiles, newlines
from faults.recipes import RECIPES, Recipe, by_move
from faults.shapes import SHAPES
from faults.trees import snapshot
from recanon.apply import apply_plan
from recanon.errors import UsageError
from recanon.outcome import Verdict
from recanon.plan import Plan
from recanon.rollback import Request, rollback

_HOME = "import os\n\n\ndef fetch(c):\n    return c\n\n\nDONE = os\n"
_NEW = "shop/new.py"
_LOAD = b"def load(c):\n    return c"
_BOUGHT = "import os\n\n\ndef other(c):\n    return c\n\n\nDONE = os\n"


@dataclass(frozen=True)
class _Shaped:
    """A text in one shape, before and after."""

    name: str
    before: bytes
    after: bytes


def byte_shapes(trial: Trial) -> None:
    """Run each recipe on its text in each shape, write it, and take it back."""
    for number, recipe in enumerate(RECIPES):
        if trial.quick and not recipe.strict:
            continue
        names = trial.some(list(SHAPES), 24 if number else len(SHAPES))
        _recipe(trial, recipe, {f"tests/m{n}.py": _shaped(recipe, name) for n, name in enumerate(names)})
    for name in trial.some(list(SHAPES), 8):
        _home(trial, name)
        _target(trial, name)


def _shaped(recipe: Recipe, name: str) -> _Shaped:
    shape = SHAPES[name]
    return _Shaped(name, shape(recipe.before), shape(recipe.after))


def _recipe(trial: Trial, recipe: Recipe, files: Mapping[str, _Shaped]) -> None:
    """Try the files that Python reads together, and each of the others alone where one of them refuses all."""
    sound = {path: file for path, file in files.items() if compiles(file.before)}
    _together(trial, recipe, sound)
    rest = {path: file for path, file in files.items() if path not in sound}
    for group in [{path: file} for path, file in rest.items()] if recipe.name.startswith("move") else [rest]:
        _together(trial, recipe, group)


def _together(trial: Trial, recipe: Recipe, files: Mapping[str, _Shaped]) -> None:
    with trial.place() as root:
        try:
            plan = recipe.plan(root, {path: file.before for path, file in files.items()})
        except UsageError as exc:
            for path, file in files.items():
                named = (path in str(exc), Loss.SILENT, f"refused without naming it: {exc}")
                trial.point(f"{recipe.name}, {file.name}", *judged(named, _untouched(root, path, file)))
            return
        start = snapshot(root)
        apply_plan(root, plan)
        there = snapshot(root)
        rollback(root, Request(everything=True))
        back = (snapshot(root) == start, Loss.UNRECOVERED, "the rollback is not the start")
        for path, file in files.items():
            checks = _checks(recipe, file, there[path][0], _reasons(plan, path))
            trial.point(f"{recipe.name}, {file.name}", *judged(back, *checks))


def _untouched(root: Path, path: str, file: _Shaped) -> tuple[bool, Loss, str]:
    return (root / path).read_bytes() == file.before, Loss.LOST, "refused and changed"


def _checks(recipe: Recipe, file: _Shaped, found: bytes, reasons: tuple[str, ...]) -> Iterator[tuple[bool, Loss, str]]:
    """Either the file is the text after in its shape, or it is as it was and the plan says why."""
    if found != file.before:
        yield found == file.after, Loss.TORN, f"other bytes changed: {found[-300:]!r}"
        yield compiles(found) or not compiles(file.before), Loss.LOST, "it does not compile any more"
        return
    must_tell = recipe.tells and recipe.word in file.before
    yield bool(reasons) or not must_tell, Loss.SILENT, "it stands, and nothing says why"
    readable = recipe.strict and compiles(file.before)
    yield not readable, Loss.LOST, f"Python reads it, and it is not rewritten: {reasons}"


def _reasons(plan: Plan, path: str) -> tuple[str, ...]:
    """Return why a file is not worked on, by the plan or one of its guests."""
    kept = {Verdict.MANUAL, Verdict.LEFT, Verdict.REVIEW}
    told: list[tuple[str, str]] = []
    for part in plan.parts:
        told += ((item.path, item.reason) for item in part.skipped)
        told += ((item.path, item.reason) for item in part.reverted)
        told += ((item.path, item.reason) for item in part.findings if item.verdict in kept)
    return tuple(reason for where, reason in told if where == path)


def _home(trial: Trial, name: str) -> None:
    """Move a function out of a file of a shape: one stretch of the file goes, and nothing else changes."""
    check = partial(_one_stretch, inside=b"def fetch", outside=(b"import os", b"DONE"))
    _moved(trial, f"move: from a file of {name}", "shop/old.py", before=SHAPES[name](_HOME), check=check)


def _target(trial: Trial, name: str) -> None:
    """Move a function into a file of a shape: all of its lines stay but blank ones at its end, and then it comes."""
    _moved(trial, f"move: into a file of {name}", _NEW, before=SHAPES[name](_BOUGHT), check=_comes_last)


def _comes_last(before: bytes, after: bytes) -> bool:
    code = len(before.rstrip())
    line_rest = re.match(rb"[^\r\n]*(\r\n|\r|\n)?", before[code:])
    kept = before[: code + (line_rest.end() if line_rest else 0)]
    rest = after[len(kept) :]
    return after.startswith(kept) and re.sub(rb"\r\n|\r", b"\n", rest).strip() == _LOAD


def _moved(trial: Trial, where: str, path: str, *, before: bytes, check: Callable[[bytes, bytes], bool]) -> None:
    with trial.place() as root:
        found, told = before, False
        try:
            plan = by_move(root, {path: before})
            found = next((change.after for change in plan.changes if change.path == path), before)
        except UsageError as exc:
            told = bool(str(exc))
        changed = found != before
        sound = not changed or check(before, found)
        kinds = not changed or newlines(found) <= (newlines(before) or {b"\n"})
        trial.point(
            where,
            *judged(
                (sound, Loss.TORN, f"other bytes changed: {found[-300:]!r}"),
                (kinds, Loss.TORN, f"another kind of line end: {found[-300:]!r}"),
                (compiles(found) or not compiles(before), Loss.LOST, "it does not compile any more"),
                (changed or told, Loss.SILENT, "nothing moved, and nothing says why"),
                (changed or not compiles(before) or path == _NEW, Loss.LOST, "Python reads it, and it is refused"),
            ),
        )


def _one_stretch(longer: bytes, shorter: bytes, *, inside: bytes, outside: tuple[bytes, ...]) -> bool:
    """Whether one text is the other less one stretch, which holds some words and not others."""
    head = next((at for at, pair in enumerate(zip(longer, shorter, strict=False)) if pair[0] != pair[1]), len(shorter))
    tail = len(shorter) - head
    stretch = longer[head : len(longer) - tail]
    whole = longer.endswith(shorter[head:]) and len(longer) > len(shorter)
    return whole and inside in stretch and not any(word in stretch for word in outside)


FAULTS = (
    Fault(
        "D1",
        "odd bytes: line ends, marks, cookies, separators, bad text",
        f"{len(SHAPES)} shapes of a file × {len(RECIPES)} recipes and both ends of a move, written and taken back",
        len(SHAPES) * (len(RECIPES) + 2),
        byte_shapes,
    ),
)
