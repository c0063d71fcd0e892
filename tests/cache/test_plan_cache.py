"""A plan that is recalled is the one that would be made; what lies in the cache is not trusted."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recanon import session, tree_cache
from recanon.cache import Cache
from recanon.discover import discover
from recanon.errors import MovedError
from recanon.index.mentions import Triggers
from recanon.pack import Pack
from recanon.plan import Plan
from recanon.plan_cache import keep_plan, recall_plan
from recanon.scan import Scanner
from recanon.session import make_plan
from recanon.settings import Settings
from recanon.state import Prior
from recanon.tree_cache import TreeCache
from tests.command import run
from tests.helpers import AWAITED, BOTH, FAC, WORLD, pack, write_tree

PLAIN = Settings(jobs=1, bounds=None)
OLD = f"from {FAC} import create_websocket_manager\n{AWAITED}"
FACADE = f"from {FAC} import create_websocket_manager\n"
USER = OLD.replace(FAC, "app.facade")
TEXTS = st.sampled_from([None, "x = 1\n", OLD, USER, FACADE, "def (\n", "from app.websocket_core import *\n"])
EDITS = st.lists(st.tuples(st.sampled_from(["app/facade.py", "app/user.py", "app/more.py"]), TEXTS), max_size=4)


def tree(root: Path, texts: Mapping[str, str]) -> Path:
    return write_tree(root, {**WORLD, **texts})


def planned(root: Path, cache: Path | None, asked: Settings = PLAIN, using: Pack | None = None) -> Plan:
    """Plan with a cache, without one where there is none."""
    chosen = using or pack()
    if cache is None:
        return make_plan(root, chosen, asked)
    found, remembered = discover(root), TreeCache(root, chosen.outline, asked, Cache(cache))
    last = recall_plan(remembered, found, asked)
    return last or make_plan(root, chosen, asked, prior=Prior(found, remembered))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tree(tmp_path / "tree", {"app/user.py": OLD})


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Forbid from now on that anything is planned."""
    return lambda: monkeypatch.setattr(session, "opened", lambda *_: pytest.fail("planned again"))


@settings(max_examples=10, deadline=None, derandomize=True, database=None)
@given(edits=EDITS)
def test_after_any_edits_the_plan_is_the_fresh_one(edits: list[tuple[str, str | None]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root, cache = tree(Path(folder, "tree"), {"app/user.py": USER, "app/facade.py": FACADE}), Path(folder, "cache")
        assert planned(root, cache) == planned(root, None)
        for path, text in edits:
            if text is None:
                (root / path).unlink(missing_ok=True)
            else:
                write_tree(root, {path: text})
            assert planned(root, cache) == planned(root, None), f"after {path} became {text!r}"


def test_a_tree_of_the_same_bytes_is_not_planned_again(root: Path, cache: Path, never: Any) -> None:
    first = planned(root, cache)
    assert first.changes
    never()
    assert planned(root, cache) == first
    for path in root.rglob("*.py"):
        os.utime(path)
    assert planned(root, cache) == first


@pytest.mark.parametrize(
    "other",
    [
        {"include": BOTH},
        {"phases": ("production",)},
        {"exclude": ("app/user.py",)},
        {"max_lines": 3},
        {"max_bytes": 30},
    ],
)
def test_what_else_is_asked_for_has_a_plan_of_its_own(root: Path, cache: Path, other: dict[str, Any]) -> None:
    asked = replace(PLAIN, **other)
    for each in (PLAIN, asked, asked, PLAIN):
        assert planned(root, cache, each) == planned(root, None, each)


def test_only_files_that_were_written_to_are_read_again(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in root.rglob("*.py"):
        os.utime(path, (1, 1))
    monkeypatch.setattr(time, "time_ns", lambda: 2**63 - 1)  # all were written to long ago
    planned(root, cache)
    write_tree(root, {"app/more.py": OLD})
    read: list[str] = []
    plain = Scanner.scan

    def scan(scanner: Scanner, triggers: Triggers, files: list[str], *rest: Any) -> Any:
        read.extend(files)
        return plain(scanner, triggers, files, *rest)

    monkeypatch.setattr(Scanner, "scan", scan)
    assert planned(root, cache) == planned(root, None)
    assert read[:1] == ["app/more.py"]
    assert len(read) == 1 + len(WORLD) + 2, "the second plan has no cache"


def test_the_plan_of_another_program_is_not_there(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, never: Any
) -> None:
    planned(root, cache)
    monkeypatch.setattr(tree_cache, "code_digest", lambda *_: "another")
    never()
    with pytest.raises(pytest.fail.Exception, match="planned again"):
        planned(root, cache)


@pytest.mark.parametrize("number", range(4))
def test_a_damaged_cache_is_not_there(root: Path, cache: Path, number: int) -> None:
    right = planned(root, cache)
    files = sorted(cache.iterdir())
    assert {path.suffix for path in files} == {".files", ".facts", ".plan"}
    for path in files:
        data = path.read_bytes()
        middle = len(data) // 2
        flipped = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
        path.write_bytes([b"", data[:middle], flipped, b"\x80\x04." + data][number])
    assert planned(root, cache) == right
    assert planned(root, cache) == right


def test_a_plan_with_codemods_of_others_is_made_anew(root: Path, cache: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "codemod.py").write_text("import helpers\n")
    using = replace(pack(), folder=tmp_path / "mine")
    planned(root, cache, using=using)
    assert {path.suffix for path in cache.iterdir()} == {".files", ".facts"}


def test_a_plan_in_which_a_file_was_set_aside_is_not_kept(root: Path, cache: Path) -> None:
    plan = planned(root, None)
    found = discover(root)
    remembered = TreeCache(root, pack().outline, PLAIN, Cache(cache))
    digests = remembered.digests(found.files)
    keep_plan(remembered, found, PLAIN, digests, replace(plan, failed=("app/user.py",)))
    keep_plan(remembered, found, PLAIN, dict(list(digests.items())[1:]), plan)
    assert not remembered.holds("plan")
    keep_plan(remembered, found, PLAIN, digests, plan)
    assert remembered.holds("plan")


def test_a_file_that_changes_while_it_is_planned_ends_the_plan(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Scanner.scan

    def scan(*words: Any) -> Any:
        made = plain(*words)
        write_tree(root, {"app/user.py": OLD + "# more\n"})
        return made

    monkeypatch.setattr(Scanner, "scan", scan)
    with pytest.raises(MovedError, match=r"user\.py changed while"):
        planned(root, cache)
    assert not any(path.suffix == ".plan" for path in cache.iterdir())


def test_a_name_that_is_no_text_is_only_not_remembered(root: Path, cache: Path) -> None:
    (root / os.fsdecode(b"app/od\xffd.py")).write_text(OLD)
    first = planned(root, cache)
    assert any(finding.path.startswith("app/od") for finding in first.findings)
    assert planned(root, cache) == first


def test_the_command_line_remembers_unless_it_is_told_not_to(root: Path, cache: Path, never: Any) -> None:
    words, env = ("preview", root, "--pack", "websocket-ssot", "--set", "prefix=app"), {"XDG_CACHE_HOME": str(cache)}
    without = run(*words, "--no-cache", env=env)
    assert not cache.exists()
    first = run(*words, env=env)
    assert list((cache / "recanon").glob("*.plan"))
    never()
    assert run(*words, env=env).stdout == first.stdout == without.stdout != b""
