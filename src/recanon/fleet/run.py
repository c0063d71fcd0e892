"""Work on all repositories of a fleet, several at once; what was done before is not done again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from recanon.executor.local import Lost, Workers
from recanon.fleet.config import Repository
from recanon.fleet.outcome import Outcome, State
from recanon.fleet.work import Assignment, Worked, key_of, work_on
from recanon.settings import Bounds

_UNBOUND = Bounds(float("inf"), 0)  # each command has its own limit


def run_fleet(given: Assignment, at_once: int, before: Mapping[str, Outcome]) -> Iterator[tuple[Worked, bool]]:
    """Work on the repositories of a fleet.

    Args:
        given: what is done.
        at_once: how many are worked on at the same time.
        before: the outcomes of an earlier go, by name.

    Returns:
        Each repository as it is done, and whether that was so before.

    Raises:
        RecanonError: the pack is wrong.
    """
    rest: list[Repository] = []
    for repository in given.fleet.repositories:
        earlier = before.get(repository.name)
        if earlier is not None and _stands(earlier, key_of(repository, given)):
            yield Worked(earlier), True
        else:
            rest.append(repository)
    with Workers(at_once, _UNBOUND) as workers:
        for repository, found in workers.run(partial(work_on, given=given), rest, 1):
            yield (_lost(repository, given, found) if isinstance(found, Lost) else found), False


def _stands(earlier: Outcome, key: str) -> bool:
    return earlier.state is not State.FAILED and bool(key) and earlier.key == key


def _lost(repository: Repository, given: Assignment, lost: Lost) -> Worked:
    return Worked(Outcome(repository.name, given.action, State.FAILED, reason=lost.reason))
