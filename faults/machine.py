"""A machine that does what users, recanon and kills do to a tree, in any order, and asks the model after each step."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Callable
from dataclasses import replace
from enum import IntEnum
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from faults.file_systems import KILLED, Dying, in_child
from faults.lives import PATHS, Life
from recanon.apply import apply_plan
from recanon.disk import FileSystem
from recanon.errors import JournalError, UsageError
from recanon.journal.state import open_state
from recanon.plan import Plan
from recanon.recovery import finish, put_in_order, take_back
from recanon.rollback import Mode, Request, rollback
from recanon.upkeep import drop_unneeded

_MEMORY = "/dev/shm"
_HELD = "20200101T000000.000Z-000000"
_LAST = 90  # operation at which something is killed
KILLS = st.one_of(st.none(), st.none(), st.integers(1, _LAST))
SOME = st.lists(st.sampled_from(PATHS), min_size=1, max_size=4, unique=True)
ONE = st.sampled_from(PATHS)
MODES = st.sampled_from(list(Mode))
TOUCHES = ("edit", "edit", "edit", "delete", "chmod")
WAYS = ("put in order", "finish", "finish", "take back", "collect", "collect", "meet")
ASKED = (
    *(Request(everything=True),) * 3,
    *(Request(run="last"),) * 2,
    *(Request(phase="one"), Request(phase="two"), Request(paths=("p",)), Request(paths=PATHS)),
    *(Request(paths=PATHS[:1], everything=True), Request(paths=PATHS[1:], everything=True)),
)
REQUESTS = st.sampled_from(ASKED)


class End(IntEnum):
    """What came of something; an exit code of a process."""

    DONE = 0
    REFUSED = 5
    KILLED = KILLED


class Lives(RuleBasedStateMachine):
    """The machine."""

    def __init__(self) -> None:
        super().__init__()
        folder = _MEMORY if Path(_MEMORY).is_dir() else None
        self.place = tempfile.TemporaryDirectory(prefix="recanon-faults-", dir=folder)
        self.life = Life(Path(self.place.name))
        self.plans: list[Plan] = []

    @property
    def root(self) -> Path:
        """The tree."""
        return self.life.root

    @initialize(kill=KILLS)
    def begin(self, kill: int | None) -> None:
        """Lay the tree out, and migrate it."""
        self.life.begin()
        self._apply(self.life.plan(PATHS, go=True), kill)

    @rule(paths=SOME, go=st.booleans(), kill=KILLS, at_once=st.booleans())
    def migrate(self, paths: list[str], go: bool, kill: int | None, at_once: bool) -> None:
        """Plan upon the tree as it is; apply that at once, or keep it until the tree has perhaps left it behind."""
        plan = self.life.plan(paths, go)
        if at_once:
            self._apply(plan, kill)
        else:
            self.plans.append(plan)

    @precondition(lambda self: self.plans)
    @rule(which=st.integers(0, 2), kill=KILLS)
    def apply(self, which: int, kill: int | None) -> None:
        """Apply one of the last plans that were kept."""
        self._apply(self.plans[-1 - which % len(self.plans)], kill)

    @rule(paths=SOME, line=st.integers(0, 8), how=st.sampled_from(TOUCHES))
    def touch(self, paths: list[str], line: int, how: str) -> None:
        """A user changes a line of files or makes them, deletes them, or gives them another mode."""
        for path in paths:
            if how == "edit":
                self.life.user(path, self.life.fresh(path, self.life.texts[path], line=line, word=b"user"))
            elif self.life.texts[path] is not None and how == "delete":
                self.life.user(path, None)
            elif self.life.texts[path] is not None:
                self.life.untouched = False
                (self.root / path).chmod((0o644, 0o755, 0o600)[line % 3])

    @rule(request=REQUESTS, mode=MODES, kill=KILLS)
    def roll_back(self, request: Request, mode: Mode, kill: int | None) -> None:
        """Give back something."""
        asked = replace(request, mode=mode)
        end, _ = self._done(partial(rollback, self.root, asked), kill)
        if end is End.REFUSED:
            self.life.unchanged()
        else:
            self.life.after_rollback(asked, killed=end is End.KILLED)

    @rule(kill=KILLS, way=st.sampled_from(WAYS))
    def keep_up(self, kill: int | None, way: str) -> None:
        """Put killed runs in order, finish them, or take them back; take texts away; meet another run."""
        if way == "meet":
            self._meet()
        elif way == "collect":
            self._done(partial(drop_unneeded, self.root), kill)
            self.life.unchanged()
        else:
            works: dict[str, Callable[..., object]] = {"finish": finish, "take back": take_back}
            self._done(partial(works.get(way, put_in_order), self.root), kill)
            self.life.after_recovery(finished=way == "finish", taken=way == "take back")

    def _apply(self, plan: Plan, kill: int | None) -> None:
        end, _ = self._done(partial(apply_plan, self.root, plan), kill)
        assert end is not End.REFUSED
        self.life.after_apply(plan, killed=end is End.KILLED)

    def _meet(self) -> None:
        with open_state(self.root, FileSystem(), run=_HELD):
            for work in (partial(apply_plan, self.root, self.life.plan(PATHS, go=False)), partial(finish, self.root)):
                try:
                    work()
                except JournalError:
                    continue
                raise AssertionError("it did not see that another run holds the lock")
        self.life.unchanged()

    @invariant()
    def whole(self) -> None:
        """All that can be given back is whole."""
        self.life.check()

    def teardown(self) -> None:
        """Roll everything back."""
        try:
            if self.life.texts:
                put_in_order(self.root)
                asked = Request(everything=True)
                result = rollback(self.root, asked)
                self.life.after_rollback(asked, killed=False)
                self.life.end(result.complete)
        finally:
            self.place.cleanup()

    def _done(self, work: Callable[..., object], kill: int | None) -> tuple[End, object]:
        """Do something, or be killed on the way; return what came of it, and its result where it was done here."""
        if kill is not None:
            return End(in_child(partial(_ending, partial(work, files=Dying(kill))))), None
        try:
            return End.DONE, work()
        except UsageError:
            return End.REFUSED, None


def _ending(work: Callable[[], object]) -> None:
    try:
        work()
    except UsageError:
        os._exit(End.REFUSED)


def wander(chance: random.Random, steps: int) -> int:
    """Let the machine do as many steps by chance, each kind as often as it should be; return how much was checked.

    Raises:
        AssertionError: something is not as the model has it; the message tells the steps.
    """
    machine, told = Lives(), []
    try:
        for number in range(steps):
            name, arguments = _step(machine, chance) if number else ("begin", {"kill": _kill(chance)})
            told.append(f"{name}({', '.join(f'{key}={value!r}' for key, value in arguments.items())})")
            getattr(machine, name)(**arguments)
            machine.whole()
        told.append("teardown()")
    except AssertionError as exc:
        machine.place.cleanup()
        raise AssertionError(f"{exc} after {'; '.join(told)}") from exc
    machine.teardown()
    return machine.life.checks


def _step(machine: Lives, chance: random.Random) -> tuple[str, dict[str, Any]]:
    paths = chance.sample(PATHS, chance.randrange(1, len(PATHS) + 1))
    kill, flip = _kill(chance), chance.random() < 0.5
    steps: tuple[tuple[str, dict[str, Any]], ...] = (
        ("migrate", {"paths": paths, "go": flip, "kill": kill, "at_once": chance.random() < 0.7}),
        ("apply", {"which": chance.randrange(3), "kill": kill}),
        ("touch", {"paths": paths[:2], "line": chance.randrange(9), "how": chance.choice(TOUCHES)}),
        ("roll_back", {"request": chance.choice(ASKED), "mode": chance.choice(list(Mode)), "kill": kill}),
        ("keep_up", {"kill": kill, "way": chance.choice(WAYS)}),
    )
    name, arguments = chance.choices(steps, (4, 2, 3, 4, 3))[0]
    return (name, arguments) if name != "apply" or machine.plans else steps[0]


def _kill(chance: random.Random) -> int | None:
    return chance.choice((None, None, chance.randrange(1, _LAST)))
