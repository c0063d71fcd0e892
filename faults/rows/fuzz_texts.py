"""Z1 to Z3, Z5 to Z7: what holds of the planned texts, whatever the programs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from faults.batches import CODE, Batch, batches
from faults.model import Fault, Loss, Trial, judged
from faults.programs import WORDS, mutated, real
from faults.readable import compiles, decoded, encoded, newlines
from faults.recipes import again, by_websocket
from faults.scopes import unbound
from faults.trees import fill
from recanon.apply import apply_plan
from recanon.pack import load_pack
from recanon.plan import FileChange, Plan
from recanon.session import make_plan
from recanon.settings import Settings

_NOBODY = """\
[pack]
id = "nobody"
{}
"""
_WORD = """
[[symbol]]
name = "{0}"
home = "nobody.lib"
becomes = "nobody.new.{0}"
reason = "it moved"
"""
_COMMON = ("get", "join", "open", "append", "path", "main", "read", "name", "copy", "error")


def identity(trial: Trial) -> None:
    """Plan a table of words that all code uses, of a module that nobody imports; the tree must not be touched."""
    texts = real(trial.chance, all_of_them=not trial.quick)
    for _ in range(trial.size(15, 1)):
        with trial.place() as place:
            pack = _pack_of_nobody(place / "pack")
            files = {}
            for n in range(trial.size(100, 25)):
                text = next(texts)
                files[f"p{n % 7}/m{n}.py"] = mutated(text, trial.chance) if n % 2 else text.encode()
            root = fill(place / "tree", {**files, "nobody/lib.py": b"get = 1\n", "nobody/new.py": b""})
            before = _stamps(root)
            plan = make_plan(root, load_pack(pack), Settings(jobs=1))
            apply_plan(root, plan)
            after = _stamps(root)
            changed = {change.path for change in plan.changes}
            balanced = plan.account.balanced
            for path in files:
                trial.point(
                    f"{path}: {files[path][:60]!r}",
                    *judged(
                        (path not in changed and before[path] == after[path], Loss.LOST, "it was touched"),
                        (balanced, Loss.SILENT, f"the account does not balance: {plan.account}"),
                    ),
                )


def _pack_of_nobody(folder: Path) -> Path:
    fill(folder, {"pack.toml": _NOBODY.format("".join(map(_WORD.format, _COMMON))).encode()})
    return folder


def _stamps(root: Path) -> dict[str, tuple[bytes, int, int]]:
    """Return the bytes, time and inode of each file."""
    found = {}
    for path in root.rglob("*.py"):
        info = os.stat(path)
        found[path.relative_to(root).as_posix()] = (path.read_bytes(), info.st_mtime_ns, info.st_ino)
    return found


def splice(trial: Trial) -> None:
    """Compare the new texts with the edits, spliced in another way, and look which lines they touch."""

    def check(batch: Batch) -> None:
        for change in batch.plan.changes:
            if not change.path.startswith(CODE):
                continue
            strange = _strange_lines(change)
            trial.point(
                f"{batch.name} {change.path}",
                *judged(
                    (_spliced(change) == change.after, Loss.TORN, "other bytes than those of the edits changed"),
                    (newlines(change.after) <= newlines(change.before), Loss.TORN, "another kind of line end"),
                    (not strange, Loss.LOST, f"an edit where no old name stands: {strange}"),
                ),
            )

    _each(trial, check)


def _spliced(change: FileChange) -> bytes:
    """Return the text after, made from the last edit to the first."""
    text = decoded(change.before)
    for edit in sorted(change.edits, key=lambda edit: edit.span, reverse=True):
        if text[edit.span.start : edit.span.end] != edit.expected:
            return b""
        text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    return encoded(text, change.before)


def _strange_lines(change: FileChange) -> list[str]:
    """Return the edits in whose statement, give or take a line, no old name stands."""
    text = decoded(change.before)
    found = []
    for edit in change.edits:
        start = text.rfind("\n", 0, max(0, text.rfind("\n", 0, edit.span.start))) + 1
        stop = text.find("\n", min(len(text), text.find("\n", edit.span.end) % (len(text) + 1) + 1)) % (len(text) + 1)
        if not any(word in text[start:stop] for word in WORDS):
            found.append(f"{edit.expected!r} -> {edit.replacement!r} in {text[start:stop]!r}")
    return found


def second_pass(trial: Trial) -> None:
    """Plan, write, and plan again: nothing is left to do."""

    def check(batch: Batch) -> None:
        for change in batch.plan.changes:
            (batch.root / change.path).write_bytes(change.after)
        twice = {change.path for change in again(batch.root).changes}
        for path in batch.files:
            trial.point(
                f"{batch.name} {path}", *judged((path not in twice, Loss.LOST, "a second pass changes it again"))
            )

    _each(trial, check)


def compile_kept(trial: Trial) -> None:
    """What Python compiles before, it compiles after."""

    def check(batch: Batch) -> None:
        for change in batch.plan.changes:
            broken = compiles(change.before) and not compiles(change.after)
            trial.point(
                f"{batch.name} {change.path}",
                *judged((not broken, Loss.LOST, f"it does not compile any more: {change.after[-200:]!r}")),
            )

    _each(trial, check)


def names_kept(trial: Trial) -> None:
    """No name is unbound after that was not unbound before, by Python's own symbol tables."""

    def check(batch: Batch) -> None:
        for change in batch.plan.changes:
            fresh = unbound(change.after) - unbound(change.before)
            trial.point(f"{batch.name} {change.path}", *judged((not fresh, Loss.LOST, f"unbound now: {fresh}")))

    _each(trial, check)


def order_free(trial: Trial) -> None:
    """Plan with one process and with two, the files written and listed in another order."""
    for batch in batches(trial, trial.size(6, 1), trial.size(60, 20)):
        with trial.place() as other:
            names = list(batch.files)
            trial.chance.shuffle(names)
            plan = by_websocket(other, {path: batch.files[path] for path in names}, jobs=2)
            for path in batch.files:
                same = _of(batch.plan, path) == _of(plan, path)
                trial.point(f"{batch.name} {path}", *judged((same, Loss.LOST, "two processes make another plan")))
            same = (batch.plan.digest, batch.plan.findings) == (plan.digest, plan.findings)
            trial.point(f"{batch.name} as a whole", *judged((same, Loss.LOST, "two processes make another plan")))


def _of(plan: Plan, path: str) -> Mapping[str, object]:
    return {
        "change": [change for change in plan.changes if change.path == path],
        "findings": [finding for finding in plan.findings if finding.path == path],
    }


def _each(trial: Trial, check: Callable[[Batch], None]) -> None:
    for batch in batches(trial, trial.size(6, 1), trial.size(60, 20)):
        check(batch)


_HOW = "grammar-made, generated, real and mutated programs with old names put in"
FAULTS = (
    Fault("Z1", "fuzz: identity", "real and mutated code of which every word is looked at", 1500, identity),
    Fault("Z2", "fuzz: only planned bytes change", _HOW, 120, splice),
    Fault("Z3", "fuzz: a second pass changes nothing", _HOW, 360, second_pass),
    Fault("Z5", "fuzz: what compiled compiles", _HOW, 120, compile_kept),
    Fault("Z6", "fuzz: no name gets unbound", _HOW, 120, names_kept),
    Fault("Z7", "fuzz: the plan does not depend on order", _HOW, 350, order_free),
)
