"""Read what stands in planned texts, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from recanon.executor.local import Lost, Workers
from recanon.index.facts import FileFacts
from recanon.index.mentions import Triggers
from recanon.scan import Limits, Scan, Unread, lost_file, read_candidate
from recanon.source import text_key


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
        self.triggers = triggers
        self.workers = workers
        self.job = partial(_read_planned, triggers=triggers, source_root="src/__init__.py" not in files, bare=bare)
        self.known: dict[tuple[str, bytes], FileFacts | Unread | None] = {}

    def scan(self, planned: Mapping[str, bytes]) -> Scan:
        """Return the facts of the tree with the planned bytes over it."""
        keys = {path: text_key(path, planned[path]) for path in sorted(planned)}  # one text at a time: there are many
        fresh = [(path, planned[path]) for path, key in keys.items() if key not in self.known]
        for item, found in self.workers.run(self.job, fresh, 20):
            self.learn(item, lost_file(*item, self.triggers, found) if isinstance(found, Lost) else found)
        facts = dict(self.read.facts)
        unread = [item for item in self.read.unread if item.skipped.path not in planned]
        for path, key in keys.items():
            facts.pop(path, None)
            found_facts = self.known[key]
            if isinstance(found_facts, Unread):
                unread.append(found_facts)
            elif found_facts is not None:
                facts[path] = found_facts
        return Scan(dict(sorted(facts.items())), tuple(unread))

    def learn(self, item: tuple[str, bytes], found: FileFacts | Unread | None) -> None:
        """Take over what stands in a planned text.

        Args:
            item: path and bytes.
            found: what `job` makes of them.
        """
        self.known[text_key(*item)] = found


def _read_planned(
    item: tuple[str, bytes], *, triggers: Triggers, source_root: bool, bare: bool
) -> FileFacts | Unread | None:
    path, data = item
    limits = Limits(len(data), data.count(b"\n"))
    return read_candidate(path, data, triggers, limits, source_root=source_root, bare=bare)
