"""Run one move with rope; a script of its own, because rope is installed in an environment of the benchmark only.

    python rope_move.py TREE DEFINITION NEW [--text]

DEFINITION is file:line:column, or the file of a module. --text lets rope change strings, comments and docstrings too.
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path


def offset_of(tree: Path, file: str, line: int, column: int) -> int:
    """Return how many characters stand before a place of a file."""
    text = (tree / file).read_text(encoding="utf-8")
    return sum(map(len, text.splitlines(keepends=True)[: line - 1])) + column - 1


def main() -> None:
    """Read the command line and let rope make the change."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path)
    parser.add_argument("definition")
    parser.add_argument("new")
    parser.add_argument("--old", required=True)
    parser.add_argument("--text", action="store_true")
    args = parser.parse_args()
    project_module = importlib.import_module("rope.base.project")
    rename = importlib.import_module("rope.refactor.rename")
    move = importlib.import_module("rope.refactor.move")
    project = project_module.Project(str(args.tree), ropefolder=None, ignore_syntax_errors=True)
    home, leaf = args.new.rpartition(".")[::2]
    file, _, spot = args.definition.partition(":")
    if not spot:
        resource = project.get_resource(file.removesuffix("/__init__.py"))
        changes = rename.Rename(project, resource).get_changes(leaf, docs=args.text)
    else:
        resource = project.get_resource(file)
        line, column = map(int, spot.split(":"))
        offset = offset_of(args.tree, file, line, column)
        if args.old.rpartition(".")[0] == home:
            changes = rename.Rename(project, resource, offset).get_changes(leaf, docs=args.text)
        else:
            target = Path(args.tree, home.replace(".", "/") + ".py")
            target.touch()
            project.validate()
            changes = move.create_move(project, resource, offset).get_changes(
                project.get_resource(str(target.relative_to(args.tree)))
            )
    project.do(changes)
    project.close()


if __name__ == "__main__":
    main()
