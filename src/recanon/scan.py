"""Prefilter and index: look for trigger words in the bytes, and read the facts of the files that hold one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from recanon.errors import SourceError
from recanon.executor.local import Lost, Workers
from recanon.index.facts import FileFacts
from recanon.index.mentions import Triggers
from recanon.index.reader import read_file
from recanon.outcome import Skipped
from recanon.overlay import CheckedOverlay, Overlay
from recanon.resolve.names import module_name
from recanon.settings import Settings
from recanon.source import Source

_CHUNK, _FEW = 100, 20  # files for a worker: to be looked into, to be read as source
_MANY = 80  # files to be read as source, so that a worker has enough to do while this process does something else
_MOST = 1 << 28  # bytes of a file that was too much for a worker in which its mentions are looked for


Progress = Callable[[str, int, int], None]
"""Called with a stage, how much of it is done, and how much there is."""


def silent(stage: str, done: int, total: int) -> None:
    """Report to nobody."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A candidate file that could not be read as source, with the places of its trigger words.

    `lost` says that it was set aside because reading it came to nothing.
    """

    skipped: Skipped
    places: tuple[tuple[int, int, str], ...] = ()
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """The candidate files of a tree.

    Args:
        facts: what stands in them, by path.
        unread: those that could not be read.
        digests: SHA-256 of the bytes of every file that was read from the disk, candidate or not.
    """

    facts: dict[str, FileFacts]
    unread: tuple[Unread, ...]
    digests: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be that is read: in bytes, and in lines."""

    max_bytes: int
    max_lines: int


@dataclass(frozen=True, slots=True)
class Scanner:
    """Read the facts of every candidate file of a tree.

    Args:
        overlay: the tree.
        settings: limits.
        workers: who reads. Only those of this machine can look into every file of it.
        progress: called with a stage, the number of files that are done in it, and how many there are.
    """

    overlay: Overlay
    settings: Settings
    workers: Workers
    progress: Progress

    def scan(
        self,
        triggers: Triggers,
        files: Sequence[str] | None = None,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> Scan:
        """Return what stands in the candidate files.

        Args:
            triggers: what to look for.
            files: those to be read; None reads all.
            meanwhile: what this process does while the workers read.

        Raises:
            MovedError: a file changed meanwhile.
        """
        sifted = self._sifted(triggers, self.overlay.files if files is None else files)
        tree = CheckedOverlay(self.overlay.root, self.overlay.files, digests=sifted.digests)
        limits = Limits(self.settings.max_bytes, self.settings.max_lines)
        reader = _Reader(tree, triggers, limits, "src/__init__.py" not in self.overlay.files)
        facts: dict[str, FileFacts] = {}
        unread = [reader.lost(path, lost) for path, lost in sifted.lost]
        answers = self.workers.run(reader.read, sorted(sifted.candidates), _FEW, most=_MANY)
        meanwhile()
        for done, (path, item) in enumerate(answers, 1):
            if isinstance(item, Lost):
                unread.append(reader.lost(path, item))
            elif isinstance(item, Unread):
                unread.append(item)
            elif item is not None:
                facts[path] = item
            if done % _FEW == 0 or done == len(sifted.candidates):
                self.progress("index", done, len(sifted.candidates))
        in_order = tuple(sorted(unread, key=lambda item: item.skipped.path))
        return Scan(dict(sorted(facts.items())), in_order, sifted.digests)

    def _sifted(self, triggers: Triggers, files: Sequence[str]) -> _Sifted:
        """Look for trigger words in the bytes of files."""
        sifter, sifted = _Sifter(self.overlay.root, needles(triggers)), _Sifted({}, [], [])
        for done, (path, found) in enumerate(self.workers.near.run(sifter.sift, files, _CHUNK), 1):
            sifted.add(path, found)
            if done % _CHUNK == 0 or done == len(files):
                self.progress("read", done, len(files))
        return sifted


def lost_files(unread: Iterable[Unread]) -> Iterator[str]:
    """Yield the files that were set aside because reading them came to nothing."""
    return (item.skipped.path for item in unread if item.lost)


def needles(triggers: Triggers) -> tuple[bytes, ...]:
    """Return byte strings of which a candidate file holds at least one."""
    found = {word.encode() for word in triggers.words}
    for module in triggers.modules:
        parent, _, leaf = module.rpartition(".")
        package = parent.rpartition(".")[2]
        if module in triggers.paths:
            found |= {f"{package}.{leaf}".encode(), f".{leaf} import".encode(), f"import {leaf}".encode()}
        else:
            found.add(f"{leaf} import".encode())
        if not parent:
            found |= {f"import {leaf}".encode(), f", {leaf}".encode()}
    for path in triggers.paths - triggers.modules:
        found.add(".".join(path.split(".")[-2:]).encode())
    shorter = {a for a in found if any(b != a and b in a for b in found)}
    return tuple(sorted(found - shorter))


@dataclass(frozen=True, slots=True)
class _Sifted:
    """What was seen of files: their digests, those that are candidates, and those that could not be looked into."""

    digests: dict[str, bytes]
    candidates: list[str]
    lost: list[tuple[str, Lost]]

    def add(self, path: str, found: tuple[bytes, bool] | Lost) -> None:
        """Note what was found in a file."""
        if isinstance(found, Lost):
            self.lost.append((path, found))
            return
        digest, is_candidate = found
        if digest:
            self.digests[path] = digest
        if is_candidate:
            self.candidates.append(path)


@dataclass(frozen=True, slots=True)
class _Sifter:
    """Looks for trigger words in the bytes of files of the disk."""

    root: Path
    needles: tuple[bytes, ...]

    def sift(self, path: str) -> tuple[bytes, bool]:
        """Return the digest of a file, nothing where it cannot be read, and whether it is to be read as source."""
        try:
            with open(os.path.join(self.root, path), "rb", buffering=0) as file:
                data = file.readall()
        except OSError:
            return b"", True  # who reads it as source says why it cannot be read
        return hashlib.sha256(data).digest(), any(needle in data for needle in self.needles)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads candidate files as source."""

    overlay: Overlay
    triggers: Triggers
    limits: Limits
    source_root: bool

    def read(self, path: str) -> FileFacts | Unread | None:
        """Return what stands in a file."""
        try:
            data = self.overlay.read(path)
        except OSError as exc:
            return Unread(Skipped(path, f"cannot be read: {exc.strerror}", "Check the file's permissions."))
        return read_candidate(path, data, self.triggers, self.limits, source_root=self.source_root)

    def lost(self, path: str, lost: Lost) -> Unread:
        """Return what to say of a file that could not be read to an end: where its bytes hold a trigger word."""
        try:
            with open(os.path.join(self.overlay.root, path), "rb") as file:
                data = file.read(_MOST)
        except OSError:
            data = b""
        return lost_file(path, data, self.triggers, lost)


def read_candidate(
    path: str, data: bytes, triggers: Triggers, limits: Limits, *, source_root: bool, bare: bool = False
) -> FileFacts | Unread | None:
    """Read the facts of one file that holds a trigger, or tell why it cannot be read.

    Args:
        path: the file.
        data: its bytes.
        triggers: what to look for.
        limits: how large it may be.
        source_root: whether a folder `src` at the root is an import root.
        bare: whether facts are wanted also where nothing in the file concerns the triggers.
    """
    lines = data.count(b"\n")
    if len(data) > limits.max_bytes or lines > limits.max_lines:
        reason = f"too large: {len(data)} bytes, {lines} lines"
        return _unread(path, data, triggers, reason, "Raise --max-bytes or --max-lines to work on it.")
    try:
        source = Source.decode(path, data)
        module = module_name(path, source_root)
        facts = read_file(source, module, path.endswith("__init__.py"), triggers)
    except SourceError as exc:
        return _unread(path, data, triggers, exc.message, exc.hint)
    if not (bare or facts.mentions or facts.imports or facts.texts or facts.uses):
        return None
    return facts


def lost_file(path: str, data: bytes, triggers: Triggers, lost: Lost) -> Unread:
    """Return what to say of a file that could not be read to an end.

    Args:
        path: the file.
        data: its bytes, as far as they are known.
        triggers: what to look for in them.
        lost: why nothing came of it.
    """
    found = _unread(path, data, triggers, f"reading it came to nothing: {lost.reason}", lost.hint)
    return replace(found, lost=True)


def _unread(path: str, data: bytes, triggers: Triggers, reason: str, hint: str) -> Unread:
    text = data.decode("utf-8", "replace")
    rough = Source(path, text)
    places = tuple((*rough.position(at), word) for at, word in triggers.find(text))
    return Unread(Skipped(path, reason, hint, len(places)), places)
