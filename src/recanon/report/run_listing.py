"""What a report says about runs: what one came to, which ones there were, and what each did to its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from recanon.journal.result import Recovered, Refused, RunResult
from recanon.journal.rows import RunKind
from recanon.plan import ChangeKind
from recanon.report.content import Group, Row, Section, many
from recanon.runs import FileRecord, RunDetail, RunStanding, RunSummary


def result_sections(result: RunResult, *, verb: str) -> list[Section]:
    """Return what a run came to: files done in one line, all others by name.

    Args:
        result: of apply or rollback.
        verb: what was done to the files, such as `written`.
    """
    sections = [Section(f"run {result.run}", _done(result, verb))] if result.run else []
    sections += [
        _paths("unchanged", "held the wanted text already", result.unchanged),
        _paths("kept", "the edited texts that were replaced are kept here", result.kept),
        refused_section("refused", "stand as they were", result.refused),
        _paths("not reached", "stand as they were, because the run was stopped", result.unwritten),
        _paths("out of reach", "may be written or not; `recanon recover` finds out", result.unknown),
    ]
    sections += recovered_sections(result.recovered)
    if result.note:
        sections.append(Section("note", result.note))
    return [section for section in sections if section.groups or section.lead]


def recovered_sections(recovered: Iterable[Recovered]) -> list[Section]:
    """Return which runs were put in order.

    Args:
        recovered: the runs.
    """
    sections = []
    for run in recovered:
        lead = f"was found interrupted and put in order: {len(run.written)} written, {len(run.unwritten)} not"
        sections.append(Section(f"run {run.run}", lead))
        sections.append(refused_section("changed since", "hold neither the old nor the new text", run.foreign))
    return [section for section in sections if section.lead]


def _done(result: RunResult, verb: str) -> str:
    counts = [(len(result.created), "created"), (len(result.deleted), "deleted")]
    among = ", ".join(f"{count} {what}" for count, what in counts if count)
    return f"{many(len(result.written), 'file')} {verb}" + (f" ({among})" if among else "")


def runs_section(runs: Sequence[RunSummary], *, folded: bool = True) -> Section:
    """Return the runs of a journal, the latest first.

    Args:
        runs: the oldest first, as the journal has them.
        folded: whether consecutive tries between gates are one line.
    """
    rows: list[Row] = []
    for stretch in _stretches(tuple(reversed(runs))):
        tries = sum(run.kind is RunKind.APPLY for run in stretch)
        if folded and tries > 1:
            rows.append(Row("...", f"{tries} tries between gates, rolled back; `recanon runs --all` lists them"))
        else:
            rows += map(_run, stretch)
    return Section("runs", many(len(runs), "run"), (Group(tuple(rows)),) if rows else ())


def _stretches(latest: Sequence[RunSummary]) -> Iterator[list[RunSummary]]:
    """Gather the consecutive tries of one apply, each with the rollbacks that ended it; others are alone."""
    stretch: list[RunSummary] = []
    for run in latest:
        back = run.kind is RunKind.APPLY and run.standing is RunStanding.BACK
        trial = stretch[0].trial if stretch else ""
        goes_on = run.trial == trial if run.trial else back and bool(stretch) and bool(stretch[-1].trial)
        if stretch and not (trial and goes_on):
            yield stretch
            stretch = []
        stretch.append(run)
    if stretch:
        yield stretch


def _run(run: RunSummary) -> Row:
    return Row(run.run, f"{run.started[:19]}  {run.kind} {_what(run)}: {run.standing}; {_counts(run)}")


def run_sections(detail: RunDetail) -> list[Section]:
    """Return one run with its files, gathered by what became of them.

    Args:
        detail: the run.
    """
    run = detail.summary
    facts = [
        ("kind", str(run.kind)),
        ("pack" if run.kind is RunKind.APPLY else "asked", run.pack),
        ("phases", ", ".join(run.phases)),
        ("options", ", ".join(f"{key}={value}" for key, value in run.options)),
        ("plan", detail.plan),
        ("started", run.started),
        ("finished", run.finished),
    ]
    groups = tuple(
        Group(tuple(_file(file) for file in detail.files if file.state is state), str(state))
        for state in sorted({file.state for file in detail.files})
    )
    rows = tuple(Row(name, text) for name, text in facts if text)
    return [
        Section(f"run {run.run}", str(run.standing), (Group(rows),)),
        Section("files", many(len(detail.files), "file"), groups),
    ]


def _file(file: FileRecord) -> Row:
    done = "" if file.kind is ChangeKind.EDIT else f"{file.kind}d"
    return Row(
        file.path,
        ", ".join(filter(None, (done, *file.phases))),
        tuple(note for note in (file.reason, file.hint) if note),
    )


def _what(run: RunSummary) -> str:
    """The pack, and the phase where it is one; of a rollback, what was asked for."""
    one = run.kind is RunKind.APPLY and len(run.phases) == 1
    return f"{run.pack} ({run.phases[0]})" if one else run.pack


def _counts(run: RunSummary) -> str:
    counts = sorted((str(state), count) for state, count in run.files.items())
    return ", ".join(f"{count} {state}" for state, count in counts) or "no files"


def _paths(title: str, what: str, paths: Sequence[str]) -> Section:
    rows = tuple(Row(path) for path in paths)
    return Section(title, f"{many(len(paths), 'file')}: {what}" if rows else "", (Group(rows),) if rows else ())


def refused_section(title: str, what: str, refused: Sequence[Refused]) -> Section:
    """Return files that something was not done to, each with its reason.

    Args:
        title: of the section.
        what: what is the case with all of them.
        refused: the files.
    """
    rows = tuple(Row(file.path, file.reason, (file.hint,) if file.hint else ()) for file in refused)
    return Section(title, f"{many(len(rows), 'file')}: {what}" if rows else "", (Group(rows),) if rows else ())
