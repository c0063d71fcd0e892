"""Circles in a graph: its strongly connected components, and edges whose loss opens them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

Graph = Mapping[str, frozenset[str]]


def components(graph: Graph) -> list[frozenset[str]]:
    """Return the strongly connected components that hold a circle, each once.

    The algorithm is Tarjan's (Depth-first search and linear graph algorithms, 1972), without recursion.

    Args:
        graph: the nodes that each node leads to.
    """
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    on_path: set[str] = set()
    found: list[frozenset[str]] = []
    for root in sorted(graph):
        work = [] if root in order else [(root, iter(sorted(graph[root])))]
        while work:
            node, rest = work[-1]
            if node not in order:
                order[node] = low[node] = len(order)
                path.append(node)
                on_path.add(node)
            step = next(rest, None)
            if step is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    at = path.index(node)
                    members, path[at:] = frozenset(path[at:]), []
                    on_path -= members
                    found += [members] if len(members) > 1 or node in graph[node] else []
            elif step not in order:
                work.append((step, iter(sorted(graph.get(step, frozenset())))))
            elif step in on_path:
                low[node] = min(low[node], order[step])
    return found


def within(graph: Graph, members: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return the part of a graph that lies in some of its nodes."""
    return {node: graph.get(node, frozenset()) & members for node in sorted(members)}


@dataclass(frozen=True, slots=True)
class Cut:
    """An edge to cut.

    Args:
        edge: from which node to which.
        circle: a shortest circle that it closes, the first node again at the end.
        members: the component that it lies in.
        left: how many of the nodes that matter stay on a circle without it.
    """

    edge: tuple[str, str]
    circle: tuple[str, ...]
    members: frozenset[str]
    left: int


def cuts(graph: Graph, matter: frozenset[str]) -> Iterator[Cut]:
    """Yield edges without which no node that matters is on a circle any more.

    One at a time, from a shortest circle through such a node: the edge that leaves the fewest of them on a circle, and
    then the fewest nodes at all. Each step takes an edge out, so it ends; the set need not be the smallest.

    Args:
        graph: the nodes that each node leads to.
        matter: the nodes that matter.
    """
    current = dict(graph)
    while members := next((found for found in components(current) if found & matter), None):
        inner = within(current, members)
        circle = _shortest_circle(inner, matter & members)
        ranked = [(_left(inner, edge, matter), edge) for edge in pairwise(circle)]
        (left, _), (node, step) = min(ranked)
        yield Cut((node, step), circle, members, left)
        current[node] = current[node] - {step}


def _left(inner: Graph, edge: tuple[str, str], matter: frozenset[str]) -> tuple[int, int]:
    """How many nodes that matter, and how many at all, stay on a circle without an edge."""
    found = components({**inner, edge[0]: inner[edge[0]] - {edge[1]}})
    return sum(len(members & matter) for members in found), sum(map(len, found))


def _shortest_circle(inner: Graph, through: frozenset[str]) -> tuple[str, ...]:
    circles = ((node, *_way(inner, step, node)) for node in sorted(through) for step in sorted(inner[node]))
    return min(circles, key=lambda circle: (len(circle), circle))


def _way(graph: Graph, start: str, end: str) -> tuple[str, ...]:
    """The shortest way from a node to another one, both included."""
    before: dict[str, str] = {start: ""}
    waiting = deque([start])
    while waiting and end not in before:
        node = waiting.popleft()
        for step in sorted(graph[node]):
            if step not in before:
                before[step] = node
                waiting.append(step)
    way = [end]
    while way[-1] != start:
        way.append(before[way[-1]])
    return tuple(reversed(way))
