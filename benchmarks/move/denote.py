"""Ask jedi what names denote; a script of its own, because jedi is installed in an environment of the benchmark only.

    python denote.py TREE ENVIRONMENT < places.json > answers.json

Reads a list of [file, line, column] (both from 1), writes for each the list of [file, type, name] of what it denotes.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path


def main() -> None:
    """Answer for all places that come in."""
    jedi = importlib.import_module("jedi")
    tree = Path(sys.argv[1]).resolve()
    project = jedi.Project(str(tree), environment_path=sys.argv[2], smart_sys_path=False, added_sys_path=[str(tree)])
    scripts: dict[str, object] = {}
    answers = []
    for file, line, column in json.load(sys.stdin):
        script = scripts.setdefault(file, jedi.Script(path=str(tree / file), project=project))
        found = getattr(script, "goto")(line, column - 1, follow_imports=True)  # noqa: B009
        paths = [(Path(item.module_path), item.type, item.name) for item in found if item.module_path]
        inside = [(path, *rest) for path, *rest in paths if path.is_relative_to(tree)]
        answers.append([[str(path.relative_to(tree)), *rest] for path, *rest in inside])
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
