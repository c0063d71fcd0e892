"""What a run on the disk came to: plain values for reports and exit codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from recanon.errors import RecanonError

Progress = Callable[[int, int, str], None]
"""Called with how many files are decided, how many there are, and the path just decided."""

NOTHING = "nothing to do"
_NAMED = 10  # paths in a message; the result holds all


class Refused(NamedTuple):
    """A file that was not written and stands as it was."""

    path: str
    reason: str
    hint: str = ""


class Recovered(NamedTuple):
    """An interrupted run that was put in order: which files hold its text, which do not, and which hold a third one."""

    run: str
    written: tuple[str, ...]
    unwritten: tuple[str, ...]
    foreign: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class RunResult:
    """What happened to each file of a run.

    Args:
        run: the run's id, or "" where nothing had to be recorded.
        written: files that now hold their new text, or are created or deleted.
        refused: files that stand as they were, each with its reason.
        unchanged: files that held the wanted text already.
        unwritten: files that were not reached because the run was stopped.
        kept: where the edited texts were kept that a forced rollback replaced.
        recovered: earlier runs that were found interrupted, and were put in order first.
        note: a sentence for the user, such as "nothing to do".
        created: those of the written files that were not there before.
        deleted: those of them that are not there any more.
        unknown: files that may be written or not: they could not be read any more. The next start finds out.
    """

    run: str
    written: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    unchanged: tuple[str, ...] = ()
    unwritten: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    recovered: tuple[Recovered, ...] = ()
    note: str = ""
    created: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether each file is in the state that was asked for."""
        return not self.refused and not self.unwritten and not self.unknown


class RunStoppedError(RecanonError):
    """The disk failed in the middle of a run. Every file holds its old or its new text; `result` says which.

    Args:
        cause: what the disk said.
        result: the account of the files up to then.
    """

    def __init__(self, cause: str, result: RunResult) -> None:
        written, unwritten, unknown = result.written, result.unwritten, result.unknown
        what = f"Run {result.run}" if result.run else "The run"
        super().__init__(
            f"{what} was stopped by the disk: {cause}. "
            f"Written ({len(written)}): {_names(written)}. Not written ({len(unwritten)}): {_names(unwritten)}."
            + (f" Not to be read, so written or not ({len(unknown)}): {_names(unknown)}." if unknown else ""),
            "No file is torn. When the cause is mended: "
            + ("`recanon recover` finishes the run or takes it back." if result.run else "run the same command again."),
        )
        self.result = result


def _names(paths: tuple[str, ...]) -> str:
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return (", ".join(paths[:_NAMED]) + more) or "none"
