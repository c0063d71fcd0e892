"""Make a Python tree of any size with the proportions of a real one, and a list of what is planted in it.

    python -m benchmarks.make_tree FOLDER [--files 10000] [--seed 1]

The proportions are those of a backend of 9,913 files and 185 MB: how large its files are, how many of them use the API
that the pack `websocket-ssot` migrates, and in which forms (`benchmarks/tree_uses.py`). Names and texts are made up.
The same arguments make the same bytes. `planted.json` beside the folder lists every line that must change, with its
text before and after; all other lines must stay.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

from benchmarks.tree_uses import API, CONSUMERS, FORMS, Form, awaited

# Sizes of the files of the real tree in bytes, at these shares of them.
_SHARES = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)
_SIZES = (0, 67, 725, 1_674, 6_122, 14_582, 25_400, 38_936, 50_080, 86_837, 250_000)
_FOLDERS = 10.4  # files in one, on average
_TESTS = 0.62  # share of the files that are tests
_TEXT = """
account agent batch budget cache channel claim cluster commit corpus cursor digest event export field filter
flow graph group handler index input job journal key label lease limit link load log map market message metric
model node offer order owner packet page patch plan pool port price profile query queue quota range record
region report request result role route rule run sample schema scope score segment sensor session shard signal
slot source stage state step stock stream table task tenant thread ticket token topic trace unit update user
value vector view window
"""
_WORDS = tuple(_TEXT.split())


@dataclass(frozen=True, slots=True)
class Planted:
    """A line that must change.

    Args:
        file: relative to the tree.
        line: from 1.
        kind: import, call, reference or patch.
        old: the symbol that it uses.
        before: its text.
        after: what must stand there.
    """

    file: str
    line: int
    kind: str
    old: str
    before: str
    after: str


class Maker:
    """Makes texts by chance.

    Args:
        chance: the source of all chance.
    """

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.numbers = count()

    def size(self) -> int:
        """Return how large the next file is, in bytes."""
        share = self.chance.random()
        place = next(at for at in range(1, len(_SHARES)) if share <= _SHARES[at])
        low, high = _SHARES[place - 1], _SHARES[place]
        part = (share - low) / (high - low)
        return int(_SIZES[place - 1] + part * (_SIZES[place] - _SIZES[place - 1]))

    def name(self) -> str:
        """Return a name of two words."""
        return f"{self.chance.choice(_WORDS)}_{self.chance.choice(_WORDS)}"

    def body(self, size: int) -> Iterator[str]:
        """Yield lines of code until they have a size."""
        while size > 0:
            made = self.klass() if self.chance.random() < 0.3 else self.function("")
            size -= sum(len(line) + 1 for line in made)
            yield from made

    def klass(self) -> list[str]:
        """Return a class with some methods."""
        name = "".join(part.title() for part in self.name().split("_"))
        lines = ["", "", f"class {name}{next(self.numbers)}:", f'    """Keep a {self.name()} for the {self.name()}."""']
        for _ in range(self.chance.randint(1, 5)):
            lines += self.function("    ")
        return lines

    def function(self, indent: str) -> list[str]:
        """Return a function, or a method."""
        own = "self, " if indent else ""
        name, other, more = self.name(), self.name(), self.name()
        lines = [] if indent else [""]
        lines += ["", f"{indent}def {name}_{next(self.numbers)}({own}{other}, {more}=None):"]
        lines += [f'{indent}    """Return the {self.name()} of a {other}, which a {more} may narrow down."""']
        lines += [f"{indent}    found = {{}}"]
        for _ in range(self.chance.randint(1, 9)):
            lines += [indent + "    " + line for line in self.statement(other, more)]
        return [*lines, f"{indent}    return found"]

    def statement(self, one: str, two: str) -> list[str]:
        """Return a statement over two names."""
        key = self.name()
        return self.chance.choice(
            (
                [f'found["{key}"] = {one}.get("{key}", {self.chance.randint(0, 999)})'],
                [f"if {two} is not None and {one}:", f'    found["{key}"] = [{two}, *sorted({one})]'],
                [f"for {key}, number in enumerate({one}):", f'    found[str({key})] = f"{{number}}: {{{two}}}"'],
                [f"# The {key} is only known once the {self.name()} has been asked for it."],
                ["try:", f'    found["{key}"] = int({one})', "except (TypeError, ValueError):", f"    {two} = None"],
                [f"with open(str({one}), encoding='utf-8') as {key}:", f"    found.update(a={key}.read(), b={two})"],
            )
        )


def paths(chance: random.Random, files: int) -> list[str]:
    """Return the names of so many modules, in folders of packages."""
    tests, production = (
        ["/".join((top, *chance.choices(_WORDS, k=chance.randint(1, 3)))) for _ in range(int(files / _FOLDERS / 2) + 1)]
        for top in ("tests", "netra_backend/app")
    )
    kinds = [chance.random() < _TESTS for _ in range(files)]
    return [
        f"{chance.choice(tests)}/test_{chance.choice(_WORDS)}_{number}.py"
        if is_test
        else f"{chance.choice(production)}/{chance.choice(_WORDS)}_{number}.py"
        for number, is_test in enumerate(kinds)
    ]


def form_of(chance: random.Random, path: str) -> Form | None:
    """Return how a file uses the API; None for most."""
    if path in CONSUMERS:
        return Form(1.0, awaited)
    draw = chance.random()
    for form in FORMS:
        if not form.fits(path):
            continue
        draw -= form.share
        if draw < 0:
            return form
    return None


def make_tree(root: Path, files: int, seed: int) -> list[Planted]:
    """Write a tree.

    Args:
        root: a folder that is not there yet.
        files: how many Python files it gets.
        seed: of all chance.

    Returns:
        The lines that must change.
    """
    chance = random.Random(seed)
    maker = Maker(chance)
    for path, text in API.items():
        _write(root / path, text)
    planted: list[Planted] = []
    modules = [*CONSUMERS, *paths(chance, files - len(API) - len(CONSUMERS))]
    for path in modules:
        form, size = form_of(chance, path), maker.size()
        lines = [f'"""Take care of each {maker.name()}."""', ""] if size else []
        marked = form.make(chance.randrange(1_000_000)) if form is not None else []
        used = sum(len(line.text) + 1 for line in marked)
        split = next((at for at, line in enumerate(marked) if not line.heads), len(marked))
        whole = [*((None, line) for line in lines), *((line, line.text) for line in marked[:split])]
        whole += [(None, line) for line in maker.body(size - used)]
        whole += [(line, line.text) for line in marked[split:]]
        for number, (line, text) in enumerate(whole, 1):
            if line is not None and line.after is not None:
                planted.append(Planted(path, number, line.kind, line.old, text, line.after))
        _write(root / path, "\n".join([*(text for _, text in whole), ""]) if whole else "")
    return planted


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def main() -> None:
    """Read the command line, and make the tree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.folder.exists():
        raise SystemExit(f"{args.folder} is there already")
    planted = make_tree(args.folder, args.files, args.seed)
    beside = args.folder.with_name(args.folder.name + ".planted.json")
    beside.write_text(json.dumps([asdict(each) for each in planted], indent=1) + "\n")
    print(f"{args.folder}: {args.files} files, {len(planted)} lines must change: {beside}")


if __name__ == "__main__":
    main()
