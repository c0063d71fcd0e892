"""How far a tree had come before each run of its journal: worked out anew from the texts that the runs kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from recanon.audit import Audit
from recanon.compliance import Compliance, compliance_of
from recanon.detectors.places import further_places
from recanon.disk import RefusedError
from recanon.errors import JournalError
from recanon.forecast import carried
from recanon.journal.blobs import MissingTextError
from recanon.journal.rows import FileState, RunKind, RunRow
from recanon.journal.state import read_journal, read_texts
from recanon.pack import Pack
from recanon.scan import Progress, silent
from recanon.session import opened, weigh
from recanon.settings import Settings


@dataclass(frozen=True, slots=True)
class Earlier:
    """A tree as it was before a run.

    Args:
        run: the run.
        texts: bytes of the files that this run and later ones have written, as they were before, by path.
    """

    run: RunRow
    texts: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a tree had come before a run.

    Args:
        run: id of the run.
        started: when the run began, UTC time in ISO 8601.
        words: what the run was, in a few words.
        compliance: of the tree before it.
    """

    run: str
    started: str
    words: str
    compliance: Compliance


def compliance_before_runs(
    root: Path, pack: Pack, audit: Audit, settings: Settings, progress: Progress | None = None
) -> tuple[Stage, ...]:
    """Return how far a tree had come before each run, the oldest first.

    What was edited by hand between the runs, in files that no run has written, is seen as it is today.

    Args:
        root: the tree.
        pack: the pack of the audit.
        audit: of the tree as it is.
        settings: how to read.
        progress: called with a stage, how much of it is done and how much there is.

    Raises:
        JournalError: the journal or a text that it kept is damaged.
    """
    found = []
    with opened(root, pack, settings, silent) as session:
        earlier = list(earlier_trees(root))
        for number, past in enumerate(earlier):
            (progress or silent)("history", number, len(earlier))
            known = {path: data for path, data in past.texts.items() if path in session.state.program.modules.modules}
            plan = weigh(session.found, session.over(known), pack, settings, silent)
            ground = carried(audit.ground, known, plan.findings, settings)
            compliance = compliance_of(plan.findings, further_places(ground))
            found.append(Stage(past.run.id, past.run.started, _words(past.run), compliance))
    return tuple(reversed(found))


def earlier_trees(root: Path) -> Iterator[Earlier]:
    """Yield the tree before each run, the latest run first, as far back as texts are kept (`recanon gc` drops some).

    Raises:
        JournalError: the journal or a text that it kept is damaged.
    """
    with read_journal(root) as store, read_texts(root) as texts:
        if store is None or texts is None:
            return
        before: dict[str, bytes] = {}
        for run in reversed(store.runs()):
            for row in store.files(run.id):
                if row.state in {FileState.DONE, FileState.UNDONE} and not row.fault:
                    try:
                        # A file that was not there yet held as little as an empty one.
                        before[row.path] = texts.get(row.before) if row.before else b""
                    except MissingTextError:
                        return
                    except RefusedError as exc:
                        raise JournalError(f"{row.path}: {exc.message}", exc.hint) from exc
            yield Earlier(run, dict(before))


def _words(run: RunRow) -> str:
    one = run.kind is RunKind.APPLY and len(run.phases) == 1
    return f"{run.kind} {run.pack}" + (f" ({run.phases[0]})" if one else "")
