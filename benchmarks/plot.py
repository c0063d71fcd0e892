"""Draw what `bench.py` and `growth.py` measured: `.venvs/bench/bin/python benchmarks/plot.py FOLDER IMAGES`.

It runs in the environment of the benchmark, which has matplotlib; recanon needs none.
"""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "recanon"  # the same figures make the same file
mpl.rcParams["font.size"] = 9
_OURS, _OTHERS = "#2a6fbb", "#9aa4ad"


def tools(result: dict[str, Any], image: Path) -> None:
    """Draw how long each tool took, on a logarithmic scale."""
    rows = sorted(result["tools"], key=lambda tool: -statistics.median(tool["seconds"]))
    medians = [statistics.median(tool["seconds"]) for tool in rows]
    names = [f"{tool['name']}" + ("" if tool["over"] == "tree" else "*") for tool in rows]
    figure, axes = plt.subplots(figsize=(7, 0.4 * len(rows) + 0.9))
    bars = axes.barh(names, medians, color=[_OURS if name.startswith("recanon") else _OTHERS for name in names])
    axes.bar_label(bars, [f" {seconds:.2f} s" for seconds in medians])
    axes.set_xscale("log")
    axes.set_xlabel("seconds, logarithmic; * the files alone that hold the name")
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.2)
    figure.tight_layout()
    figure.savefig(image, metadata={"Date": None})


def growth(curves: dict[str, list[dict[str, float]]], image: Path) -> None:
    """Draw seconds and memory over the size, a panel for each curve."""
    figure, panels = plt.subplots(1, len(curves), figsize=(3 * len(curves), 2.8), squeeze=False)
    for axes, (name, steps) in zip(panels[0], curves.items(), strict=True):
        sizes = [step["size"] for step in steps]
        axes.plot(sizes, [step["seconds"] for step in steps], "o-", color=_OURS, label="seconds")
        axes.plot(sizes, [step["megabytes"] / 100 for step in steps], "s--", color=_OTHERS, label="peak, 100 MB")
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel(name)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(image, metadata={"Date": None})


def main(folder: Path, images: Path) -> None:
    """Draw what there is."""
    if (folder / "results.json").is_file():
        tools(json.loads((folder / "results.json").read_text()), images / "performance.svg")
    if (folder / "growth.json").is_file():
        growth(json.loads((folder / "growth.json").read_text()), images / "growth.svg")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
