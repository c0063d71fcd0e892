"""Plan a move: read the tree, let every place follow, verify, and freeze the result. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from recanon.discover import Discovery, discover, excluded_by
from recanon.edit import Edit, check_edits
from recanon.executor.local import Workers, without_collector
from recanon.index.mentions import Triggers
from recanon.move.account import FileAccount
from recanon.move.addresses import Addresses
from recanon.move.checks import check
from recanon.move.import_moves import ImportMoves
from recanon.move.refusals import check_clashes, refuse
from recanon.move.request import Move, check_words, find_move
from recanon.move.sites import Site
from recanon.move.texts import TextMoves
from recanon.move.uses import uses
from recanon.move.world import File, World
from recanon.outcome import Account, Finding, Skipped
from recanon.overlay import Overlay
from recanon.plan import FileChange, Plan
from recanon.propose.account import unread_findings
from recanon.resolve.names import ModuleMap
from recanon.resolve.program import Program
from recanon.scan import Scan, scan
from recanon.settings import Settings
from recanon.source import splice

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Request:
    """What a user asks for.

    Args:
        old, new: full dotted names.
        settings: how to read, and what to apply.
    """

    old: str
    new: str
    settings: Settings = field(default_factory=Settings)


def plan_move(root: Path, request: Request, progress: Progress | None = None) -> Plan:
    """Plan a move over a whole tree.

    Args:
        root: the tree.
        request: what is asked for.
        progress: called with a stage, how much of it is done and how much there is.

    Raises:
        UsageError: the old name is not there, the new one is taken, or a place cannot follow.
    """
    check_words(request.old, request.new)
    tick = progress or _silent
    tick("discover", 0, 1)
    found = discover(root)
    overlay = Overlay(root, found.files)
    move = find_move(Program(overlay, ModuleMap.of(found.files), {}), request.old, request.new)
    with without_collector(), Workers(request.settings.jobs) as workers:
        read = _read(overlay, move, request.settings, workers, tick)
        world = World(Program(overlay, ModuleMap.of(found.files), read.facts), read)
        planner = _Planner(found, request, move, world)
        return planner.plan(tick)


def _silent(stage: str, done: int, total: int) -> None:
    """Report to nobody."""


def triggers_of(move: Move) -> Triggers:
    """Return what a file that a move may concern holds."""
    words = frozenset({move.old.name, move.new.name})
    modules = frozenset({move.old.module} - {""}) if not move.of_module else frozenset({move.old.path})
    return Triggers(words, modules, frozenset())


def _read(overlay: Overlay, move: Move, settings: Settings, workers: Workers, tick: Progress) -> Scan:
    total = len(overlay.files)
    return scan(overlay, triggers_of(move), settings, workers, lambda done: tick("read", done, total))


@dataclass(frozen=True)
class _Planner:
    found: Discovery
    request: Request
    move: Move
    world: World

    def plan(self, tick: Progress) -> Plan:
        addresses = Addresses(self.move, self.world)
        check_clashes(addresses)
        files = list(self.world.candidates())
        sites: dict[str, list[Site]] = {}
        for number, file in enumerate(files):
            tick("resolve", number, len(files))
            sites[file.path] = file_sites(file, addresses)
        excluded = excluded_by(self.request.settings.exclude)
        apart = frozenset(file.path for file in files if excluded.match_file(file.path))
        refuse(self.world, self.move, sites, apart)
        changes = tuple(self._changes(files, sites))
        tick("verify", 0, len(changes))
        check(self.world, self.move, changes)
        return self._frozen(files, sites, addresses, changes, apart)

    def _changes(self, files: list[File], sites: dict[str, list[Site]]) -> list[FileChange]:
        found = []
        for file in files:
            edits = self._edits(sites[file.path])
            if edits:
                ordered = check_edits(file.path, file.source.text, edits)
                before = self.world.program.overlay.read(file.path)
                after = file.source.encode(splice(file.source, ordered))
                found.append(FileChange(file.path, before, after, tuple(ordered)))
        return sorted(found, key=lambda change: change.path)

    def _edits(self, sites: list[Site]) -> list[Edit]:
        return [edit for site in sites if site.verdict in self.request.settings.include for edit in site.edits]

    def _frozen(
        self,
        files: list[File],
        sites: dict[str, list[Site]],
        addresses: Addresses,
        changes: tuple[FileChange, ...],
        apart: frozenset[str],
    ) -> Plan:
        read = self.world.read
        findings: list[Finding] = [f for f in unread_findings(read.unread) if f.word == self.move.old.name]
        mentions = len(findings)
        for file in files:
            excluded = "the path is excluded" if file.path in apart else ""
            account = FileAccount(file, addresses, sites[file.path], self.request.settings.include, excluded)
            found = list(account.findings())
            mentions += len(found)
            findings += found
        findings.sort(key=lambda f: (f.path, f.line, f.column, f.word))
        skipped: list[Skipped] = [*self.found.skipped, *(item.skipped for item in read.unread)]
        return Plan(
            pack="move",
            options={"old": self.move.old.path, "new": self.move.new.path},
            phases=(),
            changes=changes,
            findings=tuple(findings),
            skipped=tuple(sorted(skipped, key=lambda item: item.path)),
            reverted=(),
            account=Account.of(mentions, findings, ()),
            files=len(self.found.files),
            candidates=len(read.facts) + len(read.unread),
        )


def file_sites(file: File, addresses: Addresses) -> list[Site]:
    """Return what becomes of the places of a file that name the symbol."""
    return [*ImportMoves(file, addresses).sites(), *uses(file, addresses), *TextMoves(file, addresses).sites()]
