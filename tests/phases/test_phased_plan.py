"""Phases one after the other come to the same as all at once, and each leaves the tree whole."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import TypeGuard

import pytest

from recanon.outcome import Finding, Verdict
from recanon.overlay import Overlay
from recanon.pack import load_pack
from recanon.phases import PhasedPlan, make_phased_plan
from recanon.plan import Plan
from recanon.session import make_plan
from recanon.settings import Settings
from tests.helpers import AWAITED, BOTH, CANON, CORE, FAC, WORLD, pack, write_tree

FIXTURE = Path(__file__).parents[2] / "fixtures" / "netra_mini"
FACADE = "from app.websocket_core.canonical_imports import create_websocket_manager\n"
OLD = f"from {FAC} import create_websocket_manager\n"


def _phased(root: Path, texts: Mapping[str, str], include: frozenset[Verdict] = BOTH) -> PhasedPlan:
    write_tree(root, {**WORLD, **texts})
    return make_phased_plan(root, pack(), Settings(include=include, jobs=1))


def _after(plans: tuple[Plan, ...]) -> dict[str, bytes]:
    return {change.path: change.after for plan in plans for change in plan.changes}


def _meaning(data: bytes) -> str:
    """The code without the way in which neighbouring imports are gathered into statements."""
    tree = ast.parse(data)
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if isinstance(value, list) and any(isinstance(item, ast.ImportFrom) for item in value):
                setattr(node, name, sorted(_single(value), key=_imports_first))
    return ast.dump(tree)


def _single(body: list[ast.AST]) -> list[ast.AST]:
    singles: list[ast.AST] = []
    for item in body:
        imports = [ast.ImportFrom(item.module, [n], item.level) for n in item.names] if _is_import(item) else [item]
        singles += imports
    return singles


def _is_import(item: ast.AST) -> TypeGuard[ast.ImportFrom]:
    return isinstance(item, ast.ImportFrom)


def _imports_first(item: ast.AST) -> str:
    return ast.dump(item) if _is_import(item) else "~"


@pytest.mark.parametrize("include", [frozenset({Verdict.SAFE}), BOTH], ids=["safe", "review"])
def test_phase_by_phase_comes_to_the_same_as_all_at_once(include: frozenset[Verdict]) -> None:
    settings = Settings(include=include, jobs=1)
    whole = load_pack("websocket-ssot")
    together = _after((make_plan(FIXTURE, whole, settings),))
    apart = _after(make_phased_plan(FIXTURE, whole, settings).phases)
    assert together.keys() == apart.keys()
    assert {path: _meaning(data) for path, data in together.items()} == {
        path: _meaning(data) for path, data in apart.items()
    }


def test_each_phase_is_planned_over_the_text_that_the_one_before_leaves(tmp_path: Path) -> None:
    both = FACADE.replace("\n", " as one\n") + OLD + AWAITED.replace("(c)\n", "(c), await one(c)\n")
    done = _phased(tmp_path, {"app/services/a.py": both})
    exports, production = (next(c for c in plan.changes if c.path == "app/services/a.py") for plan in done.phases[:2])
    assert production.before == exports.after
    assert exports.before == both.encode()
    assert f"from {CANON} import get_websocket_manager as one\n".encode() in exports.after


def test_the_rest_says_what_no_phase_rewrites(tmp_path: Path) -> None:
    texts = {"tests/a.py": OLD + AWAITED, "tests/b.py": f"{OLD}\nVALUE = create_websocket_manager\n"}
    done = _phased(tmp_path, texts)
    found = {f.path: f.verdict for f in done.rest.findings if f.path.startswith("tests/") and f.kind != "import"}
    assert found == {"tests/a.py": Verdict.CANONICAL, "tests/b.py": Verdict.MANUAL}
    assert not done.rest.changes
    assert done.rest.account.balanced


def test_cleanup_sees_that_the_phases_before_it_left_nothing_that_needs_a_definition(tmp_path: Path) -> None:
    spare = "def helper():\n    return 1\n\n\ndef create_websocket_manager(c=None):\n    return c\n"
    user = "from app.websocket_core.spare import create_websocket_manager\n\n\ndef f(c):\n"
    texts = {CORE + "spare.py": spare, "tests/a.py": user + "    return create_websocket_manager(c)\n"}
    done = _phased(tmp_path, texts)
    last = {change.path for change in done.phases[-1].changes}
    assert done.phases[-1].phases == ("cleanup",)
    assert CORE + "spare.py" in last


def test_a_look_up_and_the_patch_that_reaches_it_move_in_one_phase(tmp_path: Path) -> None:
    inner = f"async def f(c):\n    from {FAC} import create_websocket_manager\n"
    inner += "    return await create_websocket_manager(c)\n"
    test = "from unittest.mock import patch\n\nfrom app.services.a import f\n\n\n"
    test += f"async def test_f(c):\n    with patch('{FAC}.create_websocket_manager') as made:\n"
    test += "        await f(c)\n        made.assert_awaited_once()\n"
    done = _phased(tmp_path, {"app/services/a.py": inner, "tests/b.py": test})
    moved = [{change.path for change in plan.changes} & {"app/services/a.py", "tests/b.py"} for plan in done.phases]
    assert moved == [set(), {"app/services/a.py", "tests/b.py"}, set(), set()]


def test_a_person_decides_phase_by_phase(tmp_path: Path) -> None:
    texts = {"app/services/a.py": OLD + AWAITED, "tests/a.py": OLD + AWAITED, "tests/b.py": OLD + AWAITED}
    write_tree(tmp_path, {**WORLD, **texts})

    def without_b(plan: Plan, overlay: Overlay) -> list[Finding]:
        return [finding for finding in plan.findings if finding.applied and finding.path != "tests/b.py"]

    done = make_phased_plan(tmp_path, pack(), Settings(jobs=1), decide=without_b)
    assert _after(done.phases).keys() == {"app/services/a.py", "tests/a.py"}
    assert [f.verdict for f in done.rest.findings if f.path == "tests/b.py" and f.kind == "call"] == [Verdict.SAFE]


def test_a_person_may_take_what_is_offered_for_review(tmp_path: Path) -> None:
    text = "from app.websocket_core import get_websocket_manager\n\n\nasync def f():\n"
    text += "    return await get_websocket_manager()\n"
    write_tree(tmp_path, {**WORLD, "tests/a.py": text})
    settings = Settings(jobs=1)
    assert not _after(make_phased_plan(tmp_path, pack(), settings).phases)
    chosen = make_phased_plan(
        tmp_path, pack(), settings, decide=lambda plan, overlay: [f for f in plan.findings if f.path == "tests/a.py"]
    )
    assert _after(chosen.phases).keys() == {"tests/a.py"}


def test_a_use_without_a_mention_is_decided_upon_at_its_import(tmp_path: Path) -> None:
    text = OLD.replace("\n", " as make\n") + "\n\nasync def f(c):\n    return await make(c)\n"
    write_tree(tmp_path, {**WORLD, "tests/a.py": text})

    def imports(plan: Plan, overlay: Overlay) -> list[Finding]:
        return [finding for finding in plan.findings if finding.kind == "import" and finding.applied]

    done = make_phased_plan(tmp_path, pack(), Settings(jobs=1), decide=imports)
    assert _after(done.phases)["tests/a.py"].decode().startswith(f"from {CANON} import get_websocket_manager as make\n")


def test_a_file_that_cannot_be_read_is_needed_in_later_phases_too(tmp_path: Path) -> None:
    spare = "def helper():\n    return 1\n\n\ndef create_websocket_manager(c=None):\n    return c\n"
    broken = "from app.websocket_core.spare import create_websocket_manager\n\n(\n"
    texts = {CORE + "spare.py": spare, "tests/broken.py": broken, "app/services/a.py": OLD + AWAITED}
    done = _phased(tmp_path, texts)
    assert CORE + "spare.py" not in {change.path for change in done.phases[-1].changes}
    for plan in (*done.phases, done.rest):
        assert [finding.kind for finding in plan.findings if finding.path == "tests/broken.py"] == ["unread file"]
        assert "tests/broken.py" in {skip.path for skip in plan.skipped}


def test_one_mention_of_a_string_that_is_left_keeps_all_of_it(tmp_path: Path) -> None:
    inner = f"async def f(c):\n    from {FAC} import create_websocket_manager\n"
    inner += "    return await create_websocket_manager(c)\n"
    test = "from unittest.mock import patch\n\nfrom app.services.a import f\n\n\n"
    test += f"async def test_f(c):\n    with patch('{FAC}.create_websocket_manager') as made:\n"
    test += "        await f(c)\n        made.assert_awaited_once()\n"
    write_tree(tmp_path, {**WORLD, "app/services/a.py": inner, "tests/b.py": test})

    def without_module(plan: Plan, overlay: Overlay) -> list[Finding]:
        return [f for f in plan.findings if f.applied and not (f.kind == "patch target" and "." in f.word)]

    done = make_phased_plan(tmp_path, pack(), Settings(jobs=1), decide=without_module)
    assert not _after(done.phases).keys() & {"tests/b.py", "app/services/a.py"}
