"""The table of a campaign, what failed in it, and its last line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from faults.model import Fault, Loss, Score

_HEAD = ("row", "fault", "how injected", "at least", "points", *(loss.value for loss in Loss), "seed", "seconds")


def table(faults: Sequence[Fault], scores: Mapping[str, Score]) -> str:
    """Return the scores as a table in Markdown, one line a row."""
    return lay_out([_HEAD, *(_line(fault, scores[fault.id]) for fault in faults)])


def lay_out(lines: Sequence[tuple[str, ...]]) -> str:
    """Return lines of cells, the heads first, as a table in Markdown."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    laid = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([laid[0], rule, *laid[1:]])


def failures(faults: Iterable[Fault], scores: Mapping[str, Score], *, quick: bool) -> list[str]:
    """Return what is not as it should be, in words: losses, and rows that tried too little."""
    found = []
    for fault in faults:
        score = scores[fault.id]
        found += [f"{fault.id}: {text}" for text in score.failures]
        if not quick and not score.missing and score.points < fault.least:
            found.append(f"{fault.id}: {score.points} points tried, at least {fault.least} are asked for")
    return found


def last_line(scores: Mapping[str, Score]) -> str:
    """Return the line that sums it up."""
    points = sum(score.points for score in scores.values())
    lost = ", ".join(f"{sum(score.of(loss) for score in scores.values())} {loss.value}" for loss in Loss)
    return f"faults: {points} points, {lost}"


def _line(fault: Fault, score: Score) -> tuple[str, ...]:
    if score.missing:
        return (
            fault.id,
            fault.title,
            f"not tried: {score.missing}",
            f"{fault.least:,}",
            "0",
            *("-" for _ in Loss),
            "-",
            "-",
        )
    counts = (str(score.of(loss)) for loss in Loss)
    tried = f"{fault.least:,}", f"{score.points:,}"
    return fault.id, fault.title, fault.injection, *tried, *counts, str(score.seed), f"{score.seconds:.0f}"
