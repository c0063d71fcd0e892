"""Run the command line over a plan made by hand: `python driver.py PICKLE WORDS...`.

The services below the edge are replaced, so that what is shown here is the edge alone. Some pack names make trouble.
"""

from __future__ import annotations

import pickle
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from recanon.errors import UsageError
from recanon.plan import Plan
from recanon.settings import Settings


class NamedPack(str):
    """A pack of which nothing but its name is known."""

    __slots__ = ()

    @property
    def without_guests(self) -> NamedPack:
        """The pack itself: it has no guests."""
        return self

    @property
    def migration(self) -> None:
        """What it describes; nobody looks at it here."""


class Services:
    """What stands in for the packs, the session and the disk; remembers what it was asked for."""

    def __init__(self, plan: Plan, result: Any = None) -> None:
        self.plan = plan
        self.result = result
        self.asked: list[tuple[Any, ...]] = []

    def load_pack(self, name: str, options: Mapping[str, str]) -> NamedPack:
        self.asked.append(("pack", name, dict(options)))
        return self.read_outline(name, options)

    def read_outline(self, name: str, options: Mapping[str, str]) -> NamedPack:
        if name == "unknown":
            raise UsageError("there is no pack unknown", "Did you mean sample?")
        return NamedPack(name)

    def list_packs(self) -> tuple[Any, ...]:
        option = SimpleNamespace(name="prefix", default="app", help="The package.", choices=("app", "lib"))
        phase = SimpleNamespace(id="production", title="What runs for users")
        codemod = SimpleNamespace(id="class-paths", title="One import path for the class")
        parts = {"options": (option,), "phases": (phase,), "codemods": (codemod,)}
        about = {"title": "A sample", "description": "From old\nto new.", "origin": "by hand", "place": "here"}
        return (SimpleNamespace(id="sample", trouble="", **about, **parts),)

    def make_plan(
        self,
        root: Path,
        pack: str,
        settings: Settings,
        progress: Callable[[str, int, int], None] | None = None,
        *,
        decide: None = None,
        prior: object = None,
    ) -> Plan:
        self.asked.append(("plan", root, pack, settings))
        if pack == "crash":
            raise RuntimeError("a \x1b[31mwrong turn")
        if pack == "interrupt":
            raise KeyboardInterrupt
        if pack == "disk":
            raise OSError(28, "No space left on device", "some/file")
        if pack == "wait":
            (root / "ready").touch()
            until = time.monotonic() + 20
            while not (root / "go").exists() and time.monotonic() < until:
                time.sleep(0.02)
        for stage in ("read", "re\x1bsolve"):
            if progress is not None:
                progress(stage, 1, 2)
        return self.plan

    def apply_plan(self, root: Path, plan: Plan, *, progress: Callable[[int, int, str], None] | None = None) -> Any:
        self.asked.append(("apply", root, plan))
        for number, change in enumerate(plan.changes, 1):
            if progress is not None:
                progress(number, len(plan.changes), change.path)
        return self.result

    def modules(self) -> dict[str, ModuleType]:
        """Return the modules to put in the place of the real ones."""
        names = ("pack", "session", "apply", "plan_cache", "tree_cache", "state")
        made = {name: ModuleType(f"recanon.{name}") for name in names}
        pack, session, disk, plans, trees, state = made.values()
        vars(pack).update(
            load_pack=self.load_pack, read_outline=self.read_outline, list_packs=self.list_packs, pack_id=str
        )
        vars(session).update(
            make_plan=self.make_plan,
        )
        vars(disk).update(apply_plan=self.apply_plan)
        vars(plans).update(recall_plan=lambda *_: None)
        vars(trees).update(TreeCache=lambda *_: None)
        vars(state).update(Prior=lambda *_: None, read_state=lambda *_, **__: None)
        return {module.__name__: module for module in made.values()}


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as stream:
        sys.modules.update(Services(*pickle.load(stream)).modules())
    del sys.argv[1]
    from recanon.cli.main import run

    run()
