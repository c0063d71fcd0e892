"""Read a tree again, and only those of its files whose bytes are others than the last time."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from recanon.errors import MovedError
from recanon.index.facts import FileFacts, ModuleFacts
from recanon.overlay import Overlay
from recanon.scan import Scan


@dataclass(frozen=True, slots=True)
class Known:
    """What was read from a tree: plain data, to be kept until the next time.

    Args:
        files: digest and facts of every file by path; a file without a trigger has no facts.
        modules: digest and bindings of other modules that were looked into, by path.
    """

    files: dict[str, tuple[bytes, FileFacts | None]] = field(default_factory=dict)
    modules: dict[str, tuple[bytes, ModuleFacts]] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckedOverlay(Overlay):
    """A tree of which it is known what bytes its files had; one that has others meanwhile is noticed when it is read.

    Args:
        digests: SHA-256 of the files, by path; of one that is not among them anything is believed.
    """

    digests: Mapping[str, bytes] = field(default_factory=dict)

    def read(self, path: str) -> bytes:
        """Return the bytes of a file, which must be those of the digest.

        Raises:
            OSError: the file cannot be read.
            MovedError: it has other bytes by now.
        """
        data = Overlay.read(self, path)
        if path not in self.planned and self._is_other(path, data):
            raise MovedError(f"{path} changed while the tree was read", "Run it again when nothing is written.")
        return data

    def _is_other(self, path: str, data: bytes) -> bool:
        return path in self.digests and self.digests[path] != hashlib.sha256(data).digest()

    def over(self, planned: Mapping[str, bytes]) -> CheckedOverlay:
        """Return the same tree with more planned bytes over it."""
        return CheckedOverlay(self.root, self.files, {**self.planned, **planned}, self.digests)


@dataclass(frozen=True)
class WatchedOverlay(CheckedOverlay):
    """A checked tree that notes what was read.

    Args:
        texts: what was read; each file is read once.
    """

    texts: dict[str, bytes] = field(default_factory=dict)

    @property
    def noted(self) -> Sequence[str]:
        """The files that were read."""
        return tuple(self.texts)

    def read(self, path: str) -> bytes:
        """Return the bytes of a file, which must be those of the digest.

        Raises:
            OSError: the file cannot be read.
            MovedError: it has other bytes by now.
        """
        if path not in self.texts:
            self.texts[path] = CheckedOverlay.read(self, path)
        return self.texts[path]


def digests_of(root: Path, files: Iterable[str]) -> dict[str, bytes]:
    """Return the SHA-256 of files by path; one that cannot be read has none.

    Args:
        root: the tree.
        files: relative to it.
    """
    found: dict[str, bytes] = {}
    for path in files:
        try:
            with open(os.path.join(root, path), "rb", buffering=0) as file:
                found[path] = hashlib.sha256(file.readall()).digest()
        except OSError:
            continue
    return found


def reread(
    files: Sequence[str], digests: Mapping[str, bytes], known: Known, read: Callable[[Sequence[str]], Scan]
) -> Scan:
    """Return the facts of files, those with the bytes of the last time from what was known then.

    Args:
        files: all files of the tree.
        digests: what they hold now.
        known: what was read the last time.
        read: reads some files.
    """
    same = {path: known.files[path][1] for path in files if path in known.files and _same(path, digests, known.files)}
    rest = [path for path in files if path not in same]
    fresh = read(rest) if rest else Scan({}, ())
    facts = {path: facts for path, facts in same.items() if facts is not None} | fresh.facts
    seen = {path: digests[path] for path in same} | dict(fresh.digests)
    return Scan(dict(sorted(facts.items())), fresh.unread, seen)


def known_modules(digests: Mapping[str, bytes], known: Known) -> dict[str, ModuleFacts]:
    """Return what other modules bind, of those with the bytes of the last time."""
    return {path: facts for path, (_, facts) in known.modules.items() if _same(path, digests, known.modules)}


def to_know(scan: Scan, modules: Mapping[str, ModuleFacts]) -> Known:
    """Return what to keep until the next time.

    Args:
        scan: all files of the tree.
        modules: what other modules bind.
    """
    unread = {item.skipped.path for item in scan.unread}
    files = {path: (digest, scan.facts.get(path)) for path, digest in scan.digests.items() if path not in unread}
    kept = {path: (files[path][0], facts) for path, facts in modules.items() if path in files}
    return Known(files, kept)


def _same(path: str, digests: Mapping[str, bytes], known: Mapping[str, tuple[bytes, object]]) -> bool:
    return path in digests and known[path][0] == digests[path]
