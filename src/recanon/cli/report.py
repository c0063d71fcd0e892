"""`recanon report`: where a tree stands, what is planned and what was done, in one document."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recanon.cli.command import command
from recanon.cli.frontier import ExitCode
from recanon.cli.guarding import read_baseline, repeated
from recanon.cli.options import ReadOptions, Tree
from recanon.cli.output import check_output, hand_out
from recanon.cli.planning import tree_root
from recanon.errors import UsageError

if TYPE_CHECKING:
    from recanon.audit import Audit
    from recanon.guard.baseline import Baseline
    from recanon.pack import Pack
    from recanon.report.model import Guarded, Report


class ReportFormat(StrEnum):
    """The forms of a report."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"
    SARIF = "sarif"


@dataclass(frozen=True)
class ReportReadOptions(ReadOptions):
    """What is read; without `--pack` what the last run was made with."""

    pack: Annotated[
        str, typer.Option("--pack", metavar="PACK", help="The pack; by default that of the last run on the tree.")
    ] = ""

    def as_last_time(self, root: Path) -> ReadOptions:
        """Return the options with the pack and its options of the last run that applied a pack.

        Args:
            root: the tree.

        Raises:
            UsageError: no pack is given, and there is no such run.
        """
        if self.pack:
            return self
        from recanon.journal.rows import RunKind
        from recanon.migration import is_pack_id
        from recanon.runs import list_runs

        applied = (run for run in reversed(list_runs(root)) if run.kind is RunKind.APPLY)
        last = next((run for run in applied if is_pack_id(run.pack)), None)
        if last is None:
            raise UsageError("report is not told about which pack", "Say --pack PACK; `recanon packs` lists them.")
        return replace(self, pack=last.pack, set_=[*(f"{name}={value}" for name, value in last.options), *self.set_])


@dataclass(frozen=True)
class ReportOptions:
    """Which form, and where to."""

    format: Annotated[
        ReportFormat, typer.Option("--format", help="Lists, JSON, text for an issue, a page for a browser, or SARIF.")
    ] = ReportFormat.TEXT
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report to this file.")
    ] = None
    history: Annotated[
        list[Path],
        typer.Option("--history", metavar="FILE", help="An earlier report in JSON; repeatable."),
    ] = field(default_factory=list)
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="FILE", help="A baseline of the guard: tell what is new against it."),
    ] = None


@command
def report(tree: Tree, read: ReportReadOptions, options: ReportOptions) -> int:
    """Put the audit, the plan of all phases and the runs so far into one report. Nothing is written into the tree.

    The page (html) is one file that works without a network: phases, imports before and after, and every place with
    its diff, to search and to filter. The text for an issue (markdown) has a check box for each phase and for what a
    person must change. SARIF 2.1.0 goes to code scanning, with the rewrites as fixes. Earlier reports in JSON, given by
    --history, show compliance over time. With the baseline of `recanon guard` each form tells what is new against it;
    it is `recanon guard` that fails for it.

    Examples:

        recanon report . --pack websocket-ssot --format html -o migration.html
        recanon report . --pack websocket-ssot --format sarif -o recanon.sarif
        recanon report . --pack websocket-ssot --format json -o today.json --history last-week.json
        recanon report . --pack websocket-ssot --format markdown --baseline recanon-baseline.json
    """
    from recanon.report.printer import say_account

    root = tree_root(tree)
    if options.output is not None:
        check_output(options.output)
    made = _made(root, tree, read.as_last_time(root), options)
    _print(made, options)
    if options.format is not ReportFormat.TEXT or options.output is not None:
        say_account(sys.stderr, made.audit.plan)
    return ExitCode.DONE if made.audit.plan.account.balanced else ExitCode.BUG


def _made(root: Path, tree: Path, read: ReadOptions, options: ReportOptions) -> Report:
    from recanon.audit import make_audit
    from recanon.forecast import compliance_after
    from recanon.history import read_history
    from recanon.import_graph import import_graph
    from recanon.pack import load_pack
    from recanon.phases import make_phased_plan
    from recanon.plan import phase_id
    from recanon.plan_writer import assessed
    from recanon.provenance import read_provenance
    from recanon.report.gather import Around, make_report
    from recanon.report.progress import progress
    from recanon.runs import list_runs

    pack = load_pack(read.pack, read.pack_options()).without_guests
    earlier = read_history(options.history, pack.info.id)
    baseline = _baseline(tree, pack, read, options.baseline)
    runs = list_runs(root)
    with progress(sys.stderr) as tick:
        audit = make_audit(root, pack, read.settings(), progress=tick)
        phased = make_phased_plan(root, pack, read.settings(), tick)
        after = compliance_after(audit, phased, read.settings())
        graph = import_graph(root, pack.migration, phased.phases, read.settings())
        risks = {phase_id(item.plan): item.risks for item in assessed(root, phased, pack.migration)}
    origin, guarded = read_provenance(root), _guarded(root, audit, baseline)
    around = Around(phased, after, risks, graph, runs, history=earlier, provenance=origin, guarded=guarded)
    return make_report(root, pack, audit, around)


def _baseline(tree: Path, pack: Pack, read: ReadOptions, file: Path | None) -> tuple[str, Baseline] | None:
    """Return the name of a baseline and what it holds; None where no file is given."""
    if file is None:
        return None
    first = ["recanon", "guard", str(tree), *repeated(read), "--baseline", str(file), "--update", "--allow-new"]
    return file.name, read_baseline(file, pack, first, make=False)[0]


def _guarded(root: Path, audit: Audit, known: tuple[str, Baseline] | None) -> Guarded | None:
    from recanon.report.gather import make_guarded

    if known is None:
        return None
    name, baseline = known
    return make_guarded(audit, baseline, name, lambda path: os.path.lexists(root / path))


def _print(made: Report, options: ReportOptions) -> None:
    from recanon.report.printer import say_account, say_sections

    if options.format is ReportFormat.TEXT and options.output is None:
        from recanon.report.overview import report_sections

        say_sections(sys.stdout, report_sections(made))
        say_account(sys.stdout, made.audit.plan)
    else:
        hand_out(options.output, _text(made, options.format).encode("utf-8", "backslashreplace"))


def _text(made: Report, form: ReportFormat) -> str:
    """Return the report in one form; each is loaded only when it is asked for."""
    match form:
        case ReportFormat.JSON:
            from recanon.report.report_json import report_json

            return report_json(made)
        case ReportFormat.SARIF:
            from recanon.report.sarif import report_sarif

            return report_sarif(made)
        case ReportFormat.MARKDOWN:
            from recanon.report.markdown import report_markdown

            return report_markdown(made)
        case ReportFormat.HTML:
            from recanon.report.html import report_html

            return report_html(made)
        case ReportFormat.TEXT:
            from recanon.report.overview import report_sections
            from recanon.report.text import sections_text

            return sections_text(report_sections(made))
