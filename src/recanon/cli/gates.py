"""Gates on the command line: which ones are asked, and an apply between them."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recanon.cli.frontier import ExitCode
from recanon.cli.options import PlanOptions, ReadOptions
from recanon.errors import UsageError
from recanon.gates.gate import SECONDS
from recanon.plan import Plan

if TYPE_CHECKING:
    from recanon.gates.config import Standing
    from recanon.gates.gate import Gate
    from recanon.gates.lab import Surveyor

_NOTHING = "no place in the tree uses the old or the canonical API of the pack"


@dataclass(frozen=True)
class GateOptions:
    """What must hold before and after, and how it is run."""

    gate: Annotated[
        list[str],
        typer.Option(
            "--gate",
            metavar="GATE",
            help="A command that must be green before and after, or compliance>=N, no-new-manual, "
            "'diagnostics: COMMAND', 'slower<=N%: COMMAND'. Repeatable.",
        ),
    ] = field(default_factory=list)
    gate_timeout: Annotated[
        float, typer.Option("--gate-timeout", min=0.1, metavar="SECONDS", help="Time limit of each gate's command.")
    ] = SECONDS
    trust_repository: Annotated[
        bool, typer.Option("--trust-repository", help="Also run the gates that the tree's own pyproject.toml asks for.")
    ] = False

    def standing(self, root: Path) -> tuple[Standing, ...]:
        """Return all gates that may be asked: those given here, and those in the user's configuration.

        Args:
            root: the tree.

        Raises:
            UsageError: a gate or a configuration is wrong.
        """
        from recanon.gates.config import Standing, config_path, repository_gates, user_gates
        from recanon.gates.gate import parse_gate

        given = tuple(Standing(parse_gate(text)) for text in self.gate)
        trusted = repository_gates(root) if self.trust_repository else ()
        return (*given, *user_gates(config_path(os.environ), root), *trusted)


@dataclass(frozen=True)
class ApplyGateOptions(GateOptions):
    """What must hold before and after, and what becomes of a run that a gate does not let through."""

    bisect: Annotated[
        bool, typer.Option("--bisect", help="When a gate fails, find the guilty files and roll back only those.")
    ] = False

    def asked(self, root: Path, pack: str) -> tuple[Standing, ...]:
        """Return the gates that the phases of a run may ask, each seen to be one that can be started.

        Args:
            root: the tree.
            pack: id of the pack.

        Raises:
            UsageError: a gate is wrong, or there is none to bisect by.
        """
        from recanon.gates.gate import check_programs

        found = tuple(gate for gate in self.standing(root) if gate.pack in ("", pack))
        check_programs((gate.gate for gate in found), root)
        if self.bisect and not found:
            raise UsageError("--bisect has no gate to find guilty files by", "Give one with --gate.")
        return found


def surveyor_of(root: Path, options: ReadOptions) -> Surveyor:
    """Return a function that tells how a tree stands, all phases of the pack at once, as `recanon audit` does.

    Args:
        root: the tree.
        options: pack and limits.
    """
    from recanon.audit import make_audit
    from recanon.detectors.deprecated import Deprecated
    from recanon.forecast import left_by_hand
    from recanon.gates.gate import Kind
    from recanon.gates.reading import Survey
    from recanon.pack import load_pack

    pack, settings = load_pack(options.pack, options.pack_options()), ReadOptions.settings(options)

    def survey(kind: Kind) -> Survey:
        if kind is Kind.MANUAL:
            return Survey(by_hand=left_by_hand(root, pack, settings))
        places = make_audit(root, pack, settings, detectors=(Deprecated.id,)).compliance.places
        return Survey(places.percent, broken="" if places.canonical + places.old else _NOTHING)

    return survey


def asked_of(standing: tuple[Standing, ...], root: Path, plan: Plan) -> tuple[Gate, ...]:
    """Return the gates that are asked for one plan, each once.

    Args:
        standing: all gates there are.
        root: the tree.
        plan: what shall be applied.
    """
    found = (entry.gate for entry in standing if entry.asked(root, plan.pack, plan.phases))
    return tuple(dict.fromkeys(found))


def write_gated(
    root: Path, plan: Plan, gates: tuple[Gate, ...], *, read: PlanOptions, options: ApplyGateOptions
) -> int:
    """Apply a plan between gates, tell what came of it, and return the exit code.

    Args:
        root: the tree.
        plan: what to write.
        gates: what must hold.
        read: pack, phases and limits, for the gates that read the tree again.
        options: how gates are run.
    """
    from recanon.gates.gated import Limits, gated_apply
    from recanon.report.gates import gated_sections
    from recanon.report.printer import say, say_account, say_sections
    from recanon.report.progress import progress

    limits = Limits(options.gate_timeout, options.bisect)
    with progress(sys.stderr) as tick:
        done = gated_apply(root, plan, gates, surveyor=surveyor_of(root, read), limits=limits, progress=tick)
    say_sections(sys.stdout, gated_sections(done))
    if done.guilty:
        say_account(sys.stdout, done.plan)
    if done.run:
        say(sys.stdout, f"To take it back: recanon rollback {root} --run {done.run}")
    return ExitCode.DONE if done.green else ExitCode.FAILED
