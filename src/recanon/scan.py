"""Prefilter and index: look for trigger words in the bytes, and read the facts of the files that hold one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from recanon.errors import SourceError
from recanon.executor.local import Workers
from recanon.index.facts import FileFacts
from recanon.index.mentions import Triggers
from recanon.index.reader import read_file
from recanon.outcome import Skipped
from recanon.overlay import Overlay
from recanon.resolve.names import module_name
from recanon.settings import Settings
from recanon.source import Source


@dataclass(frozen=True, slots=True)
class Unread:
    """A candidate file that could not be read as source, with the places of its trigger words."""

    skipped: Skipped
    places: tuple[tuple[int, int, str], ...] = ()


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


def scan(
    overlay: Overlay,
    triggers: Triggers,
    settings: Settings,
    workers: Workers,
    progress: Callable[[int], None],
    *,
    files: Sequence[str] | None = None,
) -> Scan:
    """Read the facts of every candidate file.

    Args:
        overlay: the tree.
        triggers: what to look for.
        settings: limits.
        workers: who reads.
        progress: called with the number of files that have been read.
        files: those to be read; None reads all.
    """
    source_root = "src/__init__.py" not in overlay.files
    job = partial(
        _scan_chunk,
        root=overlay.root,
        triggers=triggers,
        limits=Limits(settings.max_bytes, settings.max_lines),
        source_root=source_root,
    )
    facts: dict[str, FileFacts] = {}
    unread: list[Unread] = []
    digests: dict[str, bytes] = {}
    done = 0
    for chunk, found in workers.run(job, overlay.files if files is None else files, 250):
        done += len(chunk)
        progress(done)
        if found is None:
            unread.append(Unread(Skipped(chunk[0], "reading it killed the process that read it")))
            continue
        digests.update(found.digests)
        facts.update(found.facts)
        unread += found.unread
    return Scan(dict(sorted(facts.items())), tuple(sorted(unread, key=lambda item: item.skipped.path)), digests)


class Rescanner:
    """Read the facts of files anew from their planned bytes, each text once.

    Args:
        read: the facts of the tree as it is.
        triggers: what to look for.
        workers: who reads.
        files: all files of the tree.
        bare: whether facts are wanted also of files in which nothing concerns the triggers.
    """

    def __init__(
        self, read: Scan, triggers: Triggers, workers: Workers, files: Sequence[str], *, bare: bool = False
    ) -> None:
        self.read = read
        self.workers = workers
        self.job = partial(_read_planned, triggers=triggers, source_root="src/__init__.py" not in files, bare=bare)
        self.known: dict[tuple[str, bytes], FileFacts | Unread | None] = {}

    def scan(self, planned: Mapping[str, bytes]) -> Scan:
        """Return the facts of the tree with the planned bytes over it."""
        fresh = [item for item in sorted(planned.items()) if item not in self.known]
        for chunk, found in self.workers.run(self.job, fresh, 40):
            self.known.update(zip(chunk, found or [None] * len(chunk), strict=True))
        facts = dict(self.read.facts)
        unread = [item for item in self.read.unread if item.skipped.path not in planned]
        for item in planned.items():
            facts.pop(item[0], None)
            found_facts = self.known[item]
            if isinstance(found_facts, Unread):
                unread.append(found_facts)
            elif found_facts is not None:
                facts[item[0]] = found_facts
        return Scan(dict(sorted(facts.items())), tuple(unread))


def _read_planned(
    items: Sequence[tuple[str, bytes]], *, triggers: Triggers, source_root: bool, bare: bool
) -> list[FileFacts | Unread | None]:
    return [
        read_candidate(path, data, triggers, Limits(len(data), data.count(b"\n")), source_root=source_root, bare=bare)
        for path, data in items
    ]


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


def _scan_chunk(paths: Sequence[str], *, root: Path, triggers: Triggers, limits: Limits, source_root: bool) -> Scan:
    looked_for = needles(triggers)
    facts: dict[str, FileFacts] = {}
    unread: list[Unread] = []
    digests: dict[str, bytes] = {}
    for path in paths:
        try:
            with open(os.path.join(root, path), "rb") as file:
                data = file.read()
        except OSError as exc:
            unread.append(Unread(Skipped(path, f"cannot be read: {exc.strerror}", "Check the file's permissions.")))
            continue
        digests[path] = hashlib.sha256(data).digest()
        if any(needle in data for needle in looked_for):
            item = read_candidate(path, data, triggers, limits, source_root=source_root)
            if isinstance(item, Unread):
                unread.append(item)
            elif item is not None:
                facts[path] = item
    return Scan(facts, tuple(unread), digests)


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


def _unread(path: str, data: bytes, triggers: Triggers, reason: str, hint: str) -> Unread:
    text = data.decode("utf-8", "replace")
    rough = Source(path, text)
    places = tuple((*rough.position(at), word) for at, word in triggers.find(text))
    return Unread(Skipped(path, reason, hint, len(places)), places)
