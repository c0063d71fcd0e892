"""What an example brings for the shapes: its import of the old name, and a use of it."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from dataclasses import dataclass

from recanon.pack import Pack
from recanon.testing.shapes import CALLS, IMPORTS, UNPACKED, USES

_IMPORT = re.compile(r"^from (?P<module>[\w.]+) import (?P<name>\w+)$", re.M)


@dataclass(frozen=True)
class Seed:
    """The parts of an example that shapes are made of.

    Args:
        text: the example.
        module: the module that it imports the old name from.
        name: the old name.
        source: the module of the canonical name.
        canonical: canonical names of that module.
        other: another public name of that module, or "".
        node: the first use: a call, or the name alone; None where there is none.
        head: `await ` or "", and `async ` or "" for the function around the use.
    """

    text: str
    module: str
    name: str
    source: str
    canonical: tuple[str, ...]
    other: str
    node: ast.expr | None
    head: tuple[str, str]

    def imports(self) -> Iterator[tuple[str, str]]:
        """Yield the example with its import in each shape."""
        words = {"MODULE": self.module, "NAME": self.name, "FROM": self.source, "OTHER": self.other}
        words |= {"CANONICAL": ", ".join(self.canonical), "COUNT": str(len(self.canonical))}
        for shape, pattern in IMPORTS.items():
            if self.other or "OTHER" not in pattern:
                yield shape, self._with_import(_filled(pattern, words))

    def uses(self) -> Iterator[tuple[str, str]]:
        """Yield texts that use the old name as the example does, in each surrounding."""
        use = self.head[0] + self._code(self.node) if self.node is not None else ""
        if self.node is not None and "\n" not in use:
            for shape, template in USES.items():
                yield shape, self._text(template, use)

    def calls(self) -> Iterator[tuple[str, str]]:
        """Yield texts that call the old name with the arguments of the example, in each layout."""
        if not isinstance(self.node, ast.Call):
            return
        arguments = [*self.node.args, *self.node.keywords]
        codes = [self._code(argument) for argument in arguments]
        words = {"NAME": self.name, "KEY": "", "VALUE": "context", "REST": ""}
        if codes:
            first = arguments[0]
            words["KEY"] = f"{first.arg}=" if isinstance(first, ast.keyword) and first.arg else ""
            words["VALUE"] = codes[0].removeprefix(words["KEY"])
            words["REST"] = "".join(f", {code}" for code in codes[1:])
        told = codes and not any(code.startswith("*") or "\n" in code for code in codes)
        for shape, template in {**(CALLS if told else {}), **UNPACKED}.items():
            use = self.head[0] + _filled(template, words)
            yield shape, self._text("ASYNCdef f(context):\n    return USE\n", use)

    def _with_import(self, shaped: str) -> str:
        """The text with another statement in the place of its import."""
        line = f"from {self.module} import {self.name}\n"
        before, _, after = f"\n{self.text}".partition(f"\n{line}")
        return f"{before}\n{shaped}\n{after}".removeprefix("\n")

    def _text(self, template: str, use: str) -> str:
        words = {"USE": use, "ASYNC": self.head[1], "OLD": self.name, "NAME": self.name}
        free = "".join(f"{name} = None\n" for name in self._free())
        return f"from {self.module} import {self.name}\n\n{free}\n\n{_filled(template, words)}"

    def _free(self) -> list[str]:
        names = {node.id for node in ast.walk(self.node) if isinstance(node, ast.Name)} if self.node else set()
        return sorted(names - {self.name, "context"} - set(dir(builtins)))

    def _code(self, node: ast.AST) -> str:
        return ast.get_source_segment(self.text, node) or ""


def seed_of(pack: Pack, text: str) -> Seed | None:
    """Return what an example brings, or None where no import statement takes one old name alone.

    Args:
        pack: the pack.
        text: the text of the example.
    """
    known = pack.migration
    for found in _IMPORT.finditer(text):
        module, name = found["module"], found["name"]
        becomes = next((symbol.becomes for symbol in known.by_name.get(name, ()) if "." in symbol.becomes), "")
        if not becomes and module in known.by_module:
            becomes = f"{known.by_module[module].becomes}.{name}"
        if "." in becomes:
            source = becomes.rpartition(".")[0]
            own = [path.rpartition(".")[2] for path in known.canonical.values() if path.startswith(f"{source}.")]
            canonical = tuple(sorted({*own, becomes.rpartition(".")[2]}))
            node, head = _use(text, name)
            return Seed(text, module, name, source, canonical, _other(pack, source, canonical), node, head)
    return None


def _filled(template: str, words: dict[str, str]) -> str:
    """Put words in the place of those in capitals, which may stand side by side, as in `KEYVALUEREST`."""
    return re.sub("|".join(words), lambda match: words[match[0]], template)


def _use(text: str, name: str) -> tuple[ast.expr | None, tuple[str, str]]:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return None, ("", "")
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
            parent = above[node]
            use = parent if isinstance(parent, ast.Call) and parent.func is node else node
            awaited = isinstance(above[use], ast.Await)
            return use, ("await " if awaited else "", "async " if _in_async(use, above) else "")
    return None, ("", "")


def _in_async(node: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    while node in above:
        node = above[node]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return isinstance(node, ast.AsyncFunctionDef)
    return False


def _other(pack: Pack, module: str, taken: tuple[str, ...]) -> str:
    path = pack.folder / "world" / module.replace(".", "/")
    file = next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)
    tree = ast.parse(file.read_bytes()) if file is not None else ast.Module([], [])
    defined = (node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef))
    return next((name for name in defined if name not in taken and not name.startswith("_")), "")
