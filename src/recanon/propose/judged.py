"""A place in code with its answer."""

from __future__ import annotations

from dataclasses import dataclass

from recanon.codemod import Answer, Rewrite
from recanon.edit import Span
from recanon.index.usage import Call, Use
from recanon.migration import OldSymbol
from recanon.resolve.program import UNKNOWN, Resolution

Key = tuple[int, int]
Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """A place in code with its answer.

    Args:
        span: the code; every trigger word in it is explained by this answer.
        word: the name.
        kind: import, call, reference, definition ...
        answer: what shall happen.
        codemod: id of the codemod that answered, or "".
        origin: what the name denotes.
        use: the use, for calls and references.
        binding: statement and place of the import that brings the name in.
        symbol: the old symbol that it denotes.
        whole: the whole definition, for definitions.
        phase: the phase in which it is rewritten.
        anchor: where the mention stands that a person decides upon; by default its own span. A use without a mention
            is decided upon at the import that brings its name in.
        length: how many names of a chain denote the old symbol; 0 for all.
    """

    span: Span
    word: str
    kind: str
    answer: Answer
    codemod: str = ""
    origin: Resolution = UNKNOWN
    use: Use | None = None
    binding: Key | None = None
    symbol: OldSymbol | None = None
    whole: Span | None = None
    phase: str = ""
    anchor: Span | None = None
    length: int = 0

    @property
    def replaced(self) -> Call | None:
        """The call that is rewritten, or None where the name alone is exchanged."""
        call = self.use.call if self.use is not None and self.kind == "call" else None
        through = isinstance(self.answer, Rewrite) and self.answer.method
        return call.method if call is not None and through and call.method else call

    @property
    def dropped(self) -> tuple[Span, ...]:
        """The arguments that the rewritten call leaves out on purpose."""
        drops = self.answer.drops if isinstance(self.answer, Rewrite) else frozenset()
        arguments = self.replaced.arguments if self.replaced is not None else ()
        return tuple(argument.text for place, argument in enumerate(arguments) if place in drops)
