"""Imports the modules of some trees, calls their functions, and prints what came out as JSON; a script of its own."""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from pathlib import Path
from typing import Any


def outcome(function: Any) -> Any:
    """Call a function and return what a caller can tell of the result."""
    try:
        value = function()
    except Exception as exc:  # noqa: BLE001 -- whatever a program raises is its result
        return ["raises", type(exc).__name__]
    return value if isinstance(value, (str, int, list, tuple, bool, type(None))) else type(value).__name__


def results(root: Path) -> dict[str, Any]:
    """Return what each function `run_...` of each module of a tree gives; of a module that fails, that it does."""
    sys.path.insert(0, str(root))
    importlib.invalidate_caches()
    found: dict[str, Any] = {}
    names = sorted(str(p.relative_to(root).with_suffix("")).replace("/", ".") for p in root.rglob("*.py"))
    for name in names:
        try:
            module = importlib.import_module(name.removesuffix(".__init__"))
        except Exception as exc:  # noqa: BLE001 -- whatever a program raises is its result
            found[name] = ["raises", type(exc).__name__]
            continue
        for attribute in sorted(a for a in vars(module) if a.startswith("run_")):
            found[f"{name}.{attribute}"] = outcome(getattr(module, attribute))
    for name in [n for n, m in sys.modules.items() if str(getattr(m, "__file__", "")).startswith(str(root))]:
        del sys.modules[name]
    sys.path.remove(str(root))
    return found


def main(roots: list[str]) -> None:
    """Print the results of each tree."""
    warnings.simplefilter("ignore")
    print(json.dumps([results(Path(root)) for root in roots]))


if __name__ == "__main__":
    main(sys.argv[1:])
