"""Read a tree again, and only those of its files whose bytes are others than the last time."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from recanon.index.facts import FileFacts, ModuleFacts
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
