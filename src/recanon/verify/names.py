"""Step 3: no new undefined, redefined or unused name, as ruff counts them before and after."""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice

from recanon.errors import RecanonError
from recanon.executor.local import beside
from recanon.outcome import Reverted
from recanon.source import Source
from recanon.verify.ruff import run_ruff
from recanon.verify.trial import Findings, Key, Trial

_AT_ONCE = 500  # texts for a run of ruff: what it says of them is read as a whole
_WORTH_A_PROCESS = 40  # texts
_CODES = {"F821": "undefined", "F811": "redefined while unused", "F401": "imported but unused"}


def names(trial: Trial) -> Iterator[Reverted]:
    """Find files with a new undefined name, or with more redefined or unused ones."""
    for path, (before, after) in _compared(trial):
        if reason := _undefined(before, after) or _superfluous(before, after):
            yield Reverted(path, "3 names", reason)


def undefined(trial: Trial) -> Iterator[Reverted]:
    """Find files with a new undefined name."""
    for path, (before, after) in _compared(trial):
        if reason := _undefined(before, after):
            yield Reverted(path, "3 names", reason)


def superfluous(trial: Trial) -> dict[str, str]:
    """Return what is said of files with more redefined or unused names than before, by path."""
    found = {path: _superfluous(*both) for path, both in _compared(trial)}
    return {path: reason for path, reason in found.items() if reason}


@contextmanager
def read_beside(trial: Trial) -> Iterator[Callable[[], None]]:
    """Let ruff read what it has not read, while something else is done; a few files are read when they are asked for.

    Args:
        trial: the proposed change.

    Yields:
        A function that waits until ruff has read.
    """
    unread = sum(key not in trial.known for both in trial.keys.values() for key in both)
    if unread < _WORTH_A_PROCESS:
        yield lambda: None
        return
    with (
        tempfile.TemporaryDirectory(prefix="recanon-") as folder,  # ours, for that process may be killed
        beside(partial(_read, trial, folder), nice=0) as finish,
    ):

        def wait() -> None:
            with suppress(RecanonError):  # then it is tried here, where what is wrong shows
                trial.known.update(finish())

        yield wait


def _compared(trial: Trial) -> Iterator[tuple[str, tuple[Findings, Findings]]]:
    trial.known.update(_read(trial))
    for path, (before, after) in trial.keys.items():
        yield path, (trial.known[before], trial.known[after])


def _read(trial: Trial, within: str | None = None) -> dict[Key, Findings]:
    """Return what ruff finds in the texts that it has not read; they are laid out within a folder, if one is given."""
    found: dict[Key, Findings] = {}
    fresh = _fresh(trial)
    while more := _findings(islice(fresh, _AT_ONCE), within):
        found |= more
    return found


def _fresh(trial: Trial) -> Iterator[tuple[Key, bytes]]:
    """Yield the texts that ruff has not read, one by one."""
    for path, (before, after) in trial.keys.items():
        if before not in trial.known:
            yield before, trial.changes[path].before
        if after not in trial.known:
            yield after, trial.changes[path].after


def _undefined(before: Findings, after: Findings) -> str:
    for (code, message), count in sorted(after.items()):
        if code not in _CODES and count > before[(code, message)]:
            return f"ruff reads a syntax error: {message}"
        if code == "F821" and count > before[(code, message)]:
            return f"new: {message}"
    return ""


def _superfluous(before: Findings, after: Findings) -> str:
    for code in ("F811", "F401"):
        old, new = (sum(n for (c, _), n in found.items() if c == code) for found in (before, after))
        kinds_old, kinds_new = (len({m for c, m in found if c == code}) for found in (before, after))
        if new > old or kinds_new > kinds_old:
            fresh = next((m for (c, m), n in after.items() if c == code and n > before[(c, m)]), "")
            return f"more names {_CODES[code]} than before: {fresh}"
    return ""


def _findings(texts: Iterable[tuple[Key, bytes]], within: str | None) -> dict[Key, Findings]:
    """Run ruff over texts, as UTF-8 in a folder of their own, so that no configuration of the tree is read."""
    found: dict[Key, Findings] = {}
    keys: dict[str, Key] = {}
    with tempfile.TemporaryDirectory(prefix="recanon-", dir=within) as made:
        folder = os.path.realpath(made)  # as ruff names it
        for number, (key, data) in enumerate(texts):
            path = key[0]
            target = os.path.join(folder, *_parts(number, path))
            keys[target], found[key] = key, Counter()
            if target.endswith("__init__.py"):
                os.mkdir(os.path.dirname(target))
            with open(target, "wb") as file:
                file.write(Source.decode(path, data).text.encode("utf-8", "surrogatepass"))
        for row in _ruff(folder) if found else ():
            found[keys[row["filename"]]][(row["code"] or "syntax", row["message"])] += 1
    return found


def _parts(number: int, path: str) -> tuple[str, ...]:
    """A package's `__init__` keeps its name, because ruff judges unused imports in it in another way."""
    return (str(number), "__init__.py") if path.endswith("__init__.py") else (f"{number}.py",)


def _ruff(folder: str) -> list[dict[str, str]]:
    words = ("--output-format", "json", "--select", ",".join(_CODES), "--target-version", "py313")
    done = run_ruff("check", *words, folder)
    if done.returncode not in {0, 1}:
        raise RecanonError(
            f"ruff failed: {done.stderr.decode(errors='replace')[:300]}", "Is ruff installed beside recanon?"
        )
    rows: list[dict[str, str]] = json.loads(done.stdout or b"[]")
    return rows
