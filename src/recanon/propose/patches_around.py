"""Patches around a call: what they replace in the module of the function called, and whether anybody sees it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

from recanon.codemod import Answer, Rewrite
from recanon.errors import SourceError
from recanon.index.nodes import walk
from recanon.index.reader import parse
from recanon.outcome import Verdict
from recanon.resolve.lookups import looked_up_by
from recanon.resolve.program import Program, Symbol
from recanon.sites import Site
from recanon.source import Source


def named_in(guards: Sequence[str]) -> Iterator[str]:
    """Yield the full dotted names that the blocks and decorators around a place patch."""
    managers = (part for guard in guards if guard.startswith(_PATCHING) for part in guard.partition(":")[2].split(","))
    return (path for path in (manager.partition("=")[2] for manager in managers) if path)


def patched_beside(patched: Sequence[str], symbol: Symbol, program: Program) -> tuple[str, ...]:
    """Return the names that patches around a place replace for the code of a symbol, but not the symbol itself.

    They are names of its module, and old or canonical names that it looks up elsewhere when it is called.

    Args:
        patched: full dotted names that are patched around the place.
        symbol: what the place calls.
        program: the whole program.
    """
    inside = looked_up_by(symbol, program) if patched else frozenset()
    return tuple(
        path
        for path in dict.fromkeys(patched)
        if path != symbol.path and (path in inside or _owner(path, program) == symbol.module)
    )


def weighed(answer: Answer, site: Site) -> Answer:
    """Put a rewrite under review where a patch around it reaches the old function only."""
    if not isinstance(answer, Rewrite) or answer.verdict is not Verdict.SAFE or not site.patches_origin:
        return answer
    patched = ", ".join(site.patches_origin)
    if site.patches_unseen:
        note = f"the patch of {patched} around it reaches nothing any more; nothing looks at it either"
        return replace(answer, notes=(*answer.notes, note))
    return replace(
        answer,
        verdict=Verdict.REVIEW,
        reason=f"{answer.reason}; but {patched}, which the old function looks up, is patched around it",
        hint="The patch reaches the old function only: decide what the test shall see.",
        group="old module patched around it",
    )


def is_unseen(targets: Sequence[str], path: str, program: Program) -> bool:
    """Whether patches change nothing that anybody looks at.

    So it is when no code of the test reads the mocks, and the patched module only calls methods of the names and
    drops the results, as it does with a logger. What cannot be read or told counts as seen.

    Args:
        targets: full dotted names that are patched.
        path: the file in which they are.
        program: the whole program.
    """
    return all(_is_dropped(target, program) and not _is_read(target, path, program) for target in targets)


_PATCHING = ("with:", "decorator:")


def _owner(target: str, program: Program) -> str:
    """Return the module whose attribute a dotted path names: the longest part that is one."""
    parts = target.split(".")
    modules = (".".join(parts[:cut]) for cut in range(len(parts) - 1, 0, -1))
    return next((module for module in modules if module in program.modules.paths), "")


def _is_dropped(target: str, program: Program) -> bool:
    """Whether each place of a module that reads its own name is a statement `name.method(...)`."""
    module, _, name = target.rpartition(".")
    tree = _tree(program.modules.paths.get(module, ""), program)
    if tree is None:
        return False
    statements = (node.value for node in walk(tree) if isinstance(node, ast.Expr))
    dropped = {
        id(call.func.value)
        for call in statements
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
    }
    return all(id(node) in dropped for node in _reads(tree, name))


def _is_read(target: str, path: str, program: Program) -> bool:
    """Whether a file may look at what replaces a name while it is patched."""
    tree = _tree(path, program)
    if tree is None:
        return True
    blocks = (node for node in walk(tree) if isinstance(node, (ast.With, ast.AsyncWith)))
    names = {id(item.context_expr): item.optional_vars for block in blocks for item in block.items}
    patches = [node for node in walk(tree) if isinstance(node, ast.Call) and _patches(node, target)]
    if not patches or any(id(call) not in names or len(call.args) > 1 or call.keywords for call in patches):
        return True
    return any(_is_named(names[id(call)], tree) for call in patches)


def _patches(call: ast.Call, target: str) -> bool:
    """Whether a call names what it patches first."""
    return bool(call.args) and isinstance(call.args[0], ast.Constant) and call.args[0].value == target


def _is_named(bound: ast.expr | None, tree: ast.Module) -> bool:
    """Whether the mock of a block has a name that is read anywhere in the file."""
    if bound is None:
        return False
    return not isinstance(bound, ast.Name) or any(True for _ in _reads(tree, bound.id))


def _reads(tree: ast.Module, name: str) -> Iterator[ast.Name]:
    return (n for n in walk(tree) if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load))


def _tree(path: str, program: Program) -> ast.Module | None:
    try:
        return parse(Source.decode(path, program.overlay.read(path)))
    except (SourceError, OSError):
        return None
