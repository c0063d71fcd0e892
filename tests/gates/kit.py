"""Trees, plans and gates for the tests of gates; the gates are real processes."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from faults.trees import fill, planned
from recanon.gates.gate import parse_gate
from recanon.gates.gated import Limits, gated_apply
from recanon.gates.reading import Survey
from recanon.gates.result import Gated
from recanon.plan import Plan

# The bytecode of pytest is read where it lies: with a folder of their own for it, all gates would compile it anew.
PYTHON = (sys.executable, "-B", "-X", "pycache_prefix=")
PYTEST = shlex.join([*PYTHON, "-m", "pytest", "-q", "-p", "no:xdist"])
OLD, NEW = b'VALUE = "old"\n', b'VALUE = "new"\n'


def python(code: str, *words: str | Path) -> str:
    """Return a gate that runs Python code."""
    return shlex.join([*PYTHON, "-c", code, *map(str, words)])


def once_new(code: str) -> str:
    """Return a gate that runs code on the tree after the phase only; before, it is green."""
    return python(f"import pathlib\nif 'new' in pathlib.Path('a.py').read_text():\n {code}")


def tree(root: Path, *names: str, tests: Mapping[str, str] | None = None) -> Plan:
    """Write small modules and tests, and return a plan that changes the value in each module."""
    fill(root, dict.fromkeys(names, OLD) | {path: text.encode() for path, text in (tests or {}).items()})
    return planned(root, dict.fromkeys(names, NEW))


def apply_gated(root: Path, plan: Plan, *gates: str, seconds: float = 60, bisect: bool = False) -> Gated:
    """Apply a plan between gates."""
    limits = Limits(seconds, bisect)
    return gated_apply(root, plan, [parse_gate(text) for text in gates], surveyor=lambda kind: Survey(), limits=limits)


def alive(mark: str) -> list[int]:
    """Return the processes whose command line holds a mark, zombies left out."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words, state = (folder / "cmdline").read_bytes(), (folder / "stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            continue
        if mark.encode() in words and state[0] != b"Z":
            found.append(int(folder.name))
    return found
