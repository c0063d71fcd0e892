"""The pack `not-in`: a query of Bowler and its twin for LibCST make the same of what both can read."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from recanon.outcome import Verdict
from recanon.pack import load_pack
from recanon.plan import Plan
from recanon.session import make_plan
from recanon.settings import Settings
from tests.guests.kit import fill

CHANGED = {
    "a = not x in y\n": "a = x not in y\n",
    "if not x in y: pass\n": "if x not in y: pass\n",
    "if not(x)in y: pass\n": "if (x)not in y: pass\n",
    "a = not f(x, 1) in [1, 2] and z\n": "a = f(x, 1) not in [1, 2] and z\n",
    "a = not not x in y\n": "a = not x not in y\n",
    "a = (not x in y)\n": "a = (x not in y)\n",
    "a = (not x  # why\n    in y)\n": "a = (x  # why\n    not in y)\n",
    "a = (not x in  # why\n    y)\n": "a = (x not in  # why\n    y)\n",
    "a = not \\\n  x in y\n": "a = x not in y\n",
    "a = [b for b in c if not b in d]\n": "a = [b for b in c if b not in d]\n",
    "a = not x + 1 in y  # not x in y\n": "a = x + 1 not in y  # not x in y\n",
    "a = not (not x in y) in z\n": "a = (x not in y) not in z\n",
    "assert not 'a' in b, not c in d\r\n": "assert 'a' not in b, c not in d\r\n",
}
SAME = [
    "a = not (x in y)\n",
    "a = not x in y in z\n",
    "a = not x == y in z\n",
    "a = not x not in y\n",
    "a = (not  # why\n    x in y)\n",
    "a = not x\n",
    "for a in b: pass\n",
    "a = 'not x in y'\n",
]


def made(root: Path, phase: str) -> Plan:
    """Plan a phase of the pack."""
    return make_plan(root, load_pack("not-in"), Settings(phases=(phase,), jobs=1))


@pytest.mark.parametrize("phase", ["query", "again"])
def test_what_changes_and_what_does_not(tmp_path: Path, phase: str) -> None:
    before = dict(enumerate([*CHANGED, *SAME]))
    plan = made(fill(tmp_path, {f"m{n}.py": "x = y = z = b = c = d = 1\n" + text for n, text in before.items()}), phase)
    texts = {change.path: change.after.decode().partition("\n")[2] for change in plan.changes}
    assert {before[int(path[1:-3])]: text for path, text in texts.items()} == CHANGED
    [part] = plan.guests
    assert {f.verdict for f in part.findings} == {Verdict.SAFE, Verdict.CANONICAL}


def test_both_make_the_same_of_random_expressions(tmp_path: Path) -> None:
    files = {
        f"m{seed}.py": f"def f(a, b, c):\n    return {_expression(random.Random(seed), 4)}\n" for seed in range(60)
    }
    fill(tmp_path, files)
    one, other = made(tmp_path, "query"), made(tmp_path, "again")
    assert {c.path: c.after for c in one.changes} == {c.path: c.after for c in other.changes}
    assert len(one.changes) > 10
    for change in one.changes:
        assert _outcomes(change.before) == _outcomes(change.after), change.after.decode()


def test_what_bowler_cannot_read_is_skipped_by_one_and_read_by_the_other(tmp_path: Path) -> None:
    fill(tmp_path, {"m.py": "match 1:\n    case 1:\n        print(not 1 in [2])\n"})
    [part] = made(tmp_path, "query").guests
    assert [f.verdict for f in part.findings] == [Verdict.LEFT]
    assert [change.after.decode()[-17:] for change in made(tmp_path, "again").changes] == [
        "print(1 not in [2])\n"[-17:]
    ]


def _expression(draw: random.Random, depth: int) -> str:
    if not depth:
        return draw.choice(["a", "b", "c", "[a, b]", "(c,)"])
    left, right = _expression(draw, depth - 1), _expression(draw, depth - 1)
    shapes = ["not {} in {}", "not {} in {}", "({}) and {}", "[{}, {}]", "({}) not in ({},)", "not ({} in [{}])"]
    return draw.choice(shapes).format(left, right)


def _outcomes(code: bytes) -> list[str]:
    scope: dict[str, object] = {}
    exec(code, scope)
    found = []
    for values in ((1, 2, 3), ([1], [[1]], [1]), ("a", "ab", ("a",)), (True, [False], [True])):
        try:
            found.append(repr(scope["f"](*values)))  # type: ignore[operator]
        except TypeError as exc:
            found.append(str(exc))
    return found
