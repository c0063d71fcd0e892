"""What the tables of a symbol must not say: rules that contradict each other, and rules that can never hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from keyword import iskeyword

from recanon.errors import PackError
from recanon.index.facts import Param
from recanon.pack.format import ArgumentsTable, Description, SymbolTable, WhenTable
from recanon.pack.lines import Path
from recanon.pack.mistakes import Mistakes
from recanon.pack.signatures import read_signature
from recanon.pack.values import trouble_of
from recanon.pack.words import nearest

_TABLE_KEYS = (
    *("id", "title", "description", "verdict", "reason", "advice", "group", "signature", "await", "method"),
    *("imports", "arguments", "when"),
)
_CALL = ("gives", "lacks", "keywords", "none", "besides", "positionals", "count", "unpacks", "awaited")


def check_symbols(description: Description, mistakes: Mistakes) -> None:
    """Check the tables of all symbols.

    Raises:
        PackError: one contradicts itself or another one.
    """
    seen: dict[tuple[str, str], int] = {}
    for number, symbol in enumerate(description.symbol):
        path: Path = ("symbol", number)
        other = seen.setdefault((symbol.home, symbol.name), number)
        if other != number:
            first = mistakes.lines.of(("symbol", other))
            raise mistakes.at(path, f"is described in line {first} already", "Put both tables together.")
        _check_symbol(symbol, description, mistakes, path)
        _check_chain(symbol, description, mistakes, path)


def _check_symbol(symbol: SymbolTable, description: Description, mistakes: Mistakes, path: Path) -> None:
    _check_goal(symbol, description, mistakes, path)
    said = mistakes.value(path)
    if symbol.codemod:
        for key in (key for key in _TABLE_KEYS if key in said):
            raise mistakes.at((*path, key), f"'{key}' beside a codemod, which does not see it", "Take one of both out.")
        return
    for name in symbol.imports or ():
        if "." not in name:
            hint = "Write it as module.name; the values say the last word of it."
            raise mistakes.at((*path, "imports"), f"imports names {name}, which is in no module", hint)
    params = _signature(symbol, mistakes, path)
    if symbol.arguments is not None:
        _check_arguments(symbol, symbol.arguments, params, mistakes, (*path, "arguments"))
    _check_rules(symbol, description, params, mistakes, path)


def _check_chain(symbol: SymbolTable, description: Description, mistakes: Mistakes, path: Path) -> None:
    """Refuse a goal that is an old name itself: nobody could tell what is done from what is to be done."""
    goal = description.canonical.get(symbol.becomes, symbol.becomes).replace(":", ".")
    for number, other in enumerate(description.symbol):
        if goal != f"{other.home}.{other.name}" or symbol.codemod or other.codemod:
            continue
        if other is symbol:
            if "." in symbol.name and {"arguments", "await", "method"} & set(mistakes.value(path)):
                continue  # a member that keeps its name: what a call gives tells whether it is changed already
            hint = "Name what takes its place: calls that are changed already could not be told from the others."
            raise mistakes.at((*path, "becomes"), "becomes itself", hint)
        what = f"becomes {goal}, which the table in line {mistakes.lines.of(('symbol', number))} replaces"
        raise mistakes.at((*path, "becomes"), what, "Name what stays in the end, or make two packs of it.")


def check_written(filled: Description) -> None:
    """Check that what is written into code as a name is one: anything else would be a statement of the pack's own.

    Args:
        filled: the description with its options filled in.

    Raises:
        PackError: something is not.
    """
    goals = {*(table.becomes for table in filled.symbol), *(table.becomes for table in filled.module)}
    imports = [name for table in filled.symbol for name in table.imports or ()]
    for name in filter(None, (*filled.canonical.values(), *sorted(goals - filled.canonical.keys()), *imports)):
        if not all(part.isidentifier() for part in name.replace(":", ".", 1).split(".")):
            raise PackError(f"{name[:80]!a} is no dotted name, and it would be written into code", _DOTTED)


def _check_goal(symbol: SymbolTable, description: Description, mistakes: Mistakes, path: Path) -> None:
    goal = symbol.becomes
    if not goal:
        if symbol.codemod or symbol.verdict != "manual":
            hint = 'Name what takes its place, or say verdict = "manual" with a reason and advice.'
            raise mistakes.at(path, "no becomes", hint)
        for key in ("arguments", "await", "method", "imports"):
            if key in mistakes.value(path):
                raise mistakes.at((*path, key), f"'{key}' of something that nothing takes the place of")
    elif goal not in description.canonical and "." not in goal.replace(":", "."):
        raise mistakes.at((*path, "becomes"), f"no [canonical] key {goal}", nearest(goal, description.canonical))
    parts = symbol.name.split(".")
    if len(parts) > 2 or not all(part.isidentifier() and not iskeyword(part) for part in parts):
        raise mistakes.at((*path, "name"), f"{symbol.name} is no name", "Write it as name, or as Class.member.")


def _signature(symbol: SymbolTable, mistakes: Mistakes, path: Path) -> tuple[Param, ...] | None:
    try:
        return read_signature(symbol.signature) if symbol.signature else None
    except ValueError as exc:
        hint = 'Write it as "(url, timeout=None, *, verify=True)".'
        raise mistakes.at((*path, "signature"), f"signature cannot be read: {exc}", hint) from exc


def _check_arguments(
    symbol: SymbolTable, rules: ArgumentsTable, params: tuple[Param, ...] | None, mistakes: Mistakes, path: Path
) -> None:
    removed, renamed, defaults = set(rules.remove or ()), set(rules.rename), set(rules.default)
    for names, one, other in (
        (removed & renamed, "remove", "rename"),
        (removed & defaults, "remove", "default"),
        (set(rules.add) & set(rules.rename.values()), "add", "rename"),
    ):
        for name in sorted(names):
            raise mistakes.at((*path, one), f"{one} and {other} both speak of {name}", "Take one of both out.")
    for old, new in rules.rename.items():
        if old == new:
            raise mistakes.at((*path, "rename", old), f"{old} is renamed to itself", "Take it out.")
    _check_sides(rules, mistakes, path)
    _check_old(("rename", "remove", "default"), rules, params, mistakes, path)
    _check_names(rules, mistakes, path)
    for key in ("add", "default"):
        for name, value in getattr(rules, key).items():
            if trouble := trouble_of(value, symbol.imports or ()):
                hint = _INFINITE if isinstance(value, float) else _CODE
                raise mistakes.at((*path, key, name), f"{key}.{name}: {trouble}", hint)


def _check_names(rules: ArgumentsTable, mistakes: Mistakes, path: Path) -> None:
    """Check that new parameters are names, each spoken of once."""
    new = [*rules.rename.values(), *rules.add]
    for name in new:
        if not name.isidentifier() or iskeyword(name):
            key = "add" if name in rules.add else "rename"
            raise mistakes.at((*path, key), f"{key}: {name!r} is no name of a parameter", "Write one word.")
        if new.count(name) > 1:
            raise mistakes.at((*path, "rename"), f"rename: two parameters become {name}", "Rename one of them.")
    filled = {rules.rename.get(name, name) for name in rules.default}
    for name in sorted(filled & set(rules.add)):
        raise mistakes.at((*path, "add"), f"add and default both give {name}", "Take one of both out.")
    for name in rules.order or ():
        if (rules.order or []).count(name) > 1:
            raise mistakes.at((*path, "order"), f"order names {name} twice", "Take one out.")


def _check_sides(rules: ArgumentsTable, mistakes: Mistakes, path: Path) -> None:
    keyword = rules.keyword if isinstance(rules.keyword, list) else []
    both = sorted(set(keyword) & set(rules.positional or ()))
    if both or (rules.keyword == "all" and rules.positional):
        what = ", ".join(both) or "all arguments"
        raise mistakes.at((*path, "positional"), f"{what} both by keyword and by position", "Take one of both out.")
    gone = set(rules.remove or ()) - set(rules.rename.values()) - set(rules.add)
    for key, names in (("order", rules.order), ("keyword", keyword), ("positional", rules.positional)):
        for name in names or ():
            if name in rules.rename:
                hint = f"Here new parameters are named: {rules.rename[name]}."
                raise mistakes.at((*path, key), f"{key} names {name}, which is renamed", hint)
            if name in gone:
                raise mistakes.at((*path, key), f"{key} names {name}, which is removed", "Take it out.")


def _check_old(
    keys: Sequence[str], rules: ArgumentsTable, params: tuple[Param, ...] | None, mistakes: Mistakes, path: Path
) -> None:
    if params is None or any(param.kind == "var_keyword" for param in params):
        return
    known = [param.name for param in params]
    for key in keys:
        for name in getattr(rules, key) or ():
            if name not in known:
                raise mistakes.at((*path, key), f"{key}: the signature has no {name}", nearest(name, known))


def _check_rules(
    symbol: SymbolTable,
    description: Description,
    params: tuple[Param, ...] | None,
    mistakes: Mistakes,
    path: Path,
) -> None:
    for number, when in enumerate(symbol.when):
        place: Path = (*path, "when", number)
        said = mistakes.value(place)
        for trouble in _never(when, description, params, said):
            raise mistakes.at(place, f"rule {number + 1} can never hold: {trouble}")
        if when.verdict in {"safe", "review"} and not symbol.becomes:
            raise mistakes.at(place, f"rule {number + 1} offers a rewrite, and nothing takes the place", "Say becomes.")
        for other in range(number):
            if _conditions(mistakes.value((*path, "when", other))).items() <= _conditions(said).items():
                reason = f"rule {number + 1} can never hold: rule {other + 1} decides all that it would"
                raise mistakes.at(place, reason, "Put it before that one.")


def _never(
    when: WhenTable, description: Description, params: tuple[Param, ...] | None, said: Mapping[str, object]
) -> Iterator[str]:
    """Tell why no place can fulfil the conditions of a rule."""
    asks = [key for key in _CALL if key in said]
    if when.use is not None and not {"call", "any"} & set(when.use) and asks:
        yield f"'{asks[0]}' speaks of calls, and use leaves them out"
    given = {*(when.gives or ()), *(when.keywords or ()), *(when.none or ())}
    for name in sorted(given & set(when.lacks or ())):
        yield f"the call would have to give {name} and lack it"
    if when.file == "production" and not description.scope.production:
        yield "[scope] names no production code"
    if when.unpacks is False and when.use == ["import"]:
        yield "an import unpacks nothing"
    if params is not None and not any(param.kind == "var_keyword" for param in params):
        known = {param.name for param in params}
        for name in sorted({*given, *(when.lacks or ())} - known):
            yield f"the signature has no {name}"


def _conditions(said: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in said.items() if key not in {"verdict", "reason", "advice", "group"}}


def check_modules(description: Description, mistakes: Mistakes) -> None:
    """Check the tables of all modules.

    Raises:
        PackError: one is described twice, or becomes itself.
    """
    seen: dict[str, int] = {}
    for number, module in enumerate(description.module):
        other = seen.setdefault(module.path, number)
        if other != number:
            first = mistakes.lines.of(("module", other))
            raise mistakes.at(("module", number), f"is described in line {first} already", "Put both tables together.")
        if module.path == module.becomes:
            raise mistakes.at(("module", number, "becomes"), "becomes itself", "Name the new module.")


def check_phases(description: Description, mistakes: Mistakes) -> None:
    """Check that no two phases have one id.

    Raises:
        PackError: two have.
    """
    ids = [phase.id for phase in description.phase]
    for number, name in enumerate(ids):
        if name in ids[:number]:
            raise mistakes.at(("phase", number, "id"), f"there is a phase {name} already", "Rename one.")


_INFINITE = "Write it as \"float('inf')\" or \"float('nan')\"."
_DOTTED = "Write it as package.module.name."
_CODE = "Write a Python expression; what it names must be built in, or stand under `imports`."
