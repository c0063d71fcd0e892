"""The options that several commands share, in groups."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from recanon.errors import UsageError
from recanon.outcome import Verdict
from recanon.settings import Bounds, Cluster, Settings

_DEFAULTS = Settings()

Tree = Annotated[Path, typer.Argument(metavar="TREE", help="The root of the repository.", show_default=False)]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking; needed where there is no terminal.")]


Timeout = Annotated[float, typer.Option("--timeout", min=0.1, metavar="SECONDS", help="Time for one file.")]
Memory = Annotated[
    int, typer.Option("--memory", min=0, metavar="MB", help="Address space for one file, on Linux; 0: no limit.")
]
TIMEOUT, MEMORY = Bounds().seconds, Bounds().memory >> 20
NoCache = Annotated[bool, typer.Option("--no-cache", help="Work everything out anew, and remember nothing.")]
AllowDirty = Annotated[
    bool, typer.Option("--allow-dirty", help="Also write files with changes that are not committed.")
]


class Include(StrEnum):
    """Verdicts that can be applied on top of `safe`."""

    REVIEW = "review"


class Executor(StrEnum):
    """Who does the work."""

    LOCAL = "local"
    DASK = "dask"


class Format(StrEnum):
    """What preview prints."""

    DIFF = "diff"
    SUMMARY = "summary"
    JSON = "json"


@dataclass(frozen=True)
class ReadOptions:
    """What is read, and how."""

    pack: Annotated[
        str,
        typer.Option(
            "--pack", metavar="PACK", help="The pack to run: its id, as `recanon packs` lists it, or its path."
        ),
    ]
    exclude: Annotated[
        list[str], typer.Option("--exclude", metavar="GLOB", help="Leave these files alone. Repeatable.")
    ] = field(default_factory=list)
    set_: Annotated[
        list[str], typer.Option("--set", metavar="KEY=VALUE", help="Set an option of the pack. Repeatable.")
    ] = field(default_factory=list)
    jobs: Annotated[
        int, typer.Option("--jobs", min=0, metavar="N", help="Worker processes; 0 means one per processor.")
    ] = _DEFAULTS.jobs
    max_bytes: Annotated[int, typer.Option("--max-bytes", min=1, metavar="N", help="Skip files that are larger.")] = (
        _DEFAULTS.max_bytes
    )
    max_lines: Annotated[int, typer.Option("--max-lines", min=1, metavar="N", help="Skip files that are longer.")] = (
        _DEFAULTS.max_lines
    )

    timeout: Timeout = TIMEOUT
    memory: Memory = MEMORY

    def settings(self) -> Settings:
        """Return the part that does not belong to the pack."""
        return Settings(
            exclude=tuple(self.exclude),
            jobs=self.jobs,
            max_bytes=self.max_bytes,
            max_lines=self.max_lines,
            bounds=Bounds(self.timeout, self.memory << 20),
        )

    def pack_options(self) -> dict[str, str]:
        """Return the `--set` options.

        Raises:
            UsageError: one has no `=`, no key, or a key comes twice with two values.
        """
        options: dict[str, str] = {}
        for text in self.set_:
            key, equals, value = text.partition("=")
            if not (key and equals):
                raise UsageError(f"--set {text} has no value", "Write it as --set KEY=VALUE.")
            if options.setdefault(key, value) != value:
                raise UsageError(f"--set {key} is given twice, as {options[key]} and as {value}", "Give it once.")
        return options


@dataclass(frozen=True)
class PlanOptions(ReadOptions):
    """What a plan is made of."""

    phase: Annotated[
        list[str], typer.Option("--phase", metavar="NAME", help="Only this phase of the pack. Repeatable.")
    ] = field(default_factory=list)
    include: Annotated[
        Include | None, typer.Option("--include", help="Also take the rewrites that need a person's eye.")
    ] = None
    no_cache: NoCache = False
    executor: Annotated[
        Executor, typer.Option("--executor", help="Who does the work: this machine, or a dask cluster.")
    ] = Executor.LOCAL
    scheduler: Annotated[
        str, typer.Option("--scheduler", metavar="ADDRESS", help="The cluster's scheduler, such as tls://host:8786.")
    ] = ""
    plaintext: Annotated[
        bool, typer.Option("--plaintext", help="Also use a scheduler of another machine without TLS.")
    ] = False

    def settings(self) -> Settings:
        """Return the part that does not belong to the pack.

        Raises:
            UsageError: a scheduler and no cluster is asked for, or a cluster and no scheduler.
        """
        include = frozenset({Verdict.SAFE} | ({Verdict.REVIEW} if self.include else set()))
        return replace(super().settings(), phases=tuple(self.phase), include=include, cluster=self._cluster())

    def _cluster(self) -> Cluster | None:
        if self.executor is Executor.LOCAL:
            if self.scheduler:
                raise UsageError("--scheduler is for --executor dask", "Say both, or leave it out.")
            return None
        if not self.scheduler:
            raise UsageError("--executor dask is not told where the scheduler is", "Say --scheduler ADDRESS.")
        return Cluster(self.scheduler, self.plaintext)


@dataclass(frozen=True)
class OutputOptions:
    """What preview prints, and where."""

    format: Annotated[Format, typer.Option("--format", help="A diff with the lists, the lists alone, or JSON.")] = (
        Format.DIFF
    )
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write diff, lists or JSON to this file."),
    ] = None
    check: Annotated[bool, typer.Option("--check", help="Exit with 1 when anything would change.")] = False
