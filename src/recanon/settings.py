"""Limits and choices of a run that do not belong to a pack."""

from __future__ import annotations

from dataclasses import dataclass

from recanon.outcome import Verdict


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the work on one file may take.

    Args:
        seconds: time for it.
        memory: bytes of address space besides what is there before, on Linux; 0 for no limit.
    """

    seconds: float = 60.0
    memory: int = 4 << 30


@dataclass(frozen=True, slots=True)
class Cluster:
    """A dask cluster that does the work.

    Args:
        address: of its scheduler, such as `tls://host:8786`.
        plaintext: whether an address of another machine may be one without TLS.
        patience: seconds that the scheduler, or its first worker, is waited for.
        chunk: how many items go together at least, and what is no more stays here; 0 leaves it to the kind of work.
    """

    address: str
    plaintext: bool = False
    patience: float = 30.0
    chunk: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run reads and what it applies.

    Args:
        exclude: extra glob patterns of files that are left alone.
        phases: phases to run; empty means all phases of the pack that run by default.
        include: verdicts whose rewrites are applied.
        jobs: worker processes; 0 means as many as there are processors.
        max_bytes: larger files are skipped.
        max_lines: longer files are skipped.
        bounds: what the work on one file may take; None works in this process, where nothing can be bounded.
        cluster: who does the work instead of this machine, where there is somebody.
    """

    exclude: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    include: frozenset[Verdict] = frozenset({Verdict.SAFE})
    jobs: int = 0
    max_bytes: int = 5_000_000
    max_lines: int = 50_000
    bounds: Bounds | None = Bounds()
    cluster: Cluster | None = None
