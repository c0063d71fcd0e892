"""What is remembered of a tree from one run to the next: what its files hold, and what stands in them.

Everything is kept under what it depends on: the bytes of files, the pack and its options, the limits, and the program
itself. Nothing of it is believed where one of these is another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from recanon.cache import Cache, code_digest, digest_of
from recanon.index.facts import ModuleFacts
from recanon.pack import Outline
from recanon.reread import Known, digests_of, known_modules, reread, to_know
from recanon.scan import Scan
from recanon.settings import Settings
from recanon.stamps import Glance, Seen, glance_at, to_remember

Value = TypeVar("Value")


class TreeCache:
    """What is remembered of one tree for one pack.

    Args:
        root: the tree.
        pack: what the pack says that is looked for.
        settings: how the tree is read.
        cache: where it is kept.
    """

    def __init__(self, root: Path, pack: Outline, settings: Settings, cache: Cache) -> None:
        self.root = root
        self.cache = cache
        self.keeps_plans = pack.is_known_whole
        options = [f"{name}={value}" for name, value in sorted(pack.migration.options.items())]
        limits = (str(settings.max_bytes), str(settings.max_lines))
        guests = (f"{phase.id} {len(phase.guests)}" for phase in pack.migration.phases)  # they can be left out
        self.name = digest_of([str(root), pack.id, *options])[:24]
        self.base = digest_of([code_digest(pack.folder), pack.id, *options, *limits, *guests])
        self._files = f"{digest_of([str(root)])[:24]}.files"
        self._last = Known()

    def glance(self, files: Sequence[str]) -> Glance:
        """Look at the files of the tree, and know what those hold that were not written to since they were read."""
        return glance_at(self.root, files, self.cache.load(self._files, str(self.root), dict[str, Seen]) or {})

    def digests(self, files: Sequence[str]) -> dict[str, bytes]:
        """Return the SHA-256 of each file that can be read, by path; only those are read that were written to."""
        glance = self.glance(files)
        fresh = digests_of(self.root, [path for path in files if path not in glance.digests])
        digests = {**glance.digests, **fresh}
        self.keep_files(glance, digests)
        return digests

    def keep_files(self, glance: Glance, digests: Mapping[str, bytes]) -> None:
        """Remember what files hold, where that is new.

        Args:
            glance: at the files, before they were read.
            digests: what was read.
        """
        if digests.keys() != glance.digests.keys():
            self.cache.save(self._files, str(self.root), to_remember(glance, digests))

    def read(self, files: Sequence[str], read: Callable[[Sequence[str]], Scan]) -> tuple[Scan, dict[str, ModuleFacts]]:
        """Return the facts of all files, those of files with the bytes of the last time as they were known then.

        Args:
            files: all files of the tree.
            read: reads some files.

        Returns:
            The facts, and what other modules bind, as far as it is known.
        """
        glance, self._last = self.glance(files), self.known(files)
        whole = reread(files, glance.digests, self._last, read)
        self.keep_files(glance, whole.digests)
        return whole, known_modules(whole.digests, self._last)

    def known(self, files: Sequence[str]) -> Known:
        """Return what stands in the files, as it was read the last time."""
        return self.load("facts", self._facts_key(files), Known) or Known()

    def keep_facts(self, files: Sequence[str], read: Scan, modules: Mapping[str, ModuleFacts]) -> None:
        """Remember what stands in the files.

        Args:
            files: all files of the tree.
            read: what was read of them.
            modules: what other modules bind.
        """
        fresh = to_know(read, modules)
        if fresh.modules.keys() != self._last.modules.keys() or _digests(fresh) != _digests(self._last):
            self.save("facts", self._facts_key(files), fresh)

    def _facts_key(self, files: Sequence[str]) -> str:
        """Return what the facts of every file depend on besides its own bytes: whether `src` is an import root, too."""
        return digest_of([self.base, str("src/__init__.py" in files)])

    def key(self, files: Sequence[str], more: Sequence[str]) -> str:
        """Return what an answer depends on besides the bytes of files: which files there are, and what is asked.

        Args:
            files: all files of the tree.
            more: what is asked.
        """
        return digest_of([self.base, *more, "", *files])

    def holds(self, what: str) -> bool:
        """Return whether something of this tree is kept under a name, be it believed or not."""
        return self.cache.holds(f"{self.name}.{what}")

    def load(self, what: str, key: str, kind: type[Value]) -> Value | None:
        """Return something of this tree, or None.

        Args:
            what: what it is called.
            key: everything that it depends on.
            kind: its type.
        """
        return self.cache.load(f"{self.name}.{what}", key, kind)

    def save(self, what: str, key: str, value: object) -> None:
        """Remember something of this tree.

        Args:
            what: what it is called.
            key: everything that it depends on.
            value: plain data.
        """
        self.cache.save(f"{self.name}.{what}", key, value)


def _digests(known: Known) -> dict[str, bytes]:
    return {path: digest for path, (digest, _) in known.files.items()}
