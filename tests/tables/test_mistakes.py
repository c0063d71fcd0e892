"""A mistake in a `pack.toml` is named with its file, line, table and key, and with what to do."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from recanon.errors import PackError, UsageError
from recanon.pack.toml import fill_in, read_description
from tests.tables.kit import HEAD

SYMBOL = '[[symbol]]\nname = "create"\nhome = "shop"\nbecomes = "shop.make"\n'
RULE = '[[symbol.when]]\nverdict = "manual"\n'


def mistake(tmp: Path, text: str) -> PackError:
    path = tmp / "mine" / "pack.toml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        fill_in(read_description(path), {})
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        (SYMBOL + "argumants = {}\n", 8, "[[symbol]] create: no key 'argumants'", "Did you mean arguments?"),
        (SYMBOL + "[symbol.arguments]\nrenam = {}\n", 9, "[symbol.arguments] create: no key 'renam'", "rename"),
        (SYMBOL + "[[symbol.when]]\nfiel = 'test'\nverdict = 'left'\n", 9, "no key 'fiel'", "file"),
        ("[options.x]\ndefalt = ''\n", 5, "[options.x]: no key 'defalt'", "default"),
        ("\n\n[[symbol]]\nname = 3\n", 7, "[[symbol]] 3: name is a whole number, not a text", 'Write it as "text".'),
        ("[scope]\n\n# which\nproduction = 'x'\n", 7, "[scope]: production is a text, not a list", "Write it as ["),
        ("[symbol]\nname = 'x'\n", 4, "symbol is one table, not a list of tables", "Write it as [[symbol]]."),
        (SYMBOL + 'verdict = "sage"\n', 8, "verdict cannot be 'sage'", "Did you mean safe?"),
        (SYMBOL + RULE + 'use = ["cal"]\n', 10, "use cannot be 'cal'", "Did you mean call?"),
        (SYMBOL.replace('home = "shop"\n', ""), 4, "[[symbol]] create: no home", "It is needed."),
        (SYMBOL.replace("shop.make", "mak"), 7, "[[symbol]] create: no [canonical] key mak", "Known: none."),
        (SYMBOL + SYMBOL, 8, "[[symbol]] create: is described in line 4 already", "Put both tables together."),
        (SYMBOL + 'codemod = "x"\nadvice = "y"\n', 9, "'advice' beside a codemod", "Take one of both out."),
        (SYMBOL.replace('becomes = "shop.make"\n', ""), 4, "no becomes", "verdict"),
        (SYMBOL + 'signature = "url"\n', 8, "signature cannot be read", "Write it as"),
        (SYMBOL + 'signature = "(url)"\narguments.remove = ["ulr"]\n', 9, "the signature has no ulr", "url"),
        (SYMBOL + 'arguments.add = { tz = "UTC" }\n', 8, "add.tz: UTC is not defined at the call", "`imports`"),
        (SYMBOL + 'arguments.add = { tz = "1 +" }\n', 8, "is no Python expression", "Write a Python expression"),
        (SYMBOL + 'arguments = { remove = ["a"], rename = { a = "b" } }\n', 8, "remove and rename both speak of a", ""),
        (SYMBOL + 'arguments.rename = { a = "b" }\narguments.order = ["a"]\n', 9, "order names a, which is ren", "b"),
        (SYMBOL + 'arguments.keyword = ["a"]\narguments.positional = ["a"]\n', 9, "both by keyword and by pos", ""),
        (SYMBOL + 'arguments.add = { tz = "await x()" }\n', 8, "does something to the function around the call", ""),
        (SYMBOL + "arguments.add = { tz = inf }\n", 8, "add.tz: inf is no Python expression", "float('inf')"),
        (SYMBOL + "arguments.rename = { a = 'b c' }\n", 8, "rename: 'b c' is no name of a parameter", "one word"),
        (SYMBOL + "arguments.add = { class = 1 }\n", 8, "add: 'class' is no name of a parameter", "one word"),
        (SYMBOL + "arguments.rename = { a = 'c', b = 'c' }\n", 8, "rename: two parameters become c", "Rename one"),
        (SYMBOL + "arguments = { add = { b = 1 }, default = { b = 2 } }\n", 8, "add and default both give b", "Take"),
        (SYMBOL + "arguments.order = ['a', 'a']\n", 8, "order names a twice", "Take one out."),
        (SYMBOL + "imports = ['math']\n", 8, "imports names math, which is in no module", "module.name"),
        (
            SYMBOL.replace("shop.make", "shop.create"),
            7,
            "[[symbol]] create: becomes itself",
            "Name what takes its place",
        ),
        (
            SYMBOL + SYMBOL.replace("create", "make").replace("shop.make", "shop.new"),
            7,
            "line 8 replaces",
            "in the end",
        ),
        (SYMBOL + RULE + 'gives = ["a"]\nlacks = ["a"]\n', 8, "rule 1 can never hold: the call would have", ""),
        (SYMBOL + RULE + 'use = ["import"]\ngives = ["a"]\n', 8, "'gives' speaks of calls", ""),
        (SYMBOL + RULE + RULE + 'gives = ["a"]\n', 10, "rule 2 can never hold: rule 1 decides all", "Put it before"),
        (SYMBOL + RULE + 'file = "production"\n', 8, "[scope] names no production code", ""),
        (SYMBOL + 'signature = "(a)"\n' + RULE + 'gives = ["b"]\n', 9, "the signature has no b", ""),
        (
            SYMBOL.replace("shop.make", "shop:create"),
            7,
            "[[symbol]] create: becomes itself",
            "Name what takes its place",
        ),
        (SYMBOL.replace("create", "A.class"), 5, "A.class is no name", "Write it as name, or as Class.member."),
        ('[[module]]\npath = "a"\nbecomes = "a"\n', 6, "[[module]] a: becomes itself", "Name the new module."),
        ('[[phase]]\nid = "a"\n[[phase]]\nid = "a"\n', 7, "there is a phase a already", "Rename one."),
        ('[canonical]\na = "b.c"\nd = 3\n', 6, "[canonical]: d is a whole number", ""),
    ],
)
def test_a_mistake_is_placed(tmp_path: Path, text: str, line: int, message: str, hint: str) -> None:
    error = mistake(tmp_path, HEAD + text)
    assert error.message.startswith(f"mine/pack.toml:{line}: "), error.message
    assert message in error.message
    assert hint in error.hint


def test_two_tables_of_one_id_and_an_example_of_none_are_refused(tmp_path: Path) -> None:
    from recanon.pack import load_pack

    folder = tmp_path / "twice"
    folder.mkdir()
    two = SYMBOL + SYMBOL.replace('home = "shop"', 'home = "other"')
    (folder / "pack.toml").write_text(HEAD + two, encoding="utf-8")
    with pytest.raises(PackError, match="two tables of pack mine are called create"):
        load_pack(folder)
    (folder / "pack.toml").write_text(HEAD + SYMBOL, encoding="utf-8")
    (folder / "examples.toml").write_text('[[example]]\nof = "creat"\ntitle = "t"\nbefore = ""\n', encoding="utf-8")
    with pytest.raises(PackError, match="has examples of creat") as caught:
        load_pack(folder)
    assert caught.value.hint == "Did you mean create?"


@pytest.mark.parametrize("text", ["[pack\n", '[pack]\nid = "a"\nid = "b"\n'])
def test_what_is_no_toml_is_named_with_its_line(tmp_path: Path, text: str) -> None:
    assert "line" in mistake(tmp_path, text).message


SUITE = '[suite]\nfolder = "suite"\n\n[suite.values]\n'
ADDED = "\\nimport os\\nos.abort()\\n#"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SYMBOL.replace("shop.make", f"shop{ADDED}.make"), "is no dotted name"),
        (SYMBOL.replace("shop.make", "..shop.make"), "is no dotted name"),
        (SYMBOL + f'imports = ["shop{ADDED}.x"]\n', "is no dotted name"),
        (f'[canonical]\nmake = "shop{ADDED}.make"\n', "is no dotted name"),
        (f'[[module]]\npath = "a.b"\nbecomes = "c{ADDED}.d"\n', "is no dotted name"),
        (SYMBOL + 'arguments.add = { tz = "' + "(" * 5000 + '" }\n', "is no Python expression"),
        (SYMBOL + 'arguments.add = { tz = "1\\u0000" }\n', "is no Python expression"),
        (SYMBOL + 'signature = "(a=' + "-" * 100_000 + '1)"\n', "signature cannot be read"),
        (SUITE + "x = " + "[" * 5000 + "]" * 5000, "cannot be read"),
        (SUITE + "x = " + "9" * 10_000, "cannot be read"),
        ("# " + "x" * 2_000_000, "it is larger than"),
    ],
    ids=range(11),
)
def test_a_hostile_description_is_refused(tmp_path: Path, text: str, message: str) -> None:
    assert message in mistake(tmp_path, HEAD + text).message


@pytest.mark.parametrize("depth", [50, 150, 250, 1000])
def test_no_depth_of_lists_is_a_crash(tmp_path: Path, depth: int) -> None:
    path = tmp_path / "pack.toml"
    path.write_text(HEAD + SUITE + "x = " + "[" * depth + "]" * depth)
    told = suppress(PackError) if depth < 300 else pytest.raises(PackError, match=r"in one another|cannot be read")
    with told:
        fill_in(read_description(path), {})


def test_an_option_cannot_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "pack.toml"
    path.write_text(HEAD + f'[options.x]\ndefault = "{"y" * 300_000}"\n[template]\nx = "{"{x}" * 200_000}"\n')
    with pytest.raises(UsageError, match="beyond 500 characters"):
        fill_in(read_description(path), {})
