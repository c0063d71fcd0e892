"""Programs by the dozen, planned together in one tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from faults.model import Trial
from faults.programs import biting, by_codegen, by_grammar, mutated, real
from faults.recipes import by_websocket
from recanon.plan import Plan

CODE = "tests/m"


@dataclass(frozen=True)
class Batch:
    """Programs in a tree, and the plan for them.

    Args:
        name: which batch it is.
        root: the tree.
        files: the programs.
        plan: the plan.
    """

    name: str
    root: Path
    files: Mapping[str, bytes]
    plan: Plan


def batches(trial: Trial, count: int, size: int) -> Iterator[Batch]:
    """Yield batches; the tree of each is gone when the next is asked for.

    Args:
        trial: gives the chance.
        count: how many batches.
        size: programs in each.
    """
    texts = _texts(trial)
    for number in range(count):
        made = (mutated(biting(text, trial.chance), trial.chance) for text in islice(texts, size))
        files = {f"{CODE}{n}.py": data for n, data in enumerate(made)}
        with trial.place() as root:
            yield Batch(f"seed {trial.seed} batch {number}", root, files, by_websocket(root, files))


def _texts(trial: Trial) -> Iterator[str]:
    """Yield programs of all kinds: of ten, two by each grammar, the others real."""
    sources = [real(trial.chance, all_of_them=not trial.quick)] * 6
    if not trial.quick:
        sources += [by_grammar(trial.chance)] * 2 if find_spec("hypothesmith") else []
        sources += [by_codegen(trial.chance)] * 2 if find_spec("pysource_codegen") else []
    while True:
        for source in sources:
            yield next(source)
