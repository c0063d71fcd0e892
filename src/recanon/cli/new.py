"""`recanon new`: a pack or a codemod whose tests run, to begin with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from recanon.cli.command import command, help_text
from recanon.cli.frontier import ExitCode

new = typer.Typer(name="new", no_args_is_help=True, add_completion=False)
Name = Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and hyphens.", show_default=False)]


def _new() -> None:
    """Make a pack or a codemod whose tests run, to begin with.

    Nothing that is there is overwritten.

    Examples:

        recanon new pack one-clock
        recanon new codemod old-clock --pack one_clock
    """


new.callback(help=help_text(_new))(_new)


@new.command("pack")
@command
def pack(
    name: Name,
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="The folder to make; by default NAME.")] = None,
) -> int:
    """Make a pack with one codemod, its examples and their tests. Nothing that is there is overwritten.

    Example:

        recanon new pack one-clock
    """
    from recanon.pack.skeleton import make_pack
    from recanon.report.printer import say

    made = make_pack(name, folder)
    for path in made:
        say(sys.stdout, str(path))
    say(sys.stdout, f"{len(made)} files written. Next: recanon check {made[0]}")
    return ExitCode.DONE


@new.command("codemod")
@command
def codemod(
    name: Name,
    pack: Annotated[Path, typer.Option("--pack", metavar="PATH", help="The folder of the pack.")],
) -> int:
    """Make a codemod in a pack, with its examples. Nothing that is there is overwritten.

    Its name with `_` for `-` is the old function that it is about, till you change it. What the description needs is
    printed.

    Example:

        recanon new codemod old-clock --pack one_clock
    """
    from recanon.pack.skeleton import make_codemod
    from recanon.report.printer import say

    made, entry = make_codemod(name, pack)
    for path in made:
        say(sys.stdout, str(path))
    say(sys.stdout, f"Add this to {pack / 'pack.toml'}:")
    sys.stdout.write(f"\n{entry}")
    return ExitCode.DONE
