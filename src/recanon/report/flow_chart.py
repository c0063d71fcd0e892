"""The imports of the API as a picture: folders to the left, modules to the right, a ribbon for each flow of files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from recanon.import_graph import Flow, ImportGraph

# In the units of the picture; a label has room for about 27 characters to the left and 29 to the right.
WIDTH, LEFT, RIGHT, BAR = 600.0, 170.0, 404.0, 6.0
_BODY, _SLOT, _GAP, _TOP = 300.0, 15.0, 5.0, 8.0
_FOLDERS, _LABEL = 10, 22
OTHERS = "other folders"


@dataclass(frozen=True, slots=True)
class Node:
    """A folder or a module.

    Args:
        name: its name in full.
        label: what is written beside it.
        files: how many files.
        old: whether it is a module of the old API.
        y: its upper edge.
        height: of its bar.
    """

    name: str
    label: str
    files: int
    old: bool
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A flow of files; `path` is its outline as SVG has it."""

    folder: str
    module: str
    files: int
    old: bool
    path: str


@dataclass(frozen=True, slots=True)
class FlowChart:
    """One picture, with all positions worked out."""

    folders: tuple[Node, ...]
    modules: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]
    height: float


def flow_charts(graph: ImportGraph) -> tuple[FlowChart, FlowChart] | None:
    """Return the pictures before and after, in one scale and order; None where nothing is imported.

    Args:
        graph: who imports what.
    """
    flows = _gathered(graph.flows)
    if not flows:
        return None
    scale = _BODY / max(sum(flow.before for flow in flows), sum(flow.after for flow in flows), 1)
    before = {(flow.folder, flow.module): flow.before for flow in flows}
    after = {(flow.folder, flow.module): flow.after for flow in flows}
    return _chart(flows, before, graph.canonical, scale), _chart(flows, after, graph.canonical, scale)


def _gathered(flows: Sequence[Flow]) -> list[Flow]:
    """Keep the folders with the most files, and put the rest together."""
    sizes = Counter[str]()
    for flow in flows:
        sizes[flow.folder] += max(flow.before, flow.after)
    large = {name for name, _ in sorted(sizes.items(), key=lambda item: (-item[1], item[0]))[:_FOLDERS]}
    before, after = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for flow in flows:
        place = (flow.folder if flow.folder in large else OTHERS, flow.module)
        before[place] += flow.before
        after[place] += flow.after
    return [Flow(*place, before[place], after[place]) for place in before]


def _chart(
    flows: Sequence[Flow], files: Mapping[tuple[str, str], int], canonical: Sequence[str], scale: float
) -> FlowChart:
    modules = _ordered((flow.module, max(flow.before, flow.after)) for flow in flows)
    modules.sort(key=lambda name: name not in canonical)
    folders = _ordered((flow.folder, flow.before + flow.after) for flow in flows)
    folders.sort(key=lambda name: name == OTHERS)
    by_folder = Counter[str]()
    by_module = Counter[str]()
    for (folder, module), count in files.items():
        by_folder[folder] += count
        by_module[module] += count
    root = _common(modules)
    left = _column([(name, _short(name), by_folder[name], False) for name in folders], scale)
    right = _column([(n, _within(root, n), by_module[n], n not in canonical) for n in modules], scale)
    height = max(node.y + max(node.height, _SLOT) for node in (*left, *right)) + _TOP
    return FlowChart(left, right, tuple(_ribbons(left, right, files, scale)), round(height, 1))


def _ordered(sized: Iterable[tuple[str, int]]) -> list[str]:
    sizes = Counter[str]()
    for name, size in sized:
        sizes[name] += size
    return sorted(sizes, key=lambda name: (-sizes[name], name))


def _common(modules: Sequence[str]) -> str:
    """Return the package that all modules are or lie in, or ""."""
    parts = [module.split(".") for module in modules]
    shared = 0
    while all(len(part) > shared and part[shared] == parts[0][shared] for part in parts):
        shared += 1
    return ".".join(parts[0][:shared])


def _within(package: str, module: str) -> str:
    """Return what distinguishes a module in the picture: its name within the package that all share."""
    return module.removeprefix(f"{package}.") if module != package else f"{module.rpartition('.')[2]} itself"


def _short(folder: str) -> str:
    """Return the name of a folder, cut at its front where it is too long for its place."""
    name = "top folder" if folder == "." else folder
    return name if len(name) <= _LABEL else f"…{name[1 - _LABEL :]}"


def _column(names: Sequence[tuple[str, str, int, bool]], scale: float) -> tuple[Node, ...]:
    nodes: list[Node] = []
    y = _TOP
    for name, label, files, old in names:
        height = files * scale
        nodes.append(Node(name, label, files, old, round(y, 1), round(height, 1)))
        y += max(height, _SLOT) + _GAP
    return tuple(nodes)


def _ribbons(
    left: Sequence[Node], right: Sequence[Node], files: Mapping[tuple[str, str], int], scale: float
) -> Iterable[Ribbon]:
    starts = {node.name: node.y for node in left}
    ends = {node.name: node.y for node in right}
    for folder in left:
        for module in right:
            count = files.get((folder.name, module.name), 0)
            if not count:
                continue
            thick = count * scale
            path = _outline(starts[folder.name], ends[module.name], thick)
            starts[folder.name] += thick
            ends[module.name] += thick
            yield Ribbon(folder.name, module.name, count, module.old, path)


def _outline(start: float, end: float, thick: float) -> str:
    x1, x2 = LEFT + BAR, RIGHT
    middle = f"{(x1 + x2) / 2:.1f}"
    upper, lower = (f"{start:.1f}", f"{end:.1f}"), (f"{start + thick:.1f}", f"{end + thick:.1f}")
    there = f"M{x1:.1f} {upper[0]}C{middle} {upper[0]} {middle} {upper[1]} {x2:.1f} {upper[1]}"
    return f"{there}V{lower[1]}C{middle} {lower[1]} {middle} {lower[0]} {x1:.1f} {lower[0]}Z"
