"""`recanon run`: a codemod that somebody wrote for LibCST, Bowler or Fixit, or a program that edits files."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from recanon.cli.asking import check_can_ask
from recanon.cli.command import command
from recanon.cli.frontier import ExitCode
from recanon.cli.options import MEMORY, TIMEOUT, AllowDirty, Include, Memory, OutputOptions, Timeout, Yes
from recanon.cli.output import check_output
from recanon.cli.planning import tree_root
from recanon.cli.showing import show_plan
from recanon.cli.writing import offer_plan
from recanon.errors import UsageError
from recanon.settings import Settings

if TYPE_CHECKING:
    from recanon.executor.supervisor import ServiceError
    from recanon.guests.run import GuestRun, Order

_DEFAULTS = Settings()

GuestName = Annotated[
    str, typer.Argument(metavar="GUEST", help="What to run; see the forms above.", show_default=False)
]
GuestTree = Annotated[Path, typer.Argument(metavar="[TREE]", help="The root of the repository.")]

app = typer.Typer(name="run", add_completion=False)


class GuestCommand(TyperCommand):
    """A command that hands on what stands behind `--`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Turn the words behind `--` into an option each, so that none of them is taken for TREE."""
        if "--" in args:
            at = args.index("--")
            args = [*args[:at], *(f"--argument={word}" for word in args[at + 1 :])]
        return super().parse_args(ctx, args)


@dataclass(frozen=True)
class GuestOptions:
    """Which files a guest is given, and how it is run."""

    argument: Annotated[
        list[str],
        typer.Option("--argument", metavar="WORD", help="A word for the guest, like those behind --. Repeatable."),
    ] = field(default_factory=list)
    path: Annotated[
        list[Path],
        typer.Option("--path", metavar="DIR", help="Look for the guest's modules in this folder first. Repeatable."),
    ] = field(default_factory=list)
    files: Annotated[list[str], typer.Option("--files", metavar="GLOB", help="Only these files count. Repeatable.")] = (
        field(default_factory=list)
    )
    exclude: Annotated[
        list[str], typer.Option("--exclude", metavar="GLOB", help="Leave these files alone. Repeatable.")
    ] = field(default_factory=list)
    holding: Annotated[
        list[str],
        typer.Option(
            "--holding", metavar="WORD", help="Give it only files that hold this word. Repeatable: one of them."
        ),
    ] = field(default_factory=list)
    include: Annotated[Include | None, typer.Option("--include", help="Also take what needs a person's eye.")] = None
    jobs: Annotated[
        int, typer.Option("--jobs", min=0, metavar="N", help="Worker processes; 0 means one per processor.")
    ] = _DEFAULTS.jobs
    timeout: Timeout = TIMEOUT
    memory: Memory = MEMORY
    max_bytes: Annotated[int, typer.Option("--max-bytes", min=1, metavar="N", help="Skip files that are larger.")] = (
        _DEFAULTS.max_bytes
    )
    max_lines: Annotated[int, typer.Option("--max-lines", min=1, metavar="N", help="Skip files that are longer.")] = (
        _DEFAULTS.max_lines
    )

    def order(self, guest: str) -> Order:
        """Return what is asked for.

        Raises:
            UsageError: the guest has no known form, or a folder of `--path` is not there.
        """
        from recanon.guests.run import Order
        from recanon.guests.selection import Choice
        from recanon.guests.spec import read_guest
        from recanon.guests.work import Effort

        for folder in self.path:
            if not folder.is_dir():
                raise UsageError(f"--path {folder} is no folder", "Give the folder that holds the guest's package.")
        choice = Choice(tuple(self.files), tuple(self.exclude), tuple(self.holding), self.max_bytes, self.max_lines)
        path = tuple(str(folder.absolute()) for folder in self.path)
        effort = Effort(self.jobs, self.timeout, self.memory << 20, path)
        return Order(read_guest(guest, tuple(self.argument)), choice, effort, review=self.include is not None)


@dataclass(frozen=True)
class WriteOptions:
    """Whether it is written, and what is shown besides."""

    apply: Annotated[bool, typer.Option("--apply", help="Write what a preview shows, as one run in the journal.")] = (
        False
    )
    yes: Yes = False
    allow_dirty: AllowDirty = False
    show_output: Annotated[bool, typer.Option("--show-output", help="Show what the guest printed, file by file.")] = (
        False
    )


@app.command(cls=GuestCommand)
@command
def run(
    guest: GuestName,
    options: GuestOptions,
    output: OutputOptions,
    write: WriteOptions,
    tree: GuestTree = Path("."),
) -> int:
    """Run a codemod of another library, or a program that edits files, as safely as a pack. Shows what it would do.

    A guest works on a copy of the tree in processes of its own. What it makes of a file goes through the same checks
    as the edits of a pack, and a file that fails one stands as it was. A guest that crashes, hangs or eats memory costs
    one file. It runs with your rights: run what you would run anyway.

    The forms of GUEST:

        libcst:package.module.Command         a LibCST codemod; its own arguments stand behind --
        bowler:file.py:query                  a Bowler query, or a function that returns one
        fixit:package.module:Rule             the autofix of a Fixit rule
        command:"program words {files}"       any program that edits the files that it is given

    Each file that counts is changed, unchanged, skipped, reverted or failed, and the sum is printed. When the guest
    failed on some, the exit code is 3.

    Examples:

        recanon run libcst:libcst.codemod.commands.convert_union_to_or.ConvertUnionToOrCommand .
        recanon run libcst:libcst.codemod.commands.rename.RenameCommand . -- --old_name a.f --new_name a.g
        recanon run bowler:queries.py:rename . --files "app/**" --apply
        recanon run fixit:fixit.rules:UseFstring . --check
        recanon run command:"ruff check --fix --select UP {files}" .
    """
    if write.apply:
        check_can_ask(write.yes, "run --apply")
    elif output.output is not None:
        check_output(output.output)
    root = tree_root(tree)
    done = _done(root, options.order(guest))
    if done is None:
        return ExitCode.USAGE
    if write.apply:
        code = offer_plan(root, done.plan, yes=write.yes, allow_dirty=write.allow_dirty)
    else:
        code = show_plan(done.plan, output, write="The same with --apply")
    _say_run(done, show_output=write.show_output)
    return code


def _done(root: Path, order: Order) -> GuestRun | None:
    """Run the guest; say why where it cannot be loaded."""
    from recanon.executor.supervisor import ServiceError
    from recanon.guests.run import run_guest
    from recanon.report.progress import progress

    try:
        with progress(sys.stderr) as tick:
            return run_guest(root, order, tick)
    except ServiceError as exc:
        _say_unfit(exc)
        return None


def _say_unfit(exc: ServiceError) -> None:
    """Print why the guest cannot be loaded, in as many lines as it takes, or the help that was asked for."""
    from recanon.report.printer import say

    asked = exc.message.startswith("usage:")
    for number, line in enumerate(exc.message.split("\n")):
        say(sys.stderr, line if asked or number else f"error: {line}")
    for number, line in enumerate(exc.hint.split("\n") if exc.hint else ()):
        say(sys.stderr, line if number else f"hint: {line}")


def _say_run(done: GuestRun, *, show_output: bool) -> None:
    """Print what a plan does not say, on standard error."""
    from recanon.report.guest import census_line, guest_sections, printed_line
    from recanon.report.printer import say, say_sections

    say_sections(sys.stderr, guest_sections(done, output=show_output))
    if (line := printed_line(done)) and not show_output:
        say(sys.stderr, line)
    say(sys.stderr, census_line(done), style="bold")
