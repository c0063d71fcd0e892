"""Names that a change takes away from modules, and the files that may ask for them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from recanon.executor.local import Lost, Workers
from recanon.index.facts import ModuleFacts
from recanon.overlay import Overlay
from recanon.resolve.program import Program

_WORD = re.compile(rb"\w+")


def vanished(before: Program, after: Program, paths: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the names that a module held and does not hold any more, by module.

    Args:
        before: the tree as it is.
        after: the tree as it would be.
        paths: the files that change.
    """
    found = {}
    for path in paths:
        module = before.modules.modules.get(path, "")
        held = _held(before, module, frozenset()) if module else frozenset()
        if module and path not in after.modules.modules:  # deleted: its name goes too
            held |= {module.rpartition(".")[2]}
        if gone := held - _held(after, module, frozenset()):
            found[module] = gone
    return found


def _held(program: Program, module: str, seen: frozenset[str]) -> frozenset[str]:
    """Return what a module binds at its top level, and what its star imports bring from the tree."""
    facts = program.module_facts(module)
    if facts is None or module in seen:
        return frozenset()
    brought = (_handed(program, star, seen | {module}) for star in facts.stars)
    return frozenset(facts.bindings).union(*brought)


def _handed(program: Program, module: str, seen: frozenset[str]) -> frozenset[str]:
    facts: ModuleFacts | None = program.module_facts(module)
    if facts is None:
        return frozenset()
    if facts.exports is not None:
        return frozenset(export.name for export in facts.exports)
    return frozenset(name for name in _held(program, module, seen) if not name.startswith("_"))


def asking(overlay: Overlay, gone: Mapping[str, frozenset[str]], workers: Workers) -> list[str]:
    """Return the files that may ask for a vanished name.

    They hold the last part of its module's name, and the name itself or a star import.

    A file in a package may ask for names of the package without naming it (`from . import name`).

    Args:
        overlay: the tree.
        gone: the names, by module.
        workers: who reads.
    """
    wanted: dict[str, set[str]] = defaultdict(set)
    for module, names in gone.items():
        wanted[module.rpartition(".")[2]] |= names
    job = _Asking(overlay.root, {leaf: frozenset(names) for leaf, names in wanted.items()}, _packages(overlay, gone))
    written = [path for path in overlay.files if path not in overlay.planned]
    # A file that could not be looked into may ask.
    asking = [path for path, asks in workers.run(job, written, 100) if asks or isinstance(asks, Lost)]
    return sorted((*asking, *(path for path, data in overlay.planned.items() if job.asks(path, data))))


def handed_on(before: Program, gone: Mapping[str, frozenset[str]], paths: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the names that vanish from further modules, which hand them on by a star.

    Args:
        before: the tree as it is.
        gone: the names that vanish, by module.
        paths: the files that may hand them on.
    """
    found = {}
    for path in paths:
        module = before.modules.modules.get(path, "")  # a file beside a package of its name has none
        facts = before.module_facts(module)
        brought = (
            frozenset[str]().union(*(gone.get(star, frozenset()) for star in facts.stars)) if facts else frozenset()
        )
        if fresh := brought - gone.get(module, frozenset()) - frozenset(facts.bindings if facts else ()):
            found[module] = fresh
    return found


def _packages(overlay: Overlay, gone: Mapping[str, frozenset[str]]) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the folders of the packages among the modules, with the names that vanish from them."""
    files = set(overlay.files)
    folders = ((module.replace(".", "/"), names) for module, names in gone.items())
    return tuple(
        (f"{root}{folder}/", names)
        for folder, names in folders
        for root in ("", "src/")
        if f"{root}{folder}/__init__.py" in files
    )


class _Asking:
    """Finds the files that may ask."""

    def __init__(
        self, root: object, wanted: Mapping[str, frozenset[str]], packages: Sequence[tuple[str, frozenset[str]]]
    ) -> None:
        self.root = root
        self.wanted = wanted
        self.packages = packages

    def __call__(self, path: str) -> bool:
        try:
            with open(f"{self.root}/{path}", "rb") as file:
                return self.asks(path, file.read())
        except OSError:
            return False

    def asks(self, path: str, data: bytes) -> bool:
        """Return whether a file with some bytes may ask."""
        words = {word.decode("utf-8", "replace") for word in _WORD.findall(data)}
        starred = b"import *" in data
        if any(leaf in words and (starred or names & words) for leaf, names in self.wanted.items()):
            return True
        return any(path.startswith(folder) and (starred or names & words) for folder, names in self.packages)
