"""Progress bars: on standard error, on a terminal only, gone when the work is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO, TypeAlias

from recanon.report.streams import is_terminal, make_console
from recanon.safe_text import safe_text

Tick: TypeAlias = Callable[[str, int, int], None]
_PAUSE = 0.1  # seconds between two pictures


@contextmanager
def progress(stream: TextIO) -> Iterator[Tick | None]:
    """Give a function `(stage, done, total)` that draws one bar per stage; nothing where nobody looks.

    Args:
        stream: standard error.
    """
    if not is_terminal(stream):
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    # Without a thread that draws: workers are forked, and a fork in the middle of its work could hang in them.
    with Progress(*columns, console=make_console(stream), transient=True, auto_refresh=False) as bars:
        tasks: dict[str, TaskID] = {}
        drawn = 0.0

        def tick(stage: str, done: int, total: int) -> None:
            nonlocal drawn
            fresh = stage not in tasks
            if fresh:
                for earlier in bars.tasks:  # a stage that has begun says that those before it are done
                    bars.update(earlier.id, completed=earlier.total)
                tasks[stage] = bars.add_task(safe_text(stage), total=total)
            bars.update(tasks[stage], completed=done, total=total)
            now = time.monotonic()
            if fresh or now - drawn > _PAUSE:
                bars.refresh()
                drawn = now

        yield tick


def file_step(tick: Tick | None, stage: str) -> Callable[[int, int, str], None] | None:
    """Return a function `(done, total, path)` that draws the bar of one stage; nothing where there are no bars.

    Args:
        tick: what `progress` gave.
        stage: what is being done.
    """
    if tick is None:
        return None
    return lambda done, total, path: tick(stage, done, total)
