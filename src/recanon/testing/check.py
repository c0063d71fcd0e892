"""Check a pack: its examples, the shapes of each codemod, what the examples reach, and the house rules."""

from __future__ import annotations

import inspect
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path

from recanon.errors import RecanonError
from recanon.outcome import Verdict
from recanon.pack import Pack
from recanon.testing.examples import Case, cases, check_example
from recanon.testing.guests import GuestReport, guest_reports
from recanon.testing.hazards import check_hazards, fit
from recanon.testing.places import file_of, line_of
from recanon.testing.reach import Asked, Unreached, entries, measured, recorded, unreached
from recanon.testing.world import load_in_world

# As many examples that change nothing as this for each one that changes something; more is better.
STAYING = 1 / 3
# Starting processes takes as long as checking about this many parts.
_SMALL = 4


@dataclass(frozen=True)
class Failure:
    """Something that is wrong.

    Args:
        where: the example, as `file:line`.
        what: its title, with the shape where it is one; or the rule.
        why: what was found, with a diff where there is one.
    """

    where: str
    what: str
    why: str


@dataclass(frozen=True)
class CodemodReport:
    """How one codemod stands.

    Args:
        id: its id.
        changing: examples that change something.
        staying: examples that change nothing.
        shapes: shapes in which examples were run.
        rewritten: how many of these were rewritten.
        failures: what is wrong.
        unreached: what no example reaches in its file.
    """

    id: str
    changing: int
    staying: int
    shapes: int = 0
    rewritten: int = 0
    failures: tuple[Failure, ...] = ()
    unreached: Unreached = field(default_factory=Unreached)


@dataclass(frozen=True)
class PackReport:
    """How a pack stands.

    Args:
        id: its id.
        folder: where it lies.
        codemods: each of its codemods.
        entries: entries of its description that no example leads to.
        verdicts: verdicts that no example has.
        helpers: what no example reaches in other files of the pack.
        guests: each guest of its phases.
    """

    id: str
    folder: Path
    codemods: tuple[CodemodReport, ...]
    entries: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    helpers: tuple[tuple[str, Unreached], ...] = ()
    guests: tuple[GuestReport, ...] = ()

    @property
    def failures(self) -> tuple[Failure, ...]:
        """All that is wrong."""
        where = str(self.folder / "pack.toml")
        guests = (Failure(where, guest.run, guest.trouble) for guest in self.guests if guest.trouble)
        return (*(failure for codemod in self.codemods for failure in codemod.failures), *guests)


@dataclass(frozen=True)
class _Part:
    """A part of the work for one process: the examples of a codemod, or the shapes of one of them."""

    folder: Path
    codemod: str
    shapes: str = ""
    data: Path | None = None


@dataclass(frozen=True)
class _Done:
    part: _Part
    failures: tuple[Failure, ...]
    asked: frozenset[Asked] = frozenset()
    shapes: int = 0
    rewritten: int = 0


def report_of(
    pack: str | Path, *, jobs: int = 1, reach: bool = True, progress: Callable[[str, int, int], None] | None = None
) -> PackReport:
    """Check a pack, and return how it stands.

    Args:
        pack: its id or its path.
        jobs: processes; 0 means one a processor.
        reach: whether to measure what the examples reach.
        progress: told the stage, how much of it is done and how much there is.

    Raises:
        UsageError: there is no such pack.
        PackError: it cannot be loaded.
    """
    loaded = load_in_world(pack)
    tell = progress or (lambda stage, done, of: None)
    with tempfile.TemporaryDirectory(prefix="recanon-") as data:
        parts = list(_parts(loaded, Path(data) if reach else None))
        done = []
        for finished in _run(parts, jobs):
            done.append(finished)
            tell("check", len(done), len(parts))
        missed = unreached(loaded.folder, Path(data)) if reach and parts else {}
    return replace(_report(loaded, done, missed), guests=tuple(guest_reports(loaded)))


def check_pack(pack: str | Path) -> None:
    """Check all that `recanon check` checks, but for what the examples reach.

    Args:
        pack: its id or its path.

    Raises:
        AssertionError: something is wrong.
        UsageError: there is no such pack.
        PackError: it cannot be loaded.
    """
    failures = report_of(pack, reach=False).failures
    if failures:
        raise AssertionError("\n\n".join(f"{one.where}: {one.what}\n{one.why}" for one in failures))


def _parts(pack: Pack, data: Path | None) -> Iterator[_Part]:
    for name in sorted(pack.codemods):
        own = [case for case in cases(pack) if case.codemod == name]
        yield _Part(pack.folder, name, data=data)
        for changing in (True, False):
            chosen = [case for case in own if (case.example.after is not None) is changing and fit(case)]
            yield from (_Part(pack.folder, name, case.example.title) for case in chosen[:1])


def _run(parts: Sequence[_Part], jobs: int) -> Iterator[_Done]:
    if jobs == 1 or len(parts) <= _SMALL:
        yield from map(_work, parts)
        return
    with ProcessPoolExecutor(jobs or None, get_context("spawn")) as pool:
        yield from (future.result() for future in as_completed([pool.submit(_work, part) for part in parts]))


def _work(part: _Part) -> _Done:
    pack = load_in_world(part.folder)
    own = [case for case in cases(pack) if case.codemod == part.codemod]
    if part.shapes:
        return _shapes(part, next(case for case in own if case.example.title == part.shapes))
    log: set[Asked] = set()
    watched = recorded(pack, log)
    if part.data is None:
        return _Done(part, tuple(_examples(own, watched)))
    with measured(part.folder, part.data):
        failures = tuple(_examples(own, watched))
    return _Done(part, failures, frozenset(log))


def _examples(own: Sequence[Case], watched: Pack) -> Iterator[Failure]:
    for case in own:
        try:
            check_example(replace(case, pack=watched))
        except (AssertionError, RecanonError) as exc:
            yield Failure(line_of(case.pack, case.codemod, case.example.title), case.example.title, str(exc))


def _shapes(part: _Part, case: Case) -> _Done:
    hazards = check_hazards(case)
    where = line_of(case.pack, case.codemod, part.shapes)
    failures = tuple(Failure(where, f"{part.shapes} ({shape})", why) for shape, why in hazards.failures)
    return _Done(part, failures, shapes=hazards.shapes, rewritten=len(hazards.rewritten))


def _report(pack: Pack, done: Sequence[_Done], missed: dict[str, Unreached]) -> PackReport:
    asked = {entry.entry for finished in done for entry in finished.asked}
    files = {file_of(pack, name).name: name for name in pack.codemods}
    by_codemod = {files[name]: rest for name, rest in missed.items() if name in files}
    measured_ = any(finished.part.data for finished in done)
    verdicts = {case.example.verdict for case in cases(pack)}
    return PackReport(
        pack.info.id,
        pack.folder,
        tuple(_codemod(pack, name, done, by_codemod.get(name, Unreached())) for name in sorted(pack.codemods)),
        tuple(entry for entry in entries(pack) if entry not in asked) if measured_ else (),
        tuple(verdict for verdict in Verdict if pack.codemods and verdict not in verdicts),
        tuple((name, rest) for name, rest in missed.items() if name not in files),
    )


def _codemod(pack: Pack, name: str, done: Sequence[_Done], missed: Unreached) -> CodemodReport:
    own = [finished for finished in done if finished.part.codemod == name]
    examples = pack.codemods[name].examples
    changing = sum(example.after is not None for example in examples)
    return CodemodReport(
        name,
        changing,
        len(examples) - changing,
        sum(finished.shapes for finished in own),
        sum(finished.rewritten for finished in own),
        (*_house_rules(pack, name), *(failure for finished in own for failure in finished.failures)),
        missed,
    )


def _house_rules(pack: Pack, name: str) -> Iterator[Failure]:
    codemod, where = pack.codemods[name], str(file_of(pack, name))
    changing = sum(example.after is not None for example in codemod.examples)
    staying = len(codemod.examples) - changing
    twice = [title for title, count in Counter(e.title for e in codemod.examples).items() if count > 1]
    rules = (
        ("a codemod has a title", not codemod.title, "Give its class a `title`, which `recanon packs` shows."),
        (
            "a file says what it is for",
            not _documented(codemod),
            "Begin it with a docstring: it is the codemod's page.",
        ),
        ("a codemod has examples", not codemod.examples, "Add some: they are its test and its page."),
        (
            "one example that changes nothing for three that do, and one at least",
            not staying or staying < changing * STAYING,
            f"Here are {staying} for {changing}: add what the codemod must leave alone.",
        ),
        ("a title stands once", bool(twice), f"Twice: {', '.join(twice)}."),
    )
    yield from (Failure(where, rule, why) for rule, broken, why in rules if broken)


def _documented(codemod: object) -> bool:
    return bool((inspect.getdoc(sys.modules[type(codemod).__module__]) or "").strip())
