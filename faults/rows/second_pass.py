"""I1 to I3, E4: a plan is the same however it comes about, is done when it is done, and never mixes two edits."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

from faults.command import recanon
from faults.model import Fault, Loss, Trial, judged
from faults.readable import compiles
from faults.recipes import FACTORY, OLD, RECIPES, by_websocket, websocket
from faults.scopes import unbound
from faults.shapes import SHAPES
from recanon.apply import apply_plan
from recanon.edit import Edit, Span
from recanon.errors import EditConflictError
from recanon.outcome import Verdict
from recanon.pack import Pack, load_pack
from recanon.session import make_plan
from recanon.settings import Settings
from recanon.source import Source, splice
from recanon.testing.examples import Case, examples_of
from recanon.testing.hazards import check_hazards, fit, shapes_of
from recanon.testing.world import lay_out, settings_of

_ROOT = Path(__file__).parents[2]
_APPLICATION, _PACKS = _ROOT / "fixtures" / "netra_mini", _ROOT / "tests" / "tables" / "packs"
_IMPORT, _FUNCTION = f"from {FACTORY} import {OLD}, {OLD}_sync\n", "\n\nasync def f(c):\n    return "
_BOTH = frozenset({Verdict.SAFE, Verdict.REVIEW})


def twice(trial: Trial) -> None:
    """Apply, and plan again: the fixture application phase by phase, all examples in all shapes, all byte shapes."""
    for include in (frozenset({Verdict.SAFE}), _BOTH)[: trial.size(2, 0)]:
        _application(trial, include)
    cases = [case for case in examples_of("websocket-ssot") if fit(case)]
    for number in trial.some(range(len(cases)), 1):
        _example(trial, cases[number])
    for recipe in RECIPES[: trial.size(3, 1)]:
        files = {f"tests/m{n}.py": shape(recipe.before) for n, shape in enumerate(SHAPES.values())}
        with trial.place() as root:
            lay_out(websocket(), root, files)
            _again(trial, root, recipe.name, websocket(), Settings(jobs=1))


def _application(trial: Trial, include: frozenset[Verdict]) -> None:
    pack = load_pack("websocket-ssot")
    with trial.place() as place:
        root = shutil.copytree(_APPLICATION, place / "app")
        for phase in pack.migration.phases:
            settings = Settings(phases=(phase.id,), include=include, jobs=1)
            _again(trial, root, f"application, {phase.id}, {len(include)} verdicts", pack, settings)


def _example(trial: Trial, case: Case) -> None:
    example = case.example
    stem = example.path.removesuffix(".py").removesuffix("/__init__")
    shapes = list(shapes_of(case))
    chosen = trial.some(range(len(shapes)), 12)
    files = {f"{stem}_{n}.py": shapes[n][1] for n in chosen}
    with trial.place() as root:
        lay_out(case.pack, root, {**example.files, **files})
        _again(
            trial,
            root,
            f"example {case.codemod}: {example.title}",
            case.pack,
            settings_of(case.pack, case.codemod, example),
        )


def _again(trial: Trial, root: Path, where: str, pack: Pack, settings: Settings) -> None:
    """Apply and plan again; each file of the tree is a point."""
    plan = make_plan(root, pack, settings)
    apply_plan(root, plan)
    second = {change.path for change in make_plan(root, pack, settings).changes}
    for path in {change.path for change in plan.changes} | second:
        trial.point(f"{where}, {path}", *judged((path not in second, Loss.LOST, "the second run changes it again")))


def overlaps(trial: Trial) -> None:
    """Splice pairs of edits, and let a pack rewrite calls within calls: both edits are done, or none."""
    for number in range(trial.size(20_000, 400)):
        _pair(trial, number)
    _calls_within_calls(trial)


def _calls_within_calls(trial: Trial) -> None:
    calls = [_nested(trial.chance, trial.chance.randrange(1, 5)) for _ in range(trial.size(600, 20))]
    files = {f"tests/m{n}.py": f"{_IMPORT}{_FUNCTION}{before}\n".encode() for n, (before, _) in enumerate(calls)}
    with trial.place() as root:
        plan = by_websocket(root, files)
    after = {change.path: change.after for change in plan.changes}
    told = {item.path for item in plan.reverted}
    for (path, data), (before, wanted) in zip(files.items(), calls, strict=True):
        found = after.get(path, data)
        whole = _bare(found.decode()).endswith(_bare(f"{_FUNCTION}{wanted}"))
        none = found == data and path in told
        trial.point(
            f"calls within calls: {before!r}",
            *judged(
                (compiles(found), Loss.TORN, f"does not compile: {found!r}"),
                (whole or none, Loss.TORN, f"neither all nor nothing: {found!r}"),
            ),
        )


def _pair(trial: Trial, number: int) -> None:
    """Splice two edits: what comes out is both done by themselves, or a refusal where they meet and differ."""
    chance = trial.chance
    text = "".join(chance.choices("ab\n\r ü𝄞", k=chance.randrange(1, 12)))
    one, other = (_edit(chance, text) for _ in range(2))
    source = Source("a.py", text)
    try:
        found: str | None = splice(source, chance.sample([one, other], 2))
    except EditConflictError:
        found = None
    wanted = _both(text, one, other)
    trial.point(f"pair {number}: {text!r} {one} {other}", *judged((found == wanted, Loss.TORN, f"{found!r}")))


def _edit(chance: random.Random, text: str) -> Edit:
    start, end = sorted(chance.choices(range(len(text) + 1), k=2))
    return Edit(Span(start, end), text[start:end], chance.choice(("", "x", "yy", "\n")), chance.choice(("c", "d")))


def _both(text: str, one: Edit, other: Edit) -> str | None:
    """Return the text with both edits, character by character; None where they want the same place to be different."""
    if (one.span, one.replacement) == (other.span, other.replacement):
        return text[: one.span.start] + one.replacement + text[one.span.end :]
    taken = [set(range(edit.span.start, edit.span.end)) for edit in (one, other)]
    inserted = [edit.span.start for edit in (one, other) if edit.span.start == edit.span.end]
    inside = any(
        edit.span.start < at < edit.span.end
        for at, edit in ((one.span.start, other), (other.span.start, one))
        if at in inserted
    )
    if taken[0] & taken[1] or inside or (len(inserted) == 2 and inserted[0] == inserted[1]):
        return None
    if (len(inserted) == 1) and one.span.start == other.span.start:
        return None
    pieces = []
    for at in range(len(text) + 1):
        pieces += [edit.replacement for edit in sorted((one, other)) if edit.span.start == at]
        if at < len(text) and at not in taken[0] | taken[1]:
            pieces.append(text[at])
    return "".join(pieces)


def _nested(chance: random.Random, depth: int) -> tuple[str, str]:
    """Return a call of an old name whose argument may be another, before and after."""
    inner = _nested(chance, depth - 1) if depth else ("c", "c")
    sync, keyword = chance.random() < 0.7, chance.random() < 0.5
    space, end = chance.choice(("", " ", "\n", "  # x\n")), chance.choice(("", ",", " ,", "  # x\n", ",\n"))
    key = "user_context=" if keyword else ""
    new_key = "user_context=" if keyword or sync else ""
    before = f"{OLD}{'_sync' * sync}({space}{key}{inner[0]}{end})"
    after = f"{'WebSocketManager' if sync else 'get_websocket_manager'}({space}{new_key}{inner[1]}{end})"
    return (before, after) if sync else (f"(await {before})", f"(await {after})")


def _bare(text: str) -> str:
    """Blanks around a comma that a rewrite touches are its own matter."""
    return re.sub(r"\s+", "", text)


def compile_kept(trial: Trial) -> None:
    """Rewrite all examples of all packs in all shapes: what compiled compiles, and no name is unbound."""
    packs: list[str | Path] = ["websocket-ssot", *sorted(path.parent for path in _PACKS.glob("*/pack.toml"))]
    for pack in packs[: trial.size(len(packs), 1)]:
        cases = [case for case in examples_of(pack) if case.example.after is not None and fit(case)]
        for number in trial.some(range(len(cases)), 1):
            case = cases[number]
            for change in check_hazards(case).changes:
                fresh = unbound(change.after) - unbound(change.before)
                trial.point(
                    f"{case} {change.path}",
                    *judged(
                        (compiles(change.after) or not compiles(change.before), Loss.LOST, f"{change.after!r}"),
                        (not fresh, Loss.LOST, f"unbound now: {sorted(fresh)}"),
                    ),
                )


def same_bytes(trial: Trial) -> None:
    """Plan the same tree again and again in new processes; all that is printed must be equal."""
    first: dict[str, bytes] = {}
    for number in range(trial.size(21, 2)):
        with trial.place() as place:
            root = _laid_out(trial, place / f"tree{number % 3}")
            found = _printed(trial, root, place, jobs=(1, 2, 4)[number % 3])
            if first:
                for name, data in found.items():
                    same = (data == first[name] and len(data) > 100, Loss.LOST, f"{name} differs from the first run")
                    trial.point(f"run {number}: {name}", *judged(same))
            first = first or found


def _laid_out(trial: Trial, root: Path) -> Path:
    """Write a tree, its files in an order of chance: in memory a folder lists them as they were made."""
    tree = websocket().folder / "world" if trial.quick else _APPLICATION
    paths = sorted(path for path in tree.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    trial.chance.shuffle(paths)
    for path in paths:
        copy = root / path.relative_to(tree)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    if trial.quick:
        lay_out(websocket(), root, {f"tests/m{n}.py": recipe.before for n, recipe in enumerate(RECIPES[:3])})
    return root


def _printed(trial: Trial, root: Path, place: Path, *, jobs: int) -> dict[str, bytes]:
    words = (root, "--pack", "websocket-ssot", "--jobs", str(jobs), *(("--set", "prefix=app") if trial.quick else ()))
    seed = str(trial.chance.randrange(1, 4_000_000_000))
    found = {"preview": recanon("preview", *words, "--no-cache", PYTHONHASHSEED=seed).stdout}
    if not trial.quick:
        recanon("plan", *words, "-o", place / "plan.json", PYTHONHASHSEED=seed)
        found["plan file"] = (place / "plan.json").read_bytes()
        found["JSON"] = recanon("preview", *words, "--format", "json", PYTHONHASHSEED=seed).stdout
        found["recalled"] = recanon("preview", *words).stdout
    return found


FAULTS = (
    Fault(
        "I1",
        "a second run changes something again",
        "the fixture application by phases, examples and bytes in all shapes: applied, and planned again",
        1000,
        twice,
    ),
    Fault("I2", "edits that overlap", "pairs of edits, and calls within calls", 20_000, overlaps),
    Fault("I3", "what compiled does not", "all examples of all packs in all shapes", 2000, compile_kept),
    Fault(
        "E4",
        "another plan for the same tree",
        "1, 2, 4 jobs; hash seeds and orders of files by chance; recalled",
        80,
        same_bytes,
    ),
)
