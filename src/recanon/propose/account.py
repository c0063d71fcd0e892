"""The account: every mention with its verdict and its reason, and none twice or not at all."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recanon.codemod import Answer, Refusal
from recanon.edit import Span
from recanon.index.facts import FileFacts, Mention, Text
from recanon.migration import Migration
from recanon.outcome import Finding, Verdict
from recanon.propose.alias_judge import old_aliases
from recanon.propose.inputs import Input, PatchAnswer
from recanon.propose.judged import Judged
from recanon.propose.program_plan import ProgramPlan
from recanon.scan import Unread
from recanon.sites import FileContext
from recanon.source import Source

_READ = "reads an old module as an object; what is taken from it cannot be told from here"
_NOT_JUDGED = "Change the file by hand, and report it to the author of the pack."
_NAME_IT = "Import the names that are needed from the canonical module."
_A = {"string": "a string", "f-string": "an f-string"}
_ROLES = {
    "docstring": "text of a docstring",
    "data": "a name as data, in a list or table",
    "compare": "a name that is compared with text",
    "argument": "text handed to a function",
    "message": "text of a message",
    "export": "an entry of __all__",
    "text": "text of a string",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A stretch of text that something explains."""

    span: Span
    kind: str
    answer: Answer | None
    reason: str = ""
    verdict: Verdict = Verdict.LEFT
    group: str = ""
    hint: str = ""
    judged: Judged | None = None
    phase: str = ""
    applied: bool = False


class FileAccount:
    """The account of one file.

    Args:
        source: its text.
        item: its facts and context.
        plan: the plan of all files.
        excluded: why the file is left alone as a whole, or "".
    """

    def __init__(self, source: Source, item: Input, plan: ProgramPlan | None, excluded: str = "") -> None:
        self.source = source
        self.facts = item.facts
        self.context = item.context
        self.lost = item.lost
        self.plan = plan
        self.excluded = excluded
        self.claims = sorted(self._claims(), key=lambda claim: (claim.span.start, -claim.span.end))
        self._starts = [claim.span.start for claim in self.claims]
        self._longest = max((claim.span.end - claim.span.start for claim in self.claims), default=0)

    def findings(self) -> Iterator[tuple[Finding | None, Mention]]:
        """Yield each mention with its finding, or with None when nothing explains it."""
        for mention in self.facts.mentions:
            yield self._finding(mention), mention

    def imported(self, migration: Migration) -> Iterator[tuple[Finding | None, Mention]]:
        """Yield the names imported from old modules, which need not hold a trigger word."""
        words = {mention.span for mention in self.facts.mentions}
        for span, word in (*imported_mentions(self.facts, migration), *alias_mentions(self.facts, migration)):
            if not any(span.holds(other) for other in words):
                mention = Mention(span, word, "code")
                yield self._finding(mention), mention

    def _finding(self, mention: Mention) -> Finding | None:
        line, column = self.source.position(mention.span.start)
        claim = self._claim(mention)
        if claim is None:
            return None
        answer = claim.answer
        origin = claim.judged.origin if claim.judged else None
        return Finding(
            path=self.facts.path,
            line=line,
            column=column,
            word=mention.word,
            kind=claim.kind,
            verdict=Verdict(answer.verdict) if answer else claim.verdict,
            reason=self._reason(answer) if answer else claim.reason,
            hint=answer.hint if answer else claim.hint,
            codemod=claim.judged.codemod if claim.judged else "",
            origin=origin.symbol.path if origin and origin.symbol else "",
            chain=origin.chain if origin else (),
            group=(answer.group if answer else claim.group) or "",
            notes=answer.notes if answer else (),
            phase=claim.phase,
            applied=claim.applied,
        )

    def _reason(self, answer: Answer) -> str:
        places = answer.places if isinstance(answer, Refusal) else ()
        lines = sorted({self.source.line_of(at) for at in places})
        shown = ", ".join(map(str, lines[:8])) + (" ..." if len(lines) > 8 else "")
        return f"{answer.reason}; see {'line' if len(lines) == 1 else 'lines'} {shown}" if lines else answer.reason

    def _claim(self, mention: Mention) -> Claim | None:
        if self.excluded:
            return Claim(mention.span, _kind(mention), None, self.excluded, group="excluded path")
        if self.lost is not None:
            reason = f"the file stands as it was: judging it came to nothing: {self.lost.reason}"
            hint = self.lost.hint or _NOT_JUDGED
            return Claim(mention.span, "unread file", None, reason, Verdict.MANUAL, "check failed", hint)
        first = bisect_left(self._starts, mention.span.end - self._longest)
        near = self.claims[first : bisect_right(self._starts, mention.span.start)]
        holders = [claim for claim in near if claim.span.holds(mention.span)]
        if holders:
            return min(holders, key=lambda claim: claim.span.end - claim.span.start)
        if any(alias.span == mention.span for alias in self.facts.aliases):
            return Claim(mention.span, "alias", None, "an alias that other modules may take from here")
        if mention.place == "comment":
            return Claim(mention.span, "comment", None, "text of a comment", group="text")
        if mention.place in {"string", "f-string"}:
            return Claim(mention.span, "string", None, f"text of {_A[mention.place]}", group="text")
        if "." in mention.word:
            return Claim(mention.span, "reference", None, _READ, Verdict.MANUAL, "module object", _NAME_IT)
        return None

    def _claims(self) -> Iterator[Claim]:
        if self.plan is None:
            return
        plan = self.plan.files[self.facts.path]
        for number, judged in enumerate(plan.judged):
            applied = number in plan.applied
            yield Claim(judged.span, judged.kind, judged.answer, judged=judged, phase=judged.phase, applied=applied)
        answered = {item.patch.text.span: item for item in self.plan.patches.get(self.facts.path, ())}
        for text in self.facts.texts:
            yield self._text(text, answered.get(text.span))

    def _text(self, text: Text, patched: PatchAnswer | None) -> Claim:
        if patched is not None:
            judged = Judged(text.span, text.value, "patch target", patched.answer, "patch-target")
            return Claim(
                text.span, "patch target", patched.answer, judged=judged, phase=patched.phase, applied=patched.applied
            )
        kind = {"patch target": "patch target", "export": "export"}.get(text.role, "string")
        if (
            text.role in {"module name", "attribute", "patch target", "patch attribute", "stand-in", "annotation"}
            and not self.context.about_old_api
        ):
            return Claim(
                text.span,
                kind,
                None,
                _looked_up(text),
                Verdict.MANUAL,
                "name looked up at run time",
                "Check what the code expects to find, and name the canonical module or function.",
            )
        about = f" in a test about the old API ({', '.join(self.context.about)})" if self.context.about_old_api else ""
        return Claim(text.span, kind, None, _ROLES.get(text.role, "text of a string") + about, group="text")


def imported_mentions(facts: FileFacts, migration: Migration) -> Iterator[tuple[Span, str]]:
    """Yield the names that a file imports from old modules, and the old modules that it imports as objects."""
    for statement in facts.imports:
        module = migration.by_module.get(statement.module) if statement.is_from else None
        for name in statement.names:
            inner = migration.by_module.get(f"{statement.module}.{name.name}") if statement.is_from else None
            if inner is not None and inner.mention:
                yield name.span, name.bound
            elif not statement.is_from:
                whole = migration.by_module.get(name.name)
                if whole is not None and whole.is_single:
                    yield name.span, name.name
            elif module is not None and (not module.names or name.name in module.names or name.name == "*"):
                yield name.span, name.name


def alias_mentions(facts: FileFacts, migration: Migration) -> Iterator[tuple[Span, str]]:
    """Yield the canonical names that a file gives to what it imports from an old module."""
    moved = {n.bound for s in facts.imports if s.is_from and s.module in migration.by_module for n in s.names}
    for alias in old_aliases(facts, migration):
        if alias.target in moved:
            yield alias.span, alias.name


def unread_findings(unread: Sequence[Unread]) -> Iterator[Finding]:
    """Yield a finding for every mention in files that could not be read as source."""
    for item in unread:
        for line, column, word in item.places:
            yield Finding(
                item.skipped.path,
                line,
                column,
                word,
                "unread file",
                Verdict.MANUAL,
                f"the file was skipped: {item.skipped.reason}",
                item.skipped.hint,
                group="file skipped",
            )


def _looked_up(text: Text) -> str:
    if text.role == "module name":
        return "a module is imported by a name in a string"
    if text.role == "annotation":
        return "a string annotation that is not one plain string"
    if text.role == "stand-in":
        return f"an attribute of what {text.inside} makes"
    if text.role == "attribute":
        return f"a name is looked up with {text.inside}"
    return "a patch target that no module of the tree explains"


def _kind(mention: Mention) -> str:
    return "string" if mention.place in {"string", "f-string"} else mention.place


__all__ = ["FileAccount", "FileContext", "imported_mentions", "unread_findings"]
