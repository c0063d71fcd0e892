"""The runs that an apply is made of: one batch, or the phases of a plan file, each made when its turn comes."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recanon.cli.options import AllowDirty, Include, PlanOptions
from recanon.cli.output import read_input
from recanon.cli.planning import planned
from recanon.cli.writing import check_committed
from recanon.errors import UsageError
from recanon.outcome import Finding
from recanon.plan import Plan
from recanon.regular import read_regular
from recanon.report.streams import is_terminal
from recanon.source import digest

if TYPE_CHECKING:
    from recanon.plan_file import PlanFile, PlannedPhase


@dataclass(frozen=True)
class ApplyOptions(PlanOptions):
    """What is applied: what a pack proposes now, or what a plan file says."""

    pack: Annotated[
        str,
        typer.Option(
            "--pack", metavar="PACK", help="The pack to run: its id, as `recanon packs` lists it, or its path."
        ),
    ] = ""
    plan: Annotated[
        Path | None,
        typer.Option("--plan", metavar="FILE", help="Apply this plan file, phase by phase, each as a run of its own."),
    ] = None

    interactive: Annotated[
        bool, typer.Option("--interactive", help="Ask about each hunk, with the reason above it: y n a q s ?")
    ] = False
    allow_dirty: AllowDirty = False

    def check(self) -> None:
        """Check that either a pack or a plan file is given, and nothing that the file says itself.

        Raises:
            UsageError: neither, both, or an option that contradicts the file.
        """
        if self.interactive and not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
            raise UsageError("--interactive asks, and here is no terminal to ask on", "Write a plan file, and edit it.")
        if self.plan is None:
            if not self.pack:
                raise UsageError("apply is not told what to apply", "Say --pack PACK, or --plan FILE.")
            return
        if self.interactive:
            raise UsageError("--interactive and --plan contradict each other", "Set the decisions in the file.")
        given = {"--set": self.set_, "--exclude": self.exclude, "--include": self.include}
        for name, value in given.items():
            if value:
                raise UsageError(
                    f"{name} and --plan contradict each other: the plan file says it", f"Leave out {name}."
                )


@dataclass(frozen=True)
class Step:
    """One run to be.

    Args:
        options: what it was planned with, for whoever plans again.
        plan: what it writes.
        stale: files that a plan file names and that are not as planned.
        held: places that a plan file says to rewrite and that stay.
        done: whether a plan file's phase was applied before.
    """

    options: PlanOptions
    plan: Plan
    stale: tuple[str, ...] = ()
    held: tuple[Finding, ...] = field(default=())
    done: bool = False


def pack_of(options: ApplyOptions) -> str:
    """Return the id of the pack that is applied.

    Raises:
        UsageError: the plan file is wrong or is one of another pack, or there is no such pack.
    """
    from recanon.pack import pack_id
    from recanon.plan_file import read_plan_file

    if options.plan is None:
        return pack_id(options.pack)
    planned = read_plan_file(read_input(options.plan), str(options.plan)).pack
    if options.pack and pack_id(options.pack) != planned:
        raise UsageError(
            f"{options.plan} is a plan of pack {planned}, and {options.pack} is another one",
            "Leave out --pack, or give the folder of that pack.",
        )
    return planned


def steps(root: Path, options: ApplyOptions) -> Iterator[Step]:
    """Yield the runs, each planned on the tree that the one before has left.

    Args:
        root: the tree.
        options: what to apply.

    Raises:
        UsageError: the plan file is wrong or does not fit the tree, or a phase is unknown.
    """
    if options.plan is None:
        yield _asked(root, options) if options.interactive else Step(options, planned(root, options))
        return
    from recanon.plan_file import read_plan_file

    file = read_plan_file(read_input(options.plan), str(options.plan))
    check_committed(root, _to_be_written(root, _phases(file, options)), allow_dirty=options.allow_dirty)
    for phase in _phases(file, options):
        yield _replayed(root, file, phase, options)


def _asked(root: Path, options: ApplyOptions) -> Step:
    """Plan, ask about each hunk, and plan again with those that were taken."""
    from recanon.cli.interactive import left_out
    from recanon.hunks import hunks, written
    from recanon.replay import held

    offer = planned(root, options)
    refused = left_out(list(hunks(offer)))
    if not refused:
        return Step(options, offer)
    left = {place for hunk in refused for place in hunk.places}
    taken = [finding for finding in offer.findings if finding.applied and finding not in left]
    plan = planned(root, options, decide=lambda plan, overlay: taken)
    if files := written(plan, refused):
        # A use can follow its import although its hunk was refused: then the file stays as a whole.
        taken = [finding for finding in taken if finding.path not in files]
        without = replace(options, exclude=[*options.exclude, *map(_pattern, sorted(files))])
        plan = planned(root, without, decide=lambda plan, overlay: taken)
    return Step(options, plan, held=held(taken, plan))


def _pattern(path: str) -> str:
    """Return a pattern that stands for one file alone (gitignore)."""
    return "/" + re.sub(r"([\\*?\[\] !#])", r"\\\1", path)


def _phases(file: PlanFile, options: ApplyOptions) -> list[PlannedPhase]:
    from recanon.pack.words import nearest

    known = [phase.id for phase in file.phases]
    for name in options.phase:
        if name not in known:
            raise UsageError(f"{options.plan} has no phase {name}", nearest(name, known))
    return [phase for phase in file.phases if not options.phase or phase.id in options.phase]


def _to_be_written(root: Path, phases: list[PlannedPhase]) -> set[str]:
    """Return the files of phases that stand as one of them found them: all, before the first of them is written."""
    return {file.path for phase in phases for file in phase.files if _stands(root / file.path, file.before)}


def _stands(path: Path, text: str) -> bool:
    try:
        return digest(read_regular(path)) == text
    except OSError:  # gone or not to be read: the phase itself says so
        return False


def _replayed(root: Path, file: PlanFile, phase: PlannedPhase, options: ApplyOptions) -> Step:
    from recanon.decisions import Standing
    from recanon.pack import load_pack
    from recanon.replay import replay
    from recanon.report.progress import progress

    own = _as_planned(file, phase, options)
    pack = load_pack(own.pack, own.pack_options())
    with progress(sys.stderr) as tick:
        made = replay(root, pack, file, phase, settings=own.settings(), progress=tick)
    done = not made.standings.paths(Standing.READY) and not made.stale
    return Step(own, made.plan, made.stale, made.held, done)


def _as_planned(file: PlanFile, phase: PlannedPhase, options: ApplyOptions) -> PlanOptions:
    """Return the options that a phase of a plan file was planned with; how to read is the user's to say."""
    return replace(
        options,
        plan=None,
        pack=options.pack or file.pack,
        set_=[f"{name}={value}" for name, value in file.options.items()],
        exclude=list(file.exclude),
        phase=[] if phase.id == "all" else [phase.id],
        include=Include.REVIEW if file.review else None,
    )
