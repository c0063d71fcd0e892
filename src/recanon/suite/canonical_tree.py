"""The tree that the validation tests of a migration look at, and what they allow in it.

`recanon guard tests` puts a copy of this file into every suite that it makes. It needs the standard library alone. Do
not edit a copy: make the suite anew. What may stay for now is listed in `tables.json` under `allowed`, by kind and
file, with how often and why. Shorten that list; never let it grow.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from recanon.suite.canonical_rules import Place, Rules, module_name
from recanon.suite.canonical_way import places, readings

_NEVER = {"__pycache__", "node_modules"}
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")


@dataclass(frozen=True)
class Tree:
    """A repository, and the tables of its suite.

    Args:
        root: the folder.
        tables: what `tables.json` holds.
    """

    root: Path
    tables: Mapping[str, Any]

    @classmethod
    def around(cls, folder: Path) -> Tree:
        """Return the tree that a suite belongs to: the folder above it, or the current one, with the canonical module.

        Raises:
            FileNotFoundError: there is none.
        """
        tables = json.loads((folder / "tables.json").read_text(encoding="utf-8"))
        home: str = tables["canonical_file"]
        for root in (*folder.resolve().parents, Path.cwd()):
            if (root / home).is_file():
                return cls(root, tables)
        raise FileNotFoundError(f"no {home} above {folder} or here: run pytest from the root of the repository")

    @cached_property
    def rules(self) -> Rules:
        """What is old and what is canonical."""
        return Rules(**self.tables["rules"])

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The bytes of the Python files, without those that are left alone."""
        alone = tuple(self.tables["left_alone"])
        return {path: (self.root / path).read_bytes() for path in python_files(self.root) if not path.startswith(alone)}

    @cached_property
    def places(self) -> list[Place]:
        """Every place that is not the canonical way."""
        gc.disable()  # parsed files make no circles; looking for them takes half of the time
        try:
            return places(readings(self.files, self.rules, self.source_root))
        finally:
            gc.enable()

    @property
    def source_root(self) -> bool:
        """Whether a folder `src` is an import root of its own: it is no package."""
        return "src/__init__.py" not in self.files

    def fresh(self, kind: str) -> str:
        """Return the places that nobody allowed, as lines for a person; "" where there is none."""
        return "".join(
            f"\n  {path}:{','.join(map(str, lines))}  {what}"
            for (path, what), lines in sorted(by_name(self.places, kind).items())
            if len(lines) > self.allowed(kind, path, what)
        )

    def gone(self, kind: str) -> str:
        """Return what is allowed more often than it is there, as lines for a person."""
        found = by_name(self.places, kind)
        return "".join(
            f"\n  {path}  {what}: {entry['count']} allowed, {len(found.get((path, what), ()))} there"
            for path, entries in self.tables["allowed"].get(kind, {}).items()
            for what, entry in entries.items()
            if entry["count"] > len(found.get((path, what), ()))
        )

    def allowed(self, kind: str, path: str, what: str) -> int:
        """Return how often a place may be there."""
        count: int = self.tables["allowed"].get(kind, {}).get(path, {}).get(what, {"count": 0})["count"]
        return count

    def modules(self, words: Iterable[str]) -> list[str]:
        """Return the production modules whose text holds one of some words."""
        wanted = [word.encode() for word in words]
        return [
            module_name(path, self.source_root)
            for path, data in self.files.items()
            if path.startswith(tuple(self.rules.production)) and any(word in data for word in wanted)
        ]

    def probe(self, script: Path, question: str, **values: Any) -> dict[str, Any]:
        """Ask the application something, in an interpreter of its own.

        Args:
            script: the file that asks.
            question: the function in it.
            values: what it needs to know, besides the tables.

        Returns:
            What the function returned; `{"missing": name}` where the application needs a package that is not here, and
            `{"failed": text}` where it ended in another way or took more than a minute.
        """
        root = self.root / "src" if self.tables["canonical_file"].startswith("src/") else self.root
        given = json.dumps({"root": str(root), "tables": self.tables, **values})
        command = [sys.executable, str(script), question]
        try:
            done = subprocess.run(
                command, input=given, cwd=self.root, capture_output=True, text=True, timeout=60, check=False
            )
        except subprocess.TimeoutExpired:
            return {"failed": "no answer within a minute"}
        if done.returncode:
            return {"failed": f"exit code {done.returncode}\n{done.stderr[-2000:]}"}
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer


def by_name(found: Iterable[Place], kind: str) -> dict[tuple[str, str], list[int]]:
    """Return the lines of the places of one kind, by file and name."""
    named: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place in found:
        if place.kind == kind:
            named[place.path, place.what].append(place.line)
    return named


def python_files(root: Path) -> list[str]:
    """List the Python files of a tree: what git knows and does not ignore, else all that lie in it."""
    command = [*_GIT, "-C", str(root), "ls-files", "-coz", "--exclude-standard", "--", "*.py"]
    try:
        listed = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired):
        listed = b""
    found = [os.fsdecode(name) for name in listed.split(b"\0") if name] or list(_walk(root))
    return sorted(path for path in set(found) if _is_own(root, path))


def _is_own(root: Path, path: str) -> bool:
    passed = any(part in _NEVER or part.startswith(".") for part in path.split("/")[:-1])
    return not passed and (root / path).is_file() and not (root / path).is_symlink()


def _walk(root: Path) -> Iterator[str]:
    for base, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not os.path.exists(os.path.join(base, name, "pyvenv.cfg"))]
        for name in files:
            if name.endswith(".py"):
                yield os.path.relpath(os.path.join(base, name), root).replace(os.sep, "/")
