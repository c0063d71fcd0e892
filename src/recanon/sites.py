"""A site is a mention that has been resolved: what it denotes, how it is used and what stands around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from recanon.index.facts import ImportedName, ImportStatement
from recanon.index.usage import Call, Use, VariableUse
from recanon.migration import Migration, OldModule, OldSymbol
from recanon.resolve.program import UNKNOWN, Resolution, Symbol

_EXPECTING = {
    "raises",
    "assertRaises",
    "assertRaisesRegex",
    "warns",
    "assertWarns",
    "assertWarnsRegex",
    "catch_warnings",
    "deprecated_call",
}


@dataclass(frozen=True, slots=True)
class FileContext:
    """What is known about the file of a site.

    Args:
        path: the file, relative to the root.
        module: its dotted name.
        production: whether it is production code; else it is a test or a script.
        about: signs that the file is about the old API; two or more make it one.
        api: why the file belongs to the old API itself (it defines or re-exports it), or "".
        phase: the phase that works on the file.
    """

    path: str
    module: str
    production: bool
    about: tuple[str, ...] = ()
    api: str = ""
    phase: str = ""

    @property
    def about_old_api(self) -> bool:
        """Whether the file is a test about the old API."""
        return len(self.about) >= 2


@dataclass(frozen=True, slots=True)
class Site:
    """One place where code uses the old API.

    Args:
        kind: call, reference or import.
        file: the file.
        migration: the migration.
        origin: what it denotes.
        symbol: the old symbol, when it is one.
        module: the old module, when a name is imported from one.
        use: how the name is used, for calls and references.
        rest: attributes taken from the symbol.
        statement: the import statement, for imports.
        name: the name in it, for imports.
        awaitable: whether calling the symbol gives something to await; None when it cannot be told.
        product: the old symbol that a call returns, when it returns a function of the old API.
        target: what the canonical symbol denotes.
        target_awaitable: whether calling the canonical symbol gives something to await; None when it cannot be told.
        canonical: what the canonical symbols denote, by their key in the pack.
        imported: whether the canonical module imports this file's module, directly or not.
        broken: names that its import statement asks for and that do not exist today.
        uses: how the file uses the name, for imports.
        patched: whether a string patches the name in the module that it is imported from.
        private: whether the name is private and the canonical module does not hand it on.
        compared: whether the same function imports the same object from another module too.
        needed: places that still need the name, for exports and definitions.
        patches_origin: other names of its origin's module that patches around it replace, as full dotted names.
        patches_unseen: whether nothing looks at what these patches change.
        through: what the name is read from: the class of a member, an object of it, a module; "" for a name alone.
        overridden: classes below its own that bind a member anew, as full dotted names.
        patched_by: files that patch or set the name where it is looked up: a member, a symbol outside the tree, an
            attribute of a module.
        bound: whether an import brings in the name at the place, beside which another import can stand.
        shadowed: names built in that the values of its table read, and that are something else at the place.
    """

    kind: Literal["call", "reference", "import", "export", "definition", "alias"]
    file: FileContext
    migration: Migration
    origin: Resolution
    symbol: OldSymbol | None = None
    module: OldModule | None = None
    use: Use | None = None
    rest: tuple[str, ...] = ()
    statement: ImportStatement | None = None
    name: ImportedName | None = None
    awaitable: bool | None = None
    product: Symbol | None = None
    target: Resolution = UNKNOWN
    target_awaitable: bool | None = None
    canonical: Mapping[str, Resolution] = field(default_factory=dict)
    imported: bool = False
    broken: tuple[str, ...] = ()
    uses: tuple[Use, ...] = ()
    needed: tuple[str, ...] = ()
    patched: bool = False
    compared: bool = False
    private: bool = False
    patches_origin: tuple[str, ...] = ()
    patches_unseen: bool = False
    through: Literal["", "class", "object", "module"] = ""
    overridden: tuple[str, ...] = ()
    patched_by: tuple[str, ...] = ()
    bound: bool = True
    shadowed: tuple[str, ...] = ()

    @property
    def becomes(self) -> str:
        """The full dotted name that the pack gives for the name here; "" where it gives none."""
        if self.symbol is not None:
            return self.symbol.becomes
        return f"{self.module.becomes}.{self.name.name}" if self.module is not None and self.name is not None else ""

    @property
    def call(self) -> Call | None:
        """How it is called, when it is called itself and not something taken from it."""
        return self.use.call if self.use is not None else None

    @property
    def later(self) -> tuple[VariableUse, ...]:
        """What the file does later with the variable that the call's result is assigned to."""
        return self.use.variable if self.use is not None else ()

    @property
    def function(self) -> str:
        """Whether the nearest function around it is `sync` or `async`; `none` outside of functions."""
        return self.use.function if self.use is not None else "none"

    @property
    def guards(self) -> tuple[str, ...]:
        """The blocks around it, from the module's top."""
        if self.use is not None:
            return self.use.guards
        return self.statement.guards if self.statement is not None else ()

    @property
    def expects_failure(self) -> str:
        """The context manager around it that expects an exception or a warning, or ""."""
        return expects_failure(self.guards)

    def catches(self, exception: str) -> bool:
        """Return whether a `try` around it, within its function, names an exception that it catches."""
        caught = (guard.removeprefix("try:").split(",") for guard in self.local_guards if guard.startswith("try:"))
        return any(name.rpartition(".")[2] == exception for names in caught for name in names)

    @property
    def patched_around(self) -> bool:
        """Whether it stands in a `with patch(...)` block."""
        return any(guard.startswith("with:") and "patch" in guard for guard in self.guards)

    @property
    def is_handed_to_runner(self) -> bool:
        """Whether the call is an argument of something that runs coroutines, such as `asyncio.run`."""
        return self.call is not None and self.call.is_run

    @property
    def coroutine_fate(self) -> str:
        """Say what becomes of a coroutine that is not awaited at once, as far as the file shows it."""
        call = self.call
        if call is None:
            return "it is not called here"
        if any(later.form == "await" for later in self.later):
            return "it is awaited later"
        if call.inside:
            return f"it is handed to {call.inside}"
        if call.in_comprehension:
            return "it is collected with others"
        return "it is returned" if call.statement == "return" else "it is not awaited here, before as well"

    @property
    def local_guards(self) -> tuple[str, ...]:
        """The blocks around it within its function."""
        return local(self.guards)


def local(guards: tuple[str, ...]) -> tuple[str, ...]:
    """Return the guards within the innermost function."""
    return guards[len(guards) - guards[::-1].index("def") :] if "def" in guards else guards


def expects_failure(guards: tuple[str, ...]) -> str:
    """Return the context manager around a place that expects an exception or a warning, or ""."""
    for guard in guards:
        for name in guard.removeprefix("with:").split(",") if guard.startswith("with:") else ():
            if name.partition("=")[0].rpartition(".")[2] in _EXPECTING:
                return name
    return ""


def is_tried(guards: tuple[str, ...]) -> bool:
    """Return whether a `try` of the same function stands around a place."""
    return any(guard.startswith("try:") for guard in local(guards))
