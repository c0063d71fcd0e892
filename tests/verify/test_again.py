"""A file that is taken back lets the others be planned again: what does not change by that is not made again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import recanon.proposal
from recanon.plan import FileChange
from recanon.propose.made import Made
from tests.verify.kit import AWAITED, BAD, GOOD, Bad, tried, written

FACADE, TAKER = "app/facade.py", "app/taker.py"
HANDED = {
    FACADE: AWAITED,
    TAKER: AWAITED.replace("app.websocket_core.websocket_manager_factory", "app.facade"),
}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count how often each file is made."""
    real, counted = recanon.proposal.file_change, Counter[str]()

    def counting(path: str, *args: object, **kwargs: object) -> FileChange:
        counted[path] += 1
        return real(path, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(recanon.proposal, "file_change", counting)
    return counted


def test_a_file_is_made_once_where_another_one_is_taken_back(tmp_path: Path, made: Counter[str]) -> None:
    done = tried(tmp_path, Bad({"build": written("NAME(c, bogus=1)")}))
    assert done.reverted(BAD) is not None
    assert made[GOOD] == 1


def test_a_file_that_follows_one_that_is_taken_back_is_made_anew(
    tmp_path: Path, made: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    harm = Bad({"build": written("NAME(c, bogus=1)")}, path=FACADE)
    done = tried(tmp_path / "first", harm, texts=HANDED)
    assert done.reverted(FACADE) is not None
    assert made[GOOD] == 1
    monkeypatch.setattr(Made, "again", lambda *_: {})
    anew = tried(tmp_path / "second", harm, texts=HANDED)
    assert done.changed() == anew.changed()
    assert all(done.text(path) == anew.text(path) for path in done.changed())
