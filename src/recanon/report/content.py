"""What a report says about a plan, free of how it is shown: sections, groups and rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from recanon.outcome import Finding, Skipped, Verdict
from recanon.plan import ChangeKind, FileChange, Plan
from recanon.safe_text import deceptive_in, holds_deceptive, safe_text

_LEADS = {
    Verdict.REVIEW: "a rewrite is offered, behaviour may change or a check could not tell; `--include review` takes it",
    Verdict.MANUAL: "no rewrite is offered; a person decides",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One place or thing.

    Args:
        place: `file:line`, a path or a name.
        what: what stands there.
        notes: what else is to be said of this row alone.
    """

    place: str
    what: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one kind.

    Args:
        rows: the rows, in order.
        heading: what they have in common; empty where the section says it.
        reason: why, where it is one and the same for all.
        hint: what to do, where it is one and the same for all.
    """

    rows: tuple[Row, ...]
    heading: str = ""
    reason: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a report.

    Args:
        title: one or two words.
        lead: what the section holds, in a sentence.
        groups: its rows, gathered.
    """

    title: str
    lead: str
    groups: tuple[Group, ...] = ()


def plan_sections(plan: Plan) -> list[Section]:
    """Return the lists of a plan: edits by codemod, files skipped and reverted, places for review and by hand.

    Args:
        plan: the plan to speak of.
    """
    sections = [codemod_section(plan), _hidden(plan), _skipped(plan), _reverted(plan)]
    sections += [
        _mended(plan),
        *(_verdict(plan, verdict) for verdict in (Verdict.REVIEW, Verdict.MANUAL)),
        _guests(plan),
    ]
    return [section for section in sections if section.groups]


def codemod_section(plan: Plan) -> Section:
    """Return how many edits each codemod makes, in how many files.

    Args:
        plan: the plan to speak of.
    """
    edits: Counter[str] = Counter()
    files: Counter[str] = Counter()
    for change in plan.changes:
        names = Counter(edit.codemod or "unnamed" for edit in change.edits)
        edits += names
        files.update(names.keys())
    rows = [Row(name, f"{many(count, 'edit')} in {many(files[name], 'file')}") for name, count in edits.most_common()]
    rows += [Row(change.path, f"{change.kind}d") for change in plan.changes if change.kind is not ChangeKind.EDIT]
    held = "count for the guest" if plan.by_guest else "hold a trigger word"
    fresh = sum(change.kind is ChangeKind.CREATE for change in plan.changes)
    lead = f"{many(len(plan.changes) - fresh, 'file')} of {plan.files:,} ({plan.candidates:,} {held})"
    lead += f", and {many(fresh, 'new file')}" if fresh else ""
    return Section("changes", lead, (Group(tuple(rows)),) if rows else ())


def _hidden(plan: Plan) -> Section:
    """Return the files whose diff holds characters that make it read differently from what it does (CVE-2021-42574)."""
    suspects = (change for change in plan.changes if holds_deceptive(change.before) or holds_deceptive(change.after))
    found = {change.path: deceptive_in(_shown(change)) for change in suspects}
    rows = [Row(path, ", ".join(map(safe_text, signs))) for path, signs in found.items() if signs]
    lead = f"{many(len(rows), 'file')} with invisible or direction-changing characters in the diff; read it with care"
    return Section("hidden", lead, (Group(tuple(rows)),) if rows else ())


def _shown(change: FileChange) -> str:
    """Return the lines of a file's diff, without their heads."""
    from recanon.diff import unified_diff  # only one that may deceive is looked at

    return unified_diff(change).partition(b"\n@@")[2].decode("utf-8", "replace")


def account_line(plan: Plan) -> str:
    """Return the sum over all mentions, as one line.

    Args:
        plan: the plan to speak of.
    """
    verdicts = " + ".join(f"{verdict} {plan.account.verdicts.get(verdict, 0)}" for verdict in Verdict)
    counted = "files" if plan.by_guest else "mentions"
    return f"account: {counted} {plan.account.mentions} = {verdicts}"


def guest_lines(plan: Plan) -> list[str]:
    """Return the sum over the files of each guest of the phases, a line each.

    Args:
        plan: the plan to speak of.
    """
    return [f"{account_line(part)}  ({_guest_name(part)})" for part in plan.guests]


def account_gap(plan: Plan) -> list[str]:
    """Return why the account does not hold; empty when it does.

    Args:
        plan: the plan to speak of.
    """
    return [line for part in plan.parts for line in _gap(part)]


def _gap(plan: Plan) -> list[str]:
    account = plan.account
    if account.balanced:
        return []
    found = sum(account.verdicts.values())
    lines = [f"the account does not hold: {account.mentions} mentions, {found} verdicts. This is a bug in recanon."]
    return lines + [f"unexplained: {place}" for place in account.unexplained]


def many(count: int, word: str, plural: str = "") -> str:
    """Return a number with its noun, in singular or plural.

    Args:
        count: how many.
        word: the noun in singular.
        plural: its plural, where that does not just take an s.
    """
    return f"{count:,} {word if count == 1 else plural or f'{word}s'}"


def _skipped(plan: Plan) -> Section:
    rows = [
        Row(skip.path, skip.reason, _present("" if plan.by_guest else _held(skip), skip.hint)) for skip in plan.skipped
    ]
    return Section("skipped", f"{many(len(rows), 'file')} not worked on", (Group(tuple(rows)),) if rows else ())


def _held(skip: Skipped) -> str:
    return f"holds {many(skip.mentions, 'mention')}"


def _reverted(plan: Plan) -> Section:
    rows = [Row(back.path, f"{back.step}: {back.reason}") for back in plan.reverted]
    lead = f"{many(len(rows), 'file')} left as they were, because a check of the new text failed"
    return Section("reverted", lead, (Group(tuple(rows)),) if rows else ())


def _mended(plan: Plan) -> Section:
    """Files that cannot be imported today and can be afterwards: their code, tests too, will run for the first time."""
    found = [
        f for f in plan.findings if f.verdict is Verdict.SAFE and f.group.startswith("already broken") and f.applied
    ]
    files = len({finding.path for finding in found})
    lead = f"{many(len(found), 'place')} in {many(files, 'file')} that fail today: what never ran will run afterwards"
    return Section("mended", lead, tuple(grouped(found)))


def _verdict(plan: Plan, verdict: Verdict) -> Section:
    found = [finding for finding in plan.findings if finding.verdict is verdict]
    files = len({finding.path for finding in found})
    lead = f"{many(len(found), 'place')} in {many(files, 'file')}: {_LEADS[verdict]}"
    return Section(str(verdict), lead, tuple(grouped(found)))


def _guests(plan: Plan) -> Section:
    """Files that a guest of a phase does not change as it would, and those that a person should look at."""
    groups = []
    for part in plan.guests:
        open_ = [f for f in part.findings if f.verdict in {Verdict.REVIEW, Verdict.MANUAL, Verdict.LEFT}]
        rows = [Row(f.path, f.reason, _present("taken" * f.applied, f.hint)) for f in open_]
        own = {finding.path for finding in part.findings}
        rows += [Row(item.path, item.reason) for item in part.skipped if item.path not in own]
        groups += [Group(tuple(rows), _guest_name(part))] if rows else []
    return Section("guests", "files that a guest of a phase leaves, or that are for review", tuple(groups))


def _guest_name(part: Plan) -> str:
    return f"{part.pack}, phase {', '.join(part.phases)}"


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """Gather findings by heading, the largest first; a reason or hint that all share stands once, above them.

    Args:
        findings: of one section.
    """
    gathered: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        gathered[finding.group or finding.reason].append(finding)
    groups = []
    for heading, members in sorted(gathered.items(), key=lambda item: (-len(item[1]), item[0])):
        reason, hint = _shared(found.reason for found in members), _shared(found.hint for found in members)
        rows = tuple(
            Row(
                f"{found.path}:{found.line}",
                f"{found.kind} {found.word}",
                _present("rewritten" * found.applied, "" if reason else found.reason, "" if hint else found.hint),
            )
            for found in members
        )
        groups.append(Group(rows, heading, reason if reason != heading else "", hint))
    return groups


def _shared(texts: Iterable[str]) -> str:
    """Return the text when all are the same, else nothing."""
    distinct = set(texts)
    return distinct.pop() if len(distinct) == 1 else ""


def _present(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)
