"""What a report says about packs and about one place, as sections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from recanon.outcome import Finding
from recanon.plan import FileChange, Plan
from recanon.report.content import Group, Row, Section
from recanon.source import Source

if TYPE_CHECKING:
    from recanon.migration import Option
    from recanon.pack import PackInfo


def pack_section(pack: PackInfo) -> Section:
    """Return what a pack does and where it lies: its phases, codemods and options.

    Args:
        pack: the description of a pack.
    """
    place = Row(pack.origin, pack.place)
    groups = (
        Group((Row("broken", pack.trouble), place) if pack.trouble else (place,)),
        Group(tuple(Row(phase.id, phase.title) for phase in pack.phases), "phases"),
        Group(tuple(Row(codemod.id, codemod.title) for codemod in pack.codemods), "codemods"),
        Group(tuple(_option(option) for option in pack.options), "options (--set)"),
    )
    lead = f"{pack.title}. {pack.description}" if pack.description else pack.title or "broken"
    return Section(pack.id, " ".join(lead.split()), tuple(group for group in groups if group.rows))


def place_sections(plan: Plan, path: str, line: int) -> list[Section]:
    """Return all that is known about the mentions of one line; empty when it holds none.

    Args:
        plan: a plan of the whole tree.
        path: the file, relative to the root.
        line: from 1.
    """
    change = next((change for change in plan.changes if change.path == path), None)
    found = [finding for finding in plan.findings if finding.path == path and finding.line == line]
    sections = [_finding(finding) for finding in found]
    edits = _edits(change, line) if change and found else ()
    if edits:
        sections.append(Section("edits", "what becomes of this line", (Group(edits),)))
    failed = tuple(Row(back.step, back.reason) for back in plan.reverted if back.path == path)
    if failed and found:
        lead = "the file stays as it is, because a check of its new text failed"
        sections.append(Section("reverted", lead, (Group(failed),)))
    return sections


def nearest_lines(findings: Iterable[Finding], path: str, line: int) -> list[int]:
    """Return up to five lines of the file that hold a mention, the nearest to the given one first.

    Args:
        findings: of the whole plan.
        path: the file, relative to the root.
        line: from 1.
    """
    lines = {finding.line for finding in findings if finding.path == path}
    return sorted(lines, key=lambda other: (abs(other - line), other))[:5]


def _option(option: Option) -> Row:
    choices = (f"one of: {', '.join(option.choices)}",) if option.choices else ()
    return Row(f"{option.name}={option.default}", option.help, choices)


def _finding(finding: Finding) -> Section:
    facts = [
        ("reason", finding.reason),
        ("do", finding.hint),
        ("origin", finding.origin or "cannot be told"),
        ("found through", " → ".join(finding.chain)),
        ("codemod", finding.codemod),
        ("phase", finding.phase),
        ("rewritten", "yes" if finding.applied else "no"),
        *(("note", note) for note in finding.notes),
    ]
    rows = tuple(Row(name, text) for name, text in facts if text)
    place = f"{finding.path}:{finding.line}:{finding.column}"
    return Section(place, f"{finding.kind} {finding.word}: {finding.verdict}", (Group(rows),))


def _edits(change: FileChange, line: int) -> tuple[Row, ...]:
    source = Source.decode(change.path, change.before)
    return tuple(
        Row(edit.codemod or "edit", f"{edit.expected!r} → {edit.replacement!r}")
        for edit in change.edits
        if source.line_of(edit.span.start) <= line <= source.line_of(edit.span.end)
    )
