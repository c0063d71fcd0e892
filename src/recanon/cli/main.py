"""The entry point: the commands, `--version`, and the signals that ask for an end."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import Annotated

import typer

from recanon import __version__
from recanon.cli.apply import apply
from recanon.cli.audit import audit
from recanon.cli.check import check
from recanon.cli.command import help_text
from recanon.cli.explain import explain
from recanon.cli.gate import gate
from recanon.cli.guard import guard
from recanon.cli.move import move
from recanon.cli.new import new
from recanon.cli.packs import packs
from recanon.cli.plan import plan
from recanon.cli.preview import preview
from recanon.cli.recover import recover
from recanon.cli.report import report
from recanon.cli.rollback import rollback
from recanon.cli.run import GuestCommand
from recanon.cli.run import run as run_guest
from recanon.cli.runs import runs, show
from recanon.cli.upkeep import gc, verify
from recanon.report.printer import say_error
from recanon.report.streams import prepare

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SOON = 0.01  # seconds

app = typer.Typer(name="recanon", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for _command in (packs, audit, preview, plan, gate, apply, move, rollback, recover, runs, show, verify, gc, explain):
    app.command()(_command)
for _command in (report, check):
    app.command()(_command)
app.command(cls=GuestCommand)(run_guest)
app.add_typer(guard, help="Stop new uses of the old API against a baseline. Also: guard export, guard tests.")
app.add_typer(new, name="new", help="Make a pack or a codemod whose tests run, to begin with.")


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
