"""Plan a move: read the tree, let every place follow, verify, and freeze the result. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from recanon.discover import Discovery, discover, excluded_by
from recanon.edit import Edit, check_edits
from recanon.errors import EditConflictError
from recanon.executor.local import Workers, without_collector
from recanon.index.mentions import Triggers
from recanon.move.account import FileAccount
from recanon.move.addresses import Addresses
from recanon.move.carry import Carry
from recanon.move.checks import Trying, check
from recanon.move.config_files import with_config_files
from recanon.move.import_moves import ImportMoves
from recanon.move.journey import Arrival, Journey, target_file
from recanon.move.parcel import parcel
from recanon.move.reach import Reach
from recanon.move.refusals import check_clashes, refuse
from recanon.move.relocation import relocate
from recanon.move.request import Move, MoveRefusedError, check_words, find_move
from recanon.move.shim import check_shim, with_shim
from recanon.move.sites import Site
from recanon.move.texts import TextMoves
from recanon.move.tidying import tidied
from recanon.move.uses import uses
from recanon.move.world import File, World
from recanon.outcome import Account, Finding, Skipped
from recanon.overlay import Overlay
from recanon.plan import ChangeKind, FileChange, Plan, check_new_names
from recanon.propose.account import unread_findings
from recanon.resolve.names import ModuleMap
from recanon.resolve.program import Program
from recanon.scan import Limits, Progress, Scan, Scanner, Unread, lost_files, read_candidate, silent
from recanon.settings import Settings
from recanon.source import splice


@dataclass(frozen=True)
class Request:
    """What a user asks for.

    Args:
        old, new: full dotted names.
        settings: how to read, and what to apply.
        shim: whether the old name stays alive, with a warning.
    """

    old: str
    new: str
    settings: Settings = field(default_factory=Settings)
    shim: bool = False


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
    tick = progress or silent
    tick("discover", 0, 1)
    found = discover(root)
    overlay = Overlay(root, found.files)
    move = find_move(Program(overlay, ModuleMap.of(found.files), {}), request.old, request.new)
    with without_collector(), Workers(request.settings.jobs, request.settings.bounds) as workers:
        read = with_moved(_read(overlay, move, request.settings, workers, tick), overlay, move)
        world = World(Program(overlay, ModuleMap.of(found.files), read.facts), read, words_of(move))
        if request.shim:
            check_shim(move)
        planner = _Planner(found, request, move, world)
        plan = with_config_files(planner.plan(workers, tick), planner.addresses, request.settings)
        return with_shim(plan, world, move) if request.shim and plan.changes else plan


def triggers_of(move: Move) -> Triggers:
    """Return what a file that a move may concern holds."""
    words = frozenset({move.old.name, move.new.name})
    modules = frozenset({move.old.module} - {""}) if not move.of_module else frozenset({move.old.path})
    return Triggers(words, modules, frozenset())


def words_of(move: Move) -> frozenset[str] | None:
    """Return the names without which a file has nothing to do with a move; None where relative imports may."""
    return None if move.of_module else frozenset({move.old.name})


def _read(overlay: Overlay, move: Move, settings: Settings, workers: Workers, tick: Progress) -> Scan:
    return Scanner(overlay, settings, workers, tick).scan(triggers_of(move))


def with_moved(read: Scan, overlay: Overlay, move: Move) -> Scan:
    """Return a scan that holds every file of a module or package that moves, whatever it names."""
    if not move.of_module:
        return read
    modules = ModuleMap.of(overlay.files)
    facts, unread = dict(read.facts), list(read.unread)
    for module, path in modules.paths.items():
        if path in facts or move.module(module) == module or any(u.skipped.path == path for u in unread):
            continue
        data = overlay.read(path)
        limits = Limits(len(data), data.count(b"\n"))
        source_root = "src/__init__.py" not in overlay.files
        item = read_candidate(path, data, triggers_of(move), limits, source_root=source_root, bare=True)
        if isinstance(item, Unread):
            unread.append(item)
        elif item is not None:
            facts[path] = item
    return Scan(dict(sorted(facts.items())), tuple(unread), read.digests)


class _Planner:
    def __init__(self, found: Discovery, request: Request, move: Move, world: World) -> None:
        self.found = found
        self.settings = request.settings
        self.move = move
        self.world = world
        home = world.of_module(move.old.module)
        carried = home is not None and not move.in_place and not move.of_module
        self.parcel = parcel(home, move.old.name) if home is not None and carried else None
        self.addresses = Addresses(move, world, self.parcel)
        self.sites: dict[str, list[Site]] = {}
        self.files: dict[str, File] = {}
        self.extra: list[tuple[File, Site]] = []
        self.relocation = relocate(world.program.overlay.root, world, move) if move.of_module else None

    def plan(self, workers: Workers, tick: Progress) -> Plan:
        check_clashes(self.addresses)
        journey = self._journey()
        files = list(self.world.candidates())
        for number, file in enumerate(files):
            tick("resolve", number, len(files))
            self.files[file.path] = file
            self.sites[file.path] = file_sites(file, self.addresses)
        arrival = self._arrive(journey, workers) if journey else None
        excluded = excluded_by(self.settings.exclude)
        apart = frozenset(path for path in self.files if excluded.match_file(path))
        refuse(self.addresses, self._all_sites(), apart)
        changes = self._changes(journey, arrival)
        tick("verify", 0, len(changes))
        kept = frozenset(self.addresses.handing_on)
        if journey is not None and arrival is not None and arrival.kept:
            kept |= {journey.carry.home.path}
        paths = dict(self.relocation.paths) if self.relocation else {}
        check(Trying(self.world, self.move, changes, kept, paths))
        if self.relocation is not None:
            changes = tuple(sorted(self.relocation.moved(changes), key=lambda change: change.path))
        check_new_names(self.world.program.overlay.root, changes)
        return self._frozen(changes, apart)

    def _journey(self) -> Journey | None:
        if self.parcel is None:
            return None
        return Journey(Carry(self.parcel, target_file(self.world, self.addresses), self.addresses), self.world)

    def _arrive(self, journey: Journey, workers: Workers) -> Arrival:
        near = self._near(journey.triggers, workers)
        arrival = journey.arrive(self.sites, near)
        self.sites.setdefault(journey.carry.home.path, []).append(journey.site())
        self.extra = list(arrival.others)
        for file, _ in arrival.others:
            self.files.setdefault(file.path, file)
        return arrival

    def _near(self, triggers: Triggers, workers: Workers) -> Scan:
        """Read the files that name the old module; only those can take a name from it."""
        scanner = Scanner(self.world.program.overlay, self.settings, workers, silent)
        by_path = Triggers(frozenset(), triggers.modules, triggers.paths)
        return scanner.scan(triggers, tuple(scanner.scan(by_path).facts))

    def _all_sites(self) -> dict[str, list[Site]]:
        found = {path: list(sites) for path, sites in self.sites.items()}
        for file, site in self.extra:
            found.setdefault(file.path, []).append(site)
        return found

    def _changes(self, journey: Journey | None, arrival: Arrival | None) -> tuple[FileChange, ...]:
        edits = {path: self._edits(sites) for path, sites in self._all_sites().items()}
        files = dict(self.files)
        if journey is not None and arrival is not None:
            carry = journey.carry
            outside = [e for e in edits.get(carry.home.path, []) if not carry.parcel.span.holds(e.span)]
            edits[carry.home.path] = [*outside, *arrival.home]
            edits[carry.target.path] = [*edits.get(carry.target.path, []), *arrival.target]
            files |= {carry.home.path: carry.home, carry.target.path: carry.target}
        found = [change for path in sorted(edits) if (change := self._change(files[path], edits[path]))]
        return tuple(found)

    def _change(self, file: File, edits: list[Edit]) -> FileChange | None:
        if not edits:
            return None
        edits = tidied(file.source, edits)
        try:
            after = file.source.encode(splice(file.source, edits))
        except EditConflictError as exc:
            raise MoveRefusedError(
                f"{self.move.old.path} cannot move: {exc.message}", "Change the place by hand."
            ) from exc
        if file.path not in self.world.program.overlay.files:
            return FileChange(file.path, b"", after, kind=ChangeKind.CREATE)
        before = self.world.program.overlay.read(file.path)
        return FileChange(file.path, before, after, tuple(check_edits(file.path, file.source.text, edits)))

    def _edits(self, sites: list[Site]) -> list[Edit]:
        return [edit for site in sites if site.verdict in self.settings.include for edit in site.edits]

    def _frozen(self, changes: tuple[FileChange, ...], apart: frozenset[str]) -> Plan:
        read = self.world.read
        findings: list[Finding] = [f for f in unread_findings(read.unread) if f.word == self.move.old.name]
        for path in self.sites:
            excluded = "the path is excluded" if path in apart else ""
            account = FileAccount(self.files[path], self.addresses, self.sites[path], self.settings.include, excluded)
            findings += account.findings()
        for file, site in self.extra:
            findings.append(FileAccount(file, self.addresses, (), self.settings.include).companion(site))
        mentions = len(findings)
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
            failed=tuple(sorted(lost_files(read.unread))),
        )


def file_sites(file: File, addresses: Addresses) -> list[Site]:
    """Return what becomes of the places of a file that name the symbol."""
    return [
        *ImportMoves(file, addresses).sites(),
        *uses(file, addresses),
        *Reach(file, addresses).sites(),
        *TextMoves(file, addresses).sites(),
    ]
