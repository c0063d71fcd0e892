"""From the words on a guard's command line to a baseline, the files asked for, and a look at the tree."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recanon.cli.options import NoCache, ReadOptions
from recanon.cli.output import check_name, check_output
from recanon.errors import UsageError
from recanon.regular import read_regular
from recanon.report.progress import progress

if TYPE_CHECKING:
    from recanon.cache import Cache
    from recanon.guard.baseline import Baseline
    from recanon.guard.look import Look, Reading
    from recanon.pack import Pack


class GuardFormat(StrEnum):
    """What a guard prints."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


@dataclass(frozen=True)
class GuardOptions:
    """What is compared, and how it is told."""

    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="FILE", help="The file with the known places.")
    ] = None
    update: Annotated[
        bool, typer.Option("--update", help="Take out of the baseline what is gone, and follow what moved.")
    ] = False
    allow_new: Annotated[
        bool, typer.Option("--allow-new", help="With --update: put what is new into the baseline too.")
    ] = False
    changed_since: Annotated[
        str | None,
        typer.Option("--changed-since", metavar="REF", help="Speak only of what changed since HEAD left REF."),
    ] = None
    format: Annotated[
        GuardFormat,
        typer.Option("--format", help="Lists for a person, JSON, annotations for GitHub Actions, or SARIF."),
    ] = GuardFormat.TEXT
    no_cache: NoCache = False

    def file(self) -> Path:
        """Return the baseline's file.

        Raises:
            UsageError: none is given, or options contradict each other.
        """
        if self.baseline is None:
            raise UsageError(
                "no baseline is given", "Give --baseline FILE; with --update --allow-new the first one is made."
            )
        if self.allow_new and not self.update:
            raise UsageError("--allow-new does nothing without --update", "Give both to put in what is new.")
        if self.update and self.format is not GuardFormat.TEXT:
            raise UsageError(
                f"--update has no output as {self.format}", "Leave --format out, or run once more with it."
            )
        (check_output if self.update else check_name)(self.baseline, "--baseline")
        return self.baseline


def repeated(read: ReadOptions) -> list[str]:
    """Return the options that say what is read, so that a command can be shown that takes the same ones."""
    words = [word for value in read.set_ for word in ("--set", value)]
    words += [word for value in read.exclude for word in ("--exclude", value)]
    return ["--pack", read.pack, *words]


def read_baseline(path: Path, pack: Pack, first: list[str], *, make: bool) -> tuple[Baseline, str]:
    """Return a baseline and the text of its file.

    Args:
        path: the file.
        pack: the pack that it must be made for.
        first: the command that makes the first baseline.
        make: whether an empty one is returned when there is none.

    Raises:
        UsageError: it is not there, cannot be read, is damaged, or was made for another pack or other options.
    """
    from recanon.guard.baseline import Baseline, parse

    options = dict(pack.migration.options)
    if not os.path.lexists(path):
        if make:
            return Baseline(pack.info.id, options, frozenset()), ""
        raise UsageError(
            f"there is no baseline {path}", f"To make the first one from the tree as it is: {shlex.join(first)}"
        )
    try:
        text = read_regular(path).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise UsageError(f"{path} cannot be read: {exc}", "Take it from version control, or make a new one.") from exc
    baseline = parse(text, str(path))
    baseline.check_fits(pack.info.id, options, str(path))
    return baseline, text


def asked_for(root: Path, files: list[Path], ref: str | None, known: Collection[str]) -> Callable[[str], bool]:
    """Return which files are spoken of.

    Args:
        root: the tree.
        files: files and folders, as seen from the current folder; none means all.
        ref: a commit; only what changed since is spoken of.
        known: files of the baseline.

    Raises:
        UsageError: files and a commit are given, a file is not in the tree, or git does not know the commit.
    """
    from recanon.guard.changed import changed_since

    if files and ref is not None:
        raise UsageError("FILES and --changed-since are two answers to one question", "Give one of them.")
    if ref is not None:
        return changed_since(root, ref).__contains__
    if not files:
        return lambda _: True
    wanted = {_within(root, file, known) for file in files}
    return lambda path: path in wanted or any(one == "" or path.startswith(f"{one}/") for one in wanted)


def _within(root: Path, file: Path, known: Collection[str]) -> str:
    """Return a file or folder relative to the root; "" is the root itself."""
    full = Path(os.path.realpath(file.parent), file.name) if file.name not in ("", "..") else file.resolve()
    path = full.relative_to(root).as_posix() if full.is_relative_to(root) else None
    there = os.path.lexists(full) or any(other == path or other.startswith(f"{path}/") for other in known)
    if path is None or not there:
        what = "is not there" if path is not None else f"is not in {root}"
        raise UsageError(f"{file} {what}", "Give files of the tree, as seen from the current folder.")
    return "" if path == "." else path


def looked(root: Path, pack: Pack, read: ReadOptions, no_cache: bool) -> Look:
    """Look the tree over, with a bar on a terminal."""
    from recanon.guard.look import Looker
    from recanon.scan import silent

    with progress(sys.stderr) as tick:
        return Looker(root, pack, read.settings(), cache=_cache(no_cache), progress=tick or silent).look()


def check_known(root: Path, pack: Pack, baseline: Baseline, look: Look) -> None:
    """Make sure that a tree without any place is a finished one and not another one, before a baseline is emptied.

    Raises:
        UsageError: the baseline has places, and the tree has neither a place nor a canonical module.
    """
    from recanon.discover import discover
    from recanon.resolve.names import ModuleMap
    from recanon.right_tree import check_right_tree

    if baseline.entries and not look.places:
        check_right_tree(pack, ModuleMap.of(discover(root).files))


def read_tree(root: Path, pack: Pack, read: ReadOptions, no_cache: bool) -> Reading:
    """Read the tree without judging it, with a bar on a terminal."""
    from recanon.guard.look import Looker
    from recanon.scan import silent

    with progress(sys.stderr) as tick:
        return Looker(root, pack, read.settings(), cache=_cache(no_cache), progress=tick or silent).read_all()


def _cache(no_cache: bool) -> Cache:
    from recanon.cache import Cache

    return Cache(None) if no_cache else Cache.of_user()
