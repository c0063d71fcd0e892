"""Judge each site after a move: right, missed or wrong; and find changes where nothing should have changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.move.align import Alignment, align
from benchmarks.move.beside import beside
from benchmarks.move.denoted import Jedi, inside, names_inside
from benchmarks.move.trees import Trees, defines
from benchmarks.move.truth import Move, Place


@dataclass(slots=True)
class Score:
    """The sites of a move by verdict, and the changes beside them."""

    right: list[Place] = field(default_factory=list)
    missed: list[Place] = field(default_factory=list)
    wrong: list[Place] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)

    def put(self, place: Place, *, right: bool, touched: bool) -> None:
        """File a site under its verdict."""
        (self.right if right else self.wrong if touched else self.missed).append(place)


@dataclass(slots=True)
class Judge:
    """Judges one move in two trees."""

    jedi: Jedi
    trees: Trees
    move: Move
    found: Score = field(default_factory=Score)
    gone: list[Place] = field(default_factory=list)
    waiting: list[tuple[Place, Place, bool]] = field(default_factory=list)

    @property
    def leaf(self) -> str:
        """Return the last part of the new name."""
        return self.move.new.rpartition(".")[2]

    def file(self, file: str) -> None:
        """Judge the sites of one file."""
        name = self.trees.later(file, self.move)
        sites = [at for at in self.move.sites if at[0] == file]
        if name is None:
            self.found.missed += sites
            return
        before, after = text_of(self.trees.before / file), text_of(self.trees.after / name)
        quoted = {at[1:]: quoted_like(before, at, want) for at, want in self.move.strings if at[0] == file}
        if before == after and not sites and not quoted:
            return
        found = align(before, after, {**{at[1:]: self.leaf for at in sites}, **quoted})
        if not (self.trees.laid and file == self.move.target):
            self.found.beside += beside(found, (before, after), self.move, file)
        for spot, want in quoted.items():
            there = found.went.get(spot)
            touched = there is None or there.text != token_at(before, spot)
            self.found.put((file, *spot), right=there is not None and there.text == want, touched=touched)
        self.names(file, name, sites, found)

    def names(self, file: str, name: str, sites: list[Place], found: Alignment) -> None:
        """Note what to ask about the names of one file; those that are gone wait for the end."""
        carried = [at for at in sites if self.move.carried and inside(self.trees.before, self.move, at)]
        before = text_of(self.trees.before / file)
        for at in sites:
            there = found.went.get(at[1:])
            if at in carried:
                continue
            if there is None:
                self.gone.append(at)
            else:
                self.ask(at, (name, *there.spot), touched=there.text != token_at(before, at[1:]))
        self.carried(carried)

    def carried(self, sites: list[Place]) -> None:
        """Note what to ask about the names inside a definition that went to another module, its own name too."""
        there = [] if self.trees.laid else names_inside(self.trees.after / self.move.target, self.move)
        if len(there) == len(sites) and not defines(self.trees.after / self.move.home, self.leaf):
            for at, spot in zip(sites, there, strict=True):
                self.ask(at, (self.move.target, *spot), touched=True)
        else:
            for at in sites:
                self.found.put(at, right=False, touched=bool(there))

    def ask(self, at: Place, now: Place, *, touched: bool) -> None:
        """Note that a site is to be judged by what stands at a place now."""
        self.waiting.append((at, now, touched))

    def rest(self) -> None:
        """Judge the names, then the sites that are gone: no harm where all names of the file are right without."""
        answers = self.jedi.ask([now for _, now, _ in self.waiting])
        for (at, _, touched), answer in zip(self.waiting, answers, strict=True):
            self.found.put(at, right=self.jedi.is_new(answer), touched=touched)
        names = set(self.move.sites)
        bad = {at[0] for at in (*self.found.missed, *self.found.wrong) if at in names}
        for at in self.gone:
            others = [item for item in self.move.sites if item[0] == at[0] and item not in self.gone]
            self.found.put(at, right=bool(others) and at[0] not in bad, touched=True)


def text_of(path: Path) -> str:
    """Return the text of a file."""
    return path.read_bytes().decode("utf-8")


def token_at(text: str, spot: tuple[int, int]) -> str:
    """Return the name or the string that starts at a place of a text."""
    rest = text.splitlines()[spot[0] - 1][spot[1] - 1 :]
    if rest[0] in "\"'":
        return rest[: rest.index(rest[0], 1) + 1]
    end = next((n for n, letter in enumerate(rest) if not (letter.isalnum() or letter == "_")), len(rest))
    return rest[:end]


def quoted_like(text: str, at: Place, want: str) -> str:
    """Return what should stand at a string, in the quotes that it has."""
    quote = token_at(text, at[1:])[0]
    return f"{quote}{want}{quote}"


def score(jedi: Jedi, trees: Trees, move: Move) -> Score:
    """Judge a move, file by file.

    Args:
        jedi: Answers what a name of the tree denotes after the move.
        trees: The tree before and after.
        move: The move.

    Returns:
        The sites by verdict, and the changes beside them.
    """
    judge = Judge(jedi, trees, move)
    for path in sorted(trees.before.rglob("*.py")):
        if path.is_file():
            judge.file(str(path.relative_to(trees.before)))
    judge.rest()
    return judge.found
