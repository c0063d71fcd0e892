"""From fates and answers to edits: the import statements, the calls and the names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from recanon.codemod import Rewrite
from recanon.edit import Edit, Span
from recanon.engines.islands import call_of, island, newline_of, parse_import, render
from recanon.errors import EditConflictError
from recanon.index.facts import FileFacts, ImportStatement
from recanon.index.usage import Call
from recanon.propose.building import built
from recanon.propose.changes import Change, Gatherer
from recanon.propose.fate import FileFates
from recanon.propose.judged import Judged
from recanon.propose.layout import chain_span, followed_by_semicolon, indent, joined, line_end, removable, starts_line
from recanon.resolve.program import Program
from recanon.resolve.scopes import FileScopes
from recanon.rewrite.imports import Wanted, exchanged, moved, statement_for, with_names, without_names
from recanon.source import Source


@dataclass(frozen=True)
class EditWriter:
    """Write the edits of one file.

    Args:
        source: its text.
        facts: its facts.
        program: the whole program.
        fates: what becomes of its imports.
        patched: names that a string patches where they are defined, with their modules.
    """

    source: Source
    facts: FileFacts
    program: Program
    fates: FileFates
    patched: frozenset[tuple[str, str]] = frozenset()

    def edits(self, done: Sequence[Judged]) -> Iterator[Edit]:
        """Yield the edits.

        Args:
            done: the uses whose rewrite is applied.

        Raises:
            EditConflictError: a statement or call cannot be parsed on its own.
        """
        written = list(self.renamed())
        for judged in sorted(done, key=_extent):
            written = self.with_use(written, judged)
        yield from written
        changes = Gatherer(self.facts, self.program, self.fates, self.source, self.patched).changes()
        codemods = {j.binding[0]: j.codemod for j in self.fates.judged if j.kind == "import" and j.binding}
        for number, change in changes.items():
            codemod = codemods.get(number, "") or next(filter(None, codemods.values()), "")
            if change.removes:
                yield self.removal(number, changes, codemod)
            else:
                yield from self.statement(self.facts.imports[number], change, codemod)

    def renamed(self) -> Iterator[Edit]:
        """Yield the edits of uses whose import takes another local name."""
        scopes = FileScopes(self.facts, self.program)
        local = {key: fate.local for key, fate in self.fates.fates.items() if fate.local}
        for use in self.facts.uses if local else ():
            key = scopes.key(scopes.meaning(use))
            if key in local:
                span = Span(use.span.start, use.span.start + len(use.root))
                yield from _some(island(self.source, span, local[key], "class-path"))

    def with_use(self, written: Sequence[Edit], judged: Judged) -> list[Edit]:
        """Return the edits with that of a use; where it goes over edits within a call, it takes them in."""
        edit = self.use(judged, ())
        whole = judged.replaced
        if edit is None or edit in written:
            return list(written)
        if whole is None or not any(edit.span.meets(other.span) for other in written):
            return [*written, edit]
        inside = [other for other in written if whole.span.holds(other.span)]
        outside = [other for other in written if other not in inside]
        return [*outside, *_some(self.use(judged, inside))]

    def use(self, judged: Judged, inside: Sequence[Edit]) -> Edit | None:
        """Return the edit of a use.

        Args:
            judged: the use.
            inside: edits of what stands within a call, which it makes as well.
        """
        use, answer = judged.use, judged.answer
        if use is None or not isinstance(answer, Rewrite) or (judged.binding is None and answer.target):
            return None
        local = self.local(judged, answer)
        replaced = judged.replaced
        if replaced is None:
            span = chain_span(self.source, use, judged.length, last=not answer.target)
            return island(self.source, span, local or answer.member, judged.codemod)
        before = self.spliced(replaced.span, inside)
        call = call_of(self.source.path, before)
        text = render(node := built(answer, call, local, self.source.path, judged.codemod), newline_of(before))
        self.check_arguments(replaced, text, judged, inside)
        if isinstance(node, cst.Await) and replaced.needs_parens:
            text = f"({text})"
        return island(self.source, replaced.span, text, judged.codemod)

    def spliced(self, span: Span, inside: Sequence[Edit]) -> str:
        """Return the text at a span with the edits within it made."""
        text = self.source.cut(span)
        for edit in sorted((e for e in inside if span.holds(e.span)), key=lambda e: e.span.start, reverse=True):
            text = text[: edit.span.start - span.start] + edit.replacement + text[edit.span.end - span.start :]
        return text

    def local(self, judged: Judged, answer: Rewrite) -> str:
        """Return how the target is spelled at a place; "" where only a member is exchanged."""
        if not answer.target or judged.binding is None:
            return ""
        name = self.fates.fates[judged.binding].renames[answer.target]
        return f"{name}.{answer.member}" if answer.member else name

    def check_arguments(self, call: Call, text: str, judged: Judged, inside: Sequence[Edit]) -> None:
        """Refuse a rewrite that loses an argument.

        Raises:
            EditConflictError: the text of an argument is not in the new text.
        """
        for argument in (argument for argument in call.arguments if argument.text not in judged.dropped):
            value = self.spliced(argument.text, inside)
            if "".join(value.split()) not in "".join(text.split()):
                raise EditConflictError(f"{self.source.path}: {judged.codemod} would lose the argument {value!r}")

    def statement(self, statement: ImportStatement, change: Change, codemod: str) -> Iterator[Edit]:
        """Yield the edits of one import statement of which something is left."""
        if statement.star or (not statement.is_from and all(change.keep)):
            yield from self.beside(statement, change.wanted(), codemod)
            return
        if not statement.is_from:
            text = self.plain(statement, change)
        elif change.joined and any(change.keep):
            text = self.rendered(statement, with_names(self.parsed(statement), change.joined))
        elif any(change.keep):
            text = self.split(statement, change)
        else:
            text = self.replaced(statement, change)
        yield from _some(island(self.source, statement.span, text, codemod))

    def replaced(self, statement: ImportStatement, change: Change) -> str:
        """All old names go: another module and other names in place."""
        here = [item for item in change.moved_to if item is not None]
        if not here or len({item.module for item in change.wanted()}) > 1:
            return joined(self.source, statement.span, self.fresh(statement, [*change.wanted(), *change.joined]))
        node = moved(self.parsed(statement), here[0].module, change.moved_to)
        more = [*change.extra, *change.joined]
        if more:
            node = with_names(node, more)
        return _unwrapped(self.rendered(statement, node), len(here) + len(more))

    def is_own(self, statement: ImportStatement, change: Change) -> bool:
        """Whether all names that are wanted come from the module of the statement itself."""
        own = {item.module for item in change.wanted()} == {statement.module}
        return own and not change.joined and self.source.cut(statement.module_span) == statement.module

    def exchanged(self, statement: ImportStatement, change: Change) -> cst.ImportFrom:
        """Return the statement with some of its names in the place of others, and further ones at its end."""
        node = exchanged(self.parsed(statement), dict(enumerate(change.moved_to)))
        drop = [n for n, new in enumerate(change.moved_to) if new is None and not change.keep[n]]
        node = without_names(node, drop) if drop else node
        return with_names(node, change.extra) if change.extra else node

    def plain(self, statement: ImportStatement, change: Change) -> str:
        """An `import` of which some names go."""
        kept = [self.source.cut(name.span) for name, keep in zip(statement.names, change.keep, strict=True) if keep]
        rest = [f"import {', '.join(kept)}"] if kept else []
        return joined(self.source, statement.span, [*self.fresh(statement, [*change.wanted(), *change.joined]), *rest])

    def fresh(self, statement: ImportStatement, wanted: Sequence[Wanted]) -> list[str]:
        """Return new statements for the place of an old one."""
        if not starts_line(self.source, statement.span):
            return statement_for(wanted)
        return statement_for(wanted, indent(self.source, statement.span), self.source.newline)

    def split(self, statement: ImportStatement, change: Change) -> str:
        """Some old names stay: the new statement stands before what is left of the old one."""
        if self.is_own(statement, change):
            return self.rendered(statement, self.exchanged(statement, change))
        rest = self.source.cut(statement.span)
        drop = [place for place, keep in enumerate(change.keep) if not keep]
        if drop:
            rest = self.rendered(statement, without_names(self.parsed(statement), drop))
        return joined(self.source, statement.span, [*self.fresh(statement, change.wanted()), rest])

    def beside(self, statement: ImportStatement, wanted: Sequence[Wanted], codemod: str) -> Iterator[Edit]:
        """A statement that stays whole: the new one stands on the line behind it, so that its names win."""
        if followed_by_semicolon(self.source, statement.span) or not starts_line(self.source, statement.span):
            text = "; ".join([self.source.cut(statement.span), *statement_for(wanted)])
            yield from _some(island(self.source, statement.span, text, codemod))
            return
        at = line_end(self.source, statement.span.end)
        start = f"{self.source.newline}{indent(self.source, statement.span)}"
        yield Edit(Span(at, at), "", "".join(start + line for line in statement_for(wanted)), codemod)

    def removal(self, number: int, changes: dict[int, Change], codemod: str) -> Edit:
        """Take a statement out; a block that would be empty gets `pass`."""
        statement = self.facts.imports[number]
        gone = [n for n, c in changes.items() if c.removes and self.facts.imports[n].suite == statement.suite]
        if len(gone) >= statement.suite_size and number == max(gone):
            return Edit(statement.span, self.source.cut(statement.span), "pass", codemod)
        span = removable(self.source, statement.span)
        return Edit(span, self.source.cut(span), "", codemod)

    def rendered(self, statement: ImportStatement, node: cst.ImportFrom) -> str:
        """Return the text of a changed statement, with the newlines that it had."""
        return render(node, newline_of(self.source.cut(statement.span)))

    def parsed(self, statement: ImportStatement) -> cst.ImportFrom:
        """Parse a statement on its own."""
        return parse_import(self.source, statement.span)


def _extent(judged: Judged) -> int:
    """How much text a use takes: what stands within another one comes first."""
    span = judged.replaced.span if judged.replaced is not None else judged.span
    return span.end - span.start


def _some(edit: Edit | None) -> Iterable[Edit]:
    return () if edit is None else (edit,)


def _unwrapped(text: str, names: int) -> str:
    """Take the parentheses off a statement that has one name left and no comment in it."""
    if names != 1 or "#" in text:
        return text
    return re.sub(r"import\s*\(\s*([\w]+(?:\s+as\s+\w+)?)\s*,?\s*\)$", r"import \1", text)
