"""Judge the files of a tree in workers: the code of a pack runs there, which may crash or never end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from recanon.executor.local import Lost, Workers
from recanon.index.facts import ModuleFacts
from recanon.propose.file_judge import Tools
from recanon.propose.inputs import Input
from recanon.propose.judge import judge_file
from recanon.propose.judged import Judged
from recanon.propose.needs import loose_names
from recanon.resolve.program import Program

_CHUNK, _MANY = 40, 20  # files for a worker; modules that are worth a process

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
        self._read = Gathered(tools.program)

    def judged(self, files: Mapping[str, Input]) -> Iterator[tuple[str, Judging | Lost]]:
        """Yield what comes of each file, in no particular order.

        Args:
            files: what is known of them before.
        """
        migration, codemods = self.tools.migration, self.tools.codemods
        self.tools.importers.find(self._read_ahead)  # all need it, and it takes long: each worker would do it again
        self._read = Gathered(self.tools.program)
        shared = (migration, *migration.symbols, *migration.modules, *codemods.values())
        for path, found in self.workers.run(lambda path: self._judge(files[path]), tuple(files), _CHUNK, shared=shared):
            if isinstance(found, Judging):
                self.tools.program.learn(*found.read)
            yield path, found

    def _read_ahead(self, modules: Sequence[str]) -> None:
        program = self.tools.program
        fresh = [module for module in modules if not program.knows(module)]
        if len(fresh) < _MANY:
            return  # they are read when they are asked for
        self._read = Gathered(program)
        for _, found in self.workers.near.run(self._read_module, fresh, _CHUNK):
            if not isinstance(found, Lost):
                program.learn(*found)

    def _read_module(self, module: str) -> Read:
        self.tools.program.module_facts(module)
        return self._read.more()

    def _judge(self, item: Input) -> Judging:
        judged = judge_file(self.tools, item.facts, item.context)
        loose = frozenset() if item.context.about_old_api else loose_names(item.facts, self.tools.program)
        return Judging(judged, loose, self._read.more())


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
