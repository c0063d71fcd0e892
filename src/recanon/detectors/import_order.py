"""Import-order dependence: names that denote one thing or another depending on what was imported before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from recanon.detectors.cycles import import_graph
from recanon.detectors.ground import Ground
from recanon.index.facts import Binding, ModuleFacts
from recanon.index.structure import Structure
from recanon.outcome import Finding, Verdict
from recanon.resolve.graph import components
from recanon.resolve.program import Resolution


class ImportOrder:
    """Find it."""

    id: ClassVar[str] = "import-order"
    definition: ClassVar[str] = (
        "In the packages: a module that binds a name it imports once more to another symbol, by a statement or a "
        "star; a package that binds the name of one of its modules to something else; an import in try that falls "
        "back where its module is on a cycle with the importer; and a module that sets an attribute of another one "
        "when it is imported."
    )
    advice: ClassVar[str] = "Bind each name once, to one thing, in the module that defines it."

    def find(self, ground: Ground) -> Iterator[Finding]:
        """Yield every such name."""
        circles = components(import_graph(ground))
        for structure in ground.structures.values():
            facts = ground.program.module_facts(structure.module)
            if facts is None:
                continue
            yield from _redefined(ground, structure, facts)
            yield from _modules_hidden(ground, structure, facts)
            yield from _set_outside(ground, structure)
            circle = frozenset().union(*(members for members in circles if structure.module in members))
            yield from _fallbacks(ground, structure, facts, circle)


def _redefined(ground: Ground, structure: Structure, facts: ModuleFacts) -> Iterator[Finding]:
    """Names that the module binds twice, to different symbols; the last one that runs wins."""
    for name, bindings in facts.bindings.items():
        plain = [binding for binding in bindings if not binding.guards]
        found = [(binding, ground.program.follow(structure.module, binding)) for binding in plain]
        own = [(binding, answer) for binding, answer in found if answer.symbol is not None]
        stars = _from_stars(ground, facts, name)
        last = own[-1] if own else None
        if last is None:
            continue
        others = [answer for binding, answer in own[:-1] if binding.kind == "import" or last[0].kind == "import"]
        differing = [answer for answer in (*others, *stars) if not answer.denotes(last[1])]
        if differing:
            yield _twice(ground, structure, name, last, differing[0])
    yield from _two_stars(ground, structure, facts)


def _twice(
    ground: Ground, structure: Structure, name: str, last: tuple[Binding, Resolution], other: Resolution
) -> Finding:
    first, second = _path(other), _path(last[1])
    reason = f"{name} is {first} first and {second} afterwards: what asks in between gets the first"
    offset = last[0].span.start
    return _finding(ground, structure, name, at=offset, why=("bound twice", reason), found=last[1])


def _two_stars(ground: Ground, structure: Structure, facts: ModuleFacts) -> Iterator[Finding]:
    """Names that two star imports of the module hand on, each another symbol."""
    seen: dict[str, Resolution] = {}
    for star in facts.stars:
        for name in sorted(_handed_by_star(ground, star)):
            answer = ground.program.resolve(star, name)
            known = seen.setdefault(name, answer)
            if answer.symbol is not None and known.symbol is not None and not answer.denotes(known):
                if name not in facts.bindings and ground.covers(answer.symbol.module):
                    reason = f"{name} is {_path(known)} by one star import and {_path(answer)} by the next"
                    offset = facts.last_star
                    group = "bound twice"
                    yield _finding(ground, structure, name, at=offset, why=(group, reason), found=answer)
                seen[name] = answer


def _from_stars(ground: Ground, facts: ModuleFacts, name: str) -> list[Resolution]:
    answers = [ground.program.resolve(star, name) for star in facts.stars if name in _handed_by_star(ground, star)]
    return [answer for answer in answers if answer.symbol is not None]


def _handed_by_star(ground: Ground, module: str, seen: frozenset[str] = frozenset()) -> frozenset[str]:
    facts = ground.program.module_facts(module)
    if facts is None or module in seen:
        return frozenset()
    if facts.exports is not None:
        return frozenset(export.name for export in facts.exports)
    inner = (_handed_by_star(ground, star, seen | {module}) for star in facts.stars)
    return frozenset().union(*inner) | {name for name in facts.bindings if not name.startswith("_")}


def _modules_hidden(ground: Ground, structure: Structure, facts: ModuleFacts) -> Iterator[Finding]:
    """Names of a package that are its modules too: importing the module sets the name anew."""
    if not structure.path.endswith("__init__.py"):
        return
    for name, bindings in facts.bindings.items():
        module = f"{structure.module}.{name}"
        answer = ground.program.follow(structure.module, bindings[-1])
        if module in ground.program.modules.paths and answer.symbol is not None and answer.symbol.path != module:
            reason = f"{module} is {_path(answer)} until the module of that name is imported, and the module afterwards"
            offset = bindings[-1].span.start
            group = "the name of a module"
            yield _finding(ground, structure, name, at=offset, why=(group, reason), found=answer)


def _fallbacks(ground: Ground, structure: Structure, facts: ModuleFacts, circle: frozenset[str]) -> Iterator[Finding]:
    """Imports in `try` whose module is on a cycle with this one: whether they fail depends on who came first."""
    names: dict[tuple[int, str], list[Binding]] = {}
    for bindings in facts.bindings.values():
        for binding in bindings if any(b.fallback for b in bindings) else ():
            tried = binding.kind == "import" and any(guard.startswith("try:") for guard in binding.guards)
            if tried and binding.target.partition(":")[0] in circle:
                names.setdefault((binding.span.start, binding.target.partition(":")[0]), []).append(binding)
    for (offset, origin), tried_here in names.items():
        listed = ", ".join(binding.name for binding in tried_here)
        reason = f"{origin} is on an import cycle with this module; while it is half imported, {listed} fall back"
        answer = ground.program.follow(structure.module, tried_here[0])
        why = ("a fallback on a cycle", reason)
        yield _finding(ground, structure, tried_here[0].name, at=offset, why=why, found=answer)


def _set_outside(ground: Ground, structure: Structure) -> Iterator[Finding]:
    for placed in structure.outside:
        owner, _, attribute = placed.name.rpartition(".")
        root, *rest = owner.split(".")
        answer = ground.program.resolve(structure.module, root)
        for part in rest:
            symbol = answer.symbol
            answer = (
                ground.program.resolve(symbol.module, part)
                if symbol and symbol.kind == "module"
                else Resolution("unknown")
            )
        symbol = answer.symbol
        if symbol is not None and symbol.kind in {"module", "class"} and symbol.module != structure.module:
            reason = f"importing this module sets {attribute} of {symbol.path}"
            source = ground.source(structure.path)
            offset = source.line_starts[placed.line - 1] + placed.column - 1
            group = "set from outside"
            yield _finding(ground, structure, placed.name, at=offset, why=(group, reason), found=answer)


def _path(answer: Resolution) -> str:
    return answer.symbol.path if answer.symbol is not None else "something unknown"


def _finding(
    ground: Ground, structure: Structure, name: str, *, at: int, why: tuple[str, str], found: Resolution
) -> Finding:
    group, reason = why
    line, column = ground.source(structure.path).position(at)
    return Finding(
        path=structure.path,
        line=line,
        column=column,
        word=name,
        kind="name",
        verdict=Verdict.MANUAL,
        reason=reason,
        hint=ImportOrder.advice,
        origin=_path(found),
        chain=(f"{structure.module}:{name}", *found.chain),
        group=group,
        detector=ImportOrder.id,
    )
