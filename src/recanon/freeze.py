"""Freeze a proposal into a plan: every mention gets its verdict, and the account is made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from recanon.discover import Discovery
from recanon.migration import Migration
from recanon.outcome import Account, Finding, Skipped
from recanon.overlay import Overlay
from recanon.plan import Plan
from recanon.proposal import Proposal, Proposer
from recanon.propose.account import FileAccount, alias_mentions, imported_mentions, unread_findings
from recanon.propose.inputs import Input
from recanon.propose.selection import Selection
from recanon.scan import lost_files
from recanon.source import Source


def freeze(found: Discovery, proposal: Proposal, proposer: Proposer, selection: Selection) -> Plan:
    """Freeze a proposal into a plan with its account.

    Args:
        found: the files of the tree.
        proposal: what is proposed.
        proposer: who made it.
        selection: what is applied.
    """
    migration, read = proposer.migration, proposal.state.read
    findings: list[Finding] = list(unread_findings(read.unread))
    mentions = len(findings)
    unexplained: list[str] = []
    for path, item in proposal.inputs.items():
        account = _account(path, item, proposal, proposer)
        mentions += len(item.facts.mentions) + _imported_only(item, migration)
        for finding, mention in (*account.findings(), *account.imported(migration)):
            if finding is None:
                line, column = account.source.position(mention.span.start)
                unexplained.append(f"{path}:{line}:{column} {mention.word}")
            else:
                findings.append(finding)
    findings.sort(key=lambda f: (f.path, f.line, f.column, f.word))
    skipped: list[Skipped] = [*found.skipped, *(item.skipped for item in read.unread)]
    return Plan(
        pack=proposer.pack.info.id,
        options=dict(migration.options),
        phases=selection.phases,
        changes=tuple(proposal.changes[path] for path in sorted(proposal.changes)),
        findings=tuple(findings),
        skipped=tuple(sorted(skipped, key=lambda item: item.path)),
        reverted=tuple(sorted(proposal.reverted, key=lambda item: item.path)),
        account=Account.of(mentions, findings, tuple(unexplained)),
        files=len(found.files),
        candidates=len(read.facts) + len(read.unread),
        failed=tuple(sorted({*lost_files(read.unread), *(item.path for item in proposal.reverted if item.lost)})),
    )


def _account(path: str, item: Input, proposal: Proposal, proposer: Proposer) -> FileAccount:
    source = Source.decode(path, proposal.state.program.overlay.read(path))
    excluded = "the path is excluded" if proposer.excluded.match_file(path) else ""
    return FileAccount(source, item, proposal.plan, excluded)


def offsets(overlay: Overlay, places: Iterable[Finding]) -> dict[str, frozenset[int]]:
    """Return the offsets of places in the text of their files, by path."""
    lines: dict[str, list[Finding]] = defaultdict(list)
    for place in places:
        lines[place.path].append(place)
    found = {}
    for path, members in lines.items():
        source = Source.decode(path, overlay.read(path))
        found[path] = frozenset(source.line_starts[place.line - 1] + place.column - 1 for place in members)
    return found


def _imported_only(item: Input, migration: Migration) -> int:
    """Count names imported from old modules that hold no trigger word."""
    spans = [mention.span for mention in item.facts.mentions]
    named = (*imported_mentions(item.facts, migration), *alias_mentions(item.facts, migration))
    return sum(1 for span, _ in named if not any(span.holds(other) for other in spans))
