"""Random tables with the functions that they speak of, and random programs that call the old one.

Both functions give what they were given under the names of the old parameters, so that a call of one and the rewritten
call of the other must give the same, and compute it in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

HEAD = """
X = 4


def t(n):
    print("computed", n)
    return n


"""
IMPORTS = {
    "from shop.prior import old": "old",
    "from shop.prior import old as other": "other",
    "from shop.prior import *": "old",
    "import shop.prior": "shop.prior.old",
    "import shop.prior as so": "so.old",
    "from shop import prior": "prior.old",
}
VALUES = ("1", "'s'", "None", "X", "-2", "b'b'", "t(2)", "t(3)", "(w := t(4))", "'a' 'b'", "tuple(i for i in 'ab')")
PLACES = (
    "print({call})",
    "print({call}, {call})",
    "print((lambda: {call})())",
    "print([{call} for i in range(2)])",
    "print({call} if X else 0)",
    "print(str({call})[:30])",
    "if X:\n    print({call})",
    "for v{n} in [{call}]:\n    print(v{n})",
    "def f{n}(a={call}):\n    return a\n\n\nprint(f{n}())",
    "def f{n}():\n    from shop.prior import old\n    return {local}\n\n\nprint(f{n}())",
    "def f{n}(new):\n    return {call}\n\n\nprint(f{n}(1))",
    "@(lambda value: lambda f: value)({call})\ndef f{n}(): ...\n\n\nprint(f{n})",
)


@dataclass(frozen=True)
class Old:
    """The old function: its parameters, those by keyword alone, and those with a default."""

    names: tuple[str, ...]
    by_keyword: frozenset[str]
    defaults: frozenset[str]


class Case:
    """A table, its two functions, and a program."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        count = self.random.randint(1, 4)
        names = tuple(f"p{number}" for number in range(count))
        first, alone = self.random.randint(0, count), self.random.randint(0, count - 1)
        self.old = Old(names, frozenset(names[count - alone :]), frozenset(names[first:]))
        self.removed = [name for name in names[1:] if self.chance(0.2)]
        self.kept = [name for name in names if name not in self.removed]
        self.renamed = {name: f"q{name[1:]}" for name in self.kept if self.chance(0.5)}
        self.explicit = [name for name in self.kept if name in self.old.defaults and self.chance(0.4)]
        self.added = ["z"] if self.chance(0.4) else []

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def tables(self) -> str:
        """Return the table; of the new order it says nothing, or what is wrong."""
        rules = {
            "rename": _table({old: f'"{new}"' for old, new in self.renamed.items()}),
            "default": _table({name: f"\"'{name}'\"" for name in self.explicit}),
            "add": _table(dict.fromkeys(self.added, "9")),
            "remove": f"{self.removed}" if self.removed else "",
            "keyword": '"all"' if self.chance(0.2) else "",
            "order": f"{self.new_names()[::-1]}" if self.chance(0.2) else "",
        }
        said = "".join(f"{key} = {value}\n" for key, value in rules.items() if value)
        head = '[[symbol]]\nname = "old"\nhome = "shop.prior"\nbecomes = "shop.later.new"\n'
        return f"{head}[symbol.arguments]\n{said}" if said else head

    def new_names(self) -> list[str]:
        return [*(self.renamed.get(name, name) for name in self.kept), *self.added]

    def files(self) -> dict[str, str]:
        """Return the tree: the two functions, and the program."""
        by_position = [name for name in self.old.names if name not in self.old.by_keyword]
        before = _parameters(by_position, sorted(self.old.by_keyword), self.old.defaults)
        new = self.new_names()
        self.random.shuffle(new)
        back = {self.renamed.get(name, name): name for name in self.kept}
        optional = {name for name in new if back.get(name, name) in self.old.defaults}
        by_position = sorted(new[: self.random.randint(0, len(new))], key=optional.__contains__)
        after = _parameters(by_position, [name for name in new if name not in by_position], optional, back)
        given = [f"{name!r}: {self.renamed.get(name, name)}" for name in self.kept]
        body = "def {}({}):\n    return {{{}}}\n"
        return {
            "shop/__init__.py": "",
            "shop/prior.py": body.format("old", before, ", ".join(f"{name!r}: {name}" for name in self.kept)),
            "shop/later.py": body.format("new", after, ", ".join(given)),
            "use.py": self.program(),
        }

    def program(self) -> str:
        statement, name = self.random.choice(list(IMPORTS.items()))
        places = (
            self.random.choice(PLACES).format(call=self.call(name), local=self.call("old"), n=n) for n in range(8)
        )
        return f"{statement}\n{HEAD}" + "\n".join(places) + "\n"

    def call(self, name: str, depth: int = 0) -> str:
        """Return a call that the old function takes."""
        by_position: list[str] = []
        by_keyword: list[str] = []
        for param in self.old.names:
            if param in self.old.defaults and self.chance(0.4):
                continue
            value = self.value(name, depth)
            stands = len(by_position) == self.old.names.index(param) and param not in self.old.by_keyword
            if stands and self.chance(0.7):
                by_position.append(value)
            else:
                by_keyword.append(f"{param}={value}")
        self.random.shuffle(by_keyword)
        joiner, layout = self.random.choice([(", ", "{}({})"), (", ", "{}({})"), (",  # next\n    ", "{}(\n    {}\n)")])
        return layout.format(name, joiner.join([*by_position, *by_keyword]))

    def value(self, name: str, depth: int) -> str:
        return self.call(name, depth + 1) if depth < 2 and self.chance(0.15) else self.random.choice(VALUES)


def _table(entries: dict[str, str]) -> str:
    return f"{{ {', '.join(f'{key} = {value}' for key, value in entries.items())} }}" if entries else ""


def _parameters(
    by_position: list[str],
    by_keyword: list[str],
    optional: set[str] | frozenset[str],
    back: dict[str, str] | None = None,
) -> str:
    def said(name: str) -> str:
        return f"{name}='{(back or {}).get(name, name)}'" if name in optional else name

    star = ["*"] if by_keyword else []
    return ", ".join([*map(said, by_position), *star, *map(said, by_keyword)])
