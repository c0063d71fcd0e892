"""The texts of very many changed files are kept compressed: they are unpacked one by one, and never all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from recanon.executor.local import Workers
from recanon.index.mentions import Triggers
from recanon.rescan import Rescanner
from recanon.scan import Scan

TRIGGERS = Triggers(frozenset({"old"}), frozenset(), frozenset())


class Text(bytes):
    """A text that counts how many of its kind there are."""

    alive = most = 0

    def __init__(self, *_: object) -> None:
        Text.alive += 1
        Text.most = max(Text.most, Text.alive)

    def __del__(self) -> None:
        Text.alive -= 1


class Texts(Mapping[str, bytes]):
    """Texts that are made when they are asked for."""

    def __getitem__(self, path: str) -> bytes:
        return Text(f"old = '{path}'\n".encode())

    def __iter__(self) -> Iterator[str]:
        return (f"{number}.py" for number in range(len(self)))

    def __len__(self) -> int:
        return 50


def test_texts_that_were_read_already_are_unpacked_one_by_one() -> None:
    rescanner = Rescanner(Scan({}, ()), TRIGGERS, Workers(1, None), tuple(Texts()))
    for path in Texts():
        rescanner.learn((path, Texts()[path]), rescanner.job((path, Texts()[path])))
    Text.most = 0
    assert len(rescanner.scan(Texts()).facts) == 50
    assert Text.most <= 2
