"""What the names of a file denote: modules of the tree, attributes that are taken from them, and symbols."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recanon.move.names import Chain, Name, Names, Part, Variable
from recanon.move.request import Address
from recanon.move.world import File, World
from recanon.resolve.program import Program, Resolution


@dataclass(frozen=True)
class Reached:
    """An attribute that is taken from a module of the tree: which module, and where in the chain."""

    module: str
    part: Part
    chain: Chain
    depth: int


def attributes(file: File, world: World) -> Iterator[Reached]:
    """Yield each attribute of a chain that is taken from a module of the tree."""
    modules: dict[Variable, str] = {}
    for chain in file.names.chains:
        variable = file.names.variable(chain.root)
        if variable not in modules:
            modules[variable] = denoted_module(file, world.program, chain.root)
        module = modules[variable]
        for depth, part in enumerate(chain.parts):
            if not module:
                break
            yield Reached(module, part, chain, depth)
            module = _step(world.program, module, part.text)


def _step(program: Program, module: str, name: str) -> str:
    """Return the module that an attribute of a module is, or ""."""
    facts = program.module_facts(module)
    bound = facts is not None and name in facts.bindings
    if not bound and program.modules.holds(f"{module}.{name}"):
        return f"{module}.{name}"
    return _module_of(program.resolve(module, name))


def denoted_module(file: File, program: Program, name: Name) -> str:
    """Return the module of the tree that a name of a file denotes, or ""."""
    variable = file.names.variable(name)
    found = {_module_of(found) for found in imported(file.names, program, variable)}
    if variable.scope == -1:
        found = {_module_of(program.resolve(file.module, name.text))} if _has_stars(file.names) else set()
    elif not file.names.only_imported(variable):
        return ""
    return found.pop() if len(found) == 1 else ""


def _has_stars(names: Names) -> bool:
    return any(at.star for at in names.imports)


def imported(names: Names, program: Program, variable: Variable) -> Iterator[Resolution]:
    """Yield what each import that binds a variable denotes."""
    for at, alias in names.imported(variable):
        if at.is_from:
            yield program.resolve(at.module, alias.name)
        else:
            yield program.imported(alias.name if alias.asname else alias.name.partition(".")[0])


def _module_of(found: Resolution) -> str:
    symbol = found.symbol
    return symbol.module if found.state == "found" and symbol is not None and symbol.kind == "module" else ""


def stands_for(file: File, world: World, variable: Variable, address: Address) -> bool:
    """Return whether a variable of a file denotes a symbol: it is defined as it, or imported."""
    if file.module == address.module and variable.scope == 0 and not file.names.imported(variable):
        return variable.name == address.name
    if variable.scope == -1:
        return any(at.star for at in file.names.imports) and is_symbol(world, file.module, variable.name, address)
    found = [f.symbol.path if f.symbol else "" for f in imported(file.names, world.program, variable)]
    return bool(found) and all(path == address.path for path in found)


def is_symbol(world: World, module: str, name: str, address: Address) -> bool:
    """Return whether a name of a module denotes a symbol."""
    symbol = world.program.resolve(module, name).symbol
    return symbol is not None and symbol.path == address.path
