"""For every call and every table: the new call gives what the table says, and computes it in the same order."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import libcst as cst
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from recanon.codemod import Rewrite
from recanon.index.mentions import Triggers
from recanon.index.reader import read_file
from recanon.index.usage import Call
from recanon.pack.signatures import read_signature
from recanon.rules import EVERY, Arguments
from recanon.source import Source
from recanon.tables.arguments import reshaped
from recanon.tables.binding import bound
from recanon.tables.calls import builder

NAMES = ("a", "b", "c", "d")
OLD = "(a, b=10, c=20, *, d=30)"
LAYOUTS = ("{0}", "\n    {0},\n", "\n    # before\n    {0}  # after\n", " {0} ")


def call_of(text: str) -> Call:
    triggers = Triggers(frozenset({"f"}), frozenset(), frozenset())
    call = read_file(Source("use.py", f"{text}\n"), "use", False, triggers).uses[0].call
    assert call is not None
    return call


@st.composite
def calls(draw: st.DrawFn) -> str:
    count = draw(st.integers(0, 3))
    positional = [draw(_value(name)) for name in NAMES[:count]]
    named = [name for name in NAMES[count:] if name != "a" and draw(st.booleans())]
    named += ["a"] if not count else []
    keywords = [f"{name}={draw(_value(name))}" for name in draw(st.permutations(named))]
    layout = draw(st.sampled_from(LAYOUTS))
    joiner = draw(st.sampled_from([", ", ",\n    ", ",  # next\n    "] if "\n" in layout else [", "]))
    return f"f({layout.format(joiner.join([*positional, *keywords]))})"


def _value(name: str) -> st.SearchStrategy[str]:
    number = NAMES.index(name)
    return st.sampled_from([f"t({number})", f"{number}", f"(w := t({number}))", "None"])


@st.composite
def tables(draw: st.DrawFn) -> Arguments:
    removed = draw(st.sets(st.sampled_from(NAMES[1:]), max_size=2))
    kept = [name for name in NAMES if name not in removed]
    rename = {name: name.upper() for name in kept if draw(st.booleans())}
    new = [rename.get(name, name) for name in kept]
    keyword = draw(st.sampled_from([frozenset[str](), frozenset({EVERY}), frozenset(new[1:2])]))
    return Arguments(
        rename=rename,
        remove=frozenset(removed),
        add=draw(st.sampled_from([{}, {"z": "99"}])),
        default={kept[-1]: "77"} if draw(st.booleans()) and kept[-1] != "a" else {},
        order=tuple(draw(st.permutations([name for name in new if name not in {"d", "D"}]))),
        keyword=keyword,
        positional=frozenset(new[:2]) if not keyword and draw(st.booleans()) else frozenset(),
    )


def ran(text: str, function: str, parameters: str) -> tuple[dict[str, Any], list[int]]:
    """Run a call; return what it gives by parameter, and what was computed in which order."""
    seen: list[int] = []

    def t(number: int) -> int:
        seen.append(number)
        return number

    names: dict[str, Any] = {"t": t}
    exec(f"def signature{parameters}: ...", names)
    signature = inspect.signature(names["signature"])
    taker: Callable[..., dict[str, Any]] = lambda *args, **more: signature.bind(*args, **more).arguments  # noqa: E731
    return eval(text, {**names, function: taker}), seen


def new_signature(rules: Arguments) -> str:
    by_keyword = [rules.new(name) for name in ("d",) if name not in rules.remove]
    positional = [f"{name}=None" for name in rules.order]
    return f"({', '.join([*positional, '*', *(f'{name}=None' for name in by_keyword), 'z=None'])})"


@settings(max_examples=400, deadline=None)
@given(calls(), tables())
def test_a_new_call_gives_the_same_in_the_same_order(text: str, rules: Arguments) -> None:
    shape = reshaped(bound(call_of(text), read_signature(OLD)), rules)
    assume(not shape.trouble)
    node = cst.parse_expression(text)
    assert isinstance(node, cst.Call)
    made = cst.Module([]).code_for_node(builder(Rewrite("x.g", "r"), shape, awaits=False)(node, "g"))
    given_, before = ran(text, "f", OLD)
    found, after = ran(made, "g", new_signature(rules))
    kept = {rules.new(name): value for name, value in given_.items() if name not in rules.remove}
    filled = {rules.new(name): int(code) for name, code in rules.default.items() if name not in given_}
    assert found == {**kept, **filled, **{name: int(code) for name, code in rules.add.items()}}, made
    dropped = {NAMES.index(name) for name in rules.remove}
    assert after == [number for number in before if number not in dropped], made
    assert shape.review == bool(set(before) & dropped) or shape.review
