"""A tree and its model: what may stand in each file after each thing that recanon, a user or a kill does to it.

Every text is made once, so that a text says where it comes from. What the model knows of a file:

- `texts`: what stands there now, None for no file;
- `users`: texts that a user wrote; where one stands, nobody else may take it away unasked;
- `chains`: what runs made of it, the last one first, so that the way back is known;
- `unsure`: files of killed runs: the journal alone knows how far these came, and any text of `ever` may come back;
- `upon`: the texts that killed runs were to replace, and may when they are finished.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from faults.trees import everything, fill, leftovers, snapshot
from recanon.outcome import Account
from recanon.plan import ChangeKind, FileChange, Plan
from recanon.rollback import Mode, Request
from recanon.upkeep import verify_journal

PATHS = ("a.py", "p/q/c.py", "p/-n\n\x1b.py", "r/e.py")
_EDITED = ".recanon-edited"

Text = bytes | None


@dataclass
class Life:
    """The tree, its model, and the rules of what may become of a file.

    Args:
        root: the tree.
    """

    root: Path
    texts: dict[str, Text] = field(default_factory=dict)
    users: set[bytes] = field(default_factory=set)
    chains: dict[str, list[tuple[Text, Text]]] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    ever: dict[str, set[Text]] = field(default_factory=dict)
    upon: dict[str, set[Text]] = field(default_factory=dict)
    kept: dict[str, bytes] = field(default_factory=dict)
    untouched: bool = True
    number: int = 0
    checks: int = 0

    def begin(self) -> None:
        """Lay the tree out; one file is not there."""
        for path in PATHS[:-1]:
            self.texts[path] = self.fresh(path)
        self.texts[PATHS[-1]] = None
        fill(self.root, {path: text for path, text in self.texts.items() if text is not None})
        self.chains = {path: [] for path in PATHS}
        self.ever = {path: {self.texts[path]} for path in PATHS}
        self.upon = {path: set() for path in PATHS}
        self.start = snapshot(self.root)

    def fresh(self, path: str, like: Text = None, *, line: int = 0, word: bytes = b"new") -> bytes:
        """Return a text that no file has ever had: another one with a line of it made new."""
        self.number += 1
        lines = (like or b"".join(b"%d of %a\n" % (n, path) for n in range(9))).splitlines(keepends=True)
        lines[line % len(lines)] = b"%d %b\n" % (self.number, word)
        return b"".join(lines)

    def plan(self, paths: Iterable[str], go: bool) -> Plan:
        """Return a plan for files as they are now: they are edited, come where they are not, or go if it is asked."""
        changes = []
        for number, path in enumerate(sorted(set(paths))):
            old = self.texts[path]
            new = None if go and old is not None and number % 2 else self.fresh(path, old)
            kind = ChangeKind.CREATE if old is None else ChangeKind.DELETE if new is None else ChangeKind.EDIT
            phases = ("one",) if number % 2 else ("two",)
            changes.append(FileChange(path, old or b"", new or b"", phases=phases, kind=kind))
        some = (len(changes), len(changes))
        return Plan("pack", {}, ("one", "two"), tuple(changes), (), (), (), Account(0), *some)

    def user(self, path: str, text: Text) -> None:
        """A user writes a file, or deletes it."""
        self.untouched = False
        self.texts[path] = text
        self.ever[path].add(text)
        if text is None:
            (self.root / path).unlink()
        else:
            self.users.add(text)
            fill(self.root, {path: text})

    def found(self) -> dict[str, Text]:
        """Return what stands in the tree, and see that nothing else does but edited texts that were kept."""
        files = {path: text for path, (text, _) in snapshot(self.root).items()}
        strange = {path for path in files.keys() - set(PATHS) if _EDITED not in path and not path.endswith(".tmp")}
        assert not strange, f"files that nobody made: {strange}"
        for path, text in self.kept.items():
            assert files.get(path) == text, f"an edited text that was kept is gone: {path}"
        self.kept = {path: text for path, text in files.items() if _EDITED in path}
        known = set[Text]().union(*self.ever.values())
        assert known.issuperset(self.kept.values()), "an edited text that was kept is torn"
        return {path: files.get(path) for path in PATHS}

    def after_apply(self, plan: Plan, *, killed: bool) -> None:
        """A planned file has its new text where it was as planned; after a kill it may have it."""
        planned = {change.path: (change.old, change.new) for change in plan.changes}
        for path, (_, new) in planned.items():
            self.ever[path].add(new)
        found = self.found()
        for path in PATHS:
            was = self.texts[path]
            old, new = planned.get(path, (None, was))
            fits = path in planned and was == old
            self._expect(path, found[path], {was, new} if fits and killed else {new} if fits else {was})
            if killed and path in planned:
                self.unsure.add(path)
                self.upon[path].add(old)
            elif fits:
                self.chains[path].insert(0, (old, new))
            self.texts[path] = found[path]

    def after_rollback(self, asked: Request, *, killed: bool) -> None:
        """A file goes back as far as its chain leads, or one step of it; not over what a user made of it."""
        found, mode = self.found(), asked.mode
        for path in PATHS:
            was = self.texts[path]
            if asked.paths and not any(path == part or path.startswith(f"{part}/") for part in asked.paths):
                self._expect(path, found[path], {was})
                continue
            rest, back = self._way(path, mode, 99 if asked.everything else 1)
            exact = {back} if asked.everything and not killed else {was, back}
            known = self.ever[path] if path in self.unsure else exact
            merged = mode is Mode.MERGE and found[path] not in known
            self._check_user(path, found[path], mode)
            if path not in self.unsure:
                merged = merged and self._holds_lines(back, found[path])
                self._expect(path, found[path], {found[path]} if merged else exact)
            if killed or merged:
                self.unsure.add(path)
            elif found[path] == back:
                self.chains[path] = rest
            self._took(path, found[path], merged=merged)

    def after_recovery(self, *, finished: bool, taken: bool) -> None:
        """Only files that a killed run had to do with change, and none that a user has written since."""
        found = self.found()
        for path in PATHS:
            was = self.texts[path]
            may = path in self.unsure and (finished or taken)
            self._expect(path, found[path], {was, *self.ever[path]} if may else {was})
            if not (finished and was in self.upon[path]):
                self._check_user(path, found[path], Mode.FORCE if finished else Mode.REFUSE)
            self._took(path, found[path], merged=False)

    def unchanged(self) -> None:
        """Nothing has happened to any file."""
        found = self.found()
        for path in PATHS:
            self._expect(path, found[path], {self.texts[path]})

    def check(self) -> None:
        """See that every text by which a file can be given back is whole."""
        health = verify_journal(self.root)
        assert not health.damaged, f"the way back is broken: {health.damaged}"

    def end(self, complete: bool) -> None:
        """Everything was rolled back: without a user, all is as it was at the start."""
        assert not leftovers(self.root), f"left over: {leftovers(self.root)}"
        if self.untouched:
            assert complete, "something was refused, and no user was there"
            assert snapshot(self.root) == self.start, "not as it was at the start"
            assert everything(self.root) == self._names(), "other folders than at the start"

    def _names(self) -> set[str]:
        parts = [path.split("/") for path in self.start]
        return {"/".join(part[: n + 1]) for part in parts for n in range(len(part))}

    def _way(self, path: str, mode: Mode, steps: int) -> tuple[list[tuple[Text, Text]], Text]:
        """Follow a chain; return what is left of it, and the text that it leads to."""
        chain, text = list(self.chains[path]), self.texts[path]
        while chain and steps:
            before, after = chain[0]
            if text not in (before, after) and (mode is not Mode.FORCE or text is None or after is None):
                break
            text = before
            chain.pop(0)
            steps -= 1
        return chain, text

    def _expect(self, path: str, found: Text, allowed: set[Text]) -> None:
        self.checks += 1
        assert found in allowed, f"{path!r} holds {found!r}, and not one of {allowed}"

    def _check_user(self, path: str, found: Text, mode: Mode) -> None:
        """A user's text stays; by force it is kept beside; by a merge its own line stays."""
        was = self.texts[path]
        if was not in self.users or found == was:
            return
        assert mode is not Mode.REFUSE, f"a user's text is gone: {path!r}: {was!r} -> {found!r}"
        if mode is Mode.FORCE:
            assert was in self.kept.values(), f"a user's text is gone: {path!r}"
        else:
            assert self._holds_lines(was, found), f"a user's lines are gone: {path!r}: {was!r} -> {found!r}"

    def _holds_lines(self, text: Text, found: Text) -> bool:
        """Whether the lines of users in a text are in another one."""
        own = [line for line in (text or b"").splitlines() if line.endswith(b"user")]
        return found is not None and bool(own) and all(line in found.splitlines() for line in own)

    def _took(self, path: str, found: Text, *, merged: bool) -> None:
        self.texts[path] = found
        self.ever[path].add(found)
        if merged and found is not None:
            self.users.add(found)
