"""Judge the files of a tree in workers: the code of a pack runs there, which may crash or never end."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from recanon.executor.local import Lost, Workers
from recanon.index.facts import ModuleFacts
from recanon.propose.file_judge import Tools
from recanon.propose.inputs import Input
from recanon.propose.judge import judge_file
from recanon.propose.judged import Judged
from recanon.propose.needs import loose_names
from recanon.resolve.program import Program

_CHUNK, _FEW = 40, 10  # files that are judged, and modules that are read, for a worker
_WORTH_PROCESSES = 2 * _FEW  # modules
_ROOM = 200  # calls that a worker may go less deep than this process, whatever stands around either

Read = tuple[Mapping[str, ModuleFacts | None], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Judging:
    """What a worker hands back for a file.

    Args:
        judged: the answers for its places.
        loose: names that it looks up where nothing says in which module.
        read: what was read of other files meanwhile.
    """

    judged: tuple[Judged, ...]
    loose: frozenset[str]
    read: Read


class Judge:
    """Judge files. What is read of other modules on the way is handed to the program here.

    Args:
        tools: what every file is judged with.
        workers: who judges.
    """

    def __init__(self, tools: Tools, workers: Workers) -> None:
        self.tools = tools
        self.workers = workers
        self._gathered = Gathered(tools.program)

    def judged(self, files: Mapping[str, Input]) -> Iterator[tuple[str, Judging | Lost]]:
        """Yield what comes of each file, in no particular order.

        Args:
            files: what is known of them before.
        """
        migration, codemods = self.tools.migration, self.tools.codemods
        self.tools.importers.find(self._read_ahead)  # all need it, and it takes long: each worker would do it again
        self._gathered = Gathered(self.tools.program)
        shared = (migration, *migration.symbols, *migration.modules, *codemods.values())
        for path, found in self.workers.run(lambda path: self._judge(files[path]), tuple(files), _CHUNK, shared=shared):
            if isinstance(found, Judging):
                self.tools.program.learn(*found.read)
            yield path, found

    def _read_ahead(self, modules: Sequence[str]) -> None:
        """Read what modules bind in workers, where it is much; what they cannot read is read here when it is asked for.

        So it does not depend on how many there are whether a module can be read: not on the memory of a worker, and
        a worker may go less deep than this process.
        """
        program = self.tools.program
        fresh = [module for module in modules if not program.knows(module)]
        if len(fresh) < _WORTH_PROCESSES:
            return
        self._gathered = Gathered(program)
        read = partial(self._module, depth=sys.getrecursionlimit() - _ROOM)
        for _, found in self.workers.near.run(read, fresh, _FEW):
            if not isinstance(found, Lost):
                facts, noted = found
                program.learn({path: item for path, item in facts.items() if item is not None}, noted)

    def _module(self, module: str, *, depth: int) -> Read:
        """Read what a module binds, with as many calls within one another as `depth` says."""
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(depth)
        try:
            self.tools.program.module_facts(module)
        finally:
            sys.setrecursionlimit(before)
        return self._gathered.more()

    def _judge(self, item: Input) -> Judging:
        judged = judge_file(self.tools, item.facts, item.context)
        loose = frozenset() if item.context.about_old_api else loose_names(item.facts, self.tools.program)
        return Judging(judged, loose, self._gathered.more())


class Gathered:
    """What a program has read of other files since it was asked last."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._seen = (len(program.read_so_far), len(program.overlay.noted))

    def more(self) -> Read:
        """Return it; both are only ever added to."""
        facts, noted = self._program.read_so_far, self._program.overlay.noted
        found = dict(islice(facts.items(), self._seen[0], None)), tuple(islice(noted, self._seen[1], None))
        self._seen = (len(facts), len(noted))
        return found
