"""The author's kit: run the examples of a codemod, each in a small tree of its own.

A pack brings the tree as a folder `world/` and the options that fit it as `world.toml`:

    check_example("websocket-ssot", "sync-factory", example)
"""

from __future__ import annotations

import difflib
import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from recanon.codemod import Example
from recanon.outcome import Finding, Verdict
from recanon.pack import Pack, load_pack
from recanon.plan import FileChange, Plan
from recanon.session import make_plan
from recanon.settings import Settings


def check_example(pack: str | Path, codemod: str, example: Example) -> None:
    """Check one example of a codemod.

    Args:
        pack: id of the pack, or the path of its folder.
        codemod: id of the codemod.
        example: the example.

    Raises:
        AssertionError: the text after, the verdict or the account is another one, another file would change, or a
            second pass would change something again.
    """
    loaded = load_in_world(pack)
    with tempfile.TemporaryDirectory(prefix="recanon-") as folder:
        root = Path(folder)
        lay_out(loaded, root, {**example.files, example.path: example.before})
        settings = _settings(loaded, codemod, example)
        plan = make_plan(root, loaded, settings)
        _check_plan(plan)
        _check_texts(example, root, plan)
        _check_verdict(codemod, example, plan)
        for change in plan.changes:
            (root / change.path).write_bytes(change.after)
        again = [_shown(change) for change in make_plan(root, loaded, settings).changes]
        assert not again, "a second pass changes the file again:\n" + "".join(again)


def examples_of(pack: Pack) -> Iterator[tuple[str, Example]]:
    """Yield every example of a pack with the id of its codemod, whether it is written in Python or as data."""
    for name, codemod in pack.codemods.items():
        for example in codemod.examples:
            yield name, example


def load_in_world(pack: str | Path) -> Pack:
    """Load a pack with the options that fit its world.

    Args:
        pack: its id, or the path of its folder.
    """
    described = load_pack(pack).folder / "world.toml"
    options = tomllib.loads(described.read_text(encoding="utf-8")).get("options", {}) if described.is_file() else {}
    return load_pack(pack, options)


def lay_out(pack: Pack, root: Path, files: Mapping[str, str | bytes]) -> None:
    """Fill an empty folder with the pack's world and further files, which may replace some of the world's."""
    if (pack.folder / "world").is_dir():
        shutil.copytree(pack.folder / "world", root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)


def phases_of(pack: Pack, codemod: str) -> tuple[str, ...]:
    """Return the phases that may rewrite what a codemod answers for.

    Those up to the one that names it, as far as they name any; else those that work on files and on importers.

    Args:
        pack: the pack.
        codemod: its id; "" for one that no phase names.
    """
    phases = pack.migration.phases
    last = next((number for number, phase in enumerate(phases) if codemod in phase.codemods), None)
    if last is None:
        return tuple(phase.id for phase in phases if phase.importers or not phase.codemods)
    return tuple(phase.id for phase in phases[: last + 1] if phase.codemods)


def _settings(pack: Pack, codemod: str, example: Example) -> Settings:
    include = {Verdict.SAFE, Verdict.REVIEW} if example.include_review else {Verdict.SAFE}
    return Settings(phases=phases_of(pack, codemod), include=frozenset(include), jobs=1)


def _check_plan(plan: Plan) -> None:
    account = plan.account
    assert account.balanced, f"the account does not add up: {account}"
    taken_back = [f"{item.path}: step {item.step}: {item.reason}" for item in plan.reverted]
    assert not taken_back, "edits were taken back by the checks:\n" + "\n".join(taken_back)


def _check_texts(example: Example, root: Path, plan: Plan) -> None:
    expected = example.before if example.after is None else example.after
    found = (root / example.path).read_bytes()
    for change in plan.changes:
        if change.path == example.path:
            found = change.after
        else:
            raise AssertionError(f"another file of the tree changes:\n{_shown(change)}\n{_listed(plan.findings)}")
    if found.decode() != expected:
        shown = _diff(expected, found.decode(), example.path)
        raise AssertionError(f"the text after is another one (- expected, + found):\n{shown}\n{_listed(plan.findings)}")


def _check_verdict(codemod: str, example: Example, plan: Plan) -> None:
    """The uses tell, as imports follow them; where there are none, one of the imports has the verdict."""
    own = [finding for finding in plan.findings if finding.path == example.path]
    uses = [finding for finding in own if finding.codemod == codemod and finding.kind != "import"]
    found = {finding.verdict for finding in uses or own}
    right = found == {example.verdict} if uses else example.verdict in found
    assert right, f"expected {example.verdict}, found:\n{_listed(uses or own)}"


def _listed(findings: tuple[Finding, ...] | list[Finding]) -> str:
    return "\n".join(
        f"  {f.path}:{f.line}:{f.column} {f.kind} {f.word}: {f.verdict}: {f.reason} [{f.codemod}]" for f in findings
    )


def _shown(change: FileChange) -> str:
    return _diff(change.before.decode(), change.after.decode(), change.path)


def _diff(before: str, after: str, path: str) -> str:
    lines = difflib.unified_diff(before.splitlines(True), after.splitlines(True), path, path)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
