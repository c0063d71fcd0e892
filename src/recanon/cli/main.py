"""The entry point: the commands, `--version`, and the signals that ask for an end."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import Annotated

import typer

from recanon import __version__
from recanon.cli.command import help_text
from recanon.cli.lazy import Entry, LazyGroup
from recanon.report.printer import say_error
from recanon.report.streams import prepare

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SOON = 0.01  # seconds

COMMANDS = {
    "packs": Entry(
        "packs",
        "List the packs, each with its phases, codemods and options; or print the page of one of them, as Markdown.",
    ),
    "audit": Entry(
        "audit", "Measure how far a tree has come on its way to the canonical API. Nothing is written into the tree."
    ),
    "preview": Entry(
        "preview", "Show what a migration would change, and what it leaves alone and why. Nothing is written."
    ),
    "plan": Entry(
        "plan", "Plan a migration phase by phase, with the risk of each file. Nothing is written into the tree."
    ),
    "gate": Entry(
        "gate", "Try gates on a tree as it is: what they find, how long they take, and whether apply could use them."
    ),
    "apply": Entry(
        "apply",
        "Write what preview shows as one run in the journal, or a plan file phase by phase, each as a run of its own.",
    ),
    "move": Entry("move", "Move or rename a function, class, value, module or package over the whole repository."),
    "rollback": Entry("rollback", "Give files back as they were before a run, byte for byte."),
    "recover": Entry(
        "recover",
        "Find runs that were interrupted by a kill, a full disk or a power cut, and finish them or take them back.",
    ),
    "runs": Entry(
        "runs", "List the runs of a tree, the latest first: what each was, where it stands today, and its files."
    ),
    "show": Entry("runs", "Show one run: its pack, its phases, and what became of each file."),
    "verify": Entry(
        "upkeep", "Check that everything can still be given back: each kept text is read and compared with its digest."
    ),
    "gc": Entry(
        "upkeep",
        "Take kept texts away that nobody needs: those of runs that were rolled back, and what a crash left half done.",
    ),
    "explain": Entry(
        "explain",
        "Tell why a place got its verdict: the site, its origin and the way there, the reason and what to do.",
    ),
    "report": Entry(
        "report",
        "Put the audit, the plan of all phases and the runs so far into one report. Nothing is written into the tree.",
    ),
    "check": Entry("check", "Check a pack: run its examples, and tell what they do not reach."),
    "run": Entry(
        "run",
        "Run a codemod of another library, or a program that edits files, as safely as a pack. Shows what it would do.",
        "app",
    ),
    "guard": Entry("guard", "Stop new uses of the old API against a baseline. Also: guard export, guard tests."),
    "fleet": Entry(
        "fleet", "Audit, preview or apply one migration over many repositories. One that fails costs itself alone."
    ),
    "new": Entry("new", "Make a pack or a codemod whose tests run, to begin with."),
}


class Recanon(LazyGroup):
    """The commands of recanon."""

    entries = COMMANDS


app = typer.Typer(
    name="recanon", cls=Recanon, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"recanon {__version__}")
        raise typer.Exit


def recanon(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Move a large Python repository to its one canonical way of doing a thing, and prove that it did no harm.

    First look, then write, take back what you do not like, and keep what was reached:

        recanon preview . --pack PACK
        recanon apply . --pack PACK
        recanon rollback . --all
        recanon guard . --pack PACK --baseline FILE

    Do it to many repositories, or let a cluster do the work:

        recanon fleet fleet.toml -o results
        recanon preview . --pack PACK --executor dask --scheduler tls://HOST:PORT

    Move any symbol, run the codemods that you have, or write your own:

        recanon move app.users.fetch app.people.load .
        recanon run libcst:package.module.Command .
        recanon new pack NAME

    After a kill or a crash, finish what was begun or take it back:

        recanon recover .

    Exit codes: 0 done; 1 changes found by --check, a red gate, something new or a baseline out of date by guard, a pack
    that fails its check, a run that waits for recover, or a damaged text found by verify; 2 wrong use, or a move that
    is refused; 3 some files failed and stand as they were; 4 a bug in recanon; 130 interrupted.
    """


app.callback(help=help_text(recanon))(recanon)


def run() -> None:
    """Run the command line of this process; leaves by `SystemExit`."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115 - for the whole process
    for stream in (sys.stdout, sys.stderr):
        prepare(stream)
    _end_politely()
    try:
        app(prog_name="recanon")
    except SystemExit as ended:
        for number in _SIGNALS:  # what is left to be done takes no time, and must not end in a traceback
            signal.signal(number, signal.SIG_IGN)
        if isinstance(getattr(ended.__context__, "__cause__", None), KeyboardInterrupt):  # Typer says nothing of it
            say_error(sys.stderr, "interrupted")
        raise ended from None


def _end_politely() -> None:
    """Take a polite request to end as an interruption like Ctrl-C, which ends in the same orderly way."""
    owner = os.getpid()

    def end(number: int, _frame: FrameType | None) -> None:
        if os.getpid() == owner:
            raise KeyboardInterrupt
        # A worker process inherits this function by fork, but dies of the signal as ever.
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def again(unraisable: sys.UnraisableHookArgs) -> None:
        # Python drops what is raised in a destructor, as it drops the Ctrl-C that falls into one: it comes once more.
        if unraisable.exc_type is KeyboardInterrupt:
            signal.signal(signal.SIGALRM, end)
            signal.setitimer(signal.ITIMER_REAL, _SOON)
        else:
            sys.__unraisablehook__(unraisable)

    sys.unraisablehook = again
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` stays in force
            signal.signal(number, end)
