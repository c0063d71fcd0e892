"""What a report says about a fleet: a table, and a text for each pull request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from recanon.fleet.outcome import Mention, Outcome, PlanRead, State
from recanon.outcome import Verdict
from recanon.report.content import many
from recanon.report.markdown_text import code, prose, table
from recanon.safe_text import safe_text

_HEADS = ("repository", "state", "files", "changed", *(str(verdict) for verdict in Verdict), "canonical way", "seconds")
_SHOWN = 40  # places in the text of a pull request


def fleet_lines(outcomes: Iterable[Outcome]) -> list[str]:
    """Return the table: a line for each repository, figures set to the right, and below it why some have failed.

    Args:
        outcomes: in order.
    """
    listed = list(outcomes)
    rows = [_HEADS, *(_cells(outcome) for outcome in listed)]
    shown = [place for place in range(len(_HEADS)) if place < 2 or any(row[place] for row in rows[1:])]
    widths = {place: max(len(row[place]) for row in rows) for place in shown}
    lines = ["  ".join(_set(row[place], widths[place], place) for place in shown).rstrip() for row in rows]
    return [*lines, *(f"{safe_text(item.name)}: {safe_text(item.reason)}" for item in listed if item.reason)]


def fleet_sum(outcomes: Iterable[Outcome]) -> str:
    """Return how the repositories ended, in a line."""
    states = Counter(outcome.state for outcome in outcomes)
    parts = ", ".join(f"{states[state]} {state}" for state in State if states[state])
    return f"{many(states.total(), 'repository', 'repositories')}: {parts}"


def _cells(outcome: Outcome) -> tuple[str, ...]:
    counts = [str(outcome.counts[verdict]) if outcome.counts else "" for verdict in Verdict]
    percent = f"{outcome.compliance:g} %" if outcome.compliance is not None else ""
    changed = str(outcome.changed) if outcome.compliance is None and outcome.files else ""
    files = str(outcome.files) if outcome.files else ""
    return (safe_text(outcome.name), outcome.state, files, changed, *counts, percent, f"{outcome.seconds:.1f}")


def _set(cell: str, width: int, place: int) -> str:
    return cell.ljust(width) if place < 2 else cell.rjust(width)


def pull_request_text(outcome: Outcome, rest: PlanRead, pack: str) -> str:
    """Return the text of a pull request, in Markdown (GitHub's dialect): a title, and what a reviewer wants to know.

    Args:
        outcome: of the repository.
        rest: the plan of what is left.
        pack: the title of the pack.
    """
    lines = [f"# {prose(pack)}", "", *_what(outcome), "", "## Phases", "", *_phases(outcome), ""]
    lines += _left("For a person to decide", rest.of(Verdict.REVIEW), "A rewrite is offered; behaviour may change.")
    lines += _left("To be done by hand", rest.of(Verdict.MANUAL), "No rewrite is offered.")
    lines += ["## To take it back", "", f"Revert the commits, or drop the branch {code(outcome.branch[0])}.", ""]
    return "\n".join(lines)


def _what(outcome: Outcome) -> Iterator[str]:
    places = sum(phase.places for phase in outcome.phases)
    yield f"{many(outcome.changed, 'file')} of {outcome.files:,} changed, {many(places, 'place')} rewritten."
    account = ", ".join(f"{verdict} {outcome.counts[verdict]}" for verdict in Verdict)
    yield f"What is left of the mentions of the old API and the new: {account}."
    if outcome.state is State.PARTLY:
        yield "Some files failed and stand as they were; the log of the run names them."


def _phases(outcome: Outcome) -> Sequence[str]:
    rows = [
        (prose(phase.title), code(phase.commit[:10]) if phase.commit else "nothing to change", str(phase.files))
        for phase in outcome.phases
    ]
    return table(("phase", "commit", "files"), rows)


def _left(title: str, places: Sequence[Mention], lead: str) -> Iterator[str]:
    if not places:
        return
    yield from (f"## {title}", "", f"{many(len(places), 'place')}. {lead}", "")
    for place in places[:_SHOWN]:
        hint = f" {prose(place.hint)}" if place.hint else ""
        yield f"- [ ] {code(f'{place.file}:{place.line}')} {code(place.name)}: {prose(place.reason)}.{hint}"
    if len(places) > _SHOWN:
        yield f"- and {len(places) - _SHOWN} more: `recanon preview` lists them"
    yield ""
