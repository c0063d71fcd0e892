"""`recanon fleet`: the same migration for many repositories."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recanon.cli.asking import REFUSED_BY_USER, agreed, check_can_ask
from recanon.cli.command import command
from recanon.cli.frontier import ExitCode
from recanon.cli.options import Yes
from recanon.cli.output import read_input, write_output
from recanon.errors import UsageError
from recanon.fleet.outcome import Action

if TYPE_CHECKING:
    from recanon.fleet.outcome import Outcome
    from recanon.fleet.work import Assignment, Worked

_RESULTS = "fleet.json"

FleetFile = Annotated[
    Path, typer.Argument(metavar="FLEET", help="The file that names the repositories: fleet.toml.", show_default=False)
]


@dataclass(frozen=True)
class FleetOptions:
    """What is done with the repositories."""

    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Where the results go; made if it is not there.")
    ]
    do: Annotated[Action, typer.Option("--do", help="What is done with each repository.")] = Action.PREVIEW
    branch: Annotated[
        str, typer.Option("--branch", metavar="NAME", help="The branch that apply makes. [default: recanon/PACK]")
    ] = ""
    at_once: Annotated[
        int, typer.Option("--at-once", min=1, metavar="N", help="Repositories that are worked on at the same time.")
    ] = 1
    jobs: Annotated[
        int, typer.Option("--jobs", min=0, metavar="N", help="Processes for each; 0 shares the processors out.")
    ] = 0
    limit: Annotated[
        float, typer.Option("--limit", min=1, metavar="SECONDS", help="Time for each command that is run.")
    ] = 3600.0


@command
def fleet(file: FleetFile, options: FleetOptions, yes: Yes = False) -> int:
    """Audit, preview or apply one migration over many repositories. One that fails costs itself alone.

    The file names the pack and the repositories, each a folder of this machine:

        pack = "websocket-ssot"
        [[repository]]
        path = "../backend"
        [[repository]]
        path = "../billing"
        exclude = ["vendor/**"]

    Results go to a folder for each of
    them: audit.json, or plan.json and changes.patch, and log.txt with every command that was run. With --do apply a
    branch is made in each repository, with one commit for each phase, in a worktree of its own: no checkout is
    touched, and nothing is pushed. pull-request.md has the text to go with it.

    What was done before is not done again as long as the commit, the pack and the options are the same; after a kill,
    give the same words again.

    Examples:

        recanon fleet fleet.toml -o results
        recanon fleet fleet.toml -o results --do audit --at-once 4
        recanon fleet fleet.toml -o results --do apply --yes
    """
    from recanon.report.content import many
    from recanon.report.fleet import fleet_lines, fleet_sum
    from recanon.report.printer import say

    if options.do is Action.APPLY:
        check_can_ask(yes, "fleet --do apply")
    given = _assignment(file, options)
    number = len(given.fleet.repositories)
    question = f"Make a branch {given.branch} in {many(number, 'repository', 'repositories')}?"
    if options.do is Action.APPLY and not agreed(yes, question):
        return REFUSED_BY_USER
    made = _made(given, options.at_once)
    for line in (*fleet_lines(made), fleet_sum(made)):
        say(sys.stdout, line)
    return ExitCode.DONE if all(item.state == "done" for item in made) else ExitCode.FAILED


def _made(given: Assignment, at_once: int) -> list[Outcome]:
    """Work on all repositories, and write down what has become of them after each; return it in their order."""
    from recanon.fleet.run import run_fleet
    from recanon.report.printer import say
    from recanon.report.progress import progress

    before = _before(given.folder)
    made: dict[str, Outcome] = {}
    with progress(sys.stderr) as tick:
        for worked, known in run_fleet(given, at_once, before):
            made[worked.outcome.name] = worked.outcome
            _keep(given, worked, {**before, **made})
            if tick is not None:
                tick("repositories", len(made), len(given.fleet.repositories))
            elif not known:
                say(sys.stderr, f"{worked.outcome.name}: {worked.outcome.state}")
    return [made[repository.name] for repository in given.fleet.repositories]


def _assignment(file: Path, options: FleetOptions) -> Assignment:
    from recanon.fleet.config import read_fleet
    from recanon.fleet.work import Assignment
    from recanon.pack import read_outline
    from recanon.pack.outline import check_phases

    described = read_fleet(file)
    pack = read_outline(described.pack)
    check_phases(pack.migration, described.phases)
    try:
        options.output.mkdir(exist_ok=True)
    except OSError as exc:
        raise UsageError(f"-o {options.output} cannot be made: {exc.strerror}", "Choose another folder.") from exc
    jobs = options.jobs or max(1, (os.cpu_count() or 1) // options.at_once)
    branch = options.branch or f"recanon/{pack.id}"
    return Assignment(described, options.do, options.output.resolve(), branch, jobs, options.limit)


def _before(folder: Path) -> dict[str, Outcome]:
    """Return the outcomes of an earlier go."""
    import msgspec

    from recanon.fleet.outcome import SCHEMA, Results

    file = folder / _RESULTS
    if not file.exists():
        return {}
    try:
        found = msgspec.json.decode(read_input(file), type=Results)
    except msgspec.DecodeError as exc:
        raise UsageError(f"{file} holds no results of a fleet: {exc}", "Choose another folder with -o.") from exc
    return found.outcomes if found.schema == SCHEMA else {}


def _keep(given: Assignment, worked: Worked, made: dict[str, Outcome]) -> None:
    """Write down what has become of the repositories so far, and the text of a pull request."""
    import msgspec

    from recanon.fleet.outcome import SCHEMA, Results
    from recanon.pack import read_outline
    from recanon.report.fleet import pull_request_text

    if worked.rest is not None:
        text = pull_request_text(worked.outcome, worked.rest, read_outline(given.fleet.pack).title)
        write_output(given.folder / worked.outcome.name / "pull-request.md", text.encode("utf-8", "backslashreplace"))
    results = msgspec.json.format(msgspec.json.encode(Results(SCHEMA, made)), indent=1)
    write_output(given.folder / _RESULTS, results + b"\n")
