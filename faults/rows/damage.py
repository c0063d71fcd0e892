"""G1, G2: the journal or a kept text is damaged: it is found out, and nothing wrong is ever restored."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from faults.ends import ALL, Check, outcome
from faults.model import Fault, Loss, Trial, judged
from faults.trees import Snapshot, fill, planned, snapshot
from recanon.apply import apply_plan
from recanon.journal.result import RunResult
from recanon.rollback import rollback

_JOURNAL = ".recanon/journal.sqlite3"
_BLOBS = ".recanon/blobs"
_MODE = 0o664
_TEXTS = {"a.py": b"a = 1\n", "p/b.py": b"b = 1\n"}


def _applied(root: Path) -> tuple[Snapshot, Snapshot, bytes]:
    """Apply a plan; return the tree before and after, and the journal."""
    for path in fill(root, _TEXTS).rglob("*.py"):
        path.chmod(_MODE)
    start = snapshot(root)
    apply_plan(root, planned(root, {path: text + b"# new\n" for path, text in _TEXTS.items()}))
    return start, snapshot(root), (root / _JOURNAL).read_bytes()


def truncate(trial: Trial) -> None:
    """Cut the journal off at each byte."""
    with trial.place() as root:
        start, end, good = _applied(root)
        for length in trial.some(range(len(good)), 25):
            checks = _judge(root, start, end, good[:length])
            trial.point(f"{length} of {len(good)} bytes", *judged(*checks))


def flip(trial: Trial) -> None:
    """Flip bits of the journal, most of them where the records of the files lie."""
    with trial.place() as root:
        start, end, good = _applied(root)
        bits = _bits_of_records(good)
        chosen = [trial.chance.choice(bits) for _ in range(trial.size(1400, 60))]
        chosen += _bits_of_modes(good)
        chosen += [trial.chance.randrange(len(good) * 8) for _ in range(trial.size(600, 20))]
        for bit in chosen:
            flipped = bytearray(good)
            flipped[bit // 8] ^= 1 << bit % 8
            trial.point(f"bit {bit}", *judged(*_judge(root, start, end, bytes(flipped))))


def _bits_of_records(journal: bytes) -> list[int]:
    """Return the bits of the pages that hold the records of files, where bytes are not 0."""
    pages = {at // 4096 for at in range(len(journal)) if journal.startswith(b"p/b.py", at)}
    return [
        at * 8 + bit
        for page in pages
        for at in range(page * 4096, page * 4096 + 4096)
        if journal[at]
        for bit in range(8)
    ]


def _bits_of_modes(journal: bytes) -> list[int]:
    """Return the bits of what the records say of the modes of files: nothing but the seal tells when they are wrong."""
    modes = [at for at in range(len(journal)) if journal.startswith(_MODE.to_bytes(2, "big"), at)]
    return [(at + 1) * 8 + bit for at in modes for bit in range(8)]


def _judge(root: Path, start: Snapshot, end: Snapshot, journal: bytes) -> list[Check]:
    """Roll back with a damaged journal: each file is as before the run or as after it, and the account tells which."""
    fill(root, {path: text for path, (text, _) in end.items()})
    for path, (_, mode) in end.items():
        (root / path).chmod(mode)
    for left in (root / ".recanon").glob("journal.sqlite3-*"):
        left.unlink()
    (root / _JOURNAL).write_bytes(journal)
    came = outcome(partial(rollback, root, ALL))
    found = snapshot(root)
    wrong = [path for path in found.keys() | end.keys() if found.get(path) not in (start.get(path), end.get(path))]
    back = {path for path in found if found[path] == start.get(path)}
    told = set(came.written) == back if isinstance(came, RunResult) else not back
    known = not isinstance(came, RunResult) or not came.complete or back == start.keys()
    return [
        (not wrong, Loss.LOST, f"wrong: {wrong}"),
        (told, Loss.SILENT, f"it says {came}, and gave back {sorted(back)}"),
        (known, Loss.SILENT, f"all is well, it says: {came}"),
    ]


def damage_text(trial: Trial) -> None:
    """Damage or delete a kept text: the rollback of its file is refused, the others go back."""
    for path, text in _TEXTS.items():
        damaged: list[bytes | None] = [None, b"", text[:-1], text + b" "]
        for bit in range(len(text) * 8):
            damaged.append(bytes(byte ^ (1 << bit % 8 if at == bit // 8 else 0) for at, byte in enumerate(text)))
        for changed in trial.some(damaged, 6):
            with trial.place() as root:
                _applied(root)
                checks = _damaged(root, path, root / _BLOBS / _names(root)[path], changed)
            trial.point(f"{path} kept as {changed!r}", *judged(*checks))


def _names(root: Path) -> dict[str, str]:
    """Return the name of the kept text before of each file."""
    with closing(sqlite3.connect(root / _JOURNAL)) as journal:
        return {path.decode(): before for path, before in journal.execute("SELECT path, before FROM files")}


def _damaged(root: Path, path: str, blob: Path, text: bytes | None) -> list[Check]:
    """Roll back with a damaged text of one file."""
    before = snapshot(root)
    if text is None:
        blob.unlink()
    else:
        blob.write_bytes(text)
    came = outcome(partial(rollback, root, ALL))
    found = {name: data for name, (data, _) in snapshot(root).items()}
    others = {name: data for name, data in _TEXTS.items() if name != path}
    refused = isinstance(came, RunResult) and [file.path for file in came.refused] == [path]
    return [
        (found[path] == before[path][0], Loss.LOST, f"{path} became {found[path]!r}"),
        (refused, Loss.SILENT, f"it says {came}"),
        (found.items() >= others.items(), Loss.UNRECOVERED, "the others did not go back"),
    ]


FAULTS = (
    Fault("G1", "the journal is cut off", "at each byte", 20000, truncate),
    Fault("G1b", "bits of the journal are flipped", "2,000 by chance, most in the records of files", 2000, flip),
    Fault("G2", "a kept text is damaged or lost", "each bit flipped, cut off, longer, deleted", 100, damage_text),
)
