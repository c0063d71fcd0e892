"""A plan file and the tree: where its files stand, what a person decided, and what of it still fits."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from recanon.errors import SourceError, UsageError
from recanon.fingerprint import fingerprints
from recanon.outcome import Finding
from recanon.overlay import Overlay
from recanon.plan import Plan, phase_id
from recanon.plan_file import Decision, PlanFile, PlannedFile, PlannedPhase
from recanon.regular import read_regular
from recanon.risk import is_offered
from recanon.runs import applied_digests
from recanon.source import Source, digest

Place = tuple[str, int, int]
"""Path, line and column."""

_REPLAN = "Plan again; `recanon plan --keep FILE` keeps your decisions."


class Standing(StrEnum):
    """Where a file stands, compared with a phase of a plan file.

    `ready`: as it was planned upon. `done`: it holds its planned text already. `stale`: it holds another text, or is
    not there any more.
    """

    READY = "ready"
    DONE = "done"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Standings:
    """Where the files of a phase stand, by path."""

    files: Mapping[str, Standing]

    def paths(self, standing: Standing) -> tuple[str, ...]:
        """Return the files that stand so."""
        return tuple(path for path, found in self.files.items() if found is standing)


def standings(root: Path, plan: PlanFile, phase: PlannedPhase) -> Standings:
    """Compare a tree with a phase of a plan file.

    Args:
        root: the tree.
        plan: the plan file.
        phase: one of its phases.

    Raises:
        UsageError: the plan was made for another tree, or a phase before this one is not applied.
    """
    top = os.path.realpath(root)
    found = {file.path: _digest(top, file.path) for file in phase.files if _has_work(file)}
    reached = _reached(plan, phase, applied_digests(root))
    files = {
        file.path: Standing.READY
        if found[file.path] == file.before
        else Standing.DONE
        if found[file.path] in reached[file.path]
        else Standing.STALE
        for file in phase.files
        if file.path in found
    }
    if files and set(files.values()) == {Standing.STALE}:
        _check_order(plan, phase, found)
        raise UsageError(
            f"none of the {len(files)} files of phase {phase.id} is as it was planned upon: "
            "the plan was made for another tree, or for another state of this one",
            _REPLAN,
        )
    if Standing.STALE in files.values():
        _check_order(plan, phase, found)
    return Standings(files)


def _has_work(file: PlannedFile) -> bool:
    """Whether a phase changes a file: a place is applied, or only uses without a mention are and nobody decided."""
    return any(place.decision == "apply" for place in file.places) or (file.before != file.after and not decided(file))


def _reached(plan: PlanFile, phase: PlannedPhase, applied: Mapping[str, Mapping[str, set[str]]]) -> dict[str, set[str]]:
    """Return the digests that the files of a phase have once it is applied, up to the end of the plan.

    What an edited plan comes to is not in it, but in the journal.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for file in phase.files:
        found[file.path] |= {file.after, *_made_of(file.before, applied.get(file.path, {}))}
    for later in plan.phases[plan.phases.index(phase) + 1 :]:
        for file in later.files:
            found[file.path] |= {file.before, file.after}
    return found


def _made_of(digest: str, applied: Mapping[str, set[str]]) -> set[str]:
    """Return all that runs have made of a text, one after the other."""
    found: set[str] = set()
    waiting = [digest]
    while waiting:
        fresh = applied.get(waiting.pop(), set()) - found - {digest}
        found |= fresh
        waiting += fresh
    return found


def _check_order(plan: PlanFile, phase: PlannedPhase, found: Mapping[str, str]) -> None:
    """Refuse a phase that builds upon one that is not applied yet."""
    for earlier in plan.phases[: plan.phases.index(phase)]:
        for file in filter(_has_work, earlier.files):
            if file.before != file.after and found.get(file.path) == file.before:
                raise UsageError(
                    f"phase {phase.id} of the plan builds upon phase {earlier.id}, "
                    f"which is not applied: {file.path} is as it was before it",
                    f"Apply phase {earlier.id} first.",
                )


def _digest(root: str, path: str) -> str:
    real = os.path.realpath(os.path.join(root, path))
    try:
        return digest(read_regular(Path(real))) if real.startswith(f"{root}{os.sep}") else ""
    except OSError:
        return ""


def chosen(phase: PlannedPhase, plan: Plan, ready: Iterable[str]) -> list[Finding] | None:
    """Return the places that a person decided to rewrite, or None where that is what the plan rewrites anyway.

    Args:
        phase: of the plan file.
        plan: the plan of that phase, made anew.
        ready: the files whose places count.

    Raises:
        UsageError: the plan file names a place that is none.
    """
    wanted = {
        (file.path, place.line, place.column)
        for file in phase.files
        if file.path in set(ready)
        for place in file.places
        if place.decision == "apply"
    }
    found = [finding for finding in plan.findings if place_of(finding) in wanted]
    unknown = sorted(wanted - set(map(place_of, found)))
    if unknown:
        path, line, _ = unknown[0]
        raise UsageError(
            f"the plan decides upon a place that is none: {path}:{line} ({len(unknown)} in all)",
            "Only `decision` is to be changed, and places may be taken out.",
        )
    return None if found == [finding for finding in plan.findings if finding.applied] else found


def is_edited(phase: PlannedPhase) -> bool:
    """Return whether a person changed a decision of a phase, or took a place out."""
    return any({place.id: place.decision for place in file.places} != file.planned for file in phase.files)


def differing(phase: PlannedPhase, plan: Plan) -> tuple[str, ...]:
    """Return the files that would come out in another way than the plan file says.

    Args:
        phase: of the plan file.
        plan: what would be written.
    """
    planned = {file.path: file.after for file in phase.files if file.after != file.before}
    made = {change.path: digest(change.after) for change in plan.changes}
    return tuple(sorted(path for path in {*planned, *made} if planned.get(path) != made.get(path)))


class Keeper:
    """Decide for a new plan as a person did in an older plan file, as far as the decisions still fit.

    Args:
        old: the older plan file.
    """

    def __init__(self, old: PlanFile) -> None:
        self.old = old
        self.proposed: dict[str, frozenset[Place]] = {}
        self.unfit: list[str] = []

    def decide(self, plan: Plan, overlay: Overlay) -> list[Finding] | None:
        """Return the places of a phase to be rewritten, or None where no decision of a person changes the plan.

        Args:
            plan: the plan of the phase, made anew.
            overlay: the tree that it is made for.
        """
        made = self.decisions(plan, overlay)
        offered = [finding for finding in plan.findings if finding.applied]
        taken = [f for f in plan.findings if made.get(f, "apply" if f.applied else "leave") == "apply"]
        self.proposed[phase_id(plan)] = frozenset(map(place_of, offered))
        return None if taken == offered else taken

    def decisions(self, plan: Plan, overlay: Overlay) -> dict[Finding, Decision]:
        """Return what the person decided about the places of a phase; what does not fit any more is kept in `unfit`."""
        phase = self.old.phase(phase_id(plan))
        mine: dict[str, list[Finding]] = defaultdict(list)
        for finding in plan.findings:
            mine[finding.path].append(finding)
        found: dict[Finding, Decision] = {}
        for file in phase.files if phase else ():
            own = decided(file)
            names = _named(file.path, mine[file.path], overlay) if own else {}
            open_ = {f: name for f, name in names.items() if f.applied or is_offered(f, plan)}
            torn = _torn(own, set(open_.values()))
            found |= {f: "leave" if _base(name) in torn else own[name] for f, name in open_.items() if name in own}
            found |= {f: "leave" for f, name in open_.items() if _base(name) in torn}
            lost = {name for name in own if name not in open_.values() or _base(name) in torn}
            words = {place.id: f"{place.name} " for place in file.places}
            self.unfit += [f"{file.path}: {words.get(name, '')}{name}" for name in sorted(lost)]
        return found


def place_of(finding: Finding) -> Place:
    """Return path, line and column of a finding."""
    return finding.path, finding.line, finding.column


def decided(file: PlannedFile) -> dict[str, Decision]:
    """Return the decisions of a file in which a person decided otherwise than recanon does, by the id of the place.

    An import follows its uses, and may be for review only as long as they are: so all decisions of the file are kept.

    Args:
        file: of a plan file.

    Returns:
        The decisions; places that were taken out are left. Empty where nothing was decided otherwise.
    """
    found: dict[str, Decision] = dict.fromkeys(file.planned, "leave")
    found.update((place.id, place.decision) for place in file.places)
    taken_out = found.keys() - {place.id for place in file.places}
    otherwise = any(place.decision != place.proposed for place in file.places)
    return found if otherwise or any(file.planned[name] == "apply" for name in taken_out) else {}


def _named(path: str, findings: list[Finding], overlay: Overlay) -> dict[Finding, str]:
    """Name the places of a file; none where it is gone, or is no text any more."""
    try:
        return fingerprints(findings, Source.decode(path, overlay.read(path)))
    except (OSError, SourceError):
        return {}


def _torn(own: Mapping[str, Decision], now: set[str]) -> set[str]:
    """Return the names of equal places about which the person decided in several ways, and which are others today."""
    found = set()
    for base in {_base(name) for name in own}:
        before = {name for name in own if _base(name) == base}
        if len({own[name] for name in before}) > 1 and before != {name for name in now if _base(name) == base}:
            found.add(base)
    return found


def _base(name: str) -> str:
    """Return the name without the number of an equal place."""
    return name.partition("-")[0]
