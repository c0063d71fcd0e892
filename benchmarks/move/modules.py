"""The modules of a tree and the names they bind, read with `ast` alone and without any of recanon."""

from __future__ import annotations

import ast
from pathlib import Path


class Modules:
    """The modules that parse, by dotted name."""

    def __init__(self, tree: Path) -> None:
        """Parse all modules of a tree."""
        self.trees: dict[str, ast.Module] = {}
        self.files: dict[str, str] = {}
        for path in sorted(tree.rglob("*.py")):
            parts = path.relative_to(tree).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            if not path.is_file() or ".recanon" in parts:
                continue
            try:
                self.trees[name] = ast.parse(path.read_bytes())
            except (SyntaxError, ValueError):
                continue
            self.files[name] = str(path.relative_to(tree))
        self.packages = {name.rpartition(".")[0] for name in self.trees} | {
            name for name, file in self.files.items() if file.endswith("__init__.py")
        }

    def absolute(self, name: str, node: ast.ImportFrom) -> str:
        """Return the full name of the module that an import reads."""
        if not node.level:
            return node.module or ""
        base = name.split(".")
        drop = node.level - (1 if self.files[name].endswith("__init__.py") else 0)
        return ".".join([*base[: len(base) - drop], *([node.module] if node.module else [])])

    def resolves(self, dotted: str) -> bool | None:
        """Return whether a dotted name exists in the tree, or None where that lies outside or cannot be known."""
        parts = dotted.split(".")
        if parts[0] not in self.trees:
            return None
        for cut in range(len(parts), 0, -1):
            module = ".".join(parts[:cut])
            if module in self.trees:
                return True if cut == len(parts) else self.binds(module, parts[cut], frozenset())
        return None

    def binds(self, module: str, name: str, seen: frozenset[str]) -> bool | None:
        """Return whether a module binds a name at its top level, or None where that cannot be known."""
        if f"{module}.{name}" in self.trees or (name.startswith("__") and name.endswith("__")):
            return True
        if module in seen:
            return False
        bound = {item for node in self.top(module) for item in names_of(node)}
        if name in bound:
            return True
        if "__getattr__" in bound:
            return None
        stars = [node for node in self.top(module) if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"]
        answers = [self.star(module, node, name, seen | {module}) for node in stars]
        return True if True in answers else None if None in answers else False

    def star(self, module: str, node: ast.ImportFrom, name: str, seen: frozenset[str]) -> bool | None:
        """Return whether a star import brings a name."""
        source = self.absolute(module, node)
        return self.binds(source, name, seen) if source in self.trees else None

    def top(self, module: str) -> list[ast.stmt]:
        """Return the statements that run when a module is imported, those in `if` and `try` too."""
        found, stack = [], list(self.trees[module].body)
        while stack:
            node = stack.pop()
            found.append(node)
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inner = (getattr(node, part, []) for part in ("body", "orelse", "finalbody", "handlers"))
                for body in inner:
                    for item in body:
                        stack.extend(item.body if isinstance(item, ast.ExceptHandler) else [item])
        return found


def names_of(node: ast.stmt) -> list[str]:
    """Return the names that a statement binds."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Import):
        return [item.asname or item.name.split(".")[0] for item in node.names]
    if isinstance(node, ast.ImportFrom):
        return [item.asname or item.name for item in node.names]
    if isinstance(node, ast.If | ast.Try):
        return []
    stored = (item for item in ast.walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store))
    return [item.id for item in stored]
