"""The contract of a codemod: it looks at a site and answers with a rewrite or a refusal. It never sees the disk.

Everything that a codemod needs of recanon is imported from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from textwrap import dedent
from typing import Literal, Protocol

import libcst as cst

from recanon.index.usage import Argument, Call, Use, VariableUse
from recanon.outcome import Verdict
from recanon.rewrite.calls import with_callee, with_keyword
from recanon.sites import Site

__all__ = [
    "Answer",
    "Argument",
    "Build",
    "Call",
    "Codemod",
    "Example",
    "Refusal",
    "Rewrite",
    "Site",
    "Use",
    "VariableUse",
    "Verdict",
    "left",
    "manual",
    "retired",
    "with_callee",
    "with_keyword",
]

# A verdict, or its word: codemods need no further name for it.
AnyVerdict = Verdict | Literal["safe", "review", "manual", "left", "canonical"]
Build = Callable[[cst.Call, str], cst.BaseExpression]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Use the canonical symbol here.

    Args:
        target: full dotted name of the canonical symbol; "" when the name is only taken out.
        reason: why the rewrite is right.
        verdict: "safe", or "review" when behaviour may change.
        build: makes the new expression from the call and the local name of the target; by default the name of the
            function called is replaced and everything else stays.
        imports: full dotted names that the new expression needs besides the target.
        hint: what a person should look at.
        group: short heading for reports.
        notes: what else was seen.
        turns: whether the canonical symbol is awaited where the old one was not, or the other way round.
        rename: whether the local name of an import, and its uses, take the canonical name.
        method: whether the call of a method on the result is replaced, and not the call itself.
        reshapes: whether something else is called, or the arguments are given in another way, so that what stands in
            for the old name in a test need not fit the new one.
        member: the member of the target that is used, as in `Colour.CRIMSON`; without a target the member that is read
            from the same object instead.
        drops: places of the arguments that the new call leaves out on purpose.
    """

    target: str
    reason: str
    verdict: AnyVerdict = Verdict.SAFE
    build: Build | None = None
    imports: tuple[str, ...] = ()
    hint: str = ""
    group: str = ""
    notes: tuple[str, ...] = ()
    method: bool = False
    rename: bool = False
    turns: bool = False
    reshapes: bool = False
    member: str = ""
    drops: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        """Take the word of a verdict for the verdict; another word is a ValueError."""
        object.__setattr__(self, "verdict", Verdict(self.verdict))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Leave it as it is.

    Args:
        verdict: manual, left or canonical.
        reason: why.
        hint: what a person should do.
        group: short heading for reports.
        places: offsets of other places in the file that are the reason.
        notes: what else was seen.
    """

    verdict: Verdict
    reason: str
    hint: str = ""
    group: str = ""
    places: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


Answer = Rewrite | Refusal


@dataclass(frozen=True, slots=True)
class Example:
    """A case that is test, documentation and specification at once.

    A text that begins with a line break is written as a block: the break and the common indentation are taken away.

    Args:
        title: what it shows, as a sentence.
        before: the text of the file.
        after: its text after `apply`; None when nothing may change.
        verdict: the verdict of the old name in it, or its word.
        path: the file, relative to the root.
        files: further files of the tree, by path, besides the pack's own world.
        include_review: whether `review` rewrites are applied.
    """

    title: str
    before: str
    after: str | None = None
    verdict: AnyVerdict = Verdict.SAFE
    path: str = "tests/test_example.py"
    files: Mapping[str, str] = field(default_factory=dict)
    include_review: bool = False

    def __post_init__(self) -> None:
        """Take the indentation of the codemod's own source off the texts, and the word of a verdict for it."""
        object.__setattr__(self, "verdict", Verdict(self.verdict))
        object.__setattr__(self, "before", _unindented(self.before))
        object.__setattr__(self, "after", None if self.after is None else _unindented(self.after))
        object.__setattr__(self, "files", {name: _unindented(text) for name, text in self.files.items()})


class Codemod(Protocol):
    """What a codemod offers. Its id is the name of its file, with `-` for `_`."""

    @property
    def title(self) -> str:
        """What it does, in one line."""
        ...

    @property
    def examples(self) -> tuple[Example, ...]:
        """The cases that are its tests and its documentation."""
        ...

    def answer(self, site: Site) -> Answer | None:
        """Return what shall happen to a site that the migration gives to this codemod.

        None leaves the answer to the next codemod that the pack names for the symbol.
        """
        ...


# What a codemod of somebody else's may raise; it costs the place or the file at hand, never the run.
GUEST_ERRORS = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, StopIteration),
    *(TypeError, ValueError, cst.CSTValidationError, cst.ParserSyntaxError),
)


# The heading of places whose codemod failed.
FAILED_GROUP = "codemod failed"


def manual(reason: str, hint: str, group: str) -> Refusal:
    """Return a refusal that asks a person to act."""
    return Refusal(Verdict.MANUAL, reason, hint, group)


def left(reason: str, group: str) -> Refusal:
    """Return a refusal of a place that stays on purpose."""
    return Refusal(Verdict.LEFT, reason, "", group)


def retired(site: Site, reason: str) -> Answer:
    """Take out a definition or a re-export of the old API, under review, or leave it when something needs it.

    Args:
        site: the definition or the re-export.
        reason: why it can go when nothing needs it.
    """
    if site.needed:
        reason = f"still needed by {_listed(site.needed)}"
        return Refusal(Verdict.LEFT, reason, group="old API still needed", notes=site.needed)
    return Rewrite(
        "",
        reason,
        Verdict.REVIEW,
        hint="Code outside the tree may import it; take it out when you know that none does.",
        group="old API no longer needed",
    )


def _listed(places: tuple[str, ...]) -> str:
    shown = ", ".join(places[:3])
    more = len(places) - 3
    return f"{shown} and {more} more" if more > 0 else shown


def _unindented(text: str) -> str:
    return dedent(text[1:]) if text.startswith("\n") else text
