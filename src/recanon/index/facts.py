"""Facts about one file: only what stands there, nothing resolved. Small, frozen and picklable.

Those that come by the thousand are named tuples, which cross from process to process several times faster.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from recanon.edit import Span
from recanon.index.receivers import Evidence, Receiver
from recanon.index.usage import Use

ParamKind = Literal["positional_only", "positional_or_keyword", "var_positional", "keyword_only", "var_keyword"]
ScopeKind = Literal["module", "class", "function", "async function", "lambda", "comprehension"]


class Param(NamedTuple):
    """A parameter of a definition, as in `inspect.Parameter`."""

    name: str
    kind: ParamKind
    has_default: bool


class Method(NamedTuple):
    """A method of a class.

    Args:
        name: its name.
        params: its parameters, the object or class before them included.
        is_async: whether it is an `async def`, or a plain one that says so or hands on what one of its class gives.
        kind: whether it is called with the object, with the class, or with neither as its first argument; `other` where
            a decorator may change what it is.
        gives: of what enters a `with` the dotted name of the class that it says it returns, `Self` for its own object.
    """

    name: str
    params: tuple[Param, ...]
    is_async: bool
    kind: Literal["object", "class", "static", "other"] = "object"
    gives: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A function or class as it is defined.

    Args:
        name: its own name.
        kind: function or class.
        is_async: whether it is an `async def`.
        params: its parameters; of a class those of its `__init__`, without the first.
        rejects_none: parameters for which the body raises when they are None.
        returns: dotted names that every `return` calls, empty when one returns anything else.
        decorated: whether a decorator may change what the name denotes.
        span: the whole definition, decorators included.
        bases: dotted names of the bases of a class; `?` for one that is no name.
        members: the names that the body of a class binds.
        attributes: the names that its methods set on the object.
        methods: the methods of a class.
        gives: dotted name of the class that the return annotation of a function names, or "".
        promises: whether the return annotation of a function says that it gives something to await.
    """

    name: str
    kind: Literal["function", "class"]
    is_async: bool
    params: tuple[Param, ...]
    span: Span
    rejects_none: frozenset[str] = frozenset()
    returns: tuple[str, ...] = ()
    returns_name: str = ""
    decorated: bool = False
    init: bool = True
    bases: tuple[str, ...] = ()
    members: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    gives: str = ""
    methods: tuple[Method, ...] = ()
    promises: bool = False


class Scope(NamedTuple):
    """A scope of the file; `parent` is -1 for the module's own."""

    kind: ScopeKind
    parent: int
    name: str
    span: Span


class Binding(NamedTuple):
    """One place that binds a name.

    Args:
        name: the name bound.
        kind: import, def, class, assign, param, star or other.
        target: of an import the dotted module or `module:attribute`; of an assignment the dotted name assigned.
        guards: the blocks around it, from the outermost, e.g. `try:ImportError`, `except`, `if:TYPE_CHECKING`.
        statement: index of the import statement in the file's facts, or -1.
    """

    name: str
    kind: Literal["import", "def", "class", "assign", "param", "star", "other"]
    target: str
    span: Span
    guards: tuple[str, ...] = ()
    definition: Definition | None = None
    statement: int = -1
    scope: int = 0

    @property
    def fallback(self) -> bool:
        """Whether it stands in an `except` or `else` branch."""
        return any(guard in {"except", "else"} for guard in self.guards)


class ImportedName(NamedTuple):
    """One name of an import statement; `span` covers `name as asname`, `name_span` the name alone."""

    name: str
    asname: str
    span: Span
    name_span: Span

    @property
    def bound(self) -> str:
        """The local name that it binds."""
        return self.asname or self.name


@dataclass(frozen=True, slots=True)
class ImportStatement:
    """An import statement.

    Args:
        span: the statement without a trailing comment.
        module: the absolute dotted module of a `from` import, else "".
        module_span: where the module (with its dots) stands.
        names: what it imports.
        scope: index of its scope.
        suite: number of the block of statements it stands in.
        index: its place in that block.
        suite_size: how many statements the block has.
        guards: the blocks around it within its scope.
    """

    span: Span
    module: str
    module_span: Span
    names: tuple[ImportedName, ...]
    scope: int
    suite: int
    index: int
    suite_size: int
    guards: tuple[str, ...] = ()
    is_from: bool = True

    @property
    def star(self) -> bool:
        """Whether it is `from module import *`."""
        return self.is_from and any(name.name == "*" for name in self.names)


class Alias(NamedTuple):
    """An assignment of one plain name to another: `name = target`, with the whole statement and its block."""

    name: str
    target: str
    span: Span
    whole: Span
    scope: int
    suite_size: int


class Text(NamedTuple):
    """A string that holds a trigger word.

    Args:
        span: the string token or tokens.
        value: its value.
        role: docstring, patch target, patch attribute, export, data, compare, argument, message, attribute or text.
        inside: dotted name of the function whose argument it is, or that gets the dictionary whose key it is, or "".
        owner: dotted name of the first argument where the role is patch attribute or attribute.
        literal: whether it is one plain token, so that its text can be edited in place.
        given: of what patches, whether the code itself says what takes the place, and that is no AsyncMock.
    """

    span: Span
    value: str
    role: str
    inside: str = ""
    owner: str = ""
    literal: bool = True
    scope: int = 0
    given: bool = False


class Mention(NamedTuple):
    """A trigger word in the text: where, which, and what it stands in."""

    span: Span
    word: str
    place: Literal["code", "string", "comment", "f-string"]


class Export(NamedTuple):
    """An entry of `__all__`."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """What a module binds at its top level.

    Args:
        bindings: by name, in order of the text.
        stars: the modules of its star imports, in order of the text.
        exports: its `__all__`.
        imports: every import with the blocks around it, in order of the text.
        dynamic: whether it has a `__getattr__`.
        last_star: offset of its last star import, or -1.
    """

    bindings: dict[str, tuple[Binding, ...]]
    stars: tuple[str, ...] = ()
    exports: tuple[Export, ...] | None = None
    imports: tuple[tuple[str, tuple[str, ...]], ...] = ()
    dynamic: bool = False
    last_star: int = -1


@dataclass(frozen=True, slots=True)
class FileFacts:
    """All facts of one candidate file; `classes` are those that may bind an old member anew."""

    path: str
    module: str
    module_facts: ModuleFacts
    scopes: tuple[Scope, ...]
    imports: tuple[ImportStatement, ...]
    bindings: tuple[Binding, ...]
    uses: tuple[Use, ...]
    texts: tuple[Text, ...]
    mentions: tuple[Mention, ...]
    aliases: tuple[Alias, ...] = ()
    signs: frozenset[str] = frozenset()
    docstring: str = ""
    receivers: tuple[Receiver, ...] = ()
    classes: tuple[Evidence, ...] = ()
