"""D3: code of a Python that is older or newer than the one that runs: no check could read it, so nothing changes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from faults.model import Fault, Loss, Trial, judged
from faults.readable import compiles, parses
from faults.recipes import OLD, RECIPES, by_move, by_not_in, by_ruff, by_websocket
from faults.trees import fill, snapshot
from recanon.apply import apply_plan
from recanon.errors import UsageError
from recanon.plan import Plan

_HEAD = f"from app.websocket_core import {OLD}\nfrom shop.old import fetch\n"
_PYTHON_2 = (
    f"print {OLD}(1), not 1 in [2], fetch(1)\n",
    f"try:\n    {OLD}(1)\nexcept ValueError, e:\n    x = (not 1 in [2], fetch(1))\n",
    f"exec '{OLD}(1)' in {{}}; {OLD}(not 1 in [2], fetch(1))\n",
    f"x = `{OLD}(1)`, not 1 in [2], fetch(1)\n",
    f"if {OLD}(1) <> (not 1 in [2]): fetch(1)\n",
    f"if {OLD}(1) and not 1 in [2]: raise fetch(1), 'text'\n",
    f"x = ({OLD}(ur'text'), not 1 in [2], fetch(1))\n",
    f"{OLD}(0777, 10L), not 1 in [2], fetch(1)\n",
    f"def f((a, b), c): return {OLD}(c), not a in b, fetch(c)\n",
    f"print >>{OLD}(1), not 1 in [2], fetch(1)\n",
    f"x = [{OLD}(y) for y in 1, 2 if not y in fetch(y)]\n",
    f"from os import *\ndef f():\n    exec {OLD}(1)\n    print not 1 in fetch(2),\n",
)
_AROUND = (
    "{}",
    "class C:\n{}",
    "def g():\n{}",
    "if x.has_key(1):\n{}",
    "# -*- coding: latin-1 -*-\n{}",
    "\f{}",
    "x = 0L\n{}",
)
_NEWER = {
    "t-string": "t'{x}'\n",
    "except without brackets": "try:\n    pass\nexcept ValueError, KeyError:\n    pass\n",
    "type statement": "type X[T] = list[T]\n",
    "default of a type parameter": "class C[T = int]: pass\n",
    "type parameters": "def g[T](x: T) -> T: return x\n",
    "quotes in an f-string": "x = f'{x['a']}'\n",
    "backslash in an f-string": "x = f'{x + \"\\n\"}'\n",
    "comment in an f-string": "x = f'''{\n1  # one\n}'''\n",
    "star in an index": "x[*y]\n",
    "except group": "try:\n    pass\nexcept* ValueError:\n    pass\n",
    "return in finally": "def g():\n    try:\n        return 1\n    finally:\n        return 2\n",
    "lazy import": "lazy import os\n",
    "star in a comprehension": "x = [*y for y in z]\n",
}


def old_python(trial: Trial) -> None:
    """Put old names into copies of Python 2's own library and into small programs; run all recipes over them."""
    files = {**_library(trial), **_small()}
    if trial.quick:
        files = {path: files[path] for path in trial.some(sorted(files), 40)}
    files = {path: data for path, data in files.items() if not parses(data)}
    _untouched(trial, "websocket-ssot", by_websocket, files)
    _refused(trial, files)
    accepted = {path: data for path, data in files.items() if not trial.quick or b"except ValueError, e" in data}
    _untouched(trial, "not-in by LibCST", by_not_in, accepted)  # LibCST reads these, Python does not
    if not trial.quick:
        some = {path: files[path] for path in trial.chance.sample(sorted(files), min(300, len(files)))}
        _untouched(trial, "not-in by Bowler", partial(by_not_in, phase="query"), some)
        _untouched(trial, "ruff check --fix", by_ruff, some, tells=False)
        _as_it_is(trial)
    _newer(trial)


def library() -> Path | None:
    """Return a folder with the library of Python 2, where there is one: $PYTHON2_LIBRARY names another."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    homes = [*sorted(versions.glob("2.*/lib/python2.*")), *map(Path, ("/usr/lib/python2.7", "/usr/share/jython/Lib"))]
    named = os.environ.get("PYTHON2_LIBRARY")
    return next((path for path in ([Path(named)] if named else homes) if path.is_dir()), None)


def _library(trial: Trial) -> dict[str, bytes]:
    """Return copies of the library, each with old names in a way in which Python 3 cannot read them."""
    lines = [text for text in _PYTHON_2 if not parses(text.encode())]
    return {
        path: data.rstrip(b"\\\n") + f"\n{_HEAD}{trial.chance.choice(lines)}".encode()
        for path, data in _as_on_disk().items()
    }


def _as_on_disk() -> dict[str, bytes]:
    folder = library()
    if folder is None:
        return {}
    found = ((path.relative_to(folder).as_posix(), path) for path in sorted(folder.rglob("*.py")) if path.is_file())
    return {f"old/{path}": file.read_bytes() for path, file in found}


def _small() -> dict[str, bytes]:
    """Return small programs of Python 2: each of its own constructs in each surrounding."""
    found = {}
    for n, body in enumerate(_PYTHON_2):
        for m, around in enumerate(_AROUND):
            indented = body if around.endswith(("\n{}", "{}")) and ":\n" not in around else _indented(body)
            text = _HEAD + around.format(indented) if "coding" not in around else around.format(_HEAD + indented)
            found[f"small/p{n}_{m}.py"] = text.encode()
    return found


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def _untouched(
    trial: Trial,
    name: str,
    plan: Callable[[Path, Mapping[str, bytes]], Plan],
    files: Mapping[str, bytes],
    *,
    tells: bool = True,
) -> None:
    with trial.place() as root:
        made = plan(root, files)
        before = snapshot(root)
        result = apply_plan(root, made)
        after = snapshot(root)
        told = set(_told(made)) if tells else set(files)
        for path in files:
            trial.point(
                f"{name} {path}",
                *judged(
                    (before[path] == after[path], Loss.LOST, "it was written"),
                    (before[path][0] == files[path], Loss.LOST, "planning wrote it"),
                    (path in told, Loss.SILENT, "nothing says why it stands"),
                    (path not in result.written, Loss.SILENT, "it is called written"),
                ),
            )


def _told(plan: Plan) -> Iterator[str]:
    for part in plan.parts:
        yield from (item.path for item in part.skipped)
        yield from (item.path for item in part.reverted)


def _refused(trial: Trial, files: Mapping[str, bytes]) -> None:
    """A move that such a file would have to follow is refused, and all of them are named."""
    with trial.place() as root:
        try:
            by_move(root, files)
            said = ""
        except UsageError as exc:
            said = str(exc)
        named = {line.partition(":")[0] for line in said.splitlines()}
        for path in files:
            stands = (root / path).read_bytes() == files[path]
            trial.point(
                f"move {path}",
                *judged((stands, Loss.LOST, "it was written"), (path in named, Loss.SILENT, "it is not named")),
            )


def _as_it_is(trial: Trial) -> None:
    """The library itself holds no old name: nothing in it is planned."""
    files = _as_on_disk()
    with trial.place() as root:
        fill(root, files)
        changed = {change.path for change in by_websocket(root, {}).changes}
        for path in files:
            trial.point(f"as it is {path}", *judged((path not in changed, Loss.LOST, "it would be written")))


def _newer(trial: Trial) -> None:
    """Syntax that the running Python cannot read is never written; what it can read is rewritten as ever."""
    recipes = [recipe for recipe in RECIPES[:5] if recipe.strict or not trial.quick]
    for recipe in recipes:
        files = {f"tests/n{n}.py": f"{recipe.before}{text}".encode() for n, text in enumerate(_NEWER.values())}
        with trial.place() as root:
            plan = recipe.plan(root, files)
        after = {change.path: change.after for change in plan.changes}
        told = set(_told(plan))
        for name, (path, data) in zip(_NEWER, files.items(), strict=True):
            wanted = _wanted(compiles(data), recipe.after + _NEWER[name])
            found = after.get(path)
            fine = found == wanted or (found is None and not recipe.strict)
            where = f"{recipe.name}, {name}"
            quiet = (path in told or found is not None, Loss.SILENT, "nothing says why it stands")
            trial.point(where, *judged((fine, Loss.LOST, f"made: {found!r}"), quiet))


def _wanted(readable: bool, text: str) -> bytes | None:
    return text.encode() if readable else None


FAULTS = (
    Fault(
        "D3",
        "Python 2, and syntax newer than the Python that runs",
        "Python 2's own library with old names put in, small programs, newer snippets; by packs, guests and a move",
        250,
        old_python,
    ),
)
