"""Any tree, any change: rolled back, it is the tree at the start."""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from faults.trees import everything, fill, plan_of, planned, snapshot
from recanon.apply import apply_plan
from recanon.plan import ChangeKind, FileChange
from recanon.rollback import Mode, Request, rollback

NAMES = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=["Cs"]) | st.sampled_from("\udc80\udcff"),
    min_size=1, max_size=9,
).filter(lambda name: name not in (".", "..") and not name.casefold().endswith((".recanon", ".git")))  # fmt: skip
TREES = st.dictionaries(
    st.tuples(st.sampled_from(["", "p/", "p/q/", "-d/"]), NAMES).map(lambda pair: f"{pair[0]}0{pair[1]}"),
    st.tuples(st.binary(max_size=60), st.sampled_from([0o644, 0o755, 0o600, 0o664])),
    min_size=1,
    max_size=6,
)
ALL = Request(everything=True)


@given(tree=TREES, data=st.data())
@settings(max_examples=60, deadline=None)
def test_rollback_of_everything_is_the_start(tree: dict[str, tuple[bytes, int]], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as place:
        root = fill(Path(place), {path: text for path, (text, _) in tree.items()})
        for path, (_, mode) in tree.items():
            (root / path).chmod(mode)
        start = snapshot(root)
        for _ in range(data.draw(st.integers(1, 3), "runs")):
            chosen = data.draw(st.sets(st.sampled_from(sorted(tree))), "files")
            after = {path: data.draw(st.binary(max_size=60), "after") for path in sorted(chosen)}
            assert apply_plan(root, planned(root, after)).complete
            assert all((root / path).read_bytes() == text for path, text in after.items())
        assert rollback(root, ALL).complete
        assert snapshot(root) == start
        assert rollback(root, ALL).note == "nothing to do"


@given(
    tree=TREES,
    data=st.data(),
    mode=st.sampled_from(list(Mode)),
)
@settings(max_examples=60, deadline=None)
def test_no_later_edit_is_ever_lost(tree: dict[str, tuple[bytes, int]], data: st.DataObject, mode: Mode) -> None:
    with tempfile.TemporaryDirectory() as place:
        before = {path: text for path, (text, _) in tree.items()}
        root = fill(Path(place), before)
        after = {path: text + data.draw(st.binary(min_size=1, max_size=9)) for path, text in before.items()}
        apply_plan(root, planned(root, after))
        edited = {path: b"edited\n" + text for path, text in after.items()}
        fill(root, edited)
        result = rollback(root, Request(everything=True, mode=mode))
        found = {path: text for path, (text, _) in snapshot(root).items()}
        refused = {path for path, _, _ in result.refused}
        assert all(found[path] == edited[path] for path in refused)
        for path in before.keys() - refused:
            if mode is Mode.FORCE:
                assert (found[path], found[f"{path}.recanon-edited"]) == (before[path], edited[path])
            else:
                assert mode is Mode.MERGE
                assert found[path].startswith(b"edited\n")
        assert refused == set(before) or mode is not Mode.REFUSE


@given(
    texts=st.lists(
        st.dictionaries(st.sampled_from(["a.py", "p/b.py", "p/q/c.py", "r/d.py"]), st.binary(max_size=9)),
        min_size=2,
        max_size=5,
    )
)
@settings(max_examples=60, deadline=None)
def test_files_that_come_and_go_through_runs_go_back_to_the_start(texts: list[dict[str, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        root = fill(Path(place), texts[0])
        first = everything(root)
        for before, after in pairwise(texts):
            changes = [difference(path, before.get(path), after.get(path)) for path in before | after]
            assert apply_plan(root, plan_of(*changes)).complete
            assert {path: text for path, (text, _) in snapshot(root).items()} == after
        assert rollback(root, ALL).complete
        assert {path: text for path, (text, _) in snapshot(root).items()} == texts[0]
        assert everything(root) == first


def difference(path: str, before: bytes | None, after: bytes | None) -> FileChange:
    kind = ChangeKind.CREATE if before is None else ChangeKind.DELETE if after is None else ChangeKind.EDIT
    return FileChange(path, before or b"", after or b"", kind=kind)
