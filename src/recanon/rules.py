"""What the tables of a pack say about an old symbol: its arguments, its conditions, its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from recanon.index.facts import Param
from recanon.outcome import Verdict

EVERY = "*"


@dataclass(frozen=True, slots=True)
class Arguments:
    """How the arguments of a call change; the keys are parameters of the old signature.

    Args:
        rename: new parameter by old one.
        remove: old parameters that the new symbol does not take.
        add: code of the value by new parameter, given in every call.
        default: code of the value by old parameter, given where a call leaves it out.
        order: new parameters in the order in which a call gives them; the others come behind.
        keyword: new parameters that are given by keyword; `*` for all.
        positional: new parameters that are given by position where all before them are.
    """

    rename: Mapping[str, str] = field(default_factory=dict)
    remove: frozenset[str] = frozenset()
    add: Mapping[str, str] = field(default_factory=dict)
    default: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    keyword: frozenset[str] = frozenset()
    positional: frozenset[str] = frozenset()

    @property
    def old(self) -> frozenset[str]:
        """The old parameters that are spoken of."""
        return frozenset((*self.rename, *self.remove, *self.default))

    def new(self, name: str) -> str:
        """Return the new parameter for an old one."""
        return self.rename.get(name, name)


@dataclass(frozen=True, slots=True)
class When:
    """A rule of a table: where all of its conditions hold, it decides.

    Args:
        use: kinds of use: call, reference, import, annotation, isinstance, base, decorator, comparison, assignment;
            `any` for all; empty for all but imports.
        file: `production` or `test`; "" for both.
        path: patterns of files.
        function: kinds of the function around the place: sync, async, none.
        gives: old parameters that the call gives, all of them.
        lacks: old parameters that the call does not give, none of them.
        keywords: parameters that the call gives by keyword, all of them.
        none: old parameters that the call gives as the constant None, all of them.
        besides: the call gives something else than these old parameters.
        positionals: numbers of positional arguments that the call may have.
        count: numbers of arguments that the call may have in all.
        unpacks: whether the call unpacks arguments by `*` or `**`.
        awaited: whether the call is awaited.
        expects_failure: whether the place stands where a failure or a warning is expected.
        catches: exceptions of which a `try` around the place, in its function, catches one.
        verdict: what the rule decides.
        reason: why.
        advice: what a person should do.
        group: short heading under which reports list such places.
    """

    use: frozenset[str] = frozenset()
    file: Literal["", "production", "test"] = ""
    path: tuple[str, ...] = ()
    function: frozenset[str] = frozenset()
    gives: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    keywords: frozenset[str] = frozenset()
    none: frozenset[str] = frozenset()
    besides: frozenset[str] = frozenset()
    positionals: frozenset[int] | None = None
    count: frozenset[int] | None = None
    unpacks: bool | None = None
    awaited: bool | None = None
    expects_failure: bool | None = None
    catches: frozenset[str] = frozenset()
    verdict: Verdict = Verdict.SAFE
    reason: str = ""
    advice: str = ""
    group: str = ""

    @property
    def asks_for_a_call(self) -> bool:
        """Whether it holds of calls alone."""
        named = self.gives | self.lacks | self.keywords | self.none | self.besides
        told = (self.positionals, self.count, self.unpacks, self.awaited)
        return bool(named) or any(item is not None for item in told)


@dataclass(frozen=True, slots=True)
class Rules:
    """All that a table says about one old symbol.

    Args:
        verdict: safe, review or manual, where no rule of `when` decides.
        reason: why the rewrite is right, or why there is none.
        advice: what a person should do.
        group: short heading under which reports list such places.
        signature: the old parameters, where the tree does not hold the definition.
        arguments: how the arguments change.
        imports: full dotted names that added values need.
        awaits: whether the new symbol is awaited where the old one was not.
        method: the method of the object made that is called at once, as in `Factory().create(x)`.
        when: rules, the first that fits decides.
        builtins: what added values name besides the imports.
    """

    verdict: Verdict = Verdict.SAFE
    reason: str = ""
    advice: str = ""
    group: str = ""
    signature: tuple[Param, ...] | None = None
    arguments: Arguments = field(default_factory=Arguments)
    imports: tuple[str, ...] = ()
    awaits: bool = False
    method: str = ""
    when: tuple[When, ...] = ()
    builtins: frozenset[str] = frozenset()

    @property
    def changes_arguments(self) -> bool:
        """Whether it says anything about arguments."""
        return self.arguments != Arguments()
