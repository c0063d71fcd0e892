"""How a preview grows with the tree, with the length of one file, and with the number of old uses.

    python -m benchmarks.growth [--files 1000 10000] [--lines 1000 10000] [--sites 1 100 10000] [--out FOLDER]

Trees are made by `make_tree.py`; each preview begins with an empty cache. Medians are told, and the share of one file,
line or use above what a preview of the smallest tree takes. `growth.json` is written into the folder, for `plot.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.bench import PACK, measured
from benchmarks.make_tree import make_tree
from benchmarks.tree_uses import API, FACTORY, OLD

_USE = f"from {FACTORY} import {OLD}\n\n\n"
_CALL = "async def reach_{0}(context):\n    return await {1}(context)\n\n\n"
_FILLER = "def filler_{0}(value):\n    found = [value, {0}]\n    return sorted(found)\n\n\n"


@dataclass(frozen=True, slots=True)
class Step:
    """One size and what a preview of it took: median seconds, processor seconds, and peak megabytes of a process."""

    size: int
    seconds: float
    processor: float
    megabytes: float


def files_tree(root: Path, size: int) -> None:
    """Make a tree of so many files."""
    make_tree(root, size, 1)


def lines_tree(root: Path, size: int) -> None:
    """Make a tree with one file of so many lines; one function in twenty uses the old API."""
    parts = [_USE]
    for number in range(size // 5):
        parts.append(_CALL.format(number, OLD) if number % 20 == 0 else _FILLER.format(number))
    _lay(root, {"netra_backend/app/long.py": "".join(parts)})


def sites_tree(root: Path, size: int) -> None:
    """Make a tree with so many calls of the old API, ten in a file."""
    texts = {}
    for start in range(0, size, 10):
        calls = (_CALL.format(number, OLD) for number in range(start, min(size, start + 10)))
        texts[f"netra_backend/app/part{start // 1000}/user{start}.py"] = _USE + "".join(calls)
    _lay(root, texts)


def _lay(root: Path, texts: dict[str, str]) -> None:
    for path, text in {**API, **texts}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def step(make: Callable[[Path, int], None], size: int, rounds: int) -> Step:
    """Make a tree, and measure previews of it."""
    with tempfile.TemporaryDirectory(prefix="recanon-growth-") as name:
        root = Path(name, "tree")
        make(root, size)
        words = [sys.executable, "-m", "recanon", "preview", str(root), *PACK, "--no-cache", "-o", os.devnull]
        words += ["--max-lines", "10000000", "--max-bytes", "1000000000"]
        runs = [measured(words, root, os.environ) for _ in range(rounds)]
    if any(run.code for run in runs):
        raise SystemExit(f"a preview of {size} ended with {[run.code for run in runs]}")
    return Step(
        size,
        statistics.median(run.seconds for run in runs),
        statistics.median(run.processor for run in runs),
        max(run.megabytes for run in runs),
    )


def curve(name: str, make: Callable[[Path, int], None], sizes: Sequence[int], rounds: int) -> list[Step]:
    """Measure and print one curve."""
    print(f"\n{name:>9}  seconds  processor  peak MB  milliseconds for one more")
    found: list[Step] = []
    for size in sizes:
        found.append(step(make, size, rounds))
        last, first = found[-1], found[0]
        more = (
            f"{1000 * (last.seconds - first.seconds) / (last.size - first.size):.3f}" if last.size > first.size else ""
        )
        print(f"{size:9,} {last.seconds:8.2f} {last.processor:10.2f} {last.megabytes:8.0f}  {more}", flush=True)
    return found


def main() -> None:
    """Read the command line, and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--lines", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--sites", type=int, nargs="*", default=[1, 100, 1_000, 10_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, help="write growth.json into this folder")
    args = parser.parse_args()
    asked = (("files", files_tree, args.files), ("lines", lines_tree, args.lines), ("sites", sites_tree, args.sites))
    curves = {name: curve(name, make, sizes, args.rounds) for name, make, sizes in asked if sizes}
    if args.out:
        told = {name: [asdict(each) for each in steps] for name, steps in curves.items()}
        (args.out / "growth.json").write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
